"""The compiled month: wake, decide, apply, refresh.

wake: rows with something due (a birthday, a release, a hearing) change themselves.
decide: everyone is asked, from the world as it stood, whether anything happens; decisions are marked.
apply: marks become state, by updates whose order does not matter; what a change means for children
and ties is pushed to them, and the thresholds of all who were touched are redone.
"""

import numpy as np

from model.apply import apply, list_if_due_next, read_ties
from model.decide import D_AGAIN, offend, suffer, waken
from model.draws import STREAMS, bits, mix, moment, nth_bits, offence_bits, poisson, uniform
from model.effects import ON_LIFE, ON_OFFENDING, offending_log_ratio
from model.happenings import (
    ALL_ROWS,
    BATCHES,
    CARE_ENTRY,
    CHUNK,
    DUE_CHANGES,
    EXCLUSION,
    HAPPENED,
    HOMELESSNESS,
    LOST,
    NEXT_DUE,
    RECORDED_MARK,
    TURNS,
    TURNS_UP,
    happen,
    happen_at,
    list_row,
)
from model.households import change_households
from model.jit import AHEAD, loop, prefetch, rule
from model.people import (
    DOMESTIC,
    N_HAZARDS,
    NOBODY,
    RESIDENT,
    UNBORN,
)
from model.rules import demography, justice
from model.rules.adversity import has_carer, read_carers
from model.rules.life import (
    EXCLUDED,
    HOMELESS,
    INTO_CARE,
    STALE,
    STALE_OFFENDING,
    life_event,
    life_event_added,
    refresh,
)
from model.rules.offending import lowest_bit, mix_row, severity_of_offence
from model.rules.victims import find_victim, relationship, where_it_falls
from model.vocabulary import N_OFFENCES

S_LIFE, S_DEMOGRAPHY = STREAMS["life"], STREAMS["demography"]
S_OUTSIDERS = STREAMS["outsider_count"]
MOST_OUTSIDERS = 4000
ELSEWHERE = 0  # any kind of hazard that is not DOMESTIC
LIVES, CHANGES_HOME, TEMPTED, ANSWERS = 1, 2, 4, 3  # what happens to a row, in the lowest ANSWERS bits


@rule
def wake(people, rows, month, law, places, effects, m, now):
    """Rows with something due change themselves and redo their thresholds.

    Who may be due was listed last month, by `ask` and by whatever changed a row after it.
    """
    number = now.counts[NEXT_DUE]
    if number == ALL_ROWS:
        for i in range(rows):
            wake_if_due(i, people, month, law, places.rates, effects, m, now)
    else:
        for k in range(number):
            prefetch(people, now.next_due[min(k + AHEAD, number - 1)])
            wake_if_due(np.int64(now.next_due[k]), people, month, law, places.rates, effects, m, now)
    now.counts[NEXT_DUE] = 0


@rule
def wake_if_due(i, people, month, law, rates, effects, m, now):
    """Wake a row that has something due; a row listed twice is awake the second time."""
    if people[i].wake <= month and people[i].status == RESIDENT:
        wake_row(i, people, month, law, rates, effects, m, now.log, now.counts, now.work)


@rule
def wake_row(i, people, month, law, rates, effects, m, log, counts, work):
    """One row's due changes; on a birthday the chances of birth, death and moving are redone too."""
    stale = waken(i, people, month, law, m, log, counts)
    if (np.int64(month) - np.int64(people[i].birth)) % 12 == 0:
        demography.refresh_demography(i, people, month, law, rates)
    refresh(i, stale, people, month, law, effects, work)


@rule
def decide(people, rows, month, law, places, effects, m, now):
    """Ask everyone whether anything happens to them, and mark what does."""
    for low in range(0, rows, CHUNK):
        number = ask(people, low, min(low + CHUNK, rows), month, law, effects, now)
        for k in range(number):
            prefetch(people, now.chosen[min(k + AHEAD, number - 1)] >> ANSWERS)
            answer(now.chosen[k] >> ANSWERS, now.chosen[k], people, month, law, places, effects, m, now)


@rule
def ask(people, low, high, month, law, effects, now):
    """Count the residents among rows low to high, and list those to whom anything happens: row and what."""
    life_and_crime = moment(law.seed, month, S_LIFE, 0)
    demographic = moment(law.seed, month, S_DEMOGRAPHY, 0)
    turn = np.uint64(month % TURNS)
    number = 0
    for i in range(low, high):
        if people[i].status != RESIDENT:
            continue
        key = people[i].key
        list_if_due_next(i, people, month, now)
        count(i, people, month, law, effects, now)
        if (key >> np.uint64(32)) * np.uint64(TURNS) >> np.uint64(32) == turn:
            list_row(i, TURNS_UP, now.turn, now.counts)
        what = life_or_crime(i, people, bits(key, life_and_crime))
        if np.uint32(bits(key, demographic) >> np.uint64(32)) < people[i].demography:
            what |= CHANGES_HOME
        if what or people[i].treated:
            now.chosen[number] = i << ANSWERS | what
            number += 1
    return number


