"""How charts of sensitivity are drawn. Takes plain numbers and words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from results.drawing import GRID, INK, PAIR, PALETTE, WIDTH, new_figure, round_ticks, tick, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMED = 8  # points that have their name beside them


class Bar(NamedTuple):
    name: str
    low: float  # the answer at the low end of the range
    high: float


class Shares(NamedTuple):
    """Of the variance of an answer, each with its interval."""

    name: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


class Point(NamedTuple):
    name: str
    mu_star: float
    sigma: float
    error: float


def tornado_bars(bars: Sequence[Bar], middle: float, unit: str, even: str) -> "Figure":
    """A bar an input from the middle to each end, the widest on top; a line where the answer is nil."""
    figure = new_figure(WIDTH, 1.4 + 0.45 * max(len(bars), 1))
    axes = figure.add_subplot()
    for at, bar in enumerate(bars):
        for end, shade, hatch in ((bar.low, PAIR[0], ""), (bar.high, PAIR[1], "///")):
            axes.barh(at, end - middle, left=middle, height=0.62, color=shade, hatch=hatch, edgecolor="white", zorder=2)
    axes.axvline(middle, color=INK, linewidth=1.2, zorder=3)
    axes.axvline(0, color=INK, linewidth=1.6, linestyle="--", zorder=3)
    ends = [0.0, middle, *(end for bar in bars for end in (bar.low, bar.high))]
    margin = 0.04 * (max(ends) - min(ends) or 1.0)
    axes.text(0, -0.75, f" {even}", ha="left" if middle >= 0 else "right", va="center", fontsize=10)
    for shade, hatch, words in ((PAIR[0], "", "low end of the number"), (PAIR[1], "///", "high end")):
        axes.barh([0], [0], color=shade, hatch=hatch, edgecolor="white", label=words)
    finish_rows(figure, axes, [bar.name for bar in bars], (min(ends) - margin, max(ends) + margin), unit, above=1.4)
    return figure


def first_and_total(rows: Sequence[Shares], unit: str) -> "Figure":
    """Two points with their intervals a row: the share an input makes by itself, and with interactions."""
    figure = new_figure(WIDTH, 1.4 + 0.5 * max(len(rows), 1))
    axes = figure.add_subplot()
    for shade, marker, shift, words, pick in (
        (PAIR[0], "o", -0.14, "by itself (first-order)", lambda one: (one.first, one.first_low, one.first_high)),
        (PAIR[1], "s", 0.14, "with interactions (total)", lambda one: (one.total, one.total_low, one.total_high)),
    ):
        for at, one in enumerate(rows):
            value, least, most = pick(one)
            axes.hlines(at + shift, least, most, color=shade, linewidth=2.2, zorder=2)
            label = words if at == 0 else ""
            axes.plot([value], [at + shift], marker, color=shade, markersize=6.5, zorder=3, label=label)
    axes.axvline(0, color=INK, linewidth=1)
    low = min(0.0, *(min(one.first_low, one.total_low) for one in rows))
    high = max(1.0, *(max(one.first_high, one.total_high) for one in rows))
    finish_rows(figure, axes, [one.name for one in rows], (low, high), unit, above=0.6)
    return figure


def finish_rows(
    figure: "Figure", axes: "Axes", names: Sequence[str], ends: tuple[float, float], unit: str, above: float
) -> None:
    """Names of the rows, round ticks between the ends, a legend on top, and `above` rows of room under it."""
    places, low, high = round_ticks(*ends, room=44)
    axes.set_xticks(places, [tick(one) for one in places])
    axes.set_xlim(low, high)
    axes.set_yticks(range(len(names)), [wrapped(name, 46) for name in names], fontsize=10)
    axes.set_ylim(len(names) - 0.4, -above)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    figure.legend(loc="outside upper left", ncols=2, fontsize=10, frameon=False)
    figure.supxlabel(unit, fontsize=12)


def mu_sigma(points: Sequence[Point], unit: str) -> "Figure":
    """mu* against sigma; those that matter most are named."""
    figure = new_figure(WIDTH, 6.0)
    axes = figure.add_subplot()
    most = max((max(one.mu_star + one.error, one.sigma) for one in points), default=1.0) or 1.0
    axes.plot([0, most], [0, most], color=GRID, linewidth=1.5, zorder=1)
    axes.text(most * 0.98, most * 0.98, "sigma = mu*", ha="right", va="bottom", fontsize=10)
    for at, one in enumerate(points):
        axes.hlines(one.sigma, max(one.mu_star - one.error, 0.0), one.mu_star + one.error, color=PALETTE[1], zorder=2)
        axes.plot([one.mu_star], [one.sigma], "o", color=PALETTE[0], markersize=6, zorder=3)
        if at < NAMED and max(one.mu_star, one.sigma) > most / 12:  # those in the corner would cover each other
            place = (one.mu_star, one.sigma)
            axes.annotate(wrapped(one.name, 26), place, (6, 5), textcoords="offset points", fontsize=9)
    for axis, name in ((axes.xaxis, "x"), (axes.yaxis, "y")):
        places, low, high = round_ticks(0.0, most * 1.05, room=60 if name == "x" else 90)
        axis.set_ticks(places, [tick(one) for one in places])
        (axes.set_xlim if name == "x" else axes.set_ylim)(low, high)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xlabel(f"mu*: mean size of what moving the number changes ({unit})")
    axes.set_ylabel("sigma: spread of that")
    return figure
