"""Tools, which flag people on a waiting list, some of them wrongly: model/ODD.md 7.13, in the part of that name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.reference import offending
from experiments.reference.programmes.state import NOT_FLAGGED, RIGHTLY, WRONGLY, Flagging, OfPeople
from model.inputs import Tool, is_named
from model.vocabulary import age_band

if TYPE_CHECKING:
    from experiments.reference.person import Person
    from experiments.reference.world import PlainModel


def choose(model: PlainModel) -> None:
    """The tool that orders each waiting list this month, where there is one and the programme is at work this year."""
    state = model.programmes
    theirs = [(one, one.facts.tool) for one in state.system if one.facts.tool is not None and one.strength > 0]
    state.flagging = {}
    for one in state.people:
        if not _at_work(model, one):
            continue
        targeting = state.qualities[one.number].targeting
        tools = []
        if one.facts.tool is not None:
            tools.append(_worth(model, one.facts.id, one.facts.tool, targeting, 1.0))
        for scheme, tool in theirs:
            if is_named(one.facts, tool.programmes):
                tools.append(_worth(model, scheme.facts.id, tool, targeting, scheme.strength))
        if tools:
            state.flagging[one.number] = max(tools, key=lambda each: each.sensitivity - each.false_alarm)


def _at_work(model: PlainModel, one: OfPeople) -> bool:
    """Whether a programme has money this year, or is a practice that is asked for."""
    practice = model.inputs.practice
    asked = practice is not None and practice[one.number, model.plan_month // 12] > 0
    return bool(one.purse.budget > 0 or asked)


def _worth(model: PlainModel, scheme: str, tool: Tool, targeting: float, strength: float) -> Flagging:
    """A tool at a targeting quality; of a scheme that works through others, at its strength."""
    values = model.values
    return Flagging(
        offences=tool.offences,
        threshold=values[f"{scheme}.threshold"],
        sensitivity=min(values[f"{scheme}.sensitivity"] * targeting, 1.0) * strength,
        false_alarm=(1 - values[f"{scheme}.specificity"]) / targeting * strength,
        bias=values.get(f"{scheme}.bias", 1.0),
    )


def flag(model: PlainModel, one: OfPeople, person: Person) -> int:
    """Whether the tool that orders the list flags a person who is put on it, rightly or wrongly; counted."""
    tool = model.programmes.flagging.get(one.number)
    if tool is None:
        return NOT_FLAGGED
    at_risk = offences_a_year(model, person, tool.offences) >= tool.threshold
    wrongly = min(tool.false_alarm * (tool.bias if person.quintile == 0 else 1.0), 1.0)  # bias is of wrong flags alone
    if model.random.random() >= (tool.sensitivity if at_risk else wrongly):
        return NOT_FLAGGED
    found = RIGHTLY if at_risk else WRONGLY
    year, band = model.plan_month // 12, age_band(person.age(model.month))
    model.record.flagged[year, one.number, person.sex, band, person.quintile, found] += 1
    return found


def offences_a_year(model: PlainModel, person: Person, groups: tuple[str, ...]) -> float:
    """The offences of these groups that a person's hazards, before programmes, would make in a year."""
    mix = model.offending.mix
    return 12 * sum(
        hazard * sum(mix[offending.mix_of(person, kind)].get(group, 0.0) for group in groups)
        for kind, hazard in offending.rates(model, person).items()
        if hazard > 0
    )
