"""The command line. A command's code is imported only when that command is called."""

import importlib.metadata
import importlib.util
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from experiments.experiment_files.experiment import Experiment
    from experiments.plan import Plan
    from scenarios import Scenario

HERE = Path(__file__).resolve().parent
NEIGHBOURS = ("model", "scenarios", "results", "experiments", "calibration")
DONE, OTHER, BAD_INPUT = 0, 1, 2


def main() -> None:
    """The entry point of the command `upstream`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may know few signs
            stream.reconfigure(encoding="utf-8", errors="replace")
    if stranger := clashing_neighbour():
        click.echo(stranger, err=True)
        sys.exit(OTHER)
    cli(prog_name="upstream")


def clashing_neighbour() -> str:
    """What to say when a package of Upstream would be imported from elsewhere; its names are common words."""
    for name in NEIGHBOURS:
        spec = importlib.util.find_spec(name)
        if spec is None:
            continue
        found = Path((spec.submodule_search_locations or [spec.origin or ""])[0]).resolve()
        if found != HERE / name:
            return (
                f"upstream: the package '{name}' would come from {found}, which is not Upstream's own; "
                "run it from another folder, or in a virtual environment of its own"
            )
    return ""


class Commands(click.Group):
    """Turns what goes wrong into one clear line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo("stopped; nothing was written", err=True)
            ctx.exit(OTHER)
        except BrokenPipeError:  # whoever reads has seen enough, as `| head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(OTHER)
        except Exception as error:
            if os.environ.get("UPSTREAM_DEBUG"):
                raise
            ctx.exit(tell(error))


def tell(error: Exception) -> int:
    """Say what went wrong, and give the exit code."""
    faults = getattr(error, "faults", None)
    if faults:
        click.echo("\n".join(map(str, faults)), err=True)
        return BAD_INPUT
    reason = " ".join(str(error).split()) or "no reason given"
    known = type(error).__name__ == "RunFailed" or isinstance(error, OSError)
    click.echo(f"upstream: {reason if known else f'{type(error).__name__}: {reason}'}", err=True)
    click.echo("set UPSTREAM_DEBUG=1 to see where it happened", err=True)
    return OTHER


def show_version(ctx: click.Context, option: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        try:
            click.echo(f"upstream {importlib.metadata.version('upstream-prevention')}")
        except importlib.metadata.PackageNotFoundError:
            click.echo("upstream, run from its sources without being installed")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_version,
    help="Show the version.",
)
def cli() -> None:
    """A police force area lived month by month, and what a prevention budget buys.

    SCENARIO is the name of a shipped scenario, such as west_mercia_2022, or a file that ends in .toml.
    """


