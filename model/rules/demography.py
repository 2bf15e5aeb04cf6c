"""Births, deaths, moves and separations.

They read age, sex, district, fifth of deprivation, household and the person's own key: nothing that a
programme can change, so that the same rows exist in every alternative. Deaths by homicide are inside
the life table and are not taken out a second time.
"""

import numpy as np

from model.draws import STREAMS, child_key, normal, uniform
from model.jit import rule
from model.people import N_ACES, N_TIES, NEVER, NOBODY, RESIDENT
from model.rules.offending import age_in_years
from model.rules.risk import FRAILTY, lasting_ratio
from model.vocabulary import FEMALE

DEATH, BIRTH, LEAVE, MOVE, SEPARATE, NOTHING = 0, 1, 2, 3, 4, 5
S_WHICH, S_SEX = STREAMS["demography_which"], STREAMS["sex"]
S_PROPENSITY, S_MOVE_TO = STREAMS["propensity"], STREAMS["move_to"]
ADULT = 18


@rule
def leads_household_move(i, people, month):
    """Whether a move of the household is this person's to make: adults, and in a couple the first row."""
    if age_in_years(i, people, month) < ADULT:
        return people[i].carer1 == NOBODY and people[i].carer2 == NOBODY
    return people[i].partner == NOBODY or people[i].partner > i


@rule
def demographic_hazard(i, k, people, month, law, rates):
    """The monthly chance of event k (DEATH ... SEPARATE)."""
    age = age_in_years(i, people, month)
    d = np.int64(people[i].district)
    if k == DEATH:
        chance = np.float64(rates[d].death[people[i].sex, age] * rates[d].death_quintile[people[i].quintile, age])
        return chance * law.death_level[age] * lasting_ratio(law.death_frailty[age], FRAILTY, people[i].key, law)
    if k == BIRTH:
        return np.float64(rates[d].birth[age]) if people[i].sex == FEMALE else 0.0
    if k == LEAVE:
        return np.float64(rates[d].leave[age]) if leads_household_move(i, people, month) else 0.0
    if k == MOVE:
        return np.float64(rates[d].move[age]) if leads_household_move(i, people, month) else 0.0
    if people[i].partner > i:
        return np.float64(law.separation[age])
    return 0.0


@rule
def refresh_demography(i, people, month, law, rates):
    """Set the `demography` threshold of a row."""
    if people[i].status != RESIDENT:
        people[i].demography = np.uint32(0)
        return
    total = 0.0
    for k in range(NOTHING):
        total += demographic_hazard(i, k, people, month, law, rates)
    people[i].demography = np.uint32(min(total, 0.999999) * 4294967296.0)


@rule
def demographic_event(i, people, month, law, rates):
    """Which event it is, given that there is one."""
    total = 0.0
    for k in range(NOTHING):
        total += demographic_hazard(i, k, people, month, law, rates)
    left = total * uniform(law.seed, people[i].key, month, S_WHICH, 0)
    for k in range(NOTHING):
        left -= demographic_hazard(i, k, people, month, law, rates)
        if left < 0.0:
            return k
    return NOTHING


@rule
def add_to_chain(carer, child, people):
    """Put a child at the head of its carer's chain."""
    if people[child].carer1 == carer:
        people[child].next1 = people[carer].first_child
    else:
        people[child].next2 = people[carer].first_child
    people[carer].first_child = child


@rule
def clear(row, people):
    """Set what is not zero in a row that nobody has been in yet."""
    people[row].last_offence, people[row].last_victim, people[row].last_harm = NEVER, NEVER, NEVER
    people[row].custody_end, people[row].order_end, people[row].cohort = NEVER, NEVER, NEVER
    people[row].court, people[row].court_committed = NEVER, NEVER
    people[row].first_outcome, people[row].first_conviction, people[row].last_outcome = NEVER, NEVER, NEVER
    people[row].spared_offence, people[row].spared_victim = NEVER, NEVER
    people[row].partner, people[row].first_child = NOBODY, NOBODY
    people[row].next1, people[row].next2 = NOBODY, NOBODY
    for t in range(N_TIES):
        people[row].tie[t] = NOBODY
    for a in range(N_ACES):
        people[row].ace_age[a] = 255


@rule
def newborn(mother, row, people, month, law):
    """Fill `row` with the child of `mother`, born this month; her partner is the second carer."""
    clear(row, people)
    key = child_key(people[mother].key, np.int64(people[mother].children))
    people[row].key = key
    people[row].birth = month
    people[row].sex = uniform(law.seed, key, 0, S_SEX, 0) < law.boys
    people[row].status = RESIDENT
    people[row].district = people[mother].district
    people[row].neighbourhood = people[mother].neighbourhood
    people[row].quintile = people[mother].quintile
    people[row].household = people[mother].household
    people[row].family = people[mother].family
    people[row].propensity = normal(uniform(law.seed, key, 0, S_PROPENSITY, 0))
    people[row].carer1 = mother
    people[row].carer2 = people[mother].partner
    people[mother].children += np.uint8(1)
    add_to_chain(mother, row, people)
    if people[mother].partner != NOBODY:
        add_to_chain(np.int64(people[mother].partner), row, people)


@rule
def district_moved_to(i, people, month, law, places):
    """The district of the force that a mover goes to."""
    u = uniform(law.seed, people[i].key, month, S_MOVE_TO, 0)
    d = np.int64(people[i].district)
    for to in range(places.move_to.shape[1]):
        if u < places.move_to[d, to]:
            return to
    return d


@rule
def neighbourhood_in(district, u, places):
    """The neighbourhood at quantile u of where a district's residents live."""
    low, high = places.district_start[district], places.district_start[district + 1] - 1
    while low < high:
        middle = (low + high) // 2
        if u < places.home_in[middle]:
            high = middle
        else:
            low = middle + 1
    return low
