"""A real Dask scheduler and two workers, each a process of its own, on loopback."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from experiments.plan import make_plan
from experiments.run import RunFailed, at, run_plan
from experiments.runner.journal import open_journal
from experiments.runner.living import Event, Hear, Kept, Shared, Task
from scenarios import load

HERE = "127.0.0.1"


def start(folder: Path, module: str, *words: str) -> subprocess.Popen[bytes]:
    with (folder / f"{module}-{len(list(folder.iterdir()))}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *words], stdout=log, stderr=log,
            env={**os.environ, "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "20s"},
        )  # fmt: skip


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address, and its two workers."""
    file = tmp_path / "scheduler.json"
    plain = ("--no-dashboard", "--scheduler-file", str(file))
    processes = [start(tmp_path, "dask_scheduler", "--host", HERE, "--port", "0", *plain)]
    try:
        for _ in range(600):
            if file.exists() and file.stat().st_size:
                break
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        own = ("--nthreads", "1", "--no-nanny", "--host", HERE, "--local-directory", str(tmp_path))
        processes += [start(tmp_path, "dask_worker", *plain, *own) for _ in range(2)]
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_worker_killed_in_mid_batch_changes_nothing(cluster: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    address, workers = cluster
    scenario = load("west_mercia_2022")
    plan = make_plan(scenario, replicates=6, scale=0.002, years=2, seed=3)
    heard: list[Event] = []

    def carry(shared: Shared, tasks: list[Task], hear: Hear) -> None:
        def and_kill(event: Event) -> None:
            hear(event)
            heard.append(event)
            if sum(isinstance(one, Kept) for one in heard) == 10:  # the second of six tasks is in
                workers[0].send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

        at(address)(shared, tasks, and_kill)

    with open_journal(None) as journal:
        made = run_plan(scenario, plan, carry, journal=journal)
    assert workers[0].wait(10) != 0
    assert workers[1].poll() is None
    assert len(heard) == 30
    assert not made.failed
    here = run_plan(scenario, plan)
    assert made.dataset.drop_attrs().identical(here.dataset.drop_attrs())


def test_a_cluster_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.runner.cluster.PATIENCE", 1)
    scenario = load("west_mercia_2022")
    with pytest.raises(RunFailed, match="no Dask scheduler answers at tcp://127"):
        run_plan(scenario, make_plan(scenario, replicates=1, scale=0.001, years=1), at(f"tcp://{HERE}:9"))
