"""What public services spend: demand times what a contact costs, by who pays, on average and at the margin.

The average is what a service spends over all its contacts. The margin is what is not spent when there are a few fewer.
Neither is cash: a service banks it only where it then spends less. The Home Office's response costs (`police`,
`cjs_other` and `health_services` of `crime_cost`) tell the same spending again and are never added to it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.evidence import Evidence, Row
from model.vocabulary import OFFENCES, ROLES, SERVICES
from results.prices import PAYERS, inflation

Floats = NDArray[np.float64]
BASES = ("marginal", "average")
STALE = 10  # years from a price to the pounds it is told in, beyond which `stale_price_doubt` is about it too
MONTHS, ORDER = 12.0, "prison_and_probation.community_order_months"
TRANSFERS = "benefits_and_tax"  # the payer whose saving is another's loss


class Priced(NamedTuple):
    """Which row of costs a service is told by, and who pays: a choice of accounting, no number."""

    service: str
    payer: str
    cost: str  # a row of evidence, pounds for `per` contacts
    per: float | str = 1.0  # or the row of the model that says how many


PRICED = (
    Priced("prison_months", "justice", "agency_cost.prison_place", MONTHS),
    Priced("probation_months", "justice", "agency_cost.community_order", ORDER),
    Priced("ambulance_journeys", "nhs", "agency_cost.ambulance_callout"),
    Priced("emergency_department", "nhs", "agency_cost.ae_attendance"),
    Priced("hospital_nights", "nhs", "agency_cost.hospital_inpatient", "health_per_violence.bed_nights_per_admission"),
    Priced("mental_health_months", "nhs", "agency_cost_part.mental_health_adult.nhs", MONTHS),
    Priced("mental_health_months", "councils", "agency_cost_part.mental_health_adult.local_authority", MONTHS),
    Priced("looked_after_months", "councils", "agency_cost.child_in_care", MONTHS),
    Priced("homelessness_applications", "councils", "agency_cost.homelessness_application"),
    Priced("school_exclusions", "education", "agency_cost_part.permanent_exclusion.alternative_provision"),
    Priced("school_exclusions", "councils", "agency_cost_part.permanent_exclusion.social_services"),
    Priced("school_exclusions", "nhs", "agency_cost_part.permanent_exclusion.health"),
    # Of people of 18 to 24, and so a stand-in for others; a transfer, which is no gain to society.
    Priced("benefit_months", TRANSFERS, "agency_cost.neet", MONTHS),
)
# Cases in court are priced by the group of what is charged and by whether a child is. Other groups, stalking and
# harassment among them, are priced as an adult's average case, children's too, for want of a price of theirs. A
# homicide costs far more than a case of violence, and is rare. Whether these costs hold part of the sentence is not
# known: if so, that part is told twice.
COURT = {
    "homicide": "violence", "violence_with_injury": "violence", "violence_without_injury": "violence",
    "rape": "sexual", "other_sexual": "sexual", "robbery": "robbery", "residential_burglary": "burglary",
    "other_burglary": "burglary", "theft_of_vehicle": "theft", "theft_from_vehicle": "theft", "shoplifting": "theft",
    "other_theft": "theft", "criminal_damage": "damage", "arson": "damage", "drugs": "drugs",
}  # fmt: skip
ACCUSED = ("_under_18", "")  # how the rows of a court event end, by who is charged: children, adults
COURT_AVERAGE, HOUR = "agency_cost.first_time_entrant_adult", "agency_cost.police_officer_hour"
# Published costs with crime in them, which the model has itself: their other parts have rows of their own, or nothing.
HOLD_CRIME = {
    "agency_cost.da_incident": "police, courts and hospitals of the domestic abuse that the model counts",
    "agency_cost.permanent_exclusion": "crime of 970 pounds",
    "agency_cost.persistent_truancy": "crime of 424 pounds",
    "agency_cost.drug_dependency": "crime, most of it",
}
# Contacts of the police are told by the hours they ask for: those of custody as arrests, all others as incidents.
BY_HOURS = {"arrests": ("custody",), "police_incidents": tuple(role for role in ROLES if role != "custody")}
UNPRICED = {
    "calls_999": "no cost of taking a call is held",
    "calls_101": "no cost of taking a call is held",
    "missing_person_reports": "its police hours are among those of incidents",
    "mental_health_incidents": "its police hours are among those of incidents",
    "welfare_checks": "its police hours are among those of incidents",
    "social_care_referrals": "only a case has a cost, and how many referrals become one is not held",
    "victim_support": "no cost of a contact is held; what commissioned victims' services cost is in the budget",
}


class AgencyPrices(NamedTuple):
    """Pounds of the price year. S services, P payers, G groups of offence."""

    contact: Floats  # (S, P, 2) of one contact, by BASES; 0 for what is priced by hours or case
    court: Floats  # (G, 2, 2) of one case, by ACCUSED and BASES
    hour: Floats  # (S, 2) of one police hour of a service that is told by hours
    stale: tuple[str, ...]  # rows priced more than STALE years before


def refuse_twice(priced: Sequence[Priced]) -> None:
    """Raises ValueError, by name, where a payer would be told twice of a service, or a cost holds crime as well."""
    for (service, payer), count in Counter((one.service, one.payer) for one in priced).items():
        if count > 1:
            raise ValueError(f"{service} would be counted twice for {payer}: take one of its prices out")
    for one in priced:
        if one.cost in HOLD_CRIME:
            raise ValueError(f"{one.cost} holds {HOLD_CRIME[one.cost]}, which would be counted twice")


def agency_prices(
    evidence: Evidence, price_year: str, drawn: Mapping[str, float], model: Mapping[str, float]
) -> AgencyPrices:
    """Costs of a contact from rows of `evidence`, or as `drawn` by name; `model` has the model's own values.

    Raises KeyError for a row that is not there, and ValueError when a deflator is missing.
    """
    refuse_twice(PRICED)
    stale: list[str] = []
    factor: dict[str, float] = {}
    old = drawn.get("stale_price_doubt", evidence["stale_price_doubt"].value)

    def pounds(name: str) -> float:
        row = evidence[name]
        if row.period not in factor:
            factor[row.period] = inflation(evidence, row.period, price_year, name)
        if is_old := is_stale(row, price_year):
            stale.append(name)
        return (old if is_old else 1.0) * drawn.get(name, row.value) * factor[row.period]

    def bases(service: str) -> Floats:
        name = f"marginal_share[{service}]"
        return np.array([drawn.get(name, evidence[name].value), 1.0])

    contact = np.zeros((len(SERVICES), len(PAYERS), len(BASES)))
    for one in PRICED:
        per = model[one.per] if isinstance(one.per, str) else one.per
        if one.per == ORDER:
            per = np.floor(per)  # as the law has it: whole months
        contact[SERVICES.index(one.service), PAYERS.index(one.payer)] = pounds(one.cost) / per * bases(one.service)
    events = {row: pounds(row) for row in court_rows()}
    average, an_hour = pounds(COURT_AVERAGE), pounds(HOUR)
    by_group = np.array([
        [events[court_row(COURT[name], who)] if name in COURT else average for who in ACCUSED] for name in OFFENCES
    ])  # fmt: skip
    hour = np.zeros((len(SERVICES), len(BASES)))
    for service in BY_HOURS:
        hour[SERVICES.index(service)] = an_hour * bases(service)
    return AgencyPrices(contact, by_group[..., None] * bases("court_cases"), hour, tuple(stale))


def court_row(kind: str, who: str) -> str:
    """The row that prices a case of a kind of COURT of one of ACCUSED."""
    return f"agency_cost.court_event_{kind}{who}"


def court_rows() -> tuple[str, ...]:
    """All of these."""
    return tuple(court_row(kind, who) for kind in dict.fromkeys(COURT.values()) for who in ACCUSED)


def rows_read() -> tuple[str, ...]:
    """Names of the rows of evidence that the costs of agencies are made of, deflators apart."""
    own = [one.cost for one in PRICED]
    services = dict.fromkeys([*(one.service for one in PRICED), "court_cases", *BY_HOURS])
    shares = (f"marginal_share[{name}]" for name in services)
    return (*own, *court_rows(), COURT_AVERAGE, HOUR, "stale_price_doubt", *shares)


def is_stale(row: Row, price_year: str) -> bool:
    """Whether a row was priced more than STALE whole years before another price year."""
    return int(price_year[:4]) - int(row.period[:4]) > STALE


def agency_costs(demand: Floats, hours: Floats, charges: Floats, prices: AgencyPrices) -> Floats:
    """(..., S, P, 2) pounds, from demand (..., S), police hours (..., ROLE, KIND) and charges in court (..., G, 2) of
    children and of adults, which tell what the cases are. With no charge at all a case is priced as the mean of groups
    of adults. A case that is closed after another was charged into it may leave a count just below nought: it is none.
    """
    out = demand[..., None, None] * prices.contact
    charges = np.maximum(charges, 0.0)
    whole = charges.sum(axis=(-2, -1), keepdims=True)
    share = np.where(whole > 0.0, charges / np.maximum(whole, 1e-300), np.array([0.0, 1.0]) / len(OFFENCES))
    court, justice = SERVICES.index("court_cases"), PAYERS.index("justice")
    out[..., court, justice, :] = demand[..., court, None] * np.einsum("...ga,gab->...b", share, prices.court)
    by_role, police = hours.sum(axis=-1), PAYERS.index("police")
    for service, roles in BY_HOURS.items():
        at = SERVICES.index(service)
        asked = by_role[..., [ROLES.index(role) for role in roles]].sum(axis=-1)
        out[..., at, police, :] = asked[..., None] * prices.hour[at]
    return out
