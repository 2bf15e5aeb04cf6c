"""What is held does: model/ODD.md 7.13, in the part of that name, and how several combine (4.8).

Months are counted as the plan counts them; a log ratio below 0 means less of what it acts on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, NamedTuple

from model.inputs import Programme

if TYPE_CHECKING:
    from experiments.reference.person import Person
    from experiments.reference.world import PlainModel

LIFE = ("onset", "recovery", "ace")  # tables of life events, which may have a timing of their own
AT_ONCE = ("disposal", "harm", "contacts")  # kinds of effect that are no ratio of a hazard of one who holds a slot


class Timing(NamedTuple):
    """When an effect acts, in whole months from the start: after the lag in full, then fading in a straight line."""

    lag: int
    full: int
    fade: int


@dataclass(frozen=True)
class Held:
    """What holding a programme does: logs of ratios by table, and in it by group, factor or experience."""

    timing: Timing
    life: Timing
    lasts: int  # months after which the slot falls free
    logs: dict[str, dict[str, float]]


def months(values: Mapping[str, float], row: str) -> int:
    """A row of months, rounded; 0 without it."""
    return round(values.get(row, 0.0))


def timing_of(values: Mapping[str, float], scheme: str) -> Timing:
    """The timing of a scheme's effects, in months."""
    return Timing(*(months(values, f"{scheme}.{what}_months") for what in ("lag", "full", "fade")))


def _life_timing_of(values: Mapping[str, float], scheme: str) -> Timing:
    own = timing_of(values, scheme)
    rows = [f"{scheme}.life_{what}_months" for what in ("lag", "full", "fade")]
    return Timing(*(months(values, row) if row in values else each for row, each in zip(rows, own, strict=True)))


def held_of(facts: Programme, values: Mapping[str, float]) -> Held:
    """What one programme of people does to those who hold it."""
    timing, life = timing_of(values, facts.id), _life_timing_of(values, facts.id)
    logs: dict[str, dict[str, float]] = {}
    for effect in facts.effects:
        if effect.kind not in AT_ONCE:
            tables: tuple[str, ...] = (effect.kind,)
            if effect.kind == "offending":
                tables = ("at_home",) if effect.against == "partner" else ("offending", "at_home")
            for table in tables:
                add(logs.setdefault(table, {}), effect.targets, log(values[effect.ratio]))
    return Held(timing, life, max(sum(timing), sum(life)), logs)


def logs_of(facts: Programme, values: Mapping[str, float], kind: str) -> dict[str, float]:
    """Logs of the ratios of one kind of effect, by what they act on."""
    found: dict[str, float] = {}
    for effect in facts.effects:
        if effect.kind == kind:
            add(found, effect.targets, log(values[effect.ratio]))
    return found


def add(logs: dict[str, float], names: Sequence[str], each: float) -> None:
    """Add a log ratio under each of the names."""
    for name in names:
        logs[name] = logs.get(name, 0.0) + each


def strength(timing: Timing, since: int) -> float:
    """The share of an effect that acts so many months after the start, at delivery in full."""
    k = since - timing.lag
    if k < 0:
        return 0.0
    if k < timing.full:
        return 1.0
    past = k - timing.full
    return 1 - past / timing.fade if past < timing.fade else 0.0


def combined(logs: Sequence[float], overlap_share: float) -> float:
    """Several log ratios on one thing: the strongest in full (of two as strong and opposite, the one that raises), and
    of the sum of the others the share."""
    if not logs:
        return 0.0
    strongest = max(logs, key=lambda each: (abs(each), each))
    return strongest + overlap_share * (sum(logs) - strongest)


def log_ratio(model: PlainModel, person: Person, table: str, name: str) -> float:
    """The log ratio that the programmes held by a person have this month on one column: of a table ("offending",
    "at_home", "victimisation", "onset", "recovery", "ace"), the group, factor or experience of that name."""
    if not person.slots:
        return 0.0
    logs = []
    for slot in person.slots:
        if slot.delivery > 0:
            held = model.programmes.held[slot.programme]
            each = held.logs.get(table, {}).get(name, 0.0)
            if each != 0:
                timing = held.life if table in LIFE else held.timing
                logs.append(slot.delivery * strength(timing, model.month - slot.start) * each)
    return combined(logs, model.values["overlap_share"])
