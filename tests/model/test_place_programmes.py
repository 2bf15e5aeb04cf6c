"""Programmes of places: what falls in treated places is prevented, moved or recorded, and nothing else is touched."""

from dataclasses import replace

import numpy as np
import pytest
from worlds import inputs, lived, scheme, shared_past, values

from model.actors.place_programmes import Treated, acting_by_age, give_units, tables_of
from model.actors.system_programmes import combined
from model.inputs import Effect
from model.places import kept_in
from model.record import EVENT_KINDS, FIXED
from model.vocabulary import ANTISOCIAL, OFFENCES
from model.world import PreventionModel

VIOLENCE = [OFFENCES.index(name) for name in ("violence_with_injury", "violence_without_injury")]
OTHERS = [g for g in range(len(OFFENCES)) if g not in VIOLENCE]
NUMBERS = {
    "test_scheme.unit_cost": 100.0, "test_scheme.uptake": 1.0, "test_scheme.covers": 0.9,
    "test_scheme.spillover": 0.0, "test_scheme.lag_months": 0.0, "test_scheme.full_months": 1.0,
    "test_scheme.fade_months": 1.0, "test_scheme.sensitivity": 0.8, "test_scheme.specificity": 0.9,
    "test_scheme.hot_share": 0.1, "test_scheme.ratio": 0.5,
}  # fmt: skip
ACTS = Effect(
    "offences", ("violence_with_injury", "violence_without_injury"), "test_scheme.ratio", "x", "place", "nothing"
)  # fmt: skip


def patrol(**changes):
    return scheme(reaches="place", event="anywhere", effects=(ACTS,), **changes)


def run(scale=0.02, pounds=5e6, given=None, years=2, **changed):
    """A world in which the patrol has all the money that it could use, so that every neighbourhood has a unit."""
    told = NUMBERS | {f"test_scheme.{name}": value for name, value in changed.items()}
    return lived(inputs(years, scale, (given or patrol(),), pounds), told=told)


@pytest.fixture(scope="module")
def bare():
    return lived(inputs(2, 0.02))


def crimes(model):
    return model.record.offences.sum(axis=(0, 1))


def expected(model):
    return model.record.expected.sum(axis=(0, 1)) / FIXED


def test_a_null_patrol_changes_no_life(bare):
    null = run(ratio=1.0)
    assert null.record.starts.sum() > 1000
    assert np.array_equal(null.record.offences, bare.record.offences)
    assert np.array_equal(null.record.expected, bare.record.expected)
    for name in bare.people.dtype.names:
        assert np.array_equal(null.people[name][: null.rows], bare.people[name][: bare.rows]), name


def test_expected_and_realised_fall_alike_where_it_acts_and_not_elsewhere(bare):
    treated = run(ratio=0.5)
    share = expected(treated)[VIOLENCE].sum() / expected(bare)[VIOLENCE].sum()
    realised = crimes(treated)[VIOLENCE].sum() / crimes(bare)[VIOLENCE].sum()
    assert 0.5 < share < 0.75  # what happens at home is out of reach, the rest nearly halves
    assert abs(realised - share) < 0.03
    untouched = crimes(treated)[OTHERS].sum() / crimes(bare)[OTHERS].sum()
    assert abs(untouched - 1.0) < 0.02  # by the ripple alone


def test_offences_within_homes_are_out_of_reach(bare):
    treated = run(ratio=0.05)
    assert abs(treated.record.domestic.sum() / bare.record.domestic.sum() - 1.0) < 0.1


def test_a_patrol_that_backfires_adds_offences(bare):
    worse = run(ratio=1.5)
    assert expected(worse)[VIOLENCE].sum() > 1.1 * expected(bare)[VIOLENCE].sum()
    realised = crimes(worse)[VIOLENCE].sum() / crimes(bare)[VIOLENCE].sum()
    assert abs(realised - expected(worse)[VIOLENCE].sum() / expected(bare)[VIOLENCE].sum()) < 0.04


