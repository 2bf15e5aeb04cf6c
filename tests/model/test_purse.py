"""What money buys, when: hand-worked months of set-up, rise, run-down, and money that nobody took."""

from dataclasses import replace

import numpy as np
import pytest
from worlds import SCHEME_VALUES, inputs, lived, scheme

from model.actors.purse import Purse


def months(purse, pounds):
    return [round(purse.for_places(one)[0], 6) for one in pounds]


def test_set_up_buys_nothing_and_then_all():
    assert months(Purse(2, 0, 0, 0.0, False), [10.0] * 4) == [0.0, 0.0, 10.0, 10.0]


def test_places_rise_in_a_straight_line():
    assert months(Purse(1, 3, 0, 0.0, False), [8.0] * 6) == [0.0, 2.0, 4.0, 6.0, 8.0, 8.0]


def test_the_run_down_is_paid_for_and_ends():
    purse = Purse(0, 0, 3, 5.0, False)
    assert months(purse, [8.0, 8.0, 0.0, 0.0, 0.0, 0.0]) == [8.0, 8.0, 6.0, 4.0, 2.0, 0.0]
    added, left = purse.close_year(last=False)
    assert (added, left) == (6.0 + 4.0 + 2.0 + 5.0, 0.0)


def test_a_run_down_while_still_rising_goes_on_from_there():
    purse = Purse(0, 3, 1, 0.0, False)
    assert months(purse, [8.0, 8.0, 0.0, 0.0]) == [2.0, 4.0, 2.0, 0.0]


def test_money_that_comes_back_after_the_run_down_sets_up_again():
    assert months(Purse(1, 0, 0, 0.0, False), [5.0, 5.0, 0.0, 5.0, 5.0]) == [0.0, 5.0, 0.0, 0.0, 5.0]


def test_what_nobody_took_is_offered_again_and_goes_back_in_march():
    purse = Purse(0, 0, 0, 0.0, False)
    _, both = purse.for_places(10.0)
    purse.not_taken(both, 0.4)
    assert purse.for_places(10.0) == (10.0, 14.0)
    purse.not_taken(14.0, 0.5)
    assert purse.close_year(last=False) == (0.0, 7.0)
    assert purse.for_places(10.0) == (10.0, 10.0)


def test_carried_money_is_there_in_april_and_goes_back_at_the_end():
    purse = Purse(0, 0, 0, 0.0, True)
    purse.for_places(10.0)
    purse.not_taken(10.0, 1.0)
    assert purse.close_year(last=False) == (0.0, 10.0)
    assert purse.for_places(2.0) == (2.0, 12.0)
    purse.not_taken(12.0, 0.25)
    assert purse.close_year(last=True) == (10.0, 3.0)


@pytest.mark.parametrize("carried", [False, True])
def test_pounds_are_conserved(carried):
    """With far more money than there are people: what is spent is starts times the unit cost."""
    pounds, scale = 5e9, 0.004
    given = replace(inputs(programmes=(scheme(ages=(10, 12)),), pounds=pounds), carried=carried)
    model = lived(given)
    starts = model.record.starts.reshape(2, 12).sum(axis=1) / scale
    spent = model.at_work.spend[:, 0]
    assert spent.sum() == pytest.approx(starts.sum() * SCHEME_VALUES["test_scheme.unit_cost"], rel=1e-4)
    assert (spent <= pounds).all()


def test_each_purse_pays_its_share_and_the_whole_buys_places():
    """The commissioner's pounds are a quarter of what the scheme gets."""
    given = inputs(programmes=(scheme(ages=(5, 90)),), pounds=1e6)
    alone, shared = (lived(given, told={"test_scheme.commissioner_share": share}) for share in (1.0, 0.25))
    assert np.array_equal(shared.at_work.spend, 4 * alone.at_work.spend)
    assert np.array_equal(shared.at_work.commissioner_spend, alone.at_work.spend)
    assert shared.record.places.sum() > 3.5 * alone.record.places.sum()


def test_money_that_stops_runs_down():
    given = inputs(3, programmes=(scheme(ages=(5, 90), run_down_months=5),), pounds=5e6)
    money = given.money.copy()
    money[:, 1:] = 0.0
    model = lived(replace(given, money=money), told={"test_scheme.exit_cost": 70_000.0})
    starts = model.record.starts[:, 0]
    assert starts[:12].sum() > 0
    assert starts[12:17].sum() > 0
    assert starts[17:].sum() == 0
    paid = 5e6 / 12 * sum(1 - k / 6 for k in range(1, 6))
    assert model.at_work.spend[:, 0] == pytest.approx([5e6, paid + 70_000.0, 0.0])
