"""A small West Mercia without programmes, to be watched."""

from functools import lru_cache

import numpy as np

from calibration.watching.watched import VICTIM_SETS, Watched
from model.evidence import Evidence, draw_values, read
from model.inputs import ModelInputs, month_of
from model.past import Past
from model.world import live_past
from scenarios.areas import load_area

SCALE = 0.004
NOTHING = Watched(*(np.zeros(1) for _ in Watched._fields))._replace(household_victim=np.zeros((len(VICTIM_SETS), 3)))


@lru_cache(maxsize=1)
def evidence() -> Evidence:
    return read()


def values(**changes: float) -> dict[str, float]:
    """The middle of every row's range, with changes."""
    return {**draw_values(evidence(), 1, None, 1), **changes}


def inputs(years: int = 3, scale: float = SCALE) -> ModelInputs:
    return ModelInputs(load_area("west_mercia"), evidence(), (), np.zeros((0, years)), month_of(2022, 4), years, scale)


@lru_cache(maxsize=2)
def past(seed: int = 7) -> Past:
    """A lived past, to be copied by whoever goes on from it."""
    return live_past(inputs(), values(), seed)
