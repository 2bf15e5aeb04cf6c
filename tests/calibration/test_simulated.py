"""Simulation-based calibration on figures of known unknowns: coarse, as of few worlds (a quarter off would pass)."""

import numpy as np
import pytest

from calibration.fit import simulated
from calibration.fit.emulators import emulate, together
from calibration.fit.posterior import Held, held, log_likelihood
from calibration.fit.simulated import SPREAD, WALKERS, coverage, covered, of_one_run, set_out
from calibration.targets.reader import Target

UNKNOWNS, RUNS, WORLDS = 3, 160, 60
LINES = np.array([[2.0, 0.0, 0.0], [0.0, 1.5, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]).T
TARGETS = tuple(Target(f"t{t}", f"f{t}", "w", 1.0, 0.1, "u", "p", "a", "s", "checked", "fit") for t in range(5))


def lived(rng, number):
    """Places, and figures that miss by chance of their own and of one that all share, as a total and its parts do."""
    places = rng.random((number, UNKNOWNS))
    return places, places @ LINES + 0.35 * rng.standard_normal((number, 1)) + 0.1 * rng.standard_normal((number, 5))


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(11)
    places, figures = lived(rng, RUNS)
    emulators = [emulate(column, places) for column in figures.T]
    return held(TARGETS, emulators), lived(rng, WORLDS), rng.random((2048, UNKNOWNS))


def share_held(against, worlds, proposed, weighed):
    ranks = [
        covered((number, place, figures, weighed), against, proposed)
        for number, (place, figures) in enumerate(zip(*worlds, strict=True))
    ]
    return coverage(np.array(ranks)).mean()


def test_ranges_hold_the_truth_as_often_as_they_say(world, monkeypatch):
    monkeypatch.setattr(simulated, "STEPS", 60)  # enough for three unknowns
    error = np.sqrt(0.9 * 0.1 / (WORLDS * UNKNOWNS))
    assert share_held(*world, weighed=False) == pytest.approx(0.9, abs=4 * error)


def test_what_figures_share_changes_what_they_say(world):
    against, (_, figures), _ = world
    assert together(against.emulators)[np.triu_indices(5, 1)].mean() > 0.7
    one = of_one_run(against, figures[0], weighed=False)
    apart = Held(*one[:-1], root=np.eye(5))
    line = np.column_stack([np.linspace(0, 1, 101), np.full(101, 0.5), np.full(101, 0.5)])
    depth = [np.ptp(log_likelihood(each, line)) for each in (one, apart)]
    assert not np.isclose(depth[0], depth[1], rtol=0.05)


def test_walkers_set_out_from_many_places_and_likelier_ones_more_often():
    rng = np.random.default_rng(1)
    likely = -np.linspace(0, 400, 4000)
    chosen = set_out(likely, rng)
    assert chosen.size == WALKERS
    assert np.unique(chosen).size > SPREAD * WALKERS / 2
    assert np.median(chosen) < 400


def test_a_figure_that_no_unknown_moves_is_left_out(world):
    against, (_, figures), _ = world
    rng = np.random.default_rng(3)
    flat = emulate(rng.standard_normal(RUNS), rng.random((RUNS, UNKNOWNS)))
    assert flat.is_flat
    more = against._replace(
        emulators=(*against.emulators, flat), weight=np.append(against.weight, 1.0), value=np.append(against.value, 1.0)
    )
    assert len(of_one_run(more, np.append(figures[0], 9.0), weighed=True).emulators) == 5
