"""Demand on services, police hours and the public, worked out from the record after a plan (model/ODD.md 7.10).

Y financial years, D districts. Like the record, of people simulated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.reference import risk
from experiments.reference.record import EVENTS, Record
from model.inputs import NON_CRIME, AreaTables, ModelInputs
from model.vocabulary import ANTISOCIAL, KINDS, OFFENCES, RISK_FACTORS, ROLES, SERVICES

Floats = NDArray[np.float64]

CRIME, NOT_CRIME = (KINDS.index(kind) for kind in ("crime", "non_crime"))
FOR_PUBLIC_PROTECTION = ("rape", "other_sexual")


class Public(NamedTuple):
    """What the public gives, by financial year (Y,)."""

    confidence: Floats  # share of people who have confidence in their police
    volunteer_hours: Floats  # hours of the year in the real area


class Year(NamedTuple):
    """What demand is worked out from: sums of each financial year by district (Y, D)."""

    people: Floats  # months lived by residents
    state: dict[str, Floats]  # by factor, months lived with it
    contacts: Floats  # (Y, D, 3) that programmes add
    census_share: dict[str, float]  # of the area's residents, by dynamic factor


def demand_of(record: Record, inputs: ModelInputs, values: Mapping[str, float]) -> Floats:
    """(Y, D, services) contacts, or months or nights where the service's name says so."""
    event = {name: _yearly(record.events[:, :, number]) for number, name in enumerate(EVENTS)}
    state = {name: _yearly(record.states[:, :, number]) for number, name in enumerate(RISK_FACTORS)}
    year = Year(_yearly(record.population), state, _yearly(record.contacts), census_shares(inputs.area, values))
    recorded = _yearly(record.recorded.sum(axis=2))
    crime = _yearly(record.recorded[:, :, :ANTISOCIAL].sum(axis=2))
    found = _not_crime(year, values)
    incidents = recorded + found["missing_person_reports"] + found["mental_health_incidents"] + found["welfare_checks"]
    referrals = values["social_care.referrals_recent"] / values["home.usual_residents[England]"]
    a_thousand = values["police_day.incidents_per_1000"]
    found |= {
        "police_incidents": incidents,
        "calls_999": incidents * values["police_day.calls_999_per_1000"] / a_thousand,
        "calls_101": incidents * values["police_day.calls_101_per_1000"] / a_thousand,
        "arrests": event["arrest"],
        "court_cases": np.maximum(event["charge"] - _yearly(record.diverted), 0)
        * values["courts.defendants_per_charge"],
        "prison_months": state["in_custody"],
        "probation_months": state["on_probation"],
        "ambulance_journeys": event["emergency_department"] * values["health_per_violence.ambulance_per_patient"],
        "emergency_department": event["emergency_department"],
        "hospital_nights": event["injured_admitted"] * values["health_per_violence.bed_nights_per_admission"],
        "mental_health_months": state["poor_mental_health"] * values["demand.mental_health_service_share"],
        "social_care_referrals": _by_state(year, values, "social_care_referrals", referrals)
        + values["domestic_abuse.referrals_per_incident"] * event["domestic_reported"],
        "looked_after_months": state["looked_after"],
        "homelessness_applications": event["homelessness"] * values["demand.homelessness_ratio"],
        "school_exclusions": event["exclusion"],
        "benefit_months": state["not_working"],
        "victim_support": crime * values["business_and_others.victim_support_share"],
    }
    return np.stack([found[service] for service in SERVICES], axis=2)


def _yearly(monthly: NDArray[np.int64] | Floats) -> Floats:
    """Sums over the months of each financial year, the first axis."""
    return monthly.reshape(-1, 12, *monthly.shape[1:]).sum(axis=1).astype(np.float64)


