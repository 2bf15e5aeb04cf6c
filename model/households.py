"""Households change when all have decided: deaths, separations, moves and births, in that order.

Everything here reads what no programme can change, so that the same rows exist in every alternative.
"""

import numpy as np

from model.draws import STREAMS, uniform
from model.happenings import DUE_CHANGES, FIRST_BIRTH, LOST, happen
from model.jit import rule
from model.people import DEAD, DEPARTED, NOBODY, RESIDENT, RISK
from model.rules import demography
from model.rules.life import ACTIVITY_CHANGED, HOME_CHANGED, NEW_EXPOSURE, NEW_HOUSEHOLD, touch

S_NEIGHBOUR = STREAMS["neighbour"]
OF_AGE = 216  # months
ABUSE = np.uint32(1 << RISK["abused_by_partner"] | 1 << RISK["abusive_to_partner"])


@rule
def part(i, people, counts):
    """A couple no longer lives together; what was between them ends, and their children know."""
    other = np.int64(people[i].partner)
    if other == NOBODY:
        return
    for one in (i, other):
        people[one].partner = NOBODY
        people[one].lose |= ABUSE
        people[one].unspare |= ABUSE
        touch(one, HOME_CHANGED | NEW_HOUSEHOLD, people, counts)


@rule
def relocate(i, district, u, people, places, counts):
    """Move a row to a neighbourhood of a district."""
    where = demography.neighbourhood_in(district, u, places)
    people[i].district = np.uint8(district)
    people[i].neighbourhood = np.uint16(where)
    people[i].quintile = places.quintile[where]
    touch(i, NEW_HOUSEHOLD, people, counts)


@rule
def leave(i, people, counts):
    """A row leaves the area for good, and takes what it holds with it."""
    people[i].status = DEPARTED
    touch(i, NEW_HOUSEHOLD | HOME_CHANGED | ACTIVITY_CHANGED, people, counts)


@rule
def lives_with(child, people):
    """The carer with whom a child lives: the first, while that one lives."""
    first = np.int64(people[child].carer1)
    return np.int64(people[child].carer2) if first == NOBODY or people[first].status == DEAD else first


@rule
def add_children(carer, one, other, going, number, people, month):
    """Add to the first `number` rows of `going` those whom `carer` cares for, under age, who live with `one` or
    `other`; returns how many there are then."""
    child = np.int64(people[carer].first_child)
    while child != NOBODY and number < going.size:
        home = lives_with(child, people)
        young = np.int64(month) - np.int64(people[child].birth) < OF_AGE
        if people[child].status == RESIDENT and young and home in (one, other):
            twice = False
            for k in range(number):
                twice |= going[k] == child
            if not twice:
                going[number] = child
                number += 1
        child = np.int64(people[child].next1 if people[child].carer1 == carer else people[child].next2)
    return number


@rule
def who_go(i, going, people, month):
    """Fill `going` with who moves when person i does: i, the partner, the children who live with either, and those
    who live with one of these children. Returns how many."""
    partner = np.int64(people[i].partner)
    going[0], number = i, 1
    if partner != NOBODY:
        going[1], number = partner, 2
    couple = number
    for k in range(couple):
        number = add_children(going[k], i, partner, going, number, people, month)
    for k in range(couple, number):
        number = add_children(going[k], going[k], going[k], going, number, people, month)
    return number


@rule
def change_households(people, rows, month, law, places, due, going, log, counts):
    """Deaths, separations, moves, then births, in that order; returns the rows in use after. `going` is scratch."""
    number = counts[DUE_CHANGES]
    for k in range(number):
        i = np.int64(due[k].row)
        if due[k].kind == demography.DEATH:
            part(i, people, counts)
            people[i].status = DEAD
            touch(i, NEW_HOUSEHOLD | HOME_CHANGED | ACTIVITY_CHANGED, people, counts)
    for k in range(number):
        i = np.int64(due[k].row)
        what = due[k].kind
        if people[i].status != RESIDENT:
            continue
        if what == demography.SEPARATE:
            part(i, people, counts)
        elif what == demography.LEAVE or what == demography.MOVE:
            move_household(i, what == demography.LEAVE, people, month, law, places, going, counts)
    for k in range(number):
        i = np.int64(due[k].row)
        if due[k].kind == demography.BIRTH and people[i].status == RESIDENT:
            if rows < people.size:
                demography.newborn(i, rows, people, month, law)
                if people[i].children == 1:
                    happen(FIRST_BIRTH, i, people, month, 0, 0, log, counts)
                touch(rows, NEW_HOUSEHOLD | NEW_EXPOSURE, people, counts)
                rows += 1
            else:
                counts[LOST] += 1
    return rows


@rule
def move_household(i, leaving, people, month, law, places, going, counts):
    """A person moves with partner and children, within the force or out of it."""
    district = np.int64(people[i].district)
    if not leaving:
        district = demography.district_moved_to(i, people, month, law, places)
    u = uniform(law.seed, people[i].key, month, S_NEIGHBOUR, 0)
    number = who_go(i, going, people, month)
    for k in range(number):
        if leaving:
            leave(going[k], people, counts)
        else:
            relocate(going[k], district, u, people, places, counts)
