"""Commands that tell of a finished run: papers, assurance, and what it predicted held against what came."""

from pathlib import Path
from typing import Any

import click

from commands.options import options


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@options("register")
def register(run: Path, register: Path) -> None:
    """Keep what the finished RUN predicted, in a register that only grows, so that it can be scored later."""
    from experiments.register.command import register_run

    click.echo(register_run(run, register))


@click.command()
@click.argument("area", required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--alternative", help="The plan that was carried out; by default the comparator.")
@click.option("--template", type=click.Path(path_type=Path), metavar="FILE", help="Write a FILE to fill in, and stop.")
@click.option("--out", type=click.Path(path_type=Path), default=".", help="Folder of score.csv; by default this one.")
@options("register")
def score(area: str | None, file: Path | None, template: Path | None, **asked: Any) -> None:
    """Hold every registered run of AREA against the recorded figures in FILE (CSV), beside a naive forecast."""
    from experiments.register.command import Asked
    from experiments.register.command import score as hold
    from experiments.register.recorded import write_template
    from experiments.terminal import console

    if template:
        click.echo(f"wrote {write_template(template)}; fill in value and source, then: upstream score AREA {template}")
        return
    if area is None or file is None:
        raise click.UsageError("give AREA and FILE, or --template FILE to write one to fill in")
    for told in hold(Asked(area, file, **asked)):
        console().print(told)


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--by", metavar='"NAME, ROLE"', default="", help="Who answers for the run; nobody unless it is given.")
@click.option("--check", is_flag=True, help="Write nothing: say whether the run is still the one that the pack is of.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the pack; by default RUN/assurance.")
@click.option("--force", is_flag=True, help="Write anew a pack that was edited or has a name on it.")
def assure(run: Path, out: Path | None, by: str, check: bool, force: bool) -> None:
    """Write an assurance pack for the finished RUN: logs, limits and checklists, headed NOT ASSURED until --by."""
    from calibration.validation.report import MISUSE
    from experiments.assurance import command

    click.echo(command.check(run, out) if check else command.assure(run, out, by, force, MISUSE))
