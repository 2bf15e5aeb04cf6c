"""Differences between alternatives on the same people, and how sure one can be of them.

Every difference is taken within a replicate, where both alternatives share people, parameters and
draws, and only then averaged. Positive means fewer than under the comparator: averted.
"""

import math

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import stdtrit

from model.vocabulary import ANTISOCIAL, OFFENCES

ENOUGH_RUNS = 40  # below it the outer centiles would rest on a run or two: the whole range is shown instead
CENTILES = (0.025, 0.975)
TWICE = 2.0  # of its error that a difference must be larger than to be told
NOT_DISTINGUISHABLE = "not distinguishable from zero at this run size"


def comparator_of(ds: xr.Dataset) -> str:
    """The comparator that the scenario named; the first alternative where it named none."""
    return str(ds.attrs.get("comparator") or ds.alternative.values[0])


def others(ds: xr.Dataset, comparator: str) -> list[str]:
    """The alternatives beside the comparator, in their order. Raises KeyError when it is none of them."""
    names = [str(name) for name in ds.alternative.values]
    if comparator not in names:
        raise KeyError(f"{comparator} is no alternative of this run: {', '.join(names)}")
    return [name for name in names if name != comparator]


def averted(ds: xr.Dataset, variable: str, comparator: str) -> xr.DataArray:
    """comparator - alternative, replicate by replicate: (other alternatives, replicate, ...)."""
    values = ds[variable]
    names = others(ds, comparator)
    return (values.sel(alternative=comparator, drop=True) - values.sel(alternative=names)).transpose(
        *values.dims
    )


def of_crime(values: xr.DataArray) -> xr.DataArray:
    """Without antisocial behaviour, which is no crime."""
    return values.drop_sel(offence=OFFENCES[ANTISOCIAL])


def estimates(values: xr.DataArray) -> xr.Dataset:
    """Mean over replicates with its range and its error, in the units of `values`.

    `estimate`, `lower`, `upper`, `error` over the dims of `values` without replicate. The range runs
    from the least to the greatest run, and from 40 runs between the 2.5th and 97.5th centiles. Sum over
    years, places or offences before, not after: ranges do not add up.
    """
    if values.sizes["replicate"] < ENOUGH_RUNS:
        lower, upper = values.min("replicate"), values.max("replicate")
    else:
        lower, upper = (values.quantile(share, "replicate").drop_vars("quantile") for share in CENTILES)
    return xr.Dataset(
        {
            "estimate": values.mean("replicate"),
            "lower": lower,
            "upper": upper,
            "error": error_of_mean(values),
        }
    )


def error_of_mean(values: xr.DataArray) -> xr.DataArray:
    """The standard error over replicates, wider where they are few, so that TWICE it is the half-width of a 95%
    interval of the mean by Student's t: 1.18 times as wide of 8 runs and 6.35 times of 2. NaN of a single run."""
    units = independent(values)
    return standard_error(units) * (stdtrit(units.sizes["replicate"] - 1, CENTILES[1]) / TWICE)


def standard_error(units: xr.DataArray) -> xr.DataArray:
    """Of the mean over replicates that are independent; NaN of a single one."""
    n = units.sizes["replicate"]
    if n == 1:
        return units.mean("replicate") * np.nan
    return units.std("replicate", ddof=1) / math.sqrt(n)


def independent(values: xr.DataArray) -> xr.DataArray:
    """Values whose replicates are independent. Runs that share a parameter draw are not: where several draws have
    several runs each, the means of the draws."""
    units = values
    if "draw" in values.coords:
        drawn, of = np.unique(values.draw.values, return_inverse=True)
        if 1 < drawn.size < values.sizes["replicate"]:
            share = (of == np.arange(drawn.size)[:, None]) / np.bincount(of)[:, None]  # of a draw, to each of its runs
            units = values.dot(xr.DataArray(share, dims=("unit", "replicate")), "replicate").rename(unit="replicate")
    return units


def monte_carlo_error(ds: xr.Dataset) -> xr.DataArray:
    """(other alternatives,) by how much chance alone may move the mean of offences averted over the plan."""
    return chance_error(averted(ds, "expected_offences_by_batch", comparator_of(ds)).sum("year"))


def chance_error(by_batch: xr.DataArray) -> xr.DataArray:
    """By how much chance alone may move the mean over replicates of a sum over batches (replicate, batch, ...).

    People are dealt into B batches by their keys. What a run averts is the sum over its batches, whose
    spread tells that of the sum: B times their variance (Cochran, Sampling Techniques, 1977, ch. 2). The
    values that were drawn are the same for all batches of a run, so that doubt about them is not in it.
    Batches are taken as independent: what passes between people of two of them (peers, victims, places in a
    queue) is left out, so that the error is an approximation.
    """
    return chance_variance(by_batch).sum("replicate") ** 0.5 / by_batch.sizes["replicate"]


def chance_variance(by_batch: xr.DataArray) -> xr.DataArray:
    """Variance by chance of each replicate's sum over batches, as `chance_error` has it."""
    return by_batch.var("batch", ddof=1) * by_batch.sizes["batch"]


def is_distinguishable(estimate: float, error: float) -> bool:
    """Whether a mean difference is larger than TWICE its own error, never so of a single run: where there is nothing,
    that comes about one time in twenty."""
    return bool(are_distinguishable(np.asarray(estimate), np.asarray(error)))


def is_clear_gain(estimate: float, error: float) -> bool:
    """Whether a mean of what is averted is above nothing, and told from it."""
    return estimate > 0.0 and is_distinguishable(estimate, error)


def are_distinguishable(estimates: NDArray[np.float64], errors: NDArray[np.float64]) -> NDArray[np.bool_]:
    """`is_distinguishable` of many, in any shape."""
    # Of two runs, one of them zero, mean and error are the same but for rounding.
    return np.asarray(np.abs(estimates) > TWICE * errors * (1 + 1e-9))


def error_share(estimate: float, error: float) -> float:
    """An error as a share of the difference; NaN where there is no difference or no error."""
    return error / abs(estimate) if estimate else math.nan


def range_words(runs: int) -> str:
    """What the range of a result of `runs` runs is called."""
    if runs == 1:
        return "one run, no range"
    return f"range of {runs} runs" if runs < ENOUGH_RUNS else "95% model interval"


def rounding_unit(estimate: float, lower: float, upper: float, smallest: float = 1.0) -> float:
    """The power of ten to round an estimate and its range to.

    The largest that leaves at least five steps inside the range: digits below it are noise. Without a
    range, three significant figures. Never below `smallest`.
    """
    width = upper - lower
    if width > 0 and math.isfinite(width):
        exponent = math.floor(math.log10(width / 5) + 1e-9)
    elif estimate:
        exponent = math.floor(math.log10(abs(estimate)) + 1e-9) - 2
    else:
        return smallest
    return max(10.0**exponent, smallest)


def figure(value: float, unit: float) -> str:
    """`value` rounded to `unit` (a power of ten), with thousands separators; a zero has no sign."""
    decimals = max(0, -round(math.log10(unit)))
    steps = math.floor(abs(value) / unit + 0.5 + 1e-9)  # half away from zero, as people round
    sign = "-" if value < 0 and steps else ""
    return f"{sign}{steps * unit:,.{decimals}f}"


def significant(value: float, figures: int) -> float:
    """`value` to so many significant figures."""
    if not value or not math.isfinite(value):
        return value + 0.0
    return round(value, figures - 1 - math.floor(math.log10(abs(value)))) + 0.0
