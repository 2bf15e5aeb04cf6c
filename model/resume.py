"""All that a model is in the middle of, as plain named arrays: enough to go on as if it never stopped.

What follows from inputs and values is made again, not kept. Files are the affair of experiments/saved.py.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actors.programmes import Waiting
from model.happenings import new_month
from model.inputs import ModelInputs
from model.law.form import LAW
from model.ledger import PersonLedger
from model.past import Past
from model.people import PERSON, Population, empty
from model.world import PreventionModel

Arrays = dict[str, NDArray[Any]]


def arrays_of(model: PreventionModel) -> Arrays:
    """The state of a model between two months. The arrays are the model's own: save or copy them."""
    state: Arrays = {
        "made_from": np.array(made_from(model.inputs, model.values)),
        "numbers": np.array([model.seed_key, model.rows, model.month, model.months_lived], dtype=np.uint64),
        "room": np.array([model.people.size, model.rows_at_start], dtype=np.int64),
        "people": np.asarray(model.people[: model.rows]),
        "laws": model.laws,
        "coming": np.asarray(model.coming[:]),
        "coming_month": model.coming_month,
        "spend": model.spend,
        "victim_rows": model.places.victim_rows,
        "victim_start": model.places.victim_start,
    }
    state |= {f"record.{name}": table for name, table in model.record._asdict().items()}
    state |= {f"agency.{agency.name}": agency.caseload for agency in model.agencies}
    if model.months_lived:
        state["budget"] = model.budget
    for one in model.programmes:
        of = f"programme.{one.programme.id}"
        state[f"{of}.paid_months"] = np.array(one.paid_months)
        for name, people in (("waiting", one.waiting), ("ends", one.ends)):
            state |= {f"{of}.{name}.{column}": rows for column, rows in people._asdict().items()}
    if model.ledger is not None:
        state |= {f"ledger.{name}": table for name, table in model.ledger._asdict().items()}
    return state


def resumed(
    inputs: ModelInputs, values: Mapping[str, float], state: Mapping[str, NDArray[Any]]
) -> PreventionModel:
    """The model whose state was kept.

    Raises ValueError when it was made from other inputs or values, or when the form of people or laws has
    changed since.
    """
    for name, form in (("people", PERSON), ("coming", PERSON), ("laws", LAW)):
        if state[name].dtype.fields != form.fields:
            raise ValueError(f"the saved {name} have another form than this version's")
    if str(state["made_from"]) != made_from(inputs, values):
        raise ValueError("it was saved from other inputs or values than those given")
    seed, rows, month, months_lived = (int(number) for number in state["numbers"])
    size, rows_at_start = (int(number) for number in state["room"])
    past = Past(
        as_people(state["people"], size), rows, month, np.array(state["laws"]).view(LAW),
        as_people(state["coming"], state["coming"].size), np.array(state["coming_month"]),
    )  # fmt: skip
    model = PreventionModel(inputs, values, seed, past, keep_past=False)
    model.months_lived = model.steps = months_lived
    model.rows_at_start, model.now = rows_at_start, new_month(rows_at_start, len(inputs.area.districts))
    model.places = model.places._replace(
        victim_rows=np.array(state["victim_rows"]), victim_start=np.array(state["victim_start"])
    )
    model.spend[:] = state["spend"]
    for name, table in model.record._asdict().items():
        table[:] = state[f"record.{name}"]
    for agency in model.agencies:
        agency.caseload[:] = state[f"agency.{agency.name}"]
    if months_lived:
        model.budget = np.array(state["budget"])
    for one in model.programmes:
        of = f"programme.{one.programme.id}"
        one.paid_months = int(state[f"{of}.paid_months"])
        one.waiting, one.ends = (
            Waiting(*(np.array(state[f"{of}.{name}.{column}"]) for column in Waiting._fields))
            for name in ("waiting", "ends")
        )
    if "ledger.offences" in state:
        model.ledger = PersonLedger(*(np.array(state[f"ledger.{name}"]) for name in PersonLedger._fields))
    return model


def as_people(rows: NDArray[np.void], size: int) -> Population:
    """Rows as compiled code wants them, with unborn ones after them up to `size`."""
    people = empty(0, size)
    for name in PERSON.fields or ():
        people[name][: rows.size] = rows[name]
    return people


def made_from(inputs: ModelInputs, values: Mapping[str, float]) -> str:
    """A hash of all that a state depends on: area, programmes, time, scale and every value.

    Money is left out: other alternatives may go on from one state.
    """
    told = (inputs.area.id, inputs.area.hash, inputs.start, inputs.years, inputs.scale, inputs.programmes,
            sorted((name, float(value)) for name, value in values.items()))  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()
