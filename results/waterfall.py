"""From the published effect to what a plan gets of it, as a chart and a table: nested runs, no multipliers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

from results import drawing_money
from results.chart import Chart
from results.compare import estimates, range_words
from results.readings import PARTS, averted_cell, reading_of
from results.table_rows import Cell, Rows

NET = "net: what the plan gets"
METHOD = "waterfall"


class About(NamedTuple):
    """What the runs were of, in words."""

    scheme: str
    plan: str
    area: str
    period: str
    note: str  # what is in the first step, and what the range covers


def dataset(
    about: About, steps: Sequence[str], averted: Sequence[Sequence[float]], took_part: Sequence[Sequence[float]],
    more: Mapping[str, str],
) -> xr.Dataset:
    """The runs of a waterfall as a labelled Dataset (step, draw), from which `chart_of` makes the chart again."""
    return xr.Dataset(
        {
            "averted": (("step", "draw"), np.asarray(averted, dtype=np.float64),
                        {"units": "offences", "long_name": "Offences averted over the run, expected"}),
            "took_part": (("step", "draw"), np.asarray(took_part, dtype=np.float64),
                          {"units": "people, or units of places", "long_name": "Places taken up over the run"}),
        },
        coords={"step": list(steps)}, attrs=dict(more) | about._asdict() | {"method": METHOD},
    )  # fmt: skip


def chart_of(ds: xr.Dataset) -> Chart:
    """The chart of such a Dataset."""
    about = About(**{name: ds.attrs[name] for name in About._fields})
    steps = [str(step) for step in ds.step.values]
    return chart(about, steps, ds.averted.values.tolist(), ds.took_part.values.tolist())


def told(averted: Sequence[Sequence[float]]) -> xr.Dataset:
    """`estimates` of (S, D) offences averted by step."""
    return estimates(xr.DataArray(np.asarray(averted, dtype=np.float64), dims=("step", "replicate")))


def changes(averted: Sequence[Sequence[float]]) -> xr.Dataset:
    """`estimates` of what each step takes away or adds to the one before; the first counts from nothing."""
    values = np.asarray(averted, dtype=np.float64)
    return told(np.diff(values, axis=0, prepend=0.0).tolist())


def table(steps: Sequence[str], averted: Sequence[Sequence[float]], took_part: Sequence[Sequence[float]]) -> Rows:
    """A row a step: what is averted with it and all before it, what it changes, and how many take part."""
    whole, each = told(averted), changes(averted)
    runs = len(averted[0])
    rows: list[list[Cell]] = []
    for at, step in enumerate(steps):
        numbers = [float(one[part][at]) for one in (whole, each) for part in PARTS[:-1]]
        sure = reading_of(float(each.estimate[at]), float(each.error[at]))
        rows.append([step, *numbers, float(np.mean(took_part[at])), sure])
    kind = range_words(runs)
    ends = ["estimate", f"lower ({kind})", f"upper ({kind})"]
    header = [f"{what}: {end}" for what in ("offences averted with it", "change by it") for end in ends]
    return ["step", *header, "places taken up (mean of runs)", "reading of the change"], rows


def chart(
    about: About, steps: Sequence[str], averted: Sequence[Sequence[float]], took_part: Sequence[Sequence[float]]
) -> Chart:
    """The first step from nothing, each further one as what it takes away or adds, and what is left."""
    whole, each = told(averted), changes(averted)
    first, last = (averted_cell(*(float(whole[part][at]) for part in PARTS)) for at in (0, -1))
    said = []
    for at, step in enumerate(steps):
        cell = averted_cell(*(float(each[part][at]) for part in PARTS))
        said.append(f"{step} {cell.figure}{f' ({cell.range})' if cell.range else ''}")
    bars = [
        (step, float(each.estimate[at]), float(whole.estimate[at]), float(whole.lower[at]), float(whole.upper[at]))
        for at, step in enumerate(steps)
    ]
    return Chart(
        stem="gross_to_net",
        title=f"{about.scheme}, offences averted gross and net: {first.figure}; {last.figure}",
        subtitle=f"Offences averted in {about.area}, {about.period} ({range_words(len(averted[0]))}), under "
        f"{about.plan} against the same without the scheme",
        picture="A bar for the first step from zero, one for what each further step changes, and one for what is left.",
        alternative=f"Step by step: {'; '.join(said)}. Left: {last.figure}{f' ({last.range})' if last.range else ''}.",
        note=about.note,
        table=table(steps, averted, took_part),
        draw=lambda: drawing_money.waterfall(bars, NET, "Offences averted, expected"),
    )  # fmt: skip
