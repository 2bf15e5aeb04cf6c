"""One input at a time, at the low and the high end of its range, all others in the middle of theirs.

Quick and easily read; it sees no interaction. What it ranks is the swing between the two ends.
"""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.runner.processes import RunFailed
from experiments.sensitivity.problem import Problem, described

Floats = NDArray[np.float64]


def points_of(problem: Problem) -> Floats:
    """(2 * inputs + 1, inputs): all in the middle, and levers as the policy has them (NaN), then each input at its low
    and its high end."""
    points = np.full((2 * len(problem) + 1, len(problem)), np.nan)
    for at, one in enumerate(problem):
        points[1 + 2 * at, at], points[2 + 2 * at, at] = one.ends
    return points


def analysed(problem: Problem, found: Floats) -> xr.Dataset:
    """Outcomes (policies, outcomes, points, seeds) by input: at the middle and at both ends, with the standard error,
    over seeds, of how far each end is from the middle (NaN of one seed). Ends that failed are NaN."""
    found = found[..., np.isfinite(found[:, :, 0]).all(axis=(0, 1))]  # a seed without a middle has nothing beside it
    if not found.size:
        raise RunFailed("the run with every number in the middle of its range failed: there is nothing to compare")
    middle, seeds = found[:, :, 0], found.shape[-1]
    ends = found[:, :, 1:].reshape(*found.shape[:2], len(problem), 2, seeds)
    from_middle = ends - middle[:, :, None, None]
    spread = from_middle.std(axis=-1, ddof=1) if seeds > 1 else np.full(ends.shape[:-1], np.nan)
    dims = ("policy", "outcome", "input", "end")
    return xr.Dataset(
        {
            "answer": (dims, ends.mean(axis=-1)),
            "error": (dims, spread / np.sqrt(seeds)),
            "middle": (dims[:2], middle.mean(axis=-1)),
        },
        coords={**described(problem), "end": np.array(["low", "high"], dtype=str)},
    )
