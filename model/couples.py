"""Who lives with whom as a couple: how couples are matched, at the census and each April.

Adults of a district are chosen by weight and keyed lot and matched by age. It reads age, sex, district,
partner and key, and bonds of birth and home: nothing that a programme can change, so that the same
couples form in every alternative. How many form is a share of those who could, so that a sample of the
people forms as many for its size.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from model.draws import STREAMS, keys_from, uniforms
from model.households import who_go
from model.jit import loop, rule
from model.people import NOBODY, RESIDENT, RISK, Population
from model.rules.adversity import read_carers
from model.rules.demography import ADULT, refresh_demography
from model.vocabulary import FEMALE, MALE, SEXES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
COUPLE = STREAMS["couple"]
LIKELY = 3.0  # the key below which 19 in 20 of those of weight one are: it saves sorting, and changes no choice
ROOM = 512  # of a list of those who move together
MOST_YEARS = 128  # of age, with room for the gap
ABUSED = np.uint32(1 << RISK["abused_by_partner"])
ABUSIVE = np.uint32(1 << RISK["abusive_to_partner"])


class Matching(NamedTuple):
    """How ages and sexes go together in couples."""

    gap: float  # years that the man is older, mean
    spread: float  # years, standard deviation of the age at which one is matched
    one_sex: float  # share of couples


class Singles(NamedTuple):
    """Those who may be matched, one entry a person in every column; groups are district x 2 + sex."""

    district: Ints
    sex: Ints
    age: Floats
    keys: NDArray[np.uint64]


def chosen(weights: Floats, groups: Ints, wanted: Ints, luck: Floats) -> Bools:
    """`wanted[g]` members of each group, by weight without replacement (exponential keys)."""
    with np.errstate(divide="ignore"):
        order_key = np.where(weights > 0.0, -np.log(np.maximum(luck, 1e-300)) / np.maximum(weights, 1e-12), np.inf)
    order = likeliest(order_key, groups, wanted)
    order = order[np.argsort(order_key[order])]
    order = order[np.argsort(groups[order].astype(np.int16), kind="stable")]
    first = np.searchsorted(groups[order], np.arange(wanted.size))
    rank = np.arange(order.size) - first[groups[order]]
    taken = np.zeros(weights.size, dtype=bool)
    taken[order] = (rank < wanted[groups[order]]) & np.isfinite(order_key[order])
    return taken


def likeliest(order_key: Floats, groups: Ints, wanted: Ints) -> Ints:
    """The entries whose keys are low, if every group then has all that are wanted of it; else all entries."""
    few = np.flatnonzero(order_key < LIKELY)
    return few if (np.bincount(groups[few], minlength=wanted.size) >= wanted).all() else np.arange(order_key.size)


def between_ages(age: Floats | Ints, sex: Ints, gap: float) -> Floats:
    """(people,) age midway between a couple's two, for either: the man is older by the gap."""
    return np.asarray(age + np.where(sex == FEMALE, gap / 2.0, -gap / 2.0))


def evened(weights: Floats, who: Singles, how: Matching) -> Floats:
    """Weights at which both sexes offer as many of an age: the one in excess gives way to the other.

    More women than men live to old age, more men than women are single in youth; without this, rank by
    rank, the one excess would be matched with the other.
    """
    at = np.clip(between_ages(who.age, who.sex, how.gap), 0, MOST_YEARS - 1).astype(np.int64)
    near = np.ones(2 * int(np.ceil(how.spread)) + 1)
    offer = np.stack([
        np.convolve(np.bincount(at[who.sex == s], weights[who.sex == s], minlength=MOST_YEARS), near, mode="same")
        for s in (FEMALE, MALE)
    ])  # fmt: skip
    fewer = offer.min(axis=0) / np.maximum(offer, 1e-12)
    return np.asarray(weights * fewer[who.sex, at])