@rule
def life_or_crime(i, people, luck):
    """LIVES if a life event comes of 64 random bits, by their upper half; TEMPTED if an offence does, by the lower."""
    what = LIVES if np.uint32(luck >> np.uint64(32)) < people[i].life else 0
    return what | TEMPTED if np.uint32(luck & np.uint64(0xFFFFFFFF)) < people[i].offend else what


@rule
def answer(i, what, people, month, law, places, effects, m, now):
    """What happens to one of those to whom anything does, or may through a programme."""
    if what & LIVES:
        happened = life_event(i, people, month, law, effects, now.work, now.counts)
        if happened > 0:
            note_life_event(i, happened, people, month, now.log, now.counts)
    if people[i].treated & ON_LIFE:
        happened = life_event_added(i, people, month, law, effects, now.work, now.counts)
        if happened > 0:
            note_life_event(i, happened, people, month, now.log, now.counts)
    if what & CHANGES_HOME:
        await_change(i, people, month, law, places.rates, now.due, now.counts)
    if what & TEMPTED or people[i].treated & ON_OFFENDING:
        offend(i, what & TEMPTED, people, month, law, places, effects, m, now.log, now.counts)


@rule
def await_change(i, people, month, law, rates, due, counts):
    """Note a birth, death, move or separation, to be applied when all have decided."""
    at = counts[DUE_CHANGES]
    if at >= due.size:
        counts[LOST] += 1
        return
    due[at].row = i
    due[at].kind = np.uint8(demography.demographic_event(i, people, month, law, rates))
    counts[DUE_CHANGES] = at + 1


@rule
def count(i, people, month, law, effects, now):
    """Count a resident, their risk factors and hazards, and what programmes change in these: apart for
    offences at home (domestic) and elsewhere."""
    d = people[i].district
    now.population[d] += 1
    left = np.int64(people[i].risks)
    while left:
        now.states[d, lowest_bit(left)] += 1
        left &= left - 1
    if people[i].offend == 0:
        return
    batch = np.int64(people[i].key % np.uint64(BATCHES))
    for h in range(N_HAZARDS):
        now.expected[d, batch, mix_row(h, people[i].sex)] += np.int64(people[i].rate[h])
    if people[i].treated & ON_OFFENDING:
        count_change(i, batch, people, month, law, effects, now.expected_change)


@rule
def count_change(i, batch, people, month, law, effects, change):
    """Add what the person's programmes change in their hazards."""
    d = people[i].district
    for g in range(N_OFFENCES):
        at_home = offending_log_ratio(i, DOMESTIC, g, people, month, law, effects)
        elsewhere = offending_log_ratio(i, ELSEWHERE, g, people, month, law, effects)
        if at_home == 0.0 and elsewhere == 0.0:
            continue
        for h in range(N_HAZARDS):
            log_ratio = at_home if h == DOMESTIC else elsewhere
            chance = np.float64(law.mix[mix_row(h, people[i].sex), g])
            more = np.float64(people[i].rate[h]) * chance * np.expm1(log_ratio)
            change[np.int64(h != DOMESTIC), d, batch, g] += np.int64(np.floor(more + 0.5))


@rule
def note_life_event(i, what, people, month, log, counts):
    """Log the life events that agencies see."""
    if what == EXCLUDED:
        happen(EXCLUSION, i, people, month, 0, 0, log, counts)
    elif what == INTO_CARE:
        happen(CARE_ENTRY, i, people, month, 0, 0, log, counts)
    elif what == HOMELESS:
        happen(HOMELESSNESS, i, people, month, 0, 0, log, counts)


@rule
def outsiders(people, month, law, places, effects, m, log, counts):
    """Offences by people who live elsewhere: how many is outside the model, whom they harm is not."""
    for d in range(places.outsiders.shape[0]):
        for g in range(N_OFFENCES):
            key = mix(np.uint64(d * 64 + g + 1))
            u = uniform(law.seed, key, month, S_OUTSIDERS, 0)
            for n in range(poisson(u, places.outsiders[d, g], MOST_OUTSIDERS)):
                luck = offence_bits(law.seed, key, month, n)
                outside_offence(d, g, luck, people, month, law, places, effects, m, log, counts)


@rule
def outside_offence(d, g, luck, people, month, law, places, effects, m, log, counts):
    """One offence by someone who lives elsewhere; who did it is dealt with where they live."""
    where, times, marks = where_it_falls(g, d, luck, places)
    for n in range(times):
        own = luck if n == 0 else nth_bits(luck, D_AGAIN)
        befall_by_outsider(g, d, where, marks, own, people, month, law, places, effects, m, log, counts)


