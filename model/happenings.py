"""What happened in a month, as rules tell it: a log that the record counts and programmes find people by.

Rules only append; counting is the record's. One array of rows, so that a rule hands over one pointer.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.jit import rule
from model.people import N_MIXES, N_RISKS
from model.vocabulary import N_OFFENCES

KINDS = (
    "offence",  # a: domestic, recorded and moved marks, quintile of the place, district of the place
    "offender",  # a resident's offences this month: a is how many, b is 1 the first time this year
    "victim",  # of the home district and quintile; a is 1 the first time this year
    "reported",
    "domestic_incident",  # of the victim, reported
    "arrest",
    "charge",
    "out_of_court",
    "conviction",
    "community_sentence",
    "custody_sentence",
    "release",
    "emergency_department",
    "injured_admitted",
    "exclusion",
    "care_entry",
    "homelessness",
    "first_time_entrant",  # a is 1 for adults
    "first_birth",  # of the mother
    "follow_up",  # of proven reoffending, ended; a is 1 when there was a proven reoffence
)
(
    OFFENCE, OFFENDER, VICTIM, REPORTED, DOMESTIC_INCIDENT, ARREST, CHARGE, OUT_OF_COURT, CONVICTION,
    COMMUNITY_SENTENCE, CUSTODY_SENTENCE, RELEASE, EMERGENCY_DEPARTMENT, INJURED_ADMITTED, EXCLUSION,
    CARE_ENTRY, HOMELESSNESS, FIRST_TIME_ENTRANT, FIRST_BIRTH, FOLLOW_UP,
) = range(len(KINDS))  # fmt: skip

HAPPENING = np.dtype(
    [
        ("row", "i4"),  # the person, or NOBODY
        ("severity", "f4"),
        ("kind", "u1"),
        ("district", "u1"),
        ("quintile", "u1"),
        ("offence", "u1"),
        ("sex", "u1"),
        ("age", "u1"),
        ("a", "u1"),
        ("b", "u1"),
    ],
    align=True,
)
DUE = np.dtype([("row", "i4"), ("kind", "u1")], align=True)
# Places in `counts`: how many happenings, due changes, things lost for lack of room, rows touched; rows due
# next month (ALL_ROWS: look through all), rows whose turn it is to be searched; then the rows touched.
HAPPENED, DUE_CHANGES, LOST, TOUCHED, NEXT_DUE, TURNS_UP, FIRST_TOUCHED = range(7)
ALL_ROWS = -1
TURNS = 12  # months in which a search of the population comes to everyone once
CHUNK = 2048  # rows that are asked before those who answer are seen to
BATCHES = 32  # of people, by key: how far they differ tells how far chance may have moved their sum
DOMESTIC_MARK, RECORDED_MARK, MOVED_MARK = 1, 2, 4


class Month(NamedTuple):
    """The log and scratch of one month. Only the loops take it whole; rules take what they write."""

    log: NDArray[np.void]  # of HAPPENING
    due: NDArray[np.void]  # of DUE: births, deaths, moves, separations to apply
    counts: NDArray[np.int64]  # see HAPPENED ... FIRST_TOUCHED
    chosen: NDArray[np.int64]  # (CHUNK,) scratch: rows to whom something happens, and what, in the lowest bits
    next_due: NDArray[np.int32]  # rows that may be due next month
    turn: NDArray[np.int32]  # residents to whom a search of the population comes this month: a keyed twelfth
    population: NDArray[np.int64]  # (D,) residents
    states: NDArray[np.int64]  # (D, R) of whom with each risk factor
    expected: NDArray[np.int64]  # (D, BATCHES, H) hazards before programmes, by home and batch, fixed point
    expected_change: NDArray[np.int64]  # (2, D, BATCHES, G) what programmes change in them: at home, elsewhere
    work: NDArray[np.float32]  # scratch that one person's hazards are worked out in


WORK = 64


def new_month(rows: int, districts: int, busier: float = 1.0) -> Month:
    """Room for a month of about `rows` people in which as much happens as does in the years of the tables, or so many
    times as much."""
    rows = int(rows * busier)
    counts = np.zeros(FIRST_TOUCHED + rows // 4 + 20_000, np.int64)
    counts[NEXT_DUE] = ALL_ROWS
    return Month(
        log=np.zeros(rows // 5 + 20_000, dtype=HAPPENING), due=np.zeros(rows // 12 + 8192, dtype=DUE),
        counts=counts, chosen=np.zeros(CHUNK, np.int64),
        next_due=np.zeros(rows // 4 + 20_000, np.int32), turn=np.zeros(rows // 6 + 20_000, np.int32),
        population=np.zeros(districts, np.int64), states=np.zeros((districts, N_RISKS), np.int64),
        expected=np.zeros((districts, BATCHES, N_MIXES), np.int64),
        expected_change=np.zeros((2, districts, BATCHES, N_OFFENCES), np.int64), work=np.zeros(WORK, np.float32),
    )  # fmt: skip


@rule
def list_row(i, counter, room, counts):
    """Add a row to the list that `counter` counts."""
    at = counts[counter]
    if at >= room.size:
        counts[LOST] += 1
        return
    room[at] = i
    counts[counter] = at + 1


@rule
def happen(kind, i, people, month, g, a, log, counts):
    """Log that something happened to, or by, person i."""
    at = counts[HAPPENED]
    if at >= log.size:
        counts[LOST] += 1
        return
    log[at].row = i
    log[at].kind = np.uint8(kind)
    log[at].district = people[i].district
    log[at].quintile = people[i].quintile
    log[at].sex = people[i].sex
    log[at].age = np.uint8(min(max((np.int64(month) - np.int64(people[i].birth)) // 12, 0), 100))
    log[at].offence = np.uint8(g)
    log[at].a = np.uint8(a)
    log[at].b = np.uint8(0)
    log[at].severity = np.float32(0.0)
    counts[HAPPENED] = at + 1


@rule
def happen_at(g, district, quintile, marks, severity, offender, log, counts):
    """Log an offence where it happened."""
    at = counts[HAPPENED]
    if at >= log.size:
        counts[LOST] += 1
        return
    log[at].row = offender
    log[at].kind = np.uint8(OFFENCE)
    log[at].district = np.uint8(district)
    log[at].quintile = np.uint8(quintile)
    log[at].offence = np.uint8(g)
    log[at].a = np.uint8(marks)
    log[at].severity = np.float32(severity)
    counts[HAPPENED] = at + 1
