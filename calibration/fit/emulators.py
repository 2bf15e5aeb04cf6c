"""Emulators of the figures that targets are held against, as functions of the unknowns.

Each is a line along every unknown, shrunk as far as foretelling is better for it, and a Gaussian process over the
unknowns that matter most for what the lines leave. What chance and finer dependence do is noise: told beside the mean.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from experiments.sensitivity.emulator import explained_by, inside
from experiments.sensitivity.gaussian import (
    FAILED,
    Process,
    apart,
    basis,
    expected,
    left_one_out,
    likeliest,
    matern,
    process_of,
    start_of,
    strengths,
)

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Spread = Callable[[Callable[[Any], Any], list[Any]], Iterable[Any]]  # a `map`
MOST_ACTIVE = 8  # unknowns that the process is over
MOST_LEARNED = 256  # runs: what a kernel costs grows with their cube, and more tell little more of it
LEAST_RUNS = 16
LEAST_EXPLAINED = 0.05  # share of the variance of runs not told of; below it lines along few unknowns are tried
SURE, MOST_FEW = 3.5, 3  # standard errors of a correlation that is no chance among so many; such unknowns at most
PENALTIES = np.logspace(-2, 4, 25)  # of ridge regression, tried
FOLDS, SCALE = 4, 0.5
ENOUGH = 1e-6  # gain of a step of a search beside the whole: hundredths of a log likelihood tell nothing here


class Teller(NamedTuple):
    """A process's mean, in a form that is quick to ask again and again."""

    alone: Floats  # weights of each input's line and waves
    scales: Floats  # length scales
    runs: Singles  # (N, A) places of the runs in length scales
    pull: Singles  # (N,)


class Emulator(NamedTuple):
    """One figure as a function of the unknowns."""

    slope: Floats  # (K,) along each unknown, from its middle
    active: NDArray[np.int64]  # places of those that the process is over
    teller: Teller | None  # None where no process adds to the lines
    middle: float
    unit: float  # standard deviation of what the lines leave
    explained: float  # share of the variance foretold of runs left out
    error: float  # standard deviation of what it does not explain of one run, chance and all
    doubt: float  # standard deviation of the figure expected, about what more runs would say
    left: Floats  # (N,) of each run what was not so foretold; NaN where it had no figure

    @property
    def is_flat(self) -> bool:
        """Whether no unknown explains the figure."""
        return self.teller is None and not self.slope.any()


def teller_of(process: Process) -> Teller:
    kernel, places = process.kernel, process.places
    terms = basis(places).reshape(len(places), -1)
    return Teller(
        strengths(kernel).reshape(-1) * (terms.T @ process.solved), kernel.scales,
        (places / kernel.scales).astype(np.float32), (kernel.together * process.solved).astype(np.float32),
    )  # fmt: skip


def told(teller: Teller, places: Floats, terms: Floats) -> Floats:
    """(P,) the process's mean at places (P, A), whose basis is `terms` (P, A, 1 + WAVES)."""
    together = matern(apart((places / teller.scales).astype(np.float32), teller.runs)) @ teller.pull
    return np.asarray(terms.reshape(len(places), -1) @ teller.alone + together)


def emulate(found: Floats, places: Floats) -> Emulator:
    """An emulator of figures (N,), finite, at places (N, K). Raises ValueError for places outside 0 to 1."""
    places = inside(places)
    number, middle, unit = places.shape[1], float(found.mean()), float(found.std())
    none = np.zeros(0, dtype=np.int64)
    flat = Emulator(
        np.zeros(number), none, None, middle, 0.0, 0.0, unit, unit / len(found) ** 0.5, found - middle
    )  # fmt: skip
    if unit <= 1e-12 * max(abs(middle), 1e-300):
        return flat._replace(error=0.0, doubt=0.0)
    middle, slope, free = lines(places, found)
    left = found - middle - (places - 0.5) @ slope
    active, process = process_over(places, found, left)
    off_lines, off_both = not_foretold(places, found, active, process)
    by_lines, by_both = explained_by(off_lines, found), explained_by(off_both, found)
    if max(by_lines, by_both) < LEAST_EXPLAINED:
        return along_few(places, found, flat)
    unit = float(left.std())
    degrees = free / len(found)  # what the lines were free to follow of chance
    if process is None or by_both <= by_lines:
        error = float(found.std() * np.sqrt(max(1.0 - by_lines, 1e-6)))
        doubt = error * float(np.sqrt(degrees))
        return Emulator(slope, flat.active, None, middle, unit, by_lines, error, doubt, off_lines)
    _, about = left_one_out(process)
    error = float(found.std() * np.sqrt(max(1.0 - by_both, 1e-6)))
    doubt = np.sqrt(max(float(np.mean(about**2)) - process.kernel.nugget, 0.0)) * unit
    both = float(np.hypot(doubt, error * np.sqrt(degrees)))
    return Emulator(slope, active, teller_of(process), middle, unit, by_both, error, both, off_both)


