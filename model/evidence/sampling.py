"""One believable value for every row: keyed by name, spread evenly over the draws.

A row's draw depends on the seed and its own name alone, so that a row added or taken out moves no
other. Over the D draws of a set the uniforms are a Latin hypercube (McKay, Beckman and Conover 1979):
each row has exactly one draw in each of D equal strata, in a keyed order of its own.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from model.evidence.rows import Evidence, Row

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

Z_975 = float(ndtri(0.975))
SHUFFLE_ROUNDS = 48
STEP = np.uint64(0x9E3779B97F4A7C15)  # the increment of splitmix64: streams and counters move by it
ROUNDS = np.arange(SHUFFLE_ROUNDS, dtype=np.uint64)[:, None] * STEP
# As arrays of one, which NumPy multiplies modulo 2**64 without a warning.
FOR_VALUE, FOR_NO_EFFECT, FOR_JITTER = (
    np.arange(SHUFFLE_ROUNDS, SHUFFLE_ROUNDS + 3, dtype=np.uint64)[:, None] * STEP
)


def draw_values(evidence: Evidence, seed: int, draw: int | None, draws: int) -> dict[str, float]:
    """The value of every row in draw `draw` of `draws` (from 0); the central values when draw is None.

    A pure function of (seed, name, draw, draws). Rows with neither range nor no_effect keep their value.
    """
    values = {name: row.value for name, row in evidence.items()}
    if draw is None:
        return values
    rows = [row for row in evidence.values() if row.is_sampled]
    u, u_no_effect = draw_uniforms([row.name for row in rows], seed, draw, draws)
    ratio_is_one = u_no_effect < np.array([row.no_effect for row in rows])
    sampled = np.where(ratio_is_one, 1.0, quantiles(rows, u))
    values.update(zip((row.name for row in rows), sampled.tolist(), strict=True))
    return values


def draw_uniforms(names: Sequence[str], seed: int, draw: int, draws: int) -> tuple[Floats, Floats]:
    """Two stratified uniforms a name, inside (0, 1): one for the value, one for 'no effect at all'.

    Raises ValueError when there is no such draw.
    """
    if not 0 <= draw < draws:
        raise ValueError(f"there is no draw {draw} among {draws}: they count from 0")
    keys = mix(name_keys(names) + mix(np.array([seed % 2**64], dtype=np.uint64)))
    both = np.concatenate([mix(keys + FOR_VALUE), mix(keys + FOR_NO_EFFECT)])
    u = stratified(both, draw, draws)
    return u[: len(keys)], u[len(keys) :]


def quantiles(rows: Sequence[Row], u: Floats) -> Floats:
    """The value of each row at the share u[i] of its distribution, 0 < u < 1.

    Two-piece: on the row's scale (plain, log or logit) the median is `value`, and each side is half a
    normal whose 2.5th or 97.5th centile is `low` or `high`. Rows without a range keep their value.
    """
    value = np.array([row.value for row in rows], dtype=np.float64)
    low = np.array([row.value if row.low is None else row.low for row in rows], dtype=np.float64)
    high = np.array([row.value if row.high is None else row.high for row in rows], dtype=np.float64)
    z = ndtri(u) / Z_975
    middle_to_end = np.where(z < 0, low, high)
    out = value.copy()
    for distribution, to_scale, from_scale in (
        ("normal", np.positive, np.positive),
        ("lognormal", np.log, np.exp),
        ("logitnormal", logit, expit),
    ):
        of = np.array([row.distribution == distribution for row in rows], dtype=bool)
        middle = to_scale(value[of])
        out[of] = from_scale(middle + np.abs(z[of]) * (to_scale(middle_to_end[of]) - middle))
    is_share = np.array([row.unit.startswith("share") for row in rows], dtype=bool)
    least = np.array([-np.inf if row.least is None else row.least for row in rows], dtype=np.float64)
    out = np.maximum(np.where((low >= 0) & (out < 0), 0.0, out), least)
    return np.where(is_share, np.clip(out, 0.0, 1.0), out)


def name_keys(names: Sequence[str]) -> Keys:
    """A 64-bit key a name: the first eight bytes of its SHA-256."""
    joint = b"".join(hashlib.sha256(name.encode()).digest()[:8] for name in names)
    return np.frombuffer(joint, dtype="<u8").astype(np.uint64)


def stratified(keys: Keys, draw: int, draws: int) -> Floats:
    """A uniform inside (0, 1) a key; over all draws, one in each of `draws` equal strata."""
    jitter = unit(mix(mix(keys + FOR_JITTER) + np.array([draw], dtype=np.uint64) * STEP))
    u = (shuffled_place(keys, draw, draws) + jitter) / draws
    return np.clip(u, 2.0**-53, 1 - 2.0**-53)  # rounding may reach an end, where the quantile is infinite


def shuffled_place(keys: Keys, place: int, places: int) -> NDArray[np.int64]:
    """Where `place` goes in each key's own permutation of range(places).

    The swap-or-not shuffle (Hoang, Morris and Rogaway 2012): each round pairs all places by a keyed
    reflection and swaps each pair or not, so one place can be followed without shuffling the rest.
    """
    at = np.full(len(keys), place, dtype=np.int64)
    if places == 1:
        return at
    rounds = mix(keys + ROUNDS)
    reflections = (rounds % np.uint64(places)).astype(np.int64)
    for key, reflection in zip(rounds, reflections, strict=True):
        partner = (reflection - at) % places
        pair = np.maximum(at, partner).astype(np.uint64)
        swap = mix(key + (pair + np.uint64(1)) * STEP) >> np.uint64(63) == 1
        at = np.where(swap, partner, at)
    return at


def mix(bits: Keys) -> Keys:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014), element by element."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def unit(bits: Keys) -> Floats:
    """Bits as a double inside (0, 1), from the upper 53."""
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
