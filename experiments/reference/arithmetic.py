"""Small formulas that the text uses everywhere: conventions of model/ODD.md 6 and 7, and ordinary chance."""

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from math import exp, floor, log
from random import Random
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")


def graded(ratio: float) -> tuple[float, ...]:
    """By fifth of deprivation, mean 1: the most deprived stands to the least as `ratio` to 1."""
    raw = [exp(log(ratio) * (0.5 - q / 4)) for q in range(5)]
    mean = sum(raw) / 5
    return tuple(each / mean for each in raw)


def binned(z: float) -> float:
    """A standard normal trait read as the middle of its bin of a sixteenth."""
    return (min(max(floor(16 * (z + 4)), 0), 127) + 0.5) / 16 - 4


MOST_LASTING = 3.09  # standard deviations


@lru_cache(maxsize=16)
def lasting_ratios(load: float) -> tuple[float, ...]:
    """Ratios of a hazard at the middles of 200 equal quantiles of what lasts all life."""
    normal = NormalDist()
    return tuple(exp(load * min(normal.inv_cdf((n + 0.5) / 200), MOST_LASTING)) for n in range(200))


def monthly(yearly: float) -> float:
    """The chance of a month whose twelve make the chance of a year."""
    return 1 - (1 - min(yearly, 0.999)) ** (1 / 12)


def poisson(random: Random, mean: float, most: int) -> int:
    """A Poisson number by inversion, cut at `most`."""
    u, n = random.random(), 0
    term = total = exp(-mean)
    while u >= total and n < most:
        n += 1
        term *= mean / n
        total += term
    return n


def poisson_given_some(random: Random, mean: float, most: int) -> int:
    """A Poisson number given that it is not 0, cut at `most`."""
    u, n = random.random() * -(exp(-mean) - 1), 1
    term = total = mean * exp(-mean)
    while u >= total and n < most:
        n += 1
        term *= mean / n
        total += term
    return n


def pick(random: Random, choices: Sequence[tuple[T, float]]) -> T:
    """One of the choices, each with chance in proportion to its weight."""
    point = random.random() * sum(weight for _, weight in choices)
    for choice, weight in choices:
        point -= weight
        if point < 0:
            return choice
    return choices[-1][0]


@lru_cache(maxsize=1)
def _calendar() -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    text = resources.files("model.evidence").joinpath("calendar.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        found.setdefault(row["measure"], []).append((float(row["year"]), float(row["value"])))
    return {measure: sorted(points) for measure, points in found.items()}


def calendar(measure: str, year: float) -> float:
    """A time series read at a year (a table's year: the one in which a financial year ends), straight between the
    years given and held beyond the ends."""
    points = _calendar()[measure]
    if year <= points[0][0]:
        return points[0][1]
    for (y0, v0), (y1, v1) in pairwise(points):
        if year <= y1:
            return v0 + (v1 - v0) * (year - y0) / (y1 - y0)
    return points[-1][1]


def by_age(values: Mapping[str, float], row: str, other: float) -> list[float]:
    """A row with groups of ages ("18", "19 to 24", "85 and over"), flat in them: its value at each whole age 0 to 100,
    and `other` at ages that no group names."""
    found = [other] * 101
    for name, value in values.items():
        if name.startswith(row + "["):
            words = name[len(row) + 1 : -1].replace(" and over", " to 100").split(" to ")
            for age in range(int(words[0]), int(words[-1]) + 1):
                found[age] = value
    return found
