"""What a plan will do, without doing it: people, months, runs, time, memory, and what the money buys."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rich.console import Group
from rich.table import Table
from rich.text import Text

from experiments.plan import Plan, central_pounds, central_share_paid, endings
from scenarios import Scenario
from scenarios.scenario_form import AlternativeForm, FundingForm

# Rates of one of two processes at work together, on one two-core machine; nothing else knows them.
PAST_PERSON_MONTHS_A_SECOND = 9.0e6
PERSON_MONTHS_A_SECOND = 5.5e6
SCHEME_SECONDS = 0.00007  # a month and scheme, however few people
START_SECONDS = 4.0  # of a process: importing and reading
BYTES_A_PERSON = 340  # at the start: those who come later are in it
BYTES_A_PROCESS = 350e6


@dataclass(frozen=True)
class Preview:
    """The size of a plan."""

    people: int
    months: int
    alternatives: int
    replicates: int
    draws: int
    jobs: int
    seconds: float
    bytes: float


def preview(scenario: Scenario, plan: Plan, jobs: int) -> Preview:
    """How large a plan is and, roughly, how long it takes."""
    people = round(int(scenario.area.population.sum()) * plan.scale)
    months = 12 * plan.years
    alternatives = len(scenario.alternatives)
    jobs = min(jobs, plan.replicates)
    turns = math.ceil(plan.replicates / jobs)
    seconds = seconds_of(scenario, plan, turns, turns * alternatives)
    memory = jobs * (BYTES_A_PROCESS + BYTES_A_PERSON * people)
    return Preview(people, months, alternatives, plan.replicates, plan.draws, jobs, seconds, memory)


def seconds_of(scenario: Scenario, plan: Plan, pasts: int, runs: int) -> float:
    """How long one process takes, roughly."""
    past = months_lived(scenario) * plan.scale / PAST_PERSON_MONTHS_A_SECOND
    return START_SECONDS + pasts * past + runs * run_seconds(scenario, plan)


def run_seconds(scenario: Scenario, plan: Plan) -> float:
    """Of one run, its past apart."""
    people, months = int(scenario.area.population.sum()) * plan.scale, 12 * plan.years
    return float(months * (people / PERSON_MONTHS_A_SECOND + SCHEME_SECONDS * len(scenario.programmes)))


def months_lived(scenario: Scenario) -> float:
    """Person-months from birth to the census, of the whole area."""
    by_age = scenario.area.population.sum(axis=(0, 1))
    return float(by_age @ ((np.arange(len(by_age)) + 0.5) * 12))


def summary_line(scenario: Scenario, plan: Plan, jobs: int) -> str:
    """What is about to run, in one line."""
    told = preview(scenario, plan, jobs)
    return (
        f"{scenario.name}: about {told.people:,} people (scale {plan.scale:g}), {plan.years} years, "
        f"{told.alternatives} alternatives in each of {told.replicates} runs, seed {plan.seed}; "
        f"about {minutes(told.seconds)} and the time to compile"
    )


def preview_table(scenario: Scenario, plan: Plan, jobs: int) -> Group:
    """The plan in words and its spending as a table, ready to print."""
    told = preview(scenario, plan, jobs)
    return Group(Text("\n".join(_plan_lines(scenario, plan, told)) + "\n"), spending_table(scenario, plan))


def _plan_lines(scenario: Scenario, plan: Plan, told: Preview) -> Iterator[str]:
    first = scenario.form.start.year
    whole = int(scenario.area.population.sum())
    yield scenario.title
    yield scenario.question
    yield ""
    yield f"area          {scenario.area.name}: {len(scenario.area.districts)} districts, {whole:,} people"
    yield f"people        about {told.people:,} simulated (scale {plan.scale:g})"
    yield f"months        {told.months}: April {first} to March {first + plan.years}"
    names = ", ".join(alternative.name for alternative in scenario.alternatives)
    yield f"alternatives  {names} (comparator {scenario.comparator})"
    each = (
        "each with its own draw"
        if plan.replicates_per_draw == 1
        else f"{plan.replicates_per_draw} in each of {plan.draws} draws"
    )
    yield f"runs          {told.replicates}, {each}; seed {plan.seed}; every alternative in each"
    processes = f"{told.jobs} process{'es' * (told.jobs > 1)}"
    yield f"time          about {minutes(told.seconds)} with {processes}, compiling apart"
    yield f"memory        about {told.bytes / 1e9:.1f} GB"
    yield "              (time and memory go by rates measured on one two-core machine: yours may differ)"
    if scenario.form.funding:
        yield f"funding       {'; '.join(line_words(line) for line in scenario.form.funding)}"
    yield f"underspend    {scenario.form.underspend}"
    if scenario.form.bias_by_ethnic_group and not any(programme.tool for programme in scenario.programmes):
        yield "bias          supposed by ethnic group, but no scheme of the plan has a tool: nothing comes of it"
    for alternative in scenario.alternatives:
        yield f"{alternative.name}: {alternative.title}{'. ' + alternative.note if alternative.note else ''}"
        yield from _rule_lines(scenario, alternative)


def _rule_lines(scenario: Scenario, one: AlternativeForm) -> Iterator[str]:
    """What an alternative does beside giving pounds."""
    for move in one.move:
        to = f"to {move.to}" if move.to else "back"
        pace = f" over {move.over_years} years" if move.over_years > 1 else ""
        yield f"    {move.share:.0%} of the money of {move.source} goes {to} from {move.year}{pace}"
    for name, share in one.practice.items():
        yield f"    {name} is practised with {share:.0%} of those met, and takes no money"
    if (review := scenario.review(one.name)) != "fixed":
        yield f"    reviewed each April {review.replace('_', ' ')}: the table below is the plan before any review"


def line_words(line: FundingForm) -> str:
    """A line of funding in words."""
    fence = f" for {', '.join(line.ring_fence)}" if line.ring_fence else ""
    until = f" to {line.end}" if line.end else ""
    return f"{line.source}{fence}{until}"


def spending_table(scenario: Scenario, plan: Plan) -> Table:
    """Pounds and places by alternative and programme, a column a financial year when they change."""
    table = Table(title=f"Spending, pounds of {scenario.price_year}", title_justify="left", pad_edge=False)
    for name in ("alternative", "programme"):
        table.add_column(name, overflow="fold")  # names cut short may look the same
    for name in ("a year", "whole plan", "places a year", "places in all"):
        table.add_column(name, justify="right")
    beyond, capped = endings(scenario, plan.years), []
    costs, paid = central_pounds(scenario, "unit_cost"), central_share_paid(scenario)
    for name, money in scenario.money(plan.years).items():
        table.add_section()
        for programme, pounds in zip(scenario.programmes, money, strict=True):
            if programme.takes_no_money:
                continue
            bought = paid_for(pounds, programme.set_up_months) / paid[programme.id] / costs[programme.id]
            places = bought if programme.reaches != "system" else np.zeros_like(bought)
            if programme.reaches == "system" and (pounds > costs[programme.id] * paid[programme.id]).any():
                capped.append(f"{programme.id} ({costs[programme.id]:,.0f})")
            table.add_row(
                name,
                programme.id + ("" if programme.outcome_study else " *"),
                by_years(scenario, pounds),
                f"{pounds.sum():,.0f}",
                by_years(scenario, places) if places.any() else "",
                f"{places.sum():,.0f}" if places.any() else "",
            )
        if (ending := beyond[name]).any():
            yearly = by_years(scenario, ending.sum(axis=0))
            table.add_row(name, "run-down and exit", yearly, f"{ending.sum():,.0f}", "", "")
        total = money.sum(axis=0)
        table.add_row(name, "all", by_years(scenario, total), f"{total.sum():,.0f}", "", "")
    table.caption = (
        "Pounds are the commissioner's. Places (of people, or units in places) are what all who pay buy at the middle "
        "of the range of each unit cost, where there are enough who need one."
    )
    if not all(programme.outcome_study for programme in scenario.programmes):
        table.caption += "\n* No study has measured what it does."
    if capped:
        enough = ", ".join(dict.fromkeys(capped))
        table.caption += f"\nMore a year than the whole area needs does nothing more: {enough}."
    table.caption_justify = "left"
    return table


def paid_for(pounds: np.ndarray, set_up_months: int) -> np.ndarray:
    """The pounds of each year that buy places: those after the set-up months of the first money."""
    months = np.repeat(pounds / 12, 12)
    with_money = np.flatnonzero(months > 0)
    if len(with_money):
        months[with_money[0] : with_money[0] + set_up_months] = 0
    return months.reshape(-1, 12).sum(axis=1)


def by_years(scenario: Scenario, amounts: np.ndarray) -> str:
    """'500,000', or one line for each stretch of years with the same amount."""
    rounded = [f"{amount:,.0f}" for amount in amounts]
    if len(set(rounded)) == 1:
        return rounded[0]
    lines = []
    for at, amount in enumerate(rounded):
        if at == 0 or amount != rounded[at - 1]:
            year = scenario.form.start.year + at
            lines.append(f"from {year}/{(year + 1) % 100:02d} {amount}")
    return "\n".join(lines)


def minutes(seconds: float) -> str:
    """'40 seconds', '3 minutes', '2.5 hours'."""
    if seconds < 90:
        return f"{max(5, 5 * round(seconds / 5))} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
