"""What the programmes that a person holds do this month, in both models on the same people: logs of ratios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.reference import programmes
from model.effects import ADVERSITY, AT_HOME, OFFENDING, ONSET, RECOVERY, VICTIMISATION, held_log_ratio
from model.inputs import DYNAMIC
from model.jit import loop
from model.people import RESIDENT
from model.vocabulary import ACES, OFFENCES
from model.world import PreventionModel

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

TABLES = (
    (OFFENDING, "offending", OFFENCES),
    (AT_HOME, "at_home", OFFENCES),
    (VICTIMISATION, "victimisation", OFFENCES),
    (ONSET, "onset", DYNAMIC),
    (RECOVERY, "recovery", DYNAMIC),
    (ADVERSITY, "ace", ACES),
)
COLUMNS = [(name, column) for _, name, columns in TABLES for column in columns]


def engine_held(model: PreventionModel) -> NDArray[np.float64]:
    """Log ratios by row and COLUMNS, 0 of who is not resident or holds nothing."""
    out = np.zeros((model.rows, len(COLUMNS)))
    at = np.array([table for table, _, columns in TABLES for _ in columns])
    column = np.array([number for _, _, columns in TABLES for number in range(len(columns))])
    _fill(model.people, model.rows, model.month, model.laws, model.law_now, model.effects, at, column, out)
    return out


@loop
def _fill(people, rows, month, laws, year, effects, tables, columns, out):  # type: ignore[no-untyped-def]
    for i in range(rows):
        if people[i].status == RESIDENT and people[i].placed:
            for k in range(tables.size):
                out[i, k] = held_log_ratio(i, columns[k], tables[k], people, month, laws[year], effects)


def plain_held(model: PlainModel) -> NDArray[np.float64]:
    """The same of the plain model, by its own rules."""
    out = np.zeros((len(model.people), len(COLUMNS)))
    for row, person in enumerate(model.people):
        if person.resident and person.slots:
            out[row] = [programmes.log_ratio(model, person, table, name) for table, name in COLUMNS]
    return out
