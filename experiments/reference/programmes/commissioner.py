"""The commissioner, who may move the plan's money each April: model/ODD.md 7.11."""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING

from experiments.reference.programmes.places import offences_seen
from experiments.reference.programmes.purse import cost_of_ending
from experiments.reference.programmes.state import OfAny, OfPlaces, every

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel
    from model.inputs import Effect

def review(model: PlainModel, year: int) -> None:
    """Move money from the worst to the best in each group of money, by the plan's rule, for this year of the plan and
    those after it."""
    if model.inputs.review == "fixed":
        return
    scored: dict[int, list[tuple[float, str, OfAny]]] = {}
    for one in every(model.programmes):
        if model.programmes.pounds[one.number, year] > 0:
            score = _score(model, one, year)
            if score is not None:
                groups = model.inputs.review_groups
                scored.setdefault(groups[one.number] if groups else 0, []).append((score, one.facts.id, one))
    for several in scored.values():
        best = min(several, key=lambda each: each[:2])
        worst = max(several, key=lambda each: each[:2])
        if worst[0] > best[0]:
            _move(model, worst[2], best[2], year)


def _move(model: PlainModel, worst: OfAny, best: OfAny, year: int) -> None:
    state, share = model.programmes, model.values["commissioner.moved_share"]
    money = state.pounds[worst.number, year:]
    paid = state.paid_by_commissioner[worst.number]
    given: list[float] = (money * share).tolist()
    if money[0] / paid * (1 - share) < model.values.get(f"{worst.facts.id}.minimum_a_year", 0.0):
        # Nothing stays: what it costs to end is held back.
        costs = cost_of_ending(worst.purse, len(money))
        given = [max(each - cost * paid, 0.0) for each, cost in zip(money.tolist(), costs, strict=True)]
        state.pounds[worst.number, year:] = 0.0
    else:
        state.pounds[worst.number, year:] -= given
    state.pounds[best.number, year:] += given


def _score(model: PlainModel, one: OfAny, year: int) -> float | None:
    """The less the better; none for a scheme with no effect on offending."""
    effect = _on_offending(one)
    if effect is None:
        return None
    if model.inputs.review == "by_evidence_grade":
        grade = one.facts.evidence_grade
        return float(-grade if model.inputs.evidence[effect.ratio].value < 1 else grade)
    error = _error(model, one, year)
    if error is None:
        return None
    ratio = model.values.get(f"{one.facts.id}.whole", model.values[effect.ratio])
    return log(ratio) + error * model.random.gauss(0.0, 1.0)


def _on_offending(one: OfAny) -> Effect | None:
    """The first effect on offending, or on offences in places."""
    return next((effect for effect in one.facts.effects if effect.kind in ("offending", "offences")), None)


def _error(model: PlainModel, one: OfAny, year: int) -> float | None:
    """The standard error of a pilot's log ratio, from those who began last year; none where there are none."""
    began = int(model.record.starts[(year - 1) * 12 : year * 12, one.number].sum())
    if isinstance(one, OfPlaces):
        seen = offences_seen(model, one, began)
        return sqrt(2 / seen) if seen > 0 else None
    p, n = model.values["commissioner.measured_reoffending"], began / model.inputs.scale
    return sqrt(2 * (1 - p) / (n * p)) if n > 0 else None
