"""How programmes reach compiled code: as tables only, whatever their number.

A person holds at most N_SLOTS places. An effect starts `lag` months after starting, holds for `full`
months, then fades to nothing over `fade`. Several effects on one outcome of one person: the strongest
in full, each further log effect times a shared share (model.md, Programmes).
"""

from collections.abc import Mapping

import numpy as np

from model.inputs import EFFECT_TARGETS, Programme
from model.jit import rule
from model.people import DOMESTIC, N_ACES, N_SLOTS
from model.vocabulary import N_DYNAMIC_RISKS, N_OFFENCES

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
        ("lag", "i2"),  # months
        ("full", "i2"),
        ("fade", "i2"),
    ],
    align=True,
)
Effects = np.recarray  # of EFFECT, shape (programmes,)
ON_OFFENDING, ON_LIFE = 1, 2
# The tables that an effect is written to, by its kind and whom it is against. A disposal acts on a case once, as
# a place is given (actors/programmes.py).
TABLES: dict[tuple[str, str], tuple[str, ...]] = {
    ("offending", ""): ("offending", "at_home"),
    ("offending", "partner"): ("at_home",),
    ("victimisation", ""): ("victimisation",),
    ("onset", ""): ("onset",),
    ("recovery", ""): ("recovery",),
    ("ace", ""): ("ace",),
    ("disposal", ""): (),
}
OFFENDING, AT_HOME, VICTIMISATION, ONSET, RECOVERY, ADVERSITY = range(6)  # the tables, for `held_log_ratio`


@rule
def strength(i, slot, people, month, effects):
    """The share of a held programme's effect that acts this month, 0 to 1."""
    if people[i].slot_programme[slot] == 0 or people[i].slot_effect[slot] == 0:
        return 0.0
    p = np.int64(people[i].slot_programme[slot]) - 1
    since = np.int64(month) - np.int64(people[i].slot_start[slot]) - np.int64(effects[p].lag)
    if since < 0:
        return 0.0
    past_full = since - np.int64(effects[p].full)
    if past_full < 0:
        return 1.0
    fade = np.int64(effects[p].fade)
    return 1.0 - past_full / fade if past_full < fade else 0.0


@rule
def acting(i, people, month, effects):
    """What the programmes that a person holds act on this month: bits ON_OFFENDING and ON_LIFE."""
    found = 0
    for slot in range(N_SLOTS):
        if strength(i, slot, people, month, effects) > 0.0:
            found |= np.int64(effects[np.int64(people[i].slot_programme[slot]) - 1].acts_on)
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
    total = 0.0
    strongest = 0.0
    for slot in range(N_SLOTS):
        acting = strength(i, slot, people, month, effects)
        if acting > 0.0:
            p = np.int64(people[i].slot_programme[slot]) - 1
            log_ratio = acting * log_ratio_of(p, table, column, effects)
            total += log_ratio
            if abs(log_ratio) > abs(strongest):
                strongest = log_ratio
    return combined(total, strongest, law.overlap_share)


@rule
def offending_log_ratio(i, h, g, people, month, law, effects):
    """What the person's programmes do to offences of kind h and group g this month."""
    return held_log_ratio(i, g, AT_HOME if h == DOMESTIC else OFFENDING, people, month, law, effects)


@rule
def next_change(i, people, month, effects):
    """The next month in which an effect held by the person starts, weakens or ends, or a slot falls free;
    FAR if none."""
    soonest = FAR
    for slot in range(N_SLOTS):
        if people[i].slot_programme[slot] == 0:
            continue
        p = np.int64(people[i].slot_programme[slot]) - 1
        begins = np.int64(people[i].slot_start[slot]) + np.int64(effects[p].lag)
        fades = begins + np.int64(effects[p].full)
        ends = fades + np.int64(effects[p].fade)
        if people[i].slot_effect[slot] == 0:  # a place taken up without effect is held as long
            soonest = min(soonest, ends) if month < ends else soonest
        elif month < begins:
            soonest = min(soonest, begins)
        elif month < fades:
            soonest = min(soonest, fades)
        elif month < ends:
            soonest = min(soonest, np.int64(month) + 1)
    return soonest


@rule
def free_ended_slots(i, people, month, effects):
    """Empty the slots of programmes whose effect is over, or would be."""
    for slot in range(N_SLOTS):
        if people[i].slot_programme[slot] == 0:
            continue
        p = np.int64(people[i].slot_programme[slot]) - 1
        end = (
            np.int64(people[i].slot_start[slot])
            + np.int64(effects[p].lag)
            + np.int64(effects[p].full)
            + np.int64(effects[p].fade)
        )
        if np.int64(month) >= end:
            people[i].slot_programme[slot] = 0
            people[i].slot_effect[slot] = 0


def no_effects() -> Effects:
    """One programme that does nothing: compiled code wants a shape."""
    return effect_tables((), {})


def effect_tables(programmes: tuple[Programme, ...], values: Mapping[str, float]) -> Effects:
    """Programmes as compiled code reads them."""
    table = np.zeros(max(len(programmes), 1), dtype=EFFECT).view(np.recarray)
    for p, programme in enumerate(programmes):
        for effect in programme.effects:
            columns = [EFFECT_TARGETS[effect.kind].index(target) for target in effect.targets]
            for field in TABLES[effect.kind, effect.against]:
                table[field][p, columns] += np.log(values[effect.ratio])
        of_life = (table[kind][p].any() for kind in ("onset", "recovery", "ace"))
        of_offending = table["offending"][p].any() or table["at_home"][p].any()
        table["acts_on"][p] = ON_OFFENDING * of_offending | ON_LIFE * any(of_life)
        for name in ("lag", "full", "fade"):
            table[name][p] = round(values[f"{programme.id}.{name}_months"])
    return table
