"""How a chart is drawn: colours, type and layout, after the rules for charts in public documents.

Takes plain numbers and words, knows no Dataset. Titles and notes stand in the document beside the
picture. matplotlib is loaded when the first chart is drawn, and none of its global state is kept.
"""

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
PAIR = ("#12436D", "#F46A25")
INK, GRID = "#0B0C0C", "#D9DCDE"
MOST_LINES = 4  # in one picture; more become small multiples
MARKS = ("o", "s", "^", "D")  # of the lines of one picture: told apart in grey too
STROKES: tuple[Literal["-", "--", "-.", ":"], ...] = ("-", "--", "-.", ":")
WIDTH = 9.0  # inches: a page's width, with type still above 8 points when shrunk to it
DOTS_PER_INCH = 150

STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": [
        "DejaVu Sans",
        "Arial",
        "Helvetica",
    ],  # the first comes with matplotlib: same everywhere
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "svg.fonttype": "none",  # words stay words: searchable, and read aloud
    "svg.hashsalt": "upstream",  # the same run gives the same bytes
}


@dataclass(frozen=True)
class Series:
    """An estimate and its range along x or down the rows; all (n,)."""

    name: str
    estimate: Floats
    lower: Floats
    upper: Floats


@contextmanager
def style() -> Iterator[None]:
    """matplotlib set to the house style while inside; drawing and saving both need it."""
    import matplotlib

    with matplotlib.rc_context(STYLE):  # type: ignore[arg-type]
        yield


def new_figure(width: float, height: float) -> "Figure":
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    figure.set_layout_engine("constrained", w_pad=0.1, h_pad=0.1)
    FigureCanvasAgg(figure)
    return figure


def save(figure: "Figure", folder: Path, stem: str) -> list[Path]:
    """The picture as `stem`.svg and `stem`.png, the same bytes for the same picture."""
    svg, png = folder / f"{stem}.svg", folder / f"{stem}.png"
    figure.savefig(svg, metadata={"Date": None, "Creator": None})
    figure.savefig(png, dpi=DOTS_PER_INCH, metadata={"Software": None})
    return [svg, png]


def colours(count: int) -> tuple[str, ...]:
    """A colour a series; one for all when there are more than the palette tells apart."""
    if count == 2:
        return PAIR
    return PALETTE[:count] if count <= len(PALETTE) else (PALETTE[0],) * count


def limits(series: Sequence[Series]) -> tuple[float, float]:
    """From the least to the greatest of all ranges, zero included, with a margin."""
    low = min(0.0, *(float(min(one.lower.min(), one.estimate.min())) for one in series))
    high = max(0.0, *(float(max(one.upper.max(), one.estimate.max())) for one in series))
    if low == high:
        return -1.0, 1.0
    margin = 0.04 * (high - low)
    return low - margin, high + margin


def round_ticks(low: float, high: float, room: int, most: int = 6) -> tuple[list[float], float, float]:
    """Round ticks for an axis from `low` to `high`, and the ends it then has.

    As many as `room` letters along the axis let stand apart; where fewer than three fall inside, the
    axis grows to the nearest tick beyond.
    """
    from matplotlib.ticker import MaxNLocator

    for intervals in range(most, 1, -1):
        places = MaxNLocator(intervals, steps=[1, 2, 5, 10]).tick_values(low, high)
        if sum(len(tick(place)) + 3 for place in places if low <= place <= high) <= room:
            break
    if sum(low <= place <= high for place in places) < 3:
        beyond = [place for place in places if not low <= place <= high]
        if beyond:
            nearest = min(beyond, key=lambda place: max(low - place, place - high))
            low, high = min(low, nearest), max(high, nearest)
    return [float(place) for place in places if low <= place <= high], low, high


def tick(value: float) -> str:
    text = f"{value:,.6g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text.replace("-", "\u2212") if float(text.replace(",", "")) else "0"