def _not_crime(year: Year, values: Mapping[str, float]) -> dict[str, Floats]:
    """Contacts with the police that are no crime, with what programmes add or save, not below 0."""
    missing, mental = values["missing.incidents_per_1000"], values["mental_health.incidents_per_1000"]
    incidents = values["police_day.incidents_per_1000"] * (1 - values["police_day.crime_share_of_incidents"])
    level = {  # a resident and year
        "missing_person_reports": missing / 1000 * (1 - values["missing.from_care_share"]),
        "mental_health_incidents": mental / 1000,
        "welfare_checks": max(incidents - missing - mental, 0.0) / 1000,
    }
    found = {service: _by_state(year, values, service, level[service]) for service in NON_CRIME}
    found["missing_person_reports"] += values["missing.care_child_rate"] / 12 * year.state["looked_after"]
    return {
        service: np.maximum(found[service] + year.contacts[:, :, number], 0.0)
        for number, service in enumerate(NON_CRIME)
    }


def _by_state(year: Year, values: Mapping[str, float], service: str, level: float) -> Floats:
    """Contacts that go by people's states, with `level` a resident and year at the area's prevalence of factors."""
    total, mean = year.people, 1.0
    for factor in RISK_FACTORS:
        ratio = values.get(f"demand.ratio[{service}, {factor}]")
        if ratio is not None:
            total = total + (ratio - 1) * year.state[factor]
            mean += (ratio - 1) * year.census_share.get(factor, 0.0)
    return level / 12 / mean * total


def census_shares(area: AreaTables, values: Mapping[str, float]) -> dict[str, float]:
    """The share of the area's census residents with each dynamic factor, by its prevalence by sex and age (7.5)."""
    residents = area.population.sum(axis=0)  # by sex and age, 90 of 90 and over
    return {
        factor: float((residents * np.array([flow.prevalence[:91] for flow in flows])).sum() / residents.sum())
        for factor, flows in risk.known_flows(values).items()
    }


def hours_of(record: Record, demand: Floats, values: Mapping[str, float]) -> Floats:
    """(Y, roles, kinds) hours of police officers and staff."""
    hours = np.zeros((len(demand), len(ROLES), len(KINDS)))
    role = {name: number for number, name in enumerate(ROLES)}
    service = {name: demand[:, :, number].sum(axis=1) for number, name in enumerate(SERVICES)}
    recorded = _yearly(record.recorded).sum(axis=1)  # (Y, G)
    at_once = values["demand.response_share_of_crime_hours"]
    for number, group in enumerate(OFFENCES):
        kind = NOT_CRIME if number == ANTISOCIAL else CRIME
        later = "public_protection" if group in FOR_PUBLIC_PROTECTION else "investigation"
        work = recorded[:, number] * values[f"police_hours.{group}"]
        hours[:, role["response"], kind] += work * at_once
        hours[:, role[later], kind] += work * (1 - at_once)
    hours[:, role["custody"], CRIME] += service["arrests"] * values["custody_episode.officer_hours"]
    hours[:, role["investigation"], CRIME] += service["court_cases"] * values["custody_episode.charge_file_hours"]
    hours[:, role["response"], NOT_CRIME] += (
        service["missing_person_reports"] * values["police_hours.missing_medium"]
        + service["mental_health_incidents"] * values["police_hours.mental_health_incident"]
        + service["welfare_checks"] * values["police_hours.welfare_check"] * values["demand.welfare_attended"]
    )
    return hours


def public_of(record: Record, values: Mapping[str, float], scale: float) -> Public:
    """Confidence in the police and hours of volunteers; people simulated are `scale` of the real area."""
    confidence, volunteering = (record.public[:, number].reshape(-1, 12).mean(axis=1) for number in range(2))
    residents = record.population.sum(axis=1).reshape(-1, 12).mean(axis=1) / scale
    return Public(
        confidence=np.minimum(values["public.confidence"] * confidence, 1.0),
        volunteer_hours=values["public.volunteer_hours"] * residents * volunteering
        + _yearly(record.volunteer_hours).sum(axis=1),
    )
