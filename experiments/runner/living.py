"""Carries out the runs of one replicate: its past once, then each alternative from it.

What happens is told as it happens, to whoever hears: a run is journalled before the next one begins.
"""

import platform
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import NamedTuple

import numba
import numpy as np

from experiments.past_on_disk import PastOnDisk, kept_on_disk
from experiments.runner.lived import Live, outcome
from experiments.runner.table import Run, Table
from model.inputs import ModelInputs

PAST_SHARE = 0.35  # of a replicate's time with four alternatives, for the progress bar only


class Shared(NamedTuple):
    """What all tasks of an experiment have in common."""

    inputs: Mapping[str, ModelInputs]
    past_names: tuple[str, ...]
    live: Live = outcome


class Task(NamedTuple):
    """Runs of one replicate that are still to do. The model is given these values and sees no others: what a hash
    leaves out cannot be read."""

    replicate: int
    seed: int
    past: str
    values: Mapping[str, float]
    runs: tuple[Run, ...]


class Began(NamedTuple):
    run: Run


class Share(NamedTuple):
    """How far a task is."""

    replicate: int
    share: float


class Kept(NamedTuple):
    run: Run
    outcome: bytes
    seconds: float
    made_on: str


class Failed(NamedTuple):
    run: Run
    error: str
    made_on: str


Event = Began | Share | Kept | Failed
Hear = Callable[[Event], None]
Carry = Callable[[Shared, list[Task], Hear], None]  # carries out tasks, and tells what comes of each run


def shared_of(table: Table) -> Shared:
    return Shared(table.inputs, table.past_names, table.live)


def task_of(table: Table, replicate: int, runs: tuple[Run, ...]) -> Task:
    """These runs of a replicate as a task."""
    one = table.replicates[replicate]
    values = table.values[one.draw]
    return Task(replicate, one.seed, table.pasts[replicate], {name: values[name] for name in table.names}, runs)


def made_on() -> str:
    """What the last bits of an outcome may depend on beside its hash."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{system}, Python {platform.python_version()}, NumPy {np.__version__}, Numba {numba.__version__}"


class Lives:
    """Carries out tasks one after the other. The last past lived waits on disk, for a task that begins with it."""

    def __init__(self, shared: Shared, folder: str | None = None) -> None:
        self.shared, self.folder = shared, folder
        self.kept: tuple[str, PastOnDisk] | None = None
        self.stack = ExitStack()

    def close(self) -> None:
        self.stack.close()
        self.kept = None

    def carry_out(self, task: Task, hear: Hear) -> None:
        """All runs of a task. One that raises is told as failed, and the others go on."""
        from model.world import PreventionModel

        try:
            past = self.past_of(task, lambda share: hear(Share(task.replicate, PAST_SHARE * share)))
        except Exception as error:
            for run in task.runs:
                hear(Failed(run, _words(error), made_on()))
            return
        each = (1 - PAST_SHARE) / len(task.runs)
        for at, run in enumerate(task.runs):

            def report(done: int, total: int, before: float = PAST_SHARE + at * each) -> None:
                hear(Share(task.replicate, before + each * done / total))

            hear(Began(run))
            began = time.perf_counter()
            try:
                model = PreventionModel(
                    self.shared.inputs[run.alternative], task.values, task.seed, past.again(), keep_past=False
                )
                kept = self.shared.live(model, report)
                model.close()
            except Exception as error:
                hear(Failed(run, _words(error), made_on()))
                continue
            hear(Kept(run, kept, time.perf_counter() - began, made_on()))

    def past_of(self, task: Task, report: Callable[[float], None]) -> PastOnDisk:
        """The past that a task begins with: the one kept, or lived now."""
        from model.world import live_past

        if self.kept is None or self.kept[0] != task.past:
            self.close()
            first = next(iter(self.shared.inputs.values()))
            values = {name: task.values[name] for name in self.shared.past_names}
            past = live_past(first, values, task.seed, lambda done, total: report(done / total))
            self.kept = task.past, self.stack.enter_context(kept_on_disk(past, self.folder))
        return self.kept[1]


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
