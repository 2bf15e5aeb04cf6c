"""People differ in how often they offend the more the older they are: most desist, a few persist."""

import numpy as np
import pytest
from worlds import inputs, values

from model.law import BASE_YEAR, FIRST_YEAR, laws
from model.law.offending import spread_by_age
from model.people import HAZARDS, RATE_ONE, RESIDENT
from model.vocabulary import MALE
from model.world import PreventionModel, live_past
from scenarios.areas import load_area

LATER = {"offending.spread": 1.5, "offending.spread_age[from]": 18.0, "offending.spread_age[to]": 40.0}


def test_the_spread_widens_between_two_ages_and_nowhere_else():
    spread = spread_by_age(LATER | {"offending.spread_later": 1.4})
    assert spread[:19].tolist() == pytest.approx([1.5] * 19)
    assert spread[29] == pytest.approx(1.5 * 1.2)
    assert spread[40:].tolist() == pytest.approx([2.1] * 61)


def test_the_mean_over_people_follows_the_curve_however_they_differ():
    """The mean of a log-normal is the exponential of half its variance."""
    alike, apart = (
        laws(load_area("west_mercia"), values() | LATER | {"offending.spread_later": later}, 7, BASE_YEAR)
        for later in (1.0, 1.6)
    )
    year, violence = BASE_YEAR - FIRST_YEAR, HAZARDS.index("violence")
    means = [
        law["rate"][year, MALE, :, violence].astype(float) * np.exp(law["spread"][year].astype(float) ** 2 / 2.0)
        for law in (alike, apart)
    ]
    assert means[0][10:] == pytest.approx(means[1][10:], rel=1e-4)
    assert apart["rate"][year, MALE, 45, violence] < 0.5 * alike["rate"][year, MALE, 45, violence]


def test_the_older_the_more_is_done_by_few():
    """Of people of 40 to 59: what the hundredth who are expected to do most do of all that is expected."""

    def by_few(later):
        told = values() | {"offending.spread_later": later}
        given = inputs(scale=0.02)
        model = PreventionModel(given, told, 7, live_past(given, told, 7))
        people = model.columns[: model.rows]
        age = (model.month - people["birth"].astype(int)) // 12
        here = (people["status"] == RESIDENT) & (age >= 40) & (age < 60)
        rate = np.sort(people["rate"][here].sum(axis=1) / RATE_ONE)[::-1]
        return rate[: rate.size // 100].sum() / rate.sum()

    assert by_few(1.7) > by_few(1.0) + 0.1
