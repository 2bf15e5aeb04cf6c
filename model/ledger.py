"""What each person did and suffered, person by person: kept only when people are asked for.

It reads the month's log and the people as they stand after the month, and changes nothing: a run with
a ledger is the same as one without.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model import happenings as h
from model.people import NOBODY, RESIDENT, RISK, Population
from model.vocabulary import N_OFFENCES

Tally = NDArray[np.uint16]
CUSTODY = np.uint32(1 << RISK["in_custody"])
TALLIED = {"offences": h.OFFENCE, "convictions": h.CONVICTION, "victimisations": h.VICTIM}  # by group

TOLD = (
    "key", "sex", "birth", "status", "district", "quintile", "aces", "risks", "offences", "convictions",
    "slot_programme",
)  # fmt: skip


class PersonLedger(NamedTuple):
    """A row a person, as in the population. G offence groups, P programmes."""

    offences: Tally  # (rows, G) over the run
    offences_last_year: Tally  # (rows, G) over its last twelve months
    convictions: Tally  # (rows, G) in court, by the gravest offence of the case
    convictions_last_year: Tally  # (rows, G)
    victimisations: Tally  # (rows, G)
    victimisations_last_year: Tally  # (rows, G)
    custody_months: Tally  # (rows,) months at whose end the person was in custody
    custody_months_last_year: Tally  # (rows,)
    taken_on: Tally  # (rows, P) times that a programme took the person on


def new_ledger(rows: int, programmes: int) -> PersonLedger:
    """A ledger of nothing yet."""
    last = {"custody_months": (), "custody_months_last_year": (), "taken_on": (programmes,)}
    return PersonLedger(
        *(np.zeros((rows, *last.get(name, (N_OFFENCES,))), np.uint16) for name in PersonLedger._fields)
    )


def widened(ledger: PersonLedger, rows: int) -> PersonLedger:
    """The same ledger with at least `rows` rows."""
    short = rows - len(ledger.offences)
    if short <= 0:
        return ledger
    more = new_ledger(short, ledger.taken_on.shape[1])
    return PersonLedger(*map(np.concatenate, zip(ledger, more, strict=True)))


def note_taken_on(
    ledger: PersonLedger, people: Population, chosen: NDArray[np.int64], p: int
) -> PersonLedger:
    """The ledger with the rows that programme `p` took on this month."""
    ledger = widened(ledger, people.size)
    ledger.taken_on[chosen, p] += 1
    return ledger


def note_month(
    ledger: PersonLedger, log: NDArray[np.void], people: Population, rows: int, last_year: bool
) -> PersonLedger:
    """The ledger with a month added: offences by residents, and what was done to residents."""
    ledger = widened(ledger, people.size)
    inside = (people.status[:rows] == RESIDENT) & ((people.risks[:rows] & CUSTODY) != 0)
    for suffix in ("", "_last_year") if last_year else ("",):
        for name, kind in TALLIED.items():
            mine = log[(log["kind"] == kind) & (log["row"] != NOBODY)]
            np.add.at(getattr(ledger, name + suffix), (mine["row"], mine["offence"]), 1)
        getattr(ledger, "custody_months" + suffix)[:rows] += inside
    return ledger


def person_columns(people: Population, rows: int, ledger: PersonLedger) -> dict[str, NDArray[np.generic]]:
    """Everyone who ever lived in the area: columns of their rows, then `run_` and those of the ledger."""
    ledger = widened(ledger, rows)
    counted = {f"run_{name}": table[:rows] for name, table in ledger._asdict().items()}
    return {name: np.array(people[name][:rows]) for name in TOLD} | counted
