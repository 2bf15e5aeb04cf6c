"""What is kept of a run once it is lived: its outcome, unless an experiment looks at more."""

from collections.abc import Callable

from experiments.runner.outcome_bytes import to_bytes
from model.world import PreventionModel

Report = Callable[[int, int], None]
Live = Callable[[PreventionModel, Report], bytes]  # a function of a module, so that it can be sent to other processes


def outcome(model: PreventionModel, report: Report) -> bytes:
    """Live a plan and give what it came to, as outcome_bytes."""
    return to_bytes(model.run(report))
