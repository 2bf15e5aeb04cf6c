"""The measures that a commissioner is shown, each with its unit and where in the Dataset it comes from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from results.compare import (
    averted,
    comparator_of,
    estimates,
    is_clear_gain,
    is_distinguishable,
    monte_carlo_error,
    of_crime,
    others,
)
from results.labels import heading

# Services whose totals open the paper; the table by service has them all.
HEADLINE_SERVICES = ("calls_999", "emergency_department", "looked_after_months", "prison_months")


@dataclass(frozen=True)
class Measure:
    """Something averted, added up over the area; `pick` leaves (alternative, replicate, year)."""

    key: str
    title: str
    unit: str
    variable: str
    pick: Callable[[xr.DataArray], xr.DataArray]


def service_measure(service: str) -> Measure:
    return Measure(
        service,
        heading(service),
        service_unit(service),
        "demand",
        lambda v: v.sel(service=service).sum("area"),
    )


def service_unit(service: str) -> str:
    """What one of a service's contacts is: its name says nights or months where it is not a contact."""
    for unit in ("months", "nights"):
        if service.endswith(unit):
            return unit
    return "contacts"


MEASURES = (
    Measure(
        "offences",
        "Offences",
        "offences",
        "expected_offences",
        lambda v: of_crime(v).sum(("area", "offence")),
    ),
    Measure("harm", "Crime harm", "days of imprisonment", "expected_harm", lambda v: v.sum("area")),
    Measure("police_hours", "Police time", "hours", "demand_hours", lambda v: v.sum(("role", "kind"))),
    *(service_measure(service) for service in HEADLINE_SERVICES),
)


OFFENCES_MEASURE = MEASURES[0]  # the headline


def averted_runs(ds: xr.Dataset, measure: Measure, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, year) averted against the comparator."""
    return measure.pick(averted(ds, measure.variable, comparator))


def averted_in_all(ds: xr.Dataset, measure: Measure, comparator: str) -> xr.Dataset:
    """`estimates` of what is averted over the plan, (other alternatives,).

    `error` is that of `estimates` or, of offences, the Monte Carlo error where that is larger.
    """
    told = estimates(averted_runs(ds, measure, comparator).sum("year"))
    return with_chance(told, monte_carlo_error(ds)) if measure is OFFENCES_MEASURE else told


def with_chance(told: xr.Dataset, chance: xr.DataArray) -> xr.Dataset:
    """`estimates` with the error of chance alone where that is larger: a few runs may lie close by chance."""
    return told.assign(error=xr.apply_ufunc(np.maximum, told.error, chance))


def clear_in_offences(ds: xr.Dataset, comparator: str) -> list[str]:
    """The alternatives whose offences over the plan differ from the comparator's by more than twice their error, or
    that of chance: what may be named in a title."""
    return _told(ds, comparator, is_distinguishable)


def clearly_fewer(ds: xr.Dataset, comparator: str) -> list[str]:
    """Those of them with fewer offences."""
    return _told(ds, comparator, is_clear_gain)


def _told(ds: xr.Dataset, comparator: str, rule: Callable[[float, float], bool]) -> list[str]:
    told = averted_in_all(ds, OFFENCES_MEASURE, comparator)
    return [
        str(name) for name in told.alternative.values
        if rule(*(float(told[part].sel(alternative=name)) for part in ("estimate", "error")))
    ]  # fmt: skip


@dataclass(frozen=True)
class Involvement:
    """Something that is an aim and no crime: more of it is better. `pick` leaves (alternative, replicate)."""

    key: str
    title: str
    unit: str
    pick: Callable[[xr.Dataset], xr.DataArray]


VICTIMS = ("victims_supported", "harm_eased")  # of INVOLVEMENTS: for them more than half of the money is
# Public confidence and involvement, and what victims get: aims of the strategies that are never added to crime.
INVOLVEMENTS = (
    Involvement(
        "victims_supported", "Victims supported", "people, usual contacts of victim support among them",
        lambda ds: ds.victims_supported.sum(("area", "year")),
    ),
    Involvement(
        "harm_eased", "Harm to victims eased", "offences' worth of harm",
        lambda ds: ds.harm_eased.sum(("area", "offence", "year")),
    ),
    Involvement(
        "volunteer_hours", "Hours of volunteers", "hours, a belief",
        lambda ds: ds.volunteer_hours.sum(("area", "year")),
    ),
    Involvement(
        "confidence", "Confidence in the local police", "% of people from 16; differences, a belief, in points",
        lambda ds: 100.0 * ds.confidence.mean(("area", "year")),
    ),
)  # fmt: skip


def level_runs(ds: xr.Dataset, measure: Measure, alternative: str) -> xr.DataArray:
    """(replicate, year) of one alternative as it is, nothing compared."""
    return measure.pick(ds[measure.variable]).sel(alternative=alternative)


def spend_runs(ds: xr.Dataset) -> xr.DataArray:
    """(alternative, replicate) the commissioner's pounds over the plan, undiscounted."""
    return ds.commissioner_spend.sum(("programme", "year"))


def others_pay_runs(ds: xr.Dataset) -> xr.DataArray:
    """(alternative, replicate) pounds that others pay of the same programmes over the plan, undiscounted."""
    return ds.programme_spend.sum(("programme", "year")) - spend_runs(ds)


def extra_spend_runs(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate) pounds over the plan beyond the comparator's; negative is less."""
    names = others(ds, comparator)
    total = spend_runs(ds)
    return total.sel(alternative=names) - total.sel(alternative=comparator, drop=True)


def per_1000_a_year(ds: xr.Dataset, runs: xr.DataArray) -> xr.DataArray:
    """Yearly counts, with or without area, as an average year's per 1,000 residents under the comparator."""
    residents = ds.population.sel(alternative=comparator_of(ds), drop=True)
    if "area" not in runs.dims:
        residents = residents.sum("area")
    return 1000 * runs.sum("year") / residents.sum("year")
