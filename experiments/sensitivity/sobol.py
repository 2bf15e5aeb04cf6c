"""Shares of the variance of the answer (Sobol 2001; estimators of Saltelli and others 2010), by SALib.

First-order: what would go, on average, if the input were known. Total: what would stay if all others were, interactions
included. Inputs are drawn from the whole of their distributions. Rows of one id move together here and apart in a run,
so that the variance told is not that of a run.
"""

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.runner.processes import RunFailed
from experiments.sensitivity.problem import Problem, described, seed_of

Floats = NDArray[np.float64]
RESAMPLES = 1000
HALVES = 3  # how often the sample is halved, to see whether the indices have settled
FEWEST = 8  # bases
INDICES = ("S1", "S1_conf", "ST", "ST_conf")


def problem_of(number: int) -> dict[str, Any]:
    """SALib's description: every input over the whole of what it may be."""
    return {"num_vars": number, "names": [f"x{at}" for at in range(number)], "bounds": [[0.0, 1.0]] * number}


def points_of(number: int, bases: int, seed: int) -> Floats:
    """(bases * (number + 2), number) places: for each base point a second one, and the first with one input of the
    second at a time. `bases` is a power of 2, as the sequence is balanced at those."""
    from SALib.sample import sobol

    if bases < FEWEST or bases & (bases - 1):
        raise ValueError(f"{bases} bases: it takes a power of 2, {FEWEST} or more")
    return np.asarray(sobol.sample(problem_of(number), bases, calc_second_order=False, seed=seed_of(seed)))


def analysed(problem: Problem, found: Floats, seed: int) -> xr.Dataset:
    """First-order and total indices by policy, outcome and input of what was `found` (policies, outcomes, points),
    with 95% intervals by resampling bases, from all bases and from the first half, quarter and eighth of them.

    A base with a point that is not finite is left out whole. Raises RunFailed when fewer than FEWEST are left.
    """
    number, each = len(problem), len(problem) + 2
    whole = np.isfinite(found).all(axis=(0, 1)).reshape(-1, each).all(axis=1)
    left = found[..., np.repeat(whole, each)]
    bases = int(whole.sum())
    if bases < FEWEST:
        raise RunFailed(f"{bases} of {whole.size} bases came to an end: {FEWEST} are needed")
    sizes = sorted({max(bases >> halved, FEWEST) for halved in range(HALVES + 1)})
    told = np.array([
        [[indices(number, one[: size * each], seed) for size in sizes] for one in of_policy] for of_policy in left
    ])  # (policies, outcomes, sizes, INDICES, inputs)  # fmt: skip
    first, first_error, total, total_error = np.moveaxis(told[:, :, -1], 2, 0)
    base_points = left.reshape(*left.shape[:2], bases, each)[..., [0, -1]]
    dims = ("policy", "outcome", "input")
    return xr.Dataset(
        {
            "first": (dims, first), "first_low": (dims, first - first_error), "first_high": (dims, first + first_error),
            "total": (dims, total), "total_low": (dims, total - total_error), "total_high": (dims, total + total_error),
            "first_by_bases": (("policy", "outcome", "bases", "input"), told[:, :, :, 0]),
            "total_by_bases": (("policy", "outcome", "bases", "input"), told[:, :, :, 2]),
            "middle": (dims[:2], base_points.mean(axis=(2, 3))),
            "deviation": (dims[:2], base_points.std(axis=(2, 3))),
        },
        coords={**described(problem), "bases": np.array(sizes)},
        attrs={"bases_left_out": str(int((~whole).sum()))},
    )  # fmt: skip


def indices(number: int, found: Floats, seed: int) -> Floats:
    """(INDICES, inputs); all nil where nothing varies."""
    from SALib.analyze import sobol

    if np.ptp(found) == 0.0:
        return np.zeros((len(INDICES), number))
    told = sobol.analyze(
        problem_of(number), found, calc_second_order=False, num_resamples=RESAMPLES, seed=seed_of(seed)
    )
    return np.array([told[name] for name in INDICES], dtype=np.float64)
