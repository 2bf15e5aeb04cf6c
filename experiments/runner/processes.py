"""Tasks carried out by processes of this machine. A process that ends takes nothing along but the run it was at.

Each process has one task at a time, so that it is known whose run ended it: that run is tried again by itself, and
given up after MOST_TRIES. What others had done is journalled already, what they are doing goes on.
"""

import importlib
import multiprocessing
import multiprocessing.connection
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from experiments.runner.living import Began, Event, Failed, Hear, Kept, Lives, Share, Shared, Task, made_on
from experiments.runner.table import Run

MOST_TRIES = 3
REPORT_EVERY = 0.2  # seconds
READY = "ready"
SHARED = "shared"  # the file of what all tasks have in common
MOST_PROCESSES = 60 if sys.platform == "win32" else 4096  # there one process can wait for 63 others at most


class RunFailed(Exception):
    """Runs that came to no end; the message names them."""


class Worker:
    """A process and what it is at."""

    def __init__(self, context: Any, threads: int, folder: str) -> None:
        self.connection, theirs = context.Pipe()
        # Few and small arguments: a process that ends before it has read many would block this one for good.
        self.process = context.Process(target=_work, args=(theirs, threads, folder), daemon=True)
        self.process.start()
        theirs.close()
        self.ready = False  # it has said so, and is at no task
        self.started = False
        self.task: Task | None = None
        self.left: list[Run] = []  # runs of its task that it has not told the end of
        self.run: Run | None = None  # of those, the one it is at

    def give(self, task: Task) -> None:
        self.task, self.left, self.run, self.ready = task, list(task.runs), None, False
        with suppress(OSError):  # it has ended, which is heard of next
            self.connection.send(task)

    def hear(self, told: Event | str) -> None:
        """Note what it says of itself."""
        if isinstance(told, str):
            self.ready, self.started, self.task = True, True, None
        elif isinstance(told, Began):
            self.run = told.run
        elif isinstance(told, Kept | Failed):
            self.left.remove(told.run)
            self.run = None

    def end(self) -> None:
        self.process.terminate()
        self.process.join()
        self.connection.close()


class Processes:
    """So many processes at work on a list of tasks."""

    def __init__(self, shared: Shared, tasks: list[Task], jobs: int, threads: int) -> None:
        self.context = multiprocessing.get_context("spawn")  # a fork after threads have run may hang
        self.threads = threads
        self.most = min(jobs, len(tasks), MOST_PROCESSES)
        self.waiting = deque(tasks)
        self.tries: Counter[str] = Counter()  # runs that their process did not survive
        self.never_started = 0
        self.folder = tempfile.mkdtemp(prefix="upstream-")  # of this process, which outlives the others
        Path(self.folder, SHARED).write_bytes(pickle.dumps(shared))
        self.workers: list[Worker] = []

    def carry_out(self, hear: Hear) -> None:
        try:
            while self.waiting or any(worker.task for worker in self.workers):
                while len(self.workers) < min(self.most, len(self.waiting) + self.at_work):
                    self.workers.append(Worker(self.context, self.threads, self.folder))
                for worker in self.workers:
                    if worker.ready and self.waiting:
                        worker.give(self.waiting.popleft())
                self.listen(hear)
        finally:
            for worker in self.workers:
                worker.end()
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def at_work(self) -> int:
        return sum(worker.task is not None for worker in self.workers)

    def listen(self, hear: Hear) -> None:
        """Hear what has been said, or wait a moment for something."""
        by_connection: dict[Any, Worker] = {worker.connection: worker for worker in self.workers}
        for connection in multiprocessing.connection.wait(list(by_connection), timeout=REPORT_EVERY):
            worker = by_connection[connection]
            try:
                told = worker.connection.recv()
            except (EOFError, OSError):
                self.bury(worker, hear)
                continue
            worker.hear(told)
            if isinstance(told, str):
                self.never_started = 0
            else:
                hear(told)

    def bury(self, worker: Worker, hear: Hear) -> None:
        """A process has ended: what it was at is blamed, and waits again by itself, the rest of its task as before."""
        worker.process.join()
        self.workers.remove(worker)
        worker.connection.close()
        if not worker.started:
            self.never_started += 1
            if self.never_started >= MOST_TRIES:
                raise RunFailed(f"no process can be started: {MOST_TRIES} ended at once")
            return
        if worker.task is None:
            return
        blamed = [worker.run] if worker.run else list(worker.left)
        for run in blamed:
            self.tries[run.hash] += 1
            if self.tries[run.hash] >= MOST_TRIES:
                how = f"{MOST_TRIES} times (exit code {worker.process.exitcode}), perhaps for lack of memory"
                hear(Failed(run, f"its process ended {how}", made_on()))
                worker.left.remove(run)
        again = [run for run in worker.left if run in blamed]
        rest = [run for run in worker.left if run not in blamed]
        self.waiting += [worker.task._replace(runs=tuple(runs)) for runs in (rest, again) if runs]


def carry_out(shared: Shared, tasks: list[Task], hear: Hear, jobs: int, threads: int = 1) -> None:
    """The tasks, shared out among `jobs` processes; `hear` is called in this one. Raises RunFailed when no process
    can be started."""
    if tasks:
        Processes(shared, tasks, jobs, threads).carry_out(hear)


def _work(connection: Any, threads: int, folder: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    threading.Thread(target=end_with_parent, args=(folder,), daemon=True).start()
    importlib.import_module("model.world")
    if threads > 1:
        importlib.import_module("model.jit").set_threads(threads)
    shared = pickle.loads(Path(folder, SHARED).read_bytes())
    last = 0.0

    def hear(event: Event) -> None:
        nonlocal last
        if not isinstance(event, Share):
            connection.send(event)
        elif time.monotonic() - last > REPORT_EVERY:
            last = time.monotonic()
            connection.send(event)

    # Where the parent is no more there is nobody to tell.
    with suppress(EOFError, ConnectionError), closing(Lives(shared, folder)) as lives:
        while True:
            connection.send(READY)
            lives.carry_out(connection.recv(), hear)


def end_with_parent(folder: str = "") -> None:
    """A parent that is killed cannot tell its workers to stop: they notice themselves, and take its folder away."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)
