"""Many small runs, killed and resumed, against the same never stopped: are they the same, and what does a run cost
beside its own time?

    python -m experiments.benchmarks.many_runs --runs 5000 --people 2000 --years 2 --kills 3 --jobs 2

All runs share one lived past (only what schemes do is uncertain), so that what is measured is the runner.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import xarray as xr

from experiments.identity import attributes
from experiments.plan import adjusted, make_plan, values_of
from experiments.run import local, prepare
from experiments.runner.batch import carry_out, gather
from experiments.runner.journal import open_journal
from experiments.runner.table import Replicate, Table, table_of
from model.usage import past_rows
from results.dataset import build
from scenarios import load

SCENARIO, POLICIES, SEED = "west_mercia_2022", ("as_agreed", "stop"), 2022
COUNTED = re.compile(r"([\d,]+) of [\d,]+ runs done")


def table(runs: int, people: int, years: int) -> tuple[Table, dict[str, str]]:
    """So many runs of two policies, one seed and one past."""
    scenario = load(SCENARIO)
    scale = people / int(scenario.area.population.sum())
    plan = make_plan(scenario, runs // len(POLICIES), None, SEED, scale, years)
    fixed = past_rows(scenario.area, scenario.evidence)
    values = [
        adjusted(scenario, {name: v for name, v in values_of(scenario.evidence, plan, d).items() if name not in fixed})
        for d in range(plan.draws)
    ]
    inputs = {name: one for name, one in scenario.inputs(plan.scale, plan.years).items() if name in POLICIES}
    replicates = [Replicate(draw, SEED) for draw in range(plan.draws)]
    return table_of(inputs, values, replicates), attributes(scenario, plan)


def work(folder: Path, jobs: int, runs: int, people: int, years: int) -> None:
    """Carry out what a folder's journal lacks, saying how far it is."""
    whole, _ = table(runs, people, years)
    prepare(1, lambda what, share: None)
    with open_journal(folder) as journal:
        carry_out(whole, journal, local(jobs, apart=True), lambda what, share: print(what, flush=True))


def run_until(words: list[str], stop: Callable[[int], bool]) -> tuple[int, float]:
    """Start a worker of this benchmark, and kill it once `stop` says so of the runs done; the runs, and seconds."""
    began, done = time.monotonic(), 0
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    for line in process.stdout or ():
        if counted := COUNTED.match(line):
            done = int(counted[1].replace(",", ""))
        if stop(done):
            process.kill()
            break
    process.wait()
    return done, time.monotonic() - began


def outcome(folder: Path, runs: int, people: int, years: int) -> tuple[xr.Dataset, float]:
    """The Dataset of a folder's journal, and the seconds of all its runs themselves."""
    whole, about = table(runs, people, years)
    with open_journal(folder) as journal:
        own = sum(entry.seconds or 0.0 for entry in journal.entries().values())
        gathered = gather(whole, journal)
    replicates = [whole.replicates[r] for r in gathered.whole]
    outcomes = dict(zip(whole.inputs, gathered.outcomes, strict=True))
    ds = build(whole.inputs, outcomes, list(whole.values), [r.draw for r in replicates], [r.seed for r in replicates],
               about)  # fmt: skip
    return ds, own


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m experiments.benchmarks.many_runs", description=__doc__)
    parser.add_argument("--runs", type=int, default=5000)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--years", type=int, default=2)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    size = (told.runs, told.people, told.years)
    if told.work:
        work(told.work, told.jobs, *size)
        return 0
    with tempfile.TemporaryDirectory() as name:
        never, often = Path(name, "never"), Path(name, "often")
        words = [sys.executable, "-m", "experiments.benchmarks.many_runs", "--work"]
        options = [w for key in ("runs", "people", "years", "jobs") for w in (f"--{key}", str(getattr(told, key)))]
        for folder in (never, often):
            folder.mkdir()
        _, seconds = run_until([*words, str(never), *options], lambda done: False)
        for kill in range(1, told.kills + 1):
            at = told.runs * kill // (told.kills + 1)
            done, _ = run_until([*words, str(often), *options], lambda done, at=at: done >= at)  # type: ignore[misc]
            print(f"killed at {done:,} of {told.runs:,} runs")
        run_until([*words, str(often), *options], lambda done: False)
        (one, own), (other, _) = outcome(never, *size), outcome(often, *size)
        same = one.drop_attrs().identical(other.drop_attrs())
        beside = 1000 * (seconds * told.jobs - own) / told.runs
        print(f"{told.runs:,} runs of {told.people:,} people, {told.years} years, in {seconds:.0f} s on {told.jobs} "
              f"processes; a run itself {1000 * own / told.runs:.0f} ms, beside it {beside:.0f} ms of a processor "
              "(start, the one past and idle time included)")  # fmt: skip
        print("killed and resumed: the same Dataset" if same else "KILLED AND RESUMED: ANOTHER DATASET")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
