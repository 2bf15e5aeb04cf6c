"""What a run is made from: plain typed tables, checked where they are read, never changed after.

`scenarios` fills these from files; `model` only reads them. Sex 0 is female, 1 male.
D districts, N neighbourhoods, P programmes, Y financial years.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.evidence import Evidence
from model.vocabulary import ACES, N_DYNAMIC_RISKS, OFFENCES, QUINTILES, RISK_FACTORS, SEXES

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
    ethnic_groups: tuple[str, ...] = ()  # for reporting only: in no hazard
    ethnic_residents: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))  # (D, E)
    hash: str = ""  # of the folder's files


@dataclass(frozen=True)
class Effect:
    """One thing that a programme changes in whom or what it reaches, as a ratio of evidence."""

    kind: str  # one of KINDS_OF_EFFECT of what the programme reaches
    targets: tuple[str, ...]  # what EFFECT_TARGETS says for the kind; of programmes, what `those_named` knows
    ratio: str  # name of the evidence row: what it acts on is multiplied by it; 1 is no change
    outcome: str  # what the study measured, in words
    effect_on: str  # who the effect was estimated on, one of EFFECT_ON
    versus: str  # against what: usual services, formal processing, nothing
    against: str = ""  # "partner": only offences within an abusive relationship; "" for all


@dataclass(frozen=True)
class Tool:
    """A way to choose who comes first: it flags people, some of them wrongly. Its numbers are the rows
    `<id>.sensitivity`, `.specificity` (shares), `.threshold` (expected offences a year from which on a person
    is truly at risk) and `.bias` (ratio of the chance of a wrong flag in the most deprived fifth over others)."""

    programmes: tuple[str, ...]  # whose waiting lists it orders, as `those_named` knows them
    offences: tuple[str, ...]  # the risk that is meant


# Whom or what a programme reaches: the person found; the children that person cares for, with or without the
# person; treated neighbourhoods; other programmes and the public.
REACHES = ("person", "children", "family", "place", "system")
DYNAMIC = RISK_FACTORS[:N_DYNAMIC_RISKS]  # those that start and end by themselves
NON_CRIME = ("missing_person_reports", "mental_health_incidents", "welfare_checks")
QUALITIES = ("uptake", "completion", "targeting", "delivery")  # of a programme, that another may raise
PUBLIC = ("residents",)
EFFECT_TARGETS: dict[str, tuple[str, ...]] = {  # by kind, what an effect may name; () for programmes
    "offending": OFFENCES, "victimisation": OFFENCES, "disposal": OFFENCES, "onset": DYNAMIC,
    "recovery": DYNAMIC, "ace": ACES, "contacts": NON_CRIME, "harm": OFFENCES,
    "offences": OFFENCES, "recording": OFFENCES,
    "confidence": PUBLIC, "volunteering": PUBLIC, **dict.fromkeys(QUALITIES, ()),
}  # fmt: skip
_OF_PEOPLE = ("offending", "victimisation", "disposal", "onset", "recovery", "ace", "contacts", "harm")
KINDS_OF_EFFECT: dict[str, tuple[str, ...]] = {
    "person": _OF_PEOPLE, "children": _OF_PEOPLE, "family": _OF_PEOPLE, "place": ("offences", "recording"),
    "system": (*QUALITIES, "recording", "confidence", "volunteering"),
}  # fmt: skip
EFFECT_KINDS = tuple(EFFECT_TARGETS)
AGAINST = ("partner",)
OF_PEOPLE = ("offered", "engaged", "completed")
EFFECT_ON = (*OF_PEOPLE, "place", "access")
EVENTS = (
    "emergency_department", "reported", "domestic_incident", "arrest", "charge", "out_of_court", "conviction",
    "community_sentence", "release", "exclusion", "first_birth",
)  # fmt: skip
WHERE = ("hot_spots", "town_centres", "anywhere")  # how a programme of places finds them
COVERS = ("share", "home")  # a unit covers the share `<id>.covers` of a neighbourhood's offences, or one home
ALL_PROGRAMMES = "all"


@dataclass(frozen=True)
class Programme:
    """A scheme that money can be put on. Its numbers are evidence rows named `<id>.<what>`.

    Of people: unit_cost (pounds a person engaged), uptake, completion (shares), lag_months, full_months and
    fade_months (effect starts after lag, holds for full, then fades to nothing over fade), stay_months (how
    long a place is held). Of places: unit_cost (pounds a unit), uptake (share of units that are used), covers,
    spillover (share of what is prevented that happens elsewhere in the district; below 0, what is prevented
    there beside it), lag, full and fade; at hot spots sensitivity, specificity and hot_share. Of programmes and
    the public: unit_cost (pounds a year for all of it), lag_months.
    """

    id: str
    name: str
    tier: str
    event: str  # one of EVENTS, or "" when people are found in the population; for places one of WHERE
    event_offences: tuple[str, ...]  # offence groups the event must come from, empty for any
    ages: tuple[int, int]  # first and last whole year of age, both included
    needs: tuple[str, ...]  # risk factors of which the person must have one, empty for anyone
    effects: tuple[Effect, ...]
    set_up_months: int  # months of money before the first place
    waiting_months: int  # months after which a person on the waiting list is dropped
    graded: str = ""  # how good the evidence is, in words
    outcome_study: bool = True  # whether a study has measured what it does
    sexes: tuple[str, ...] = SEXES  # who is eligible
    reaches: str = "person"  # one of REACHES
    ramp_months: int = 0  # months after set-up over which places rise to all that the money buys
    run_down_months: int = 0  # months after the money ends over which places, still paid for, fall to none
    takes_no_money: bool = False  # a practice: asked for as the share of those met it is applied to
    covers: str = "share"  # of places, one of COVERS
    quintiles: tuple[int, ...] = QUINTILES  # of places, the fifths of deprivation that are eligible
    tool: Tool | None = None
    evidence_grade: int = 1  # of what it does: the best row that tells it, 5 to 1


def is_named(programme: Programme, names: tuple[str, ...]) -> bool:
    """Whether `names` mean a programme: by its id, its tier for all of it, or "all"."""
    return bool({programme.id, programme.tier, ALL_PROGRAMMES} & set(names))


def those_named(names: tuple[str, ...], programmes: tuple[Programme, ...]) -> tuple[int, ...]:
    """The numbers of the programmes that `names` mean; none works through others."""
    return tuple(
        number
        for number, programme in enumerate(programmes)
        if programme.reaches != "system" and is_named(programme, names)
    )


@dataclass(frozen=True)
class ModelInputs:
    """Everything that one alternative's run is a function of, beside the parameter draw and the seed."""

    area: AreaTables
    evidence: Evidence
    programmes: tuple[Programme, ...]
    money: Floats  # (P, Y) pounds of the commissioner a financial year for the real area
    start: int  # first month of the plan, in months since January 1900
    years: int  # Y
    scale: float  # share of households simulated, above 0 to 1
    practice: Floats | None = None  # (P, Y) of programmes that take no money, the share of those met; None for nil
    carried: bool = False  # whether what is not spent in a year is there in the next, or goes back
    # Supposed ratios of a tool's wrong flags, by ethnic group; without any nothing is told by ethnic group.
    bias_by_ethnic_group: tuple[tuple[str, float], ...] = ()
    review: str = "fixed"  # how the commissioner moves money from year to year, one of REVIEWS
    review_groups: tuple[int, ...] = ()  # (P,) money moves within a group alone; () for one group of all


REVIEWS = ("fixed", "by_evidence_grade", "by_measured_result")


def month_of(year: int, month: int) -> int:
    """Months since January 1900 of a calendar month (1 to 12)."""
    return (year - 1900) * 12 + month - 1


def financial_year(month: int) -> int:
    """First calendar year of the financial year (April to March) that holds a month since January 1900."""
    return 1900 + (month - 3) // 12
