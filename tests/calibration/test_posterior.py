"""The sample of the posterior: against a case that is known, and what doubt and families do to it."""

import numpy as np
import pytest

from calibration.fit.emulators import emulate, emulated
from calibration.fit.fit import informed, moved_to, not_ruled_out
from calibration.fit.posterior import held, log_likelihood, sampled
from calibration.targets.reader import Target

RNG = np.random.default_rng(2)
PLACES = RNG.random((200, 4))


def target(id, value, tolerance, family="one"):
    return Target(id, family, "w", value, tolerance, "u", "p", "a", "s", "checked", "fit")


def emulator(which):
    return emulate(PLACES[:, which] * 2.0 + 0.001 * RNG.standard_normal(200), PLACES)


def test_a_measured_unknown_is_found_and_others_stay_as_believed():
    against = held([target("a", 1.2, 0.1)], [emulator(1)])
    draws, _ = sampled(against, 4, 800, 2000, 3)
    assert draws.shape == (2000, 4)
    assert ((draws >= 0) & (draws <= 1)).all()
    assert draws[:, 1].mean() == pytest.approx(0.6, abs=0.01)
    # The tolerance is half the width of a band of 95 in 100: 0.1 / 1.96 / 2 of a place, with somewhat heavier tails.
    assert draws[:, 1].std() == pytest.approx(0.1 / 1.96 / 2 * np.sqrt(4 / 2), rel=0.3)
    narrower = informed(draws)
    assert narrower[1] > 0.8
    assert (np.abs(narrower[[0, 2, 3]]) < 0.1).all()


def test_a_figure_that_nothing_can_meet_drags_no_other_along():
    within, far = target("a", 1.2, 0.1), target("b", 9.0, 0.1)
    against = held([within, far], [emulator(1), emulator(2)])
    draws, _ = sampled(against, 4, 800, 1000, 3)
    assert draws[:, 1].mean() == pytest.approx(0.6, abs=0.02)


def test_twenty_rows_of_one_family_do_not_outvote_another():
    many = [target(f"a{k}", 0.4, 0.2, "many") for k in range(20)]
    one = [target("b", 1.6, 0.2, "other")]
    same = emulator(1)
    at = np.linspace(0, 1, 101)
    places = np.column_stack([np.full(101, 0.5), at, np.full(101, 0.5), np.full(101, 0.5)])
    apart = log_likelihood(held([*many, *one], [same] * 21), places)
    together = log_likelihood(held([target(f"a{k}", 0.4, 0.2, f"f{k}") for k in range(20)] + one, [same] * 21), places)
    valley = [told.max() - told[np.abs(at - 0.8).argmin()] for told in (apart, together)]
    assert valley[0] < 0.4 * valley[1]


def test_outside_the_region_nothing_is_believed():
    against = held([target("a", 1.2, 0.1)], [emulator(1)])
    assert np.isneginf(log_likelihood(against, np.array([[0.5, 1.01, 0.5, 0.5]])))[0]


def test_the_first_wave_rules_out_what_cannot_be():
    against = held([target("a", 1.2, 0.1), target("far", 9.0, 0.1)], [emulator(1), emulator(2)])
    chosen, kept = not_ruled_out(against, 4, 100, 1)
    assert chosen.shape == (100, 4)
    assert (np.abs(chosen[:, 1] - 0.6) < 0.1).all()
    assert 0.05 < kept < 0.2


def test_the_same_seed_gives_the_same_sample():
    against = held([target("a", 1.2, 0.1)], [emulator(1)])
    one, again, other = (sampled(against, 4, 100, 50, seed)[0] for seed in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.slow
def test_emulators_move_towards_runs_by_how_much_surer_these_are():
    rng = np.random.default_rng(8)
    place = np.full((1, 4), 0.5)
    missed, claimed, before = [], [], []
    for _ in range(300):
        one = emulator(1)._replace(doubt=0.2)
        truth = float(emulated([one], place)[0, 0]) + 0.2 * rng.standard_normal()
        runs = truth + 1.0 * rng.standard_normal((16, 1))  # a mean with an error of 0.25
        told = moved_to([one], place[0], runs)[0]
        missed.append(float(emulated([told], place)[0, 0]) - truth)
        before.append(float(emulated([one], place)[0, 0]) - truth)
        claimed.append(told.doubt)
    assert np.std(missed) < 0.9 * np.std(before)
    assert np.mean(claimed) == pytest.approx(np.std(missed), rel=0.12)  # it doubts what it misses by


def test_a_figure_without_runs_at_the_place_stays_as_it_was():
    one = emulator(1)
    assert moved_to([one], np.full(4, 0.5), np.full((8, 1), np.nan)) == [one]
