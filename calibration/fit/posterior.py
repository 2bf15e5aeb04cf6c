"""What is believed of the unknowns once the targets are seen: a sample, by Markov chain Monte Carlo on the emulators.

Before, every place is as likely as another. A figure is held against its target by a Student t of few degrees of
freedom, so that one that no place can meet does not drag the others along; its width has the target's tolerance and
the emulator's doubt about the figure expected. (The chance of one run is in neither: published figures are of nations.)
What emulators doubt together counts once: misfits are turned, all alike and each as little as may be, so that none
says what others say. Figures of a family count together as the root of their number.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from calibration.fit.emulators import Emulator, emulated, together
from calibration.targets.reader import Target

if TYPE_CHECKING:
    import emcee

Floats = NDArray[np.float64]
DEGREES = 4.0  # of freedom
WALKERS_A_UNKNOWN = 4
Z_95 = 1.959963984540054
INWARDS = 1e-6  # how far inside what is believed walkers set out
CLIMBS, SPREAD, STEP = 6, 0.05, 1e-3  # places climbed from; walkers about the best top; step of a slope


class Held(NamedTuple):
    """Figures held against targets: one entry a target that is a number (a sign says too little to fit to)."""

    emulators: tuple[Emulator, ...]
    value: Floats
    width: Floats  # standard deviation of tolerance and of the emulator's doubt
    weight: Floats
    turn: Floats  # (T, T) by which misfits in widths become ones that do not go together


def held(targets: Sequence[Target], emulators: Sequence[Emulator]) -> Held:
    """Targets held against emulators of their figures."""
    number = Counter(one.family for one in targets)
    tolerance = np.array([one.tolerance for one in targets]) / Z_95
    doubt = np.array([one.doubt for one in emulators])
    weight = np.array([number[one.family] ** -0.5 for one in targets])
    width = np.hypot(tolerance, doubt)
    shared = doubt / np.where(np.isfinite(width), width, 1.0)
    shared = np.where(np.isfinite(shared), shared, 0.0)
    correlation = together(emulators) * np.outer(shared, shared)
    np.fill_diagonal(correlation, 1.0)
    return Held(tuple(emulators), np.array([one.value for one in targets]), width, weight, turn_of(correlation))


def turn_of(correlation: Floats) -> Floats:
    """The inverse symmetric root: of all ways to part what goes together the one that leaves each figure nearest to
    itself, whatever their order (Kessy, Lewin and Strimmer 2018). What is wholly shared is parted no further than a
    thousandth of a variance."""
    values, vectors = np.linalg.eigh(correlation)
    return np.asarray(vectors / np.sqrt(np.maximum(values, 1e-3)) @ vectors.T)


def misfits(against: Held, places: Floats) -> Floats:
    """(P, T) how far figures are from their targets, in standard deviations."""
    return (emulated(against.emulators, places) - against.value) / against.width


def log_likelihood(against: Held, places: Floats) -> Floats:
    """(P,) but for a constant; minus infinity outside the region that the runs are of."""
    told = np.full(len(places), -np.inf)
    within = ((places >= 0.0) & (places <= 1.0)).all(axis=1)
    if within.any():
        told[within] = likelihood_of(against, emulated(against.emulators, places[within]))
    return told


def likelihood_of(against: Held, figures: Floats) -> Floats:
    """(P,) log likelihood of figures (P, T), but for a constant."""
    off = (figures - against.value) / against.width @ against.turn
    return np.asarray(-((DEGREES + 1.0) / 2.0 * np.log1p(off**2 / DEGREES) * against.weight).sum(axis=1))


def chain_of(against: Held, start: Floats, steps: int, random: np.random.RandomState) -> "emcee.EnsembleSampler":
    """A sampler that has gone `steps` steps from `start` (walkers, unknowns)."""
    import emcee

    sampler = emcee.EnsembleSampler(
        *start.shape, lambda places: log_likelihood(against, places), vectorize=True,
        moves=[(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)],
    )  # fmt: skip
    sampler.random_state = random.get_state()
    sampler.run_mcmc(start, steps, skip_initial_state_check=True)
    return sampler


def climbed(against: Held, start: Floats) -> Floats:
    """(unknowns,) the likeliest place that a climb from `start` finds."""
    number = start.size

    def below(place: Floats) -> tuple[float, Floats]:
        step = np.where(place > 0.5, -STEP, STEP)
        likely = log_likelihood(against, np.vstack([place, place + np.diag(step)]))
        return -float(likely[0]), -(likely[1:] - likely[0]) / step

    found = minimize(below, start, jac=True, method="L-BFGS-B", bounds=[(0.0, 1.0)] * number)
    return np.clip(found.x, 0.0, 1.0)


def top_of(against: Held, places: Floats, likely: Floats) -> Floats:
    """(unknowns,) the likeliest place that climbs from the likeliest of these (P, unknowns) come to."""
    best = places[np.argsort(-likely, kind="stable")[:CLIMBS]]
    tops = np.array([climbed(against, one) for one in best])
    return np.asarray(tops[int(np.argmax(log_likelihood(against, tops)))])


def brought_back(places: Floats, inwards: float = 0.0) -> Floats:
    """Places within 0 to 1, and so far from its ends: what goes beyond comes back in."""
    within = np.abs(places)
    return np.clip(np.where(within > 1.0, 2.0 - within, within), inwards, 1.0 - inwards)


def sampled(against: Held, unknowns: int, steps: int, draws: int, seed: int) -> tuple[Floats, float]:
    """(draws, unknowns) places by emcee (Foreman-Mackey and others 2013), and how many of its steps one of them is
    worth: the integrated autocorrelation time, the longest of any unknown. The first half of the steps is left out."""
    import emcee

    rng = np.random.default_rng(seed)
    walkers = WALKERS_A_UNKNOWN * unknowns
    many = rng.random((20 * walkers, unknowns))
    top = top_of(against, many, log_likelihood(against, many))
    start = brought_back(top + SPREAD * rng.standard_normal((walkers, unknowns)), INWARDS)
    sampler = chain_of(against, start, steps, np.random.RandomState(seed % 2**32))
    chain = sampler.get_chain(discard=steps // 2)
    length = float(np.max(emcee.autocorr.integrated_time(chain, tol=0)))
    flat = chain.reshape(-1, unknowns)
    return flat[np.linspace(0, len(flat) - 1, draws).astype(np.int64)], length
