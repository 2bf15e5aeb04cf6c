"""A scheme or a lever in plain words: whom it reaches, what it does, how sure, what it costs, what is guessed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from model.evidence import Evidence, Row, Source
from model.inputs import QUALITIES, Effect, Programme
from model.vocabulary import QUINTILES
from scenarios.explain import explain_row, listed, months, number, words
from scenarios.schemes import Lever, Scheme

BY_SEX = {"female": "women and girls", "male": "men and boys"}
WHOM = {
    "person": "{people}", "children": "the children of {people}", "family": "{people} and their children",
}  # fmt: skip
FOUND_IN = {
    "hot_spots": "the neighbourhoods that a map shows as hot", "town_centres": "town centres",
    "anywhere": "neighbourhoods anywhere",
}  # fmt: skip
# What the ratio of an effect multiplies, by kind.
TIMES = {
    "offending": "how often they offend", "victimisation": "how often they are harmed",
    "disposal": "the cases that stay with the disposal they would have had", "onset": "how often it starts",
    "recovery": "how often it ends", "ace": "how often it happens to a child",
    "contacts": "the contacts that they are expected to make", "harm": "what the offence costs them afterwards",
    "offences": "the offences in the part of a place that is covered",
    "recording": "the chance that an offence is recorded", "confidence": "public confidence",
    "volunteering": "the hours of volunteers", **{kind: f"the {kind} of those programmes" for kind in QUALITIES},
}  # fmt: skip
OPTIONAL = {
    "commissioner_share": "of its cost the commissioner pays {:.0%}",
    "minimum_a_year": "it cannot work with less than {:,.0f} pounds a year",
    "exit_cost": "ending it costs {:,.0f} pounds once",
}


def explain_scheme(scheme: Scheme, sources: Mapping[str, Source]) -> str:
    """A scheme in plain words, and then every number."""
    return "\n".join(_scheme_lines(scheme, sources))


def explain_lever(lever: Lever, sources: Mapping[str, Source]) -> str:
    """A lever in plain words, and then every number."""
    return "\n".join(_lever_lines(lever, sources))


def _lever_lines(lever: Lever, sources: Mapping[str, Source]) -> Iterator[str]:
    yield f"{lever.name} ({lever.id}), a lever of the budget and no programme"
    yield f"  in a scenario: {listed(lever.keys)} of an alternative"
    yield f"  evidence: {lever.graded}"
    for paper in lever.named_by:
        yield f"  named by: {paper}"
    yield from _rows(lever.evidence, lever.sources, sources)


def _scheme_lines(scheme: Scheme, sources: Mapping[str, Source]) -> Iterator[str]:
    programme = scheme.programme
    yield f"{programme.name} ({programme.id}), {programme.tier} prevention"
    yield f"  evidence: {programme.graded} (the best study of any effect of it: grade {programme.evidence_grade} of 5)"
    if not programme.outcome_study:
        of_people = "the ratio is a belief, centred on no effect"
        told = "by default it adds nothing to others" if programme.reaches == "system" else of_people
        yield f"  no study has measured what it does: {told}"
    for paper in scheme.named_by:
        yield f"  named by: {paper}"
    yield f"  {_reach(programme)}"
    if programme.tool:
        yield f"  flags who comes first on the waiting lists of {listed(programme.tool.programmes)},"
        yield f"    by the risk of {listed(programme.tool.offences)}"
    for effect in programme.effects:
        yield from _effect_lines(effect, scheme.evidence[effect.ratio])
    yield from _money_lines(scheme)
    yield f"  {_guessed(scheme.evidence)}"
    yield from _rows(scheme.evidence, scheme.sources, sources)


def _reach(programme: Programme) -> str:
    if programme.reaches == "system":
        return "reaches nobody itself: it works through other programmes that are paid for, or on the public"
    if programme.reaches == "place":
        some = f" in fifths {listed(map(str, programme.quintiles))} of deprivation"
        fifths = "" if programme.quintiles == QUINTILES else some
        unit = "one home" if programme.covers == "home" else "a share of a neighbourhood's offences"
        return f"reaches {FOUND_IN[programme.event]}{fifths}; a unit covers {unit}"
    people = BY_SEX[programme.sexes[0]] if len(programme.sexes) == 1 else "people"
    people += f" aged {programme.ages[0]} to {programme.ages[1]}"
    having = f" with {listed(programme.needs)}" if programme.needs else ""
    found = f"after {words(programme.event)}" if programme.event else "in the population"
    of = f" from {listed(programme.event_offences)}" if programme.event_offences else ""
    return f"reaches {WHOM[programme.reaches].format(people=people)}{having}, found {found}{of}"


def _effect_lines(effect: Effect, row: Row) -> Iterator[str]:
    whom = f" against a {effect.against}" if effect.against else ""
    yield f"  acts on {words(effect.kind)}{whom}: {listed(effect.targets)}"
    on = {"place": "in places", "access": "where it is in place"}.get(effect.effect_on, f"on those {effect.effect_on}")
    yield f"    {TIMES[effect.kind]}, times {number(row.value)}, {on}, against {effect.versus}"
    yield f"    measured as: {effect.outcome}"


def _money_lines(scheme: Scheme) -> Iterator[str]:
    programme = scheme.programme
    if programme.takes_no_money:
        yield "  takes no money: in a scenario, practice says to what share of those met it is applied"
    else:
        row = scheme.evidence[f"{programme.id}.unit_cost"]
        ends = "" if row.low is None or row.high is None else f" ({number(row.low)} to {number(row.high)})"
        unit = row.unit.removesuffix(", in prices of the period")
        yield f"  costs {number(row.value)}{ends} {unit}, in prices of {scheme.price_year}"
        rise = f", then rising over {months(programme.ramp_months)}" if programme.ramp_months else ""
        yield f"  first at work after {months(programme.set_up_months)} of money{rise}"
    if programme.run_down_months:
        yield f"  when the money ends it runs down over {months(programme.run_down_months)}, still paid for"
    for what, told in OPTIONAL.items():
        if f"{programme.id}.{what}" in scheme.evidence:
            yield f"  {told.format(scheme.evidence[f'{programme.id}.{what}'].value)}"
    if programme.waiting_months:
        yield f"  a name stays on the waiting list for {months(programme.waiting_months)}"


def _guessed(evidence: Evidence) -> str:
    """Which of the numbers that the model uses nobody has measured."""
    used = [row for row in evidence.values() if row.use == "model"]
    guessed = [row.id.partition(".")[2] for row in used if row.provenance == "judgement"]
    return f"guessed, of {len(used)} numbers used: {listed(guessed) if guessed else 'none'}"


def _rows(evidence: Evidence, own: Iterable[Mapping[str, Any]], sources: Mapping[str, Source]) -> Iterator[str]:
    known = {**sources, **{str(source["id"]): Source(**source) for source in own}}
    for row in evidence.values():
        yield ""
        yield explain_row(row, known)
