"""The outcomes on which the engine and the plain model must agree, declared before they are compared: one number each a
run, by the same definition in both."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.people import HAZARDS
from model.record import EVENT_KINDS
from model.vocabulary import ACES, ANTISOCIAL, N_DYNAMIC_RISKS, OFFENCES, RISK_FACTORS

FACTORS = RISK_FACTORS[:N_DYNAMIC_RISKS]
ABUSES = ("sexual_abuse", "physical_abuse", "verbal_abuse", "neglect")
Counts = NDArray[np.float64]


# Chances that are watched as such, being far less noisy than what comes of them.
HAZARDS_SEEN = (
    "death", "birth", "leaving", "moving", "separation", *(f"start of {each}" for each in FACTORS), "end of any factor",
    "abuse and neglect", "adversity at home", *(f"offending, {each}" for each in HAZARDS),
)  # fmt: skip


SNAPSHOTS = (3, 9)  # months of the financial year after which chances of the next are summed


class Seen(NamedTuple):
    """What is counted of one run, by the same definition in both models. M months, Y years."""

    population: Counts  # (M,) residents as the month is lived
    births: float
    deaths: float
    departures: float
    couples: Counts  # (Y,) couples among residents at the end of March
    moves: float  # residents of one month's end in another district at the next
    hazards: Counts  # (len(HAZARDS_SEEN),) chances of a month, summed over residents, mean of two months a year
    starts: Counts  # (13,) residents with a dynamic factor at a month's end who had it not at the month's before
    ends: Counts  # (13,) the other way about
    experiences: Counts  # (10,) adverse experiences begun
    states: Counts  # (17,) person-months with a factor
    offences: Counts  # (G,) committed, residents' and outsiders'
    recorded: Counts  # (G,)
    domestic: float  # offences within an abusive relationship
    events: Counts  # (len(EVENT_KINDS),)
    in_court: Counts  # (2,) charges of children and of adults, less cases that programmes keep out of court
    victims: Counts  # (G,) offences against residents
    unique_victims: float  # residents with an offence against them in a year, over years
    offenders: float  # residents who offended in a year, over years
    young_offences: float  # offences by residents under 18
    first_time_entrants: float
    cohort: float  # follow-ups of proven reoffending that ended
    reoffended: float
    peers: float  # over years, in March: ties who offended within the year, summed over residents
    bought: dict[str, float]  # what programmes did, by PROGRAMMES; all 0 without any


# Of programmes, summed over the plan: what their record and their slots tell.
PROGRAMMES = (
    "new places", "starts", "completions", "waiting, months", "took but had no slot", "flagged wrongly and started",
    "people flagged rightly", "people flagged wrongly", "neighbourhoods shown as hot rightly",
    "neighbourhoods shown as hot wrongly", "pounds spent", "slots held, years", "offences expected",
    "victims supported", "harm eased", "diverted", "prosecuted", "contacts changed", "displaced",
    "volunteers' hours",
)  # fmt: skip


def _wide(*groups: str) -> list[int]:
    return [OFFENCES.index(each) for each in groups]


VIOLENT = _wide("homicide", "violence_with_injury", "violence_without_injury", "stalking_harassment", "robbery")
SEXUAL = _wide("rape", "other_sexual")
STEALING = _wide(
    "residential_burglary", "other_burglary", "theft_of_vehicle", "theft_from_vehicle", "shoplifting", "other_theft"
)
DAMAGE = _wide("criminal_damage", "arson", "public_order", "antisocial_behaviour")


def outcomes(seen: Seen) -> dict[str, float]:
    """The declared outcomes of one run, by name."""
    event = dict(zip(EVENT_KINDS, seen.events, strict=True))
    crime = np.arange(seen.offences.size) != ANTISOCIAL
    found = {
        "residents": seen.population.mean(),
        "births": seen.births,
        "deaths": seen.deaths,
        "departures": seen.departures,
        "moves": seen.moves,
        "couples": seen.couples.mean(),
        **{f"chances: {name}": seen.hazards[at] for at, name in enumerate(HAZARDS_SEEN)},
        "starts of factors": seen.starts.sum(),
        "ends of factors": seen.ends.sum(),
        "abuse and neglect begun": sum(seen.experiences[ACES.index(each)] for each in ABUSES),
        "household adversity begun": sum(seen.experiences[at] for at, each in enumerate(ACES) if each not in ABUSES),
        "violent offences": seen.offences[VIOLENT].sum(),
        "sexual offences": seen.offences[SEXUAL].sum(),
        "thefts": seen.offences[STEALING].sum(),
        "damage and disorder": seen.offences[DAMAGE].sum(),
        "domestic offences": seen.domestic,
        "share of crime recorded": seen.recorded[crime].sum() / max(seen.offences[crime].sum(), 1),
        "offenders in a year": seen.offenders,
        "offences against residents": seen.victims.sum(),
        "share of harm to those harmed in the year": 1 - seen.unique_victims / max(seen.victims.sum(), 1),
        "months recently victimised": seen.states[RISK_FACTORS.index("recently_victimised")],
        "peers who offend": seen.peers,
        "arrests": event["arrest"],
        "charges": event["charge"],
        "charges of children in court": seen.in_court[0],
        "charges of adults in court": seen.in_court[1],
        "outcomes out of court": event["out_of_court"],
        "convictions": event["conviction"],
        "custody sentences": event["custody_sentence"],
        "months in custody": seen.states[RISK_FACTORS.index("in_custody")],
        "months on probation": seen.states[RISK_FACTORS.index("on_probation")],
        "first-time entrants": seen.first_time_entrants,
        "follow-ups ended": seen.cohort,
        "proven reoffending": seen.reoffended / max(seen.cohort, 1),
        "emergency attendances": event["emergency_department"],
    }  # fmt: skip
    return {name: float(value) for name, value in found.items()}


def programme_totals(record: Any, spend: Counts, slots: float, fixed: float) -> dict[str, float]:
    """What programmes did, by PROGRAMMES, from a record of either model: arrays of the same names. `fixed` is the one
    of what is kept in fixed point, `slots` those held by residents in March, over the years."""
    flagged, hot = record.flagged.sum(axis=(0, 1, 2, 3, 4)), record.hot.sum(axis=(0, 1, 2))
    totals = (
        record.places.sum(), record.starts.sum(), record.completions.sum(), record.waiting.sum(),
        record.refused.sum(), record.net_widened.sum(), flagged[1], flagged[0], hot[1], hot[0], spend.sum(), slots,
        record.expected.sum() / fixed, record.supported.sum(), record.eased.sum() / fixed, record.diverted.sum(),
        record.prosecuted.sum(), record.contacts.sum() / fixed, record.displaced.sum(), record.volunteer_hours.sum(),
    )  # fmt: skip
    return {name: float(total) for name, total in zip(PROGRAMMES, totals, strict=True)}


# Shares of the engine's mean within which the two models are called equivalent, set from the engine's noise alone
# and before any run of the plain model: a 5 in 100 change of a hazard moves the first of these as much or nearly; what
# is rarer, or hangs on a few people who offend a great deal, has a wider margin.
MARGIN = 0.04
WIDER = {
    "chances: offending, domestic": 0.1, "domestic offences": 0.1, "chances: adversity at home": 0.06,
    "arrests": 0.05, "charges": 0.05, "convictions": 0.05, "months on probation": 0.05, "emergency attendances": 0.05,
    "charges of children in court": 0.08, "charges of adults in court": 0.05, "outcomes out of court": 0.08,
    "custody sentences": 0.08, "months in custody": 0.08, "first-time entrants": 0.08, "proven reoffending": 0.08,
    "diverted": 0.1, "people flagged rightly": 0.12, "people flagged wrongly": 0.12,
    "flagged wrongly and started": 0.12, "took but had no slot": 0.25, "harm eased": 0.25, "prosecuted": 0.2,
}  # fmt: skip
NOTHING_HAPPENS = ("displaced",)  # in any run at the middle of the uncertain numbers


def margins(names: Iterable[str]) -> dict[str, float]:
    """The margin of each outcome named, without those that never happen."""
    return {name: WIDER.get(name, MARGIN) for name in names if name not in NOTHING_HAPPENS}


def told(seen: Seen) -> dict[str, float]:
    """All of one run's outcomes, what programmes did among them."""
    return {**seen.bought, **outcomes(seen)}
