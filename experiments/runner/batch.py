"""A table of runs carried out: what the journal lacks is done, and all of it gathered."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from experiments.runner.journal import Entry, Journal
from experiments.runner.living import Began, Carry, Event, Failed, Kept, Share, Task, shared_of, task_of
from experiments.runner.outcome_bytes import from_bytes
from experiments.runner.processes import MOST_TRIES, RunFailed
from experiments.runner.table import Run, Table
from model.record import Outcome

Say = Callable[[str, float], None]  # what is being done, and the share of everything that is done


class Gathered(NamedTuple):
    """What came of a table."""

    outcomes: tuple[list[Outcome], ...]  # of the first, second ... alternative of each whole replicate
    whole: tuple[int, ...]  # numbers of the replicates all of whose alternatives came to an end
    failed: tuple[tuple[Run, str], ...]  # and why


def to_do(table: Table, entries: dict[str, Entry]) -> list[Task]:
    """The tasks that the journal has no outcome for: new runs, and failed ones that may be tried again."""
    tasks = []
    first = {past: at for at, past in reversed(list(enumerate(table.pasts)))}
    due = {run.hash: run for run in reversed(table.runs) if _is_due(entries.get(run.hash))}
    # Those that begin alike one after the other: whoever has lived a past still has it.
    for replicate in sorted(range(len(table.replicates)), key=lambda r: (first[table.pasts[r]], r)):
        # Alternatives that are the same in all but name are one run, done once.
        runs = tuple(run for run in table.runs_of[replicate] if due.get(run.hash) is run)
        if runs:
            tasks.append(task_of(table, replicate, runs))
    return tasks


def _is_due(entry: Entry | None) -> bool:
    return entry is None or (entry.error is not None and entry.tries < MOST_TRIES)


class Done:
    """How much of a table is done, as it is told."""

    def __init__(self, tasks: list[Task], table: Table, say: Say) -> None:
        self.total = len({run.hash for run in table.runs})
        self.say = say
        self.runs = self.total - sum(len(task.runs) for task in tasks)
        self.size = {task.replicate: len(task.runs) for task in tasks}
        self.failed = 0
        self.ended: Counter[int] = Counter()  # runs by replicate
        self.share: dict[int, float] = {}  # of the runs of a replicate
        self.most = 0.0

    def hear(self, event: Event) -> None:
        if isinstance(event, Share):
            self.share[event.replicate] = event.share * self.size[event.replicate]
        elif isinstance(event, Kept | Failed):
            self.runs += 1
            self.ended[event.run.replicate] += 1
            self.failed += isinstance(event, Failed)
        self.tell()

    def tell(self) -> None:
        begun = sum(max(share - self.ended[replicate], 0.0) for replicate, share in self.share.items())
        self.most = max(self.most, min((self.runs + begun) / self.total, 1.0))  # a run tried again is no step back
        words = f"{self.runs:,} of {self.total:,} runs done" + (f", {self.failed:,} failed" if self.failed else "")
        self.say(words, self.most)


def carry_out(table: Table, journal: Journal, carry: Carry, say: Say) -> None:
    """Have `carry` do what the journal lacks, and keep each run as it comes."""
    tasks = to_do(table, journal.entries())
    done = Done(tasks, table, say)
    done.tell()

    def hear(event: Event) -> None:
        if isinstance(event, Kept):
            journal.keep(*event)
        elif isinstance(event, Failed):
            journal.fail(*event)
        if not isinstance(event, Began):
            done.hear(event)

    carry(shared_of(table), tasks, hear)


def gather(
    table: Table, journal: Journal, of: Sequence[int] | None = None, entries: Mapping[str, Entry] | None = None
) -> Gathered:
    """All outcomes of whole replicates, in the order of the table, however they came; or only of these replicates,
    which have as many alternatives each. `entries` are the journal's, where they have been read already.

    Raises RunFailed when no replicate of all is whole; KeyError when runs have not been tried.
    """
    entries = journal.entries() if entries is None else entries
    numbers = range(len(table.replicates)) if of is None else of
    runs = [run for r in numbers for run in table.runs_of[r]]
    failed = tuple((run, error) for run in runs if (error := entries[run.hash].error) is not None)
    broken = {run.replicate for run, _ in failed}
    whole = tuple(r for r in numbers if r not in broken)
    if not whole and of is None:
        raise RunFailed(failure_words(table, failed))
    outcomes = []
    for at in range(len(table.runs_of[numbers[0]])):
        hashes = [table.runs_of[r][at].hash for r in whole]
        outcomes.append([_read(journal, one, kept) for one, kept in zip(hashes, journal.outcomes(hashes), strict=True)])
    return Gathered(tuple(outcomes), whole, failed)


def _read(journal: Journal, name: str, kept: bytes) -> Outcome:
    """An outcome; one that is damaged is taken out of the journal, to be run again."""
    try:
        return from_bytes(kept)
    except ValueError as error:
        journal.forget(name)
        raise RunFailed(f"{error}; it is taken out of the journal: ask again, and that run is done again") from error


def failure_words(table: Table, failed: tuple[tuple[Run, str], ...]) -> str:
    """The first run that failed, why, and how many others did."""
    run, error = failed[0]
    seed = table.replicates[run.replicate].seed
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    return f"Run {run.replicate + 1} (draw {run.draw}, seed {seed}), {run.alternative}, failed: {error}{more}"
