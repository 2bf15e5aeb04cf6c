"""Births, deaths, moves and separations: model/ODD.md 7.2.

Nothing here reads what a programme can change. What is noted while people decide is carried out when all have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from typing import TYPE_CHECKING

from experiments.reference import adversity
from experiments.reference.arithmetic import by_age, graded, lasting_ratios, monthly, pick
from experiments.reference.happening import Happening
from experiments.reference.person import DEAD, DEPARTED, Person
from model.evidence import read_table
from model.inputs import AreaTables, ModelInputs
from model.vocabulary import FEMALE, MALE, SEXES

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

AGES = range(101)
GROWN_UP = 18 * 12  # months of age from which one is no child
MOST = 0.999999  # chance of any event in a month


@dataclass(frozen=True)
class DemographyLaw:
    """Chances a month, but for the last two. They are the same in all years."""

    death: list[list[list[list[float]]]]  # by district, sex, fifth of deprivation, age
    frailty: list[tuple[float, float]]  # by age: log hazard of dying a standard deviation, and what holds the level
    birth: list[list[float]]  # of a woman, by district and age
    leaving: list[list[float]]  # of who leads a move, by district and age
    moving: list[list[float]]  # to another district of the force, as leaving
    separation: list[float]  # by age of the first by row of a couple
    others: list[list[tuple[int, float]]]  # by district, the other districts with their residents
    boys: float  # share of births


def law(inputs: ModelInputs, values: Mapping[str, float]) -> DemographyLaw:
    """The hazards of 7.2 as tables."""
    area, districts = inputs.area, range(len(inputs.area.districts))
    stay = area.stay_in_force
    out = [float(area.moves_out[d] * (1 - stay) + area.abroad_out[d]) for d in districts]
    across = [float(area.moves_out[d] * stay) for d in districts]
    relative = [_moves_by_age(area, values, d) for d in districts]
    residents = [float(area.population[d].sum()) for d in districts]
    ratio = values["birth.sex_ratio_at_birth"]
    return DemographyLaw(
        death=[_death(area, values, d) for d in districts],
        frailty=[(load, 200 / sum(lasting_ratios(load))) for load in by_age(values, "death.frailty_load", 0.0)],
        birth=[[rate / 1000 * float(area.fertility_ratio[d]) / 12 for rate in _fertility()] for d in districts],
        leaving=[[monthly(relative[d][a] * out[d]) for a in AGES] for d in districts],
        moving=[[monthly(relative[d][a] * across[d]) for a in AGES] for d in districts],
        separation=[_separation_year(values, a) / 12 for a in AGES],
        others=[[(to, residents[to]) for to in districts if to != d] for d in districts],
        boys=ratio / (1 + ratio),
    )


@lru_cache(maxsize=1)
def _life_table() -> list[list[float]]:
    """The chance of dying before the next birthday, by sex and age."""
    table, found = read_table("life_table"), [[0.0] * 101 for _ in SEXES]
    for period, sex, age, qx in zip(table["period"], table["sex"], table["age"], table["qx"], strict=True):
        if period == "2020-2022":
            found[SEXES.index(str(sex))][int(age)] = float(qx)
    return found


@lru_cache(maxsize=1)
def _fertility() -> list[float]:
    """Births a year per 1,000 women by age, 0 at ages outside the table."""
    table, found = read_table("fertility"), [0.0] * 101
    for year, age, rate in zip(table["year"], table["age"], table["rate"], strict=True):
        if year == 2022:
            found[int(age)] = float(rate)
    return found


def _death(area: AreaTables, values: Mapping[str, float], district: int) -> list[list[list[float]]]:
    """The chance a month of dying in a district, by sex, fifth and age. The fifths there are weighed by who lives
    in them, so that deprivation moves no deaths between districts: `mortality_ratio` has said how many there are."""
    lived_in = [0.0] * 5
    for d, q, n in zip(
        area.neighbourhood_district, area.neighbourhood_quintile, area.neighbourhood_residents, strict=True
    ):
        if d == district:
            lived_in[int(q) - 1] += float(n)
    share = [each / sum(lived_in) for each in lived_in]
    steepness = [graded(ratio) for ratio in by_age(values, "death.deprivation_ratio", 1.0)]
    mean = [sum(share[q] * steepness[a][q] for q in range(5)) for a in AGES]
    found = []
    for sex, qx in enumerate(_life_table()):
        ratio = float(area.mortality_ratio[district, sex])
        chance = [monthly(1 - exp(log(1 - qx[a]) * ratio)) for a in AGES]
        found.append([[chance[a] * steepness[a][q] / mean[a] for a in AGES] for q in range(5)])
    return found


def _moves_by_age(area: AreaTables, values: Mapping[str, float], district: int) -> list[float]:
    """Moves by age beside the mean of the district's residents at the census."""
    rate = [each / 1000 for each in by_age(values, "move.moves_between_local_authorities_rate", 0.0)]
    people = area.population[district].sum(axis=0)  # ages 0 to 90, where 90 is all above
    mean = sum(rate[a] * float(n) for a, n in enumerate(people)) / float(people.sum())
    return [each / mean for each in rate]


