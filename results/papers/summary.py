"""The page for whoever has never seen Upstream: what the money buys, how sure that is, who banks it, and when."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from results import drawing
from results.chart import EXPECTED, Chart, place_and_period
from results.charts import charts_of
from results.compare import estimates
from results.drawing import Series
from results.labels import capital, quoted, spoken
from results.measures import OFFENCES_MEASURE, averted_in_all, averted_runs
from results.papers import count_figures as counts
from results.papers import money_figures as money
from results.papers import word
from results.papers.blocks import Block, Grid, Heading, Paper, Paragraph, Said, Text, say, set_out
from results.papers.figures import Figure
from results.papers.pictures import picture
from results.papers.run import Run
from results.papers.view import compared, described, named, spending_less, title_of
from results.readings import UNCLEAR, readings

MOST_TOLD = 4  # alternatives that a page has room for; the paper has all
LONGEST, LINE = 170, 55  # signs of a question, and of the page's title, that there is room for
ROOM, SHORTEST = 220, 40  # signs of all titles of alternatives together; of each, where they are longer
SIZE, MARGIN = 9.5, 1.1  # points; centimetres
LOW, HIGH = 1.4, 1.8  # inches, of the two charts as drawn: lower than elsewhere, with type as large
WHEN = "when_effects_come"


def summary(run: Run) -> Paper:
    """The page's words and its two charts."""
    return set_out(short(title_of(run.ds), LINE), blocks(run), run)


def blocks(run: Run) -> Iterator[Block]:
    names, against = largest(run), quoted(run.comparator)
    if (told := described(run.ds, run.comparator)) != capital(spoken(run.comparator)):
        against += f" ({short(told, SHORTEST)})"
    period, year = counts.period(), counts.price_year()
    day = counts.made()
    yield say("Draft from a simulation of ", Said(day), ". NOT ASSURED by this page: who has signed "
              "for its figures, if anybody, stands in the run's assurance pack.")  # fmt: skip
    for key in ("failed", "fit_warning"):
        if warning := counts.warned(run, key):
            yield say(Said(warning))
    if question := run.ds.attrs.get("question"):
        yield say(short(str(question)))
    yield Heading(1, "What the money buys")
    yield from what_it_buys(run, names)
    yield table(run, names)
    if len(names) < len(compared(run.ds)):
        yield say("The alternatives that differ most; paper.docx has all.")
    headline = counts.headline(run)
    yield say(f"Against {against}, over ", Said(period), ". Offences under it: ",
              Said(headline, run.comparator), ", reported or not. Pounds are of ", Said(year),
              " prices; worth and costs are discounted by ", Said(money.discounting()),
              ", the commissioner's spend is not.")  # fmt: skip
    for figure in (*counts.begun_already(run), *counts.places_taken(run)):
        yield say(Said(figure))
    yield picture(in_all(run), in_all)
    yield Heading(1, "How sure that is")
    yield how_sure(run)
    yield Heading(1, "Who banks it")
    yield from who_banks(run)
    yield Heading(1, "When")
    yield say("Payback: years until the worth has met the costs, in the median run; unclear where fewer than nineteen "
              f"in twenty runs end above them; for {quoted(run.comparator)}, of what it spends beyond.")  # fmt: skip
    yield picture(when(run), when)


def what_it_buys(run: Run, names: list[str]) -> Iterator[Paragraph]:
    """What the comparator itself buys, where some alternative does without."""
    buys, net = counts.bought(run), money.in_runs(run, money.NET)
    for name in spending_less(run, names):
        yield say(f"{named(run.comparator)} buys, beyond {quoted(name)}: ", Said(buys, name), " offences; worth more "
                  "than it costs in ", Said(net, name, "figure"), " runs.")  # fmt: skip


def who_banks(run: Run) -> Iterator[Paragraph]:
    cash = money.gains(run, money.CASH)[0]
    rest: Text = (
        "Hours asked of its people", *clear_of(run, money.hours()), ". Freed hours go to other work. Other public "
        "services need, pounds", *clear_of(run, money.services()), "; no cash unless they then spend less. The rest of "
        "the worth is what victims and the economy do not lose. What the commissioner does not spend stays with the "
        "commissioner.",
    )  # fmt: skip
    if money.no_post_goes(run):
        yield say("The force saves no cash, as no post is cut. ", *rest)
    else:
        yield say("What the force spends in cash, pounds, changes by posts that go alone", *each(largest(run), cash),
                  ". Posts", *each(largest(run), money.posts()), ". ", *rest)  # fmt: skip


