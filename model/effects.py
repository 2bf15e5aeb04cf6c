"""How programmes reach compiled code: as tables only, whatever their number.

A person holds at most N_SLOTS places. An effect starts `lag` months after starting, holds for `full`
months, then fades to nothing over `fade`. Several effects on one outcome of one person: the strongest
in full, each further log effect times a shared share (model.md, Programmes).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.inputs import Programme
from model.jit import rule
from model.people import N_ACES, N_SLOTS
from model.vocabulary import ACES, N_DYNAMIC_RISKS, N_OFFENCES, OFFENCES, RISK_FACTORS

FAR = 32000


class Effects(NamedTuple):
    """P programmes, G offence groups, R risk factors: logarithms of ratios, 0 is no effect."""

    offending: NDArray[np.float32]  # (P, G)
    victimisation: NDArray[np.float32]  # (P, G)
    onset: NDArray[np.float32]  # (P, R)
    recovery: NDArray[np.float32]  # (P, R)
    ace: NDArray[np.float32]  # (P, A)
    lag: NDArray[np.int16]  # (P,) months
    full: NDArray[np.int16]  # (P,)
    fade: NDArray[np.int16]  # (P,)


@rule
def strength(i, slot, people, month, effects):
    """The share of a held programme's effect that acts this month, 0 to 1."""
    if people.slot_programme[i, slot] == 0 or people.slot_effect[i, slot] == 0:
        return 0.0
    p = np.int64(people.slot_programme[i, slot]) - 1
    since = np.int64(month) - np.int64(people.slot_start[i, slot]) - np.int64(effects.lag[p])
    if since < 0:
        return 0.0
    past_full = since - np.int64(effects.full[p])
    if past_full < 0:
        return 1.0
    fade = np.int64(effects.fade[p])
    return 1.0 - past_full / fade if past_full < fade else 0.0


@rule
def combined(total, strongest, share):
    """The strongest log effect in full and the others at `share`."""
    return strongest + share * (total - strongest)


@rule
def held_log_ratio(i, column, table, people, month, law, effects):
    """The log ratio of everything that a person holds on one column of one of the tables."""
    total = 0.0
    strongest = 0.0
    for slot in range(N_SLOTS):
        acting = strength(i, slot, people, month, effects)
        if acting > 0.0:
            log_ratio = acting * table[np.int64(people.slot_programme[i, slot]) - 1, column]
            total += log_ratio
            if abs(log_ratio) > abs(strongest):
                strongest = log_ratio
    return combined(total, strongest, law.overlap_share)


@rule
def offending_log_ratio(i, g, people, month, law, effects):
    """What the person's programmes do to offences of group g this month."""
    return held_log_ratio(i, g, effects.offending, people, month, law, effects)


@rule
def next_change(i, people, month, effects):
    """The next month in which an effect held by the person starts, weakens or ends; FAR if none."""
    soonest = FAR
    for slot in range(N_SLOTS):
        if people.slot_programme[i, slot] == 0 or people.slot_effect[i, slot] == 0:
            continue
        p = np.int64(people.slot_programme[i, slot]) - 1
        begins = np.int64(people.slot_start[i, slot]) + np.int64(effects.lag[p])
        fades = begins + np.int64(effects.full[p])
        ends = fades + np.int64(effects.fade[p])
        if month < begins:
            soonest = min(soonest, begins)
        elif month < fades:
            soonest = min(soonest, fades)
        elif month < ends:
            soonest = min(soonest, np.int64(month) + 1)
    return soonest


@rule
def free_ended_slots(i, people, month, effects):
    """Empty the slots of programmes whose effect is over and of those without effect once left."""
    for slot in range(N_SLOTS):
        if people.slot_programme[i, slot] == 0:
            continue
        p = np.int64(people.slot_programme[i, slot]) - 1
        end = (
            np.int64(people.slot_start[i, slot])
            + np.int64(effects.lag[p])
            + np.int64(effects.full[p])
            + np.int64(effects.fade[p])
        )
        if np.int64(month) >= end:
            people.slot_programme[i, slot] = 0
            people.slot_effect[i, slot] = 0


def no_effects() -> Effects:
    """Tables for a world with one programme that does nothing, since compiled code wants a shape."""
    return effect_tables((), {})


def effect_tables(programmes: tuple[Programme, ...], values: Mapping[str, float]) -> Effects:
    """Programmes as compiled code reads them: logarithms of ratios by target, and months."""
    count = max(len(programmes), 1)
    tables = {
        "offending": np.zeros((count, N_OFFENCES), np.float32),
        "victimisation": np.zeros((count, N_OFFENCES), np.float32),
        "onset": np.zeros((count, N_DYNAMIC_RISKS), np.float32),
        "recovery": np.zeros((count, N_DYNAMIC_RISKS), np.float32),
        "ace": np.zeros((count, N_ACES), np.float32),
    }
    names = {
        "offending": OFFENCES, "victimisation": OFFENCES, "onset": RISK_FACTORS, "recovery": RISK_FACTORS,
        "ace": ACES,
    }  # fmt: skip
    months = {name: np.zeros(count, np.int16) for name in ("lag", "full", "fade")}
    for p, programme in enumerate(programmes):
        for effect in programme.effects:
            for target in effect.targets:
                tables[effect.kind][p, names[effect.kind].index(target)] += np.log(values[effect.ratio])
        for name in months:
            months[name][p] = round(values[f"{programme.id}.{name}_months"])
    return Effects(**tables, **months)
