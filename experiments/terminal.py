"""Carrying something out at a terminal: its progress, what to do after a stop, and what came of it."""

import os
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from experiments.batch_folder import Batch, resume
from experiments.experiment_files.experiment import Experiment
from experiments.plan import Plan
from experiments.preview import summary_line
from experiments.progress import progress_bar
from experiments.run import at, local, prepare, run_plan
from experiments.runner.journal import Journal, open_journal
from experiments.sensitivity import write as write_study
from experiments.sensitivity.ask import Study, answered, planned
from experiments.until import next_draws, steadiness
from experiments.waterfall import Asked, nested, write
from results.closing import closing_table
from results.sensitivity import answers


def carry_out(
    batch: Batch, jobs: int | None, threads: int, on: str | None, until: float | None, people: bool
) -> None:
    """Do what a batch lacks, write its results, and say what came of it."""
    processes = jobs or cores()
    click.echo(summary_line(batch.scenario, batch.plan, min(processes, batch.plan.replicates)), err=True)
    click.echo(f"Each run is kept as it comes. After a stop: upstream resume {batch.folder}", err=True)
    try:
        with progress_bar() as progress:
            carry = at(on) if on else local(processes, threads, apart=True)
            made = run_plan(batch.scenario, batch.plan, carry, threads, people, progress, batch.journal)
            while until:
                reached = steadiness(made.dataset)
                progress(reached.words(batch.plan.draws), 1.0)
                if (draws := next_draws(reached.share, batch.plan.draws, until)) is None:
                    break
                batch.extend(draws)
                made = run_plan(batch.scenario, batch.plan, carry, threads, people, progress, batch.journal)
            progress("writing the files", 1.0)
            batch.finish(made.dataset, made.people)
    except KeyboardInterrupt:
        if kept := batch.kept():
            raise click.ClickException(f"stopped; {kept} runs are kept: upstream resume {batch.folder}") from None
        raise
    finally:
        batch.close()
    console().print(closing_table(made.dataset))
    click.echo(
        f"\nEverything is in {batch.folder}: tables, charts, results.nc (every figure) "
        "and run.toml (what it was made from)."
    )
    if made.failed:
        raise click.ClickException(made.failed)


def carry_waterfall(asked: Asked, plan: Plan, folder: Path, jobs: int | None) -> None:
    """Live the steps of a waterfall in a folder, or what it lacks of them, and write the chart."""
    folder.mkdir(parents=True, exist_ok=True)
    click.echo(f"Each run is kept as it comes. After a stop: ask again with --out {folder}", err=True)
    with open_journal(folder) as journal, progress_bar() as progress:
        prepare(1, progress)
        found = nested(asked, plan, journal, local(jobs or cores(), apart=True), progress)
        page = write(asked, plan, found, folder)
    click.echo(f"The chart, its table and its words: {page}")


def study(experiment: Experiment, folder: Path, force: bool, **how: Any) -> None:
    """A study of sensitivity in a new folder, or in one where the same was begun."""
    check_how(**how)
    there = planned(experiment)  # before anything is written
    carry_study(experiment, there, folder, write_study.begin(folder, experiment, force), **how)


def check_how(until: float | None = None, people: bool = False, threads: int = 1, **_: Any) -> None:
    for name, given in (("until", until), ("people", people), ("threads", threads > 1)):
        if given:
            raise click.UsageError(f"--{name} is for runs, not for a study of sensitivity")


def carry_study(experiment: Experiment, there: Study, folder: Path, journal: Journal, **how: Any) -> None:
    """Do what a study lacks, write its files, and say what came of it."""
    again = f"upstream resume {folder}"
    jobs, on = how["jobs"], how["on"]
    click.echo(f"Each run is kept as it comes. After a stop: {again}", err=True)
    try:
        with progress_bar() as progress:
            carry = at(on) if on else local(jobs or cores(), apart=True)
            ds = answered(experiment, there, journal, carry, progress)
            write_study.finish(folder, ds)
    except KeyboardInterrupt:
        if journal.entries():
            raise click.ClickException(f"stopped; what is done is kept: {again}") from None
        raise
    finally:
        write_study.leave(folder, journal)
    click.echo(f"{answers(ds)}\n\nEverything is in {folder}: tables, charts, answer.md and sensitivity.nc.")


def go_on(folder: Path, **how: Any) -> None:
    """What was begun in a folder, a run or a study of sensitivity."""
    there = resume(folder)
    if isinstance(there, Batch):
        carry_out(there, **how)
        return
    experiment, journal = there
    try:
        check_how(**how)
        planning = planned(experiment)
    except BaseException:
        journal.close()
        raise
    carry_study(experiment, planning, folder, journal, **how)


def console(width_in_a_file: int = 110) -> Console:
    """Where tables are printed: as wide as the terminal, or as asked where there is none."""
    return Console(width=None if sys.stdout.isatty() else width_in_a_file)


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
