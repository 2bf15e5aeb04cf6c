"""How the people of the census lived until the plan starts.

Everyone lives their own past from birth to the census under the calendar tables, carers beside their
children, nobody dying on the way (they are the ones who are here); then the months to the plan's
first April with births, deaths and moves. A past depends on area, parameters, seed and scale, never on
an alternative, so all alternatives of a replicate share it.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from model.census import census_month, census_people
from model.couples import Singles, come_as_couples, form_couples, live_together, neighbours, new_list
from model.draws import STREAMS, keys_from, uniforms
from model.effects import Effects, no_effects
from model.happenings import ALL_ROWS, LOST, NEXT_DUE, Month, new_month
from model.inputs import AreaTables, financial_year
from model.law import FIRST_YEAR, law_year, laws
from model.law.adversity import MONTHS_OF_CHILDHOOD
from model.law.calendar import yearly
from model.law.justice import arrests_an_offence, set_detection
from model.law.offending import committed_by_residents
from model.month import live_month, live_past, refresh_all, refresh_rows
from model.people import N_TIES, NOBODY, RATE_ONE, RESIDENT, Population, by_mix, empty, grown, room_for
from model.places import Places, arrivals_of, places_of, with_victims

Report = Callable[[int, int], None]
ANCHOR_ROUNDS = 6
MOST_ARRIVALS = 8192  # to a district in a month
MONTHS_APART = 1_000_003  # keeps the keys of one month's arrivals apart from another's
ROOM_A_YEAR = 0.055  # spare rows a year for births and arrivals; more are made when they run out
LIVED_TOGETHER = 2000  # rows that live their past side by side


class Past(NamedTuple):
    """What all alternatives of a replicate share: people as the plan starts, its laws, and who will come."""

    people: Population
    rows: int
    month: int
    laws: NDArray[np.void]  # by financial year from FIRST_YEAR, anchored to the area's recorded crime
    coming: Population  # read by the slice alone: people who arrive in the plan, as they are on the day they come
    coming_month: NDArray[np.int64]  # month of the plan in which each of them comes


def live_the_past(
    area: AreaTables, values: Mapping[str, float], seed: int, scale: float, start: int, years: int,
    report: Report | None = None,
) -> Past:
    """The people of `area` as they stand in month `start`, with room for a plan of `years`."""
    law_table = laws(area, values, seed, financial_year(start) + years)
    places = places_of(area, values, scale)
    lead = max((start - census_month(area)) / 12.0, 0.0)
    people, rows = census_people(area, values, seed, scale, ROOM_A_YEAR * (lead + years))
    effects, now = no_effects(), new_month(rows, len(area.districts))
    until = min(census_month(area), start)
    people, rows = live_to_census(people, rows, until, law_table, places, effects, now, seed, report)
    arrivals = arrivals_of(area, places, scale)
    by_kind, _, _ = committed_by_residents(area.recorded, values)
    target = by_kind.sum(axis=1) / 12.0 * scale
    people, rows = live_up_to(people, rows, until, start, law_table, places, arrivals, effects, now, seed, target)
    anchor(people, rows, start, target, law_table, places, effects, now)
    coming, months = arrivals_to_come(start, years, seed, arrivals, law_table, places, effects, now)
    if now.counts[LOST]:
        raise RuntimeError(f"no room for {now.counts[LOST]} happenings of the past")
    law_table["past_victim"] = 0.0
    refresh_all(people, rows, start, law_table, law_year(financial_year(start)), places, effects, now)
    return Past(people, rows, start, law_table, coming, months)


def live_to_census(
    people: Population, rows: int, until: int, law_table: NDArray[np.void], places: Places, effects: Effects,
    now: Month, seed: int, report: Report | None,
) -> tuple[Population, int]:
    """Everyone from birth to the census, some households at a time: that many stay in the processor's cache."""
    bounds = apart(people, rows, LIVED_TOGETHER)
    for low, high in pairwise(bounds):
        first = int(people.birth[low:high].min())
        live_past(people, low, high, first, until, law_table, FIRST_YEAR - 1900, places, effects, now)
        if report:
            report(high, rows)
    people.status[:rows] = RESIDENT
    year = law_year(financial_year(until))
    make_ties(people, rows, until, law_table[year], every_slot=True)
    refresh_all(people, rows, until, law_table, year, places, effects, now)
    return people, rows


