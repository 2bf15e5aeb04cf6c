"""Months on an out-of-work benefit, by reason: too ill to work, alone with a small child, seeking work.

Claims of those who are ill start at the rates that keep about the published share of each age on them, given how long
they last (somewhat fewer, for the more ill are on them already); nearly half for a disorder of the mind, which only
those with poor mental health have, the others as illness of the body goes. Who is out of work otherwise claims by the
published shares. One reason counts in one month, in the order of REASONS, and no more than were lived out of custody.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from experiments.cohort.draws import drawn
from experiments.cohort.lives import Lives
from model.law.prevalence import how_common
from model.people import RISK
from model.vocabulary import SEXES

Floats = NDArray[np.float64]
REASONS = ("incapacity", "lone_parent", "seeking_work")
FIRST_AGE, SEEKING_AGE, YOUNG_TO = 16, 18, 24  # years: whose shares the rows tell of
BANDS = ("16 to 17", "18 to 24", "25 to 34", "35 to 44", "45 to 49", "50 to 54", "55 to 59")
# Years at which each band's share is taken: its middle, half a year before it in the first two, where shares rise so
# fast that a line between middles would leave the second below what is published.
MIDDLES = (16.5, 21.0, 30.0, 40.0, 47.5, 52.5, 57.5)
NEVER_ILL = -1.0


def claim_years(values: Mapping[str, float]) -> float:
    """Mean years of an incapacity claim: how many people claim over how many start in a year."""
    return values["benefit.incapacity_claimants"] / (12.0 * values["benefit.incapacity_claims"])


def starts(ages: int, values: Mapping[str, float]) -> Floats:
    """(2, ages) share of those on no incapacity benefit who start one in a year of age: what is needed, with claims
    of `claim_years`, for the published share of each age to be on one."""
    last, pension = 1.0 / claim_years(values), values["benefit.pension_age"]
    when = np.arange(ages + 1, dtype=float)
    told = np.zeros((2, ages))
    for s, sex in enumerate(SEXES):
        known = [values[f"benefit.incapacity[{sex} {band}]"] for band in BANDS]
        share = np.interp(when, MIDDLES, known)
        share[when <= FIRST_AGE] = 0.0
        stay = np.exp(-last)
        new = np.maximum(share[1:] - share[:-1] * stay, 0.0) / ((1.0 - stay) / last)  # some of them end within the year
        told[s] = new / (1.0 - share[:-1])
    told[:, (when[:-1] < FIRST_AGE) | (when[:-1] >= pension)] = 0.0
    return told


def benefit_months(
    lives: Lives, keys: NDArray[np.uint64], sex: NDArray[np.uint8], ill: Floats, values: Mapping[str, float], seed: int
) -> NDArray[np.float32]:
    """(K, A, len(REASONS)) months on a benefit; `ill` (K, A) is how much likelier illness of the body is."""
    K, A = lives.lived.shape
    out = np.zeros((K, A, len(REASONS)), np.float32)
    start, common = starts(A, values), how_common(values)["poor_mental_health"]
    mental, mean = values["benefit.mental_share"], 12.0 * claim_years(values)
    alone = drawn(seed, keys, "alone_claims") < values["benefit.lone_parent"]
    began, ended = np.full(K, NEVER_ILL), np.full(K, NEVER_ILL)  # age in months of the last claim for illness
    for age in range(FIRST_AGE, A):
        free = np.maximum(lives.lived[:, age] - lives.months[:, age, RISK["in_custody"]].astype(float), 0.0)
        in_mind = lives.months[:, age, RISK["poor_mental_health"]] / 12.0 / common[sex, age]
        chance = start[sex, age] * (mental * in_mind + (1.0 - mental) * ill[:, age])
        new = (ended <= 12.0 * age) & (drawn(seed, keys, "illness_claim", age) < chance)
        began[new] = 12.0 * (age + drawn(seed, keys, "illness_claim", age, 1)[new])
        ended[new] = began[new] - mean * np.log1p(-drawn(seed, keys, "illness_claim", age, 2)[new])
        until = np.minimum(ended, 12.0 * min(age + 1.0, values["benefit.pension_age"]))
        out[:, age, 0] = np.minimum(np.clip(until - np.maximum(began, 12.0 * age), 0.0, 12.0), free)
        if age < SEEKING_AGE or age >= values["benefit.pension_age"]:
            continue
        out[:, age, 1] = np.where(alone, np.minimum(lives.alone[:, age], free - out[:, age, 0]), 0.0)
        group = "18 to 24" if age <= YOUNG_TO else "25 and over"
        claims = drawn(seed, keys, "seeking_claims", age) < values[f"benefit.seeking[{group}]"]
        left = free - out[:, age, :2].sum(axis=1)
        out[:, age, 2] = np.where(claims, np.minimum(lives.months[:, age, RISK["not_working"]], left), 0.0)
    return out
