"""The paper for a panel, section by section: what it says, in words that hold figures and no numbers.

It sets alternatives out and recommends none. What only its author can say is left open in square brackets.
"""

from collections.abc import Callable, Iterator

from results.attribution import WAYS, is_attributed
from results.chart import Chart
from results.labels import capital, quoted, spoken
from results.measures import extra_spend_runs
from results.money_tables import NO_CASH
from results.notes import unstudied_note
from results.papers import count_figures as counts
from results.papers import money_figures as money
from results.papers.blocks import Block, Grid, Heading, Paper, Paragraph, Picture, Reference, Said, Text, set_out
from results.papers.figures import Figure, Numbers
from results.papers.not_modelled import LEFT_OUT, NOT_FOR
from results.papers.run import Run
from results.papers.tables import across, by_alternative
from results.papers.view import compared, described, title_of
from results.readings import UNCLEAR, Cell
from results.table_rows import pounds_of, present_pounds_of

ASSURANCE_PACK = "the folder assurance of the run, where it has been made; it starts with README.md"
PAYBACK_WORDS = (
    "Payback: the years until the worth to society has met the costs, in the median run; unclear where fewer than "
    "nineteen in twenty runs end above the costs. For an alternative that does without something it is that of what "
    "the comparator spends beyond it. What comes after these years is left out."
)
RATIO_WORDS = (
    "A ratio above one gives back more than it costs. Benefit-cost ratio: what society gains, which no purse banks, "
    "for each pound of cost. Fiscal return: what public purses need not spend, hours of the force not among them, for "
    "each pound; a service banks it only where it then spends less, and it is no cash "
    "of the force. Unclear: what is divided, or what by, cannot be told from zero, and the ratio no better. For an "
    "alternative that does without something, they are those of what the comparator spends beyond it. Break-even "
    "effect: the share of what is averted at which benefit meets cost; below one it pays. Offences and days of harm "
    "are discounted as pounds are, so that dividing by the counts above gives a little less."
)
A_STUDY = "the Dataset of a study in the folder that was named with --study"
TIERS = {
    "primary": "before problems start", "secondary": "at their first signs",
    "tertiary": "after harm was done, so that it is not done again", "system": "through other schemes",
}  # fmt: skip


def paper(run: Run) -> Paper:
    """The whole paper, its figures numbered in the order in which they are read."""
    return set_out(title_of(run.ds), sections(run), run)


def sections(run: Run) -> Iterator[Block]:
    pictures = {chart.stem: picture(chart) for chart in run.charts}
    yield from opening(run)
    yield from purpose(run)
    yield from background(run)
    yield from options(run)
    yield from costs(run, pictures)
    yield from benefits(run, pictures)
    yield from uncertainty(run, pictures)
    yield from risk(run)
    yield Heading(1, "Legal implications")
    yield prompt("Author: the powers used, duties met and contracts affected. Ask the legal adviser.")
    yield Heading(1, "Equality implications")
    yield prompt("Author: the equality impact assessment, by protected characteristic, and what will be done about it.")
    yield from not_modelled(run)
    yield from assurance()


def say(*text: str | Said | Reference) -> Paragraph:
    return Paragraph(text)


def bullet(*text: str | Said | Reference) -> Paragraph:
    return Paragraph(text, "bullet")


def prompt(text: str) -> Paragraph:
    return Paragraph((f"[{text}]",), "prompt")


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


def opening(run: Run) -> Iterator[Block]:
    day = counts.made()
    area = run.ds.attrs.get("area", "")
    yield say(f"For the Police and Crime Panel{f' of {area}' if area else ''}. Draft, from an Upstream run of ",
              Said(day), " ", Reference(day), ". Not assured: see Assurance.")  # fmt: skip
    yield Heading(1, "Recommendation")
    yield prompt("Author: what the panel is asked to note, agree or decide, and why. Upstream recommends nothing.")


def purpose(run: Run) -> Iterator[Block]:
    yield Heading(1, "Purpose")
    if question := run.ds.attrs.get("question"):
        yield say(f"This paper answers a question: {question}")
    yield say(
        "It sets out what each way of spending costs, what it averts, who gains, and how sure one can be. "
        "A reference in square brackets, such as [F1], names a figure. The appendix says where each comes from."
    )


