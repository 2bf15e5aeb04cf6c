"""Programmes through others: model/ODD.md 7.15. They avert no crime of themselves."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from experiments.reference.programmes.effects import combined
from experiments.reference.programmes.purse import works
from experiments.reference.programmes.state import OfSystem, Qualities
from model.inputs import QUALITIES, those_named

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

PUBLIC = ("confidence", "volunteering")  # in the record's order


def work(model: PlainModel) -> None:
    """Take the month's money, and work out the qualities of the others, what is recorded, and the public."""
    state, programmes = model.programmes, model.inputs.programmes
    qualities: dict[tuple[int, str], list[float]] = {}
    recording: dict[str, list[float]] = {}
    public: dict[str, list[float]] = {kind: [] for kind in PUBLIC}
    for one in state.system:
        _take_money(one, model.values[f"{one.facts.id}.unit_cost"])
        mine: dict[tuple[int, str], float] = {}  # two effects of one scheme on one quality add up
        recorded: dict[str, float] = {}
        for effect in one.facts.effects if one.strength > 0 else ():
            each = one.strength * log(model.values[effect.ratio])
            if effect.kind in QUALITIES:
                for number in those_named(effect.targets, programmes):
                    mine[number, effect.kind] = mine.get((number, effect.kind), 0.0) + each
            elif effect.kind == "recording":
                for group in effect.targets:
                    recorded[group] = recorded.get(group, 0.0) + each
            else:
                public[effect.kind].append(each)
        for what, each in mine.items():
            qualities.setdefault(what, []).append(each)
        for group, each in recorded.items():
            recording.setdefault(group, []).append(each)
    share = model.values["overlap_share"]
    state.qualities = [Qualities() for _ in programmes]
    for (number, quality), logs in qualities.items():
        setattr(state.qualities[number], quality, exp(combined(logs, share)))
    state.recording_logs = recording
    model.record.public[model.plan_month] = [exp(combined(public[kind], share)) for kind in PUBLIC]


def _take_money(one: OfSystem, unit_cost: float) -> None:
    """A month with money or without, and how strong the scheme is in it. `unit_cost` is pounds a year."""
    working = works(one.purse)
    if working > 0:
        one.on += 1
        one.off = 0
        one.level = min(12 * working / unit_cost, 1.0)
    else:
        one.off += 1
        if one.off > one.fade:  # all is over
            one.on = one.off = 0
            one.level = 0.0
    one.strength = 0.0 if one.on <= one.lag else one.level * (1 - one.off / (one.fade + 1))
