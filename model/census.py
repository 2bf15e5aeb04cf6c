"""The people of the census, in keyed households with carers: the rows of a population before their past.

District x age x sex counts are the census's own (at a scale below one, each cell holds its share, the
fraction a keyed chance). Couples are matched by age within a district, children to women of the age
that their mother would be, lone parents as often as the area's table says, and the rest share homes of
the sizes that the table gives. All of it is NumPy over whole columns: it runs once, before anybody lives.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from model.couples import Matching, Singles, between_ages, evened, match
from model.draws import NO_MONTH, draw, keys_from
from model.homes import homes
from model.inputs import AreaTables, month_of
from model.law.ages import age_groups
from model.people import NOBODY, Population, empty
from model.vocabulary import FEMALE, MALE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]
OLDEST = 100
ADULT, SCHOOL_LEAVER = 18, 16


def census_month(area: AreaTables) -> int:
    """Month of the census: the first whole month that its people live through."""
    day = date.fromisoformat(area.census_date)
    return month_of(day.year, day.month) + 1


def people_of(
    area: AreaTables, values: Mapping[str, float], seed: int, scale: float
) -> tuple[Ints, Ints, Ints, Keys]:
    """District, sex, age in years and key of everyone, ordered by district, sex and age."""
    cells = area.population.reshape(-1)
    cell_keys = keys_from(seed, "census cell", cells.size)
    counts = np.floor(cells * scale + draw(seed, cell_keys, "household")).astype(np.int64)
    cell = np.repeat(np.arange(cells.size), counts)
    ages = area.population.shape[2]
    keys = keys_from(seed, "census person", cell.size)
    age = cell % ages
    oldest = age == ages - 1
    # The table closes at 90 and over.
    to_next = np.log(values["death.survival_past_90"])
    extra = np.floor(np.log(np.maximum(draw(seed, keys, "birth_month", 1), 1e-9)) / to_next)
    age = np.where(oldest, np.minimum(age + extra, OLDEST - 1), age).astype(np.int64)
    return cell // (2 * ages), cell // ages % 2, age, keys


def couples(
    area: AreaTables, values: Mapping[str, float], seed: int, who: tuple[Ints, Ints, Ints, Keys]
) -> Ints:
    """Row of the partner of each person, or NOBODY."""
    district, sex, age, keys = who
    shape = np.zeros(OLDEST + 1)
    for _, low, high, share in age_groups(values, "household.couple_share_by_age"):
        shape[low : high + 1] = share
    # The table counts people of 16 and over; those under 18 are children of their carers here.
    in_homes = np.bincount(district[age >= SCHOOL_LEAVER], minlength=len(area.districts))
    pairs = np.floor(in_homes * area.living_in_couple / 2.0).astype(np.int64)
    how = Matching(values["household.partner_age_gap"], values["household.partner_age_spread"],
                   values["household.couples_of_one_sex"])  # fmt: skip
    # Women live in couples at the ages that their partners, older by the gap, do.
    in_couple = np.interp(between_ages(age, sex, how.gap), np.arange(OLDEST + 1), shape)
    odds = in_couple / (1.0 - in_couple) * (age >= ADULT)
    singles = Singles(district, sex, age.astype(np.float64), keys)
    one, two = match(singles, evened(odds, singles, how), pairs, how, seed, NO_MONTH)
    partner = np.full(age.size, NOBODY, dtype=np.int64)
    partner[one], partner[two] = two, one
    return partner


def carers(
    area: AreaTables, values: Mapping[str, float], seed: int, who: tuple[Ints, Ints, Ints, Keys], partner: Ints
) -> tuple[Ints, Ints]:
    """Row of the first and second carer of each child under 18, or NOBODY."""
    district, sex, age, keys = who
    child = np.flatnonzero(age < ADULT)
    z = ndtri(np.clip(draw(seed, keys[child], "carer"), 1e-6, 1 - 1e-6))
    at_birth = values["household.past_birth_age"] + values["household.mother_age_spread"] * z
    youngest, oldest = (values[f"household.mother_age_bound[{end}]"] for end in ("youngest", "oldest"))
    wanted = age[child] + np.clip(np.round(at_birth), youngest, oldest).astype(np.int64)
    lone = draw(seed, keys[child], "lone") < area.lone_parent_share[district[child]]
    father = lone & (draw(seed, keys[child], "lone", 1) < values["home.lone_parents_sex[male]"])
    # A lone parent's key, not the child's, says whether they are in the pool: siblings meet there.
    pooled = draw(seed, keys, "lone", 2) < values["household.lone_parent_pool"]
    single = (partner == NOBODY) & (age >= ADULT) & pooled
    paired = (partner != NOBODY) & (sex == FEMALE)
    first = np.full(age.size, NOBODY, dtype=np.int64)
    for pool, mine in (
        (paired, ~lone),
        (single & (sex == FEMALE), lone & ~father),
        (single & (sex == MALE), father),
    ):
        found = nearest_age(np.flatnonzero(pool), child[mine], wanted[mine], who, seed)
        first[child[mine]] = found
    second = np.where(first != NOBODY, partner[first], NOBODY)
    return first, second


def nearest_age(pool: Ints, child: Ints, wanted: Ints, who: tuple[Ints, Ints, Ints, Keys], seed: int) -> Ints:
    """For each child a keyed choice in its district among the pool within a year of the wanted age."""
    district, _, age, keys = who
    code = district[pool] * 200 + age[pool]
    order = np.argsort(code, kind="stable")
    pool, code = pool[order], code[order]
    low = np.searchsorted(code, district[child] * 200 + wanted - 1, side="left")
    high = np.searchsorted(code, district[child] * 200 + wanted + 1, side="right")
    at = low + np.floor(draw(seed, keys[child], "carer", 1) * (high - low)).astype(np.int64)
    return np.where(high > low, pool[np.minimum(at, pool.size - 1)] if pool.size else NOBODY, NOBODY)


def neighbourhoods(area: AreaTables, seed: int, keys: Keys, district: Ints, with_children: NDArray[np.bool_]) -> Ints:
    """A neighbourhood for each household, as residents (or children) are spread in the district."""
    where = np.empty(keys.size, dtype=np.int64)
    luck = draw(seed, keys, "spread")
    for weights, mine in (
        (area.neighbourhood_residents, ~with_children),
        (area.neighbourhood_children, with_children),
    ):
        running = cumulative_by_district(weights.astype(float), area.neighbourhood_district, len(area.districts))
        at = np.searchsorted(running + area.neighbourhood_district, luck[mine] + district[mine], side="right")
        where[mine] = np.minimum(at, weights.size - 1)
    return where


def cumulative_by_district(weights: Floats, of: Ints, districts: int) -> Floats:
    """Cumulative shares within each district, each district's last exactly one."""
    running = np.cumsum(weights)
    total = np.bincount(of, weights=weights, minlength=districts)
    before = np.concatenate([[0.0], np.cumsum(total)[:-1]])
    share = (running - before[of]) / np.maximum(total[of], 1e-12)
    last = np.append(of[1:] != of[:-1], True)
    share[last] = 1.0
    return np.clip(share, 0.0, 1.0)


