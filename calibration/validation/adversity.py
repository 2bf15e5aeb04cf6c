"""What goes when adverse experiences go: less than what goes with them.

A cohort is lived with and without every adverse experience, the same people. The fall in violence is the causal part;
the attributable fraction that a statistician would work out from the first cohort, by comparing people, is more: it
holds what family, place and propensity do beside (by levels of exposure: Bruzzi and others 1985).
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr

from experiments.cohort.dataset import VIOLENT

NUMBERS = 5  # none, one, two, three, four and more


class Removed(NamedTuple):
    """Violent offences of a cohort with and without adverse experiences."""

    causal_share: float
    fall: float  # share of violence that goes with them
    attributable: float  # share that comparing people puts down to them

    @property
    def ratio(self) -> float:
        """The fall over the attributable fraction."""
        return self.fall / self.attributable


def violence(cohort: xr.Dataset) -> np.ndarray:
    """(person,) violent offences."""
    return np.asarray(cohort["offences"].sel(offence=list(VIOLENT)).sum(["age", "offence"]), dtype=float)


def attributable_fraction(cohort: xr.Dataset) -> float:
    """Share of the cohort's violence above what all would do at the rate of those with no adverse experience, within
    each sex."""
    done, number = violence(cohort), np.minimum(np.asarray(cohort["ace_count"]), NUMBERS - 1)
    without = 0.0
    for sex in (0, 1):
        of = np.asarray(cohort["sex"]) == sex
        none = done[of & (number == 0)]
        without += float(none.mean()) * float(of.sum()) if none.size else float("nan")
    return float(1.0 - without / done.sum())


def removed(with_all: Path, without: Path, causal_share: float) -> Removed:
    """From two files of one cohort. Raises ValueError where the people are not the same."""
    with xr.open_dataset(with_all) as one, xr.open_dataset(without) as other:
        if not np.array_equal(one["person"], other["person"]):
            raise ValueError(f"{with_all} and {without} are not of the same people")
        fall = 1.0 - violence(other).sum() / violence(one).sum()
        return Removed(causal_share, float(fall), attributable_fraction(one))
