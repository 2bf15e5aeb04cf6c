"""One person's thresholds and the life event that a month may bring.

Most people in most months have nothing happen, so each row keeps the chance that anything does; only
when a keyed draw falls below it is the question asked which. The thresholds are a pure function of the
row and the month, redone when the row changes.
"""

import numpy as np

from model.draws import STREAMS, arrival, bits, moment, uniform
from model.effects import (
    ADVERSITY,
    FAR,
    ON_LIFE,
    ONSET,
    RECOVERY,
    acting,
    free_ended_slots,
    held_log_ratio,
    next_change,
)
from model.happenings import FIRST_TOUCHED, LOST, TOUCHED
from model.jit import rule
from model.people import N_RISKS, NEVER, NOBODY, RESIDENT, RISK
from model.rules.adversity import CHILDHOOD, FIRST_ACE, FIRST_EXPOSURE, N_EXPOSURES, childhood_hazards
from model.rules.offending import age_in_years, refresh_offending
from model.rules.risk import past_victim_hazard, risk_hazards
from model.vocabulary import N_DYNAMIC_RISKS

S_WHICH, S_PREVENTED, S_ADDED = STREAMS["life_which"], STREAMS["life_prevented"], STREAMS["life_added"]
N_EVENTS = FIRST_EXPOSURE + N_EXPOSURES  # a start or end of each factor, each experience, each exposure
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
    """Note what apply must do with a row; the rows so marked are listed in `counts`."""
    if people[i].touched == 0:
        at = FIRST_TOUCHED + counts[TOUCHED]
        if at >= counts.size:
            counts[LOST] += 1
            return
        counts[at] = i
        counts[TOUCHED] += 1
    people[i].touched |= np.uint16(marks)


@rule
def life_hazards(i, people, month, law, work):
    """Fill `work` with the hazards of every life event of a row, before programmes; returns their sum."""
    return (
        risk_hazards(i, people, month, law, work)
        + childhood_hazards(i, people, month, law, work)
        + past_victim_hazard(i, people, month, law)
    )


@rule
def refresh_life(i, people, month, law, work):
    """Set the `life` threshold of a row."""
    if people[i].status != RESIDENT:
        people[i].life = np.uint32(0)
        return
    total = life_hazards(i, people, month, law, work)
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
    for harmed in (people[i].last_victim, people[i].spared_victim):
        if harmed != NEVER and np.int64(harmed) + 12 > now:
            soonest = min(soonest, np.int64(harmed) + 12)
    for offended in (people[i].last_offence, people[i].spared_offence):
        if offended != NEVER:
            for months in (3, 12, 24):
                if np.int64(offended) + months > now:
                    soonest = min(soonest, np.int64(offended) + months)
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
        people[i].treated = acting(i, people, month, effects)
    if age_in_years(i, people, month) >= CHILDHOOD:
        people[i].exposure, people[i].spared_exposure = np.uint8(0), np.uint8(0)
    if stale & STALE_OFFENDING:
        refresh_offending(i, people, month, law, work)
    if stale & STALE_LIFE:
        refresh_life(i, people, month, law, work)
    set_wake(i, people, month, effects)


@rule
def life_event(i, people, month, law, effects, work, counts):
    """Decide which life event happens, given that one does, and mark it; returns what the record wants.

    Events are drawn as if no programme were held, and each is then kept with the ratio as its chance, as
    offences are. Only the scratch of this row, its own exposure, and the partner's scratch are written.
    """
    life_hazards(i, people, month, law, work)
    base = bits(people[i].key, moment(law.seed, month, S_WHICH, 0))
    k = first_event(base, events_of(i, people, month), past_victim_hazard(i, people, month, law), work)
    if people[i].treated & ON_LIFE:
        log_ratio = log_ratio_on_life(i, k, people, month, law, effects)
        if log_ratio < 0.0 and uniform(law.seed, people[i].key, month, S_PREVENTED, 0) >= np.exp(log_ratio):
            ends = k < N_DYNAMIC_RISKS and people[i].risks >> np.uint32(k) & np.uint32(1)
            return NO_EVENT if ends else spare(i, k, people, counts)
    return change_life(i, k, people, month, law, counts)


