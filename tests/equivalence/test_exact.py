"""The engine and the plain model give the same chances from the same state, and a slip of 5 in 100 would be seen."""

import numpy as np
import pytest

from experiments.equivalence import chances, hazards
from experiments.equivalence.answers import answers
from experiments.equivalence.cases import every_scheme, without_programmes
from experiments.equivalence.exact import differences, exactly
from experiments.equivalence.hazards import engine_hazards
from experiments.equivalence.power import MAIN, exact_power
from experiments.reference.start import start_of
from experiments.reference.world import PlainModel
from model.people import EXPOSURES, NEVER
from model.vocabulary import ACES, RISK_FACTORS
from model.world import PreventionModel

SAME = 1e-5  # the engine keeps chances in single precision, and hazards in steps of 2**-26


def too_far(apart):
    return {name: share for name, share in apart.items() if share >= SAME}


@pytest.mark.parametrize("draw", [None, 0, 9])
def test_every_chance_is_the_same_person_by_person_and_table_by_table(draw):
    apart = exactly(every_scheme(people=300, years=2, draw=draw))
    assert len(apart) > 60
    assert too_far(apart) == {}


@pytest.mark.slow
@pytest.mark.parametrize("draw", [None, *range(16)])
def test_so_among_more_people_for_longer(draw):
    apart = exactly(every_scheme(people=5000, years=10, draw=draw))
    assert too_far(apart) == {}


def test_a_main_hazard_that_is_5_in_100_too_high_is_seen():
    seen = exact_power(without_programmes(people=300, years=1))
    assert set(seen) == set(MAIN)
    for hazard, (number, apart) in seen.items():
        assert apart > 0.04, (hazard, number)


OF_RULES = {
    "recorded": "what the police do", "charged": "what the police do", "out of court": "what the police do",
    "convicted": "what a court does", "custody": "what a court does", "months of custody": "what a court does",
    "joining in": "who joins in", "emergency attendance": "emergency care",
}  # fmt: skip


def test_what_rules_do_with_a_draw_is_the_same_and_a_slip_of_5_in_100_is_seen():
    inputs, values, past = without_programmes(people=600, years=1)

    def differ(raised=None, asked=1500, only=""):
        engine, plain = PreventionModel(inputs, values, 1, past), PlainModel(inputs, values, start_of(past), seed=1)
        if raised:
            MAIN[raised](engine)
        found = answers(engine, plain, asked, only)
        engine.close()
        plain.close()
        return found

    assert differ() == dict.fromkeys(set(OF_RULES.values()), 0)
    for raised, kind in OF_RULES.items():
        assert differ(raised, 6000 if raised == "joining in" else 1500, kind)[kind] > 0, raised


def test_the_largest_difference_is_that_of_the_person_who_differs_most():
    engine = np.zeros((3, len(hazards.CHANCES)))
    engine[:, 0] = 0.1, 0.2, 0.0
    plain = engine.copy()
    plain[1, 0] = 0.16
    found = hazards.largest_difference(engine, plain)
    assert found[hazards.CHANCES[0]] == pytest.approx(0.2)
    assert max(list(found.values())[1:]) == 0.0


def test_a_table_is_compared_number_by_number():
    one, two = np.array([14.0, 0.3]), np.array([14.0, 0.33])
    assert chances.largest_difference({"a": (one, two)}) == {"a": pytest.approx(0.03 / 0.33)}


def test_so_of_people_who_are_spared_things():
    """Few are spared anything in a small run: here everybody is, by lot."""
    inputs, values, past = every_scheme(people=1500, years=1, draw=3)
    model = PreventionModel(inputs, values, 1, past)
    people, rng = model.people[: model.rows], np.random.default_rng(4)
    on = people["risks"] | people["aces"].astype(np.uint32) << np.uint32(len(RISK_FACTORS))
    people["spared"] = rng.integers(0, 1 << (len(RISK_FACTORS) + len(ACES)), model.rows, dtype=np.uint32) & ~on
    since = rng.integers(1, 30, model.rows)
    people["spared_offence"] = np.where(rng.random(model.rows) < 0.5, model.month - since, NEVER)
    people["spared_peers"] = rng.integers(0, 4, model.rows)
    young = model.month - people["birth"].astype(int) < 216
    exposures = rng.integers(0, 1 << len(EXPOSURES), model.rows, dtype=np.uint8) & ~people["exposure"]
    people["spared_exposure"] = np.where(young, exposures, 0)
    plain = PlainModel(inputs, values, start_of(past), seed=1)
    apart = differences(model, plain)
    assert too_far(apart) == {}
    one = engine_hazards(model)
    people["spared"], people["spared_offence"], people["spared_peers"], people["spared_exposure"] = 0, NEVER, 0, 0
    assert (np.abs(engine_hazards(model) - one) > 0.05 * one).any(axis=1).mean() > 0.5  # it matters to most
    model.close()
    plain.close()
