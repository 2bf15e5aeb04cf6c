"""Those who respond: police, courts, prisons, probation, hospitals and children's services.

Each keeps its caseload by month. No limit is known to it yet, and a caseload changes nobody's life.
"""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from model.record import EVENT_KINDS, Record
from model.vocabulary import RISK_FACTORS

if TYPE_CHECKING:
    from model.world import PreventionModel

# Agency, what its caseload counts: an event of the month, or a state at its end.
CASELOADS = (
    ("police", "event", "reported"),
    ("courts", "event", "charge"),
    ("prison", "state", "in_custody"),
    ("probation", "state", "on_probation"),
    ("hospitals", "event", "emergency_department"),
    ("childrens_services", "state", "looked_after"),
)


class Agency(mesa.Agent):
    """One agency's caseload, a whole number a month, for the people simulated."""

    def __init__(self, model: "PreventionModel", name: str, counts: str, what: str) -> None:
        super().__init__(model)
        self.name, self.counts, self.what = name, counts, what
        self.caseload = np.zeros(model.inputs.years * 12, dtype=np.int64)

    def take_on(self, record: Record, m: int) -> None:
        """Read this month's caseload from the record."""
        if self.counts == "event":
            self.caseload[m] = record.events[m, :, EVENT_KINDS.index(self.what)].sum()
        else:
            self.caseload[m] = record.states[m, :, RISK_FACTORS.index(self.what)].sum()


def agencies_of(model: "PreventionModel") -> list[Agency]:
    """The agencies of a model's area."""
    return [Agency(model, *row) for row in CASELOADS]
