"""The page for whoever has never seen Upstream: what the money buys, how sure that is, who banks it, and when."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from results import drawing
from results.chart import EXPECTED, Chart, place_and_period
from results.charts import charts_of
from results.compare import comparator_of, estimates
from results.drawing import Series
from results.labels import quoted
from results.measures import OFFENCES_MEASURE, averted_in_all, averted_runs
from results.papers import count_figures as counts
from results.papers import money_figures as money
from results.papers import word
from results.papers.blocks import Block, Grid, Heading, Paper, Paragraph, Said, set_out
from results.papers.paper import named, picture, say
from results.papers.view import compared, described, for_panel, title_of
from results.readings import readings

MOST_TOLD = 4  # alternatives that a page has room for; the paper has all
LONGEST, SHORTEST = 200, 60  # signs of a question or a title, and of an alternative's title, on the page
SIZE, MARGIN = 9.5, 1.3  # points; centimetres
LOW, HIGH = 2.1, 3.1  # inches, of the two charts as drawn: lower than elsewhere, with type as large
OVER_TIME = "averted_offences_over_time"


def summary(ds: xr.Dataset) -> Paper:
    """The page's words and its two charts."""
    return set_out(short(title_of(ds)), blocks(ds), ds)


def blocks(ds: xr.Dataset) -> Iterator[Block]:
    names, against = largest(ds), quoted(comparator_of(ds))
    kind, runs, period, year = counts.range_name(), counts.runs(), counts.period(), counts.price_year()
    if question := ds.attrs.get("question"):
        yield say(short(str(question)))
    yield Heading(1, "What the money buys")
    yield table(ds, names)
    if len(names) < len(compared(ds)):
        yield say("The alternatives that differ most; paper.docx has all.")
    yield say(f"Against {against}, over ", Said(period), ", the same people living through each. Commissioner's pounds of ",
              Said(year), " prices, undiscounted.")  # fmt: skip
    yield picture(in_all(ds), in_all)
    yield Heading(1, "How sure that is")
    yield say(Said(runs), " Under a figure stands the ", Said(kind), ". It covers what was drawn, not what the model leaves "
              "out or has wrong. No clear difference: below its own error. The figures are not assured.")  # fmt: skip
    yield Heading(1, "Who banks it")
    yield say("The force banks no cash: no post goes. Hours of its people are capacity. What other public services spend, "
              "and what victims lose, are further lines, told apart in paper.docx; none is the commissioner's.")  # fmt: skip
    yield Heading(1, "When")
    yield say("Payback is the year by whose end society's benefits have met the costs, in the median run. Offences by year:")
    yield picture(by_year(ds), by_year)


def table(ds: xr.Dataset, names: list[str]) -> Grid:
    """Costs before benefits, a row an alternative."""
    against = quoted(comparator_of(ds))
    figures = (counts.extra_spend(comparator_of(ds)), counts.headline(ds), money.gains(ds, money.CASH)[0],
               money.in_runs(ds, money.NET), money.payback())  # fmt: skip
    header = (f"Against {against}", "Commissioner's spend, pounds", "Offences", "Cash to the force",
              "Runs with a net benefit to society", "Payback")  # fmt: skip
    rows = tuple(
        ((label(ds, name),), *((Said(figure, name, "stacked"),) for figure in figures)) for name in names
    )
    return Grid(("What each alternative costs and buys over the plan",), header, rows,
                widths=(0.29, 0.17, 0.17, 0.1, 0.13, 0.14))  # fmt: skip


def label(ds: xr.Dataset, name: str) -> str:
    """'Stop: the title that its author gave it'."""
    title = described(ds, name)
    return named(name) if title == named(name) else f"{named(name)}: {short(title, SHORTEST)}"


def short(text: str, most: int = LONGEST) -> str:
    """A text that leaves room on the page for the rest."""
    return text if len(text) <= most else (text[:most].rpartition(" ")[0] or text[:most]) + " …"


def largest(ds: xr.Dataset) -> list[str]:
    """The alternatives that differ most in offences, in their own order."""
    told = averted_in_all(for_panel(ds), OFFENCES_MEASURE, comparator_of(ds))
    order = np.argsort(-np.abs(told.estimate.values), kind="stable")[:MOST_TOLD]
    return [str(told.alternative.values[at]) for at in sorted(order)]


def by_year(ds: xr.Dataset) -> Chart:
    """Offences averted by year, of the alternatives that the page has room for."""
    shown = for_panel(ds).sel(alternative=[comparator_of(ds), *largest(ds)])
    return next(chart for chart in charts_of(shown) if chart.stem == OVER_TIME)


def in_all(ds: xr.Dataset) -> Chart:
    """Offences averted over the plan, a point and its range for each alternative."""
    shown, comparator = for_panel(ds), comparator_of(ds)
    runs = averted_runs(shown, OFFENCES_MEASURE, comparator).sum("year").sel(alternative=largest(ds))
    found = estimates(runs)
    rows = [named(str(name)) for name in found.alternative.values]
    unit = f"Offences over the plan fewer than under {quoted(comparator)} (left of zero: more)"
    series = Series("", found.estimate.values, found.lower.values, found.upper.values)
    return Chart(
        stem="averted_in_all",
        title="Offences averted over the plan",
        subtitle=f"Against {quoted(comparator)}, {place_and_period(shown)}",
        picture="A point and its range for each alternative.",
        alternative=f"Offences over the plan against {quoted(comparator)}: {readings(runs)}.",
        note=EXPECTED,
        table=(["alternative", "estimate (offences averted over the plan)", "lower", "upper"],
               [[str(name), *(float(found[part].sel(alternative=name)) for part in ("estimate", "lower", "upper"))]
                for name in found.alternative.values]),
        draw=lambda: drawing.row_panels(rows, [series], unit),
    )  # fmt: skip


def write(ds: xr.Dataset, path: Path, made: datetime) -> Path:
    """The page as a Word document."""
    page = summary(ds)
    document = word.new_document(page.title, made, SIZE, MARGIN)
    tighten(document)
    document.add_paragraph(page.title, style="Title")
    for block in page.blocks:
        if isinstance(block, Heading | Paragraph | Grid):
            word.add(document, block)
        else:
            word.add_small_picture(document, block, HIGH if block.chart.stem == OVER_TIME else LOW)
    document.save(str(path))
    return path


def tighten(document: Any) -> None:
    """Less air than in a paper: all of it must stand on one page."""
    from docx.shared import Pt

    for name, before, after in (("Normal", 0, 2), ("List Bullet", 0, 1), ("Heading 1", 5, 1), ("Caption", 2, 0)):
        style = document.styles[name].paragraph_format
        style.space_before, style.space_after, style.line_spacing = Pt(before), Pt(after), 1.0
    document.styles["Title"].font.size = Pt(16)
    document.styles["Title"].paragraph_format.space_after = Pt(4)
    document.styles["Heading 1"].font.size = Pt(11)
