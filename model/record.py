"""What is counted, by month. Whole numbers only: a compiled loop may add in any order.

Expected offences are sums of hazards in fixed point (FIXED to one offence); the mean of what is
realised, with far less noise. Everything is in people simulated; `results` scales to the real area.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model import happenings as h
from model.inputs import NON_CRIME
from model.jit import loop, rule
from model.people import N_RISKS, RESIDENT
from model.vocabulary import (
    ACE_COUNTS,
    AGE_BAND_FROM,
    AGE_BANDS,
    COUNTED_ACES,
    N_OFFENCES,
    QUINTILES,
    RISK_FACTORS,
    SEXES,
)

N_BANDS, MOST_ACES = len(AGE_BANDS), len(ACE_COUNTS) - 1
ADULT = 18  # years of age from which courts for adults hear a case
FIXED = 1 << 26  # fixed-point one, for hazards and severities
EVENT_KINDS = (
    "reported",  # offences that reach the police
    "domestic_reported",
    "arrest",
    "charge",
    "out_of_court",
    "conviction",
    "community_sentence",
    "custody_sentence",
    "release",
    "emergency_department",  # people attending after an offence
    "injured_admitted",
    "exclusion",
    "care_entry",
    "homelessness",
)

REPORTED_EVENT = EVENT_KINDS.index("reported")

Counts = NDArray[np.int64]


class Record(NamedTuple):
    """M months from the start of the plan, D districts, P programmes; Y = M / 12 financial years."""

    population: Counts  # (M, D) residents as the month is lived: after what was due, before what it brings
    offences: Counts  # (M, D, G) where they happen
    recorded: Counts  # (M, D, G) by the police
    expected: Counts  # (M, D, G) fixed point, hazards by where offences happen
    batch: Counts  # (Y, BATCHES) fixed point, residents' hazards of crime by batch of people
    displaced: Counts  # (M, D) offences that happen elsewhere than they would have, for a programme of places
    domestic: Counts  # (M, D) offences within an abusive relationship
    domestic_recorded: Counts  # (M, D)
    severity: Counts  # (M, D, G) sum of severities of offences, fixed point, mean one an offence
    victims: Counts  # (Y, 5, G) offences against residents by the victim's home quintile
    place: Counts  # (Y, 5, G) offences by the quintile of the place
    unique_victims: Counts  # (Y, D) residents with at least one offence against them in the year
    offender_age: Counts  # (Y, 2, 101) offences by sex and age of the offender, residents only
    offenders: Counts  # (Y, 2, 101) residents with at least one offence in the year by sex and age
    first_time_entrants: Counts  # (Y, 2) first conviction or out-of-court outcome: children, adults
    cohort: Counts  # (Y,) people whose 18-month follow-up for proven reoffending ends in the year
    reoffended: Counts  # (Y,) of whom with a proven reoffence within twelve months
    events: Counts  # (M, D, len(EVENT_KINDS))
    event_offence: Counts  # (Y, G, 4) by group: charges, out of court, convictions, custody sentences
    in_court: Counts  # (Y, G, 2) charges of children and of adults, less cases that a programme keeps out of court
    diverted: Counts  # (M, D) cases that a programme keeps out of court
    prosecuted: Counts  # (M, D) cases that a practice sends to court
    eased: Counts  # (M, D, G) fixed point, offences' worth of harm to victims that programmes ease
    supported: Counts  # (M, D) victims who take up a place on a programme that eases harm
    contacts: Counts  # (M, D, len(NON_CRIME)) fixed point, contacts that programmes add; below 0 those saved
    states: Counts  # (M, D, R) of whom with each risk factor
    risk: Counts  # (Y, R, A) residents with a risk factor in March, by age band
    people: Counts  # (Y, A) residents in March by age band
    ace: Counts  # (Y, A, 5) residents in March by number of the nine ACEs
    places: Counts  # (M, P) new places bought
    starts: Counts  # (M, P) people who took one up
    completions: Counts  # (M, P)
    waiting: Counts  # (M, P) on the list at the end of the month
    refused: Counts  # (M, P) turned away for lack of a free slot on the person
    net_widened: Counts  # (M, P) who took up a place because a tool had flagged them wrongly
    flagged: Counts  # (Y, P, 2, A, 5, 2) people flagged by sex, age band and home quintile: wrongly, rightly
    flagged_in: Counts  # (Y, P, D, 2) the same people by district
    hot: Counts  # (Y, P, 5, 2) neighbourhoods shown as hot by quintile: wrongly, rightly
    public: Counts  # (M, 2) fixed point, ratios of confidence and of volunteering to those without programmes
    volunteer_hours: Counts  # (M, D) real hours of programmes of places, whatever the scale


def new_record(months: int, districts: int, programmes: int) -> Record:
    """A record of zeros for a plan of `months` (a multiple of twelve)."""
    years, n_age, n_risk = months // 12, len(AGE_BANDS), len(RISK_FACTORS)
    shapes = {
        "population": (months, districts),
        "offences": (months, districts, N_OFFENCES),
        "recorded": (months, districts, N_OFFENCES),
        "expected": (months, districts, N_OFFENCES),
        "batch": (years, h.BATCHES),
        "displaced": (months, districts),
        "domestic": (months, districts),
        "domestic_recorded": (months, districts),
        "severity": (months, districts, N_OFFENCES),
        "victims": (years, 5, N_OFFENCES),
        "place": (years, 5, N_OFFENCES),
        "unique_victims": (years, districts),
        "offender_age": (years, 2, 101),
        "offenders": (years, 2, 101),
        "first_time_entrants": (years, 2),
        "cohort": (years,),
        "reoffended": (years,),
        "events": (months, districts, len(EVENT_KINDS)),
        "event_offence": (years, N_OFFENCES, 4),
        "in_court": (years, N_OFFENCES, 2),
        "diverted": (months, districts),
        "prosecuted": (months, districts),
        "eased": (months, districts, N_OFFENCES),
        "supported": (months, districts),
        "contacts": (months, districts, len(NON_CRIME)),
        "states": (months, districts, n_risk),
        "risk": (years, n_risk, n_age),
        "people": (years, n_age),
        "ace": (years, n_age, len(ACE_COUNTS)),
        "places": (months, programmes),
        "starts": (months, programmes),
        "completions": (months, programmes),
        "waiting": (months, programmes),
        "refused": (months, programmes),
        "net_widened": (months, programmes),
        "flagged": (years, programmes, len(SEXES), n_age, len(QUINTILES), 2),
        "flagged_in": (years, programmes, districts, 2),
        "hot": (years, programmes, len(QUINTILES), 2),
        "public": (months, 2),
        "volunteer_hours": (months, districts),
    }
    return Record(**{name: np.zeros(shape, dtype=np.int64) for name, shape in shapes.items()})


# The log's kinds whose counts by district the record keeps, in order of EVENT_KINDS.
COUNTED_KINDS = (
    h.REPORTED, h.DOMESTIC_INCIDENT, h.ARREST, h.CHARGE, h.OUT_OF_COURT, h.CONVICTION, h.COMMUNITY_SENTENCE,
    h.CUSTODY_SENTENCE, h.RELEASE, h.EMERGENCY_DEPARTMENT, h.INJURED_ADMITTED, h.EXCLUSION, h.CARE_ENTRY,
    h.HOMELESSNESS,
)  # fmt: skip
BY_GROUP = (h.CHARGE, h.OUT_OF_COURT, h.CONVICTION, h.CUSTODY_SENTENCE)


# By the log's kind: its column of `events` and of `event_offence`, or -1.
EVENT_OF, BY_GROUP_OF = np.full((2, len(h.KINDS)), -1)
EVENT_OF[list(COUNTED_KINDS)] = np.arange(len(COUNTED_KINDS))
BY_GROUP_OF[list(BY_GROUP)] = np.arange(len(BY_GROUP))


@loop
def count_month(record, m, log):
    """Count a month's log into the record."""
    year = m // 12
    for at in range(log.size):
        one = log[at]
        kind, d, g = np.int64(one.kind), np.int64(one.district), np.int64(one.offence)
        if kind == h.OFFENCE:
            count_offence(record, m, one)
        elif kind == h.VICTIM:
            record.victims[year, one.quintile, g] += 1
            record.unique_victims[year, d] += np.int64(one.a)
        elif kind == h.OFFENDER:
            record.offender_age[year, one.sex, one.age] += np.int64(one.a)
            record.offenders[year, one.sex, one.age] += np.int64(one.b)
        elif kind == h.FIRST_TIME_ENTRANT:
            record.first_time_entrants[year, one.a] += 1
        elif kind == h.FOLLOW_UP:
            record.cohort[year] += 1
            record.reoffended[year] += np.int64(one.a)
        # Reports count where the offence happened, also those without a person as victim.
        if EVENT_OF[kind] >= 0 and kind != h.REPORTED:
            record.events[m, d, EVENT_OF[kind]] += 1
        if BY_GROUP_OF[kind] >= 0:
            record.event_offence[year, g, BY_GROUP_OF[kind]] += 1
        if kind == h.CHARGE:
            record.in_court[year, g, np.int64(one.age >= ADULT)] += 1


