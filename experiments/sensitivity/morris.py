"""Elementary effects along trajectories (Morris, Technometrics 1991; Campolongo and others 2007), by SALib.

Each trajectory moves every input once, from a random start; mu* is the mean size of what a move changes, sigma its
spread from start to start: large beside mu* where inputs act together or not in a straight line.
"""

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.runner.processes import RunFailed
from experiments.sensitivity.problem import Problem, described, seed_of

Floats = NDArray[np.float64]
LEVELS = 4
RESAMPLES = 1000
EFFECTS = ("mu_star", "mu_star_error", "mu", "sigma")
STEPS = 4  # of the trajectories, at which convergence is looked at


def problem_of(problem: Problem) -> dict[str, Any]:
    """SALib's description: every input from the low to the high end of its range, as a place in it."""
    ends = [list(one.ends) for one in problem]
    return {"num_vars": len(problem), "names": [one.id for one in problem], "bounds": ends}


def points_of(problem: Problem, trajectories: int, seed: int) -> Floats:
    """(trajectories * (inputs + 1), inputs) places."""
    from SALib.sample import morris

    return np.asarray(morris.sample(problem_of(problem), trajectories, LEVELS, seed=seed_of(seed)))


def analysed(problem: Problem, points: Floats, found: Floats, seed: int) -> xr.Dataset:
    """mu*, sigma and mu by policy, outcome and input of what was `found` (policies, outcomes, points), with a 95%
    interval of mu* by resampling trajectories, and mu* after a quarter, a half, three quarters and all of them.

    A trajectory with a point that is not finite is left out whole: SALib would turn one into no result at all. Raises
    RunFailed when fewer than two are left.
    """
    each = len(problem) + 1
    whole = np.isfinite(found).all(axis=(0, 1)).reshape(-1, each).all(axis=1)
    if whole.sum() < 2:
        raise RunFailed(f"{int(whole.sum())} of {whole.size} trajectories came to an end: two are needed")
    points, found = points[np.repeat(whole, each)], found[..., np.repeat(whole, each)]
    left = int(whole.sum())
    steps = sorted({max(round(left * step / STEPS), 2) for step in range(1, STEPS + 1)})
    told = np.array([
        [[elementary(problem, points[: n * each], one[: n * each], seed) for n in steps] for one in of_policy]
        for of_policy in found
    ])  # (policies, outcomes, steps, EFFECTS, inputs)  # fmt: skip
    dims = ("policy", "outcome", "input")
    return xr.Dataset(
        {name: (dims, told[:, :, -1, at]) for at, name in enumerate(EFFECTS)}
        | {
            "mu_star_by_trajectories": (("policy", "outcome", "trajectories", "input"), told[:, :, :, 0]),
            "middle": (dims[:2], found.mean(axis=-1)),
        },
        coords={**described(problem), "trajectories": np.array(steps)},
        attrs={"trajectories_left_out": str(int((~whole).sum()))},
    )


def elementary(problem: Problem, points: Floats, found: Floats, seed: int) -> Floats:
    """(EFFECTS, inputs)."""
    from SALib.analyze import morris

    told = morris.analyze(
        problem_of(problem), points, found, num_resamples=RESAMPLES, num_levels=LEVELS, seed=seed_of(seed)
    )
    names = ("mu_star", "mu_star_conf", "mu", "sigma")
    return np.array([np.ma.filled(np.ma.asarray(told[name], dtype=np.float64), 0.0) for name in names])
