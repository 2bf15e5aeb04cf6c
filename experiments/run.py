"""Runs every alternative of a scenario on the same people, replicate by replicate, on as many cores as asked.

A run is a pure function of (inputs, values, seed), so that results are the same to the bit whatever carries them
out, in whatever order. The past is lived once a replicate and shared by its alternatives.
"""

import importlib
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import NamedTuple

import xarray as xr

from experiments.identity import attributes
from experiments.plan import Plan, make_plan, parameter_values
from experiments.runner import alone, processes
from experiments.runner.batch import Gathered, carry_out, failure_words, gather
from experiments.runner.journal import Journal, open_journal
from experiments.runner.living import Carry
from experiments.runner.processes import RunFailed
from experiments.runner.table import Replicate, Table, table_of
from scenarios import Scenario

__all__ = ["Made", "Progress", "RunFailed", "prepare", "run", "run_plan"]

Progress = Callable[[str, float], None]  # what is being done, and the share of everything that is done


class Made(NamedTuple):
    """What came of a plan."""

    dataset: xr.Dataset
    people: xr.Dataset | None  # of the first replicate, where they were asked for
    failed: str  # which runs came to nothing and are left out, in words; "" for none


def run(
    scenario: Scenario,
    replicates: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    scale: float | None = None,
    years: int | None = None,
    jobs: int = 1,
    threads: int = 1,
    progress: Progress | None = None,
) -> xr.Dataset:
    """The Dataset of a scenario's runs, as architecture's contract describes it.

    What is not given is as the scenario's file says. `replicates` alone gives each its own draw of the
    uncertain numbers; `draws` D with `replicates` R makes R within each of D. `jobs` processes share the
    replicates; a script that asks for more than one needs `if __name__ == "__main__":`. `progress` is
    called with words and the share done. Runs that fail are left out with their replicate, which the notes of the
    Dataset say; RunFailed is raised when no replicate is left.
    """
    plan = make_plan(scenario, replicates, draws, seed, scale, years)
    return run_plan(scenario, plan, local(jobs, threads), threads, progress=progress).dataset


def run_plan(
    scenario: Scenario,
    plan: Plan,
    carry: Carry = alone.carry_out,
    threads: int = 1,
    people: bool = False,
    progress: Progress | None = None,
    journal: Journal | None = None,
) -> Made:
    """The Dataset of a plan and, if asked for, the people of its first replicate. Of the runs, `journal` may have some
    already, and has all in the end; without one they are kept in memory."""
    say = progress or (lambda what, share: None)
    table = table_of_plan(scenario, plan)
    prepare(threads, say)
    with nullcontext(journal) if journal else open_journal(None) as kept:
        carry_out(table, kept, carry, say)
        say("putting the results together", 1.0)
        gathered = gather(table, kept)
    dataset = dataset_of(scenario, plan, table, gathered)
    dataset.attrs["failed"] = failed = failed_words(table, gathered)
    return Made(dataset, people_of(table, gathered.whole[0], dataset) if people else None, failed)


def table_of_plan(scenario: Scenario, plan: Plan) -> Table:
    """Every alternative of every replicate of a plan."""
    values = [parameter_values(scenario, plan, draw) for draw in range(plan.draws)]
    replicates = [Replicate(plan.draw_of(r), plan.seed_of(r)) for r in range(plan.replicates)]
    return table_of(scenario.inputs(plan.scale, plan.years), values, replicates)


def dataset_of(scenario: Scenario, plan: Plan, table: Table, gathered: Gathered) -> xr.Dataset:
    """The Dataset of what was gathered. Replicates with a failed run are left out."""
    whole = [table.replicates[r] for r in gathered.whole]
    dataset: xr.Dataset = importlib.import_module("results.dataset").build(
        inputs=table.inputs,
        outcomes=dict(zip(table.alternatives_of(0), gathered.outcomes, strict=True)),
        draws=table.values,
        draw_ids=[one.draw for one in whole],
        seeds=[one.seed for one in whole],
        attributes=attributes(scenario, plan),
    )
    return dataset


def failed_words(table: Table, gathered: Gathered) -> str:
    """What is left out because a run failed, in a sentence or two."""
    if not gathered.failed:
        return ""
    all_ = len(table.replicates)
    return (
        f"{all_ - len(gathered.whole)} of {all_} replicates failed and are left out: what they had in common, the "
        f"results lack. {failure_words(table, gathered.failed)}."
    )


def people_of(table: Table, replicate: int, dataset: xr.Dataset) -> xr.Dataset:
    """The people of a replicate, who are lived once more: a journal does not hold them."""
    world = importlib.import_module("model.world")
    first, inputs = table.replicates[replicate], table.inputs
    values = table.values[first.draw]
    past = world.live_past(next(iter(inputs.values())), values, first.seed)
    columns = {}
    for name, one in inputs.items():
        model = world.PreventionModel(one, values, first.seed, past)
        model.keep_ledger()
        model.run()
        columns[name] = model.people_columns()
        model.close()
    people: xr.Dataset = importlib.import_module("results.people").build(columns, inputs, dataset.attrs)
    return people


def local(jobs: int, threads: int = 1, apart: bool = False) -> Carry:
    """This machine: so many processes; one job is done in this process unless it shall be `apart`."""
    if jobs < 1 or threads < 1:
        raise ValueError("there must be at least one job and one thread")
    if jobs == 1 and not apart:
        return alone.carry_out
    return partial(processes.carry_out, jobs=jobs, threads=threads)


def at(address: str) -> Carry:
    """The workers of the Dask cluster whose scheduler is at an address such as tcp://host:8786. Raises RunFailed
    where Dask is not installed."""
    try:
        cluster = importlib.import_module("experiments.runner.cluster")
    except ModuleNotFoundError as error:
        raise RunFailed(f"{error}: install Upstream with its extra 'cluster'") from error
    return partial(cluster.carry_out, address=address)


def prepare(threads: int, say: Progress) -> None:
    """Compile what is not in the cache, before any process needs it."""
    importlib.import_module("model.world")
    compiling = importlib.import_module("model.compile")
    compiling.compile_all(lambda name: say(f"compiling {name}", 0.0))
    if threads > 1:
        importlib.import_module("model.jit").set_threads(threads)
