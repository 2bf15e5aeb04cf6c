"""An offence on its way from its offender to its victim and to the police."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.reference.person import Person

DOMESTIC, WOMEN_AT_HOME = "domestic", "domestic, by women"  # a kind of hazard; a mix of groups of its own
AT_HOME = (DOMESTIC, WOMEN_AT_HOME)


@dataclass
class Offence:
    """What is known of one offence; who meets it next adds what it decides."""

    offender: Person | None  # nobody for outsiders
    kind: str  # of hazard; "" for outsiders, whose offences are never domestic
    group: str
    district: int  # where it happens
    neighbourhood: int
    severity: float
    domestic: bool = False
    moved: bool = False  # by a programme of places
    recorded: bool = False  # set by justice.record
    no_more: bool = False  # recorded by a programme alone: the police do nothing else (7.9 step 1)
