"""What the money beyond the comparator buys, run by run: costs, benefits, net present social value, payback.

The lens is society's: costs are those of all who pay, benefits what victims and the economy do not lose and what public
services need not spend at the margin, the force's hours among them at what they cost. The plan's years alone are
looked at: what comes after them is left out, costs and benefits alike. No correction for optimism is made.
"""

from typing import NamedTuple

import numpy as np
import xarray as xr

from model.evidence import Evidence
from results.compare import averted, of_crime, others
from results.economics import measures
from results.economics.discounting import discount_factors
from results.economics.ledger import other_public_services, social_value, worth_of_capacity


class Streams(NamedTuple):
    """(other alternatives, replicate, year) pounds beyond the comparator, undiscounted; less is negative."""

    cost: xr.DataArray  # to all who pay for the programmes
    commissioner: xr.DataArray  # the commissioner's part of it
    public: xr.DataArray  # benefit: what public services other than the force need not spend, at the margin
    benefit: xr.DataArray  # all benefits, `public` among them


def streams(ds: xr.Dataset, comparator: str) -> Streams:
    """Costs and benefits by year of the plan."""
    public = other_public_services(ds, comparator).sel(basis="marginal", drop=True).sum("payer")
    capacity = worth_of_capacity(ds, comparator).sel(basis="marginal", drop=True)
    social = social_value(ds, comparator).sum("component")
    cost, commissioner = (
        -averted(ds, name, comparator).sum("programme") for name in ("programme_spend", "commissioner_spend")
    )
    order = ("alternative", "replicate", "year")
    return Streams(*(one.transpose(*order) for one in (cost, commissioner, public, public + capacity + social)))


class Appraisal(NamedTuple):
    """Each (other alternatives, replicate), beyond the comparator over the plan; pounds are of the price year and
    present values."""

    cost: xr.DataArray  # to all who pay
    commissioner: xr.DataArray
    public: xr.DataArray  # benefit to public services other than the force
    benefit: xr.DataArray  # to society, `public` among it
    net: xr.DataArray  # net present social value: benefit less cost
    payback: xr.DataArray  # the year, from 0, by whose end it has paid back; infinite where not within the plan
    offences: xr.DataArray  # averted, antisocial behaviour left out
    harm_days: xr.DataArray  # averted


def appraisal(ds: xr.Dataset, comparator: str, evidence: Evidence) -> Appraisal:
    """The measures of every run, each from its own costs and benefits."""
    money, factors = streams(ds, comparator), discount_factors(evidence, ds.sizes["year"])

    def told(values: np.ndarray) -> xr.DataArray:
        return money.cost.isel(year=0, drop=True).copy(data=values)

    cost, commissioner, public, benefit = (told(measures.present_value(one.values, factors)) for one in money)
    payback = told(measures.payback_year(money.benefit.values, money.cost.values, factors))
    offences = of_crime(averted(ds, "expected_offences", comparator)).sum(("area", "offence", "year"))
    harm = averted(ds, "expected_harm", comparator).sum(("area", "year"))
    return Appraisal(cost, commissioner, public, benefit, benefit - cost, payback, offences, harm)


def spends_more(ds: xr.Dataset, comparator: str) -> list[str]:
    """The alternatives that cost more than the comparator in every run: a ratio has a meaning for these alone."""
    more = streams(ds, comparator).cost.sum("year").min("replicate") > 0
    return [name for name in others(ds, comparator) if bool(more.sel(alternative=name))]
