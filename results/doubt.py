"""How much of the spread between runs comes from doubt about the numbers, and how much from chance.

A run's difference varies because its draw of the uncertain numbers does, and because chance would give another with
the same numbers. With several runs in each draw the two are told apart by the analysis of variance of a random factor
(Searle, Casella and McCulloch, Variance Components, 1992, ch. 3); with one, chance is that of `compare.chance_error`,
from batches of people within a run. What is uncertain of the split itself is told by resampling draws.
"""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from results.compare import averted, comparator_of
from results.measures import OFFENCES_MEASURE, averted_runs
from results.table_rows import Cell, Rows

Floats = NDArray[np.float64]
RESAMPLES = 2000
ENOUGH_DRAWS = 4  # below it resampling says nothing
NESTED, BATCHES = "runs with the same numbers", "batches of people within a run"


class Split(NamedTuple):
    """Variances of one run's difference: of its numbers, of its chance; and the share of the first, with a 95%
    interval (NaN where there are too few draws)."""

    numbers: float
    chance: float
    share: float
    lower: float
    upper: float
    how: str  # NESTED or BATCHES


def split_of(means: Floats, within: Floats, runs: int, how: str = NESTED) -> Split:
    """From the mean of each draw over its `runs`, and the variance of one run by chance as each draw tells it, both
    (draws,), two or more."""
    numbers, chance = _variances(means, within, runs)
    lower = upper = np.nan
    if means.size >= ENOUGH_DRAWS:
        chosen = np.random.default_rng(0).integers(0, means.size, (RESAMPLES, means.size))
        lower, upper = np.quantile(_share(*_variances(means[chosen], within[chosen], runs)), (0.025, 0.975))
    return Split(float(numbers), float(chance), float(_share(numbers, chance)), float(lower), float(upper), how)


def _variances(means: Floats, within: Floats, runs: int) -> tuple[Floats, Floats]:
    """Of the numbers and of chance, over the last axis. An estimate below nothing is nothing."""
    chance = within.mean(axis=-1)
    return np.maximum(means.var(axis=-1, ddof=1) - chance / runs, 0.0), chance


def _share(numbers: Floats, chance: Floats) -> Floats:
    whole = numbers + chance
    return np.asarray(np.divide(numbers, whole, out=np.zeros_like(whole), where=whole > 0))


def splits(ds: xr.Dataset) -> dict[str, Split]:
    """Of offences averted over the plan, by alternative; nothing of a run of one draw."""
    draws = ds.draw.values
    distinct = list(dict.fromkeys(draws.tolist()))
    if len(distinct) < 2:
        return {}
    runs = averted_runs(ds, OFFENCES_MEASURE, comparator_of(ds)).sum("year")
    nested = min(int((draws == draw).sum()) for draw in distinct)
    batches = averted(ds, "expected_offences_by_batch", comparator_of(ds)).sum("year")
    by_chance = batches.var("batch", ddof=1) * batches.sizes["batch"]
    told = {}
    for name in runs.alternative.values:
        of_run = runs.sel(alternative=name).transpose("replicate").values
        by_draw = [of_run[draws == draw][:nested] for draw in distinct]
        means = np.array([one.mean() for one in by_draw])
        if nested > 1:
            told[str(name)] = split_of(means, np.array([one.var(ddof=1) for one in by_draw]), nested)
        else:
            chance = by_chance.sel(alternative=name).transpose("replicate").values
            within = np.array([chance[draws == draw][0] for draw in distinct])
            told[str(name)] = split_of(means, within, 1, BATCHES)
    return told


def doubt(ds: xr.Dataset) -> Rows:
    """The table: what the spread between runs comes from, by alternative."""
    rows: list[list[Cell]] = [
        [name, float(np.sqrt(one.numbers)), float(np.sqrt(one.chance)), 100 * one.share, 100 * one.lower,
         100 * one.upper, one.how]
        for name, one in splits(ds).items()
    ]  # fmt: skip
    return [
        "alternative", "standard deviation from the uncertain numbers (offences averted)",
        "standard deviation from chance (offences averted)",
        "estimate (% of the variance of a run that the uncertain numbers make)",
        "lower (%; 95% interval by resampling draws)", "upper (%; 95% interval by resampling draws)", "chance told by",
    ], rows  # fmt: skip
