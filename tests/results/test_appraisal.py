"""Value for money: a case worked by hand to the penny, and what no figure may be told of."""

import json

import fake_outcomes
import numpy as np
import pytest
import xarray as xr

from results.compare import NOT_DISTINGUISHABLE, comparator_of
from results.economics.appraisal import appraisal, spends_more
from results.money_tables import (
    NO_CLEAR_NET,
    NO_RATIO,
    NONE_IN_SOME,
    NONE_ON_AVERAGE,
    SEE_TURNED,
    TURNED,
    ratio_told,
    value_for_money,
)
from results.plan_years import gains_surely
from results.prices import shipped

COSTS = np.array([1000.0, 1000.0, 0.0, 0.0])
BENEFITS = np.array([0.0, 900.0, 900.0, 600.0])
FIRST, *_ = OTHERS = [name for name in fake_outcomes.ALTERNATIVES if name != "as_agreed"]


def made(costs=COSTS, benefits=BENEFITS, offences=10.0):
    """A run in which every other alternative differs from the comparator by these streams alone."""
    ds = fake_outcomes.dataset(replicates=3, years=4).copy(deep=True)
    comparator = comparator_of(ds)
    for name in ("agency_cost", "expected_crime_cost", "programme_spend", "commissioner_spend", "demand_hours",
                 "expected_offences", "expected_harm", "harm_eased_worth"):  # fmt: skip
        ds[name] = ds[name] * 0.0 + ds[name].sel(alternative=comparator, drop=True) + 1e4
    less(ds, "expected_crime_cost", benefits, component="lost_output", payer="economy")
    first = ds.programme.values[0]
    less(ds, "programme_spend", -costs, programme=first)
    less(ds, "commissioner_spend", -0.25 * costs, programme=first)
    less(ds, "expected_offences", np.full(4, offences / 4.0), offence="robbery", area=ds.area.values[0])
    return ds


def less(ds, name, stream, **place):
    """Take a stream by year off a variable at one place of each alternative but the comparator."""
    here = xr.ones_like(ds[name])
    for dim, at in place.items():
        here = here * (ds[dim] == at)
    ds[name] = ds[name] - here * xr.DataArray(stream, dims="year", coords={"year": ds.year}) * (
        ds.alternative != comparator_of(ds)
    )


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
    # 2.5 offences a year: 2.5 (1 + 0.966184 + 0.933511 + 0.901943) = 9.504 of today.
    assert round(rows["cost of an offence averted"][0], 2) == 206.88
    assert rows["runs with a net benefit"][0] == rows["runs that pay back within these years"][0] == 3
    assert rows["payback"][0] == 4.0  # by the end of the fourth year


def test_a_place_costs_and_is_worth_what_the_case_says():
    ds = made()
    first = ds.programme.values[0]
    ds["programme_starts"] = ds.programme_starts * 0.0 + 50.0
    less(ds, "programme_starts", -np.array([100.0, 100.0, 0.0, 0.0]), programme=first)
    cost, worth = (cells for measure, cells in told(ds).items() if "place" in measure)
    # 100 people in each of the first two years: 196.6184 of today; 1,966.18 and 2,250.89 over them.
    assert round(cost[0], 2) == 10.0
    assert round(worth[0], 2) == 11.45
    less(ds, "programme_spend", -COSTS, programme=ds.programme.values[1])  # two schemes: whose place would it be?
    assert not any("place" in measure for measure in told(ds))


def test_a_gain_in_most_of_the_runs_alone_pays_back_at_no_time():
    """However clear its mean: one run in three would be one public in three that never has its money back."""
    ds = made()
    assert told(ds)["payback"][0] == 4.0
    by_run = xr.DataArray([1e6, 1e6, -2.0], dims="replicate") * 1e3
    here = (ds.component == "lost_output") * (ds.payer == "economy") * (ds.alternative != comparator_of(ds))
    ds["expected_crime_cost"] = (ds.expected_crime_cost - by_run * here).transpose(*ds.expected_crime_cost.dims)
    rows = told(ds)
    assert rows["payback"] == ["", "", "", NO_CLEAR_NET]
    assert rows["runs that pay back within these years"][0] == 2