def _separation_year(values: Mapping[str, float], age: int) -> float:
    """The chance a year that a couple parts, by the first one's age."""
    early = values["parents.separation_year[0 to 16]"]
    late = values["household.separation_childless"] * values["household.separation_late_ratio"]
    until = values["household.separation_age[rate of parents until]"]
    since = values["household.separation_age[late rate from]"]
    return early + (late - early) * min(max((age - until) / (since - until), 0.0), 1.0)


def hazards(model: PlainModel, person: Person) -> list[tuple[str, float]]:
    """The chances a month of each demographic event open to a resident."""
    table, age, district, partner = model.demography, person.age(model.month), person.district, person.partner
    load, level = table.frailty[age]
    frail = exp(load * person.lasting_difference("frailty")) * level
    found = [("death", table.death[district][person.sex][person.quintile][age] * frail)]
    if person.sex == FEMALE:
        found.append(("birth", table.birth[district][age]))
    if _leads_a_move(person, age):
        found.append(("leaving", table.leaving[district][age]))
        found.append(("moving", table.moving[district][age]))
    if partner is not None and person.row < partner.row:
        found.append(("separation", table.separation[age]))
    return found


def note(model: PlainModel, person: Person) -> None:
    """Decide whether a demographic event happens to a resident this month, and which."""
    events = hazards(model, person)
    if model.random.random() < min(sum(hazard for _, hazard in events), MOST):
        person.marks.event = pick(model.random, events)


def _leads_a_move(person: Person, age: int) -> bool:
    """An adult without partner, the first by row of a couple, or a child who has no carer recorded."""
    if age < 18:
        return person.carer1 is None and person.carer2 is None
    return person.partner is None or person.row < person.partner.row


def settle(model: PlainModel) -> None:
    """Carry out what was noted: deaths; separations, leaving and moves in row order; births (7.2)."""
    noted = [each for each in model.residents if each.marks.event]
    for person in noted:
        if person.marks.event == "death":
            _die(model, person)
    for person in noted:
        if person.resident and person.marks.event == "separation":
            part(person)
        elif person.resident and person.marks.event == "leaving":
            for each in _who_go(model, person):
                _depart(model, each)
        elif person.resident and person.marks.event == "moving":
            _move(model, person)
    for person in noted:
        if person.resident and person.marks.event == "birth":
            _bear(model, person)


def part(person: Person) -> None:
    """Undo a couple, if the person is in one. Nobody moves out by it."""
    partner = person.partner
    if partner is None:
        return
    for each in (person, partner):
        each.partner = None
        each.risks -= {"abused_by_partner", "abusive_to_partner"}
        each.spared -= {"abused_by_partner", "abusive_to_partner"}
        each.marks.carers_changed = True


def _die(model: PlainModel, person: Person) -> None:
    part(person)
    person.status = DEAD
    person.marks.carers_changed = person.marks.lost_ties_to = True
    _log(model, "death", person)


def _who_go(model: PlainModel, person: Person) -> list[Person]:
    """Who leaves or moves with the person who leads: the partner, the children here under 18 who live with either, and
    those who live with one of these children."""
    couple = [person] if person.partner is None else [person, person.partner]
    return couple + children_at_home(model, couple)


def children_at_home(model: PlainModel, couple: list[Person]) -> list[Person]:
    """The residents under 18 who live with one of these, and theirs."""
    found: list[Person] = []
    homes = list(couple)
    for home in homes:
        for child in home.cared_for:
            young = child.resident and child.months_old(model.month) < GROWN_UP
            if young and child.lives_with is home and child not in found:
                found.append(child)
                homes.append(child)
    return found


def _depart(model: PlainModel, person: Person) -> None:
    person.status = DEPARTED
    person.marks.carers_changed = person.marks.lost_ties_to = True
    _log(model, "departure", person)


def _move(model: PlainModel, person: Person) -> None:
    """All who go live in one neighbourhood of another district from now on; the label of the household stays."""
    others = model.demography.others[person.district]
    if not others:
        return
    district = pick(model.random, others)
    neighbourhood = pick(model.random, model.places.homes[district])
    for each in _who_go(model, person):
        each.district, each.neighbourhood = district, neighbourhood
        each.quintile = int(model.places.quintile[neighbourhood])


def _bear(model: PlainModel, mother: Person) -> None:
    """A mother's child is born at her home."""
    sex = MALE if model.random.random() < model.demography.boys else FEMALE
    child = Person(model, birth=model.month, sex=sex)
    child.propensity, child.family = model.random.gauss(0.0, 1.0), mother.family
    child.district, child.neighbourhood, child.quintile = mother.district, mother.neighbourhood, mother.quintile
    child.household = mother.household
    child.carer1, child.carer2 = mother, mother.partner
    for carer in (child.carer1, child.carer2):
        if carer is not None:
            carer.cared_for.insert(0, child)
    model.add(child)
    adversity.read_carers(model, child)
    _log(model, "birth", child)
    mother.children += 1
    if mother.children == 1:
        _log(model, "first_birth", mother)


def _log(model: PlainModel, kind: str, person: Person) -> None:
    """Tell the record of what comes of no offence, at the person's home."""
    model.log(Happening(kind, person, "homicide", person.district, person.quintile))
