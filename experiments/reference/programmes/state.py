"""The state of all programmes (model/ODD.md 2.4), and their facts and rows as they are read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.reference.person import Person
from experiments.reference.programmes.effects import Held, Timing, held_of, logs_of, months, timing_of
from experiments.reference.programmes.purse import Purse
from model.inputs import ModelInputs, Programme

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Switches = NDArray[np.bool_]
NOT_FLAGGED, WRONGLY, RIGHTLY = -1, 0, 1  # the last two as the record counts them
LEAST_COVER = 0.0001


@dataclass
class Qualities:
    """What programmes through others raise in one programme: ratios, 1 without any."""

    uptake: float = 1.0
    completion: float = 1.0
    targeting: float = 1.0
    delivery: float = 1.0


class Flagging(NamedTuple):
    """The tool that orders a waiting list this month, with what it is worth there."""

    offences: tuple[str, ...]
    threshold: float  # offences a year
    sensitivity: float
    false_alarm: float  # chance of a wrong flag
    bias: float  # ratio of that chance in the most deprived fifth


@dataclass
class Listed:
    """One who waits: since when, by an event of which group, flagged or not, and the lot among those found alike."""

    person: Person
    found: int
    group: str
    flag: int
    lot: float


@dataclass
class OfPeople:
    """A programme of people."""

    number: int
    facts: Programme
    purse: Purse
    uptake: float
    completion: float
    stay: int  # months
    timing: Timing
    disposal: dict[str, float]  # logs of ratios by group
    harm: dict[str, float]
    contacts: dict[str, float]  # by service
    contacts_a_month: float  # of each of these services, of one person without the programme
    waiting: dict[Person, Listed] = field(default_factory=dict)
    lots: dict[Person, float] = field(default_factory=dict)
    completing: dict[int, int] = field(default_factory=dict)  # people by month of the plan
    changed: dict[Person, int] = field(default_factory=dict)  # whose contacts it changes, and the month of starting


@dataclass
class OfPlaces:
    """A programme of places; arrays are by neighbourhood."""

    number: int
    facts: Programme
    purse: Purse
    uptake: float
    timing: Timing
    offences: dict[str, float]  # logs of ratios by group
    recording: dict[str, float]
    spillover: float
    volunteer_hours: float  # a unit
    cover: Floats  # share that a unit covers
    most: Whole  # units at a time
    eligible: Switches
    begun: dict[int, Whole] = field(default_factory=dict)  # units by month
    order: list[int] = field(default_factory=list)  # in which it comes to neighbourhoods
    truly_hot: Switches | None = None
    shown: Switches | None = None  # this year's map


@dataclass
class OfSystem:
    """A programme that works through others."""

    number: int
    facts: Programme
    purse: Purse
    lag: int  # months
    fade: int  # months
    on: int = 0  # months at work
    off: int = 0  # months since
    level: float = 0.0
    strength: float = 0.0  # this month


OfAny = OfPeople | OfPlaces | OfSystem


@dataclass
class State:
    """All programmes together."""

    pounds: Floats  # (P, Y) the commissioner's, changed by reviews
    spend: Floats  # (Y, P) pounds of all who pay
    commissioner_spend: Floats  # (Y, P)
    paid_by_commissioner: list[float]  # share, by programme
    people: list[OfPeople]
    places: list[OfPlaces]
    system: list[OfSystem]
    held: dict[int, Held]  # by programme of people
    qualities: list[Qualities]  # by programme, this month
    flagging: dict[int, Flagging] = field(default_factory=dict)  # by programme of people, where a tool orders its list
    eased: dict[tuple[Person, int, str], list[float]] = field(default_factory=dict)  # logs, by event
    recording_logs: dict[str, list[float]] = field(default_factory=dict)  # everywhere, by group
    prevented: dict[str, list[float]] = field(default_factory=dict)  # v of 7.7 by group and neighbourhood
    moved: dict[str, list[float]] = field(default_factory=dict)  # w of 7.7
    recording: dict[str, list[float]] = field(default_factory=dict)  # ratio by group and neighbourhood
    kept: dict[str, list[float]] = field(default_factory=dict)  # of 7.17 by group and district
    sentences: dict[tuple[Person, int], float] = field(default_factory=dict)  # a hearing's draw that was looked into


def every(state: State) -> list[OfAny]:
    """Every programme, in the order of their numbers."""
    programmes: list[OfAny] = [*state.people, *state.places, *state.system]
    return sorted(programmes, key=lambda one: one.number)


def begin(inputs: ModelInputs, values: Mapping[str, float]) -> State:
    """All programmes as a plan begins."""
    numbered = list(enumerate(inputs.programmes))
    reach = {"place": "place", "system": "system"}
    by = {what: [(n, p) for n, p in numbered if reach.get(p.reaches, "people") == what] for what in
          ("people", "place", "system")}  # fmt: skip
    return State(
        pounds=np.array(inputs.money, dtype=np.float64),
        spend=np.zeros((inputs.years, len(numbered))),
        commissioner_spend=np.zeros((inputs.years, len(numbered))),
        paid_by_commissioner=[values.get(f"{each.id}.commissioner_share", 1.0) for _, each in numbered],
        people=[_of_people(number, facts, inputs, values) for number, facts in by["people"]],
        places=[_of_places(number, facts, inputs, values) for number, facts in by["place"]],
        system=[_of_system(number, facts, inputs, values) for number, facts in by["system"]],
        held={number: held_of(facts, values) for number, facts in by["people"]},
        qualities=[Qualities() for _ in numbered],
    )


def _purse(facts: Programme, inputs: ModelInputs, values: Mapping[str, float]) -> Purse:
    # A place stands for as many of the real area as a person does; units of places are those of the real area (2).
    scale = inputs.scale if facts.reaches not in ("place", "system") else 1.0
    return Purse(
        one=inf if facts.takes_no_money else values[f"{facts.id}.unit_cost"] / scale,
        set_up=facts.set_up_months,
        ramp=facts.ramp_months,
        run_down=facts.run_down_months,
        exit_cost=values.get(f"{facts.id}.exit_cost", 0.0),
        carried=inputs.carried,
    )


def _of_people(number: int, facts: Programme, inputs: ModelInputs, values: Mapping[str, float]) -> OfPeople:
    contacts = logs_of(facts, values, "contacts")
    return OfPeople(
        number=number,
        facts=facts,
        purse=_purse(facts, inputs, values),
        uptake=values[f"{facts.id}.uptake"],
        completion=values[f"{facts.id}.completion"],
        stay=months(values, f"{facts.id}.stay_months"),
        timing=timing_of(values, facts.id),
        disposal=logs_of(facts, values, "disposal"),
        harm=logs_of(facts, values, "harm"),
        contacts=contacts,
        contacts_a_month=values[f"{facts.id}.contacts_a_year"] / 12 / len(contacts) if contacts else 0.0,
    )


def _of_places(number: int, facts: Programme, inputs: ModelInputs, values: Mapping[str, float]) -> OfPlaces:
    area = inputs.area
    district, n = area.neighbourhood_district, len(area.neighbourhoods)
    if facts.covers == "home":
        homes_a_resident = area.household_sizes.sum(axis=1) / area.population.sum(axis=(1, 2))
        homes = area.neighbourhood_residents * homes_a_resident[district]
        cover, most = 1 / np.maximum(homes, 1.0), np.rint(np.maximum(homes, 1.0)).astype(np.int64)
    else:
        cover = np.full(n, min(max(values[f"{facts.id}.covers"], LEAST_COVER), 1.0))
        most = np.ones(n, dtype=np.int64)
    eligible = np.isin(area.neighbourhood_quintile, facts.quintiles)
    if facts.event == "town_centres":
        eligible &= area.neighbourhood_town_centre
    return OfPlaces(
        number=number,
        facts=facts,
        purse=_purse(facts, inputs, values),
        uptake=values[f"{facts.id}.uptake"],
        timing=timing_of(values, facts.id),
        offences=logs_of(facts, values, "offences"),
        recording=logs_of(facts, values, "recording"),
        spillover=min(max(values.get(f"{facts.id}.spillover", 0.0), -1.0), 1.0),
        volunteer_hours=values.get(f"{facts.id}.volunteer_hours", 0.0),
        cover=cover,
        most=most,
        eligible=eligible,
    )


def _of_system(number: int, facts: Programme, inputs: ModelInputs, values: Mapping[str, float]) -> OfSystem:
    return OfSystem(
        number=number,
        facts=facts,
        purse=_purse(facts, inputs, values),
        lag=months(values, f"{facts.id}.lag_months"),
        fade=months(values, f"{facts.id}.fade_months"),
    )
