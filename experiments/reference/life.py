"""A person's month, life events: model/ODD.md 7.1.

At most one happens of itself; programmes may prevent it, and may add one of their own.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from experiments.reference import adversity, programmes, risk
from experiments.reference.arithmetic import pick
from experiments.reference.happening import Happening

if TYPE_CHECKING:
    from experiments.reference.person import Person
    from experiments.reference.world import PlainModel

Event = tuple[str, str]  # what, and of which factor, experience or exposure

MOST = 0.999999  # chance of any life event in a month
# Which of a programme's log ratios acts on an event. None acts on exposures (7.1 step 4).
TABLES = {"onset": "onset", "recovery": "recovery", "experience": "ace"}
LOGGED = {"excluded": "exclusion", "looked_after": "care_entry", "unstable_housing": "homelessness"}


def live(model: PlainModel, person: Person) -> None:
    """Decide the life events of a resident's month."""
    events: list[tuple[Event, float]] = [*adversity.hazards(model, person), *risk.hazards(model, person)]
    total = min(sum(hazard for _, hazard in events), MOST)
    if model.random.random() < total:
        event = pick(model.random, events)
        if not _prevented(model, person, event):
            _happen(model, person, event)
        elif event[0] != "recovery":
            _spare(person, event)
    if person.slots:
        _add(model, person, events)


def _log_ratio(model: PlainModel, person: Person, event: Event) -> float:
    """What the programmes that a person holds do to an event now, as a log ratio."""
    what, name = event
    if not person.slots or what not in TABLES:
        return 0.0
    return float(programmes.log_ratio(model, person, TABLES[what], name))


def _prevented(model: PlainModel, person: Person, event: Event) -> bool:
    """Whether programmes prevent an event that would happen: no other takes its place."""
    ratio = _log_ratio(model, person, event)
    return ratio < 0 and model.random.random() >= exp(ratio)


def _add(model: PlainModel, person: Person, events: list[tuple[Event, float]]) -> None:
    """An event that programmes add, if any, whether or not one happened of itself (7.1 step 5)."""
    added = []
    for event, hazard in events:
        ratio = _log_ratio(model, person, event)
        if ratio > 0:
            added.append((event, hazard * (exp(ratio) - 1)))
    if added and model.random.random() < sum(hazard for _, hazard in added):
        event = pick(model.random, added)
        what, name = event
        if what == "recovery" and name not in person.marks.lose:  # it did not end of itself, and would still be there
            _spare(person, event)
        _happen(model, person, event)


def _spare(person: Person, event: Event) -> None:
    """A programme keeps the start of a factor or an experience away, or has ended a factor (7.18)."""
    what, name = event
    if what == "experience":
        person.marks.spare_aces.add(name)
        return
    person.marks.spare.add(name)
    if name == "abusive_to_partner" and person.partner is not None:
        person.partner.marks.spare.add("abused_by_partner")


def _happen(model: PlainModel, person: Person, event: Event) -> None:
    """What an event leaves: a mark that becomes state at the end of the month, but for exposures (section 3)."""
    what, name = event
    if what == "experience":
        person.marks.experiences.add(name)
    elif what == "spared":
        person.marks.unspare.add(name)
        if name == "abusive_to_partner" and person.partner is not None:
            person.partner.marks.unspare.add("abused_by_partner")
    elif what in ("onset", "recovery"):
        _factor(model, person, name, what == "onset")
    else:
        adversity.expose(model, person, event)


def _factor(model: PlainModel, person: Person, name: str, starts: bool) -> None:
    """A risk factor starts or ends. Who is abusive to a partner makes the partner one who is abused (7.1 step 6)."""
    if not _mark(person, name, starts):
        return
    if starts and name in LOGGED:
        model.log(Happening(LOGGED[name], person, "homicide", person.district, person.quintile))
    if name == "abusive_to_partner" and person.partner is not None:
        _mark(person.partner, "abused_by_partner", starts)


def _mark(person: Person, name: str, starts: bool) -> bool:
    """Mark a factor unless it is marked already this month: it stays as first marked."""
    if name in person.marks.gain or name in person.marks.lose:
        return False
    (person.marks.gain if starts else person.marks.lose).add(name)
    return True
