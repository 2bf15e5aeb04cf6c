"""A sensitivity study from its question to its Dataset."""

from collections.abc import Callable

import xarray as xr

from experiments.identity import attributes
from experiments.plan import Plan, make_plan
from experiments.run import prepare
from experiments.runner.journal import Journal
from experiments.runner.living import Carry
from experiments.sensitivity import morris, sobol, tornado
from experiments.sensitivity.study import OUTCOMES, Question, outcomes_at, table_of_points
from scenarios import Scenario
from scenarios.faults import meant

TRAJECTORIES, BASES = 20, 64
PEOPLE = 20_000  # simulated in a study, unless another scale is asked for
Say = Callable[[str, float], None]


def question_of(
    scenario: Scenario, outcome: str, alternative: str | None = None, only: tuple[str, ...] = (),
    replicates: int = 1, seed: int | None = None, scale: float | None = None, years: int | None = None,
) -> Question:
    """What is asked, with whatever is not given as the scenario's file has it. Raises ValueError for a name that is
    none, or a number that cannot be."""
    names = [one.name for one in scenario.alternatives if one.name != scenario.comparator]
    if not names:
        raise ValueError(f"{scenario.name} has no alternative beside {scenario.comparator}")
    alternative = alternative or names[0]
    if alternative not in names:
        raise ValueError(f"no alternative is called {alternative!r}; {meant(alternative, names, ', '.join(names))}")
    if outcome not in OUTCOMES:
        raise ValueError(f"no outcome is called {outcome!r}; {meant(outcome, tuple(OUTCOMES), ', '.join(OUTCOMES))}")
    whole = int(scenario.area.population.sum())
    plan: Plan = make_plan(scenario, replicates, 1, seed, scale or min(PEOPLE / whole, 1.0), years)
    return Question(scenario, plan, OUTCOMES[outcome], scenario.comparator, alternative, only)


def answered(
    question: Question, method: str, journal: Journal, carry: Carry, say: Say, size: int | None = None
) -> xr.Dataset:
    """The Dataset of a study. Of its runs, `journal` may have some already, and has all in the end.

    `size` is the number of trajectories of morris (by default 20), or of bases of sobol (64). Raises ValueError for a
    size that cannot be, RunFailed when too few runs came to an end.
    """
    problem, seed = question.problem(), question.plan.seed
    if method == "tornado":
        points = tornado.points_of(len(problem))
    elif method == "morris":
        points = morris.points_of(len(problem), size or TRAJECTORIES, seed)
    else:
        points = sobol.points_of(len(problem), size or BASES, seed)
    say(f"{len(problem)} uncertain numbers, {len(points):,} points", 0.0)
    table = table_of_points(question, problem, points)
    prepare(1, say)
    found = outcomes_at(question, table, journal, carry, say)
    if method == "tornado":
        ds = tornado.analysed(problem, found)
    elif method == "morris":
        ds = morris.analysed(problem, points, found.mean(axis=1), seed)
    else:
        ds = sobol.analysed(problem, found.mean(axis=1), seed)
    pasts = len(set(table.pasts))
    about = attributes(question.scenario, question.plan)
    return ds.assign_attrs(
        about, method=method, outcome=question.outcome.key, outcome_title=question.outcome.title,
        unit=question.outcome.unit, alternative=question.alternative, comparator=question.comparator,
        seeds=str(question.plan.replicates_per_draw), points=str(len(points)), pasts=str(pasts),
        area=question.scenario.area.name,
    )  # fmt: skip
