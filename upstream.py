"""The command line. A command's code is imported only when that command is called."""

import importlib
import importlib.metadata
import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

import click

HERE = Path(__file__).resolve().parent
NEIGHBOURS = ("model", "scenarios", "results", "experiments", "calibration", "commands")
DONE, OTHER, BAD_INPUT = 0, 1, 2
COMMANDS = {  # the module of `commands` that has each
    "run": "ask", "resume": "ask", "sensitivity": "ask", "waterfall": "ask", "check": "ask",
    "new": "start", "evidence": "start", "bench": "start",
    "calibrate": "fit", "validate": "fit", "cohort": "fit",
    "paper": "tell", "assure": "tell", "register": "tell", "score": "tell",
}  # fmt: skip


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
    """Finds commands in their modules when they are asked for, and turns what goes wrong into one clear line and an
    exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(importlib.import_module(f"commands.{COMMANDS[cmd_name]}"), cmd_name)
        return found

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


if __name__ == "__main__":
    main()
