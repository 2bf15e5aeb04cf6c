"""Couples and ties, each April: model/ODD.md 7.3, with the midway age of 5.1 step 2."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor, log
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from experiments.reference import adversity, demography
from experiments.reference.arithmetic import by_age
from experiments.reference.person import N_TIES
from model.inputs import financial_year
from model.vocabulary import FEMALE, MALE

if TYPE_CHECKING:
    from experiments.reference.person import Person
    from experiments.reference.world import PlainModel

ADULT = 18  # years of age


class Single(NamedTuple):
    """An adult without partner: the age midway between partners as seen from this one, in years, and the weight of
    being chosen, a share who begin to live in a couple within a year."""

    person: Person
    midway: float
    weight: float


Pair = tuple["Person", "Person"]


def form(model: PlainModel) -> None:
    """Couples form among the residents of 18 and over without partner, by district."""
    values, random = model.values, model.random
    singles = _singles(model)
    weighed = evened(singles, values["household.partner_age_spread"])
    for district in range(len(model.inputs.area.districts)):
        here = [each for each in weighed if each.person.district == district]
        pairs = floor(sum(each.weight for each in here) / 2 + random.random())
        for one, other in matched(here, pairs, values, random):
            if not _of_one_home(one, other):
                _live_together(model, one, other)


def _singles(model: PlainModel) -> list[Single]:
    """Whoever may begin to live in a couple, by the share of their midway age, read at the whole age below."""
    yearly = by_age(model.values, "household.partnering_year", 0.0)
    gap = model.values["household.partner_age_gap"]
    found = []
    for person in model.residents:
        age = person.age(model.month)
        if age >= ADULT and person.partner is None:
            midway = age + gap / 2 if person.sex == FEMALE else age - gap / 2
            found.append(Single(person, midway, yearly[min(floor(midway), 100)]))
    return found


def evened(singles: list[Single], spread: float) -> list[Single]:
    """The weights cut, at each midway age, to what the sex that offers less offers, over the whole force: offers
    are summed over the years within which a match is likely."""
    reach = ceil(spread)
    offers = [[0.0] * 200, [0.0] * 200]  # by sex and whole midway age
    for each in singles:
        offers[each.person.sex][floor(each.midway)] += each.weight
    smooth = [[sum(offer[max(age - reach, 0) : age + reach + 1]) for age in range(200)] for offer in offers]
    found = []
    for each in singles:
        age, own = floor(each.midway), smooth[each.person.sex]
        if each.weight > 0:
            found.append(each._replace(weight=each.weight * min(smooth[FEMALE][age], smooth[MALE][age]) / own[age]))
    return found


def matched(singles: list[Single], pairs: int, values: Mapping[str, float], random: Random) -> list[Pair]:
    """So many pairs among those of a district, each sex ordered by midway age and chance (7.3 step 4)."""
    spread, of_one_sex = values["household.partner_age_spread"], values["household.couples_of_one_sex"]
    own = [floor(pairs * of_one_sex / 2 + random.random()) for _ in (FEMALE, MALE)]
    mixed = max(pairs - sum(own), 0)
    found: list[Pair] = []
    for_other: list[list[Person]] = []
    for sex in (FEMALE, MALE):
        chosen = _by_weight([each for each in singles if each.person.sex == sex], mixed + 2 * own[sex], random)
        random.shuffle(chosen)  # those for their own sex are chosen by lot
        for_own, rest = chosen[: 2 * own[sex]], chosen[2 * own[sex] :]
        row = _in_order(for_own, spread, random)
        found += zip(row[0::2], row[1::2], strict=False)
        for_other.append(_in_order(rest, spread, random))
    # Rank by rank; where one sex is short the last of the other go without.
    return found + list(zip(*for_other, strict=False))


def _by_weight(singles: list[Single], wanted: int, random: Random) -> list[Single]:
    """The wanted number by weight without replacement: the lowest of `-ln(u) / weight`; nobody of no weight."""
    lots = [(-log(1 - random.random()) / each.weight, n) for n, each in enumerate(singles) if each.weight > 0]
    return [singles[n] for _, n in sorted(lots)[:wanted]]


def _in_order(singles: list[Single], spread: float, random: Random) -> list[Person]:
    """By the age at which each is matched: the midway age and a normal of the spread, in years."""
    ages = sorted((each.midway + spread * random.gauss(0.0, 1.0), n) for n, each in enumerate(singles))
    return [singles[n].person for _, n in ages]


def _of_one_home(one: Person, other: Person) -> bool:
    """Whether a pair is dropped: one household label, one the other's carer, or a carer in common."""
    mine = [each for each in (one.carer1, one.carer2) if each is not None]
    theirs = [each for each in (other.carer1, other.carer2) if each is not None]
    return (
        one.household == other.household
        or any(each is other for each in mine)
        or any(each is one for each in theirs)
        or any(a is b for a in mine for b in theirs)
    )


def _live_together(model: PlainModel, one: Person, other: Person) -> None:
    """One moves in with the other, by lot. The children of either move too; no carer is added (7.3 step 6)."""
    mover, host = (one, other) if model.random.random() < 0.5 else (other, one)
    mover.partner, host.partner = host, mover
    for each, partner in ((mover, host), (host, mover)):
        each.risks.discard("abused_by_partner")
        each.spared.discard("abused_by_partner")
        if "abusive_to_partner" in partner.risks:
            each.risks.add("abused_by_partner")
        elif "abusive_to_partner" in partner.spared:
            each.spared.add("abused_by_partner")
    children = demography.children_at_home(model, [mover, host])
    for each in (mover, *children):
        each.household = host.household
        each.district, each.neighbourhood, each.quintile = host.district, host.neighbourhood, host.quintile
    for child in children:
        adversity.read_carers(model, child)


def redraw_ties(model: PlainModel) -> None:
    """Undo all ties of the year's slot and make them anew among residents of the ages that have ties."""
    slot = (financial_year(model.month) - 1900) % N_TIES
    for person in model.people:
        person.ties[slot] = None
    youngest, oldest = model.values["ties.age[from]"], model.values["ties.age[to]"]
    band = int(model.values["ties.band"])
    alike: dict[tuple[int, int], list[Person]] = {}
    for person in model.residents:
        if youngest <= person.age(model.month) <= oldest:
            alike.setdefault((person.district, person.birth // band), []).append(person)
    for group in alike.values():
        model.random.shuffle(group)
        for one, other in zip(group[0::2], group[1::2], strict=False):
            one.ties[slot], other.ties[slot] = other, one
