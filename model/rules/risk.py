"""Risk factors that come and go: monthly chances of starting and of ending.

A start depends on age, sex, quintile, the family factor, propensity, the number of adverse
experiences and on other active factors (exclusion raises not working; custody raises unstable housing);
an end on age and sex, and that of being out of work on whether the person is on an order or licence.
Prevalence by age in the tables is start x mean spell, so that the factors are as common as the surveys
say whatever the spell that is drawn.
"""

import numpy as np

from model.draws import STREAMS, normal, uniform
from model.jit import rule
from model.law.form import MOST_LASTING
from model.people import N_RISKS, NOBODY, RISK
from model.rules.offending import COUNTED, RISK_BITS, age_in_years, count_bits, lowest_bit, trait_bin
from model.vocabulary import N_DYNAMIC_RISKS, RISK_FACTORS

ABUSED, WORK, PROBATION = RISK["abused_by_partner"], RISK["not_working"], RISK["on_probation"]
FRAILTY = STREAMS["frailty"]
# The stream of the lasting difference that makes each factor likelier in some than in others alike; FRAILTY, by which
# people die sooner too, unless it is of abuse. Who is likelier to be abused is who is likelier to be harmed.
OF_ABUSE = {"abused_by_partner": STREAMS["person_risk"], "abusive_to_partner": STREAMS["abusive_risk"]}
LASTING = np.array([OF_ABUSE.get(name, FRAILTY) for name in RISK_FACTORS[:N_DYNAMIC_RISKS]])


@rule
def lasting(stream, key, law):
    """A lasting difference between people: normal, drawn once for each of them."""
    return min(normal(uniform(law.seed, key, 0, stream, 0)), MOST_LASTING)


@rule
def lasting_ratio(load, stream, key, law):
    """What a lasting difference makes of a hazard, before that is divided by its mean."""
    return np.exp(np.float64(load) * lasting(stream, key, law))


@rule
def risk_hazards(i, people, month, law, work):
    """Fill work[:D] with the chance this month, before programmes, that each factor changes; returns their sum.

    A factor that is on may end, one that is off may start; one that a programme keeps away may end to be kept away.
    """
    age, sex, quintile = age_in_years(i, people, month), people[i].sex, people[i].quintile
    family, propensity = trait_bin(people[i].family), trait_bin(people[i].propensity)
    aces = min(count_bits(people[i].aces & COUNTED), 4)
    risks, exposure = np.int64(people[i].risks), np.int64(people[i].exposure)
    spared = np.int64(people[i].spared)
    total = np.float32(0.0)
    drawn, frailty = False, 0.0  # by the first factor that asks for it
    for r in range(N_DYNAMIC_RISKS):
        on = (risks | spared) >> r & 1
        hazard = law.end[sex, age, r] if on else law.start[sex, age, r]
        if r == ABUSED and people[i].partner != NOBODY:
            hazard = np.float32(0.0)  # it comes from the partner, not of itself
        if on and r == WORK and risks >> PROBATION & 1:
            hazard *= law.work_found
        if hazard > 0.0 and not on:
            hazard *= law.start_quintile[quintile, r] * law.start_family[family, r]
            hazard *= law.start_propensity[propensity, r] * law.start_ace[aces, r]
            if law.start_lasting[r] > 0.0:
                if not drawn and LASTING[r] == FRAILTY:
                    drawn, frailty = True, lasting(FRAILTY, people[i].key, law)
                z = frailty if LASTING[r] == FRAILTY else lasting(LASTING[r], people[i].key, law)
                hazard *= np.float32(np.exp(np.float64(law.start_lasting[r]) * z))
            left = risks
            while left:
                hazard *= law.start_risk[lowest_bit(left), r]
                left &= left - 1
            left = exposure
            while left:
                hazard *= law.start_exposed[lowest_bit(left), r]
                left &= left - 1
            if spared or people[i].spared_exposure:
                hazard *= np.float32(still_starts(r, i, aces, people, law))
        work[r] = hazard
        total += hazard
    return np.float64(total)


@rule
def still_starts(r, i, aces, people, law):
    """What of a factor's start goes with what a person was spared though that is gone: what is not causal."""
    spared = np.int64(people[i].spared)
    all_aces = min(count_bits((np.int64(people[i].aces) | spared >> N_RISKS) & COUNTED), 4)
    log_ratio = np.log(law.start_ace[all_aces, r] / law.start_ace[aces, r])
    left = spared & RISK_BITS & ~np.int64(people[i].risks)
    while left:
        log_ratio += np.log(law.start_risk[lowest_bit(left), r])
        left &= left - 1
    left = np.int64(people[i].spared_exposure)
    while left:
        log_ratio += np.log(law.start_exposed[lowest_bit(left), r])
        left &= left - 1
    return np.exp((1.0 - law.causal_share) * log_ratio)


@rule
def past_victim_hazard(i, people, month, law):
    """The chance of being harmed in the past, when victims are not sought among the living."""
    return np.float64(law.past_victim[people[i].sex, age_in_years(i, people, month)])
