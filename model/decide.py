"""What a month brings to one person: what was due, and the offences they decide on.

Decisions read the world as it stood when the month began and are only marked (`gain`, `lose`,
`touched`); apply turns marks into state. A month index m below 0 is the past: the same rules, nothing
logged, and no victims sought.
"""

import numpy as np

from model.draws import OFFENCE_DRAWS, nth_bits, nth_uniform, offence_bits
from model.effects import ON_OFFENDING
from model.happenings import (
    ARREST,
    CHARGE,
    COMMUNITY_SENTENCE,
    CONVICTION,
    CUSTODY_SENTENCE,
    DOMESTIC_INCIDENT,
    DOMESTIC_MARK,
    EMERGENCY_DEPARTMENT,
    FIRST_TIME_ENTRANT,
    FOLLOW_UP,
    HAPPENED,
    INJURED_ADMITTED,
    OFFENDER,
    OUT_OF_COURT,
    RECORDED_MARK,
    RELEASE,
    REPORTED,
    VICTIM,
    happen,
    happen_at,
)
from model.jit import rule
from model.people import DOMESTIC, N_TIES, NEVER, NOBODY, RESIDENT, RISK
from model.rules import justice
from model.rules.life import (
    ACTIVITY_CHANGED,
    CHANGED,
    CO_OFFENDED,
    HOME_CHANGED,
    STALE,
    STALE_OFFENDING,
    VICTIMISED,
    touch,
)
from model.rules.offending import (
    FRESHEST,
    IN_CUSTODY,
    MOST_A_MONTH,
    YOUNGEST,
    added_offence,
    age_in_years,
    change_propensity,
    group_of_offence,
    is_prevented,
    kind_of_offence,
    offences_added,
    offences_this_month,
    recency,
    severity_of_offence,
)
from model.rules.victims import (
    MARKS_VICTIM,
    find_victim,
    offence_district,
    relationship,
    where_it_falls,
)
from model.vocabulary import N_OFFENCES

D_INJURY, D_ADMITTED = OFFENCE_DRAWS["injury"], OFFENCE_DRAWS["admitted"]
D_AGAIN = OFFENCE_DRAWS["again"]
D_CO, D_CO_WHO = OFFENCE_DRAWS["co_offend"], OFFENCE_DRAWS["co_offender"]
PROBATION = np.uint32(1 << RISK["on_probation"])
CHILD = 18


@rule
def waken(i, people, month, law, m, log, counts):
    """What was due this month happens to the row: release, hearing, the end of an order or of a year.

    Returns which thresholds are stale for it.
    """
    before, was_spared = people[i].risks, people[i].spared
    lived = np.int64(month) - np.int64(people[i].birth)
    birthday = lived % 12 == 0
    if birthday and lived > 0:
        change_propensity(i, people, month, law)
    if people[i].custody_end == month:
        justice.release(i, people, month, law)
        touch(i, HOME_CHANGED | ACTIVITY_CHANGED, people, counts)
        if m >= 0:
            happen(RELEASE, i, people, month, 0, 0, log, counts)
    if people[i].order_end == month:
        people[i].risks &= ~PROBATION
        people[i].order_end = NEVER
    if people[i].court == month:
        hear(i, people, month, law, m, log, counts)
    if people[i].last_victim != NEVER and np.int64(people[i].last_victim) + 12 == month:
        people[i].risks &= ~VICTIMISED
    if people[i].spared_victim != NEVER and np.int64(people[i].spared_victim) + 12 == month:
        people[i].spared &= ~VICTIMISED
    for offended in (people[i].last_offence, people[i].spared_offence):
        if offended != NEVER and np.int64(offended) + 12 == month:
            touch(i, ACTIVITY_CHANGED, people, counts)
    if people[i].cohort != NEVER and np.int64(people[i].cohort) + justice.FOLLOW_UP_WITH_PROOF == month:
        if m >= 0:
            happen(FOLLOW_UP, i, people, month, 0, people[i].reoffended, log, counts)
        people[i].cohort = NEVER
        people[i].reoffended = np.uint8(0)
    people[i].spared &= ~people[i].risks  # what a release brings is there, and not spared
    changed = people[i].risks != before or people[i].spared != was_spared
    if changed or birthday:
        return STALE
    offended = people[i].last_offence != NEVER or people[i].spared_offence != NEVER
    return STALE_OFFENDING if offended else 0


@rule
def convict(i, people, month, m, log, counts):
    """Add a conviction or out-of-court outcome, and log the first."""
    first = justice.convict(i, people, month)
    if first:
        touch(i, STALE, people, counts)
    if first and m >= 0:
        adult = age_in_years(i, people, month) >= CHILD
        happen(FIRST_TIME_ENTRANT, i, people, month, 0, adult, log, counts)


