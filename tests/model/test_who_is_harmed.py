"""Who is harmed by sex and relation, and what lasts all life and makes some likelier to be abused, to use or to die."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm
from worlds import inputs, shared_past, values

from model.draws import STREAMS, uniforms
from model.happenings import DOMESTIC_MARK, HAPPENED, OFFENCE, VICTIM
from model.law import BASE_YEAR, FIRST_YEAR, laws
from model.law.form import MOST_LASTING, lasting_ratios
from model.law.offending import mix_of
from model.law.prevalence import state_of_year
from model.law.risk import held_level
from model.law.victims import rape_weights
from model.people import DOMESTIC, HAZARDS, NOBODY, RESIDENT, RISK, WOMEN_AT_HOME, by_mix
from model.rules.risk import LASTING
from model.rules.victims import NEAR_IN_AGE, PARTNERED_FROM
from model.vocabulary import FEMALE, MALE, OFFENCES, RAPE, RISK_FACTORS, SEXUAL
from model.world import PreventionModel
from scenarios.areas import load_area

RAPES = OFFENCES.index("rape")


def law():
    return laws(load_area("west_mercia"), values(), 7, BASE_YEAR)[BASE_YEAR - FIRST_YEAR]


def test_the_mix_by_sex_is_the_mix_of_both_and_holds_no_rape_by_women():
    """By hand: of both a tenth is rape; with men doing 0.8 of what is done at home an eighth of theirs is."""
    by_kind = np.zeros((len(HAZARDS), len(OFFENCES)))
    by_kind[:, 0] = 1.0
    by_kind[DOMESTIC, [0, RAPES]] = 0.9, 0.1
    mix = mix_of(by_kind, {"victim.partner_women_share": 0.8})
    assert mix.sum(axis=1) == pytest.approx(np.ones(len(mix)))
    assert mix[DOMESTIC, RAPES] == pytest.approx(0.125)
    assert mix[WOMEN_AT_HOME, RAPES] == 0.0
    assert 0.8 * mix[DOMESTIC] + 0.2 * mix[WOMEN_AT_HOME] == pytest.approx(by_kind[DOMESTIC])


def test_hazards_by_mix_are_the_hazards():
    rate = np.arange(14, dtype=np.uint32).reshape(2, 7)
    split = by_mix(rate, np.array([FEMALE, MALE], np.uint8))
    assert split.sum(axis=1).tolist() == rate.sum(axis=1).tolist()
    assert split[:, WOMEN_AT_HOME].tolist() == [6.0, 0.0]
    assert split[:, DOMESTIC].tolist() == [0.0, 13.0]


def test_women_and_men_are_raped_as_often_as_the_survey_says():
    told = values()
    weights = rape_weights(told)[:, 16:60].mean(axis=1)
    for sex, who in ((FEMALE, "women"), (MALE, "men")):
        assert weights[sex] == pytest.approx(told[f"victim_prevalence_{who}[rape]"])
    assert law()["victim_kind"][RAPES] == RAPE != law()["victim_kind"][OFFENCES.index("other_sexual")] == SEXUAL


@pytest.fixture(scope="module")
def harmed():
    """Offences by residents of two years and whom they harmed (offender, group, domestic, victim, month), whether the
    offender lived with nobody, and the model. A victim is told of right after the offence."""
    model = PreventionModel(inputs(scale=0.02), values(), 7, shared_past(scale=0.02))
    found, single = [], []
    for _ in range(24):
        month, alone = model.month, model.columns["partner"][: model.rows] == NOBODY
        model.step()
        log = model.now.log[: model.now.counts[HAPPENED]]
        at = np.flatnonzero((log["kind"] == OFFENCE) & (log["row"] != NOBODY))
        at = at[at + 1 < log.size]
        at = at[log["kind"][at + 1] == VICTIM]
        domestic = (log["a"][at] & DOMESTIC_MARK) > 0
        rows = np.stack([log["row"][at], log["offence"][at], domestic, log["row"][at + 1], np.full(at.size, month)])
        found.append(rows.astype(np.int64))
        single.append(alone[rows[0].astype(np.int64)])
    return np.concatenate(found, axis=1), np.concatenate(single), model


def test_no_woman_rapes_at_home_and_few_victims_of_rape_are_men(harmed):
    (offender, group, domestic, victim, _), _, model = harmed
    sex, raped = model.columns["sex"], group == RAPES
    assert (raped & (domestic == 1)).sum() > 20
    assert (sex[offender[raped & (domestic == 1)]] == MALE).all()
    assert 0 < (sex[victim[raped]] == MALE).mean() < 0.15  # a victim in twelve by the survey


def test_a_former_partner_is_of_the_other_sex_grown_up_and_near_in_age(harmed):
    (offender, _, domestic, victim, month), single, model = harmed
    people, told = model.columns, values()
    one, other, when = (each[(domestic == 1) & single] for each in (offender, victim, month))
    assert one.size > 100
    assert (people["sex"][one] != people["sex"][other]).all()
    assert ((when - people["birth"][other]) // 12 >= PARTNERED_FROM).all()
    older = (people["birth"][one].astype(int) - people["birth"][other]) / 12.0
    gap = np.where(people["sex"][other] == MALE, 1.0, -1.0) * told["household.partner_age_gap"]
    assert (np.abs(older - gap) <= NEAR_IN_AGE * told["household.partner_age_spread"] + 1e-6).all()


def test_people_whom_something_lasting_makes_unlike_are_in_a_state_as_often_as_people_alike():
    """Against an integral over the normal law, of a start and an end of one age."""
    start, end, load = np.full((2, 101), 0.002), np.full((2, 101), 0.035), 2.5
    level = held_level(start, end, load)[0, 30]

    def in_it(z):
        begun = level * np.exp(load * min(z, MOST_LASTING)) * 0.002
        return norm.pdf(z) * begun / (begun + 0.035)

    assert quad(in_it, -9, 9, points=[MOST_LASTING], limit=200)[0] == pytest.approx(0.002 / 0.037, rel=0.01)
    assert held_level(start, end, 1e-9) == pytest.approx(np.ones((2, 101)), rel=1e-6)


def test_a_state_of_people_unlike_at_one_time_makes_the_prevalence_of_a_year():
    """Against people who start and end month by month; of people alike it is T / (T + 12), but for second spells."""
    months, load, wanted = 28.0, 2.5, 0.05
    now = state_of_year(np.array([wanted]), months, load)[0]
    alike = state_of_year(np.array([wanted]), months, 0.0)[0]
    assert alike == pytest.approx(wanted * months / (months + 12.0), rel=0.02)
    assert now > alike
    rng, people = np.random.default_rng(3), 400_000
    ratio = np.exp(load * np.minimum(rng.standard_normal(people), MOST_LASTING))
    level = brentq(lambda s: (s * ratio / (s * ratio + 1.0 / months)).mean() - now, 1e-9, 1.0)
    start, end = -np.expm1(-level * ratio / 10.0), -np.expm1(-0.1 / months)  # in tenths of a month
    on = rng.random(people) < level * ratio / (level * ratio + 1.0 / months)
    had = on.copy()
    for _ in range(120):
        on = np.where(on, rng.random(people) >= end, rng.random(people) < start)
        had |= on
    assert had.mean() == pytest.approx(wanted, rel=0.03)


def test_the_frail_die_sooner_and_as_many_die():
    keys = np.random.default_rng(1).integers(0, 2**63, 200_000).astype(np.uint64)
    z = np.minimum(norm.ppf(uniforms(7, keys, 0, STREAMS["frailty"])), MOST_LASTING)
    now = law()
    for age in (30, 80):
        ratio = np.exp(float(now["death_frailty"][age]) * z) * float(now["death_level"][age])
        assert ratio.mean() == pytest.approx(1.0, abs=0.01)
    assert now["death_frailty"][30] > now["death_frailty"][80] > 0.0
    assert lasting_ratios(0.7).mean() == pytest.approx(np.exp(0.7**2 / 2), rel=0.01)


def test_who_uses_opiates_is_frailer_and_who_is_abused_is_likelier_to_be_harmed():
    """What lasts is drawn once for a life: those in a state are those whom it brings there, in the past too."""
    model = PreventionModel(inputs(scale=0.02), values(), 7, shared_past(scale=0.02))
    people = model.columns[: model.rows]
    here = people["status"] == RESIDENT
    for factor in ("opiate_crack_use", "abused_by_partner", "abusive_to_partner"):
        stream = int(LASTING[RISK_FACTORS.index(factor)])
        z = norm.ppf(uniforms(int(model.law["seed"]), np.ascontiguousarray(people["key"]), 0, stream))
        has = here & (people["risks"] >> np.uint32(RISK[factor]) & np.uint32(1) > 0)
        if factor == "abused_by_partner":  # who lives with a partner is abused by that one's lot, and not by their own
            has &= people["partner"] == NOBODY
        assert has.sum() > 50
        assert z[has].mean() > 1.0, factor
        assert abs(z[here].mean()) < 0.05


