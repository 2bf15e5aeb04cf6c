"""Adverse experiences of children, and what they are exposed to at home: model/ODD.md 7.4.

Exposure of a child with a carer recorded follows from its carers and is told at the end of a month (`apply.py`);
without one it starts and ends by chance, as a life event. Experiences start as life events and never end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

from experiments.reference import prevalence
from experiments.reference.arithmetic import binned, graded
from experiments.reference.person import DEAD, DEPARTED, Person

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

CHILDHOOD = 216  # months
EXPOSURES = ("domestic_violence", "mental_illness", "alcohol", "drugs", "prison", "separation")
# What a carer's own factors expose children to (2.3). Separation is of the two carers together.
BROUGHT_BY = {
    "abused_by_partner": "domestic_violence",
    "abusive_to_partner": "domestic_violence",
    "poor_mental_health": "mental_illness",
    "alcohol_misuse": "alcohol",
    "drug_misuse": "drugs",
    "opiate_crack_use": "drugs",
    "in_custody": "prison",
}
# Each experience, and the row of the share of adults who lived with it by 18.
SHARE_BY_18 = {
    "sexual_abuse": "ace_sexual",
    "physical_abuse": "ace_physical",
    "verbal_abuse": "ace_verbal",
    "domestic_violence": "ace_dv",
    "parental_separation": "ace_sep",
    "household_mental_illness": "ace_mh",
    "household_alcohol": "ace_alc",
    "household_drugs": "ace_drug",
    "household_prison": "ace_prison",
    "neglect": "ace.neglect",
}
# The exposure without which an experience cannot start; the abuses and neglect need none.
NEEDS = {
    "domestic_violence": "domestic_violence",
    "parental_separation": "separation",
    "household_mental_illness": "mental_illness",
    "household_alcohol": "alcohol",
    "household_drugs": "drugs",
    "household_prison": "prison",
}
Event = tuple[str, str]


class Experience(NamedTuple):
    """How one experience starts, of one sex and fifth: hazard a month at family factor 0 with no exposure that raises
    it, log hazard a standard deviation of the family factor, and the exposure it needs ("" for none)."""

    name: str
    hazard: float
    load: float
    needs: str


class Spell(NamedTuple):
    """Of one exposure where carers are not in the data: the share of children who have it, its mean months."""

    share: float
    months: float


@dataclass(frozen=True)
class Law:
    """Numbers of 7.4. Hazards are a month."""

    experiences: tuple[tuple[tuple[Experience, ...], ...], ...]  # by sex and fifth
    exposed: dict[str, float]  # ratio of the hazard of abuse and neglect with an exposure
    exposure_load: float  # log hazard of exposure a standard deviation of the family factor
    exposure_starts: tuple[dict[str, float], ...]  # by fifth: at family factor 0
    exposure_ends: dict[str, float]  # separation has none
    causal: float  # share of `exposed` that goes with the exposure (7.18)


def law(values: Mapping[str, float]) -> Law:
    """The numbers of all years."""
    spells = exposure_spells(values)
    by_fifth = graded(values["ace.deprivation_ratio"])
    exposed = {e: values[f"ace.exposure_ratio[{e}]"] for e in EXPOSURES}
    load = values["ace.exposure_family_load"]
    starts = {e: spell.share / (1 - spell.share) / spell.months for e, spell in spells.items() if e != "separation"}
    starts["separation"] = values["parents.separation_year[0 to 16]"] / 12
    return Law(
        tuple(
            tuple(tuple(_experience(values, spells, name, sex, q) for name in SHARE_BY_18) for q in by_fifth)
            for sex in range(2)
        ),
        exposed,
        load,
        tuple({e: start * exp(-(load**2) / 2) * q for e, start in starts.items()} for q in by_fifth),
        {e: 1 / spell.months for e, spell in spells.items() if e != "separation"},
        values["causal_share"],
    )


def exposure_spells(values: Mapping[str, float]) -> dict[str, Spell]:
    """Share of children with each exposure, from the factors of people of carers' ages, and its mean spell in months.
    Of separation the share alone is read."""
    ages = slice(round(values["household.carer_age[from]"]), round(values["household.carer_age[to]"]) + 1)
    courses = prevalence.courses(values)
    with_father = 1 - values["home.children_living_with_lone_parent"]

    def mean(by_age: tuple[float, ...]) -> float:
        return sum(by_age[ages]) / len(by_age[ages])

    def carers(exposure: str) -> tuple[float, float, float]:
        """Mothers and fathers with a factor that brings it, and the greatest mean spell of these factors."""
        factors = [courses[r] for r, brought in BROUGHT_BY.items() if brought == exposure]
        mother, father = (sum(mean(factor[sex].share) for factor in factors) for sex in range(2))
        return mother, father, max(mean(course.spell) for factor in factors for course in factor)

    found = {}
    for exposure in ("alcohol", "drugs", "mental_illness"):
        mother, father, months = carers(exposure)
        found[exposure] = Spell(1 - (1 - mother) * (1 - father * with_father), months)
    mother, father, months = carers("domestic_violence")
    found["domestic_violence"] = Spell((mother + father) / 2, months)
    found["prison"] = Spell(
        values["parents.imprisoned_in_year_share[0 to 17]"],
        values["custody_months[violence_with_injury]"] * values["prison_and_probation.served_share_standard"],
    )
    found["separation"] = Spell(values["ace_sep"] / 2, float("inf"))
    return {exposure: found[exposure] for exposure in EXPOSURES}


def _experience(
    values: Mapping[str, float], spells: Mapping[str, Spell], name: str, sex: int, by_fifth: float
) -> Experience:
    """`start` and load of 7.4, with the ratio of a fifth in it."""
    share, needs = values[SHARE_BY_18[name]], NEEDS.get(name, "")
    if name == "parental_separation":
        return Experience(name, values["ace.separation_hazard"] * by_fifth, 0.0, needs)
    if needs:
        load, exposure_load = values["ace.family_load[household]"], values["ace.exposure_family_load"]
        start = level(share, load + exposure_load) / spells[needs].share * exp(exposure_load**2 / 2)
        return Experience(name, start * values[f"ace.household_ratio[{name}]"] * by_fifth, load, needs)
    load = values["ace.family_load[abuse and neglect]"]
    start = level(share, load)
    for exposure, spell in spells.items():
        start /= 1 + spell.share * (values[f"ace.exposure_ratio[{exposure}]"] - 1)
    if name == "sexual_abuse":
        ratio = values["ace.sexual_female_ratio"]
        start *= 2 / (1 + ratio) if sex else 2 * ratio / (1 + ratio)
    return Experience(name, start * by_fifth, load, needs)


QUANTILES = tuple(NormalDist().inv_cdf((k + 0.5) / 200) for k in range(200))


@lru_cache(maxsize=64)
def level(share: float, load: float) -> float:
    """The hazard a month at family factor 0 by which `share` have had an experience by 18 over the family factor."""
    traits = [exp(load * z) for z in QUANTILES]
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if sum(1 - exp(-CHILDHOOD * middle * trait) for trait in traits) / 200 < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def hazards(model: PlainModel, person: Person) -> list[tuple[Event, float]]:
    """Hazards this month, above 0, of experiences that start and of chance exposures that start or end."""
    if person.months_old(model.month) >= CHILDHOOD:
        return []
    found: list[tuple[Event, float]] = []
    rules, family, exposure = model.adversity, binned(person.family), person.exposure
    raised = kept = 1.0
    for e in EXPOSURES:
        if e in exposure:
            raised *= rules.exposed[e]
        elif e in person.spared_exposure:
            kept *= rules.exposed[e] ** (1 - rules.causal)
    for name, hazard, load, needs in rules.experiences[person.sex][person.quintile]:
        if name in person.aces or name in person.spared_aces or (needs and needs not in exposure):
            continue
        hazard *= exp(load * family)
        found.append((("experience", name), hazard if needs else hazard * raised * kept))
    if person.carer1 is None and person.carer2 is None:
        trait = exp(rules.exposure_load * family)
        for e, start in rules.exposure_starts[person.quintile].items():
            if e not in exposure:
                found.append((("exposure_starts", e), start * trait))
            elif e in rules.exposure_ends:
                found.append((("exposure_ends", e), rules.exposure_ends[e]))
    return [(event, hazard) for event, hazard in found if hazard > 0]


def expose(model: PlainModel, person: Person, event: Event) -> None:
    """A chance exposure starts or ends, which is state at once (3)."""
    what, exposure = event
    if what == "exposure_starts":
        person.exposure.add(exposure)
    else:
        person.exposure.discard(exposure)


def brings(carer: Person, and_spared: bool = False) -> set[str]:
    """What a carer exposes children to by its own factors (2.3); with what it is spared, where that is asked."""
    factors = carer.risks | carer.spared if and_spared else carer.risks
    return {BROUGHT_BY[factor] for factor in factors if factor in BROUGHT_BY}


def read_carers(model: PlainModel, child: Person) -> None:
    """Set what a child is exposed to by its carers, and what of it programmes spare it."""
    without = exposure_of(model, child, and_spared=True)
    child.exposure = exposure_of(model, child)
    child.spared_exposure = without - child.exposure


def exposure_of(model: PlainModel, child: Person, and_spared: bool = False) -> set[str]:
    """What a child who has a carer recorded is exposed to by its carers as they are now; nothing from 18."""
    if child.months_old(model.month) >= CHILDHOOD:
        return set()
    first, second = child.carer1, child.carer2
    found = brings(first, and_spared) if first is not None and first.resident else set()
    if second is not None and second.resident:
        # A father who lives elsewhere shows the child nothing but his being in prison.
        at_home = first is None or first.partner is second or first.status == DEAD
        brought = brings(second, and_spared)
        found |= brought if at_home else brought & {"prison"}
    if "separation" in child.exposure:  # once on it stays
        found.add("separation")
    elif first is not None and second is not None:
        lost = {first.status, second.status} & {DEPARTED, DEAD}  # whom death or leaving parted did not separate
        if first.partner is not second and not lost:
            found.add("separation")
    return found
