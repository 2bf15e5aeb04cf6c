"""Proven reoffending by what a follow-up began with, and whether a child or an adult began it."""

import numpy as np
from numpy.typing import NDArray

from calibration.watching.watched import BEGAN
from model import happenings as h
from model.people import NEVER, Columns

OUT_OF_COURT, COMMUNITY, SHORT, LONG = range(len(BEGAN))
SHORT_SERVED = 6  # months: a standard sentence of under twelve, of which half is served
OF_AGE = 216
UNKNOWN = 255


class FollowUps:
    """What each follow-up under way began with, by row; and the counts of those that ended."""

    def __init__(self, rows: int) -> None:
        self.began = np.full(rows, UNKNOWN, np.uint8)  # of those begun before the run it is not known
        self.adult = np.zeros(rows, np.bool_)
        self.sentenced = np.zeros(rows, np.int16)  # months of the latest custody sentence
        self.ended = np.zeros((2, len(BEGAN), 2), np.int64)

    def note(self, log: NDArray[np.void], people: Columns, month: int) -> None:
        """A month's log, and the people as they are after it."""
        short = int(max(log["row"].max(initial=-1) + 1 - self.began.size, 0))
        if short:
            self.began = np.concatenate([self.began, np.full(short + 4096, UNKNOWN, np.uint8)])
            self.adult = np.concatenate([self.adult, np.zeros(short + 4096, np.bool_)])
            self.sentenced = np.concatenate([self.sentenced, np.zeros(short + 4096, np.int16)])
        over = log[log["kind"] == h.FOLLOW_UP]
        known = over[self.began[over["row"]] != UNKNOWN]
        rows = known["row"]
        np.add.at(self.ended, (self.adult[rows].astype(int), self.began[rows], 0), 1)
        np.add.at(self.ended, (self.adult[rows].astype(int), self.began[rows], 1), known["a"].astype(np.int64))
        self.began[over["row"]] = UNKNOWN
        jailed = log["row"][log["kind"] == h.CUSTODY_SENTENCE]
        self.sentenced[jailed] = people["custody_end"][jailed] - month
        released = log["row"][log["kind"] == h.RELEASE]
        self.begin(released, np.where(self.sentenced[released] < SHORT_SERVED, SHORT, LONG), people, month)
        self.begin(log["row"][log["kind"] == h.OUT_OF_COURT], OUT_OF_COURT, people, month)
        sentenced = log["row"][log["kind"] == h.CONVICTION]
        self.begin(np.setdiff1d(sentenced, jailed), COMMUNITY, people, month)

    def begin(self, rows: NDArray[np.int32], kind: NDArray[np.int64] | int, people: Columns, month: int) -> None:
        """Note follow-ups that began this month; not where another is under way."""
        new = (people["cohort"][rows] == month) & (people["cohort"][rows] != NEVER)
        self.began[rows[new]] = kind if isinstance(kind, int) else kind[new]
        self.adult[rows[new]] = month - people["birth"][rows[new]].astype(np.int64) >= OF_AGE
