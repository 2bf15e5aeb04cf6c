"""Year by year, April to March: what an alternative costs beyond the comparator and what it is worth, inside the plan
and beyond it; and how cost and worth add up."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from results.compare import comparator_of
from results.economics.appraisal import by_year_today, streams
from results.economics.ledger import (
    cash_to_the_force,
    factors,
    harm_eased,
    other_public_services,
    social_value,
    worth_of_capacity,
)
from results.economics.measures import ahead_from
from results.labels import year_name
from results.prices import shipped
from results.table_rows import Cell, Rows, interval_header, intervals, pounds_of, present_pounds_of

INSIDE, BEYOND = "inside the plan", "beyond the plan"
SURE = 0.95  # of the runs, in which a payback that is told comes about: all where there are fewer than twenty
CASH = "cash to the force (of posts that go)"
IN_CASH, PUBLIC, SOCIETY = "commissioner and force, in cash", "public purse, if services spend less", "society"


def plan_end(ds: xr.Dataset, name: str) -> int:
    """The last year in which an alternative spends anything on a programme; the run's last where it never does."""
    spent = ds.programme_spend.sel(alternative=name).sum("programme").max("replicate") > 0.0
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
    lines = lines_by_year(ds, comparator_of(ds))
    rows: list[list[Cell]] = []
    for name in lines["cost to all who pay"].alternative.values:
        end = plan_end(ds, str(name))
        for line, runs in lines.items():
            for (year,), numbers in intervals(runs.sel(alternative=name), "year"):
                within = INSIDE if int(year) <= end else BEYOND
                rows.append([str(name), comparator_of(ds), line, year_name(int(year)), within, *numbers])
    header = ["alternative", "comparator", "line (never added up)", "financial year (April to March)",
              "while the alternative has money (plan), or after"]  # fmt: skip
    return [*header, *interval_header(ds, pounds_of(ds))], rows


def net_so_far(ds: xr.Dataset, comparator: str) -> dict[str, xr.DataArray]:
    """(other alternatives, replicate, year) present value by the end of each year: the cash of posts that go less what
    the commissioner spends; what public purses need not spend less what the programmes cost; and all that is gained
    less that cost."""
    money = by_year_today(ds, comparator, shipped())
    cash = cash_to_the_force(ds, comparator) * factors(ds, shipped())
    return {
        IN_CASH: (cash - money.commissioner).transpose(*money.cost.dims).cumsum("year"),
        PUBLIC: (money.public - money.cost).cumsum("year"),
        SOCIETY: (money.benefit - money.cost).cumsum("year"),
    }


def paybacks_told(sums: Mapping[str, xr.DataArray], more: Sequence[str]) -> dict[str, dict[str, float]]:
    """By sum of `net_so_far` and alternative, the years to its payback, of those of which one is told: they are among
    `more`, which cost more than the comparator in every run, and surely gain by it in the end."""
    told = {}
    for purse, runs in sums.items():
        sure = [name for name in more if gains_surely(runs.sel(alternative=name).isel(year=-1))]
        years = {name: float(years_to_payback(runs).sel(alternative=name)) for name in sure}
        told[purse] = {name: when for name, when in years.items() if np.isfinite(when)}
    return told


def so_far_by_year(ds: xr.Dataset, sums: Mapping[str, xr.DataArray], back: Mapping[str, Mapping[str, float]]) -> Rows:
    """`net_so_far` by the end of each financial year, and `paybacks_told` of it."""
    comparator = comparator_of(ds)
    rows: list[list[Cell]] = []
    for purse, runs in sums.items():
        for name in (str(one) for one in runs.alternative.values):
            for (year,), numbers in intervals(runs.sel(alternative=name), "year"):
                rows.append([name, comparator, purse, year_name(int(year)), *numbers, back[purse].get(name, "")])
    header = ["alternative", "comparator", "purse (never added up)", "by the end of financial year"]
    when_back = "paid back (years, median run; where it is told)"
    return [*header, *interval_header(ds, present_pounds_of(ds)), when_back], rows


def gains_surely(net: xr.DataArray) -> bool:
    """Whether net benefits of runs (replicate,) are above nothing in SURE of them. A mean that is above nothing by its
    error over a few runs is not enough to tell a public when it has its money back; one run tells nothing."""
    return net.size > 1 and float((net > 0.0).mean()) >= SURE


def years_to_payback(so_far: xr.DataArray) -> xr.DataArray:
    """(other alternatives,) years until a sum so far (alternative, replicate, year) is no longer below nothing and
    stays so, to that year's end, in the median run; infinite where half of the runs or more do not come to it."""
    first = ahead_from(so_far.transpose("alternative", "replicate", "year").values) + 1.0
    return xr.DataArray(np.median(first, axis=1), dims="alternative", coords={"alternative": so_far.alternative})
