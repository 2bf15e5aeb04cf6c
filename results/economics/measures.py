"""What a stream of pounds by year comes to: present value and payback.

Costs and benefits are pounds of one price year, by year of the plan, (..., Y): whatever dims stand before the years are
kept, so that each run has its own figure and its doubt is told after, not before. A cost is positive; so is a benefit.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def present_value(pounds: Floats, factors: Floats) -> Floats:
    """(...) the sum over years (..., Y), each times what its pound is worth today, (Y,)."""
    return np.asarray((pounds * factors).sum(axis=-1))


def from_there_on(true: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(..., Y) whether something is so in a year and in all that follow it."""
    return np.asarray(np.flip(np.minimum.accumulate(np.flip(true, axis=-1), axis=-1), axis=-1))


def payback_year(net: Floats) -> Floats:
    """(...) the first year, counted from 0, by whose end benefits less costs so far, present values by year (..., Y),
    are no less than nothing and never fall below it again; infinite where that is not within the years looked at."""
    return ahead_from(np.cumsum(net, axis=-1))


def ahead_from(so_far: Floats) -> Floats:
    """The same of sums so far (..., Y)."""
    stays = from_there_on(so_far >= 0.0)
    return np.where(stays.any(axis=-1), stays.argmax(axis=-1).astype(np.float64), np.inf)
