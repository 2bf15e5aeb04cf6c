"""Sobol indices of a dear model from few runs, by way of a Gaussian process that stands in for it.

The emulator is fitted to some hundred runs and asked at a hundred thousand points. It is itself in doubt between and
beyond the runs, and about its own kernel: indices are taken of many functions that it holds possible, and of many
resamples of the points, so that their intervals have both kinds of error (Le Gratiet, Cannamela and Iooss 2014). How
much of runs it was not told of it explains is told; below LEAST_EXPLAINED nothing else is.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.runner.processes import RunFailed
from experiments.sensitivity import sobol
from experiments.sensitivity.gaussian import (
    FAILED,
    drawn,
    expected,
    left_one_out,
    likeliest,
    possible,
    process_of,
    start_of,
)
from experiments.sensitivity.problem import seed_of

Floats = NDArray[np.float64]
Spread = Callable[[Callable[[Any], Any], list[Any]], Iterable[Any]]  # a `map`
FEWEST, FEWEST_EACH = 16, 2  # points: in all, and for each input
LEAST_EXPLAINED = 0.7
KERNELS, FUNCTIONS, RESAMPLES = 50, 2, 10  # drawn; functions of each kernel, and resamples for each function
EVALUATIONS, LEAST_BASES = 2**15, 1024
AT_ONCE = 4096  # points whose covariances with the runs are in memory
STARTS = (0.25, 0.5, 2.0)  # length scales, for one input, from which fits set out
FOLDS = 5
Z_95 = 1.959964


class Emulated(NamedTuple):
    """Indices by input (K,), as shares of the variance of the function without noise, and how good the emulator is.

    No function held possible is quite flat along any input: of one that does nothing, the total index and the low end
    of its interval are a little above nil.
    """

    first: Floats  # mean of the functions held possible
    first_low: Floats  # 95% interval, of the emulator's doubt and of sampling
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    explained: float  # of the variance of runs, each foretold by all others
    foretold: float  # the same of fifths of the runs, each foretold by an emulator fitted anew to the others
    coverage: float  # share of runs within the 95% interval that all others say
    noise: float  # share of the variance of runs that no function of the inputs explains
    middle: float  # mean of the answer over the inputs' distributions, in its unit
    deviation: float  # its standard deviation, without noise
    left_out: int  # points that are not finite


def fewest(number: int) -> int:
    return max(FEWEST, FEWEST_EACH * number)


def points_of(number: int, points: int, seed: int) -> Floats:
    """(points, number) places in the inputs' distributions: evenly_spread ones. Raises ValueError for too few."""
    if points < fewest(number):
        raise ValueError(f"{points} points: {number} inputs take {fewest(number)} or more, better {10 * number}")
    return evenly_spread(number, points, seed)


def evenly_spread(number: int, points: int, seed: int) -> Floats:
    """(points, number) places from 0 to 1, of a scrambled Sobol' sequence: fewer points are the first of more."""
    from scipy.stats import qmc

    whole = qmc.Sobol(number, seed=np.random.default_rng(seed_of(seed))).random_base2((points - 1).bit_length())
    return np.asarray(whole[:points])


def analysed(places: Floats, found: Floats, seed: int, spread: Spread = map) -> Emulated:
    """Indices of the answers `found` (N,) at `places` (N, K), each from 0 to 1. `spread` is a `map` for what can
    be done at once, as a pool's is; without it, it is done in turn.

    About 10 K points are what an emulator takes to begin with (Loeppky, Sacks and Welch 2009). Points that are not
    finite are left out. Raises RunFailed when too few are left, or when the emulator explains too little.
    """
    number = places.shape[1]
    finite = np.isfinite(found)
    left_out = int((~finite).sum())
    if finite.sum() < fewest(number):
        raise RunFailed(f"{finite.sum()} of {len(found)} points came to an end: {fewest(number)} are needed")
    places, found = inside(places[finite]), found[finite]
    if np.ptp(found) <= 1e-12 * np.abs(found).max():  # constant but for rounding
        nil = np.zeros(number)
        return Emulated(nil, nil, nil, nil, nil, nil, 1.0, 1.0, 1.0, 0.0, float(found.mean()), 0.0, left_out)
    middle, unit = float(found.mean()), float(found.std())
    answers = (found - middle) / unit
    theta, start = fitted(places, answers, spread)
    error, doubt = left_one_out(process_of(theta, places, answers))
    explained, foretold = explained_by(error, answers), foretold_of(places, answers, start, spread)
    if min(explained, foretold) < LEAST_EXPLAINED:
        raise RunFailed(
            f"the emulator explains {max(min(explained, foretold), 0.0):.0%} of the variance of runs it was not told "
            f"of, and below {LEAST_EXPLAINED:.0%} no shares are told: give more points (what was run is kept), or more "
            "seeds for each, as no emulator explains luck"
        )
    thetas = possible(theta, places, answers, KERNELS, np.random.default_rng([seed_of(seed), 1]))
    functions = realisations(thetas, places, answers, sampled(number, seed), seed, spread)
    told = np.array([shares(number, one, seed + at) for at, one in enumerate(functions)])
    first, total = told[:, :, 0].mean(axis=0)
    again = told[:, :, 1:].swapaxes(1, 2).reshape(-1, 2, number)
    (first_low, total_low), (first_high, total_high) = np.quantile(again, [0.025, 0.975], axis=0)
    ends = functions.reshape(len(functions), -1, number + 2)[:, :, [0, -1]].astype(np.float64)  # independent points
    variances = ends.var(axis=(1, 2))
    nuggets = np.repeat(np.exp(thetas[:, -1]), FUNCTIONS)
    return Emulated(
        first, first_low, first_high, total, total_low, total_high, explained, foretold,
        coverage=float((np.abs(error) <= Z_95 * doubt).mean()),
        noise=float((nuggets / (nuggets + variances)).mean()),
        middle=middle + unit * float(ends.mean()),
        deviation=unit * float(np.sqrt(variances.mean())),
        left_out=left_out,
    )  # fmt: skip


