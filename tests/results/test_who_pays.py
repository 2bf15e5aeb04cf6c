"""Who pays: payers add up to what programmes cost, by the shares that the scenario names."""

import json

import fake_outcomes
import numpy as np
import pytest

from results.charts import charts_of
from results.who_pays import COMMISSIONER, NOT_NAMED, paid, spend_by_funder, who_pays


@pytest.fixture(scope="module")
def ds():
    whole = fake_outcomes.dataset(replicates=4, years=3)
    return whole.assign(commissioner_spend=0.4 * whole.programme_spend)


def test_payers_add_up_to_what_programmes_cost(ds):
    whole = paid(ds)
    assert list(whole.payer.values) == [COMMISSIONER, NOT_NAMED]
    assert np.allclose(whole.sum("payer"), ds.programme_spend.sum("year").transpose(*whole.sum("payer").dims))
    assert np.allclose(whole.sel(payer=COMMISSIONER) * 1.5, whole.sel(payer=NOT_NAMED))


def test_what_others_pay_is_shared_among_those_named(ds):
    first, second = (str(name) for name in ds.programme.values[:2])
    stated = {first: {"commissioner": 0.4, "councils": 0.15, "health": 0.45}}
    whole = paid(ds.assign_attrs(funders=json.dumps(stated)))
    own = whole.sel(programme=first)
    assert np.allclose(own.sel(payer="health"), 3.0 * own.sel(payer="councils"))
    assert not own.sel(payer=NOT_NAMED).any()
    assert not whole.sel(programme=second, payer="health").any()
    spent = ds.programme_spend.sel(programme=first).sum("year")
    assert np.allclose(own.sum("payer"), spent.transpose("alternative", "replicate"))


def test_the_chart_and_the_table_say_the_same_and_there_is_no_chart_where_one_pays_all(ds):
    _, rows = who_pays(ds).table
    _, by_programme = spend_by_funder(ds)
    for name in ds.alternative.values:
        mine = sum(row[2] for row in rows if row[0] == name)
        assert mine == pytest.approx(sum(row[3] for row in by_programme if row[0] == name))
    assert "40%" in who_pays(ds).title
    assert "who_pays" in {chart.stem for chart in charts_of(ds)}
    alone = ds.assign(commissioner_spend=ds.programme_spend)
    assert "who_pays" not in {chart.stem for chart in charts_of(alone)}