@rule
def befall_by_outsider(g, d, where, marks, luck, people, month, law, places, effects, m, log, counts):
    """What follows from an offence, in neighbourhood `where` of district d, by someone who lives elsewhere."""
    severity = severity_of_offence(luck, law)
    done = justice.police_response(g, False, 1.0, 0.0, 1.0, places.recording[where, g], luck, law)
    if done & justice.RECORDED:
        marks |= RECORDED_MARK
    happen_at(g, d, places.quintile[where], marks, severity, NOBODY, log, counts)
    relation = relationship(g, 0, luck, law)
    victim = find_victim(NOBODY, g, relation, d, luck, people, month, law, places, effects, counts)
    if victim != NOBODY:
        suffer(victim, g, marks, luck, people, month, law, m, log, counts)


@loop
def live_month(people, rows, month, laws, year, places, effects, m, now):
    """One month of everyone; returns the rows in use after it. All arrays are changed in place.

    laws[year] is the law of the financial year, m counts months from an April, for what is first in a year.
    """
    law = laws[year]
    now.counts[HAPPENED] = 0
    now.counts[DUE_CHANGES] = 0
    now.counts[TURNS_UP] = 0
    now.population[:], now.states[:] = 0, 0
    now.expected[:], now.expected_change[:] = 0, 0
    wake(people, rows, month, law, places, effects, m, now)
    decide(people, rows, month, law, places, effects, m, now)
    outsiders(people, month, law, places, effects, m, now.log, now.counts)
    rows = change_households(people, rows, month, law, places, now.due, now.chosen, now.log, now.counts)
    apply(people, month, law, places.rates, effects, now)
    return rows


@rule
def refresh_before_month(i, stale, people, month, law, effects, work):
    """Redo a row's thresholds before the month is lived: what is due in it still is."""
    due = people[i].wake
    refresh(i, stale, people, month, law, effects, work)
    if due <= month:
        people[i].wake = due


@loop
def refresh_all(people, rows, month, laws, year, places, effects, now):
    """Redo every resident's thresholds and the count of active ties: when the law or the ties change."""
    law = laws[year]
    now.counts[NEXT_DUE] = ALL_ROWS
    for i in range(rows):
        if people[i].status == RESIDENT:
            read_ties(i, people, month)
            demography.refresh_demography(i, people, month, law, places.rates)
            refresh_before_month(i, STALE, people, month, law, effects, now.work)


@loop
def refresh_ties(people, rows, month, laws, year, effects, now):
    """Count active ties again, and redo the chances of offending of those for whom they changed: when the
    ties are redrawn and the law stays as it is."""
    law = laws[year]
    for i in range(rows):
        if people[i].status == RESIDENT and read_ties(i, people, month):
            refresh_before_month(i, STALE_OFFENDING, people, month, law, effects, now.work)
            list_if_due_next(i, people, month, now)


@loop
def refresh_rows(people, chosen, month, laws, year, effects, now):
    """Redo the thresholds of the chosen rows: those who came, moved in with somebody, or took up a place."""
    law = laws[year]
    for k in range(chosen.size):
        refresh_before_month(chosen[k], STALE, people, month, law, effects, now.work)
        list_if_due_next(chosen[k], people, month, now)


@rule
def live_own_month(i, people, month, law, places, effects, life_and_crime, now):
    """A month of the past of one row: life events and offending, with nobody sought as victim."""
    what = life_or_crime(i, people, bits(people[i].key, life_and_crime))
    if what & LIVES:
        life_event(i, people, month, law, effects, now.work, now.counts)
    if what & TEMPTED:
        offend(i, True, people, month, law, places, effects, -1, now.log, now.counts)


@loop
def live_past(people, low, high, first, last, laws, first_law, places, effects, now):
    """Rows low to high live from `first` up to the month before `last`; nobody dies, moves or is born to them.

    Whoever cares for one of the rows must be among them. laws[k] is the law of financial year
    first_law + k; a row takes up a new year's law on its birthday.
    """
    for month in range(first, last):
        law = laws[(month - 3) // 12 - first_law]
        life_and_crime = moment(law.seed, month, S_LIFE, 0)
        for i in range(low, high):
            if people[i].birth > month:
                continue
            if people[i].status == UNBORN:
                people[i].status = RESIDENT
                if has_carer(i, people):
                    read_carers(i, people)
            if people[i].wake <= month:
                wake_row(i, people, month, law, places.rates, effects, -1, now.log, now.counts, now.work)
        for i in range(low, high):
            if people[i].birth <= month:
                live_own_month(i, people, month, law, places, effects, life_and_crime, now)
        apply(people, month, law, places.rates, effects, now)
