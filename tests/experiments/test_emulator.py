"""Indices from an emulator: those of known functions, and what it says of itself."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from SALib.test_functions import Ishigami, Sobol_G
from scipy.optimize import check_grad
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

from experiments.experiment_files.levers import Lever
from experiments.runner.processes import RunFailed
from experiments.sensitivity import emulated, gaussian
from experiments.sensitivity.emulator import Emulated, analysed, fitted, foretold_of, points_of, realisations

ISHIGAMI_FIRST, ISHIGAMI_TOTAL = np.array([0.3139, 0.4424, 0.0]), np.array([0.5576, 0.4424, 0.2437])
A_G = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
V_G = 1 / (3 * (1 + A_G) ** 2)
G_FIRST = V_G / (np.prod(1 + V_G) - 1)
G_TOTAL = V_G * np.prod(1 + V_G) / (1 + V_G) / (np.prod(1 + V_G) - 1)


def ishigami(u: np.ndarray) -> np.ndarray:
    return np.asarray(Ishigami.evaluate(-np.pi + 2 * np.pi * u))


def noisy(found: np.ndarray, share: float, seed: int = 1) -> np.ndarray:
    """With so much of the variance white noise."""
    deviation = found.std() * np.sqrt(share / (1 - share))
    return found + deviation * np.random.default_rng(seed).standard_normal(len(found))


def holds(told: Emulated, first: np.ndarray, total: np.ndarray, slack: float = 0.01) -> bool:
    return bool(
        ((told.first_low - slack <= first) & (first <= told.first_high + slack)).all()
        and ((told.total_low - slack <= total) & (total <= told.total_high + slack)).all()
    )


def width(told: Emulated) -> np.ndarray:
    return np.concatenate([told.first_high - told.first_low, told.total_high - told.total_low])


@pytest.fixture(scope="module")
def few() -> Emulated:
    places = points_of(3, 80, 2)
    return analysed(places, ishigami(places), 2)


@pytest.mark.slow
def test_ishigami_is_found_and_more_points_say_it_more_surely(few: Emulated) -> None:
    places = points_of(3, 160, 2)
    many = analysed(places, ishigami(places), 2)
    for told in (few, many):
        assert holds(told, ISHIGAMI_FIRST, ISHIGAMI_TOTAL)
        assert width(told).max() < 0.15
        assert told.middle == pytest.approx(3.5, abs=0.15)
        assert told.deviation == pytest.approx(3.72, abs=0.15)
        assert told.noise < 0.05
    assert many.foretold > few.foretold
    assert width(many).mean() < width(few).mean()


@pytest.mark.slow
def test_sobol_g_is_found() -> None:
    places = points_of(8, 120, 3)
    told = analysed(places, np.asarray(Sobol_G.evaluate(places)), 3)
    assert holds(told, G_FIRST, G_TOTAL)
    assert width(told).max() < 0.2
    assert told.first.sum() == pytest.approx(G_FIRST.sum(), abs=0.05)


@pytest.mark.slow
def test_noise_is_told_and_is_not_held_to_be_an_inputs_doing() -> None:
    """f = 3 a + 2 b c, of which c does nothing by itself: variances 9/12, 1/12 of b, and 4/144 of both."""
    places = points_of(5, 150, 4)
    smooth = 3 * places[:, 0] + 2 * places[:, 1] * places[:, 2]
    told = analysed(places, noisy(smooth, 0.15), 4)
    variances = np.array([9, 1, 1, 0, 0]) / 12
    both = np.array([0, 1, 1, 0, 0]) * 4 / 144
    whole = variances.sum() + 4 / 144
    assert holds(told, variances / whole, (variances + both) / whole, 0.02)
    assert told.noise == pytest.approx(0.15, abs=0.05)
    assert told.coverage == pytest.approx(0.95, abs=0.05)
    assert told.explained == pytest.approx(0.85, abs=0.06)


@pytest.mark.slow
def test_where_an_input_has_no_effect_for_a_while() -> None:
    """The first input moves the answer below 0.3 and above 0.6 only, as one that may have no effect does."""
    places = points_of(4, 80, 5)

    def first(u: np.ndarray) -> np.ndarray:
        return 4 * (np.minimum(u, 0.3) - 0.3 + np.maximum(u, 0.6) - 0.6)

    told = analysed(places, first(places[:, 0]) + places[:, 1], 5)
    own = np.array([first((np.arange(100_000) + 0.5) / 100_000).var(), 1 / 12, 0, 0])
    assert holds(told, own / own.sum(), own / own.sum())
    assert width(told).max() < 0.15


def test_the_same_seed_gives_the_same_bytes_and_what_failed_is_left_out(few: Emulated) -> None:
    places = np.vstack([points_of(3, 80, 2), [[0.5, 0.5, 0.5], [0.1, 0.2, 0.3]]])
    found = np.append(ishigami(places[:80]), [np.nan, np.inf])
    again = analysed(places, found, 2)
    assert again.left_out == 2
    for one, other in zip(few[:-1], again[:-1], strict=True):
        assert np.asarray(one).tobytes() == np.asarray(other).tobytes()


@pytest.mark.slow
def test_work_can_be_spread() -> None:
    places = points_of(3, 40, 2)
    answers = ishigami(places) / 4
    with ThreadPoolExecutor(2) as pool:
        theta, start = fitted(places, answers, pool.map)
        assert foretold_of(places, answers, start, pool.map) == foretold_of(places, answers, start)
    assert (theta == fitted(places, answers)[0]).all()


def test_points_go_on_where_they_were() -> None:
    for fewer, more in ((40, 64), (64, 100), (100, 400)):
        assert (points_of(7, fewer, 0) == points_of(7, more, 0)[:fewer]).all()
    assert (points_of(7, 40, 0) != points_of(7, 40, 1)).any()
    with pytest.raises(ValueError, match="79 points: 40 inputs take 80"):
        points_of(40, 79, 1)
    with pytest.raises(ValueError, match="15 points"):
        points_of(3, 15, 1)


def test_what_cannot_be_told_is_not() -> None:
    places = points_of(20, 100, 6)
    told = analysed(places, np.full(100, 7.1), 6)
    assert not told.first.any()
    assert not told.total_high.any()
    assert told.middle == pytest.approx(7.1)
    with pytest.raises(RunFailed, match="39 of 100 points came to an end: 40"):
        analysed(places, np.where(np.arange(100) < 39, places[:, 0], np.nan), 6)
    with pytest.raises(RunFailed, match="more points"):
        analysed(places, np.random.default_rng(1).standard_normal(100), 6)
    with pytest.raises(ValueError, match="from 0 to 1"):
        analysed(places * 1.1, places[:, 0], 6)
    theta = gaussian.start_of(20, 0.5)
    with pytest.raises(ValueError, match="from 0 to 1"):
        realisations(theta[None], places, places[:, 0], places - 0.1, 6)


@pytest.mark.slow
def test_noise_at_few_points_is_not_held_to_be_foretold() -> None:
    """A kernel fitted to all runs knows them, so that leaving one out says too much."""
    for seed in range(3):
        places, answers = points_of(40, 80, seed), np.random.default_rng(seed).standard_normal(80)
        assert foretold_of(places, answers, gaussian.start_of(40, 0.5)) < 0.3


def test_an_outcome_that_no_emulator_explains_is_refused_alone() -> None:
    places = points_of(3, 40, 2)
    rough = np.random.default_rng(3).standard_normal(40)
    problem = tuple(Lever(f"x{at}", f"more.x{at}", (0.0, 1.0)) for at in range(3))
    ds = emulated.analysed(problem, places, np.array([[places[:, 0], rough]]), 2).isel(policy=0)
    assert ds.refused.values[0] == ""
    assert ds.total.values[0] == pytest.approx([1.0, 0.0, 0.0], abs=0.02)
    assert "no shares are told" in str(ds.refused.values[1])
    assert np.isnan(ds.total.values[1]).all()
    with pytest.raises(RunFailed, match="no shares are told"):
        emulated.analysed(problem, places, np.array([[rough]]), 2)


def test_one_left_out_is_as_if_it_had_not_been_run() -> None:
    places = points_of(4, 40, 7)
    answers = noisy(np.sin(5 * places[:, 0]) + places[:, 1] * places[:, 2], 0.1)
    theta = gaussian.start_of(4, 0.5)
    error, doubt = gaussian.left_one_out(gaussian.process_of(theta, places, answers))
    for out in range(40):
        kept = np.arange(40) != out
        less = gaussian.process_of(theta, places[kept], answers[kept])
        at = places[[out]]
        across = gaussian.covariance(less.kernel, at, less.places)
        own = gaussian.covariance(less.kernel, at, at)[0, 0] + less.kernel.nugget
        known = across @ np.linalg.solve(less.root @ less.root.T, across.T)
        assert error[out] == pytest.approx(answers[out] - gaussian.expected(less, at)[0])
        assert doubt[out] == pytest.approx(np.sqrt(own - known[0, 0]))


def test_likelihood_and_mean_are_those_of_scikit_learn() -> None:
    """Without what inputs do alone; and the gradient is that of the value."""
    places = points_of(3, 50, 8)
    answers = noisy(ishigami(places), 0.1) / 4
    theta = gaussian.start_of(3, 0.7)
    theta[4:7] = -40.0
    kernel = gaussian.kernel_of(theta)
    theirs = ConstantKernel(kernel.together) * Matern(kernel.scales, nu=2.5) + WhiteKernel(kernel.nugget)
    reference = GaussianProcessRegressor(theirs, optimizer=None, alpha=1e-12).fit(places, answers)
    mine = gaussian.process_of(theta, places, answers)
    at = points_of(3, 20, 9)
    assert gaussian.expected(mine, at) == pytest.approx(reference.predict(at), abs=1e-6)
    longer = theta.copy()
    longer[1:4] += 0.3
    middle, sd = gaussian.beliefs(3)
    gained = [-gaussian.against(one, places, answers)[0] + (((one - middle) / sd) ** 2).sum() / 2
              for one in (theta, longer)]  # fmt: skip
    moved = reference.kernel_.clone_with_theta(reference.kernel_.theta + np.array([0, 0.3, 0.3, 0.3, 0]))
    told = reference.log_marginal_likelihood(moved.theta) - reference.log_marginal_likelihood_value_
    assert gained[1] - gained[0] == pytest.approx(told, abs=1e-5)
    start = gaussian.start_of(3, 0.7)
    away = check_grad(
        lambda t: gaussian.against(t, places, answers)[0], lambda t: gaussian.against(t, places, answers)[1], start
    )
    assert away < 1e-3 * np.linalg.norm(gaussian.against(start, places, answers)[1])


@pytest.mark.slow
def test_functions_drawn_have_the_mean_and_the_covariance_of_the_process() -> None:
    places = points_of(2, 16, 10)
    answers = np.sin(6 * places[:, 0]) * places[:, 1]
    one = gaussian.process_of(gaussian.start_of(2, 0.5), places, answers)
    at = points_of(2, 24, 11)[-6:]
    rng = np.random.default_rng(3)
    told = np.hstack([gaussian.drawn(one, 20, rng)(at.astype(np.float32)) for _ in range(400)])  # features anew
    across = gaussian.covariance(one.kernel, at, places)
    left = gaussian.covariance(one.kernel, at, at) - across @ np.linalg.solve(one.root @ one.root.T, across.T)
    scale = np.sqrt(np.diag(left))
    assert np.abs((told.mean(axis=1) - gaussian.expected(one, at)) / scale).max() < 0.1
    assert np.abs((np.cov(told) - left) / np.outer(scale, scale)).max() < 0.15