def lines_over_time(years: Sequence[str], series: Sequence[Series], unit: str) -> "Figure":
    """Lines with bands over financial years: in one picture up to four, then a panel each on one scale."""
    if len(series) > MOST_LINES:
        return line_panels(years, series, unit)
    figure = new_figure(WIDTH, 5.5)
    axes = figure.add_subplot()
    shades = colours(len(series))
    for place, (one, shade) in enumerate(zip(series, shades, strict=True)):
        draw_line(axes, one, shade, place, shift=0.14 * (place - (len(series) - 1) / 2))
    year_axis(axes, years)
    number_y(axes, series, room=90, most=9)
    axes.set_title(unit, loc="left", pad=14)
    label_ends(axes, series, shades)
    return figure


def line_panels(years: Sequence[str], series: Sequence[Series], unit: str) -> "Figure":
    columns = 2
    rows = -(-len(series) // columns)
    figure = new_figure(WIDTH, 0.6 + 2.6 * rows)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, one, shade in zip(panels, series, colours(len(series)), strict=False):
        draw_line(axes, one, shade)
        year_axis(axes, years, most=3)
        axes.tick_params(labelbottom=True)
        axes.set_title(wrapped(one.name, 34), loc="left")
    for axes in panels[len(series) :]:
        axes.set_visible(False)
    number_y(panels[0], series, room=40)
    figure.suptitle(unit, x=0.01, ha="left", fontsize=12)
    return figure


def number_y(axes: "Axes", series: Sequence[Series], room: int, most: int = 6) -> None:
    places, low, high = round_ticks(*limits(series), room, most)
    axes.set_yticks(places, [tick(place) for place in places])
    axes.set_ylim(low, high)


def draw_line(axes: "Axes", one: Series, shade: str, place: int = 0, shift: float = 0.0) -> None:
    """A line with its range upright at every year, `shift`ed sideways so that no range covers another; its mark and
    stroke are those of its `place` in the picture."""
    x = np.arange(len(one.estimate)) + shift
    axes.axhline(0, color=INK, linewidth=1, zorder=1)
    axes.vlines(x, one.lower, one.upper, color=shade, linewidth=2, alpha=0.55, zorder=2)
    axes.plot(x, one.estimate, color=shade, linestyle=STROKES[place], linewidth=2.2, marker=MARKS[place],
              markersize=5, zorder=4)  # fmt: skip
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def year_axis(axes: "Axes", years: Sequence[str], most: int = 5) -> None:
    """A tick a year; the first and the last are named, and those between at even steps."""
    end = len(years) - 1
    step = next((step for step in range(1, end + 1) if end % step == 0 and end // step < most), 1)
    places = range(0, len(years), step)
    axes.set_xticks(list(places), [years[place] for place in places])
    axes.set_xticks(range(len(years)), minor=True)
    axes.set_xlim(-0.45, end + 0.45)


def label_ends(axes: "Axes", series: Sequence[Series], shades: Sequence[str]) -> None:
    """Each line named at its right end, labels moved apart where lines end close together."""
    low, high = axes.get_ylim()
    apart = (high - low) * 0.062
    last = [float(one.estimate[-1]) for one in series]
    order = np.argsort(last)
    at = spread([last[place] for place in order], apart)
    end = len(series[0].estimate) - 1
    for place, y in zip(order, at, strict=True):
        arrow = {"arrowstyle": "-", "color": shades[place], "linewidth": 2.2, "shrinkA": 2, "shrinkB": 4}
        axes.annotate(
            wrapped(series[place].name, 16), (end + 0.3, last[place]), (end + 0.5 + 0.05 * (end + 1), y),
            va="center", annotation_clip=False, arrowprops=arrow,
        )  # fmt: skip
    axes.set_ylim(min(low, at[0] - apart), max(high, at[-1] + apart))


def spread(places: Sequence[float], apart: float) -> list[float]:
    """Ascending places moved as little as needed to lie `apart`: neighbours too near share their middle."""
    groups: list[list[float]] = []
    for place in places:
        groups.append([place])
        while len(groups) > 1 and bottom(groups[-1], apart) - top(groups[-2], apart) < apart:
            groups[-2:] = [groups[-2] + groups[-1]]
    return [bottom(group, apart) + k * apart for group in groups for k in range(len(group))]


def bottom(group: Sequence[float], apart: float) -> float:
    return sum(group) / len(group) - apart * (len(group) - 1) / 2


def top(group: Sequence[float], apart: float) -> float:
    return sum(group) / len(group) + apart * (len(group) - 1) / 2


def wrapped(text: str, letters: int) -> str:
    return "\n".join(textwrap.wrap(text, letters)) or text


def lines_of(text: str, letters: int) -> int:
    return wrapped(text, letters).count("\n") + 1


def row_panels(rows: Sequence[str], series: Sequence[Series], unit: str, set_apart: int = 0) -> "Figure":
    """A panel a series on one scale; in each a point with its range for every row, zero always visible.

    The first `set_apart` rows are divided from the rest by a line.
    """
    figure, panels = panel_grid(rows, series, inches_a_row=0.27)
    y = np.arange(len(rows))
    for axes, one, shade in zip(panels, series, colours(len(series)), strict=False):
        axes.axvline(0, color=INK, linewidth=1, zorder=1)
        axes.hlines(y, one.lower, one.upper, color=shade, linewidth=2.5, zorder=3)
        axes.plot(one.estimate, y, "o", color=shade, markersize=6.5, zorder=4)
        if set_apart:
            axes.axhline(set_apart - 0.5, color=GRID, linewidth=1.5)
        axes.grid(axis="x", color=GRID, linewidth=0.8)
    places, low, high = round_ticks(*limits(series), room={1: 64, 3: 22}.get(len(series), 34))
    panels[0].set_xticks(places, [tick(place) for place in places])
    panels[0].set_xlim(low, high)
    figure.supxlabel(unit, fontsize=12)
    return figure


def panel_grid(
    rows: Sequence[str], series: Sequence[Series], inches_a_row: float
) -> tuple["Figure", list["Axes"]]:
    """A panel a series, two abreast (three where that leaves no hole), all on the same scale and rows.

    Names of rows take two lines at most, where they can, and rows stand as far apart as the longest name needs.
    """
    letters = 30 if max(lines_of(row, 30) for row in rows) <= 2 else 44
    inches_a_row = max(inches_a_row, 0.02 + 0.2 * max(lines_of(row, letters) for row in rows))
    abreast = 3 if len(series) == 3 and max(len(one.name) for one in series) <= 20 else min(2, len(series))
    deep = -(-len(series) // abreast)
    figure = new_figure(WIDTH, 0.9 + deep * (0.85 + inches_a_row * len(rows)))
    panels = list(figure.subplots(deep, abreast, sharex=True, sharey=True, squeeze=False).ravel())
    for axes in panels[len(series) :]:
        axes.set_visible(False)
    for axes, one in zip(panels, series, strict=False):
        axes.set_title(wrapped(one.name, 34), loc="left")
        axes.set_yticks(range(len(rows)), [wrapped(row, letters) for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.tick_params(labelbottom=True)
        axes.spines["left"].set_visible(False)
        axes.set_axisbelow(True)
    return figure, panels[: len(series)]


def bar_panels(rows: Sequence[str], series: Sequence[Series], unit: str, decimals: int) -> "Figure":
    """A panel a series on one scale; in each a bar from zero for every row, its value beside it."""
    figure, panels = panel_grid(rows, series, inches_a_row=0.36)
    y = np.arange(len(rows))
    highest = max(float(one.upper.max(initial=0)) for one in series) or 1.0
    for axes, one in zip(panels, series, strict=False):
        axes.barh(y, one.estimate, height=0.62, color=PALETTE[0], zorder=2)
        varies = one.upper > one.lower
        axes.hlines(
            y[varies], one.lower[varies], one.upper[varies], color=PALETTE[3], linewidth=2.5, zorder=3
        )
        for place, value in enumerate(one.estimate):
            x = max(value, one.upper[place]) + 0.02 * highest
            axes.text(x, place, f"{value:,.{decimals}f}", va="center")
        axes.set_xlim(0, 1.22 * highest)
        axes.tick_params(axis="x", length=0, labelbottom=False)  # each bar says its value
        axes.spines["bottom"].set_visible(False)
        axes.axvline(0, color=INK, linewidth=1)
    figure.supxlabel(unit, fontsize=12)
    return figure
