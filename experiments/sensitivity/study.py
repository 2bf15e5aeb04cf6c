"""Points in the ranges of inputs, run, and the outcomes at each.

All points meet the same people and the same luck (common random numbers), so that what differs is the inputs' doing.
Runs go through the runner: what is in the journal is not run again, and points that share a past live it once.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.experiment_files.experiment import Experiment, check_policies
from experiments.experiment_files.levers import Lever, Policy, Setting, policy_faults, with_policies
from experiments.identity import attributes
from experiments.plan import Adjusted
from experiments.runner.batch import carry_out, gather
from experiments.runner.journal import Journal
from experiments.runner.living import Carry
from experiments.runner.table import Replicate, Table, table_of
from experiments.sensitivity.problem import Problem, Ranges, Uncertainty, asked_by, uncertainties_of
from model.inputs import ModelInputs
from results.dataset import build
from scenarios import InputFaults, Scenario

Floats = NDArray[np.float64]
AT_ONCE = 64  # points whose Dataset is in memory at once


def problem_of(experiment: Experiment) -> Problem:
    """The inputs: what is uncertain of the outcomes, then the levers. Raises InputFaults where none is left, or
    for a name that none has."""
    plan, scenario = experiment.plan, experiment.scenario
    inputs = scenario.inputs(plan.scale, plan.years)
    if experiment.levers:  # what they fund counts as well
        places = np.linspace(0.0, 1.0, max(2, *(len(lever.choices) for lever in experiment.levers)))
        made = {
            f"at_{at}": Policy(experiment.policies[0], tuple(lever.at(place) for lever in experiment.levers))
            for at, place in enumerate(places)
        }
        inputs = with_policies(scenario, experiment.levers, made).inputs(plan.scale, plan.years)
    try:
        uncertain = uncertainties_of(scenario, inputs, asked_by(experiment.outcomes), experiment.uncertainties)
    except ValueError as error:
        raise InputFaults([experiment.told.fault(("uncertainties",), str(error), "it changes nothing here")]) from None
    kept = [one for one in uncertain if not (experiment.form.leave_out_past and one.alters_past)]
    if not kept and not experiment.levers:
        raise InputFaults([experiment.told.fault(("uncertainties",), "no input is left", "name other uncertainties")])
    return (*kept, *experiment.levers)


class Values(Sequence[Mapping[str, float]]):
    """The values of every row at each point, worked out when asked for."""

    def __init__(self, scenario: Scenario, problem: Problem, points: Floats) -> None:
        uncertain = [one for one in problem if isinstance(one, Uncertainty)]
        self.adjusted, self.ranges, self.points = Adjusted(scenario), Ranges(uncertain), points[:, : len(uncertain)]

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, at: int) -> Mapping[str, float]:  # type: ignore[override]
        return self.adjusted.of(self.ranges.at(self.points[at]))


@dataclass(frozen=True)
class Lived:
    """Which alternatives are lived at each point: the comparator, then each policy with the levers of the point set."""

    inputs: Mapping[str, ModelInputs]
    names: tuple[tuple[str, ...], ...]  # of each point


def lived_at(experiment: Experiment, problem: Problem, points: Floats) -> Lived:
    """Raises InputFaults where money or a line of funding does not bear what the levers are set to."""
    scenario, plan, levers = experiment.scenario, experiment.plan, experiment.levers
    made: dict[Policy, str] = {}
    names = []
    for point in points[:, len(problem) - len(levers) :]:
        own = [scenario.comparator]
        for policy in experiment.policies:
            own.append(policy if np.isnan(point).all() else name_of(Policy(policy, set_at(levers, point)), made))
        names.append(tuple(own))
    if made:
        scenario = with_policies(scenario, levers, {name: policy for policy, name in made.items()})
        check_policies(policy_faults(scenario), experiment.told)
    inputs = scenario.inputs(plan.scale, plan.years)
    there = set(itertools.chain.from_iterable(names))
    return Lived({name: one for name, one in inputs.items() if name in there}, tuple(names))


def set_at(levers: Sequence[Lever], point: Floats) -> tuple[Setting | None, ...]:
    """What the levers are set to; None where one is left as the policy has it."""
    placed = zip(levers, point.tolist(), strict=True)
    return tuple(None if np.isnan(place) else lever.at(place) for lever, place in placed)


def name_of(policy: Policy, made: dict[Policy, str]) -> str:
    """The name of a policy that is made: the same for the same settings."""
    return made.setdefault(policy, f"{policy.like} ({len(made) + 1})")


def table_of_points(experiment: Experiment, problem: Problem, points: Floats) -> Table:
    """Every point with every seed: replicate p * seeds + s is of point p."""
    plan = experiment.plan
    values, lived = Values(experiment.scenario, problem, points), lived_at(experiment, problem, points)
    seeds = [plan.seed_of(r) for r in range(plan.replicates_per_draw)]
    replicates = [Replicate(point, seed) for point in range(len(points)) for seed in seeds]
    return table_of(lived.inputs, values, replicates, [lived.names[one.draw] for one in replicates])


class Found(NamedTuple):
    """What came of the points."""

    answers: Floats  # (policies, outcomes, points, seeds), NaN where a run failed or what came of it is not finite
    chance: Floats  # (policies, outcomes) by how much chance may put the mean over seeds off, in the mean of all points


def outcomes_at(
    experiment: Experiment, table: Table, journal: Journal, carry: Carry, say: Callable[[str, float], None]
) -> Found:
    """The outcomes at each point, of runs that the journal has or that are carried out now."""
    carry_out(table, journal, carry, say)
    policies, outcomes = experiment.policies, experiment.outcomes
    found = np.full((len(policies), len(outcomes), len(table.replicates)), np.nan)
    variance = found.copy()
    for whole, ds in datasets(experiment, table, journal):
        say("reading the outcomes", (whole[-1] + 1) / len(table.replicates))
        for p, policy in enumerate(policies):
            for o, outcome in enumerate(outcomes):
                found[p, o, list(whole)] = outcome.pick(ds, experiment.scenario.comparator, policy)
                variance[p, o, list(whole)] = outcome.chance(ds, experiment.scenario.comparator, policy)
    found, seeds = np.where(np.isfinite(found), found, np.nan), experiment.plan.replicates_per_draw
    known = np.isfinite(variance)
    mean = np.where(known, variance, 0.0).sum(axis=2) / np.maximum(known.sum(axis=2), 1)
    chance = np.where(known.any(axis=2), np.sqrt(mean / seeds), np.nan)
    return Found(found.reshape(len(policies), len(outcomes), -1, seeds), chance)


def datasets(experiment: Experiment, table: Table, journal: Journal) -> Iterator[tuple[tuple[int, ...], xr.Dataset]]:
    """The results of some replicates after the other, and their numbers; those with a failed run are left out. Each
    policy is under its own name, however its levers are set: what is counted does not depend on that."""
    about = attributes(experiment.scenario, experiment.plan) | {"comparator": experiment.scenario.comparator}
    names = (experiment.scenario.comparator, *experiment.policies)
    entries = journal.entries()
    for start in range(0, len(table.replicates), AT_ONCE):
        some = range(start, min(start + AT_ONCE, len(table.replicates)))
        gathered = gather(table, journal, some, entries)
        if not gathered.whole:
            continue
        replicates = [table.replicates[r] for r in gathered.whole]
        draws = sorted({one.draw for one in replicates})
        yield gathered.whole, build(
            inputs={name: table.inputs[own] for name, own in zip(names, table.alternatives_of(start), strict=True)},
            outcomes=dict(zip(names, gathered.outcomes, strict=True)),
            draws=[table.values[draw] for draw in draws],
            draw_ids=[draws.index(one.draw) for one in replicates],
            seeds=[one.seed for one in replicates],
            attributes=about,
        )
