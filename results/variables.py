"""What a results Dataset holds: every variable declared once, with its dims, unit and words.

`dataset.py` fills them, charts, tables and papers rely on their names. Each `count` takes one
Outcome and gives (Y, ...) in people simulated; `scaled` says that it is then raised to the real area.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.record import FIXED, Outcome
from model.vocabulary import AGE_BAND_FROM, SERVICES

Floats = NDArray[np.float64]

BASE = ("alternative", "replicate", "year")


@dataclass(frozen=True)
class Variable:
    """One variable of the Dataset; `dims` are those after alternative, replicate and year."""

    name: str
    dims: tuple[str, ...]
    units: str
    long_name: str
    count: Callable[[Outcome], Floats]
    scaled: bool = True


def over_year(monthly: NDArray[np.int64]) -> Floats:
    """(M, ...) monthly counts summed to (Y, ...) years of twelve months from the start.

    Summed as whole numbers: fixed-point hazards keep their last bit.
    """
    return monthly.reshape(-1, 12, *monthly.shape[1:]).sum(axis=1).astype(np.float64)


def end_of_year(monthly: NDArray[np.int64]) -> Floats:
    """(M, ...) monthly stocks to (Y, ...): the last month of each year."""
    return monthly[11::12].astype(np.float64)


def ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> Floats:
    """part / whole, 0 where the whole is 0: a share of nobody is reported as 0, never as a gap."""
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)


def _floats(counts: NDArray[np.int64]) -> Floats:
    return counts.astype(np.float64)


def _age_bands(by_age: NDArray[np.int64]) -> Floats:
    """(..., 101) by single year of age to (..., bands)."""
    return np.add.reduceat(by_age, AGE_BAND_FROM, axis=-1).astype(np.float64)


VARIABLES = (
    Variable(
        "population", ("area",), "people", "Residents in the last month of the year",
        lambda o: end_of_year(o.record.population),
    ),
    Variable(
        "offences", ("area", "offence"), "offences",
        "Offences committed, where they happen, reported or not; antisocial behaviour is last and no crime",
        lambda o: over_year(o.record.offences),
    ),
    Variable(
        "recorded_crimes", ("area", "offence"), "offences",
        "Offences recorded by the police, by where they happen",
        lambda o: over_year(o.record.recorded),
    ),
    Variable(
        "expected_offences", ("area", "offence"), "offences",
        "Expected offences: each person's hazard summed before the draw; same mean, far less noise",
        lambda o: over_year(o.record.expected) / FIXED,
    ),
    Variable(
        "expected_offences_by_batch", ("batch",), "offences",
        "Residents' expected crimes by batch of people, dealt by key: how far batches differ tells what chance does",
        lambda o: _floats(o.record.batch) / FIXED,
    ),
    Variable(
        "domestic_abuse_offences", ("area",), "offences",
        "Offences within an abusive relationship; part of offences, never added to them",
        lambda o: over_year(o.record.domestic),
    ),
    Variable(
        "domestic_abuse_recorded", ("area",), "offences",
        "Recorded offences within an abusive relationship; part of recorded crimes, never added to them",
        lambda o: over_year(o.record.domestic_recorded),
    ),
    Variable(
        "severity", ("area", "offence"), "mean offences of their group",
        "Severity of the offences committed, added up: 1 is an average offence of its group",
        lambda o: over_year(o.record.severity) / FIXED,
    ),
    Variable(
        "victimisations", ("quintile", "offence"), "offences",
        "Offences against residents, by the deprivation fifth of the victim's home (1 most deprived)",
        lambda o: _floats(o.record.victims),
    ),
    Variable(
        "offences_by_place_quintile", ("quintile", "offence"), "offences",
        "Offences by the deprivation fifth of the place where they happen (1 most deprived)",
        lambda o: _floats(o.record.place),
    ),
    Variable(
        "unique_victims", ("area",), "people", "Residents with at least one offence against them in the year",
        lambda o: _floats(o.record.unique_victims),
    ),
    Variable(
        "offences_by_offender", ("sex", "age_band"), "offences",
        "Offences by the resident offender's sex and age",
        lambda o: _age_bands(o.record.offender_age),
    ),
    Variable(
        "offenders", ("sex", "age_band"), "people",
        "Residents who committed at least one offence in the year",
        lambda o: _age_bands(o.record.offenders),
    ),
    Variable(
        "cases_diverted", ("area",), "cases",
        "Cases that a programme keeps out of court, by where the defendant lives",
        lambda o: over_year(o.record.diverted),
    ),
    Variable(
        "offences_displaced", ("area",), "offences",
        "Offences that happen elsewhere in the district than they would have, for a programme of places; in offences",
        lambda o: over_year(o.record.displaced),
    ),
    Variable(
        "harm_eased", ("area", "offence"), "offences' worth of harm",
        "What offences cost their victims afterwards (loss, distress) and programmes ease, in whole offences; the "
        "offences themselves are not fewer",
        lambda o: over_year(o.record.eased) / FIXED,
    ),
    Variable(
        "victims_supported", ("area",), "people",
        "Victims supported: contacts of victim support as usual, and places taken up on schemes that ease harm",
        lambda o: over_year(o.record.supported) + o.demand[:, :, SERVICES.index("victim_support")],
    ),
    Variable(
        "confidence", ("area",), "share of people aged 16 and over",
        "People with confidence in their local police: the national level, and what schemes are believed to add; "
        "no figure of the area itself (grade 4; what is added is judgement, grade 1)",
        lambda o: o.confidence, scaled=False,
    ),
    Variable(
        "volunteer_hours", ("area",), "hours",
        "Hours that volunteers give the police, as usual and through schemes (judgement, grade 1)",
        lambda o: o.volunteer_hours, scaled=False,
    ),
    Variable(
        "cases_prosecuted", ("area",), "cases",
        "Cases that a practice sends to court instead of an outcome out of court, by where the defendant lives",
        lambda o: over_year(o.record.prosecuted),
    ),
    Variable(
        "charges_in_court", ("offence",), "charges",
        "Charges that come to court: all but cases that a programme keeps out of it",
        lambda o: _floats(o.record.in_court.sum(axis=2)),
    ),
    Variable(
        "charges_in_court_children", ("offence",), "charges",
        "The same, of those who are under 18 when they are charged",
        lambda o: _floats(o.record.in_court[:, :, 0]),
    ),
    Variable(
        "first_time_entrants", (), "people",
        "People with a first conviction or out-of-court outcome in the year, children and adults",
        lambda o: _floats(o.record.first_time_entrants.sum(axis=1)),
    ),
    Variable(
        "first_time_entrants_children", (), "people",
        "Children aged 10 to 17 with a first conviction or out-of-court outcome in the year",
        lambda o: _floats(o.record.first_time_entrants[:, 0]),
    ),
    Variable(
        "reoffending_cohort", (), "people", "People whose follow-up for proven reoffending ends in the year",
        lambda o: _floats(o.record.cohort),
    ),
    Variable(
        "reoffending_rate", (), "share of the cohort",
        "Proven reoffending within twelve months; 0 in a year in which no cohort's follow-up ends",
        lambda o: ratio(o.record.reoffended, o.record.cohort), scaled=False,
    ),
    Variable(
        "justice_events", ("area", "event"), "events",
        "What followed: reports, arrests, outcomes and life events",
        lambda o: over_year(o.record.events),
    ),
    Variable(
        "justice_outcomes", ("offence", "outcome"), "outcomes", "Justice outcomes by group of the offence",
        lambda o: _floats(o.record.event_offence),
    ),
    Variable(
        "demand", ("area", "service"), "contacts, or the months or nights that the service's name says",
        "Demand on public services, from crime and from everything else",
        lambda o: o.demand,
    ),
    Variable(
        "demand_hours", ("role", "kind"), "hours", "Police staff hours that the demand asks for",
        lambda o: o.demand_hours,
    ),
    Variable(
        "risk_prevalence", ("risk_factor", "age_band"), "share of residents",
        "Residents with the risk factor in the last month of the year, as a share of their age band",
        lambda o: ratio(o.record.risk, o.record.people[:, None, :]), scaled=False,
    ),
    Variable(
        "ace_share", ("age_band", "ace_count"), "share of residents",
        "Residents by number of adverse childhood experiences (of nine) so far, as a share of their age band",
        lambda o: ratio(o.record.ace, o.record.ace.sum(axis=2, keepdims=True)), scaled=False,
    ),
    Variable(
        "people_by_age", ("age_band",), "people", "Residents in the last month of the year by age band",
        lambda o: _floats(o.record.people),
    ),
)  # fmt: skip

# By programme: filled by name, since alternatives may list different programmes.
PROGRAMME_VARIABLES = (
    Variable(
        "programme_spend", ("programme",), "pounds",
        "Money spent in the year on the programme in the real area by all who pay, undiscounted",
        lambda o: o.spend, scaled=False,
    ),
    Variable(
        "commissioner_spend", ("programme",), "pounds",
        "The commissioner's part of what is spent in the year on the programme, undiscounted",
        lambda o: o.commissioner_spend, scaled=False,
    ),
    Variable(
        "programme_places", ("programme",), "places",
        "New places of people, or units in places, bought in the year",
        lambda o: over_year(o.record.places),
    ),
    Variable(
        "programme_starts", ("programme",), "people", "People who took up a place in the year",
        lambda o: over_year(o.record.starts),
    ),
    Variable(
        "programme_completions", ("programme",), "people", "People who completed in the year",
        lambda o: over_year(o.record.completions),
    ),
    Variable(
        "programme_waiting", ("programme",), "people", "People on the waiting list at the end of the year",
        lambda o: end_of_year(o.record.waiting),
    ),
    Variable(
        "programme_refused", ("programme",), "people",
        "People who would have taken up a place in the year and could not: they held as many as a person can, or "
        "had no child whom a place was still to reach",
        lambda o: over_year(o.record.refused),
    ),
    Variable(
        "net_widening", ("programme",), "people",
        "People who took up a place in the year because a tool had flagged them wrongly",
        lambda o: over_year(o.record.net_widened),
    ),
    Variable(
        "flagged", ("programme", "sex", "age_band", "quintile", "correctness"), "people",
        "People whom a targeting tool flagged in the year, by whether they were truly at risk; groups only",
        lambda o: _floats(o.record.flagged),
    ),
    Variable(
        "flagged_by_area", ("programme", "area", "correctness"), "people",
        "The same people by where they live",
        lambda o: _floats(o.record.flagged_in),
    ),
    Variable(
        "hot_spots_flagged", ("programme", "quintile", "correctness"), "neighbourhoods",
        "Neighbourhoods that the year's map shows as hot, by whether they are among those with most of the offences",
        lambda o: _floats(o.record.hot), scaled=False,
    ),
)  # fmt: skip

CORRECTNESS = ("wrongly", "rightly")
OUTCOMES = ("charges", "out_of_court", "convictions", "custody_sentences")
