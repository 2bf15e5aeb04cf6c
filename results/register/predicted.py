"""What a run predicted of recorded crime: a row for each alternative, year, group and place, with every run's value."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.vocabulary import OFFENCES
from results.compare import comparator_of
from results.labels import year_name
from results.table_rows import Cell, Rows

Floats = NDArray[np.float64]

TOTAL = "total"
NOT_IN_TOTAL = ("fraud_computer_misuse", "antisocial_behaviour")
GROUPS = (*OFFENCES, TOTAL)
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
NAMED = ("alternative", "financial_year", "group", "district")  # district "" is the whole area
SUMS = ("mean", *(f"q{round(100 * q):02d}" for q in QUANTILES))
IDENTITY = (  # what makes a run the run it is: the same give the same results to the bit
    "scenario", "attribution", "comparator", "price_year", "seed", "scale", "years", "blocks_of_draws",
    "replicates_per_draw", "uncertainties_drawn", "area_hash", "evidence_hash", "posterior_hash", "source_hash",
)  # fmt: skip
SHORT = 12  # characters of a hash in an entry's name


def identity(ds: xr.Dataset) -> str:
    """SHA-256 of all that a run was made from, as its results tell it. Its date is no part of it."""
    told = [f"{name}={ds.attrs.get(name, '')}" for name in IDENTITY]
    told += [f"alternatives={list(map(str, ds.alternative.values))}", f"years={ds.year.values.tolist()}"]
    told.append(f"runs={list(zip(ds.draw.values.tolist(), ds.seed.values.tolist(), strict=True))}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def entry_name(ds: xr.Dataset) -> str:
    """The name of a run's entry: its scenario and the start of its identity."""
    named = "".join(sign if sign.isalnum() or sign in "_-" else "_" for sign in ds.attrs.get("scenario_name", ""))
    return f"{named[:60] or 'run'}-{identity(ds)[:SHORT]}"


def quantiles(runs: Floats) -> Floats:
    """(quantile, ...) of values (..., run), at (n + 1) q in order of size, and no further out than the least and the
    greatest run: the one choice for which a further run falls below the q-quantile with chance q, whatever the
    distribution (Hyndman and Fan, Sample quantiles in statistical packages, 1996, type 6)."""
    return np.asarray(np.quantile(runs, QUANTILES, axis=-1, method="weibull"))


def held_by(width: float, runs: int) -> float:
    """The share of equally likely values that an interval of nominal `width` from so many runs holds: that of their
    whole range where it is clipped to it."""
    return min(width, (runs - 1) / (runs + 1))


def recorded(ds: xr.Dataset) -> xr.DataArray:
    """(alternative, year, group, district, replicate) recorded crimes, with the total and the whole area added."""
    order = ("alternative", "year", "offence", "area", "replicate")
    by_group = ds.recorded_crimes.reset_coords(drop=True).transpose(*order)
    of_total = [name for name in OFFENCES if name not in NOT_IN_TOTAL]
    total = by_group.sel(offence=of_total).sum("offence").expand_dims(offence=[TOTAL])
    groups = xr.concat([by_group, total], "offence", coords="minimal", compat="override", join="outer")
    whole = groups.sum("area").expand_dims(area=[""])
    both = xr.concat([whole, groups], "area", coords="minimal", compat="override", join="outer")
    return both.transpose(*order)


def predicted(ds: xr.Dataset) -> Rows:
    """The rows of an entry, in the order of the results: names, mean and quantiles, then the value of each run."""
    told = recorded(ds)
    header = [*NAMED, *SUMS, *(f"run {number + 1}" for number in range(told.sizes["replicate"]))]
    return header, list(_rows(told))


def _rows(told: xr.DataArray) -> Iterator[list[Cell]]:
    values = told.values
    sums = np.concatenate([values.mean(axis=-1)[None], quantiles(values)])
    axes = [told[dim].values for dim in ("alternative", "year", "offence", "area")]
    for place in np.ndindex(*values.shape[:-1]):
        name, year, group, district = (axis[at] for axis, at in zip(axes, place, strict=True))
        yield [str(name), year_name(int(year)), str(group), str(district), *sums[:, *place], *values[place]]


