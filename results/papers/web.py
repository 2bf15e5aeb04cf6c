"""The whole run as one web page that works without a network: the paper's text, every chart, every table."""

import base64
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from results import drawing
from results.chart import Chart
from results.papers.blocks import Grid, Heading, Paper, Paragraph, Picture
from results.papers.run import Run
from results.papers.tables import appendix
from results.papers.word import said
from results.table_rows import Cell, Rows
from results.tables import plain, tables_of

TEMPLATE = "report.html.j2"


class Shown(NamedTuple):
    """A chart as the page has it: its words, its picture as a data address, and its data."""

    name: str
    title: str
    chart: Chart
    source: str
    data: "Table"


class Table(NamedTuple):
    """A table of the page: each cell is its text and whether it is a number."""

    caption: str
    header: list[str]
    rows: list[list[tuple[str, bool]]]


def page(run: Run, paper: Paper) -> str:
    """The page's HTML: complete, with nothing that is fetched from elsewhere."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    shown = {block.chart.stem: block for block in paper.blocks if isinstance(block, Picture)}
    others = [chart for chart in run.charts if chart.stem not in shown]
    tables = [table_of(one.title, one.told(run.ds, run.shown)) for one in tables_of(run.ds)]
    environment = Environment(
        loader=PackageLoader("results.papers", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(TEMPLATE).render(
        title=paper.title,
        blocks=[told(block) for block in paper.blocks],
        sections=[(f"s{at}", block.text) for at, block in enumerate(paper.blocks)
                  if isinstance(block, Heading) and block.level == 1],
        more=[picture_of(chart, chart.title) for chart in others],
        tables=tables,
        figures=grid_of(appendix(paper.figures)),
    )  # fmt: skip


def told(block: object) -> tuple[str, object]:
    """A block with its kind, for the template."""
    if isinstance(block, Heading):
        return f"h{block.level + 1}", block.text  # the page's title is the first
    if isinstance(block, Paragraph):
        return block.style or "text", said(block.text)
    if isinstance(block, Grid):
        return "table", grid_of(block)
    assert isinstance(block, Picture)
    return "chart", picture_of(block.chart, f"Chart {block.number}. {said(block.title)}")


def grid_of(block: Grid) -> Table:
    number = not block.of_words
    rows = [[(said(cell), number and place > 0) for place, cell in enumerate(row)] for row in block.rows]
    return Table(said(block.title), [head or "Measure" for head in block.header], rows)


def table_of(caption: str, rows: Rows) -> Table:
    header, cells = rows
    return Table(caption, header, [[text_of(cell) for cell in row] for row in cells])


def text_of(cell: Cell) -> tuple[str, bool]:
    return (cell, False) if isinstance(cell, str) else (plain(cell), True)


def picture_of(chart: Chart, title: str) -> Shown:
    return Shown(chart.stem, title, chart, data_address(chart), table_of(f"Data of the chart: "
                                                                         f"{chart.title}", chart.table))


def data_address(chart: Chart) -> str:
    """The chart's SVG inside the page itself."""
    with drawing.style():
        stream = BytesIO()
        chart.draw().savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return "data:image/svg+xml;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def write(run: Run, paper: Paper, path: Path) -> Path:
    path.write_text(page(run, paper), encoding="utf-8", newline="\n")
    return path