def live_up_to(
    people: Population, rows: int, until: int, start: int, law_table: NDArray[np.void], places: Places,
    arrivals: NDArray[np.float64], effects: Effects, now: Month, seed: int, target: NDArray[np.float64],
) -> tuple[Population, int]:
    """The months from the census to the start, lived as the plan will be: victims are sought, people are born, die and
    move, and offend as often as the record of the year has it, so that the plan's first year is no different from its
    others for want of it."""
    here = law_table.copy()
    here["past_victim"] = 0.0
    for month in range(until, start):
        year = law_year(financial_year(month))
        if month == until or (month - 3) % 12 == 0:
            if month > until:
                make_ties(people, rows, month, here[year])
                form_couples(people, rows, month, here, year, places.rates)
            places = with_victims(places, people, rows, month, here, year)
            meet_the_record(people, rows, month, target * recorded_beside(start, month), here, places, effects, now)
        rows = live_month(people, rows, month, here, year, places, effects, month - until, now)
        now.counts[NEXT_DUE] = ALL_ROWS  # nobody lists those who come
        before = rows
        people, rows = join(people, rows, newcomers(month, seed, arrivals, law_table, places, effects, now))
        # Their thresholds are of the law they lived under before.
        refresh_rows(people, np.arange(before, rows), month, here, year, effects, now)
    if start > until:
        form_couples(people, rows, start, here, law_year(financial_year(start)), places.rates)
    return people, rows


def apart(people: Population, rows: int, least: int) -> list[int]:
    """Bounds of runs of at least `least` rows, the last perhaps fewer, that no bond to carer or partner crosses."""
    own = np.arange(rows)
    reach = own.copy()  # the last row that this row or an earlier one is bound to
    for bond in (people.carer1, people.carer2, people.partner):
        other = np.where(bond[:rows] == NOBODY, own, bond[:rows])
        np.maximum.at(reach, np.minimum(own, other), np.maximum(own, other))
    ends = np.flatnonzero(np.maximum.accumulate(reach) == own) + 1
    bounds = [0]
    while bounds[-1] < rows:
        at = min(int(np.searchsorted(ends, bounds[-1] + least)), ends.size - 1)
        bounds.append(int(ends[at]))
    return bounds


def anchor(
    people: Population, rows: int, month: int, target: NDArray[np.float64], law_table: NDArray[np.void],
    places: Places, effects: Effects, now: Month,
) -> None:
    """Set the level of each kind of offending so that what residents are expected to commit meets the area's record,
    and the chances of detection to who commits it. It reads the people at the start and the area: the same for all
    alternatives."""
    meet_the_record(people, rows, month, target, law_table, places, effects, now)
    law = law_table[law_year(financial_year(month))]
    arrested = np.zeros(rows)  # arrests expected of each resident, were everybody's offences detected alike
    for hazard, share in zip(by_mix(people.rate[:rows], people.sex[:rows]).T, arrests_an_offence(law), strict=True):
        arrested += share * hazard * (people.status[:rows] == RESIDENT)
    on_record = people.convictions[:rows]
    known = arrested * np.exp(float(law["known_step"]) * np.minimum(on_record, float(law["known_most"])))
    new_children = (people.birth[:rows] > month - MONTHS_OF_CHILDHOOD) & (on_record == 0)
    whole = max(float(known.sum()), 1e-30)
    set_detection(
        law_table, whole / max(float(arrested.sum()), 1e-30), float(known[new_children].sum()) / whole,
        float(known[on_record > 0].sum()) / whole,
    )  # fmt: skip


def meet_the_record(
    people: Population, rows: int, month: int, target: NDArray[np.float64], law_table: NDArray[np.void],
    places: Places, effects: Effects, now: Month,
) -> None:
    """Set the level of each kind of offending in all years so that what residents are expected to commit in a month is
    `target` (H,), and redo all chances by it."""
    year = law_year(financial_year(month))
    for _ in range(ANCHOR_ROUNDS):
        refresh_all(people, rows, month, law_table, year, places, effects, now)
        here = people.status[:rows] == RESIDENT
        expected = people.rate[:rows][here].sum(axis=0, dtype=np.int64) / RATE_ONE
        step = (target / np.maximum(expected, 1e-12)).astype(np.float32)
        law_table["rate"] *= np.where(expected > 0, step, np.float32(1.0))
    refresh_all(people, rows, month, law_table, year, places, effects, now)


def recorded_beside(start: int, month: int) -> float:
    """The nation's recorded crime in the year of a month beside that of the start's year. (The survey, whose trend
    moves offending otherwise, found no comparable figure in the pandemic, 2020/21 and 2021/22, and the straight line
    across it lies 10% above what was recorded.)"""
    now, then = yearly("prc_excl_fraud", np.array([financial_year(month), financial_year(start)]))
    return float(now / then)


