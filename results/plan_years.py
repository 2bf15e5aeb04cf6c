"""Year by year, April to March: what an alternative costs beyond the comparator and what it is worth, inside the plan
and beyond it; and how cost and worth add up."""

import numpy as np
import xarray as xr

from results.compare import comparator_of
from results.economics.appraisal import Streams, streams
from results.economics.discounting import discount_factors
from results.economics.ledger import (
    cash_to_the_force,
    harm_eased,
    other_public_services,
    social_value,
    worth_of_capacity,
)
from results.economics.measures import from_there_on
from results.labels import year_name
from results.prices import shipped
from results.table_rows import Cell, Rows, interval_header, intervals, pounds_of

INSIDE, BEYOND = "inside the plan", "beyond the plan"
SURE = 0.95  # of the runs, in which a payback that is told comes about: all where there are fewer than twenty
CASH = "cash to the force (of posts that go)"


def plan_end(ds: xr.Dataset) -> int:
    """The last year in which any alternative spends anything on a programme; the run's last where none ever does."""
    spent = ds.programme_spend.sum("programme").max(("alternative", "replicate")) > 0.0
    years = ds.year.values[spent.values]
    return int(years[-1] if years.size else ds.year[-1])


def lines_by_year(ds: xr.Dataset, comparator: str) -> dict[str, xr.DataArray]:
    """(other alternatives, replicate, year) pounds of each line, undiscounted: costs first, then what is averted, of
    services at the margin."""
    money = streams(ds, comparator, shipped())
    force = worth_of_capacity(ds, comparator).sel(basis="marginal", drop=True)
    services = other_public_services(ds, comparator).sel(basis="marginal", drop=True)
    return {
        "cost to all who pay": money.cost,
        "of which the commissioner's": money.commissioner,
        CASH: cash_to_the_force(ds, comparator),
        "capacity of the force, worth at the margin": force,
        "other public services, at the margin": services.sum("payer"),
        "social value": social_value(ds, comparator).sum("component") + harm_eased(ds, comparator),
    }


def money_by_year(ds: xr.Dataset) -> Rows:
    """Costs and what they avert in each financial year."""
    end, lines = plan_end(ds), lines_by_year(ds, comparator_of(ds))
    rows: list[list[Cell]] = []
    for name in lines["cost to all who pay"].alternative.values:
        for line, runs in lines.items():
            for (year,), numbers in intervals(runs.sel(alternative=name), "year"):
                within = INSIDE if int(year) <= end else BEYOND
                rows.append([str(name), comparator_of(ds), line, year_name(int(year)), within, *numbers])
    header = ["alternative", "comparator", "line (never added up)", "financial year (April to March)", "plan"]
    return [*header, *interval_header(ds, pounds_of(ds))], rows


def net_so_far(ds: xr.Dataset, comparator: str) -> dict[str, xr.DataArray]:
    """(other alternatives, replicate, year) present value by the end of each year, of two purses: what public services
    need not spend less what the programmes cost; and all that is gained less that cost."""
    money: Streams = streams(ds, comparator, shipped())
    factors = xr.DataArray(discount_factors(shipped(), ds.sizes["year"]), dims="year", coords={"year": ds.year})
    force = worth_of_capacity(ds, comparator).sel(basis="marginal", drop=True) + cash_to_the_force(ds, comparator)
    public = (money.public + force - money.cost) * factors
    society = (money.benefit - money.cost) * factors
    return {"public purse": public.cumsum("year"), "society": society.cumsum("year")}


def gains_surely(net: xr.DataArray) -> bool:
    """Whether net benefits of runs (replicate,) are above nothing in SURE of them. A mean that is above nothing by its
    error over a few runs is not enough to tell a public when it has its money back; one run tells nothing."""
    return net.size > 1 and float((net > 0.0).mean()) >= SURE


def years_to_payback(ds: xr.Dataset, runs: xr.DataArray) -> xr.DataArray:
    """(other alternatives,) the first year by whose end the mean over runs of a sum so far is no longer below nothing,
    and stays so; infinite where it is at the end."""
    ahead = runs.mean("replicate").transpose("alternative", "year").values >= 0.0
    stays = from_there_on(ahead)
    first = np.where(stays.any(axis=1), ds.year.values[stays.argmax(axis=1)], np.inf)
    return xr.DataArray(first, dims="alternative", coords={"alternative": runs.alternative})
