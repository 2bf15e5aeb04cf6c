"""How near a prediction came: scores of arrays, each as the field has it.

A prediction is the values of its runs; what was recorded is one number. Nothing here reads a file or knows an area.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from results.register.predicted import QUANTILES, held_by, quantiles

Floats = NDArray[np.float64]
FEW = 30  # figures below which shares and averages over them are called few
RUNS_FOR_SKILL, FIGURES_FOR_SKILL = 5, 10  # fewer of either, and an average of the fair CRPS is luck


def crps(runs: Floats, observed: Floats) -> Floats:
    """(figure,) continuous ranked probability score of runs (figure, run): nought is best, in the figure's own unit.

    The fair estimator: mean |x - y| less half the mean |x - x'| over pairs of different runs, which asks what as many
    runs as one likes would score (Ferro, Fair scores for ensemble forecasts, Quarterly Journal of the Royal
    Meteorological Society 140, 2014; Ferro, Richardson and Weigel 2008). It is right on average and luck for a single
    figure: below nought for some, and of two runs nought wherever the record lies between them. NaN of a single run.
    """
    if runs.shape[-1] < 2:
        return np.full(observed.shape, np.nan)
    from scoringrules import crps_ensemble

    return np.asarray(crps_ensemble(observed, runs, estimator="fair", backend="numpy"), dtype=np.float64)


def rank(runs: Floats, observed: float) -> float:
    """The per cent of runs below what was recorded, half of those that equal it counted."""
    from scipy.stats import percentileofscore

    return float(percentileofscore(runs, observed, kind="mean"))


class Interval(NamedTuple):
    """An interval of the runs, and whether what was recorded lies in it."""

    low: float
    high: float

    def holds(self, observed: float) -> bool:
        return self.low <= observed <= self.high


def intervals(runs: Floats) -> tuple[Interval, Interval]:
    """The middle 50% and 90% of the runs; of few runs their whole range."""
    at = dict(zip(QUANTILES, quantiles(runs).tolist(), strict=True))
    return Interval(at[0.25], at[0.75]), Interval(at[0.05], at[0.95])


class Coverage(NamedTuple):
    """How many figures an interval held, of how many, and how many it should: a share with its binomial error."""

    inside: int
    figures: int
    expected: float
    error: float

    @property
    def share(self) -> float:
        return self.inside / self.figures


def coverage(inside: NDArray[np.bool_], width: float, runs: int) -> Coverage:
    """Of an interval of nominal `width` from so many runs. The error is that of the expected share, were the figures
    independent: sqrt(p (1 - p) / n)."""
    expected = held_by(width, runs)
    return Coverage(int(inside.sum()), inside.size, expected, math.sqrt(expected * (1 - expected) / inside.size))


class Errors(NamedTuple):
    """Of a set of figures: `bias` mean of predicted less observed, `mape` mean absolute per cent of what was observed
    (figures of nought left out), both NaN where there is none."""

    figures: int
    bias: float
    bias_percent: float  # of the sum observed
    mape: float


def errors(predicted: Floats, observed: Floats) -> Errors:
    off, some = predicted - observed, observed > 0
    total = observed.sum()
    return Errors(
        observed.size,
        float(off.mean()) if off.size else math.nan,
        float(100 * off.sum() / total) if total else math.nan,
        float(100 * np.abs(off[some] / observed[some]).mean()) if some.any() else math.nan,
    )


def skill_by_crps(score: Floats, reference: Floats, runs: int) -> float:
    """`skill` of the fair CRPS; NaN where runs or figures are too few for its average to mean anything."""
    both = np.isfinite(score) & np.isfinite(reference)
    enough = runs >= RUNS_FOR_SKILL and both.sum() >= FIGURES_FOR_SKILL
    return skill(score, reference) if enough else math.nan


def skill(score: Floats, reference: Floats) -> float:
    """One less the mean score over that of the reference, on the figures that both have: above nought is better than
    the reference, one is perfect. NaN without any, or where the reference is never off."""
    both = np.isfinite(score) & np.isfinite(reference)
    if not both.any() or not reference[both].mean():
        return math.nan
    return float(1 - score[both].mean() / reference[both].mean())
