"""Options that commands share, and the plan of a scenario as they ask for it."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from experiments.plan import Plan
    from scenarios import Scenario


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
        "register": click.option(
            "--register", type=click.Path(path_type=Path), default="register",
            help="Folder of the register; by default register, in this folder.",
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
