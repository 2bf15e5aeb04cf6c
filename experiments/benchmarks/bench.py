"""Measures the engine here: speed of the past and of the plan apart, bytes a person, and compiling if asked.

One process, one thread, one alternative of the shipped scenario. Nothing is compared with a limit: machines
and what else they do differ.
"""

import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, NamedTuple

import numba
import numpy as np
from rich.console import Console
from rich.table import Table

from experiments.benchmarks.memory import Memory, arrays_bytes, measure_memory
from experiments.benchmarks.mesa_side import measure_sides, sides_table
from experiments.benchmarks.speed import Speed, world
from model.past import Past

PEOPLE, YEARS, REPEATS = 200_000, 10, 3
BESIDE_MESA = 5_000  # people whose year plain Python with Mesa's agents lives too
# Where a plan's time goes: functions that PreventionModel.step calls, by what they are for.
PARTS = {
    "live_month": "the compiled month",
    "refresh_all": "chances redone each April",
    "count_month": "counting the log",
    "count_march": "counting states each March",
    "with_victims": "lists of victims",
    "make_ties": "ties",
    "join": "arrivals",
}


class Measured(NamedTuple):
    """What one measurement came to."""

    people: int  # at the start
    ever: int  # at any time of the plan: each holds a row
    past: Speed
    plan: Speed
    parts: dict[str, float]  # seconds of the plan by part
    nominal: dict[str, int]  # bytes of the arrays of one alternative at the end, by kind


