"""The engine and the plain model give the same chances from the same state, and a slip of 5 in 100 would be seen."""

import numpy as np
import pytest

from experiments.equivalence import chances, hazards
from experiments.equivalence.cases import every_scheme, without_programmes
from experiments.equivalence.exact import exactly
from experiments.equivalence.power import MAIN, exact_power

SAME = 1e-5  # the engine keeps chances in single precision, and hazards in steps of 2**-26


@pytest.mark.parametrize("draw", [None, 0, 9])
def test_every_chance_is_the_same_person_by_person_and_table_by_table(draw):
    apart = exactly(every_scheme(people=300, years=2, draw=draw))
    assert len(apart) > 60
    assert max(apart.values()) < SAME, {name: share for name, share in apart.items() if share >= SAME}


@pytest.mark.slow
@pytest.mark.parametrize("draw", [None, *range(16)])
def test_so_among_more_people_for_longer(draw):
    apart = exactly(every_scheme(people=5000, years=10, draw=draw))
    assert max(apart.values()) < SAME, {name: share for name, share in apart.items() if share >= SAME}


def test_a_main_hazard_that_is_5_in_100_too_high_is_seen():
    seen = exact_power(without_programmes(people=300, years=1))
    assert set(seen) == set(MAIN)
    for hazard, (number, apart) in seen.items():
        assert apart > 0.04, (hazard, number)


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
