"""Points in the ranges of uncertain inputs, run, and the outcome at each.

All points meet the same people and the same luck (common random numbers), so that what differs is the inputs' doing.
Runs go through the runner: what is in the journal is not run again, and points that share a past live it once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.identity import attributes
from experiments.plan import Plan, adjusted
from experiments.runner.batch import carry_out, gather
from experiments.runner.journal import Journal
from experiments.runner.living import Carry
from experiments.runner.table import Replicate, Table, table_of
from experiments.sensitivity.problem import Asked, Ranges, Uncertainty, uncertainties_of
from model.inputs import ModelInputs
from results.compare import averted
from results.dataset import build
from results.measures import MEASURES, extra_spend_runs, others_pay_runs
from scenarios import Scenario

Floats = NDArray[np.float64]
AT_ONCE = 64  # points whose Dataset is in memory at once


@dataclass(frozen=True)
class Outcome:
    """One number of a run, of an alternative against the comparator; `pick` gives it by replicate."""

    key: str
    title: str
    unit: str
    asked: Asked
    pick: Callable[[xr.Dataset, str, str], Floats]  # of a Dataset, the comparator and the alternative


def averted_outcome(at: int) -> Outcome:
    measure = MEASURES[at]

    def pick(ds: xr.Dataset, comparator: str, name: str) -> Floats:
        runs = measure.pick(averted(ds, measure.variable, comparator)).sum("year").sel(alternative=name)
        return np.asarray(runs.transpose("replicate").values)

    asked = Asked(demand=measure.variable.startswith("demand"), harm=measure.variable.endswith("harm"))
    return Outcome(measure.key, f"{measure.title} averted", measure.unit, asked, pick)


def worth(ds: xr.Dataset, comparator: str, name: str) -> Floats:
    """Cost of crime averted less what all who pay spend beyond the comparator; not discounted."""
    saved = averted(ds, "expected_crime_cost", comparator).sum(("component", "payer", "year")).sel(alternative=name)
    own = extra_spend_runs(ds, comparator).sel(alternative=name)
    others = others_pay_runs(ds)
    theirs = others.sel(alternative=name) - others.sel(alternative=comparator)
    return np.asarray((saved - own - theirs).transpose("replicate").values)


OUTCOMES = {one.key: one for one in (averted_outcome(at) for at in range(len(MEASURES)))} | {
    "crime_cost_less_spend": Outcome(
        "crime_cost_less_spend", "Cost of crime averted less extra spend", "pounds, undiscounted",
        Asked(costs=True), worth,
    )
}


@dataclass(frozen=True)
class Question:
    """What is asked: an outcome of one policy against another, under one plan of runs."""

    scenario: Scenario
    plan: Plan  # its replicates are seeds: each point meets all of them
    outcome: Outcome
    comparator: str
    alternative: str
    only: tuple[str, ...] = ()

    def problem(self) -> tuple[Uncertainty, ...]:
        inputs = self.inputs()
        return uncertainties_of(self.scenario, inputs, self.outcome.asked, self.only)

    def inputs(self) -> Mapping[str, ModelInputs]:
        whole = self.scenario.inputs(self.plan.scale, self.plan.years)
        return {name: whole[name] for name in (self.comparator, self.alternative)}


class Values(Sequence[Mapping[str, float]]):
    """The values of every row at each point, worked out when asked for."""

    def __init__(self, scenario: Scenario, problem: Sequence[Uncertainty], points: Floats) -> None:
        self.scenario, self.ranges, self.points = scenario, Ranges(problem), points

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, at: int) -> Mapping[str, float]:  # type: ignore[override]
        return adjusted(self.scenario, self.ranges.at(self.points[at]))


def table_of_points(question: Question, problem: Sequence[Uncertainty], points: Floats) -> Table:
    """Every point with every seed: replicate p * seeds + s is of point p."""
    plan = question.plan
    values = Values(question.scenario, problem, points)
    seeds = [plan.seed_of(r) for r in range(plan.replicates_per_draw)]
    replicates = [Replicate(point, seed) for point in range(len(points)) for seed in seeds]
    return table_of(question.inputs(), values, replicates)


def outcomes_at(
    question: Question, table: Table, journal: Journal, carry: Carry, say: Callable[[str, float], None]
) -> Floats:
    """(points, seeds) the outcome, NaN where a run failed or what came of it is not finite."""
    carry_out(table, journal, carry, say)
    say("reading the outcomes", 1.0)
    seeds = question.plan.replicates_per_draw
    found = np.full(len(table.replicates), np.nan)
    for whole, ds in datasets(question, table, journal):
        found[list(whole)] = question.outcome.pick(ds, question.comparator, question.alternative)
    found = np.where(np.isfinite(found), found, np.nan)
    return found.reshape(-1, seeds)


def datasets(question: Question, table: Table, journal: Journal) -> Iterator[tuple[tuple[int, ...], xr.Dataset]]:
    """The results of some replicates after the other, and their numbers; those with a failed run are left out."""
    about = attributes(question.scenario, question.plan) | {"comparator": question.comparator}
    for start in range(0, len(table.replicates), AT_ONCE):
        some = range(start, min(start + AT_ONCE, len(table.replicates)))
        gathered = gather(table, journal, some)
        if not gathered.whole:
            continue
        replicates = [table.replicates[r] for r in gathered.whole]
        draws = sorted({one.draw for one in replicates})
        yield gathered.whole, build(
            inputs=table.inputs,
            outcomes=gathered.outcomes,
            draws=[table.values[draw] for draw in draws],
            draw_ids=[draws.index(one.draw) for one in replicates],
            seeds=[one.seed for one in replicates],
            attributes=about,
        )
