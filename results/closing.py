"""The table at the end of a run, for the terminal: alternatives side by side, costs before benefits."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from rich.console import Group
from rich.table import Table
from rich.text import Text

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
from results.measures import MEASURES, Measure, averted_runs, extra_spend_runs, level_runs, spend_runs
from results.notes import error_words, notes

ACROSS = 4  # alternatives beside the comparator in one table; more go into a table below
PARTS = ("estimate", "lower", "upper", "error")
UNCLEAR = "no clear difference"


@dataclass(frozen=True)
class Cell:
    """What stands in the table: the figure, and under it its range."""

    figure: str
    range: str = ""


@dataclass(frozen=True)
class Line:
    """A row: its title with unit, a cell for each alternative by name, and whether a new part begins."""

    title: str
    unit: str
    cells: dict[str, Cell]
    opens: bool = False


def closing_table(ds: xr.Dataset) -> Group:
    """The closing table and the notes under it, ready to print."""
    comparator = comparator_of(ds)
    names = others(ds, comparator)
    lines = closing_lines(ds)
    tables = [
        side_by_side(ds, lines, [comparator, *names[at : at + ACROSS]])
        for at in range(0, max(len(names), 1), ACROSS)
    ]
    signs = f"'Fewer' and 'more' are against {comparator}; 'in all' is its own total, nothing subtracted."
    below = [signs, *notes(ds)]
    if any(cell.figure == UNCLEAR for line in lines for cell in line.cells.values()):
        below.insert(
            1,
            f"'{UNCLEAR.capitalize()}': {NOT_DISTINGUISHABLE}, as it is below its Monte Carlo error.",
        )
    return Group(*tables, Text("\n".join(below)))


def side_by_side(ds: xr.Dataset, lines: list[Line], names: list[str]) -> Table:
    """One rich table of the lines, with a column for each of the alternatives named."""
    table = Table(title=str(ds.attrs.get("title", "")) or None, title_justify="left", pad_edge=False)
    table.add_column("", ratio=3, min_width=16)
    for name in names:
        note = "\n(comparator)" if name == comparator_of(ds) else ""
        table.add_column(name + note, justify="right", ratio=2)
    for line in lines:
        if line.opens:
            table.add_section()
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
    """Costs, then what they avert, then how sure: every figure as it is printed."""
    comparator = comparator_of(ds)
    averts = [averted_line(ds, measure, comparator) for measure in MEASURES]
    first = averts[0]
    opened = Line(first.title, first.unit, first.cells, opens=True)
    return [*spend_lines(ds, comparator), opened, *averts[1:], error_line(ds, comparator)]


def spend_lines(ds: xr.Dataset, comparator: str) -> list[Line]:
    unit = f"£ thousand, {ds.attrs['price_year']} prices, undiscounted"
    total = estimates(spend_runs(ds))
    extra = estimates(extra_spend_runs(ds, comparator))
    return [
        Line(
            "Spend",
            unit,
            {name: spend_cell(total.sel(alternative=name)) for name in total.alternative.values},
        ),
        Line(
            f"Spend against {comparator}",
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


def averted_line(ds: xr.Dataset, measure: Measure, comparator: str) -> Line:
    """What is averted over the plan against the comparator; in its own column the comparator's total."""
    told = estimates(averted_runs(ds, measure, comparator).sum("year"))
    level = float(level_runs(ds, measure, comparator).sum("year").mean("replicate"))
    thousands = 1000 if np.abs(told.estimate.values).max(initial=0) >= 1e5 else 1
    cells = {comparator: Cell(f"{figure(level / thousands, rounding_unit(level / thousands, 0, 0))} in all")}
    for name in told.alternative.values:
        one = told.sel(alternative=name)
        estimate, lower, upper, error = (float(one[part]) / thousands for part in PARTS)
        cells[str(name)] = averted_cell(estimate, lower, upper, error)
    kind = range_words(ds.sizes["replicate"])
    unit = f"{'thousand ' if thousands > 1 else ''}{measure.unit}, {kind}"
    return Line(f"{measure.title} averted", unit, cells)


def averted_cell(estimate: float, lower: float, upper: float, error: float) -> Cell:
    unit = rounding_unit(estimate, lower, upper, smallest=0.1)
    cell = signed(estimate, lower, upper, unit, "more", "fewer")
    if lower == upper == 0:
        return Cell("no difference")
    return cell if is_distinguishable(estimate, error) or error != error else Cell(UNCLEAR, cell.range)


def signed(estimate: float, lower: float, upper: float, unit: float, below: str, above: str) -> Cell:
    """A figure with a word in place of its sign: '1,230 fewer' with '980 to 1,500' under it.

    A range across zero says both words: '30 more to 90 fewer'.
    """

    def told(value: float) -> str:
        size = figure(abs(value), unit)
        word = (above if value > 0 else below) if float(size.replace(",", "")) else ""
        return f"{size} {word}".strip()

    if lower == upper:
        return Cell(told(estimate))
    if lower < 0 < upper and (below or above):
        return Cell(told(estimate), f"{told(lower)} to {told(upper)}")
    ends = sorted((abs(lower), abs(upper)))
    return Cell(told(estimate), f"{figure(ends[0], unit)} to {figure(ends[1], unit)}")


def error_line(ds: xr.Dataset, comparator: str) -> Line:
    told = estimates(averted_runs(ds, MEASURES[0], comparator).sum("year"))
    single = ds.sizes["replicate"] == 1
    cells = {
        str(name): Cell("unknown" if single else error_words(told.sel(alternative=name)))
        for name in told.alternative.values
    }
    return Line("Monte Carlo error of offences averted", "offences (% of the difference)", cells, opens=True)
