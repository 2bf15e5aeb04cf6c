"""How the people of the census lived until the plan starts.

Everyone lives their own past from birth to the census under the calendar tables, carers beside their
children, nobody dying on the way (they are the ones who are here); then the months to the plan's
first April with births, deaths and moves. A past depends on area, parameters, seed and scale, never on
an alternative, so all alternatives of a replicate share it.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from model.census import census_month, census_people
from model.happenings import Month, new_month
from model.draws import STREAMS, keys_from, uniforms
from model.effects import Effects, no_effects
from model.inputs import AreaTables, financial_year
from model.law import FIRST_YEAR, law_year, laws
from model.month import live_alone, live_month, live_past, refresh_all
from model.people import N_TIES, NOBODY, RESIDENT, Population, grown
from model.places import Places, arrivals_of, places_of

Report = Callable[[int, int], None]
ROOM_A_YEAR = 0.055  # spare rows a year for births and arrivals; more are made when they run out
YOUNGEST_TIE, OLDEST_TIE = 10, 30
TIE_BAND = 24  # months of birth within which ties are made


class Past(NamedTuple):
    """People as they stand when the plan starts, and the rows in use."""

    people: Population
    rows: int
    month: int


def live_the_past(
    area: AreaTables, values: Mapping[str, float], seed: int, scale: float, start: int, years: int,
    report: Report | None = None,
) -> Past:
    """The people of `area` as they stand in month `start`, with room for a plan of `years`."""
    law_table = laws(area, values, seed, financial_year(start) + years)
    places = places_of(area, values, scale)
    census = census_month(area)
    lead = max((start - census) / 12.0, 0.0)
    people, rows = census_people(area, values, seed, scale, ROOM_A_YEAR * (lead + years))
    effects, now = no_effects(), new_month(rows, len(area.districts))
    first = int(people.birth[:rows].min())
    until = min(census, start) if start < census else census
    for low in range(first, until, 120):
        high = min(low + 120, until)
        live_past(people, rows, low, high, law_table, FIRST_YEAR - 1900, places, effects, now)
        if report:
            report(high - first, until - first)
    people.status[:rows] = RESIDENT
    make_ties(people, rows, until, seed, every_slot=True)
    month = until
    refresh_all(people, rows, month, law_table, law_year(financial_year(month)), places, effects,
                now)  # fmt: skip
    arrivals = arrivals_of(area, places, scale)
    while month < start:
        if (month - 3) % 12 == 0 and month > until:
            make_ties(people, rows, month, seed)
            refresh_all(people, rows, month, law_table, law_year(financial_year(month)), places, effects,
                now)  # fmt: skip
        rows = live_month(people, rows, month, law_table, law_year(financial_year(month)), places, effects,
                          -1, now)  # fmt: skip
        people, rows = arrive(people, rows, month, seed, arrivals, law_table, places, effects, now)
        month += 1
    return Past(people, rows, month)


def make_ties(people: Population, rows: int, month: int, seed: int, every_slot: bool = False) -> None:
    """Pair young residents of a district and similar age by keyed lot; one slot of ties a year is redrawn.

    Every tie is mutual, so that a change in one is pushed to the other without search. Who is
    present, where and how old decides; nothing that a programme can change.
    """
    slots = range(N_TIES) if every_slot else [month // 12 % N_TIES]
    age = (month - people.birth[:rows].astype(np.int64)) // 12
    young = np.flatnonzero((people.status[:rows] == RESIDENT) & (age >= YOUNGEST_TIE) & (age < OLDEST_TIE))
    for slot in slots:
        people.tie[:rows, slot] = NOBODY
        lot = uniforms(seed, people.key[young], month, STREAMS["tie"], slot)
        group = people.district[young].astype(np.int64) * 4096 + people.birth[young].astype(np.int64) // TIE_BAND
        order = np.lexsort((lot, group))
        sorted_rows, sorted_group = young[order], group[order]
        place = np.arange(order.size) - np.searchsorted(sorted_group, sorted_group)
        first = np.flatnonzero((place % 2 == 0) & (np.append(sorted_group[1:], -1) == sorted_group))
        one, two = sorted_rows[first], sorted_rows[first + 1]
        people.tie[one, slot] = two
        people.tie[two, slot] = one


def arrive(
    people: Population, rows: int, month: int, seed: int, arrivals: NDArray[np.float64],
    law_table: np.ndarray, places: Places, effects: Effects, now: Month,
) -> tuple[Population, int]:
    """People who come to live in the area this month, each with a past of their own.

    How many, how old and who depends on the month and the seed alone. Children come without carers in
    the data; what they live with at home is by keyed chance, as for the childhood of adults.
    """  # fmt: skip
    districts, ages = arrivals.shape
    lots = keys_from(seed, "arrivals", districts)
    expected = arrivals.sum(axis=1)
    counts = np.floor(expected + uniforms(seed, lots, month, STREAMS["arrival_count"])).astype(np.int64)
    total = int(counts.sum())
    if total == 0:
        return people, rows
    people = grown(people, rows + total)
    new = slice(rows, rows + total)
    district = np.repeat(np.arange(districts), counts)
    rank = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    keys = keys_from(seed + month, "arrival", districts * 4096)[district * 4096 + rank % 4096]
    running = np.cumsum(arrivals, axis=1) / np.maximum(expected[:, None], 1e-12)
    luck = uniforms(seed, keys, month, STREAMS["arrival_age"])
    age = np.minimum((luck[:, None] > running[district]).sum(axis=1), ages - 1)
    people.key[new] = keys
    people.birth[new] = month - age * 12 - np.floor(uniforms(seed, keys, month, STREAMS["birth_month"]) * 12)
    people.sex[new] = uniforms(seed, keys, month, STREAMS["sex"]) < 0.5
    people.district[new] = district
    where = np.searchsorted(
        places.home_in + np.repeat(np.arange(districts), np.diff(places.district_start)),
        uniforms(seed, keys, month, STREAMS["neighbour"]) + district, side="right",
    )  # fmt: skip
    people.neighbourhood[new] = np.minimum(where, places.home_in.size - 1)
    people.quintile[new] = places.quintile[people.neighbourhood[new]]
    people.household[new] = -np.arange(rows, rows + total)
    for column, stream in ((people.propensity, "propensity"), (people.family, "family")):
        luck = uniforms(seed, keys, month, STREAMS[stream])
        column[new] = ndtri(np.clip(luck, 1e-9, 1 - 1e-9))
    live_alone(people, rows, rows + total, month + 1, law_table, FIRST_YEAR - 1900, places, effects, now)
    return people, rows + total
