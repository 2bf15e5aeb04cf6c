"""Simulation-based calibration: is what a fit believes as often right as it says? (Talts and others 2018)

    python -m calibration.fit.simulated FOLDER [--in-full]

takes the bank of runs of a fit. Half of the runs of its first wave, drawn by lot, teach emulators; each of 100 of the
other half stands for the world: its own figures are the targets, and the posterior step is repeated; then the halves
change places. The unknowns are known, so that one can count how often the middle 90% of the posterior hold them. Kept
in `simulated.csv` beside this file: after so many steps of the chain, and after half of them, which tells whether they
were enough. Targets are weighed by family, as a fit does; with `--in-full` each counts in full, which a fit does not.

It tests emulators, what they say of their own error, and the sampler, on figures that miss by the chance of one run.
Tolerances of published figures, the later waves and the runs at the mean are not in it.
"""

import argparse
import csv
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.fit.bank import Question, answers, question, table_at
from calibration.fit.command import PEOPLE, QUICK_PEOPLE, SEED
from calibration.fit.emulators import Emulator, all_emulators, emulated, together
from calibration.fit.fit import FULL, QUICK, numbers
from calibration.fit.posterior import (
    DEGREES,
    INWARDS,
    Held,
    brought_back,
    chain_of,
    held,
    likelihood_of,
    top_of,
    turn_of,
)
from calibration.targets import targets_of
from calibration.unknowns import unknowns_of
from calibration.watching.watched import Watched, from_bytes
from experiments.progress import spoken_progress
from experiments.runner.journal import open_journal
from experiments.runner.pool import pool_of
from experiments.sensitivity.emulator import evenly_spread
from model.evidence import read
from scenarios.areas import load_area

Floats = NDArray[np.float64]
TABLE = Path(__file__).with_name("simulated.csv")
DATA_SETS, INSIDE = 200, 0.90
PROPOSED, STEPS, WALKERS = 1 << 13, 1200, 120
SLOPE = 0.02  # step of a slope, of what is believed
UNIFORM = 1 / 12  # variance of a place before anything is seen


class Bank(NamedTuple):
    """Places and figures of the runs of a bank's first wave, which are spread over all that is believed."""

    asked: Question
    places: Floats  # (runs, unknowns)
    figures: Floats  # (runs, targets)


def bank_of(folder: Path, area: str, quick: bool) -> Bank:
    """What the journal of a fit holds."""
    tables = load_area(area)
    people, sizes = (QUICK_PEOPLE, QUICK) if quick else (PEOPLE, FULL)
    scale = min(people / float(tables.population.sum()), 1.0)
    asked = question(tables, unknowns_of(read()), targets_of(tables), scale, SEED)
    places = evenly_spread(len(asked.unknowns), sizes.first, asked.seed)
    table = table_at(asked, places, 0)
    with open_journal(folder) as journal:
        known = journal.entries()
        hashes = [runs[0].hash for runs in table.runs_of]
        if missing := sum(name not in known for name in hashes):
            raise SystemExit(f"{folder}: {missing} of {len(hashes)} runs of this fit are not there")
        runs: list[Watched | None] = [from_bytes(kept) for kept in journal.outcomes(hashes)]
    return Bank(asked, places, answers(asked, numbers(asked), runs))


class Proposed(NamedTuple):
    """Places all over what is believed, and the figures that emulators give there."""

    places: Floats  # (P, K)
    figures: Floats  # (P, T)


def of_one_run(against: Held, figures: Floats, weighed: bool) -> tuple[Held, NDArray[np.int64]]:
    """The same, held against the figures of one run, whose chance is part of the doubt: figures miss together as those
    of other runs do. What no unknown moves is left out; which figures are left."""
    width = np.array([one.error for one in against.emulators])
    flat = np.array([one.is_flat for one in against.emulators])
    kept = np.flatnonzero(np.isfinite(figures) & ~flat & np.isfinite(width) & (width > 0))
    emulators = tuple(against.emulators[t] for t in kept)
    weight = against.weight[kept] if weighed else np.ones(kept.size)
    return Held(emulators, figures[kept], width[kept], weight, turn_of(together(emulators))), kept


