"""All programmes at work: model/ODD.md 7.16."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.reference.programmes import cases, commissioner, people, places, system, tools
from experiments.reference.programmes.purse import close
from experiments.reference.programmes.state import every

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel


def begin_year(model: PlainModel) -> None:
    """April: the commissioner's review, and each programme's budget."""
    state, year = model.programmes, model.plan_month // 12
    if year > 0:
        commissioner.review(model, year)
    for one in every(state):
        paid = state.paid_by_commissioner[one.number]
        pounds = float(state.pounds[one.number, year])
        one.purse.budget = pounds / paid if pounds > 0 else 0.0
    cases.forget(model)


def admit(model: PlainModel) -> None:
    """What programmes do before the month is lived: through others, at places, then for people."""
    state = model.programmes
    if not model.inputs.programmes:
        return
    system.work(model)
    tools.choose(model)
    places.work(model)
    if state.people:
        for one in model.random.sample(state.people, len(state.people)):  # by turn, since slots are few
            people.admit(model, one)
        cases.count_contacts(model)
        people.free_slots(model)


def find(model: PlainModel) -> None:
    """After the month: whom it made known."""
    if model.programmes.people:
        people.find(model)


def close_year(model: PlainModel) -> None:
    """March: purses are closed, and what was spent in the year is told."""
    state, year = model.programmes, model.plan_month // 12
    for one in every(state):
        more = year + 1 < model.inputs.years and float(state.pounds[one.number, year + 1]) > 0
        spent = close(one.purse, more)
        state.spend[year, one.number] = spent
        state.commissioner_spend[year, one.number] = spent * state.paid_by_commissioner[one.number]