def background(run: Run) -> Iterator[Block]:
    period, runs, people, year, rate = (
        counts.period(), counts.runs(), counts.people(), counts.price_year(), money.discounting(),
    )  # fmt: skip
    against = quoted(run.comparator)
    yield Heading(1, "Background")
    yield say(
        f"Upstream is a simulation. It follows the people of {run.ds.attrs.get('area') or 'the area'} month by "
        "month. The same people live through each way of spending. What differs between two of them is what the money "
        "did.",
    )
    yield say("It covers ", Said(period), " ", Reference(period), ". ", Said(people), " are simulated ",
              Reference(people), ", and every figure is raised to the whole area. ", Said(runs), " ", Reference(runs))
    for figure in counts.begun_already(run):
        yield say(Said(figure), " ", Reference(figure))
    yield say(f"Each alternative is held against {against}, the comparator. Fewer and more, less and more mean: than "
              f"under {against}. Averted offences are expected ones, before chance decides. Antisocial behaviour is no "
              "crime and is left out.")  # fmt: skip
    yield say("Pounds are of ", Said(year), " prices ", Reference(year), ". Spend is not discounted. Costs and "
              "benefits are told as present values: a pound of a later year counts less, by ", Said(rate), " ",
              Reference(rate), ". Society is looked at as a whole, and the commissioner's purse apart.")  # fmt: skip


def options(run: Run) -> Iterator[Block]:
    comparator, spend, extra = run.comparator, counts.spend(), counts.extra_spend(run.comparator)
    yield Heading(1, "Options")
    yield say("The alternatives, with what each spends over the plan of the commissioner's money:")
    yield bullet(f"{named(comparator)}, the comparator: {described(run.ds, comparator)}. It spends "
                 "£", Said(spend, comparator),
                 " ", Reference(spend), ".")  # fmt: skip
    for name in compared(run.ds):
        cell = extra.cells(run)[name]
        more: Text = (cell.figure, " as") if cell.figure == counts.SAME else ("£", Said(extra, name, "figure"), " than")
        between: Text = (" (", Said(extra, name, "range"), ")") if cell.range else ()
        yield bullet(f"{named(name)}: {described(run.ds, name)}. It spends £", Said(spend, name), " ", Reference(spend),
                     ", ", *more, f" {quoted(comparator)}", *between, " ", Reference(extra), ".")  # fmt: skip
    yield from programmes(run)


def programmes(run: Run) -> Iterator[Block]:
    shown = run.shown
    paid = shown.programme_spend.sum(("alternative", "replicate", "year")).values > 0
    if not paid.any():
        return
    tiers = [tier for tier in TIERS if (run.ds.tier.values[paid] == tier).any()]
    yield say("Prevention has tiers. " + " ".join(f"{capital(tier)} prevention works {TIERS[tier]}." for tier in tiers))
    rows = tuple(
        ((str(run.ds.programme_name.values[at]),), (capital(tier),),
         ("yes" if run.ds.outcome_study.values[at] else "no",))
        for tier in tiers
        for at in range(run.ds.sizes["programme"])
        if paid[at] and run.ds.tier.values[at] == tier
    )
    header = ("Programme", "Tier", "A study has measured its outcome")
    yield Grid(("Programmes that an alternative pays for",), header, rows, of_words=True, widths=(0.55, 0.2, 0.25))


def costs(run: Run, pictures: dict[str, Picture]) -> Iterator[Block]:
    shown = run.shown
    names = [str(name) for name in shown.alternative.values]
    tiers = [tier for tier in TIERS if shown.commissioner_spend.sel(programme=run.ds.tier.values == tier).any()]
    rows: list[tuple[str, Figure]] = [("Commissioner's spend", counts.spend())]
    rows += [(f"of which {tier} prevention", counts.tier_spend(tier)) for tier in tiers]
    rows.append((f"Against {money.against(run)}", counts.extra_spend(run.comparator)))
    if counts.others_pay_runs(shown).any():
        rows.append(("Others pay for the same programmes", counts.others_pay()))
    yield Heading(1, "Costs")
    for figure in counts.split(run):
        yield say("The commissioning budget is split: ", Said(figure), " ", Reference(figure), ". What victims get of "
                  "it stands under Confidence and involvement; what the usual services do is in the world that the "
                  "model is fitted to.")  # fmt: skip
    yield say("The commissioner's purse and what others pay are apart. An account has a range only where runs differ.")
    yield from by_alternative(run, f"Spend over the plan, {pounds_of(run.ds)}", rows, names)
    yield from those(pictures, "who_pays")
    for figure in counts.places_taken(run):
        yield say(Said(figure), " ", Reference(figure))


def those(pictures: dict[str, Picture], *stems: str) -> Iterator[Block]:
    yield from (pictures[stem] for stem in stems if stem in pictures)


