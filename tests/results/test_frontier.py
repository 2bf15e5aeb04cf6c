"""The budget frontier: programmes in the order of what a pound averts, and what they do to one another said."""

import json

import fake_outcomes
import pytest
import xarray as xr

from results.charts import charts_of
from results.frontier import frontier, frontier_table, has_frontier, parts_in_order, whole_of
from results.tables import tables_of


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    """as_agreed is the plan, stop is no money; two of its programmes."""
    made = fake_outcomes.dataset(4, 3)
    parts = [
        {"name": "parenting", "without": "extra_primary", "alone": "extra_secondary"},
        {"name": "ae_navigator", "without": "extra_tertiary", "alone": "extra_primary"},
    ]
    made = made.assign_attrs(attribution=json.dumps({"by": "programme", "nothing": "stop", "parts": parts}))
    made["programme_spend"] = made.programme_spend * 0.0
    made["programme_spend"] += 3e5 * (made.programme == "parenting") + 1e5 * (made.programme == "ae_navigator")
    return made


def test_the_steps_are_in_order_and_hold_what_each_programme_averts(ds):
    parts = parts_in_order(ds)
    crime = ds.expected_offences.isel(offence=slice(0, -1)).sum(("area", "offence", "year")).mean("replicate")
    withheld = {"Parenting programme": "extra_primary", "A&E navigators": "extra_tertiary"}
    for part in parts:
        name = next(key for key in withheld if part.name.startswith(key))
        fewer = float(crime.sel(alternative=withheld[name]) - crime.sel(alternative="as_agreed"))
        assert part.averted == pytest.approx(fewer, abs=0.01)
    assert {round(part.cost) for part in parts} == {900, 300}  # thousands over three years
    worth = [part.averted / part.cost for part in parts]
    assert worth == sorted(worth, reverse=True)


def test_the_note_says_what_the_steps_do_not_add_up_to(ds):
    crime = ds.expected_offences.isel(offence=slice(0, -1)).sum(("area", "offence", "year")).mean("replicate")
    whole = float(crime.sel(alternative="stop") - crime.sel(alternative="as_agreed"))
    assert whole_of(ds) == pytest.approx(whole, abs=0.01)
    assert "do to one another" in frontier(ds).note
    header, rows = frontier_table(ds)
    assert all(len(row) == len(header) for row in rows)
    assert rows[-1][7] == pytest.approx(1.2e6)


def test_only_a_run_that_was_asked_for_programmes_has_one(ds):
    by_tier = ds.assign_attrs(attribution=json.dumps({**json.loads(ds.attrs["attribution"]), "by": "tier"}))
    plain = ds.assign_attrs(attribution="")
    assert has_frontier(ds)
    assert not has_frontier(by_tier)
    assert not has_frontier(plain)
    assert "budget_frontier" in {chart.stem for chart in charts_of(ds)} & {table.stem for table in tables_of(ds)}
    assert "budget_frontier" not in {table.stem for table in tables_of(plain)}
