"""One person's thresholds and the life event that a month may bring.

Most people in most months have nothing happen, so each row keeps the chance that anything does; only
when a keyed draw falls below it is the question asked which. The thresholds are a pure function of the
row and the month, redone when the row changes.
"""

import numpy as np

from model.draws import STREAMS, uniform
from model.effects import FAR, free_ended_slots, next_change
from model.jit import rule
from model.people import N_ACES, N_RISKS, NEVER, NOBODY, RESIDENT, RISK
from model.rules.adversity import (
    CHILDHOOD,
    N_EXPOSURES,
    absent_exposure_hazard,
    ace_hazard,
    childhood_hazard,
)
from model.rules.demography import refresh_demography
from model.rules.offending import age_in_years, refresh_offending
from model.rules.risk import past_victim_hazard, risk_hazard, total_risk_hazard
from model.vocabulary import N_DYNAMIC_RISKS

S_WHICH = STREAMS["life_which"]
VICTIMISED = np.uint32(1 << RISK["recently_victimised"])
ABUSIVE_BIT = RISK["abusive_to_partner"]
ABUSED = np.uint32(1 << RISK["abused_by_partner"])

# What apply must do with a row, as bits of `touched`.
CHANGED, HOME_CHANGED, ACTIVITY_CHANGED, NEW_EXPOSURE, NEW_PEERS, CO_OFFENDED = 1, 2, 4, 8, 16, 32
# What happened, as decide tells the record.
NO_EVENT, EXCLUDED, INTO_CARE, HOMELESS = 0, 1, 2, 3
EXCLUSION, CARE, HOUSING = RISK["excluded"], RISK["looked_after"], RISK["unstable_housing"]


@rule
def refresh_life(i, people, month, law, effects):
    """Set the `life` threshold of a row."""
    if people.status[i] != RESIDENT:
        people.life[i] = np.uint32(0)
        return
    total = total_risk_hazard(i, people, month, law, effects) + childhood_hazard(
        i, people, month, law, effects
    )
    people.life[i] = np.uint32(min(total, 0.999999) * 4294967296.0)


@rule
def set_wake(i, people, month, effects):
    """Set the next month in which the row changes by itself: a birthday, a date, a fading effect."""
    now = np.int64(month)
    born = np.int64(people.birth[i])
    soonest = born + ((now - born) // 12 + 1) * 12
    for date in (people.custody_end[i], people.order_end[i], people.court[i]):
        if date > now:
            soonest = min(soonest, np.int64(date))
    if people.last_victim[i] != NEVER and np.int64(people.last_victim[i]) + 12 > now:
        soonest = min(soonest, np.int64(people.last_victim[i]) + 12)
    if people.last_offence[i] != NEVER:
        for months in (3, 12, 24):
            if np.int64(people.last_offence[i]) + months > now:
                soonest = min(soonest, np.int64(people.last_offence[i]) + months)
    if people.cohort[i] != NEVER and np.int64(people.cohort[i]) + 18 > now:
        soonest = min(soonest, np.int64(people.cohort[i]) + 18)
    if people.placed[i]:
        soonest = min(soonest, next_change(i, people, month, effects))
    people.wake[i] = np.int16(min(soonest, FAR))


@rule
def refresh(i, people, month, law, places, effects):
    """Redo every threshold of a row, and when it next changes by itself."""
    if people.placed[i]:
        free_ended_slots(i, people, month, effects)
    if age_in_years(i, people, month) >= CHILDHOOD:
        people.exposure[i] = np.uint8(0)
    refresh_offending(i, people, month, law, effects)
    refresh_life(i, people, month, law, effects)
    refresh_demography(i, people, month, law, places)
    set_wake(i, people, month, effects)


@rule
def life_event(i, people, month, law, effects):
    """Decide which life event happens, given that one does, and mark it; returns what the record wants.

    Only the scratch of this row, its own exposure, and the partner's scratch are written.
    """
    total = total_risk_hazard(i, people, month, law, effects) + childhood_hazard(
        i, people, month, law, effects
    )
    left = total * uniform(law.seed, people.key[i], month, S_WHICH, 0)
    people.touched[i] |= np.uint8(CHANGED)
    for r in range(N_DYNAMIC_RISKS):
        left -= risk_hazard(i, r, people, month, law, effects)
        if left < 0.0:
            return change_risk(i, r, people)
    for a in range(N_ACES):
        left -= ace_hazard(i, a, people, month, law, effects)
        if left < 0.0:
            people.gain[i] |= np.uint32(1 << (N_RISKS + a))
            return NO_EVENT
    for e in range(N_EXPOSURES):
        left -= absent_exposure_hazard(i, e, people, month, law)
        if left < 0.0:
            people.exposure[i] ^= np.uint8(1 << e)
            return NO_EVENT
    if past_victim_hazard(i, people, month, law) > 0.0:
        people.gain[i] |= VICTIMISED
        people.last_victim[i] = np.int16(month)
    return NO_EVENT


@rule
def change_risk(i, r, people):
    """Mark that factor `r` starts or ends; an abusive partner's change is the other's too."""
    bit = np.uint32(1 << r)
    ends = people.risks[i] & bit
    if ends:
        people.lose[i] |= bit
    else:
        people.gain[i] |= bit
    if r == ABUSIVE_BIT and people.partner[i] != NOBODY:
        other = np.int64(people.partner[i])
        people.touched[other] |= np.uint8(CHANGED)
        if ends:
            people.lose[other] |= ABUSED
        else:
            people.gain[other] |= ABUSED
    if ends:
        return NO_EVENT
    if r == EXCLUSION:
        return EXCLUDED
    if r == CARE:
        return INTO_CARE
    return HOMELESS if r == HOUSING else NO_EVENT
