"""Benefits and nights in hospital of a cohort: levels are those published, each cause alone, luck the person's own."""

import numpy as np
import pytest
from scipy import stats

from experiments.cohort import benefits, hospital
from experiments.cohort.draws import counted, drawn, uneven
from experiments.cohort.health import ROWS, after_experiences, ill_health
from experiments.cohort.lives import EVENTS, room
from model.draws import keys_from
from model.evidence import draw_values, read
from model.law.prevalence import how_common
from model.people import N_RISKS, PERSON, RISK
from scenarios.areas import load_area

PEOPLE, LAST, SEED = 20_000, 57, 5
VALUES = draw_values(read().merge(read(ROWS)), 1, None, 1)
KEYS = keys_from(SEED, "people", PEOPLE)
ADMITTED = EVENTS.index("injured_admitted")


@pytest.fixture(scope="module")
def sex():
    return (np.arange(PEOPLE) % 2).astype(np.uint8)


@pytest.fixture
def lives(sex):
    """People who live every month, as often in poor mental health as the tables have it, and in nothing else."""
    whole = room(PEOPLE, LAST)
    whole.lived[:] = 12
    share = how_common(VALUES)["poor_mental_health"][sex, : LAST + 1]
    poor = drawn(SEED, KEYS, "poor")[:, None] < share
    whole.months[..., RISK["poor_mental_health"]] = 12 * poor
    return whole


def own(aces=0, spared=0, count=PEOPLE):
    people = np.zeros(count, PERSON)
    people["key"] = KEYS[:count]
    people["aces"], people["spared"] = aces, np.uint32(spared) << np.uint32(N_RISKS)
    return people


def test_counts_are_those_of_the_poisson_distribution() -> None:
    u = np.linspace(0.0, 0.999999, 400)
    for mean in (0.0, 1e-6, 0.05, 1.0, 7.5):
        assert np.array_equal(counted(u, np.full(u.size, mean)), np.maximum(stats.poisson.ppf(u, mean), 0.0)), mean


def test_ill_health_of_ones_own_is_uneven_about_one() -> None:
    told = uneven(SEED, KEYS, "ill_health", 0.8)
    assert told.mean() == pytest.approx(1.0, abs=0.02)
    assert np.log(told).std() == pytest.approx(0.8, rel=0.03)
    assert not np.array_equal(told, uneven(SEED, KEYS, "ill_in_mind", 0.8))


def test_four_experiences_make_the_published_difference_and_nothing_on_average() -> None:
    bits = {0: 0, 1: 1, 4: 0b1111, 6: 0b111111}
    told = {count: float(after_experiences(own(aces, count=1), VALUES)[0]) for count, aces in bits.items()}
    assert told[4] / told[0] == pytest.approx(VALUES["hospital.ace_ratio"])
    assert told[6] == told[4]
    assert told[1] / told[0] == pytest.approx(VALUES["hospital.ace_ratio"] ** 0.25)
    between = told[0] * VALUES["hospital.ace_ratio"] ** (2.5 / 4)
    shares = [VALUES[f"ace_{name}_england"] for name in ("0", "1", "23", "4plus")]
    mean = np.dot(shares, [told[0], told[1], between, told[4]]) / sum(shares)
    assert mean == pytest.approx(1.0)


def test_of_experiences_kept_away_only_the_causal_share_goes() -> None:
    none, lived = (float(after_experiences(own(aces, count=1), VALUES)[0]) for aces in (0, 0b1111))
    spared = float(after_experiences(own(0, 0b1111, 1), VALUES)[0])
    assert spared / none == pytest.approx((lived / none) ** (1.0 - VALUES["causal_share"]))
    assert none < spared < lived
    assert (ill_health(SEED, own(0b1111), 30, VALUES)[:, :18] == ill_health(SEED, own(), 30, VALUES)[:, :18]).all()


def test_as_many_are_too_ill_to_work_as_official_counts_say(lives, sex) -> None:
    ones = np.ones(lives.lived.shape)
    months = benefits.benefit_months(lives, KEYS, sex, ones, VALUES, SEED)
    for s, name in enumerate(("female", "male")):
        for band, ages in (("18 to 24", slice(18, 25)), ("25 to 34", slice(25, 35)), ("35 to 44", slice(35, 45))):
            share = months[sex == s, ages, 0].mean() / 12.0
            assert share == pytest.approx(VALUES[f"benefit.incapacity[{name} {band}]"], rel=0.12), (name, band)
    assert months[:, :16].sum() == 0
    assert months[..., 1:].sum() == 0  # nobody is out of work otherwise


