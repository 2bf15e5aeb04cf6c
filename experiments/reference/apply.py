"""What was decided in a month becomes state, and others are told: model/ODD.md 3 (step 7), 7.1 (6 and 7) and 7.4."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from experiments.reference import adversity
from experiments.reference.person import Marks, Person

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

RECENT = 12  # months in which an offence makes its offender an active tie
LONGEST_AGE = 254  # months, of the age noted at an adverse experience


def apply(model: PlainModel) -> None:
    """End the month: first every start and end, then what children and ties are told of them."""
    marked = [person for person in model.people if person.marks != UNMARKED]
    carers = [person for person in marked if _start_and_end(model, person)]
    active = [person for person in marked if _tells_ties(model, person)]
    for person in marked:
        if person.marks.joined:
            person.last_offence = model.month
    for carer in carers:
        for child in carer.cared_for:
            if child.resident:
                adversity.read_carers(model, child)
    count_peers(model, [tie for person in active for tie in person.ties if tie is not None and tie.resident])
    for person in marked:
        person.marks = Marks()


UNMARKED = Marks()


def _start_and_end(model: PlainModel, person: Person) -> bool:
    """Factors and experiences that were decided; whether the person's children are exposed anew for it."""
    marks = person.marks
    before = adversity.brings(person), adversity.brings(person, and_spared=True)
    person.risks -= marks.lose
    person.risks |= marks.gain  # where both are marked it is on (7.1)
    for name in marks.experiences:
        person.aces.setdefault(name, min(person.months_old(model.month), LONGEST_AGE))
    person.spared = (person.spared - marks.unspare | marks.spare) - person.risks  # what is there is not spared
    person.spared_aces = (person.spared_aces | marks.spare_aces) - person.aces.keys()
    now = adversity.brings(person), adversity.brings(person, and_spared=True)
    return marks.carers_changed or marks.lost_ties_to or now != before


def _tells_ties(model: PlainModel, person: Person) -> bool:
    """Whether the person's ties count again. Of an own offence and of twelve months without one this is marked as it
    happens; one joined in matters when nothing was known of the person for twelve months."""
    marks = person.marks
    joined_anew = marks.joined and (person.last_offence is None or model.month - person.last_offence >= RECENT)
    return marks.ties_to_tell or marks.lost_ties_to or joined_anew


def count_peers(model: PlainModel, persons: Iterable[Person]) -> None:
    """How many ties of each are residents at liberty who offended less than twelve months before this month, and how
    many more would have but for programmes (7.18)."""
    oldest = model.month - RECENT
    for person in persons:
        ties = [tie for tie in person.ties if tie is not None and tie.resident and "in_custody" not in tie.risks]
        person.peers = sum(1 for tie in ties if (tie.last_offence or oldest) > oldest)
        without = sum(1 for tie in ties if (tie.last_offence_but_for_programmes() or oldest) > oldest)
        person.spared_peers = without - person.peers
