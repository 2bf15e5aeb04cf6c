"""Who gains: four lines apart, each event valued once, and a case worked by hand to the penny."""

import json

import fake_outcomes
import numpy as np
import pytest

from model.vocabulary import COMPONENTS
from results.compare import comparator_of
from results.economics.ledger import (
    BY_DEMAND,
    LINES,
    SOCIAL,
    capacity_of_the_force,
    cash_to_the_force,
    other_public_services,
    present,
    social_value,
    worth_of_capacity,
)
from results.money_tables import CAPACITY, NO_CASH, who_gains
from results.prices import shipped


@pytest.fixture(scope="module")
def ds():
    return fake_outcomes.dataset(replicates=4, years=3)


def test_parts_of_the_cost_of_crime_are_told_by_demand_or_as_social_value_and_never_both():
    assert sorted([*SOCIAL, *BY_DEMAND]) == sorted(COMPONENTS)


def test_a_part_that_demand_tells_is_refused_as_social_value(ds):
    with pytest.raises(ValueError, match="police would be counted twice"):
        social_value(ds, comparator_of(ds), (*SOCIAL, "police"))


def test_lines_hold_all_that_is_averted_once(ds):
    comparator = comparator_of(ds)
    whole = ds.agency_cost.sel(alternative=comparator, drop=True) - ds.agency_cost.drop_sel(alternative=comparator)
    whole = whole.transpose("alternative", ...)
    police, others = worth_of_capacity(ds, comparator), other_public_services(ds, comparator).sum("payer")
    for basis in ("marginal", "average"):
        told = (police + others).sel(basis=basis)
        assert np.allclose(told, whole.sel(basis=basis).sum(("service", "payer")))
    crime = ds.expected_crime_cost.sel(component=list(SOCIAL)).sum(("component", "payer"))
    fewer = crime.sel(alternative=comparator, drop=True) - crime.drop_sel(alternative=comparator)
    assert np.allclose(social_value(ds, comparator).sum("component"), fewer.transpose("alternative", ...))
    assert not cash_to_the_force(ds, comparator).any()


def test_hours_and_their_worth_go_together(ds):
    comparator = comparator_of(ds)
    hours = capacity_of_the_force(ds, comparator).sum("role")
    worth = worth_of_capacity(ds, comparator).sel(basis="average")
    assert np.allclose(worth / hours, float((worth / hours).isel(alternative=0, replicate=0, year=0)))


def test_a_stream_of_pounds_by_hand(ds):
    # 100 pounds in each of three years at 3.5%: 100 + 96.618 + 93.351 = 289.97.
    runs = social_value(ds, comparator_of(ds)) * 0.0 + 100.0
    assert np.round(present(ds, runs, shipped()).values, 2) == pytest.approx(289.97)


def test_nothing_averted_gains_nobody_anything(ds):
    same = ds.copy(deep=True)
    for name in ("agency_cost", "expected_crime_cost", "demand_hours", "harm_eased_worth"):
        same[name] = same[name] * 0.0 + same[name].sel(alternative=comparator_of(ds), drop=True)
    _, rows = who_gains(same)
    assert rows
    assert {row[6] for row in rows} == {0.0}


def test_runs_that_gain_and_lose_are_counted_line_by_line(ds):
    header, rows = who_gains(ds)
    gain, loss = (next(at for at, head in enumerate(header) if head.endswith(end)) for end in ("a gain", "a loss"))
    for row in rows:
        assert 0 <= row[gain] + row[loss] <= ds.sizes["replicate"]
        assert not (row[gain] == ds.sizes["replicate"] and row[6] <= 0)
        assert not (row[loss] == ds.sizes["replicate"] and row[6] >= 0)
    assert any(row[gain] for row in rows)
    assert {(row[gain], row[loss]) for row in rows if row[2] == LINES[0]} == {(0, 0)}


