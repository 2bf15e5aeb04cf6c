"""Targets: the table of published figures is whole, and each that is measurable is measured by a kind that there is."""

import inspect
from collections import Counter

import numpy as np
import pytest

from calibration.targets import area_targets, area_words, read_targets, targets_of
from calibration.targets.measures import KINDS
from calibration.targets.reader import GROUP_WITHIN, USES, Target
from scenarios.areas import load_area

AREAS = ("west_mercia", "essex")


def test_every_published_figure_has_a_row_once():
    targets = read_targets()
    assert len(targets) == 135
    assert Counter(one.id for one in targets).most_common(1)[0][1] == 1
    assert {one.use for one in targets} <= set(USES)
    assert {one.provenance for one in targets} <= {"checked", "unchecked", "derived", "judgement"}


@pytest.mark.parametrize("one", [one for area in AREAS for one in targets_of(load_area(area))], ids=lambda one: one.id)
def test_a_target_is_measured_or_says_why_not(one):
    assert one.is_measured != bool(one.not_measurable)
    assert one.what
    assert one.unit
    assert one.period
    assert one.source
    assert one.sign or one.tolerance > 0
    if one.is_measured:
        settings = dict(one.measure)
        inspect.signature(KINDS[settings.pop("kind")]).bind(None, **settings)


def test_a_count_of_a_nation_becomes_a_rate():
    by_id = {one.id: one for one in read_targets()}
    assert by_id["arrests"].value == pytest.approx(663_036 / 5_610_000)
    assert by_id["arrests"].tolerance == pytest.approx(20_000 / 5_610_000)
    # 210,632 incidents of 57.4 million residents, told a thousand of them.
    assert by_id["missing_calls"].value == pytest.approx(3.670, abs=0.001)
    # 14 a day in a forty-third of the nation.
    assert by_id["mh_incidents_day"].value == pytest.approx(14 * 365.25 * 43 / 59_597_529 * 1000)


def test_held_out_areas_are_not_fitted_to():
    assert all(one.use == "held_out" for one in read_targets() if one.only == "essex")


@pytest.mark.parametrize("name", AREAS)
def test_an_area_is_held_against_its_own_record_and_places(name):
    area = load_area(name)
    own = {one.id: one for one in area_targets(area)}
    assert own["area_violence_with_injury"].tolerance == pytest.approx(GROUP_WITHIN * area.recorded[1])
    districts = [one for id, one in own.items() if id.startswith("area_district")]
    assert len(districts) == len(area.districts)
    fifths = [own[f"area_fifth_{q}"].value for q in range(1, 6)]
    assert fifths == sorted(fifths, reverse=True)


def test_misfit_is_told_in_tolerances_and_signs_by_direction():
    number = Target("a", "f", "w", 10.0, 2.0, "u", "p", "a", "s", "checked", "fit")
    assert number.misfit(13.0) == 1.5
    sign = Target("a", "f", "w", -1.0, 0.0, "sign", "p", "a", "s", "checked", "fit", sign=True)
    assert sign.misfit(-0.2) == 0.0
    assert sign.misfit(0.2) == 2.0
    assert np.isnan(number.misfit(float("nan")))


def test_figures_of_another_period_than_they_are_taken_for_are_told():
    rows = [{"group": "robbery", "period": "year to March 2023"}, {"group": "drugs", "period": "2024/25"}]
    told = area_words(load_area("west_mercia"), rows)
    assert told[-1] == "Recorded in another period, and taken as of the year to March 2023: drugs (2024/25)."
    assert len(area_words(load_area("west_mercia"), rows[:1])) == len(told) - 1
