"""Risk factors that come and go: monthly chances of starting and of ending.

A start depends on age, sex, quintile, the family factor, propensity, the number of adverse
experiences and on other active factors (exclusion raises not working; custody raises unstable housing);
an end on age and sex. Prevalence by age in the tables is start x mean spell, so that the factors
are as common as the surveys say whatever the spell that is drawn.
"""

import numpy as np

from model.effects import ONSET, RECOVERY, held_log_ratio
from model.jit import rule
from model.people import EXPOSURES, NOBODY, RISK
from model.rules.offending import COUNTED, age_in_years, count_bits, lowest_bit, trait_bin
from model.vocabulary import N_DYNAMIC_RISKS

ABUSED = RISK["abused_by_partner"]
N_EXPOSURES = len(EXPOSURES)


@rule
def risk_hazards(i, people, month, law, effects, work):
    """Fill work[:D] with the chance this month that each factor changes; returns their sum.

    A factor that is on may end, one that is off may start.
    """
    age, sex, quintile = age_in_years(i, people, month), people[i].sex, people[i].quintile
    family, propensity = trait_bin(people[i].family), trait_bin(people[i].propensity)
    aces = min(count_bits(people[i].aces & COUNTED), 4)
    for r in range(N_DYNAMIC_RISKS):
        work[r] = (
            law.start[sex, age, r]
            * law.start_quintile[quintile, r]
            * law.start_family[family, r]
            * law.start_propensity[propensity, r]
            * law.start_ace[aces, r]
        )
    risks, exposure = np.int64(people[i].risks), np.int64(people[i].exposure)
    left = risks
    while left:
        other = lowest_bit(left)
        for r in range(N_DYNAMIC_RISKS):
            work[r] *= law.start_risk[other, r]
        left &= left - 1
    for e in range(N_EXPOSURES):
        if exposure >> e & 1:
            for r in range(N_DYNAMIC_RISKS):
                work[r] *= law.start_exposed[e, r]
    total = 0.0
    for r in range(N_DYNAMIC_RISKS):
        if risks >> r & 1:
            work[r] = law.end[sex, age, r]
            if people[i].placed:
                work[r] *= np.exp(held_log_ratio(i, r, RECOVERY, people, month, law, effects))
        elif people[i].placed:
            work[r] *= np.exp(held_log_ratio(i, r, ONSET, people, month, law, effects))
        if r == ABUSED and people[i].partner != NOBODY:
            work[r] = 0.0  # it comes from the partner, not of itself
        total += np.float64(work[r])
    return total


@rule
def past_victim_hazard(i, people, month, law):
    """The chance of being harmed in the past, when victims are not sought among the living."""
    return np.float64(law.past_victim[people[i].sex, age_in_years(i, people, month)])
