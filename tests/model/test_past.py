"""The past is lived some households at a time: that changes nothing but the time that it takes."""

import numpy as np
import pytest
from worlds import inputs, values

from model import past
from model.census import census_month, census_people
from model.inputs import financial_year, month_of
from model.law import FIRST_YEAR
from model.law.calendar import yearly
from model.law.offending import committed_by_residents
from model.people import NOBODY, RATE_ONE, RESIDENT
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


@pytest.mark.parametrize("start", [census_month(inputs().area), month_of(2024, 4)])
def test_from_the_census_on_people_offend_as_often_as_each_years_record_has_it(monkeypatch, start):
    met, meet = [], past.meet_the_record

    def watched(people, rows, month, target, *others):
        meet(people, rows, month, target, *others)
        here = people.status[:rows] == RESIDENT
        met.append((month, target, people.rate[:rows][here].sum(axis=0, dtype=np.int64) / RATE_ONE))

    monkeypatch.setattr(past, "meet_the_record", watched)
    past.live_the_past(inputs().area, values(), 7, 0.004, start, 1)
    by_kind, _, _ = committed_by_residents(inputs().area.recorded, values())
    record = by_kind.sum(axis=1) / 12.0 * 0.004
    since = census_month(inputs().area)
    aprils = [month for month in range(since, start) if month == since or (month - 3) % 12 == 0]
    assert [month for month, *_ in met] == [*aprils, start]  # and the anchor
    level = yearly("prc_excl_fraud", np.array([financial_year(month) for month, *_ in met]))
    for (_, target, expected), of_year in zip(met, level / level[-1], strict=True):
        assert target == pytest.approx(record * of_year, rel=1e-5)
        assert expected == pytest.approx(target, rel=0.01)
