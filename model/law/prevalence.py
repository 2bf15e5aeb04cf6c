"""How common each risk factor is by age and sex, how long it lasts, and what children live with for it."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from model.law.ages import both_sexes, by_age, scale_by_sex
from model.law.calendar import yearly
from model.law.form import AGES, lasting_ratios, level_at_which
from model.vocabulary import FEMALE, MALE

Values = Mapping[str, float]
Table = NDArray[np.float64]
USE_KNOWN_IN = 2019  # financial year of the published share who use opiates or crack
FACTORS_AT_HOME = {
    "domestic_violence": ("abused_by_partner", "abusive_to_partner"),
    "mental_illness": ("poor_mental_health",),
    "alcohol": ("alcohol_misuse",),
    "drugs": ("drug_misuse", "opiate_crack_use"),
}


def prevalence(values: Values) -> dict[str, tuple[Table, Table | float]]:
    """Point prevalence (2, AGES) and mean spell in months of each factor that starts and ends."""
    v = values
    adults = np.arange(AGES) >= 18
    to_24 = (np.arange(AGES) >= 16) & (np.arange(AGES) < 25)
    drug_ratio = v["drugs.any_last_year[male 16 to 59]"] / (
        v["drugs.any_last_year[male 16 to 59]"] + v["drugs.any_last_year[female 16 to 59]"]
    )
    drugs = np.where(to_24, v["drugs.frequent[16 to 24]"], older_users(v))
    illness = both_sexes(v, "adult_mental_health.common_condition_age")
    illness[:, :5] = 0.0
    # By age as disorders were found in 2017, at the level of probable disorder in 2023: three and six years of 8 to 16.
    found = {group: v[f"child_mental_health.any_disorder[{group}]"] for group in ("5 to 10", "11 to 16")}
    now = v["child_mental_health.probable_disorder[8 to 16]"] / (found["5 to 10"] / 3 + found["11 to 16"] * 2 / 3)
    for first, last, group in ((5, 11, "5 to 10"), (11, 16, "11 to 16")):
        illness[:, first:last] = found[group] * now
    illness_spell = np.where(
        adults, v["adult_mental_health.common_spell_months[16+]"] / np.log(2.0),
        v["child_mental_health.spell_months[8 to 19]"],
    )  # fmt: skip
    conduct = both_sexes(v, "conduct.behavioural_disorder")
    conduct = with_band(conduct, v, "conduct.behavioural_disorder", ("5 to 10", "11 to 16", "17 to 19"))
    conduct[:, 3:5] = conduct[:, 5:6]
    absence = np.stack([absence_by_age(v)] * 2)
    gang_share = np.zeros(AGES)
    gang_share[10:18] = v["gangs.children_in_gang_share[10 to 17]"]
    gang_share[18:25] = v["risk.gang_young_adults"]
    housing = np.zeros(AGES)
    housing[18:65] = v["housing.unstable_adults_month[18 to 64]"]
    abuse_months = 1.0 / v["partner_abuse.state_exit_month[16+]"]
    women = abused_by_age(v)
    in_a_year = np.stack([women, women * v["partner_abuse.victim_age_men[male 16+]"]])
    abused = state_of_year(in_a_year, abuse_months, v.get("risk.lasting_load[abused_by_partner]", 0.0))
    shape = women / max(women[16:60].mean(), 1e-9)
    in_a_year = np.stack([shape * v[f"partner_abuse.perpetrator[{sex} 16 to 59]"] for sex in ("female", "male")])
    abusive = state_of_year(in_a_year, abuse_months, v.get("risk.lasting_load[abusive_to_partner]", 0.0))
    neet_spell = 1.0 / v["work.neet_exit_month[16 to 24]"]
    work_spell = np.where(to_24, neet_spell, v["work.unemployed_spell_months[25 to 64]"] / np.log(2.0))
    return {
        "conduct_problems": (conduct, v["conduct.spell_months[5 to 16]"]),
        "school_absence": (absence, -12.0 / np.log(v["school.absence_persists_next_year[8 to 15]"])),
        "gang": (scale_by_sex(gang_share, v["gangs.male_share[10 to 24]"]), v["gangs.spell_months[12 to 24]"]),
        "alcohol_misuse": (
            both_sexes(v, "alcohol.hazardous_age"), v["alcohol.hazardous_spell_months[16+]"],
        ),
        "drug_misuse": (scale_by_sex(drugs, drug_ratio), v["drugs.frequent_spell_months[16 to 34]"]),
        "opiate_crack_use": (
            scale_by_sex(use_of_opiates(v)[1], v["drugs.opiate_crack_male_share[15 to 64]"]),
            v["drugs.opiate_spell_months[18+]"],
        ),
        "poor_mental_health": (illness, illness_spell),
        "not_working": (not_working(v), work_spell),
        "unstable_housing": (np.stack([housing] * 2), v["housing.unstable_spell_months[18 to 64]"]),
        "abused_by_partner": (abused, abuse_months),
        "abusive_to_partner": (abusive, abuse_months),
    }  # fmt: skip


def state_of_year(in_a_year: Table, months: float, load: float) -> Table:
    """Share in a state at one time where `in_a_year` are in it at some time in a year, of spells of mean length
    `months`, and of people who differ by a lasting `load`: the wider, the more of a year's are in it all the year."""
    told = state_of_shares(tuple(np.clip(in_a_year, 0.0, 0.9).ravel().tolist()), months, load)
    return np.array(told).reshape(in_a_year.shape)


