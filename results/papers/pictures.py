"""Charts in a paper: each with the figure that its words are."""

from collections.abc import Callable

from results.chart import Chart
from results.labels import spoken
from results.papers.blocks import Picture
from results.papers.figures import Figure, Numbers
from results.papers.run import Run
from results.readings import Cell


def picture(chart: Chart, make: Callable[[Run], Chart] | None = None, source: str = "") -> Picture:
    """A chart and the figure that its words are: they are told anew from the run, as every figure is; by `make` where
    it is none of the charts of a run. `source` says where its data are, where that is not beside the chart."""

    def again(run: Run) -> Chart:
        return make(run) if make else next(one for one in (*run.charts, *run.studies) if one.stem == chart.stem)

    def values(run: Run) -> dict[str, Numbers]:
        header, rows = again(run).table
        named = [at for at in range(len(header)) if all(isinstance(row[at], str) for row in rows)]
        return {
            ", ".join(str(row[at]) for at in named): tuple(
                float("nan") if row[at] == "" else float(row[at]) for at in range(len(row)) if at not in named
            )
            for row in rows
        }

    def cells(run: Run) -> dict[str, Cell]:
        one = again(run)
        return {"title": Cell(one.title), "subtitle": Cell(one.subtitle), "note": Cell(one.note)}

    header, rows = chart.table
    parts = tuple(name for at, name in enumerate(header) if not all(isinstance(row[at], str) for row in rows))
    source = source or f"the data beside the chart, {chart.stem}.csv"
    return Picture(chart, Figure(f"The chart {spoken(chart.stem)}", source,
                                 "as its table has it", "", values, cells, parts))  # fmt: skip
