"""What is on a person's record decides: detection, leniency, custody, and when a case is heard."""

import numpy as np
import pytest
from worlds import inputs, shared_past, values

from model.actors.cases import which_end_in_custody
from model.draws import bits
from model.law.justice import known_so_far, set_detection
from model.people import NEVER, RISK
from model.rules import justice, risk
from model.vocabulary import N_DYNAMIC_RISKS, OFFENCES
from model.world import PreventionModel

SHOPLIFTING, RAPE = OFFENCES.index("shoplifting"), OFFENCES.index("rape")


def plain(rule):
    """The rule as written, where it has been compiled."""
    return getattr(rule, "py_func", rule)


@pytest.fixture
def world():
    return PreventionModel(inputs(1), values(), 7, shared_past(1))


@pytest.fixture
def law(world):
    """The world's law, whose fields a rule as written may name."""
    return np.array([world.law]).view(np.recarray)[0]


def charge(model, law, group, lucky, month=0):
    people = model.people
    plain(justice.send_to_court)(0, group, 1.0, np.uint64(lucky), people, model.month + month, law)
    return int(people.court[0]) - model.month, int(people.court_offence[0])


def test_a_graver_offence_takes_the_case_and_its_own_time_and_a_lesser_joins_it(world, law):
    lucks = [bits(key, np.uint64(1)) for key in np.arange(1, 41, dtype=np.uint64)]
    heard = {RAPE: [], SHOPLIFTING: []}
    for luck in lucks:
        for group in heard:
            world.people.court[0] = NEVER
            heard[group].append(charge(world, law, group, luck)[0])
        world.people.court[0] = NEVER
        first = charge(world, law, SHOPLIFTING, luck)[0]
        later, stands = charge(world, law, RAPE, luck)
        assert (later, stands) == (max(first, heard[RAPE][-1]), RAPE)
        assert charge(world, law, SHOPLIFTING, luck, month=1) == (later, RAPE)
        assert world.people.court_committed[0] == world.month + 1
    assert 2.5 < np.mean(heard[SHOPLIFTING]) < 6.0 < np.mean(heard[RAPE]) <= law.longest_case


def test_custody_follows_the_record_and_is_the_published_share_where_it_holds(world, law):
    people = world.people
    law["custody_record_mean"], law["custody_record_most"] = 6, 15
    law["custody_supervised_mean"], people.order_end[0] = 0.0, NEVER
    people.birth[0], people.court_offence[0] = -480, SHOPLIFTING  # of age in all the months below

    def sent(record):
        """The share of a thousand months in which the draw ends in custody."""
        people.convictions[0] = record
        return np.mean([plain(justice.months_to_serve)(0, people, month, law) > 0 for month in range(1000)])

    assert sent(6) == pytest.approx(law["custody"][SHOPLIFTING], abs=0.04)
    assert sent(0) < sent(6) < sent(15) == sent(400) < 1.0
    odds = law["custody"] / (1 - law["custody"]) * np.exp(law["custody_record"] * 9)
    assert sent(15) == pytest.approx((odds / (1 + odds))[SHOPLIFTING], abs=0.04)
    law["custody_supervised"], law["custody_supervised_mean"] = np.log(4.0), 0.5
    for until, ratio in ((NEVER, 0.5), (2000, 2.0)):  # by hand: four times the odds, twice and half the published
        people.order_end[0] = until
        odds = ratio * law["custody"] / (1 - law["custody"])
        assert sent(6) == pytest.approx((odds / (1 + odds))[SHOPLIFTING], abs=0.04)
    people.order_end[0] = 0  # over before each month in which the case is heard
    assert sent(6) < law["custody"][SHOPLIFTING] - 0.02


def test_a_case_is_foreseen_by_the_chance_that_it_is_heard_with(world, law):
    people = world.people
    rows = np.arange(300)
    people.court[rows], people.court_offence[rows] = world.month, SHOPLIFTING
    people.convictions[rows], people.birth[rows] = rows % 30, world.month - 480
    people.risks[rows] &= ~np.uint32(1 << RISK["in_custody"])
    people.order_end[rows] = np.where(rows % 3 == 0, NEVER, world.month + rows % 3)
    foreseen = np.zeros(rows.size, bool)
    which_end_in_custody(people, rows, np.array([world.law]), 0, foreseen)
    served = [plain(justice.months_to_serve)(int(i), people, world.month, law) > 0 for i in rows]
    np.testing.assert_array_equal(foreseen, served)
    assert 20 < foreseen.sum() < 280