def along_few(places: Floats, found: Floats, flat: Emulator) -> Emulator:
    """A figure that chance moves most, such as a count of few: lines along the unknowns that surely move it, by least
    squares; the flat emulator where none does, or where they foretell no run left out."""
    few, best = surest(places, found)
    left = found - columns_of(places, few) @ best
    off = np.zeros(len(found))
    for out in folds(len(found)):
        chosen, line = surest(places[~out], found[~out])
        off[out] = found[out] - columns_of(places[out], chosen) @ line
    explained = explained_by(off, found)
    if few.size == 0 or explained <= 0.0:
        return flat
    slope = np.zeros(places.shape[1])
    slope[few] = best[1:]
    error = float(found.std() * np.sqrt(1.0 - explained))
    doubt = error * float(np.sqrt((1.0 + few.size) / len(found)))
    return flat._replace(slope=slope, middle=float(best[0]), unit=float(left.std()), explained=explained,
                         error=error, doubt=doubt, left=off)  # fmt: skip


def surest(places: Floats, found: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The few unknowns that move a figure beyond what chance does, and its middle and slopes along them."""
    at, off = places - places.mean(axis=0), found - found.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = np.nan_to_num(at.T @ off / np.sqrt((at**2).sum(axis=0) * (off**2).sum()))
    sure = np.abs(correlation) * np.sqrt(len(found)) > SURE
    few = np.argsort(-np.abs(correlation), kind="stable")[: min(int(sure.sum()), MOST_FEW)].astype(np.int64)
    return few, np.asarray(np.linalg.lstsq(columns_of(places, few), found, rcond=None)[0], dtype=np.float64)


def columns_of(places: Floats, few: NDArray[np.int64]) -> Floats:
    """(N, 1 + few) a column of ones, and places from their middle."""
    return np.column_stack([np.ones(len(places)), places[:, few] - 0.5])


def lines(places: Floats, found: Floats) -> tuple[float, Floats, float]:
    """Middle and slopes (K,) by ridge regression, with the penalty that foretells runs left out best (generalised
    cross-validation: Golub, Heath and Wahba 1979); and its effective degrees of freedom."""
    at, middle = places - places.mean(axis=0), found.mean()
    left, values, right = np.linalg.svd(at, full_matrices=False)
    along = left.T @ (found - middle)
    shrunk = values**2 / (values**2 + PENALTIES[:, None])  # (penalties, K)
    error = ((found - middle)[:, None] - left @ (shrunk * along).T) ** 2
    score = error.sum(axis=0) / (1.0 - (1.0 + shrunk.sum(axis=1)) / len(found)) ** 2
    best = shrunk[score.argmin()]
    slope = right.T @ (best / values * along)
    return float(middle - (places.mean(axis=0) - 0.5) @ slope), np.asarray(slope), float(1.0 + best.sum())


def process_over(
    places: Floats, found: Floats, left: Floats, near: tuple[NDArray[np.int64], Process] | None = None
) -> tuple[NDArray[np.int64], Process | None]:
    """The unknowns that matter most, and a process over them of what the lines leave; None where none can be fitted.
    The search begins at the kernel of a process `near`, over these unknowns or others."""
    active = most_active(places, found, left)
    own, answers = np.ascontiguousarray(places[:, active]), left / left.std()
    start = start_of(active.size, SCALE)
    if near is not None:
        start = begun_at(start, active, *near)
    some = learned_from(len(own))
    worth, theta = likeliest(start, own[some], answers[some], ENOUGH)
    return active, None if worth >= FAILED else process_of(theta, own, answers)


def learned_from(runs: int) -> NDArray[np.int64]:
    """Which of so many runs, from all waves alike, a kernel is learned from; the process is of all of them."""
    return np.linspace(0, runs - 1, min(runs, MOST_LEARNED)).round().astype(np.int64)


def not_foretold(
    places: Floats, found: Floats, active: NDArray[np.int64], process: Process | None
) -> tuple[Floats, Floats]:
    """(N,) what is left of each part of the runs by emulators of the others: by lines alone, and with a process, where
    all runs have one. Its inputs are chosen and its kernel fitted anew; the search begins at the kernel of all."""
    by_lines, by_both = np.zeros(len(found)), np.zeros(len(found))
    for out in folds(len(found)):
        middle, slope, _ = lines(places[~out], found[~out])
        left = found - middle - (places - 0.5) @ slope
        by_lines[out] = by_both[out] = left[out]
        if process is not None:
            own, fitted = process_over(places[~out], found[~out], left[~out], (active, process))
            if fitted is not None:
                by_both[out] -= left[~out].std() * expected(fitted, np.ascontiguousarray(places[out][:, own]))
    return by_lines, by_both


def folds(runs: int) -> list[NDArray[np.bool_]]:
    """Which runs are left out in turn: dealt at random, by one deal for all, for runs next to each other in a spread
    sequence lie in different parts of it."""
    dealt = np.random.default_rng(FOLDS).permutation(runs) % FOLDS
    return [dealt == fold for fold in range(FOLDS)]


def begun_at(start: Floats, active: NDArray[np.int64], others: NDArray[np.int64], near: Process) -> Floats:
    """A theta over `active` with what a process over `others` has found of those of both, and of the whole."""
    kernel, begun = near.kernel, start.copy()
    _, mine, theirs = np.intersect1d(active, others, return_indices=True)
    begun[1 + mine] = np.log(kernel.scales[theirs])
    begun[1 + active.size + mine] = np.log(kernel.alone[theirs])
    begun[0], begun[-3:] = np.log(kernel.together), np.log([kernel.bend, kernel.reach, kernel.nugget])
    return begun


def most_active(places: Floats, found: Floats, left: Floats) -> NDArray[np.int64]:
    """The unknowns with the strongest rank correlation: of the figure with the place, and of what the lines leave, or
    its size, with the distance from the middle place, where bends and what unknowns do together show."""
    off = np.abs(places - 0.5)
    ranks = np.apply_along_axis(rankdata, 0, np.column_stack([places, off, found, left, np.abs(left)]))
    correlation, number = np.abs(np.corrcoef(ranks.T)), places.shape[1]
    strength = np.maximum(correlation[:number, -3], correlation[number : 2 * number, -2:].max(axis=1))
    return np.sort(np.argsort(-strength, kind="stable")[:MOST_ACTIVE])


def emulated(emulators: Sequence[Emulator], places: Floats) -> Floats:
    """(P, T) figures expected at places (P, K). Raises ValueError outside the region that the runs are of."""
    places = inside(places)
    slopes = np.array([one.slope for one in emulators]).T
    figures = np.array([one.middle for one in emulators]) + (places - 0.5) @ slopes
    terms = basis(places)  # once for all, of which each takes those of its own unknowns
    for t, one in enumerate(emulators):
        if one.teller is not None:
            figures[:, t] += one.unit * told(one.teller, places[:, one.active], terms[:, one.active])
    return np.asarray(figures)


def all_emulators(found: Floats, places: Floats, spread: Spread = map) -> list[Emulator]:
    """One a column of `found` (N, T); runs with a figure that is not finite are left out of that column's. `spread` is
    a `map` for what can be done at once."""
    return list(spread(partial(_of_column, places=places), [np.ascontiguousarray(column) for column in found.T]))


def _of_column(column: Floats, places: Floats) -> Emulator:
    finite = np.isfinite(column)
    if finite.sum() < LEAST_RUNS:  # too few had anybody to measure it on: nothing is known of it
        nothing = np.zeros(places.shape[1]), np.zeros(0, dtype=np.int64)
        middle, left = float(column[finite].mean()) if finite.any() else 0.0, np.full(len(column), np.nan)
        return Emulator(*nothing, None, middle, 0.0, 0.0, np.inf, np.inf, left)
    found, left = emulate(column[finite], places[finite]), np.full(len(column), np.nan)
    left[finite] = found.left
    return found._replace(left=left)


def together(emulators: Sequence[Emulator]) -> Floats:
    """(T, T) how what emulators did not foretell goes together: a total misses with its parts. Correlations over runs,
    shrunk towards none as far as chance makes them (Schaefer and Strimmer 2005); none of figures that few runs have,
    and the less the fewer two have in common. Never of a negative eigenvalue, since it is of columns of one length,
    empty where a run had no figure."""
    left = np.column_stack([one.left for one in emulators])
    known = np.isfinite(left)
    left = np.where(known & (known.sum(axis=0) >= LEAST_RUNS), left, 0.0)
    unit = left / np.maximum(np.sqrt((left**2).sum(axis=0)), 1e-300)
    correlation = unit.T @ unit
    both = known.T.astype(float) @ known.astype(float)
    apart = ~np.eye(len(correlation), dtype=np.bool_) & (both >= LEAST_RUNS)
    chance = ((1.0 - correlation**2) ** 2 / np.maximum(both - 1.0, 1.0))[apart].sum()
    shrunk = min(1.0, float(chance / max((correlation[apart] ** 2).sum(), 1e-300)))
    return np.where(np.eye(len(correlation), dtype=np.bool_), 1.0, (1.0 - shrunk) * correlation)
