"""Draws are added until the headline is steady: its Monte Carlo error is a small enough share of it."""

import math
from typing import NamedTuple

import xarray as xr

from results.compare import comparator_of, error_share
from results.measures import OFFENCES_MEASURE, averted_in_all

MOST_DRAWS = 2000
MOST_TIMES = 4  # as many draws as before: an error from few draws is itself uncertain


class Steadiness(NamedTuple):
    """The headline: offences averted by the first alternative beside the comparator."""

    alternative: str
    share: float  # its error as a share of it; NaN where there is no difference, or one run

    def words(self, draws: int) -> str:
        told = f"its error is {self.share:.1%} of it"
        if math.isnan(self.share):
            told = "no difference, or no error that can be told from one run"
        return f"offences averted by {self.alternative} after {draws:,} draws: {told}"


def steadiness(ds: xr.Dataset) -> Steadiness:
    """Of the mean over draws: from how few there are and from chance, whichever is larger; of one draw from chance."""
    told = averted_in_all(ds, OFFENCES_MEASURE, comparator_of(ds)).isel(alternative=0)
    return Steadiness(str(told.alternative.values), error_share(float(told.estimate), float(told.error)))


def next_draws(share: float, draws: int, until: float) -> int | None:
    """How many draws in all to go on to, or None where the error is small enough, or nothing would make it so.

    An error falls with the root of the draws.
    """
    if math.isnan(share) and draws == 1:
        return 2 * MOST_TIMES
    if math.isnan(share) or share <= until or draws >= MOST_DRAWS:
        return None
    needed = math.ceil(draws * min((share / until) ** 2, MOST_TIMES))
    return min(max(needed, draws + 1), MOST_DRAWS)
