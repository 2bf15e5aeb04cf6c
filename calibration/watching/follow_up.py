"""Proven reoffending as the Ministry of Justice counts it: by what brought a person into a quarter's cohort.

Each quarter everybody who left custody, was sentenced in the community or cautioned in it is followed from the first of
these: an offence committed within twelve months and proven within eighteen is a reoffence (Guide to proven reoffending
statistics, cohorts of three months). One who comes back each quarter is in each quarter's cohort.
"""

import numpy as np
from numpy.typing import NDArray

from calibration.watching.watched import BEGAN
from model import happenings as h
from model.people import NEVER, RISK, Columns
from model.rules.justice import FOLLOW_UP, FOLLOW_UP_WITH_PROOF

Ints = NDArray[np.int64]
OUT_OF_COURT, COMMUNITY, ORDER, SHORT, LONG = range(len(BEGAN))
SHORT_SERVED = 6  # months: a standard sentence of under twelve, of which half is served
OF_AGE = 216
QUARTER = 3
IN_CUSTODY = np.uint32(1 << RISK["in_custody"])


class FollowUps:
    """Who was brought into cohorts and what was proven, month by month; `ended` counts follow-ups that ran out."""

    def __init__(self) -> None:
        self.begun = np.zeros((0, 4), np.int64)  # row, month, place in BEGAN, adult
        self.proven = np.zeros((0, 3), np.int64)  # row, month committed, month proven
        self.sentenced: dict[int, int] = {}  # months of the custody sentence that a row serves
        self.before: tuple[Ints, Ints] = np.zeros(0, np.int64), np.zeros(0, np.int64)

    def look(self, people: Columns) -> None:
        """Note the people as a month begins: for which offence a case stands, and how much is on record."""
        self.before = people["court_committed"].astype(np.int64), people["convictions"].astype(np.int64)

    def note(self, log: NDArray[np.void], people: Columns, month: int) -> None:
        """A month's log, and the people as they are after it."""
        committed, on_record = self.before
        heard = log["row"][log["kind"] == h.CONVICTION].astype(np.int64)
        dealt = np.unique(log["row"][log["kind"] == h.OUT_OF_COURT].astype(np.int64))
        added = people["convictions"][dealt].astype(np.int64) - on_record[dealt] - np.isin(dealt, heard)
        cautioned = dealt[added > 0]
        self.prove(heard, committed[heard], month)
        self.prove(cautioned, np.full(cautioned.size, month), month)
        jailed = log["row"][log["kind"] == h.CUSTODY_SENTENCE].astype(np.int64)
        released = log["row"][log["kind"] == h.RELEASE].astype(np.int64)
        served = np.array([self.sentenced.pop(row, 0) for row in released.tolist()], np.int64)
        known = served > 0  # of sentences begun before the run the length is not known
        self.begin(released[known], np.where(served[known] < SHORT_SERVED, SHORT, LONG), people, month)
        for row in jailed.tolist():
            self.sentenced[row] = int(people["custody_end"][row]) - month
        outside = np.setdiff1d(heard, jailed)
        outside = outside[people["risks"][outside] & IN_CUSTODY == 0]
        orders = log["row"][log["kind"] == h.COMMUNITY_SENTENCE]  # with probation; the others are fined or discharged
        self.begin(outside, np.where(np.isin(outside, orders), ORDER, COMMUNITY), people, month)
        self.begin(cautioned, np.full(cautioned.size, OUT_OF_COURT), people, month)

    def prove(self, rows: Ints, committed: Ints, month: int) -> None:
        """Offences proven this month."""
        known = committed != NEVER
        told = np.column_stack([rows[known], committed[known], np.full(int(known.sum()), month)])
        self.proven = np.concatenate([self.proven, told])

    def begin(self, rows: Ints, kind: Ints, people: Columns, month: int) -> None:
        """What may bring each of these rows into the quarter's cohort."""
        adult = month - people["birth"][rows].astype(np.int64) >= OF_AGE
        self.begun = np.concatenate([self.begun, np.column_stack([rows, np.full(rows.size, month), kind, adult])])

    def ended(self, first: int, last: int) -> Ints:
        """(2, BEGAN, 2) children and adults by what they came by: followed to the end before month `last`, and with a
        reoffence. `first` is the month in which the first quarter begins."""
        found = np.zeros((2, len(BEGAN), 2), np.int64)
        whole = self.begun[self.begun[:, 1] + FOLLOW_UP_WITH_PROOF < last]
        _, at = np.unique(np.column_stack([whole[:, 0], (whole[:, 1] - first) // QUARTER]), axis=0, return_index=True)
        order = np.argsort(self.proven[:, 0], kind="stable")
        proven = self.proven[order]
        for row, began, kind, adult in whole[at].tolist():
            low, high = np.searchsorted(proven[:, 0], [row, row + 1])
            after = proven[low:high, 1] - began
            again = (after > 0) & (after <= FOLLOW_UP) & (proven[low:high, 2] <= began + FOLLOW_UP_WITH_PROOF)
            found[adult, kind] += 1, int(again.any())
        return found
