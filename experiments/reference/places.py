"""Where offences happen, and lists of victims: model/ODD.md 7.7. What a programme does to a place is decided here too;
what it does there is the programmes' (7.14)."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp, floor
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from experiments.reference import programmes
from experiments.reference.arithmetic import MOST_LASTING, graded
from model.inputs import AreaTables, ModelInputs
from model.vocabulary import OFFENCES, STREET_TYPES

if TYPE_CHECKING:
    from experiments.reference.person import Person
    from experiments.reference.world import PlainModel

RESIDENTS = "residents"  # stands for a type of street crime where a group is spread by residents
TYPE_OF_GROUP = {
    "homicide": "violence_sexual", "violence_with_injury": "violence_sexual",
    "violence_without_injury": "violence_sexual", "stalking_harassment": "violence_sexual",
    "rape": "violence_sexual", "other_sexual": "violence_sexual", "robbery": "robbery",
    "residential_burglary": "burglary", "other_burglary": "burglary", "theft_of_vehicle": "vehicle",
    "theft_from_vehicle": "vehicle", "shoplifting": "shoplifting", "other_theft": "other_theft",
    "criminal_damage": "damage_arson", "arson": "damage_arson", "drugs": "drugs", "weapons": "weapons",
    "public_order": "public_order", "fraud_computer_misuse": RESIDENTS, "other": "other_crime",
    "antisocial_behaviour": "asb",
}  # fmt: skip
LEAST_STREET_CRIME = 1e-6
LOADS = {
    "violent": "victim.person_load", "sexual": "victim.sexual_load", "rape": "victim.sexual_load",
    "theft": "victim.theft_load", "former_partner": "victim.partner_load",
}  # fmt: skip
MOST_NAMED = 255


class Line(NamedTuple):
    """Things to draw one of, with their weights cumulated, so that a point on the line is soon found."""

    names: Sequence[int]
    upto: Sequence[float]


def line(names: Sequence[int], weights: Sequence[float]) -> Line:
    """Names and weights as a line to draw points on."""
    return Line(names, list(accumulate(weights)))


def point(random: Random, on: Line) -> int:
    """One of the names on the line, with chance in proportion to its weight."""
    return on.names[min(bisect(on.upto, random.random() * on.upto[-1]), len(on.names) - 1)]


@dataclass
class Places:
    """Districts and neighbourhoods by number; nothing but `lists` ever changes."""

    district: list[int]  # by neighbourhood
    quintile: list[int]  # by neighbourhood, 0 most deprived to 4
    street: dict[str, list[float]]  # street crime (five months) by type and neighbourhood; residents as one more type
    homes: list[list[tuple[int, int]]]  # by district, neighbourhoods with their residents
    near_home: float  # share of a resident's non-domestic offences in the own district
    elsewhere: list[list[float]]  # by district lived in, the chances of each district for offences not near home
    outsiders: dict[str, list[float]]  # w_d of 7.6: by group, each district's share of the force's street crime of it
    others: list[Line]  # by district lived in: the districts to offend in elsewhere
    lines: dict[str, list[Line]]  # by type and district: neighbourhoods by street crime of the type
    # By kind of weight and district, names of residents, each as often as likely to be a victim; of one year.
    lists: dict[str, list[list[Person]]] = field(default_factory=dict)
    risk_of_home: dict[int, float] = field(default_factory=dict)  # by label of household, standard normal; fixed


def make(inputs: ModelInputs, values: Mapping[str, float]) -> Places:
    """The places of the area, fixed for the plan; lists of victims come with its first April."""
    area = inputs.area
    district = [int(each) for each in area.neighbourhood_district]
    districts = range(len(area.districts))
    street = street_crime(area, values["place.shrinkage"])
    within = [[n for n, its in enumerate(district) if its == d] for d in districts]
    total = {kind: [sum(counts[n] for n in within[d]) for d in districts] for kind, counts in street.items()}
    crime = [sum(total[kind][d] for kind in STREET_TYPES if kind != "asb") for d in districts]
    # A force of one district: its own (7.7 step 2).
    weights = [[crime[e] if e != d or len(districts) == 1 else 0.0 for e in districts] for d in districts]
    return Places(
        district=district,
        quintile=[int(fifth) - 1 for fifth in area.neighbourhood_quintile],
        street=street,
        homes=[[(n, int(area.neighbourhood_residents[n])) for n in within[d]] for d in districts],
        near_home=values["place.near_home"],
        elsewhere=[shares(each) for each in weights],
        outsiders={group: shares(total[TYPE_OF_GROUP[group]]) for group in OFFENCES},
        others=[line(districts, each) for each in weights],
        lines={
            kind: [line(within[d], [counts[n] for n in within[d]]) for d in districts]
            for kind, counts in street.items()
        },
    )


def shares(weights: Sequence[float]) -> list[float]:
    """Weights as shares of their sum."""
    total = sum(weights)
    return [each / total for each in weights]


def street_crime(area: AreaTables, shrinkage: float) -> dict[str, list[float]]:
    """Offences of five months by type and neighbourhood, each count weighed with what its class would have: class is
    fifth by town centre or not, over the force."""
    residents = [int(each) for each in area.neighbourhood_residents]
    classes = list(zip(area.neighbourhood_quintile.tolist(), area.neighbourhood_town_centre.tolist(), strict=True))
    all_types = [int(each) for each in area.street_crime.sum(axis=1)]
    own = [every / (every + shrinkage) for every in all_types]
    class_residents = dict.fromkeys(classes, 0)
    for each, people in zip(classes, residents, strict=True):
        class_residents[each] += people
    street: dict[str, list[float]] = {RESIDENTS: [float(people) for people in residents]}
    for number, kind in enumerate(STREET_TYPES):
        counts = [int(count) for count in area.street_crime[:, number]]
        class_count = dict.fromkeys(classes, 0)
        for each, count in zip(classes, counts, strict=True):
            class_count[each] += count
        street[kind] = [
            max(w * count + (1 - w) * people * class_count[each] / class_residents[each], LEAST_STREET_CRIME)
            for w, count, people, each in zip(own, counts, residents, classes, strict=True)
        ]
    return street


def district_of(model: PlainModel, home: int) -> int:
    """The district in which a resident's non-domestic offence happens (7.7 step 2)."""
    if model.random.random() < model.places.near_home:
        return home
    return point(model.random, model.places.others[home])


