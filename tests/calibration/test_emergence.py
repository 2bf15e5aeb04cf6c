"""Concentration, careers, repeat victims, overlap and dose-response come of mechanisms: without them they go."""

import numpy as np
import pytest
from watched_worlds import evidence, values

from calibration.targets import targets_of
from calibration.targets.measures import Run
from calibration.validation.patterns import found_in, read_patterns
from calibration.validation.worlds import (
    ALIKE,
    AS_FITTED,
    NO_STATE_DEPENDENCE,
    SHUFFLED,
    TAKEN_OUT,
    Shuffling,
    taken_out,
)
from calibration.watching.watch import watch
from calibration.watching.watched import summed
from model.inputs import ModelInputs, month_of
from model.world import PreventionModel, live_past
from scenarios.areas import load_area

SCALE, SEEDS = 0.03, 3


@pytest.fixture(scope="module")
def found():
    """By world and pattern, over some seeds together."""
    area = load_area("west_mercia")
    inputs = ModelInputs(area, evidence(), (), np.zeros((0, 2)), month_of(2022, 4), 2, SCALE)
    patterns = read_patterns(evidence(), targets_of(area))
    told = {}
    for world in (AS_FITTED, *TAKEN_OUT):
        own, runs = values(**taken_out(world, values())), []
        for seed in range(SEEDS):
            model = PreventionModel(inputs, own, seed, live_past(inputs, own, seed), keep_past=False)
            runs.append(watch(Shuffling(model) if world == SHUFFLED else model))
        run = Run(summed(runs), area, SCALE * SEEDS)
        told[world] = {one.id: found_in(one, run, targets_of(area)) for one in patterns}
    return told


@pytest.mark.slow
def test_history_makes_reoffending_follow_offending(found):
    assert found[NO_STATE_DEPENDENCE]["theft_by_recency"] < 0.7 * found[AS_FITTED]["theft_by_recency"]


@pytest.mark.slow
@pytest.mark.parametrize("world", [NO_STATE_DEPENDENCE, SHUFFLED])
@pytest.mark.parametrize("pattern", ["repeat_violence", "repeat_vehicle", "prolific_share"])
def test_repeat_victims_and_careers_need_both(found, world, pattern):
    assert found[world][pattern] < 0.85 * found[AS_FITTED][pattern]


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["offender_top10", "overlap", "theft_by_recency"])
def test_concentration_and_overlap_need_people_who_differ(found, pattern):
    assert found[SHUFFLED][pattern] < 0.9 * found[AS_FITTED][pattern]


@pytest.mark.slow
def test_dose_response_needs_families_and_places_that_differ(found):
    for pattern in ("violence_by_aces", "harm_by_aces", "custody_by_aces"):
        assert 0.6 < found[ALIKE][pattern] < 1.6 < found[AS_FITTED][pattern]