def benefits(run: Run, pictures: dict[str, Picture]) -> Iterator[Block]:
    shown = run.shown
    names, comparator = [str(name) for name in shown.alternative.values], money.against(run)
    figures = counts.measures(run)
    yield Heading(1, "Benefits by line")
    yield say("Four lines may gain: the force in cash, the force in capacity, other public services, and victims "
              "and the economy. They are told apart, and never added up as cash. Their worth to society is one sum "
              "further down, beside the costs.")  # fmt: skip
    yield Heading(2, "Crime, harm and demand averted")
    for name in compared(run.ds):
        yield bullet(*offences(run, name))
    buys = counts.bought(run)
    for name in spending_less(run, compared(run.ds)):
        yield bullet(f"So {comparator} itself, beyond {quoted(name)}, buys: ", Said(buys, name), " offences ",
                     Reference(buys), ".")  # fmt: skip
    if run.ds.sizes["replicate"] == 1:
        yield say("One run has no range and no error: whether a difference is more than chance cannot be told from it.")
    else:
        yield say(f"{UNCLEAR.capitalize()} says that a difference is below twice its own error and cannot be told from "
                  "zero.")
    yield from those(pictures, "averted_offences_over_time")
    rows = [(with_unit(figure.what.partition(" over the plan")[0], figure.unit), figure) for figure in figures]
    title = f"Over the plan: totals under {comparator}, and how many fewer or more under the others"
    yield from by_alternative(run, title, rows, names)
    yield from those(pictures, "averted_by_offence", "when_effects_come")
    yield from lines(run)
    yield from side_by_side(run, pictures)
    if aims := counts.aims(run):
        yield Heading(2, "Confidence and involvement")
        rows = [(with_unit(figure.what, figure.unit), figure) for figure in aims]
        yield from by_alternative(run, f"More or less over the plan, against {comparator}", rows, names)
    if is_attributed(run.ds):
        yield Heading(2, "What each part of the plan does")
        rows = [(part, counts.parts_of_the_plan(part)) for part in counts.parts_told(run)]
        yield say("Withheld: fewer offences in the plan than in the plan without the part. Alone: fewer than with "
                  "no money at all. Interaction: withheld less alone. Nothing is shared out.")  # fmt: skip
        yield from across(run, f"Offences averted by parts of {comparator}", rows, list(WAYS))


def spending_less(run: Run, names: list[str]) -> list[str]:
    """Those of the alternatives under which the commissioner spends less in every run."""
    extra = extra_spend_runs(run.shown, run.comparator)
    return [name for name in names if float(extra.sel(alternative=name).max()) < 0.0]


def offences(run: Run, name: str) -> Text:
    """'Stop: 4,000 more offences (range of 8 runs: 1,000 to 10,000) [F9].'"""
    figure, kind = counts.headline(run), counts.range_name()
    cell = figure.cells(run)[name]
    joined = " offences" if cell.figure[:1].isdigit() else " in offences"
    between: Text = (" (", Said(kind), ": ", Said(figure, name, "range"), ") ") if cell.range else (" ",)
    return (f"{named(name)}: ", Said(figure, name, "figure"), joined, *between, Reference(figure), ".")


def lines(run: Run) -> Iterator[Block]:
    """The four lines of who gains, each with a table of its own."""
    comparator = money.against(run)
    names = compared(run.ds)
    worth, posts = present_pounds_of(run.ds), money.posts()
    told_as = (
        (money.CASH, f"What the force spends in cash, against {comparator}, {worth}",
         "Cash is banked only where a post goes. " + ("Under these plans none does." if no_post_goes(run) else "")),
        (money.CAPACITY, f"What is asked of the force's people, against {comparator}",
         "Hours are capacity, not cash: people then have them for something else. Their worth is what they cost at the "
         "margin."),
        (money.SERVICES, f"What other public services spend, against {comparator}, {worth}",
         "By who pays, at the margin: what is not spent when there are a few contacts fewer. It is not the "
         "commissioner's, "
         "and a service banks it only where it then spends less. Benefits and tax are a transfer: one's gain is "
         "another's loss."),
        (money.SOCIAL, f"What crime costs victims and the economy, against {comparator}, {worth}",
         "No purse banks this: it is what people do not lose."),
    )  # fmt: skip
    for line, title, text in told_as:
        yield Heading(2, capital(line))
        yield say(text)
        if line == money.CASH and not no_post_goes(run):
            yield from (bullet(f"{named(name)}: ", Said(posts, name), " ", Reference(posts), ".") for name in names)
        found = money.gains(run, line)
        rows = [(row_name(figure, worth), figure) for figure in found]
        yield from by_alternative(run, title, rows, names)


def no_post_goes(run: Run) -> bool:
    """Whether no alternative, the comparator among them, cuts a post."""
    return {cell.figure for cell in money.posts().cells(run).values()} == {NO_CASH}


def row_name(figure: Figure, worth: str) -> str:
    who = capital(figure.what.partition(": ")[2].rpartition(", in ")[0])
    unit = "" if figure.unit == worth or figure.unit.startswith("pounds") else f", {figure.unit}"
    return who + unit


