"""The laws: same seed same bytes, nothing from nothing, null effects change no life, conservation."""

from dataclasses import replace

import numpy as np
import pytest
from worlds import CENTRAL, SCHEME_VALUES, inputs, lived, scheme, shared_past, values

from model.effects import TABLES, effect_tables
from model.inputs import EFFECT_TARGETS, EVENTS, KINDS_OF_EFFECT, OF_PEOPLE, Effect
from model.people import DEAD, DEPARTED, NOBODY, RATE_ONE, RESIDENT
from model.record import EVENT_KINDS, FIXED
from model.rules.demand import demand_of
from model.vocabulary import FEMALE, OFFENCES, SERVICES
from model.world import PreventionModel, live_past

# What a programme writes on a person whatever its effect.
OF_PROGRAMMES = {"slot_programme", "slot_start", "slot_effect", "placed", "wake"}
VICTIM_EFFECT = Effect(
    "victimisation", ("violence_with_injury", "other_theft", "criminal_damage", "residential_burglary"),
    "test_scheme.ratio", "harm", "engaged", "nothing",
)  # fmt: skip
# What is counted by programme: of other shape without one.
QUEUES = {
    "places", "starts", "completions", "waiting", "refused", "net_widened", "flagged", "flagged_in", "hot",
    "supported",
}  # fmt: skip


def same_record(one, two, but=()):
    kept = [name for name in one._fields if name not in but]
    return [name for name in kept if not np.array_equal(getattr(one, name), getattr(two, name))]


def same_people(one, two, but=()):
    return [name for name in one.dtype.names if name not in but and not np.array_equal(one[name], two[name])]


def test_same_seed_same_bytes():
    one = lived(inputs())
    two = lived(inputs(), past=live_past(inputs(), values(), 7))
    assert same_record(one.record, two.record) == []
    assert same_people(one.people[: one.rows], two.people[: two.rows]) == []


def test_another_seed_another_world():
    one, two = lived(inputs(), seed=7), lived(inputs(), seed=8)
    assert not np.array_equal(one.record.offences, two.record.offences)


def test_a_programme_without_money_changes_nothing():
    bare = lived(inputs())
    unfunded = lived(inputs(programmes=(scheme(),), pounds=0.0))
    assert same_record(bare.record, unfunded.record, but=QUEUES) == []
    assert unfunded.record.starts.sum() == 0
    assert same_people(unfunded.people[: unfunded.rows], bare.people[: bare.rows]) == []


@pytest.mark.parametrize("event", ["", *EVENTS])
def test_null_effects_change_no_life(event):
    null = {"test_scheme.ratio": 1.0}
    bare = lived(inputs(), seed=8)
    treated = lived(inputs(programmes=(scheme(event=event, ages=(10, 90)),), pounds=30e6), seed=8, told=null)
    assert treated.record.starts.sum() > 0
    assert same_record(bare.record, treated.record, but=QUEUES) == []
    assert same_people(bare.people[: bare.rows], treated.people[: treated.rows], but=OF_PROGRAMMES) == []


@pytest.mark.parametrize("kind", KINDS_OF_EFFECT["person"])
@pytest.mark.parametrize("on", OF_PEOPLE)
def test_null_effects_of_every_kind_change_no_life(kind, on):
    effect = Effect(kind, EFFECT_TARGETS[kind][:5], "test_scheme.ratio", "x", on, "nothing")
    given = scheme(event="reported" if kind == "harm" else "charge", ages=(5, 90), effects=(effect,))
    bare = lived(inputs())
    treated = lived(inputs(programmes=(given,), pounds=30e6), told={"test_scheme.ratio": 1.0})
    assert treated.record.starts.sum() > 0
    assert same_record(bare.record, treated.record, but=QUEUES) == []
    assert same_people(bare.people[: bare.rows], treated.people[: treated.rows], but=OF_PROGRAMMES) == []


