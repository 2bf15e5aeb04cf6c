"""Who gains: four lines that are never added up, against the comparator and by year.

1. Cash to the force: what the force then spends less. Nothing, unless a post goes, and the scenario says which.
2. Capacity of the force: hours that its people then have for something else, without those of posts that go. Capacity,
   not cash.
3. Other public services, by who pays: the margin of what they spend, and the average beside it.
4. Social value: what victims and the economy do not lose, and the harm that programmes ease for victims afterwards.

Each event is valued once: police, courts, prisons and the health service by the demand on them, and of the cost of
crime those parts alone that no demand tells (`SOCIAL`).
"""

import json
from collections.abc import Sequence

import xarray as xr

from model.evidence import Evidence
from results.compare import averted, others
from results.economics.discounting import discount_factors

LINES = ("cash to the force", "capacity of the force", "other public services", "social value")
SOCIAL = ("physical_emotional_harm", "lost_output", "property_stolen_damaged", "victim_services")
HEALTH = "physical_emotional_harm"  # told by years of health lost: a discount rate of its own
BY_DEMAND = ("police", "cjs_other", "health_services")  # parts of the cost of crime that `agency_cost` tells as well


def posts_gone(ds: xr.Dataset, what: str) -> xr.DataArray:
    """(alternative, year, role) of the posts that the scenario says go: their `pounds_a_year` or `hours_a_year`."""
    told = json.loads(ds.attrs.get("posts_go") or "{}")
    gone = xr.zeros_like(ds.demand_hours.isel(replicate=0, kind=0, drop=True))
    for name, posts in told.items():
        for one in posts:
            here = (gone.alternative == name) & (gone.year >= one["year"]) & (gone.role == one["role"])
            gone = gone + here * one["posts"] * one[what]
    return gone.transpose("alternative", "year", "role")


def more_gone(ds: xr.Dataset, comparator: str, what: str) -> xr.DataArray:
    """(other alternatives, year, role) of posts that go beyond those of the comparator."""
    gone = posts_gone(ds, what)
    return gone.sel(alternative=others(ds, comparator)) - gone.sel(alternative=comparator, drop=True)


def cash_to_the_force(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, year) pounds: those of posts that go, and nothing else."""
    whole = xr.zeros_like(averted(ds, "agency_cost", comparator).sum(("service", "payer", "basis")))
    return whole + more_gone(ds, comparator, "pounds_a_year").sum("role")


def capacity_of_the_force(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, year, role) hours; without those worked in posts that go."""
    return averted(ds, "demand_hours", comparator).sum("kind") - more_gone(ds, comparator, "hours_a_year")


def worth_of_capacity(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, year, basis) pounds that these hours cost: those averted, less those of posts
    that go at what an hour costs, on the same basis, over all of them."""
    worth = averted(ds, "agency_cost", comparator).sel(payer="police", drop=True).sum("service")
    gone = more_gone(ds, comparator, "hours_a_year").sum("role")
    if not gone.any():
        return worth
    own = ds.sel(alternative=comparator, drop=True)
    an_hour = own.agency_cost.sel(payer="police", drop=True).sum(("service", "year")) / (
        own.demand_hours.sum(("role", "kind", "year"))
    )
    return (worth - gone * an_hour).transpose(*worth.dims)


def other_public_services(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, year, payer, basis) pounds, of payers that spend anything as it is."""
    spent = averted(ds, "agency_cost", comparator).drop_sel(payer="police").sum("service")
    paid = ds.agency_cost.sel(alternative=comparator).sum(("service", "basis", "replicate", "year")) > 0
    return spent.sel(payer=[name for name in spent.payer.values if bool(paid.sel(payer=name))])


def social_value(ds: xr.Dataset, comparator: str, components: Sequence[str] = SOCIAL) -> xr.DataArray:
    """(other alternatives, replicate, year, component) pounds, by expected offences.

    Raises ValueError, by name, for a component that the demand on services tells already.
    """
    if twice := sorted(set(components) & set(BY_DEMAND)):
        raise ValueError(f"{', '.join(twice)} would be counted twice: demand on services tells it already")
    return averted(ds, "expected_crime_cost", comparator).sum("payer").sel(component=list(components))


def harm_eased(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, year) pounds: what victims are spared of the harm of offences that were done."""
    return -averted(ds, "harm_eased_worth", comparator)


def factors(ds: xr.Dataset, evidence: Evidence, of: str = "standard") -> xr.DataArray:
    """(year,) what a pound of each year is worth in the plan's first, by one of the Green Book's two rates."""
    return xr.DataArray(discount_factors(evidence, ds.sizes["year"], of), dims="year", coords={"year": ds.year})


def rate_of(component: str) -> str:
    """By which of the two rates a component of the cost of crime is discounted."""
    return "health" if component == HEALTH else "standard"


def present(ds: xr.Dataset, runs: xr.DataArray, evidence: Evidence, of: str = "standard") -> xr.DataArray:
    """A stream of pounds by year as its present value."""
    return (runs * factors(ds, evidence, of)).sum("year")


def present_social(ds: xr.Dataset, comparator: str, evidence: Evidence) -> dict[str, xr.DataArray]:
    """By what is spared, (other alternatives, replicate) pounds, present values: harm to victims' health by the rate
    for health, all else by the standard one."""
    social = social_value(ds, comparator)
    parts = {
        str(name): present(ds, social.sel(component=name, drop=True), evidence, rate_of(str(name)))
        for name in social.component.values
    }
    return parts | {"harm_eased": present(ds, harm_eased(ds, comparator), evidence, "health")}
