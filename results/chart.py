"""What a chart is: its picture, its table and the words around it; and the words that all charts of a run share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import xarray as xr

from results.compare import estimates, range_words
from results.drawing import Series
from results.labels import capital, horizon, spoken
from results.notes import band_note, runs_note
from results.table_rows import Rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EXPECTED = (
    "Offences are expected ones: everyone's chances added up before chance decides. "
    "Antisocial behaviour is left out."
)


@dataclass(frozen=True)
class Chart:
    """A chart and the words around it."""

    stem: str
    title: str  # what it says
    subtitle: str  # measure, area and period
    picture: str  # what kind of picture it is
    alternative: str  # what a reader who cannot see it needs
    note: str  # what the band covers and omits
    table: Rows
    draw: Callable[[], "Figure"]


def band(ds: xr.Dataset) -> str:
    return f"{runs_note(ds)} {band_note(ds)}"


def place_and_period(ds: xr.Dataset, runs: str = "") -> str:
    """Area, years, and what the range is called; or what `runs` says of it."""
    area = ds.attrs.get("area", "")
    return f"{area + ', ' if area else ''}{horizon(ds)} ({runs or range_words(ds.sizes['replicate'])})"


def series_of(runs: xr.DataArray, dim: str) -> list[Series]:
    """(alternative, replicate, dim) as a series an alternative."""
    told = estimates(runs).transpose("alternative", dim)
    return [
        Series(capital(spoken(str(name))), told.estimate.values[a], told.lower.values[a], told.upper.values[a])
        for a, name in enumerate(told.alternative.values)
    ]
