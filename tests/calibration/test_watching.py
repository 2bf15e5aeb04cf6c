"""Watching reads and changes nothing; what is watched adds up; and it comes back from its bytes as it was."""

import numpy as np
import pytest
from watched_worlds import inputs, past, values

from calibration.watching.lives import prolific
from calibration.watching.watch import watch
from calibration.watching.watched import FIRST_BIRTH_YEAR, VICTIM_SETS, from_bytes, summed, to_bytes
from model.people import RESIDENT, RISK, empty
from model.vocabulary import ANTISOCIAL, OFFENCES
from model.world import PreventionModel


@pytest.fixture(scope="module")
def run():
    model = PreventionModel(inputs(), values(), 7, past())
    return model, watch(model)


def test_a_watched_run_is_the_run(run):
    model, _ = run
    plain = PreventionModel(inputs(), values(), 7, past())
    plain.run()
    for name, table in plain.record._asdict().items():
        assert np.array_equal(table, getattr(model.record, name)), name
    assert np.array_equal(plain.people[: plain.rows], model.people[: model.rows])


def test_counts_add_up(run):
    model, watched = run
    assert watched.residents.sum() == watched.born.sum() == watched.aces.sum()
    assert watched.offences[0].sum() == model.record.offences[:12].sum()
    assert watched.neighbourhood.sum() <= watched.recorded[0].sum()
    people = watched.residents.sum()
    for table in (watched.offended, watched.harmed, watched.overlap, watched.custody_ace, watched.given_people[1]):
        assert table.sum() == people
    assert (watched.factor_people.sum(axis=(1, 2, 3)) == people).all()
    assert watched.convictions.sum() == watched.born.sum()
    once, again, times = np.moveaxis(watched.victim, 3, 0)
    assert (again <= once).all()
    assert (once + again <= times).all()
    assert (watched.followed[..., 1] <= watched.followed[..., 0]).all()
    ever = (watched.first_outcome.sum(axis=2), watched.first_conviction.sum(axis=2))
    assert (ever[1] <= ever[0]).all()
    assert watched.prolific[1] <= watched.prolific[0] <= ever[0].sum()
    assert (watched.prolific[[3, 5, 7]] <= watched.prolific[[2, 4, 6]]).all()
    assert watched.arrests.sum() == model.record.events[:, :, 2].sum()
    everybody = watched.recorded.sum(axis=1)
    assert (watched.of_residents <= everybody).all()
    outside = OFFENCES.index("fraud_computer_misuse")  # nearly all by people who live elsewhere
    assert watched.of_residents[:, outside].sum() < 0.2 * everybody[:, outside].sum()
    assert 0.75 < watched.of_residents[:, :outside].sum() / everybody[:, :outside].sum() < 0.95
    # Each of those on whose record something came is counted once a year; every entrant is among them.
    assert (watched.sanctioned.sum(axis=(1, 2)) >= watched.first_time_entrants.sum(axis=1)).all()
    assert (watched.sanctioned[:, :, 10:18].sum(axis=(1, 2)) >= watched.first_time_entrants[:, 0]).all()
    assert watched.sanctioned[:, :, :10].sum() == 0


# age when last dealt with; outcomes under 18, at 18 to 20, since 21 (the last among them); prolific as published
PROLIFIC = [
    (16, (4, 0, 0), False), (16, (5, 0, 0), True),  # four before the last
    (19, (6, 2, 0), False), (19, (6, 3, 0), True), (20, (0, 9, 0), True),  # eight before
    (30, (4, 0, 1), True), (30, (3, 0, 13), False), (30, (4, 4, 5), False),  # juvenile, unless four at 18 to 20
    (30, (0, 0, 17), True), (30, (0, 9, 8), True), (30, (0, 4, 12), False), (30, (0, 3, 13), False),
    (30, (2, 8, 7), True), (30, (10, 2, 6), False), (30, (8, 3, 5), True),  # sixteen before, late or then
]  # fmt: skip


@pytest.mark.parametrize(("age", "outcomes", "is_prolific"), PROLIFIC)
def test_who_is_prolific_is_told_as_published(age, outcomes, is_prolific):
    person = empty(2)
    person.convictions[0], person.young_outcomes[0], person.court_convictions[0] = sum(outcomes), outcomes[:2], 3
    person.last_outcome[0], person.first_outcome[0] = 1300, 1300 - 12
    person.birth[0] = 1300 - age * 12 - 5
    assert prolific(person, np.arange(2))[:4].tolist() == [1, is_prolific, 3, 3 * is_prolific]
    person.last_outcome[0] = 1199
    assert not prolific(person, np.arange(2)).any()


def test_victims_are_those_of_the_log(run):
    _, watched = run
    at = tuple(VICTIM_SETS).index("burglary")
    assert watched.household_victim[at, 0] <= watched.households
    crimes = watched.victims[0][:, :ANTISOCIAL].sum()
    told = (watched.harmed * np.arange(watched.harmed.shape[2])).sum()
    # Those who died or left within the year, and antisocial behaviour, are not told.
    assert 0.95 * crimes < told <= crimes


def test_lives_are_told_by_year_of_birth(run):
    model, watched = run
    people = model.people[: model.rows]
    # Read at the end of the first year; few are born, die or move in the two that follow.
    here = people["status"] == RESIDENT
    born = 1900 + people["birth"][here].astype(int) // 12
    assert watched.born.sum(axis=0)[1953 - FIRST_BIRTH_YEAR] == pytest.approx((born == 1953).sum(), rel=0.2)
    inside = watched.factors[RISK["in_custody"]].sum()
    assert inside == pytest.approx((people["risks"][here] >> RISK["in_custody"] & 1).sum(), rel=0.6, abs=10)


def test_bytes_hold_everything(run):
    _, watched = run
    again = from_bytes(to_bytes(watched))
    for one, other in zip(watched, again, strict=True):
        assert np.array_equal(one, other)
        assert one.dtype == other.dtype
    with pytest.raises(ValueError, match="not the counts"):
        from_bytes(b"something else")


def test_runs_summed_are_one_of_more_people(run):
    _, watched = run
    twice = summed([watched, watched])
    assert twice.residents.sum() == 2 * watched.residents.sum()
