"""Agents doubled, rates steady: half as many people say the same of a head, give or take chance."""

from dataclasses import replace

import numpy as np
import pytest
from drawn_worlds import AMONG_PEOPLE, Ground, World, begun, with_strong, worlds
from hypothesis import strategies as st
from lawbook import law, saw

from model.record import EVENT_KINDS, FIXED
from model.vocabulary import RISK_FACTORS

BOUND = 4.5  # standard errors of the difference, from how far seeds differ
SCALES = (0.0008, 0.0016)
TOWN = (0.004, 0.008)
SEEDS = 8
FEWEST = 3.0  # of a kind in a run of the smaller, below which its spread is no guide


def counts_of(world: World) -> dict[str, float]:
    """What a run counts, and the residents whose months it counts."""
    model = begun(world)
    record = model.run().record
    people = [n for n, one in enumerate(world.programmes) if one.reaches in AMONG_PEOPLE]
    if people:
        saw("placed", record.starts[:, people].sum())
    counts = {
        "resident months": float(record.population.sum()),
        "offences": float(record.offences.sum()), "expected offences": float(record.expected.sum()) / FIXED,
        "expected as the plan starts": float(record.expected[0].sum()) / FIXED,
        "recorded offences": float(record.recorded.sum()), "offences against residents": float(record.victims.sum()),
        "convictions": float(record.events[:, :, EVENT_KINDS.index("conviction")].sum()),
        "months with poor mental health": float(record.states[:, :, RISK_FACTORS.index("poor_mental_health")].sum()),
        "places taken by people": float(record.starts[:, people].sum()),
        "harm eased": float(record.eased.sum()) / FIXED,
    }  # fmt: skip
    model.close()
    return counts


def rates_at(world: World, scale: float, seeds: int) -> dict[str, np.ndarray]:
    """(seeds,) by kind: rates a resident month, and how many there were."""
    seen = [
        counts_of(replace(world, ground=Ground(scale, seed, world.ground.years, world.ground.draw)))
        for seed in range(seeds)
    ]
    months = np.array([one["resident months"] for one in seen])
    told = {name: np.array([one[name] for one in seen]) / months for name in seen[0] if name != "resident months"}
    # The level of offending is set for the whole area: of it, and not of a head, nothing is left to chance.
    start = np.array([one["expected as the plan starts"] for one in seen]) / scale
    return told | {"expected as the plan starts": start, "residents": months / scale, "months": months}


def z_scores(small: dict[str, np.ndarray], large: dict[str, np.ndarray]) -> dict[str, float]:
    """By kind, how many standard errors the two means lie apart."""
    told = {}
    for name in small.keys() - {"months"}:
        one, two = small[name], large[name]
        if name not in ("residents", "expected as the plan starts") and (one * small["months"]).mean() < FEWEST:
            continue
        error = np.sqrt(one.var(ddof=1) / one.size + two.var(ddof=1) / two.size)
        told[name] = (one.mean() - two.mean()) / max(error, 1e-300)
    return told


@law(
    2, "placed", many=8, world=lambda wide: worlds(wide, most_years=1 + wide, sizes=(1, 2)),
    seeds=lambda wide: st.just(2 * SEEDS if wide else SEEDS),
)  # fmt: skip
def test_rates_are_steady_when_agents_double(world, seeds):
    """Among twice as many people, with the same money for the real area, there are twice as many offences, harms,
    convictions, places and people in need: a head's rates are the same but for chance."""
    world = with_strong(replace(world, ground=replace(world.ground, draw=None)), 0.8, pounds=2e8, unit_cost=1000.0)
    told = z_scores(*(rates_at(world, scale, seeds) for scale in SCALES))
    assert {name: z for name, z in told.items() if abs(z) > BOUND} == {}
    assert {"offences", "expected offences", "residents", "places taken by people"} <= told.keys()


@pytest.mark.slow
def test_the_rates_of_a_town_are_those_of_one_twice_its_size():
    """Of 5,200 and 10,400 people without programmes, sixty seeds each: what would be seen is told."""
    world = World(Ground(TOWN[0], 0, 2, None))
    small, large = (rates_at(world, scale, 60) for scale in TOWN)
    told = z_scores(small, large)
    for name, z in sorted(told.items()):
        error = np.sqrt(small[name].var(ddof=1) / 60 + large[name].var(ddof=1) / 60) / abs(large[name].mean())
        print(f"{name}: apart by {z * error:+.1%} ({z:+.1f} errors); a difference of {BOUND * error:.1%} would be seen")
    assert {name: z for name, z in told.items() if abs(z) > BOUND} == {}
    assert {"offences", "expected offences", "residents", "convictions"} <= told.keys()