@lru_cache(maxsize=64)
def state_of_shares(in_a_year: tuple[float, ...], months: float, load: float) -> tuple[float, ...]:
    """`state_of_year` of a row of shares; kept, as one law asks it several times and most draws ask the same."""
    ratios, end, share = lasting_ratios(load), 1.0 / months, np.array(in_a_year)

    def now(start: Table) -> Table:
        return np.asarray(start * ratios / (start * ratios + end))

    def enough(start: Table) -> Table:
        return np.asarray((1.0 - (1.0 - now(start)) * np.exp(-12.0 * start * ratios)).mean(axis=-1) >= share)

    start = level_at_which(enough, share.shape)[..., None]
    return tuple(np.where(share > 0.0, now(start).mean(axis=-1), 0.0).tolist())


def abused_by_age(v: Values) -> Table:
    """(AGES,) share of women abused by a partner in a year."""
    share = by_age(v, "partner_abuse.victim_age", FEMALE, "2018/19")[0]
    share[75:] = share[74] * v["partner_abuse.victim_aged_ratio[75 and over]"]
    return share


def older_users(v: Values) -> Table:
    """Frequent drug use at 25 to 59, from the all-age figure, fading with age as any use does."""
    ages = np.arange(AGES)
    bands = ((25, 35, "25 to 34"), (35, 45, "35 to 44"), (45, 55, "45 to 54"), (55, 60, "55 to 59"))
    any_use = np.zeros(AGES)
    for first, last, group in bands:
        any_use[first:last] = v[f"drugs.any_last_year[{group}]"]
    frequent = v["drugs.frequent[16 to 59]"] / v["drugs.any_last_year[16 to 59]"]
    return np.where((ages >= 25) & (ages < 60), any_use * frequent, 0.0)


def with_band(table: Table, v: Values, id: str, bands: tuple[str, ...]) -> Table:
    """The table with flat bands by sex, where bands overlap in the source."""
    flat = np.zeros_like(table)
    for sex, name in ((FEMALE, "female"), (MALE, "male")):
        for band in bands:
            low, high = (int(part) for part in band.split(" to "))
            flat[sex, low : high + 1] = v[f"{id}[{name} {band}]"]
    return flat


def absence_by_age(v: Values) -> Table:
    """Persistent absence at primary and secondary ages."""
    absent = np.zeros(AGES)
    absent[5:11] = v["school.persistent_absence[5 to 10]"]
    absent[11:16] = v["school.persistent_absence[11 to 15]"]
    return absent


def not_working(v: Values) -> Table:
    """Neither working nor learning at 16 to 24, unemployed of all at 25 to 64."""
    table = np.zeros((2, AGES))
    for sex, name in ((FEMALE, "female"), (MALE, "male")):
        table[sex, 16:18] = v[f"work.neet[{name} 16 to 17]"]
        table[sex, 18:25] = v[f"work.neet[{name} 18 to 24]"]
    table[:, 25:65] = v["work.unemployment[16+]"] * (1.0 - v["work.workless_working_age[16 to 64]"])
    return table


