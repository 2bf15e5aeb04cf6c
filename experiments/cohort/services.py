"""What services each member used, by year of age: as the model's demand is worked out, person by person.

Arrests, months in a state and attendances are what happened. Contacts that no event of the model stands for (welfare
checks, reports of missing people, incidents of mental health, referrals) are as many as people in the same states have
on average; calls, journeys and nights follow from the rest at their published ratios. (`dataset.py` puts nights and
benefits of whatever cause in the place of the model's own.)
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from experiments.cohort.lives import EVENTS, Lives
from model.inputs import NON_CRIME, AreaTables
from model.rules.demand import by_state, mean_prevalence, other_incidents, referrals_per_resident
from model.vocabulary import RISK_FACTORS, SERVICES

Floats = NDArray[np.float32]
S = {name: number for number, name in enumerate(SERVICES)}
R = {name: number for number, name in enumerate(RISK_FACTORS)}
E = {name: number for number, name in enumerate(EVENTS)}


def service_use(lives: Lives, area: AreaTables, values: Mapping[str, float]) -> Floats:
    """(K, A, len(SERVICES)) contacts, nights or months, in the units of model.vocabulary.SERVICES."""
    v, events, months = values, lives.events, lives.months
    common = mean_prevalence(area, v)
    out = np.zeros((*lives.lived.shape, len(SERVICES)), np.float32)

    people, states = lives.lived.astype(np.float64), months.astype(np.float64)

    def of_state(service: str, yearly: float) -> NDArray[np.float64]:
        return by_state(service, yearly, people, states, common, v)

    missing = v["missing.incidents_per_1000"] / 1000.0 * (1.0 - v["missing.from_care_share"])
    out[..., S["missing_person_reports"]] = of_state("missing_person_reports", missing) + (
        v["missing.care_child_rate"] / 12.0 * months[..., R["looked_after"]]
    )
    for service, yearly in (
        ("mental_health_incidents", v["mental_health.incidents_per_1000"] / 1000.0),
        ("welfare_checks", other_incidents(v)),
        ("social_care_referrals", referrals_per_resident(v)),
    ):
        out[..., S[service]] = of_state(service, yearly)
    out[..., S["social_care_referrals"]] += (
        v["domestic_abuse.referrals_per_incident"] * events[..., E["domestic_incident"]]
    )
    incidents = events[..., E["reported"]] + out[..., [S[name] for name in NON_CRIME]].sum(axis=-1)
    out[..., S["police_incidents"]] = incidents
    for calls in ("calls_999", "calls_101"):
        out[..., S[calls]] = incidents * v[f"police_day.{calls}_per_1000"] / v["police_day.incidents_per_1000"]
    patients, admitted = events[..., E["emergency_department"]], events[..., E["injured_admitted"]]
    for service, found in (
        ("arrests", lives.arrests.sum(axis=-1)),
        ("court_cases", events[..., E["charge"]] * v["courts.defendants_per_charge"]),
        ("prison_months", months[..., R["in_custody"]]),
        ("probation_months", months[..., R["on_probation"]]),
        ("emergency_department", patients),
        ("ambulance_journeys", patients * v["health_per_violence.ambulance_per_patient"]),
        ("hospital_nights", admitted * v["health_per_violence.bed_nights_per_admission"]),
        ("mental_health_months", months[..., R["poor_mental_health"]] * v["demand.mental_health_service_share"]),
        ("looked_after_months", months[..., R["looked_after"]]),
        ("homelessness_applications", events[..., E["homelessness"]] * v["demand.homelessness_ratio"]),
        ("school_exclusions", events[..., E["exclusion"]]),
        ("benefit_months", months[..., R["not_working"]]),
        ("victim_support", events[..., E["reported"]] * v["business_and_others.victim_support_share"]),
    ):
        out[..., S[service]] = found
    return out
