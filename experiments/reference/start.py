"""The people with whom both models start: those of the engine as its plan begins, and those who will come.

Read from the engine's rows as data (its census and the lives up to the plan are not lived a second time here); rates
and thresholds, which are the engine's work, are left behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import ndtri

from experiments.reference.arithmetic import MOST_LASTING
from experiments.reference.person import Person, Slot
from model.draws import STREAMS, uniforms
from model.past import Past
from model.people import ACES, EXPOSURES, NEVER, NOBODY, RISK_FACTORS, Columns
from model.vocabulary import OFFENCES

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

LASTING = ("person_risk", "abusive_risk", "frailty")
_MONTHS = (
    "last_offence", "last_victim", "last_harm", "court", "court_committed", "custody_end", "order_end", "cohort",
    "spared_offence", "spared_victim",
)  # fmt: skip
_NUMBERS = (
    "status", "district", "neighbourhood", "quintile", "household", "children", "peers", "offences",
    "victimisations", "convictions", "custody_months", "spared_peers",
)  # fmt: skip


class Start(NamedTuple):
    """Rows of people as the plan begins, rows of those who come, and the month of the plan in which each comes."""

    people: Columns
    coming: Columns
    coming_month: np.ndarray[Any, Any]
    seed: int | None = None  # by which an engine draws what lasts all life; None to draw it anew, as other seeds do


def start_of(past: Past) -> Start:
    """What both models share of a replicate's past."""
    return Start(
        np.asarray(past.people)[: past.rows].copy(), np.asarray(past.coming).copy(), past.coming_month.copy()
    )


def people_of(model: PlainModel, start: Start) -> tuple[list[Person], dict[int, list[Person]]]:
    """Agents for the rows as the plan begins, in their order; and for those who come, by month of the plan."""
    people = _agents(model, start.people, start.seed)
    for row, person in enumerate(people):
        person.row = row
    coming: dict[int, list[Person]] = {}
    for m in np.unique(start.coming_month):
        rows = start.coming[start.coming_month == m]
        coming[int(m)] = _agents(model, rows, start.seed)
        for person in coming[int(m)]:  # labels of arrivals are apart from everyone's
            person.household = -(int(m) * 100_000 + person.household) - 1
    return people, coming


def _agents(model: PlainModel, rows: Columns, seed: int | None) -> list[Person]:
    people = [_agent(model, row) for row in rows]
    if seed is not None:
        for name in LASTING:
            drawn = ndtri(uniforms(seed, np.ascontiguousarray(rows["key"]), 0, STREAMS[name]))
            for person, z in zip(people, np.minimum(drawn, MOST_LASTING).tolist(), strict=True):
                person.lasting[name] = z
    for number, (person, row) in enumerate(zip(people, rows, strict=True)):
        person.carer1, person.carer2, person.partner = (
            None if row[name] == NOBODY else people[row[name]] for name in ("carer1", "carer2", "partner")
        )
        person.ties = [None if tie == NOBODY else people[tie] for tie in row["tie"]]
        at = row["first_child"]
        while at != NOBODY:
            person.cared_for.append(people[at])
            at = rows[at]["next1"] if rows[at]["carer1"] == number else rows[at]["next2"]
    return people


def _agent(model: PlainModel, row: Any) -> Person:
    person = Person(model, int(row["birth"]), int(row["sex"]))
    for name in _NUMBERS:
        setattr(person, name, int(row[name]))
    for name in _MONTHS:
        setattr(person, name, None if row[name] == NEVER else int(row[name]))
    person.key = int(row["key"])
    person.propensity, person.family = float(row["propensity"]), float(row["family"])
    person.risks = _names(RISK_FACTORS, row["risks"])
    person.exposure = _names(EXPOSURES, row["exposure"])
    person.spared = _names(RISK_FACTORS, int(row["spared"]) & ((1 << len(RISK_FACTORS)) - 1))
    person.spared_aces = _names(ACES, int(row["spared"]) >> len(RISK_FACTORS))
    person.spared_exposure = _names(EXPOSURES, row["spared_exposure"])
    person.aces = {name: int(row["ace_age"][ACES.index(name)]) for name in _names(ACES, row["aces"])}
    person.court_offence = OFFENCES[row["court_offence"]]
    person.court_severity = float(row["court_severity"]) / 256
    person.reoffended, person.placed = bool(row["reoffended"]), bool(row["placed"])
    person.slots = [
        Slot(int(which) - 1, int(begun), float(strength) / 200)
        for which, begun, strength in zip(row["slot_programme"], row["slot_start"], row["slot_effect"], strict=True)
        if which
    ]
    return person


def _names(names: tuple[str, ...], bits: Any) -> set[str]:
    return {name for number, name in enumerate(names) if int(bits) >> number & 1}
