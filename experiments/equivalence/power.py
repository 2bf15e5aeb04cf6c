"""Whether the comparison would see a hazard that is 5 in 100 too high: `python -m experiments.equivalence.power`.

Each main hazard in turn is raised in the engine, as a slip in one of the models would. The exact comparison sees it
where it finds a number that differs. What the statistical one would see is told by how far the outcomes move: in runs
with the same draws the move itself is told with little noise, and with the error that so many runs of the two models
leave, the chance that at least the outcome that moves most is found different, by a test at the level over the number
of outcomes, is that of a normal deviate.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from experiments.equivalence.cases import Case, without_programmes
from experiments.equivalence.engine import see, with_seed
from experiments.equivalence.exact import differences
from experiments.equivalence.outcomes import FACTORS, Seen, outcomes
from experiments.equivalence.tost import LEVEL
from experiments.reference.start import start_of
from experiments.reference.world import PlainModel
from model.people import HAZARDS
from model.world import PreventionModel

RAISED = 1.05
Raise = Callable[[PreventionModel], None]


class Power(NamedTuple):
    """What the comparison sees of one hazard raised."""

    hazard: str
    exact: float  # largest difference of a number that is compared exactly, as a share
    number: str  # which
    outcome: str  # the outcome that moves most beside its error
    moved: float  # share of its mean
    error: float  # of the difference of the two models' means, share
    power: float  # chance that the outcome is found different


def _law(field: str, where: int | None = None) -> Raise:
    """Raise a table of the law, or one place of its last axis, in all years."""

    def raised(model: PreventionModel) -> None:
        model.laws = model.laws.copy()
        table = model.laws[field]
        (table if where is None else table[..., where])[...] *= RAISED

    return raised


def _rate(field: str) -> Raise:
    """Raise a table of the districts' rates."""

    def raised(model: PreventionModel) -> None:
        rates = model.places.rates.copy()
        rates[field] *= RAISED
        model.places = model.places._replace(rates=rates)

    return raised


def _outsiders(model: PreventionModel) -> None:
    model.places = model.places._replace(outsiders=model.places.outsiders * RAISED)


MAIN: dict[str, Raise] = {
    "death": _rate("death"), "birth": _rate("birth"), "leaving": _rate("leave"), "moving": _rate("move"),
    "separation": _law("separation"), "partnering": _law("partnering"),
    **{f"start of {name}": _law("start", r) for r, name in enumerate(FACTORS)},
    "end of any factor": _law("end"),
    "adverse experiences": _law("ace_start"), "exposure where no carer is known": _law("exposure_on"),
    **{f"offending, {kind}": _law("rate", h) for h, kind in enumerate(HAZARDS)},
    "joining in": _law("co_offending"), "outsiders' offences": _outsiders,
    "harmed again": _law("victim_repeat"), "emergency attendance": _law("emergency"),
    "recorded": _law("record"), "charged": _law("charge"), "out of court": _law("out_of_court"),
    "convicted": _law("conviction"), "custody": _law("custody"), "months of custody": _law("custody_months"),
    "probation": _law("order_share"),
}  # fmt: skip


def exact_power(case: Case) -> dict[str, tuple[str, float]]:
    """By hazard raised, the number that differs most in the exact comparison as the plan begins, and by how much."""
    found = {}
    plain = PlainModel(case.inputs, case.values, start_of(case.past), seed=1)
    for hazard, raised in MAIN.items():
        model = PreventionModel(case.inputs, case.values, 1, case.past)
        raised(model)
        apart = differences(model, plain)
        most = max(apart, key=lambda name: apart[name])
        found[hazard] = (most, apart[most])
        model.close()
    plain.close()
    return found


def power(case: Case, small: Case, pairs: int, base: int, plain: int) -> list[Power]:
    """The power of both comparisons. `pairs`: runs with and without the raise; `base`, `plain`: runs of the engine and
    of the plain model that the comparison rests on."""
    exact = exact_power(small)
    without = _seen(case, pairs, lambda model: None)
    many = _table(without)
    happens = many.mean(axis=0) != 0
    many = many[:, happens]
    error = many.std(axis=0, ddof=1) / np.abs(many.mean(axis=0)) * np.sqrt(1 / base + 1 / plain)
    names = [name for name, some in zip(outcomes(without[0]), happens, strict=True) if some]
    found = []
    for hazard, raised in MAIN.items():
        moved = _table(_seen(case, pairs, raised))[:, happens].mean(axis=0) / many.mean(axis=0) - 1
        best = int(np.argmax(np.abs(moved) / error))
        beyond = abs(moved[best]) / error[best] - norm.isf(LEVEL / len(names) / 2)
        name, share = exact[hazard]
        found.append(Power(hazard, share, name, names[best], moved[best], error[best], float(norm.cdf(beyond))))
        print(line(found[-1]), flush=True)
    return found


def line(one: Power) -> str:
    """One hazard, to read."""
    return (
        f"{one.hazard:36} exact: {one.number} {one.exact:.1%} apart; outcomes: {one.outcome} {one.moved:+.1%}, "
        f"error {one.error:.2%}, power {one.power:.0%}"
    )


def _seen(case: Case, runs: int, change: Raise) -> list[Seen]:
    seen = []
    for seed in range(1, runs + 1):
        model = PreventionModel(case.inputs, case.values, seed, with_seed(case.past, seed))
        change(model)
        seen.append(see(model))
    return seen


def _table(seen: Sequence[Seen]) -> np.ndarray:  # type: ignore[type-arg]
    """(runs, outcomes)."""
    rows: list[Mapping[str, float]] = [outcomes(each) for each in seen]
    return np.array([list(row.values()) for row in rows])


def main(words: Sequence[str] | None = None) -> int:
    """Print the power of both comparisons."""
    parser = argparse.ArgumentParser(prog="python -m experiments.equivalence.power", description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--engine-runs", type=int, default=300)
    parser.add_argument("--plain-runs", type=int, default=60)
    asked = parser.parse_args(words)
    case, small = without_programmes(asked.people, asked.years), without_programmes(300, 1)
    power(case, small, asked.pairs, asked.engine_runs, asked.plain_runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