@rule
def count_offence(record, m, one):
    """Count an offence where it happened."""
    d, g = np.int64(one.district), np.int64(one.offence)
    record.offences[m, d, g] += 1
    record.severity[m, d, g] += np.int64(np.float64(one.severity) * FIXED)
    record.place[m // 12, one.quintile, g] += 1
    record.displaced[m, d] += np.int64(one.a & h.MOVED_MARK != 0)
    recorded, domestic = one.a & h.RECORDED_MARK != 0, one.a & h.DOMESTIC_MARK != 0
    if recorded:
        record.recorded[m, d, g] += 1
        record.events[m, d, REPORTED_EVENT] += 1
    if domestic:
        record.domestic[m, d] += 1
    if recorded and domestic:
        record.domestic_recorded[m, d] += 1


@loop
def count_march(people, rows, month, in_band, risk, ace):
    """Count residents by age band, in_band (A,); with each risk factor, risk (R, A); by ACEs, ace (A, 5)."""
    for i in range(rows):
        if people[i].status != RESIDENT:
            continue
        age = min(max((np.int64(month) - np.int64(people[i].birth)) // 12, 0), 100)
        band = 0
        while band + 1 < N_BANDS and AGE_BAND_FROM[band + 1] <= age:
            band += 1
        in_band[band] += 1
        for r in range(N_RISKS):
            if people[i].risks >> np.uint32(r) & np.uint32(1):
                risk[r, band] += 1
        number = 0
        for a in range(COUNTED_ACES):
            if people[i].aces >> np.uint16(a) & np.uint16(1):
                number += 1
        ace[band, min(number, MOST_ACES)] += 1


class Outcome(NamedTuple):
    """What one alternative of one replicate came to. Y financial years from the start of the plan."""

    record: Record
    demand: NDArray[np.float64]  # (Y, D, len(SERVICES)) contacts, nights or months, people simulated
    demand_hours: NDArray[np.float64]  # (Y, len(ROLES), len(KINDS)) hours, people simulated
    spend: NDArray[np.float64]  # (Y, P) pounds of all who pay, in the real area, whatever the scale
    commissioner_spend: NDArray[np.float64]  # (Y, P) of which the commissioner's
    confidence: NDArray[np.float64]  # (Y, D) share of people with confidence in their local police
    volunteer_hours: NDArray[np.float64]  # (Y, D) hours given to the police, in the real area
