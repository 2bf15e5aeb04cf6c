"""How convergence of a sensitivity study is drawn. Takes plain numbers and words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from results.drawing import GRID, PALETTE, WIDTH, Floats, new_figure, round_ticks, spread, tick, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = ("o", "s", "^", "D", "v", "P")  # apart without colour
LETTERS = 28  # of a name in a line


class Path(NamedTuple):
    """An index of one input by step (n,), and the half-width of its interval at the last."""

    name: str
    values: Floats
    error: float


def paths_by_step(at: Floats, steps: Sequence[str], paths: Sequence[Path], unit: str, along: str) -> "Figure":
    """A line a path over the steps, which lie `at` (n,); beyond the last, side by side, their intervals and names.

    At most six paths, the largest at the end first.
    """
    figure = new_figure(WIDTH, 6.2)
    axes = figure.add_subplot()
    whole = float(at[-1] - at[0])
    high = max(float(np.nanmax(one.values)) for one in paths)
    high = max(high, *(float(one.values[-1]) + one.error for one in paths))
    places, low, high = round_ticks(0.0, 1.04 * high, room=90)
    axes.set_yticks(places, [tick(one) for one in places])
    axes.set_ylim(low, high)
    slots = [float(at[-1]) + whole * (0.05 + 0.03 * place) for place in range(len(paths))]
    for one, shade, marker, slot in zip(paths, PALETTE, MARKERS, slots, strict=False):
        axes.plot(at, one.values, color=shade, linewidth=2, marker=marker, markersize=6, zorder=4)
        end = float(one.values[-1])
        axes.vlines(slot, max(end - one.error, 0.0), end + one.error, color=shade, linewidth=3, zorder=3)
        axes.plot([slot], [end], marker, color=shade, markersize=6, zorder=4)
    axes.set_xlim(float(at[0]) - 0.03 * whole, slots[-1] + 0.09 * whole)
    axes.set_xticks(at, steps)
    axes.spines["bottom"].set_bounds(float(at[0]) - 0.03 * whole, float(at[-1]))
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_title(wrapped(unit, 84), loc="left", pad=14)
    axes.set_xlabel(along, loc="left")
    name_paths(axes, paths, slots)
    return figure


def name_paths(axes: "Axes", paths: Sequence[Path], slots: Sequence[float]) -> None:
    """Each path named right of its interval, names moved apart by as much as the longest needs, and kept inside."""
    low, high = axes.get_ylim()
    names = [wrapped(one.name, LETTERS) for one in paths]
    apart = (high - low) * (0.022 + 0.033 * max(name.count("\n") + 1 for name in names))
    last = [float(one.values[-1]) for one in paths]
    order = [int(place) for place in np.argsort(last)]
    at = spread([last[place] for place in order], apart)
    bottom, top, number = low + 0.4 * apart, high - 0.4 * apart, len(at)
    at = [max(y, bottom + apart * k) for k, y in enumerate(at)]
    at = [min(y, top - apart * (number - 1 - k)) for k, y in enumerate(at)]
    right = axes.get_xlim()[1]
    for place, y in zip(order, at, strict=True):
        shade = PALETTE[place]
        axes.plot([slots[place], right], [last[place], y], color=shade, linewidth=1, clip_on=False, zorder=2)
        axes.plot([right], [y], MARKERS[place], color=shade, markersize=6, clip_on=False)
        axes.annotate(
            names[place], (right, y), (8, 0), textcoords="offset points", va="center", fontsize=10,
            annotation_clip=False,
        )  # fmt: skip
