"""What can be compared exactly: chances given a state, and what is worked out from a record."""

import numpy as np

from experiments.equivalence import chances, hazards, held
from experiments.equivalence.answers import answers
from experiments.equivalence.cases import Case
from experiments.reference import demand
from experiments.reference.record import Record
from experiments.reference.start import start_of
from experiments.reference.world import PlainModel
from model.record import FIXED
from model.rules.demand import demand_of, hours_of
from model.world import PreventionModel

EVERY = 6  # months between comparisons
ASKED = 1000  # answers of each kind, at the end


def exactly(case: Case) -> dict[str, float]:
    """The largest difference of each kind of number, as a share, over a plan that the engine lives; the plain model is
    put where the engine stands every half year."""
    inputs, values, past = case
    model = PreventionModel(inputs, values, 1, past)
    plain = PlainModel(inputs, values, start_of(past), seed=1)
    apart: dict[str, float] = {}
    while model.months_lived < inputs.years * 12:
        if model.months_lived % EVERY == 1 or model.months_lived == 0:
            for name, share in differences(model, plain).items():
                apart[name] = max(share, apart.get(name, 0.0))
        model.step()
    for name, differ in answers(model, plain, ASKED).items():
        apart[f"{name}, of {ASKED:,} answers"] = differ / ASKED
    apart |= _of_demand(case, model)
    model.close()
    plain.close()
    return apart


def differences(engine: PreventionModel, plain: PlainModel) -> dict[str, float]:
    """The largest difference of each chance now, person by person and table by table."""
    hazards.take_people(plain, engine)
    apart = hazards.largest_difference(hazards.engine_hazards(engine), hazards.plain_hazards(plain))
    apart |= chances.largest_difference(chances.chances(engine, plain))
    apart["programmes held"] = float(np.abs(held.engine_held(engine) - held.plain_held(plain)).max(initial=0.0))
    return apart


def _of_demand(case: Case, engine: PreventionModel) -> dict[str, float]:
    """Demand and police hours worked out from the engine's record by both."""
    inputs, values, _ = case
    counted = engine.record
    ours = demand_of(counted, inputs.area, values)
    as_told = counted._asdict() | {"contacts": counted.contacts / FIXED}
    record = Record(**{name: as_told.get(name, np.zeros(0)) for name in Record.__dataclass_fields__})
    theirs = demand.demand_of(record, inputs, values)
    pairs = {
        "demand": (ours, theirs),
        "police hours": (hours_of(counted, ours, values), demand.hours_of(record, theirs, values)),
    }
    return chances.largest_difference(pairs)
