"""Schemes, shipped or of one's own: a file each, read into model.inputs.Programme and evidence rows."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from model.evidence import Evidence, EvidenceFaults, Row, Source, read_sources
from model.evidence import read as read_evidence
from model.inputs import AGAINST, EFFECT_KINDS, EFFECT_ON, EFFECT_TARGETS, EVENTS, Effect, Programme
from model.vocabulary import OFFENCES, RISK_FACTORS, SEXES, TIERS
from scenarios.calendar_years import is_financial_year
from scenarios.faults import Fault, InputFaults, meant
from scenarios.form import SchemeForm, form_faults, shorten, spoken
from scenarios.toml_files import Place, TomlFile, read_toml

CATALOGUE = Path(__file__).parent / "catalogue"
SOURCE_KEYS = tuple(field.name for field in fields(Source))
EVIDENCE_KEYS = ("rows", "defaults", "sources")
VERSUS = ("usual services", "formal processing", "nothing")
NUMBERS = ("unit_cost", "uptake", "completion", "lag_months", "full_months", "fade_months", "stay_months")
SHARES = ("uptake", "completion")


@dataclass(frozen=True)
class Scheme:
    """A programme with its numbers and with what the model does not need to know of it."""

    programme: Programme
    evidence: Evidence
    named_by: tuple[str, ...]
    price_year: str  # of unit_cost: a financial year, "2022/23"
    sources: tuple[dict[str, Any], ...] = ()


def shipped_schemes(folder: Path = CATALOGUE) -> dict[str, Path]:
    """The file of every scheme that comes with the package, by id."""
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load_scheme(path: Path, shown: str = "") -> Scheme:
    """The scheme in a file. Raises InputFaults with everything wrong with it."""
    whole = read_toml(path, shown or path.name)
    facts = {key: value for key, value in whole.values.items() if key not in EVIDENCE_KEYS}
    told = TomlFile(whole.file, whole.text, facts, whole.lines)
    faults = form_faults(told, SchemeForm) + _word_faults(told)
    try:
        evidence = read_evidence(path, also=tuple(facts))
    except EvidenceFaults as wrong:
        faults += [Fault(told.file, fault.line, fault.what, fault.mend) for fault in wrong.faults]
    else:
        faults += _number_faults(told, evidence)
        faults += _source_faults(whole, evidence)
    if faults:
        raise InputFaults(sorted(dict.fromkeys(faults), key=lambda fault: fault.line))
    form = SchemeForm.model_validate(facts)
    return Scheme(
        _programme(form),
        evidence,
        tuple(form.named_by),
        evidence[f"{form.id}.unit_cost"].period,
        tuple(whole.values.get("sources", ())),
    )


def _programme(form: SchemeForm) -> Programme:
    return Programme(
        id=form.id,
        name=form.name,
        tier=form.tier,
        event="" if form.found_by == "population" else form.found_by,
        event_offences=tuple(form.after),
        ages=(form.ages[0], form.ages[1]),
        needs=tuple(form.needs),
        effects=tuple(
            Effect(e.kind, tuple(e.targets), e.ratio, e.outcome, e.effect_on, e.versus, e.against or "")
            for e in form.effect
        ),
        set_up_months=form.set_up_months,
        waiting_months=form.waiting_months,
        graded=form.graded,
        outcome_study=form.outcome_study,
        sexes=tuple(form.sexes),
    )


def _word_faults(told: TomlFile) -> list[Fault]:
    """Words that the model does not know, and facts that do not go together."""
    faults: list[Fault] = []
    facts = told.values

    def check(place: Place, value: object, known: tuple[str, ...]) -> None:
        if isinstance(value, str) and value not in known:
            mend = meant(value, known, f"use one of {', '.join(known)}")
            faults.append(told.fault(place, f"{spoken(place)}: {value!r} is not known", mend))

    def check_all(place: Place, values: object, known: tuple[str, ...]) -> None:
        for value in values if isinstance(values, list) else ():
            check(place, value, known)

    check(("tier",), facts.get("tier"), TIERS)
    check(("found_by",), facts.get("found_by"), (*EVENTS, "population"))
    check_all(("after",), facts.get("after"), OFFENCES)
    check_all(("sexes",), facts.get("sexes"), SEXES)
    check_all(("needs",), facts.get("needs"), RISK_FACTORS)
    if facts.get("found_by") == "population" and facts.get("after"):
        faults.append(told.fault(("after",), "after is for people found by an event", "write after = []"))
    ages = facts.get("ages")
    if isinstance(ages, list) and len(ages) == 2 and all(type(a) is int for a in ages) and ages[0] > ages[1]:
        faults.append(told.fault(("ages",), f"ages run from {ages[0]} to {ages[1]}", f"write {ages[::-1]}"))
    told_effects = facts.get("effect")
    effects = told_effects if isinstance(told_effects, list) else []
    estimand = effects[0].get("effect_on") if effects and isinstance(effects[0], dict) else None
    for at, effect in enumerate(effects):
        if isinstance(effect, dict):
            place: Place = ("effect", at)
            check((*place, "kind"), effect.get("kind"), EFFECT_KINDS)
            check((*place, "effect_on"), effect.get("effect_on"), EFFECT_ON)
            check((*place, "versus"), effect.get("versus"), VERSUS)
            check((*place, "against"), effect.get("against"), AGAINST)
            if effect.get("against") and effect.get("kind") != "offending":
                what = f"{spoken((*place, 'against'))}: only an effect on offending can be against somebody"
                faults.append(told.fault((*place, "against"), what, "leave the line out"))
            if effect.get("effect_on") != estimand:
                what = "the effects of a scheme are not all on the same people"
                faults.append(told.fault((*place, "effect_on"), what, f"write {estimand!r}"))
            known = EFFECT_TARGETS.get(str(effect.get("kind")))
            if known:
                check_all((*place, "targets"), effect.get("targets"), known)
    return faults


def _number_faults(told: TomlFile, evidence: Evidence) -> list[Fault]:
    """Rows that the scheme needs and lacks, or that say something impossible."""
    faults: list[Fault] = []
    own = told.values.get("id")
    if not any(row.name.startswith(f"{own}.") for row in evidence.values()):
        begun = sorted({row.name.partition(".")[0] for row in evidence.values()})
        otherwise = "start the id of each with it and a point"
        mend = f'perhaps id = "{begun[0]}" is meant' if len(begun) == 1 else otherwise
        return [told.fault(("id",), f"no row belongs to the id {own!r}", mend)] if own else []
    for name in NUMBERS:
        row = evidence.get(f"{own}.{name}") if f"{own}.{name}" in evidence else None
        if row is None:
            faults.append(Fault(told.file, 0, f"the row '{own}.{name}' is missing", "add it under rows"))
        elif what := _impossible(name, row):
            faults.append(Fault(told.file, row.line, f"{row.name} {what}", "mend the row"))
    effects = told.values.get("effect")
    for at, effect in enumerate(effects if isinstance(effects, list) else ()):
        ratio = effect.get("ratio") if isinstance(effect, dict) else None
        if isinstance(ratio, str):
            place: Place = ("effect", at, "ratio")
            if ratio not in evidence:
                mend = meant(ratio, evidence, "add it under rows")
                faults.append(told.fault(place, f"there is no row named {ratio!r}", mend))
            elif "ratio" not in evidence[ratio].unit or evidence[ratio].value <= 0:
                faults.append(
                    told.fault(place, f"{ratio} is no ratio above 0", "give it the unit 'hazard ratio'")
                )
    strangers = [row for row in evidence.values() if not row.name.startswith(f"{own}.")]
    faults += [
        Fault(
            told.file, row.line, f"the row '{row.name}' does not belong here", f"start its id with '{own}.'"
        )
        for row in strangers
    ]
    return faults


def _source_faults(whole: TomlFile, evidence: Evidence) -> Iterator[Fault]:
    """Where the numbers come from: entries under sources with the right keys, and rows that name one."""
    entries = whole.values.get("sources", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        yield whole.fault(("sources",), "sources is no list of tables", "start each source with [[sources]]")
        return
    for at, entry in enumerate(entries):
        place: Place = ("sources", at)
        for key, value in entry.items():
            if key not in SOURCE_KEYS:
                what, otherwise = f"{key} of source {at + 1} is not known", f"use {', '.join(SOURCE_KEYS)}"
                yield whole.fault((*place, key), what, meant(key, SOURCE_KEYS, otherwise))
            elif type(value) is not (int if key == "year" else str):
                mend = "write a whole number" if key == "year" else "write text in quotation marks"
                yield whole.fault((*place, key), f"{key} of source {at + 1} = {shorten(value)}", mend)
        for key in ("id", "author", "title"):
            if key not in entry:
                yield whole.fault(place, f"{key} of source {at + 1} is missing", f"add {key} = ...")
    own = ("judgement", *(str(entry.get("id")) for entry in entries))
    known = {*own, *read_sources()}
    for row in evidence.values():
        if row.source not in known:
            mend = meant(row.source, own, "add it under sources, or write judgement")
            yield Fault(whole.file, row.line, f"{row.name}: there is no source {row.source!r}", mend)


def _impossible(name: str, row: Row) -> str:
    lowest = row.value if row.low is None else row.low
    if name == "unit_cost" and lowest <= 0:
        return "must be above 0 pounds"
    if name == "unit_cost" and not is_financial_year(row.period):
        return 'does not say of which year its prices are: write period = "2022/23"'
    if name == "unit_cost" and not row.unit.startswith("pounds"):
        return f"has the unit {row.unit!r}: give pounds, in a unit that starts with 'pounds'"
    if name.endswith("_months") and not row.unit.startswith("months"):
        return f"has the unit {row.unit!r}: give months, in a unit that starts with 'months'"
    if name in SHARES and not row.unit.startswith("share"):
        return "must have a unit that starts with 'share'"
    if name.endswith("_months") and (lowest < 0 or row.value > 1200):
        return "must be from 0 to 1,200 months"
    return ""
