"""Runs every alternative of a scenario on the same people, replicate by replicate, on as many cores as asked.

A replicate is a pure function of (inputs, values, seed), so that results are the same to the bit
whatever the number of processes. The past is lived once a replicate and shared by its alternatives.
"""

import copyreg
import importlib
import multiprocessing
import multiprocessing.connection
import os
import queue
import shutil
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NamedTuple

import xarray as xr

from experiments.identity import attributes
from experiments.plan import Plan, make_plan, parameter_values
from model.evidence import Evidence
from model.inputs import ModelInputs
from model.record import Outcome
from scenarios import Scenario

Progress = Callable[[str, float], None]  # what is being done, and the share of everything that is done

PAST_SHARE = 0.35  # of a replicate's time with four alternatives, for the progress bar only
REPORT_EVERY = 0.2  # seconds


class RunFailed(Exception):
    """A replicate that came to no end; the message names it."""


class Lived(NamedTuple):
    """One replicate: each alternative's outcome and, if asked for, its people column by column."""

    outcomes: dict[str, Outcome]
    people: dict[str, Mapping[str, Any]]


class Task(NamedTuple):
    """What one replicate is a function of, beside the inputs that all replicates share."""

    replicate: int
    draw: int
    seed: int
    values: dict[str, float]
    people: bool


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
    called with words and the share done. Raises RunFailed naming the replicate that failed.
    """
    plan = make_plan(scenario, replicates, draws, seed, scale, years)
    dataset, _ = run_plan(scenario, plan, jobs, threads, progress=progress)
    return dataset


def run_plan(
    scenario: Scenario,
    plan: Plan,
    jobs: int = 1,
    threads: int = 1,
    people: bool = False,
    progress: Progress | None = None,
) -> tuple[xr.Dataset, xr.Dataset | None]:
    """The Dataset of a plan and, if asked for, the people of its first replicate."""
    if jobs < 1 or threads < 1:
        raise ValueError("there must be at least one job and one thread")
    say = progress or (lambda what, share: None)
    inputs = scenario.inputs(plan.scale, plan.years)
    values = [parameter_values(scenario, plan, draw) for draw in range(plan.draws)]
    tasks = [
        Task(r, plan.draw_of(r), plan.seed_of(r), values[plan.draw_of(r)], people and r == 0)
        for r in range(plan.replicates)
    ]
    prepare(threads, say)
    lived = (
        _one_by_one(inputs, tasks, say)
        if min(jobs, len(tasks)) == 1
        else _in_processes(inputs, tasks, jobs, threads, say)
    )
    say("putting the results together", 1.0)
    dataset = importlib.import_module("results.dataset").build(
        inputs=inputs,
        outcomes={name: [one.outcomes[name] for one in lived] for name in inputs},
        draws=values,
        draw_ids=[task.draw for task in tasks],
        seeds=[task.seed for task in tasks],
        attributes=attributes(scenario, plan),
    )
    if not people:
        return dataset, None
    persons = importlib.import_module("results.people")
    return dataset, persons.build(lived[0].people, inputs, dataset.attrs)


def prepare(threads: int, say: Progress) -> None:
    """Compile what is not in the cache, before any process needs it."""
    importlib.import_module("model.world")
    compiling = importlib.import_module("model.compile")
    compiling.compile_all(lambda name: say(f"compiling {name}", 0.0))
    if threads > 1:
        importlib.import_module("model.jit").set_threads(threads)


def live(
    inputs: Mapping[str, ModelInputs], task: Task, report: Callable[[float], None] | None = None
) -> Lived:
    """One replicate: the past, then every alternative from it. `report` hears the share done."""
    from experiments.past_on_disk import kept_on_disk
    from model.world import PreventionModel, live_past

    told = report or (lambda share: None)
    first = next(iter(inputs.values()))
    each = (1 - PAST_SHARE) / len(inputs)
    past = live_past(first, task.values, task.seed, lambda done, total: told(PAST_SHARE * done / total))
    lived = Lived({}, {})
    with kept_on_disk(past, _shared.get("folder")) as kept:
        del past
        for at, (name, one) in enumerate(inputs.items()):

            def of_alternative(done: int, total: int, before: float = PAST_SHARE + at * each) -> None:
                told(before + each * done / total)

            model = PreventionModel(one, task.values, task.seed, kept.again(), keep_past=False)
            if task.people:
                model.keep_ledger()
            lived.outcomes[name] = model.run(of_alternative)
            if task.people:
                lived.people[name] = model.people_columns()
            model.close()
            del model
    return lived


def _failure(task: Task, error: BaseException) -> RunFailed:
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return RunFailed(f"run {task.replicate + 1} (draw {task.draw}, seed {task.seed}) failed: {what}")


def _one_by_one(inputs: Mapping[str, ModelInputs], tasks: list[Task], say: Progress) -> list[Lived]:
    lived = []
    for at, task in enumerate(tasks):
        words = f"run {at + 1} of {len(tasks)}"

        def report(share: float, at: int = at, words: str = words) -> None:
            say(words, (at + share) / len(tasks))

        report(0.0)
        try:
            lived.append(live(inputs, task, report))
        except Exception as error:
            raise _failure(task, error) from error
    return lived


# A worker process keeps what all its replicates share.
_shared: dict[str, Any] = {}


def _start_worker(inputs: Mapping[str, ModelInputs], threads: int, reports: Any, folder: str) -> None:
    _shared.update(inputs=inputs, reports=reports, folder=folder)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if threads > 1:
        importlib.import_module("model.jit").set_threads(threads)


def _end_with_parent() -> None:
    """A parent that is killed cannot tell its workers to stop: they notice themselves."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        shutil.rmtree(_shared["folder"], ignore_errors=True)
        os._exit(1)


