"""Who is spared by where they live: the Green Book's weights, and sums that hold."""

import fake_outcomes
import numpy as np
import pytest

from model.vocabulary import COMPONENTS
from results.compare import comparator_of
from results.economics.fifths import OF_VICTIMS, offences_against, spared, weights
from results.fifth_tables import ALL, FIFTHS, victims_by_fifth
from results.prices import PAYER_OF, prices, shipped


@pytest.fixture(scope="module")
def ds():
    return fake_outcomes.dataset(replicates=4, years=3)


def test_weights_are_those_of_the_green_book():
    # Median 32,400; poorest fifth 14,700: (32,400 / 14,700)^1.3 = 2.794; richest (32,400 / 66,000)^1.3 = 0.3966.
    found = weights(shipped())
    assert found.sel(quintile=1) == pytest.approx(2.7938, abs=1e-3)
    assert found.sel(quintile=3) == 1.0
    assert found.sel(quintile=5) == pytest.approx(0.3966, abs=1e-3)
    assert (np.diff(found.values) < 0).all()


def test_fifths_hold_every_offence_against_a_resident_once(ds):
    comparator = comparator_of(ds)
    runs = offences_against(ds, comparator)
    whole = ds.victimisations.sum(("quintile", "offence", "year"))
    fewer = whole.sel(alternative=comparator, drop=True) - whole.drop_sel(alternative=comparator)
    assert np.allclose(runs.sum("quintile"), fewer.transpose("alternative", "replicate"))


def test_victims_bear_their_own_parts_and_a_pound_of_a_later_year_is_worth_less(ds):
    assert {PAYER_OF[part] for part in OF_VICTIMS} == {"victims"}
    comparator = comparator_of(ds)
    one = ds.copy(deep=True)
    same = one.victimisations.sel(alternative=comparator, drop=True)
    one["victimisations"] = (one.victimisations * 0.0 + same).transpose(*ds.victimisations.dims)
    last = (one.year == one.year[-1]) & (one.quintile == 2) & (one.offence == "robbery")
    one["victimisations"] = one.victimisations - 10.0 * (last & (one.alternative != comparator))
    each = prices(shipped(), ds.attrs["price_year"], {})  # the fake run draws no price
    robbery = each.unit_cost[:, list(ds.offence.values).index("robbery")]
    health, goods = (robbery[COMPONENTS.index(part)] for part in ("physical_emotional_harm", "property_stolen_damaged"))
    found = spared(one, comparator, shipped()).mean("replicate").isel(alternative=0)
    assert found.sel(quintile=2) == pytest.approx(10.0 * (health / 1.015**2 + goods / 1.035**2))
    assert not found.drop_sel(quintile=2).any()


def test_the_table_shows_both_and_weights_change_no_count(ds):
    header, rows = victims_by_fifth(ds)
    assert all(len(row) == len(header) for row in rows)
    of_one = [row for row in rows if row[0] == "stop"]
    assert [row[2] for row in of_one] == [*FIFTHS, ALL]
    weight, plain, weighted = 9, 6, 10
    for row in of_one[:-1]:
        assert row[weighted] == pytest.approx(row[plain] * row[weight])
    assert of_one[-1][weighted] == pytest.approx(sum(row[weighted] for row in of_one[:-1]))
    assert of_one[-1][weight] == ""
