"""The split of a spread into doubt about numbers and chance."""

import numpy as np
import pytest

from results.doubt import BATCHES, split_of


def test_a_hand_worked_analysis_of_variance() -> None:
    """Draws (1, 3) and (5, 7): means 2 and 6, their variance 8; within 2; so the numbers' is 8 - 2 / 2 = 7."""
    one = split_of(np.array([2.0, 6.0]), np.array([2.0, 2.0]), 2)
    assert (one.numbers, one.chance, one.share) == (7.0, 2.0, pytest.approx(7 / 9))
    assert np.isnan(one.lower)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_known_variances_are_found(share: float) -> None:
    rng = np.random.default_rng(1)
    covered, found = 0, []
    for _ in range(60):
        numbers = rng.normal(0, np.sqrt(share), 40)
        runs = numbers[:, None] + rng.normal(0, np.sqrt(1 - share), (40, 4))
        one = split_of(runs.mean(axis=1), runs.var(axis=1, ddof=1), 4)
        found.append(one.share)
        covered += one.lower - 1e-9 <= share <= one.upper + 1e-9
    assert np.mean(found) == pytest.approx(share, abs=0.05)
    assert covered >= 45  # a bootstrap of 40 draws covers somewhat less than 95 in 100


def test_no_spread_is_no_share() -> None:
    one = split_of(np.zeros(6), np.zeros(6), 1, BATCHES)
    assert (one.share, one.lower, one.upper) == (0.0, 0.0, 0.0)
