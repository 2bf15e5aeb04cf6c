"""How dynamic risk factors start and end: model/ODD.md 7.5 (prevalence and spells in `prevalence.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

from scipy.optimize import brentq

from experiments.reference import prevalence
from experiments.reference.adversity import EXPOSURES, exposure_spells
from experiments.reference.arithmetic import binned, calendar, graded, lasting_ratios
from experiments.reference.person import Person
from experiments.reference.prevalence import AGES, Course, split
from model.vocabulary import N_DYNAMIC_RISKS, RISK_FACTORS

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

DYNAMIC = RISK_FACTORS[:N_DYNAMIC_RISKS]
# Starts that follow the year (6): the measure, and the year of the tables that the rows are of.
MOVED_BY = {
    "excluded": ("permanent_exclusion_rate", 2023),
    "looked_after": ("children_looked_after_rate", 2022),
    "opiate_crack_use": ("opiate_crack_starts", prevalence.USE_COUNTED + 1),
    "school_absence": ("persistent_absence_rate", 2023),
}
MOST_END = 0.95
LASTING = {"abused_by_partner": "person_risk", "abusive_to_partner": "abusive_risk"}  # what lasts; else frailty
Event = tuple[str, str]


class Flow(NamedTuple):
    """Of one factor and sex, by age: hazards a month of starting and ending before any ratio, and the prevalence that
    mean ratios are taken at."""

    start: tuple[float, ...]
    end: tuple[float, ...]
    prevalence: tuple[float, ...]


Flows = dict[str, tuple[Flow, Flow]]  # by factor, then sex
Raised = dict[str, tuple[tuple[str, float], ...]]  # by what is on: each factor whose start it raises, and how much


class Start(NamedTuple):
    """How one factor starts, of one sex, age and fifth: hazard a month with its level held, log hazards a standard
    deviation of the family factor and of propensity, and the ratio by number of adverse experiences."""

    factor: str
    hazard: float
    family: float
    propensity: float
    by_experiences: tuple[float, ...]
    lasting: float  # log hazard a standard deviation of what lasts


@dataclass(frozen=True)
class Law:
    """Numbers of 7.5 of a financial year. Hazards are a month; what raises a start is a ratio to the power of the
    causal share."""

    starts: tuple[tuple[tuple[tuple[Start, ...], ...], ...], ...]  # by sex, age and fifth: those above 0
    ends: tuple[tuple[dict[str, float], ...], ...]  # by sex and age
    by_factor: Raised
    by_exposure: Raised
    causal: float  # share of these ratios that goes with what they are of (7.18)
    work_found: float  # ratio of the hazard that not_working ends, on probation


def law(values: Mapping[str, float], year: int) -> Law:
    """The numbers of the financial year that begins in April of `year`."""
    flows = known_flows(values)
    by_factor, by_exposure = _raised(values, "risk.ratio"), _raised(values, "risk.exposure_ratio")
    exposed = {e: spell.share for e, spell in exposure_spells(values).items()}
    starts = tuple(
        tuple(
            _starts(values, year, sex, age, flows, exposed if age < 18 else {}, by_factor, by_exposure)
            for age in AGES
        )
        for sex in range(2)
    )
    ends = tuple(tuple({r: flows[r][sex].end[age] for r in DYNAMIC} for age in AGES) for sex in range(2))
    return Law(starts, ends, by_factor, by_exposure, values["causal_share"], values["justice.work_found_ratio"])


def known_flows(values: Mapping[str, float]) -> Flows:
    """Starts, ends and prevalence of each dynamic factor by sex and age, of the rows' own year."""
    flows: Flows = {}
    for factor, by_sex in prevalence.courses(values).items():
        age = values.get(f"risk.outgrown_age[{factor}]")
        outgrown = (age, values["risk.outgrown_end"]) if age is not None else None
        flows[factor] = (_flow(by_sex[0], outgrown), _flow(by_sex[1], outgrown))
    flows["opiate_crack_use"] = (_opiates(values, 0), _opiates(values, 1))
    flows["excluded"] = (_excluded(values, 0), _excluded(values, 1))
    flows["looked_after"] = (_looked_after(values, 0), _looked_after(values, 1))
    return flows


def loads(values: Mapping[str, float], factor: str) -> tuple[float, float]:
    """F and P: log hazard a standard deviation of the family factor and of propensity."""
    apart = (1 - values["association.alone[experiences and factors]"]) * log(values[f"risk.ace_ratio[{factor}]"])
    family = values[f"risk.family_load[{factor}]"] + apart / values["offending.family_gap"]
    return family, values.get(f"risk.propensity_load[{factor}]", 0.0)


