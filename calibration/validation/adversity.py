"""What goes when adverse experiences go: less than what goes with them.

A cohort is lived with and without every adverse experience, the same people. The fall in violence is the causal part;
the attributable fraction that a statistician would work out from the first cohort, by comparing people, is more: it
holds what family, place and propensity do beside (by levels of exposure: Bruzzi and others 1985).
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.cohort.dataset import VIOLENT

Floats = NDArray[np.float64]
NUMBERS = 5  # none, one, two, three, four and more
GROUPS = 20  # of people, each left out once


class Removed(NamedTuple):
    """Violent offences of a cohort with and without adverse experiences."""

    causal_share: float
    fall: float  # share of violence that goes with them
    attributable: float  # share that comparing people puts down to them
    error: float  # standard error of the ratio of the two, over people

    @property
    def ratio(self) -> float:
        """The fall over the attributable fraction."""
        return self.fall / self.attributable


def violence(cohort: xr.Dataset) -> Floats:
    """(person,) violent offences."""
    return np.asarray(cohort["offences"].sel(offence=list(VIOLENT)).sum(["age", "offence"]), dtype=float)


def attributable_fraction(done: Floats, sex: Floats, number: Floats) -> float:
    """Share of the violence that people (N,) have `done` above what all would do at the rate of those with no adverse
    experience, within each sex."""
    without = 0.0
    for one in (0, 1):
        of = sex == one
        none = done[of & (number == 0)]
        without += float(none.mean()) * float(of.sum()) if none.size else float("nan")
    return float(1.0 - without / done.sum())


def removed(with_all: Path, without: Path, causal_share: float) -> Removed:
    """From two files of one cohort. Raises ValueError where the people are not the same."""
    with xr.open_dataset(with_all) as one, xr.open_dataset(without) as other:
        if not np.array_equal(one["person"], other["person"]):
            raise ValueError(f"{with_all} and {without} are not of the same people")
        done, left, sex = violence(one), violence(other), np.asarray(one["sex"])
        number = np.minimum(np.asarray(one["ace_count"]), NUMBERS - 1)

    def of(kept: NDArray[np.bool_]) -> tuple[float, float]:
        fall = float(1.0 - left[kept].sum() / done[kept].sum())
        return fall, attributable_fraction(done[kept], sex[kept], number[kept])

    group = np.arange(done.size) % GROUPS
    ratios = np.array([fall / fraction for fall, fraction in (of(group != g) for g in range(GROUPS))])
    error = np.sqrt((GROUPS - 1) / GROUPS * np.square(ratios - ratios.mean()).sum())  # jackknife (Efron 1982)
    return Removed(causal_share, *of(np.ones(done.size, np.bool_)), float(error))
