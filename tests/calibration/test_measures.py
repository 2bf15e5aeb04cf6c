"""Measures: each against a case worked by hand, on counts that are made up."""

import numpy as np
import pytest
from watched_worlds import NOTHING

from calibration.targets.associations import odds_ratio, rate_ratio
from calibration.targets.measures import KINDS, Run
from calibration.watching.watched import AGES, BIRTH_YEARS, FIRST_BIRTH_YEAR, MOST_TOLD, VICTIM_SETS
from model.people import HAZARDS, N_HAZARDS, N_RISKS, RISK
from model.record import EVENT_KINDS
from model.vocabulary import FEMALE, MALE, N_OFFENCES, OFFENCES, SERVICES
from scenarios.areas import load_area

AREA = load_area("west_mercia")


def figure(kind, watched, scale=0.1, **settings):
    return KINDS[kind](Run(watched, AREA, scale), **settings)


def recorded(**groups):
    counts = np.zeros((1, 2, N_OFFENCES))
    for name, number in groups.items():
        counts[0, 1, OFFENCES.index(name)] = number
    return counts


def test_recorded_crime_is_told_of_the_whole_area_and_without_fraud():
    watched = NOTHING._replace(recorded=recorded(robbery=30, fraud_computer_misuse=70, antisocial_behaviour=50))
    assert figure("recorded", watched, groups=["crime_without_fraud"]) == 300
    assert figure("recorded", watched, groups=["fraud_computer_misuse", "robbery"]) == 1000


def test_shares_of_victims_count_adults():
    residents, victim = np.zeros((2, AGES)), np.zeros((len(VICTIM_SETS), 2, AGES, 3))
    residents[FEMALE, 20], residents[MALE, 40], residents[MALE, 10] = 60, 40, 500
    at = tuple(VICTIM_SETS).index("violence")
    victim[at, FEMALE, 20], victim[at, MALE, 40], victim[at, MALE, 10] = (6, 3, 12), (4, 1, 5), (100, 90, 300)
    watched = NOTHING._replace(residents=residents, victim=victim)
    assert figure("victim_share", watched, of="violence") == pytest.approx(0.10)
    assert figure("repeat_share", watched, of="violence") == pytest.approx(0.4)
    young, old = (60, 6), (40, 4)
    odds = (old[1] / (old[0] - old[1])) / (young[1] / (young[0] - young[1]))
    told = figure("victim_gradient", watched, of="violence", young=[16, 24], old=[30, 100])
    assert told == pytest.approx(np.log(odds))


def test_the_share_of_crime_of_people_with_a_factor_is_of_these_kinds_alone():
    expected = np.zeros((N_RISKS, 10, 2, 2, N_HAZARDS))
    theft, shops, violence = (HAZARDS.index(kind) for kind in ("theft", "shoplifting", "violence"))
    of_users = expected[RISK["opiate_crack_use"]]
    of_users[3, MALE, 1, [theft, shops, violence]] = 2.0, 4.0, 50.0
    of_users[2, FEMALE, 0, [theft, shops]] = 5.0, 9.0
    expected[RISK["gang"], 3, MALE, 1, theft] = 100.0
    watched = NOTHING._replace(factor_hazard=expected)
    told = figure("factor_crime_share", watched, factor="opiate_crack_use", hazards=["theft", "shoplifting"])
    assert told == pytest.approx(6 / 20)


def test_homes_are_victims_of_what_is_done_to_homes():
    homes = np.zeros((len(VICTIM_SETS), 3))
    homes[tuple(VICTIM_SETS).index("burglary")] = (18, 3, 22)
    watched = NOTHING._replace(household_victim=homes, households=np.array(1000))
    assert figure("household_victim_share", watched, of="burglary") == pytest.approx(0.018)
    assert figure("repeat_share", watched, of="burglary") == pytest.approx(3 / 18)


