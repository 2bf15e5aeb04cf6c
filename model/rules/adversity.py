"""Adverse childhood experiences, and the exposure at home that brings them.

A carer's drinking, drug use, mental illness, abuse or imprisonment IS the child's exposure: it is
pushed into the child's `exposure` when the carer changes. Where no carer is in the data (the
childhood of today's adults), the exposure starts and ends by keyed chance at the rates of the carers
that are, so that both kinds of childhood mean the same.
"""

import numpy as np

from model.jit import rule
from model.people import DEAD, DEPARTED, EXPOSURES, N_ACES, N_RISKS, NOBODY, RESIDENT, RISK
from model.rules.offending import age_in_years, lowest_bit, trait_bin
from model.vocabulary import N_DYNAMIC_RISKS

N_EXPOSURES = len(EXPOSURES)
CHILDHOOD = 18
# Where the hazards of this file stand in the scratch: after those of the risk factors.
FIRST_ACE = N_DYNAMIC_RISKS
FIRST_EXPOSURE = FIRST_ACE + N_ACES
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
    return people[i].carer1 != NOBODY or people[i].carer2 != NOBODY


@rule
def brought_home(carer, without, people):
    """The exposure bits that a carer brings; with `without`, those that they would bring but for programmes."""
    risks = people[carer].risks
    if without:
        risks |= people[carer].spared
    return home_exposure(risks)


@rule
def exposure_from_carers(i, without, people):
    """The exposure of a child whose carers are in the data: what both bring, and whether they parted."""
    one, two = np.int64(people[i].carer1), np.int64(people[i].carer2)
    seen = 0
    if one != NOBODY and people[one].status == RESIDENT:
        seen |= brought_home(one, without, people)
    if two != NOBODY and people[two].status == RESIDENT:
        # A parent who has moved out is still seen, but their illness or drinking is not lived with; whose other
        # parent has died lives with this one.
        together = one == NOBODY or people[one].partner == two or people[one].status == DEAD
        brought = brought_home(two, without, people)
        seen |= brought if together else brought & 16
    if one != NOBODY and two != NOBODY and people[one].partner != two:
        gone = people[one].status == DEAD or people[two].status == DEAD
        if not gone and people[one].status != DEPARTED and people[two].status != DEPARTED:
            seen |= 32
    return seen | (np.int64(people[i].exposure) & 32)


@rule
def read_carers(i, people):
    """Set what a child is exposed to by its carers, and what it is spared."""
    without = exposure_from_carers(i, True, people)
    people[i].exposure = np.uint8(exposure_from_carers(i, False, people))
    people[i].spared_exposure = np.uint8(without & ~np.int64(people[i].exposure))


@rule
def childhood_hazards(i, people, month, law, work):
    """Fill `work` from FIRST_ACE with the monthly chances of each experience not yet lived with, then of
    each exposure starting or ending where no carer is in the data; returns their sum."""
    if age_in_years(i, people, month) >= CHILDHOOD:
        return 0.0
    sex, family = people[i].sex, trait_bin(people[i].family)
    exposure, spared = np.int64(people[i].exposure), np.int64(people[i].spared_exposure)
    lived_with = np.int64(people[i].aces) | np.int64(people[i].spared) >> N_RISKS
    quintile = law.ace_quintile[people[i].quintile]
    total = 0.0
    for a in range(N_ACES):
        needed = np.int64(law.ace_needs[a])
        if lived_with >> a & 1 or (needed < N_EXPOSURES and not exposure >> needed & 1):
            work[FIRST_ACE + a] = 0.0
            continue
        hazard = law.ace_start[sex, a] * law.ace_family[family, a] * quintile
        left = exposure
        while left:
            hazard *= law.ace_exposed[lowest_bit(left), a]
            left &= left - 1
        left = spared
        while left:
            hazard *= law.ace_exposed[lowest_bit(left), a] ** (np.float32(1.0) - law.causal_share)
            left &= left - 1
        work[FIRST_ACE + a] = hazard
        total += np.float64(hazard)
    absent = not has_carer(i, people)
    for e in range(N_EXPOSURES):
        hazard = 0.0
        if absent:
            hazard = np.float64(law.exposure_off[e])
            if not exposure >> e & 1:
                hazard = np.float64(
                    law.exposure_on[e]
                    * law.exposure_family[family, e]
                    * law.exposure_quintile[people[i].quintile]
                )
        work[FIRST_EXPOSURE + e] = hazard
        total += np.float64(work[FIRST_EXPOSURE + e])
    return total


@rule
def set_ace(i, a, people, month):
    """Mark the experience and the age in months at which it began."""
    if not people[i].aces >> a & 1:
        people[i].aces |= np.uint16(1 << a)
        people[i].ace_age[a] = np.uint8(min(max(np.int64(month) - np.int64(people[i].birth), 0), 254))