def clear_of(run: Run, figure: Figure) -> Text:
    """A figure of each alternative of which it is told, and the others in a few words."""
    cells = figure.cells(run)
    clear = [name for name in largest(run) if cells[name].figure[:1].isdigit()]
    told = each(clear, figure)
    return told if len(clear) == len(largest(run)) else (*told, f"{'; else' if clear else ':'} {UNCLEAR}")


def each(names: list[str], figure: Figure) -> Text:
    """A figure of each of these alternatives: ': Stop 1,200 more (900 to 1,500); Extra primary ...'."""
    return tuple(
        part for at, name in enumerate(names)
        for part in (f"{'; ' if at else ': '}{named(name)} ", Said(figure, name))
    )  # fmt: skip


def how_sure(run: Run) -> Paragraph:
    runs, kind = counts.runs(), counts.range_name()
    if run.ds.sizes["replicate"] == 1:
        return say(Said(runs), " It shows no range: whether a difference is more than chance cannot be told from it.")
    return say(Said(runs), " Under a figure, their average, stands the ", Said(kind), ". It allows for luck and for "
               "those uncertain numbers, not for mistakes or gaps in the model. No clear difference: below twice its "
               "error, so that it cannot be told which way it goes, or whether there is any.")


def table(run: Run, names: list[str]) -> Grid:
    """Costs before benefits, a row an alternative."""
    against = quoted(run.comparator)
    figures = (counts.extra_spend(run.comparator), counts.headline(run), money.sum_of(money.NET_VALUE), money.payback())
    header = (f"Against {against}", "Commissioner's spend, pounds", "Offences",
              "Worth to society less all costs, pounds", "Payback")  # fmt: skip
    rows: tuple[tuple[Text, ...], ...] = tuple(
        ((label(run, name),), *((Said(figure, name, "stacked"),) for figure in figures)) for name in names
    )
    return Grid(("What each alternative costs and buys over the plan",), header, rows,
                widths=(0.29, 0.17, 0.18, 0.21, 0.15))  # fmt: skip


def label(run: Run, name: str) -> str:
    """'Stop: the title that its author gave it'."""
    title, all_of = described(run.ds, name), sum(len(described(run.ds, one)) for one in largest(run))
    most = ROOM if all_of <= ROOM else SHORTEST
    return named(name) if title == named(name) else f"{named(name)}: {short(title, most)}"


def short(text: str, most: int = LONGEST) -> str:
    """A text that leaves room on the page for the rest."""
    return text if len(text) <= most else (text[:most].rpartition(" ")[0] or text[:most]) + " …"


def largest(run: Run) -> list[str]:
    """The alternatives that differ most in offences, in their own order."""
    told = averted_in_all(run.shown, OFFENCES_MEASURE, run.comparator)
    order = np.argsort(-np.abs(told.estimate.values), kind="stable")[:MOST_TOLD]
    return [str(told.alternative.values[at]) for at in sorted(order)]


def when(run: Run) -> Chart:
    """When offences differ clearly, of the alternatives that the page has room for."""
    shown = run.shown.sel(alternative=[run.comparator, *largest(run)])
    return next(chart for chart in charts_of(shown) if chart.stem == WHEN)


def in_all(run: Run) -> Chart:
    """Offences averted over the plan, a point and its range for each alternative."""
    shown, comparator = run.shown, run.comparator
    runs = averted_runs(shown, OFFENCES_MEASURE, comparator).sum("year").sel(alternative=largest(run))
    found = estimates(runs)
    rows = [named(str(name)) for name in found.alternative.values]
    unit = f"Left of zero: more offences than under {quoted(comparator)}; right of it: fewer"
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


def write(run: Run, path: Path, made: datetime) -> Path:
    """The page as a Word document."""
    page = summary(run)
    document = word.new_document(page.title, made, SIZE, MARGIN)
    tighten(document)
    document.add_paragraph(page.title, style="Title")
    for block in page.blocks:
        if isinstance(block, Heading | Paragraph | Grid):
            word.add(document, block)
        else:
            word.add_small_picture(document, block, HIGH if block.chart.stem == WHEN else LOW)
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
