"""What stands beside the appraisal: in no benefit, each payer once, and a case by hand."""

import fake_outcomes
import numpy as np
import pytest

from results.compare import comparator_of
from results.cross_checks import (
    BESIDE,
    BY_HAND,
    BY_SEVERITY,
    SENSITIVITY,
    anticipation,
    cross_checks,
    social_value_by_severity,
)
from results.economics.appraisal import appraisal
from results.economics.ledger import SOCIAL, present_social
from results.prices import inflation, shipped


@pytest.fixture(scope="module")
def ds():
    return fake_outcomes.dataset(replicates=4, years=3)


def test_anticipation_by_hand(ds):
    # Ten residential burglaries fewer in the first year: ten times the published 1,030 pounds, in the run's prices.
    one = ds.copy(deep=True)
    comparator = comparator_of(ds)
    same = one.expected_offences.sel(alternative=comparator, drop=True)
    one["expected_offences"] = (one.expected_offences * 0.0 + same).transpose(*ds.expected_offences.dims)
    here = (one.year == one.year[0]) & (one.offence == "residential_burglary") & (one.area == one.area[0])
    one["expected_offences"] = one.expected_offences - 10.0 * (here & (one.alternative != comparator))
    row = shipped()["crime_cost_block.anticipation[residential_burglary]"]
    found = anticipation(one, comparator).sum("year")
    assert np.allclose(found, 10.0 * row.value * inflation(shipped(), row.period, ds.attrs["price_year"]))


def test_the_appraisal_takes_nothing_from_what_stands_beside_it(ds):
    comparator = comparator_of(ds)
    before = appraisal(ds, comparator, shipped()).benefit
    other = ds.copy(deep=True)
    response = other.component.isin(["police", "cjs_other", "health_services"])
    other["expected_crime_cost"] = other.expected_crime_cost.where(~response, 0.0)
    assert np.allclose(appraisal(other, comparator, shipped()).benefit, before)


def test_every_payer_has_its_demand_beside_the_home_offices_figure(ds):
    header, rows = cross_checks(ds)
    assert all(len(row) == len(header) for row in rows)
    of_one = [row for row in rows if row[0] == "stop"]
    assert [row[3] for row in of_one].count(BY_HAND) == [row[3] for row in of_one].count(BESIDE) == 3
    assert [row[3] for row in of_one].count(SENSITIVITY) == [row[3] for row in of_one].count(BY_SEVERITY) == 1


def test_offences_of_mean_severity_are_worth_what_the_appraisal_says(ds):
    one, comparator = ds.copy(deep=True), comparator_of(ds)
    one["expected_crime_cost"], one["severity"] = one.crime_cost, one.offences
    social = present_social(one, comparator, shipped())
    expected = sum(runs for name, runs in social.items() if name in SOCIAL)
    assert np.allclose(social_value_by_severity(one, comparator), expected)
    one["severity"] = 2.0 * one.severity
    assert np.allclose(social_value_by_severity(one, comparator), 2.0 * expected)