class Share(click.ParamType):
    """A share between 0 and 1, as 5% or 0.05."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip()
        try:
            share = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
        except ValueError:
            share = math.nan
        if not 0.0 < share < 1.0:
            self.fail(f"{text!r} is no share between 0 and 1; write 5% or 0.05", param, ctx)
        return share


def options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The common options of these names, the same in every command."""
    known = {
        "seed": click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Same seed, same results."),
        "scale": click.option(
            "--scale", type=click.FloatRange(0, 1, min_open=True), help="Share of households simulated."
        ),
        "years": click.option("--years", type=click.IntRange(1, 30), help="Length of the plan."),
        "replicates": click.option(
            "--replicates",
            type=click.IntRange(1, 100_000),
            help="Runs, each with its own draw; with --draws, runs in each draw.",
        ),
        "draws": click.option(
            "--draws", type=click.IntRange(1, 100_000), help="Draws of the uncertain numbers."
        ),
        "jobs": click.option(
            "--jobs", type=click.IntRange(1, 1024), help="Processes; by default one a core."
        ),
        "threads": click.option(
            "--threads", type=click.IntRange(1, 1024), default=1, help="Threads of one run."
        ),
        "attribute": click.option(
            "--attribute",
            type=click.Choice(["tier", "programme"]),
            help="Also what each tier, or programme, of the comparator does: withheld, and alone.",
        ),
        "out": click.option(
            "--out", type=click.Path(path_type=Path), help="Folder of the run; by default runs/SCENARIO-TIME."
        ),
        "on": click.option("--on", metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786."),
        "until": click.option(
            "--until", type=Share(), metavar="5%",
            help="Add draws until the error of the first alternative's offences averted is below this share of it.",
        ),
        "people": click.option(
            "--people", is_flag=True, help="Also write people.nc: the people of the first run, one by one."
        ),
        "force": click.option("--force", is_flag=True, help="Replace a run that is in the folder already."),
    }

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            command = known[name](command)
        return command

    return decorate


PLAN = ("seed", "scale", "years", "replicates", "draws", "attribute")
HOW = ("jobs", "threads", "on", "until", "people")


def load_plan(name: str, attribute: str | None, **settings: Any) -> "tuple[Scenario, Plan]":
    from experiments.plan import make_plan
    from scenarios import load
    from scenarios.attribution import attributed

    scenario = load(name)
    if attribute:
        scenario = attributed(scenario, attribute)
    try:
        return scenario, make_plan(scenario, **settings)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@cli.command()
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


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@options("jobs", "threads", "on", "until", "people")
def resume(folder: Path, **how: Any) -> None:
    """Go on with what was begun in FOLDER, which may have been moved here from elsewhere."""
    from experiments.terminal import go_on

    go_on(folder, **how)


@cli.command()
@click.argument("scenario")
@click.option(
    "--method", type=click.Choice(["tornado", "morris", "sobol"]), default="tornado", help="Start with tornado."
)
@click.option(
    "--outcome", "outcomes", multiple=True, default=["offences"],
    help="What is asked about, such as offences or crime_cost_less_spend.",
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


@cli.command()
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
    from scenarios.areas import load_area, shipped_areas

    if Path(scenario).is_dir() or scenario in shipped_areas():
        click.echo("\n".join(area_words(load_area(scenario))))
    elif is_experiment(scenario):
        experiment = load_asked(scenario, settings.pop("attribute"), settings)
        console().print(preview_experiment(experiment, jobs or cores()))
    else:
        asked, plan = load_plan(scenario, **settings)
        console().print(preview_table(asked, plan, jobs or cores()))
    click.echo("No faults.")


@cli.group()
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


@cli.command()
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


@cli.command()
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


@cli.command()
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


@cli.command()
@click.argument("area")
@click.option("--size", type=click.IntRange(100, 1_000_000), default=20_000, help="People in the cohort.")
@click.option("--to", type=click.IntRange(1, 90), default=56, help="Last whole year of age.")
@click.option("--without", type=click.Choice(["aces"]), help="The same people without adverse childhood experiences.")
@click.option("--trial", default="", metavar="SCHEME", help="Randomise a scheme inside the cohort: its id or its file.")
@click.option("--n", "number", type=click.IntRange(2), default=2000, help="People in the trial.")
@click.option("--rates", type=click.Path(path_type=Path), metavar="FILE", help="A table of rates by year.")
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


@cli.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--only", "kinds", multiple=True, type=click.Choice(["word", "summary", "workbook", "html", "pdf"]),
    help="Only this; may be said several times.",
)
@click.option("--figure", type=click.IntRange(1), help="Write nothing; show how this figure of the paper is made.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the paper; by default RUN/paper.")
@click.option("--force", is_flag=True, help="Replace a paper that is in the folder already.")
def paper(run: Path, kinds: tuple[str, ...], figure: int | None, out: Path | None, force: bool) -> None:
    """Make a paper for a panel from RUN, the folder of a finished run: in Word, on a page, as a workbook, for the web.

    It sets the alternatives out and recommends none; what only its author can say is left open in square brackets.
    """
    from experiments.finished import load_run
    from results.papers.write import figure_words, write_papers

    ds = load_run(run)
    if figure:
        click.echo(figure_words(ds, figure, str(run)))
        return
    folder = out or run / "paper"
    written = write_papers(ds, str(run), folder, kinds, force, lambda text: click.echo(text, err=True))
    click.echo(f"The paper is in {folder}: {', '.join(path.name for path in written)}.")


@cli.command()
@click.option("--size", type=click.IntRange(1000), default=200_000, help="People simulated.")
@click.option("--years", type=click.IntRange(1, 30), default=10, help="Length of the plan.")
@click.option("--cold", is_flag=True, help="Also compile everything with an empty cache.")
def bench(size: int, years: int, cold: bool) -> None:
    """Measure the engine on this machine: speed, memory and, if asked, compiling."""
    from experiments.benchmarks.bench import bench as measure
    from experiments.terminal import console

    measure(size, years, cold, console=console())


if __name__ == "__main__":
    main()
