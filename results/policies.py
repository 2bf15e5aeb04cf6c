"""What each policy of an experiment comes to: its levers beside its outcomes."""

import json

import numpy as np
import xarray as xr

from results.compare import NOT_DISTINGUISHABLE, comparator_of, estimates, is_distinguishable, range_words
from results.outcomes import OUTCOMES
from results.table_rows import Cell, Rows


def is_explored(ds: xr.Dataset) -> bool:
    """Whether an experiment asked for the run."""
    return bool(ds.attrs.get("settings"))


def policies(ds: xr.Dataset) -> Rows:
    """A row a policy and outcome: what its levers are set to, the outcome against the comparator with its range and
    error, in which share of runs it is above zero, and whether it can be told from zero."""
    levers = json.loads(ds.attrs["levers"])
    rows: list[list[Cell]] = []
    for name, settings in json.loads(ds.attrs["settings"]).items():
        for key in json.loads(ds.attrs["outcomes"]):
            outcome = OUTCOMES[key]
            runs = ds.draw.copy(data=outcome.pick(ds, comparator_of(ds), name))
            told = estimates(runs)
            estimate, error = float(told.estimate), float(told.error)
            rows.append([
                name, *("" if setting is None else setting for setting in settings), outcome.title, outcome.unit,
                estimate, float(told.lower), float(told.upper), error, 100.0 * float(np.mean(runs.values > 0)),
                apart_words(runs.values, estimate, error),
            ])  # fmt: skip
    kind = range_words(ds.sizes["replicate"])
    return [
        "policy", *(f"lever: {lever}" for lever in levers), "outcome", "unit", "estimate", f"lower ({kind})",
        f"upper ({kind})", "standard error", "runs above zero (%)", "can it be told from zero?",
    ], rows  # fmt: skip


def apart_words(runs: np.ndarray, estimate: float, error: float) -> str:
    """Whether a mean over (replicate,) runs can be told from zero."""
    if not runs.any():
        return "no difference in any run"
    if error != error:
        return "one run: not known"
    return "yes" if is_distinguishable(estimate, error) else NOT_DISTINGUISHABLE
