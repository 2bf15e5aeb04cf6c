"""A sensitivity study from its question to its Dataset."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.experiment_files.experiment import Experiment
from experiments.identity import attributes
from experiments.run import prepare
from experiments.runner.journal import Journal
from experiments.runner.living import Carry
from experiments.runner.table import Table
from experiments.sensitivity import emulated, morris, sobol, tornado
from experiments.sensitivity.problem import Problem
from experiments.sensitivity.study import outcomes_at, problem_of, table_of_points

Floats = NDArray[np.float64]
Say = Callable[[str, float], None]


class Study(NamedTuple):
    """What a study will run."""

    problem: Problem
    points: Floats  # (points, inputs) places
    table: Table

    @property
    def pasts(self) -> int:
        """Lives to be lived up to the start of the plan."""
        return len(set(self.table.pasts))

    @property
    def runs(self) -> int:
        return len({run.hash for run in self.table.runs})


def planned(experiment: Experiment) -> Study:
    """Raises ValueError for an uncertain number that is none, InputFaults for levers that money does not bear."""
    problem, seed, size = problem_of(experiment), experiment.plan.seed, experiment.size
    if experiment.method == "tornado":
        points = tornado.points_of(problem)
    elif experiment.method == "morris":
        points = morris.points_of(problem, size, seed)
    elif experiment.emulated:
        points = emulated.points_of(experiment, problem)
    else:
        points = sobol.points_of(len(problem), size, seed)
    return Study(problem, points, table_of_points(experiment, problem, points))


def answered(experiment: Experiment, study: Study, journal: Journal, carry: Carry, say: Say) -> xr.Dataset:
    """The Dataset of a study. Of its runs, `journal` may have some already, and has all in the end. Raises RunFailed
    when too few runs came to an end."""
    problem, points, seed = study.problem, study.points, experiment.plan.seed
    say(f"{len(problem)} inputs, {len(points):,} points", 0.0)
    prepare(1, say)
    answers, chance = outcomes_at(experiment, study.table, journal, carry, say)
    say("working out what decides", 1.0)
    if experiment.method == "tornado":
        ds = tornado.analysed(problem, answers)
    elif experiment.method == "morris":
        ds = morris.analysed(problem, points, answers.mean(axis=-1), seed)
    elif experiment.emulated:
        ds = emulated.analysed(problem, points, answers.mean(axis=-1), seed)
    else:
        ds = sobol.analysed(problem, answers.mean(axis=-1), seed)
    return ds.assign(chance=(("policy", "outcome"), chance)).assign_coords(
        policy=list(experiment.policies),
        outcome=[one.key for one in experiment.outcomes],
        outcome_title=("outcome", [one.title for one in experiment.outcomes]),
        unit=("outcome", [one.unit for one in experiment.outcomes]),
    ).assign_attrs(
        attributes(experiment.scenario, experiment.plan), method=experiment.method,
        experiment_title=experiment.form.title, experiment=experiment.told.text,
        past_left_out="yes" if experiment.form.leave_out_past else "", comparator=experiment.scenario.comparator,
        seeds=str(experiment.plan.replicates_per_draw),
        points=str(len(points)), pasts=str(study.pasts), area=experiment.scenario.area.name,
    )  # fmt: skip
