"""How much faster two Dask workers are than one, on this machine: the same runs twice.

    python -m experiments.benchmarks.two_workers --replicates 24 --people 5000 --years 5

A scheduler and its workers are started on loopback, each a process of its own, and ended.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.plan import make_plan
from experiments.run import at, table_of_plan
from experiments.runner.batch import carry_out
from experiments.runner.journal import open_journal
from scenarios import load

SCENARIO = "west_mercia_2022"
LOOPBACK = "127.0.0.1"


@contextmanager
def cluster(workers: int, folder: Path) -> Iterator[str]:
    """The address of a scheduler with so many workers of one thread."""
    file = folder / "scheduler.json"
    begin = [sys.executable, "-m"]
    common = ["--no-dashboard", "--scheduler-file", str(file)]
    with (folder / "log").open("wb") as log:
        words = [[*begin, "distributed.cli.dask_scheduler", "--host", LOOPBACK, "--port", "0", *common]]
        own = ["--nthreads", "1", "--no-nanny", "--host", LOOPBACK, "--local-directory", str(folder)]
        words += [[*begin, "distributed.cli.dask_worker", *common, *own]] * workers
        processes = [subprocess.Popen(words[0], stdout=log, stderr=log)]
        try:
            while not (file.exists() and file.stat().st_size):
                time.sleep(0.1)
            processes += [subprocess.Popen(one, stdout=log, stderr=log) for one in words[1:]]
            yield json.loads(file.read_text(encoding="utf-8"))["address"]
        finally:
            for process in processes:
                process.kill()
                process.wait()


def seconds(workers: int, replicates: int, people: int, years: int) -> float:
    """How long the runs take, once every worker is there and has compiled rules and a first run behind it."""
    from distributed import Client

    scenario = load(SCENARIO)
    scale = people / int(scenario.area.population.sum())
    warm = table_of_plan(scenario, make_plan(scenario, 2 * workers, None, 1, scale, years))
    whole = table_of_plan(scenario, make_plan(scenario, replicates, None, 2, scale, years))
    with tempfile.TemporaryDirectory() as name, cluster(workers, Path(name)) as address:
        with Client(address) as client:
            client.wait_for_workers(workers, timeout=60)
        for table in (warm, whole):
            began = time.monotonic()
            with open_journal(None) as journal:
                carry_out(table, journal, at(address), lambda what, share: None)
        return time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m experiments.benchmarks.two_workers", description=__doc__)
    parser.add_argument("--replicates", type=int, default=24)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--years", type=int, default=5)
    told = parser.parse_args()
    one, two = (seconds(workers, told.replicates, told.people, told.years) for workers in (1, 2))
    print(f"one worker {one:.1f} s, two {two:.1f} s: {one / two / 2:.0%} of twice the throughput")
    return 0


if __name__ == "__main__":
    sys.exit(main())
