"""The believed-but-unknown numbers that are fitted: which rows of evidence, and what is known of them before.

An unknown is a place between 0 and 1 in what is believed of its rows, which move together; so what is believed before
any target is seen is the same for every place.
"""

import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.sensitivity.problem import Ranges, Uncertainty
from model.evidence import Evidence, Row

TABLE = Path(__file__).parent / "unknowns.toml"
Floats = NDArray[np.float64]


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    told = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple((one["id"], one["what"], tuple(one["rows"])) for one in told["unknown"])


def unknowns_of(evidence: Evidence) -> tuple[Uncertainty, ...]:
    """The unknowns, in the order of the table. Raises ValueError for one that no row with a range is of, and for a row
    of two."""
    found, taken = [], set[str]()
    for id, what, patterns in _table():
        rows = tuple(row for row in evidence.values() if row.is_sampled and _is_of(row, patterns))
        if not rows:
            raise ValueError(f"{TABLE.name}: no row with a range is {' or '.join(patterns)}, of {id}")
        twice = taken & {row.name for row in rows}
        if twice:
            raise ValueError(f"{TABLE.name}: {min(twice)} is of two unknowns")
        taken |= {row.name for row in rows}
        found.append(Uncertainty(id, what, rows, True))
    return tuple(found)


def _is_of(row: Row, patterns: tuple[str, ...]) -> bool:
    # Brackets stand for themselves in a row's name, and for sets of letters in a pattern.
    name = row.name.replace("[", "(").replace("]", ")")
    return any(fnmatchcase(name, one.replace("[", "(").replace("]", ")")) for one in patterns)


def values_at(middle: Mapping[str, float], ranges: Ranges, place: Floats) -> dict[str, float]:
    """The value of every row where the unknowns are at a place (unknowns,) and all else at its middle."""
    return {**middle, **ranges.at(place)}
