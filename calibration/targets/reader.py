"""The one form of a target, and where targets come from: the table of published figures, and the area's own."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from model.inputs import AreaTables
from model.law.justice import WIDE
from model.vocabulary import ANTISOCIAL, OFFENCES, STREET_TYPES

TABLE = Path(__file__).parent / "targets.toml"
USES = ("fit", "check", "held_out")
TOTAL_WITHIN, GROUP_WITHIN, PLACE_WITHIN = 0.05, 0.15, 0.25  # of the area's own record
OUTCOMES_WITHIN = 0.10  # of the area's own outcomes
WITHOUT_FRAUD = "crime_without_fraud"
YEAR = "year to March 2023"  # of an area's record
OWN_TABLES = "the area's own tables"
LEAST_COUNT = 40  # offences a year below which a group's count is mostly chance, and is not held against


@dataclass(frozen=True)
class Target:
    """A figure of the world. `value` and `tolerance` (half the width of its band, about 95 in 100) are in `unit`."""

    id: str
    family: str
    what: str
    value: float
    tolerance: float
    unit: str
    period: str
    area: str
    source: str
    provenance: str  # checked, unchecked, derived or judgement
    use: str  # one of USES
    measure: Mapping[str, Any] = field(default_factory=dict)  # `kind`, a name in measures.KINDS, and its settings
    not_measurable: str = ""  # why, where it cannot be measured in the model
    cohort: str = ""
    only: str = ""  # the area that it is a figure of; "" for one of the nation
    sign: bool = False  # only the direction is a figure
    note: str = ""

    @property
    def is_measured(self) -> bool:
        return not self.not_measurable

    @property
    def is_fitted(self) -> bool:
        return self.is_measured and self.use == "fit"

    def misfit(self, found: float) -> float:
        """How far off, in tolerances; of a sign 0 where it is right, else 2."""
        if self.sign:
            return 0.0 if np.sign(found) == np.sign(self.value) else 2.0
        return (found - self.value) / self.tolerance


@lru_cache(maxsize=1)
def read_targets() -> tuple[Target, ...]:
    """The table of published figures. What is told of another size is divided by its row of `over`, and told a
    thousand where `per` says so."""
    told = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    over = {row["id"]: float(row["value"]) for row in told["over"]}
    found = []
    for row in told["target"]:
        size, per = over[row.pop("over")] if "over" in row else 1.0, row.pop("per", 1.0)
        times = per / size
        row["value"], row["tolerance"] = float(row["value"]) * times, float(row["tolerance"]) * times
        found.append(Target(**row))
    return tuple(found)


def area_targets(area: AreaTables) -> tuple[Target, ...]:
    """What the area's own tables say: its record by group, and its districts and fifths beside the force."""
    own: dict[str, Any] = {
        "area": area.name, "only": area.id, "source": OWN_TABLES, "provenance": "derived", "use": "fit",
    }  # fmt: skip
    record: dict[str, Any] = {"family": "recorded_crime", "period": YEAR, "unit": "offences", **own}
    total = float(area.recorded[:ANTISOCIAL].sum() - area.recorded[OFFENCES.index("fraud_computer_misuse")])
    found = [
        Target(id="area_total", what="Recorded crime without fraud", value=total, tolerance=TOTAL_WITHIN * total,
               measure={"kind": "recorded", "groups": [WITHOUT_FRAUD]}, **record)
    ]  # fmt: skip
    for g, name in enumerate(OFFENCES):
        count = float(area.recorded[g])
        if count >= LEAST_COUNT:
            found.append(
                Target(id=f"area_{name}", what=f"Recorded {name.replace('_', ' ')}", value=count,
                       tolerance=GROUP_WITHIN * count, measure={"kind": "recorded", "groups": [name]}, **record)
            )  # fmt: skip
    if area.charge_rate:
        found.append(_charges(area, total, own))
    return (*found, *_places(area, own))


def _charges(area: AreaTables, total: float, own: Mapping[str, Any]) -> Target:
    """Charges of the year over its recorded crime, where the area's own outcomes tell them by wide group."""
    charged = sum(
        area.charge_rate[wide] * float(area.recorded[OFFENCES.index(name)])
        for name, wide in WIDE.items() if wide in area.charge_rate
    )  # fmt: skip
    return Target(
        id="area_charges", family="outcomes", what="Charges to each recorded crime without fraud",
        value=charged / total, tolerance=OUTCOMES_WITHIN * charged / total, unit="share of offences",
        period="year to March 2023", measure={"kind": "charges_per_recorded"},
        note="offences by people who live elsewhere are recorded here, and dealt with where they live", **own,
    )  # fmt: skip


def _places(area: AreaTables, own: Mapping[str, Any]) -> list[Target]:
    """Recorded crime a resident of each district and fifth over that of the force, from the street files."""
    crimes = area.street_crime[:, [k for k, name in enumerate(STREET_TYPES) if name != "asb"]].sum(axis=1).astype(float)
    people = area.neighbourhood_residents.astype(float)
    whole = crimes.sum() / people.sum()
    parts: list[tuple[str, str, Any, dict[str, Any]]] = []
    for d, name in enumerate(area.districts):
        those = area.neighbourhood_district == d
        parts.append((f"district_{area.district_codes[d]}", name, those, {"kind": "district_ratio", "district": d}))
    for q in range(1, 6):
        those = area.neighbourhood_quintile == q
        parts.append((f"fifth_{q}", f"fifth {q} (1 most deprived)", those, {"kind": "place_ratio", "quintile": q}))
    found = []
    for id, name, of, measure in parts:
        if crimes[of].sum() >= LEAST_COUNT:
            ratio = float(crimes[of].sum() / people[of].sum() / whole)
            found.append(
                Target(id=f"area_{id}", family="area_places", what=f"Crime a resident in {name}, beside the force",
                       value=ratio, tolerance=PLACE_WITHIN * ratio, unit="ratio",
                       period="October 2018 to February 2019", measure=measure, **own)
            )  # fmt: skip
    return found


def area_words(area: AreaTables, rows: Sequence[Mapping[str, str]] = ()) -> list[str]:
    """What an area's tables hold, and what a fit of it is held against; of its recorded `rows` which are of another
    period than they are taken for."""
    other = [f"{row['group']} ({row['period']})" for row in rows if row["period"] != YEAR]
    own, every = area_targets(area), targets_of(area)
    measured = [one for one in every if one.is_measured]
    total = next(one.value for one in own if one.id == "area_total")
    return [
        f"{area.name}: {area.population.sum():,} people in {len(area.districts)} districts and "
        f"{len(area.neighbourhoods):,} neighbourhoods; {total:,.0f} crimes recorded in the {YEAR}, without fraud.",
        f"A fit holds it against {len(measured)} figures that can be measured: {len(own)} of its own tables (the "
        f"total, groups, districts and fifths) and {len(measured) - len(own)} of the nation; "
        f"{sum(one.is_fitted for one in measured)} are fitted to, the others looked at.",
        *([f"Recorded in another period, and taken as of the {YEAR}: {', '.join(other)}."] if other else []),
    ]


def targets_of(area: AreaTables) -> tuple[Target, ...]:
    """All that an area is held against: figures of the nation, and its own."""
    return (*(one for one in read_targets() if one.only in ("", area.id)), *area_targets(area))
