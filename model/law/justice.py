"""Justice: chances of charge, disposal and sentence by group and financial year."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.inputs import AreaTables
from model.law.offending import record_chance
from model.people import AT_HOME
from model.vocabulary import OFFENCES

Values = Mapping[str, float]
Floats = NDArray[np.float64]
FRAMEWORK = 2014  # first full financial year of the framework of outcomes
WIDE = {
    "homicide": "violence", "violence_with_injury": "violence", "violence_without_injury": "violence",
    "stalking_harassment": "violence", "rape": "sexual", "other_sexual": "sexual", "robbery": "robbery",
    "residential_burglary": "theft", "other_burglary": "theft", "theft_of_vehicle": "theft",
    "theft_from_vehicle": "theft", "shoplifting": "theft", "other_theft": "theft",
    "criminal_damage": "damage_and_arson", "arson": "damage_and_arson", "drugs": "drugs",
    "weapons": "weapons", "public_order": "public_order", "other": "other",
}  # fmt: skip


def by_group(values: Values, id: str) -> Floats:
    """(G,) values of an id by offence group, 0 where there is none."""
    return np.array([values.get(f"{id}[{name}]", 0.0) for name in OFFENCES])


def fitted_rates(values: Values, id: str, known: Mapping[str, float], recorded: Floats) -> Floats:
    """(G,) national rates by group, scaled inside each wide group to what the area's own outcomes say."""
    rates = by_group(values, id)
    for wide, target in known.items():
        inside = np.array([WIDE.get(name) == wide for name in OFFENCES])
        mean = (rates * recorded)[inside].sum() / max(recorded[inside].sum(), 1e-9)
        if mean > 0.0:
            rates[inside] *= target / mean
    return np.clip(rates, 0.0, 0.95)


def known_so_far(year: int, values: Values) -> float:
    """How much of what records do for detection now they did in a financial year, as ever more came on file."""
    began, complete = (values[f"justice.on_file[{when}]"] for when in ("from", "all"))
    return float(np.interp(year, [began, complete], [values["justice.known_before"], 1.0]))


def fill_justice(
    law: np.ndarray, values: Values, area: AreaTables, year: int, charge_index: float, out_of_court_index: float,
    entry: float,
) -> None:
    """Write the justice fields of a financial year; the indices are its national rates beside the base year's, and
    `entry` is how far children's entry to the justice system stands from the base year's (0) towards its peak (1)."""
    v = values
    law["record"][0] = record_chance(v)
    law["domestic_record"] = v["justice.domestic_record_ratio"]
    charge = fitted_rates(v, "charge_rate", area.charge_rate, area.recorded) * charge_index
    out_of_court = fitted_rates(v, "out_of_court_rate", area.out_of_court_rate, area.recorded)
    out_of_court = out_of_court * out_of_court_index
    total = charge + out_of_court
    shrink = np.where(total > 0.97, 0.97 / np.maximum(total, 1e-9), 1.0)
    law["charge"][0], law["out_of_court"][0] = charge * shrink, out_of_court * shrink
    crime = area.recorded.copy()
    crime[[OFFENCES.index("antisocial_behaviour"), OFFENCES.index("fraud_computer_misuse")]] = 0.0
    outcomes = ((charge + out_of_court) * crime).sum() / crime.sum()
    # Arrests beyond those that end in an outcome, spread like the outcomes themselves.
    arrests = max(v["custody_episode.arrests_per_recorded_crime[2022/23]"] - outcomes, 0.0)
    law["arrest_only"][0] = np.minimum(total * arrests / max(outcomes, 1e-9), 1.0 - total * shrink)
    at_peak, now = (v[f"justice.child_detected_ratio[{when}]"] for when in ("2006/07", "2022/23"))
    law["child_detected"] = now * (at_peak / now) ** entry
    known_then = known_so_far(year, v)
    law["known_step"] = known_then * np.log(v["justice.known_ratio"]) / v["justice.known_most"]
    law["known_most"] = v["justice.known_most"]
    law["out_of_court_known"] = v["justice.out_of_court_known"]
    set_detection(law, v["justice.known_mean"] ** known_then, v["justice.child_share"], v["justice.known_share"])
    at_peak, now = (v[f"justice.child_diverted[{when}]"] for when in ("2006/07", "2022/23"))
    law["child_diverted"][0] = (now + (at_peak - now) * entry) * np.array([1.0, v["justice.child_diverted_known"]])
    # Before outcomes were counted apart from detections, nearly all that was counted was a caution.
    later = year >= FRAMEWORK
    law["formal"][0] = [v[f"justice.formal_share[{who if later else 'before 2014'}]"] for who in ("adults", "children")]
    law["formal_known"] = v["justice.formal_known_ratio"]
    law["case_months"][0] = by_group(v, "case_months")
    law["conviction"] = v["courts.conviction_ratio"]
    law["custody"][0] = by_group(v, "custody_share")
    law["custody_months"][0] = by_group(v, "custody_months")
    law["custody_record"] = v["justice.record_custody"]
    law["custody_record_mean"] = v["justice.record_custody_mean"]
    law["custody_record_most"] = v["justice.record_custody_most"]
    law["custody_supervised"] = np.log(v["justice.supervised_custody"])
    law["custody_supervised_mean"] = v["justice.supervised_share"]
    law["longest_case"] = v["justice.longest_case"]
    law["longest_custody"] = v["justice.longest_custody"]
    law["child_custody"] = v["justice.child_custody_ratio"]
    law["served"] = v["prison_and_probation.served_share_standard"] * v["justice.remand_ratio"]
    law["order_share"] = v["justice.order_share"]
    law["order_months"] = v["prison_and_probation.community_order_months"]
    law["licence_months"] = v["prison_and_probation.licence_months"]
    law["housing_after"] = v["justice.housing_lost"]
    law["work_after"] = v["justice.work_lost"]
    law["work_found"] = v["justice.work_found_ratio"]


def arrests_an_offence(law: np.void) -> Floats:
    """(N_MIXES,) chance that an offence of each row of the mix is recorded and ends in an arrest, before who did it
    counts."""
    of_group = law["record"].astype(float) * (law["charge"] + law["out_of_court"] + law["arrest_only"])
    of_kind = (law["mix"] * of_group).sum(axis=1)
    of_kind[AT_HOME] *= law["domestic_record"]
    return np.asarray(of_kind)


def set_detection(law: np.ndarray, known: float, children: float, on_record: float) -> None:
    """The chance of an outcome of those with nothing on record, and how much likelier than in the mean one is out of
    court, so that the means over offences stay those of the published rates: `known` is the mean over arrests of how
    much likelier records make outcomes; of arrests so weighted, `children`, with nothing on record and so detected
    less, have one share and people with something on record the share `on_record`. (A chance above one is one, and
    all three move in a plan. Outcomes as a whole keep their mean; charges alone lie some 5% below their rate, for part
    of children's become outcomes out of court.)"""
    told = 1.0 - children + children * law["child_detected"]
    law["detected"] = 1.0 / (known * told)
    share = on_record / told
    law["out_of_court_new"] = 1.0 / (1.0 - share + share * law["out_of_court_known"])