def match(who: Singles, weights: Floats, pairs: Ints, how: Matching, seed: int, month: int) -> tuple[Ints, Ints]:
    """Rows (within `who`) of the two of each couple; `pairs[d]` couples in district d where there are enough.

    Both sexes, ordered by age with a spread, are matched rank by rank; of those chosen the share who
    live with their own sex are chosen by lot, and matched with their neighbours in age.
    """
    groups = who.district * 2 + who.sex
    lots = uniforms(seed, keys_from(seed, "couples of one sex", pairs.size * 2), month, COUPLE)
    alike_pairs = np.floor(np.repeat(pairs, 2) * how.one_sex / 2.0 + lots).astype(np.int64)
    mixed_pairs = np.maximum(pairs - alike_pairs.reshape(-1, 2).sum(axis=1), 0)
    wanted = np.repeat(mixed_pairs, 2) + 2 * alike_pairs
    taken = np.flatnonzero(chosen(weights, groups, wanted, uniforms(seed, who.keys, month, COUPLE)))
    lots = uniforms(seed, who.keys[taken], month, COUPLE, 2)
    alike = chosen(np.ones(taken.size), groups[taken], 2 * alike_pairs, lots)
    z = ndtri(np.clip(uniforms(seed, who.keys[taken], month, COUPLE, 1), 1e-6, 1 - 1e-6))
    matched_at = between_ages(who.age[taken], who.sex[taken], how.gap) + how.spread * z
    order = np.lexsort((matched_at, groups[taken]))
    one, two = neighbours(taken[order[alike[order]]], groups)
    order = taken[order[~alike[order]]]
    women, men = order[who.sex[order] == FEMALE], order[who.sex[order] == MALE]
    # Both lists run by district and age; where one sex is short in a district, the last go without.
    count = np.minimum(np.bincount(who.district[women], minlength=pairs.size),
                       np.bincount(who.district[men], minlength=pairs.size))  # fmt: skip
    women, men = first_of_each(women, who.district, count), first_of_each(men, who.district, count)
    return np.concatenate([women, one]), np.concatenate([men, two])


def neighbours(rows: Ints, groups: Ints) -> tuple[Ints, Ints]:
    """The first and second, third and fourth ... of each group, the rows being in the groups' order."""
    own = groups[rows]
    place = np.arange(rows.size) - np.searchsorted(own, own)
    first = np.flatnonzero((place % 2 == 0) & (np.append(own[1:], -1) == own))
    return rows[first], rows[first + 1]


def first_of_each(rows: Ints, district: Ints, count: Ints) -> Ints:
    """The first `count[d]` of the rows of each district, rows being in district order."""
    start = np.searchsorted(district[rows], np.arange(count.size))
    rank = np.arange(rows.size) - start[district[rows]]
    return rows[rank < count[district[rows]]]


def come_as_couples(who: Singles, month: int, law: np.void) -> tuple[Ints, Ints, Singles]:
    """Of people who come in a month, in the order of districts: the two of each couple, and who all are then.

    As many of an age come in a couple as residents of that age live in one, two by two in their district
    (an odd one comes alone); the second of two gets the age and sex of a partner of the first. As first and
    second are alike in age, the ages of all who come stay what they were in the mean.
    """
    seed, how = int(law["seed"]), matching(law)
    at = np.clip(between_ages(who.age, who.sex, how.gap), 0, law["in_couple"].size - 1).astype(np.int64)
    coupled = (uniforms(seed, who.keys, month, COUPLE) < law["in_couple"][at]) & (who.age >= ADULT)
    one, two = neighbours(np.flatnonzero(coupled), who.district)
    alike = uniforms(seed, who.keys[one], month, COUPLE, 2) < how.one_sex
    sex = np.where(alike, who.sex[one], 1 - who.sex[one])
    z = ndtri(np.clip(uniforms(seed, who.keys[one], month, COUPLE, 1), 1e-6, 1 - 1e-6)) * np.sqrt(2.0)
    age = between_ages(who.age[one], who.sex[one], how.gap) - between_ages(np.zeros(one.size), sex, how.gap)
    ages, sexes = who.age.copy(), who.sex.copy()
    ages[two] = np.clip(np.floor(age + how.spread * z), ADULT, max(who.age.max(initial=0.0), ADULT))
    sexes[two] = sex
    return one, two, who._replace(age=ages, sex=sexes)


