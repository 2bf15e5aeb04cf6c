"""The compiled month: wake, decide, apply, refresh.

wake: rows with something due (a birthday, a release, a hearing) change themselves.
decide: everyone is asked, from the world as it stood, whether anything happens; decisions are marked.
apply: marks become state, by updates whose order does not matter; what a change means for children
and ties is pushed to them, and the thresholds of all who were touched are redone.
"""

import numpy as np

from model.decide import (
    E_EXCLUSION,
    K_CARE,
    K_EXCLUSION,
    K_HOMELESS,
    arrested,
    count_offence,
    happened,
    harm_victim,
    offend,
    waken,
)
from model.draws import STREAMS, bits, mix, moment, poisson, uniform
from model.jit import loop, rule
from model.people import (
    DEAD,
    DEPARTED,
    N_ACES,
    N_HAZARDS,
    N_RISKS,
    N_TIES,
    NEVER,
    NOBODY,
    RESIDENT,
    RISK,
    UNBORN,
)
from model.rules import demography, justice
from model.rules.adversity import exposure_from_carers, has_carer, home_exposure, set_ace
from model.rules.life import (
    ACTIVITY_CHANGED,
    CHANGED,
    CO_OFFENDED,
    EXCLUDED,
    HOME_CHANGED,
    HOMELESS,
    INTO_CARE,
    NEW_EXPOSURE,
    NEW_PEERS,
    life_event,
    refresh,
)
from model.rules.offending import group_weight, severity_of_offence
from model.rules.victims import find_victim, offence_neighbourhood, relationship
from model.vocabulary import COUNTED_ACES, N_OFFENCES

S_LIFE, S_DEMOGRAPHY, S_OFFEND = STREAMS["life"], STREAMS["demography"], STREAMS["offend"]
S_OUTSIDERS, S_OUTSIDER, S_NEIGHBOUR = STREAMS["outsider_count"], STREAMS["outsider"], STREAMS["neighbour"]
ABUSE = np.uint32(1 << RISK["abused_by_partner"] | 1 << RISK["abusive_to_partner"])
RISK_BITS = np.uint32((1 << N_RISKS) - 1)
PUSHED = HOME_CHANGED | ACTIVITY_CHANGED
COUNTED = (1 << COUNTED_ACES) - 1
MOST_OUTSIDERS = 4000


@rule
def wake(people, rows, month, law, places, effects, record, m, happenings):
    """Rows with something due change themselves and redo their thresholds."""
    for i in range(rows):
        if people.wake[i] <= month and people.status[i] == RESIDENT:
            waken(i, people, month, law, record, m, happenings)
            refresh(i, people, month, law, places, effects)


@rule
def decide(people, rows, month, law, places, effects, record, m, happenings):
    """Ask everyone whether anything happens to them, and mark what does."""
    life = moment(law.seed, month, S_LIFE, 0)
    demographic = moment(law.seed, month, S_DEMOGRAPHY, 0)
    crime = moment(law.seed, month, S_OFFEND, 0)
    for i in range(rows):
        if people.status[i] != RESIDENT:
            continue
        key = people.key[i]
        if m >= 0:
            d = people.district[i]
            record.population[m, d] += 1
            if people.offend[i] > 0:
                expect(i, d, people, month, law, effects, happenings)
        if np.uint32(bits(key, life) >> np.uint64(32)) < people.life[i]:
            what = life_event(i, people, month, law, effects)
            if m >= 0 and what > 0:
                note_life_event(i, what, people, record, m, happenings)
        if np.uint32(bits(key, demographic) >> np.uint64(32)) < people.demography[i]:
            at = happenings.counts[1]
            if at < happenings.due_row.size:
                happenings.due_row[at] = i
                happenings.due_kind[at] = demography.demographic_event(i, people, month, law, places)
                happenings.counts[1] = at + 1
            else:
                happenings.counts[3] += 1
        if np.uint32(bits(key, crime) >> np.uint64(32)) < people.offend[i]:
            offend(i, people, month, law, places, effects, record, m, happenings)


