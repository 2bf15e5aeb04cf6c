"""Victims: what they are to the offender, and who they are by age, sex and past harm."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.law.ages import age_groups, graded
from model.law.form import AGES
from model.vocabulary import (
    BUSINESS,
    CHILD,
    FEMALE,
    FRAUD,
    KNOWN,
    MALE,
    OFFENCES,
    PROPERTY,
    SEXUAL,
    SOCIETY,
    STRANGER,
    VIOLENT,
)

Values = Mapping[str, float]
WEIGHT_OF = {
    "rape": SEXUAL, "other_sexual": SEXUAL, "fraud_computer_misuse": FRAUD, "residential_burglary": PROPERTY,
    "other_burglary": PROPERTY, "theft_of_vehicle": PROPERTY, "theft_from_vehicle": PROPERTY,
    "other_theft": PROPERTY, "criminal_damage": PROPERTY, "arson": PROPERTY, "shoplifting": PROPERTY,
}  # fmt: skip
ONE_IN_A_THOUSAND = 3.09  # standard deviations: a bound on weights that so few would exceed
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


def fill_victims(law: np.ndarray, values: Values) -> None:
    """Write the victim and place fields of a law."""
    v = values
    weights = np.zeros((4, 2, AGES))
    weights[VIOLENT] = survey_weights(v, "violence_with_injury", BANDS)
    weights[SEXUAL] = survey_weights(v, "other_sexual", SEXUAL_BANDS)
    for kind, id in ((PROPERTY, "victim.property_age"), (FRAUD, "victim.fraud_age")):
        for _, low, high, value in age_groups(v, id):
            weights[kind, :, low : high + 1] = value
    law["victim"][0] = weights / weights.max(axis=(1, 2), keepdims=True)
    quintile = np.exp(graded(v["victim.deprivation_ratio"]))
    law["victim_quintile"][0] = quintile / quintile.max()
    law["victim_repeat"] = v["victim.repeat_ratio"]
    law["victim_home"] = v["victim.home_load"]
    law["victim_lifestyle"] = v["victim.lifestyle_load"]
    law["victim_lifestyle_bound"] = v["victim.lifestyle_load"] * ONE_IN_A_THOUSAND
    law["known_tie"] = v["victim.known_tie"]
    law["near_home"] = v["place.near_home"]
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
