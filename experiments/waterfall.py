"""From what a study published to what a plan gets of it, by nested runs on the same people.

A scheme of the plan is lived alone, with its published effect on everyone found, who all take part, complete and are
changed for good; then, one after another, with the effect that is believed instead, with the uptake, the completion
and the fading that are believed; and in the end within the plan, beside all that the plan does as well. Each step is
lived, none is a multiplier. Money is the same throughout: what uptake costs is people found and not money spent.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.files import WATERFALL, write_dataset
from experiments.identity import attributes
from experiments.plan import Plan, parameter_values
from experiments.runner.batch import Say, carry_out, failure_words
from experiments.runner.journal import Journal
from experiments.runner.living import Carry
from experiments.runner.outcome_bytes import from_bytes
from experiments.runner.processes import RunFailed
from experiments.runner.table import Replicate, Table, table_of
from model.inputs import Programme
from model.record import FIXED, Outcome
from model.vocabulary import ANTISOCIAL
from results.charts import write_chart
from results.waterfall import About, chart_of, dataset
from scenarios import Fault, InputFaults, Scenario
from scenarios.attribution import attributed

Floats = NDArray[np.float64]
FOR_GOOD = 600.0  # months: longer than any plan
CRIME_BY = ("offending", "victimisation", "offences", "onset")  # kinds of effect that a published change in crime tells
STEPS = ("published effect", "effect as believed", "uptake", "completion", "fading", "beside the rest of the plan")
ALONE = STEPS[:-2]  # lived with other values than those believed


class Nested(NamedTuple):
    """What the runs of a waterfall came to; S steps, D draws."""

    steps: tuple[str, ...]  # without the first where no published effect is known
    averted: Floats  # (S, D) offences, antisocial behaviour left out, over the run, raised to the area
    took_part: Floats  # (S, D) people who took up a place, raised to the area
    published: float | None  # the published effect as a ratio
    left_out: int  # draws with a run that failed


class Asked(NamedTuple):
    """A scheme of a plan, and the alternatives that tell it apart."""

    scenario: Scenario
    programme: Programme
    nothing: str
    alone: str
    without: str
    published: float | None
    source: str = ""  # of what was published, and whether it was checked


def ask(scenario: Scenario, name: str, plan: str | None) -> Asked:
    """The question, or InputFaults where the plan puts no money on such a scheme, or it has no effect on crime of its
    own."""
    if plan is not None:
        if plan not in scenario.inputs():
            known = ", ".join(scenario.inputs())
            raise InputFaults([Fault(scenario.name, 0, f"has no alternative {plan!r}", f"name one of {known}")])
        form = scenario.form.model_copy(update={"comparator": plan})
        scenario = replace(scenario, form=form)
    told = attributed(scenario, "programme")
    part = next((one for one in told.attribution.parts if one.name == name), None) if told.attribution else None
    if part is None or told.attribution is None:
        paid = ", ".join(one.name for one in told.attribution.parts) if told.attribution else "none"
        what = f"{scenario.comparator!r} puts no money on {name!r}"
        raise InputFaults([Fault(scenario.name, 0, what, f"name one of {paid}, or another --plan")])
    programme = next(one for one in told.programmes if one.id == name)
    if programme.reaches == "system" or not any(effect.kind in CRIME_BY for effect in programme.effects):
        raise InputFaults([Fault(scenario.name, 0, f"{name!r} has no effect on crime of its own",
                                 "name a scheme that acts on people or places")])  # fmt: skip
    row = told.evidence.get(f"{name}.toolkit")
    published = 1.0 + row.value / 100.0 if row else None
    source = f"{row.value:+g} {row.unit}, {row.source}, {row.provenance}" if row else ""
    return Asked(told, programme, told.attribution.nothing, part.alone, part.without, published, source)


def values_in(asked: Asked, step: str, values: Mapping[str, float]) -> dict[str, float]:
    """The values of a draw as one step has them; from the last of ALONE on they are those believed."""
    of, changed = asked.programme.id, dict(values)

    def put(what: str, value: float) -> None:
        if f"{of}.{what}" in changed:
            changed[f"{of}.{what}"] = value

    if step == STEPS[0] and asked.published is not None:
        for effect in asked.programme.effects:
            if effect.kind in CRIME_BY:
                changed[effect.ratio] = asked.published
    if step in STEPS[:2]:
        put("uptake", 1.0)
    if step in STEPS[:3]:
        put("completion", 1.0)
    if step in STEPS[:4]:
        put("full_months", FOR_GOOD)
    return changed


def steps_of(asked: Asked) -> tuple[str, ...]:
    return STEPS if asked.published is not None else STEPS[1:]


def table_of_steps(asked: Asked, plan: Plan) -> Table:
    """Of each draw a replicate a step in which it alone is lived, then one with what is believed, in which it is lived
    alone, not at all, and within the plan; all begin with the same lived past."""
    alone = [step for step in steps_of(asked) if step in ALONE]
    inputs = asked.scenario.inputs(plan.scale, plan.years)
    kept = {name: inputs[name] for name in (asked.alone, asked.nothing, asked.scenario.comparator, asked.without)}
    values: list[dict[str, float]] = []
    replicates: list[Replicate] = []
    lived: list[list[str]] = []
    for draw in range(plan.draws):
        believed = parameter_values(asked.scenario, plan, draw)
        for step in (*alone, None):
            replicates.append(Replicate(len(values), plan.seed_of(draw)))
            values.append(values_in(asked, step, believed) if step else believed)
            lived.append([asked.alone] if step else list(kept))
    return table_of(kept, values, replicates, lived)


def nested(asked: Asked, plan: Plan, journal: Journal, carry: Carry, say: Say) -> Nested:
    """Live every step of every draw that the journal lacks, and give what they came to; a draw with a run that failed
    is left out, and counted. Raises RunFailed where none is left."""
    table, steps = table_of_steps(asked, plan), steps_of(asked)
    carry_out(table, journal, carry, say)
    number = list(inputs_programmes(asked)).index(asked.programme.id)
    averted, took = [], []
    each = len(steps) - 1  # replicates of a draw
    for draw in range(plan.draws):
        found = outcomes_of(table, journal, range(draw * each, (draw + 1) * each))
        if found is None:
            continue
        *alone, real = found
        none, last = real[asked.nothing], real[asked.alone]
        with_it, without = real[asked.scenario.comparator], real[asked.without]
        runs = [*(one[asked.alone] for one in alone), last]
        averted.append([*(crimes(none) - crimes(one) for one in runs), crimes(without) - crimes(with_it)])
        took.append([starts(one, number) for one in (*runs, with_it)])
    if not averted:
        entries = journal.entries()
        failed = tuple((run, error) for run in table.runs if (error := entries[run.hash].error) is not None)
        raise RunFailed(failure_words(table, failed))
    people = 1.0 if asked.programme.reaches == "place" else plan.scale  # units in places are real ones
    return Nested(steps, np.array(averted).T / plan.scale, np.array(took).T / people, asked.published,
                  plan.draws - len(averted))  # fmt: skip


def inputs_programmes(asked: Asked) -> list[str]:
    return [programme.id for programme in asked.scenario.inputs()[asked.alone].programmes]


def outcomes_of(table: Table, journal: Journal, replicates: range) -> list[dict[str, Outcome]] | None:
    """Of each replicate its outcomes by alternative; None where one failed."""
    entries, found = journal.entries(), []
    for replicate in replicates:
        runs = table.runs_of[replicate]
        if any(entries[run.hash].error is not None for run in runs):
            return None
        kept = journal.outcomes([run.hash for run in runs])
        found.append({run.alternative: from_bytes(one) for run, one in zip(runs, kept, strict=True)})
    return found


def crimes(outcome: Outcome) -> float:
    """Expected offences over the run, in people simulated; antisocial behaviour left out."""
    return float(outcome.record.expected[..., :ANTISOCIAL].sum(dtype=np.int64)) / FIXED


def starts(outcome: Outcome, number: int) -> float:
    return float(outcome.record.starts[:, number].sum())


def about(asked: Asked, plan: Plan, found: Nested) -> About:
    """What the chart says of the runs."""
    first = (
        f"The first step has the published change in crime, a ratio of {found.published:g} ({asked.source}); the "
        "second what is "
        "believed of it, which is drawn anew in each run. "
        if found.published is not None
        else "No published change in crime is on record for this scheme in the form that is read here (the toolkit's): "
        "the first step has what is believed. "
    )
    if not any(effect.effect_on == "completed" for effect in asked.programme.effects if effect.kind in CRIME_BY):
        first += "Completion can change nothing of it: by its file the effect is on all who engage. "
    start = asked.scenario.form.start.year
    fit = asked.scenario.posterior
    warning = f" {fit.warning}" if fit and fit.warning else ""
    left = f" {found.left_out} of {plan.draws} draws are left out, as a run of each failed." if found.left_out else ""
    return About(
        scheme=asked.programme.name,
        plan=f"'{asked.scenario.comparator.replace('_', ' ')}'",
        area=asked.scenario.area.name,
        period=f"{plan.years} financial years, April {start} to March {start + plan.years}",
        note=f"{first}Every step is lived on the same people with the same money; none is a multiplier. Steps before "
        "the last are of the scheme alone. Ranges cover chance and the uncertain numbers; they omit what the model "
        f"leaves out or has wrong.{left}{warning}",
    )


def write(asked: Asked, plan: Plan, found: Nested, folder: Path) -> Path:
    """The chart, its page, its table and the Dataset of all, in the folder of the journal; gives the page."""
    parts = (found.steps, found.averted.tolist(), found.took_part.tolist())
    ds = dataset(about(asked, plan, found), *parts, attributes(asked.scenario, plan))
    made = chart_of(ds)
    write_chart(made, folder)
    write_dataset(ds, folder / WATERFALL)
    return folder / f"{made.stem}.md"
