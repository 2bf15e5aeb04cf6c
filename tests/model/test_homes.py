"""Homes at the census: of the sizes that the area's table gives, with children beside their carers."""

import numpy as np
import pytest
from worlds import values

from model.census import census_month, census_people
from model.people import NOBODY
from scenarios.areas import load_area

SCALE = 0.1


@pytest.fixture(scope="module", params=["west_mercia", "essex"])
def census(request):
    area = load_area(request.param)
    people, rows = census_people(area, values(), 7, SCALE, 0.0)
    return area, people[:rows]


def sizes(area, people):
    """(D, 5) homes of 1, 2, 3, 4 and 5 or more, the people of communal establishments taken out."""
    size = np.bincount(people["household"])
    district = np.zeros(size.size, dtype=int)
    district[people["household"]] = people["district"]
    homes = np.zeros((len(area.districts), 5))
    np.add.at(homes, (district, np.minimum(size, 5) - 1), 1)
    homes[:, 0] -= np.round(area.communal_residents * SCALE)
    return homes


def test_sizes_are_near_the_table(census):
    """The mean of three samples: in one of them chance moves the smallest district by two or three points."""
    area, people = census
    others = (census_people(area, values(), seed, SCALE, 0.0) for seed in (8, 9))
    homes = np.mean([sizes(area, people), *(sizes(area, p[:rows]) for p, rows in others)], axis=0)
    large = area.household_sizes[:, 4:].sum(axis=1, keepdims=True)
    table = np.concatenate([area.household_sizes[:, :4], large], axis=1)
    np.testing.assert_allclose(homes.sum(axis=1), table.sum(axis=1) * SCALE, rtol=0.02)
    whole, whole_table = homes.sum(axis=0) / homes.sum(), table.sum(axis=0) / table.sum()
    np.testing.assert_allclose(whole, whole_table, atol=0.005)
    share, share_table = (each / each.sum(axis=1, keepdims=True) for each in (homes, table))
    np.testing.assert_allclose(share, share_table, atol=0.02)


def test_couples_and_children_share_a_home(census):
    _, people = census
    for bond in ("partner", "carer1"):
        mine = people[bond] != NOBODY
        np.testing.assert_array_equal(people["household"][mine], people["household"][people[bond][mine]])
    for column in ("district", "neighbourhood", "family"):
        first = np.unique(people["household"], return_index=True)[1]
        np.testing.assert_array_equal(people[column], people[column][first][people["household"]])


def test_those_who_live_alone_are_older_than_those_who_share(census):
    area, people = census
    age = (census_month(area) - people["birth"].astype(int)) // 12
    alone = np.bincount(people["household"])[people["household"]] == 1
    single = (people["partner"] == NOBODY) & (age >= 18)
    assert age[alone].min() >= 18
    assert age[single & alone].mean() > age[single & ~alone].mean() + 10