def use_of_opiates(v: Values) -> tuple[Table, Table]:
    """Starts a month and users, shares of residents by age (AGES,), of opiates or crack in USE_KNOWN_IN.

    Who uses now began in the years of the epidemic: starts by age have one shape, and by year the yearly table's level,
    so that with spells of the mean length those of 15 to 64 who use are the published share.
    """
    ages = np.arange(AGES)
    knots = [v[f"drugs.opiate_start_age[{knot}]"] for knot in ("from", "most from", "most until", "until")]
    by_age = np.interp(ages, knots, [0.0, 1.0, 1.0, 0.0])
    by_year = yearly("opiate_crack_starts", USE_KNOWN_IN - ages)  # so many years ago
    still = np.exp(-12.0 * ages / v["drugs.opiate_spell_months[18+]"])
    users = np.convolve(by_age, by_year * still)[:AGES]
    level = v["drugs.opiate_crack[15 to 64]"] / users[15:65].mean()
    return level * by_age * by_year[0] / 12.0, level * users


def starts_by_flow(v: Values) -> dict[str, tuple[Table, Table]]:
    """Factors whose starts are known, and not by their prevalence: exclusion from school, care, opiates."""
    yearly = np.zeros(AGES)
    yearly[5:11] = v["school.permanent_exclusion_age[5 to 10]"]
    for age in range(11, 16):
        yearly[age] = v[f"school.permanent_exclusion_age[{age}]"]
    boys = v["school.permanent_exclusion_male_ratio[5 to 15]"]
    excluded = scale_by_sex(yearly / 100.0 / 12.0, boys / (boys + 1.0))
    excluded_end = np.full((2, AGES), 1.0 / v["school.excluded_spell_months[11 to 15]"])
    excluded_end[:, int(v["risk.outgrown_age[excluded]"]) :] = v["risk.outgrown_end"]
    entry = np.zeros(AGES)
    infants = v["care.entry_share_by_age[0]"]
    entry[:18] = v["care.entry_hazard[0 to 17]"] / 100_000.0 * (1.0 - infants) * 18.0 / 17.0
    entry[0] = v["care.entry_hazard[0 to 17]"] / 100_000.0 * infants * 18.0
    care_end = np.full((2, AGES), v["care.exit_hazard[0 to 17]"])
    care_end[:, 18:] = v["care.exit_at_18"]
    users = v["drugs.opiate_crack_male_share[15 to 64]"]
    use_end = np.full((2, AGES), 1.0 / v["drugs.opiate_spell_months[18+]"])
    return {
        "excluded": (excluded, excluded_end),
        "looked_after": (scale_by_sex(entry, v["care.male_share[0 to 17]"]), care_end),
        "opiate_crack_use": (scale_by_sex(use_of_opiates(v)[0], users), use_end),
    }


def how_common(values: Values) -> dict[str, Table]:
    """Prevalence (2, AGES) of every factor that starts and ends; of one known by its starts alone, start over end."""
    tables = {name: table for name, (table, _) in prevalence(values).items()}
    for name, (start, end) in starts_by_flow(values).items():
        tables.setdefault(name, start / np.maximum(end, 1e-9))
    return tables


def exposure_shares(values: Values) -> dict[str, tuple[float, float]]:
    """Share of children exposed at one time, and the mean months of it, from the carers' own factors."""
    shares = prevalence(values)
    lone = values["home.children_living_with_lone_parent"]
    adult = slice(int(values["household.carer_age[from]"]), int(values["household.carer_age[to]"]) + 1)
    result = {}
    for exposure, factors in FACTORS_AT_HOME.items():
        mother = father = 0.0
        months = 0.0
        for factor in factors:
            table, spell = shares[factor]
            mother += float(table[FEMALE, adult].mean())
            father += float(table[MALE, adult].mean())
            months = max(months, float(np.mean(np.broadcast_to(np.asarray(spell), (AGES,))[adult])))
        if exposure == "domestic_violence":
            # Victim and abuser are one couple: the couple counts once.
            share = (mother + father) / 2.0
        else:
            share = 1.0 - (1.0 - mother) * (1.0 - father * (1.0 - lone))
        result[exposure] = (share, months)
    # A parent's imprisonment lasts about half a sentence; parents who parted stay parted.
    served = values["custody_months[violence_with_injury]"] * values["prison_and_probation.served_share_standard"]
    result["prison"] = (values["parents.imprisoned_in_year_share[0 to 17]"], served)
    result["separation"] = (values["ace_sep"] / 2.0, float("inf"))
    return result