@rule
def expect(i, d, people, month, law, effects, happenings):
    """Add the person's hazards to what is expected of the month."""
    if not people.treated[i]:
        for h in range(N_HAZARDS):
            happenings.expected_home[d, h] += np.int64(people.rate[i, h])
        return
    for h in range(N_HAZARDS):
        if people.rate[i, h] == 0:
            continue
        total = 0.0
        for g in range(N_OFFENCES):
            total += group_weight(i, g, h, people, month, law, effects)
        for g in range(N_OFFENCES):
            share = group_weight(i, g, h, people, month, law, effects) / total
            happenings.expected_treated[d, g] += np.int64(np.float64(people.rate[i, h]) * share + 0.5)


@rule
def note_life_event(i, what, people, record, m, happenings):
    """Count the life events that agencies see."""
    d = people.district[i]
    if what == EXCLUDED:
        record.events[m, d, K_EXCLUSION] += 1
        happened(i, E_EXCLUSION, 0, happenings)
    elif what == INTO_CARE:
        record.events[m, d, K_CARE] += 1
    elif what == HOMELESS:
        record.events[m, d, K_HOMELESS] += 1


@rule
def outsiders(people, month, law, places, effects, record, m, happenings):
    """Offences by people who live elsewhere: how many is outside the model, whom they harm is not."""
    for d in range(places.outsiders.shape[0]):
        for g in range(N_OFFENCES):
            key = mix(np.uint64(d * 64 + g + 1))
            u = uniform(law.seed, key, month, S_OUTSIDERS, 0)
            for n in range(poisson(u, places.outsiders[d, g], MOST_OUTSIDERS)):
                own = mix(key + np.uint64(n + 1))
                severity = severity_of_offence(own, 0, month, law)
                relation = relationship(g, 0, own, 0, month, law)
                where = offence_neighbourhood(g, d, own, 0, month, law, places)
                done = justice.police_response(g, False, False, own, 0, month, law)
                done &= justice.RECORDED  # who did it is dealt with where they live
                count_offence(g, d, where, False, severity, done, places, record, m)
                victim = find_victim(NOBODY, g, relation, d, own, 0, people, month, law, places, effects)
                if victim != NOBODY:
                    harm_victim(victim, g, False, own, 0, people, month, law, record, m, happenings)


@rule
def settle(i, people, month):
    """Turn what was decided about a row into its state, and note what others must hear of it."""
    before = people.risks[i]
    gained = people.gain[i]
    after = (before & ~people.lose[i]) | (gained & RISK_BITS)
    people.risks[i] = after
    for a in range(N_ACES):
        if gained >> np.uint32(N_RISKS + a) & np.uint32(1):
            set_ace(i, a, people, month)
    people.gain[i] = np.uint32(0)
    people.lose[i] = np.uint32(0)
    if people.touched[i] & CO_OFFENDED:
        last = people.last_offence[i]
        if last == NEVER or np.int64(last) + 12 <= month:
            people.touched[i] |= np.uint8(ACTIVITY_CHANGED)
        people.last_offence[i] = np.int16(month)
    if home_exposure(before) != home_exposure(after):
        people.touched[i] |= np.uint8(HOME_CHANGED)


@rule
def push(i, people):
    """Tell children of a change at home and ties of a change in offending."""
    if people.touched[i] & HOME_CHANGED:
        child = np.int64(people.first_child[i])
        while child != NOBODY:
            people.touched[child] |= np.uint8(NEW_EXPOSURE)
            child = np.int64(people.next1[child] if people.carer1[child] == i else people.next2[child])
    if people.touched[i] & ACTIVITY_CHANGED:
        for t in range(N_TIES):
            friend = people.tie[i, t]
            if friend != NOBODY:
                people.touched[friend] |= np.uint8(NEW_PEERS)


@rule
def active_peers(i, people, month):
    """How many of a person's ties offended within the last twelve months."""
    found = 0
    for t in range(N_TIES):
        friend = people.tie[i, t]
        if friend != NOBODY and people.status[friend] == RESIDENT:
            last = people.last_offence[friend]
            if last != NEVER and np.int64(last) + 12 > month:
                found += 1
    return found


@rule
def apply(people, rows, month, law, places, effects):
    """Turn marks into state, push what others must know, and redo the thresholds of all touched."""
    for i in range(rows):
        if people.touched[i]:
            settle(i, people, month)
    for i in range(rows):
        if people.touched[i] & PUSHED:
            push(i, people)
    for i in range(rows):
        if people.touched[i]:
            if people.touched[i] & NEW_EXPOSURE and has_carer(i, people):
                people.exposure[i] = np.uint8(exposure_from_carers(i, people))
            if people.touched[i] & NEW_PEERS:
                people.peers[i] = np.uint8(active_peers(i, people, month))
            people.touched[i] = np.uint8(0)
            refresh(i, people, month, law, places, effects)


