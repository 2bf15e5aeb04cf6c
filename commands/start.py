"""Commands that start a file, explain the evidence, or measure this machine."""

from pathlib import Path

import click


@click.group()
def new() -> None:
    """Write a commented start to fill in."""


@new.command("scenario")
@click.argument("path", type=click.Path(path_type=Path))
def new_scenario(path: Path) -> None:
    """A scenario file; PATH ends in .toml."""
    from scenarios.start import write_scenario_template

    click.echo(f"wrote {write_scenario_template(path)}; look at it with: upstream check {path}")


@new.command("experiment")
@click.argument("path", type=click.Path(path_type=Path))
def new_experiment(path: Path) -> None:
    """An experiment's file; PATH ends in .toml."""
    from scenarios.start import write_experiment_template

    click.echo(f"wrote {write_experiment_template(path)}; look at it with: upstream check {path}")


@new.command("programme")
@click.argument("path", type=click.Path(path_type=Path))
def new_programme(path: Path) -> None:
    """A scheme's file; PATH ends in .toml, and its name becomes the scheme's id."""
    from scenarios.start import write_scheme_template

    click.echo(
        f'wrote {write_scheme_template(path)}; name it in a scenario beside it: schemes = ["{path.name}"]'
    )


@new.command("area")
@click.argument("path", type=click.Path(path_type=Path))
def new_area(path: Path) -> None:
    """An area's folder at PATH, with the header of every table."""
    from scenarios.areas import write_area_template

    write_area_template(path)
    click.echo(f"wrote {path}: start with its README.md")


@click.command()
@click.argument("id", required=False)
def evidence(id: str | None) -> None:
    """List the evidence, or explain one row or one scheme, by its ID, in plain words."""
    from experiments.evidence import explained, listed
    from experiments.terminal import console

    if id is None:
        table, counts = listed()
        console(width_in_a_file=400).print(table)
        click.echo(counts)
        return
    click.echo(explained(id))


@click.command()
@click.option("--size", type=click.IntRange(1000), default=200_000, help="People simulated.")
@click.option("--years", type=click.IntRange(1, 30), default=10, help="Length of the plan.")
@click.option("--cold", is_flag=True, help="Also compile everything with an empty cache.")
def bench(size: int, years: int, cold: bool) -> None:
    """Measure the engine on this machine: speed, memory and, if asked, compiling."""
    from experiments.benchmarks.bench import bench as measure
    from experiments.terminal import console

    measure(size, years, cold, console=console())
