"""An engine that lives nobody: whole numbers that follow from seed, values and money."""

import sys
import types
from typing import Any

import numpy as np
import pytest

from model.inputs import ModelInputs
from model.past import Past
from model.people import empty
from model.record import FIXED, Outcome, Record, new_record
from model.vocabulary import KINDS, N_OFFENCES, ROLES, SERVICES


class FakeModel:
    """Counts by keyed chance; a pound averts a little."""

    def __init__(
        self, inputs: ModelInputs, values: dict[str, float], seed: int, past: Past, keep_past: bool = True
    ) -> None:
        assert past.people.key.tolist() == [seed]
        past.people.key[:] = 0  # it is this model's own: the next one gets its own again
        self.inputs, self.values, self.seed = inputs, values, seed

    def close(self) -> None:
        """Nothing to let go of."""

    def run(self, report: Any = None) -> Outcome:
        one = self.inputs
        months, districts = 12 * one.years, len(one.area.districts)
        rng = np.random.default_rng(self.seed)
        record = new_record(months, districts, len(one.programmes))
        expected = rng.uniform(1, 20, (months, districts, N_OFFENCES))
        expected *= 1 - 1e-8 * one.money.sum() * self.values["ae_navigator.uptake"]
        people = np.full_like(record.people, 1000)
        filled = record._asdict() | {
            "population": np.full_like(record.population, 5000),
            "expected": np.round(expected * FIXED).astype(np.int64),
            "offences": rng.poisson(expected),
            "people": people,
            "risk": rng.integers(0, 300, record.risk.shape),
            "ace": np.full_like(record.ace, 200),
            "cohort": np.full_like(record.cohort, 100),
            "reoffended": np.full_like(record.reoffended, 30),
        }
        if report:
            report(months, months)
        return Outcome(
            Record(**filled),
            rng.uniform(1, 9, (one.years, districts, len(SERVICES))),
            rng.uniform(1, 9, (one.years, len(ROLES), len(KINDS))),
            one.money.T.copy(),
            one.money.T.copy(),
            np.full((one.years, districts), 0.67),
            rng.uniform(1, 9, (one.years, districts)),
        )


def install(monkeypatch: pytest.MonkeyPatch, model: type = FakeModel) -> list[str]:
    """Put it in the engine's place; gives the list of what is compiled."""
    compiled: list[str] = []

    def compile_all(progress: Any = None) -> None:
        compiled.append("month")
        if progress:
            progress("month")

    def live_past(inputs: ModelInputs, values: Any, seed: int, report: Any = None) -> Past:
        people = empty(1)
        people.key[:] = seed
        return Past(people, 1, inputs.start, np.zeros(0), empty(0), np.zeros(0, dtype=np.int64))

    for name, parts in {
        "model.compile": {"compile_all": compile_all},
        "model.world": {"live_past": live_past, "PreventionModel": model},
    }.items():
        module = types.ModuleType(name)
        vars(module).update(parts)
        monkeypatch.setitem(sys.modules, name, module)
    return compiled
