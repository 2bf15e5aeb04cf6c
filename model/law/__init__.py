"""From believed numbers to the law that the rules read: one record for each financial year.

`laws()` is the only place where evidence becomes law, so that what it reads is what the model uses.
"""

import sys
from collections.abc import Iterator, Mapping

import numpy as np

from model.inputs import AreaTables
from model.law.adversity import fill_adversity
from model.law.ages import age_groups
from model.law.calendar import yearly
from model.law.form import AGES, LAW, lasting_ratios
from model.law.justice import fill_justice
from model.law.offending import fill_offending
from model.law.prevalence import USE_KNOWN_IN
from model.law.risk import fill_risks
from model.law.victims import fill_victims
from model.people import RISK
from model.vocabulary import FEMALE, MALE

FIRST_YEAR = 1920  # the financial year in which the oldest person of a census, of 100, could be born
PEAK_OF_ENTRY = 2006  # 2006/07: most children entered the justice system for the first time
BASE_YEAR = 2022  # 2022/23: the year of the recorded-crime anchors and of the charge rates by group

# Yearly tables that move the start of a risk factor, and the year beside which they are read.
RISK_TRENDS = {
    "excluded": ("permanent_exclusion_rate", 2023),
    "looked_after": ("children_looked_after_rate", 2022),
    "opiate_crack_use": ("opiate_crack_starts", USE_KNOWN_IN + 1),
    "school_absence": ("persistent_absence_rate", 2023),
}


class Reading(Mapping[str, float]):
    """Values that remember which of them were read, and in which file: the truth about what the model uses."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self.values_by_name = values
        self.read_in: dict[str, set[str]] = {}

    def __getitem__(self, name: str) -> float:
        value = self.values_by_name[name]
        frame = sys._getframe(1)
        while frame.f_back and not str(frame.f_globals.get("__name__")).startswith("model."):
            frame = frame.f_back  # `get` and dictionary unions read from within the library
        file = str(frame.f_globals.get("__file__", "")).replace("\\", "/")
        self.read_in.setdefault(name, set()).add("model/" + file.rpartition("/model/")[2])
        return value

    @property
    def read(self) -> set[str]:
        return set(self.read_in)

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)

    def __contains__(self, name: object) -> bool:
        return name in self.values_by_name


def trends(years: np.ndarray) -> dict[str, np.ndarray]:
    """Each year's level beside the base year: offending, charges, out-of-court outcomes, risk factors; and `entry`, how
    far children's first entry to the justice system stands from the base year (0) towards its peak (1), in logarithms.
    """
    base = np.array([BASE_YEAR])
    result = {
        name: yearly(measure, years) / yearly(measure, base)
        for name, measure in (
            ("offending", "csew_crime_index"),
            ("charge", "charge_rate"),
            ("out_of_court", "oocd_share_of_recorded_crime"),
        )
    }
    entrants, peak, now = (
        np.log(yearly("first_time_entrants_children", when)) for when in (years, np.array([PEAK_OF_ENTRY]), base)
    )
    result["entry"] = np.clip((entrants - now) / (peak - now), 0.0, 1.0)
    for factor, (measure, year) in RISK_TRENDS.items():
        result[factor] = yearly(measure, years) / yearly(measure, np.array([year - 1]))
    return result


def laws(
    area: AreaTables, values: Mapping[str, float], seed: int, last_year: int, first_year: int = FIRST_YEAR
) -> np.ndarray:
    """The laws of every financial year from `first_year` to `last_year`: shape (years,), dtype LAW.

    In years after the last in a table its last value is held. Raises KeyError when evidence lacks a row.
    """
    years = np.arange(first_year, last_year + 1)
    moves = trends(years)
    base = np.zeros(1, dtype=LAW)
    base["seed"] = np.uint64(seed)
    fill_risks(base, values)
    fill_offending(base, values, area.recorded)
    fill_adversity(base, values)
    fill_victims(base, values)
    fill_homes(base, values)
    fill_frailty(base, values)
    result = np.repeat(base, years.size)
    for n in range(years.size):
        law = result[n : n + 1]
        moved = (moves[name][n] for name in ("charge", "out_of_court", "entry"))
        fill_justice(law, values, area, int(years[n]), *moved)
        law["rate"] *= moves["offending"][n]
        for factor in RISK_TRENDS:
            law["start"][0, :, :, RISK[factor]] *= moves[factor][n]
        fill_past_victims(law, values)
    return result


def fill_frailty(law: np.ndarray, values: Mapping[str, float]) -> None:
    """How much sooner the frail die, and the level that leaves as many dead as the life table has, of people as many
    of whom are frail as of those born."""
    for _, low, high, load in age_groups(values, "death.frailty_load"):
        law["death_frailty"][0, low : high + 1] = load
        law["death_level"][0, low : high + 1] = 1.0 / lasting_ratios(load).mean()


def fill_homes(law: np.ndarray, values: Mapping[str, float]) -> None:
    """Sexes of those who are born and come, who has ties, how couples form, and the chance a month that
    one parts, by age of the first of them."""
    ratio = values["birth.sex_ratio_at_birth"]
    law["boys"] = ratio / (1.0 + ratio)
    law["men_arriving"] = values["move.male_share_of_arrivals"]
    law["ties_from"], law["ties_to"] = values["ties.age[from]"], values["ties.age[to]"]
    law["ties_band"] = values["ties.band"]
    ages = np.arange(AGES)
    parents = values["parents.separation_year[0 to 16]"] / 12.0
    later = values["household.separation_childless"] / 12.0
    bounds = [values[f"household.separation_age[{when}]"] for when in ("rate of parents until", "late rate from")]
    late = later * values["household.separation_late_ratio"]
    law["separation"][0] = np.interp(ages, bounds, [parents, late])
    for field, id in (("in_couple", "household.couple_share_by_age"), ("partnering", "household.partnering_year")):
        for _, low, high, share in age_groups(values, id):
            law[field][0, low : high + 1] = share
    law["partner_gap"] = values["household.partner_age_gap"]
    law["partner_spread"] = values["household.partner_age_spread"]
    law["couples_of_one_sex"] = values["household.couples_of_one_sex"]


def fill_past_victims(law: np.ndarray, values: Mapping[str, float]) -> None:
    """Harm in the years before the census, when victims are not sought among those who are still here."""
    shape = law["victim"][0, 0]
    law["past_victim"][0, FEMALE] = values["victim.past_rate"] * shape[FEMALE]
    law["past_victim"][0, MALE] = values["victim.past_rate"] * shape[MALE]


def law_year(year: int) -> int:
    """Index of a financial year (its first calendar year) in the array of `laws`."""
    return year - FIRST_YEAR
