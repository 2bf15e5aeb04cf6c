"""How ill a member is, more or less than others alike in age and sex: what benefits and nights in hospital share.

Two reasons beyond age and sex: ill health of one's own, for life, and adverse experiences as a child. The published
ratio of the latter is an association, of which only the causal share goes with what a programme kept away.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.cohort.draws import uneven
from model.people import N_RISKS, Columns
from model.rules.offending import COUNTED

Floats = NDArray[np.float64]
ROWS = Path(__file__).parent / "evidence"  # what a cohort alone reads
MOST = 4  # experiences that the published ratio sets against none: four or more
SURVEYED = {0: "ace_0_england", 1: "ace_1_england", 2.5: "ace_23_england", MOST: "ace_4plus_england"}
ADULT = 18  # years: those asked were no younger


def ill_health(seed: int, own: Columns, ages: int, values: Mapping[str, float]) -> Floats:
    """(K, ages) by how much illness of the body is likelier than in others of the same age and sex; mean about 1."""
    body = uneven(seed, own["key"], "ill_health", values["hospital.spread"])
    told = np.repeat(body[:, None], ages, axis=1)
    told[:, ADULT:] *= after_experiences(own, values)[:, None]
    return told


def after_experiences(own: Columns, values: Mapping[str, float]) -> Floats:
    """(K,) ratio for what was lived with by 18, over that of a mean adult of the survey. What a person was spared goes
    on to count by the share of the association that is not causal."""
    lived, spared = number_of(own["aces"]), number_of(own["aces"] | (own["spared"] >> np.uint32(N_RISKS)))
    steps = np.minimum(lived, MOST) + (1.0 - values["causal_share"]) * (
        np.minimum(spared, MOST) - np.minimum(lived, MOST)
    )
    log_ratio = np.log(values["hospital.ace_ratio"])
    shares = np.array([values[name] for name in SURVEYED.values()])
    mean = shares @ np.exp(log_ratio * np.array(list(SURVEYED)) / MOST) / shares.sum()
    told: Floats = np.exp(log_ratio * steps / MOST) / mean
    return told


def number_of(bits: NDArray[np.integer]) -> Floats:
    """(K,) how many of the experiences that surveys count are among these bits of ACES."""
    return np.bitwise_count(bits & np.uint32(COUNTED)).astype(float)
