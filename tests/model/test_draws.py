"""Keyed draws: uniform, independent over people, months and streams, the same in NumPy and compiled."""

import numba
import numpy as np
import pytest

from model.draws import OFFENCE_DRAWS, STREAMS, keys_from, one_uniform, uniforms


@numba.njit(_nrt=False, error_model="numpy")
def compiled_uniforms(seed, keys, month, stream, n, out):
    for i in range(keys.size):
        out[i] = uniform_rule(seed, keys[i], month, stream, n)


from model.draws import arrival, normal, nth_bits, nth_uniform, offence_bits, poisson, poisson_if_any  # noqa: E402
from model.draws import uniform as uniform_rule  # noqa: E402


@numba.njit(_nrt=False, error_model="numpy")
def offence_uniforms(seed, keys, month, n, out):
    for i in range(keys.size):
        for k in range(out.shape[1]):
            out[i, k] = nth_uniform(offence_bits(seed, keys[i], month, n), k)


@numba.njit(_nrt=False, error_model="numpy")
def winners(seed, keys, month, hazards, first):
    for i in range(keys.size):
        soonest = np.inf
        for k in range(hazards.size):
            when = arrival(nth_bits(offence_bits(seed, keys[i], month, 0), 0), k, hazards[k], soonest)
            if when < soonest:
                first[i], soonest = k, when


KEYS = keys_from(7, "people", 200_000)


def test_streams_have_numbers_of_their_own():
    assert len(set(STREAMS.values())) == len(STREAMS)


def test_numpy_and_compiled_agree():
    out = np.zeros(1000)
    compiled_uniforms(np.uint64(7), KEYS[:1000], 1464, STREAMS["life"], 3, out)
    assert np.array_equal(out, uniforms(7, KEYS[:1000], 1464, STREAMS["life"], 3))
    assert np.array_equal(out, [one_uniform(7, KEYS[i : i + 1], 1464, STREAMS["life"], 3) for i in range(1000)])


@pytest.mark.parametrize("month", [0, 1, 1464, 1465])
@pytest.mark.parametrize("stream", ["life", "demography", "victim_list"])
def test_uniform_by_chi_square(month, stream):
    u = uniforms(7, KEYS, month, STREAMS[stream])
    counts = np.bincount((u * 1000).astype(int), minlength=1000)
    chi = ((counts - 200.0) ** 2 / 200.0).sum()
    assert abs(chi - 999) / np.sqrt(2 * 999) < 4.5


def test_no_correlation_between_months_streams_seeds_and_neighbours():
    base = uniforms(7, KEYS, 1464, STREAMS["life"])
    others = [
        uniforms(7, KEYS, 1465, STREAMS["life"]), uniforms(7, KEYS, 1464, STREAMS["offend_count"]),
        uniforms(8, KEYS, 1464, STREAMS["life"]), uniforms(7, KEYS, 1464, STREAMS["life"], 1),
        np.roll(base, 1), uniforms(7, KEYS, 1476, STREAMS["life"]),
    ]  # fmt: skip
    for other in others:
        assert abs(np.corrcoef(base, other)[0, 1]) < 4.5 / np.sqrt(KEYS.size)


def test_months_are_not_permutations_of_each_other():
    one, two = (np.sort(uniforms(7, KEYS[:5000], month, STREAMS["life"])) for month in (10, 11))
    assert np.intersect1d(one, two).size == 0


def test_normal_quantiles_by_published_values():
    # Standard normal quantiles: Abramowitz and Stegun, table 26.1.
    for u, z in ((0.5, 0.0), (0.975, 1.959964), (0.999, 3.090232), (0.025, -1.959964)):
        assert normal(u) == pytest.approx(z, abs=1e-5)


def test_poisson_by_hand():
    # exp(-1) = 0.3679, + 0.3679 = 0.7358, + 0.1839 = 0.9197
    assert [poisson(u, 1.0, 30) for u in (0.3, 0.5, 0.8, 0.93)] == [0, 1, 2, 3]
    u = (np.arange(20_000) + 0.5) / 20_000
    given_any = np.mean([poisson_if_any(each, 0.4, 30) for each in u])
    assert given_any * (1 - np.exp(-0.4)) == pytest.approx(0.4, rel=1e-3)


def test_what_is_decided_about_an_offence_is_uniform_and_independent():
    here, next_one = np.zeros((2, KEYS.size, len(OFFENCE_DRAWS)))
    offence_uniforms(np.uint64(7), KEYS, 1464, 0, here)
    offence_uniforms(np.uint64(7), KEYS, 1464, 1, next_one)
    for u in here.T:
        counts = np.bincount((u * 1000).astype(int), minlength=1000)
        assert abs(((counts - 200.0) ** 2 / 200.0).sum() - 999) / np.sqrt(2 * 999) < 4.5
    both = np.corrcoef(np.hstack([here, next_one]).T) - np.eye(2 * here.shape[1])
    assert np.abs(both).max() < 5.0 / np.sqrt(KEYS.size)


def test_a_race_is_won_in_proportion_and_parts_only_where_the_lead_changes():
    """Competing risks: runner k is first with chance hazard k over the sum of all."""
    hazards = np.array([0.5, 0.3, 0.15, 0.05])
    before, after = np.zeros((2, KEYS.size), dtype=np.int64)
    winners(np.uint64(7), KEYS, 1464, hazards, before)
    shares = np.bincount(before, minlength=4) / KEYS.size
    np.testing.assert_allclose(shares, hazards, atol=4.5 * np.sqrt(0.25 / KEYS.size))
    hazards[2] *= 1.2
    winners(np.uint64(7), KEYS, 1464, hazards, after)
    changed = before != after
    assert (after[changed] == 2).all()
    assert changed.mean() == pytest.approx(0.18 / 1.03 - 0.15, abs=0.002)


def test_halves_of_a_draw_are_independent():
    """Life events go by the upper half of a month's 64 bits, offences by the lower."""
    whole = np.zeros(KEYS.size, dtype=np.uint64)
    for i in range(KEYS.size):
        whole[i] = offence_bits(np.uint64(7), KEYS[i], 1464, 0)
    upper, lower = (whole >> np.uint64(32)).astype(float), (whole & np.uint64(2**32 - 1)).astype(float)
    assert abs(np.corrcoef(upper, lower)[0, 1]) < 4.5 / np.sqrt(KEYS.size)
