"""The section of a paper that says what is averted and what it is worth: by line, side by side, and for whom."""

from collections.abc import Iterator

from results.attribution import WAYS, is_attributed
from results.labels import capital, quoted
from results.papers import count_figures as counts
from results.papers import money_figures as money
from results.papers import whom_figures as whom
from results.papers.blocks import Block, Heading, Picture, Reference, Said, Text, bullet, say, those
from results.papers.figures import Figure
from results.papers.run import Run
from results.papers.tables import across, by_alternative
from results.papers.view import compared, named, spending_less
from results.readings import UNCLEAR
from results.table_rows import present_pounds_of

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
    yield from for_whom(run)
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


def for_whom(run: Run) -> Iterator[Block]:
    """Victims by the deprivation of their homes, and the national measures."""
    comparator, names = money.against(run), compared(run.ds)
    yield Heading(2, "Victims by deprivation of where they live")
    yield say("Counted and not expected offences, so that chance moves them more; those without a person as victim are "
              "left out. A weight is what a pound is worth to a household of that fifth beside the middle one's.")
    title = f"Offences against residents and what victims are spared, against {comparator}, {present_pounds_of(run.ds)}"
    yield from by_alternative(run, title, whom.by_fifth(run), names)
    yield Heading(2, "National Crime and Policing Measures")
    yield say("What in the model stands for a measure, and what does not. The workbook has a column for the "
              "commissioner's statement on each.")  # fmt: skip
    yield from (bullet(text) for text in whom.of_national_measures())
    yield from by_alternative(run, f"Offences over the plan, against {comparator}", whom.national(run), names)


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
         "Cash is banked only where a post goes. "
         + ("Under these plans none does." if money.no_post_goes(run) else "")),
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
        if line == money.CASH and not money.no_post_goes(run):
            yield from (bullet(f"{named(name)}: ", Said(posts, name), " ", Reference(posts), ".") for name in names)
        found = money.gains(run, line)
        rows = [(row_name(figure, worth), figure) for figure in found]
        yield from by_alternative(run, title, rows, names)


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


def with_unit(title: str, unit: str) -> str:
    """'Police time, hours', but 'Offences' alone: a title that says its unit says it once."""
    return title if unit in title.lower() else f"{title}, {unit}"
