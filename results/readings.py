"""A difference and its range put into words, the same on the terminal, beside charts and in papers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from results.compare import (
    NOT_DISTINGUISHABLE,
    are_distinguishable,
    estimates,
    figure,
    is_distinguishable,
    rounding_unit,
)
from results.labels import spoken

PARTS = ("estimate", "lower", "upper", "error")
UNCLEAR = "no clear difference"


@dataclass(frozen=True)
class Cell:
    """What is printed: the figure, and beside or under it its range."""

    figure: str
    range: str = ""


def averted_cell(estimate: float, lower: float, upper: float, error: float, smallest: float = 0.1) -> Cell:
    """What is averted, in words; it says so where that is below twice its own error."""
    return doubted_cell(estimate, lower, upper, error, smallest, "more", "fewer")


def doubted_cell(
    estimate: float, lower: float, upper: float, error: float, smallest: float, below: str, above: str
) -> Cell:
    """A difference with words in place of its sign; it says so where that is below twice its own error."""
    if lower == upper == 0:
        return Cell("no difference")
    unit = rounding_unit(estimate, lower, upper, smallest)
    if error == error and not is_distinguishable(estimate, error):
        return Cell(UNCLEAR, range_in_words(lower, upper, unit, below, above))
    return signed(estimate, lower, upper, unit, below, above)


def signed(estimate: float, lower: float, upper: float, unit: float, below: str, above: str) -> Cell:
    """A figure with a word in place of its sign, and its range: '1,230 fewer', '980 to 1,500'.

    The range has words of its own where it does not lie on the figure's side of zero.
    """
    told = in_words(estimate, unit, below, above)
    if lower == upper:
        return Cell(told)
    low, high = (float(figure(end, unit).replace(",", "")) for end in (lower, upper))
    if below and above and (min(low, high) < 0 < max(low, high) or estimate * (low + high) < 0):
        return Cell(told, range_in_words(lower, upper, unit, below, above))
    near, far = sorted((abs(low), abs(high)))
    return Cell(told, f"{figure(near, unit)} to {figure(far, unit)}")


def range_in_words(lower: float, upper: float, unit: float, below: str, above: str) -> str:
    """'30 more to 90 fewer', '0 to 90 fewer': each end with its own word."""
    return f"{in_words(lower, unit, below, above)} to {in_words(upper, unit, below, above)}"


def in_words(value: float, unit: float, below: str, above: str) -> str:
    """The size of a figure and the word for its sign; a zero has none."""
    size = figure(abs(value), unit)
    word = (above if value > 0 else below) if float(size.replace(",", "")) else ""
    return f"{size} {word}".strip()


def reading_of(estimate: float, error: float) -> str:
    """What to keep in mind of a difference; empty where it stands clear of twice its error."""
    if np.isnan(error):
        return "one run: its error is unknown"
    if estimate == 0 and error == 0:
        return "no difference"
    return "" if is_distinguishable(estimate, error) else NOT_DISTINGUISHABLE


def reading(told: xr.Dataset, smallest: float = 1.0) -> Cell:
    """The cell of one averted estimate (no dims) of `compare.estimates`."""
    estimate, lower, upper, error = (float(told[part]) for part in PARTS)
    return averted_cell(estimate, lower, upper, error, smallest)


def readings(runs: xr.DataArray, smallest: float = 1.0) -> str:
    """Of (alternative, replicate) averted, largest first: 'extra primary 1,230 fewer (980 to 1,500), ...'."""
    told = estimates(runs)
    order = np.argsort(-np.abs(told.estimate.values), kind="stable")
    return ", ".join(said(told.isel(alternative=place), smallest) for place in order)


def said(told: xr.Dataset, smallest: float) -> str:
    cell = reading(told, smallest)
    return f"{spoken(str(told.alternative.values))} {cell.figure}" + (f" ({cell.range})" if cell.range else "")


def readings_by_row(runs: xr.DataArray, dim: str, rows: Sequence[str], smallest: float = 1.0) -> str:
    """`readings` of each row along `dim`, named by `rows`."""
    return "; ".join(f"{row}: {readings(runs.isel({dim: at}), smallest)}" for at, row in enumerate(rows))


def largest_clear(told: xr.Dataset) -> tuple[int, int] | None:
    """Of `estimates` (alternative, row), the places of the largest that is told from zero; None where none is."""
    size, error = np.abs(told.estimate.values), told.error.values
    clear = np.where(are_distinguishable(size, error), size, 0.0)  # never so of one run, whose error is unknown
    if not clear.any():
        return None
    alternative, row = np.unravel_index(int(clear.argmax()), clear.shape)
    return int(alternative), int(row)


def any_clear(runs: xr.DataArray) -> bool:
    """Whether any mean over replicates is larger than twice its error."""
    told = estimates(runs)
    return any(
        is_distinguishable(estimate, error)
        for estimate, error in zip(told.estimate.values.flat, told.error.values.flat, strict=True)
    )