def facts(ds: xr.Dataset) -> dict[str, str | int | float | list[str]]:
    """What is written beside the rows: what the run was, what it was made from and whom it compares with."""
    told = ds.attrs
    given = {name: str(told.get(name, "")) for name in (
        "title", "question", "scenario_name", "area", "price_year", "date", "version", "git_revision", "source_hash",
        "area_hash", "evidence_hash", "posterior_hash", "fit_warning", "failed",
    )}  # fmt: skip
    return {
        **given,
        "comparator": comparator_of(ds),
        "alternatives": [str(name) for name in ds.alternative.values],
        "financial_years": [year_name(int(year)) for year in ds.year.values],
        "districts": [str(name) for name in ds.area.values],
        "runs": ds.sizes["replicate"],
        "draws": len(np.unique(ds.draw.values)),
        "scale": float(told["scale"]),
        "seed": str(told.get("seed", "")),
        "versions": str(told.get("versions", "")),
        "scenario_sha256": hashlib.sha256(str(told.get("scenario", "")).encode()).hexdigest(),
        "identity": identity(ds),
    }


NO_FORECAST = (
    "Upstream is not meant as a forecast of how much crime there will be: only differences between alternatives mean "
    "anything. These figures are kept so that someone can hold it to account all the same."
)


def covers(ds: xr.Dataset) -> list[str]:
    """What the spread between the runs covers, in sentences."""
    runs, scale = ds.sizes["replicate"], float(ds.attrs["scale"])
    draws = len(np.unique(ds.draw.values))
    return [*_of_runs(runs, draws), *_of_scale(scale), (
        "It leaves out what the model leaves out or has wrong, and whatever changes how crime is reported, recorded "
        "or counted after the year that its levels were set to. 'total' is without fraud and computer misuse, which "
        "is recorded centrally, and without antisocial behaviour, which is no crime."
    )]  # fmt: skip


def _of_runs(runs: int, draws: int) -> list[str]:
    if runs == 1:
        return ["One run: there is no spread, and no interval can be scored."]
    from_what = "chance, and doubt about the uncertain numbers" if draws > 1 else "chance alone"
    told = [f"The spread is that of {runs} runs. It covers {from_what}."]
    if 1 < draws < runs:
        told.append(f"The runs share {draws} sets of values, so that they are fewer than they look.")
    short = [f"{width:.0%} ({held_by(width, runs):.0%})" for width in (0.5, 0.9) if held_by(width, runs) < width]
    if short:
        told.append(
            f"{runs} runs are too few for an interval of {', '.join(short)}: it is the whole range of the runs, which "
            "holds the share in brackets of equally likely values."
        )
    return told


def _of_scale(scale: float) -> list[str]:
    if scale >= 1.0:
        return ["The whole area was simulated: chance is that of as many people as there are."]
    return [
        f"A share of {scale:g} of the area was simulated and every count divided by {scale:g}. What chance does to a "
        f"count is therefore {1 / scale ** 0.5:.1f} times what it would be in the real area (its variance "
        f"{1 / scale:.1f} times), and a count can only be a multiple of {1 / scale:.3g}: intervals of rare groups and "
        "of districts are wider than the area's own chance would make them."
    ]


def by_row(rows: Sequence[Sequence[str]], header: Sequence[str]) -> dict[tuple[str, ...], Floats]:
    """The runs' values by the names of a row, from the rows of an entry as they were written."""
    first = len(NAMED) + len(SUMS)
    if tuple(header[:first]) != (*NAMED, *SUMS):
        raise ValueError(f"the columns are not {', '.join((*NAMED, *SUMS))} and the runs")
    return {tuple(row[: len(NAMED)]): np.array([float(cell) for cell in row[first:]]) for row in rows}