def test_the_table_has_the_four_lines_apart_and_says_what_is_no_cash(ds):
    header, rows = who_gains(ds)
    assert len(header) == len(rows[0])
    assert list(dict.fromkeys(row[2] for row in rows)) == list(LINES)
    assert {row[-1] for row in rows if row[2] == LINES[0]} == {NO_CASH}
    assert all(row[-1].startswith(CAPACITY) for row in rows if row[2] == LINES[1])
    assert "never added up" in header[2]
    of_one = [row for row in rows if row[0] == "extra_primary"]
    assert rows.index(of_one[-1]) - rows.index(of_one[0]) == len(of_one) - 1  # an alternative's rows stand together
    assert not any("total" in str(cell).lower() for row in rows for cell in row)


def with_posts(ds, **gone):
    """The run, of whose scenario some posts go under an alternative."""
    posts = [{"role": "response", "posts": 2.0, "year": int(ds.year[1]), "pounds_a_year": 60_000.0,
              "hours_a_year": 1_500.0, **gone}]  # fmt: skip
    return ds.assign_attrs(posts_go=json.dumps({"stop": posts}))


def test_cash_is_that_of_posts_that_go_from_their_year_and_their_hours_are_no_capacity(ds):
    comparator, less = comparator_of(ds), with_posts(ds)
    cash = cash_to_the_force(less, comparator)
    assert cash.sel(alternative="stop").mean("replicate").values.tolist() == [0.0, 120_000.0, 120_000.0]
    assert not cash.drop_sel(alternative="stop").any()
    before, after = (capacity_of_the_force(one, comparator) for one in (ds, less))
    fewer = (before - after).sel(alternative="stop").sum("role")
    assert np.allclose(fewer, np.array([0.0, 3_000.0, 3_000.0]))
    assert np.allclose((before - after).drop_sel(role="response"), 0.0)
    worth = worth_of_capacity(ds, comparator) - worth_of_capacity(less, comparator)
    for basis in ("average", "marginal"):
        an_hour = float((ds.agency_cost.sel(payer="police", basis=basis).sum("service") / ds.demand_hours.sum(
            ("role", "kind"))).isel(alternative=0, replicate=0, year=0))  # fmt: skip
        assert np.allclose(worth.sel(alternative="stop", year=ds.year[1], basis=basis), 3_000.0 * an_hour)


def test_posts_of_the_comparator_too_are_nothing_gained(ds):
    posts = json.loads(with_posts(ds).attrs["posts_go"])["stop"]
    both = ds.assign_attrs(posts_go=json.dumps(dict.fromkeys(ds.alternative.values, posts)))
    assert not cash_to_the_force(both, comparator_of(ds)).any()
    assert np.allclose(capacity_of_the_force(both, comparator_of(ds)), capacity_of_the_force(ds, comparator_of(ds)))


def test_the_table_says_which_posts_go(ds):
    _, rows = who_gains(with_posts(ds))
    said = {row[0]: row[-1] for row in rows if row[2] == LINES[0]}
    assert said.pop("stop").startswith("posts that the scenario says go: 2 of response from 20")
    assert set(said.values()) == {NO_CASH}


def test_no_cash_without_a_post_whatever_is_averted(ds):
    huge = ds.copy(deep=True)
    huge["agency_cost"] = huge.agency_cost * (1.0 + 99.0 * (huge.alternative == comparator_of(ds)))
    assert not cash_to_the_force(huge, comparator_of(ds)).any()


def test_posts_of_the_comparator_that_stay_are_said_beside_what_they_would_bank(ds):
    posts = json.loads(with_posts(ds).attrs["posts_go"])["stop"]
    comparator = comparator_of(ds)
    _, rows = who_gains(ds.assign_attrs(posts_go=json.dumps({comparator: posts})))
    for row in rows:
        if row[2] == LINES[0]:
            assert row[6] < 0.0
            assert row[-1].startswith(f"under {comparator}: 2 of response")
    _, rows = who_gains(ds.assign_attrs(posts_go=json.dumps({comparator: posts, "stop": posts})))
    assert {row[-1] for row in rows if row[2] == LINES[0] and row[0] == "stop"} == {"the same posts go under both"}
