"""What money does before it buys, and as it ends: model/ODD.md 7.12.

Pounds are of all who pay, and of the real area.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor


@dataclass
class Purse:
    """The money of one programme."""

    one: float  # pounds of one place or unit; of people, as they are simulated
    set_up: int  # months of money before the first place
    ramp: int  # months after set-up over which places rise to all that the money buys
    run_down: int  # months after the last money in which places, still paid for, fall to none
    exit_cost: float  # pounds, once
    carried: bool  # whether what is left in March is there next year
    budget: float = 0.0  # pounds of this year
    paid: int = 0  # months with money since it was set up
    last: float = 0.0  # pounds of the last month with money
    stopped: int = 0  # months since then
    unspent: float = 0.0  # pounds
    beyond: float = 0.0  # pounds spent beyond the budget this year
    brought: float = 0.0  # pounds carried over from last year
    open: float = 0.0  # places on offer that nobody took


def works(purse: Purse) -> float:
    """The pounds that work this month (7.12 steps 1 and 2)."""
    if purse.budget > 0:
        if purse.stopped > purse.run_down:
            purse.paid = 0  # set up anew
        purse.stopped = 0
        purse.paid += 1
        purse.last = purse.budget / 12
        return purse.last * _risen(purse)
    if purse.paid == 0:
        return 0.0  # never had any
    purse.stopped += 1
    if purse.stopped == 1:
        purse.beyond += purse.exit_cost
    working = _run_down(purse, purse.stopped)
    purse.beyond += working
    return working


def _risen(purse: Purse) -> float:
    """The share of the money that works after so many paid months."""
    return min(max(purse.paid - purse.set_up, 0) / (purse.ramp + 1), 1.0)


def _run_down(purse: Purse, k: int) -> float:
    """Pounds that work in the k-th month after the last with money."""
    return purse.last * max(1 - k / (purse.run_down + 1), 0.0) * _risen(purse)


def cost_of_ending(purse: Purse, years: int) -> list[float]:
    """Pounds of run-down and exit, by year from this April, if no money comes from now on (7.11)."""
    costs = [0.0] * years
    if purse.paid > 0 and purse.stopped == 0:
        costs[0] = purse.exit_cost
        for k in range(1, purse.run_down + 1):
            if (k - 1) // 12 < years:
                costs[(k - 1) // 12] += _run_down(purse, k)
    return costs


def places_on_offer(purse: Purse, working: float, u: float) -> tuple[int, int]:
    """Places on offer this month, and how many of them are new, with u between 0 and 1 by chance (7.12 step 3)."""
    purse.unspent += working
    if working <= 0 and not (purse.carried and purse.unspent > purse.one):
        return 0, 0
    offered = max(floor(purse.unspent / purse.one + u), 0)
    new = max(offered - int(purse.open), 0)
    purse.open = offered
    return offered, new


def pay(purse: Purse, taken: int) -> None:
    """Pay for the places taken; the others stay open."""
    purse.unspent -= taken * purse.one
    purse.open -= taken


def close(purse: Purse, money_next_year: bool) -> float:
    """In March: the pounds spent in the year (7.12 step 4)."""
    left = max(purse.unspent - purse.one, 0.0)
    spent = purse.budget + purse.brought + purse.beyond - left
    purse.brought, purse.beyond = 0.0, 0.0
    if purse.carried and money_next_year:
        purse.brought = left
    else:
        purse.unspent -= left
        purse.open = max(purse.open - left / purse.one, 0.0)  # what is no longer paid for is no longer on offer
    return spent