@pytest.mark.parametrize("ratio", [0.3, 1.0])
def test_outcomes_out_of_court_keep_their_share_whatever_records_do(world, ratio):
    law = np.array([world.law])
    law["out_of_court_known"] = ratio
    law["child_detected"] = 0.5
    set_detection(law, 2.0, 0.2, 0.6)
    nothing, something = law["out_of_court_new"][0], law["out_of_court_new"][0] * law["out_of_court_known"][0]
    of_all = 1 - 0.2 + 0.2 * 0.5  # arrests, as children new to the police are detected less
    share = 0.6 / of_all
    assert (1 - share) * nothing + share * something == pytest.approx(1.0)
    set_detection(law, 2.0, 0.2, 0.6)  # it reads nothing that it has written
    assert law["out_of_court_new"][0] == nothing
    assert law["detected"][0] == pytest.approx(1 / (2.0 * of_all))


def test_a_charge_in_place_of_leniency_is_one_outcome_still(law):
    """Of the same draws, as many end in an outcome; the lenient have fewer charges, and no chance passes one."""
    draws = [np.uint64(bits(key, np.uint64(2))) for key in np.arange(1, 3001, dtype=np.uint64)]

    def outcomes(lenient):
        done = [plain(justice.police_response)(SHOPLIFTING, False, lenient, 0.0, 4.0, 1.0, u, law) for u in draws]
        return tuple(np.mean([bool(each & kind) for each in done]) for kind in (justice.CHARGED, justice.OUT_OF_COURT))

    strict, lenient, all_out = outcomes(0.2), outcomes(1.5), outcomes(1e6)
    assert sum(strict) == pytest.approx(sum(lenient)) == pytest.approx(sum(all_out))
    assert strict[0] > lenient[0] > all_out[0] == 0.0


def test_records_came_to_count_as_they_came_on_file():
    given = {"justice.known_before": 0.4, "justice.on_file[from]": 1995, "justice.on_file[all]": 2010}
    assert [known_so_far(year, given) for year in (1950, 1995, 2010, 2030)] == [0.4, 0.4, 1.0, 1.0]
    assert known_so_far(2000, given) == pytest.approx(0.6)


def ends(world, law, on):
    """The chance this month that being out of work ends for someone of 30, with these factors on beside it."""
    people = world.people
    people.birth[0], people.aces[0], people.spared[0], people.exposure[0] = world.month - 365, 0, 0, 0
    people.risks[0] = np.uint32(sum(1 << RISK[one] for one in ("not_working", *on)))
    work = np.zeros(N_DYNAMIC_RISKS + 1, np.float32)
    plain(risk.risk_hazards)(0, people, world.month, law, work)
    return float(work[RISK["not_working"]])


def test_work_is_found_more_slowly_on_an_order_or_licence_and_by_nothing_else_of_a_record(world, law):
    free = ends(world, law, ())
    assert ends(world, law, ("convicted",)) == free > 0
    assert ends(world, law, ("convicted", "on_probation")) == pytest.approx(free * law["work_found"])
    law["work_found"] = 1.0
    assert ends(world, law, ("on_probation",)) == free


def test_as_few_are_in_work_after_release_as_is_published(world, law):
    """Ministry of Justice 2024: 19.3% six weeks after release, 31.1% at six months, of those available for work."""
    in_work = 0.88  # before custody: one in eight out of work
    out = 1.0 - in_work * (1.0 - law["work_after"])
    still = 1.0 - ends(world, law, ("on_probation",))
    assert 1.0 - out * still ** (6 / 52 * 12) == pytest.approx(0.193, abs=0.03)
    assert 1.0 - out * still**6 == pytest.approx(0.311, abs=0.05)
