"""What a month brings to one person: what was due, and the offences they decide on.

Decisions read the world as it stood when the month began and are only marked (`gain`, `lose`,
`touched`); apply turns marks into state. Counters only ever add whole numbers. A month index m below 0
is the past: the same rules, nothing recorded, and no victims sought.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.draws import STREAMS, uniform
from model.inputs import EVENTS
from model.jit import rule
from model.people import N_HAZARDS, N_TIES, NEVER, NOBODY, RESIDENT, RISK
from model.record import EVENT_KINDS, FIXED
from model.rules import justice
from model.rules.life import ACTIVITY_CHANGED, CHANGED, CO_OFFENDED, HOME_CHANGED, VICTIMISED
from model.rules.offending import (
    DOMESTIC,
    IN_CUSTODY,
    YOUNGEST,
    age_in_years,
    group_of_offence,
    kind_of_offence,
    offences_this_month,
    severity_of_offence,
)
from model.rules.victims import find_victim, offence_district, offence_neighbourhood, relationship
from model.vocabulary import N_OFFENCES

S_INJURY, S_ADMITTED = STREAMS["injury"], STREAMS["injury_kind"]
S_CO, S_CO_WHO = STREAMS["co_offend"], STREAMS["co_offender"]
E_ED, E_ARREST, E_DOMESTIC, E_EXCLUSION, E_RELEASE = range(len(EVENTS))
K = {name: number for number, name in enumerate(EVENT_KINDS)}
K_REPORTED, K_DOMESTIC, K_ARREST, K_CHARGE = K["reported"], K["domestic_reported"], K["arrest"], K["charge"]
K_OOC, K_CONVICTION, K_COMMUNITY = K["out_of_court"], K["conviction"], K["community_sentence"]
K_CUSTODY, K_RELEASE, K_ED, K_ADMITTED = (
    K["custody_sentence"], K["release"], K["emergency_department"], K["injured_admitted"],
)  # fmt: skip
K_EXCLUSION, K_CARE, K_HOMELESS = K["exclusion"], K["care_entry"], K["homelessness"]
PROBATION = np.uint32(1 << RISK["on_probation"])
CHILD = 18


class Happenings(NamedTuple):
    """Events of the month that programmes may find people by, and the demographic changes to apply."""

    row: NDArray[np.int32]
    kind: NDArray[np.uint8]  # index in EVENTS
    offence: NDArray[np.uint8]
    due_row: NDArray[np.int32]
    due_kind: NDArray[np.uint8]
    counts: NDArray[np.int64]  # happenings, due changes, rows in use, lost for lack of room
    expected_home: NDArray[np.int64]  # (D, N_HAZARDS) this month's hazards by home district
    expected_treated: NDArray[np.int64]  # (D, G) of those on a programme


def new_happenings(rows: int, districts: int) -> Happenings:
    """Room for a month of `rows` people."""
    events, due = rows // 8 + 4096, rows // 8 + 4096
    return Happenings(
        np.zeros(events, np.int32), np.zeros(events, np.uint8), np.zeros(events, np.uint8),
        np.zeros(due, np.int32), np.zeros(due, np.uint8), np.zeros(4, np.int64),
        np.zeros((districts, N_HAZARDS), np.int64), np.zeros((districts, N_OFFENCES), np.int64),
    )  # fmt: skip


@rule
def happened(i, kind, g, happenings):
    """Note an event for programmes."""
    at = happenings.counts[0]
    if at < happenings.row.size:
        happenings.row[at] = i
        happenings.kind[at] = kind
        happenings.offence[at] = g
        happenings.counts[0] = at + 1
    else:
        happenings.counts[3] += 1


@rule
def waken(i, people, month, law, record, m, happenings):
    """What was due this month happens to the row; returns nothing. m is below 0 in the past."""
    d = people.district[i]
    if people.custody_end[i] == month:
        justice.release(i, people, month, law)
        people.touched[i] |= np.uint8(HOME_CHANGED)
        if m >= 0:
            record.events[m, d, K_RELEASE] += 1
            happened(i, E_RELEASE, 0, happenings)
    if people.order_end[i] == month:
        people.risks[i] &= ~PROBATION
        people.order_end[i] = NEVER
    if people.court[i] == month:
        hear(i, people, month, law, record, m)
    if people.last_victim[i] != NEVER and np.int64(people.last_victim[i]) + 12 == month:
        people.risks[i] &= ~VICTIMISED
    if people.last_offence[i] != NEVER and np.int64(people.last_offence[i]) + 12 == month:
        people.touched[i] |= np.uint8(ACTIVITY_CHANGED)
    if people.cohort[i] != NEVER and np.int64(people.cohort[i]) + justice.FOLLOW_UP_WITH_PROOF == month:
        if m >= 0 and people.status[i] == RESIDENT:
            record.cohort[m // 12] += 1
            record.reoffended[m // 12] += people.reoffended[i]
        people.cohort[i] = NEVER
        people.reoffended[i] = np.uint8(0)


@rule
def first_entry(i, people, month, record, m):
    """Count a first-time entrant."""
    if m >= 0:
        record.first_time_entrants[m // 12, 0 if age_in_years(i, people, month) < CHILD else 1] += 1


@rule
def hear(i, people, month, law, record, m):
    """A case comes to court: acquittal, custody or a sentence in the community."""
    d = people.district[i]
    g = np.int64(people.court_offence[i])
    if justice.is_convicted(i, people, month, law):
        justice.proven(i, people.court_committed[i], people)
        months = justice.months_to_serve(i, people, month, law)
        if justice.convict(i, people):
            first_entry(i, people, month, record, m)
        if m >= 0:
            record.events[m, d, K_CONVICTION] += 1
            record.event_offence[m // 12, g, 2] += 1
        if months > 0 and not people.risks[i] & IN_CUSTODY:
            justice.enter_custody(i, months, people, month)
            people.custody_months[i] += np.uint16(min(months, 60000))
            people.touched[i] |= np.uint8(HOME_CHANGED)
            if m >= 0:
                record.events[m, d, K_CUSTODY] += 1
                record.event_offence[m // 12, g, 3] += 1
        elif not people.risks[i] & IN_CUSTODY:
            if justice.community_sentence(i, people, month, law) and m >= 0:
                record.events[m, d, K_COMMUNITY] += 1
            justice.begin_follow_up(i, people, month)
    people.court[i] = NEVER
    people.court_committed[i] = NEVER


@rule
def arrested(i, g, domestic, n, severity, people, month, law, record, m, happenings):
    """What the police do about offence n of person i this month, and what the record says of it."""
    child = age_in_years(i, people, month) < CHILD
    done = justice.police_response(g, domestic, child, people.key[i], n, month, law)
    d = people.district[i]
    if done & justice.ARRESTED and m >= 0:
        record.events[m, d, K_ARREST] += 1
        happened(i, E_ARREST, g, happenings)
    if done & justice.CHARGED:
        justice.send_to_court(i, g, severity, n, people, month, law)
        if m >= 0:
            record.events[m, d, K_CHARGE] += 1
            record.event_offence[m // 12, g, 0] += 1
    if done & justice.OUT_OF_COURT:
        justice.proven(i, month, people)
        if justice.convict(i, people):
            first_entry(i, people, month, record, m)
        justice.begin_follow_up(i, people, month)
        if m >= 0:
            record.events[m, d, K_OOC] += 1
            record.event_offence[m // 12, g, 1] += 1
    return done


@rule
def offend(i, people, month, law, places, effects, record, m, happenings):
    """Everything that person i does this month, given that they offend at all."""
    key = people.key[i]
    count = offences_this_month(i, people, month, law)
    for n in range(count):
        h = kind_of_offence(i, n, people, month, law)
        g = group_of_offence(i, n, h, people, month, law, effects)
        severity = severity_of_offence(key, n, month, law)
        done = arrested(i, g, h == DOMESTIC, n, severity, people, month, law, record, m, happenings)
        if m >= 0:
            relation = relationship(g, h, key, n, month, law)
            d = np.int64(people.district[i])
            where = np.int64(people.neighbourhood[i])
            if h != DOMESTIC:
                d = offence_district(d, key, n, month, law, places)
                where = offence_neighbourhood(g, d, key, n, month, law, places)
            victim = find_victim(i, g, relation, d, key, n, people, month, law, places, effects)
            count_offence(g, d, where, h == DOMESTIC, severity, done, places, record, m)
            if victim != NOBODY:
                domestic_call = h == DOMESTIC and done & justice.RECORDED
                harm_victim(victim, g, domestic_call, key, n, people, month, law, record, m, happenings)
            co_offend(i, g, n, people, month, law)
    last = people.last_offence[i]
    if last == NEVER or np.int64(last) + 12 <= month:
        people.touched[i] |= np.uint8(ACTIVITY_CHANGED)
    if m >= 0:
        year, age = m // 12, age_in_years(i, people, month)
        record.offender_age[year, people.sex[i], age] += count
        if last == NEVER or np.int64(last) < month - m % 12:
            record.offenders[year, people.sex[i], age] += 1
    people.offences[i] = np.uint16(min(np.int64(people.offences[i]) + count, 65535))
    people.last_offence[i] = np.int16(month)
    people.touched[i] |= np.uint8(CHANGED)


@rule
def co_offend(i, g, n, people, month, law):
    """A tie joins in: their own offending history is fresher for it. The offence is counted once."""
    chance = law.co_offending[g]
    if age_in_years(i, people, month) >= law.co_offending_age:
        chance *= law.co_offending_adult
    if uniform(law.seed, people.key[i], month, S_CO, n) < chance:
        u = uniform(law.seed, people.key[i], month, S_CO_WHO, n)
        friend = np.int64(people.tie[i, np.int64(u * N_TIES)])
        if (
            friend != NOBODY
            and people.status[friend] == RESIDENT
            and not people.risks[friend] & IN_CUSTODY
            and age_in_years(friend, people, month) >= YOUNGEST
        ):
            people.touched[friend] |= np.uint8(CO_OFFENDED)


@rule
def count_offence(g, d, where, domestic, severity, done, places, record, m):
    """Count an offence where it happened."""
    record.offences[m, d, g] += 1
    record.severity[m, d, g] += np.int64(severity * FIXED)
    record.place[m // 12, places.quintile[where], g] += 1
    if domestic:
        record.domestic[m, d] += 1
    if done & justice.RECORDED:
        record.recorded[m, d, g] += 1
        record.events[m, d, K_REPORTED] += 1
        if domestic:
            record.domestic_recorded[m, d] += 1
            record.events[m, d, K_DOMESTIC] += 1


@rule
def harm_victim(victim, g, domestic_call, key, n, people, month, law, record, m, happenings):
    """What an offence does to its victim, and how that is counted."""
    home = np.int64(people.district[victim])
    record.victims[m // 12, people.quintile[victim], g] += 1
    last = people.last_victim[victim]
    if last == NEVER or np.int64(last) < month - m % 12:
        record.unique_victims[m // 12, home] += 1
    people.last_victim[victim] = np.int16(month)
    people.gain[victim] |= VICTIMISED
    people.touched[victim] |= np.uint8(CHANGED)
    people.victimisations[victim] = np.uint16(min(np.int64(people.victimisations[victim]) + 1, 65535))
    if domestic_call:
        happened(victim, E_DOMESTIC, g, happenings)
    if uniform(law.seed, key, month, S_INJURY, n) < law.emergency[g]:
        record.events[m, home, K_ED] += 1
        happened(victim, E_ED, g, happenings)
        if uniform(law.seed, key, month, S_ADMITTED, n) < law.admitted:
            record.events[m, home, K_ADMITTED] += 1
