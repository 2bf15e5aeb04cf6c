"""How common dynamic risk factors are and how long they last: the part of model/ODD.md 7.5 on prevalence and spells.

Shares and spells are held by single year of age, 0 to 100, 100 standing for all above. Excluded and looked_after are
known by flow, not by prevalence: they are in `risk.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import exp, log
from typing import NamedTuple

from scipy.optimize import brentq

from experiments.reference.arithmetic import calendar, lasting_ratios

AGES = range(101)
SEXES = ("female", "male")
USE_COUNTED = 2019  # financial year in which users of opiates and crack were counted
OLDEST_MIDDLE = 90  # the last year of an open band, for its middle
BAND = re.compile(r"(?:(female|male) )?(\d+)(?: to (\d+)| and over|\+)?(?:, (.+))?")


class Course(NamedTuple):
    """Of one factor and sex, by age: the share who have it (0 to 0.9), and its mean spell in months."""

    share: tuple[float, ...]
    spell: tuple[float, ...]


Courses = dict[str, tuple[Course, Course]]  # by factor, then sex
BySex = Callable[[int, int], float]  # of sex and age


def courses(values: Mapping[str, float]) -> Courses:
    """Prevalence and mean spell of the eleven factors that 7.5 knows by prevalence, by sex and age."""
    abused, abusive, abuse_spell = partner_abuse(values)
    neet_spell = 1 / values["work.neet_exit_month[16 to 24]"]
    unemployed_spell = _median(values, "work.unemployed_spell_months[25 to 64]")
    adult_spell = _median(values, "adult_mental_health.common_spell_months[16+]")
    child_spell = values["child_mental_health.spell_months[8 to 19]"]
    return {
        "conduct_problems": _course(_conduct(values), values["conduct.spell_months[5 to 16]"]),
        "school_absence": _course(_absence(values), -12 / log(values["school.absence_persists_next_year[8 to 15]"])),
        "gang": _course(_gang(values), values["gangs.spell_months[12 to 24]"]),
        "alcohol_misuse": _course(
            _in_bands(values, "alcohol.hazardous_age"), values["alcohol.hazardous_spell_months[16+]"]
        ),
        "drug_misuse": _course(_drugs(values), values["drugs.frequent_spell_months[16 to 34]"]),
        "opiate_crack_use": _course(_opiates(values), values["drugs.opiate_spell_months[18+]"]),
        "poor_mental_health": _course(
            _mental_health(values), lambda _, age: adult_spell if age >= 18 else child_spell
        ),
        "not_working": _course(
            _work(values), lambda _, age: neet_spell if 16 <= age <= 24 else unemployed_spell
        ),
        "unstable_housing": _course(
            lambda _, age: values["housing.unstable_adults_month[18 to 64]"] if 18 <= age <= 64 else 0.0,
            values["housing.unstable_spell_months[18 to 64]"],
        ),
        "abused_by_partner": _course(abused, abuse_spell),
        "abusive_to_partner": _course(abusive, abuse_spell),
    }


def straight(points: Sequence[tuple[float, float]], at: float) -> float:
    """Straight between points in order, flat beyond the first and the last."""
    if at <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return points[-1][1]


def split(male_share: float, sex: int) -> float:
    """What a rate of both sexes together is multiplied by for one, of those who have it `male_share` being male."""
    return 2 * (male_share if sex else 1 - male_share)


def women_abused(values: Mapping[str, float]) -> list[float]:
    """The share of women abused by a partner in a year, by age."""
    asked = _in_bands(values, "partner_abuse.victim_age", "2018/19")
    at_74, aged = asked(0, 74), values["partner_abuse.victim_aged_ratio[75 and over]"]
    return [asked(0, age) if age < 75 else at_74 * aged for age in AGES]


def partner_abuse(values: Mapping[str, float]) -> tuple[BySex, BySex, float]:
    """Shares abused and abusive at one time, and months of the mean spell of either."""
    spell = 1 / values["partner_abuse.state_exit_month[16+]"]
    abused, abusive = (
        values.get(f"risk.lasting_load[{name}]", 0.0) for name in ("abused_by_partner", "abusive_to_partner")
    )
    women = women_abused(values)
    mean = sum(women[16:60]) / 44
    ratio = (1.0, values["partner_abuse.victim_age_men[male 16+]"])
    level = [values[f"partner_abuse.perpetrator[{name} 16 to 59]"] for name in SEXES]
    return (
        lambda sex, age: _at_one_time(women[age] * ratio[sex], spell, abused),
        lambda sex, age: _at_one_time(level[sex] * women[age] / mean, spell, abusive),
        spell,
    )


@lru_cache(maxsize=4096)
def _at_one_time(in_a_year: float, spell: float, load: float) -> float:
    """The share who have it at one time of a share who have it at some time in a year, of people whom a lasting
    difference makes unlike."""
    if in_a_year <= 0:
        return 0.0
    ratios, wanted = lasting_ratios(load), min(in_a_year, 0.9)

    def now(start: float) -> list[float]:
        return [start * r / (start * r + 1 / spell) for r in ratios]

    def too_many(log_start: float) -> float:
        start = exp(log_start)
        had = sum(1 - (1 - p) * exp(-12 * start * r) for p, r in zip(now(start), ratios, strict=True))
        return had / len(ratios) - wanted

    if too_many(0.0) <= 0:
        return sum(now(1.0)) / len(ratios)
    return sum(now(exp(brentq(too_many, log(1e-12), 0.0, xtol=1e-12, rtol=1e-12)))) / len(ratios)


def _course(share: BySex, spell: float | BySex) -> tuple[Course, Course]:
    female, male = (
        Course(
            tuple(min(max(share(sex, age), 0.0), 0.9) for age in AGES),
            tuple(spell(sex, age) if callable(spell) else spell for age in AGES),
        )
        for sex in range(2)
    )
    return female, male


def _median(values: Mapping[str, float], row: str) -> float:
    """The mean of spells that end at one rate, from their median."""
    return values[row] / log(2)


def _in_bands(values: Mapping[str, float], row: str, period: str | None = None) -> BySex:
    """A table by age in bands: by sex the value at the middle of each band, straight between, 0 in no band."""
    bands: list[list[tuple[int, int, float]]] = [[], []]
    for name, value in values.items():
        if not name.startswith(f"{row}["):
            continue
        found = BAND.fullmatch(name[len(row) + 1 : -1])
        assert found, name
        if found[4] != period:
            continue
        last = int(found[3]) if found[3] else 100
        for sex, its in enumerate(bands):
            if found[1] in (None, SEXES[sex]):
                its.append((int(found[2]), last, value))

    def share(sex: int, age: int) -> float:
        points = sorted(((first + min(last, OLDEST_MIDDLE)) / 2, value) for first, last, value in bands[sex])
        return straight(points, age) if any(first <= age <= last for first, last, _ in bands[sex]) else 0.0

    return share


def _conduct(values: Mapping[str, float]) -> BySex:
    row = "conduct.behavioural_disorder"

    def share(sex: int, age: int) -> float:
        if 3 <= age <= 10:  # 3 and 4 as 5
            return values[f"{row}[{SEXES[sex]} 5 to 10]"]
        if 11 <= age <= 16:
            return values[f"{row}[{SEXES[sex]} 11 to 16]"]
        return values[f"{row}[{SEXES[sex]} 17 to 19]"] if 17 <= age <= 19 else 0.0

    return share


def _absence(values: Mapping[str, float]) -> BySex:
    def share(_: int, age: int) -> float:
        if 5 <= age <= 10:
            return values["school.persistent_absence[5 to 10]"]
        return values["school.persistent_absence[11 to 15]"] if 11 <= age <= 15 else 0.0

    return share


def _gang(values: Mapping[str, float]) -> BySex:
    male = values["gangs.male_share[10 to 24]"]

    def share(sex: int, age: int) -> float:
        if 10 <= age <= 17:
            return values["gangs.children_in_gang_share[10 to 17]"] * split(male, sex)
        return values["risk.gang_young_adults"] * split(male, sex) if 18 <= age <= 24 else 0.0

    return share


def _drugs(values: Mapping[str, float]) -> BySex:
    used = "drugs.any_last_year"
    men, women = values[f"{used}[male 16 to 59]"], values[f"{used}[female 16 to 59]"]
    often = values["drugs.frequent[16 to 59]"] / values[f"{used}[16 to 59]"]
    bands = ((25, 34), (35, 44), (45, 54), (55, 59))

    def share(sex: int, age: int) -> float:
        by_sex = split(men / (men + women), sex)
        if 16 <= age <= 24:
            return values["drugs.frequent[16 to 24]"] * by_sex
        for first, last in bands:
            if first <= age <= last:
                return values[f"{used}[{first} to {last}]"] * often * by_sex
        return 0.0

    return share


def _opiates(values: Mapping[str, float]) -> BySex:
    male, users = values["drugs.opiate_crack_male_share[15 to 64]"], opiate_users(values)
    return lambda sex, age: users[age] * split(male, sex)


def opiate_starts(values: Mapping[str, float]) -> list[float]:
    """By age, starts a year a resident when the users were counted (7.5)."""
    users = _began_and_use(values)
    counted = sum(users[15:65]) / 50
    return [_began(values, age, 0) * values["drugs.opiate_crack[15 to 64]"] / counted for age in AGES]


def opiate_users(values: Mapping[str, float]) -> list[float]:
    """By age, the share who use when the users were counted (7.5)."""
    users = _began_and_use(values)
    counted = sum(users[15:65]) / 50
    return [each * values["drugs.opiate_crack[15 to 64]"] / counted for each in users]


def _began_and_use(values: Mapping[str, float]) -> list[float]:
    a_year = 12 / values["drugs.opiate_spell_months[18+]"]
    return [sum(_began(values, age - ago, ago) * exp(-ago * a_year) for ago in range(age + 1)) for age in AGES]


def _began(values: Mapping[str, float], age: int, years_ago: int) -> float:
    first, most_from, most_until, last = (
        values[f"drugs.opiate_start_age[{knot}]"] for knot in ("from", "most from", "most until", "until")
    )
    shape = straight([(first, 0.0), (most_from, 1.0), (most_until, 1.0), (last, 0.0)], age)
    return shape * calendar("opiate_crack_starts", USE_COUNTED + 1 - years_ago)


def _mental_health(values: Mapping[str, float]) -> BySex:
    adults = _in_bands(values, "adult_mental_health.common_condition_age")
    young, older = (values[f"child_mental_health.any_disorder[{group}]"] for group in ("5 to 10", "11 to 16"))
    now = values["child_mental_health.probable_disorder[8 to 16]"] / (young / 3 + older * 2 / 3)

    def share(sex: int, age: int) -> float:
        if age < 5:
            return 0.0
        if age <= 10:
            return young * now
        return older * now if age <= 15 else adults(sex, age)

    return share


def _work(values: Mapping[str, float]) -> BySex:
    without = values["work.unemployment[16+]"] * (1 - values["work.workless_working_age[16 to 64]"])

    def share(sex: int, age: int) -> float:
        if 16 <= age <= 17:
            return values[f"work.neet[{SEXES[sex]} 16 to 17]"]
        if 18 <= age <= 24:
            return values[f"work.neet[{SEXES[sex]} 18 to 24]"]
        return without if 25 <= age <= 64 else 0.0

    return share
