"""One input at a time, at the low and the high end of its range, all others in the middle of theirs.

Quick and easily read; it sees no interaction. What it ranks is the swing between the two ends.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.runner.processes import RunFailed
from experiments.sensitivity.problem import HIGH, LOW, Ranges, Uncertainty
from results.compare import significant

Floats = NDArray[np.float64]


def points_of(number: int) -> Floats:
    """(2 * number + 1, number): all in the middle (NaN), then each input at its low and its high end."""
    points = np.full((2 * number + 1, number), np.nan)
    for at in range(number):
        points[1 + 2 * at, at], points[2 + 2 * at, at] = LOW, HIGH
    return points


def analysed(problem: Sequence[Uncertainty], found: Floats) -> xr.Dataset:
    """The outcome (points, seeds) by input: at the middle and at both ends, with the standard error, over seeds, of
    how far each end is from the middle (NaN of one seed). Inputs in the order of their swing, the widest first; those
    with a failed end last, as NaN."""
    found = found[:, np.isfinite(found[0])]  # a seed without a middle has nothing to be held against
    if not found.size:
        raise RunFailed("the run with every number in the middle of its range failed: there is nothing to compare")
    middle = found[0]
    ends = found[1:].reshape(len(problem), 2, -1)
    from_middle = ends - middle
    seeds = found.shape[1]
    error = from_middle.std(axis=2, ddof=1) / np.sqrt(seeds) if seeds > 1 else np.full(ends.shape[:2], np.nan)
    mean = ends.mean(axis=2)
    with_middle = np.column_stack([mean, np.full(len(problem), middle.mean())])
    order = np.argsort(-np.nan_to_num(np.ptp(with_middle, axis=1), nan=-1.0), kind="stable")
    return xr.Dataset(
        {
            "outcome": (("input", "end"), mean[order]),
            "error": (("input", "end"), error[order]),
            "alters_past": ("input", np.array([one.alters_past for one in problem])[order]),
            "label": ("input", np.array([one.label for one in problem], dtype=str)[order]),
            "range": ("input", np.array([range_of(one) for one in problem], dtype=str)[order]),
            "middle": ((), float(middle.mean())),
        },
        coords={
            "input": np.array([one.id for one in problem], dtype=str)[order],
            "end": np.array(["low", "high"], dtype=str),
        },
    )


def range_of(one: Uncertainty) -> str:
    """What an input is moved between, in words."""
    if len(one.rows) > 1:
        return f"{len(one.rows)} numbers together"
    ranges = Ranges([one])
    low, high = (next(iter(ranges.at(np.array([end])).values())) for end in (LOW, HIGH))
    return f"{significant(low, 3):,.10g} to {significant(high, 3):,.10g}"
