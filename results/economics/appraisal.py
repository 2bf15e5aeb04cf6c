"""What the money beyond the comparator buys, run by run: costs, benefits, net present social value, payback.

The lens is society's. Costs are those of all who pay. Benefits are what victims and the economy do not lose, what
programmes ease of victims' harm, and what public services need not spend at the margin, the force's hours among them at
what they cost, or the cash of posts that go instead. Benefits not paid and taxes are a transfer, one's gain and
another's loss: in the fiscal return alone. The run's years alone are looked at: what comes after them is left out,
costs and benefits alike. Costs are those of the budget; beside them stand costs corrected for optimism. Harm to health
is discounted by the rate for health, all else by the standard one.
"""

from typing import NamedTuple

import xarray as xr

from model.evidence import Evidence
from results.compare import averted, of_crime, others
from results.economics import measures
from results.economics.agencies import TRANSFERS
from results.economics.ledger import (
    HEALTH,
    cash_to_the_force,
    factors,
    harm_eased,
    other_public_services,
    social_value,
    worth_of_capacity,
)
from results.economics.optimism import corrected

LEAST = 1e-6  # of what the comparator spends: a difference below it is rounding


class Streams(NamedTuple):
    """(other alternatives, replicate, year) pounds beyond the comparator; less is negative."""

    cost: xr.DataArray  # to all who pay for the programmes
    commissioner: xr.DataArray  # the commissioner's part of it
    public: xr.DataArray  # what public purses need not spend at the margin, transfers among it; of the force's its cash
    benefit: xr.DataArray  # to society: `public` without transfers, the force's hours, victims and the economy
    health: xr.DataArray  # the part of `benefit` that is harm to victims' health
    corrected: xr.DataArray  # cost, corrected for optimism


def streams(ds: xr.Dataset, comparator: str, evidence: Evidence, turned: bool = False) -> Streams:
    """Costs and benefits by year, undiscounted; `turned` round, those of the comparator beyond each alternative."""
    by_payer = other_public_services(ds, comparator).sel(basis="marginal", drop=True)
    services = by_payer.sel(payer=by_payer.payer != TRANSFERS).sum("payer")
    capacity = worth_of_capacity(ds, comparator).sel(basis="marginal", drop=True)
    cash, social = cash_to_the_force(ds, comparator), social_value(ds, comparator)
    health = social.sel(component=HEALTH, drop=True) + harm_eased(ds, comparator)
    rest = social.drop_sel(component=HEALTH).sum("component")
    cost, commissioner = (
        -averted(ds, name, comparator).sum("programme") for name in ("programme_spend", "commissioner_spend")
    )
    order = ("alternative", "replicate", "year")
    benefit = services + capacity + cash + rest + health
    sign, dear = -1.0 if turned else 1.0, corrected(ds, comparator, evidence, turned)
    own = (sign * one for one in (cost, commissioner, by_payer.sum("payer") + cash, benefit, health))
    return Streams(*(one.transpose(*order) for one in (*own, dear)))


def by_year_today(ds: xr.Dataset, comparator: str, evidence: Evidence, turned: bool = False) -> Streams:
    """The same, each as its present value."""
    money = streams(ds, comparator, evidence, turned)
    standard, own = factors(ds, evidence), factors(ds, evidence, "health")
    worth = (money.benefit - money.health) * standard + money.health * own
    return Streams(*(one * standard for one in money))._replace(benefit=worth, health=money.health * own)


class Appraisal(NamedTuple):
    """Each (other alternatives, replicate), beyond the comparator over the plan; pounds are of the price year and
    present values."""

    cost: xr.DataArray  # to all who pay
    commissioner: xr.DataArray
    public: xr.DataArray  # to public purses, transfers among it; of the force's its cash alone
    benefit: xr.DataArray  # to society, no transfers
    net: xr.DataArray  # net present social value: benefit less cost
    payback: xr.DataArray  # the year, from 0, by whose end it has paid back; infinite where not within the run
    offences: xr.DataArray  # averted, antisocial behaviour left out; each year's discounted as pounds are
    harm_days: xr.DataArray  # averted, discounted so too
    corrected: xr.DataArray  # cost to all who pay, corrected for optimism


def appraisal(ds: xr.Dataset, comparator: str, evidence: Evidence, turned: bool = False) -> Appraisal:
    """The measures of every run, each from its own costs and benefits; `turned` round they are the comparator's beyond
    each alternative, for alternatives that do without something."""
    sign, money = -1.0 if turned else 1.0, by_year_today(ds, comparator, evidence, turned)
    cost, commissioner, public, benefit, _, dear = (one.sum("year") for one in money)
    payback = cost.copy(data=measures.payback_year((money.benefit - money.cost).values))
    offences, harm = (
        (sign * one * factors(ds, evidence)).sum("year").transpose(*cost.dims)
        for one in (
            of_crime(averted(ds, "expected_offences", comparator)).sum(("area", "offence")),
            averted(ds, "expected_harm", comparator).sum("area"),
        )
    )
    return Appraisal(cost, commissioner, public, benefit, benefit - cost, payback, offences, harm, dear)


def spends_more(ds: xr.Dataset, comparator: str, found: Appraisal) -> list[str]:
    """The alternatives that cost more than the comparator in every run, or under which it costs more than they do where
    `found` is turned round: a ratio has a meaning for these alone."""
    whole = float(ds.programme_spend.sel(alternative=comparator).sum(("programme", "year")).mean())
    more = found.cost.min("replicate") > max(LEAST * whole, 1.0)
    return [name for name in others(ds, comparator) if bool(more.sel(alternative=name))]