def side_by_side(run: Run, pictures: dict[str, Picture]) -> Iterator[Block]:
    names = compared(run.ds)
    rows = [(figure.what.partition(", over the plan")[0], figure) for figure in money.sums(run)]
    yield Heading(2, "Costs and benefits side by side")
    yield say("Cost is all who pay. Benefit is what society gains, in a sum that no purse banks: what victims and the "
              "economy do not lose, what public services need not spend at the margin, and what freed hours of the "
              "force cost, which are capacity and no cash; transfers are left out. Net present social value is the one "
              "less the other. Costs of schemes tend to be told too low: corrected for optimism they stand "
              "beside the budget's, by how good each costing is.")
    prices = present_pounds_of(run.ds)
    title = f"Costs and benefits over the plan, beyond {money.against(run)}, {prices}"
    yield from by_alternative(run, title, rows, names)
    if pounds := money.ratios(run):
        yield say(RATIO_WORDS)
        yield from by_alternative(run, f"What a pound returns, and what averting costs, {prices}",
                                  [(figure.what, figure) for figure in pounds], names)  # fmt: skip
    rows = [
        ("Runs with a net benefit", money.in_runs(run, money.NET)),
        ("Runs that pay back within these years", money.in_runs(run, money.BACK)),
        ("Payback, in the median run", money.payback()),
    ]
    yield say(PAYBACK_WORDS)
    yield from by_alternative(run, "How often it pays, and when", rows, names)
    yield from those(pictures, "cumulative_net")


def uncertainty(run: Run, pictures: dict[str, Picture]) -> Iterator[Block]:
    ranges, runs = counts.ranges(), counts.runs()
    yield Heading(1, "Uncertainty")
    yield say(Said(runs), " ", Reference(runs), " ", Said(ranges), " ", Reference(ranges))
    yield say("An average of few runs may be off. Chance does it: other people might have met other luck. So do the "
              "numbers that nobody knows: other runs draw other values of them. Both are told beside what is averted.")
    yield from by_alternative(run, "By how much offences averted may be off", counts.doubts(run), compared(run.ds))
    net = money.in_runs(run, money.NET)
    for name in compared(run.ds):
        yield bullet(f"{named(name)}: runs with a net benefit to society ", Said(net, name), " ", Reference(net), ".")
    for text in unstudied_note(run.shown):
        yield say(text)
    yield from those(pictures, "fan_of_outcomes")
    if run.studies:
        yield Heading(2, "What decides the answer")
        yield say("Studies of the same scenario, with runs of their own: what the answer is when uncertain numbers are "
                  "moved, or when what makes less of a published effect is let in step by step. Their ranges are not "
                  "those of the figures above.")  # fmt: skip
        yield from (picture(chart, source=A_STUDY) for chart in run.studies)


def risk(run: Run) -> Iterator[Block]:
    net, back = money.in_runs(run, money.NET), money.in_runs(run, money.BACK)
    yield Heading(1, "Risk")
    yield say("What the run itself shows:")
    for key in ("failed", "fit_warning"):
        if warning := counts.warned(run, key):
            yield bullet(Said(warning), " ", Reference(warning))
    yield bullet("That the money does not pay back within the years looked at. How often it did is told under "
                 "Benefits ", Reference(net), " ", Reference(back), ".")  # fmt: skip
    if unstudied_note(run.shown):
        yield bullet("That programmes which no study has measured avert less than is believed. They are named under "
                     "Uncertainty.")  # fmt: skip
    for figure in counts.places_taken(run):
        yield bullet("That too few people come, as is told under Costs ", Reference(figure), ".")
    for figure in counts.wrongly_flagged(run):
        yield bullet("That tools flag people wrongly. ", Said(figure), " ", Reference(figure))
    for figure in counts.stale(run):
        yield bullet("That costs have moved otherwise than prices in general. ", Said(figure), " ", Reference(figure))
    yield prompt("Author: risks of delivery, of partners' money and of reputation, who holds each, and what is done "
                 "about it.")


def not_modelled(run: Run) -> Iterator[Block]:
    yield Heading(1, "What is not modelled")
    yield from (bullet(line) for line in NOT_FOR)
    yield say("Left out of the model and of what it is worth:")
    yield from (bullet(line) for line in LEFT_OUT)
    if text := str(run.ds.attrs.get("notes", "")):
        yield bullet(text)


def assurance() -> Iterator[Block]:
    yield Heading(1, "Assurance")
    yield Paragraph(("NOT ASSURED",), "strong")
    yield say("The figures of this paper are not assured until a named person has looked at how they were made and has "
              f"signed for them. Who has, if anybody, stands in the assurance pack: {ASSURANCE_PACK}.")  # fmt: skip


def with_unit(title: str, unit: str) -> str:
    """'Police time, hours', but 'Offences' alone: a title that says its unit says it once."""
    return title if unit in title.lower() else f"{title}, {unit}"


def named(name: str) -> str:
    return capital(spoken(name))

