"""When effects come: the year from which an alternative, or a tier of the plan, differs clearly from the comparator,
and the year by which half of what it averts has come."""

import json
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import xarray as xr

from model.vocabulary import TIERS
from results import drawing_money
from results.attribution import is_attributed, part_name
from results.chart import EXPECTED, Chart, band, place_and_period
from results.compare import are_distinguishable, averted, chance_error, comparator_of, estimates
from results.economics.measures import from_there_on
from results.labels import capital, quoted, spoken, year_name
from results.measures import OFFENCES_MEASURE, with_chance
from results.table_rows import Cell, Rows

NEVER = "not within these years"
ONE_RUN = "When effects come cannot be told from one run"
DECIMALS = 3  # of offences: below is rounding of sums of millions


class Comes(NamedTuple):
    """When one effect comes, as places in the years from 0; None where it does not within these years."""

    name: str
    tiers: str  # of the money that differs
    clear: int | None  # by the end of this year it is clear of twice its error, and stays so
    half: int | None  # by the end of this year half of what it comes to has come
    fewer: bool


def effects(ds: xr.Dataset) -> Iterator[Comes]:
    """Of each alternative, or of each part of the plan where the run was asked for them."""
    comparator = comparator_of(ds)
    level = OFFENCES_MEASURE.pick(ds[OFFENCES_MEASURE.variable])
    batches = ds.expected_offences_by_batch
    if is_attributed(ds):
        asked = json.loads(ds.attrs["attribution"])
        for part in asked["parts"]:
            pair = {"alternative": [part["without"], comparator]}
            yield comes(part_name(ds, asked["by"], part["name"]), tiers_of(ds, part["without"], comparator),
                        *(_fewer(one.sel(pair), comparator, part["without"]) for one in (level, batches)))  # fmt: skip
        return
    for name in ds.alternative.values:
        if str(name) != comparator:
            yield comes(capital(spoken(str(name))), tiers_of(ds, str(name), comparator),
                        *(_fewer(one, str(name), comparator) for one in (level, batches)))  # fmt: skip


def _fewer(level: xr.DataArray, under: str, than: str) -> xr.DataArray:
    """Fewer under one alternative than under another, added up from the start."""
    one = level.sel(alternative=than, drop=True) - level.sel(alternative=under, drop=True)
    return one.cumsum("year").round(DECIMALS)


def comes(name: str, tiers: str, so_far: xr.DataArray, batches: xr.DataArray) -> Comes:
    """When an effect (replicate, year), added up from the start, is clear and half there."""
    told = with_chance(estimates(so_far), chance_error(batches))
    mean, error = told.estimate.values, told.error.values
    known = np.isfinite(error) & are_distinguishable(mean, error) & (mean * mean[-1] > 0.0)
    stays = from_there_on(known)
    clear = int(stays.argmax()) if stays.any() else None
    half = int(from_there_on(mean / mean[-1] >= 0.5).argmax()) if clear is not None else None
    return Comes(name, tiers, clear, half, bool(mean[-1] > 0.0))


def tiers_of(ds: xr.Dataset, name: str, comparator: str) -> str:
    """The tiers of the programmes on which an alternative spends otherwise, in words."""
    more = averted(ds, "programme_spend", comparator).sel(alternative=name).transpose("programme", ...)
    differs = np.abs(more.values).max(axis=(1, 2)) > 0.5
    return ", ".join(sorted({str(tier) for tier in ds.tier.values[differs]}, key=TIERS.index))


def never(ds: xr.Dataset) -> str:
    return NEVER if ds.sizes["replicate"] > 1 else "cannot be told from one run"


def when_effects_come(ds: xr.Dataset) -> Rows:
    """A row an effect; years are told by the financial year at whose end they are reached, and from the start."""
    rows: list[list[Cell]] = []
    for one in effects(ds):
        told: list[Cell] = []
        for place in (one.clear, one.half):
            told += [never(ds), ""] if place is None else [year_name(int(ds.year[place])), place + 1]
        way = "" if one.clear is None else "fewer offences" if one.fewer else "more offences"
        rows.append([one.name, one.tiers, way, *told])
    return ["effect", "tiers of the money", "way", "clear of twice its error by the end of", "years from the start",
            "half of what it comes to in the run by the end of", "years from the start to half"], rows  # fmt: skip


def timeline(ds: xr.Dataset) -> Chart:
    """When each effect is clear and half there."""
    found, comparator = list(effects(ds)), comparator_of(ds)
    years = [year_name(int(year)) for year in ds.year.values]
    shown = [one for one in found if one.clear is not None]
    late = [one.name for one in found if one.clear is None]
    said = [
        f"{one.name} ({one.tiers}): clear by the end of {years[one.clear]}, half by {years[one.half or 0]}, "
        f"{'fewer' if one.fewer else 'more'} offences"
        for one in shown
        if one.clear is not None
    ]
    said += [f"{name}: {never(ds)}" for name in late]
    return Chart(
        stem="when_effects_come",
        title=ONE_RUN if ds.sizes["replicate"] == 1 else title_of(shown, late, years),
        subtitle=f"When offences differ clearly from those under {quoted(comparator)}, {place_and_period(ds)}",
        picture="A row for each effect, with a line from the start of the plan to the year in which it is clear and on "
        "to the year by which half of it has come.",
        alternative=f"{'; '.join(said)}.",
        note="Clear: larger than twice its error over the runs, and than twice what chance alone may do. "
        f"{EXPECTED} {band(ds)}",
        table=when_effects_come(ds),
        draw=lambda: drawing_money.timeline(
            years, [(f"{one.name}\n({in_short(one.tiers)})", one.clear, one.half) for one in found], never(ds)
        ),
    )  # fmt: skip


def in_short(tiers: str) -> str:
    """Tiers as there is room for them beside a chart, whose words have them all."""
    several = tiers.split(", ")
    return tiers if len(several) <= 2 else f"{len(several)} tiers"


def title_of(shown: list[Comes], late: list[str], years: list[str]) -> str:
    if not shown:
        return "No effect is clear within these years"
    soonest = min(one.clear or 0 for one in shown)
    first = ", ".join(one.name for one in shown if one.clear == soonest)
    last = f"; not within these years: {', '.join(late)}" if late else ""
    return f"Clear first, by the end of {years[soonest]}: {first}{last}"
