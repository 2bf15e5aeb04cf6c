"""What the tables of a run are made of: rows of cells under a header that has the units."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from results.compare import estimates, range_words

Cell = str | int | float
Rows = tuple[list[str], list[list[Cell]]]  # header, rows


def interval_header(ds: xr.Dataset, unit: str) -> list[str]:
    kind = range_words(ds.sizes["replicate"])
    return [f"estimate ({unit})", f"lower ({unit}; {kind})", f"upper ({unit}; {kind})"]


def intervals(values: xr.DataArray, *dims: str) -> Iterator[tuple[list[str], list[float]]]:
    """For each place along `dims`: its names, and its estimate, lower and upper."""
    told = estimates(values).transpose(*dims)
    columns = [told[name].values for name in ("estimate", "lower", "upper")]
    for place in np.ndindex(*(values.sizes[dim] for dim in dims)):
        names = [str(values[dim].values[at]) for dim, at in zip(dims, place, strict=True)]
        yield names, [float(column[place]) for column in columns]


def pounds_of(ds: xr.Dataset) -> str:
    return f"pounds, {ds.attrs['price_year']} prices, undiscounted"


def present_pounds_of(ds: xr.Dataset) -> str:
    return f"pounds, {present_prices_of(ds)}"


def present_prices_of(ds: xr.Dataset) -> str:
    return f"{ds.attrs['price_year']} prices, present value"