def inside(places: Floats) -> Floats:
    """The places. Raises ValueError where no run can be: an emulator knows nothing there."""
    if not ((places >= 0.0) & (places <= 1.0)).all():
        raise ValueError("an emulator is asked only where its runs are: every place is from 0 to 1")
    return places


def fitted(places: Floats, answers: Floats, spread: Spread = map) -> tuple[Floats, Floats]:
    """The likeliest theta, and the start it was found from. Raises RunFailed when there is none."""
    starts = [start_of(places.shape[1], scale) for scale in STARTS]
    told = list(spread(partial(likeliest, places=places, answers=answers), starts))
    best = min(range(len(starts)), key=lambda at: told[at][0])
    if told[best][0] >= FAILED:
        raise RunFailed("no emulator can be fitted to these runs: their covariances cannot be inverted")
    return told[best][1], starts[best]


def explained_by(error: Floats, answers: Floats) -> float:
    """Share of the answers' variance that is not error."""
    return float(1.0 - error @ error / ((answers - answers.mean()) ** 2).sum())


def foretold_of(places: Floats, answers: Floats, start: Floats, spread: Spread = map) -> float:
    """Share of the variance explained of every FOLDS-th run by kernels fitted without them. A kernel fitted to all
    would know them: of noise at few points it can seem to explain two thirds, one run left out at a time."""
    of_fold = partial(error_of_fold, places=places, answers=answers, start=start)
    return explained_by(np.concatenate(list(spread(of_fold, list(range(FOLDS))))), answers)


def error_of_fold(fold: int, places: Floats, answers: Floats, start: Floats) -> Floats:
    """(runs of the fold,) how far their answers are from what an emulator fitted to all others says."""
    out = np.arange(len(answers)) % FOLDS == fold
    _, theta = likeliest(start, places[~out], answers[~out])
    return answers[out] - expected(process_of(theta, places[~out], answers[~out]), places[out])


def sampled(number: int, seed: int) -> Floats:
    """(bases * (number + 2), number) places, as many as EVALUATIONS affords."""
    bases = 2 ** int(np.log2(EVALUATIONS / (number + 2)))
    return sobol.points_of(number, max(bases, LEAST_BASES), seed)


def realisations(
    thetas: Floats, places: Floats, answers: Floats, at: Floats, seed: int, spread: Spread = map
) -> NDArray[np.float32]:
    """(thetas * FUNCTIONS, points) standardised functions that runs leave possible, each the same at all points."""
    points = inside(at).astype(np.float32)
    of_kernel = partial(functions_of, places=places, answers=answers, points=points, seed=seed_of(seed))
    return np.concatenate(list(spread(of_kernel, list(enumerate(thetas)))))


def functions_of(
    kernel: tuple[int, Floats], places: Floats, answers: Floats, points: NDArray[np.float32], seed: int
) -> NDArray[np.float32]:
    """(FUNCTIONS, points) of one kernel: its number and theta."""
    number, theta = kernel
    functions = drawn(process_of(theta, places, answers), FUNCTIONS, np.random.default_rng([seed, 2, number]))
    parts = [functions(points[begin : begin + AT_ONCE]) for begin in range(0, len(points), AT_ONCE)]
    return np.concatenate(parts).T


def shares(number: int, function: NDArray[np.float32], seed: int) -> Floats:
    """(2, 1 + RESAMPLES, number) first-order and total indices of one function: of all bases, then of resamples."""
    from SALib.analyze import sobol as salib

    told = salib.analyze(
        sobol.problem_of(number), function.astype(np.float64), calc_second_order=False, num_resamples=RESAMPLES,
        keep_resamples=True, seed=seed_of(seed),
    )  # fmt: skip
    return np.array([np.vstack([told[name], told[f"{name}_conf_all"]]) for name in ("S1", "ST")])