def _work(task: Task) -> Lived:
    last = 0.0

    def report(share: float) -> None:
        nonlocal last
        if time.monotonic() - last > REPORT_EVERY:
            last = time.monotonic()
            _shared["reports"].put((task.replicate, share))

    try:
        return live(_shared["inputs"], task, report)
    except Exception as error:
        # The cause may not survive the way between processes; its text does.
        raise _failure(task, error) from RuntimeError(traceback.format_exc())


def _in_processes(
    inputs: Mapping[str, ModelInputs], tasks: list[Task], jobs: int, threads: int, say: Progress
) -> list[Lived]:
    context = multiprocessing.get_context("spawn")  # a fork after threads have run may hang
    others = set(multiprocessing.active_children())
    reports = context.Queue()
    shares = dict.fromkeys(range(len(tasks)), 0.0)
    say(f"starting {min(jobs, len(tasks))} processes", 0.0)
    # Of this process, since a worker that is ended takes nothing away that it wrote.
    folder = tempfile.mkdtemp(prefix="upstream-")
    pool = ProcessPoolExecutor(
        min(jobs, len(tasks)), context, _start_worker, (dict(inputs), threads, reports, folder)
    )
    try:
        futures = {pool.submit(_work, task): task.replicate for task in tasks}
        waiting: set[Future[Lived]] = set(futures)
        while waiting:
            done, waiting = wait(waiting, timeout=REPORT_EVERY, return_when=FIRST_COMPLETED)
            _hear(reports, shares)
            for future in done:
                future.result()
                shares[futures[future]] = 1.0
            finished = sum(share == 1.0 for share in shares.values())
            say(f"{finished} of {len(tasks)} runs done", sum(shares.values()) / len(tasks))
        pool.shutdown()
        return [future.result() for future in futures]
    except BrokenProcessPool as error:
        raise RunFailed(
            "a process of the runs ended without a word, perhaps for lack of memory; "
            "try fewer jobs or a smaller scale"
        ) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
            child.join()
        shutil.rmtree(folder, ignore_errors=True)


def _hear(reports: Any, shares: dict[int, float]) -> None:
    while True:
        try:
            replicate, share = reports.get_nowait()
        except queue.Empty:
            return
        if shares[replicate] < 1.0:
            shares[replicate] = min(share, 0.999)


def _pack_evidence(evidence: Evidence) -> tuple[Any, ...]:
    return Evidence, (list(evidence.values()), evidence.hash)


# Its rows are behind a read-only view, which cannot be sent to another process as it is.
copyreg.pickle(Evidence, _pack_evidence)
