"""How programmes reach compiled code: as tables only, whatever their number.

A person holds at most N_SLOTS places. An effect starts `lag` months after starting, holds for `full`
months, then fades to nothing over `fade`; what acts on the rest of life (a factor, an experience) may have
another timing than what acts on offending. Several effects on one outcome of one person: the strongest
in full, each further log effect times a shared share (model.md, Programmes).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.inputs import EFFECT_TARGETS, Programme
from model.jit import rule
from model.people import DOMESTIC, N_ACES, N_SLOTS
from model.vocabulary import N_DYNAMIC_RISKS, N_OFFENCES, OFFENCES

FAR = 32000


EFFECT = np.dtype(
    [  # one programme: logarithms of ratios by target, 0 is no effect
        ("offending", "f4", (N_OFFENCES,)),
        ("at_home", "f4", (N_OFFENCES,)),  # offending within an abusive relationship
        ("victimisation", "f4", (N_OFFENCES,)),
        ("onset", "f4", (N_DYNAMIC_RISKS,)),
        ("recovery", "f4", (N_DYNAMIC_RISKS,)),
        ("ace", "f4", (N_ACES,)),
        ("acts_on", "u1"),  # bits ON_OFFENDING and ON_LIFE
        ("lag", "i2", (2,)),  # months, for what acts on offending and being harmed, and on the rest of life
        ("full", "i2", (2,)),
        ("fade", "i2", (2,)),
    ],
    align=True,
)
Effects = np.recarray  # of EFFECT, shape (programmes,)
ON_OFFENDING, ON_LIFE = 1, 2
# The tables that an effect is written to, by its kind and whom it is against. What acts once, as a place is given,
# or is counted apart (disposal, harm, contacts), is in actors/.
TABLES: dict[tuple[str, str], tuple[str, ...]] = {
    ("offending", ""): ("offending", "at_home"),
    ("offending", "partner"): ("at_home",),
    ("victimisation", ""): ("victimisation",),
    ("onset", ""): ("onset",),
    ("recovery", ""): ("recovery",),
    ("ace", ""): ("ace",),
}
OFFENDING, AT_HOME, VICTIMISATION, ONSET, RECOVERY, ADVERSITY = range(6)  # the tables, for `held_log_ratio`
OF_OFFENCES, OF_LIFE = 0, 1  # which of the two timings
WHOLE = 200  # `slot_effect` of a programme delivered as its study was; more where delivery is better


@rule
def strength(i, slot, timing, people, month, effects):
    """The share of a held programme's effect that acts this month: 0 to 1, or a little more where it is delivered
    better than its study was."""
    if people[i].slot_programme[slot] == 0 or people[i].slot_effect[slot] == 0:
        return 0.0
    p = np.int64(people[i].slot_programme[slot]) - 1
    delivered = np.float64(people[i].slot_effect[slot]) / WHOLE
    since = np.int64(month) - np.int64(people[i].slot_start[slot]) - np.int64(effects[p].lag[timing])
    if since < 0:
        return 0.0
    past_full = since - np.int64(effects[p].full[timing])
    if past_full < 0:
        return delivered
    fade = np.int64(effects[p].fade[timing])
    return delivered * (1.0 - past_full / fade) if past_full < fade else 0.0


@rule
def acting(i, people, month, effects):
    """What the programmes that a person holds act on this month: bits ON_OFFENDING and ON_LIFE."""
    found = 0
    for slot in range(N_SLOTS):
        if people[i].slot_programme[slot] == 0:
            continue
        on = np.int64(effects[np.int64(people[i].slot_programme[slot]) - 1].acts_on)
        if on & ON_OFFENDING and strength(i, slot, OF_OFFENCES, people, month, effects) > 0.0:
            found |= ON_OFFENDING
        if on & ON_LIFE and strength(i, slot, OF_LIFE, people, month, effects) > 0.0:
            found |= ON_LIFE
    return np.uint8(found)


@rule
def combined(total, strongest, share):
    """The strongest log effect in full and the others at `share`."""
    return strongest + share * (total - strongest)


@rule
def log_ratio_of(p, table, column, effects):
    """One programme's log ratio on one column of one table."""
    if table == OFFENDING:
        return np.float64(effects[p].offending[column])
    if table == AT_HOME:
        return np.float64(effects[p].at_home[column])
    if table == VICTIMISATION:
        return np.float64(effects[p].victimisation[column])
    if table == ONSET:
        return np.float64(effects[p].onset[column])
    if table == RECOVERY:
        return np.float64(effects[p].recovery[column])
    return np.float64(effects[p].ace[column])


