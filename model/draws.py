"""Keyed draws: every random number is a function of (seed, person's key, month, stream, n).

Nothing is sequential, so two worlds share every draw that a programme did not change, and order,
threads and processes never matter. The mixer is the finaliser of splitmix64 (Steele, Lea and Flood,
"Fast splittable pseudorandom number generators", OOPSLA 2014). A month and stream give a 64-bit
constant of their own; the person's key is multiplied by an odd number and shifted by another that
both derive from it, so that one month is never a permuted or shifted copy of the next.
"""

import numpy as np
from numpy.typing import NDArray

from model.jit import rule

U64 = np.uint64

# One stream a decision; tests check that no two share a number.
STREAMS = {
    name: number
    for number, name in enumerate(
        (
            "life", "life_which", "life_prevented", "life_added", "demography", "demography_which",
            "offend_count", "offence", "offence_added", "court", "sentence", "order", "housing_after", "work_after",
            "propensity", "family", "sex", "move_to", "arrival_count", "arrival_age", "arrival_place",
            "outsider_count", "admit", "uptake", "completion", "place", "household", "home", "tie", "birth_month",
            "victim_list", "carer", "neighbour", "couple", "lone", "spread", "diverted",
            "flag", "prosecuted", "review", "map", "unit", "where", "turn", "formal", "home_risk", "person_risk",
            "propensity_change", "abusive_risk", "frailty",
        ),
        start=1,
    )
}  # fmt: skip

# What is decided about one offence, each from a place of its own in the sequence that the offence's bits start.
OFFENCE_DRAWS = {
    name: number
    for number, name in enumerate(
        (
            "kind", "group", "prevented", "severity", "record", "outcome", "court_lag", "relationship", "known",
            "victim", "district", "neighbourhood", "injury", "admitted", "co_offend", "co_offender",
            "at_place", "moved_to", "again",
        )
    )
}  # fmt: skip

GOLDEN = 0x9E3779B97F4A7C15  # the increment of splitmix64
MASK = (1 << 64) - 1
S_OFFENCE = STREAMS["offence"]
NO_MONTH = -1


@rule
def mix(z):
    """The splitmix64 finaliser: a bijection of 64-bit integers."""
    z = (z ^ (z >> U64(30))) * U64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> U64(27))) * U64(0x94D049BB133111EB)
    return z ^ (z >> U64(31))


@rule
def moment(seed, month, stream, n):
    """The 64-bit constant of one decision in one month."""
    return mix(mix(seed + U64(month) * U64(0x9E3779B97F4A7C15)) + (U64(stream) << U64(32)) + U64(n))


@rule
def bits(key, constant):
    """64 random bits for a person at a moment."""
    return mix(key * (constant | U64(1)) + (constant >> U64(17) ^ constant << U64(23)))


@rule
def offence_bits(seed, key, month, n):
    """64 random bits of the n-th offence of a person in a month; nth_bits and nth_uniform go on from them."""
    return bits(key, moment(seed, month, S_OFFENCE, n))


@rule
def uniform(seed, key, month, stream, n):
    """A uniform number in [0, 1) with 53 bits."""
    return np.float64(bits(key, moment(seed, month, stream, n)) >> U64(11)) * 1.1102230246251565e-16


@rule
def nth_bits(base, k):
    """The k-th of a row of 64 random bits: the splitmix64 sequence that starts at `base`, itself from `bits`."""
    return mix(base + U64(k + 1) * U64(GOLDEN))


@rule
def nth_uniform(base, k):
    """The k-th of a row of uniforms in [0, 1), in the same sequence."""
    return np.float64(nth_bits(base, k) >> U64(11)) * 1.1102230246251565e-16


@rule
def arrival(base, k, hazard, soonest):
    """When runner k of a race comes in, if before `soonest`; else `soonest`.

    Times are exponential with rate `hazard`, above 0. The first of several to arrive is runner k with
    chance hazard k over the sum of all (competing risks). A race and not a point on a cumulated line,
    because then a change in one hazard changes who is first only where that runner gains or loses the
    lead, and two worlds part no further than they must. `base` is 64 random bits from `bits`.
    """
    u = nth_uniform(base, k)
    if u >= soonest * hazard:  # -log(1 - u) is no less than u
        return soonest
    return min(-np.log(1.0 - u) / hazard, soonest)


