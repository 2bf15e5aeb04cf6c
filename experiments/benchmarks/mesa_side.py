"""The engine against the same model in plain Python with Mesa's agents (`experiments/reference`), in one process.

Both live the same plan from the same people, one after the other. That they agree on what comes of it is shown by
`python -m experiments.equivalence`.
"""

import time
from typing import NamedTuple

from rich.table import Table

from experiments.benchmarks.speed import Speed, world
from experiments.reference.start import start_of
from experiments.reference.world import PlainModel
from model.world import PreventionModel, live_past

YEARS = 1


class Sides(NamedTuple):
    """One plan lived by both."""

    people: int
    engine: Speed
    plain: Speed


def measure_sides(people: int) -> Sides:
    """Live one plan of YEARS in the engine and in plain Python; seconds of the processor, making the models apart."""
    inputs, values, seed = world(people, YEARS)
    past = live_past(inputs, values, seed)
    PreventionModel(inputs, values, seed, past).run()  # loads what is compiled
    engine, plain = PreventionModel(inputs, values, seed, past), PlainModel(inputs, values, start_of(past), seed)
    began = time.process_time()
    engine.run()
    between = time.process_time()
    plain.run_plan()
    ended = time.process_time()
    return Sides(
        past.rows,
        Speed(between - began, int(engine.record.population.sum())),
        Speed(ended - between, int(plain.record.population.sum())),
    )


def sides_table(told: Sides, large: Speed) -> Table:
    """Both sides at one size, and how the engine does at its own."""
    title = f"The same model in plain Python with Mesa: {told.people:,} people, {YEARS} year"
    table = Table(title=title, title_justify="left", pad_edge=False)
    table.add_column("who")
    for name in ("seconds", "million person-months a second", "times as fast as plain Python"):
        table.add_column(name, justify="right")
    rows = (("plain Python, Mesa's agents", told.plain), ("the engine", told.engine), ("the engine at its size", large))
    for words, one in rows:
        times = one.millions_a_second / told.plain.millions_a_second
        table.add_row(words, f"{one.seconds:.2f}", f"{one.millions_a_second:.4f}", f"{times:,.0f}")
    return table
