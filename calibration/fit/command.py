"""`upstream calibrate`: a fit from the name of an area to the files of what came of it."""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from calibration.fit.bank import Question, question
from calibration.fit.fit import FULL, QUICK, Sizes, fit
from calibration.fit.write import write
from calibration.targets import targets_of
from calibration.unknowns import unknowns_of
from experiments.run import local, prepare
from experiments.runner.journal import Journal, open_journal
from experiments.runner.pool import pool_of
from model.evidence import read
from scenarios import Fault, InputFaults
from scenarios.areas import folder_of, load_area
from scenarios.areas.posterior import NAME

Say = Callable[[str, float], None]
PEOPLE, QUICK_PEOPLE = 44_000, 26_000  # simulated in each run
SEED = 2022
DIAGNOSTICS = "fit"  # the folder of an area that holds what is said of its fit


class Asked(NamedTuple):
    """What a calibration was asked for."""

    area: str  # a shipped name or a folder
    folder: Path  # of what comes of it
    quick: bool
    seed: int
    install: bool  # put the posterior in the area's folder, where every run of it samples it


def calibrate(asked: Asked, jobs: int, say: Say) -> list[str]:
    """Fit an area; gives the lines of the summary. Raises InputFaults for an area that cannot be read, or a folder that
    holds the journal of another fit."""
    if importlib.util.find_spec("emcee") is None:
        raise InputFaults([Fault("upstream calibrate", 0, "needs emcee, which is not installed",
                                 'pip install "upstream-prevention[calibrate]"')])  # fmt: skip
    area = load_area(asked.area)
    targets, sizes = targets_of(area), QUICK if asked.quick else FULL
    people = QUICK_PEOPLE if asked.quick else PEOPLE
    scale = min(people / float(area.population.sum()), 1.0)
    what = question(area, unknowns_of(read()), targets, scale, asked.seed)
    asked.folder.mkdir(parents=True, exist_ok=True)
    prepare(1, say)
    with open_journal(asked.folder) as journal, pool_of(jobs) as pool:
        same_fit(journal, what, sizes, asked.folder)
        lines = write(what, fit(what, sizes, journal, local(jobs, apart=True), say, pool.imap), targets, asked.folder)
    if asked.install:
        install(asked.folder, folder_of(asked.area))
    return lines


def install(fit: Path, area: Path) -> None:
    """Put a fit into an area's folder: the posterior, and its diagnostics in a folder of their own."""
    (area / DIAGNOSTICS).mkdir(exist_ok=True)
    shutil.copyfile(fit / NAME, area / NAME)
    for name in ("fit.md", "targets.csv", "unknowns.csv"):
        shutil.copyfile(fit / name, area / DIAGNOSTICS / name)


def same_fit(journal: Journal, asked: Question, sizes: Sizes, folder: Path) -> None:
    """A journal is of one area, seed and size; other runs in it would not be wrong, but never found."""
    mine = {"fit of": asked.area.id, "area": asked.area.hash, "seed": str(asked.seed), "sizes": repr(tuple(sizes)[:4])}
    told = journal.told()
    if not told:
        journal.tell(mine)
    elif told != mine:
        raise InputFaults([Fault(str(folder), 0, f"holds another fit, of {told.get('fit of', 'something else')}",
                                 "name another folder with --out")])  # fmt: skip