@rule
def life_event_added(i, people, month, law, effects, work, counts):
    """The same for what programmes add to a person's life this month: recovery, or harm where they backfire."""
    life_hazards(i, people, month, law, work)
    number = events_of(i, people, month)
    total = 0.0
    for k in range(number):
        if work[k] > 0.0:
            work[k] *= np.float32(np.expm1(max(log_ratio_on_life(i, k, people, month, law, effects), 0.0)))
            total += np.float64(work[k])
    if total <= 0.0 or uniform(law.seed, people[i].key, month, S_ADDED, 0) >= total:
        return NO_EVENT
    base = bits(people[i].key, moment(law.seed, month, S_ADDED, 1))
    k = first_event(base, number, 0.0, work)
    if k < N_DYNAMIC_RISKS and (people[i].risks & ~people[i].lose) >> np.uint32(k) & np.uint32(1):
        spare(i, k, people, counts)  # a recovery: the factor would still be there, had it not ended by itself
    return change_life(i, k, people, month, law, counts)


@rule
def spare(i, k, people, counts):
    """Mark that a programme keeps the start of a factor or an experience away, or has ended a factor; returns NO_EVENT.
    A factor that would have ended and does not is not spared."""
    bit = np.uint32(0)
    if k < N_DYNAMIC_RISKS:
        bit = np.uint32(1 << k)
        if k == ABUSIVE_BIT and people[i].partner != NOBODY:
            other = np.int64(people[i].partner)
            touch(other, CHANGED, people, counts)
            people[other].spare |= ABUSED
    elif k >= FIRST_ACE and k < FIRST_EXPOSURE:
        bit = np.uint32(1 << (N_RISKS + k - FIRST_ACE))
    if bit:
        touch(i, CHANGED, people, counts)
        people[i].spare |= bit
    return NO_EVENT


@rule
def events_of(i, people, month):
    """How many of the events in the scratch are for a person of this age."""
    return N_EVENTS if age_in_years(i, people, month) < CHILDHOOD else N_DYNAMIC_RISKS


@rule
def first_event(base, number, other, work):
    """Which of `number` events, with the hazards in the scratch, comes first; N_EVENTS when it is the other."""
    first, soonest = N_EVENTS, np.inf
    if other > 0.0:
        soonest = arrival(base, N_EVENTS, other, soonest)
    for k in range(number):
        if work[k] > 0.0:
            when = arrival(base, k, np.float64(work[k]), soonest)
            if when < soonest:
                first, soonest = k, when
    return first


@rule
def log_ratio_on_life(i, k, people, month, law, effects):
    """What the person's programmes do to event number k."""
    if k < N_DYNAMIC_RISKS:
        if people[i].spared >> np.uint32(k) & np.uint32(1):
            return 0.0  # there is nothing to recover from, and nothing starts
        ends = people[i].risks >> np.uint32(k) & np.uint32(1)
        return held_log_ratio(i, k, RECOVERY if ends else ONSET, people, month, law, effects)
    if k >= FIRST_ACE and k < FIRST_EXPOSURE:
        return held_log_ratio(i, k - FIRST_ACE, ADVERSITY, people, month, law, effects)
    return 0.0


@rule
def change_life(i, k, people, month, law, counts):
    """Mark event number k of a row; returns what the record wants."""
    touch(i, CHANGED, people, counts)
    if k < N_DYNAMIC_RISKS:
        return change_risk(i, k, people, counts)
    if k < FIRST_EXPOSURE:
        people[i].gain |= np.uint32(1 << (N_RISKS + k - FIRST_ACE))
    elif k < N_EVENTS:
        people[i].exposure ^= np.uint8(1 << (k - FIRST_EXPOSURE))
        touch(i, STALE_LIFE, people, counts)
    elif past_victim_hazard(i, people, month, law) > 0.0:
        people[i].gain |= VICTIMISED
        people[i].last_victim = np.int16(month)
    return NO_EVENT


@rule
def change_risk(i, r, people, counts):
    """Mark that factor `r` starts or ends; an abusive partner's change is the other's too."""
    bit = np.uint32(1 << r)
    if people[i].spared & bit:
        people[i].unspare |= bit
        if r == ABUSIVE_BIT and people[i].partner != NOBODY:
            touch(np.int64(people[i].partner), CHANGED, people, counts)
            people[np.int64(people[i].partner)].unspare |= ABUSED
        return NO_EVENT
    ends = people[i].risks & bit
    if (people[i].gain | people[i].lose) & bit:
        return NO_EVENT  # decided already this month
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
