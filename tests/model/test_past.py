"""The past is lived some households at a time: that changes nothing but the time that it takes."""

import numpy as np
import pytest
from worlds import inputs, values

from model import past
from model.census import census_people
from model.inputs import financial_year
from model.law import FIRST_YEAR
from model.people import NOBODY
from model.world import live_past


def test_no_bond_crosses_a_bound() -> None:
    people, rows = census_people(inputs().area, values(), 7, 0.002, 0.0)
    bounds = past.apart(people, rows, 50)
    assert (bounds[0], bounds[-1]) == (0, rows)
    assert len(bounds) > 10
    assert min(np.diff(bounds)[:-1]) >= 50
    part = np.searchsorted(bounds, np.arange(rows), side="right")
    for bond in (people.carer1, people.carer2, people.partner):
        mine = np.flatnonzero(bond[:rows] != NOBODY)
        np.testing.assert_array_equal(part[mine], part[bond[mine]])


def test_the_oldest_are_born_under_a_law_of_their_own_year() -> None:
    people, rows = census_people(inputs().area, values(), 7, 0.2, 0.0)
    assert FIRST_YEAR <= financial_year(int(people.birth[:rows].min())) < FIRST_YEAR + 3


@pytest.mark.parametrize("together", [40, 10**9])
def test_how_many_live_side_by_side_changes_no_life(together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = live_past(inputs(), values(), 7)
    monkeypatch.setattr(past, "LIVED_TOGETHER", together)
    other = live_past(inputs(), values(), 7)
    assert usual.rows == other.rows
    for name in usual.people.dtype.names:
        np.testing.assert_array_equal(usual.people[name][: usual.rows], other.people[name][: other.rows], name)
