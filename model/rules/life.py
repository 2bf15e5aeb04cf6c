"""One person's thresholds and the life event that a month may bring.

Most people in most months have nothing happen, so each row keeps the chance that anything does; only
when a keyed draw falls below it is the question asked which. The thresholds are a pure function of the
row and the month, redone when the row changes.
"""

import numpy as np

from model.draws import STREAMS, uniform
from model.effects import FAR, free_ended_slots, next_change
from model.happenings import TOUCHED
from model.jit import rule
from model.people import N_ACES, N_RISKS, NEVER, NOBODY, RESIDENT, RISK
from model.rules.adversity import CHILDHOOD, FIRST_ACE, FIRST_EXPOSURE, N_EXPOSURES, childhood_hazards
from model.rules.offending import age_in_years, refresh_offending
from model.rules.risk import past_victim_hazard, risk_hazards
from model.vocabulary import N_DYNAMIC_RISKS

S_WHICH = STREAMS["life_which"]
WORK = FIRST_EXPOSURE + N_EXPOSURES + 3  # length of the scratch that hazards are worked out in
VICTIMISED = np.uint32(1 << RISK["recently_victimised"])
ABUSIVE_BIT = RISK["abusive_to_partner"]
ABUSED = np.uint32(1 << RISK["abused_by_partner"])

# What apply must do with a row, as bits of `touched`: settle what was decided, tell children, tell ties,
# read carers or ties again, note co-offending, redo the thresholds.
CHANGED, HOME_CHANGED, ACTIVITY_CHANGED, NEW_EXPOSURE, NEW_PEERS, CO_OFFENDED, NEW_HOUSEHOLD = (
    1, 2, 4, 8, 16, 32, 64,
)  # fmt: skip
STALE_LIFE, STALE_OFFENDING = 128, 256
STALE = STALE_LIFE | STALE_OFFENDING
# What happened, as decide tells the record.
NO_EVENT, EXCLUDED, INTO_CARE, HOMELESS = 0, 1, 2, 3
EXCLUSION, CARE, HOUSING = RISK["excluded"], RISK["looked_after"], RISK["unstable_housing"]


@rule
def touch(i, marks, people, counts):
    """Note what apply must do with a row; the rows so marked hang on a chain that starts in `counts`."""
    if people[i].touched == 0:
        people[i].next_touched = np.int32(counts[TOUCHED])
        counts[TOUCHED] = i
    people[i].touched |= np.uint16(marks)


@rule
def life_hazards(i, people, month, law, effects, work):
    """Fill `work` with the hazards of every life event of a row; returns their sum."""
    return (
        risk_hazards(i, people, month, law, effects, work)
        + childhood_hazards(i, people, month, law, effects, work)
        + past_victim_hazard(i, people, month, law)
    )


@rule
def refresh_life(i, people, month, law, effects, work):
    """Set the `life` threshold of a row."""
    if people[i].status != RESIDENT:
        people[i].life = np.uint32(0)
        return
    total = life_hazards(i, people, month, law, effects, work)
    people[i].life = np.uint32(min(total, 0.999999) * 4294967296.0)


@rule
def set_wake(i, people, month, effects):
    """Set the next month in which the row changes by itself: a birthday, a date, a fading effect."""
    now = np.int64(month)
    born = np.int64(people[i].birth)
    soonest = born + ((now - born) // 12 + 1) * 12
    for date in (people[i].custody_end, people[i].order_end, people[i].court):
        if date > now:
            soonest = min(soonest, np.int64(date))
    if people[i].last_victim != NEVER and np.int64(people[i].last_victim) + 12 > now:
        soonest = min(soonest, np.int64(people[i].last_victim) + 12)
    if people[i].last_offence != NEVER:
        for months in (3, 12, 24):
            if np.int64(people[i].last_offence) + months > now:
                soonest = min(soonest, np.int64(people[i].last_offence) + months)
    if people[i].cohort != NEVER and np.int64(people[i].cohort) + 18 > now:
        soonest = min(soonest, np.int64(people[i].cohort) + 18)
    if people[i].placed:
        soonest = min(soonest, next_change(i, people, month, effects))
    people[i].wake = np.int16(min(soonest, FAR))


@rule
def refresh(i, stale, people, month, law, effects, work):
    """Redo the stale thresholds of a row, and when it next changes by itself. (Births, deaths and moves
    are redone on birthdays and when the household changes.)"""
    if people[i].placed:
        free_ended_slots(i, people, month, effects)
    if age_in_years(i, people, month) >= CHILDHOOD:
        people[i].exposure = np.uint8(0)
    if stale & STALE_OFFENDING:
        refresh_offending(i, people, month, law, effects, work)
    if stale & STALE_LIFE:
        refresh_life(i, people, month, law, effects, work)
    set_wake(i, people, month, effects)


@rule
def life_event(i, people, month, law, effects, work, counts):
    """Decide which life event happens, given that one does, and mark it; returns what the record wants.

    Only the scratch of this row, its own exposure, and the partner's scratch are written.
    """
    total = life_hazards(i, people, month, law, effects, work)
    left = total * uniform(law.seed, people[i].key, month, S_WHICH, 0)
    touch(i, CHANGED, people, counts)
    for r in range(N_DYNAMIC_RISKS):
        left -= np.float64(work[r])
        if left < 0.0:
            return change_risk(i, r, people, counts)
    if age_in_years(i, people, month) < CHILDHOOD:
        for a in range(N_ACES):
            left -= np.float64(work[FIRST_ACE + a])
            if left < 0.0:
                people[i].gain |= np.uint32(1 << (N_RISKS + a))
                return NO_EVENT
        for e in range(N_EXPOSURES):
            left -= np.float64(work[FIRST_EXPOSURE + e])
            if left < 0.0:
                people[i].exposure ^= np.uint8(1 << e)
                touch(i, STALE_LIFE, people, counts)
                return NO_EVENT
    if past_victim_hazard(i, people, month, law) > 0.0:
        people[i].gain |= VICTIMISED
        people[i].last_victim = np.int16(month)
    return NO_EVENT


@rule
def change_risk(i, r, people, counts):
    """Mark that factor `r` starts or ends; an abusive partner's change is the other's too."""
    bit = np.uint32(1 << r)
    ends = people[i].risks & bit
    if ends:
        people[i].lose |= bit
    else:
        people[i].gain |= bit
    if r == ABUSIVE_BIT and people[i].partner != NOBODY:
        other = np.int64(people[i].partner)
        touch(other, CHANGED, people, counts)
        if ends:
            people[other].lose |= ABUSED
        else:
            people[other].gain |= ABUSED
    if ends:
        return NO_EVENT
    if r == EXCLUSION:
        return EXCLUDED
    if r == CARE:
        return INTO_CARE
    return HOMELESS if r == HOUSING else NO_EVENT
