"""Who gains: four lines that are never added up, against the comparator and by year.

1. Cash to the force: what the force then spends less. Nothing, unless a post goes; no scenario can say so yet.
2. Capacity of the force: hours that its people then have for something else. Capacity, not cash.
3. Other public services, by who pays: the margin of what they spend, and the average beside it.
4. Social value: what victims and the economy do not lose, and the harm that programmes ease for victims afterwards.

Each event is valued once: police, courts, prisons and the health service by the demand on them, and of the cost of
crime those parts alone that no demand tells (`SOCIAL`).
"""

from collections.abc import Sequence

import xarray as xr

from model.evidence import Evidence
from results.compare import averted
from results.economics.discounting import discount_factors

LINES = ("cash to the force", "capacity of the force", "other public services", "social value")
SOCIAL = ("physical_emotional_harm", "lost_output", "property_stolen_damaged", "victim_services")
BY_DEMAND = ("police", "cjs_other", "health_services")  # parts of the cost of crime that `agency_cost` tells as well


def cash_to_the_force(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, year) pounds: none, as no post goes."""
    return xr.zeros_like(averted(ds, "agency_cost", comparator).sum(("service", "payer", "basis")))


def capacity_of_the_force(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, year, role) hours."""
    return averted(ds, "demand_hours", comparator).sum("kind")


def worth_of_capacity(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, year, basis) pounds that these hours cost."""
    return averted(ds, "agency_cost", comparator).sel(payer="police", drop=True).sum("service")


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


def present(ds: xr.Dataset, runs: xr.DataArray, evidence: Evidence) -> xr.DataArray:
    """A stream of pounds by year as its present value, by the Green Book's standard rate from the plan's first year."""
    factors = discount_factors(evidence, ds.sizes["year"])
    return (runs * xr.DataArray(factors, dims="year", coords={"year": ds.year})).sum("year")
