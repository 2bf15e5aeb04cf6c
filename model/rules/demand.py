"""Demand on agencies, crime and not, from the same people's events and states.

Contacts that are no crime come at a level per resident, likelier in people with certain risk factors:
the level is the published one divided by the mean ratio that the prevalence tables imply, so it is a
function of the area and of belief, and fewer people in those states means fewer contacts.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.inputs import NON_CRIME, AreaTables
from model.law.form import AGES
from model.law.prevalence import how_common
from model.record import EVENT_KINDS, FIXED, Record
from model.vocabulary import (
    ANTISOCIAL,
    KINDS,
    OFFENCES,
    RISK_FACTORS,
    ROLES,
    SERVICES,
)

Values = Mapping[str, float]
Floats = NDArray[np.float64]
S = {name: number for number, name in enumerate(SERVICES)}
K = {name: number for number, name in enumerate(EVENT_KINDS)}
R = {name: number for number, name in enumerate(RISK_FACTORS)}
PROTECTED = ("rape", "other_sexual")  # investigated by public protection teams


def mean_prevalence(area: AreaTables, values: Values) -> dict[str, float]:
    """Share of all residents in each risk factor that has a prevalence table."""
    people = np.zeros((2, AGES))
    people[:, : area.population.shape[2]] = area.population.sum(axis=0)
    return {name: float((table * people).sum() / people.sum()) for name, table in how_common(values).items()}


def by_state(
    service: str, yearly: float, population: Floats, states: Floats, common: dict[str, float], values: Values
) -> Floats:
    """(Y, D) contacts of a service: `yearly` per resident on average, spread over states by their ratios."""
    weight = population.copy()
    mean = 1.0
    for factor in RISK_FACTORS:
        ratio = values.get(f"demand.ratio[{service}, {factor}]")
        if ratio is not None:
            weight += (ratio - 1.0) * states[:, :, R[factor]]
            mean += (ratio - 1.0) * common.get(factor, 0.0)
    return yearly / 12.0 / mean * weight


def by_year(monthly: NDArray[np.int64]) -> Floats:
    """Monthly counts (M, ...) summed to years (Y, ...)."""
    return np.asarray(monthly.reshape(-1, 12, *monthly.shape[1:]).sum(axis=1), dtype=np.float64)


def demand_of(record: Record, area: AreaTables, values: Values) -> Floats:
    """(Y, D, len(SERVICES)) contacts, nights or months of the people simulated."""
    v = values
    events, states = by_year(record.events), by_year(record.states)
    population = by_year(record.population)
    common = mean_prevalence(area, v)
    out = np.zeros((*population.shape, len(SERVICES)))
    reported = events[:, :, K["reported"]]
    other = other_incidents(v)
    missing = by_state("missing_person_reports", v["missing.incidents_per_1000"] / 1000.0 * (
        1.0 - v["missing.from_care_share"]), population, states, common, v)  # fmt: skip
    out[:, :, S["missing_person_reports"]] = missing + (
        v["missing.care_child_rate"] / 12.0 * states[:, :, R["looked_after"]]
    )
    more = by_year(record.contacts) / FIXED  # by programmes, below 0 where they save contacts
    for service, yearly in (
        ("mental_health_incidents", v["mental_health.incidents_per_1000"] / 1000.0),
        ("welfare_checks", other),
        ("social_care_referrals", referrals_per_resident(v)),
    ):
        out[:, :, S[service]] = by_state(service, yearly, population, states, common, v)
    for at, service in enumerate(NON_CRIME):
        out[:, :, S[service]] = np.maximum(out[:, :, S[service]] + more[:, :, at], 0.0)
    out[:, :, S["social_care_referrals"]] += (
        v["domestic_abuse.referrals_per_incident"] * events[:, :, K["domestic_reported"]]
    )
    incidents = reported + out[:, :, [S[service] for service in NON_CRIME]].sum(axis=2)
    per_incident = v["police_day.incidents_per_1000"]
    out[:, :, S["police_incidents"]] = incidents
    out[:, :, S["calls_999"]] = incidents * v["police_day.calls_999_per_1000"] / per_incident
    out[:, :, S["calls_101"]] = incidents * v["police_day.calls_101_per_1000"] / per_incident
    fill_from_events(out, events, states, v)
    cases = np.maximum(events[:, :, K["charge"]] - by_year(record.diverted), 0.0)
    out[:, :, S["court_cases"]] = cases * v["courts.defendants_per_charge"]
    recorded = by_year(record.recorded)
    crime = recorded.sum(axis=2) - recorded[:, :, ANTISOCIAL]
    out[:, :, S["victim_support"]] = crime * v["business_and_others.victim_support_share"]
    return out


def fill_from_events(out: Floats, events: Floats, states: Floats, v: Values) -> None:
    """Services that follow from an event or a state one for one, or at a fixed rate."""
    patients, admitted = events[:, :, K["emergency_department"]], events[:, :, K["injured_admitted"]]
    out[:, :, S["arrests"]] = events[:, :, K["arrest"]]
    out[:, :, S["prison_months"]] = states[:, :, R["in_custody"]]
    out[:, :, S["probation_months"]] = states[:, :, R["on_probation"]]
    out[:, :, S["emergency_department"]] = patients
    out[:, :, S["ambulance_journeys"]] = patients * v["health_per_violence.ambulance_per_patient"]
    out[:, :, S["hospital_nights"]] = admitted * v["health_per_violence.bed_nights_per_admission"]
    out[:, :, S["mental_health_months"]] = (
        states[:, :, R["poor_mental_health"]] * v["demand.mental_health_service_share"]
    )
    out[:, :, S["looked_after_months"]] = states[:, :, R["looked_after"]]
    out[:, :, S["homelessness_applications"]] = (
        events[:, :, K["homelessness"]] * v["demand.homelessness_ratio"]
    )
    out[:, :, S["school_exclusions"]] = events[:, :, K["exclusion"]]
    out[:, :, S["benefit_months"]] = states[:, :, R["not_working"]]


def other_incidents(v: Values) -> float:
    """Incidents a year per resident that are neither crime, missing people nor mental health."""
    all_incidents = v["police_day.incidents_per_1000"]
    no_crime = all_incidents * (1.0 - v["police_day.crime_share_of_incidents"])
    return max(no_crime - v["missing.incidents_per_1000"] - v["mental_health.incidents_per_1000"], 0.0) / 1000.0


def referrals_per_resident(v: Values) -> float:
    """Referrals to children's social care a year per resident: the national count over all residents."""
    return v["social_care.referrals_recent"] / v["home.usual_residents[England]"]