@pytest.mark.parametrize(("kind", "against"), TABLES)
def test_an_effect_is_written_where_it_is_named_and_nowhere_else(kind, against):
    targets = EFFECT_TARGETS[kind][1:3]
    effect = Effect(kind, targets, "test_scheme.ratio", "x", "engaged", "nothing", against)
    tables = effect_tables((scheme(effects=(effect,)),), SCHEME_VALUES)
    for field in ("offending", "at_home", "victimisation", "onset", "recovery", "ace"):
        moved = np.flatnonzero(tables[field][0]).tolist()
        named = [EFFECT_TARGETS[kind].index(target) for target in targets]
        assert moved == (named if field in TABLES[kind, against] else []), field


def test_an_effect_on_one_group_changes_the_hazard_of_no_other():
    only = Effect("offending", ("shoplifting",), "test_scheme.ratio", "x", "engaged", "nothing")
    model = PreventionModel(
        inputs(programmes=(scheme(effects=(only,)),), pounds=30e6), values() | SCHEME_VALUES, 7, shared_past()
    )
    changed = np.zeros(len(OFFENCES), dtype=np.int64)
    for _ in range(8):
        model.step()
        changed += np.abs(model.now.expected_change).sum(axis=(0, 1, 2))
    assert np.flatnonzero(changed).tolist() == [OFFENCES.index("shoplifting")]


def test_a_programme_can_make_people_likelier_to_be_harmed_or_less():
    given = scheme(ages=(5, 90), effects=(VICTIM_EFFECT,))
    treated = lived(inputs(programmes=(given,), pounds=60e6), told={"test_scheme.ratio": 1.0})
    those = np.flatnonzero(treated.people.placed[: treated.rows])
    assert those.size > 400
    harmed = [
        lived(inputs(programmes=(given,), pounds=60e6), told={"test_scheme.ratio": ratio}).people.victimisations[those]
        for ratio in (0.5, 1.0, 1.25)
    ]
    assert harmed[0].sum() < harmed[1].sum() < harmed[2].sum()


def test_a_disposal_keeps_cases_out_of_court_and_convicts_fewer():
    closes = Effect("disposal", OFFENCES[:-1], "test_scheme.ratio", "case closed", "engaged", "formal processing")
    closing = scheme(event="charge", ages=(10, 90), effects=(closes,))
    given = inputs(scale=3 * CENTRAL, programmes=(closing,), pounds=60e6)
    null = lived(given, told={"test_scheme.ratio": 1.0, "test_scheme.uptake": 1.0})
    closed = lived(given, told={"test_scheme.ratio": 1e-9, "test_scheme.uptake": 1.0})
    assert null.record.diverted.sum() == 0
    diverted = closed.record.diverted.sum()
    assert diverted > 20
    convictions = [model.record.events[:, :, EVENT_KINDS.index("conviction")].sum() for model in (null, closed)]
    assert convictions[1] < convictions[0] - diverted // 3
    cases = [demand_of(m.record, m.inputs.area, m.values)[:, :, SERVICES.index("court_cases")] for m in (null, closed)]
    assert cases[1].sum() < cases[0].sum()
    # It acts on the case alone: in the first month, before a hearing is missed, nobody offends otherwise.
    np.testing.assert_array_equal(null.record.expected[:1], closed.record.expected[:1])


def test_an_effect_against_a_partner_is_felt_at_home_alone():
    at_home = replace(scheme().effects[0], targets=OFFENCES[:-1], against="partner")
    given = scheme(ages=(16, 90), needs=("abusive_to_partner",), effects=(at_home,))
    null = lived(inputs(scale=0.02, programmes=(given,), pounds=30e6), told={"test_scheme.ratio": 1.0})
    model = PreventionModel(null.inputs, {**null.values, "test_scheme.ratio": 0.2}, 7, shared_past(2, 0.02, 7))
    at_home_change = elsewhere_change = 0
    for _ in range(8):
        model.step()
        at_home_change += model.now.expected_change[0].sum()
        elsewhere_change += np.abs(model.now.expected_change[1]).sum()
    assert at_home_change < 0
    assert elsewhere_change == 0


def test_only_the_sexes_named_are_eligible():
    model = lived(inputs(programmes=(scheme(sexes=("female",), ages=(5, 90)),), pounds=30e6))
    placed = model.people.placed[: model.rows] == 1
    assert placed.sum() > 50
    assert set(model.people.sex[: model.rows][placed].tolist()) == {FEMALE}


