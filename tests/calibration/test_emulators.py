"""Emulators foretell functions that are known, say when nothing explains a figure, and refuse what they cannot know."""

import numpy as np
import pytest

from calibration.fit import emulators
from calibration.fit.emulators import (
    all_emulators,
    emulate,
    emulated,
    learned_from,
    lines,
    not_foretold,
    process_over,
)
from experiments.sensitivity.emulator import explained_by

RNG = np.random.default_rng(5)
PLACES = RNG.random((160, 12))


def test_a_known_function_is_foretold():
    def f(x):
        return 3.0 + 2.0 * x[:, 1] - 1.5 * x[:, 4] + 2.0 * x[:, 1] * x[:, 4]

    found = f(PLACES) + 0.05 * RNG.standard_normal(160)
    one = emulate(found, PLACES)
    assert {1, 4} <= set(one.active.tolist())
    assert np.abs(one.slope[[1, 4]]).min() > 4 * np.abs(np.delete(one.slope, [1, 4])).max()
    assert one.explained > 0.95
    new = RNG.random((200, 12))
    assert np.abs(emulated([one], new)[:, 0] - f(new)).mean() < 0.1
    assert 0.03 < one.error < 0.15


def test_noise_is_explained_by_nothing():
    found = RNG.standard_normal(160)
    one = emulate(found, PLACES)
    assert one.is_flat
    assert np.allclose(emulated([one], PLACES[:3]), found.mean())
    assert one.error == pytest.approx(found.std())


def test_a_process_foretells_no_better_for_having_seen_the_runs_it_is_asked_of():
    """Of chance alone, the few of many unknowns that go with it best foretell other runs worse than nothing does: if
    they are chosen with the runs left out in view, they seem to foretell them."""
    explained = []
    for seed in range(3):
        chance = np.random.default_rng(seed)
        places, found = chance.random((120, 40)), chance.standard_normal(120)
        middle, slope, _ = lines(places, found)
        active, process = process_over(places, found, found - middle - (places - 0.5) @ slope)
        explained.append(explained_by(not_foretold(places, found, active, process)[1], found))
    assert np.mean(explained) < -0.1


def test_a_constant_is_one():
    assert np.allclose(emulated([emulate(np.full(160, 2.5), PLACES)], PLACES[:2]), 2.5)


def test_runs_that_failed_are_left_out():
    found = np.column_stack([PLACES[:, 0], PLACES[:, 1]])
    found[5, 1] = np.nan
    told = emulated(all_emulators(found, PLACES), PLACES[:10])
    assert np.allclose(told, PLACES[:10, :2], atol=0.05)


def test_outside_the_region_of_the_runs_is_refused():
    one = emulate(PLACES[:, 0].copy(), PLACES)
    outside = PLACES[:2].copy()
    outside[1, 3] = 1.02
    with pytest.raises(ValueError, match="only where its runs are"):
        emulated([one], outside)


def test_a_kernel_learned_from_some_of_the_runs_tells_nearly_what_one_of_all_does(monkeypatch):
    assert learned_from(200).tolist() == list(range(200))
    some = learned_from(448)
    assert some.size == len(set(some.tolist())) == emulators.MOST_LEARNED
    assert (some[0], some[-1]) == (0, 447)

    def f(x):
        return np.sin(3.0 * x[:, 2]) + 2.0 * (x[:, 7] - 0.3) ** 2 * x[:, 2]

    chance = np.random.default_rng(11)
    found, new = f(PLACES) + 0.02 * chance.standard_normal(160), chance.random((300, 12))
    off = []
    for most in (256, 80):
        monkeypatch.setattr(emulators, "MOST_LEARNED", most)
        off.append(np.abs(emulated([emulate(found, PLACES)], new)[:, 0] - f(new)).mean())
    assert off[1] < 1.25 * off[0] < 0.05
