"""Differences are paired, ranges say what they are, and rounding keeps to what a range supports."""

import math

import fake_outcomes
import numpy as np
import pytest
import xarray as xr

from results import compare
from results.measures import MEASURES, averted_in_all
from results.readings import averted_cell, signed


def made(values: dict[str, list[float]], draws: list[str] | None = None) -> xr.Dataset:
    """A Dataset of one variable x (alternative, replicate)."""
    table = np.array(list(values.values()), dtype=float)
    coords = {"alternative": list(values), "replicate": np.arange(table.shape[1])}
    ds = xr.Dataset({"x": (("alternative", "replicate"), table)}, coords=coords, attrs={"comparator": "base"})
    return ds.assign_coords(draw=("replicate", draws or [str(r) for r in range(table.shape[1])]))


def test_pairs_runs_before_it_averages():
    ds = made({"base": [100, 200, 300], "other": [99, 198, 297]})
    told = compare.estimates(compare.averted(ds, "x", "base")).sel(alternative="other")
    assert (told.estimate, told.lower, told.upper) == (2, 1, 3)
    # Student's t of three runs: 95 in 100 within 4.302653 standard errors, of which TWICE the error is the whole.
    assert told.error.item() == pytest.approx(4.302653 / 2 / math.sqrt(3))


def test_averted_keeps_the_order_of_the_others():
    ds = made({"a": [1.0], "base": [2.0], "c": [3.0]})
    told = compare.averted(ds, "x", "base")
    assert list(told.alternative.values) == ["a", "c"]
    assert told.values.tolist() == [[1.0], [-1.0]]
    with pytest.raises(KeyError, match="no alternative of this run"):
        compare.averted(ds, "x", "nobody")


def test_from_forty_runs_the_centiles():
    few, many = (xr.DataArray(np.arange(float(n)), dims="replicate") for n in (39, 41))
    assert (compare.estimates(few).lower, compare.estimates(few).upper) == (0, 38)
    assert (compare.estimates(many).lower, compare.estimates(many).upper) == (1, 39)


@pytest.mark.parametrize(
    ("runs", "words"),
    [(1, "one run, no range"), (8, "range of 8 runs"), (39, "range of 39 runs"), (40, "95% model interval")],
)
def test_range_is_called_what_it_is(runs, words):
    assert compare.range_words(runs) == words


def test_runs_of_one_draw_are_not_independent():
    ds = made({"base": [10, 10, 20, 20]}, draws=["0", "0", "1", "1"])
    error = compare.standard_error(compare.independent(ds.x)).item()
    assert error == pytest.approx(np.std([10, 20], ddof=1) / math.sqrt(2))
    assert compare.error_of_mean(ds.x).item() == pytest.approx(12.706205 / 2 * error)
    alone = made({"base": [10, 10, 20, 20]}, draws=["0"] * 4)
    assert compare.standard_error(alone.x).item() == pytest.approx(np.std([10, 10, 20, 20], ddof=1) / 2)
    assert np.isnan(compare.error_of_mean(made({"base": [1]}).x).item())


@pytest.mark.parametrize("runs", [2, 4, 8, 30])
def test_where_nothing_is_averted_one_time_in_twenty_seems_told(runs):
    """However few the runs: else eight would find a difference one time in eleven."""
    tried = 20_000
    drawn = xr.DataArray(np.random.default_rng(runs).normal(0, 3, (tried, runs)), dims=("case", "replicate"))
    told = compare.estimates(drawn)
    share = compare.are_distinguishable(told.estimate.values, told.error.values).mean()
    assert share == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / tried))


@pytest.mark.parametrize(
    ("estimate", "lower", "upper", "smallest", "shown"),
    [
        (1234, 980, 1500, 1, ["1,200", "1,000", "1,500"]),
        (1234.4, 1180, 1300, 1, ["1,230", "1,180", "1,300"]),
        (12.3, -200, 150, 1, ["10", "-200", "150"]),
        (0.512, 0.4, 0.62, 0.001, ["0.51", "0.40", "0.62"]),
        (0.512, 0.4, 0.62, 1, ["1", "0", "1"]),
        (-0.3, -0.4, 8, 1, ["0", "0", "8"]),
        (1234567, 1234567, 1234567, 1, ["1,230,000", "1,230,000", "1,230,000"]),
        (0, 0, 0, 1, ["0", "0", "0"]),
        (2.5, 0, 5, 1, ["3", "0", "5"]),
    ],
)
def test_rounds_to_what_the_range_supports(estimate, lower, upper, smallest, shown):
    unit = compare.rounding_unit(estimate, lower, upper, smallest)
    assert [compare.figure(value, unit) for value in (estimate, lower, upper)] == shown


