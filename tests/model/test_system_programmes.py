"""What works through others does nothing alone, and where they are funded only what it says."""

from dataclasses import replace

import numpy as np
import pytest
from test_laws import OF_PROGRAMMES, QUEUES, same_people, same_record
from worlds import SCHEME_VALUES, inputs, lived, scheme, shared_past, values

from model.actors.system_programmes import UNCHANGED, combined
from model.inputs import QUALITIES, Effect, Tool, those_named
from model.record import EVENT_KINDS
from model.vocabulary import OFFENCES
from model.world import PreventionModel

TOLD = {
    "helper.unit_cost": 100_000.0, "helper.lag_months": 0.0, "helper.fade_months": 0.0, "helper.ratio": 1.5,
    "helper.sensitivity": 1.0, "helper.specificity": 1.0, "helper.threshold": 1.0, "helper.bias": 1.0,
}  # fmt: skip


def helper(kind, targets=("test_scheme",), **changes):
    """A scheme that works through others."""
    effect = Effect(kind, targets, "helper.ratio", "x", "access", "nothing")
    given = scheme(id="helper", tier="system", reaches="system", effects=(effect,), ages=(0, 110), waiting_months=0)
    return replace(given, **changes)


def both(*programmes, pounds=(4e6, 1e5), told=None, scale=0.004, years=2):
    given = inputs(years, scale, programmes, 0.0)
    given = replace(given, money=np.array([[one] * years for one in pounds[: len(programmes)]]))
    return lived(given, told=SCHEME_VALUES | TOLD | (told or {}))


@pytest.mark.parametrize("kind", [*QUALITIES, "recording", "confidence", "volunteering"])
def test_with_nothing_else_funded_no_offence_differs(kind):
    targets = {"recording": ("fraud_computer_misuse",), "confidence": ("residents",), "volunteering": ("residents",)}
    bare = lived(inputs())
    alone = both(helper(kind, targets.get(kind, ("all",))), pounds=(1e5,))
    assert np.array_equal(bare.record.offences[:1], alone.record.offences[:1])
    if kind != "recording":
        assert same_record(bare.record, alone.record, but=QUEUES | {"public"}) == []
        assert same_people(bare.people[: bare.rows], alone.people[: alone.rows]) == []


def test_confidence_and_volunteering_move_alone():
    for kind, index in (("confidence", 0), ("volunteering", 1)):
        model = both(helper(kind, ("residents",)), pounds=(1e5,))
        moved = model.record.public.astype(float) / 2**26
        assert moved[:, index] == pytest.approx(1.5)
        assert moved[:, 1 - index] == pytest.approx(1.0)


@pytest.mark.parametrize("kind", QUALITIES)
def test_a_quality_that_is_raised_by_nothing_changes_nothing(kind):
    without = both(scheme(ages=(5, 90)), pounds=(4e6,))
    null = both(scheme(ages=(5, 90)), helper(kind), told={"helper.ratio": 1.0})
    assert same_record(without.record, null.record, but=QUEUES) == []
    assert same_people(without.people[: without.rows], null.people[: null.rows], but=OF_PROGRAMMES) == []


def test_uptake_fewer_offers_for_the_same_places():
    """A queue that is long: more of those offered accept, and as many places are filled."""
    told = {"test_scheme.uptake": 0.3}
    given = scheme(ages=(5, 90)), helper("uptake")
    plain, more = (both(*given, told=told | {"helper.ratio": ratio}) for ratio in (1, 1.5))
    assert abs(more.record.starts[:, 0].sum() / plain.record.starts[:, 0].sum() - 1) < 0.05
    assert more.record.waiting[-1, 0] > plain.record.waiting[-1, 0]


def test_completion_is_raised_and_never_above_all():
    shares = []
    for ratio in (1.0, 1.2, 5.0):
        record = both(scheme(ages=(5, 90)), helper("completion"), told={"helper.ratio": ratio}).record
        shares.append(record.completions[:, 0].sum() / record.starts[:-3, 0].sum())
    assert shares[0] == pytest.approx(0.7, abs=0.1)
    assert shares[1] == pytest.approx(0.84, abs=0.1)
    assert shares[2] == pytest.approx(1.0, abs=0.01)


def test_delivery_strengthens_the_effect_of_those_who_start_under_it():
    runs = [both(scheme(ages=(5, 90)), helper("delivery"), told={"helper.ratio": ratio}) for ratio in (1.0, 1.2)]
    strength = [set(run.people.slot_effect[run.people.slot_effect > 0].tolist()) for run in runs]
    assert strength == [{200}, {240}]
    assert runs[1].record.expected.sum() < runs[0].record.expected.sum()


