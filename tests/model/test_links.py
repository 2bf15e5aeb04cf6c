"""Every link of the chain pulls: cut one, and the outcome it is named for moves the right way.

Levels are anchored to the area's record, so links are read where they act: in who, not in how many.
"""

import numpy as np
import pytest
from worlds import inputs, lived, shared_past, values

from model.people import ACE, NOBODY, RATE_ONE, RESIDENT, RISK
from model.world import live_past

SCALE = 0.015  # about 19,500 people


def residents(past):
    people = past.people[: past.rows]
    return people[people["status"] == RESIDENT]


def past_of(**changes):
    if not changes:
        return residents(shared_past(2, SCALE, 7))
    return residents(live_past(inputs(2, SCALE), values(**changes), 7))


def has(people, factor):
    return (people["risks"] >> np.uint32(RISK[factor]) & np.uint32(1)) == 1


def rate(people):
    return people["rate"].sum(axis=1, dtype=np.int64) / RATE_ONE


def ratio(people, exposed):
    return rate(people)[exposed].mean() / max(rate(people)[~exposed].mean(), 1e-12)


def cut(pattern, to=1.0):
    """All rows whose name starts with the pattern, set to what leaves no link."""
    return {name: to for name in values() if name.startswith(pattern)}


def test_carer_to_child():
    """Children whose carer misuses alcohol have lived with it more often than the others."""
    people = past_of()
    all_rows = shared_past(2, SCALE, 7).people
    child = (people["carer1"] != NOBODY) & (shared_past(2, SCALE, 7).month - people["birth"] < 216)
    carer = all_rows[people["carer1"][child]]
    exposed = has(carer, "alcohol_misuse")
    drank = (people["aces"][child] >> np.uint16(ACE["household_alcohol"]) & np.uint16(1)) == 1
    assert drank[exposed].mean() > 1.5 * drank[~exposed].mean()


def test_adversity_to_risk():
    with_link = past_of()
    without = past_of(**cut("risk.ace_ratio"))
    many = np.bitwise_count(with_link["aces"]) >= 4
    many_cut = np.bitwise_count(without["aces"]) >= 4

    def lift(people, exposed):
        return has(people, "drug_misuse")[exposed].mean() / has(people, "drug_misuse")[~exposed].mean()

    assert lift(with_link, many) > 1.2 * lift(without, many_cut)


def test_deprivation_to_offending():
    with_link, without = past_of(), past_of(**cut("offending.deprivation_ratio"))
    assert ratio(with_link, with_link["quintile"] == 0) > 1.2 * ratio(without, without["quintile"] == 0)


def test_peers_to_offending():
    with_link, without = past_of(), past_of(**{"offending.peer_ratio": 1.0})
    assert ratio(with_link, with_link["peers"] > 0) > 1.15 * ratio(without, without["peers"] > 0)


def test_state_dependence():
    month = shared_past(2, SCALE, 7).month
    with_link, without = past_of(), past_of(**cut("offending.history_ratio"))
    fresh, fresh_cut = (month - each["last_offence"].astype(int) < 3 for each in (with_link, without))
    assert ratio(with_link, fresh) > 1.3 * ratio(without, fresh_cut)


@pytest.mark.parametrize("factor", ["alcohol_misuse", "opiate_crack_use"])
def test_factors_to_offending(factor):
    rows = {name: 1.0 for name in values() if name.startswith(f"offending.ratio[{factor}")}
    with_link, without = past_of(), past_of(**rows)
    assert ratio(with_link, has(with_link, factor)) > 1.1 * ratio(without, has(without, factor))


def run_of(**changes):
    told = values(**changes)
    return lived(inputs(2, SCALE), told=told, past=live_past(inputs(2, SCALE), told, 7))


def test_custody_to_housing():
    def homeless(lost):
        people = past_of(**{"justice.housing_lost": lost})
        out = (people["custody_months"] > 0) & ~has(people, "in_custody") & has(people, "on_probation")
        assert out.sum() > 10
        return has(people, "unstable_housing")[out].mean()

    assert homeless(0.9) > homeless(0.001) + 0.1


def test_victim_to_risk():
    rows = {name: 1.0 for name in values() if name.startswith("risk.ratio[recently_victimised")}
    with_link, without = past_of(), past_of(**rows)

    def lift(people):
        harmed = has(people, "recently_victimised")
        return has(people, "poor_mental_health")[harmed].mean() / has(people, "poor_mental_health")[~harmed].mean()

    assert lift(with_link) > lift(without)


def test_past_harm_to_being_harmed_again():
    def repeats(ratio_of):
        record = run_of(**{"victim.repeat_ratio": ratio_of}).record
        return record.victims.sum() / record.unique_victims.sum()

    assert repeats(4.5) > repeats(1.001)


def test_poor_mental_health_to_not_working():
    month = shared_past(2, SCALE, 7).month

    def lift(people):
        grown = (month - people["birth"] >= 300) & (month - people["birth"] < 720)
        ill = has(people, "poor_mental_health")
        return has(people, "not_working")[grown & ill].mean() / has(people, "not_working")[grown & ~ill].mean()

    link = "risk.ratio[poor_mental_health to not_working]"
    assert lift(past_of(**{link: 6.0})) > lift(past_of(**{link: 1.0}))
