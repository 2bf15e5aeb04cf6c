"""Couples: how they are matched, that as many form as part, and that no programme changes who lives with whom."""

import numpy as np
import pytest
from worlds import inputs, lived, scheme, shared_past, values

from model.census import census_month, census_people
from model.couples import Matching, Singles, evened, form_couples, match
from model.law import law_year, laws
from model.people import NOBODY, RESIDENT, RISK, copied
from model.places import arrivals_of, places_of

AREA = inputs().area
SCALE, YEAR = 0.02, 2022


def has(people, factor):
    return (people["risks"] >> np.uint32(RISK[factor]) & np.uint32(1)) == 1


@pytest.fixture(scope="module")
def census():
    people, rows = census_people(AREA, values(), 7, SCALE, 0.0)
    return people[:rows], census_month(AREA)


@pytest.fixture(scope="module")
def april():
    """People on an April morning, and the same after couples have formed."""
    past = shared_past(2, SCALE, 7)
    before, after = copied(past.people), copied(past.people)
    law, rates = laws(AREA, values(), 7, YEAR), places_of(AREA, values(), SCALE).rates
    month = past.month + 12
    form_couples(after, past.rows, month, law, law_year(YEAR), rates)
    return before[: past.rows], after[: past.rows], month


def pairs_of(people):
    one = np.flatnonzero((people["partner"] > np.arange(people.size)) & (people["partner"] != NOBODY))
    return one, people["partner"][one]


def test_ages_and_sexes_of_couples_at_the_census(census):
    people, month = census
    one, two = pairs_of(people)
    age = (month - people["birth"].astype(int)) / 12.0
    mixed = people["sex"][one] != people["sex"][two]
    assert (~mixed).mean() == pytest.approx(values()["household.couples_of_one_sex"], abs=0.004)
    older = np.where(people["sex"][one] == 1, age[one] - age[two], age[two] - age[one])[mixed]
    assert older.mean() == pytest.approx(values()["household.partner_age_gap"], abs=0.4)
    whole_years = np.abs(age[one].astype(int) - age[two].astype(int))
    assert 0.28 < (whole_years >= 5).mean() < 0.38  # 31 to 34 in 100, Census 2021


def test_a_matching_gives_the_pairs_asked_for_and_nobody_twice():
    rng = np.random.default_rng(1)
    size, districts = 6000, 3
    who = Singles(rng.integers(0, districts, size), rng.integers(0, 2, size), rng.integers(18, 90, size) * 1.0,
                  rng.integers(0, 2**63, size).astype(np.uint64))  # fmt: skip
    pairs = np.array([200, 0, 50])
    how = Matching(gap=2.5, spread=2.0, one_sex=0.1)
    one, two = match(who, evened(np.ones(size), who, how), pairs, how, 3, 5)
    both = np.concatenate([one, two])
    assert np.unique(both).size == both.size
    np.testing.assert_array_equal(who.district[one], who.district[two])
    np.testing.assert_array_equal(np.bincount(who.district[one], minlength=districts), pairs)
    assert (who.sex[one] == who.sex[two]).sum() == pytest.approx(0.1 * pairs.sum(), abs=3)


def test_those_who_begin_to_live_together_share_a_home_and_bring_their_children(april):
    before, after, month = april
    new = np.flatnonzero((before["partner"] == NOBODY) & (after["partner"] != NOBODY))
    assert new.size > 200
    other = after["partner"][new]
    np.testing.assert_array_equal(after["partner"][other], new)
    for column in ("household", "district", "neighbourhood", "quintile"):
        np.testing.assert_array_equal(after[column][new], after[column][other])
    np.testing.assert_array_equal(after["district"], before["district"])
    moved = after["neighbourhood"][new] != before["neighbourhood"][new]
    assert moved.sum() <= new.size / 2  # one of the two stays
    assert (month - after["birth"][new].astype(int) >= 216).all()
    assert (after["status"][new] == RESIDENT).all()
    child = np.flatnonzero(
        np.isin(after["carer1"], new) & (month - after["birth"].astype(int) < 216) & (after["status"] == RESIDENT)
    )
    assert child.size > 20
    for column in ("household", "neighbourhood", "quintile"):
        np.testing.assert_array_equal(after[column][child], after[column][after["carer1"][child]])
    untouched = np.ones(after.size, dtype=bool)
    untouched[new] = False
    untouched[np.isin(after["carer1"], new) | np.isin(after["carer2"], new)] = False
    for column in after.dtype.names:
        np.testing.assert_array_equal(after[column][untouched], before[column][untouched])


def test_nobody_lives_as_a_couple_with_kin(april):
    before, after, _ = april
    new = np.flatnonzero((before["partner"] == NOBODY) & (after["partner"] != NOBODY))
    other = after["partner"][new]
    assert (before["household"][new] != before["household"][other]).all()
    for bond in ("carer1", "carer2"):
        assert (before[bond][new] != other).all()
        assert ((before[bond][new] != before[bond][other]) | (before[bond][new] == NOBODY)).all()


def test_who_was_abusive_is_so_to_the_next(april):
    before, after, _ = april
    new = np.flatnonzero((before["partner"] == NOBODY) & (after["partner"] != NOBODY))
    np.testing.assert_array_equal(
        has(after, "abused_by_partner")[new], has(after, "abusive_to_partner")[after["partner"][new]]
    )
    np.testing.assert_array_equal(has(after, "abusive_to_partner"), has(before, "abusive_to_partner"))


def test_as_many_couples_form_as_part():
    given, past = inputs(4, 0.01), shared_past(4, 0.01, 7)

    def share(people, rows, month):
        adults = (people["status"][:rows] == RESIDENT) & (month - people["birth"][:rows].astype(int) >= 192)
        return (people["partner"][:rows][adults] != NOBODY).mean()

    model = lived(given, past=past)
    start, end = share(past.people, past.rows, past.month), share(model.people, model.rows, model.month)
    # The start is on an April morning, the end in March: a year's couples who part, before others form.
    assert 0.0 < start - end < 0.05


def test_those_who_come_as_a_couple_live_as_one():
    past = shared_past(2, SCALE, 7)
    for month in (0, 11):
        come = past.coming[past.coming_month == month]
        one, two = pairs_of(come)
        assert one.size > 0.1 * come.size
        np.testing.assert_array_equal(come["partner"][two], one)
        np.testing.assert_array_equal(come["household"][one], come["household"][two])
        np.testing.assert_array_equal(come["neighbourhood"][one], come["neighbourhood"][two])


def test_coming_as_couples_changes_no_ages_in_the_mean():
    past, places = shared_past(2, SCALE, 7), places_of(AREA, values(), SCALE)
    arrivals = arrivals_of(AREA, places, SCALE).sum(axis=0)
    age = (past.month + past.coming_month - past.coming["birth"].astype(int)) // 12
    for low, high in ((0, 18), (18, 30), (30, 50), (50, 91)):
        expected = arrivals[low:high].sum() / arrivals.sum()
        error = np.sqrt(expected * (1.0 - expected) / age.size)
        assert ((age >= low) & (age < high)).mean() == pytest.approx(expected, abs=4.0 * error)


def test_no_programme_changes_who_lives_with_whom():
    bare = lived(inputs(3))
    strong = scheme(ages=(10, 90))
    treated = lived(inputs(3, programmes=(strong,), pounds=30e6), told={"test_scheme.ratio": 0.2})
    assert treated.record.offences.sum() < bare.record.offences.sum()
    for column in ("partner", "household", "neighbourhood", "status", "birth"):
        np.testing.assert_array_equal(bare.people[column][: bare.rows], treated.people[column][: treated.rows])