@rule
def part(i, people):
    """A couple no longer lives together; what was between them ends, and their children know."""
    other = np.int64(people.partner[i])
    if other == NOBODY:
        return
    for one in (i, other):
        people.partner[one] = NOBODY
        people.lose[one] |= ABUSE
        people.touched[one] |= np.uint8(CHANGED | HOME_CHANGED)


@rule
def relocate(i, district, u, people, places):
    """Move a row to a neighbourhood of a district."""
    where = demography.neighbourhood_in(district, u, places)
    people.district[i] = np.uint8(district)
    people.neighbourhood[i] = np.uint16(where)
    people.quintile[i] = places.quintile[where]
    people.touched[i] |= np.uint8(CHANGED)


@rule
def leave(i, people):
    """A row leaves the area for good, and takes what it holds with it."""
    people.status[i] = DEPARTED
    people.touched[i] |= np.uint8(CHANGED | HOME_CHANGED | ACTIVITY_CHANGED)


@rule
def goes_with(child, carer, people, month):
    """Whether a child moves when this carer moves."""
    if people.status[child] != RESIDENT or np.int64(month) - np.int64(people.birth[child]) >= 216:
        return False
    return people.carer1[child] == carer or people.carer1[child] == people.partner[carer]


@rule
def change_households(people, rows, month, law, places, happenings):
    """Deaths, separations, moves, then births, in that order; returns the rows in use after."""
    due = happenings.counts[1]
    for k in range(due):
        i = np.int64(happenings.due_row[k])
        if happenings.due_kind[k] == demography.DEATH:
            part(i, people)
            people.status[i] = DEAD
            people.touched[i] |= np.uint8(CHANGED | HOME_CHANGED | ACTIVITY_CHANGED)
    for k in range(due):
        i = np.int64(happenings.due_row[k])
        what = happenings.due_kind[k]
        if people.status[i] != RESIDENT:
            continue
        if what == demography.SEPARATE:
            part(i, people)
        elif what == demography.LEAVE or what == demography.MOVE:
            move_household(i, what == demography.LEAVE, people, month, law, places)
    for k in range(due):
        i = np.int64(happenings.due_row[k])
        if happenings.due_kind[k] == demography.BIRTH and people.status[i] == RESIDENT:
            if rows < people.key.size:
                demography.newborn(i, rows, people, month, law)
                people.touched[rows] |= np.uint8(CHANGED | NEW_EXPOSURE)
                rows += 1
            else:
                happenings.counts[3] += 1
    return rows


@rule
def move_household(i, leaving, people, month, law, places):
    """A person moves with partner and children, within the force or out of it."""
    district = np.int64(people.district[i])
    if not leaving:
        district = demography.district_moved_to(i, people, month, law, places)
    u = uniform(law.seed, people.key[i], month, S_NEIGHBOUR, 0)
    partner = np.int64(people.partner[i])
    child = np.int64(people.first_child[i])
    while child != NOBODY:
        if goes_with(child, i, people, month):
            if leaving:
                leave(child, people)
            else:
                relocate(child, district, u, people, places)
        child = np.int64(people.next1[child] if people.carer1[child] == i else people.next2[child])
    if partner != NOBODY:
        if leaving:
            leave(partner, people)
        else:
            relocate(partner, district, u, people, places)
    if leaving:
        leave(i, people)
    else:
        relocate(i, district, u, people, places)


@loop
def live_month(people, rows, month, laws, year, places, effects, record, m, happenings):
    """One month of everyone; returns the rows in use after it. All arrays are changed in place.

    laws[year] is the law of the financial year, m the month of the plan (below 0: before it, when
    nothing is recorded and no victims are sought).
    """
    law = laws[year]
    happenings.counts[0] = 0
    happenings.counts[1] = 0
    happenings.expected_home[:] = 0
    happenings.expected_treated[:] = 0
    wake(people, rows, month, law, places, effects, record, m, happenings)
    decide(people, rows, month, law, places, effects, record, m, happenings)
    if m >= 0:
        outsiders(people, month, law, places, effects, record, m, happenings)
    rows = change_households(people, rows, month, law, places, happenings)
    apply(people, rows, month, law, places, effects)
    return rows


