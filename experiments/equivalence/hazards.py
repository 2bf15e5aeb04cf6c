"""Chances of the coming month, person by person, in both models on the same people.

What emerges differs by chance, and can only be compared in the mean; a chance given a state can be compared exactly.
A change of any one of these hazards by 5 in 100 is seen here with certainty, at whatever age and state it acts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.equivalence.outcomes import ABUSES, FACTORS
from experiments.reference import adversity, demography, offending, risk
from experiments.reference.start import Start, people_of
from model.jit import loop, rule
from model.people import EXPOSURES, HAZARDS, RATE_ONE, RESIDENT
from model.rules.demography import NOTHING, demographic_hazard
from model.rules.life import FIRST_ACE, FIRST_EXPOSURE, N_EVENTS, life_hazards
from model.rules.offending import offending_hazards
from model.vocabulary import ACES
from model.world import PreventionModel

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

DEMOGRAPHIC = ("death", "birth", "leaving", "moving", "separation")
LIFE = (*(f"start or end of {each}" for each in FACTORS), *ACES, *(f"exposure to {each}" for each in EXPOSURES))
CHANCES = (*LIFE, *DEMOGRAPHIC, *(f"offending, {each}" for each in HAZARDS))
assert len(LIFE) == N_EVENTS
AT_DEMOGRAPHIC, AT_OFFENDING = N_EVENTS, N_EVENTS + NOTHING
_AT = {
    **{("onset", each): at for at, each in enumerate(FACTORS)},
    **{("recovery", each): at for at, each in enumerate(FACTORS)},
    **{("spared", each): at for at, each in enumerate(FACTORS)},  # a factor kept away ends as one that is on
    **{("experience", each): FIRST_ACE + at for at, each in enumerate(ACES)},
    **{("exposure_starts", each): FIRST_EXPOSURE + at for at, each in enumerate(EXPOSURES)},
    **{("exposure_ends", each): FIRST_EXPOSURE + at for at, each in enumerate(EXPOSURES)},
}


def engine_hazards(model: PreventionModel) -> NDArray[np.float64]:
    """Chances before programmes by row and CHANCES (rows, C), 0 of who is not resident."""
    out = np.zeros((model.rows, len(CHANCES)))
    work = np.zeros(max(N_EVENTS, len(HAZARDS)), dtype=np.float32)
    _fill(model.people, model.rows, model.month, model.laws, model.law_now, model.places.rates, work, out)
    return out


@rule
def is_due(birth, month):  # type: ignore[no-untyped-def]
    """Whether somebody comes of age this month: exposure ends as they wake, which is not yet done here."""
    return month - birth == 216


@loop
def _fill(people, rows, month, laws, year, rates, work, out):  # type: ignore[no-untyped-def]
    law = laws[year]
    for i in range(rows):
        if people[i].status != RESIDENT or is_due(people[i].birth, month):
            continue
        work[:] = 0.0
        life_hazards(i, people, month, law, work)
        for k in range(N_EVENTS):
            out[i, k] = work[k]
        for k in range(NOTHING):
            out[i, AT_DEMOGRAPHIC + k] = demographic_hazard(i, k, people, month, law, rates)
        offending_hazards(i, people, month, law, work)
        total = 0.0
        for h in range(out.shape[1] - AT_OFFENDING):
            total += work[h]
        for h in range(out.shape[1] - AT_OFFENDING):
            out[i, AT_OFFENDING + h] = work[h] * min(law.cap / total, 1.0) if total > 0.0 else 0.0


def plain_hazards(model: PlainModel) -> NDArray[np.float64]:
    """The same of the plain model, by its own rules (people, C)."""
    out = np.zeros((len(model.people), len(CHANCES)))
    for row, person in enumerate(model.people):
        if not person.resident or is_due(person.birth, model.month):
            continue
        for event, hazard in (*risk.hazards(model, person), *adversity.hazards(model, person)):
            out[row, _AT[event]] = hazard
        for name, hazard in demography.hazards(model, person):
            out[row, AT_DEMOGRAPHIC + DEMOGRAPHIC.index(name)] = hazard
        for kind, hazard in offending.rates(model, person).items():
            out[row, AT_OFFENDING + HAZARDS.index(kind)] = hazard
    return out


def seen(hazards: NDArray[np.float64], on: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Summed over people, by HAZARDS_SEEN; `on` (people, 13) says which factors each has: their chance is of ending."""
    total = hazards.sum(axis=0)
    factors = hazards[:, : len(FACTORS)]
    experiences = dict(zip(ACES, total[FIRST_ACE:], strict=False))
    abuse = sum(experiences[each] for each in ABUSES)
    return np.array([
        *total[AT_DEMOGRAPHIC:AT_OFFENDING], *np.where(on, 0.0, factors).sum(axis=0), factors[on].sum(),
        abuse, sum(experiences.values()) - abuse, *total[AT_OFFENDING:],
    ])  # fmt: skip


def take_people(plain: PlainModel, engine: PreventionModel) -> None:
    """Put the plain model where the engine stands: its people, its month, that month's law."""
    nobody = np.zeros(0, dtype=np.int64)
    rows = np.asarray(engine.people)[: engine.rows]
    plain.people, _ = people_of(plain, Start(rows, rows[:0], nobody, int(engine.law["seed"])))
    plain.residents = [each for each in plain.people if each.resident]
    plain.month, plain.plan_month = engine.month, engine.months_lived
    plain.read_law()


def largest_difference(engine: NDArray[np.float64], plain: NDArray[np.float64]) -> dict[str, float]:
    """By chance, the largest difference of any person beside the larger of the two; below one in 2**26 none counts,
    which is what the engine keeps of a hazard."""
    larger = np.maximum(np.maximum(np.abs(engine), np.abs(plain)), 1.0 / RATE_ONE)
    apart = np.abs(engine - plain)
    found = np.where(apart > 1.0 / RATE_ONE, apart / larger, 0.0).max(axis=0)
    return dict(zip(CHANCES, found.tolist(), strict=True))
