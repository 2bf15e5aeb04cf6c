"""Simulation-based calibration on figures of known unknowns: it passes what is right, and fails what is not."""

import numpy as np
import pytest

from calibration.fit.emulators import LEAST_RUNS, emulate, emulated, together
from calibration.fit.posterior import held, turn_of
from calibration.fit.simulated import WALKERS, Proposed, coverage, covered, of_one_run, set_out
from calibration.targets.reader import Target

FIGURES, RUNS, WORLDS, STEPS = 10, 160, 100, 40
SHARED, OWN = 0.15, 0.05  # chance that all figures share, and of each alone
# The first unknown moves all figures alike, as what they share does; the others move them apart.
LINES = np.array([np.ones(FIGURES), np.tile([1.0, -1.0], 5), np.repeat([1.0, -1.0], 5)])
UNKNOWNS = len(LINES)
TARGETS = tuple(
    Target(f"t{t}", f"f{t}", "w", 1.0, 0.1, "u", "p", "a", "s", "checked", "fit") for t in range(FIGURES)
)


def lived(rng, number):
    """Places, and figures that miss by chance of their own and of one that all share, as a total and its parts do."""
    places = rng.random((number, UNKNOWNS))
    chance = SHARED * rng.standard_normal((number, 1)) + OWN * rng.standard_normal((number, FIGURES))
    return places, places @ LINES + chance


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(11)
    places, figures = lived(rng, RUNS)
    against = held(TARGETS, [emulate(column, places) for column in figures.T])
    places = rng.random((512, UNKNOWNS))
    return against, lived(rng, WORLDS), Proposed(places, emulated(against.emulators, places))


def shares_held(against, worlds, proposed, number=WORLDS):
    """(unknowns,) how often the middle 90% hold the truth."""
    ranks = [
        covered((number, place, figures, False), against, proposed, STEPS)
        for number, (place, figures) in enumerate(zip(*(of[:number] for of in worlds), strict=True))
    ]
    return coverage(np.array(ranks))[1]


def test_ranges_hold_the_truth_as_often_as_they_say(world):
    told = shares_held(*world)
    assert told.mean() == pytest.approx(0.9, abs=0.04)
    assert told == pytest.approx(0.9, abs=0.09)


def test_what_figures_share_taken_for_their_own_is_found_out(world, monkeypatch):
    monkeypatch.setattr("calibration.fit.simulated.turn_of", lambda correlation: np.eye(len(correlation)))
    told = shares_held(*world, WORLDS // 2)
    assert told[0] < 0.7  # far too sure of what moves all alike
    assert (told[1:] > 0.92).all()  # and not sure enough of what moves them apart


def test_errors_told_too_small_are_found_out(world):
    against, *others = world
    small = tuple(one._replace(error=one.error / 2) for one in against.emulators)
    assert shares_held(against._replace(emulators=small), *others, WORLDS // 2).mean() < 0.8


def test_walkers_set_out_as_wide_as_the_posterior_is(world):
    against, (_, figures), _ = world
    own, _ = of_one_run(against, figures[0], weighed=False)
    start = set_out(own, np.full(UNKNOWNS, 0.5), np.random.default_rng(1))
    assert start.shape == (WALKERS, UNKNOWNS)
    assert start[:, 0].std() == pytest.approx(SHARED, rel=0.35)
    assert start[:, 1:].std(axis=0) == pytest.approx(OWN / FIGURES**0.5, rel=0.6)


def test_a_figure_that_no_unknown_moves_is_left_out(world):
    against, (_, figures), _ = world
    rng = np.random.default_rng(3)
    flat = emulate(rng.standard_normal(RUNS), rng.random((RUNS, UNKNOWNS)))
    assert flat.is_flat
    more = against._replace(
        emulators=(*against.emulators, flat), weight=np.append(against.weight, 1.0), value=np.append(against.value, 1.0)
    )
    _, kept = of_one_run(more, np.append(figures[0], 9.0), weighed=True)
    assert kept.tolist() == list(range(FIGURES))


def left_of(columns):
    """Emulators that tell of nothing but what they left of each run."""
    flat = emulate(np.arange(RUNS, dtype=float), np.random.default_rng(4).random((RUNS, UNKNOWNS)))
    return [flat._replace(left=column) for column in columns.T]


def test_figures_that_few_runs_have_part_from_no_other():
    rng = np.random.default_rng(6)
    columns = rng.standard_normal((RUNS, 5)) + rng.standard_normal((RUNS, 1))
    before = together(left_of(columns))
    columns = np.column_stack([columns, columns[:, 0], np.full(RUNS, np.nan), columns[:, 1]])
    columns[: RUNS // 2, 5], columns[LEAST_RUNS - 1 :, 7] = np.nan, np.nan  # half of the runs; fewer than are enough
    told = together(left_of(columns))
    assert np.allclose(np.diag(told), 1.0)
    assert told[:5, :5] == pytest.approx(before, abs=0.05)  # others are as they were
    assert told[0, 5] > 0.6  # what half of the runs show counts as far as it shows
    assert not told[6, :6].any()
    assert not told[7, :7].any()
    assert np.linalg.eigvalsh(told).min() > 0.0


def test_turned_misfits_do_not_depend_on_the_order_of_targets():
    rng = np.random.default_rng(7)
    correlation = np.corrcoef(rng.standard_normal((40, 6)) + rng.standard_normal((40, 1)), rowvar=False)
    off, order = rng.standard_normal(6), rng.permutation(6)
    assert (off @ turn_of(correlation))[order] == pytest.approx(off[order] @ turn_of(correlation[np.ix_(order, order)]))
    assert turn_of(correlation) @ correlation @ turn_of(correlation) == pytest.approx(np.eye(6))
