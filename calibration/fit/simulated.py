"""Simulation-based calibration: is what a fit believes as often right as it says? (Talts and others 2018)

    python -m calibration.fit.simulated FOLDER

takes the bank of runs of a fit. Half of its runs teach emulators; each of 100 of the other half stands for the world:
its own figures are the targets, and the posterior step is repeated; then the halves change places. The unknowns are
known, so that one can count how often the middle 90% of the posterior hold them. Kept in `simulated.csv` beside this
file: once as a fit weighs targets, by family, and once with every figure counting in full.
"""

import argparse
import csv
import sys
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.fit.bank import Question, answers, question, table_at
from calibration.fit.command import PEOPLE, QUICK_PEOPLE, SEED
from calibration.fit.emulators import Emulator, all_emulators, together
from calibration.fit.fit import FULL, QUICK, numbers
from calibration.fit.posterior import Held, held, log_likelihood, moved, root_of
from calibration.targets import targets_of
from calibration.unknowns import unknowns_of
from calibration.watching.watched import Watched, from_bytes
from experiments.runner.journal import open_journal
from experiments.sensitivity.emulator import evenly_spread
from model.evidence import read
from scenarios.areas import load_area

Floats = NDArray[np.float64]
TABLE = Path(__file__).with_name("simulated.csv")
DATA_SETS, INSIDE = 200, 0.90
PROPOSED, STEPS, WALKERS = 1 << 13, 300, 120
SPREAD = 0.5  # the places that walkers set out from are worth this share of their number in places that differ


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


def of_one_run(against: Held, figures: Floats, weighed: bool) -> Held:
    """The same, held against the figures of one run, whose chance is part of the doubt: figures miss together as those
    of other runs do. What no unknown moves is left out."""
    width = np.array([one.error for one in against.emulators])
    flat = np.array([one.is_flat for one in against.emulators])
    kept = np.flatnonzero(np.isfinite(figures) & ~flat & np.isfinite(width) & (width > 0))
    emulators = tuple(against.emulators[t] for t in kept)
    weight = against.weight[kept] if weighed else np.ones(kept.size)
    return Held(emulators, figures[kept], width[kept], weight, root_of(together(emulators)))


def set_out(likely: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """(WALKERS,) which of the places proposed walkers set out from: by likelihood, but so far tempered that they do not
    all stand in few of them."""
    low, high = 0.0, 1.0
    for _ in range(30):
        power = (low + high) / 2.0
        weight = np.exp(power * (likely - likely.max()))
        low, high = (power, high) if weight.sum() ** 2 / (weight**2).sum() > SPREAD * WALKERS else (low, power)
    weight = np.exp(low * (likely - likely.max()))
    return rng.choice(likely.size, size=WALKERS, p=weight / weight.sum())


def posterior(against: Held, proposed: Floats, rng: np.random.Generator) -> Floats:
    """(walkers of the last steps, unknowns) what is believed of one pseudo-world, by the sampler of a fit."""
    start = proposed[set_out(log_likelihood(against, proposed), rng)]
    start = np.clip(start + rng.normal(0.0, 0.02, start.shape), 1e-6, 1.0 - 1e-6)
    return moved(against, start, STEPS, rng)


def covered(task: tuple[int, Floats, Floats, bool], against: Held, proposed: Floats) -> Floats:
    """(unknowns,) rank of the truth in the posterior of one pseudo-world, as a share."""
    number, truth, figures, weighed = task
    rng = np.random.default_rng([SEED, number])
    draws = posterior(of_one_run(against, figures, weighed), proposed, rng)
    return np.asarray((draws < truth).mean(axis=0))


def simulated(bank: Bank, spread: Any) -> dict[bool, Floats]:
    """By whether targets are weighed by family: (data sets, unknowns) ranks of the truth."""
    found: dict[bool, list[Floats]] = {True: [], False: []}
    proposed = evenly_spread(len(bank.asked.unknowns), PROPOSED, SEED + 9)
    half = np.arange(len(bank.places)) % 2
    for fold in (0, 1):
        emulators: list[Emulator] = all_emulators(bank.figures[half == fold], bank.places[half == fold], spread)
        against = held(numbers(bank.asked), emulators)
        others = np.flatnonzero(half != fold)[: DATA_SETS // 2]
        for weighed, ranks in found.items():
            tasks = [(int(at), bank.places[at], bank.figures[at], weighed) for at in others]
            of_all = partial(covered, against=against, proposed=proposed)
            ranks.extend(spread(of_all, tasks))
    return {weighed: np.array(ranks) for weighed, ranks in found.items()}


def coverage(ranks: Floats) -> Floats:
    """(unknowns,) share of data sets whose truth is within the middle 90%."""
    outside = (1.0 - INSIDE) / 2.0
    return np.asarray(((ranks >= outside) & (ranks <= 1.0 - outside)).mean(axis=0))


def write(path: Path, bank: Bank, found: dict[bool, Floats]) -> list[str]:
    """The table, and lines that say what it shows."""
    by_weight = {weighed: coverage(ranks) for weighed, ranks in found.items()}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["unknown", "data sets", "within 90%, weighed as in a fit", "within 90%, every figure in full"])
        for k, one in enumerate(bank.asked.unknowns):
            writer.writerow([one.id, len(found[True]), f"{by_weight[True][k]:.3f}", f"{by_weight[False][k]:.3f}"])
        all_of = [float(one.mean()) for one in by_weight.values()]
        writer.writerow(["all", len(found[True]), *(f"{one:.3f}" for one in all_of)])
    error = np.sqrt(INSIDE * (1.0 - INSIDE) / len(found[True]))
    words = {True: "Weighed by family as in a fit", False: "Every figure in full"}
    return [
        f"{words[weighed]}: the middle 90% hold the truth in {of.mean():.1%} of {len(found[weighed])} data sets over "
        f"all unknowns, {of.min():.1%} to {of.max():.1%} by unknown (one unknown's error of chance {error:.1%})."
        for weighed, of in by_weight.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="of a fit, with its journal")
    parser.add_argument("--area", default="west_mercia")
    parser.add_argument("--quick", action="store_true", help="the fit was a quick one")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    bank = bank_of(asked.folder, asked.area, asked.quick)
    with get_context("spawn").Pool(asked.jobs) as pool:
        found = simulated(bank, pool.imap)
    sys.stdout.write("\n".join(write(TABLE, bank, found)) + "\n")


if __name__ == "__main__":
    main()
