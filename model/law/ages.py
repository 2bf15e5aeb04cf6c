"""Reading tables whose groups are ages in words ("male 16 to 24", "65 and over", "11")."""

import re
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from model.law.form import AGES
from model.vocabulary import FEMALE, MALE, SEXES

_GROUP = re.compile(
    r"^(?:(?P<sex>male|female) ?)?(?:(?P<low>\d+)(?: to (?P<high>\d+)| and over|\+)?)?(?:, (?P<period>.*))?$"
)


def age_groups(
    values: Mapping[str, float], id: str, period: str = ""
) -> Iterator[tuple[int | None, int, int, float]]:
    """(sex or None, first age, last age, value) of each row of an id; rows of another period left out."""
    start = f"{id}["
    for name in [name for name in values if name.startswith(start)]:
        group = name[len(start) : -1]
        found = _GROUP.match(group)
        if not found or found["low"] is None or (found["period"] or "") != period:
            continue
        low = int(found["low"])
        open_ended = "and over" in group or "+" in group
        high = int(found["high"]) if found["high"] else (AGES - 1 if open_ended else low)
        yield (SEXES.index(found["sex"]) if found["sex"] else None), low, high, values[name]


def by_age(
    values: Mapping[str, float], id: str, sex: int, period: str = ""
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Value at each age 0 to 100 for a sex, smooth between the middles of bands; and where it is known."""
    centres, heights = [], []
    known = np.zeros(AGES, dtype=bool)
    for of, low, high, value in age_groups(values, id, period):
        if of in (None, sex):
            known[low : high + 1] = True
            centres.append((low + min(high, 90)) / 2)
            heights.append(value)
    if not centres:
        raise KeyError(f"evidence has no rows of {id} by age{' for ' + period if period else ''}")
    order = np.argsort(centres)
    smooth = np.interp(np.arange(AGES), np.array(centres)[order], np.array(heights)[order])
    return np.where(known, smooth, 0.0), known


def steady_hazards(
    prevalence: NDArray[np.float64], spell_months: NDArray[np.float64] | float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Monthly hazards of starting and ending (each (AGES,)) that hold a prevalence by age.

    Ends come at one over the mean spell, or faster where the prevalence falls faster; starts
    replace the ends and add what the prevalence gains by the next birthday.
    """
    share = np.clip(prevalence, 0.0, 0.9)
    end = np.broadcast_to(1.0 / np.asarray(spell_months, dtype=np.float64), share.shape).copy()
    after = np.append(share[1:], share[-1])
    gain = (after - share) / 12.0
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(share > 0.0, -gain / np.maximum(share, 1e-12), 0.0)
    end = np.where(gain < 0.0, np.maximum(end, np.minimum(needed, 0.5)), end)
    start = np.maximum(gain + share * end, 0.0) / (1.0 - share)
    return start, np.minimum(end, 0.95)


def both_sexes(values: Mapping[str, float], id: str, period: str = "") -> NDArray[np.float64]:
    """(2, AGES) table of an id by age, females first."""
    return np.stack([by_age(values, id, sex, period)[0] for sex in (FEMALE, MALE)])


def scale_by_sex(table: NDArray[np.float64], male_share: float) -> NDArray[np.float64]:
    """(2, AGES) from one (AGES,) table of both sexes and the share of those counted who are male."""
    return np.stack([table * 2.0 * (1.0 - male_share), table * 2.0 * male_share])


def graded(ratio: float, quintiles: int = 5) -> NDArray[np.float64]:
    """Logarithms over fifths, most deprived first, from the ratio of the ends; their mean ratio is one."""
    steps = np.log(ratio) * (0.5 - np.arange(quintiles) / (quintiles - 1))
    return np.asarray(steps - np.log(np.mean(np.exp(steps))))
