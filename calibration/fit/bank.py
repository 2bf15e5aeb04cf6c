"""The bank of runs that a fit learns from: points in what is believed, each lived and watched once, and kept."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.targets.measures import Run, measured
from calibration.targets.reader import Target
from calibration.unknowns import values_at
from calibration.watching.watch import watch
from calibration.watching.watched import Watched, from_bytes, to_bytes
from experiments.plan import replicate_seed
from experiments.runner.batch import carry_out
from experiments.runner.journal import Journal
from experiments.runner.living import Carry
from experiments.runner.table import Replicate, Table, table_of
from experiments.sensitivity.problem import Ranges, Uncertainty
from model.evidence import Evidence, draw_values, read
from model.evidence.reader import contents_hash
from model.inputs import AreaTables, ModelInputs, month_of
from model.world import PreventionModel

Floats = NDArray[np.float64]
Say = Callable[[str, float], None]
START, YEARS = 2022, 3  # the first year is the year of the area's record; the others end follow-ups begun in it
WATCHING = sorted((Path(__file__).parent.parent / "watching").glob("*.py"))


class Question(NamedTuple):
    """What is fitted: an area, what is unknown of it, and what it is held against."""

    area: AreaTables
    evidence: Evidence
    unknowns: tuple[Uncertainty, ...]
    targets: tuple[Target, ...]
    scale: float
    seed: int

    @property
    def fitted(self) -> tuple[Target, ...]:
        return tuple(one for one in self.targets if one.is_fitted)


def question(
    area: AreaTables, unknowns: Sequence[Uncertainty], targets: Sequence[Target], scale: float, seed: int
) -> Question:
    """The question of an area, with the model's own evidence."""
    return Question(area, read(), tuple(unknowns), tuple(one for one in targets if one.is_measured), scale, seed)


def watched_run(model: PreventionModel, report: Callable[[int, int], None]) -> bytes:
    """What is kept of a run of the bank."""
    return to_bytes(watch(model, report))


def inputs_of(asked: Question) -> ModelInputs:
    """A plan without programmes: what the world's figures are of is in the data."""
    money = np.zeros((0, YEARS))
    return ModelInputs(asked.area, asked.evidence, (), money, month_of(START, 4), YEARS, asked.scale)


def table_at(asked: Question, places: Floats, first: int = 0) -> Table:
    """One run at each place, each with a seed of its own; `first` is the number of the first in the bank."""
    ranges, middle = Ranges(asked.unknowns), draw_values(asked.evidence, asked.seed, None, 1)
    values = [values_at(middle, ranges, place) for place in places]
    replicates = [Replicate(at, replicate_seed(asked.seed, first + at, b"bank")) for at in range(len(places))]
    seen = contents_hash(WATCHING)
    return table_of({"watched": inputs_of(asked)}, values, replicates, live=watched_run, seen=seen)


def lived(table: Table, journal: Journal, carry: Carry, say: Say) -> list[Watched | None]:
    """What was watched in each run of a table, of those the journal has and those lived now; None of a failed one."""
    carry_out(table, journal, carry, say)
    entries = journal.entries()
    hashes = [runs[0].hash for runs in table.runs_of]
    whole = [name for name in hashes if entries[name].error is None]
    found = {name: from_bytes(kept) for name, kept in zip(whole, journal.outcomes(whole), strict=True)}
    return [found.get(name) for name in hashes]


def answers(asked: Question, targets: Sequence[Target], runs: Sequence[Watched | None]) -> Floats:
    """(runs, targets) figures measured; NaN of a run that failed."""
    found = np.full((len(runs), len(targets)), np.nan)
    for at, one in enumerate(runs):
        if one is not None:
            found[at] = [measured(target, Run(one, asked.area, asked.scale)) for target in targets]
    return found
