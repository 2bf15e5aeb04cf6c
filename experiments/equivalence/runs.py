"""Runs of both models from one shared start, kept one by one as they come, so that a stop loses little."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from experiments.equivalence.engine import see_engine
from experiments.equivalence.outcomes import Seen, told
from experiments.equivalence.plain import see_plain
from experiments.reference.start import start_of
from model.inputs import ModelInputs
from model.past import Past

Told = dict[str, float]  # one run's outcomes
Report = Callable[[int], None]  # called with how many runs there are


def engine_runs(
    inputs: ModelInputs, values: Mapping[str, float], past: Past, seeds: Sequence[int], jobs: int = 1,
    journal: Path | None = None, report: Report | None = None,
) -> list[Told]:
    """One run of the engine a seed, in the order of the seeds."""
    return _runs(partial(see_engine, inputs, dict(values), past), seeds, jobs, journal, report)


def plain_runs(
    inputs: ModelInputs, values: Mapping[str, float], past: Past, seeds: Sequence[int], jobs: int = 1,
    journal: Path | None = None, report: Report | None = None,
) -> list[Told]:
    """One run of the plain model a seed, in the order of the seeds."""
    return _runs(partial(see_plain, inputs, dict(values), start_of(past)), seeds, jobs, journal, report)


def _runs(
    live: Callable[[int], Seen], seeds: Sequence[int], jobs: int, journal: Path | None, report: Report | None
) -> list[Told]:
    kept = read_journal(journal) if journal else {}
    left = [seed for seed in seeds if seed not in kept]
    for seed, seen in zip(left, _lived(live, left, jobs), strict=True):
        kept[seed] = told(seen)
        if journal:
            with journal.open("a", encoding="utf-8", newline="\n") as file:
                file.write(json.dumps({"seed": seed, "outcomes": kept[seed]}) + "\n")
        if report:
            report(len(kept))
    return [kept[seed] for seed in seeds]


def _lived(live: Callable[[int], Seen], seeds: Sequence[int], jobs: int) -> Iterable[Seen]:
    if jobs == 1:
        yield from map(live, seeds)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(live, seeds)


def read_journal(journal: Path) -> dict[int, Told]:
    """Runs that were kept, by seed; a last line that was cut short is left out, and its run lived again."""
    kept = {}
    if journal.exists():
        whole, _, cut = journal.read_text(encoding="utf-8").rpartition("\n")
        if cut:
            journal.write_text(f"{whole}\n" if whole else "", encoding="utf-8", newline="\n")
        for line in whole.splitlines():
            one = json.loads(line)
            kept[int(one["seed"])] = one["outcomes"]
    return kept
