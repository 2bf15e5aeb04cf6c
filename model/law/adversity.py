"""Adverse childhood experiences: monthly hazards that give the published shares by age 18."""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtri

from model.law.ages import graded
from model.law.form import bin_centres
from model.law.prevalence import exposure_shares
from model.people import ACE, EXPOSURES
from model.vocabulary import FEMALE, MALE

Values = Mapping[str, float]
MONTHS_OF_CHILDHOOD = 216
SHARE_BY_18 = {
    "sexual_abuse": "ace_sexual", "physical_abuse": "ace_physical", "verbal_abuse": "ace_verbal",
    "domestic_violence": "ace_dv", "parental_separation": "ace_sep",
    "household_mental_illness": "ace_mh", "household_alcohol": "ace_alc", "household_drugs": "ace_drug",
    "household_prison": "ace_prison", "neglect": "ace.neglect",
}  # fmt: skip
NEEDS = {
    "domestic_violence": "domestic_violence", "parental_separation": "separation",
    "household_mental_illness": "mental_illness", "household_alcohol": "alcohol",
    "household_drugs": "drugs", "household_prison": "prison",
}  # fmt: skip


def level_for(by_18: float, load: float) -> float:
    """The monthly hazard at the mean family for which a share `by_18` have lived with it by 18.

    Hazards differ between families by exp(load x a standard normal); solved by halving.
    """
    grid = ndtri((np.arange(200) + 0.5) / 200.0)
    low, high = 1e-9, 1.0
    for _ in range(60):
        middle = np.sqrt(low * high)
        share = np.mean(1.0 - np.exp(-MONTHS_OF_CHILDHOOD * middle * np.exp(load * grid)))
        low, high = (middle, high) if share < by_18 else (low, middle)
    return float(np.sqrt(low * high))


def fill_adversity(law: np.ndarray, values: Values) -> None:
    """Write the adversity fields of a law."""
    v = values
    homes = exposure_shares(v)
    family = v["ace.exposure_family_load"]
    law["ace_quintile"][0] = np.exp(graded(v["ace.deprivation_ratio"]))
    law["exposure_quintile"][0] = np.exp(graded(v["ace.deprivation_ratio"]))
    law["ace_exposed"] = 1.0
    at_home = v["ace.exposure_family_load"]
    for e, exposure in enumerate(EXPOSURES):
        law["exposure_family"][0, :, e] = np.exp(at_home * bin_centres() - 0.5 * at_home**2)
        share, months = homes[exposure]
        law["exposure_off"][0, e] = 1.0 / months
        law["exposure_on"][0, e] = share / (1.0 - share) / months
    law["exposure_on"][0, EXPOSURES.index("separation")] = v["parents.separation_year[0 to 16]"] / 12.0
    for name, a in ACE.items():
        by_18 = v[SHARE_BY_18[name]]
        law["ace_needs"][0, a] = EXPOSURES.index(NEEDS[name]) if name in NEEDS else len(EXPOSURES)
        load = 0.0
        if name == "parental_separation":
            hazard = v["ace.separation_hazard"]
        elif name in NEEDS:
            load = v["ace.family_load[household]"]
            share = homes[NEEDS[name]][0]
            # Time exposed rises with the family factor, and so does what comes of it.
            hazard = level_for(by_18, load + family) / share * np.exp(0.5 * family**2)
            hazard *= v[f"ace.household_ratio[{name}]"]
        else:
            load = v["ace.family_load[abuse and neglect]"]
            hazard = level_for(by_18, load) / fill_abuse(law, a, homes, v)
        girls = v["ace.sexual_female_ratio"] if name == "sexual_abuse" else 1.0
        law["ace_start"][0, MALE, a] = hazard * 2.0 / (1.0 + girls)
        law["ace_start"][0, FEMALE, a] = hazard * 2.0 * girls / (1.0 + girls)
        law["ace_family"][0, :, a] = np.exp(load * bin_centres())


def fill_abuse(law: np.ndarray, a: int, homes: dict[str, tuple[float, float]], v: Values) -> float:
    """Abuse and neglect: likelier where home is troubled; returns the mean ratio over children."""
    mean = 1.0
    for e, exposure in enumerate(EXPOSURES):
        ratio = v[f"ace.exposure_ratio[{exposure}]"]
        law["ace_exposed"][0, e, a] = ratio
        mean *= 1.0 + homes[exposure][0] * (ratio - 1.0)
    return float(mean)
