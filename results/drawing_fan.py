"""How the fan of outcomes is drawn. Takes plain numbers and words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from results.drawing import (
    GRID,
    INK,
    PALETTE,
    WIDTH,
    Floats,
    Series,
    new_figure,
    number_y,
    wrapped,
    year_axis,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MEDIAN, EDGE = PALETTE[0], "#2073BC"
SHADES = ("#CFE3F5", "#6BACE6")  # of the bands, the widest first: apart in grey as well, and edged


class Fan(NamedTuple):
    """Of one alternative by year: its median (n,), its bands as (lower, upper), the widest first, and, where there are
    too few runs for bands, each run: (r, n)."""

    name: str
    median: Floats
    bands: tuple[tuple[Floats, Floats], ...]
    runs: Floats | None = None


def fans(years: Sequence[str], shown: Sequence[Fan], unit: str, bands: Sequence[str]) -> "Figure":
    """A panel a fan, all on one scale, each opening from nothing at the start; `bands` are named under them."""
    abreast = 3 if len(shown) == 3 or len(shown) > 4 else min(2, len(shown))
    deep = -(-len(shown) // abreast)
    figure = new_figure(WIDTH, 5.2 if len(shown) == 1 else 1.4 + 2.9 * deep)
    panels = figure.subplots(deep, abreast, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, one in zip(panels, shown, strict=False):
        draw_fan(axes, one)
        year_axis(axes, years, most={1: 5, 2: 3, 3: 2}[abreast])
        axes.set_xlim(-1, len(years) - 1)
        axes.tick_params(labelbottom=True)
        axes.set_title(wrapped(one.name, {1: 80, 2: 34, 3: 22}[abreast]), loc="left")
    for axes in panels[len(shown) :]:
        axes.set_visible(False)
    number_y(panels[0], [reach_of(one) for one in shown], room=90)
    figure.suptitle(wrapped(unit, 84), x=0.01, ha="left", fontsize=12)
    name_bands(figure, bands, one_run=shown[0].runs is not None and len(shown[0].runs) == 1)
    return figure


def from_start(values: Floats) -> Floats:
    """(..., n) by year with the start, at which nothing differs, put before them: (..., n + 1)."""
    return np.concatenate([np.zeros((*values.shape[:-1], 1)), values], axis=-1)


def draw_fan(axes: "Axes", one: Fan) -> None:
    x = np.arange(-1, len(one.median))
    for (lower, upper), shade in zip(one.bands, SHADES, strict=False):
        low, high = from_start(lower), from_start(upper)
        axes.fill_between(x, low, high, color=shade, linewidth=0, zorder=2)
        for end in (low, high):
            axes.plot(x, end, color=EDGE, linewidth=0.7, zorder=3)
    if one.runs is not None and len(one.runs) > 1:
        axes.plot(x, from_start(one.runs).T, color=EDGE, linewidth=0.9, zorder=2)
    axes.axhline(0, color=INK, linewidth=1.2, zorder=4)
    axes.plot(x, from_start(one.median), color=MEDIAN, linewidth=2.6, zorder=5)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def reach_of(one: Fan) -> Series:
    """A fan as a series with the widest of its ranges."""
    if one.runs is not None:
        return Series(one.name, one.median, one.runs.min(axis=0), one.runs.max(axis=0))
    return Series(one.name, one.median, *one.bands[0])


def name_bands(figure: "Figure", bands: Sequence[str], one_run: bool) -> None:
    """What line and bands are, under the panels, as they are the same in all."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if one_run:
        return
    handles: list[Line2D | Patch] = [Line2D([], [], color=MEDIAN, linewidth=2.6, label="median")]
    if not bands:
        handles.append(Line2D([], [], color=EDGE, linewidth=0.9, label="a run"))
    for name, shade in reversed(list(zip(bands, SHADES, strict=True) if bands else [])):
        handles.append(Patch(facecolor=shade, edgecolor=EDGE, linewidth=0.7, label=name))
    figure.legend(handles=handles, loc="outside lower left", ncols=3, frameon=False)
