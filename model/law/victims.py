"""Victims: what they are to the offender, and who they are by age, sex and past harm."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.law.ages import age_groups, graded
from model.law.form import AGES, MOST_LASTING
from model.law.prevalence import abused_by_age
from model.law.risk import ace_logs
from model.vocabulary import (
    BUSINESS,
    CHILD,
    FEMALE,
    FORMER_PARTNER,
    FRAUD,
    KNOWN,
    MALE,
    OFFENCES,
    PROPERTY,
    RAPE,
    SEXUAL,
    SOCIETY,
    STRANGER,
    THEFT,
    VICTIM_WEIGHTS,
    VIOLENT,
)

Values = Mapping[str, float]
WEIGHT_OF = {
    "rape": RAPE, "other_sexual": SEXUAL, "fraud_computer_misuse": FRAUD, "residential_burglary": PROPERTY,
    "other_burglary": PROPERTY, "theft_of_vehicle": PROPERTY, "theft_from_vehicle": PROPERTY,
    "other_theft": THEFT, "criminal_damage": PROPERTY, "arson": PROPERTY, "shoplifting": THEFT,
}  # fmt: skip
ASKED = (16, 60)  # ages of those whom the survey asks about sexual offences
# How far those alike differ: homes for what is done to a home, people for the rest. (Fraud: as they differ by age.)
LOADS = {VIOLENT: "victim.person_load", SEXUAL: "victim.sexual_load", RAPE: "victim.sexual_load",
         FORMER_PARTNER: "victim.partner_load", PROPERTY: "victim.home_load", THEFT: "victim.theft_load"}  # fmt: skip
BANDS = ((16, "16_to_24"), (25, "25_to_34"), (35, "35_to_44"), (45, "45_to_54"), (55, "55_to_64"),
         (65, "65_to_74"), (75, "75_and_over"))  # fmt: skip
SEXUAL_BANDS = ((16, "16_to_19"), (20, "20_to_24"), (25, "25_to_34"), (35, "35_to_44"), (45, "45_to_54"),
                (55, "55_to_59"))  # fmt: skip


def survey_weights(v: Values, group: str, bands: tuple[tuple[int, str], ...]) -> NDArray[np.float64]:
    """(2, AGES) share harmed in a year by age and sex, from the survey of those aged 16 and over."""
    table = np.zeros((2, AGES))
    for sex, word in ((FEMALE, "women"), (MALE, "men")):
        for n, (first, band) in enumerate(bands):
            last = bands[n + 1][0] if n + 1 < len(bands) else AGES
            table[sex, first:last] = v[f"victim_prevalence_{word}_{band}[{group}]"]
        table[sex, :10] = v["victim.child_ratio[under 10]"] * table[sex, 16]
        table[sex, 10:16] = v["victim.child_ratio[10 to 15]"] * table[sex, 16]
    return table


def rape_weights(v: Values) -> NDArray[np.float64]:
    """(2, AGES) share raped in a year: women's and men's shares of a survey, at ages as all sexual assault falls."""
    assault = survey_weights(v, "other_sexual", SEXUAL_BANDS)
    raped = np.array([v[f"victim_prevalence_{who}[rape]"] for who in ("women", "men")])
    asked = assault[:, ASKED[0] : ASKED[1]].mean(axis=1)
    return np.asarray(assault * (raped / asked)[:, None])


def not_by_partners(v: Values, group: str, women: float) -> NDArray[np.float64]:
    """(2,) the share of each sex's harm of a survey that is not a partner's: theirs is drawn in couples, and here it
    would count twice. `women` is women's share of those whom partners harm."""
    partner = v[f"offender_partner[{group}]"]
    harmed = np.array([v[f"victim_prevalence_{who}[{group}]"] for who in ("women", "men")])
    by_partner = partner * np.array([women, 1.0 - women]) / (harmed / harmed.sum())
    return np.clip(1.0 - by_partner, 0.1, 1.0)


def fill_victims(law: np.ndarray, values: Values) -> None:
    """Write the victim and place fields of a law."""
    v = values
    weights = np.zeros((len(VICTIM_WEIGHTS), 2, AGES))
    by_others = not_by_partners(v, "violence_with_injury", v["victim.partner_women_share"])
    weights[VIOLENT] = survey_weights(v, "violence_with_injury", BANDS) * by_others[:, None]
    weights[SEXUAL] = survey_weights(v, "other_sexual", SEXUAL_BANDS)
    # Men's partners are women but for the few of their own sex.
    by_others = not_by_partners(v, "rape", 1.0 - v["household.couples_of_one_sex"])
    weights[RAPE] = rape_weights(v) * by_others[:, None]
    weights[FORMER_PARTNER] = abused_by_age(v)
    for kind, id in ((PROPERTY, "victim.property_age"), (THEFT, "victim.property_age"), (FRAUD, "victim.fraud_age")):
        for _, low, high, value in age_groups(v, id):
            weights[kind, :, low : high + 1] = value
    law["victim"][0] = weights / weights.max(axis=(1, 2), keepdims=True)
    quintile = np.exp(graded(v["victim.deprivation_ratio"]))
    law["victim_quintile"][0] = quintile / quintile.max()
    law["victim_repeat"] = v["victim.repeat_ratio"]
    experiences = np.exp(ace_logs(v["victim.ace_ratio"], 1.0))
    law["victim_ace"][0] = experiences / experiences.max()
    for kind, id in LOADS.items():
        law["victim_load"][0, kind] = v[id]
    law["victim_lifestyle"] = v["victim.lifestyle_load"]
    law["victim_lifestyle_bound"] = v["victim.lifestyle_load"] * MOST_LASTING
    law["known_tie"] = v["victim.known_tie"]
    law["near_home"] = v["place.near_home"]
    law["emergency_domestic"] = v["emergency.domestic_ratio"]
    law["admitted"] = v["health_per_violence.admitted_share"]
    law["co_offending_age"] = v["justice.co_offending_age"]
    law["co_offending_adult"] = v["justice.co_offending_adult"]
    for g, name in enumerate(OFFENCES):
        law["victim_kind"][0, g] = WEIGHT_OF.get(name, VIOLENT)
        law["emergency"][0, g] = v.get(f"emergency_department[{name}]", 0.0)
        law["co_offending"][0, g] = v[f"co_offending[{name}]"]
        law["relation"][0, g] = relations(v, name)


def relations(v: Values, name: str) -> NDArray[np.float64]:
    """Cumulative shares of child, known, stranger, business and society among non-domestic offences."""
    shares = np.zeros(6)
    shares[CHILD] = v.get(f"victim.share[{name}, child at home]", 0.0)
    shares[BUSINESS] = v.get(f"victim.share[{name}, business]", 0.0)
    shares[SOCIETY] = v.get(f"victim.share[{name}, society]", 0.0)
    left = max(1.0 - shares.sum(), 0.0)
    known, stranger = v["victim.known_otherwise"], 1.0 - v["victim.known_otherwise"]
    if f"offender_known[{name}]" in v:
        known, stranger = v[f"offender_known[{name}]"], v[f"offender_stranger[{name}]"]
    shares[KNOWN] = left * known / (known + stranger)
    shares[STRANGER] = left * stranger / (known + stranger)
    running = np.cumsum(shares)
    running[SOCIETY] = 1.0
    return running
