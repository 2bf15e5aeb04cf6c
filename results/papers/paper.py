"""The paper for a panel, section by section: what it says, in words that hold figures and no numbers.

It sets alternatives out and recommends none. What only its author can say is left open in square brackets.
"""

from collections.abc import Iterator

from results.labels import capital, quoted, year_name
from results.notes import unstudied_note
from results.papers import count_figures as counts
from results.papers import money_figures as money
from results.papers.benefits import benefits
from results.papers.blocks import (
    Block,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Reference,
    Said,
    Text,
    bullet,
    prompt,
    say,
    set_out,
    those,
)
from results.papers.figures import Figure
from results.papers.not_modelled import LEFT_OUT, NOT_FOR
from results.papers.pictures import picture
from results.papers.run import Run
from results.papers.tables import by_alternative
from results.papers.view import compared, described, named, title_of
from results.table_rows import pounds_of

ASSURANCE_PACK = "the folder assurance of the run, where it has been made; it starts with README.md"
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
    years = [year_name(int(year)) for year in shown.year.values]
    yield from by_alternative(
        run, f"The commissioner's spend by financial year, April to March, {pounds_of(run.ds)}",
        [(year, counts.spend_in(at, year)) for at, year in enumerate(years)], names,
    )  # fmt: skip
    yield from those(pictures, "who_pays")
    for figure in counts.places_taken(run):
        yield say(Said(figure), " ", Reference(figure))


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