def public_of(record: Record, values: Values, scale: float) -> tuple[Floats, Floats]:
    """(Y, D) share of people with confidence in their local police, and real hours that volunteers give them.

    Both move with the schemes that say so, and nothing else here moves with them.
    """
    ratio = record.public.reshape(-1, 12, record.public.shape[1]).mean(axis=1) / FIXED
    districts = record.population.shape[1]
    confidence = np.minimum(values["public.confidence"] * ratio[:, :1], 1.0) * np.ones(districts)
    residents = record.population.reshape(-1, 12, districts).mean(axis=1) / scale
    hours = values["public.volunteer_hours"] * residents * ratio[:, 1:] + by_year(record.volunteer_hours)
    return confidence, hours


def hours_of(record: Record, demand: Floats, values: Values) -> Floats:
    """(Y, len(ROLES), len(KINDS)) police hours: by offence recorded, by arrest, by incident that is no crime."""
    v = values
    recorded = by_year(record.recorded).sum(axis=1)
    contacts = demand.sum(axis=1)
    out = np.zeros((recorded.shape[0], len(ROLES), len(KINDS)))
    response_share = v["demand.response_share_of_crime_hours"]
    response, investigation, custody, protection = range(len(ROLES))
    for g, name in enumerate(OFFENCES):
        hours = recorded[:, g] * v[f"police_hours.{name}"]
        kind = 1 if g == ANTISOCIAL else 0
        out[:, response, kind] += hours * response_share
        desk = protection if name in PROTECTED else investigation
        out[:, desk, kind] += hours * (1.0 - response_share)
    arrests, cases = contacts[:, S["arrests"]], contacts[:, S["court_cases"]]
    out[:, custody, 0] += arrests * v["custody_episode.officer_hours"]
    out[:, investigation, 0] += cases * v["custody_episode.charge_file_hours"]
    for service, hours in (
        ("missing_person_reports", v["police_hours.missing_medium"]),
        ("mental_health_incidents", v["police_hours.mental_health_incident"]),
        ("welfare_checks", v["police_hours.welfare_check"] * v["demand.welfare_attended"]),
    ):
        out[:, response, 1] += contacts[:, S[service]] * hours
    return out
