"""Commands that tell of a finished run: papers, assurance, and what it predicted held against what came."""

from pathlib import Path
from typing import Any

import click

from commands.options import options


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--only", "kinds", multiple=True, type=click.Choice(["word", "summary", "workbook", "html", "pdf"]),
    help="Only this; may be said several times.",
)
@click.option("--figure", type=click.IntRange(1), help="Write nothing; show how this figure of the paper is made.")
@click.option(
    "--study", "studies", multiple=True, type=click.Path(path_type=Path),
    help="The folder of a study of sensitivity or of a waterfall, for its charts; may be said several times.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the paper; by default RUN/paper.")
@click.option("--force", is_flag=True, help="Replace a paper that is in the folder already.")
def paper(
    run: Path, kinds: tuple[str, ...], figure: int | None, studies: tuple[Path, ...], out: Path | None, force: bool
) -> None:
    """Make a paper for a panel from RUN, the folder of a finished run: in Word, on a page, as a workbook, for the web.

    It sets the alternatives out and recommends none; what only its author can say is left open in square brackets.
    """
    from experiments.finished import load_run, load_study
    from results.papers.write import figure_words, write_papers

    ds = load_run(run)
    beside = [load_study(folder, ds) for folder in studies]
    if figure:
        click.echo(figure_words(ds, figure, str(run), beside))
        return
    folder = out or run / "paper"
    written = write_papers(ds, str(run), folder, kinds, force, lambda text: click.echo(text, err=True), beside)
    click.echo(f"The paper is in {folder}: {', '.join(path.name for path in written)}.")


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
