"""Where people live and offences happen: the tables of one area, as compiled code reads them.

D districts, N neighbourhoods, K kinds of street crime. Victims are proposed from lists of residents
that are made each April from what no programme can change and fixed for twelve months, so that
nobody's fate moves anybody else's place in them.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.census import cumulative_by_district
from model.draws import STREAMS, bits, mix, moment, nth_uniform
from model.evidence import read_table
from model.inputs import AreaTables
from model.jit import loop, rule
from model.law.ages import age_groups, graded
from model.law.form import AGES
from model.law.offending import committed_by_residents
from model.people import AT_HOME, RESIDENT, Population
from model.rules.offending import age_in_years
from model.rules.risk import lasting_ratio
from model.vocabulary import OFFENCES, PROPERTY, SEXES, STREET_TYPES, VICTIM_WEIGHTS

RATES = np.dtype(
    [  # monthly chances in a district, by age in years
        ("death", "f4", (2, AGES)),
        ("death_quintile", "f4", (5, AGES)),  # beside the mean of the district, by fifth of deprivation lived in
        ("birth", "f4", (AGES,)),  # for a woman
        ("leave", "f4", (AGES,)),  # leaving the force area
        ("move", "f4", (AGES,)),  # to another district of the force
    ]
)


class Places(NamedTuple):
    rates: NDArray[np.void]  # (D,) of RATES
    move_to: NDArray[np.float64]  # (D, D) cumulative: where movers between districts go
    home_in: NDArray[np.float64]  # (N,) cumulative within district: where residents live
    offend_in: NDArray[np.float64]  # (D, D) cumulative: district of offences away from home
    street: NDArray[np.float64]  # (K, N) cumulative within district: where offences of a kind happen
    district_start: NDArray[np.int64]  # (D + 1,) first neighbourhood of each district
    quintile: NDArray[np.uint8]  # (N,) 0 most deprived to 4
    street_kind: NDArray[np.uint8]  # (G,) the street-crime kind of each offence group
    outsiders: NDArray[np.float64]  # (D, G) offences a month by people from outside, simulated people
    victim_rows: NDArray[np.int32]  # residents in April, by kind of victim weight and district
    victim_start: NDArray[np.int64]  # (kinds, D + 1) where each district's part of that list begins
    # What programmes of places do this month (actors/place_programmes.py), (N, G) each: the share of offences that
    # fall there and do not happen there, below 0 those added; of them the share that happens elsewhere in the
    # district; the ratio of the chance that an offence is recorded.
    prevented: NDArray[np.float64]
    moved: NDArray[np.float64]
    recording: NDArray[np.float64]


# The kind of street crime by which each offence group is spread over neighbourhoods.
STREET_KIND = {
    "homicide": "violence_sexual", "violence_with_injury": "violence_sexual",
    "violence_without_injury": "violence_sexual", "stalking_harassment": "violence_sexual",
    "rape": "violence_sexual", "other_sexual": "violence_sexual", "robbery": "robbery",
    "residential_burglary": "burglary", "other_burglary": "burglary", "theft_of_vehicle": "vehicle",
    "theft_from_vehicle": "vehicle", "shoplifting": "shoplifting", "other_theft": "other_theft",
    "criminal_damage": "damage_arson", "arson": "damage_arson", "drugs": "drugs", "weapons": "weapons",
    "public_order": "public_order", "fraud_computer_misuse": "", "other": "other_crime",
    "antisocial_behaviour": "asb",
}  # fmt: skip
S_LIST, S_HOME, S_PERSON = STREAMS["victim_list"], STREAMS["home_risk"], STREAMS["person_risk"]
MOST_NAMED = 255  # times in one list
LIFE_TABLE = "2020-2022"  # the districts' mortality ratios are relative to it
LAST_FERTILITY_YEAR = 2022


def places_of(area: AreaTables, values: Mapping[str, float], scale: float) -> Places:
    """The tables of an area for `scale` of its people. No residents are listed yet."""
    districts = len(area.districts)
    rates = np.zeros(districts, dtype=RATES)
    rates["death"], rates["birth"] = deaths(area), births(area)
    rates["death_quintile"] = deaths_by_quintile(area, values)
    rates["leave"], rates["move"] = moves_out(area, values)
    street = shrunk_street_counts(area, values["place.shrinkage"])
    of = area.neighbourhood_district
    share = np.stack([cumulative_by_district(row, of, districts) for row in street.T])
    by_district = np.zeros((districts, street.shape[1]))
    np.add.at(by_district, of, street)
    residents = np.bincount(of, weights=area.neighbourhood_residents, minlength=districts)
    weights = np.concatenate([by_district, residents[:, None]], axis=1)
    share = np.concatenate(
        [share, cumulative_by_district(area.neighbourhood_residents.astype(float), of, districts)[None]]
    )
    kinds = {name: k for k, name in enumerate(STREET_TYPES)}
    street_kind = np.array([kinds.get(STREET_KIND[name], len(STREET_TYPES)) for name in OFFENCES], np.uint8)
    _, outside, _ = committed_by_residents(area.recorded, values)
    per_kind = weights / weights.sum(axis=0)
    outsiders = outside[None, :] / 12.0 * scale * per_kind[:, street_kind]
    return Places(
        rates=rates,
        move_to=np.cumsum(others(residents.astype(float)), axis=1),
        home_in=cumulative_by_district(area.neighbourhood_residents.astype(float), of, districts),
        offend_in=np.cumsum(others(by_district[:, :-1].sum(axis=1)), axis=1),
        street=share, district_start=np.searchsorted(of, np.arange(districts + 1)).astype(np.int64),
        quintile=(area.neighbourhood_quintile - 1).astype(np.uint8), street_kind=street_kind,
        outsiders=np.ascontiguousarray(outsiders), victim_rows=np.zeros(0, np.int32),
        victim_start=np.zeros((len(VICTIM_WEIGHTS), districts + 1), np.int64),
        prevented=np.zeros((of.size, len(OFFENCES))), moved=np.zeros((of.size, len(OFFENCES))),
        recording=np.ones((of.size, len(OFFENCES))),
    )  # fmt: skip


def street_shares(places: Places) -> NDArray[np.float64]:
    """(N, G) the share of a district's offences of each group that fall in each neighbourhood."""
    shares = np.diff(places.street, axis=1, prepend=0.0)
    first = places.district_start[:-1]
    shares[:, first] = places.street[:, first]
    return np.asarray(shares[places.street_kind].T)


