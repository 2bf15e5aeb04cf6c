"""The commissioner: decides each April what each programme may spend, and may move money by a stated rule.

fixed: the plan is kept. by_evidence_grade: each year a share of the money of the programme with the weakest evidence
that it helps, or the best that it does not, goes to the one with the best evidence that it does.
by_measured_result: the same from the worst to the best measured, where a result is what a pilot with as many people
or places would have measured: what is believed of the programme in this draw, with a pilot's noise. Only schemes that
act on offending, or on offences in places, are scored; others keep what they have. Money stays within the lines of
funding that may pay it, and what a scheme costs as it ends is held back from what it gives; what others add to a
scheme follows the commissioner's part.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from model.actors.purse import Purse
from model.draws import STREAMS, keys_from, normal, uniforms
from model.inputs import Programme

if TYPE_CHECKING:
    from model.world import PreventionModel

Floats = NDArray[np.float64]
ON_CRIME = ("offending", "offences")  # the kinds of effect that a pilot would measure


class Commissioner(mesa.Agent):
    """Holds the budget of the plan: pounds by programme and financial year, for the real area."""

    def __init__(self, model: "PreventionModel", values: Mapping[str, float]) -> None:
        super().__init__(model)
        inputs = model.inputs
        self.money = inputs.money.copy()  # (P, Y), changed by reviews
        self.rule, self.programmes, self.values = inputs.review, inputs.programmes, values
        self.evidence = inputs.evidence
        self.groups = inputs.review_groups or (0,) * len(inputs.programmes)
        self.keys = [keys_from(0, f"review of {programme.id}", 1) for programme in inputs.programmes]

    def commission(self, year: int) -> Floats:
        """Pounds for each programme in plan year `year`; the last year's are held after the plan."""
        if self.money.shape[1] == 0:
            return np.zeros(self.money.shape[0])
        return np.asarray(self.money[:, min(year, self.money.shape[1] - 1)])

    def review(
        self, year: int, treated: Floats, expected: Floats, purses: Mapping[int, Purse], seed: int
    ) -> None:
        """Before plan year `year`: in each group of money, move a part of this and later years' by the rule, given
        how many people, or places, each programme (P,) began with last year, of the real area, and how many offences
        were to be expected in those places."""
        if self.rule == "fixed" or year >= self.money.shape[1]:
            return
        if self.rule == "by_evidence_grade":
            score = np.array([self.graded(programme) for programme in self.programmes])
        else:
            score = self.measured(year, treated, expected, seed)
        for group in sorted(set(self.groups)):
            self.move(year, score, [p for p, one in enumerate(self.groups) if one == group], purses)

    def graded(self, programme: Programme) -> float:
        """The lower the better: good evidence that a programme helps, then none, then good evidence that it does not.
        Read from what is believed of it, not from this draw; NaN where crime is not what it acts on."""
        named = [effect.ratio for effect in programme.effects if effect.kind in ON_CRIME]
        if not named:
            return float("nan")
        helps = self.evidence[named[0]].value < 1.0
        return float(-programme.evidence_grade if helps else programme.evidence_grade)

    def move(self, year: int, score: Floats, members: list[int], purses: Mapping[int, Purse]) -> None:
        """Move money from the worst score to the best of those members that have money; ties go by id."""
        paid = [p for p in members if self.money[p, year] > 0.0 and np.isfinite(score[p])]
        if not paid:
            return
        ranked = sorted(paid, key=lambda p: (score[p], self.programmes[p].id))
        best, worst = ranked[0], ranked[-1]
        if score[worst] == score[best]:
            return
        moved = self.money[worst, year:] * self.share_moved(worst, year)
        self.money[worst, year:] -= moved
        if self.money[worst, year] <= 0.0:
            share = self.values.get(f"{self.programmes[worst].id}.commissioner_share", 1.0)
            ending = purses[worst].ending(moved.size) * share
            moved = np.maximum(moved - ending, 0.0)
        self.money[best, year:] += moved

    def share_moved(self, worst: int, year: int) -> float:
        """The share of a programme's money that goes: all of it where what stays could not keep it at work."""
        share, of = self.values["commissioner.moved_share"], self.programmes[worst].id
        whole = self.money[worst, year] / self.values.get(f"{of}.commissioner_share", 1.0)  # of all who pay
        return 1.0 if whole * (1.0 - share) < self.values.get(f"{of}.minimum_a_year", 0.0) else share

    def measured(self, year: int, treated: Floats, expected: Floats, seed: int) -> Floats:
        """(P,) log ratios of reoffending, or of offences in places, as a pilot of so many treated, and as many
        others, would find them; NaN where nobody was treated or crime is not what it acts on.

        The standard error of a log risk ratio, sqrt(2 (1 - p) / (n p)) with n in each arm (Katz and others,
        Biometrics 1978), at the reoffending p of those not treated; of places that of a log ratio of two Poisson
        counts of E each, sqrt(2 / E), at the offences `expected` (P,) there.
        """
        out = np.full(len(self.programmes), np.nan)
        for number, programme in enumerate(self.programmes):
            if treated[number] < 1.0 or (true := log_ratio_on_crime(programme, self.values)) is None:
                continue
            if programme.reaches == "place":
                if expected[number] <= 0.0:
                    continue
                error = np.sqrt(2.0 / expected[number])
            else:
                p = self.values["commissioner.measured_reoffending"]
                error = np.sqrt(2.0 * (1.0 - p) / (treated[number] * p))
            luck = float(uniforms(seed, self.keys[number], year, STREAMS["review"])[0])
            out[number] = true + error * normal(luck)
        return out


def log_ratio_on_crime(programme: Programme, values: Mapping[str, float]) -> float | None:
    """The log ratio of a programme's first effect on offending, or on offences in places; None without one. Of a
    diversion that of the whole, as a pilot against prosecution would find it: what its support does is a part."""
    if (whole := f"{programme.id}.whole") in values:
        return float(np.log(values[whole]))
    for effect in programme.effects:
        if effect.kind in ON_CRIME:
            return float(np.log(values[effect.ratio]))
    return None
