"""A fit from its question to what is believed once the targets are seen.

Three waves of runs: the first over all that is believed, the second where emulators of the first do not rule it out
(history matching: Craig, Goldstein, Seheult and Smith 1997), the third, of more people, where a first sample of the
posterior lies; then a sample on emulators of all, and runs at its mean, which say how the model itself, and not its
emulator, meets the targets. Emulators are moved towards what these runs gave, and the sample and the runs at its mean
are made again, twice: the mean moves, and what the emulators miss with it. The last time there are more runs: of what
is rare, such as children in custody, chance in a few of them is wider than the tolerance.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.fit.bank import Question, Say, answers, lived, table_at
from calibration.fit.emulators import Emulator, Spread, all_emulators, emulated
from calibration.fit.posterior import Held, brought_back, held, misfits, sampled
from calibration.targets.reader import Target
from experiments.runner.journal import Journal
from experiments.runner.living import Carry
from experiments.sensitivity.emulator import evenly_spread

Floats = NDArray[np.float64]
RULED_OUT = 3.0  # standard deviations: more is implausible (Pukelsheim's three sigma rule)
HOW_MANY_OUT = 0.05  # share of the figures that may be implausible at a place that is kept
CANDIDATES = 1 << 14
# Where each round of sampling and of runs at the mean begins and ends, as a share of all there is to do; each after the
# first is from emulators moved to what the runs before it gave.
ROUNDS = ((0.73, 0.78), (0.79, 0.84), (0.85, 0.99))
WIDER = 1.5  # how much wider than the first sample the third wave is spread, so that the last lies inside it


class Sizes(NamedTuple):
    """How much a fit is given."""

    first: int  # runs of the first wave
    second: int
    third: int
    third_times: int  # the third's people, in those of the others
    at_mean: int  # runs at the posterior mean, each with a seed of its own
    times: int  # and of so many times the people: what is rare is not to look missed by chance
    steps: int  # of the last chain; half as many where its mean alone is wanted, or places to look at
    draws: int  # kept of it
    at_last: int  # runs at the mean in the last round, by which it is said what is met


FULL = Sizes(256, 96, 80, 2, 8, 4, 6000, 400, 32)
QUICK = Sizes(96, 48, 24, 2, 8, 2, 1200, 200, 8)


class Fitted(NamedTuple):
    """What came of a fit. T targets that are numbers and fitted, A all that are measured, K unknowns."""

    targets: tuple[Target, ...]  # T
    places: Floats  # (runs, K)
    figures: Floats  # (runs, A)
    emulators: tuple[Emulator, ...]  # T
    kept: float  # share of what was believed that the first wave does not rule out
    reach: Floats  # (2, T) least and greatest figure that any place gives
    draws: Floats  # (draws, K)
    length: float  # steps that one draw is worth
    mean: Floats  # (K,) the mean place
    at_mean: Floats  # (seeds, A)


def numbers(asked: Question) -> tuple[Target, ...]:
    """The targets that are fitted to: a sign says too little."""
    return tuple(one for one in asked.fitted if not one.sign)


def fit(
    asked: Question, sizes: Sizes, journal: Journal, carry: Carry, say: Say, spread: Spread = map
) -> Fitted:
    """What the targets say of the unknowns. Runs that the journal has are not lived again: a fit that was stopped goes
    on where it was when it is asked for again."""
    own = numbers(asked)
    columns, number = [asked.targets.index(one) for one in own], len(asked.unknowns)
    places = evenly_spread(number, sizes.first, asked.seed)
    figures = _run(asked, places, 0, journal, carry, part(say, "first wave", 0.0, 0.31))
    say("emulators of the first wave", 0.31)
    first = held(own, all_emulators(figures[:, columns], places, spread))
    more, kept = not_ruled_out(first, number, sizes.second, asked.seed)
    second = _run(asked, more, len(places), journal, carry, part(say, "second wave", 0.33, 0.45))
    places, figures = np.concatenate([places, more]), np.concatenate([figures, second])
    say("emulators of both, and a first sample", 0.45)
    emulators = all_emulators(figures[:, columns], places, spread)
    more = about(sampled(held(own, emulators), number, sizes.steps // 2, sizes.third, asked.seed + 3)[0])
    told = part(say, "third wave", 0.49, 0.72)
    third = _run(_of(asked, sizes.third_times), more, len(places), journal, carry, told)
    places, figures = np.concatenate([places, more]), np.concatenate([figures, third])
    say("emulators of all", 0.72)
    learned = emulators = all_emulators(figures[:, columns], places, spread)
    many_people = _of(asked, sizes.times)
    for begins, ends in ROUNDS:
        last = (begins, ends) == ROUNDS[-1]
        say("sampling" if emulators is learned else "sampling again, from what the runs at its mean gave", begins)
        steps, times = (sizes.steps, sizes.at_last) if last else (sizes.steps // 2, sizes.at_mean)
        draws, length = sampled(held(own, emulators), number, steps, sizes.draws, asked.seed)
        mean = draws.mean(axis=0)
        again = np.repeat(mean[None], times, axis=0)
        told = part(say, "runs at the mean", begins + 0.02, ends)
        at_mean = _run(many_people, again, 10_000, journal, carry, told)
        if not last:
            emulators = moved_to(learned, mean, at_mean[:, columns])
    many = emulated(emulators, evenly_spread(number, CANDIDATES, asked.seed + 1))
    return Fitted(
        own, places, figures, tuple(emulators), kept, np.array([many.min(axis=0), many.max(axis=0)]), draws, length,
        mean, at_mean,
    )  # fmt: skip


def moved_to(emulators: Sequence[Emulator], place: Floats, found: Floats) -> list[Emulator]:
    """The emulators moved towards what runs (R, T) at a place gave, each by as much as the runs are surer than it is:
    the mean of both, each weighed by its precision. About the place they doubt no less than half of what they did."""
    foretold, moved = emulated(emulators, place[None])[0], []
    for t, one in enumerate(emulators):
        figures = found[np.isfinite(found[:, t]), t]
        if figures.size < 2 or not np.isfinite(one.doubt):
            moved.append(one)
            continue
        error = float(figures.std(ddof=1) / np.sqrt(figures.size))
        weight = one.doubt**2 / max(one.doubt**2 + error**2, 1e-300)
        nearer = max(float(np.sqrt(weight)) * error, one.doubt / 2.0)
        moved.append(one._replace(middle=one.middle + weight * float(figures.mean() - foretold[t]), doubt=nearer))
    return moved


def about(draws: Floats) -> Floats:
    """Places spread about the mean of draws, wider than these, and within 0 to 1: what goes beyond comes back in."""
    return brought_back(draws.mean(axis=0) + WIDER * (draws - draws.mean(axis=0)))


def not_ruled_out(against: Held, unknowns: int, number: int, seed: int) -> tuple[Floats, float]:
    """So many places that the emulators do not rule out, and the share of all that they are. A figure that no place
    comes near rules out none: it is reported, and says nothing of where to look. Too few left: the likeliest."""
    many = evenly_spread(unknowns, CANDIDATES, seed + 2)
    off = np.abs(misfits(against, many))
    reachable = off.min(axis=0) < RULED_OUT
    out = (off[:, reachable] > RULED_OUT).sum(axis=1)
    allowed = int(HOW_MANY_OUT * reachable.sum())
    left = np.flatnonzero(out <= allowed)
    order = np.argsort(out, kind="stable")
    chosen = left[:number] if left.size >= number else order[:number]
    return many[chosen], float(left.size / len(many))


def _of(asked: Question, times: int) -> Question:
    """The same question of so many times the people, or of all there are."""
    return asked._replace(scale=min(asked.scale * times, 1.0))


def _run(asked: Question, places: Floats, first: int, journal: Journal, carry: Carry, say: Say) -> Floats:
    return answers(asked, asked.targets, lived(table_at(asked, places, first), journal, carry, say))


def part(say: Say, what: str, begins: float, ends: float) -> Say:
    """`say` for one part of something long, which lasts from one share of it to another."""
    return lambda words, share: say(f"{what}: {words}", begins + (ends - begins) * share)


def informed(draws: Floats) -> Floats:
    """(K,) how much narrower the targets make each place: 1 less its standard deviation over that of a uniform."""
    return np.asarray(1.0 - draws.std(axis=0) * np.sqrt(12.0))


def conflicts(
    fitted: Fitted, targets: Sequence[Target], number: int = 3, least: float = 0.5
) -> dict[str, list[tuple[str, float]]]:
    """By each target missed at the mean place that some place could meet: the targets that get worse where it is met,
    and by how many tolerances, the worst first. Read from emulators at the draws and at places all over."""
    many = np.concatenate([fitted.draws, evenly_spread(fitted.draws.shape[1], 1 << 12, 3)])
    figures = emulated(fitted.emulators, many)
    here = emulated(fitted.emulators, fitted.mean[None])[0]
    width = np.array([one.tolerance for one in targets])
    value = np.array([one.value for one in targets])
    off, now = np.abs(figures - value) / width, np.abs(here - value) / width
    found: dict[str, list[tuple[str, float]]] = {}
    for t, target in enumerate(targets):
        meets = off[:, t] <= 1.0
        if now[t] <= 1.0 or not meets.any():
            continue
        best = off[meets].sum(axis=1).argmin()
        worse = off[meets][best] - now
        order = [int(k) for k in np.argsort(-worse) if worse[k] > least][:number]
        found[target.id] = [(targets[k].id, float(worse[k])) for k in order]
    return found
