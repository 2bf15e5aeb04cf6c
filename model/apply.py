"""Apply: what was decided becomes state, what a change means for others is pushed to them, and the
thresholds of all who were touched are redone. None of it depends on the order of rows.
"""

import numpy as np

from model.happenings import ALL_ROWS, FIRST_TOUCHED, NEXT_DUE, TOUCHED, list_row
from model.jit import AHEAD, prefetch, rule
from model.people import N_ACES, N_RISKS, N_TIES, NEVER, NOBODY, RESIDENT
from model.rules import demography
from model.rules.adversity import has_carer, home_exposure, read_carers, set_ace
from model.rules.life import (
    ACTIVITY_CHANGED,
    CO_OFFENDED,
    HOME_CHANGED,
    NEW_EXPOSURE,
    NEW_HOUSEHOLD,
    NEW_PEERS,
    STALE,
    STALE_LIFE,
    STALE_OFFENDING,
    VICTIMISED,
    refresh,
    touch,
)
from model.rules.offending import IN_CUSTODY

RISK_BITS = np.uint32((1 << N_RISKS) - 1)
PUSHED = HOME_CHANGED | ACTIVITY_CHANGED


@rule
def apply(people, month, law, rates, effects, now):
    """Turn marks into state, push what others must know, and redo the thresholds of all touched."""
    counts = now.counts
    first, last = FIRST_TOUCHED, FIRST_TOUCHED + counts[TOUCHED]
    for k in range(first, last):
        prefetch(people, counts[min(k + AHEAD, last - 1)])
        settle(counts[k], people, month)
    for k in range(first, last):
        if people[counts[k]].touched & PUSHED:
            push(counts[k], people, counts)
    last = FIRST_TOUCHED + counts[TOUCHED]
    for k in range(first, last):
        prefetch(people, counts[min(k + AHEAD, last - 1)])
        redo(counts[k], people, month, law, rates, effects, now.work)
        list_if_due_next(counts[k], people, month, now)
    counts[TOUCHED] = 0


@rule
def settle(i, people, month):
    """Turn what was decided about a row into its state, and mark what else apply must now do with it."""
    before, gained, marks = people[i].risks, people[i].gain, np.int64(people[i].touched)
    was_spared = people[i].spared
    after = (before & ~people[i].lose) | (gained & RISK_BITS)
    people[i].risks = after
    for a in range(N_ACES):
        if gained >> np.uint32(N_RISKS + a) & np.uint32(1):
            set_ace(i, a, people, month)
    if after != before or gained > RISK_BITS:
        marks |= STALE
    people[i].gain = np.uint32(0)
    people[i].lose = np.uint32(0)
    if people[i].spared_victim == month:
        people[i].spare |= VICTIMISED
    spared = (was_spared & ~people[i].unspare) | people[i].spare
    spared &= ~(after | np.uint32(np.int64(people[i].aces) << N_RISKS))  # what is there is not spared
    people[i].spare, people[i].unspare = np.uint32(0), np.uint32(0)
    people[i].spared = spared
    if spared != was_spared:
        marks |= STALE
    if marks & CO_OFFENDED:
        last = people[i].last_offence
        if last == NEVER or np.int64(last) + 12 <= month:
            marks |= ACTIVITY_CHANGED
        marks |= STALE_OFFENDING
        people[i].last_offence = np.int16(month)
    if home_exposure(before) != home_exposure(after):
        marks |= HOME_CHANGED
    if home_exposure(before | was_spared) != home_exposure(after | spared):
        marks |= HOME_CHANGED
    people[i].touched = np.uint16(marks)


@rule
def push(i, people, counts):
    """Tell children of a change at home and ties of a change in offending."""
    if people[i].touched & HOME_CHANGED:
        child = np.int64(people[i].first_child)
        while child != NOBODY:
            touch(child, NEW_EXPOSURE, people, counts)
            child = np.int64(people[child].next1 if people[child].carer1 == i else people[child].next2)
    if people[i].touched & ACTIVITY_CHANGED:
        for t in range(N_TIES):
            friend = np.int64(people[i].tie[t])
            if friend != NOBODY:
                touch(friend, NEW_PEERS, people, counts)


@rule
def redo(i, people, month, law, rates, effects, work):
    """Read carers and ties again where they changed, and redo the thresholds that are stale."""
    marks = np.int64(people[i].touched)
    stale = marks & STALE
    if marks & NEW_EXPOSURE and has_carer(i, people):
        read_carers(i, people)
        stale |= STALE_LIFE
    if marks & NEW_PEERS:
        read_ties(i, people, month)
        stale |= STALE_OFFENDING
    if marks & NEW_HOUSEHOLD:
        demography.refresh_demography(i, people, month, law, rates)
        stale |= STALE
    people[i].touched = np.uint16(0)
    refresh(i, stale, people, month, law, effects, work)


@rule
def active_ties(i, people, month):
    """How many of a person's ties, not in custody, offended within the last twelve months at liberty, and how many more
    would have but for programmes."""
    active, spared = 0, 0
    for t in range(N_TIES):
        friend = people[i].tie[t]
        if friend != NOBODY and people[friend].status == RESIDENT and not people[friend].risks & IN_CUSTODY:
            last, prevented = np.int64(people[friend].last_offence), np.int64(people[friend].spared_offence)
            if last != NEVER and last + 12 > month:
                active += 1
            elif prevented != NEVER and prevented + 12 > month:
                spared += 1
    return active, spared


@rule
def read_ties(i, people, month):
    """Note what active_ties tells; returns whether it is news."""
    active, spared = active_ties(i, people, month)
    news = active != people[i].peers or spared != people[i].spared_peers
    people[i].peers, people[i].spared_peers = np.uint8(active), np.uint8(spared)
    return news


@rule
def list_if_due_next(i, people, month, now):
    """List a row for next month's waking, if something will be due then."""
    if people[i].wake <= month + 1 and now.counts[NEXT_DUE] != ALL_ROWS:
        list_row(i, NEXT_DUE, now.next_due, now.counts)