def matching(law: np.void) -> Matching:
    """How ages and sexes go together, as a law says."""
    return Matching(float(law["partner_gap"]), float(law["partner_spread"]), float(law["couples_of_one_sex"]))


def form_couples(
    people: Population, rows: int, month: int, laws: NDArray[np.void], year: int, rates: NDArray[np.void]
) -> Ints:
    """April: singles of a district begin to live together. Gives the rows whose home or partner is another now:
    their thresholds of life and offending are to be redone.

    The yearly chance is by age, of the sex of whom there are fewer. One of each couple, by lot, moves into
    the other's home.
    """
    law = laws[year]
    seed = int(law["seed"])
    age = (month - people.birth[:rows].astype(np.int64)) // 12
    single = (people.status[:rows] == RESIDENT) & (people.partner[:rows] == NOBODY)
    row = np.flatnonzero(single & (age >= ADULT))
    if row.size == 0:
        return row
    district = people.district[row].astype(np.int64)
    who = Singles(district, people.sex[row].astype(np.int64), age[row].astype(np.float64), people.key[row])
    how = matching(law)
    at = np.clip(between_ages(who.age, who.sex, how.gap), 0, law["partnering"].size - 1).astype(np.int64)
    chance = evened(law["partnering"][at].astype(np.float64), who, how)
    expected = np.bincount(district, weights=chance) / len(SEXES)
    lots = uniforms(seed, keys_from(seed, "couples of a district", expected.size), month, COUPLE)
    pairs = np.floor(expected + lots).astype(np.int64)
    one, two = (row[each] for each in match(who, chance, pairs, how, seed, month))
    apart = ~akin(people, one, two)
    one, two = one[apart], two[apart]
    moves = uniforms(seed, people.key[one], month, COUPLE, 3) < 0.5
    changed = np.zeros(rows, dtype=np.bool_)
    movers, hosts, going = np.where(moves, one, two), np.where(moves, two, one), new_list()
    live_together(people, movers, hosts, month, laws, year, rates, going, changed)
    return np.flatnonzero(changed)


def new_list() -> Ints:
    """Room for those who move together."""
    return np.zeros(ROOM, dtype=np.int64)


def akin(people: Population, one: Ints, two: Ints) -> Bools:
    """Whether two people grew up in, or share, one home, or one is the carer of the other."""
    found = people.household[one] == people.household[two]
    for a, b in ((one, two), (two, one)):
        for bond in (people.carer1, people.carer2):
            found |= bond[a] == b
            found |= (bond[a] != NOBODY) & ((bond[a] == people.carer1[b]) | (bond[a] == people.carer2[b]))
    return np.asarray(found)


@loop
def live_together(people, one, two, month, laws, year, rates, going, changed):
    """Each of `one` moves in with the one at the same place in `two`, and brings the children they care for.

    Marks in `changed` (rows,) whose home or partner is another now; `going` is scratch.
    """
    law = laws[year]
    for k in range(one.size):
        i, j = one[k], two[k]
        people[i].partner = np.int32(j)
        people[j].partner = np.int32(i)
        meet(i, j, people)
        meet(j, i, people)
        for n in range(who_go(i, going, people, month)):
            row = going[n]
            if row != j:
                move_in(row, j, people)
            if row != i and row != j:
                read_carers(row, people)
            refresh_demography(row, people, month, law, rates)
            changed[row] = True


@rule
def meet(i, other, people):
    """What was between a person and an earlier partner is over; who was abusive is so to the next."""
    people[i].risks &= ~ABUSED
    people[i].spared &= ~ABUSED
    if people[other].risks & ABUSIVE:
        people[i].risks |= ABUSED
    elif people[other].spared & ABUSIVE:
        people[i].spared |= ABUSED


@rule
def move_in(i, j, people):
    """Live where j does."""
    people[i].household = people[j].household
    people[i].district = people[j].district
    people[i].neighbourhood = people[j].neighbourhood
    people[i].quintile = people[j].quintile
