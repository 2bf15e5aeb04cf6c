"""Programmes that work through others and on the public: they avert no crime of themselves.

Each raises, by a ratio of evidence that is 1 unless believed otherwise, the uptake, completion, targeting or delivery
of the programmes it names, the share of offences that are recorded, public confidence, or volunteering. Where none
of those is funded, nothing comes of it. Several on one quality of one programme: the strongest in full, each further
log ratio times the shared share, as for effects on one person.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np
from numpy.typing import NDArray

from model.actors.purse import purse_of
from model.actors.tools import Accuracy, accuracy_of, best_of
from model.inputs import Programme, is_named, those_named
from model.vocabulary import N_OFFENCES, OFFENCES

if TYPE_CHECKING:
    from model.world import PreventionModel

Logs = NDArray[np.float64]


class Quality(NamedTuple):
    """Ratios of what a programme does this month to what its evidence says."""

    uptake: float = 1.0
    completion: float = 1.0
    targeting: float = 1.0
    delivery: float = 1.0


UNCHANGED = Quality()


class SystemProgramme(mesa.Agent):
    """One scheme that works through others: how far it is at work."""

    def __init__(
        self, model: "PreventionModel", number: int, programme: Programme, values: Mapping[str, float]
    ) -> None:
        super().__init__(model)
        of = programme.id
        self.number, self.programme, self.values = number, programme, values
        self.unit_cost = values[f"{of}.unit_cost"]
        self.lag, self.fade = (max(round(values[f"{of}.{name}_months"]), 0) for name in ("lag", "fade"))
        self.purse = purse_of(programme, values, False)
        self.months_on, self.months_off, self.level = 0, 0, 0.0
        self.tool = accuracy_of(programme, programme.tool, values) if programme.tool else None
        self.helps = programme.tool.programmes if programme.tool else ()

    def work(self, pounds: float) -> None:
        """A month with so many pounds."""
        working = self.purse.at_work(pounds)
        if working > 0.0:
            self.months_on, self.months_off = self.months_on + 1, 0
            self.level = min(working * 12.0 / self.unit_cost, 1.0)
        elif self.months_on:
            self.months_off += 1
            if self.months_off > self.fade:
                self.months_on, self.months_off, self.level = 0, 0, 0.0

    @property
    def strength(self) -> float:
        """The share of its effect that is at work this month."""
        if self.months_on <= self.lag:
            return 0.0
        return self.level * (1.0 - self.months_off / (self.fade + 1.0))

    def log_ratios(self, kind: str) -> Iterable[tuple[tuple[str, ...], float]]:
        """The targets and log ratio, as strong as it is now, of each effect of a kind."""
        for effect in self.programme.effects:
            if effect.kind == kind:
                yield effect.targets, self.strength * float(np.log(self.values[effect.ratio]))


def combined(logs: Logs, share: float) -> Logs:
    """(...,) of logs (S, ...): the strongest in full and the others at `share`."""
    if logs.shape[0] == 0:
        return np.zeros(logs.shape[1:])
    most, least = logs.max(axis=0), logs.min(axis=0)
    strongest = np.where(most >= -least, most, least)  # of two as strong, the one that does harm: no order decides
    return np.asarray(strongest + share * (logs.sum(axis=0) - strongest))


def qualities(
    system: list[SystemProgramme], programmes: tuple[Programme, ...], share: float
) -> list[Quality]:
    """The quality of each programme this month."""
    at_work = [one for one in system if one.strength > 0.0]
    if not at_work:
        return [UNCHANGED] * len(programmes)
    told = {}
    for kind in Quality._fields:
        logs = np.zeros((len(at_work), len(programmes)))
        for s, one in enumerate(at_work):
            for targets, log_ratio in one.log_ratios(kind):
                logs[s, list(those_named(targets, programmes))] += log_ratio
        told[kind] = np.exp(combined(logs, share)).tolist()
    return [Quality(*(told[kind][p] for kind in Quality._fields)) for p in range(len(programmes))]


def recording_logs(system: list[SystemProgramme]) -> Logs:
    """(S, G) log ratios of the chance that an offence is recorded."""
    logs = np.zeros((len(system), N_OFFENCES))
    for s, one in enumerate(system):
        for targets, log_ratio in one.log_ratios("recording"):
            logs[s, [OFFENCES.index(name) for name in targets]] += log_ratio
    return logs


def on_the_public(system: list[SystemProgramme], kind: str, share: float) -> float:
    """The ratio of confidence, or of volunteering, this month."""
    logs = [sum(log_ratio for _, log_ratio in one.log_ratios(kind)) for one in system]
    return float(np.exp(combined(np.array(logs), share))) if logs else 1.0


def tool_for(
    programme: Programme, own: Accuracy | None, system: list[SystemProgramme], quality: Quality
) -> Accuracy | None:
    """The tool that orders a programme's waiting list this month: its own, or that of a funded scheme."""
    tools = [own] if own else []
    for one in system:
        if one.tool and one.strength > 0.0 and is_named(programme, one.helps):
            tools.append(one.tool.at_strength(one.strength))
    best = best_of(tools)
    return best.improved(quality.targeting) if best else None
