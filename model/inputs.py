"""What a run is made from: plain typed tables, checked where they are read, never changed after.

`scenarios` fills these from files; `model` only reads them. Sex 0 is female, 1 male.
D districts, N neighbourhoods, P programmes, Y financial years.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.evidence import Evidence
from model.vocabulary import ACES, OFFENCES, RISK_FACTORS, SEXES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class AreaTables:
    """One police force area, as its folder in scenarios/areas says."""

    id: str
    name: str
    code: str
    census_date: str  # ISO date
    districts: tuple[str, ...]
    district_codes: tuple[str, ...]
    population: Ints  # (D, 2, 91) usual residents by sex and single year of age, 90 means 90 and over
    household_sizes: Ints  # (D, 8) households of 1, 2 ... 8 or more
    communal_residents: Ints  # (D,)
    living_in_couple: Floats  # (D,) share of people aged 16 and over in households
    lone_parent_share: Floats  # (D,) share of dependent children who live with a lone parent
    fertility_ratio: Floats  # (D,) births over those expected at national rates
    mortality_ratio: Floats  # (D, 2) hazard relative to the national table, by sex
    moves_in: Floats  # (D,) moves a year from elsewhere in the country, per resident, between authorities
    moves_out: Floats  # (D,)
    abroad_in: Floats  # (D,) moves a year from abroad per resident
    abroad_out: Floats  # (D,)
    net_by_age: Floats  # (D, 91) net migration of all kinds a year per resident of that age
    stay_in_force: float  # of moves between authorities, the share that ends in another district of the force
    neighbourhoods: tuple[str, ...]  # LSOA codes, sorted by district
    neighbourhood_district: Ints  # (N,) index of district
    neighbourhood_quintile: Ints  # (N,) 1 most deprived to 5
    neighbourhood_rural: NDArray[np.bool_]  # (N,)
    neighbourhood_town_centre: NDArray[np.bool_]  # (N,)
    neighbourhood_residents: Ints  # (N,) mid-2020
    neighbourhood_children: Ints  # (N,) aged 0 to 17
    neighbourhood_young: Ints  # (N,) aged 10 to 24
    street_crime: Ints  # (N, len(STREET_TYPES)) offences in five months
    recorded: Floats  # (len(OFFENCES),) offences recorded in the year to March 2023 by group; antisocial last
    charge_rate: dict[str, float] = field(default_factory=dict)  # wide group -> share of recorded, base year
    out_of_court_rate: dict[str, float] = field(default_factory=dict)
    officers: float = 0.0  # full-time equivalent
    hash: str = ""  # of the folder's files


@dataclass(frozen=True)
class Effect:
    """One thing that a programme changes in the people it reaches, as a ratio of evidence."""

    kind: str  # one of EFFECT_KINDS
    targets: tuple[str, ...]  # offence groups, or risk factors, or ACEs, as the kind asks
    ratio: str  # name of the evidence row: the hazard is multiplied by it; 1 is no change
    outcome: str  # what the study measured, in words
    effect_on: str  # who the effect was estimated on, one of EFFECT_ON
    versus: str  # against what: usual services, formal processing, nothing
    against: str = ""  # "partner": only offences within an abusive relationship; "" for all


EFFECT_TARGETS = {  # by kind, what an effect may name
    "offending": OFFENCES, "victimisation": OFFENCES, "disposal": OFFENCES, "onset": RISK_FACTORS,
    "recovery": RISK_FACTORS, "ace": ACES,
}  # fmt: skip
EFFECT_KINDS = tuple(EFFECT_TARGETS)
AGAINST = ("partner",)
EFFECT_ON = ("offered", "engaged", "completed")
EVENTS = (
    "emergency_department", "reported", "domestic_incident", "arrest", "charge", "out_of_court", "conviction",
    "community_sentence", "release", "exclusion",
)  # fmt: skip


@dataclass(frozen=True)
class Programme:
    """A scheme that money can be put on. Its numbers are evidence rows named `<id>.<what>`:
    unit_cost (pounds a person engaged), uptake, completion (shares), lag_months, full_months and
    fade_months (effect starts after lag, holds for full, then fades to nothing over fade),
    stay_months (how long a place is held)."""

    id: str
    name: str
    tier: str
    event: str  # one of EVENTS, or "" when people are found in the population
    event_offences: tuple[str, ...]  # offence groups the event must come from, empty for any
    ages: tuple[int, int]  # first and last whole year of age, both included
    needs: tuple[str, ...]  # risk factors of which the person must have one, empty for anyone
    effects: tuple[Effect, ...]
    set_up_months: int  # months of money before the first place
    waiting_months: int  # months after which a person on the waiting list is dropped
    graded: str = ""  # how good the evidence is, in words
    outcome_study: bool = True  # whether a study has measured what it does
    sexes: tuple[str, ...] = SEXES  # who is eligible


@dataclass(frozen=True)
class ModelInputs:
    """Everything that one alternative's run is a function of, beside the parameter draw and the seed."""

    area: AreaTables
    evidence: Evidence
    programmes: tuple[Programme, ...]
    money: Floats  # (P, Y) pounds a financial year for the real area
    start: int  # first month of the plan, in months since January 1900
    years: int  # Y
    scale: float  # share of households simulated, above 0 to 1


def month_of(year: int, month: int) -> int:
    """Months since January 1900 of a calendar month (1 to 12)."""
    return (year - 1900) * 12 + month - 1


def financial_year(month: int) -> int:
    """First calendar year of the financial year (April to March) that holds a month since January 1900."""
    return 1900 + (month - 3) // 12
