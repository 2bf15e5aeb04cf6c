"""Emulators of the figures that targets are held against, as functions of the unknowns.

Each is a Gaussian process over the unknowns that matter most to its figure. What chance and the other unknowns do to
the figure is its noise, which is told beside the mean and counts as doubt.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from experiments.sensitivity.emulator import explained_by, fitted, foretold_of, inside
from experiments.sensitivity.gaussian import Process, expected, left_one_out, process_of

Floats = NDArray[np.float64]
Spread = Callable[[Callable[[Any], Any], list[Any]], Iterable[Any]]  # a `map`
MOST_ACTIVE = 8  # unknowns that one emulator is a function of
LEAST_RUNS = 16
LEAST_EXPLAINED = 0.1  # share of the variance of runs it was not told of; below it the figure is held to be constant


class Emulator(NamedTuple):
    """One figure as a function of the unknowns."""

    active: NDArray[np.int64]  # places of those that it is a function of
    process: Process | None  # None where no unknown explains the figure
    middle: float
    unit: float
    explained: float  # share of the variance foretold of runs left out
    error: float  # standard deviation of what it does not explain, chance and all


def emulate(found: Floats, places: Floats) -> Emulator:
    """An emulator of figures (N,), finite, at places (N, K). Raises ValueError for places outside 0 to 1."""
    places = inside(places)
    middle, unit = float(found.mean()), float(found.std())
    nothing = np.zeros(0, dtype=np.int64)
    if unit <= 1e-12 * max(abs(middle), 1e-300):
        return Emulator(nothing, None, middle, 0.0, 0.0, 0.0)
    active = most_active(places, found)
    answers, own = (found - middle) / unit, np.ascontiguousarray(places[:, active])
    theta, start = fitted(own, answers)
    foretold = foretold_of(own, answers, start)
    if foretold < LEAST_EXPLAINED:
        return Emulator(nothing, None, middle, unit, max(foretold, 0.0), unit)
    process = process_of(theta, own, answers)
    error, _ = left_one_out(process)
    shown = min(foretold, explained_by(error, answers))
    return Emulator(active, process, middle, unit, shown, unit * float(np.sqrt(max(1.0 - foretold, 1e-6))))


def most_active(places: Floats, found: Floats) -> NDArray[np.int64]:
    """The unknowns with the strongest rank correlation with a figure, or with its distance from the middle."""
    ranks = np.apply_along_axis(rankdata, 0, np.column_stack([places, found, np.abs(found - np.median(found))]))
    correlation = np.abs(np.corrcoef(ranks.T))
    number = places.shape[1]
    strength = np.maximum(correlation[:number, number], 0.7 * correlation[:number, number + 1])
    return np.sort(np.argsort(-strength, kind="stable")[:MOST_ACTIVE])


def emulated(emulators: Iterable[Emulator], places: Floats) -> Floats:
    """(P, T) figures expected at places (P, K). Raises ValueError outside the region that the runs are of."""
    places = inside(places)
    return np.column_stack([_expected(one, places) for one in emulators])


def _expected(one: Emulator, places: Floats) -> Floats:
    if one.process is None:
        return np.full(len(places), one.middle)
    return one.middle + one.unit * expected(one.process, np.ascontiguousarray(places[:, one.active]))


def all_emulators(found: Floats, places: Floats, spread: Spread = map) -> list[Emulator]:
    """One a column of `found` (N, T); runs with a figure that is not finite are left out of that column's. `spread` is
    a `map` for what can be done at once."""
    return list(spread(partial(_of_column, places=places), [np.ascontiguousarray(column) for column in found.T]))


def _of_column(column: Floats, places: Floats) -> Emulator:
    finite = np.isfinite(column)
    if finite.sum() < LEAST_RUNS:  # too few had anybody to measure it on: nothing is known of it
        return Emulator(np.zeros(0, dtype=np.int64), None, float(column[finite].sum()), 0.0, 0.0, np.inf)
    return emulate(column[finite], places[finite])