def test_displaced_offences_happen_elsewhere_in_the_district(bare):
    none, half, whole = (run(ratio=0.3, spillover=share) for share in (0.0, 0.5, 1.0))
    assert none.record.displaced.sum() == 0
    assert half.record.displaced.sum() > 0
    averted = [expected(bare)[VIOLENCE].sum() - expected(model)[VIOLENCE].sum() for model in (none, half, whole)]
    assert averted[1] == pytest.approx(averted[0] / 2, rel=0.05)
    assert abs(averted[2]) < 0.02 * averted[0]


def test_benefit_may_diffuse_to_what_is_not_covered():
    alone, diffused = (run(ratio=0.5, covers=0.4, spillover=share) for share in (0.0, -0.3))
    averted = [1.0 - kept_in(model.places, model.street)[:, VIOLENCE] for model in (alone, diffused)]
    assert np.allclose(averted[1], 1.3 * averted[0], rtol=1e-6)


def test_units_are_real_whatever_the_sample():
    small, large = (run(scale=scale, pounds=100_000.0, years=1, unit_cost=1000.0) for scale in (0.004, 0.02))
    assert np.array_equal(small.record.places, large.record.places)
    assert abs(small.record.places.sum() - 100) <= 12
    assert np.array_equal(small.at_work.places[0].units, large.at_work.places[0].units)


def test_a_patrol_lasts_a_month_and_a_marked_home_for_years():
    model = run(scale=0.004, pounds=100_000.0, unit_cost=1000.0)
    place = model.at_work.places[0]
    place.units[:] = 0
    place.units[3, 0] = 1
    assert [float(place.covered(m)[0]) for m in (2, 3, 4, 5)] == pytest.approx([0.0, 0.9, 0.45, 0.0])
    place.acting = acting_by_age(2, 24, 0, 24)
    assert [bool(place.covered(m)[0]) for m in (4, 5, 23)] == [False, True, True]
    assert float(place.covered(5)[0]) == pytest.approx(0.9)


def test_homes_are_marked_until_all_are():
    given = patrol(covers="home", quintiles=(1,))
    model = run(scale=0.004, pounds=1e9, unit_cost=10.0, full_months=24.0, given=given)
    place = model.at_work.places[0]
    marked = place.units.sum(axis=0)
    homes = 1.0 / place.unit_covers
    assert (marked <= np.ceil(homes)).all()
    assert marked[model.inputs.area.neighbourhood_quintile != 1].sum() == 0
    assert marked.sum() == pytest.approx(homes[place.eligible].sum(), rel=0.01)
    # What could not be spent goes back.
    assert model.at_work.spend[0, 0] == pytest.approx(marked[:].sum() * 10.0, rel=0.01)
    assert model.at_work.spend[1, 0] < 1e5


def test_a_better_map_sends_the_patrol_where_the_offences_are():
    given = patrol()
    given = replace(given, event="hot_spots")
    runs = {
        name: run(scale=0.004, pounds=600_000.0, unit_cost=1000.0, given=given, sensitivity=hit, specificity=right)
        for name, hit, right in (("blind", 0.1, 0.9), ("sharp", 1.0, 1.0))
    }
    burden = {name: float((one.at_work.places[0].units.sum(axis=0) * one.at_work.places[0].burden).sum())
              for name, one in runs.items()}  # fmt: skip
    assert burden["sharp"] > 1.5 * burden["blind"]
    shown = runs["sharp"].record.hot.sum(axis=(0, 1, 2))
    assert shown[0] == 0
    assert shown[1] > 50


def test_recording_moves_records_and_demand_and_no_life():
    damage = OFFENCES.index("criminal_damage")
    effect = Effect("recording", ("criminal_damage",), "test_scheme.ratio", "x", "place", "nothing")
    given = replace(patrol(), effects=(effect,))
    null, more = (run(given=given, ratio=ratio) for ratio in (1.0, 2.0))
    assert more.record.recorded[..., damage].sum() > 1.4 * null.record.recorded[..., damage].sum()
    assert np.array_equal(null.record.offences, more.record.offences)
    reported, arrest = EVENT_KINDS.index("reported"), EVENT_KINDS.index("arrest")
    assert more.record.events[..., reported].sum() > null.record.events[..., reported].sum()
    assert np.array_equal(more.record.events[..., arrest], null.record.events[..., arrest])
    others = [g for g in range(ANTISOCIAL) if g != damage]
    assert np.array_equal(more.record.recorded[..., others], null.record.recorded[..., others])