@pytest.mark.parametrize(
    ("gains", "runs", "sure"), [(1, 1, False), (8, 8, True), (7, 8, False), (19, 20, True), (94, 100, False)]
)
def test_a_gain_is_sure_in_nineteen_of_twenty_runs(gains, runs, sure):
    net = xr.DataArray(np.where(np.arange(runs) < gains, 1.0, -1e-9), dims="replicate")
    assert gains_surely(net) == sure


def test_costs_are_corrected_by_how_good_the_costing_is_and_savings_never():
    ds = made()
    first = str(ds.programme.values[0])
    for grade, more in ((5, 0.0), (3, 0.1), (1, 0.4)):
        ds.attrs["cost_grades"] = json.dumps({first: grade})
        rows = told(ds)
        dear = 1966.18 * (1.0 + more)
        assert rows["cost to all who pay, corrected for optimism"][0] == pytest.approx(dear, abs=0.01)
        net = rows["net present social value, cost corrected for optimism"][0]
        assert net == pytest.approx(2250.89 - dear, abs=0.011)
        runs = rows["runs with a net benefit, cost corrected for optimism"][0]
        assert runs == (3 if net > 0 else 0)
    del ds.attrs["cost_grades"]  # a run that does not tell counts as guessed
    assert told(ds)["cost to all who pay, corrected for optimism"][0] == pytest.approx(1966.18 * 1.4, abs=0.01)
    saved = told(made(costs=-COSTS))
    assert saved["cost to all who pay, corrected for optimism"][0] == saved["cost to all who pay"][0] < 0.0


def test_what_pays_back_never_says_so():
    rows = told(made(benefits=BENEFITS / 2.0))
    assert rows["runs with a net benefit"][0] == rows["runs that pay back within these years"][0] == 0
    assert rows["payback"][-1].startswith("half of the runs or more do not pay back")


def test_each_part_of_the_benefit_counts_once_with_its_sign_and_at_the_margin():
    now = np.array([1.0, 0.0, 0.0, 0.0])  # in the first year, of which a pound is a pound
    ds = made(benefits=0.0 * BENEFITS)
    less(ds, "agency_cost", 300.0 * now, service="arrests", payer="police", basis="marginal")
    less(ds, "agency_cost", 40.0 * now, service="prison_months", payer="justice", basis="marginal")
    less(ds, "agency_cost", 5.0 * now, service="benefit_months", payer="benefits_and_tax", basis="marginal")
    less(ds, "agency_cost", 9e6 * now, service="prison_months", payer="justice", basis="average")
    less(ds, "expected_crime_cost", 2000.0 * now, component="physical_emotional_harm", payer="victims")
    less(ds, "expected_crime_cost", 7e6 * now, component="police", payer="police")  # told by demand already
    less(ds, "harm_eased_worth", -10000.0 * now)  # more of it is eased
    less(ds, "expected_harm", 100.0 * now, area=ds.area.values[0])
    rows = told(ds)
    assert rows["benefit to society"][0] == pytest.approx(300.0 + 40.0 + 2000.0 + 10000.0)
    assert rows["fiscal return"][0] == pytest.approx(45.0 / 1966.1836, rel=1e-6)
    assert rows["cost of a day of crime harm averted"][0] == pytest.approx(19.661836, rel=1e-6)


def test_money_moved_between_programmes_at_no_cost_has_no_ratio():
    ds = made(costs=0.0 * COSTS)
    for sign, programme in ((1.0, 0), (-1.0, 1)):
        less(ds, "programme_spend", sign * np.full(4, 1234.56789 / 3.0), programme=ds.programme.values[programme])
    assert told(ds)["benefit-cost ratio"][-1] == NO_RATIO


