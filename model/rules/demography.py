"""Births, deaths, moves and separations.

They read age, sex, district, household and the person's own key: nothing that a programme can change,
so that the same rows exist in every alternative. Deaths by homicide are inside the life table and
are not taken out a second time.
"""

import numpy as np

from model.draws import STREAMS, child_key, normal, uniform
from model.jit import rule
from model.people import NEVER, NOBODY, RESIDENT
from model.rules.offending import age_in_years
from model.vocabulary import FEMALE

DEATH, BIRTH, LEAVE, MOVE, SEPARATE, NOTHING = 0, 1, 2, 3, 4, 5
S_WHICH, S_SEX = STREAMS["demography_which"], STREAMS["sex"]
S_PROPENSITY, S_FAMILY = STREAMS["propensity"], STREAMS["family"]
S_MOVE_TO, S_NEIGHBOUR = STREAMS["move_to"], STREAMS["neighbour"]
ADULT = 18


@rule
def leads_household_move(i, people, month):
    """Whether a move of the household is this person's to make: adults, and in a couple the first row."""
    if age_in_years(i, people, month) < ADULT:
        return people.carer1[i] == NOBODY and people.carer2[i] == NOBODY
    return people.partner[i] == NOBODY or people.partner[i] > i


@rule
def demographic_hazard(i, k, people, month, law, places):
    """The monthly chance of event k (DEATH ... SEPARATE)."""
    age = age_in_years(i, people, month)
    d = np.int64(people.district[i])
    if k == DEATH:
        return np.float64(places.death[d, people.sex[i], age])
    if k == BIRTH:
        return np.float64(places.birth[d, age]) if people.sex[i] == FEMALE else 0.0
    if k == LEAVE:
        return np.float64(places.leave[d, age]) if leads_household_move(i, people, month) else 0.0
    if k == MOVE:
        return np.float64(places.move[d, age]) if leads_household_move(i, people, month) else 0.0
    if people.partner[i] > i:
        return np.float64(law.separation[age])
    return 0.0


@rule
def refresh_demography(i, people, month, law, places):
    """Set the `demography` threshold of a row."""
    if people.status[i] != RESIDENT:
        people.demography[i] = np.uint32(0)
        return
    total = 0.0
    for k in range(NOTHING):
        total += demographic_hazard(i, k, people, month, law, places)
    people.demography[i] = np.uint32(min(total, 0.999999) * 4294967296.0)


@rule
def demographic_event(i, people, month, law, places):
    """Which event it is, given that there is one."""
    total = 0.0
    for k in range(NOTHING):
        total += demographic_hazard(i, k, people, month, law, places)
    left = total * uniform(law.seed, people.key[i], month, S_WHICH, 0)
    for k in range(NOTHING):
        left -= demographic_hazard(i, k, people, month, law, places)
        if left < 0.0:
            return k
    return NOTHING


@rule
def add_to_chain(carer, child, people):
    """Put a child at the head of its carer's chain."""
    if people.carer1[child] == carer:
        people.next1[child] = people.first_child[carer]
    else:
        people.next2[child] = people.first_child[carer]
    people.first_child[carer] = child


@rule
def newborn(mother, row, people, month, law):
    """Fill `row` with the child of `mother`, born this month; her partner is the second carer."""
    key = child_key(people.key[mother], np.int64(people.children[mother]))
    people.key[row] = key
    people.birth[row] = month
    people.sex[row] = uniform(law.seed, key, 0, S_SEX, 0) < law.boys
    people.status[row] = RESIDENT
    people.district[row] = people.district[mother]
    people.neighbourhood[row] = people.neighbourhood[mother]
    people.quintile[row] = people.quintile[mother]
    people.household[row] = people.household[mother]
    people.family[row] = people.family[mother]
    people.propensity[row] = normal(uniform(law.seed, key, 0, S_PROPENSITY, 0))
    people.carer1[row] = mother
    people.carer2[row] = people.partner[mother]
    people.children[mother] += np.uint8(1)
    add_to_chain(mother, row, people)
    if people.partner[mother] != NOBODY:
        add_to_chain(np.int64(people.partner[mother]), row, people)
    people.last_offence[row] = NEVER


@rule
def district_moved_to(i, people, month, law, places):
    """The district of the force that a mover goes to."""
    u = uniform(law.seed, people.key[i], month, S_MOVE_TO, 0)
    d = np.int64(people.district[i])
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
