"""Two runs beside each other: which arrays differ."""

import hashlib
from collections.abc import Collection
from typing import Any

import numpy as np
from drawn_worlds import World, begun

from model.people import PERSON
from model.record import Outcome
from model.resume import arrays_of
from model.world import PreventionModel

# What is counted by programme, or is a programme's own: who waits, who is flagged, whom it supports.
OWN_COUNTS = (
    "places", "starts", "completions", "waiting", "refused", "net_widened", "flagged", "flagged_in", "hot", "supported",
)  # fmt: skip
OWN_MONEY = ("spend", "commissioner_spend")
OWN_HOURS = ("volunteer_hours", "record.volunteer_hours")  # that people give to a programme of places
# What a programme writes on a person whatever its effect.
MARKS = ("slot_programme", "slot_start", "slot_effect", "placed", "wake")
COLUMNS = PERSON.names or ()


def told(outcome: Outcome) -> dict[str, Any]:
    """Every array of an outcome by name."""
    record = {f"record.{name}": table for name, table in outcome.record._asdict().items()}
    return record | {name: table for name, table in outcome._asdict().items() if name != "record"}


def lived(world: World) -> tuple[PreventionModel, Outcome]:
    """A model that has lived its whole plan, and what it came to."""
    model = begun(world)
    return model, model.run()


def digest(array: Any) -> str:
    plain = np.ascontiguousarray(array)
    return hashlib.sha256(f"{plain.dtype.str} {plain.shape} ".encode() + plain.tobytes()).hexdigest()[:24]


def digests(model: PreventionModel, outcome: Outcome) -> dict[str, str]:
    """A digest of every array of what a run came to, and of all that it is in the middle of."""
    state = arrays_of(model)
    for name in ("people", "coming"):
        rows = state.pop(name)
        state |= {f"{name}.{column}": rows[column] for column in COLUMNS}
    return {name: digest(array) for name, array in (told(outcome) | state).items()}


def differing(one: Outcome, two: Outcome, but: Collection[str] = ()) -> list[str]:
    """The arrays of two outcomes that are not the same to the last bit."""
    first, second = told(one), told(two)
    left_out = {*but, *(f"record.{name}" for name in but)}
    return [name for name in first if name not in left_out and digest(first[name]) != digest(second[name])]


def differing_people(one: PreventionModel, two: PreventionModel, but: Collection[str] = ()) -> list[str]:
    """The columns in which two populations differ."""
    if one.rows != two.rows:
        return [f"{one.rows} rows and {two.rows}"]
    first, second = one.people[: one.rows], two.people[: two.rows]
    return [name for name in COLUMNS if name not in but and not np.array_equal(first[name], second[name])]
