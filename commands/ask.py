"""Commands that ask something of a scenario: runs, studies of sensitivity, waterfalls, and a look beforehand."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.options import HOW, PLAN, load_plan, options

if TYPE_CHECKING:
    from experiments.experiment_files.experiment import Experiment


@click.command()
@click.argument("scenario")
@options(*PLAN, "jobs", "threads", "on", "until", "out", "force", "people")
def run(scenario: str, out: Path | None, force: bool, attribute: str | None, **settings: Any) -> None:
    """Run SCENARIO, or the file of an experiment, and write its results, charts and tables.

    Each run is kept as it comes: after a stop, or to add draws, ask again with the same --out.
    """
    from experiments.batch_folder import begin
    from experiments.experiment_files.experiment import is_experiment
    from experiments.files import default_folder
    from experiments.terminal import carry_out, study

    how = {name: settings.pop(name) for name in HOW}
    if not is_experiment(scenario):
        asked, plan = load_plan(scenario, attribute, **settings)
        carry_out(begin(out or default_folder(asked.name), asked, plan, attribute, force), **how)
        return
    experiment = load_asked(scenario, attribute, settings)
    folder = out or default_folder(Path(scenario).stem)
    if experiment.method == "explore":
        batch = begin(folder, experiment.scenario, experiment.plan, None, force, experiment)
        carry_out(batch, **how)
        return
    study(experiment, folder, force, **how)


def load_asked(path: str, attribute: str | None, settings: dict[str, Any]) -> "Experiment":
    """The experiment of a file, with what is given on the command line in place of what it says."""
    from experiments.experiment_files.experiment import load_experiment

    if attribute:
        raise click.UsageError("--attribute is for a scenario; in an experiment, name policies")
    return load_experiment(Path(path), settings)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@options("jobs", "threads", "on", "until", "people")
def resume(folder: Path, **how: Any) -> None:
    """Go on with what was begun in FOLDER, which may have been moved here from elsewhere."""
    from experiments.terminal import go_on

    go_on(folder, **how)


@click.command()
@click.argument("scenario")
@click.option(
    "--method", type=click.Choice(["tornado", "morris", "sobol"]), default="tornado", help="Start with tornado."
)
@click.option(
    "--outcome", "outcomes", multiple=True, default=["offences"],
    help="What is asked about, such as offences or net_present_social_value.",
)
@click.option(
    "--policy", "policies", multiple=True,
    help="An alternative, held against the comparator; by default the first of the scenario.",
)
@click.option(
    "--uncertainty", "uncertainties", multiple=True,
    help="Only these uncertain numbers, such as parenting or parenting.ratio.",
)
@click.option(
    "--leave-out-past", is_flag=True,
    help="Leave out numbers that alter the lives lived before the start: they cost most.",
)
@click.option("--trajectories", type=click.IntRange(2, 10_000), help="Of morris; 20 unless said.")
@click.option("--bases", type=click.IntRange(8, 1 << 16), help="Of sobol, a power of 2; 64 unless said.")
@click.option(
    "--emulate", type=click.IntRange(16, 100_000),
    help="Of sobol, where runs are dear: from an emulator of so many points.",
)
@click.option("--replicates", type=click.IntRange(1, 1000), help="Seeds: each point is lived with each.")
@options("seed", "scale", "years", "jobs", "on", "out", "force")
def sensitivity(
    scenario: str, method: str, outcomes: tuple[str, ...], policies: tuple[str, ...], uncertainties: tuple[str, ...],
    leave_out_past: bool, jobs: int | None, on: str | None, out: Path | None, force: bool, **sizes: Any,
) -> None:
    """Find which uncertain numbers decide the answer of SCENARIO.

    Each run is kept as it comes: after a stop, upstream resume goes on.
    """  # fmt: skip
    from experiments.experiment_files.kept import asked_for
    from experiments.files import default_folder
    from experiments.terminal import study

    experiment = asked_for(scenario, method, outcomes, policies, uncertainties, leave_out_past, sizes)
    study(experiment, out or default_folder(experiment.scenario.name), force, jobs=jobs, on=on)


@click.command()
@click.argument("scenario")
@click.argument("scheme")
@click.option("--plan", "of", help="The alternative that pays for it; by default the comparator.")
@options("seed", "scale", "years", "draws", "jobs", "out")
def waterfall(scenario: str, scheme: str, of: str | None, jobs: int | None, out: Path | None, **settings: Any) -> None:
    """From the published effect of SCHEME to what a plan of SCENARIO gets of it, by nested runs.

    Each run is kept as it comes: after a stop, ask again with the same --out.
    """
    from experiments.files import default_folder
    from experiments.terminal import carry_waterfall
    from experiments.waterfall import ask

    loaded, plan = load_plan(scenario, None, **settings)
    carry_waterfall(ask(loaded, scheme, of), plan, out or default_folder(f"{loaded.name}-{scheme}"), jobs)


@click.command()
@click.argument("scenario")
@options(*PLAN, "jobs")
def check(scenario: str, jobs: int | None, **settings: Any) -> None:
    """Check SCENARIO, or the file of an experiment, and show its plan and spending, without running it.

    The name or folder of an area is checked too: its tables, and what a fit of it would be held against.
    """
    from calibration.targets import area_words
    from experiments.experiment_files.experiment import is_experiment
    from experiments.preview import preview_table
    from experiments.preview_experiment import preview_experiment
    from experiments.terminal import console, cores
    from scenarios.areas import load_area, recorded_rows, shipped_areas

    if Path(scenario).is_dir() or scenario in shipped_areas():
        click.echo("\n".join(area_words(load_area(scenario), recorded_rows(scenario))))
    elif is_experiment(scenario):
        experiment = load_asked(scenario, settings.pop("attribute"), settings)
        console().print(preview_experiment(experiment, jobs or cores()))
    else:
        asked, plan = load_plan(scenario, **settings)
        console().print(preview_table(asked, plan, jobs or cores()))
    click.echo("No faults.")
