"""Economics pinned to a case worked by hand and to the published factors of the Green Book."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.evidence import Evidence
from results.economics.discounting import discount_factors
from results.economics.measures import payback_year, present_value
from results.prices import shipped

# A scheme costs 1,000 pounds in each of two years and averts costs of 0, 900, 900 and 600 pounds in four.
COSTS = np.array([1000.0, 1000.0, 0.0, 0.0])
BENEFITS = np.array([0.0, 900.0, 900.0, 600.0])


def test_factors_are_those_that_the_green_book_prints():
    standard, health = (discount_factors(shipped(), 60, of) for of in ("standard", "health"))
    assert standard[[0, 1, 10, 30, 31, 50]] == pytest.approx([1, 0.9662, 0.7089, 0.3563, 0.3459, 0.1973], abs=5e-5)
    assert health[[0, 1, 10, 30, 31]] == pytest.approx([1, 0.9852, 0.8617, 0.6398, 0.6316], abs=5e-5)


def test_the_case_worked_by_hand_is_met_to_the_penny():
    # 1 / 1.035 = 0.966184; ^2 0.933511; ^3 0.901943.
    # Costs 1,000 + 966.18 = 1,966.18. Benefits 869.57 + 840.16 + 541.17 = 2,250.89 (869.565 + 840.160 + 541.166).
    factors = discount_factors(shipped(), 4)
    assert round(float(present_value(COSTS, factors)), 2) == 1966.18
    assert round(float(present_value(BENEFITS, factors)), 2) == 2250.89
    # By the end of each year: -1,000; -1,096.62; -256.46; +284.71.
    assert payback_year((BENEFITS - COSTS) * factors) == 3


def test_a_plan_that_falls_behind_again_has_not_paid_back():
    costs, benefits = np.array([[1.0, 0, 0, 3.0]] * 2), np.array([[2.0, 0, 0, 0], [2.0, 0, 0, 2.0]])
    assert payback_year(benefits - costs).tolist() == [np.inf, 0.0]


MONEY = arrays(np.float64, (3, 5), elements=st.floats(0, 1e6, allow_nan=False))


@given(MONEY, st.floats(0.0, 0.2))
def test_a_higher_rate_never_makes_later_money_worth_more(pounds, rate):
    slower, faster = (discount_factors(shipped(), 5, rate=one) for one in (rate, rate + 0.01))
    assert (present_value(pounds, faster) <= present_value(pounds, slower)).all()


def test_a_year_without_a_rate_is_refused():
    with pytest.raises(ValueError, match="no discount rate is known for year 126"):
        discount_factors(shipped(), 127)
    with pytest.raises(ValueError, match="known for year 1"):
        discount_factors(Evidence([]), 2)
