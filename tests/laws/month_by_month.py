"""A run looked at month by month: people before, after places were given, and after; and what the month logged."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from compared import COLUMNS

from model.happenings import HAPPENED, OFFENCE, VICTIM
from model.people import N_TIES, NOBODY
from model.world import PreventionModel

BONDS = ("partner", "carer1", "carer2")


class Month(NamedTuple):
    m: int  # of the plan
    month: int  # of the calendar
    before: np.ndarray  # people as the month begins
    placed: np.ndarray  # after April's matching and after places were given, before anything happens
    after: np.ndarray
    log: np.ndarray


def copy_of(model: PreventionModel) -> np.ndarray:
    return np.array(model.columns[: model.rows])


def months_of(model: PreventionModel) -> Iterator[Month]:
    """Live the plan and give each month of it."""
    seen: list[np.ndarray] = []
    admit = model.at_work.admit

    def looked_at(m: int) -> None:
        admit(m)
        seen.append(copy_of(model))

    model.at_work.admit = looked_at  # type: ignore[method-assign]
    for m in range(model.inputs.years * 12):
        before, month = copy_of(model), model.month
        model.step()
        yield Month(m, month, before, seen.pop(), copy_of(model), model.now.log[: model.now.counts[HAPPENED]].copy())


def unlike_rows(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """(rows,) whether anything of a person differs between two populations."""
    differs = np.zeros(one.size, dtype=bool)
    for name in COLUMNS:
        differs |= (one[name] != two[name]).reshape(one.size, -1).any(axis=1)
    return differs


def bound(people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From whom to whom a change may pass: between partners and ties, and from carers to children."""
    rows, pairs = np.arange(people.size), []
    for name in BONDS:
        other = people[name].astype(np.int64)
        pairs.append((other[other != NOBODY], rows[other != NOBODY]))
    for slot in range(N_TIES):
        other = people["tie"][:, slot].astype(np.int64)
        pairs.append((other[other != NOBODY], rows[other != NOBODY]))
    return np.concatenate([one for one, _ in pairs]), np.concatenate([two for _, two in pairs])


def offences_of(log: np.ndarray) -> dict[int, list[tuple[int, int, int]]]:
    """By offender (NOBODY for all from outside): group, district and person harmed of each offence, in order."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    at = np.flatnonzero(log["kind"] == OFFENCE)
    for k in at.tolist():
        follows = k + 1 < log.size and log["kind"][k + 1] == VICTIM
        victim = int(log["row"][k + 1]) if follows else NOBODY
        found.setdefault(int(log["row"][k]), []).append((int(log["offence"][k]), int(log["district"][k]), victim))
    return found
