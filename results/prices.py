"""What an offence costs, to whom, and how much harm it is: rows of evidence turned into arrays.

Costs are per offence committed, so they are multiplied by offences as the model has them and by no
second multiplier. What people spend in anticipation of crime (locks, insurance) is left out: it does
not fall when crime falls a little.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.evidence import Evidence, read
from model.vocabulary import ANTISOCIAL, COMPONENTS, OFFENCES

Floats = NDArray[np.float64]

FOLDER = Path(__file__).parent / "evidence"

# The last three bear no part of crime itself.
PAYERS = (
    "victims", "economy", "nhs", "voluntary_sector", "police", "justice", "councils", "education", "benefits_and_tax",
)  # fmt: skip
# Who bears each component: a choice of accounting, not a number.
PAYER_OF = {
    "physical_emotional_harm": "victims",
    "lost_output": "economy",
    "health_services": "nhs",
    "victim_services": "voluntary_sector",
    "property_stolen_damaged": "victims",
    "police": "police",
    "cjs_other": "justice",
}


@dataclass(frozen=True)
class Prices:
    """Values of one offence of each group. C components, G offence groups."""

    unit_cost: Floats  # (C, G) pounds of the price year per offence committed
    harm_weight: Floats  # (G,) days of imprisonment per offence of mean severity
    price_year: str  # financial year, "2022/23"
    unpriced: tuple[str, ...]  # offence groups without any unit cost, antisocial behaviour aside
    unweighted: tuple[str, ...]  # offence groups without a harm weight, antisocial behaviour aside


@cache
def shipped() -> Evidence:
    """The rows of results/evidence, read once a process."""
    return read(FOLDER)


def prices(evidence: Evidence, price_year: str, drawn: Mapping[str, float] | None = None) -> Prices:
    """Unit costs and harm weights in pounds of `price_year`.

    `drawn` holds sampled values by row name; a row that it does not name keeps its own value. Raises
    ValueError when a deflator for a row's price year, or for `price_year`, is missing.
    """
    values = drawn or {}
    doubt = evidence.get("crime_cost_doubt")
    shared = values.get(doubt.name, doubt.value) if doubt else 1.0  # one factor: the costs err together
    unit_cost = np.zeros((len(COMPONENTS), len(OFFENCES)))
    weight = np.zeros(len(OFFENCES))
    weighted = set()
    factor: dict[str, float] = {}
    for row in evidence.values():
        if row.group not in OFFENCES:
            continue
        offence = OFFENCES.index(row.group)
        value = values.get(row.name, row.value)
        topic, _, component = row.id.partition(".")
        if topic == "crime_cost" and component in COMPONENTS:
            if row.period not in factor:
                factor[row.period] = inflation(evidence, row.period, price_year, row.name)
            unit_cost[COMPONENTS.index(component), offence] = shared * value * factor[row.period]
        elif row.id == "harm_weight_mean":
            weight[offence] = value
            weighted.add(row.group)
    crimes = OFFENCES[:ANTISOCIAL]
    return Prices(
        unit_cost=unit_cost,
        harm_weight=weight,
        price_year=price_year,
        unpriced=tuple(name for name, cost in zip(crimes, unit_cost.sum(axis=0), strict=False) if cost == 0),
        unweighted=tuple(name for name in crimes if name not in weighted),
    )


def inflation(evidence: Evidence, of: str, to: str, row: str = "") -> float:
    """Pounds of financial year `to` that a pound of financial year `of` is worth, by the GDP deflator. Raises
    ValueError for a year without one, naming the `row` whose price year it is."""
    if of == to:
        return 1.0
    known = {row.group: row.value for row in evidence.values() if row.id == "gdp_deflator"}
    for year in (of, to):
        if year not in known:
            whose = f"the price year of {row}, {year or 'which is not given'}" if row and year == of else year
            raise ValueError(f"no GDP deflator for {whose}: there are those of {min(known)} to {max(known)}")
    return known[to] / known[of]


def crime_costs(offences: Floats, unit_cost: Floats) -> Floats:
    """(..., G) offences committed to (..., component, payer) pounds."""
    by_component = offences @ unit_cost.T
    out = np.zeros((*by_component.shape, len(PAYERS)))
    for place, component in enumerate(COMPONENTS):
        out[..., place, PAYERS.index(PAYER_OF[component])] = by_component[..., place]
    return out
