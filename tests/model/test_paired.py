"""Two worlds of one seed part no further than a programme makes them: what 500 people do less of is seen in paired
worlds, and would drown in unpaired ones."""

import numpy as np
import pytest
from worlds import SCHEME_VALUES, inputs, scheme, shared_past, values

from model.actors.programmes import give_slots
from model.effects import WHOLE
from model.inputs import Effect
from model.past import Past
from model.people import RESIDENT
from model.vocabulary import ANTISOCIAL, OFFENCES
from model.world import PreventionModel

HALVES = Effect("offending", OFFENCES, "test_scheme.ratio", "offending", "engaged", "nothing")
BELIEVED = {**SCHEME_VALUES, "test_scheme.ratio": 0.5, "test_scheme.lag_months": 0.0, "test_scheme.full_months": 600.0}


def offences_of(past: Past, scale: float, seed: int, halved: int) -> int:
    """Offences of a year after a past, with the offending of so many random adults halved."""
    given = inputs(1, scale, (scheme(effects=(HALVES,)),))
    laws = past.laws.copy()
    laws["seed"] = seed  # the same people, with the luck of another seed
    model = PreventionModel(given, {**values(), **BELIEVED}, seed, past._replace(laws=laws))
    people = model.people[: model.rows]
    adult = (people.status == RESIDENT) & (past.month - people.birth >= 15 * 12) & (past.month - people.birth < 60 * 12)
    rows = np.random.default_rng(1).choice(np.flatnonzero(adult), halved, replace=False)
    give_slots(model.columns, rows, 0, past.month, np.full(halved, WHOLE))
    model.refresh(rows)
    model.run()
    offences = model.record.offences.sum(axis=(0, 1))
    return int(np.delete(offences, ANTISOCIAL).sum())


def gain(scale: float, halved: int, seeds: int) -> float:
    """How many times the variance of a paired difference lies below that of an unpaired one."""
    past = shared_past(1, scale)
    told = np.array([[offences_of(past, scale, seed, n) for n in (0, halved)] for seed in range(100, 100 + seeds)])
    paired, unpaired = np.var(told[:, 0] - told[:, 1], ddof=1), np.var(told, axis=0, ddof=1).sum()
    assert (told[:, 0] - told[:, 1]).mean() > 0
    print(f"{halved} of {past.rows:,} people: paired variance {paired:.1f}, unpaired {unpaired:.1f}: "
          f"{unpaired / paired:.0f} times")  # fmt: skip
    return float(unpaired / paired)


def test_pairing_pays() -> None:
    assert gain(0.01, 30, 12) >= 300


@pytest.mark.slow
def test_pairing_pays_three_hundredfold_among_200_000() -> None:
    assert gain(0.154, 500, 30) >= 300