def census_people(
    area: AreaTables, values: Mapping[str, float], seed: int, scale: float, room: float
) -> tuple[Population, int]:
    """The population at the census, nobody yet born, with `room` spare rows per row; and the rows in use.

    Rows run by district and household, so that carers lie beside children.
    """
    who = people_of(area, values, seed, scale)
    partner = couples(area, values, seed, who)
    first, second = carers(area, values, seed, who, partner)
    head = homes(area, values, seed, who, partner, first, scale)
    district, sex, age, keys = who
    order = np.lexsort((head, district))
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    rows = order.size
    people = empty(rows, int(rows * (1.0 + room)) + 64)
    _, household = np.unique(head[order], return_inverse=True)
    heads = head[order]
    with_children = np.bincount(household, weights=age[order] < ADULT) > 0
    where = neighbourhoods(area, seed, keys[heads], district[heads], with_children[household])
    people.key[:rows] = keys[order]
    month_in_year = np.floor(draw(seed, keys[order], "birth_month") * 12.0)
    people.birth[:rows] = census_month(area) - age[order] * 12 - month_in_year
    people.sex[:rows] = sex[order]
    people.district[:rows] = district[order]
    people.neighbourhood[:rows] = where
    people.quintile[:rows] = area.neighbourhood_quintile[where] - 1
    people.household[:rows] = household
    people.propensity[:rows] = ndtri(np.clip(draw(seed, keys[order], "propensity"), 1e-9, 1 - 1e-9))
    people.family[:rows] = ndtri(np.clip(draw(seed, keys[heads], "family"), 1e-9, 1 - 1e-9))
    for column, source in ((people.partner, partner), (people.carer1, first), (people.carer2, second)):
        mine = source[order]
        column[:rows] = np.where(mine == NOBODY, NOBODY, place[np.maximum(mine, 0)])
    link_children(people, rows)
    lone = (people.carer1[:rows] != NOBODY) & (people.carer2[:rows] == NOBODY)
    people.exposure[:rows] = np.where(lone, 32, 0)
    return people, rows


def link_children(people: Population, rows: int) -> None:
    """Thread each carer's chain of children, and count the children that a woman has."""
    names = ("carer1", "carer2", "next1", "next2", "first_child", "children")
    carer1, carer2, next1, next2, first_child, children = (people[name].view(np.ndarray) for name in names)
    for child in np.flatnonzero(carer1[:rows] != NOBODY)[::-1].tolist():
        one, two = carer1[child], carer2[child]
        next1[child] = first_child[one]
        first_child[one] = child
        if two != NOBODY:
            next2[child] = first_child[two]
            first_child[two] = child
        children[one] += 1
