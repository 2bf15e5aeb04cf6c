"""An experiment as a table: each row a run, with a hash of all that its outcome is a function of.

Two runs with one hash have one outcome, to the bit on one platform, whatever the experiment. The hash is of the
model's sources and tables, the alternative's inputs, the seed, and of those values that a run reads and no others: new
unit costs of crime change no run.
"""

import copyreg
import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.runner.lived import Live, outcome
from model.evidence import FOLDER, Evidence
from model.evidence.reader import contents_hash, evidence_files
from model.inputs import ModelInputs
from model.jit import source_hash
from model.usage import past_rows, rows_used

LENGTH = 16  # bytes of a hash: among a million runs the chance that two share one is below 1e-26


class Replicate(NamedTuple):
    """One history of chance under one draw of the uncertain numbers."""

    draw: int
    seed: int


class Run(NamedTuple):
    """One alternative of one replicate."""

    alternative: str
    replicate: int
    draw: int
    hash: str


@dataclasses.dataclass(frozen=True)
class Table:
    """All runs of an experiment: some or all of the alternatives in every replicate."""

    inputs: Mapping[str, ModelInputs]  # by alternative, in the order to show them
    values: Sequence[Mapping[str, float]]  # of every row, one a draw
    replicates: tuple[Replicate, ...]
    names: tuple[str, ...]  # of the values that a run reads
    past_names: tuple[str, ...]  # of those that the lived past reads
    runs_of: tuple[tuple[Run, ...], ...]  # of each replicate
    pasts: tuple[str, ...]  # a hash a replicate: those with the same one begin with the same lived past
    live: Live = outcome  # what is kept of each run

    @property
    def runs(self) -> tuple[Run, ...]:
        """All of them, replicate by replicate."""
        return tuple(run for runs in self.runs_of for run in runs)

    def alternatives_of(self, replicate: int) -> tuple[str, ...]:
        return tuple(run.alternative for run in self.runs_of[replicate])


def table_of(
    inputs: Mapping[str, ModelInputs],
    values: Sequence[Mapping[str, float]],
    replicates: Sequence[Replicate],
    lived: Sequence[Sequence[str]] | None = None,
    live: Live = outcome,
    seen: str = "",
) -> Table:
    """The table of these alternatives and replicates; all alternatives are of one area, time and scale. `lived` names
    the alternatives of each replicate; without it every one is lived in each. Where `live` keeps something else than
    the outcome, `seen` tells what: a hash of its sources."""
    first = next(iter(inputs.values()))
    used: set[str] = set()
    for programmes in {one.programmes for one in inputs.values()}:
        used |= rows_used(first.area, first.evidence, programmes)
    names, past_names = tuple(sorted(used)), tuple(sorted(past_rows(first.area, first.evidence)))
    engine = source_hash() + contents_hash(path for path in evidence_files(FOLDER) if path.suffix == ".csv") + seen
    central = np.array([first.evidence[name].value for name in names])  # what a review by evidence goes by
    of_inputs = {
        name: digest(engine, one, names, None if one.review == "fixed" else central) for name, one in inputs.items()
    }
    of_values, of_past = [], []
    for draw in values:  # once: they may be worked out as they are asked for
        of_values.append(digest(np.array([draw[name] for name in names])))
        of_past.append(digest(np.array([draw[name] for name in past_names])))
    beginning = digest(engine, first.area, first.start, first.years, first.scale, past_names)
    return Table(
        inputs=inputs,
        values=values,
        replicates=tuple(replicates),
        names=names,
        past_names=past_names,
        runs_of=tuple(
            tuple(
                Run(name, at, one.draw, digest(of_inputs[name], of_values[one.draw], one.seed).hex())
                for name in (lived[at] if lived else inputs)
            )
            for at, one in enumerate(replicates)
        ),
        pasts=tuple(digest(beginning, of_past[one.draw], one.seed).hex() for one in replicates),
        live=live,
    )


def digest(*things: Any) -> bytes:
    """BLAKE2b (RFC 7693) of plain things: numbers, text, bytes, arrays, and dataclasses, tuples and mappings of those.

    Raises TypeError for anything else: what cannot be told apart must not be hashed. Evidence counts for nothing: its
    values are hashed beside it.
    """
    hasher = hashlib.blake2b(digest_size=LENGTH)
    for thing in things:
        _add(hasher, thing)
    return hasher.digest()


def _add(hasher: Any, thing: Any) -> None:
    if thing is None or isinstance(thing, bool | int | str):
        told = repr(thing).encode()
    elif isinstance(thing, float):
        told = thing.hex().encode()
    elif isinstance(thing, bytes):
        told = thing
    elif isinstance(thing, np.ndarray) and not thing.dtype.hasobject:
        told = f"{thing.dtype.str} {thing.shape} ".encode() + np.ascontiguousarray(thing).tobytes()
    elif isinstance(thing, Evidence):
        told = b""
    else:
        parts = _parts(thing)
        hasher.update(f"{type(thing).__name__} {len(parts)}\n".encode())
        for part in parts:
            _add(hasher, part)
        return
    hasher.update(f"{type(thing).__name__} {len(told)}\n".encode() + told)


def _parts(thing: Any) -> list[Any]:
    if dataclasses.is_dataclass(thing):
        return [part for field in dataclasses.fields(thing) for part in (field.name, getattr(thing, field.name))]
    if isinstance(thing, Mapping):
        return [part for pair in thing.items() for part in pair]
    if isinstance(thing, tuple | list):
        return list(thing)
    raise TypeError(f"{type(thing).__name__} is no plain thing")


def _pack_evidence(evidence: Evidence) -> tuple[Any, ...]:
    return Evidence, (list(evidence.values()), evidence.hash)


# Its rows are behind a read-only view, which cannot be sent to another process as it is.
copyreg.pickle(Evidence, _pack_evidence)
