"""Figures of a paper: each number with what it is, where in the results it comes from and how, so that anybody can
make it again.

A paper's text holds no number of the results. It holds figures, and what they say is computed from the Dataset each
time: when the paper is written, and when `upstream paper RUN --figure 7` is asked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import xarray as xr

from results.compare import estimates
from results.labels import spoken
from results.papers.run import Run
from results.readings import PARTS, Cell

Numbers = tuple[float, ...]
WHOLE = ""  # what a figure is of, where it is of the run as a whole and of no alternative


@dataclass(frozen=True)
class Figure:
    """A number of the results, or one for each alternative, and how it is told.

    `values` gives the raw numbers by what they are of, in the order of `parts`, and `cells` what is printed; both from
    the whole Dataset of the run. No two figures of a paper have the same `what`.
    """

    what: str
    source: str  # variables of results.nc, or a table of the run
    how: str
    unit: str
    values: Callable[[Run], Mapping[str, Numbers]]
    cells: Callable[[Run], Mapping[str, Cell]]
    parts: tuple[str, ...] = PARTS


def figure_of(
    what: str, source: str, how: str, unit: str,
    values: Callable[[Run], Mapping[str, Numbers]], tell: Callable[..., Cell],
    parts: tuple[str, ...] = PARTS,
) -> Figure:
    """A figure whose every cell is told from its own numbers alone."""

    def cells(run: Run) -> Mapping[str, Cell]:
        return {name: tell(*numbers) for name, numbers in values(run).items()}

    return Figure(what, source, how, unit, values, cells, parts)  # fmt: skip


def sentence(
    what: str, source: str, how: str, values: Callable[[Run], Mapping[str, Numbers]],
    text: Callable[[Run], str], parts: tuple[str, ...],
) -> Figure:
    """A figure that is told in a sentence of its own."""
    return Figure(what, source, how, "", values, lambda run: {WHOLE: Cell(text(run))}, parts)  # fmt: skip


def of_estimates(told: xr.Dataset) -> dict[str, Numbers]:
    """`compare.estimates` of (alternative,) as raw numbers by alternative."""
    return {
        str(name): tuple(float(told[part].sel(alternative=name)) for part in PARTS)
        for name in told.alternative.values
    }


def of_runs(runs: xr.DataArray) -> dict[str, Numbers]:
    """(alternative, replicate) as raw numbers by alternative."""
    return of_estimates(estimates(runs))


@dataclass(frozen=True)
class Numbered:
    """A figure of a paper with its number, and what it says of this run."""

    number: int
    figure: Figure
    cells: Mapping[str, Cell]

    @property
    def reference(self) -> str:
        return f"[F{self.number}]"


def told(cell: Cell) -> str:
    return cell.figure + (f" ({cell.range})" if cell.range else "")


def explained(one: Numbered, run: Run) -> str:
    """What a figure is, where it comes from, how it is computed, and its raw values beside what is printed."""
    figure = one.figure
    values, cells = figure.values(run), figure.cells(run)
    lines = [
        f"F{one.number}: {figure.what}",
        f"From: {figure.source}",
        f"How: {figure.how}",
        *([f"Unit: {figure.unit}"] if figure.unit else []),
        "",
    ]
    lines += _rows(figure.parts, values, cells)
    return "\n".join(lines)


def _rows(parts: tuple[str, ...], values: Mapping[str, Numbers], cells: Mapping[str, Cell]) -> Iterable[str]:
    for name in dict.fromkeys([*values, *cells]):
        yield f"{spoken(name)}:" if name else "For the run:"
        if name in values:
            numbers = values[name]
            yield "  raw: " + ", ".join(f"{part} {raw(value)}" for part, value in zip(parts, numbers, strict=False))
        if name in cells:
            yield f"  in the paper: {told(cells[name])}"


def raw(value: float) -> str:
    """A number as it is, whole where it is whole; in words where there is none."""
    if value != value:
        return "unknown"
    return f"{value:.0f}" if float(value).is_integer() else f"{value!r}"