def test_never_prints_a_negative_zero():
    assert compare.figure(-0.0, 1) == compare.figure(-0.4, 1) == "0"
    assert compare.figure(-0.04, 0.1) == "0.0"
    assert str(compare.significant(-0.0, 3)) == "0.0"


def test_significant_figures():
    assert compare.significant(123456.0, 3) == 123000
    assert compare.significant(-0.0012345, 2) == -0.0012


@pytest.mark.parametrize(
    ("numbers", "figure", "range_"),
    [
        ((1234, 980, 1500, 90), "1,200 fewer", "1,000 to 1,500"),
        ((-1234, -1500, -980, 90), "1,200 more", "1,000 to 1,500"),
        ((50, -20, 90, 12), "50 fewer", "20 more to 90 fewer"),
        ((50, -20, 90, 60), "no clear difference", "20 more to 90 fewer"),
        ((0, 0, 0, 0), "no difference", ""),
        ((7, 7, 7, math.nan), "7.0 fewer", ""),
        ((900, -4, 2600, 300), "900 fewer", "0 to 2,600"),
        ((-900, -2600, 4, 300), "900 more", "0 to 2,600"),
        ((100, 0, 600, 150), "no clear difference", "0 to 600 fewer"),
        ((-100, -600, 0, 150), "no clear difference", "600 more to 0"),
    ],
)
def test_says_fewer_and_more_instead_of_signs(numbers, figure, range_):
    cell = averted_cell(*numbers)
    assert (cell.figure, cell.range) == (figure, range_)


def test_spend_says_less_and_more():
    assert signed(-15.0, -15.0, -15.0, 1, "less", "more").figure == "15 less"
    assert signed(0.0, 0.0, 0.0, 1, "less", "more").figure == "0"


def test_chance_is_told_from_batches_and_leaves_out_what_was_drawn():
    """Two runs whose batches spread by a known amount, one of a far larger effect: the spread alone counts."""
    batches = np.array([1.0, 3.0, 1.0, 3.0])  # variance 4/3, so of their sum 4 x 4/3
    effect = np.stack([batches, batches + 100.0])
    values = np.zeros((2, 2, 1, 4))
    values[0, :, 0] = effect  # the comparator's offences beyond those of the other alternative
    ds = xr.Dataset(
        {"expected_offences_by_batch": (("alternative", "replicate", "year", "batch"), values)},
        coords={"alternative": ["as_agreed", "other"]},
        attrs={"comparator": "as_agreed"},
    )
    error = compare.monte_carlo_error(ds)
    assert float(error.sel(alternative="other")) == pytest.approx(math.sqrt(2 * 16 / 3) / 2)


def test_where_there_is_nothing_some_one_in_twenty_differences_is_told():
    """At once its error it would be one in three, which no panel should be shown as a result."""
    told = compare.estimates(xr.DataArray(np.random.default_rng(5).normal(size=(4000, 40)), dims=("case", "replicate")))
    false = compare.are_distinguishable(told.estimate.values, told.error.values)
    assert 0.04 < false.mean() < 0.07
    assert compare.is_distinguishable(-2.1, 1.0)
    assert not compare.is_distinguishable(1.9, 1.0)
    assert not compare.is_distinguishable(1.0, math.nan)


def test_of_two_runs_one_of_which_is_zero_no_difference_is_clear():
    """The mean is then its own standard error: rounding must not decide."""
    for far in (1026.32, 281960.7, 0.1 + 0.2):
        told = compare.estimates(xr.DataArray([far, 0.0], dims="replicate"))
        assert not compare.is_distinguishable(float(told.estimate), float(told.error))


def test_a_difference_below_what_chance_makes_of_it_is_not_told_as_one():
    """Four runs that lie close together, of batches that lie far apart: the runs alone would call it clear."""
    ds = fake_outcomes.dataset(4, 3).copy(deep=True)
    comparator = compare.comparator_of(ds)
    calm = averted_in_all(ds, MEASURES[0], comparator)
    wild = np.random.default_rng(1).normal(0, 1e6, ds.expected_offences_by_batch.shape)
    ds["expected_offences_by_batch"] = ds.expected_offences_by_batch + wild
    torn = averted_in_all(ds, MEASURES[0], comparator)
    np.testing.assert_array_equal(torn.estimate, calm.estimate)
    np.testing.assert_allclose(torn.error, compare.monte_carlo_error(ds))
    assert (np.abs(torn.estimate) < torn.error).all()
    assert (calm.error < torn.error).all()
