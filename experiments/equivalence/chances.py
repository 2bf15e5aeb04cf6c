"""Chances that are tables and no person's own: how offences are mixed, recorded, dealt with, placed and suffered.

Compared number by number. With `hazards.py` they are the numbers that decide by chance in either model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.reference import offending, places
from experiments.reference.arithmetic import by_age
from experiments.reference.offence import WOMEN_AT_HOME
from model.people import HAZARDS
from model.vocabulary import OFFENCES, RELATIONS, VICTIM_WEIGHTS
from model.world import PreventionModel

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

Floats = NDArray[np.float64]
MIXES = (*HAZARDS, WOMEN_AT_HOME)  # as the plain model calls them


def chances(engine: PreventionModel, plain: PlainModel) -> dict[str, tuple[Floats, Floats]]:
    """By name the numbers of the engine and of the plain model, both standing in the same month."""
    return {**_of_justice(engine, plain), **_of_victims(engine, plain), **_of_places(engine, plain)}


def largest_difference(both: dict[str, tuple[Floats, Floats]]) -> dict[str, float]:
    """By name, the largest difference of any number beside the larger of the two, a share; of numbers below a millionth
    of the table's greatest, beside that."""
    found = {}
    for name, (one, two) in both.items():
        larger = np.maximum(np.abs(one), np.abs(two))
        found[name] = float((np.abs(one - two) / np.maximum(larger, max(larger.max() * 1e-6, 1e-30))).max())
    return found


def _by_group(numbers: Any) -> Floats:
    return np.array([numbers[group] for group in OFFENCES])


def _of_justice(engine: PreventionModel, plain: PlainModel) -> dict[str, tuple[Floats, Floats]]:
    law, rules = engine.law, plain.justice
    found: dict[str, tuple[Any, Any]] = {
        "recorded": (law["record"], _by_group(rules.record)),
        "recorded, domestic": (law["domestic_record"], rules.domestic_ratio),
        "charged": (law["charge"], _by_group(rules.charge)),
        "out of court": (law["out_of_court"], _by_group(rules.out_of_court)),
        "arrested alone": (law["arrest_only"], _by_group(rules.arrest_only)),
        "detection": (law["detected"], rules.detected),
        "detection by record": (np.exp(law["known_step"] * law["known_most"]), rules.known_ratio),
        "out of court, by record": (
            [law["out_of_court_new"], law["out_of_court_new"] * law["out_of_court_known"]], rules.out_of_court_known,
        ),
        "child diverted": (law["child_diverted"], rules.child_diverted),
        "child detected": (law["child_detected"], rules.child_detected),
        "formal, by record": (law["formal_known"], rules.formal_known),
        "formal, adults": (law["formal"][0], rules.formal[0]), "formal, children": (law["formal"][1], rules.formal[1]),
        "months to the hearing": (
            [*law["case_months"], np.floor(law["longest_case"])],
            [*_by_group(rules.case_months), rules.longest_case],
        ),
        "convicted": (law["conviction"], rules.convicted),
        "custody": (law["custody"], _by_group(rules.custody_share)),
        "custody, by record": (
            [law["custody_record"], law["custody_record_mean"], law["custody_record_most"], law["child_custody"]],
            [rules.record_custody, rules.record_custody_mean, rules.record_custody_most, rules.child_custody_ratio],
        ),
        "custody, under supervision": (
            [np.exp(law["custody_supervised"]), law["custody_supervised_mean"]],
            [rules.supervised_custody, rules.supervised_share],
        ),
        "months of custody": (
            law["custody_months"] * law["served"], _by_group(rules.custody_months) * rules.served,
        ),
        "probation": (
            [law["order_share"], np.floor(law["order_months"]), np.floor(law["licence_months"])],
            [rules.order_share, rules.order_months, rules.licence_months],
        ),
        "lost by custody": ([law["housing_after"], law["work_after"]], [rules.housing_lost, rules.work_lost]),
        "work found": (law["work_found"], plain.risk.work_found),
    }  # fmt: skip
    return {name: (np.asarray(one, float), np.asarray(two, float)) for name, (one, two) in found.items()}


def _of_victims(engine: PreventionModel, plain: PlainModel) -> dict[str, tuple[Floats, Floats]]:
    law, rules = engine.law, plain.victims
    relations = np.zeros((len(OFFENCES), len(RELATIONS)))
    for g, group in enumerate(OFFENCES):
        for relation, share in rules.relations[group]:
            relations[g, RELATIONS.index(relation)] += share
    found: dict[str, tuple[Any, Any]] = {
        "mix of offences": (
            law["mix"], [[plain.offending.mix[kind].get(group, 0.0) for group in OFFENCES] for kind in MIXES],
        ),
        "severity": (law["severity_spread"], plain.values["severity.spread"]),
        "joining in": (law["co_offending"], [plain.values[f"co_offending[{group}]"] for group in OFFENCES]),
        "relation to the victim": (np.diff(law["relation"], axis=1, prepend=0.0), relations),
        "known victim a tie": (law["known_tie"], rules.known_tie),
        "likelihood of being harmed": (law["victim"], [rules.weight[kind] for kind in VICTIM_WEIGHTS]),
        "harmed again": (1 / law["victim_repeat"], rules.accepted / rules.accepted_before),
        "emergency attendance": (law["emergency"], _by_group(rules.emergency)),
        "admission": (law["admitted"], rules.admitted),
    }
    return {name: (np.asarray(one, float), np.asarray(two, float)) for name, (one, two) in found.items()}


def _of_places(engine: PreventionModel, plain: PlainModel) -> dict[str, tuple[Floats, Floats]]:
    here = engine.places
    outsiders = [[each.get(group, 0.0) for group in OFFENCES] for each in offending.outsiders_mean(plain)]
    street = np.array([_share_within(plain, places.TYPE_OF_GROUP[group]) for group in OFFENCES])
    engines = np.array([_steps(here.street[kind], here.district_start) for kind in here.street_kind])
    return {
        "outsiders' offences": (np.asarray(here.outsiders, float), np.asarray(outsiders)),
        "share of street crime": (engines, street),
        "partnering": (
            np.asarray(engine.law["partnering"], float),
            np.asarray(by_age(plain.values, "household.partnering_year", 0.0)),
        ),
        "near home": (np.asarray(engine.law["near_home"], float), np.asarray(plain.values["place.near_home"])),
    }


def _steps(cumulative: Floats, starts: NDArray[np.int64]) -> Floats:
    """Shares within each district from what is cumulated within it; a whole district adds its number to each."""
    shares = np.diff(cumulative, prepend=0.0)
    first = starts[:-1]
    shares[first] = cumulative[first] - np.floor(cumulative[first] - 1e-12)
    return np.asarray(shares)


def _share_within(plain: PlainModel, kind: str) -> Floats:
    crime = np.array(plain.places.street[kind])
    district = np.asarray(plain.inputs.area.neighbourhood_district)
    return np.asarray(crime / np.bincount(district, crime)[district])