def make_ties(people: Population, rows: int, month: int, law: np.void, every_slot: bool = False) -> None:
    """Pair young residents of a district and similar age by keyed lot; one slot of ties a year is redrawn.

    Every tie is mutual, so that a change in one is pushed to the other without search. Who is
    present, where and how old decides; nothing that a programme can change.
    """
    slots = range(N_TIES) if every_slot else [month // 12 % N_TIES]
    age = (month - people.birth[:rows].astype(np.int64)) // 12
    of_age = (age >= law["ties_from"]) & (age <= law["ties_to"])
    young = np.flatnonzero((people.status[:rows] == RESIDENT) & of_age)
    band = int(law["ties_band"])
    for slot in slots:
        people.tie[:rows, slot] = NOBODY
        lot = uniforms(int(law["seed"]), people.key[young], month, STREAMS["tie"], slot)
        group = people.district[young].astype(np.int64) * 4096 + people.birth[young].astype(np.int64) // band
        order = np.argsort(group + lot, kind="stable")  # by group, and within it by lot
        one, two = (young[each] for each in neighbours(order, group))
        people.tie[one, slot] = two
        people.tie[two, slot] = one


def newcomers(
    month: int, seed: int, arrivals: NDArray[np.float64], law_table: NDArray[np.void], places: Places,
    effects: Effects, now: Month,
) -> Population:
    """People who come to live in the area in a month, each with a past of their own.

    How many, how old, with whom and who depends on the month and the seed alone. Children come without carers in
    the data; what they live with at home is by keyed chance, as for the childhood of adults.
    """
    districts, ages = arrivals.shape
    lots = keys_from(seed, "arrivals", districts)
    expected = arrivals.sum(axis=1)
    counts = np.floor(expected + uniforms(seed, lots, month, STREAMS["arrival_count"])).astype(np.int64)
    total = int(counts.sum())
    people = empty(total)
    district = np.repeat(np.arange(districts), counts)
    rank = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    keys = keys_from(seed + month * MONTHS_APART, "arrival", districts * MOST_ARRIVALS)
    keys = keys[district * MOST_ARRIVALS + rank]
    running = np.cumsum(arrivals, axis=1) / np.maximum(expected[:, None], 1e-12)
    luck = uniforms(seed, keys, month, STREAMS["arrival_age"])
    age = np.minimum((luck[:, None] > running[district]).sum(axis=1), ages - 1)
    year = law_year(financial_year(month))
    sex = (uniforms(seed, keys, month, STREAMS["sex"]) < law_table[year]["men_arriving"]).astype(np.int64)
    who = Singles(district, sex, age.astype(np.float64), keys)
    one, two, who = come_as_couples(who, month, law_table[year])
    people.key[:] = keys
    people.birth[:] = month - who.age * 12 - np.floor(uniforms(seed, keys, month, STREAMS["birth_month"]) * 12)
    people.sex[:] = who.sex
    people.district[:] = district
    where = np.searchsorted(
        places.home_in + np.repeat(np.arange(districts), np.diff(places.district_start)),
        uniforms(seed, keys, month, STREAMS["arrival_place"]) + district, side="right",
    )  # fmt: skip
    people.neighbourhood[:] = np.minimum(where, places.home_in.size - 1)
    people.quintile[:] = places.quintile[people.neighbourhood]
    for column, stream in ((people.propensity, "propensity"), (people.family, "family")):
        luck = uniforms(seed, keys, month, STREAMS[stream])
        column[:] = ndtri(np.clip(luck, 1e-9, 1 - 1e-9))
    people.household[:] = np.arange(total)
    if total:
        first = int(people.birth.min())
        live_past(people, 0, total, first, month + 1, law_table, FIRST_YEAR - 1900, places, effects, now)
    changed = np.zeros(total, dtype=np.bool_)
    live_together(people, two, one, month, law_table, year, places.rates, new_list(), changed)
    return people


def arrivals_to_come(
    start: int, years: int, seed: int, arrivals: NDArray[np.float64], law_table: NDArray[np.void], places: Places,
    effects: Effects, now: Month,
) -> tuple[Population, NDArray[np.int64]]:
    """Everyone who comes in a plan of `years`, in order of the months of the plan, and each one's month."""
    months = np.zeros(0, dtype=np.int64)
    coming = room_for(int(arrivals.sum() * 12 * years * 1.02) + 1024)
    for m in range(years * 12):
        come = newcomers(start + m, seed, arrivals, law_table, places, effects, now)
        coming = grown(coming, months.size + come.size)
        coming[months.size : months.size + come.size] = come
        months = np.append(months, np.full(come.size, m))
    return coming[: months.size].view(np.recarray), months


def join(people: Population, rows: int, coming: NDArray[np.void]) -> tuple[Population, int]:
    """The population with newcomers in its next rows; whom they name as partner is one of them."""
    people = grown(people, rows + coming.size)
    people[rows : rows + coming.size] = coming
    there = people[rows : rows + coming.size]
    there["household"] = -rows - there["household"]
    there["partner"] += np.where(there["partner"] == NOBODY, 0, rows)
    return people, rows + coming.size
