"""What a stream of pounds by year comes to: present value, ratio, payback and break-even.

Costs and benefits are pounds of one price year, by year of the plan, (..., Y): whatever dims stand before the years are
kept, so that each run has its own figure and its doubt is told after, not before. A cost is positive; so is a benefit.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def present_value(pounds: Floats, factors: Floats) -> Floats:
    """(...) the sum over years (..., Y), each times what its pound is worth today, (Y,)."""
    return np.asarray((pounds * factors).sum(axis=-1))


def net_present_value(benefits: Floats, costs: Floats, factors: Floats) -> Floats:
    """(...) benefits less costs."""
    return present_value(benefits - costs, factors)


def ratio(benefits: Floats, costs: Floats, factors: Floats) -> Floats:
    """(...) benefits for each pound of cost, both discounted; NaN where nothing is spent (no ratio of a saving)."""
    spent = present_value(costs, factors)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(spent > 0.0, present_value(benefits, factors) / spent, np.nan)


def payback_year(benefits: Floats, costs: Floats, factors: Floats) -> Floats:
    """(...) the first year, counted from 0, by whose end the benefits so far are no less than the costs so far and
    never fall behind them again; infinite where that is not within the years looked at."""
    ahead = np.cumsum((benefits - costs) * factors, axis=-1) >= 0.0
    stays = np.flip(np.minimum.accumulate(np.flip(ahead, axis=-1), axis=-1), axis=-1)
    return np.where(stays.any(axis=-1), stays.argmax(axis=-1).astype(np.float64), np.inf)


def break_even_effect(benefits: Floats, costs: Floats, factors: Floats) -> Floats:
    """(...) the share of the effect found at which benefits just meet costs: 0.5 says that half of it would do, 2 that
    it would have to be twice as large. Benefits are taken to rise with the effect in proportion. Infinite where there
    is no benefit, as no multiple of it would do."""
    found, spent = present_value(benefits, factors), present_value(costs, factors)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(found > 0.0, spent / found, np.where(spent > 0.0, np.inf, 0.0))


def break_even_unit_cost(benefits: Floats, units: Floats, factors: Floats) -> Floats:
    """(...) the most that a unit of treatment may cost for its benefits to meet it; `units` (..., Y) bought by year.
    NaN where none is bought."""
    bought = present_value(units, factors)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bought > 0.0, present_value(benefits, factors) / bought, np.nan)
