"""Who shares a home at the census: households of the sizes that the area's table gives, district by district.

Couples, carers and the children they care for have homes already. Of the other adults as many live alone,
and as many in communal establishments, as the tables say; some pair up where the table has more homes than
there are; the rest, most of them grown-up children, join homes whose size is too common, smallest first.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.couples import chosen
from model.draws import draw
from model.inputs import AreaTables
from model.law.ages import age_groups
from model.people import NOBODY

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]
LARGEST = 8  # of a table's sizes: eight or more


def homes(
    area: AreaTables, values: Mapping[str, float], seed: int, who: tuple[Ints, Ints, Ints, Keys], partner: Ints,
    first: Ints, scale: float,
) -> Ints:
    """Household of each person, as the row that stands for it; `first` is the row of the first carer.

    People of communal establishments stand as households of one.
    """
    district, _, age, keys = who
    rows = np.arange(age.size)
    head = np.where(partner != NOBODY, np.minimum(rows, partner), rows)
    head = np.where(first != NOBODY, head[first], head)
    is_carer = np.zeros(age.size, dtype=bool)
    is_carer[first[first != NOBODY]] = True
    free = (partner == NOBODY) & ~is_carer & (first == NOBODY)
    wanted = np.round(area.household_sizes * scale).astype(np.int64)
    weight = np.where(free, weight_by_age(values, "household.living_alone")[age], 0.0)
    alone = chosen(weight, district, wanted[:, 0], draw(seed, keys, "home", 1))
    weight = np.where(free & ~alone, weight_by_age(values, "household.communal")[age], 0.0)
    communal = np.round(area.communal_residents * scale).astype(np.int64)
    apart = chosen(weight, district, communal, draw(seed, keys, "home", 2))
    joining = np.flatnonzero(free & ~alone & ~apart)
    joining = joining[np.lexsort((draw(seed, keys[joining], "home", 3), district[joining]))]
    host, size = np.unique(head[~free], return_counts=True)
    return join_homes(head, joining, host, size, district, wanted, seed, keys)


def weight_by_age(values: Mapping[str, float], id: str) -> Floats:
    """(years,) weight by age, straight between the ages that the evidence names; none before the first."""
    ages, weights = np.array(sorted((low, weight) for _, low, _, weight in age_groups(values, id))).T
    return np.interp(np.arange(128), ages, weights, left=0.0)


def join_homes(
    head: Ints, joining: Ints, host: Ints, size: Ints, district: Ints, wanted: Ints, seed: int, keys: Keys
) -> Ints:
    """`head` with those who join placed, in their order, in new homes of two or at hosts.

    `joining` are rows ordered by district and lot, `host` the rows that stand for the homes there are, of
    `size` people, `wanted[d, n - 1]` the homes of n people that the table has.
    """
    head, districts = head.copy(), len(wanted)
    of = district[joining]
    rank = np.arange(joining.size) - np.searchsorted(of, of)
    left = np.bincount(of, minlength=districts)
    used = np.zeros(districts, dtype=np.int64)
    have = np.bincount(district[host], minlength=districts)
    new = np.clip(wanted[:, 1:].sum(axis=1) - have, 0, left // 2)
    pair = rank < 2 * new[of]
    head[joining[pair]] = joining[pair][::2].repeat(2)
    host = np.concatenate([host, joining[pair][::2]])
    size = np.concatenate([size, np.full(host.size - size.size, 2)])
    used += 2 * new
    for people in range(2, LARGEST):
        mine = np.flatnonzero(size == people)
        many = np.bincount(district[host[mine]], minlength=districts) - wanted[:, people - 1]
        many = np.clip(many, 0, left - used)
        luck = draw(seed, keys[host[mine]], "home", 4 + people)
        taken = chosen(np.ones(mine.size), district[host[mine]], many, luck)
        mine = mine[taken]
        mine = mine[np.argsort(district[host[mine]], kind="stable")]
        head[joining[(rank >= used[of]) & (rank < (used + many)[of])]] = head[host[mine]]
        size[mine] += 1
        used += many
    return at_random(head, joining[rank >= used[of]], host, district, seed, keys)


def at_random(head: Ints, joining: Ints, host: Ints, district: Ints, seed: int, keys: Keys) -> Ints:
    """Those for whom the table has no room live with any host of their district, or by themselves."""
    host = host[np.argsort(district[host], kind="stable")]
    low, high = (np.searchsorted(district[host], district[joining], side=side) for side in ("left", "right"))
    at = low + np.floor(draw(seed, keys[joining], "home", 4) * (high - low)).astype(np.int64)
    found = high > low
    head[joining[found]] = head[host[at[found]]]
    return head
