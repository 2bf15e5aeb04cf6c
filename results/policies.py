"""What each policy of an experiment comes to: its levers beside its outcomes."""

import json
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import xarray as xr

from results import drawing
from results.chart import Chart, band, place_and_period
from results.compare import (
    NOT_DISTINGUISHABLE,
    comparator_of,
    estimates,
    figure,
    is_distinguishable,
    range_words,
    rounding_unit,
)
from results.drawing import Series
from results.labels import capital, quoted, spoken
from results.outcomes import OUTCOMES, Outcome, less
from results.table_rows import Cell, Rows


def is_explored(ds: xr.Dataset) -> bool:
    """Whether an experiment asked for the run."""
    return bool(ds.attrs.get("settings"))


class Told(NamedTuple):
    """An outcome of a policy."""

    policy: str
    settings: tuple[Cell, ...]  # one a lever, "" where the scenario has it otherwise than in a number or word
    outcome: Outcome
    estimate: float
    lower: float
    upper: float
    error: float  # over the runs, or of chance alone where that is larger and known
    above: float  # percentage of the runs that are above zero
    note: str


def told_of(ds: xr.Dataset) -> list[Told]:
    """Every policy with every outcome asked about."""
    found = []
    for name, settings in json.loads(ds.attrs["settings"]).items():
        for key in json.loads(ds.attrs["outcomes"]):
            outcome = OUTCOMES[key]
            runs = ds.draw.copy(data=outcome.pick(ds, comparator_of(ds), name))
            told = estimates(runs)
            chance = np.sqrt(outcome.chance(ds, comparator_of(ds), name).sum()) / ds.sizes["replicate"]
            estimate, error = float(told.estimate), float(np.fmax(told.error, chance))
            found.append(
                Told(
                    name, tuple("" if one is None else one for one in settings), outcome, estimate, float(told.lower),
                    float(told.upper), error, 100.0 * float(np.mean(runs.values > 0)),
                    apart_words(runs.values, estimate, error),
                )
            )  # fmt: skip
    return found


def policies(ds: xr.Dataset) -> Rows:
    """A row a policy and outcome: what its levers are set to, the outcome against the comparator with its range and
    error, in which share of runs it is above zero, and a note where it cannot be told from zero."""
    return rows_of(ds, told_of(ds))


def rows_of(ds: xr.Dataset, told: list[Told]) -> Rows:
    kind = range_words(ds.sizes["replicate"])
    return [
        "policy", *(f"lever: {lever}" for lever in json.loads(ds.attrs["levers"])), "outcome", "unit", "estimate",
        f"lower ({kind})", f"upper ({kind})", "error (half of a 95% interval's half-width)", "runs above zero (%)",
        "note",
    ], [
        [one.policy, *one.settings, one.outcome.title, one.outcome.unit, one.estimate, one.lower, one.upper, one.error,
         one.above, one.note]
        for one in told
    ]  # fmt: skip


def policy_charts(ds: xr.Dataset) -> Iterator[Chart]:
    """A chart an outcome: every policy beside the others, the best on top."""
    told = told_of(ds)
    for key in json.loads(ds.attrs["outcomes"]):
        yield policy_chart(ds, sorted((one for one in told if one.outcome.key == key), key=lambda one: -one.estimate))


def policy_chart(ds: xr.Dataset, told: list[Told]) -> Chart:
    outcome, comparator = told[0].outcome, quoted(comparator_of(ds))
    levers = [spoken(lever) for lever in json.loads(ds.attrs["levers"])]
    series = Series("", *(np.array([getattr(one, end) for one in told]) for end in ("estimate", "lower", "upper")))
    widest = rounding_unit(told[0].estimate, float(series.lower.min()), float(series.upper.max()))
    unclear = sum(bool(one.note) for one in told)
    best = "; ".join(f"{label_of(one, levers)}: {figure(one.estimate, widest)}" for one in told[:3])
    return Chart(
        stem=f"policies_{outcome.key}",
        title=f"What each policy comes to: {outcome.title.lower()}",
        subtitle=f"{outcome.title} against {comparator}, {outcome.unit}; {place_and_period(ds)}",
        picture=f"A point with its range for each of {len(told)} policies, the highest on top.",
        alternative=(
            f"The highest, in {outcome.unit}: {best}. The lowest: {label_of(told[-1], levers)}, "
            f"{figure(told[-1].estimate, widest)}. {unclear} of {len(told)} are not told from zero at this run size."
        ),
        note=f"The highest of several is likely to be luckier than it is good: it is no choice by itself. {band(ds)}",
        table=rows_of(ds, told),
        draw=lambda: drawing.row_panels(
            [label_of(one, levers) for one in told], [series],
            f"{outcome.title}, {outcome.unit} (left of zero: {less(outcome.key)})",
        ),
    )  # fmt: skip


def label_of(one: Told, levers: list[str]) -> str:
    """A policy with its levers: 'Sampled 3 (diversion pounds 300,000, review fixed)'."""
    told = [
        f"{lever} {spoken(setting) if isinstance(setting, str) else f'{setting:,.10g}'}"
        for lever, setting in zip(levers, one.settings, strict=True) if setting != ""
    ]  # fmt: skip
    return capital(spoken(one.policy)) + (f" ({', '.join(told)})" if told else "")


def apart_words(runs: np.ndarray, estimate: float, error: float) -> str:
    """What must be said of a mean over (replicate,) runs; nothing where it is larger than twice its error."""
    if not runs.any():
        return "no difference in any run"
    if error != error:
        return "one run: its error is not known"
    return "" if is_distinguishable(estimate, error) else NOT_DISTINGUISHABLE