def kept_in(places: Places, street: NDArray[np.float64]) -> NDArray[np.float64]:
    """(D, G) what programmes of places leave of the offences that fall in a district, those moved included; `street`
    (N, G) as `street_shares` gives it."""
    gone = np.where(places.prevented > 0.0, places.prevented * (1.0 - places.moved), places.prevented)
    return 1.0 - np.add.reduceat(street * gone, places.district_start[:-1], axis=0)


def others(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """(D, D) shares of the other districts by weight; the whole to itself where there is no other."""
    table = np.repeat(weights[None, :].astype(float), weights.size, axis=0)
    if weights.size > 1:
        np.fill_diagonal(table, 0.0)
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def shrunk_street_counts(area: AreaTables, against: float) -> NDArray[np.float64]:
    """(N, K) street offences, each neighbourhood's count weighed with its quintile's rate in the force.

    Five months are thin for one neighbourhood; `against` is the count at which own and group weigh alike.
    """
    counts = area.street_crime.astype(float)
    residents = area.neighbourhood_residents.astype(float)
    fifth = area.neighbourhood_quintile - 1
    group = fifth * 2 + area.neighbourhood_town_centre
    total = np.zeros((10, counts.shape[1]))
    np.add.at(total, group, counts)
    people = np.bincount(group, weights=residents, minlength=10)
    expected = total[group] / np.maximum(people[group], 1.0)[:, None] * residents[:, None]
    own = counts.sum(axis=1, keepdims=True) / (counts.sum(axis=1, keepdims=True) + against)
    return np.maximum(own * counts + (1.0 - own) * expected, 1e-6)


def monthly(yearly: NDArray[np.float64]) -> NDArray[np.float32]:
    """The monthly chance whose twelve months give a yearly one."""
    return (1.0 - (1.0 - np.clip(yearly, 0.0, 0.999)) ** (1.0 / 12.0)).astype(np.float32)


def deaths(area: AreaTables) -> NDArray[np.float32]:
    """(D, 2, 101) monthly chance of dying: the national life table times the district's ratio."""
    table = read_table("life_table")
    chance = np.zeros((2, AGES))
    for period, sex, age, qx in zip(table["period"], table["sex"], table["age"], table["qx"], strict=True):
        if period == LIFE_TABLE:
            chance[SEXES.index(sex), int(age)] = qx
    hazard = -np.log(1.0 - chance)[None] * area.mortality_ratio[:, :, None]
    return monthly(1.0 - np.exp(-hazard))


def deaths_by_quintile(area: AreaTables, values: Mapping[str, float]) -> NDArray[np.float32]:
    """(D, 5, 101) ratio of the chance of dying in each fifth of deprivation to the district's mean.

    The district's own ratio holds what its mix of fifths does, so the residents' mean ratio is one.
    """
    residents = np.zeros((len(area.districts), 5))
    np.add.at(residents, (area.neighbourhood_district, area.neighbourhood_quintile - 1), area.neighbourhood_residents)
    share = residents / residents.sum(axis=1, keepdims=True)
    ratio = np.ones((5, AGES))
    for _, low, high, ends in age_groups(values, "death.deprivation_ratio"):
        ratio[:, low : high + 1] = np.exp(graded(ends))[:, None]
    return np.asarray(ratio[None] / (share @ ratio)[:, None, :], dtype=np.float32)


def births(area: AreaTables) -> NDArray[np.float32]:
    """(D, 101) monthly chance that a woman bears a child: national rates by age times the district's ratio."""
    table = read_table("fertility")
    rate = np.zeros(AGES)
    for year, age, value in zip(table["year"], table["age"], table["rate"], strict=True):
        if int(year) == LAST_FERTILITY_YEAR:
            rate[int(age)] = value / 1000.0
    return np.asarray(rate[None] * area.fertility_ratio[:, None] / 12.0, dtype=np.float32)


def move_profile(values: Mapping[str, float]) -> NDArray[np.float64]:
    """(101,) moves between authorities a year by age, nation."""
    profile = np.zeros(AGES)
    for _, low, high, rate in age_groups(values, "move.moves_between_local_authorities_rate"):
        profile[low : high + 1] = rate / 1000.0
    return profile


def moves_out(
    area: AreaTables, values: Mapping[str, float]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(D, 101) monthly chances of leaving the force and of moving within it: ages as in the nation."""
    profile = move_profile(values)
    people = area.population.sum(axis=1).astype(float)
    mean = (people * profile[: people.shape[1]]).sum(axis=1) / people.sum(axis=1)
    shape = profile[None, :] / mean[:, None]
    out = area.moves_out * (1.0 - area.stay_in_force) + area.abroad_out
    return monthly(shape * out[:, None]), monthly(shape * (area.moves_out * area.stay_in_force)[:, None])


def with_victims(
    places: Places, people: Population, rows: int, month: int, laws: NDArray[np.void], year: int
) -> Places:
    """The same tables with the year's lists of whom offenders may meet.

    A resident stands in the list of a kind of victim weight about as often as their weight is a multiple
    of the mean: the fraction is a keyed chance. Age, sex, propensity, deprivation and the home alone decide.
    """
    kinds, districts = len(VICTIM_WEIGHTS), places.rates.size
    times = np.zeros((rows, kinds), dtype=np.uint8)
    count = np.zeros((kinds, districts), dtype=np.int64)
    times_named(people, rows, month, laws, year, np.zeros(kinds), times, count)
    starts = np.zeros((kinds, districts + 1), dtype=np.int64)
    starts[:, 1:] = np.cumsum(count).reshape(count.shape)
    starts[1:, 0] = starts[:-1, -1]
    named = np.zeros(count.sum(), dtype=np.int32)
    name_victims(people, rows, times, starts[:, :-1].copy(), named)
    return places._replace(victim_rows=named, victim_start=starts)


@rule
def way_of_life(i, people, law):
    """How much likelier than others a person is to be harmed for how and where they live."""
    style = np.exp(min(law.victim_lifestyle * people[i].propensity, law.victim_lifestyle_bound))
    return np.float64(style) * np.float64(law.victim_quintile[people[i].quintile])


@rule
def beside_those_alike(i, kind, people, law):
    """How much likelier than others alike a home is to be burgled, damaged or stolen from, whoever lives there; and for
    other kinds a person to be harmed, all their life."""
    load = np.float64(law.victim_load[kind])
    if load == 0.0:
        return 1.0
    if kind == PROPERTY:
        return lasting_ratio(load, S_HOME, mix(np.uint64(people[i].household) + np.uint64(1)), law)
    return lasting_ratio(load, S_PERSON, people[i].key, law)


@rule
def weight_as_victim(i, kind, people, month, law):
    """How likely the list of a kind of victim is to name a person, beside others."""
    weight = way_of_life(i, people, law) * np.float64(law.victim[kind, people[i].sex, age_in_years(i, people, month)])
    return weight * beside_those_alike(i, kind, people, law) if weight > 0.0 else 0.0


@loop
def times_named(people, rows, month, laws, year, mean, times, count):
    """Fill `times` (rows, kinds) and their sums `count` (kinds, D); `mean` (kinds,) is scratch of zeros."""
    law = laws[year]
    here = 0
    for i in range(rows):
        if people[i].status == RESIDENT:
            for kind in range(mean.size):
                mean[kind] += weight_as_victim(i, kind, people, month, law)
            here += 1
    for kind in range(mean.size):
        mean[kind] = max(mean[kind] / max(here, 1), 1e-12)
    for i in range(rows):
        if people[i].status == RESIDENT:
            base = bits(people[i].key, moment(law.seed, month, S_LIST, 0))
            for kind in range(mean.size):
                weight = weight_as_victim(i, kind, people, month, law)
                often = min(np.int64(weight / mean[kind] + nth_uniform(base, kind)), MOST_NAMED)
                times[i, kind] = np.uint8(often)
                count[kind, people[i].district] += often


@loop
def name_victims(people, rows, times, at, named):
    """Write each row into the lists as often as it is named; `at` (kinds, D) is where each list goes on."""
    for i in range(rows):
        for kind in range(times.shape[1]):
            for _ in range(times[i, kind]):
                named[at[kind, people[i].district]] = i
                at[kind, people[i].district] += 1


def arrivals_of(area: AreaTables, places: Places, scale: float) -> NDArray[np.float64]:
    """(D, 91) people arriving from outside the force a month, by age: leavers made good, and the net gain.

    Net gains by age hold moves within the force too; where they fall below minus the leavers, nobody comes.
    """
    people = area.population.sum(axis=1).astype(float)
    ages = people.shape[1]
    leaving = people * places.rates["leave"][:, :ages]
    return np.asarray(np.maximum(leaving + people * area.net_by_age / 12.0, 0.0) * scale)


def expected_where(
    hazards: NDArray[np.int64], change: NDArray[np.int64], mix: NDArray[np.float64], places: Places,
    kept: NDArray[np.float64], near_home: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(D, G) expected offences where they happen, in fixed point, and (BATCHES, G) by batch of people.

    `hazards` (D, BATCHES, N_MIXES) are residents' before programmes by where they live, `change` (2, D, BATCHES, G)
    what programmes do to those at home and elsewhere. Domestic offences stay at home; of the others the share that is
    not `near_home` spreads as offences away from home do; programmes of places leave `kept` (D, G) of what falls there.
    """
    away = np.diff(places.offend_in, axis=1, prepend=0.0)
    of_home = near_home * kept + (1.0 - near_home) * (away @ kept)  # by where the offender lives
    at_home = hazards[:, :, AT_HOME] @ mix[AT_HOME] + change[0]
    others = hazards.copy()
    others[:, :, AT_HOME] = 0
    roaming = others @ mix + change[1]
    in_all = roaming.sum(axis=1)
    spread = near_home * in_all + (1.0 - near_home) * (away.T @ in_all)
    by_batch = (at_home + roaming * of_home[:, None, :]).sum(axis=0)
    return np.rint(at_home.sum(axis=1) + spread * kept).astype(np.int64), by_batch
