"""What is believed of the unknowns once the targets are seen: a sample, by Markov chain Monte Carlo on the emulators.

Before, every place is as likely as another. A figure is held against its target by a Student t of few degrees of
freedom, so that one that no place can meet does not drag the others along; its width has the target's tolerance, and
what the emulator does not explain. Figures of a family count together as the root of their number.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.fit.emulators import Emulator, emulated
from calibration.targets.reader import Target

Floats = NDArray[np.float64]
DEGREES = 4.0  # of freedom
WALKERS_A_UNKNOWN = 4
Z_95 = 1.959963984540054


class Held(NamedTuple):
    """Figures held against targets: one entry a target that is a number (a sign says too little to fit to)."""

    emulators: tuple[Emulator, ...]
    value: Floats
    width: Floats  # standard deviation of tolerance and of what the emulator does not explain
    weight: Floats


def held(targets: Sequence[Target], emulators: Sequence[Emulator], values: Floats | None = None) -> Held:
    """Targets held against emulators; `values` stand for the published figures where they are given."""
    number = Counter(one.family for one in targets)
    tolerance = np.array([one.tolerance for one in targets]) / Z_95
    error = np.array([one.error for one in emulators])
    told = np.array([one.value for one in targets]) if values is None else values
    weight = np.array([number[one.family] ** -0.5 for one in targets])
    return Held(tuple(emulators), told, np.hypot(tolerance, error), weight)


def misfits(against: Held, places: Floats) -> Floats:
    """(P, T) how far figures are from their targets, in standard deviations."""
    return (emulated(against.emulators, places) - against.value) / against.width


def log_likelihood(against: Held, places: Floats) -> Floats:
    """(P,) but for a constant; minus infinity outside the region that the runs are of."""
    told = np.full(len(places), -np.inf)
    within = ((places >= 0.0) & (places <= 1.0)).all(axis=1)
    if within.any():
        off = misfits(against, places[within])
        told[within] = -((DEGREES + 1.0) / 2.0 * np.log1p(off**2 / DEGREES) * against.weight).sum(axis=1)
    return told


def sampled(against: Held, unknowns: int, steps: int, draws: int, seed: int) -> tuple[Floats, float]:
    """(draws, unknowns) places by emcee (Foreman-Mackey and others 2013), and how many of its steps one of them is
    worth: the integrated autocorrelation time, the longest of any unknown. The first half of the steps is left out."""
    import emcee

    rng = np.random.default_rng(seed)
    walkers = WALKERS_A_UNKNOWN * unknowns
    many = rng.random((20 * walkers, unknowns))
    start = many[np.argsort(-log_likelihood(against, many), kind="stable")[:walkers]]
    sampler = emcee.EnsembleSampler(
        walkers, unknowns, lambda places: log_likelihood(against, places), vectorize=True,
        moves=[(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)],
    )  # fmt: skip
    sampler.random_state = np.random.RandomState(seed % 2**32).get_state()
    sampler.run_mcmc(start, steps)
    chain = sampler.get_chain(discard=steps // 2)
    length = float(np.max(emcee.autocorr.integrated_time(chain, tol=0)))
    flat = chain.reshape(-1, unknowns)
    return flat[np.linspace(0, len(flat) - 1, draws).astype(np.int64)], length
