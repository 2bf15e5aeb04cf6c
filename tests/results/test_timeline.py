"""When effects come: clear of chance and staying so, half there, and never where they do not."""

import fake_outcomes
import numpy as np
import pytest
import xarray as xr

from results.timeline import NEVER, comes, effects, tiers_of, when_effects_come

YEARS = 4


def run(by_year, noise=0.0):
    """(replicate, year) so far, and its batches (replicate, batch, year) without chance."""
    steps = np.array([by_year, by_year, by_year], dtype=float) + noise * np.array([[-1.0], [0.0], [1.0]])
    so_far = xr.DataArray(np.cumsum(steps, axis=1), dims=("replicate", "year"))
    batches = xr.DataArray(np.repeat(so_far.values[:, None, :] / 2, 2, axis=1), dims=("replicate", "batch", "year"))
    return so_far, batches


def test_an_effect_from_the_start_is_clear_at_once_and_half_when_it_is_half():
    found = comes("one", "primary", *run([10.0, 10.0, 10.0, 10.0]))
    assert (found.clear, found.half, found.fewer) == (0, 1, True)
    found = comes("one", "primary", *run([-10.0, 0.0, 0.0, 0.0]))
    assert (found.clear, found.half, found.fewer) == (0, 0, False)


def test_an_effect_that_turns_round_is_not_clear_before_it_has_turned():
    found = comes("one", "primary", *run([10.0, -5.0, -15.0, -10.0]))
    assert found.clear == 2
    assert not found.fewer


def test_what_is_below_its_error_is_never_clear():
    found = comes("one", "primary", *run([1.0, 1.0, 1.0, 1.0], noise=20.0))
    assert (found.clear, found.half) == (None, None)


def test_chance_of_a_run_counts_though_runs_agree():
    so_far, batches = run([1.0, 1.0, 1.0, 1.0])
    apart = batches + xr.DataArray([-50.0, 50.0], dims="batch")
    assert comes("one", "primary", so_far, apart).clear is None


@pytest.fixture(scope="module")
def ds():
    return fake_outcomes.dataset(replicates=4, years=YEARS)


def test_every_alternative_has_a_row_with_the_tiers_of_its_money(ds):
    header, rows = when_effects_come(ds)
    assert [row[0].lower().replace(" ", "_") for row in rows] == [
        name for name in ds.alternative.values if name != "as_agreed"
    ]
    assert all(len(row) == len(header) for row in rows)
    for row, found in zip(rows, effects(ds), strict=True):
        assert (row[3] == NEVER) == (found.clear is None)
    changed = ds.copy(deep=True)
    changed["programme_spend"] = changed.programme_spend * 0.0
    changed["programme_spend"] += 1e5 * ((changed.tier == "tertiary") & (changed.alternative == "stop"))
    assert tiers_of(changed, "stop", "as_agreed") == "tertiary"
    assert tiers_of(changed, "extra_primary", "as_agreed") == ""