def test_half_the_money_is_half_at_work():
    model = PreventionModel(
        replace(inputs(2, 0.004, (helper("confidence", ("residents",)),), 0.0), money=np.full((1, 2), 5e4)),
        values() | TOLD, 7, shared_past(2, 0.004),
    )  # fmt: skip
    model.step()
    assert model.record.public[0, 0] / 2**26 == pytest.approx(1.5**0.5)


def test_it_fades_when_the_money_ends():
    given = replace(inputs(2, 0.004, (helper("confidence", ("residents",)),), 0.0), money=np.array([[1e5, 0.0]]))
    told = SCHEME_VALUES | TOLD | {"helper.fade_months": 4.0, "helper.lag_months": 3.0}
    ratio = lived(given, told=told).record.public[:, 0] / 2**26
    assert ratio[:3] == pytest.approx(1.0)
    assert ratio[3:12] == pytest.approx(1.5)
    assert (np.diff(ratio[11:17]) < 0).all()
    assert ratio[17:] == pytest.approx(1.0)


def test_several_on_one_quality_are_no_sum():
    logs = np.log(np.array([[1.1, 1.0], [1.05, 1.0]]))
    assert np.exp(combined(logs, 0.5))[0] == pytest.approx(1.1 * 1.05**0.5)
    assert np.exp(combined(logs, 0.5))[1] == 1.0
    assert combined(np.zeros((0, 3)), 0.5).tolist() == [0, 0, 0]


def test_programmes_are_named_by_id_tier_or_all():
    given = (scheme(), scheme(id="other", tier="primary"), helper("uptake"))
    assert those_named(("test_scheme",), given) == (0,)
    assert those_named(("primary",), given) == (1,)
    assert those_named(("all",), given) == (0, 1)
    assert UNCHANGED.uptake == 1.0


def test_recording_in_the_area_raises_records_and_events():
    effect = ("violence_without_injury", "other_theft")
    given = helper("recording", effect)
    null, more = (both(given, pounds=(1e5,), told={"helper.ratio": r}, scale=0.02) for r in (1.0, 1.4))
    at = [OFFENCES.index(name) for name in effect]
    assert more.record.recorded[..., at].sum() > 1.1 * null.record.recorded[..., at].sum()
    reported = EVENT_KINDS.index("reported")
    assert more.record.events[..., reported].sum() > null.record.events[..., reported].sum()


def test_a_sharp_tool_brings_those_at_risk_first_and_a_blind_one_does_not():
    tool = Tool(("test_scheme",), OFFENCES[:-1])
    rates = {}
    for name, hit, right in (("sharp", 1.0, 1.0), ("blind", 0.1, 0.9)):
        numbers = {"helper.sensitivity": hit, "helper.specificity": right, "helper.threshold": 0.5}
        one = both(
            scheme(ages=(10, 60)), helper("uptake", effects=(), tool=tool), told=numbers, scale=0.01, pounds=(5e5, 1e5)
        )
        placed = np.flatnonzero(one.people.placed)
        rates[name] = one.people.offences[placed].mean()
        wrongly, rightly = one.record.flagged.sum(axis=(0, 2, 3, 4))[0]
        assert rightly > 0
        assert (wrongly == 0) == (name == "sharp")
        assert np.array_equal(one.record.flagged.sum(axis=(2, 3, 4)), one.record.flagged_in.sum(axis=2))
        assert (one.record.net_widened.sum() == 0) == (name == "sharp")
    assert rates["sharp"] > 2 * rates["blind"]


def test_a_biased_tool_flags_the_poorest_fifth_wrongly_more_often():
    tool = Tool(("test_scheme",), OFFENCES[:-1])
    numbers = {"helper.sensitivity": 0.5, "helper.specificity": 0.9, "helper.threshold": 1e9}
    shares = []
    for bias in (1.0, 3.0):
        given = scheme(ages=(10, 60)), helper("uptake", effects=(), tool=tool)
        one = both(*given, told=numbers | {"helper.bias": bias}, scale=0.02)
        wrongly = one.record.flagged[..., 0].sum(axis=(0, 2, 3))[0]
        shares.append(wrongly[0] / wrongly.sum())
    assert shares[1] > 1.8 * shares[0]


def test_better_targeting_makes_a_tool_sharper():
    tool = Tool(("test_scheme",), OFFENCES[:-1])
    given = (scheme(ages=(10, 60)), helper("targeting", tool=tool))
    numbers = {"helper.sensitivity": 0.5, "helper.specificity": 0.8, "helper.threshold": 0.5}
    flagged = [
        both(*given, told=numbers | {"helper.ratio": ratio}, scale=0.02).record.flagged.sum(axis=(0, 2, 3, 4))[0]
        for ratio in (1.0, 2.0)
    ]
    assert flagged[1][1] > 1.5 * flagged[0][1]
    assert flagged[1][0] < 0.7 * flagged[0][0]