def test_a_claim_lasts_as_claims_do(lives, sex) -> None:
    assert benefits.claim_years(VALUES) == pytest.approx(10.83, abs=0.01)
    months = benefits.benefit_months(lives, KEYS, sex, np.ones(lives.lived.shape), VALUES, SEED)[..., 0]
    on, later = months[:, 30] == 12, months[:, 31] == 12
    assert (on & later).sum() / on.sum() == pytest.approx(np.exp(-1.0 / benefits.claim_years(VALUES)), abs=0.03)


def test_who_is_out_of_work_claims_for_one_reason_and_not_in_custody(lives, sex) -> None:
    lives.months[:, 20:, RISK["not_working"]] = 12
    lives.months[::5, :, RISK["in_custody"]] = 7
    lives.alone[: PEOPLE // 2, 25:28] = 12
    months = benefits.benefit_months(lives, KEYS, sex, np.ones(lives.lived.shape), VALUES, SEED)
    free = lives.lived - lives.months[..., RISK["in_custody"]].astype(int)
    assert (months >= 0).all()
    assert (months.sum(axis=-1) <= free + 1e-4).all()
    claims = (months[1::5, 40, 2] > 0)[months[1::5, 40, 0] == 0]
    assert claims.mean() == pytest.approx(VALUES["benefit.seeking[25 and over]"], abs=0.02)
    mothers = months[1 : PEOPLE // 2 : 5, 26]
    assert (mothers[:, 1] > 0)[mothers[:, 0] == 0].mean() == pytest.approx(VALUES["benefit.lone_parent"], abs=0.02)
    assert months[PEOPLE // 2 :, :, 1].sum() == 0


def test_nights_in_hospital_are_at_the_level_of_their_rows(lives, sex) -> None:
    area = load_area("west_mercia")
    lives.births[::2, 28] = 1
    lives.events[:7, 33, ADMITTED] = 1
    ones = np.ones(lives.lived.shape)
    nights = hospital.hospital_nights(lives, KEYS, sex, ones, area, VALUES, SEED)
    illness = nights[sex == 1, 30:45, 1].mean()
    assert illness == pytest.approx(
        VALUES["hospital.stays[male 30 to 44]"] / 1000.0 * VALUES["hospital.nights[15 to 44]"], rel=0.03
    )
    assert nights[::2, 28, 3].mean() == pytest.approx(VALUES["hospital.birth_nights"], rel=0.03)
    assert nights[:, :28, 3].sum() == nights[1::2, 28, 3].sum() == 0
    assert nights[..., 0].sum() == pytest.approx(7 * VALUES["health_per_violence.bed_nights_per_admission"])
    assert (nights.sum(axis=-1) <= 12 * hospital.NIGHTS_A_MONTH + 40).all()


def test_nights_for_mental_illness_are_few_peoples_and_many(lives) -> None:
    nights = hospital.mental_nights(lives, KEYS, load_area("west_mercia"), VALUES, SEED)
    patients = 1000.0 * (nights[:, 20:50] > 0).mean()
    assert 0.5 * VALUES["hospital.mental_patients"] < patients < 2.0 * VALUES["hospital.mental_patients"]
    stays = nights[:, 20:50][nights[:, 20:50] > 0]
    assert np.median(stays) == pytest.approx(VALUES["hospital.mental_median"], rel=0.35)  # some have two stays
    assert nights.max() <= 12 * hospital.NIGHTS_A_MONTH
    often = (nights > 0).sum(axis=1)
    assert (often >= 3).sum() > 1.5 * PEOPLE * stats.poisson.sf(2, often.mean())  # the same people again


def test_who_is_less_ill_never_has_more_nights(lives, sex) -> None:
    area, ones = load_area("west_mercia"), np.ones(lives.lived.shape)
    more = hospital.hospital_nights(lives, KEYS, sex, ones, area, VALUES, SEED)
    fewer = hospital.hospital_nights(lives, KEYS, sex, 0.6 * ones, area, VALUES, SEED)
    assert (fewer <= more).all()
    assert fewer[..., 1].sum() < 0.7 * more[..., 1].sum()
    assert np.array_equal(fewer[..., [0, 2, 3]], more[..., [0, 2, 3]])
    lives.months[: PEOPLE // 2, 30:, RISK["opiate_crack_use"]] = 12
    users = hospital.hospital_nights(lives, KEYS, sex, ones, area, VALUES, SEED)[: PEOPLE // 2, 30:, 1].sum()
    assert users / more[: PEOPLE // 2, 30:, 1].sum() == pytest.approx(VALUES["hospital.opiate_ratio"], rel=0.05)
