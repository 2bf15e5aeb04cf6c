"""What money buys, when: hand-worked months of set-up, rise, run-down, and money that nobody took."""

from dataclasses import replace

import numpy as np
import pytest
from worlds import SCHEME_VALUES, inputs, lived, scheme

from model.actors.purse import Purse


def purse(set_up=0, ramp=0, run_down=0, exit_cost=0.0, carried=False):
    return Purse(1.0, set_up, ramp, run_down, exit_cost, carried)


def months(one, pounds):
    return [round(one.at_work(each), 6) for each in pounds]


def test_set_up_buys_nothing_and_then_all():
    assert months(purse(set_up=2), [10.0] * 4) == [0.0, 0.0, 10.0, 10.0]


def test_places_rise_in_a_straight_line():
    assert months(purse(set_up=1, ramp=3), [8.0] * 6) == [0.0, 2.0, 4.0, 6.0, 8.0, 8.0]


def test_the_run_down_is_paid_for_and_ends():
    one = purse(run_down=3, exit_cost=5.0)
    assert months(one, [8.0, 8.0, 0.0, 0.0, 0.0, 0.0]) == [8.0, 8.0, 6.0, 4.0, 2.0, 0.0]
    assert one.close_year(last=False) == (6.0 + 4.0 + 2.0 + 5.0, 0.0)


def test_a_run_down_while_still_rising_goes_on_from_there():
    assert months(purse(ramp=3, run_down=1), [8.0, 8.0, 0.0, 0.0]) == [2.0, 4.0, 2.0, 0.0]


def test_money_that_comes_back_after_the_run_down_sets_up_again():
    assert months(purse(set_up=1), [5.0, 5.0, 0.0, 5.0, 5.0]) == [0.0, 5.0, 0.0, 0.0, 5.0]


def test_what_nobody_took_is_offered_again_and_goes_back_in_march():
    one = purse()
    assert one.buy(10.0, 0.0) == (10, 10)
    one.pay_for(6)
    assert one.buy(10.0, 0.0) == (10, 14)
    one.pay_for(7)
    assert one.close_year(last=False) == (0.0, 6.0)  # the seventh stays, as rounding
    assert one.buy(10.0, 0.0) == (10, 11)  # of the seven open in March, six have gone back


def test_carried_money_is_there_in_april_and_goes_back_at_the_end():
    one = purse(carried=True)
    one.buy(10.0, 0.0)
    assert one.close_year(last=False) == (0.0, 9.0)
    assert one.buy(2.0, 0.0) == (2, 12)
    one.pay_for(9)
    assert one.close_year(last=True) == (9.0, 2.0)


@pytest.mark.parametrize("pounds", [0.3, 2.7])
def test_fractions_of_places_are_made_good(pounds):
    luck, one, taken = np.random.default_rng(1), purse(), 0
    for month in range(1, 400):
        _, places = one.buy(pounds, luck.random())
        one.pay_for(places)
        taken += places
        assert abs(taken - pounds * month) <= 1.0
    assert one.close_year(last=True)[1] == 0.0


def test_money_for_less_than_a_place_that_nobody_takes_goes_back():
    luck, one = np.random.default_rng(2), purse()
    for _ in range(12):
        one.buy(0.3, luck.random())
    assert one.close_year(last=False)[1] == pytest.approx(12 * 0.3 - 1.0)


@pytest.mark.parametrize("carried", [False, True])
def test_pounds_are_conserved(carried):
    """With far more money than there are people: what is spent is starts times the unit cost, to one place (250,000
    pounds: each person simulated stands for 250)."""
    pounds, scale = 5e9, 0.004
    given = replace(inputs(programmes=(scheme(ages=(10, 12)),), pounds=pounds), carried=carried)
    model = lived(given)
    starts = model.record.starts.reshape(2, 12).sum(axis=1) / scale
    spent = model.at_work.spend[:, 0]
    assert spent.sum() == pytest.approx(starts.sum() * SCHEME_VALUES["test_scheme.unit_cost"], abs=250_000.0)
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


def test_what_is_left_of_money_that_ends_goes_back_also_where_it_is_carried():
    """Far more money than people, and then none: nothing is spent once the line is no more."""
    given = inputs(3, programmes=(scheme(ages=(10, 12)),), pounds=5e9)
    money = given.money.copy()
    money[:, 1:] = 0.0
    model = lived(replace(given, money=money, carried=True))
    assert model.at_work.spend[0, 0] < 5e9
    assert model.at_work.spend[1:, 0].tolist() == [0.0, 0.0]
    assert model.record.starts[12:].sum() == 0


def test_what_an_end_will_cost_is_what_it_then_does_cost():
    one = purse(set_up=1, ramp=2, run_down=18, exit_cost=5.0)
    months(one, [8.0] * 24)
    foreseen = one.ending(3)
    spent = []
    for _ in range(3):
        months(one, [0.0] * 12)
        spent.append(one.close_year(last=False)[0])
    assert foreseen == pytest.approx(spent)
    assert foreseen[1] > 0.0
    assert foreseen[2] == 0.0
