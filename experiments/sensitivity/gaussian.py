"""A Gaussian process over places from 0 to 1: what functions go through some runs, and how likely each kind is.

Its covariance has two parts. Each input acts by itself, along a line and some waves; and a Matern 5/2 with a length
scale an input has what inputs do together. With the Matern alone, an input that bends the answer sharply by itself
would be held to act together with all others (additive kernels: Durrande, Ginsbourger and Roustant 2012).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_solve, cholesky
from scipy.linalg.lapack import dpotri
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Reals = NDArray[Any]  # of either precision, and what comes of them is of the same
WAVES = 8  # of each input by itself: half a wave across its range, a whole one, ...
FEATURES = 512
SQRT_5 = np.float32(np.sqrt(5.0))
SHORTEST, QUIETEST = 0.05, 1e-6  # length scale and nugget: with less, covariances cannot be inverted
FAILED = 1e10  # what a kernel weighs that cannot be
STEP = 1e-4  # of a log parameter, by which the curvature of its likelihood is measured


class Kernel(NamedTuple):
    """Variances are of answers whose variance is 1. The logs of all, in this order, are theta (2 K + 4,)."""

    together: float  # variance of the Matern
    scales: Floats  # (K,) its length scales
    alone: Floats  # (K,) variance of each input's line
    bend: float  # variance of a slow wave, beside that of the line
    reach: float  # number of the wave from which they die down
    nugget: float  # variance of what no function explains


class Process(NamedTuple):
    """A kernel at the runs."""

    kernel: Kernel
    places: Floats  # (N, K)
    answers: Floats  # (N,) standardised
    root: Floats  # (N, N) lower Cholesky factor of their covariance
    solved: Floats  # (N,) the answers times the inverse of it


def kernel_of(theta: Floats) -> Kernel:
    number = (len(theta) - 4) // 2
    own = np.exp(theta)
    return Kernel(own[0], own[1 : number + 1], own[number + 1 : -3], own[-3], own[-2], own[-1])


def beliefs(number: int) -> tuple[Floats, Floats]:
    """Mean and standard deviation of theta before any run. Of length scales, those of Hvarfner, Hellsten and Nardi
    (2024), longer the more inputs there are; the others are wide, and say that inputs share one variance."""
    each = np.ones(number)
    scales, alone = np.sqrt(2.0) + np.log(number) / 2.0, -1.0 - np.log(number)
    middle = np.array([-1.0, *scales * each, *alone * each, np.log(0.3), np.log(2.5), -4.0])
    return middle, np.array([1.5, *np.sqrt(3.0) * each, *2.0 * each, 1.5, 0.7, 3.0])


def bounds_of(number: int) -> Floats:
    """(2 K + 4, 2) ends of theta, far out in what is believed of it."""
    middle, width = beliefs(number)
    low, high = middle - 4.0 * width, middle + 4.0 * width
    low[1 : number + 1] = np.maximum(low[1 : number + 1], np.log(SHORTEST))
    low[-1] = np.log(QUIETEST)
    return np.column_stack([low, high])


def start_of(number: int, scale: float) -> Floats:
    """A theta to begin a search at: its length scales are `scale` for one input, as points are the farther apart the
    more inputs there are."""
    start = beliefs(number)[0]
    start[1 : number + 1] = np.log(scale * np.sqrt(number))
    return start


def basis(places: Reals) -> Reals:
    """(N, K, 1 + WAVES) each input's line and waves, of variance 1. The waves are the eigenfunctions of a range with
    free ends, by which a process is written in few terms (Solin and Sarkka 2020)."""
    at = places[:, :, None]
    waves = np.sqrt(2.0) * np.cos(np.pi * np.arange(1, WAVES + 1, dtype=places.dtype) * at)
    return np.concatenate([np.sqrt(12.0) * (at - 0.5), waves], axis=2).astype(places.dtype)


def fall_of(kernel: Kernel) -> Floats:
    """(WAVES,) variance of each wave beside that of the line, as the spectrum of a Matern 5/2 falls."""
    return np.asarray(kernel.bend * (1.0 + (np.arange(1, WAVES + 1) / kernel.reach) ** 2) ** -3)


def strengths(kernel: Kernel) -> Floats:
    """(K, 1 + WAVES) variances of the basis."""
    return np.asarray(kernel.alone[:, None] * np.concatenate([[1.0], fall_of(kernel)]))


def apart(a: Reals, b: Reals) -> Reals:
    """sqrt(5) times the distances between places that are in length scales."""
    square = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)
    square -= 2.0 * (a @ b.T)
    np.maximum(square, 0.0, out=square)
    np.sqrt(square, out=square)
    square *= SQRT_5
    return np.asarray(square)


def matern(apart: Reals) -> Reals:
    told = apart / 3.0  # in place from here on
    told += 1.0
    told *= apart
    told += 1.0
    told *= np.exp(-apart)
    return np.asarray(told)


def covariance(kernel: Kernel, a: Floats, b: Floats) -> Floats:
    """(A, B) covariances of the function, without the nugget."""
    lines = (basis(a) * strengths(kernel)).reshape(len(a), -1) @ basis(b).reshape(len(b), -1).T
    return np.asarray(kernel.together * matern(apart(a / kernel.scales, b / kernel.scales)) + lines)


def process_of(theta: Floats, places: Floats, answers: Floats) -> Process:
    kernel = kernel_of(theta)
    root = cholesky(covariance(kernel, places, places) + kernel.nugget * np.eye(len(places)), lower=True)
    return Process(kernel, places, answers, root, cho_solve((root, True), answers))


def expected(process: Process, places: Floats) -> Floats:
    """(places,) the mean of the functions."""
    return np.asarray(covariance(process.kernel, places, process.places) @ process.solved)


def left_one_out(process: Process) -> tuple[Floats, Floats]:
    """(N,) how far each answer is from what all others say of it, and the standard deviation of what they say; the
    kernel stays (Rasmussen and Williams 2006, equation 5.12; Dubrule 1983)."""
    inverse = np.diag(inverse_of(process.root))
    return process.solved / inverse, 1.0 / np.sqrt(inverse)


def inverse_of(root: Floats) -> Floats:
    """(N, N) the inverse of what has this lower Cholesky factor, in a third of the work of solving for it."""
    half = np.tril(dpotri(root, lower=1)[0])
    half += np.tril(half, -1).T
    return np.asarray(half)


def against(theta: Floats, places: Floats, answers: Floats) -> tuple[float, Floats]:
    """Minus the log of how likely a theta is, given runs and beliefs, but for a constant; and its gradient
    (Rasmussen and Williams 2006, equations 5.8 and 5.9), of which none holds (N, N, K) numbers."""
    kernel, (number, inputs) = kernel_of(theta), places.shape
    z = places / kernel.scales
    far = apart(z, z)
    np.fill_diagonal(far, 0.0)
    # In place where it may be: arrays of N by N are most of what this costs.
    fade = np.exp(-far)
    fade *= kernel.together
    steep = (1.0 + far) * fade
    together = far * far
    together *= fade / 3.0
    together += steep
    terms = (basis(places) * np.sqrt(strengths(kernel))).reshape(number, -1)
    whole = terms @ terms.T
    whole += together
    whole.flat[:: number + 1] += kernel.nugget
    try:
        root = cholesky(whole, lower=True, overwrite_a=True, check_finite=False)
    except LinAlgError:
        return FAILED, np.zeros_like(theta)
    solved = cho_solve((root, True), answers, check_finite=False)
    slope = np.outer(solved, solved)
    slope -= inverse_of(root)
    steep *= slope
    steep *= 5.0 / 3.0
    by_scale = steep.sum(axis=1) @ (z * z) - (z * (steep @ z)).sum(axis=0)  # half the sum over pairs
    by_term = ((slope @ terms) * terms).sum(axis=0).reshape(inputs, -1) / 2.0
    square = (np.arange(1, WAVES + 1) / kernel.reach) ** 2
    by_reach = by_term[:, 1:].sum(axis=0) @ (6.0 * square / (1.0 + square))
    gain = [np.vdot(slope, together) / 2.0, *by_scale, *by_term.sum(axis=1), by_term[:, 1:].sum(), by_reach,
            kernel.nugget * np.trace(slope) / 2.0]  # fmt: skip
    middle, width = beliefs(inputs)
    away = (theta - middle) / width
    value = answers @ solved / 2.0 + np.log(np.diag(root)).sum() + away @ away / 2.0
    return float(value), away / width - np.array(gain)


def likeliest(start: Floats, places: Floats, answers: Floats, enough: float = 2e-9) -> tuple[float, Floats]:
    """The least of `against` near a start, and where it is. The search ends where a step gains less than `enough` of
    the whole. One that stops early counts for what it found: how good that is, runs that it was not told of will say.
    """
    told = minimize(
        against, start, args=(places, answers), jac=True, bounds=bounds_of(places.shape[1]), method="L-BFGS-B",
        options={"ftol": enough},
    )
    return float(told.fun), np.asarray(told.x)


def possible(theta: Floats, places: Floats, answers: Floats, number: int, rng: np.random.Generator) -> Floats:
    """(number, 2 K + 4) thetas about the likeliest, as the curvature there has them (Laplace's approximation; Rasmussen
    and Williams 2006, section 5.2)."""
    here = against(theta, places, answers)[1]
    moved = [against(theta + STEP * one, places, answers)[1] - here for one in np.eye(len(theta))]
    curvature = np.array(moved) / STEP
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2.0)
    width = 1.0 / np.sqrt(np.maximum(values, 1.0 / beliefs(places.shape[1])[1].max() ** 2))
    drawn = theta + (rng.standard_normal((number, len(theta))) * width) @ vectors.T
    return np.clip(drawn, *bounds_of(places.shape[1]).T)


def drawn(process: Process, number: int, rng: np.random.Generator) -> Callable[[Singles], Singles]:
    """`number` functions that the process holds possible, without the nugget: of places (P, K) they give (P, number).

    Functions from before the runs, the Matern by random Fourier features, moved to the runs (Matheron's rule; Wilson
    and others 2020). Evaluated in single precision, ten times as fast: an index needs three digits.
    """
    kernel, places = process.kernel, process.places
    inputs = places.shape[1]
    # The spectrum of a Matern is a Student t with twice as many degrees of freedom as its 5/2.
    spread = np.sqrt(5.0 / rng.chisquare(5.0, FEATURES))
    waves = rng.standard_normal((inputs, FEATURES)) * spread / kernel.scales[:, None]
    phase = rng.uniform(0.0, 2.0 * np.pi, FEATURES)
    height = rng.standard_normal((FEATURES, number)) * np.sqrt(2.0 * kernel.together / FEATURES)
    variances = strengths(kernel).reshape(-1, 1)
    terms = basis(places).reshape(len(places), -1)
    weights = np.sqrt(variances) * rng.standard_normal((len(variances), number))
    noise = np.sqrt(kernel.nugget) * rng.standard_normal((len(places), number))
    before = np.cos(places @ waves + phase) @ height + terms @ weights + noise
    move = cho_solve((process.root, True), process.answers[:, None] - before)
    weights += variances * (terms.T @ move)
    w, p, h, alone, scales, runs, pull = (
        one.astype(np.float32)
        for one in (waves, phase, height, weights, kernel.scales, places / kernel.scales, kernel.together * move)
    )

    def at(some: Singles) -> Singles:
        together = np.cos(some @ w + p) @ h + matern(apart(some / scales, runs)) @ pull
        return np.asarray(together + basis(some).reshape(len(some), -1) @ alone)

    return at
