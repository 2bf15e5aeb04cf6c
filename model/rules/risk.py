"""Risk factors that come and go: monthly chances of starting and of ending.

A start depends on age, sex, quintile, the family factor, propensity, the number of adverse
experiences and on other active factors (exclusion raises not working; custody raises unstable housing);
an end on age and sex. Prevalence by age in the tables is start x mean spell, so that the factors
are as common as the surveys say whatever the spell that is drawn.
"""

import numpy as np

from model.effects import held_log_ratio
from model.jit import rule
from model.people import NOBODY, RISK
from model.rules.offending import COUNTED, age_in_years, count_bits
from model.vocabulary import N_DYNAMIC_RISKS

ABUSED = RISK["abused_by_partner"]
VICTIMISED = RISK["recently_victimised"]
CUSTODY_BIT = RISK["in_custody"]


@rule
def start_hazard(i, r, people, month, law, effects):
    """The chance this month that factor `r` starts."""
    age = age_in_years(i, people, month)
    base = np.float64(law.start[r, people.sex[i], age])
    if base <= 0.0:
        return 0.0
    if r == ABUSED and people.partner[i] != NOBODY:
        return 0.0  # it comes from the partner, not of itself
    aces = min(count_bits(people.aces[i] & COUNTED), 4)
    log_hazard = (
        np.float64(law.start_log_quintile[r, people.quintile[i]])
        + law.start_family[r] * people.family[i]
        + law.start_propensity[r] * people.propensity[i]
        + law.start_log_ace[r, aces]
        + law.risk_trend[r]
    )
    left = np.int64(people.risks[i])
    other = 0
    while left:
        if left & 1:
            log_hazard += law.start_log_risk[r, other]
        left >>= 1
        other += 1
    if people.exposure[i]:
        for e in range(6):
            if people.exposure[i] >> e & 1:
                log_hazard += law.start_log_exposed[r, e]
    if people.placed[i]:
        log_hazard += held_log_ratio(i, r, effects.onset, people, month, law, effects)
    return base * np.exp(log_hazard)


@rule
def end_hazard(i, r, people, month, law, effects):
    """The chance this month that factor `r` ends."""
    if r == ABUSED and people.partner[i] != NOBODY:
        return 0.0
    hazard = np.float64(law.end[r, people.sex[i], age_in_years(i, people, month)])
    if people.placed[i]:
        hazard *= np.exp(held_log_ratio(i, r, effects.recovery, people, month, law, effects))
    return hazard


@rule
def risk_hazard(i, r, people, month, law, effects):
    """The chance this month that factor `r` changes, whichever way."""
    if people.risks[i] >> r & 1:
        return end_hazard(i, r, people, month, law, effects)
    return start_hazard(i, r, people, month, law, effects)


@rule
def past_victim_hazard(i, people, month, law):
    """The chance of being harmed in the past, when victims are not sought among the living."""
    return np.float64(law.past_victim[people.sex[i], age_in_years(i, people, month)])


@rule
def total_risk_hazard(i, people, month, law, effects):
    """All the hazards of this file for one person, summed."""
    total = past_victim_hazard(i, people, month, law)
    for r in range(N_DYNAMIC_RISKS):
        total += risk_hazard(i, r, people, month, law, effects)
    return total
