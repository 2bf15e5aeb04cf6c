"""Draws are added until the headline is steady."""

import math

import pytest

from experiments.until import MOST_DRAWS, next_draws


@pytest.mark.parametrize(
    ("share", "draws", "until", "then"),
    [
        (0.04, 8, 0.05, None),
        (0.05, 8, 0.05, None),
        (0.075, 8, 0.05, 18),  # 8 x 1.5 squared
        (0.9, 8, 0.05, 32),  # no more than four times as many at once
        (0.0501, 8, 0.05, 9),
        (0.9, 1000, 0.05, MOST_DRAWS),
        (0.9, MOST_DRAWS, 0.05, None),
        (math.nan, 8, 0.05, None),  # no difference: no number of draws will do
        (math.nan, 1, 0.05, 8),  # one run tells no error
    ],
)
def test_an_error_falls_with_the_root_of_the_draws(share: float, draws: int, until: float, then: int | None) -> None:
    assert next_draws(share, draws, until) == then
