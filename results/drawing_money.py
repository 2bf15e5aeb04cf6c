"""How charts of money are drawn. Takes plain numbers and words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from results.drawing import (
    GRID,
    INK,
    MOST_LINES,
    PAIR,
    PALETTE,
    STROKES,
    WIDTH,
    Floats,
    Series,
    colours,
    label_ends,
    limits,
    new_figure,
    number_y,
    round_ticks,
    tick,
    wrapped,
    year_axis,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PURSES, DASHES = (PALETTE[4], *PAIR), (STROKES[2], *STROKES[:2])  # of three lines: told apart in grey too


class Purses(NamedTuple):
    """What purses have come to by the end of each year, under one alternative."""

    name: str
    lines: tuple[Series, ...]
    paid_back: tuple[int | None, ...]  # the year, as a place, by whose end each has paid back
    money_ends: int  # the last year, as a place, in which it spends


def purses(years: Sequence[str], shown: Sequence[Purses], unit: str) -> "Figure":
    """A panel an alternative, all on one scale; where the plan ends before the run a line stands."""
    abreast = min(2, len(shown))
    deep = -(-len(shown) // abreast)
    figure = new_figure(WIDTH, 1.5 + 3.0 * deep)
    panels = figure.subplots(deep, abreast, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, one in zip(panels, shown, strict=False):
        axes.axhline(0, color=INK, linewidth=1.2, zorder=3)
        for place, line in enumerate(one.lines):
            draw_purse(axes, line, place, one.paid_back[place])
        if one.money_ends < len(years) - 1:
            axes.axvline(one.money_ends, color=INK, linewidth=1.2, linestyle=":", zorder=2)
        year_axis(axes, years, most=3)
        axes.tick_params(labelbottom=True)
        axes.set_title(wrapped(one.name, 34), loc="left")
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        axes.set_axisbelow(True)
    for axes in panels[len(shown) :]:
        axes.set_visible(False)
    number_y(panels[0], [line for one in shown for line in one.lines], room=60)
    figure.suptitle(wrapped(unit, 84), x=0.01, ha="left", fontsize=12)
    name_lines(figure, [line.name for line in shown[0].lines], any(one.money_ends < len(years) - 1 for one in shown))
    return figure


def draw_purse(axes: "Axes", line: Series, place: int, paid_back: int | None) -> None:
    x = np.arange(len(line.estimate))
    axes.fill_between(x, line.lower, line.upper, color=PURSES[place], alpha=0.18, linewidth=0, zorder=2)
    for end in (line.lower, line.upper):  # a pale band alone hardly stands out from white
        axes.plot(x, end, color=PURSES[place], linewidth=0.7, zorder=3)
    axes.plot(x, line.estimate, color=PURSES[place], linestyle=DASHES[place], linewidth=2.4, zorder=4)
    if paid_back is not None:
        axes.plot([paid_back], [line.estimate[paid_back]], "o", color=PURSES[place], markersize=9, zorder=5)


def name_lines(figure: "Figure", names: Sequence[str], money_ends: bool) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=shade, linestyle=dash, linewidth=2.4, label=name)
        for name, shade, dash in zip(names, PURSES, DASHES, strict=True)
    ]
    handles.append(Line2D([], [], color=INK, marker="o", linestyle="", markersize=8, label="paid back by then"))
    if money_ends:
        handles.append(Line2D([], [], color=INK, linestyle=":", linewidth=1.2, label="its money ends"))
    figure.legend(handles=handles, loc="outside lower left", ncols=2, frameon=False)


def timeline(years: Sequence[str], rows: Sequence[tuple[str, int | None, int | None]], never: str) -> "Figure":
    """A row an effect: from the start to the year by which it is clear, and on to that by which half of it has come."""
    figure = new_figure(WIDTH, 1.7 + 0.62 * len(rows))
    axes = figure.add_subplot()
    for at, (_, clear, half) in enumerate(rows):
        if clear is None:
            axes.text(0.05, at, never, va="center")
            continue
        last = max(clear, half or 0) + 1
        axes.plot([0, last], [at, at], color=GRID, linewidth=3, zorder=1)
        axes.plot([clear + 1], [at], "o", color=PAIR[0], markersize=11, zorder=3)
        if half is not None:
            axes.plot([half + 1], [at], "D", color=PAIR[1], markersize=8, zorder=4)
    axes.set_yticks(range(len(rows)), [wrapped(name.replace("\n", " "), 34) for name, *_ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    steps = range(0, len(years) + 1, 1 if len(years) <= 12 else 5)
    axes.set_xticks(list(steps), [str(step) for step in steps])
    axes.set_xlim(0, len(years) + 0.3)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_xlabel(f"Years from the start in April {years[0][:4]}")
    from matplotlib.lines import Line2D

    figure.legend(
        handles=[
            Line2D([], [], color=PAIR[0], marker="o", linestyle="", markersize=10, label="clear of twice its error"),
            Line2D([], [], color=PAIR[1], marker="D", linestyle="", markersize=8, label="half of it has come"),
        ],
        loc="outside upper left", ncols=2, frameon=False,
    )  # fmt: skip
    return figure


class Cloud(NamedTuple):
    """Runs of one alternative: what each averts, and what it costs beyond the comparator."""

    name: str
    averted: Floats
    cost: Floats


def planes(shown: Sequence[Cloud], unit_averted: str, unit_cost: str) -> "Figure":
    """A panel an alternative on one scale: a small point a run, a large one their mean."""
    abreast = min(2, len(shown))
    deep = -(-len(shown) // abreast)
    figure = new_figure(WIDTH, 1.1 + 3.0 * deep)
    panels = figure.subplots(deep, abreast, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, one in zip(panels, shown, strict=False):
        axes.axhline(0, color=INK, linewidth=1)
        axes.axvline(0, color=INK, linewidth=1)
        axes.plot(one.averted, one.cost, "o", color=PALETTE[0], markersize=5, alpha=0.6, zorder=3)
        axes.plot([one.averted.mean()], [one.cost.mean()], "D", color=PALETTE[3], markersize=10, zorder=4)
        axes.set_title(wrapped(one.name, 34), loc="left")
        axes.tick_params(labelbottom=True)
        axes.grid(color=GRID, linewidth=0.8)
        axes.set_axisbelow(True)
    for axes in panels[len(shown) :]:
        axes.set_visible(False)
    for axis, values in (("x", [one.averted for one in shown]), ("y", [one.cost for one in shown])):
        ends = limits([Series("", each, each, each) for each in values])
        margin = 0.06 * (ends[1] - ends[0])  # of a mark: none is cut at the edge
        places, low, high = round_ticks(ends[0] - margin, ends[1] + margin, room=34 if axis == "x" else 60)
        getattr(panels[0], f"set_{axis}ticks")(places, [tick(place) for place in places])
        getattr(panels[0], f"set_{axis}lim")(low, high)
    figure.supxlabel(wrapped(unit_averted, 84), fontsize=12)
    figure.suptitle(f"{wrapped(unit_cost, 84)}; diamond: mean of the runs", x=0.01, ha="left", fontsize=12)
    return figure


def acceptable(pounds: Floats, lines: Sequence[tuple[str, Floats]], unit: str) -> "Figure":
    """By what an offence averted is worth, the share of runs in which that meets the cost: a line an alternative, in
    one picture up to four, then a panel each."""
    series = [Series(name, share, share, share) for name, share in lines]
    title = "Share of runs in which the worth of what is averted meets the cost, %"
    if len(series) > MOST_LINES:
        figure = new_figure(WIDTH, 0.9 + 2.6 * -(-len(series) // 2))
        panels = figure.subplots(-(-len(series) // 2), 2, sharex=True, sharey=True, squeeze=False).ravel()
        for axes, one in zip(panels, series, strict=False):
            draw_shares(axes, pounds, [one], 3)
            axes.tick_params(labelbottom=True)
            axes.set_title(wrapped(one.name, 34), loc="left")
        for axes in panels[len(series) :]:
            axes.set_visible(False)
        figure.suptitle(wrapped(title, 84), x=0.01, ha="left", fontsize=12)
        figure.supxlabel(unit, fontsize=12)
        return figure
    figure = new_figure(WIDTH, 5.2)
    axes = figure.add_subplot()
    draw_shares(axes, pounds, series, 5)
    axes.set_title(title, loc="left", pad=14)
    axes.set_xlabel(unit)
    label_ends(axes, series, colours(len(series)))
    return figure


def draw_shares(axes: "Axes", pounds: Floats, series: Sequence[Series], ticks: int) -> None:
    for place, (one, shade) in enumerate(zip(series, colours(len(series)), strict=True)):
        axes.plot(np.arange(len(pounds)), one.estimate, color=shade, linestyle=STROKES[place], linewidth=2.4)
    axes.axhline(50, color=INK, linewidth=0.8)
    places = np.linspace(0, len(pounds) - 1, ticks).round().astype(int)
    axes.set_xticks(places, [tick(pounds[place]) for place in places])
    axes.set_ylim(-2, 102)
    axes.set_xlim(-0.5, len(pounds) - 0.5)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


class Part(NamedTuple):
    """A programme of the plan: what it costs and what it averts, with its range."""

    name: str
    cost: float
    averted: float
    lower: float
    upper: float
    error: float


def frontier(parts: Sequence[Part], unit_cost: str, unit_averted: str) -> "Figure":
    """Programmes one after another, the most averted for a pound first: money so far against offences so far. Each step
    is a programme, with its own range at its end."""
    figure = new_figure(WIDTH, 6.0)
    axes = figure.add_subplot()
    cost = np.concatenate([[0.0], np.cumsum([one.cost for one in parts])])
    found = np.concatenate([[0.0], np.cumsum([one.averted for one in parts])])
    axes.plot(cost, found, color=PALETTE[0], linewidth=2.4, marker="o", markersize=6, zorder=3)
    for at, one in enumerate(parts):
        low, high = found[at] + one.lower, found[at] + one.upper
        axes.vlines(cost[at + 1], low, high, color=PALETTE[3], linewidth=2.2, zorder=2)
        axes.annotate(
            f"{at + 1}", (cost[at + 1], found[at + 1]), (6, -14), textcoords="offset points", fontsize=11
        )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=1)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    ends = (np.array([one.lower for one in parts]), np.array([one.upper for one in parts]))
    number_y(axes, [Series("", found[1:], *(found[:-1] + end for end in ends))], room=90, most=8)
    places, low, high = round_ticks(0.0, float(cost[-1]), room=60)
    axes.set_xticks(places, [tick(place) for place in places])
    axes.set_xlim(low, 1.04 * high)
    axes.set_xlabel(unit_cost)
    axes.set_title(unit_averted, loc="left", pad=14)
    return figure


def waterfall(bars: Sequence[tuple[str, float, float, float, float]], net: str, unit: str) -> "Figure":
    """A bar a step: from where the one before ended to where it ends; then the whole of what is left. Of each step its
    name, its change, and where it ends with its range."""
    figure = new_figure(WIDTH, 1.2 + 0.62 * (len(bars) + 1))
    axes = figure.add_subplot()
    for at, (_, change, end, lower, upper) in enumerate(bars):
        shade = PALETTE[0] if at == 0 else PAIR[1] if change < 0 else PALETTE[1]
        falls = at > 0 and change < 0  # hatched, so that it is told from a rise in grey too
        axes.barh(at, change, left=end - change, height=0.6, color=shade, zorder=2, hatch="//" if falls else None,
                  edgecolor="white" if falls else shade, linewidth=0)  # fmt: skip
        axes.hlines(at, lower, upper, color=INK, linewidth=1.6, zorder=3)
        axes.plot([end, end], [at - 0.3, at + 1.3], color=INK, linewidth=0.8, zorder=3)
    _, _, end, lower, upper = bars[-1]
    axes.barh(len(bars), end, height=0.6, color=PALETTE[0], zorder=2)
    axes.hlines(len(bars), lower, upper, color=INK, linewidth=1.6, zorder=3)
    axes.axvline(0, color=INK, linewidth=1.2, zorder=4)
    axes.set_yticks(range(len(bars) + 1), [wrapped(name, 30) for name in (*(bar[0] for bar in bars), net)])
    axes.set_ylim(len(bars) + 0.6, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    spans = [Series("", np.array([end]), np.array([min(low, end)]), np.array([max(high, end)]))
             for _, _, end, low, high in bars]  # fmt: skip
    places, low, high = round_ticks(*limits(spans), room=60)
    axes.set_xticks(places, [tick(place) for place in places])
    axes.set_xlim(low, high)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xlabel(f"{unit}; line: range of what is averted with the steps so far")
    return figure
