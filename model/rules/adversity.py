"""Adverse childhood experiences, and the exposure at home that brings them.

A carer's drinking, drug use, mental illness, abuse or imprisonment IS the child's exposure: it is
pushed into the child's `exposure` when the carer changes. Where no carer is in the data (the
childhood of today's adults), the exposure starts and ends by keyed chance at the rates of the carers
that are, so that both kinds of childhood mean the same.
"""

import numpy as np

from model.effects import held_log_ratio
from model.jit import rule
from model.people import DEAD, DEPARTED, EXPOSURES, N_ACES, NOBODY, RESIDENT, RISK
from model.rules.offending import age_in_years
from model.vocabulary import FEMALE

N_EXPOSURES = len(EXPOSURES)
CHILDHOOD = 18
ALCOHOL = np.uint32(1 << RISK["alcohol_misuse"])
DRUGS = np.uint32(1 << RISK["drug_misuse"] | 1 << RISK["opiate_crack_use"])
ILLNESS = np.uint32(1 << RISK["poor_mental_health"])
PRISON = np.uint32(1 << RISK["in_custody"])
ABUSE = np.uint32(1 << RISK["abused_by_partner"] | 1 << RISK["abusive_to_partner"])


@rule
def home_exposure(risks):
    """The exposure bits that a carer with these risk factors brings home."""
    seen = 0
    if risks & ABUSE:
        seen |= 1
    if risks & ILLNESS:
        seen |= 2
    if risks & ALCOHOL:
        seen |= 4
    if risks & DRUGS:
        seen |= 8
    if risks & PRISON:
        seen |= 16
    return seen


@rule
def has_carer(i, people):
    """Whether any carer of the person is in the data."""
    return people.carer1[i] != NOBODY or people.carer2[i] != NOBODY


@rule
def exposure_from_carers(i, people):
    """The exposure of a child whose carers are in the data: what both bring, and whether they parted."""
    one, two = np.int64(people.carer1[i]), np.int64(people.carer2[i])
    seen = 0
    if one != NOBODY and people.status[one] == RESIDENT:
        seen |= home_exposure(people.risks[one])
    if two != NOBODY and people.status[two] == RESIDENT:
        # A parent who has moved out is still seen, but their illness or drinking is not lived with.
        together = one == NOBODY or people.partner[one] == two
        brought = home_exposure(people.risks[two])
        seen |= brought if together else brought & 16
    if one != NOBODY and two != NOBODY and people.partner[one] != two:
        gone = people.status[one] == DEAD or people.status[two] == DEAD
        if not gone and people.status[one] != DEPARTED and people.status[two] != DEPARTED:
            seen |= 32
    return seen | (np.int64(people.exposure[i]) & 32)


@rule
def ace_hazard(i, a, people, month, law, effects):
    """The chance this month that a child begins to live with experience `a`; 0 once lived with."""
    if people.aces[i] >> a & 1 or age_in_years(i, people, month) >= CHILDHOOD:
        return 0.0
    log_hazard = (
        np.float64(law.ace_log[a])
        + law.ace_family[a] * people.family[i]
        + law.ace_log_quintile[people.quintile[i]]
    )
    if people.sex[i] == FEMALE:
        log_hazard += law.ace_log_female[a]
    needed = np.int64(law.ace_needs[a])
    if needed < N_EXPOSURES:
        if not people.exposure[i] >> needed & 1:
            return 0.0
    else:
        for e in range(N_EXPOSURES):
            if people.exposure[i] >> e & 1:
                log_hazard += law.ace_log_exposed[a, e]
    if people.placed[i]:
        log_hazard += held_log_ratio(i, a, effects.ace, people, month, law, effects)
    return np.exp(log_hazard)


@rule
def absent_exposure_hazard(i, e, people, month, law):
    """The chance that exposure `e` starts or ends for a child none of whose carers are in the data."""
    if has_carer(i, people) or age_in_years(i, people, month) >= CHILDHOOD:
        return 0.0
    if people.exposure[i] >> e & 1:
        return np.float64(law.exposure_off[e])
    return np.float64(law.exposure_on[e]) * np.exp(
        law.exposure_family[e] * people.family[i]
        + law.exposure_log_quintile[people.quintile[i]]
        - 0.5 * law.exposure_family[e] * law.exposure_family[e]
    )


@rule
def set_ace(i, a, people, month):
    """Mark the experience and the age in months at which it began."""
    if not people.aces[i] >> a & 1:
        people.aces[i] |= np.uint16(1 << a)
        people.ace_age[i, a] = np.uint8(min(max(np.int64(month) - np.int64(people.birth[i]), 0), 254))


@rule
def childhood_hazard(i, people, month, law, effects):
    """All the hazards of this file for one person, summed; 0 for adults."""
    if age_in_years(i, people, month) >= CHILDHOOD:
        return 0.0
    total = 0.0
    for a in range(N_ACES):
        total += ace_hazard(i, a, people, month, law, effects)
    for e in range(N_EXPOSURES):
        total += absent_exposure_hazard(i, e, people, month, law)
    return total
