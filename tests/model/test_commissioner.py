"""A commissioner who reviews moves money by the stated rule, and no pound is lost."""

from dataclasses import replace

import numpy as np
import pytest
from worlds import SCHEME_VALUES, evidence, inputs, lived, scheme, shared_past, values

from model.actors.commissioner import log_ratio_on_crime
from model.evidence import Row
from model.world import PreventionModel

GOOD, BAD, UNPAID = (scheme(id=id, evidence_grade=grade) for id, grade in (("good", 4), ("bad", 1), ("unpaid", 5)))
NUMBERS = {
    name.replace("test_scheme", id): value for id in ("good", "bad", "unpaid") for name, value in SCHEME_VALUES.items()
}
for _id, _ratio in (("good", 0.5), ("bad", 1.2), ("unpaid", 0.1)):
    NUMBERS[f"{_id}.ratio"] = _ratio


def believed(ratios):
    """Evidence in which the ratios have these central values."""
    rows = [
        Row(id=f"{id}.ratio", value=value, unit="hazard ratio", source="x", provenance="judgement", grade=1)
        for id, value in ratios.items()
    ]
    return evidence().merge(rows)


def given(review, pounds=(1e6, 1e6, 0.0), years=4):
    effects = {one.id: (replace(one.effects[0], ratio=f"{one.id}.ratio"),) for one in (GOOD, BAD, UNPAID)}
    programmes = tuple(replace(one, effects=effects[one.id]) for one in (GOOD, BAD, UNPAID))
    money = np.array([[one] * years for one in pounds])
    one = replace(inputs(years, 0.004, programmes), money=money, review=review)
    return replace(one, evidence=believed({"good": 0.9, "bad": 0.9, "unpaid": 0.9}))


def test_a_fixed_plan_is_kept():
    one = given("fixed")
    model = lived(one, told=NUMBERS)
    assert np.array_equal(model.commissioner.money, one.money)


@pytest.mark.parametrize("review", ["by_evidence_grade", "by_measured_result"])
def test_money_goes_from_the_worst_to_the_best_of_those_paid(review):
    one = given(review, pounds=(20e6, 20e6, 0.0))
    told = NUMBERS | {"commissioner.moved_share": 0.2, "commissioner.measured_reoffending": 0.999}
    money = lived(one, told=told).commissioner.money
    assert money.sum(axis=0) == pytest.approx(one.money.sum(axis=0))
    assert (money[2] == 0).all()
    assert money[1] == pytest.approx(20e6 * 0.8 ** np.arange(4))
    assert money[0] == pytest.approx(40e6 - money[1])
    assert (one.money[:2] == 20e6).all()  # the plan itself is nobody's to change


def test_what_could_not_keep_it_at_work_goes_whole():
    told = NUMBERS | {"commissioner.moved_share": 0.2, "bad.minimum_a_year": 900_000.0}
    money = lived(given("by_evidence_grade"), told=told).commissioner.money
    assert money[1].tolist() == [1e6, 0.0, 0.0, 0.0]


def test_a_small_pilot_is_noisier_than_a_large_one():
    model = PreventionModel(given("by_measured_result"), values() | NUMBERS, 7, shared_past(4, 0.004))
    model.values = model.commissioner.values
    spread = {}
    for treated in (20.0, 20_000.0):
        as_many = np.full(3, treated)
        measured = model.commissioner.measured
        told = [measured(year, as_many, np.zeros(3), seed)[0] for year in range(20) for seed in range(20)]
        spread[treated] = np.std(told)
        assert np.mean(told) == pytest.approx(np.log(0.5), abs=4 * spread[treated] / 20)
    p = values()["commissioner.measured_reoffending"]
    assert spread[20.0] == pytest.approx(np.sqrt(2 * (1 - p) / (20 * p)), rel=0.15)
    assert spread[20.0] == pytest.approx(spread[20_000.0] * np.sqrt(1000), rel=0.15)


def test_nobody_treated_is_no_result():
    model = PreventionModel(given("by_measured_result"), values() | NUMBERS, 7, shared_past(4, 0.004))
    assert np.isnan(model.commissioner.measured(1, np.zeros(3), np.zeros(3), 1)).all()


def test_money_does_not_leave_its_group():
    """Two lines of funding: what is ring-fenced for the worst stays with it, when nobody else of its line is better."""
    one = replace(given("by_evidence_grade"), review_groups=(0, 1, 0))
    assert np.array_equal(lived(one, told=NUMBERS).commissioner.money, one.money)


def test_a_minimum_is_held_against_what_all_who_pay_give():
    told = NUMBERS | {"bad.minimum_a_year": 1_500_000.0, "bad.commissioner_share": 0.5}
    money = lived(given("by_evidence_grade"), told=told | {"commissioner.moved_share": 0.2}).commissioner.money
    assert money[1, 1] == pytest.approx(800_000.0)


def test_good_evidence_of_harm_is_the_last_to_be_given_money():
    """By grade alone shock talks, well tested and harmful, would be given everything."""
    one = replace(given("by_evidence_grade"), evidence=believed({"good": 1.3, "bad": 0.95, "unpaid": 0.9}))
    money = lived(one, told=NUMBERS | {"commissioner.moved_share": 0.2}).commissioner.money
    assert money[0, 1] == pytest.approx(800_000.0)
    assert money[1, 1] == pytest.approx(1_200_000.0)


def test_a_review_that_ends_a_scheme_holds_back_what_the_end_costs():
    """The worst is given up whole, runs down over half a year and costs something to end: the plan's pounds pay."""
    one = given("by_evidence_grade")
    programmes = tuple(replace(p, run_down_months=6, ages=(5, 90)) for p in one.programmes)
    told = NUMBERS | {"commissioner.moved_share": 0.2, "bad.minimum_a_year": 900_000.0, "bad.exit_cost": 50_000.0}
    model = lived(replace(one, programmes=programmes), told=told)
    ending = 50_000.0 + 1e6 / 12 * sum(1 - k / 7 for k in range(1, 7))
    assert model.commissioner.money[:, 1] == pytest.approx([2e6 - ending, 0.0, 0.0])
    assert model.commissioner.money[:, 2] == pytest.approx([2e6, 0.0, 0.0])
    spent = model.at_work.spend.sum(axis=1)
    assert (spent <= 2e6 + 1.0).all()
    assert spent[1] > 1.9e6


def test_a_pilot_of_places_is_as_sure_as_its_offences_are_many():
    place = replace(given("by_measured_result").programmes[0], reaches="place")
    one = replace(given("by_measured_result"), programmes=(place,), money=np.full((1, 4), 1e6))
    model = PreventionModel(given("by_measured_result"), values() | NUMBERS, 7, shared_past(4, 0.004))
    model.commissioner.programmes, model.commissioner.keys = one.programmes, model.commissioner.keys[:1]
    for expected in (8.0, 800.0):
        measured = [model.commissioner.measured(1, np.ones(1), np.array([expected]), seed)[0] for seed in range(400)]
        assert np.std(measured) == pytest.approx(np.sqrt(2 / expected), rel=0.15)
    assert np.isnan(model.commissioner.measured(1, np.ones(1), np.zeros(1), 1)).all()


def test_a_pilot_of_a_diversion_finds_the_whole_of_it():
    assert log_ratio_on_crime(GOOD, {"test_scheme.ratio": 0.9, "good.whole": 0.8}) == pytest.approx(np.log(0.8))
    assert log_ratio_on_crime(GOOD, {"test_scheme.ratio": 0.9}) == pytest.approx(np.log(0.9))