@rule
def hear(i, people, month, law, m, log, counts):
    """A case comes to court: acquittal, custody or a sentence in the community."""
    g = np.int64(people[i].court_offence)
    if justice.is_convicted(i, people, month, law):
        justice.proven(i, people[i].court_committed, people)
        months = justice.months_to_serve(i, people, month, law)
        convict(i, people, month, m, log, counts)
        justice.note_in_court(i, people, month)
        if m >= 0:
            happen(CONVICTION, i, people, month, g, 0, log, counts)
        if not people[i].risks & IN_CUSTODY:
            if months > 0:
                justice.enter_custody(i, months, people, month)
                touch(i, HOME_CHANGED | ACTIVITY_CHANGED, people, counts)
                if m >= 0:
                    happen(CUSTODY_SENTENCE, i, people, month, g, 0, log, counts)
            else:
                if justice.community_sentence(i, people, month, law) and m >= 0:
                    happen(COMMUNITY_SENTENCE, i, people, month, g, 0, log, counts)
                justice.begin_follow_up(i, people, month)
    people[i].court = NEVER
    people[i].court_committed = NEVER


@rule
def answer_for(i, g, domestic, recording, luck, severity, people, month, law, m, log, counts):
    """What the police do about an offence of person i: bits of justice.police_response."""
    child = age_in_years(i, people, month) < CHILD
    detected = justice.detection(i, child, people, law)
    diverted = justice.diversion(i, child, people, law)
    lenient = justice.leniency(i, people, law)
    done = justice.police_response(g, domestic, lenient, diverted, detected, recording, luck, law)
    if done & justice.ARRESTED and m >= 0:
        happen(ARREST, i, people, month, g, 0, log, counts)
    if done & justice.CHARGED:
        justice.send_to_court(i, g, severity, luck, people, month, law)
        if m >= 0:
            happen(CHARGE, i, people, month, g, 0, log, counts)
    if done & justice.OUT_OF_COURT:
        if justice.is_formal(i, people, month, law):
            justice.proven(i, month, people)
            convict(i, people, month, m, log, counts)
            justice.begin_follow_up(i, people, month)
        if m >= 0:
            happen(OUT_OF_COURT, i, people, month, g, 0, log, counts)
    return done


@rule
def offend(i, tempted, people, month, law, places, effects, m, log, counts):
    """Everything that person i does this month: what they would do if no programme were held, given that
    it is anything at all (`tempted`), less what programmes prevent, and what they add where they backfire."""
    number = 0
    treated = people[i].treated & ON_OFFENDING
    drawn = offences_this_month(i, people, month, law) if tempted else 0
    for n in range(drawn):
        luck = offence_bits(law.seed, people[i].key, month, n)
        h = kind_of_offence(i, luck, people)
        g = group_of_offence(h, people[i].sex, luck, law)
        if treated and is_prevented(i, h, g, luck, people, month, law, effects):
            continue
        number += commit(i, h, g, luck, people, month, law, places, effects, m, log, counts)
    for n in range(offences_added(i, people, month, law, effects) if treated else 0):
        which = added_offence(i, n, people, month, law, effects)
        h, g = which // N_OFFENCES, which % N_OFFENCES
        luck = offence_bits(law.seed, people[i].key, month, MOST_A_MONTH + n)
        number += commit(i, h, g, luck, people, month, law, places, effects, m, log, counts)
    if number > 0:
        note_offending(i, number, people, month, m, log, counts)
    elif drawn > 0:
        note_spared(i, people, month, counts)


@rule
def commit(i, h, g, luck, people, month, law, places, effects, m, log, counts):
    """An offence of kind h and group g: where it falls, and what follows for offender and victim. `luck` is its
    offence_bits. Returns how many offences come of it: one, unless programmes of places prevent it or add one."""
    if m < 0:
        severity = severity_of_offence(luck, law)
        answer_for(i, g, h == DOMESTIC, 1.0, luck, severity, people, month, law, m, log, counts)
        return 1
    d, where = np.int64(people[i].district), np.int64(people[i].neighbourhood)
    times, marks = 1, 0
    if h == DOMESTIC:
        marks = DOMESTIC_MARK
    else:
        d = offence_district(d, luck, law, places)
        where, times, marks = where_it_falls(g, d, luck, places)
    for n in range(times):
        own = luck if n == 0 else nth_bits(luck, D_AGAIN)
        befall(i, h, g, d, where, marks, own, people, month, law, places, effects, m, log, counts)
    return times


