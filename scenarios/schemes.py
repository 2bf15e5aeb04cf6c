"""Schemes, shipped or of one's own: a file each, read into model.inputs.Programme and evidence rows.

A lever is a file of the catalogue too: a key of the budget, with what the papers say of it, and no programme.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.evidence import Evidence, EvidenceFaults
from model.evidence import read as read_evidence
from model.inputs import Effect, Programme, Tool
from scenarios.faults import Fault, InputFaults, meant
from scenarios.form import Form, form_faults
from scenarios.scenario_form import AlternativeForm
from scenarios.scheme_checks import number_faults, source_faults, word_faults
from scenarios.scheme_form import LeverForm, SchemeForm
from scenarios.toml_files import TomlFile, read_toml

CATALOGUE = Path(__file__).parent / "catalogue"
EVIDENCE_KEYS = ("rows", "defaults", "sources")
IS_LEVER = re.compile(r"^lever\s*=", re.MULTILINE)
TELLS_EFFECT = ("causal", "quasi-causal")  # the causal status of rows that say what a scheme does
MOST_OF_ASSOCIATION = 2  # the grade of a row that only says what goes with a scheme, at most


@dataclass(frozen=True)
class Scheme:
    """A programme with its numbers and with what the model does not need to know of it."""

    programme: Programme
    evidence: Evidence
    named_by: tuple[str, ...]
    price_year: str  # of unit_cost: a financial year, "2022/23"; "" for a practice that takes no money
    sources: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Lever:
    """Keys of the budget that a paper names, and what it says of them."""

    id: str
    name: str
    keys: tuple[str, ...]  # of an alternative
    graded: str
    evidence: Evidence
    named_by: tuple[str, ...]
    sources: tuple[dict[str, Any], ...] = ()


def shipped_schemes(folder: Path = CATALOGUE) -> dict[str, Path]:
    """The file of every scheme that comes with the package, by id; levers are none."""
    return {name: path for name, path in _shipped(folder).items() if not _is_lever(path)}


def shipped_levers(folder: Path = CATALOGUE) -> dict[str, Path]:
    """The file of every lever, by id."""
    return {name: path for name, path in _shipped(folder).items() if _is_lever(path)}


def _shipped(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def _is_lever(path: Path) -> bool:
    return bool(IS_LEVER.search(path.read_text(encoding="utf-8")))


def load_scheme(path: Path, shown: str = "") -> Scheme:
    """The scheme in a file. Raises InputFaults with everything wrong with it."""
    whole = read_toml(path, shown or path.name)
    others = {*_shipped(CATALOGUE), *_shipped(path.parent)}
    told, evidence = _read(whole, path, SchemeForm, others)
    form = SchemeForm.model_validate(dict(told.values))
    cost = f"{form.id}.unit_cost"
    return Scheme(
        _programme(form, evidence),
        evidence,
        tuple(form.named_by),
        evidence[cost].period if cost in evidence else "",
        tuple(whole.values.get("sources", ())),
    )


def load_lever(path: Path) -> Lever:
    """The lever in a file. Raises InputFaults with everything wrong with it."""
    whole = read_toml(path, path.name)
    told, evidence = _read(whole, path, LeverForm, set())
    form = LeverForm.model_validate(dict(told.values))
    known = tuple(AlternativeForm.model_fields)
    if wrong := [key for key in form.lever if key not in known]:
        what = f"lever: {wrong[0]!r} is no key of an alternative"
        raise InputFaults([told.fault(("lever",), what, meant(wrong[0], known, f"use {', '.join(known)}"))])
    return Lever(
        form.id, form.name, tuple(form.lever), form.graded, evidence, tuple(form.named_by),
        tuple(whole.values.get("sources", ())),
    )  # fmt: skip


def _read(whole: TomlFile, path: Path, form: type[Form], others: set[str]) -> tuple[TomlFile, Evidence]:
    """The facts and the rows of a file. Raises InputFaults with everything wrong with it."""
    facts = {key: value for key, value in whole.values.items() if key not in EVIDENCE_KEYS}
    told = TomlFile(whole.file, whole.text, facts, whole.lines)
    faults = form_faults(told, form)
    if form is SchemeForm:
        faults += word_faults(told, others)
    evidence = Evidence(())
    try:
        evidence = read_evidence(path, also=tuple(facts))
    except EvidenceFaults as wrong:
        faults += [Fault(told.file, fault.line, fault.what, fault.mend) for fault in wrong.faults]
    else:
        faults += number_faults(told, evidence, of_scheme=form is SchemeForm)
        faults += source_faults(whole, evidence)
    if faults:
        raise InputFaults(sorted(dict.fromkeys(faults), key=lambda fault: fault.line))
    return told, evidence


def _programme(form: SchemeForm, evidence: Evidence) -> Programme:
    return Programme(
        id=form.id,
        name=form.name,
        tier=form.tier,
        event="" if form.found_by in (None, "population") else form.found_by or "",
        event_offences=tuple(form.after),
        ages=(form.ages[0], form.ages[1]) if form.ages else (0, 110),
        needs=tuple(form.needs),
        effects=tuple(
            Effect(e.kind, tuple(e.targets), e.ratio, e.outcome, e.effect_on, e.versus, e.against or "")
            for e in form.effect
        ),
        set_up_months=form.set_up_months,
        waiting_months=form.waiting_months or 0,
        graded=form.graded,
        outcome_study=form.outcome_study,
        sexes=tuple(form.sexes),
        reaches=form.reaches,
        ramp_months=form.ramp_months,
        run_down_months=form.run_down_months,
        takes_no_money=form.takes_no_money,
        covers=form.covers,
        quintiles=tuple(form.quintiles),
        tool=Tool(tuple(form.tool.programmes), tuple(form.tool.offences)) if form.tool else None,
        evidence_grade=evidence_grade(evidence) if form.outcome_study else 1,
    )


def evidence_grade(evidence: Evidence) -> int:
    """How well what a scheme does is known, 5 to 1: the best grade of a row that tells it. What only goes with a
    scheme counts one less, and 2 at most."""
    grades = [1]
    for row in evidence.values():
        if row.causal_status in TELLS_EFFECT:
            grades.append(row.grade)
        elif row.causal_status == "association":
            grades.append(min(row.grade - 1, MOST_OF_ASSOCIATION))
    return max(grades)