def by_experiences(values: Mapping[str, float], factor: str) -> tuple[float, ...]:
    """A: the ratio by number of adverse experiences, 0 to 4, with mean 1 over adults."""
    whole = values["association.alone[experiences and factors]"] * log(values[f"risk.ace_ratio[{factor}]"])
    x = [exp(whole * n / 4) for n in range(5)]
    p0, p1, p23, p4 = (values[f"ace_{n}_england"] for n in ("0", "1", "23", "4plus"))
    mean = (p0 * x[0] + p1 * x[1] + p23 * (x[2] + x[3]) / 2 + p4 * x[4]) / (p0 + p1 + p23 + p4)
    return tuple(each / mean for each in x)


def _flow(course: Course, outgrown: tuple[float, float] | None) -> Flow:
    """Starts and ends by which prevalence goes from each age's to the next's with spells of the mean length. From an
    age at which a factor is over none start, and those left end fast."""
    starts, ends = [], []
    for age in AGES:
        share, gain = course.share[age], 0.0
        if age < 100:
            gain = (course.share[age + 1] - share) / 12
        end = 1 / course.spell[age]
        if gain < 0:
            end = max(end, min(-gain / share, 0.5))
        start = max(gain + share * end, 0.0) / (1 - share)
        end = min(end, MOST_END)
        if outgrown is not None and age >= outgrown[0]:
            start, end = 0.0, outgrown[1]
        starts.append(start)
        ends.append(end)
    return Flow(tuple(starts), tuple(ends), course.share)


def _by_flow(starts: list[float], ends: list[float]) -> Flow:
    return Flow(tuple(starts), tuple(ends), tuple(s / e for s, e in zip(starts, ends, strict=True)))


def _opiates(values: Mapping[str, float], sex: int) -> Flow:
    by_sex = split(values["drugs.opiate_crack_male_share[15 to 64]"], sex)
    end = 1 / values["drugs.opiate_spell_months[18+]"]
    return Flow(
        tuple(start / 12 * by_sex for start in prevalence.opiate_starts(values)),
        (end,) * len(AGES),
        tuple(share * by_sex for share in prevalence.opiate_users(values)),
    )


def _excluded(values: Mapping[str, float], sex: int) -> Flow:
    ratio = values["school.permanent_exclusion_male_ratio[5 to 15]"]
    by_sex = split(ratio / (ratio + 1), sex)
    a_year = dict.fromkeys(range(5, 11), values["school.permanent_exclusion_age[5 to 10]"])
    a_year |= {age: values[f"school.permanent_exclusion_age[{age}]"] for age in range(11, 16)}
    spell_end = 1 / values["school.excluded_spell_months[11 to 15]"]
    over = values["risk.outgrown_age[excluded]"]
    return _by_flow(
        [a_year.get(age, 0.0) / 100 / 12 * by_sex for age in AGES],  # per 100 pupils a year
        [values["risk.outgrown_end"] if age >= over else spell_end for age in AGES],
    )


def _looked_after(values: Mapping[str, float], sex: int) -> Flow:
    entries = values["care.entry_hazard[0 to 17]"] / 100_000 * split(values["care.male_share[0 to 17]"], sex)
    infants = values["care.entry_share_by_age[0]"]
    older = entries * (1 - infants) * 18 / 17
    return _by_flow(
        [entries * 18 * infants if age == 0 else older if age < 18 else 0.0 for age in AGES],
        [values["care.exit_at_18"] if age >= 18 else values["care.exit_hazard[0 to 17]"] for age in AGES],
    )


def _raised(values: Mapping[str, float], row: str) -> Raised:
    c = values["association.alone[factors and factors]"]
    found: dict[str, list[tuple[str, float]]] = {}
    for name, ratio in values.items():
        if name.startswith(f"{row}["):
            on, factor = name[len(row) + 1 : -1].split(" to ", 1)
            assert factor in DYNAMIC, name
            assert on in RISK_FACTORS or on in EXPOSURES, name
            found.setdefault(on, []).append((factor, ratio**c))
    return {on: tuple(those) for on, those in found.items()}