@rule
def child_key(mother, order):
    """The key of a mother's child by birth order."""
    return mix(mother + U64(0xD1342543DE82EF95) * U64(order + 1))


@rule
def normal(u):
    """The standard normal quantile of u by Acklam's rational approximation (relative error below 1.2e-9)."""
    if u < 1e-12:
        u = 1e-12
    if u > 1.0 - 1e-12:
        u = 1.0 - 1e-12
    if u < 0.02425 or u > 0.97575:
        tail = u if u < 0.5 else 1.0 - u
        q = np.sqrt(-2.0 * np.log(tail))
        x = (
            ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
              - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783
        ) / (
            (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
             + 3.754408661907416) * q + 1.0
        )  # fmt: skip
        return x if u < 0.5 else -x
    q = u - 0.5
    r = q * q
    return (
        ((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
          + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239
    ) * q / (
        ((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
          + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0
    )  # fmt: skip


@rule
def poisson(u, mean, most):
    """The count at quantile u of a Poisson distribution of that mean, at most `most`."""
    term = np.exp(-mean)
    total = term
    count = 0
    while u >= total and count < most:
        count += 1
        term *= mean / count
        total += term
    return count


@rule
def poisson_if_any(u, mean, most):
    """The same, given that it is not zero (u is rescaled onto the rest), so its mean over both is `mean`."""
    none = np.exp(-mean)
    count = poisson(none + u * (1.0 - none), mean, most)
    return count if count > 0 else 1


def uniforms(seed: int, keys: NDArray[np.uint64], month: int, stream: int, n: int = 0) -> NDArray[np.float64]:
    """The same draw for many keys at once, in NumPy: shape and order of `keys`, in [0, 1)."""
    constant, shift = _moment(seed, month, stream, n)
    with np.errstate(over="ignore"):
        z = keys * U64(constant | 1) + U64(shift)
        z = (z ^ (z >> U64(30))) * U64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> U64(27))) * U64(0x94D049BB133111EB)
        z = z ^ (z >> U64(31))
    return (z >> U64(11)).astype(np.float64) * 2.0**-53


def one_uniform(seed: int, key: NDArray[np.uint64], month: int, stream: int, n: int = 0) -> float:
    """The same draw for a single key (1,), without the cost of arrays."""
    constant, shift = _moment(seed, month, stream, n)
    return (_mix_int(int(key[0]) * (constant | 1) + shift) >> 11) * 2.0**-53


def draw(seed: int, keys: NDArray[np.uint64], stream: str, n: int = 0) -> NDArray[np.float64]:
    """A uniform for each key, in a stream that is not a month's."""
    return uniforms(seed, keys, NO_MONTH, STREAMS[stream], n)


def keys_from(seed: int, name: str, count: int) -> NDArray[np.uint64]:
    """`count` distinct-looking 64-bit keys for things called `name`, a function of the seed alone."""
    start = _mix_int(seed + sum(byte << (8 * (i % 8)) for i, byte in enumerate(name.encode())))
    with np.errstate(over="ignore"):
        z = U64(start) + np.arange(1, count + 1, dtype=np.uint64) * U64(GOLDEN)
        z = (z ^ (z >> U64(30))) * U64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> U64(27))) * U64(0x94D049BB133111EB)
    return z ^ (z >> U64(31))


def _moment(seed: int, month: int, stream: int, n: int) -> tuple[int, int]:
    """The constant of `moment`, and the number by which `bits` shifts a key with it."""
    constant = _mix_int(_mix_int(seed + month * GOLDEN) + (stream << 32) + n)
    return constant, (constant >> 17) ^ ((constant << 23) & MASK)


def _mix_int(z: int) -> int:
    z &= MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)
