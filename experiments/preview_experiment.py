"""What an experiment will do, without doing it: its inputs, points, runs, lived pasts and time."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from experiments.experiment_files.experiment import Experiment
from experiments.preview import minutes, preview_table, run_seconds, seconds_of
from experiments.sensitivity.ask import Study, planned
from experiments.sensitivity.emulated import POINTS_AN_INPUT
from experiments.sensitivity.problem import Uncertainty

SHOWN = 12  # ids of inputs that are named


def preview_experiment(experiment: Experiment, jobs: int) -> RenderableType:
    """The plan of an experiment, ready to print. Raises InputFaults for what only shows when it is planned."""
    asked = Text("\n".join(asked_lines(experiment)) + "\n")
    if experiment.method == "explore":
        return Group(asked, preview_table(experiment.scenario, experiment.plan, jobs))
    return Group(asked, Text("\n".join(study_lines(experiment, planned(experiment), jobs)) + "\n"))


def asked_lines(experiment: Experiment) -> Iterator[str]:
    """What is asked, in the words of the field."""
    yield experiment.form.title
    yield experiment.form.question
    yield ""
    yield f"scenario       {experiment.scenario.name}, {experiment.plan.years} years"
    yield f"method         {experiment.method}{', by an emulator' if experiment.emulated else ''}"
    yield f"outcomes       {'; '.join(f'{one.title} ({one.unit})' for one in experiment.outcomes)}"
    yield f"policies       {', '.join(experiment.policies)} (against {experiment.scenario.comparator})"
    for lever in experiment.levers:
        yield f"lever          {lever.name} sets {lever.sets}: {lever.range_words()}"
    yield f"uncertainties  {', '.join(experiment.uncertainties) or 'all that count'}"


def study_lines(experiment: Experiment, study: Study, jobs: int) -> Iterator[str]:
    """How large a study of sensitivity is."""
    uncertain = [one for one in study.problem if isinstance(one, Uncertainty)]
    old = [one for one in uncertain if one.alters_past]
    named = ", ".join(one.id for one in uncertain[:SHOWN])
    yield f"inputs         {len(study.problem)}: {len(uncertain)} uncertain numbers, {len(experiment.levers)} levers"
    yield f"               {named}{', and so on' if len(uncertain) > SHOWN else ''}"
    yield f"lived past     {len(old)} of them alter it; {study.pasts:,} pasts are lived"
    people = round(int(experiment.scenario.area.population.sum()) * experiment.plan.scale)
    yield f"people         about {people:,} simulated (scale {experiment.plan.scale:.3g})"
    seeds = experiment.plan.replicates_per_draw
    with_seeds = f", each with {seeds} seeds" if seeds > 1 else ""
    yield f"runs           {study.runs:,}, at {len(study.points):,} points{with_seeds}"
    seconds = seconds_of(experiment.scenario, experiment.plan, study.pasts, study.runs) / jobs
    yield f"time           about {minutes(seconds)} with {jobs} process{'es' * (jobs > 1)}, compiling apart"
    if experiment.method == "sobol" and not experiment.emulated:
        points = POINTS_AN_INPUT * len(study.problem)
        runs = points * seconds / len(study.points)
        yield f"               by an emulator of some {points:,} points (emulate = {points}) about {minutes(runs)}"
    each = run_seconds(experiment.scenario, experiment.plan)
    yield f"               (a run takes about {each:.1f} s on one two-core machine: yours may differ)"
