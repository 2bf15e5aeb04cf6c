"""Whether two models are equivalent: two one-sided tests an outcome, corrected for how many there are.

Two one-sided t tests (Schuirmann, J Pharmacokinet Biopharm 15, 1987, 657-680): the models are called equivalent on an
outcome where both "lower by the margin or more" and "higher by the margin or more" are rejected. Variances may differ
(Welch). Over outcomes the p-values are corrected by Holm (Scand J Stat 6, 1979, 65-70), so that the chance of calling
any one equivalent that is not stays below the level.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

LEVEL = 0.05


class Compared(NamedTuple):
    """One outcome. Shares are of the first model's mean."""

    name: str
    first: float  # mean
    second: float
    margin: float  # share
    difference: float  # share, second over first
    error: float  # standard error of the difference, share
    p_equivalent: float  # of the two one-sided tests, the larger; corrected
    p_different: float  # of the two-sided test of no difference; corrected

    @property
    def equivalent(self) -> bool:
        return self.p_equivalent < LEVEL

    @property
    def different(self) -> bool:
        return self.p_different < LEVEL


def compare(
    first: Sequence[Mapping[str, float]], second: Sequence[Mapping[str, float]], margins: Mapping[str, float]
) -> list[Compared]:
    """Compare runs of two models on the outcomes that have margins, in their order."""
    one, two = ([np.array([run[name] for run in runs]) for name in margins] for runs in (first, second))
    tests = [_test(a, b, margin) for a, b, margin in zip(one, two, margins.values(), strict=True)]
    equivalent = holm(np.array([each[2] for each in tests]))
    different = holm(np.array([each[3] for each in tests]))
    return [
        Compared(name, float(a.mean()), float(b.mean()), margin, d, se, float(eq), float(ne))
        for (name, margin), a, b, (d, se, _, _), eq, ne in zip(
            margins.items(), one, two, tests, equivalent, different, strict=True
        )
    ]


def _test(a: NDArray[np.float64], b: NDArray[np.float64], margin: float) -> tuple[float, float, float, float]:
    """Difference and its standard error as shares of a's mean; p of equivalence and of difference, uncorrected."""
    va, vb, mean = a.var(ddof=1) / a.size, b.var(ddof=1) / b.size, a.mean()
    difference, error = float((b.mean() - mean) / mean), float(np.sqrt(va + vb) / abs(mean))
    if error == 0.0:
        return difference, error, float(abs(difference) >= margin), float(difference == 0.0)
    freedom = (va + vb) ** 2 / (va**2 / (a.size - 1) + vb**2 / (b.size - 1))
    below = student.sf((difference + margin) / error, freedom)
    above = student.cdf((difference - margin) / error, freedom)
    return difference, error, float(max(below, above)), float(2 * student.sf(abs(difference) / error, freedom))


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Holm's step-down corrected p-values, in the order given."""
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * (p.size - np.arange(p.size)))
    out = np.empty_like(p)
    out[order] = np.minimum(stepped, 1.0)
    return out
