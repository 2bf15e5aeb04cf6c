"""Studies that stand beside a run in its paper: the Dataset of one of sensitivity, or of a waterfall, as its charts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import xarray as xr

from results import sensitivity, waterfall
from results.chart import Chart


def charts_of(study: xr.Dataset) -> list[Chart]:
    """The charts of a study; without those of whether it has settled, which stay in its folder."""
    if study.attrs["method"] == waterfall.METHOD:
        return [waterfall.chart_of(study)]
    return [chart for chart in sensitivity.charts_of(study) if chart.stem.startswith(study.attrs["method"])]


def named_apart(studies: Sequence[xr.Dataset], taken: Sequence[str]) -> Iterator[Chart]:
    """The charts of all studies, each under a name that no other chart of the paper has."""
    names = set(taken)
    for chart in (one for study in studies for one in charts_of(study)):
        number = 1
        while (stem := chart.stem if number == 1 else f"{chart.stem}_{number}") in names:
            number += 1
        names.add(stem)
        yield replace(chart, stem=stem)
