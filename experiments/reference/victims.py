"""Victims: who suffers an offence and what it does to them (model/ODD.md 7.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from experiments.reference import prevalence, programmes
from experiments.reference.arithmetic import pick
from experiments.reference.happening import Happening
from experiments.reference.person import N_TIES
from model.vocabulary import MALE, MARKING, OFFENCES

if TYPE_CHECKING:
    from experiments.reference.offence import Offence
    from experiments.reference.person import Person
    from experiments.reference.world import PlainModel

AGES = range(101)
PROPOSALS = 256  # of the list, before the search is given up
LIKELIEST = 1.25  # what chances of acceptance are divided by, so that a log ratio above 0 leaves them below 1
SPREADS = 3  # of the age at which partners are matched: so far apart at most are a former partner's and the offender's
WHO_OF_SEXES = ("women", "men")  # as rows of evidence call them, female first
VIOLENT_BANDS = {
    "16_to_24": 16, "25_to_34": 25, "35_to_44": 35, "45_to_54": 45, "55_to_64": 55, "65_to_74": 65,
    "75_and_over": 75,
}  # fmt: skip
# The last band is 55 to 59 and holds on.
SEXUAL_BANDS = {"16_to_19": 16, "20_to_24": 20, "25_to_34": 25, "35_to_44": 35, "45_to_54": 45, "55_to_59": 55}
BOTH_SEXES_BANDS = {"16 to 34": 16, "35 to 54": 35, "55 to 74": 55, "75 and over": 75}
KIND_OF_WEIGHT = dict.fromkeys(OFFENCES, "violent") | {
    "rape": "rape", "other_sexual": "sexual", "fraud_computer_misuse": "fraud", "residential_burglary": "property",
    "other_burglary": "property", "theft_of_vehicle": "property", "theft_from_vehicle": "property",
    "other_theft": "theft", "shoplifting": "theft", "criminal_damage": "property", "arson": "property",
}  # fmt: skip

Weights = dict[str, tuple[tuple[float, ...], tuple[float, ...]]]  # kind -> [sex][age]


@dataclass(frozen=True)
class Law:
    """The numbers of 7.8."""

    weight: Weights  # likelihood of being harmed, 1 for the likeliest sex and age, by kind
    relations: dict[str, tuple[tuple[str, float], ...]]  # by group: what the victim is, and the share of it
    known_tie: float  # share of known victims found among ties
    accepted_before: float  # chance that a person proposed is the victim, if recently victimised
    accepted: float  # if not
    accepted_spared: float  # if a programme spared this one a harm of the last twelve months (7.18)
    experiences: tuple[float, ...]  # by number of adverse experiences, beside four or more, of the person alone
    causal: float
    emergency: dict[str, float]  # by group, chance of attending an emergency department
    emergency_domestic: float  # by how much less, if the offence is domestic
    admitted: float  # chance of being admitted, of those who attend


def law(values: Mapping[str, float]) -> Law:
    """The numbers of 7.8, the same in all years."""
    return Law(
        weight=weights(values),
        relations={group: _relations(values, group) for group in OFFENCES},
        known_tie=values["victim.known_tie"],
        accepted_before=1 / LIKELIEST,
        accepted=1 / values["victim.repeat_ratio"] / LIKELIEST,
        accepted_spared=values["victim.repeat_ratio"] ** -values["causal_share"] / LIKELIEST,
        experiences=tuple(values["victim.ace_ratio"] ** (n / 4 - 1) for n in range(5)),
        causal=values["causal_share"],
        emergency={group: values.get(f"emergency_department[{group}]", 0.0) for group in OFFENCES},
        emergency_domestic=values["emergency.domestic_ratio"],
        admitted=values["health_per_violence.admitted_share"],
    )


def weights(values: Mapping[str, float]) -> Weights:
    """W_k[sex, age] by kind of weight, each kind divided by its greatest over both sexes."""
    violent = [
        [each * left for each in _by_survey(values, who, VIOLENT_BANDS, "violence_with_injury")]
        for who, left in zip(
            WHO_OF_SEXES, _left_of_partners(values, "violence_with_injury", values["victim.partner_women_share"]),
            strict=True,
        )
    ]  # fmt: skip
    sexual = [_by_survey(values, who, SEXUAL_BANDS, "other_sexual") for who in WHO_OF_SEXES]
    former = [prevalence.women_abused(values)] * 2
    property_crime = _flat({first: values[f"victim.property_age[{band}]"] for band, first in BOTH_SEXES_BANDS.items()})
    fraud = _flat({first: values[f"victim.fraud_age[{band}]"] for band, first in BOTH_SEXES_BANDS.items()})
    return {
        "violent": _over_greatest(violent),
        "property": _over_greatest([property_crime] * 2),
        "theft": _over_greatest([property_crime] * 2),
        "fraud": _over_greatest([fraud] * 2),
        "sexual": _over_greatest(sexual),
        "rape": _over_greatest(_raped(values, sexual)),
        "former_partner": _over_greatest(former),
    }


def _raped(values: Mapping[str, float], sexual: list[list[float]]) -> list[list[float]]:
    """As sexual assault falls by age, at each sex's share raped in the year, less what partners do."""
    left = _left_of_partners(values, "rape", 1 - values["household.couples_of_one_sex"])
    found = []
    for who, ages, share in zip(WHO_OF_SEXES, sexual, left, strict=True):
        asked = sum(ages[16:60]) / 44
        found.append([each / asked * values[f"victim_prevalence_{who}[rape]"] * share for each in ages])
    return found


