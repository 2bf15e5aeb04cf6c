"""Elementary effects along trajectories (Morris, Technometrics 1991; Campolongo and others 2007), by SALib.

Each trajectory moves every input once, from a random start; mu* is the mean size of what a move changes, sigma its
spread from start to start: large beside mu* where inputs act together or not in a straight line.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.runner.processes import RunFailed
from experiments.sensitivity.problem import HIGH, LOW, Uncertainty, seed_of

Floats = NDArray[np.float64]
LEVELS = 4
RESAMPLES = 1000
STEPS = 4  # of the trajectories, at which convergence is looked at


def problem_of(number: int) -> dict[str, Any]:
    """SALib's description: every input from the low to the high end of its range, as a place in its distribution."""
    return {"num_vars": number, "names": [f"x{at}" for at in range(number)], "bounds": [[LOW, HIGH]] * number}


def points_of(number: int, trajectories: int, seed: int) -> Floats:
    """(trajectories * (number + 1), number) places in the inputs' distributions."""
    from SALib.sample import morris

    return np.asarray(morris.sample(problem_of(number), trajectories, LEVELS, seed=seed_of(seed)))


def analysed(problem: Sequence[Uncertainty], points: Floats, found: Floats, seed: int) -> xr.Dataset:
    """mu*, sigma and mu by input, with a 95% interval of mu* by resampling trajectories, and mu* after a quarter, a
    half, three quarters and all of them.

    A trajectory with a point that is not finite is left out whole: SALib would turn one into no result at all. Raises
    RunFailed when fewer than two are left.
    """
    number = len(problem)
    whole = np.isfinite(found.reshape(-1, number + 1)).all(axis=1)
    if whole.sum() < 2:
        raise RunFailed(f"{int(whole.sum())} of {whole.size} trajectories came to an end: two are needed")
    kept = np.repeat(whole, number + 1)
    points, found = points[kept], found[kept]
    left = int(whole.sum())
    told = elementary(number, points, found, seed)
    steps = sorted({max(round(left * step / STEPS), 2) for step in range(1, STEPS + 1)})
    so_far = [elementary(number, points[: n * (number + 1)], found[: n * (number + 1)], seed)["mu_star"] for n in steps]
    order = np.argsort(-told["mu_star"], kind="stable")
    return xr.Dataset(
        {
            "mu_star": ("input", told["mu_star"][order]),
            "mu_star_error": ("input", told["mu_star_conf"][order]),
            "mu": ("input", told["mu"][order]),
            "sigma": ("input", told["sigma"][order]),
            "mu_star_by_trajectories": (("trajectories", "input"), np.array(so_far)[:, order]),
            "alters_past": ("input", np.array([one.alters_past for one in problem])[order]),
            "label": ("input", np.array([one.label for one in problem], dtype=str)[order]),
            "middle": ((), float(found.mean())),
        },
        coords={
            "input": np.array([one.id for one in problem], dtype=str)[order],
            "trajectories": np.array(steps),
        },
        attrs={"trajectories_left_out": str(int((~whole).sum()))},
    )


def elementary(number: int, points: Floats, found: Floats, seed: int) -> dict[str, Floats]:
    from SALib.analyze import morris

    told = morris.analyze(
        problem_of(number), points, found, num_resamples=RESAMPLES, num_levels=LEVELS, seed=seed_of(seed)
    )
    return {name: np.ma.filled(np.ma.asarray(told[name], dtype=np.float64), 0.0) for name in
            ("mu", "mu_star", "sigma", "mu_star_conf")}  # fmt: skip