def test_two_patrols_in_one_place_are_no_sum():
    twice = (patrol(), replace(patrol(), id="other_scheme"))
    told = NUMBERS | {name.replace("test_", "other_"): value for name, value in NUMBERS.items()}
    told |= {"overlap_share": 0.5}
    given = inputs(2, 0.004, twice, 5e6)
    model = PreventionModel(given, values() | told, 7, shared_past(2, 0.004))
    model.step()
    one = 1.0 - 0.9 * 0.5
    g = VIOLENCE[0]
    assert np.allclose(model.places.prevented[:, g], 1.0 - one * one**0.5)


def test_programmes_added_one_by_one_come_to_what_they_do_side_by_side():
    shape, share = (50, 6), 0.4
    logs = np.random.default_rng(3).normal(0.0, 0.4, (3, *shape))
    logs[0][:, [0, 2, 5]] = 0.0
    spread = logs[2][0]  # everywhere, and in what is recorded alone
    treated = [
        Treated(np.array([1, 3, 4]), np.ascontiguousarray(logs[0][:, [1, 3, 4]]), 0.2, None),
        Treated(np.arange(6), logs[1], 0.7, logs[1]),
    ]
    tables = tables_of(treated, spread[None], share, shape)
    weight = np.maximum(-logs[:2], 0.0)
    moved = (weight * np.array([0.2, 0.7])[:, None, None]).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-9)
    assert np.array_equal(tables.prevented, np.maximum(1.0 - np.exp(combined(logs[:2], share)), -1.0))
    assert np.array_equal(tables.moved, moved)
    both = np.stack([logs[1], np.broadcast_to(spread, shape)])
    assert np.array_equal(tables.recording, np.exp(combined(both, share)))


def test_units_go_where_there_is_room_in_order():
    units = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]], dtype=np.int32)
    may, most = np.array([True, True, False, True]), np.array([2, 1, 9, 3])
    order = np.array([3, 2, 1, 0])
    assert give_units(9, order, may, most, units, 1, 2, np.zeros(4, np.int64)) == 5
    assert units[2].tolist() == [2, 0, 0, 3]
    assert give_units(4, order, may, most, units, 0, 2, np.zeros(4, np.int64)) == 4
    assert units[2].tolist() == [1, 0, 0, 3]


def test_the_map_is_drawn_in_april_and_holds_for_the_year():
    given = replace(patrol(set_up_months=3), event="hot_spots")
    model = PreventionModel(inputs(2, 0.004, (given,), 600_000.0), values() | NUMBERS, 7, shared_past(2, 0.004))
    maps = []
    for _ in range(24):
        model.step()
        maps.append(model.at_work.places[0].map.copy())
    assert all(np.array_equal(one, maps[0]) for one in maps[:12])
    assert all(np.array_equal(one, maps[12]) for one in maps[12:])
    assert not np.array_equal(maps[0], maps[12])
    assert model.record.hot[:, 0].sum(axis=(1, 2)).tolist() == [maps[0].sum(), maps[12].sum()]


def test_what_backfires_adds_as_many_as_is_expected_and_at_most_doubles(bare):
    model = run(ratio=4.0)
    assert model.places.prevented.min() == -1.0
    luck = [crimes(one)[VIOLENCE].sum() / expected(one)[VIOLENCE].sum() for one in (model, bare)]
    assert abs(luck[0] / luck[1] - 1.0) < 0.04


def test_no_order_of_programmes_decides_between_two_as_strong():
    worse = replace(patrol(), id="other_scheme", effects=(replace(ACTS, ratio="other_scheme.ratio"),))
    told = NUMBERS | {name.replace("test_", "other_"): value for name, value in NUMBERS.items()}
    told |= {f"{id}.covers": 1.0 for id in ("test_scheme", "other_scheme")}
    told |= {"test_scheme.ratio": 0.6, "other_scheme.ratio": 1 / 0.6}
    kept = []
    for order in ((patrol(), worse), (worse, patrol())):
        model = PreventionModel(inputs(2, 0.004, order, 5e6), values() | told, 7, shared_past(2, 0.004))
        model.step()
        kept.append(kept_in(model.places, model.street))
    assert np.array_equal(*kept)
