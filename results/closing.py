"""The table at the end of a run, for the terminal: alternatives side by side, costs before benefits."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from results.attribution import attribution_table, is_attributed
from results.compare import (
    NOT_DISTINGUISHABLE,
    comparator_of,
    estimates,
    figure,
    is_distinguishable,
    others,
    range_words,
    rounding_unit,
)
from results.labels import capital, quoted, spoken
from results.measures import (
    INVOLVEMENTS,
    MEASURES,
    VICTIMS,
    Measure,
    averted_in_all,
    extra_spend_runs,
    level_runs,
    others_pay_runs,
    spend_runs,
)
from results.notes import notes
from results.readings import PARTS, UNCLEAR, Cell, averted_cell, range_in_words, signed

OWN = "Commissioner's spend"
LABEL_WIDTH, COLUMN_WIDTH = 22, 14  # signs, gaps included


@dataclass(frozen=True)
class Line:
    """A row: its title with unit, and a cell for each alternative by name."""

    title: str
    unit: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class ClosingTable:
    """The closing table and the notes under it; rich lays it out for the width it is printed at.

    Alternatives that do not fit beside the comparator go into a further table below.
    """

    ds: xr.Dataset

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        comparator = comparator_of(self.ds)
        names = others(self.ds, comparator)
        lines = closing_lines(self.ds)
        across = max(1, (options.max_width - LABEL_WIDTH) // COLUMN_WIDTH - 1)
        yield Text(str(self.ds.attrs.get("title", "")), style="bold")
        for at in range(0, max(len(names), 1), across):
            yield side_by_side(self.ds, lines, [comparator, *names[at : at + across]])
        if is_attributed(self.ds):
            yield attribution_table(self.ds)
        yield Text("\n".join(notes_below(self.ds, lines)))


def closing_table(ds: xr.Dataset) -> ClosingTable:
    """What `upstream run` prints at its end: rich's `print` takes it."""
    return ClosingTable(ds)


def notes_below(ds: xr.Dataset, lines: list[Line]) -> list[str]:
    below = [
        f"Fewer and more: against {quoted(comparator_of(ds))}. In all: its own total, nothing subtracted."
    ]
    if any(cell.figure == UNCLEAR for line in lines for cell in line.cells.values()):
        why = "as it is below twice its error over so few runs, or twice what chance alone may make of it"
        below.append(f"{UNCLEAR.capitalize()}: {NOT_DISTINGUISHABLE}, {why}.")
    return [*below, *notes(ds)]


def side_by_side(ds: xr.Dataset, lines: list[Line], names: list[str]) -> Table:
    """One rich table of the lines, with a column for each of the alternatives named."""
    table = Table(box=box.SIMPLE_HEAD, leading=1, pad_edge=False, header_style="bold")
    kind = range_words(ds.sizes["replicate"])
    table.add_column(f"Under each figure:\n{kind}" if ds.sizes["replicate"] > 1 else kind, ratio=3)
    for name in names:
        note = "\n(comparator)" if name == comparator_of(ds) else ""
        table.add_column(capital(spoken(name)) + note, justify="right", ratio=2, min_width=COLUMN_WIDTH - 2)
    for line in lines:
        shown = [line.cells.get(name, Cell("")) for name in names]
        label = Text(line.title)
        label.append(f"\n{line.unit}", style="dim")
        table.add_row(label, *(cell_text(cell) for cell in shown))
    return table


def cell_text(cell: Cell) -> Text:
    text = Text(cell.figure)
    if cell.range:
        text.append(f"\n{cell.range}", style="dim")
    return text


def closing_lines(ds: xr.Dataset) -> list[Line]:
    """Costs, then what they avert, then confidence and involvement: every figure as it is printed."""
    comparator = comparator_of(ds)
    return [
        *spend_lines(ds, comparator),
        *(averted_line(ds, measure, comparator) for measure in MEASURES),
        *involvement_lines(ds, comparator),
    ]


def spend_lines(ds: xr.Dataset, comparator: str) -> list[Line]:
    unit = f"£ thousand, {ds.attrs['price_year']} prices, undiscounted"
    extra = estimates(extra_spend_runs(ds, comparator))
    paid = [(OWN, spend_runs(ds)), ("Others pay for the same", others_pay_runs(ds))]
    return [
        *(
            Line(title, unit, {name: spend_cell(told.sel(alternative=name)) for name in told.alternative.values})
            for title, told in ((title, estimates(runs)) for title, runs in paid if title == OWN or runs.any())
        ),
        Line(
            f"{OWN}, against {quoted(comparator)}",
            "£ thousand",
            {
                name: spend_cell(extra.sel(alternative=name), "less", "more")
                for name in extra.alternative.values
            },
        ),
    ]


def spend_cell(told: xr.Dataset, below: str = "", above: str = "") -> Cell:
    """Spend is an account, not an estimate: to the thousand, with a range only where runs differ."""
    estimate, lower, upper = (float(told[part]) / 1000 for part in ("estimate", "lower", "upper"))
    return signed(estimate, lower, upper, 1, below, above)


def involvement_lines(ds: xr.Dataset, comparator: str) -> list[Line]:
    """What is wanted more of, against the comparator, in words: of victims always, else where it makes a difference."""
    lines = []
    for one in INVOLVEMENTS:
        level = one.pick(ds)
        difference = level - level.sel(alternative=comparator, drop=True)
        if not (np.abs(difference) > 1e-9).any() and not (one.key in VICTIMS and level.any()):
            continue
        smallest = 0.01 if one.unit.startswith("%") else 1.0
        total = float(level.sel(alternative=comparator).mean("replicate"))
        cells = {comparator: Cell(f"{figure(total, rounding_unit(total, 0, 0, smallest))} in all")}
        if one.unit.startswith("%"):
            cells = {comparator: Cell(f"{figure(total, 0.1)}%")}
        for name in others(ds, comparator):
            told = estimates(difference.sel(alternative=name))
            estimate, lower, upper, error = (float(told[part]) for part in PARTS)
            cells[name] = more_cell(estimate, lower, upper, error, smallest)
        lines.append(Line(one.title, one.unit, cells))
    return lines


def more_cell(estimate: float, lower: float, upper: float, error: float, smallest: float) -> Cell:
    """More or less of something, with its range."""
    if lower == upper == 0:
        return Cell("no difference")
    unit = rounding_unit(estimate, lower, upper, smallest)
    if max(abs(lower), abs(upper)) < smallest / 2:
        return Cell("next to none")
    if error == error and not is_distinguishable(estimate, error):
        return Cell(UNCLEAR, range_in_words(lower, upper, unit, "less", "more"))
    return signed(estimate, lower, upper, unit, "less", "more")


def averted_line(ds: xr.Dataset, measure: Measure, comparator: str) -> Line:
    """What is averted over the plan against the comparator; in its own column the comparator's total."""
    told = averted_in_all(ds, measure, comparator)
    level = float(level_runs(ds, measure, comparator).sum("year").mean("replicate"))
    thousands = 1000 if np.abs(told.estimate.values).max(initial=0) >= 1e5 else 1
    cells = {comparator: Cell(f"{figure(level / thousands, rounding_unit(level / thousands, 0, 0))} in all")}
    for name in told.alternative.values:
        one = told.sel(alternative=name)
        estimate, lower, upper, error = (float(one[part]) / thousands for part in PARTS)
        cells[str(name)] = averted_cell(estimate, lower, upper, error)
    return Line(measure.title, f"{'thousand ' if thousands > 1 else ''}{measure.unit}", cells)
