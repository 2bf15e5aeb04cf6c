"""Plausible outcomes without a model: random whole numbers of the right size, paired between alternatives."""

import dataclasses
import functools

import numpy as np
import xarray as xr

from model.evidence import Evidence
from model.happenings import BATCHES
from model.inputs import AreaTables, ModelInputs, Programme, month_of
from model.record import FIXED, Outcome, Record, new_record
from model.vocabulary import KINDS, N_OFFENCES, ROLES, SERVICES
from results.dataset import build

DISTRICTS = (
    "Bromsgrove", "Herefordshire", "Malvern Hills", "Redditch", "Shropshire", "Telford and Wrekin",
    "Worcester", "Wychavon", "Wyre Forest",
)  # fmt: skip
RESIDENTS = np.array([99, 187, 80, 87, 324, 186, 104, 132, 102]) * 1000
SCALE = 0.1

# Offences a year in the area, in the order of OFFENCES.
OFFENCES_A_YEAR = np.array(
    [15, 24e3, 36e3, 20e3, 2.4e3, 5e3, 1.1e3, 6e3, 3e3, 2.5e3, 4e3, 14e3, 26e3, 16e3, 900, 6e3, 1.6e3, 18e3,
     70e3, 3e3, 60e3]
)  # fmt: skip

# Alternative -> offences against those of as_agreed once the plan has run its course.
ALTERNATIVES = {
    "as_agreed": 1.0,
    "stop": 1.008,
    "extra_primary": 0.996,
    "extra_secondary": 0.9935,
    "extra_tertiary": 0.9975,
}
PROGRAMMES = (
    ("parenting", "Parenting programme", "primary"),
    ("mentoring", "Mentoring", "secondary"),
    ("ae_navigator", "A&E navigators", "tertiary"),
    ("small_grants", "Small grants", "primary"),
)


@functools.cache
def area() -> AreaTables:
    n = len(DISTRICTS)
    given = {
        "id": "west_mercia", "name": "West Mercia", "code": "E23000016", "census_date": "2021-03-21",
        "districts": DISTRICTS, "district_codes": tuple(f"E0700{d:04d}" for d in range(n)),
        "stay_in_force": 0.3, "neighbourhoods": (),
    }  # fmt: skip
    unused = {  # results never look at the tables that lives are made from
        field.name: np.zeros(0)
        for field in dataclasses.fields(AreaTables)
        if field.name not in given and field.default is field.default_factory is dataclasses.MISSING
    }
    return AreaTables(**given, **unused)


def inputs(years: int, programmes: tuple[tuple[str, str, str], ...] = PROGRAMMES) -> ModelInputs:
    made = tuple(
        Programme(
            id=id, name=name, tier=tier, event="", event_offences=(), ages=(0, 17), needs=(), effects=(),
            set_up_months=3, waiting_months=6, outcome_study=id != "small_grants",
        )
        for id, name, tier in programmes
    )  # fmt: skip
    money = np.zeros((len(made), years))
    return ModelInputs(area(), Evidence([]), made, money, start=month_of(2022, 4), years=years, scale=SCALE)


def dealt(expected: np.ndarray, years: int, luck: np.random.Generator) -> np.ndarray:
    """(Y, BATCHES) the crimes of each year, dealt to batches of about the same size."""
    crime = expected[:, :, :-1].sum(axis=(1, 2)).reshape(years, 12).sum(axis=1)
    share = luck.normal(1, 1e-4, BATCHES)
    return np.round(crime[:, None] * share / share.sum() * FIXED).astype(np.int64)