def bench(
    people: int = PEOPLE, years: int = YEARS, cold: bool = False, console: Console | None = None
) -> None:
    """Measure and print: about two minutes at the default size, with `cold` a minute more."""
    told = console or Console()
    told.print(where())
    measured = measure(people, years)
    told.print(speed_table(measured, years))
    told.print(sides_table(in_a_process(measure_sides, min(people, BESIDE_MESA)), measured.plan))
    sizes = (people // 2, people)
    told.print(memory_table([in_a_process(measure_memory, size, years) for size in sizes]))
    if cold:
        told.print(cold_table(in_a_process(measure_cold, fresh_cache=True)))


def in_a_process(function: Callable[..., Any], *arguments: Any, fresh_cache: bool = False) -> Any:
    """What a function gives in a new process, with an empty cache of compiled rules if asked."""
    with (
        tempfile.TemporaryDirectory() as folder,
        set_for_children("UPSTREAM_CACHE", folder if fresh_cache else None),
        ProcessPoolExecutor(1, get_context("spawn")) as pool,
    ):
        return pool.submit(function, *arguments).result()


@contextmanager
def set_for_children(name: str, value: str | None) -> Iterator[None]:
    """An environment variable for the processes started meanwhile; None leaves it as it is."""
    before = os.environ.get(name)
    if value is not None:
        os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = before


def measure(people: int, years: int) -> Measured:
    """Live a past once and its plan REPEATS times; the best of them, since other work only slows."""
    from model import world as engine
    from model.compile import compile_all

    compile_all()
    inputs, values, seed = world(people, years)
    began = time.process_time()
    past = engine.live_past(inputs, values, seed)
    took = time.process_time() - began
    plans: list[tuple[float, dict[str, float], Any]] = []
    for _ in range(REPEATS):
        model = engine.PreventionModel(inputs, values, seed, past)
        with timed(engine) as parts:
            began = time.process_time()
            model.run()
            plans.append((time.process_time() - began, parts, model))
    seconds, parts, model = min(plans, key=lambda plan: plan[0])
    return Measured(
        past.rows, model.rows, Speed(took, months_of_the_past(past)),
        Speed(seconds, int(model.record.population.sum())), parts, arrays_bytes(model, past),
    )  # fmt: skip


def months_of_the_past(past: Past) -> int:
    """Months lived by the people of the start since birth, and by those who will come until they do."""
    came = past.month + past.coming_month
    here = past.month - past.people.birth[: past.rows].astype(np.int64)
    return int(here.sum() + (came - past.coming.birth.astype(np.int64)).sum())


@contextmanager
def timed(module: Any) -> Iterator[dict[str, float]]:
    """Seconds in each of PARTS while the context lasts."""
    seconds = dict.fromkeys(PARTS, 0.0)
    before = {name: getattr(module, name) for name in PARTS}

    def clocked(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            began = time.process_time()
            result = function(*arguments)
            seconds[name] += time.process_time() - began
            return result

        return run

    for name, function in before.items():
        setattr(module, name, clocked(name, function))
    try:
        yield seconds
    finally:
        for name, function in before.items():
            setattr(module, name, function)


def measure_cold() -> list[tuple[str, float]]:
    """Seconds of compiling each loop with nothing in the cache, in a process of its own."""
    from model.compile import compile_all

    began: list[tuple[str, float]] = []
    compile_all(lambda words: began.append((words, time.process_time())))
    ends = [when for _, when in began[1:]] + [time.process_time()]
    return [(words, end - start) for (words, start), end in zip(began, ends, strict=True)]


def where() -> str:
    """The machine and what the engine stands on here."""
    cores = os.cpu_count() or 1
    return (
        f"{processor()}, {cores} core{'s' * (cores > 1)}, {platform.system()}; "
        f"Python {platform.python_version()}, NumPy {np.__version__}, Numba {numba.__version__}{load_words()}"
    )


def processor() -> str:
    """The processor's name where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as stream:
            names = [line.split(":", 1)[1].strip() for line in stream if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def load_words() -> str:
    """How busy the machine is with other work, where the system tells it."""
    return f"; load before {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""


def speed_table(told: Measured, years: int) -> Table:
    """Past and plan, then the plan's parts."""
    table = Table(title=f"{told.people:,} people, one thread", title_justify="left", pad_edge=False)
    table.add_column("what")
    for name in ("seconds", "million person-months", "million a second"):
        table.add_column(name, justify="right")
    whole = Speed(told.past.seconds + told.plan.seconds, told.past.person_months + told.plan.person_months)
    lines = (
        ("the past, all lives until the start", told.past), (f"the plan, {years} years", told.plan),
        ("both, one alternative from birth to its end", whole),
    )  # fmt: skip
    for words, one in lines:
        lived = f"{one.person_months / 1e6:.1f}"
        table.add_row(words, f"{one.seconds:.2f}", lived, f"{one.millions_a_second:.2f}")
    table.add_section()
    rest = told.plan.seconds - sum(told.parts.values())
    parts = {PARTS[name]: seconds for name, seconds in told.parts.items()} | {"all else": rest}
    for words, seconds in parts.items():
        share = f"{seconds / told.plan.seconds:.0%} of it"
        table.add_row(f"  of the plan: {words}", f"{seconds:.2f}", "", share)
    table.add_section()
    for words, size in told.nominal.items():
        table.add_row(f"  arrays: {words}", "", "", f"{size / told.ever:.0f} bytes a person")
    table.caption = (
        f"Seconds of the processor. The plan: one alternative, the best of {REPEATS}; the past lived once. "
        f"Bytes by the {told.ever:,} people who live there at any time of the plan."
    )
    table.caption_justify = "left"
    return table


def memory_table(measured: list[Memory]) -> Table:
    """Peak memory of new processes: what each further person takes, and the whole."""
    small, large = measured
    table = Table(title="Memory at peak, scratch included", title_justify="left", pad_edge=False)
    table.add_column("until the end of")
    for name in ("bytes for each person more", f"megabytes, {large.people:,} people"):
        table.add_column(name, justify="right")
    if not large.peaks:
        table.add_row("not told by this system", "", "")
    more = max(large.people - small.people, 1)
    for words, peak in large.peaks.items():
        table.add_row(words, f"{(peak - small.peaks[words]) / more:.0f}", f"{peak / 1e6:.0f}")
    table.caption = f"By the peaks of processes with {small.people:,} and with {large.people:,} people."
    table.caption_justify = "left"
    return table


def cold_table(loops: list[tuple[str, float]]) -> Table:
    """Seconds of compiling by loop; the first carries what all share."""
    table = Table(title="Compiling with an empty cache", title_justify="left", pad_edge=False)
    table.add_column("loop")
    table.add_column("seconds", justify="right")
    for words, seconds in [*loops, ("all", sum(seconds for _, seconds in loops))]:
        table.add_row(words, f"{seconds:.1f}")
    return table
