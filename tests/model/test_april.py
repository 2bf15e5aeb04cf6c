"""April: where the law stays as it is, redoing those whose ties or homes changed is redoing everyone."""

import numpy as np
from worlds import inputs, shared_past, values

from model.month import refresh_all
from model.people import PERSON, RESIDENT, copied
from model.world import PreventionModel


def test_redoing_only_whom_april_changed_is_redoing_everyone() -> None:
    years = 5
    model = PreventionModel(inputs(years), values(), 7, shared_past(years))
    while model.months_lived < 48:
        model.step()
    law = model.law_now
    assert model.laws[law] == model.laws[law - 1]
    model.begin_year(48)
    everyone = copied(model.people)
    refresh_all(everyone, model.rows, model.month, model.laws, law, model.places, model.effects, model.now)
    # Who is due this month is redone when woken.
    here = (model.people.status[: model.rows] == RESIDENT) & (model.people.wake[: model.rows] > model.month)
    assert here.sum() > 4000
    for name in PERSON.names or ():
        one, two = (each[name][: model.rows][here] for each in (model.people, everyone))
        np.testing.assert_array_equal(one, two, name)
