"""Shares of the variance where direct runs are too dear: Sobol's indices of an emulator fitted to some runs.

The emulator tells how well it does at points that it was not shown; one that does badly tells no shares.
"""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.experiment_files.experiment import Experiment
from experiments.runner.processes import RunFailed
from experiments.sensitivity import emulator
from experiments.sensitivity.problem import Problem, described
from scenarios import InputFaults

Floats = NDArray[np.float64]
POINTS_AN_INPUT = 10  # a rule of thumb (Loeppky, Sacks and Welch 2009, Technometrics)
SHARES = ("first", "first_low", "first_high", "total", "total_low", "total_high")
HOW_WELL = ("explained", "foretold", "coverage", "noise", "middle", "deviation")


def points_of(experiment: Experiment, problem: Problem) -> Floats:
    """(points, inputs) places over the whole of what each input may be; more points begin with the same ones. Raises
    InputFaults for too few."""
    try:
        return emulator.points_of(len(problem), experiment.size, experiment.plan.seed)
    except ValueError as error:
        raise InputFaults([experiment.told.fault(("run", "emulate"), str(error), "give more")]) from None


def analysed(problem: Problem, points: Floats, found: Floats, seed: int) -> xr.Dataset:
    """Indices by policy, outcome and input of what was `found` (policies, outcomes, points), with 95% intervals that
    hold the emulator's own doubt.

    Points that are not finite are left out. Where an emulator explains too little the indices are NaN and `refused`
    says why; raises RunFailed where none is told, or when too few points are left.
    """
    finite = np.isfinite(found).all(axis=(0, 1))
    if finite.sum() < emulator.fewest(len(problem)):
        number = int(finite.sum())
        raise RunFailed(f"{number} of {finite.size} points came to an end, too few for {len(problem)} inputs")
    told: list[emulator.Emulated | None] = []
    refused = []
    for one in found.reshape(-1, found.shape[2]):
        try:
            told.append(emulator.analysed(points[finite], one[finite], seed))
            refused.append("")
        except RunFailed as error:
            told.append(None)
            refused.append(str(error))
    if all(refused):
        raise RunFailed(refused[0])
    whole = found.shape[:2]
    nothing = np.full(len(problem), np.nan)
    dims = ("policy", "outcome", "input")
    return xr.Dataset(
        {name: (dims, np.array([getattr(one, name, nothing) for one in told]).reshape(*whole, -1)) for name in SHARES}
        | {name: (dims[:2], np.array([getattr(one, name, np.nan) for one in told]).reshape(whole)) for name in HOW_WELL}
        | {"refused": (dims[:2], np.array(refused, dtype=str).reshape(whole))},
        coords=described(problem),
        attrs={"points_left_out": str(int((~finite).sum()))},
    )
