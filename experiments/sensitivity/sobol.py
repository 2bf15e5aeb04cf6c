"""Shares of the variance of the answer (Sobol 2001; estimators of Saltelli and others 2010), by SALib.

First-order: what would go, on average, if the input were known. Total: what would stay if all others were, interactions
included. Inputs are drawn from the whole of their distributions. Rows of one id move together here and apart in a run,
so that the variance told is not that of a run.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.runner.processes import RunFailed
from experiments.sensitivity.problem import Uncertainty, seed_of

Floats = NDArray[np.float64]
RESAMPLES = 1000
HALVES = 3  # how often the sample is halved, to see whether the indices have settled
FEWEST = 8  # bases
INDICES = ("S1", "S1_conf", "ST", "ST_conf")


def problem_of(number: int) -> dict[str, Any]:
    return {"num_vars": number, "names": [f"x{at}" for at in range(number)], "bounds": [[0.0, 1.0]] * number}


def points_of(number: int, bases: int, seed: int) -> Floats:
    """(bases * (number + 2), number) places: for each base point a second one, and the first with one input of the
    second at a time. `bases` is a power of 2, as the sequence is balanced at those."""
    from SALib.sample import sobol

    if bases < FEWEST or bases & (bases - 1):
        raise ValueError(f"{bases} bases: it takes a power of 2, {FEWEST} or more")
    return np.asarray(sobol.sample(problem_of(number), bases, calc_second_order=False, seed=seed_of(seed)))


def analysed(problem: Sequence[Uncertainty], found: Floats, seed: int) -> xr.Dataset:
    """First-order and total indices by input with the half-width of their 95% intervals by resampling bases, from all
    bases and from the first half, quarter and eighth of them.

    A base with a point that is not finite is left out whole. Raises RunFailed when fewer than FEWEST are left.
    """
    number = len(problem)
    by_base = found.reshape(-1, number + 2)
    whole = np.isfinite(by_base).all(axis=1)
    left = by_base[whole]
    if len(left) < FEWEST:
        raise RunFailed(f"{len(left)} of {len(by_base)} bases came to an end: {FEWEST} are needed")
    sizes = sorted({max(len(left) >> halved, FEWEST) for halved in range(HALVES + 1)})
    told = np.array([indices(number, left[:size].ravel(), seed) for size in sizes])  # (sizes, INDICES, inputs)
    order = np.argsort(-told[-1, 2], kind="stable")
    told = told[:, :, order]
    return xr.Dataset(
        {
            "first": ("input", told[-1, 0]),
            "first_error": ("input", told[-1, 1]),
            "total": ("input", told[-1, 2]),
            "total_error": ("input", told[-1, 3]),
            "first_by_bases": (("bases", "input"), told[:, 0]),
            "total_by_bases": (("bases", "input"), told[:, 2]),
            "alters_past": ("input", np.array([one.alters_past for one in problem])[order]),
            "label": ("input", np.array([one.label for one in problem], dtype=str)[order]),
            "middle": ((), float(left[:, [0, -1]].mean())),
            "deviation": ((), float(left[:, [0, -1]].std())),
        },
        coords={"input": np.array([one.id for one in problem], dtype=str)[order], "bases": np.array(sizes)},
        attrs={"bases_left_out": str(int((~whole).sum()))},
    )


def indices(number: int, found: Floats, seed: int) -> Floats:
    """(INDICES, inputs); all nil where nothing varies."""
    from SALib.analyze import sobol

    if np.ptp(found) == 0.0:
        return np.zeros((len(INDICES), number))
    told = sobol.analyze(
        problem_of(number), found, calc_second_order=False, num_resamples=RESAMPLES, seed=seed_of(seed)
    )
    return np.array([told[name] for name in INDICES], dtype=np.float64)
