"""Who is harmed, and where.

A victim is found by keyed proposals accepted against a fixed bound, from lists of the district's
residents that are fixed for a year and name the likelier more often: never by a running sum, so that
one person's change moves nobody else's fate. Victims are partners, children at home, people known,
strangers, businesses or society; being harmed makes harm likelier for a year, and feeds the victim's
own risk factors.
"""

import numpy as np

from model.draws import OFFENCE_DRAWS, nth_bits, nth_uniform
from model.effects import VICTIMISATION, held_log_ratio
from model.happenings import MOVED_MARK
from model.jit import prefetch, rule
from model.people import DOMESTIC, N_RISKS, N_TIES, NOBODY, RESIDENT, RISK
from model.rules.life import CHANGED, touch
from model.rules.offending import COUNTED, age_in_years, count_bits
from model.vocabulary import (
    BUSINESS,
    CHILD,
    KNOWN,
    MARKING,
    OFFENCES,
    PARTNER,
    RELATIONS,
    SEXUAL,
    SOCIETY,
    VICTIM_WEIGHTS,
    VIOLENT,
)

TRIES = 256  # with a repeat ratio of 12 few searches in a thousand find nobody
MOST_RATIO = 1.25  # a programme can make a person at most so much likelier to be harmed: the bound of acceptance
N_RELATIONS = len(RELATIONS)
RECENT = np.uint32(1 << RISK["recently_victimised"])
D_RELATION, D_KNOWN, D_VICTIM = OFFENCE_DRAWS["relationship"], OFFENCE_DRAWS["known"], OFFENCE_DRAWS["victim"]
D_DISTRICT, D_PLACE = OFFENCE_DRAWS["district"], OFFENCE_DRAWS["neighbourhood"]
D_AT_PLACE, D_MOVED_TO = OFFENCE_DRAWS["at_place"], OFFENCE_DRAWS["moved_to"]
MOVED = -1
OF_PERSONS = np.array([kind in (VIOLENT, SEXUAL) for kind in range(len(VICTIM_WEIGHTS))])  # kinds of victim's weight
# Offences whose victims are marked by them for a year; the others are counted and leave no such mark.
MARKS_VICTIM = np.array([name in MARKING for name in OFFENCES])


@rule
def relationship(g, h, luck, law):
    """What the victim is to the offender."""
    if h == DOMESTIC:
        return PARTNER
    u = nth_uniform(luck, D_RELATION)
    for relation in range(CHILD, N_RELATIONS):
        if u < law.relation[g, relation]:
            return relation
    return SOCIETY


@rule
def offence_district(home, luck, law, places):
    """The district an offence happens in: the offender's own, or another of the force."""
    u = nth_uniform(luck, D_DISTRICT)
    if u < law.near_home:
        return home
    u = (u - law.near_home) / (1.0 - law.near_home)
    for d in range(places.offend_in.shape[1]):
        if u < places.offend_in[home, d]:
            return d
    return home


@rule
def offence_neighbourhood(g, district, u, places):
    """The neighbourhood at quantile u of where such offences were recorded in the district."""
    kind = places.street_kind[g]
    low, high = places.district_start[district], places.district_start[district + 1] - 1
    while low < high:
        middle = (low + high) // 2
        if u < places.street[kind, middle]:
            high = middle
        else:
            low = middle + 1
    return low


@rule
def times_at_place(where, g, luck, places):
    """How often an offence that falls in a neighbourhood happens there: once, or as programmes of places have it not
    at all, twice where they backfire, or elsewhere in the district (MOVED)."""
    prevented = places.prevented[where, g]
    if prevented == 0.0:
        return 1
    u = nth_uniform(luck, D_AT_PLACE)
    if prevented < 0.0:
        return 2 if u < -prevented else 1
    if u >= prevented:
        return 1
    return MOVED if u < prevented * places.moved[where, g] else 0


