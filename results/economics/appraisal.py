"""What the money beyond the comparator buys, run by run: costs, benefits, net present social value, payback.

The lens is society's. Costs are those of all who pay. Benefits are what victims and the economy do not lose, what
programmes ease of victims' harm, and what public services need not spend at the margin, the force's hours among them at
what they cost, or the cash of posts that go instead. Benefits not paid and taxes are a transfer, one's gain and
another's loss: in the fiscal return alone. The run's years alone are looked at: what comes after them is left out,
costs and benefits alike. Costs are those of the budget; beside them stand costs corrected for optimism.
"""

from typing import NamedTuple

import numpy as np
import xarray as xr

from model.evidence import Evidence
from results.compare import averted, of_crime, others
from results.economics import measures
from results.economics.agencies import TRANSFERS
from results.economics.discounting import discount_factors
from results.economics.ledger import (
    cash_to_the_force,
    harm_eased,
    other_public_services,
    social_value,
    worth_of_capacity,
)
from results.economics.optimism import corrected

LEAST = 1e-6  # of what the comparator spends: a difference below it is rounding


class Streams(NamedTuple):
    """(other alternatives, replicate, year) pounds beyond the comparator, undiscounted; less is negative."""

    cost: xr.DataArray  # to all who pay for the programmes
    commissioner: xr.DataArray  # the commissioner's part of it
    public: xr.DataArray  # what public purses other than the force's need not spend, at the margin, transfers among it
    benefit: xr.DataArray  # to society: `public` without transfers, the force's hours, victims and the economy
    corrected: xr.DataArray  # cost, corrected for optimism


def streams(ds: xr.Dataset, comparator: str, evidence: Evidence) -> Streams:
    """Costs and benefits by year."""
    by_payer = other_public_services(ds, comparator).sel(basis="marginal", drop=True)
    services = by_payer.sel(payer=by_payer.payer != TRANSFERS).sum("payer")
    capacity = worth_of_capacity(ds, comparator).sel(basis="marginal", drop=True)
    social = social_value(ds, comparator).sum("component") + harm_eased(ds, comparator)
    cost, commissioner = (
        -averted(ds, name, comparator).sum("programme") for name in ("programme_spend", "commissioner_spend")
    )
    order = ("alternative", "replicate", "year")
    benefit = services + capacity + cash_to_the_force(ds, comparator) + social
    dear = corrected(ds, comparator, evidence)
    return Streams(*(one.transpose(*order) for one in (cost, commissioner, by_payer.sum("payer"), benefit, dear)))


class Appraisal(NamedTuple):
    """Each (other alternatives, replicate), beyond the comparator over the plan; pounds are of the price year and
    present values."""

    cost: xr.DataArray  # to all who pay
    commissioner: xr.DataArray
    public: xr.DataArray  # to public purses other than the force's, transfers among it
    benefit: xr.DataArray  # to society, no transfers
    net: xr.DataArray  # net present social value: benefit less cost
    payback: xr.DataArray  # the year, from 0, by whose end it has paid back; infinite where not within the plan
    offences: xr.DataArray  # averted, antisocial behaviour left out; each year's discounted as pounds are
    harm_days: xr.DataArray  # averted, discounted so too
    corrected: xr.DataArray  # cost to all who pay, corrected for optimism


def appraisal(ds: xr.Dataset, comparator: str, evidence: Evidence) -> Appraisal:
    """The measures of every run, each from its own costs and benefits."""
    money, factors = streams(ds, comparator, evidence), discount_factors(evidence, ds.sizes["year"])

    def told(values: np.ndarray) -> xr.DataArray:
        return money.cost.isel(year=0, drop=True).copy(data=values)

    cost, commissioner, public, benefit, dear = (told(measures.present_value(one.values, factors)) for one in money)
    payback = told(measures.payback_year(money.benefit.values, money.cost.values, factors))
    order = money.cost.dims
    offences, harm = (
        told(measures.present_value(one.transpose(*order).values, factors))
        for one in (
            of_crime(averted(ds, "expected_offences", comparator)).sum(("area", "offence")),
            averted(ds, "expected_harm", comparator).sum("area"),
        )
    )
    return Appraisal(cost, commissioner, public, benefit, benefit - cost, payback, offences, harm, dear)


def spends_more(ds: xr.Dataset, comparator: str, found: Appraisal) -> list[str]:
    """The alternatives that cost more than the comparator in every run: a ratio has a meaning for these alone."""
    whole = float(ds.programme_spend.sel(alternative=comparator).sum(("programme", "year")).mean())
    more = found.cost.min("replicate") > max(LEAST * whole, 1.0)
    return [name for name in others(ds, comparator) if bool(more.sel(alternative=name))]
