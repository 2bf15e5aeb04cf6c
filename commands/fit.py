"""Commands that hold an area's model against the world: fit, validation, whole lives."""

from pathlib import Path
from typing import Any

import click

from commands.options import options


@click.command()
@click.argument("area")
@click.option("--quick", is_flag=True, help="Fewer and smaller runs: a first look.")
@click.option("--install", is_flag=True, help="Put the fit in the area's folder: every run of it then samples it.")
@options("seed", "jobs", "out")
def calibrate(area: str, quick: bool, install: bool, seed: int | None, jobs: int | None, out: Path | None) -> None:
    """Fit what is believed but unknown to the official statistics of AREA, a shipped name or a folder.

    Each run is kept as it comes: after a stop, ask again with the same --out.
    """
    from calibration.fit.command import SEED, Asked
    from calibration.fit.command import calibrate as fit
    from experiments.files import default_folder
    from experiments.progress import spoken
    from experiments.terminal import cores

    folder = out or default_folder(f"calibration-{Path(area).name}")
    asked = Asked(area, folder, quick, SEED if seed is None else seed, install)
    spoken(f"upstream calibrate {area} --out {folder}", lambda say: fit(asked, jobs or cores(), say),
           f"Everything is in {folder}: posterior.csv, targets.csv, unknowns.csv and fit.md.")  # fmt: skip


@click.command()
@click.argument("area")
@click.option("--quick", is_flag=True, help="Fewer people, and neither trials nor cohorts.")
@click.option("--fit", type=click.Path(path_type=Path), metavar="FOLDER", help="A fit not installed: its folder.")
@options("seed", "jobs", "out")
def validate(area: str, quick: bool, fit: Path | None, seed: int | None, jobs: int | None, out: Path | None) -> None:
    """Hold the fit of AREA against what it was fitted to, and against what it was not.

    Each run is kept as it comes: after a stop, ask again with the same --out.
    """
    from calibration.validation.command import Asked
    from calibration.validation.command import validate as hold
    from experiments.files import default_folder
    from experiments.progress import spoken
    from experiments.terminal import cores

    folder = out or default_folder(f"validation-{Path(area).name}")
    asked = Asked(area, folder, quick, 1 if seed is None else seed, fit)
    spoken(f"upstream validate {area} --out {folder}", lambda say: hold(asked, jobs or cores(), say),
           f"The report is {folder / 'validation.html'}; the same as a table: validation.csv.")  # fmt: skip


@click.command()
@click.argument("area")
@click.option("--size", type=click.IntRange(100, 1_000_000), default=20_000, help="People in the cohort.")
@click.option("--to", type=click.IntRange(1, 90), default=56, help="Last whole year of age.")
@click.option("--without", type=click.Choice(["aces"]), help="The same people without adverse childhood experiences.")
@click.option("--trial", default="", metavar="SCHEME", help="Randomise a scheme inside the cohort: its id or its file.")
@click.option("--n", "number", type=click.IntRange(2), default=2000, help="People in the trial.")
@click.option("--rates", type=click.Path(path_type=Path), metavar="FILE", help="A table of rates by year.")
@click.option("--as-born", type=click.IntRange(1920, 2022), metavar="YEAR",
              help="Rates at each age as people born in that financial year met them.")
@options("seed", "out")
def cohort(area: str, without: str | None, seed: int | None, out: Path | None, **settings: Any) -> None:
    """Follow people born in AREA in one year through life, and write cohort.nc.

    What is lived is kept every ten years: after a stop, ask again with the same --out.
    """
    from experiments.cohort.command import Asked
    from experiments.cohort.command import cohort as live
    from experiments.files import default_folder
    from experiments.progress import spoken

    folder = out or default_folder(f"cohort-{Path(area).name}")
    asked = Asked(area, folder, seed=1 if seed is None else seed, without_aces=bool(without), **settings)
    spoken(f"ask again with --out {folder}", lambda say: live(asked, say), f"Everything is in {folder / 'cohort.nc'}.")
