"""Draws for what is worked out of a life after it was lived: a function of the seed, the person and the age, and of no
other draw, so that the same person has the same luck whatever is tried."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from model.draws import keys_from, uniforms

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]
FOR_LIFE = 200  # in the place of an age, for what is drawn once


def drawn(seed: int, keys: Keys, what: str, age: int = FOR_LIFE, n: int = 0) -> Floats:
    """(K,) uniforms in [0, 1) about `what`, at an age in whole years or for life; the n-th of them."""
    return uniforms(seed, keys ^ keys_from(seed, what, 1), age, 0, n)


def uneven(seed: int, keys: Keys, what: str, spread: float) -> Floats:
    """(K,) what each person's rate is times for life: lognormal with mean 1 and `spread`, the standard deviation of its
    logarithm."""
    told: Floats = np.exp(spread * special.ndtri(np.clip(drawn(seed, keys, what), 1e-12, 1.0 - 1e-12))
                          - 0.5 * spread * spread)  # fmt: skip
    return told


def counted(u: Floats, mean: Floats) -> NDArray[np.int64]:
    """The counts at quantiles `u` of Poisson distributions with these means; never fewer where a mean is greater."""
    left, count, term = u.copy(), np.zeros(u.shape, np.int64), np.exp(-mean)
    going = np.flatnonzero(left >= term)
    while going.size:
        left[going] -= term[going]
        count[going] += 1
        term[going] *= mean[going] / count[going]
        # beyond the last digit of a double a term adds nothing: the tail ends there
        going = going[(left[going] >= term[going]) & (term[going] > 1e-17)]
    return count
