"""Targeting tools: who is flagged, rightly and wrongly, and so comes first on a waiting list.

Being truly at risk is a fixed bound on a person's own chances, so that nobody's flag depends on anybody else. Flags
order a list and do no more. They are counted by group and never kept by person.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.draws import STREAMS, keys_from, uniforms
from model.inputs import Programme, Tool
from model.people import RATE_ONE, Columns, by_mix
from model.vocabulary import OFFENCES

MOST_DEPRIVED = 0


class Accuracy(NamedTuple):
    """How well a tool tells who is truly at risk, in one month of one draw."""

    key: NDArray[np.uint64]  # (1,) of the tool: its errors are its own
    offences: tuple[int, ...]  # groups
    threshold: float  # expected offences of those groups a year
    sensitivity: float  # chance that a person truly at risk is flagged
    false_alarm: float  # chance that another is
    bias: float  # ratio of that chance in the most deprived fifth

    @property
    def informedness(self) -> float:
        """Youden's index: 1 never errs, 0 knows nothing (Youden, Cancer 1950)."""
        return self.sensitivity - self.false_alarm

    def improved(self, ratio: float) -> "Accuracy":
        """The same tool with more right flags and fewer wrong ones."""
        return self._replace(
            sensitivity=min(self.sensitivity * ratio, 1.0), false_alarm=min(self.false_alarm / ratio, 1.0)
        )

    def at_strength(self, strength: float) -> "Accuracy":
        """The same tool where it reaches only so large a share of those it could."""
        return self._replace(
            sensitivity=self.sensitivity * strength, false_alarm=self.false_alarm * strength
        )


def accuracy_of(programme: Programme, tool: Tool, values: Mapping[str, float]) -> Accuracy:
    """The accuracy of a programme's tool in one draw."""
    of = programme.id
    return Accuracy(
        keys_from(0, f"tool {of}", 1), tuple(OFFENCES.index(name) for name in tool.offences),
        values[f"{of}.threshold"], values[f"{of}.sensitivity"], 1.0 - values[f"{of}.specificity"],
        values[f"{of}.bias"],
    )  # fmt: skip


def best_of(tools: list[Accuracy]) -> Accuracy | None:
    """The most informed of several tools: a list is ordered by one."""
    return max(tools, key=lambda tool: tool.informedness, default=None)


class Flags(NamedTuple):
    flagged: NDArray[np.bool_]  # (rows,)
    at_risk: NDArray[np.bool_]  # (rows,) truly


def flags(
    tool: Accuracy, people: Columns, rows: NDArray[np.int64], mix: NDArray[np.float64], month: int, seed: int
) -> Flags:
    """Who among `rows` is flagged this month, and who truly should be; `mix` (N_MIXES, G) is the law's."""
    share = mix[:, list(tool.offences)].sum(axis=1)
    yearly = by_mix(people["rate"][rows], people["sex"][rows]) @ share * (12.0 / RATE_ONE)
    at_risk = yearly >= tool.threshold
    biased = min(tool.false_alarm * tool.bias, 1.0)
    alarm = np.where(people["quintile"][rows] == MOST_DEPRIVED, biased, tool.false_alarm)
    luck = uniforms(seed, people["key"][rows] ^ tool.key, month, STREAMS["flag"])
    return Flags(luck < np.where(at_risk, tool.sensitivity, alarm), at_risk)