def outcome(seed: int, ratio: float, years: int, tier_money: dict[str, float]) -> Outcome:
    """One replicate: the same seed gives the same hazards, so that alternatives are paired."""
    rng = np.random.default_rng(seed)
    months, n = 12 * years, len(DISTRICTS)
    record = new_record(months, n, len(PROGRAMMES))
    share = RESIDENTS / RESIDENTS.sum()
    level = rng.normal(1, 0.03) * SCALE / 12
    own = np.random.default_rng([seed, round(1e6 * ratio)])  # what the alternative alone does
    effect = (ratio - 1) * own.normal(1, 0.4) + own.normal(0, 0.01, (n, 1)) * (ratio != 1)
    effect = effect * own.normal(1, 0.8, N_OFFENCES) * (ratio != 1)
    ramp = np.minimum(np.arange(months) / 60, 1)[:, None, None] * effect
    expected = level * (1 + ramp) * share[:, None] * OFFENCES_A_YEAR
    filled: dict[str, np.ndarray] = {
        "population": np.tile((RESIDENTS * SCALE).astype(int), (months, 1)),
        "expected": np.round(expected * FIXED).astype(np.int64),
        "batch": dealt(expected, years, own),
        "offences": rng.poisson(expected),
    }
    offences = filled["offences"]
    filled["recorded"] = rng.binomial(offences, 0.4)
    filled["severity"] = np.round(offences * rng.gamma(4, 0.25, offences.shape) * FIXED).astype(np.int64)
    filled["domestic"] = rng.poisson(expected.sum(axis=2) * 0.1)
    filled["domestic_recorded"] = rng.binomial(filled["domestic"], 0.3)
    yearly = offences.sum(axis=1).reshape(years, 12, -1).sum(axis=1)
    for name in ("victims", "place"):
        filled[name] = np.stack([yearly // 5] * 5, axis=1)
    filled["people"] = np.tile(rng.integers(5_000, 20_000, record.people.shape[1]), (years, 1))
    filled["risk"] = rng.binomial(filled["people"][:, None, :], 0.1, record.risk.shape)
    filled["ace"] = rng.multinomial(1000, [0.5, 0.2, 0.1, 0.1, 0.1], record.ace.shape[:2])
    filled["cohort"] = np.where(np.arange(years) < 1, 0, 900)
    filled["reoffended"] = rng.binomial(filled["cohort"], 0.28)
    for name in Record._fields:
        if name not in filled:
            filled[name] = rng.integers(0, 40, getattr(record, name).shape)
    crime = expected.sum(axis=(1, 2)).reshape(years, 12).sum(axis=1)
    demand = crime[:, None, None] * share[:, None] * np.geomspace(0.5, 0.002, len(SERVICES))
    demand = demand * own.normal(1, 0.002, demand.shape)
    hours = crime[:, None, None] * np.full((len(ROLES), len(KINDS)), 0.7)
    spend = np.array([[tier_money[tier] for _, _, tier in PROGRAMMES]] * years)
    public = np.full((years, n), 0.67), np.full((years, n), 5_000.0)
    counted = Record(**{k: v.astype(np.int64) for k, v in filled.items()})
    return Outcome(counted, demand, hours, spend, spend, *public)


def outcomes(replicates: int, years: int) -> dict[str, list[Outcome]]:
    runs = {}
    for name, ratio in ALTERNATIVES.items():
        money = {"primary": 310_000.0, "secondary": 540_000.0, "tertiary": 420_000.0, "system": 0.0}
        if name == "stop":
            money = dict.fromkeys(money, 0.0)
        money |= {tier: 1_310_000.0 for tier in money if name == f"extra_{tier}"}
        runs[name] = [outcome(r, ratio, years, money) for r in range(replicates)]
    return runs


@functools.cache
def dataset(replicates: int = 8, years: int = 10) -> xr.Dataset:
    draws = [{"birth.ratio": 1.0 + d, "death.ratio": 2.0} for d in range((replicates + 1) // 2)]
    return build(
        inputs=dict.fromkeys(ALTERNATIVES, inputs(years)),
        outcomes=outcomes(replicates, years),
        draws=draws,
        draw_ids=[r // 2 for r in range(replicates)],
        seeds=list(range(7, 7 + replicates)),
        attributes={
            "comparator": "as_agreed", "scenario": "[scenario]", "seed": "7", "scale": str(SCALE),
            "evidence_hash": "ab", "source_hash": "cd", "versions": "numpy 2", "date": "2026-01-01",
            "revision": "unknown", "price_year": "2022/23", "title": "West Mercia 2022",
        },
    )  # fmt: skip