def test_an_effect_lowers_what_the_treated_are_expected_to_do():
    bare = lived(inputs())
    treated = lived(inputs(programmes=(scheme(),), pounds=30e6))
    assert treated.record.starts.sum() > 50
    assert treated.record.expected.sum() < bare.record.expected.sum()
    worse = lived(inputs(programmes=(scheme(),), pounds=30e6), told={"test_scheme.ratio": 1.5})
    assert worse.record.expected.sum() > bare.record.expected.sum()


def test_people_are_conserved():
    model = lived(inputs())
    people = model.people[: model.rows]
    born = (people["birth"] >= model.month - 24).sum()
    assert set(np.unique(people["status"])) <= {RESIDENT, DEPARTED, DEAD}
    start = shared_past()
    before = (start.people["status"][: start.rows] == RESIDENT).sum()
    left = ((people["status"] != RESIDENT)[: start.rows] & (start.people["status"][: start.rows] == RESIDENT)).sum()
    new = people[start.rows :]
    now = (people["status"] == RESIDENT).sum()
    assert now == before - left + (new["status"] == RESIDENT).sum()
    assert born > 0
    # The record counts those who are there when the month begins.
    assert model.record.population[0].sum() == before
    assert people["touched"].max() == 0
    assert people["gain"].max() == 0
    assert people["lose"].max() == 0


def test_keys_are_one_to_a_person():
    model = lived(inputs())
    keys = model.people["key"][: model.rows]
    assert np.unique(keys).size == keys.size


def test_couples_and_ties_are_mutual_and_carers_older():
    model = lived(inputs())
    people = model.people[: model.rows]
    rows = np.arange(model.rows)
    paired = people["partner"] != NOBODY
    assert np.array_equal(people["partner"][people["partner"][paired]], rows[paired])
    for slot in range(people["tie"].shape[1]):
        tied = people["tie"][:, slot] != NOBODY
        assert tied.any()
        assert np.array_equal(people["tie"][people["tie"][tied, slot], slot], rows[tied])
    child = people["carer1"] != NOBODY
    assert (people["birth"][people["carer1"][child]] < people["birth"][child]).all()


def test_the_record_adds_up():
    record = lived(inputs(programmes=(scheme(),), pounds=5e6)).record
    yearly = record.offences.reshape(2, 12, *record.offences.shape[1:]).sum(axis=(1, 2))
    assert np.array_equal(record.place.sum(axis=1), yearly)
    assert (record.recorded <= record.offences).all()
    assert (record.domestic_recorded <= record.domestic).all()
    assert (record.victims.sum(axis=1) <= yearly).all()
    assert (record.reoffended <= record.cohort).all()
    assert np.array_equal(record.ace.sum(axis=2), record.people)
    assert (record.risk.max(axis=1) <= record.people).all()
    assert (record.starts.cumsum(axis=0) <= record.places.cumsum(axis=0)).all()
    paid_for = 5e6 / 12 * 0.004 / SCHEME_VALUES["test_scheme.unit_cost"] * np.arange(1, 25)[:, None]
    assert (record.starts.cumsum(axis=0) <= paid_for + 1).all()
    assert (record.unique_victims.sum(axis=1) <= record.victims.sum(axis=(1, 2))).all()


def test_expected_and_realised_agree_in_the_mean():
    record = lived(inputs(years=2, scale=0.02)).record
    expected = record.expected.sum() / FIXED
    assert abs(record.offences.sum() / expected - 1.0) < 0.03


def test_money_buys_places_exactly():
    pounds, scale = 2e6, 0.004
    model = lived(inputs(years=2, programmes=(scheme(),), pounds=pounds))
    exact = 2 * pounds * scale / SCHEME_VALUES["test_scheme.unit_cost"]
    assert abs(model.record.places.sum() - exact) <= 24 * 0.5
    assert model.at_work.spend.sum() == 2 * pounds


def test_rates_are_what_fixed_point_holds():
    people = shared_past().people
    total = people["rate"].sum(axis=1, dtype=np.int64) / RATE_ONE
    chance = people["offend"] / 2**32
    assert np.allclose(chance, -np.expm1(-total), atol=1e-6)