@rule
def where_it_falls(g, d, luck, places):
    """The neighbourhood in which an offence in district d happens, how often it does there, and its marks."""
    where = offence_neighbourhood(g, d, nth_uniform(luck, D_PLACE), places)
    times = times_at_place(where, g, luck, places)
    if times != MOVED:
        return where, times, 0
    return offence_neighbourhood(g, d, nth_uniform(luck, D_MOVED_TO), places), 1, MOVED_MARK


@rule
def acceptance(j, g, people, month, law, effects):
    """The chance, 0 to 1 against a fixed bound, that a proposed person is the one harmed.

    What no programme can change (age, sex, way of life, deprivation) is in how often the year's list
    names a person; what may change is here.
    """
    chance = acceptance_without(j, g, people, law)
    if people[j].placed:
        chance *= np.exp(held_log_ratio(j, g, VICTIMISATION, people, month, law, effects))
    return chance


@rule
def acceptance_without(j, g, people, law):
    """The same but for what the programmes that the person holds do to it."""
    if people[j].status != RESIDENT:
        return 0.0
    chance = 1.0 if people[j].risks & RECENT else 1.0 / np.float64(law.victim_repeat)
    if people[j].spared & RECENT and not people[j].risks & RECENT:
        chance = np.float64(law.victim_repeat) ** -np.float64(law.causal_share)
    if OF_PERSONS[law.victim_kind[g]]:
        chance *= by_experiences(j, people, law)
    return chance / MOST_RATIO


@rule
def by_experiences(j, people, law):
    """How likely a person's adverse experiences make harm, beside the most; of those that programmes have spared them
    the part that is not causal stays."""
    lived = min(count_bits(people[j].aces & COUNTED), 4)
    chance = np.float64(law.victim_ace[lived])
    if people[j].spared != 0:
        whole = min(count_bits((np.int64(people[j].aces) | np.int64(people[j].spared) >> N_RISKS) & COUNTED), 4)
        left = 1.0 - np.float64(law.causal_share)
        chance *= (np.float64(law.victim_ace[whole]) / chance) ** left
    return chance


@rule
def find_victim(offender, g, relation, district, luck, people, month, law, places, effects, counts):
    """The row of the person harmed, or NOBODY when none is: a business, society or no one found. Whom a programme has
    spared a harm that is felt for a year is marked so.

    A partner is the one lived with, of either sex; for an offender who lives with none, a former partner of
    the other sex is looked for in the district.
    """
    if relation >= BUSINESS:
        return NOBODY
    if relation == PARTNER and offender != NOBODY and people[offender].partner != NOBODY:
        return np.int64(people[offender].partner)
    if relation == CHILD and offender != NOBODY and people[offender].first_child != NOBODY:
        child = np.int64(people[offender].first_child)
        if people[child].status == RESIDENT and age_in_years(child, people, month) < 18:
            return child
    if relation == KNOWN and offender != NOBODY:
        u = nth_uniform(luck, D_KNOWN)
        if u < law.known_tie:
            friend = np.int64(people[offender].tie[np.int64(u / law.known_tie * N_TIES)])
            if friend != NOBODY and people[friend].status == RESIDENT:
                return friend
    kind = law.victim_kind[g]
    first, last = places.victim_start[kind, district], places.victim_start[kind, district + 1]
    if last <= first:
        return NOBODY
    base = nth_bits(luck, D_VICTIM)
    following = proposed(base, 0, first, last, places)
    for attempt in range(TRIES):
        j = following
        following = proposed(base, attempt + 1, first, last, places)
        prefetch(people, following)
        if j == offender:
            continue
        if relation == PARTNER and offender != NOBODY and people[j].sex == people[offender].sex:
            continue
        accept = nth_uniform(base, 2 * attempt + 1)
        if accept < acceptance(j, g, people, month, law, effects):
            return j
        if people[j].placed and MARKS_VICTIM[g] and accept < acceptance_without(j, g, people, law):
            people[j].spared_victim = np.int16(month)
            touch(j, CHANGED, people, counts)
    return NOBODY


@rule
def proposed(base, attempt, first, last, places):
    """The row that is proposed as victim at an attempt, from the list between first and last."""
    return np.int64(places.victim_rows[first + np.int64(nth_uniform(base, 2 * attempt) * (last - first))])
