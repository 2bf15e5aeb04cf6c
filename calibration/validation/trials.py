"""Published schemes tried inside the model: recruit by their rule, randomise, follow for a year.

A trial in the model must find what its study found, with everything between in the way: who is recruited, who takes a
place up and completes, when the effect begins, and whom else it reaches.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from calibration.fit.bank import START
from experiments.trials.trial import CONTROL, TREATMENT, Trial
from model import happenings as h
from model.evidence import read
from model.happenings import HAPPENED
from model.inputs import AreaTables, ModelInputs, month_of
from model.people import RESIDENT
from model.vocabulary import OFFENCES
from model.world import PreventionModel, live_past
from scenarios.schemes import Scheme

FOLLOWED = 12  # months, from when the effect has begun
YEARS = 4
Values = Mapping[str, float]


class Tried(NamedTuple):
    """What came of a trial: offences of the kinds that the scheme acts on, in a year of follow-up."""

    scheme: str
    control: int  # people
    treated: int
    took_part: int
    offences_control: int
    offences_treated: int
    spread: float  # variance over mean of the number a person

    @property
    def ratio(self) -> float:
        """Rate of the treated arm over that of control."""
        if not self.offences_control or not self.treated or not self.control:
            return float("nan")
        return (self.offences_treated / self.treated) / (self.offences_control / self.control)

    @property
    def error(self) -> float:
        """Of the log ratio, with counts spread as they are."""
        if not self.offences_treated or not self.offences_control:
            return float("inf")
        return float(np.sqrt(self.spread * (1.0 / self.offences_treated + 1.0 / self.offences_control)))


def pooled(trials: Sequence[Tried]) -> Tried:
    """The same trial made several times, as if it were one."""
    told = {name: sum(getattr(one, name) for one in trials) for name in Tried._fields[1:-1]}
    return Tried(trials[0].scheme, **told, spread=float(np.mean([one.spread for one in trials])))


def acts_on(scheme: Scheme) -> list[int]:
    """Groups of offence that the scheme's ratio on offending is of; of none where it acts otherwise."""
    of = [effect.targets for effect in scheme.programme.effects if effect.kind == "offending"]
    return sorted({OFFENCES.index(name) for targets in of for name in targets})


def expected(scheme: Scheme, values: Values, took_part: float) -> tuple[float, float, float]:
    """What the rows say that everyone offered should come to: the ratio on whom it was estimated, diluted by who
    takes part; middle, and both ends of its range."""
    programme, of = scheme.programme, scheme.programme.id
    effect = next(one for one in programme.effects if one.kind == "offending")
    completed = took_part * values[f"{of}.completion"]
    reached = {"offered": 1.0, "engaged": took_part, "completed": completed}[effect.effect_on]
    row = scheme.evidence[effect.ratio]
    ends = (values[effect.ratio], row.low or row.value, row.high or row.value)
    middle, low, high = (1.0 + reached * (ratio - 1.0) for ratio in ends)
    return middle, min(low, high), max(low, high)


def tried(scheme: Scheme, area: AreaTables, values: Values, size: int, scale: float, seed: int) -> Tried:
    """One trial of a scheme in an area."""
    programme = scheme.programme
    evidence, money = read().merge(scheme.evidence), np.zeros((1, YEARS))
    inputs = ModelInputs(area, evidence, (programme,), money, month_of(START, 4), YEARS, scale)
    model = PreventionModel(inputs, values, seed, live_past(inputs, values, seed), keep_past=False)
    trial, groups = Trial(model, 0, size), acts_on(scheme)
    begins = 1 + round(values[f"{programme.id}.lag_months"])
    count = np.zeros(model.rows * 2, np.int64)
    for _ in range(YEARS * 12):
        trial.recruit(model.columns["status"][: model.rows] == RESIDENT)
        month = model.month
        model.step()
        log = model.now.log[: model.now.counts[HAPPENED]]
        mine = log[(log["kind"] == h.OFFENCE) & np.isin(log["offence"], groups) & (log["row"] >= 0)]
        since = month - trial.month
        followed = np.zeros(model.rows, np.bool_)
        followed[trial.row[(since >= begins) & (since < begins + FOLLOWED)]] = True
        rows = mine["row"][followed[mine["row"]]]
        np.add.at(count, rows, 1)
    model.close()
    whole = model.month - trial.month >= begins + FOLLOWED
    arms = [trial.row[whole & (trial.arm == arm)] for arm in (CONTROL, TREATMENT)]
    of_control = count[arms[0]].astype(float)
    spread = float(of_control.var() / of_control.mean()) if of_control.any() else float("nan")
    took = int(trial.took_part[whole & (trial.arm == TREATMENT)].sum())
    return Tried(programme.id, arms[0].size, arms[1].size, took, int(count[arms[0]].sum()), int(count[arms[1]].sum()),
                 max(spread, 1.0))  # fmt: skip