def test_costs_that_come_back_later_are_held_against_by_their_present_value():
    rows = told(made(costs=np.array([-1000.0, 0.0, 0.0, 1001.0])))  # a sum of 1, a present value of -97
    assert rows["benefit-cost ratio"][-1] == rows["cost of an offence averted"][-1] == SEE_TURNED


def test_no_ratio_of_a_saving():
    ds = made(costs=-COSTS)
    assert spends_more(ds, comparator_of(ds), appraisal(ds, comparator_of(ds), shipped())) == []
    rows = told(ds)
    assert rows["benefit-cost ratio"][-1] == rows["cost of an offence averted"][-1] == SEE_TURNED
    assert "payback" not in rows


def test_what_the_comparator_buys_beyond_a_saving_is_the_case_worked_by_hand_turned_round():
    ds = made(costs=-COSTS, benefits=-BENEFITS, offences=-10.0)
    ds.attrs["cost_grades"] = json.dumps({str(ds.programme.values[0]): 3})
    rows = told(ds)
    assert round(rows["net present social value"][0], 2) == -284.71
    assert rows["runs with a net benefit"][0] == 0
    forward = told(made())
    for measure in ("benefit-cost ratio", "break-even effect", "cost of an offence averted", "payback",
                    "runs with a net benefit", "runs that pay back within these years"):  # fmt: skip
        assert rows[f"{TURNED}{measure}"][0] == pytest.approx(forward[measure][0])
    # Optimism is about what is spent, and here the comparator spends it: 1,966.18 and a tenth of it.
    turned = appraisal(ds, comparator_of(ds), shipped(), turned=True)
    assert float(turned.corrected.sel(alternative=FIRST).mean()) == pytest.approx(1.1 * 1966.1836)
    assert not any(measure.startswith(TURNED) for measure in forward)


def test_harm_to_health_is_discounted_by_its_own_rate_and_by_no_other():
    later = np.array([0.0, 1000.0, 0.0, 1000.0])
    ds = made(benefits=0.0 * BENEFITS)
    less(ds, "expected_crime_cost", later, component="physical_emotional_harm", payer="victims")
    # 1 / 1.015 = 0.985222; ^3 0.956317.
    assert round(told(ds)["benefit to society"][0], 2) == 1941.54
    other = made(benefits=later)  # lost output: 1 / 1.035 = 0.966184; ^3 0.901943
    assert round(told(other)["benefit to society"][0], 2) == 1868.13


def test_nothing_averted_has_no_cost_of_an_offence():
    rows = told(made(offences=0.0))
    assert rows["cost of an offence averted"][-1] == NONE_ON_AVERAGE


def test_a_ratio_is_of_means_and_has_no_end_where_a_run_has_nothing_below():
    def runs(*values):
        return xr.DataArray(list(values), dims="replicate")

    assert ratio_told(runs(*[14.0] * 8), runs(*[8.0] * 7, 0.0)) == [2.0, 1.75, "", NONE_IN_SOME]
    assert ratio_told(runs(10.0, 10.0), runs(5.0, -6.0)) == ["", "", "", NONE_ON_AVERAGE]
    assert ratio_told(runs(-30.0, 20.0, 1.0), runs(10.0, 10.0, 10.0))[-1] == NOT_DISTINGUISHABLE
    assert ratio_told(runs(10.0), runs(5.0)) == [2.0, 2.0, 2.0, "one run: its error is unknown"]


def test_net_is_benefit_less_cost_in_every_run():
    ds = fake_outcomes.dataset(replicates=4, years=5)
    found = appraisal(ds, comparator_of(ds), shipped())
    assert found.net.values == pytest.approx((found.benefit - found.cost).values)
    assert found.cost.dims == ("alternative", "replicate")
    assert found.offences.transpose(*found.cost.dims).shape == found.cost.shape
