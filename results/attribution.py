"""What each tier or programme of the comparator's plan averts: with its money withheld, and with its money alone.

Withheld: the plan without it against the plan. Alone: nothing against it by itself. Their difference is the
interaction: what the parts do to one another through queues, overlap and people who are met twice.
"""

import json
import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple

import xarray as xr
from rich import box
from rich.table import Table

from results.compare import chance_error, comparator_of, estimates, others, range_words
from results.labels import capital, programme_names
from results.measures import OFFENCES_MEASURE, Measure, with_chance
from results.readings import PARTS, averted_cell

WAYS = ("withheld", "alone", "interaction")
DECIMALS = 3


class Told(NamedTuple):
    """One part of the plan, one way of asking what it averts, and the answer (no dims) of `estimates`."""

    part: str
    way: str
    averted: xr.Dataset


def is_attributed(ds: xr.Dataset) -> bool:
    """Whether the run was asked what each tier or programme does."""
    return bool(ds.attrs.get("attribution"))


def asked_about(ds: xr.Dataset) -> list[dict[str, Any]]:
    """The alternatives as the scenario's file has them; none where the run does not tell."""
    try:
        told = tomllib.loads(ds.attrs.get("scenario", "")).get("alternative", [])
    except tomllib.TOMLDecodeError:
        return []
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def for_panel(ds: xr.Dataset) -> xr.Dataset:
    """The run without the alternatives that `--attribute` added to tell parts of the plan apart."""
    if not is_attributed(ds):
        return ds
    asked = json.loads(ds.attrs["attribution"])
    added = {asked["nothing"], *(part[way] for part in asked["parts"] for way in ("without", "alone"))}
    own = {*(str(one.get("name")) for one in asked_about(ds)), comparator_of(ds)}
    keep = [name for name in ds.alternative.values.tolist() if name in own or name not in added]
    return ds.sel(alternative=keep).assign_attrs(attribution="")


def as_asked(ds: xr.Dataset) -> xr.Dataset:
    """`for_panel`; the whole run where that would leave nothing to compare."""
    shown = for_panel(ds)
    return shown if others(shown, comparator_of(shown)) else ds


def told_by_part(ds: xr.Dataset, measure: Measure) -> Iterator[Told]:
    """What each part averts over the plan, in each of WAYS; positive is fewer."""
    asked: dict[str, Any] = json.loads(ds.attrs["attribution"])
    level = measure.pick(ds[measure.variable]).sum("year")
    batches = ds.expected_offences_by_batch.sum("year") if measure is OFFENCES_MEASURE else None
    for part in asked["parts"]:
        for way in WAYS:
            told = estimates(_averted(level, ds, asked["nothing"], part, way))
            if batches is not None:
                told = with_chance(told, chance_error(_averted(batches, ds, asked["nothing"], part, way)))
            yield Told(part_name(ds, asked["by"], part["name"]), way, told)


def _averted(level: xr.DataArray, ds: xr.Dataset, nothing: str, part: dict[str, str], way: str) -> xr.DataArray:
    def of(alternative: str) -> xr.DataArray:
        return level.sel(alternative=alternative, drop=True)

    withheld = of(part["without"]) - of(comparator_of(ds))
    alone = of(nothing) - of(part["alone"])
    told = {"withheld": withheld, "alone": alone, "interaction": withheld - alone}[way]
    return told.round(DECIMALS)  # what is left below is rounding of sums of millions, and must not look like a result


def part_name(ds: xr.Dataset, by: str, name: str) -> str:
    """A programme's name, or 'Primary prevention'."""
    return programme_names(ds)[name] if by == "programme" else f"{capital(name)} prevention"


def attribution_table(ds: xr.Dataset) -> Table:
    """Offences averted by each part, for the terminal."""
    runs = ds.sizes["replicate"]
    table = Table(
        title=f"What each part of '{comparator_of(ds)}' does to offences\n{range_words(runs)}", title_justify="left",
        box=box.SIMPLE_HEAD, leading=1, pad_edge=False, header_style="bold",
    )  # fmt: skip
    table.add_column("")
    for head in ("Withheld from the plan", "Alone, against no money", "Interaction"):
        table.add_column(head, justify="right")
    rows: dict[str, list[str]] = {}
    for part, _, averted in told_by_part(ds, OFFENCES_MEASURE):
        cell = averted_cell(*(float(averted[name]) for name in PARTS))
        rows.setdefault(part, []).append(cell.figure + (f"\n{cell.range}" if cell.range else ""))
    for part, cells in rows.items():
        table.add_row(part, *cells)
    table.caption = (
        "Withheld: fewer offences in the plan than in the plan without it. Alone: fewer than with no money at all.\n"
        "Interaction: withheld less alone, what the parts do to one another. Nothing is shared out."
    )
    table.caption_justify = "left"
    return table