@loop
def refresh_all(people, rows, month, laws, year, places, effects):
    """Redo every resident's thresholds, ties and exposures: in April, when the law changes."""
    law = laws[year]
    for i in range(rows):
        if people.status[i] == RESIDENT:
            people.peers[i] = np.uint8(active_peers(i, people, month))
            refresh(i, people, month, law, places, effects)


@loop
def refresh_rows(people, chosen, count, month, laws, year, places, effects):
    """Redo the thresholds of the first `count` rows of `chosen`: those whom a programme took on."""
    law = laws[year]
    for k in range(count):
        refresh(np.int64(chosen[k]), people, month, law, places, effects)


@loop
def live_past(people, rows, first, last, laws, first_law, places, effects, record, happenings):
    """Everyone lives from `first` up to the month before `last`; nobody dies, moves or is born to them.

    laws[k] is the law of the k-th financial year, laws[0] that which holds `first`.
    """
    for month in range(first, last):
        year = (month - 3) // 12 - first_law
        law = laws[year]
        april = (month - 3) % 12 == 0
        life = moment(law.seed, month, S_LIFE, 0)
        crime = moment(law.seed, month, S_OFFEND, 0)
        for i in range(rows):
            if people.birth[i] > month:
                continue
            if people.status[i] == UNBORN:
                people.status[i] = RESIDENT
                if has_carer(i, people):
                    people.exposure[i] = np.uint8(exposure_from_carers(i, people))
                refresh(i, people, month, law, places, effects)
            elif people.wake[i] <= month:
                waken(i, people, month, law, record, -1, happenings)
                refresh(i, people, month, law, places, effects)
            elif april:
                refresh(i, people, month, law, places, effects)
        for i in range(rows):
            if people.birth[i] > month:
                continue
            key = people.key[i]
            if np.uint32(bits(key, life) >> np.uint64(32)) < people.life[i]:
                life_event(i, people, month, law, effects)
            if np.uint32(bits(key, crime) >> np.uint64(32)) < people.offend[i]:
                offend(i, people, month, law, places, effects, record, -1, happenings)
        apply(people, rows, month, law, places, effects)


@loop
def live_alone(people, low, high, until, laws, first_law, places, effects, record, happenings):
    """Rows low to high, just arrived, live their own past from birth up to the month before `until`."""
    for i in range(low, high):
        for month in range(np.int64(people.birth[i]), until):
            year = max((month - 3) // 12 - first_law, 0)
            law = laws[year]
            if people.status[i] == UNBORN or people.wake[i] <= month:
                people.status[i] = RESIDENT
                waken(i, people, month, law, record, -1, happenings)
                refresh(i, people, month, law, places, effects)
            key = people.key[i]
            life = moment(law.seed, month, S_LIFE, 0)
            crime = moment(law.seed, month, S_OFFEND, 0)
            if np.uint32(bits(key, life) >> np.uint64(32)) < people.life[i]:
                life_event(i, people, month, law, effects)
            if np.uint32(bits(key, crime) >> np.uint64(32)) < people.offend[i]:
                offend(i, people, month, law, places, effects, record, -1, happenings)
            if people.touched[i]:
                settle(i, people, month)
                people.touched[i] = np.uint8(0)
                refresh(i, people, month, law, places, effects)


@loop
def count_states(people, rows, month, record, m):
    """Residents in each risk factor by district, and in March the yearly tables by age band."""
    march = m % 12 == 11
    for i in range(rows):
        if people.status[i] != RESIDENT:
            continue
        left = np.int64(people.risks[i])
        d = people.district[i]
        r = 0
        age = min((np.int64(month) - np.int64(people.birth[i])) // 12, 100)
        band = age_band(age)
        while left:
            if left & 1:
                record.states[m, d, r] += 1
                if march:
                    record.risk[m // 12, r, band] += 1
            left >>= 1
            r += 1
        if march:
            record.people[m // 12, band] += 1
            bits_left = np.int64(people.aces[i]) & COUNTED
            found = 0
            while bits_left:
                bits_left &= bits_left - 1
                found += 1
            record.ace[m // 12, band, min(found, 4)] += 1


@rule
def age_band(age):
    """Index in AGE_BANDS."""
    band = 0
    for first in (10, 18, 25, 35, 50, 65):
        if age >= first:
            band += 1
    return band


