"""A run as a paper is made from it: its Dataset, and what many figures are told from, worked out once."""

from collections.abc import Sequence
from typing import NamedTuple

import xarray as xr

from results.attribution import for_panel
from results.chart import Chart
from results.charts import charts_of
from results.compare import comparator_of
from results.money_tables import value_for_money, who_gains
from results.studies import named_apart
from results.table_rows import Cell


class Run(NamedTuple):
    """All of it is a function of the Dataset alone, but for the studies beside it."""

    ds: xr.Dataset  # whole, as results.nc has it
    shown: xr.Dataset  # the alternatives that are put before a panel
    comparator: str
    gains: list[list[Cell]]  # the rows of the table of who gains
    worth: list[list[Cell]]  # those of value for money
    charts: tuple[Chart, ...]
    studies: tuple[Chart, ...] = ()  # of studies that stand beside the run


def run_of(ds: xr.Dataset, studies: Sequence[xr.Dataset] = ()) -> Run:
    """Raises ValueError where there is nothing beside the comparator to show."""
    shown = for_panel(ds)
    charts = tuple(charts_of(shown))
    beside = tuple(named_apart(studies, [chart.stem for chart in charts]))
    return Run(ds, shown, comparator_of(ds), who_gains(shown)[1], value_for_money(shown)[1], charts, beside)