@rule
def held_log_ratio(i, column, table, people, month, law, effects):
    """The log ratio of everything that a person holds on one column of one of the tables."""
    timing = OF_LIFE if table >= ONSET else OF_OFFENCES
    total = 0.0
    strongest = 0.0
    for slot in range(N_SLOTS):
        acting = strength(i, slot, timing, people, month, effects)
        if acting > 0.0:
            p = np.int64(people[i].slot_programme[slot]) - 1
            log_ratio = acting * log_ratio_of(p, table, column, effects)
            total += log_ratio
            # Of two as strong, the one that does harm: no order of slots decides.
            if abs(log_ratio) > abs(strongest) or (log_ratio == -strongest and log_ratio > 0.0):
                strongest = log_ratio
    return combined(total, strongest, law.overlap_share)


@rule
def offending_log_ratio(i, h, g, people, month, law, effects):
    """What the person's programmes do to offences of kind h and group g this month."""
    return held_log_ratio(i, g, AT_HOME if h == DOMESTIC else OFFENDING, people, month, law, effects)


@rule
def over(i, slot, people, effects):
    """The month in which all that a held programme does is over, or would be if it did anything."""
    p = np.int64(people[i].slot_programme[slot]) - 1
    longest = 0
    for timing in range(2):
        lag, full, fade = effects[p].lag[timing], effects[p].full[timing], effects[p].fade[timing]
        longest = max(longest, np.int64(lag) + np.int64(full) + np.int64(fade))
    return np.int64(people[i].slot_start[slot]) + longest


@rule
def next_change(i, people, month, effects):
    """The next month in which an effect held by the person starts, weakens or ends, or a slot falls free;
    FAR if none."""
    soonest = FAR
    for slot in range(N_SLOTS):
        if people[i].slot_programme[slot] == 0:
            continue
        ends = over(i, slot, people, effects)
        if month < ends:
            soonest = min(soonest, ends)
        if people[i].slot_effect[slot] == 0:  # a place taken up without effect is held as long
            continue
        p = np.int64(people[i].slot_programme[slot]) - 1
        for timing in range(2):
            begins = np.int64(people[i].slot_start[slot]) + np.int64(effects[p].lag[timing])
            fades = begins + np.int64(effects[p].full[timing])
            if month < begins:
                soonest = min(soonest, begins)
            elif month < fades:
                soonest = min(soonest, fades)
            elif month < fades + np.int64(effects[p].fade[timing]):
                soonest = min(soonest, np.int64(month) + 1)
    return soonest


@rule
def free_ended_slots(i, people, month, effects):
    """Empty the slots of programmes whose effect is over, or would be."""
    for slot in range(N_SLOTS):
        if people[i].slot_programme[slot] and np.int64(month) >= over(i, slot, people, effects):
            people[i].slot_programme[slot] = 0
            people[i].slot_effect[slot] = 0


def ratios_by_offence(programme: Programme, kind: str, values: Mapping[str, float]) -> NDArray[np.float64]:
    """(G,) the product of the ratios of a programme's effects of one kind."""
    ratios = np.ones(N_OFFENCES)
    for effect in programme.effects:
        if effect.kind == kind:
            ratios[[OFFENCES.index(name) for name in effect.targets]] *= values[effect.ratio]
    return ratios


def no_effects() -> Effects:
    """One programme that does nothing: compiled code wants a shape."""
    return effect_tables((), {})


def effect_tables(programmes: tuple[Programme, ...], values: Mapping[str, float]) -> Effects:
    """Programmes of people as compiled code reads them; those of places and of programmes act elsewhere."""
    table = np.zeros(max(len(programmes), 1), dtype=EFFECT).view(np.recarray)
    for p, programme in enumerate(programmes):
        if programme.reaches in ("place", "system"):
            continue
        for effect in programme.effects:
            columns = [EFFECT_TARGETS[effect.kind].index(target) for target in effect.targets]
            for field in TABLES.get((effect.kind, effect.against), ()):
                table[field][p, columns] += np.log(values[effect.ratio])
        of_life = any(table[kind][p].any() for kind in ("onset", "recovery", "ace"))
        of_offending = table["offending"][p].any() or table["at_home"][p].any()
        table["acts_on"][p] = ON_OFFENDING * of_offending | ON_LIFE * of_life
        for name in ("lag", "full", "fade"):
            both = values[f"{programme.id}.{name}_months"]
            table[name][p] = round(both), round(values.get(f"{programme.id}.life_{name}_months", both))
    return table
