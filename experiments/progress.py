"""How far something is, on the standard error: a bar on a terminal, elsewhere a line now and then."""

import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from experiments.run import Progress

QUIET = 10.0  # seconds between two lines about one thing, where there is no terminal


def spoken_progress() -> Progress:
    """A line for each new thing done; of one that goes on, a line now and then with the time left."""
    told: dict[str, float] = {}
    first: dict[str, tuple[float, float]] = {}  # when each thing was first told, and how far it was

    def say(what: str, share: float) -> None:
        kind, now = re.sub(r"[\d,]+", "#", what), time.monotonic()
        if now - told.get(kind, -math.inf) < QUIET:
            return
        told[kind] = now
        began, before = first.setdefault(kind, (now, share))
        left = (now - began) * (1.0 - share) / (share - before) if before < share < 1.0 else 0.0
        click.echo(f"{what}, about {duration(left)} left" if left else what, err=True)

    return say


def duration(seconds: float) -> str:
    """A time that is left, in words."""
    if seconds < 90:
        return f"{math.ceil(seconds)} s"
    return f"{math.ceil(seconds / 60)} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def spoken(again: str, work: Callable[[Progress], list[str]], after: str) -> None:
    """Do something long at a terminal: how to go on after a stop, how far it is, its lines, and what is there after."""
    click.echo(f"What is done is kept as it comes. After a stop: {again}", err=True)
    with progress_bar() as progress:
        lines = work(progress)
    click.echo("\n".join([*lines, "", after]))


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar with the time left on a terminal; elsewhere a line for each new thing done."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        yield spoken_progress()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)
