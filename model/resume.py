"""All that a model is in the middle of, as plain named arrays: enough to go on as if it never stopped.

What follows from inputs and values is made again, not kept. Files are the affair of experiments/saved.py.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actors.at_work import AtWork
from model.actors.cases import Eased
from model.actors.programmes import Holders, Waiting
from model.actors.purse import STATE
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
        "spend": model.at_work.spend,
        "budget": model.at_work.budget,
        "money": model.commissioner.money,
        "plan": model.inputs.money,
        **{f"eased.{name}": column for name, column in model.at_work.eased._asdict().items()},
        "victim_rows": model.places.victim_rows,
        "victim_start": model.places.victim_start,
    }
    state |= {f"record.{name}": table for name, table in model.record._asdict().items()}
    state |= {f"agency.{agency.name}": agency.caseload for agency in model.agencies}
    state |= programmes_of(model.at_work)
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
    model.at_work.spend[:], model.at_work.budget = state["spend"], np.array(state["budget"])
    follow_reviews(model, np.array(state["money"]), np.array(state["plan"]))
    for name, table in model.record._asdict().items():
        table[:] = state[f"record.{name}"]
    for agency in model.agencies:
        agency.caseload[:] = state[f"agency.{agency.name}"]
    go_on(model.at_work, state)
    model.at_work.eased = Eased(*(np.array(state[f"eased.{name}"]) for name in Eased._fields))
    if "ledger.offences" in state:
        model.ledger = PersonLedger(*(np.array(state[f"ledger.{name}"]) for name in PersonLedger._fields))
    return model


def programmes_of(at_work: AtWork) -> Arrays:
    """What every programme is in the middle of."""
    state: Arrays = {}
    for one in at_work.people:
        of = f"programme.{one.programme.id}"
        for name, people in (("waiting", one.waiting), ("ends", one.ends), ("held", one.held)):
            state |= {f"{of}.{name}.{column}": rows for column, rows in people._asdict().items()}
    for place in at_work.places:
        of = f"programme.{place.programme.id}"
        state |= {f"{of}.units": place.units, f"{of}.map": place.map}
    for at_system in at_work.system:
        work = [at_system.months_on, at_system.months_off, at_system.level]
        state[f"programme.{at_system.programme.id}.work"] = np.array(work, dtype=np.float64)
    for number, purse in at_work.purses.items():
        told = [getattr(purse, name) for name in STATE]
        state[f"programme.{at_work.programmes[number].id}.purse"] = np.array(told, dtype=np.float64)
    return state


def go_on(at_work: AtWork, state: Mapping[str, NDArray[Any]]) -> None:
    """Put every programme where it was."""
    for one in at_work.people:
        of = f"programme.{one.programme.id}"
        one.waiting = Waiting(*(np.array(state[f"{of}.waiting.{column}"]) for column in Waiting._fields))
        one.ends, one.held = (
            Holders(*(np.array(state[f"{of}.{name}.{column}"]) for column in Holders._fields))
            for name in ("ends", "held")
        )
    for of_places in at_work.places:
        of_places.units[:] = state[f"programme.{of_places.programme.id}.units"]
        of_places.map[:] = state[f"programme.{of_places.programme.id}.map"]
    for at_system in at_work.system:
        on, off, level = state[f"programme.{at_system.programme.id}.work"]
        at_system.months_on, at_system.months_off, at_system.level = int(on), int(off), float(level)
    for number, purse in at_work.purses.items():
        for name, value in zip(STATE, state[f"programme.{at_work.programmes[number].id}.purse"], strict=True):
            setattr(purse, name, float(value))


def follow_reviews(model: PreventionModel, money: NDArray[np.float64], plan: NDArray[np.float64]) -> None:
    """Keep what reviews have moved so far. Raises ValueError when the plan that goes on is reviewed and another one."""
    if model.inputs.review == "fixed":
        return
    if not np.array_equal(plan, model.inputs.money):
        raise ValueError("a plan that is reviewed goes on with its own money alone")
    model.commissioner.money[:] = money


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