@rule
def befall(i, h, g, d, where, marks, luck, people, month, law, places, effects, m, log, counts):
    """An offence that happens in neighbourhood `where` of district d."""
    severity = severity_of_offence(luck, law)
    recording = 1.0 if h == DOMESTIC else places.recording[where, g]
    done = answer_for(i, g, h == DOMESTIC, recording, luck, severity, people, month, law, m, log, counts)
    harm(i, h, g, d, where, marks, luck, severity, done, people, month, law, places, effects, m, log, counts)
    co_offend(i, g, luck, people, month, law, counts)


@rule
def note_spared(i, people, month, counts):
    """All that a person would have done this month was prevented: what would have changed by it."""
    last = max(np.int64(people[i].last_offence), np.int64(people[i].spared_offence))
    if last == NEVER or last + 12 <= month:
        touch(i, ACTIVITY_CHANGED, people, counts)
    people[i].spared_offence = np.int16(month)
    touch(i, CHANGED | STALE_OFFENDING, people, counts)


@rule
def note_offending(i, number, people, month, m, log, counts):
    """What having offended this month changes in the person and for those tied to them."""
    last = people[i].last_offence
    if last == NEVER or np.int64(last) + 12 <= month:
        touch(i, ACTIVITY_CHANGED, people, counts)
    if recency(i, people, month) < FRESHEST:
        touch(i, STALE_OFFENDING, people, counts)
    if m >= 0:
        happen(OFFENDER, i, people, month, 0, number, log, counts)
        year = (np.int64(month) - 3) // 12  # it begins in April
        log[counts[HAPPENED] - 1].b = np.uint8(people[i].offender_in != year)
        people[i].offender_in = np.uint8(year)
    people[i].offences = np.uint16(min(np.int64(people[i].offences) + number, 65535))
    people[i].last_offence = np.int16(month)
    touch(i, CHANGED, people, counts)


@rule
def harm(i, h, g, d, where, marks, luck, severity, done, people, month, law, places, effects, m, log, counts):
    """Whom a resident's offence harms."""
    if done & justice.RECORDED:
        marks |= RECORDED_MARK
    happen_at(g, d, places.quintile[where], marks, severity, i, log, counts)
    relation = relationship(g, h, luck, law)
    victim = find_victim(i, g, relation, d, luck, people, month, law, places, effects, counts)
    if victim != NOBODY:
        suffer(victim, g, marks, luck, people, month, law, m, log, counts)


@rule
def co_offend(i, g, luck, people, month, law, counts):
    """A tie joins in: their own offending history is fresher for it. The offence is counted once."""
    chance = law.co_offending[g]
    if age_in_years(i, people, month) >= law.co_offending_age:
        chance *= law.co_offending_adult
    if nth_uniform(luck, D_CO) < chance:
        u = nth_uniform(luck, D_CO_WHO)
        friend = np.int64(people[i].tie[np.int64(u * N_TIES)])
        if (
            friend != NOBODY
            and people[friend].status == RESIDENT
            and not people[friend].risks & IN_CUSTODY
            and age_in_years(friend, people, month) >= YOUNGEST
        ):
            touch(friend, CO_OFFENDED, people, counts)


@rule
def suffer(victim, g, marks, luck, people, month, law, m, log, counts):
    """What an offence does to the person harmed."""
    last = people[victim].last_harm
    first = last == NEVER or np.int64(last) < month - m % 12
    happen(VICTIM, victim, people, month, g, first, log, counts)
    people[victim].last_harm = np.int16(month)
    if MARKS_VICTIM[g]:
        people[victim].last_victim = np.int16(month)
        people[victim].gain |= VICTIMISED
        touch(victim, CHANGED, people, counts)
    people[victim].victimisations = np.uint16(min(np.int64(people[victim].victimisations) + 1, 65535))
    if marks & RECORDED_MARK:
        happen(REPORTED, victim, people, month, g, 0, log, counts)
        if marks & DOMESTIC_MARK:
            happen(DOMESTIC_INCIDENT, victim, people, month, g, 0, log, counts)
    attends = np.float64(law.emergency[g])
    if marks & DOMESTIC_MARK:
        attends *= law.emergency_domestic
    if nth_uniform(luck, D_INJURY) < attends:
        happen(EMERGENCY_DEPARTMENT, victim, people, month, g, 0, log, counts)
        if nth_uniform(luck, D_ADMITTED) < law.admitted:
            happen(INJURED_ADMITTED, victim, people, month, g, 0, log, counts)
