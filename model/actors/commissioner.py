"""The commissioner: decides each April what each programme may spend in the financial year."""

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.world import PreventionModel


class Commissioner(mesa.Agent):
    """Holds the budget of the plan: pounds by programme and financial year, for the real area."""

    def __init__(self, model: "PreventionModel", money: NDArray[np.float64]) -> None:
        super().__init__(model)
        self.money = money

    def commission(self, year: int) -> NDArray[np.float64]:
        """Pounds for each programme in plan year `year`; the last year's are held after the plan."""
        if self.money.shape[1] == 0:
            return np.zeros(self.money.shape[0])
        return np.asarray(self.money[:, min(year, self.money.shape[1] - 1)])
