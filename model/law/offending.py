"""Offending: curves by age and sex, who differs, what a factor does, and the mix of groups in a kind."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.law.ages import graded
from model.law.form import AGES, bin_centres
from model.law.risk import ace_logs
from model.people import DOMESTIC, HAZARDS, N_HAZARDS, RISK
from model.vocabulary import FEMALE, MALE, N_OFFENCES, OFFENCES, RISK_FACTORS

Values = Mapping[str, float]
Floats = NDArray[np.float64]

# The kind of hazard that each offence group belongs to when it is not domestic.
KIND_OF = {
    "homicide": "violence", "violence_with_injury": "violence", "violence_without_injury": "violence",
    "stalking_harassment": "violence", "rape": "sexual", "other_sexual": "sexual", "robbery": "theft",
    "residential_burglary": "theft", "other_burglary": "theft", "theft_of_vehicle": "theft",
    "theft_from_vehicle": "theft", "shoplifting": "shoplifting", "other_theft": "theft",
    "criminal_damage": "disorder", "arson": "disorder", "drugs": "drugs", "weapons": "drugs",
    "public_order": "disorder", "fraud_computer_misuse": "drugs", "other": "drugs",
    "antisocial_behaviour": "disorder",
}  # fmt: skip
RAPE = OFFENCES.index("rape")
# Counts of these follow police activity: what is not found is not counted as committed.
FOUND_BY_POLICE = ("drugs", "weapons")


def record_chance(values: Values) -> Floats:
    """(G,) chance that a committed offence is recorded: one over the offences committed for each recorded.

    Where no multiplier is known, the share reported stands in; never above one.
    """
    chance = np.ones(N_OFFENCES)
    for g, name in enumerate(OFFENCES):
        multiplier = values.get(f"committed_per_recorded[{name}]")
        if name in FOUND_BY_POLICE:
            continue
        chance[g] = 1.0 / multiplier if multiplier is not None else values[f"report_rate[{name}]"]
    return np.clip(chance, 0.0, 1.0)


def partner_share(values: Values) -> Floats:
    """(G,) share of committed offences that a partner commits."""
    return np.array([values.get(f"offender_partner[{name}]", 0.0) for name in OFFENCES])


def outsider_share(values: Values) -> Floats:
    """(G,) share of offences by people who live outside the force area."""
    return np.array([values[f"non_resident_offender[{name}]"] for name in OFFENCES])


def committed_by_residents(recorded: Floats, values: Values) -> tuple[Floats, Floats, Floats]:
    """Offences a year from the recorded counts (G,): residents' by kind and group (H, G), outsiders' (G,).

    Domestic offences are recorded less often by `justice.domestic_record_ratio`, so that both together
    give the recorded count.
    """
    chance, partner = record_chance(values), partner_share(values)
    outside = outsider_share(values)
    domestic_chance = np.minimum(chance * values["justice.domestic_record_ratio"], 1.0)
    domestic_of_all = partner * (1.0 - outside)
    mean_chance = chance * (1.0 - domestic_of_all) + domestic_chance * domestic_of_all
    committed = recorded / mean_chance
    by_kind = np.zeros((N_HAZARDS, N_OFFENCES))
    for g, name in enumerate(OFFENCES):
        residents = committed[g] * (1.0 - outside[g])
        by_kind[HAZARDS.index("domestic"), g] = residents * partner[g]
        by_kind[HAZARDS.index(KIND_OF[name]), g] += residents * (1.0 - partner[g])
    return by_kind, committed * outside, committed


def fill_offending(law: np.ndarray, values: Values, recorded: Floats) -> None:
    """Write the offending fields, with the level at which the past runs."""
    v = values
    by_kind, _, _ = committed_by_residents(recorded, v)
    law["mix"][0] = mix_of(by_kind, v)
    history = [v[f"offending.history_ratio[{when}]"] for when in ("two years", "a year", "three months")]
    gap = v["offending.family_gap"]
    law["risk_ratio"] = 1.0
    law["spread"] = spread = spread_by_age(v)
    held = np.exp(0.5 * (spread[0] ** 2 - spread**2))
    alone = {
        what: v[f"association.alone[{what} and offending]"] for what in ("experiences", "factors", "ties", "history")
    }
    for h, kind in enumerate(HAZARDS):
        law["rate"][0, :, :, h] = v[f"offending.past_level[{kind}]"] * np.exp(log_curve(v, kind)) * held
        law["quintile_ratio"][0, :, h] = np.exp(graded(v[f"offending.deprivation_ratio[{kind}]"]))
        ratio = v[f"offending.ace_ratio[{kind}]"] ** v["offending.ace_beside"]
        law["family_ratio"][0, :, h] = np.exp((1.0 - alone["experiences"]) * np.log(ratio) / gap * bin_centres())
        law["ace_ratio"][0, :, h] = np.exp(ace_logs(ratio, alone["experiences"]))
        law["recent_ratio"][0, :, h] = [1.0, *(each ** alone["history"] for each in history)]
        law["peer_ratio"][0, :, h] = v["offending.peer_ratio"] ** (alone["ties"] * np.arange(4) / 3.0)
        for factor in RISK_FACTORS:
            own = v.get(f"offending.ratio[{factor}, {kind}]", v.get(f"offending.ratio[{factor}]"))
            if own is not None:
                law["risk_ratio"][0, RISK[factor], h] = own ** alone["factors"]
    law["cap"] = v["offending.most_a_month"]
    law["severity_spread"] = v["severity.spread"]
    law["propensity_kept"] = v["offending.propensity_kept"]
    law["overlap_share"] = v["overlap_share"]


def mix_of(by_kind: Floats, values: Values) -> Floats:
    """(N_MIXES, G) share of each group in a kind's offences; what is done at home apart for men and for women.

    Rape is by law what a man does (Sexual Offences Act 2003, section 1), so that men's share holds all of it: theirs is
    that of women among the victims.
    """
    mix = by_kind / np.maximum(by_kind.sum(axis=1, keepdims=True), 1e-12)
    of_both = mix[DOMESTIC].copy()
    rape, is_rape = of_both[RAPE], np.arange(N_OFFENCES) == RAPE
    of_men = min(rape / values["victim.partner_women_share"], 1.0)
    others = of_both / max(1.0 - rape, 1e-12)
    mix[DOMESTIC] = np.where(is_rape, of_men, others * (1.0 - of_men))
    return np.concatenate([mix, np.where(is_rape, 0.0, others)[None]])


def spread_by_age(values: Values) -> Floats:
    """(AGES,) standard deviation of the log rate over people: it widens with age, as most desist and a few persist
    (Nagin, Farrington and Moffitt 1995). `fill_offending` holds the mean over propensity to the curve of ages."""
    between = [values[f"offending.spread_age[{when}]"] for when in ("from", "to")]
    return values["offending.spread"] * np.interp(np.arange(AGES), between, [1.0, values["offending.spread_later"]])


def log_curve(values: Values, kind: str) -> Floats:
    """(2, AGES) log rate by age beside a man at the peak: a normal rise, then halving to a floor."""
    ages = np.arange(AGES, dtype=np.float64)
    peak = values[f"offending.peak_age[{kind}]"]
    floor = values[f"offending.floor[{kind}]"]
    rise = np.exp(-0.5 * ((ages - peak) / values[f"offending.rise[{kind}]"]) ** 2)
    fall = floor + (1.0 - floor) * 0.5 ** ((ages - peak) / values[f"offending.half_life[{kind}]"])
    men = np.log(np.maximum(np.where(ages < peak, rise, fall), 1e-9))
    both = np.empty((2, AGES))
    both[MALE] = men
    both[FEMALE] = men + np.log(values[f"offending.female_ratio[{kind}]"])
    return both

