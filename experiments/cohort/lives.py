"""What is kept of each member's life, by whole year of age: counts of what they did, suffered and were in.

K members, A ages 0 to the last, G offences, E events, R risk factors. A life is counted while the person lives here.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model import happenings as h
from model.people import NOBODY, RESIDENT, RISK, Columns
from model.vocabulary import N_OFFENCES, RISK_FACTORS

Ints = NDArray[np.int64]
EVENTS = (
    "charge", "out_of_court", "reported", "domestic_incident", "emergency_department", "injured_admitted", "exclusion",
    "care_entry", "homelessness", "custody_sentence", "community_sentence",
)  # fmt: skip
KIND_OF_EVENT = np.array([h.KINDS.index(name) for name in EVENTS])
ALIVE = 32767  # months old at death, of those who live
SMALL = 60  # months: a child younger than this keeps a lone parent from being asked to seek work
TENTH_BIRTHDAY = 120  # months old: whether a carer was convicted by then is noted
CONVICTED = np.uint32(1 << RISK["convicted"])


class Lives(NamedTuple):
    """Of K people who may be members; the first `count` places are taken."""

    row: Ints  # (K,) in the model, NOBODY of a place that is free
    quintile: NDArray[np.uint8]  # (K,) of the home at birth, 0 most deprived
    died: NDArray[np.int16]  # (K,) months old at death, or ALIVE
    carer_convicted: NDArray[np.uint8]  # (K,) 1 where a carer had been by the tenth birthday
    offences: NDArray[np.uint16]  # (K, A, G)
    arrests: NDArray[np.uint16]  # (K, A, G)
    convictions: NDArray[np.uint16]  # (K, A, G) in court
    victimisations: NDArray[np.uint16]  # (K, A, G)
    events: NDArray[np.uint16]  # (K, A, E)
    months: NDArray[np.uint8]  # (K, A, R) at whose end the person was in each state
    lived: NDArray[np.uint8]  # (K, A) months at whose end the person lived here
    births: NDArray[np.uint8]  # (K, A) children born to her
    alone: NDArray[np.uint8]  # (K, A) months at whose end the person was alone with a child under five


BY_OFFENCE = {h.OFFENCE: "offences", h.ARREST: "arrests", h.CONVICTION: "convictions", h.VICTIM: "victimisations"}


def room(most: int, last_age: int) -> Lives:
    """Nobody yet, with room for `most`."""
    ages = last_age + 1
    of_offence = (most, ages, N_OFFENCES)
    offences, arrests, convictions, victimisations = (np.zeros(of_offence, np.uint16) for _ in range(4))
    return Lives(
        np.full(most, NOBODY, np.int64), np.zeros(most, np.uint8), np.full(most, ALIVE, np.int16),
        np.zeros(most, np.uint8), offences, arrests, convictions, victimisations,
        np.zeros((most, ages, len(EVENTS)), np.uint16), np.zeros((most, ages, len(RISK_FACTORS)), np.uint8),
        *(np.zeros((most, ages), np.uint8) for _ in range(3)),
    )  # fmt: skip


def taken(lives: Lives) -> int:
    """How many places are taken."""
    return int((lives.row != NOBODY).sum())


def join(lives: Lives, rows: Ints, people: Columns) -> Lives:
    """People born this month take the next places. Raises RuntimeError where there is no room."""
    at = taken(lives)
    if at + rows.size > lives.row.size:
        raise RuntimeError(f"no room for more than {lives.row.size} members of the cohort")
    lives.row[at : at + rows.size] = rows
    lives.quintile[at : at + rows.size] = people["quintile"][rows]
    return lives


def note_month(lives: Lives, log: NDArray[np.void], people: Columns, rows: int, month: int) -> None:
    """Count a month that was lived: its log, and the `rows` people as they are after it."""
    number = taken(lives)
    own = lives.row[:number]
    place = np.full(rows, -1, np.int64)
    place[own] = np.arange(number)
    born = people["birth"][own].astype(np.int64)
    old, ages = month - born, lives.lived.shape[1]
    mine = log[log["row"] >= 0]
    who = place[mine["row"]]
    mine, who = mine[who >= 0], who[who >= 0]
    age = old[who] // 12
    within = age < ages
    mine, who, age = mine[within], who[within], age[within]
    for kind, name in BY_OFFENCE.items():
        of = mine["kind"] == kind
        np.add.at(getattr(lives, name), (who[of], age[of], mine["offence"][of]), 1)
    for e, kind in enumerate(KIND_OF_EVENT):
        of = mine["kind"] == kind
        np.add.at(lives.events[..., e], (who[of], age[of]), 1)
    note_states(lives, own, old, people)
    note_children(lives, own, month, people)


def note_states(lives: Lives, own: Ints, old: Ints, people: Columns) -> None:
    """Count the states that members are in at the month's end, and note deaths and carers."""
    here = people["status"][own] == RESIDENT
    gone = ~here & (lives.died[: own.size] == ALIVE)
    lives.died[: own.size][gone] = old[gone]
    at = np.flatnonzero(here & (old // 12 < lives.lived.shape[1]))
    age, risks = old[at] // 12, people["risks"][own[at]]
    lives.lived[at, age] += 1
    for r in range(len(RISK_FACTORS)):
        on = (risks >> np.uint32(r) & np.uint32(1)).astype(bool)
        lives.months[at[on], age[on], r] += 1
    ten = np.flatnonzero(old == TENTH_BIRTHDAY)
    for carer in ("carer1", "carer2"):
        of = people[carer][own[ten]]
        convicted = (of != NOBODY) & (people["risks"][np.maximum(of, 0)] & CONVICTED != 0)
        lives.carer_convicted[ten[convicted]] = 1


def note_children(lives: Lives, own: Ints, month: int, people: Columns) -> None:
    """Count births and who is alone with a small child. The chain of those whom a person is carer of starts with the
    one who came last."""
    here = people["status"][own] == RESIDENT
    age = np.minimum((month - people["birth"][own].astype(np.int64)) // 12, lives.lived.shape[1])
    last = people["first_child"][own].astype(np.int64)
    child = people[np.maximum(last, 0)]
    at = np.flatnonzero(here & (last != NOBODY) & (age < lives.lived.shape[1]))
    born = at[(child["birth"][at] == month) & (child["carer1"][at] == own[at])]
    lives.births[born, age[born]] += 1
    small = (month - child["birth"][at] < SMALL) & (child["status"][at] == RESIDENT)
    small &= child["household"][at] == people["household"][own[at]]
    alone = at[small & (people["partner"][own[at]] == NOBODY)]
    lives.alone[alone, age[alone]] += 1


def chosen(lives: Lives, which: Ints) -> Lives:
    """The lives of some places, in that order."""
    return lives._replace(**{name: column[which] for name, column in lives._asdict().items()})
