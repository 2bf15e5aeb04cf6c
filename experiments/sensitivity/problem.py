"""The inputs of an experiment: uncertain numbers, from the ranges of evidence, and levers.

An uncertain number is a place u between 0 and 1 in what is believed of its rows: the quantile of a row that may have
no effect at all has a step at 1, as wide as the chance of that. Rows of one id (by age, by offence) move together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.experiment_files.levers import Lever
from experiments.plan import belongs, stale_costings
from model.evidence import Row
from model.evidence.sampling import quantiles
from model.inputs import ModelInputs
from model.usage import past_rows, where_used
from results.compare import significant
from results.economics.agencies import rows_read
from results.outcomes import Outcome
from results.prices import shipped
from scenarios import Scenario

Floats = NDArray[np.float64]
LOW, HIGH = 0.025, 0.975  # the ends of a row's range
AFTER_THE_RUN = {"model/rules/demand.py"}  # reads the record of what happened, and changes none of it
PLANS_ONLY = ("minimum_a_year",)  # read when a plan is checked or reviewed
HALVINGS = 60


class Asked(NamedTuple):
    """What outcomes need of the rows of evidence: a run, or also what is reckoned from its record."""

    demand: bool = False
    costs: bool = False
    harm: bool = False
    agencies: bool = False


def asked_by(outcomes: Iterable[Outcome]) -> Asked:
    """What all of these need together."""
    variables = [one.variable for one in outcomes]
    return Asked(
        demand=any(one.startswith(("demand", "agency_cost")) for one in variables),
        costs=any(one.endswith(("crime_cost", "agency_cost")) for one in variables),
        harm=any(one.endswith("harm") for one in variables),
        agencies="agency_cost" in variables,
    )


@dataclass(frozen=True)
class Uncertainty:
    """An input: the rows that move together."""

    id: str
    label: str
    rows: tuple[Row, ...]
    alters_past: bool  # whether the lives lived before the start depend on it

    ends = (LOW, HIGH)  # where its range begins and ends, as a place in what is believed

    def range_words(self) -> str:
        """What it is moved between."""
        if len(self.rows) != 1:
            return f"{len(self.rows)} numbers together"
        ranges = Ranges([self])
        low, high = (next(iter(ranges.at(np.array([end])).values())) for end in self.ends)
        return f"{significant(low, 3):,.10g} to {significant(high, 3):,.10g}"


Input = Uncertainty | Lever
Problem = Sequence[Input]  # uncertainties first, then levers


def described(problem: Problem) -> dict[str, tuple[str, NDArray[Any]]]:
    """What a Dataset says of its inputs."""
    return {
        "input": ("input", np.array([one.id for one in problem], dtype=str)),
        "label": ("input", np.array([one.label for one in problem], dtype=str)),
        "range": ("input", np.array([one.range_words() for one in problem], dtype=str)),
        "kind": ("input", np.array(["lever" if isinstance(one, Lever) else "uncertainty" for one in problem])),
        "alters_past": ("input", np.array([one.alters_past for one in problem])),
    }


def uncertainties_of(
    scenario: Scenario, inputs: Mapping[str, ModelInputs], asked: Asked, only: Sequence[str] = ()
) -> tuple[Uncertainty, ...]:
    """The inputs that an outcome can depend on under these alternatives, plan first and then those that alter the
    past, each in the order of evidence; `only` keeps those whose id is, or begins with, one of the names.

    Left out: rows without a range, schemes that nobody pays for, what is reckoned after a run where the outcome does
    not need it. Raises ValueError for a name that no input has.
    """
    area, evidence = scenario.area, scenario.evidence
    used, past = where_used(area, evidence, scenario.programmes), past_rows(area, evidence)
    idle = unpaid(scenario, inputs)
    reviewed = any(one.review != "fixed" for one in inputs.values())
    rows = [
        row for name, row in evidence.items()
        if name in used and (asked.demand or not set(used[name]) <= AFTER_THE_RUN) and not is_idle(row, idle, reviewed)
    ]  # fmt: skip
    costed_long_ago = not set(stale_costings(scenario)) <= set(idle)
    rows += [
        row for row in shipped().values()
        if is_priced(row, asked) or (row.id == "stale_price_doubt" and costed_long_ago)
    ]  # fmt: skip
    names = {programme.id: programme.name for programme in scenario.programmes}
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        if row.is_sampled:
            by_id.setdefault(row.id, []).append(row)
    found = [
        Uncertainty(id, label_of(id, names), tuple(own), any(row.name in past for row in own))
        for id, own in by_id.items()
    ]
    for name in only:
        if not any(belongs(one.id, name) for one in found):
            raise ValueError(f"no uncertain number of this question is called, or begins with, {name!r}")
    kept = [one for one in found if not only or any(belongs(one.id, name) for name in only)]
    return tuple(sorted(kept, key=lambda one: one.alters_past))


def unpaid(scenario: Scenario, inputs: Mapping[str, ModelInputs]) -> set[str]:
    """Ids of the programmes that no alternative gives money to or practises."""
    paid = {
        programme.id
        for one in inputs.values()
        for p, programme in enumerate(one.programmes)
        if one.money[p].any() or (one.practice is not None and one.practice[p].any())
    }
    return {programme.id for programme in scenario.programmes} - paid


def is_idle(row: Row, idle: Iterable[str], reviewed: bool) -> bool:
    """Whether a row is read and can change nothing."""
    of, _, what = row.id.partition(".")
    return of in idle or (not reviewed and (what in PLANS_ONLY or of == "commissioner" or what == "whole"))


def is_priced(row: Row, asked: Asked) -> bool:
    """Whether a row of costs and harm says something of the outcome: those that `results.prices.prices` reads, and
    `results.economics.agencies.agency_prices`."""
    if asked.agencies and row.name in rows_read():
        return True
    return (asked.harm and row.id == "harm_weight_mean") or (asked.costs and row.id.startswith("crime_cost"))


def label_of(id: str, names: Mapping[str, str]) -> str:
    """An id in words: a scheme by its name."""
    of, _, what = id.partition(".")
    first = names.get(of, of.replace("_", " ").capitalize())
    return f"{first}: {what.replace('_', ' ')}" if what else first


class Ranges:
    """The quantiles of all rows of a problem."""

    def __init__(self, uncertainties: Sequence[Uncertainty]) -> None:
        self.rows = [row for one in uncertainties for row in one.rows]
        self.of = np.array([at for at, one in enumerate(uncertainties) for _ in one.rows], dtype=np.int64)
        self.names = [row.name for row in self.rows]
        self.none = np.array([row.no_effect for row in self.rows])
        self.below = self.share_below_one()

    def share_below_one(self) -> Floats:
        """(rows,) the share of a row's distribution that lies below 1, if it has an effect."""
        low, high = np.zeros(len(self.rows)), np.ones(len(self.rows))
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            less = quantiles(self.rows, inside(middle)) < 1.0
            low, high = np.where(less, middle, low), np.where(less, high, middle)
        return low

    def at(self, point: Floats) -> dict[str, float]:
        """The value of each row at a point (inputs,); rows of inputs that are NaN there are left out."""
        u = point[self.of]
        first, step = (1.0 - self.none) * self.below, self.none
        with np.errstate(divide="ignore", invalid="ignore"):
            place = np.where(u < first, u, u - step) / (1.0 - step)
        value = quantiles(self.rows, inside(np.nan_to_num(place, nan=0.5)))
        value = np.where((step > 0.0) & (u >= first) & (u <= first + step), 1.0, value)
        moved = np.flatnonzero(~np.isnan(u)).tolist()
        return {self.names[k]: one for k, one in zip(moved, value[moved].tolist(), strict=True)}


def inside(u: Floats) -> Floats:
    return np.clip(u, 1e-9, 1.0 - 1e-9)


def seed_of(seed: int) -> int:
    """A seed as SALib takes it: 0 would be none at all."""
    return seed % (2**32 - 1) + 1
