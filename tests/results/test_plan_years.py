"""Year by year: lines that hold all there is, where a plan ends, and when what is spent comes back."""

import fake_outcomes
import numpy as np
import pytest
import xarray as xr

from results.compare import comparator_of
from results.economics.appraisal import appraisal, streams
from results.economics.ledger import other_public_services
from results.labels import year_name
from results.money_charts import cumulative
from results.plan_years import (
    BEYOND,
    IN_CASH,
    INSIDE,
    PUBLIC,
    SOCIETY,
    lines_by_year,
    money_by_year,
    net_so_far,
    plan_end,
    years_to_payback,
)
from results.prices import shipped


@pytest.fixture(scope="module")
def ds():
    return fake_outcomes.dataset(replicates=4, years=5)


def stopped(ds, year):
    """The same run, in which no programme has money from a year on."""
    cut = ds.copy(deep=True)
    for name in ("programme_spend", "commissioner_spend"):
        cut[name] = cut[name].where(cut.year < year, 0.0)
    return cut


def test_the_plan_ends_with_the_last_money(ds):
    assert plan_end(ds, "extra_primary") == int(ds.year[-1])
    assert plan_end(stopped(ds, int(ds.year[3])), "extra_primary") == int(ds.year[2])
    # Nothing is ever spent: nothing is beyond it.
    assert plan_end(stopped(ds, int(ds.year[0])), "extra_primary") == int(ds.year[-1])
    alone = ds.copy(deep=True)  # one stops while the comparator goes on
    keeps = (ds.alternative != "extra_primary") | (ds.year < int(ds.year[3]))
    alone["programme_spend"] = (ds.programme_spend * keeps).transpose(*ds.programme_spend.dims)
    assert plan_end(alone, "extra_primary") == int(ds.year[2])
    assert plan_end(alone, "extra_secondary") == int(ds.year[-1])


def test_years_beyond_the_plan_are_marked_and_still_told(ds):
    _, rows = money_by_year(stopped(ds, int(ds.year[3])))
    by_year = {row[3]: row[4] for row in rows}
    assert list(by_year.values()) == [INSIDE] * 3 + [BEYOND] * 2
    assert any(row[4] == BEYOND and row[5] for row in rows if row[2] == "social value")
    assert not any(row[5] for row in rows if row[4] == BEYOND and row[2].startswith("cost"))


def test_lines_by_year_add_up_to_the_appraisal(ds):
    comparator = comparator_of(ds)
    lines, found = lines_by_year(ds, comparator), appraisal(ds, comparator, shipped())
    ends = {name: runs.isel(year=-1) for name, runs in net_so_far(ds, comparator).items()}
    assert np.allclose(ends[SOCIETY], found.net)
    assert np.allclose(ends[IN_CASH], -found.commissioner)  # no post goes
    # Hours are capacity and no cash: they are in society's sum, and in no purse's.
    assert np.allclose(ends[PUBLIC], found.public - found.cost)
    whole = sum(runs for name, runs in lines.items() if not name.startswith(("cost", "of which")))
    undiscounted = streams(ds, comparator, shipped())
    transfers = other_public_services(ds, comparator).sel(basis="marginal", payer="benefits_and_tax")
    assert np.allclose(whole - transfers, undiscounted.benefit)
    assert not any(runs.any() for name, runs in lines.items() if name.startswith("cash"))


def test_what_falls_behind_again_has_not_paid_back():
    runs = xr.DataArray(
        np.array([[[-1.0, 1.0, 2.0, 3.0]], [[-1.0, 1.0, -2.0, -3.0]], [[0.0, 0.0, 0.0, 0.0]]]),
        dims=("alternative", "replicate", "year"), coords={"alternative": ["back", "behind", "same"]},
    )  # fmt: skip
    assert years_to_payback(runs).values.tolist() == [2.0, np.inf, 1.0]


def test_the_chart_and_the_table_tell_one_payback(ds):
    comparator = comparator_of(ds)
    found, so_far = appraisal(ds, comparator, shipped()), net_so_far(ds, comparator)[SOCIETY]
    assert np.array_equal(years_to_payback(so_far).values, np.median(found.payback.values, axis=1) + 1.0)


def test_the_data_beside_the_chart_are_what_it_draws(ds):
    _, rows = cumulative(ds).table
    sums = net_so_far(ds, comparator_of(ds))
    assert len(rows) == len(sums) * (ds.sizes["alternative"] - 1) * ds.sizes["year"]
    for name, _, purse, year, estimate, lower, upper, _ in rows:
        runs = sums[purse].sel(alternative=name).isel(year=[year_name(int(one)) for one in ds.year].index(year))
        assert lower <= estimate <= upper
        assert estimate == pytest.approx(float(runs.mean()))


def test_no_title_claims_that_a_saving_pays_back(ds):
    cheap = ds.copy(deep=True)
    for name in ("programme_spend", "commissioner_spend"):
        cheap[name] = cheap[name].where(cheap.alternative == comparator_of(cheap), 0.0)
    assert cumulative(cheap).title == "No alternative costs more than the comparator in every run"