def neighbourhood_of(model: PlainModel, district: int, group: str) -> int:
    """A neighbourhood of the district, by street crime of the group's type (7.7 step 3)."""
    return point(model.random, model.places.lines[TYPE_OF_GROUP[group]][district])


def falls(model: PlainModel, district: int, group: str) -> tuple[int, int, bool]:
    """What comes of an offence in a district (7.7 steps 3 and 4): the neighbourhood, how many times it happens there
    (0, 1 or 2), and whether a programme of places moved it there."""
    neighbourhood = neighbourhood_of(model, district, group)
    prevented, moved = programmes.at_place(model, neighbourhood, group)
    if prevented == 0:
        return neighbourhood, 1, False
    u = model.random.random()
    if prevented < 0:
        return neighbourhood, 2 if u < -prevented else 1, False
    if u >= prevented:
        return neighbourhood, 1, False
    if u < prevented * moved:
        return neighbourhood_of(model, district, group), 1, True
    return neighbourhood, 0, False


def spread(places: Places, lived: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """Non-domestic hazards by district lived in and group, as hazards by district of the offence and group (7.17 reads
    7.7 step 2): `near_home` at home, the rest by the others' street crime. The sum by group stays the same."""
    happen = [{group: places.near_home * each for group, each in mine.items()} for mine in lived]
    for mine, chances in zip(lived, places.elsewhere, strict=True):
        for there, chance in zip(happen, chances, strict=True):
            if chance > 0:
                for group, each in mine.items():
                    there[group] = there.get(group, 0.0) + (1 - places.near_home) * chance * each
    return happen


def _at_home(model: PlainModel, label: int) -> float:
    """How much likelier than others a home is to be chosen for property crime: drawn once for a label of household."""
    load = model.values["victim.home_load"]
    if label not in model.places.risk_of_home:
        model.places.risk_of_home[label] = min(model.random.gauss(0.0, 1.0), MOST_LASTING)
    return exp(load * model.places.risk_of_home[label] - load**2 / 2)


def _in_person(person: Person, load: float) -> float:
    """How much likelier than others alike a person is to be harmed: drawn once for a life."""
    return exp(load * person.lasting_difference("person_risk") - load**2 / 2)


def lists_of_victims(model: PlainModel) -> dict[str, list[list[Person]]]:
    """By kind of weight and district, residents as often as they are likely to be found, about once in the mean."""
    load = model.values["victim.lifestyle_load"]
    deprivation = graded(model.values["victim.deprivation_ratio"])
    residents = model.residents
    alike = [  # of all kinds of weight
        exp(min(load * each.propensity, MOST_LASTING * load)) * deprivation[each.quintile] for each in residents
    ]
    own = {"property": [_at_home(model, each.household) for each in residents]}
    for kind, row in LOADS.items():
        own[kind] = [_in_person(each, model.values[row]) for each in residents]
    by_age = [(each.sex, each.age(model.month)) for each in residents]
    lists: dict[str, list[list[Person]]] = {}
    for kind, table in model.victims.weight.items():
        weights = [mine * table[sex][age] for mine, (sex, age) in zip(alike, by_age, strict=True)]
        if kind in own:
            weights = [weight * mine for weight, mine in zip(weights, own[kind], strict=True)]
        mean = sum(weights) / len(weights)
        lists[kind] = [[] for _ in model.inputs.area.districts]
        for person, weight in zip(residents, weights, strict=True):
            times = min(floor(weight / mean + model.random.random()), MOST_NAMED)
            lists[kind][person.district].extend([person] * times)
    return lists
