"""Small worlds for tests: West Mercia at a scale, with or without programmes."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from model.evidence import Evidence, draw_values, read
from model.inputs import Effect, ModelInputs, Programme, month_of
from model.past import Past
from model.world import PreventionModel, live_past
from scenarios.areas import load_area

START = month_of(2022, 4)
CENTRAL = 0.004  # about 5,200 people


@lru_cache(maxsize=1)
def evidence() -> Evidence:
    return read()


def values(**changes: float) -> dict[str, float]:
    """The central values, with changes; a changed name must exist."""
    told = draw_values(evidence(), 1, None, 1)
    for name, value in changes.items():
        assert name in told, name
        told[name] = value
    return told


def scheme(**changes: object) -> Programme:
    """A scheme found in the population that acts on all offending of the young."""
    base = Programme(
        id="test_scheme", name="Test scheme", tier="secondary", event="", event_offences=(), ages=(10, 30),
        needs=(), effects=(Effect("offending", ("violence_with_injury", "shoplifting"), "test_scheme.ratio",
                                  "offending", "engaged", "nothing"),),
        set_up_months=0, waiting_months=6,
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


SCHEME_VALUES = {
    "test_scheme.unit_cost": 1000.0, "test_scheme.uptake": 0.6, "test_scheme.completion": 0.7,
    "test_scheme.ratio": 0.5, "test_scheme.lag_months": 1.0, "test_scheme.full_months": 12.0,
    "test_scheme.fade_months": 6.0, "test_scheme.stay_months": 3.0, "test_scheme.contacts_a_year": 6.0,
}  # fmt: skip


def inputs(
    years: int = 2, scale: float = CENTRAL, programmes: tuple[Programme, ...] = (), pounds: float = 0.0
) -> ModelInputs:
    """Inputs with the same yearly pounds (of the real area) for every programme."""
    money = np.full((len(programmes), years), pounds)
    return ModelInputs(load_area("west_mercia"), evidence(), programmes, money, START, years, scale)


@lru_cache(maxsize=4)
def shared_past(years: int = 2, scale: float = CENTRAL, seed: int = 7) -> Past:
    """The past of the central values, lived once for many tests."""
    return live_past(inputs(years, scale), values(), seed)


def lived(
    given: ModelInputs, past: Past | None = None, told: Mapping[str, float] | None = None, seed: int = 7
) -> PreventionModel:
    """A model that has run its whole plan."""
    believed = {**values(), **SCHEME_VALUES, **(told or {})}
    model = PreventionModel(given, believed, seed, past or shared_past(given.years, given.scale, seed))
    model.run()
    return model