def set_out(against: Held, top: Floats, rng: np.random.Generator) -> Floats:
    """(WALKERS, K) where walkers set out from: about the top of the posterior, as far as its curvature there has it
    spread (the normal approximation, with what is believed before as a normal of the same variance)."""
    unknowns = top.size
    step = np.where(top > 0.5, -SLOPE, SLOPE)
    figures = emulated(against.emulators, np.vstack([top, top + np.diag(step)]))
    slope = (figures[1:] - figures[0]) / step[:, None] / against.width @ against.turn  # (K, T)
    worth = against.weight * (DEGREES + 1.0) / (DEGREES + 3.0)  # Fisher information of a t
    spread = np.linalg.inv(slope * worth @ slope.T + np.eye(unknowns) / UNIFORM)
    away = rng.standard_normal((WALKERS, unknowns)) @ np.linalg.cholesky(spread).T
    return brought_back(top + away, INWARDS)


def posterior(against: Held, proposed: Proposed, rng: np.random.Generator, steps: int) -> list[Floats]:
    """What is believed of one pseudo-world, by the sampler of a fit: places (WALKERS, K) after half of the steps and
    after all."""
    top = top_of(against, proposed.places, likelihood_of(against, proposed.figures))
    start = set_out(against, top, rng)
    chain = chain_of(against, start, steps, np.random.RandomState(int(rng.integers(2**32)))).get_chain()
    return [chain[steps // 2 - 1], chain[-1]]


def covered(
    task: tuple[int, Floats, Floats, bool], against: Held, proposed: Proposed, steps: int = STEPS
) -> Floats:
    """(2, unknowns) rank of the truth in the posterior of one pseudo-world, as a share: after half the steps, all."""
    number, truth, figures, weighed = task
    own, kept = of_one_run(against, figures, weighed)
    rng = np.random.default_rng([SEED, number])
    told = posterior(own, proposed._replace(figures=proposed.figures[:, kept]), rng, steps)
    return np.array([(draws < truth).mean(axis=0) for draws in told])


def simulated(bank: Bank, weighed: bool, spread: Any) -> Floats:
    """(data sets, 2, unknowns) ranks of the truth after half of the steps and after all."""
    found: list[Floats] = []
    say = spoken_progress()
    places = evenly_spread(len(bank.asked.unknowns), PROPOSED, SEED + 9)
    half = np.random.default_rng(SEED).permutation(len(bank.places)) % 2
    for fold in (0, 1):
        emulators: list[Emulator] = all_emulators(bank.figures[half == fold], bank.places[half == fold], spread)
        against = held(numbers(bank.asked), emulators)
        of_all = partial(covered, against=against, proposed=Proposed(places, emulated(emulators, places)))
        others = np.flatnonzero(half != fold)[: DATA_SETS // 2]
        tasks = [(int(at), bank.places[at], bank.figures[at], weighed) for at in others]
        for one in spread(of_all, tasks):
            found.append(one)
            say("data sets", len(found) / DATA_SETS)
    return np.array(found)


def coverage(ranks: Floats) -> Floats:
    """Share of data sets (first axis) whose truth is within the middle 90%."""
    outside = (1.0 - INSIDE) / 2.0
    return np.asarray(((ranks >= outside) & (ranks <= 1.0 - outside)).mean(axis=0))


def write(path: Path, bank: Bank, ranks: Floats) -> list[str]:
    """The table, and lines that say what it shows."""
    half, whole = coverage(ranks)  # each (unknowns,)
    names = [one.id for one in bank.asked.unknowns]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["unknown", "data sets", "truth within the middle 90%", "after half of the steps"])
        for name, *shares in zip([*names, "all"], [*whole, whole.mean()], [*half, half.mean()], strict=True):
            writer.writerow([name, len(ranks), *(f"{share:.3f}" for share in shares)])
    error = np.sqrt(INSIDE * (1.0 - INSIDE) / len(ranks))
    return [
        f"The middle 90% hold the truth in {whole.mean():.1%} of {len(ranks)} data sets over all unknowns, "
        f"{whole.min():.1%} to {whole.max():.1%} by unknown; after half of the steps in {half.mean():.1%}.",
        f"Further from {INSIDE:.0%} than twice the error of chance ({error:.1%}): "
        f"{int((whole < INSIDE - 2.0 * error).sum())} of {len(whole)} unknowns below (ranges too narrow), "
        f"{int((whole > INSIDE + 2.0 * error).sum())} above (too wide); by chance about two in all.",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="of a fit, with its journal")
    parser.add_argument("--area", default="west_mercia")
    parser.add_argument("--quick", action="store_true", help="the fit was a quick one")
    parser.add_argument("--in-full", action="store_true", help="every figure counts in full; prints, keeps no table")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    bank = bank_of(asked.folder, asked.area, asked.quick)
    with pool_of(asked.jobs) as pool:
        ranks = simulated(bank, not asked.in_full, pool.imap)
    lines = write(Path(os.devnull) if asked.in_full else TABLE, bank, ranks)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
