"""What a programme of people does once to those on whom it acts, and contacts: model/ODD.md 7.13, the parts Disposal,
Harm and Contacts."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from experiments.reference import justice, record
from experiments.reference.programmes.effects import combined, strength
from experiments.reference.programmes.state import Listed, OfPeople
from model.inputs import NON_CRIME
from model.vocabulary import OFFENCES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from experiments.reference.person import Person
    from experiments.reference.world import PlainModel

ADULT = 216  # months of age
REMEMBERED = 120  # months for which the easing of an event's harm is kept


def begin(model: PlainModel, one: OfPeople, listed: Listed, delivery: float) -> None:
    """The effect begins on a person found: what acts once is done, and their contacts change from now on."""
    if one.disposal:
        if one.facts.event == "out_of_court":
            _prosecute(model, one, listed, delivery)
        else:
            _divert(model, one, listed.person, delivery)
    if one.harm:
        _ease(model, one, listed, delivery)
    if one.contacts:
        one.changed.setdefault(listed.person, model.month)


def _kept(one: OfPeople, group: str, delivery: float) -> float:
    return exp(one.disposal.get(group, 0.0) * delivery)


def _divert(model: PlainModel, one: OfPeople, person: Person, delivery: float) -> None:
    """Close the open case, unless it would end in custody."""
    if person.court is None or person.court < model.month:
        return
    if model.random.random() < _kept(one, person.court_offence, delivery):
        return
    drawn = model.programmes.sentences.setdefault((person, person.court), model.random.random())
    if drawn < justice.hearing_chance_of_custody(model, person):
        return
    group = person.court_offence
    justice.close_case(person)
    if "convicted" not in person.risks:
        person.spared.add("convicted")
    model.record.diverted[model.plan_month, person.district] += 1
    of_adults = int(person.months_old(model.month) >= ADULT)
    model.record.in_court[model.plan_month // 12, OFFENCES.index(group), of_adults] -= 1


def sentence_draw(model: PlainModel, person: Person, heard: int) -> float:
    """The draw, between 0 and 1, by which a case heard in that month ends in custody or not: where a diversion has
    looked into it the same, so that no case that was kept for its custody ends without."""
    drawn = model.programmes.sentences.pop((person, heard), None)
    return model.random.random() if drawn is None else drawn


def _prosecute(model: PlainModel, one: OfPeople, listed: Listed, delivery: float) -> None:
    """Make a charge of an outcome out of court."""
    person, group, found, counts = listed.person, listed.group, listed.found, model.record
    if model.random.random() < _kept(one, group, delivery):
        return
    if person.court is None:
        justice.open_case(person, group, 1.0, model.month + justice.months_to_hearing(model, group))
    person.court_committed = found  # a case that is open already takes the offence in
    before = found - model.inputs.start  # month of the plan in which the outcome was counted
    if person.formal[found]:
        _undo(person, found, counts.first_time_entrants[before // 12])
    now, number, home = model.plan_month, OFFENCES.index(group), person.district
    counts.events[before, home, record.EVENTS.index("out_of_court")] -= 1
    counts.event_offence[before // 12, number, record.OF_OFFENCE.index("out_of_court")] -= 1
    counts.events[now, home, record.EVENTS.index("charge")] += 1
    counts.event_offence[now // 12, number, record.OF_OFFENCE.index("charge")] += 1
    counts.in_court[now // 12, number, int(person.months_old(model.month) >= ADULT)] += 1
    counts.prosecuted[now, home] += 1


def _undo(person: Person, found: int, entrants: NDArray[np.int64]) -> None:
    """Take an outcome out of court off the record, and an entrant that it made out of the year's."""
    person.convictions -= 1
    if person.convictions == 0:
        person.risks.discard("convicted")
        entrants[int(person.months_old(found) >= ADULT)] -= 1
    if person.cohort == found:
        person.cohort = None
        person.reoffended = False


def _ease(model: PlainModel, one: OfPeople, listed: Listed, delivery: float) -> None:
    """Count by how much the harm of the event that found someone is eased beside what others eased before."""
    each = one.harm.get(listed.group, 0.0) * delivery
    if not one.facts.event or each == 0:
        return
    share = model.values["overlap_share"]
    logs = model.programmes.eased.setdefault((listed.person, listed.found, listed.group), [])
    before = exp(combined(logs, share))
    logs.append(each)
    eased = before - exp(combined(logs, share))
    model.record.eased[model.plan_month, listed.person.district, OFFENCES.index(listed.group)] += eased


def support(model: PlainModel, one: OfPeople, listed: Listed) -> None:
    """Count one who starts with a programme that eases harm."""
    if one.harm:
        model.record.supported[model.plan_month, listed.person.district] += 1


def forget(model: PlainModel) -> None:
    """Leave what was eased of the harm of events of long ago, and draws of hearings past."""
    state = model.programmes
    state.eased = {event: logs for event, logs in state.eased.items() if model.month - event[1] < REMEMBERED}
    state.sentences = {case: drawn for case, drawn in state.sentences.items() if case[1] >= model.month}


def count_contacts(model: PlainModel) -> None:
    """Contacts of three services that programmes add this month, or save (below 0)."""
    changes: dict[tuple[Person, str], list[tuple[float, float]]] = {}
    for one in model.programmes.people:
        if one.contacts:
            delivery = model.programmes.qualities[one.number].delivery
            ends = sum(one.timing)
            one.changed = {person: start for person, start in one.changed.items() if model.month - start < ends}
            for person, start in one.changed.items():
                acts = strength(one.timing, model.month - start) * delivery
                if acts > 0 and person.resident:
                    for service, each in one.contacts.items():
                        changes.setdefault((person, service), []).append((acts * each, one.contacts_a_month))
    share = model.values["overlap_share"]
    counts = model.record.contacts[model.plan_month]
    for (person, service), several in changes.items():
        together = combined([each for each, _ in several], share)
        level = max(level for _, level in several)
        counts[person.district, NON_CRIME.index(service)] += level * (exp(together) - 1)
