"""Programmes of people: whom they find and admit (model/ODD.md 7.13)."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from experiments.reference.person import N_SLOTS, Slot
from experiments.reference.programmes import cases, tools
from experiments.reference.programmes.purse import pay, places_on_offer, works
from experiments.reference.programmes.state import WRONGLY, Listed, OfPeople
from model.vocabulary import OFFENCES, SEXES

if TYPE_CHECKING:
    from experiments.reference.person import Person
    from experiments.reference.world import PlainModel

CHILDREN = ("children", "family")  # what a programme reaches, where it reaches those cared for
ADULT = 216  # months of age
MOST_CHILDREN = 16  # of one person whom a programme reaches
TWO_HUNDREDTHS, MOST_TWO_HUNDREDTHS = 200, 255  # in which a slot keeps how much of the effect acts
Found = list[tuple["Person", str]]  # a person and the group of the event


def find(model: PlainModel) -> None:
    """Put on the waiting lists whom the month made known, and take off who waited long or is no longer eligible."""
    turn: Found = []
    if any(not one.facts.event for one in model.programmes.people):
        month_of_year = model.month % 12
        turn = [(person, OFFENCES[0]) for person in model.residents if _twelfth(model, person) == month_of_year]
    for one in model.programmes.people:
        for person, group in _known(model, one) if one.facts.event else turn:
            if person not in one.waiting and eligible(model, one, person):
                if person not in one.lots:
                    one.lots[person] = model.random.random()  # the same in every month
                one.waiting[person] = Listed(
                    person, model.month, group, tools.flag(model, one, person), one.lots[person]
                )
        for listed in list(one.waiting.values()):
            if 0 < model.month - listed.found >= one.facts.waiting_months or not eligible(model, one, listed.person):
                del one.waiting[listed.person]
        model.record.waiting[model.plan_month, one.number] = len(one.waiting)


def _twelfth(model: PlainModel, person: Person) -> int:
    """In which month of the year a search of the population comes to a person (0 is January), from 64 bits of the
    person's own; who was born in the plan draws them when first looked for."""
    if person.key == 0:
        person.key = model.random.getrandbits(64)
    return (person.key >> 32) * 12 >> 32


def _known(model: PlainModel, one: OfPeople) -> Found:
    """To whom an event that finds for the programme happened this month, once each, with the group of the first."""
    groups = one.facts.event_offences
    known: dict[Person, str] = {}
    for happening in model.happened:
        if happening.kind == one.facts.event and happening.person is not None:
            if groups and happening.group not in groups:
                continue
            known.setdefault(happening.person, happening.group)
    return list(known.items())


def eligible(model: PlainModel, one: OfPeople, person: Person) -> bool:
    """Whether the programme is for a person (step 2 of Find)."""
    facts = one.facts
    first, last = facts.ages
    return (
        person.resident
        and first <= person.age(model.month) <= last
        and SEXES[person.sex] in facts.sexes
        and (not facts.needs or any(factor in person.risks for factor in facts.needs))
        and (facts.takes_no_money or not holds(person, one.number))
        and (facts.reaches not in CHILDREN or _cares(model, one, person))
    )


def holds(person: Person, number: int) -> bool:
    """Whether a person has a slot of the programme of that number."""
    return any(slot.programme == number for slot in person.slots)


def _cares(model: PlainModel, one: OfPeople, person: Person) -> bool:
    return any(
        child.resident
        and child.months_old(model.month) < ADULT
        and (one.facts.event != "first_birth" or child.carer1 is person)
        for child in person.cared_for
    )


def reached(model: PlainModel, one: OfPeople, listed: Listed) -> list[Person]:
    """The children of a listed person who can be reached (step 5 of Admit)."""
    young = [each for each in listed.person.cared_for if each.resident and each.months_old(model.month) < ADULT]
    return [
        child
        for child in young[:MOST_CHILDREN]
        if (one.facts.event != "first_birth" or child.birth == listed.found)
        and len(child.slots) < N_SLOTS
        and not holds(child, one.number)
    ]


def free_slots(model: PlainModel) -> None:
    """A slot falls free as the month is woken in which all of its programme's effect has passed (step 6 of Admit)."""
    held = model.programmes.held
    for person in model.residents:
        if person.slots:
            person.slots = [
                slot for slot in person.slots if model.month - slot.start < held[slot.programme].lasts
            ]


def admit(model: PlainModel, one: OfPeople) -> None:
    """Offer the places of the month to those who wait, and count who completed."""
    m, record, number = model.plan_month, model.record, one.number
    quality = model.programmes.qualities[number]
    if one.facts.takes_no_money:
        practice = model.inputs.practice
        asked = 0.0 if practice is None else float(practice[number, m // 12])
        offered, new = (inf if asked > 0 else 0, 0)
    else:
        asked = 1.0
        offered, new = places_on_offer(one.purse, works(one.purse), model.random.random())
    taken = _offer(model, one, offered, min(one.uptake * asked * quality.uptake, 1.0))
    if one.facts.takes_no_money:
        new = taken  # places without limit: those taken
    else:
        pay(one.purse, taken)
    record.places[m, number] = new
    record.starts[m, number] = taken
    record.completions[m, number] = one.completing.pop(m, 0)


def _offer(model: PlainModel, one: OfPeople, offered: float, uptake: float) -> int:
    """Go down the list until the places are taken; the number of people who started."""
    if offered <= 0 or not one.waiting:
        return 0
    m, record, quality = model.plan_month, model.record, model.programmes.qualities[one.number]
    completion = min(one.completion * quality.completion, 1.0)
    effect_on = one.facts.effects[0].effect_on if one.facts.effects else ""
    taken = 0
    for listed in sorted(one.waiting.values(), key=lambda each: (each.flag < 0, each.found, each.lot)):
        if taken >= offered:
            break
        del one.waiting[listed.person]
        takes, can = model.random.random() < uptake, _can_hold(model, one, listed)
        if not can:
            record.refused[m, one.number] += takes
            continue
        completes = takes and model.random.random() < completion
        if takes:
            taken += 1
            record.net_widened[m, one.number] += listed.flag == WRONGLY
            cases.support(model, one, listed)
        if completes:
            one.completing[m + one.stay] = one.completing.get(m + one.stay, 0) + 1
        acts = {"offered": True, "engaged": takes, "completed": completes}.get(effect_on, False)
        if acts or takes:
            _begin(model, one, listed, acts)
    return taken


def _can_hold(model: PlainModel, one: OfPeople, listed: Listed) -> bool:
    person = listed.person
    if len(person.slots) >= N_SLOTS and not holds(person, one.number):
        return False
    return one.facts.reaches not in CHILDREN or bool(reached(model, one, listed))


def _begin(model: PlainModel, one: OfPeople, listed: Listed, acts: bool) -> None:
    """Give slots from this month, and do what is done once to those on whom the effect acts."""
    delivery = model.programmes.qualities[one.number].delivery
    full = min(round(TWO_HUNDREDTHS * delivery), MOST_TWO_HUNDREDTHS) / TWO_HUNDREDTHS
    person_too = one.facts.reaches != "children"
    children = reached(model, one, listed) if acts and one.facts.reaches in CHILDREN else []
    _hold(listed.person, one.number, model.month, full if acts and person_too else 0.0)
    for child in children:
        _hold(child, one.number, model.month, full)
    if acts:
        cases.begin(model, one, listed, delivery)


def _hold(person: Person, number: int, month: int, delivery: float) -> None:
    """A slot of the programme; who holds one already goes on holding it as it is."""
    if holds(person, number):
        return
    person.slots.append(Slot(number, month, delivery))
    person.placed = True
