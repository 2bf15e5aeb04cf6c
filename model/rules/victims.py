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
    FEMALE,
    FORMER_PARTNER,
    KNOWN,
    MALE,
    MARKING,
    OFFENCES,
    PARTNER,
    RAPE,
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
OF_AGE, PARTNERED_FROM = 18, 16  # years
NEAR_IN_AGE = 3.0  # standard deviations of the age at which partners are matched
# Kinds of victim's weight: of offences against the person, and of sexual ones.
OF_PERSONS = np.array([kind in (VIOLENT, SEXUAL, RAPE, FORMER_PARTNER) for kind in range(len(VICTIM_WEIGHTS))])
OF_SEX = np.array([kind in (SEXUAL, RAPE) for kind in range(len(VICTIM_WEIGHTS))])
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
def acceptance(j, g, kind, people, month, law, effects):
    """The chance, 0 to 1 against a fixed bound, that a person proposed from the list of a kind is the one harmed.

    What no programme can change (age, sex, way of life, deprivation) is in how often the year's list
    names a person; what may change is here.
    """
    chance = acceptance_without(j, kind, people, law)
    if people[j].placed:
        chance *= np.exp(held_log_ratio(j, g, VICTIMISATION, people, month, law, effects))
    return chance


@rule
def acceptance_without(j, kind, people, law):
    """The same but for what the programmes that the person holds do to it."""
    if people[j].status != RESIDENT:
        return 0.0
    chance = 1.0 if people[j].risks & RECENT else 1.0 / np.float64(law.victim_repeat)
    if people[j].spared & RECENT and not people[j].risks & RECENT:
        chance = np.float64(law.victim_repeat) ** -np.float64(law.causal_share)
    if OF_PERSONS[kind]:
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
def someone_near(offender, g, relation, luck, people, month, law):
    """The row of the partner, child at home or tie of the offender who is harmed, or NOBODY if it is none of them.

    A child or tie suffers a sexual offence about as often, beside one of the other sex, as people of their age and sex
    do.
    """
    if relation == PARTNER:
        return np.int64(people[offender].partner)
    u, found = nth_uniform(luck, D_KNOWN), NOBODY
    if relation == CHILD and people[offender].first_child != NOBODY:
        found = np.int64(people[offender].first_child)
        if age_in_years(found, people, month) >= OF_AGE:
            return NOBODY
    elif relation == KNOWN and u < law.known_tie:
        slot = u / law.known_tie * N_TIES
        found, u = np.int64(people[offender].tie[np.int64(slot)]), slot % 1.0
    if found == NOBODY or people[found].status != RESIDENT or u >= by_sex(found, g, people, month, law):
        return NOBODY
    return found


@rule
def by_sex(j, g, people, month, law):
    """How likely a person is to be harmed by a sexual offence beside the likelier sex at their age; 1 for others."""
    kind = law.victim_kind[g]
    if not OF_SEX[kind]:
        return 1.0
    age = age_in_years(j, people, month)
    most = max(law.victim[kind, FEMALE, age], law.victim[kind, MALE, age])
    return np.float64(law.victim[kind, people[j].sex, age] / most) if most > 0.0 else 1.0


@rule
def could_be(j, offender, relation, people, month, law):
    """Whether a person of a list can be what the victim is to the offender.

    A child is under 18; a former partner is of the other sex, grown up, and of an age at which one is matched.
    """
    if j == offender:
        return False
    if relation == CHILD:
        return age_in_years(j, people, month) < OF_AGE
    if relation != PARTNER or offender == NOBODY:
        return True
    if people[j].sex == people[offender].sex or age_in_years(j, people, month) < PARTNERED_FROM:
        return False
    older = np.float64(people[offender].birth - people[j].birth) / 12.0  # years that j is older
    gap = law.partner_gap if people[j].sex == MALE else -law.partner_gap
    return abs(older - gap) <= NEAR_IN_AGE * law.partner_spread


@rule
def find_victim(offender, g, relation, district, luck, people, month, law, places, effects, counts):
    """The row of the person harmed, or NOBODY when none is: a business, society or no one found. Whom a programme has
    spared a harm that is felt for a year is marked so.

    A partner is the one lived with, of either sex; an offender who lives with none harms a former partner, from a list
    of those likelier than others to be harmed by one all their lives.
    """
    if relation >= BUSINESS:
        return NOBODY
    kind, base = law.victim_kind[g], nth_bits(luck, D_VICTIM)
    if offender != NOBODY:
        near = someone_near(offender, g, relation, luck, people, month, law)
        if near != NOBODY:
            return near
        if relation == PARTNER:
            kind = FORMER_PARTNER
    first, last = places.victim_start[kind, district], places.victim_start[kind, district + 1]
    if last <= first:
        return NOBODY
    following = proposed(base, 0, first, last, places)
    for attempt in range(TRIES):
        j = following
        following = proposed(base, attempt + 1, first, last, places)
        prefetch(people, following)
        if not could_be(j, offender, relation, people, month, law):
            continue
        accept = nth_uniform(base, 2 * attempt + 1)
        if accept < acceptance(j, g, kind, people, month, law, effects):
            return j
        if people[j].placed and MARKS_VICTIM[g] and accept < acceptance_without(j, kind, people, law):
            people[j].spared_victim = np.int16(month)
            touch(j, CHANGED, people, counts)
    return NOBODY


@rule
def proposed(base, attempt, first, last, places):
    """The row that is proposed as victim at an attempt, from the list between first and last."""
    return np.int64(places.victim_rows[first + np.int64(nth_uniform(base, 2 * attempt) * (last - first))])
