"""Who uses opiates or crack now began in the years of an epidemic: of starts by year and age come users by both."""

import numpy as np
import pytest
from worlds import values

from model.law import FIRST_YEAR, laws
from model.law.calendar import yearly
from model.law.form import AGES
from model.law.prevalence import USE_KNOWN_IN, use_of_opiates
from model.people import RISK
from model.vocabulary import MALE
from scenarios.areas import load_area

USE = RISK["opiate_crack_use"]


@pytest.fixture(scope="module")
def starts():
    """(years, ages) starts a month of men by the law of each year, but for who they fall on, which the year leaves."""
    return laws(load_area("west_mercia"), values(), 1, 2024)["start"][:, MALE, :, USE].astype(float)


def users(starts, year):
    """(ages,) who use in a year: all who began and have not stopped yet."""
    still = np.exp(-12.0 / values()["drugs.opiate_spell_months[18+]"])
    using = np.zeros(AGES)
    for law in starts[: year - FIRST_YEAR + 1]:
        using = np.concatenate([[0.0], using[:-1]]) * still + 12.0 * law
    return using


def test_as_many_use_as_were_counted_when_they_were():
    v = values()
    _, share = use_of_opiates(v)
    assert share[15:65].mean() == pytest.approx(v["drugs.opiate_crack[15 to 64]"])
    assert share.argmax() > 35  # who began in the nineties
    assert (share[:13] == 0.0).all()


def test_starts_follow_the_year_and_the_ages_keep_their_shape(starts):
    years = np.array([1975, 1995, USE_KNOWN_IN, 2024])
    by_year = starts[years - FIRST_YEAR].sum(axis=1)
    level = yearly("opiate_crack_starts", years)
    assert by_year / by_year[2] == pytest.approx(level / level[2], rel=1e-5)
    shape = starts[years - FIRST_YEAR] / by_year[:, None]
    assert shape == pytest.approx(np.tile(shape[0], (4, 1)), abs=1e-7)
    assert starts[0].sum() == 0.0


@pytest.mark.parametrize(("before", "after", "times"), [(1977, 1982, 2.0), (1987, 1996, 4.0), (2005, 2019, 0.93)])
def test_users_rose_and_fell_as_published(starts, before, after, times):
    """Users doubled from 1977 to 1982 and rose fourfold from 1987 to 1996: of the same study as starts (De Angelis and
    others 2004), and no row was chosen by them. 9.9 in a thousand in 2005/06 on the old method, 9.2 in 2019/20 on it:
    the level of 2004 and the length of a spell were chosen by these, so that this one only holds them in place."""
    rose = users(starts, after)[15:65].sum() / users(starts, before)[15:65].sum()
    assert rose == pytest.approx(times, rel=0.15)


def test_users_are_as_old_as_they_are_recalled_to_be(starts):
    """Recalled of 2016/17, a thousand of each age: 4.5 at 15 to 24, 11.5 at 25 to 34, 10.5 at 35 to 64. Ages of
    starting and the length of a spell were chosen by these: what is held in place here is no prediction."""
    using = users(starts, 2016)
    shares = np.array([using[low:high].mean() for low, high in ((15, 25), (25, 35), (35, 65))])
    assert shares / shares[2] == pytest.approx(np.array([4.5, 11.5, 10.5]) / 10.5, rel=0.15)