def test_careers_are_of_those_born_and_of_the_ages_then():
    born, first = np.zeros((2, BIRTH_YEARS)), np.zeros((2, BIRTH_YEARS, AGES))
    convictions = np.zeros((2, BIRTH_YEARS, MOST_TOLD + 1))
    at = 1953 - FIRST_BIRTH_YEAR
    born[MALE, at], first[MALE, at, 14], first[MALE, at, 25], first[MALE, at, 60] = 100, 8, 20, 5
    convictions[MALE, at, [0, 1, 6, MOST_TOLD]] = 67, 20, 9, 4
    watched = NOTHING._replace(born=born, first_conviction=first, convictions=convictions)
    asked = {"sex": "male", "born": [1951, 1955]}
    assert figure("convicted_by", watched, **asked, age=15) == pytest.approx(0.08)
    assert figure("convicted_by", watched, **asked, age=52) == pytest.approx(0.28)
    assert figure("convicted_times", watched, **asked, least=6, most=1000) == pytest.approx(13 / 33)
    assert figure("convicted_times", watched, **asked, least=1, most=1) == pytest.approx(20 / 33)
    # In 1978 those born in 1953 were 25: the 20 of that age had not all been convicted yet.
    assert figure("convicted_in", watched, sex="male", year=1978, ages=[10, 52]) == pytest.approx(0.08)


def test_what_justice_does_is_told_of_recorded_crime_of_residents():
    events = np.zeros((1, len(EVENT_KINDS)))
    events[0, EVENT_KINDS.index("arrest")] = 12
    factors = np.zeros((len(RISK), 2, AGES))
    factors[RISK["in_custody"], MALE, 30], factors[RISK["in_custody"], MALE, 16] = 3, 1
    followed = np.zeros((2, 5, 2))
    followed[1, 0], followed[1, 3], followed[0, 1] = (100, 20), (50, 30), (10, 4)
    sanctioned = np.zeros((1, 2, AGES))
    sanctioned[0, MALE, [9, 10, 17, 18]] = 1, 2, 4, 8
    watched = NOTHING._replace(
        recorded=recorded(robbery=120), of_residents=recorded(robbery=100, fraud_computer_misuse=9)[:, 1],
        events=events, factors=factors, followed=followed, sanctioned=sanctioned,
    )  # fmt: skip
    assert figure("sanctioned_per_recorded", watched) == pytest.approx(0.06)
    assert figure("arrests_per_recorded", watched) == pytest.approx(0.12)
    assert figure("in_custody_per_recorded", watched, ages=[18, 100]) == pytest.approx(0.03)
    assert figure("reoffending", watched, who="adults") == pytest.approx(50 / 150)
    assert figure("reoffending", watched, who="adults", began=["short_custody"]) == pytest.approx(0.6)
    assert figure("reoffending", watched, who="all") == pytest.approx(54 / 160)


def test_rates_of_demand_are_a_thousand_residents():
    demand = np.zeros((1, len(SERVICES)))
    for name, number in {"police_incidents": 300, "welfare_checks": 150, "missing_person_reports": 50}.items():
        demand[0, SERVICES.index(name)] = number
    watched = NOTHING._replace(demand=demand, population=np.array([[400.0, 600.0]]))
    assert figure("demand_rate", watched, services=["police_incidents"]) == pytest.approx(300)
    told = figure("incident_share", watched, services=["welfare_checks", "missing_person_reports"])
    assert told == pytest.approx(2 / 3)
    # 300 incidents: 150 and 50 about someone's welfare, 60 of antisocial behaviour, and 40 crimes.
    assert figure("noncrime_share", watched._replace(recorded=recorded(antisocial_behaviour=60))) == pytest.approx(
        260 / 300
    )


def test_what_is_done_at_home_is_held_against_all_that_is_recorded_here():
    watched = NOTHING._replace(
        recorded=recorded(violence_with_injury=100), of_residents=0.8 * recorded(violence_with_injury=100)[:, 1],
        domestic=np.array([[40.0, 20.0]]),
    )  # fmt: skip
    assert figure("domestic_share", watched) == pytest.approx(0.2)


def test_nobody_to_measure_on_is_no_figure():
    assert np.isnan(figure("charges_per_recorded", NOTHING._replace(
        of_residents=np.zeros((1, N_OFFENCES)), event_offence=np.zeros((1, N_OFFENCES, 4)))))  # fmt: skip


def test_ratios_within_strata_are_those_of_mantel_and_haenszel():
    # Two strata in which odds and rates are four times as high with as without, at different levels.
    table = np.array([[[80, 20], [50, 50]], [[95, 5], [19, 4]]], dtype=float)
    assert odds_ratio(table) == pytest.approx(4.0)
    people, hazard = np.array([[100.0, 50.0], [30.0, 60.0]]), np.array([[10.0, 20.0], [6.0, 48.0]])
    assert rate_ratio(people, hazard) == pytest.approx(4.0)
