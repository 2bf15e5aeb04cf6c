"""Equivalence by two one-sided tests, and Holm's correction, against cases worked by hand."""

import numpy as np
import pytest
from scipy.stats import t as student

from experiments.equivalence.tost import compare, holm


def test_holm_by_hand():
    # Ordered 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.06, none below the one before.
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.6, 0.9])) == pytest.approx([1.0, 1.0])


def test_two_one_sided_tests_by_hand():
    # Means 10 and 10.2, variances 1/3 of values 9, 10, 11 are 1 each: error sqrt(2/3), 4 degrees of freedom.
    one = [{"x": 9.0}, {"x": 10.0}, {"x": 11.0}]
    two = [{"x": 9.2}, {"x": 10.2}, {"x": 11.2}]
    (told,) = compare(one, two, {"x": 0.5})
    error = np.sqrt(2 / 3)
    assert told.difference == pytest.approx(0.02)
    assert told.error == pytest.approx(error / 10)
    assert told.p_equivalent == pytest.approx(student.cdf((0.2 - 5.0) / error, 4))
    assert told.p_different == pytest.approx(2 * student.sf(0.2 / error, 4))
    assert told.equivalent
    assert not told.different


def test_what_is_apart_by_the_margin_is_never_called_equivalent():
    random = np.random.default_rng(5)
    called = 0
    for _ in range(400):
        one = [{"x": value} for value in random.normal(100, 5, 40)]
        two = [{"x": value} for value in random.normal(104, 5, 40)]
        called += compare(one, two, {"x": 0.04})[0].equivalent
    assert called / 400 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_the_same_is_called_equivalent_and_a_shift_different():
    random = np.random.default_rng(6)
    one, same, other = (
        [{"x": value, "y": 1.0} for value in random.normal(mean, 4, 100)] for mean in (100, 100, 105)
    )
    margins = {"x": 0.04, "y": 0.04}
    assert [(each.equivalent, each.different) for each in compare(one, same, margins)] == [(True, False)] * 2
    x, y = compare(one, other, margins)
    assert x.different
    assert not x.equivalent
    assert y.equivalent
