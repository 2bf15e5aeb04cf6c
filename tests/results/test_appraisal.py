"""Value for money: a case worked by hand to the penny, and what no figure may be told of."""

import fake_outcomes
import numpy as np
import pytest
import xarray as xr

from results.compare import comparator_of
from results.economics.appraisal import appraisal, spends_more
from results.money_tables import NO_RATIO, NONE_IN_SOME, NONE_ON_AVERAGE, ratio_told, value_for_money
from results.prices import shipped

COSTS = np.array([1000.0, 1000.0, 0.0, 0.0])
BENEFITS = np.array([0.0, 900.0, 900.0, 600.0])
FIRST, *_ = OTHERS = [name for name in fake_outcomes.ALTERNATIVES if name != "as_agreed"]


def made(costs=COSTS, benefits=BENEFITS, offences=10.0):
    """A run in which every other alternative differs from the comparator by these streams alone."""
    ds = fake_outcomes.dataset(replicates=3, years=4).copy(deep=True)
    comparator = comparator_of(ds)
    for name in ("agency_cost", "expected_crime_cost", "programme_spend", "commissioner_spend", "demand_hours",
                 "expected_offences", "expected_harm"):  # fmt: skip
        ds[name] = ds[name] * 0.0 + ds[name].sel(alternative=comparator, drop=True) + 1e4

    def of_others(stream):
        here = xr.DataArray(stream, dims="year", coords={"year": ds.year})
        return here * (ds.alternative != comparator)

    def one(name, **place):
        return xr.zeros_like(ds[name]) + xr.where((xr.concat([ds[dim] == at for dim, at in place.items()], "of")).all(
            "of"), 1.0, 0.0)  # fmt: skip

    lost = one("expected_crime_cost", component="lost_output", payer="economy")
    ds["expected_crime_cost"] = ds.expected_crime_cost - lost * of_others(benefits)
    first = ds.programme.values[0]
    for name, share in (("programme_spend", 1.0), ("commissioner_spend", 0.25)):
        ds[name] = ds[name] + share * one(name, programme=first) * of_others(costs)
    fewer = one("expected_offences", offence="robbery", area=ds.area.values[0])
    ds["expected_offences"] = ds.expected_offences - fewer * of_others(np.full(4, offences / 4.0))
    return ds


def told(ds):
    _, rows = value_for_money(ds)
    return {row[2]: row[4:] for row in rows if row[0] == FIRST}


def test_the_case_worked_by_hand_is_met_to_the_penny():
    # Costs 1,000 + 966.18; benefits 869.57 + 840.16 + 541.17: see test_economics.py.
    rows = told(made())
    assert round(rows["cost to all who pay"][0], 2) == 1966.18
    assert round(rows["of which the commissioner's"][0], 2) == 491.55
    assert round(rows["benefit to society"][0], 2) == 2250.89
    assert round(rows["net present social value"][0], 2) == 284.71
    assert round(rows["benefit-cost ratio"][0], 4) == 1.1448
    assert round(rows["break-even effect"][0], 4) == 0.8735
    assert rows["fiscal return"][0] == 0.0  # what is averted is lost output alone
    assert round(rows["cost of an offence averted"][0], 2) == 196.62
    assert rows["runs with a net benefit"][0] == rows["runs that pay back within the plan"][0] == 3
    assert rows["payback"][0] == 4.0  # by the end of the fourth year


def test_what_pays_back_never_says_so():
    rows = told(made(benefits=BENEFITS / 2.0))
    assert rows["runs with a net benefit"][0] == rows["runs that pay back within the plan"][0] == 0
    assert rows["payback"][-1].startswith("half of the runs or more do not pay back")


def test_no_ratio_of_a_saving():
    ds = made(costs=-COSTS)
    assert spends_more(ds, comparator_of(ds)) == []
    rows = told(ds)
    assert rows["benefit-cost ratio"][-1] == rows["cost of an offence averted"][-1] == NO_RATIO
    assert "payback" not in rows


def test_nothing_averted_has_no_cost_of_an_offence():
    rows = told(made(offences=0.0))
    assert rows["cost of an offence averted"][-1] == NONE_ON_AVERAGE


def test_a_ratio_is_of_means_and_has_no_end_where_a_run_has_nothing_below():
    above, below = (xr.DataArray(one, dims="replicate") for one in ([10.0, 10.0, 10.0], [5.0, 10.0, 0.0]))
    assert ratio_told(above, below) == [2.0, 1.0, np.inf, NONE_IN_SOME]


def test_net_is_benefit_less_cost_in_every_run():
    ds = fake_outcomes.dataset(replicates=4, years=5)
    found = appraisal(ds, comparator_of(ds), shipped())
    assert found.net.values == pytest.approx((found.benefit - found.cost).values)
    assert found.cost.dims == ("alternative", "replicate")
    assert found.offences.transpose(*found.cost.dims).shape == found.cost.shape
