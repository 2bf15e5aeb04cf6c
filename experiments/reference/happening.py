"""What happens and is told to the record and to programmes: the "logged" of the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.reference.person import Person

# Of a place: offence. Of the victim: victim, reported, domestic_incident, emergency_department, injured_admitted.
# Of the offender: offender, arrest, charge, out_of_court, conviction, community_sentence, custody_sentence, release,
# first_time_entrant, follow_up. Of others: exclusion, care_entry, homelessness, first_birth, birth, death, departure.
KINDS = (
    "offence", "victim", "offender", "reported", "domestic_incident", "arrest", "charge", "out_of_court",
    "conviction", "community_sentence", "custody_sentence", "release", "first_time_entrant", "follow_up",
    "emergency_department", "injured_admitted", "exclusion", "care_entry", "homelessness", "first_birth",
    "birth", "death", "departure",
)  # fmt: skip


@dataclass
class Happening:
    """One thing that happened this month. Where it counts is the person's home unless it is an offence."""

    kind: str
    person: Person | None
    group: str  # of offence; homicide (group number 0) of what comes of no offence
    district: int
    quintile: int  # 0 most deprived to 4: of the home, or of the place of an offence
    number: int = 1  # of offences, of an offender's month
    first: bool = False  # first of the year (victim, offender); reoffended (follow_up); a child (first_time_entrant)
    domestic: bool = False
    recorded: bool = False
    moved: bool = False  # an offence that a programme of places moved
    severity: float = 0.0