def _left_of_partners(values: Mapping[str, float], group: str, women: float) -> list[float]:
    """Of what a survey counts against women and men, the share that is not a partner's; `women` of the partners'."""
    partner = values[f"offender_partner[{group}]"]
    harmed = [values[f"victim_prevalence_{who}[{group}]"] for who in WHO_OF_SEXES]
    by_sex = zip((women, 1 - women), harmed, strict=True)
    return [min(max(1 - partner * share / (each / sum(harmed)), 0.1), 1.0) for share, each in by_sex]


def _by_survey(values: Mapping[str, float], who: str, bands: Mapping[str, int], group: str) -> list[float]:
    """A year's prevalence flat in bands from 16, and for children a share of that at 16."""
    found = _flat({first: values[f"victim_prevalence_{who}_{band}[{group}]"] for band, first in bands.items()})
    for age in range(16):
        found[age] = found[16] * values[f"victim.child_ratio[{'under 10' if age < 10 else '10 to 15'}]"]
    return found


def _flat(value_from: Mapping[int, float]) -> list[float]:
    """By age, the value of the band that began last; 0 before the first, where no row speaks."""
    return [next((value_from[a] for a in range(age, -1, -1) if a in value_from), 0.0) for age in AGES]


def _over_greatest(by_sex: list[list[float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    greatest = max(max(ages) for ages in by_sex)
    female, male = (tuple(each / greatest for each in ages) for ages in by_sex)
    return female, male


def _relations(values: Mapping[str, float], group: str) -> tuple[tuple[str, float], ...]:
    """What the victim is to the offender, with shares, for offences that are not domestic."""
    child, business, society = (
        values.get(f"victim.share[{group}, {what}]", 0.0) for what in ("child at home", "business", "society")
    )
    rest = max(1 - child - business - society, 0.0)
    known = values["victim.known_otherwise"]
    asked = values.get(f"offender_known[{group}]"), values.get(f"offender_stranger[{group}]")
    if asked[0] is not None and asked[1] is not None:
        known = asked[0] / (asked[0] + asked[1])
    return (
        ("child", child), ("known", rest * known), ("stranger", rest * (1 - known)),
        ("business", business), ("society", society),
    )  # fmt: skip


def suffer(model: PlainModel, offence: Offence) -> None:
    """Find the victim of a committed offence, if it has one, and do to them what it does."""
    relation = "partner" if offence.domestic else pick(model.random, model.victims.relations[offence.group])
    if relation in ("business", "society"):
        return
    victim = _found(model, offence, relation)
    if victim is not None:
        _harm(model, offence, victim)


def _found(model: PlainModel, offence: Offence, relation: str) -> Person | None:
    """Who it is: someone near the offender, or someone of the district where it happens."""
    offender = offence.offender
    if offender is not None:
        if relation == "partner" and offender.partner is not None:
            return offender.partner
        if relation == "child" and offender.cared_for:
            child = offender.cared_for[0]  # the last added
            if child.resident and _is_child(model, child) and model.random.random() < _by_sex(model, child, offence):
                return child
        if relation == "known" and model.random.random() < model.victims.known_tie:
            tie = offender.ties[model.random.randrange(N_TIES)]
            if tie is not None and tie.resident and model.random.random() < _by_sex(model, tie, offence):
                return tie
    return _searched(model, offence, relation)


def _is_child(model: PlainModel, person: Person) -> bool:
    return person.months_old(model.month) < 216


def _by_sex(model: PlainModel, person: Person, offence: Offence) -> float:
    """Of sexual offences, how likely someone near is to be the victim beside the likelier sex at that age."""
    kind = KIND_OF_WEIGHT[offence.group]
    if kind not in ("sexual", "rape"):
        return 1.0
    both = [ages[person.age(model.month)] for ages in model.victims.weight[kind]]
    return both[person.sex] / max(both) if max(both) > 0 else 1.0


def _could_be(model: PlainModel, person: Person, offender: Person | None, relation: str) -> bool:
    """Whether a person can be what the victim is to the offender: a child is one, a former partner of the other sex, 16
    or over, and of an age at which partners are matched."""
    if relation == "child":
        return _is_child(model, person)
    if relation != "partner" or offender is None:
        return True
    if person.sex == offender.sex or person.age(model.month) < 16:
        return False
    gap = model.values["household.partner_age_gap"] * (1 if person.sex == MALE else -1)
    older = (offender.birth - person.birth) / 12
    return abs(older - gap) <= SPREADS * model.values["household.partner_age_spread"]


def _searched(model: PlainModel, offence: Offence, relation: str) -> Person | None:
    """One of the yearly list, proposed and accepted; nobody if no proposal finds one."""
    offender = offence.offender
    kind = KIND_OF_WEIGHT[offence.group]
    if relation == "partner" and offender is not None:
        kind = "former_partner"
    listed = model.places.lists[kind][offence.district]
    if not listed:
        return None
    for _ in range(PROPOSALS):
        proposed: Person = listed[model.random.randrange(len(listed))]
        if proposed is offender or not _could_be(model, proposed, offender, relation):
            continue
        drawn = model.random.random()
        if drawn < _acceptance(model, proposed, kind, offence.group):
            return proposed
        if offence.group in MARKING and proposed.placed and drawn < _without(model, proposed, kind):
            proposed.spared_victim = model.month
            proposed.marks.spare.add("recently_victimised")
    return None


def _acceptance(model: PlainModel, proposed: Person, kind: str, group: str) -> float:
    """The chance that a person proposed is the victim: harm makes more harm likelier for a year, programmes less."""
    chance = _without(model, proposed, kind)
    if proposed.slots:
        chance *= exp(programmes.log_ratio(model, proposed, "victimisation", group))
    return chance


def _without(model: PlainModel, proposed: Person, kind: str) -> float:
    """The same but for programmes. What this month does to people is in their marks, so that the factor here is the
    month's beginning's."""
    if not proposed.resident:
        return 0.0
    law = model.victims
    if "recently_victimised" in proposed.risks:
        chance = law.accepted_before
    else:
        chance = law.accepted_spared if "recently_victimised" in proposed.spared else law.accepted
    if kind not in ("violent", "sexual", "rape", "former_partner"):
        return chance
    lived = law.experiences[proposed.experiences()]
    and_spared = law.experiences[proposed.experiences(and_spared=True)]
    return float(chance * lived**law.causal * and_spared ** (1 - law.causal))


def _harm(model: PlainModel, offence: Offence, victim: Person) -> None:
    """What an offence does to the person who is its victim."""
    april = model.month - model.plan_month % 12
    first = victim.last_harm is None or victim.last_harm < april
    victim.last_harm = model.month
    victim.victimisations += 1
    if offence.group in MARKING:
        victim.last_victim = model.month
        victim.marks.gain.add("recently_victimised")
    _tell(model, "victim", offence, victim, first)
    if offence.recorded:
        _tell(model, "reported", offence, victim)
        if offence.domestic:
            _tell(model, "domestic_incident", offence, victim)
    less = model.victims.emergency_domestic if offence.domestic else 1.0
    if model.random.random() < model.victims.emergency[offence.group] * less:
        _tell(model, "emergency_department", offence, victim)
        if model.random.random() < model.victims.admitted:
            _tell(model, "injured_admitted", offence, victim)


def _tell(model: PlainModel, kind: str, offence: Offence, victim: Person, first: bool = False) -> None:
    model.log(
        Happening(
            kind, victim, offence.group, victim.district, victim.quintile,
            first=first, domestic=offence.domestic, recorded=offence.recorded,
        )
    )  # fmt: skip