def _starts(
    values: Mapping[str, float],
    year: int,
    sex: int,
    age: int,
    flows: Flows,
    exposed: Mapping[str, float],
    by_factor: Raised,
    by_exposure: Raised,
) -> tuple[tuple[Start, ...], ...]:
    """By fifth, those that start at this sex and age: divided by the mean of what they are multiplied by, so that
    levels are held."""
    mean = dict.fromkeys(DYNAMIC, 1.0)
    for on in DYNAMIC:
        for factor, ratio in by_factor.get(on, ()):
            mean[factor] *= 1 + min(flows[on][sex].prevalence[age], 1.0) * (ratio - 1)
    for on, share in exposed.items():
        for factor, ratio in by_exposure.get(on, ()):
            mean[factor] *= 1 + share * (ratio - 1)
    by_fifth: list[list[Start]] = [[] for _ in range(5)]
    for factor in DYNAMIC:
        start = flows[factor][sex].start[age]
        if start <= 0:
            continue
        if factor in MOVED_BY:
            measure, base = MOVED_BY[factor]
            start *= calendar(measure, year + 1) / calendar(measure, base)
        family, propensity = loads(values, factor)
        start *= values.get(f"risk.level[{factor}]", 1.0) / (exp((family**2 + propensity**2) / 2) * mean[factor])
        lasting = values.get(f"risk.lasting_load[{factor}]", 0.0)
        if lasting > 0:
            flow = flows[factor][sex]
            start *= _held_level(flow.start[age], flow.end[age], lasting)
        ratios = by_experiences(values, factor)
        for its, q in zip(by_fifth, graded(values[f"risk.deprivation_ratio[{factor}]"]), strict=True):
            its.append(Start(factor, start * q, family, propensity, ratios, lasting))
    return tuple(tuple(its) for its in by_fifth)


@lru_cache(maxsize=4096)
def _held_level(start: float, end: float, load: float) -> float:
    """What a start is multiplied by, at most 1, so that people whom a lasting difference makes unlike are in the state
    as often as people alike would be."""
    ratios, share = lasting_ratios(load), start / (start + end)

    def too_often(level: float) -> float:
        return sum(level * r * start / (level * r * start + end) for r in ratios) / len(ratios) - share

    return 1.0 if too_often(1.0) <= 0 else float(brentq(too_often, 0.0, 1.0, xtol=1e-14, rtol=1e-12))


def hazards(model: PlainModel, person: Person) -> list[tuple[Event, float]]:
    """Hazards this month, above 0, of dynamic factors that start (onset) or end (recovery)."""
    rules, sex, age = model.risk, person.sex, person.age(model.month)
    on, follows_partner = person.risks, person.partner is not None
    kept_away = person.spared - on
    found: list[tuple[Event, float]] = []
    raised: dict[str, float] = {}
    ends = rules.ends[sex][age]
    if "on_probation" in on:
        ends = ends | {"not_working": ends["not_working"] * rules.work_found}
    for factor in RISK_FACTORS:  # in an order, so that a seed gives one run: that of a set is not the same each time
        if factor in kept_away and factor in ends and not (follows_partner and factor == "abused_by_partner"):
            found.append((("spared", factor), ends[factor]))  # it would end: there is no more to be spared
        if factor not in on and factor not in kept_away:
            continue
        share = 1.0 if factor in on else 1 - rules.causal
        if factor in on and factor in ends and not (follows_partner and factor == "abused_by_partner"):
            found.append((("recovery", factor), ends[factor]))
        for which, ratio in rules.by_factor.get(factor, ()):
            raised[which] = raised.get(which, 1.0) * ratio**share
    for exposure in EXPOSURES if age < 18 else ():
        if exposure in person.exposure or exposure in person.spared_exposure:
            share = 1.0 if exposure in person.exposure else 1 - rules.causal
            for which, ratio in rules.by_exposure.get(exposure, ()):
                raised[which] = raised.get(which, 1.0) * ratio**share
    all_lived = person.experiences(and_spared=True)
    n, family, propensity = person.experiences(), binned(person.family), binned(person.propensity)
    for factor, start, family_load, propensity_load, ratios, load in rules.starts[sex][age][person.quintile]:
        if factor in on or factor in kept_away or (follows_partner and factor == "abused_by_partner"):
            continue
        hazard = start * exp(family_load * family + propensity_load * propensity) * ratios[n]
        if load > 0:
            hazard *= exp(load * person.lasting_difference(LASTING.get(factor, "frailty")))
        hazard *= (ratios[all_lived] / ratios[n]) ** (1 - rules.causal)
        found.append((("onset", factor), hazard * raised.get(factor, 1.0)))
    return [(event, hazard) for event, hazard in found if hazard > 0]
