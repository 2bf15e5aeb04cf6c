"""Outcomes: the one number of a run that an experiment asks about, of a policy against the comparator."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from results.compare import averted, chance_variance
from results.economics.appraisal import appraisal
from results.measures import MEASURES, Measure
from results.prices import shipped

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """One number of a run, of which more is better; `pick` gives it by replicate, of a Dataset, the comparator and the
    policy."""

    key: str
    title: str
    unit: str
    variable: str  # of the Dataset, from which it comes
    pick: Callable[[xr.Dataset, str, str], Floats]

    def chance(self, ds: xr.Dataset, comparator: str, name: str) -> Floats:
        """(replicate,) variance by chance of what `pick` gives; NaN of what is not kept by batches of people."""
        if self.variable != "expected_offences":
            return np.full(ds.sizes["replicate"], np.nan)
        by_batch = averted(ds, "expected_offences_by_batch", comparator).sum("year").sel(alternative=name)
        return np.asarray(chance_variance(by_batch).transpose("replicate").values)


def averted_outcome(measure: Measure) -> Outcome:
    def pick(ds: xr.Dataset, comparator: str, name: str) -> Floats:
        runs = measure.pick(averted(ds, measure.variable, comparator)).sum("year").sel(alternative=name)
        return np.asarray(runs.transpose("replicate").values)

    return Outcome(measure.key, f"{measure.title} averted", measure.unit, measure.variable, pick)


def worth(ds: xr.Dataset, comparator: str, name: str) -> Floats:
    """Net present social value, as value for money has it."""
    pair = ds.sel(alternative=[comparator, name])
    return np.asarray(appraisal(pair, comparator, shipped()).net.sel(alternative=name).transpose("replicate").values)


WORTH = "net_present_social_value"
OUTCOMES = {measure.key: averted_outcome(measure) for measure in MEASURES} | {
    WORTH: Outcome(WORTH, "Net present social value", "pounds, present value", "agency_cost", worth)
}


def less(key: str) -> str:
    """What an answer below zero means."""
    return "costs more than it is worth" if key == WORTH else "more, not fewer"


def even_words(key: str) -> str:
    """What zero means on an axis."""
    return "break-even" if key == WORTH else "no difference"
