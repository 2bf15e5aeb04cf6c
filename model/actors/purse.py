"""What a programme's money does before it buys anything, as it ends, and when too few come for it.

The first months of money set the programme up; then places rise to all that the money buys; when the money ends,
they fall to none over the run-down, still paid for, and ending may cost something once. Money for places that nobody
took buys places in later months of the year; what is left in March goes back, or is there in April. A fractional
place is a keyed chance, and what chance bought too much or too little is made good in the months after.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.inputs import Programme

STATE = ("paid_months", "stopped_months", "last", "unspent", "open", "added")


@dataclass
class Purse:
    """The money of one programme; pounds are those of all who pay, for the real area."""

    one: float  # pounds of one place: of the real area's, as many as one of the people simulated stands for
    set_up: int  # months
    ramp: int
    run_down: int
    exit_cost: float  # pounds, once
    carried: bool
    paid_months: float = 0.0  # since it was last set up
    stopped_months: float = 0.0  # since the money ended
    last: float = 0.0  # pounds of the last month with money; 0 once it has run down
    unspent: float = 0.0  # pounds for places that nobody took yet; within one place of 0 it is rounding
    open: float = 0.0  # places on offer that nobody took yet
    added: float = 0.0  # pounds spent this year beyond its budget: run-down, exit, what was carried in

    def at_work(self, pounds: float) -> float:
        """Pounds at work this month, beyond set-up and rise, given the month's budget."""
        if pounds <= 0.0:
            return self.running_down()
        if self.stopped_months > self.run_down:
            self.paid_months = 0.0
        self.stopped_months = 0.0
        self.paid_months += 1.0
        self.last = pounds
        return pounds * self.share_at_work()

    def buy(self, pounds: float, luck: float) -> tuple[int, int]:
        """Places that are new this month, and all on offer with the money that was left; `luck` in [0, 1)."""
        working = self.at_work(pounds)
        if working <= 0.0 and not (self.carried and self.unspent > self.one):
            return 0, 0
        self.unspent += working
        places = max(int(self.unspent / self.one + luck), 0)
        new = max(places - int(self.open), 0)
        self.open = float(places)
        return new, places

    def pay_for(self, places: int) -> None:
        """Places that were taken."""
        self.unspent -= places * self.one
        self.open = max(self.open - places, 0.0)

    def share_at_work(self) -> float:
        """The share of a month's money that buys places, 0 in set-up and 1 after the rise."""
        at_work = self.paid_months - self.set_up
        return 0.0 if at_work <= 0.0 else min(1.0, at_work / (self.ramp + 1.0))

    def running_down(self) -> float:
        """Pounds that still buy places after the money has ended."""
        if self.last <= 0.0:
            return 0.0
        self.stopped_months += 1.0
        if self.stopped_months == 1.0:
            self.added += self.exit_cost
        if self.stopped_months > self.run_down:
            self.last = 0.0
            return 0.0
        pounds = self.last * (1.0 - self.stopped_months / (self.run_down + 1.0)) * self.share_at_work()
        self.added += pounds
        return pounds

    def ending(self, years: int) -> NDArray[np.float64]:
        """(years,) pounds that run-down and exit would cost if no more money came from now on."""
        ghost, costs = replace(self, added=0.0), np.zeros(years)
        for year in range(years):
            for _ in range(12):
                ghost.at_work(0.0)
            costs[year], ghost.added = ghost.added, 0.0
        return costs

    def close_year(self, last: bool) -> tuple[float, float]:
        """Pounds spent this year beyond the budget and pounds of it left over; in the `last` year all goes back."""
        added, left = self.added, max(self.unspent - self.one, 0.0)
        if self.carried and not last:
            self.added = left  # spent, or left again, next year
            return added, left
        self.added = 0.0
        if left > 0.0:
            self.unspent -= left
            self.open = max(self.open - left / self.one, 0.0)
        return added, left


def purse_of(programme: Programme, values: Mapping[str, float], carried: bool, scale: float = 1.0) -> Purse:
    """The empty purse of a programme; `scale` is that of those whom it reaches."""
    return Purse(
        values.get(f"{programme.id}.unit_cost", 0.0) / scale, programme.set_up_months, programme.ramp_months,
        programme.run_down_months, values.get(f"{programme.id}.exit_cost", 0.0), carried,
    )  # fmt: skip
