"""What is counted while the plan is lived (model/ODD.md 7.17): arrays of people simulated, never divided by the scale.

M months, Y financial years, D districts, G groups of offence, R risk factors, A age bands, P programmes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.reference import offending, places, programmes
from experiments.reference.happening import Happening
from experiments.reference.offence import AT_HOME
from model.inputs import ModelInputs
from model.vocabulary import AGE_BANDS, OFFENCES, RISK_FACTORS, age_band

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EVENTS = (
    "reported", "domestic_reported", "arrest", "charge", "out_of_court", "conviction", "community_sentence",
    "custody_sentence", "release", "emergency_department", "injured_admitted", "exclusion", "care_entry",
    "homelessness",
)  # fmt: skip
OF_OFFENCE = ("charge", "out_of_court", "conviction", "custody_sentence")  # of event_offence
WRONGLY, RIGHTLY = 0, 1
_EVENT = {name: number for number, name in enumerate(EVENTS)}
_OF_OFFENCE = {name: number for number, name in enumerate(OF_OFFENCE)}
_GROUP = {name: number for number, name in enumerate(OFFENCES)}
_FACTOR = {name: number for number, name in enumerate(RISK_FACTORS)}


@dataclass(frozen=True)
class Record:
    """All counts; arrays are filled as the plan is lived."""

    population: Ints  # (M, D) residents after waking
    states: Ints  # (M, D, R) of them with each factor
    offences: Ints  # (M, D, G) where they happen, residents' and outsiders'
    recorded: Ints  # (M, D, G)
    displaced: Ints  # (M, D, G) moved by programmes of places
    domestic: Ints  # (M, D, G)
    domestic_recorded: Ints  # (M, D, G)
    severity: Floats  # (M, D, G) sum over offences; 1 is the mean of a group
    expected: Floats  # (M, D, G) offences
    victims: Ints  # (Y, 5, G) by fifth of the victim's home
    place: Ints  # (Y, 5, G) offences by fifth of the place
    unique_victims: Ints  # (Y, D) residents with a first harm in the year
    offender_age: Ints  # (Y, 2, 101) residents' offences by sex and age
    offenders: Ints  # (Y, 2, 101) residents with a first offence in the year
    first_time_entrants: Ints  # (Y, 2) children, adults
    cohort: Ints  # (Y,) follow-ups that ended
    reoffended: Ints  # (Y,) of them with a proven reoffence
    events: Ints  # (M, D, 14) in the order of EVENTS
    event_offence: Ints  # (Y, G, 4) in the order of OF_OFFENCE
    in_court: Ints  # (Y, G, 2) charges of children, adults, less cases that programmes close
    diverted: Ints  # (M, D) written by programmes, as all to `net_widened`, `flagged` and below
    prosecuted: Ints  # (M, D)
    eased: Floats  # (M, D, G) offences' worth of harm
    supported: Ints  # (M, D)
    contacts: Floats  # (M, D, 3) contacts added, by service of model.inputs.NON_CRIME
    risk: Ints  # (Y, R, A) residents in March with each factor
    people: Ints  # (Y, A) residents in March
    ace: Ints  # (Y, A, 5) residents in March by number of adverse experiences
    places: Ints  # (M, P) new places
    starts: Ints  # (M, P) people who started, or units
    completions: Ints  # (M, P)
    waiting: Ints  # (M, P) on the list at the month's end
    refused: Ints  # (M, P) took it but had no free slot
    net_widened: Ints  # (M, P) started though flagged wrongly
    flagged: Ints  # (Y, P, 2, A, 5, 2) by sex, age band, fifth; wrongly, rightly
    hot: Ints  # (Y, P, 5, 2) neighbourhoods shown as hot, by fifth; wrongly, rightly
    public: Floats  # (M, 2) ratios of confidence and volunteering
    volunteer_hours: Floats  # (M, D) hours of programmes of places, of the real area
    births: Ints  # (M, D)
    deaths: Ints  # (M, D)
    departures: Ints  # (M, D) people who left the force


def new(inputs: ModelInputs) -> Record:
    """A record of a plan not yet lived: nothing happened, and the public is as it always was."""
    m, y, d, p = inputs.years * 12, inputs.years, len(inputs.area.districts), len(inputs.programmes)
    g, r, a = len(OFFENCES), len(RISK_FACTORS), len(AGE_BANDS)
    return Record(
        population=_ints(m, d), states=_ints(m, d, r),
        offences=_ints(m, d, g), recorded=_ints(m, d, g), displaced=_ints(m, d, g),
        domestic=_ints(m, d, g), domestic_recorded=_ints(m, d, g),
        severity=np.zeros((m, d, g)), expected=np.zeros((m, d, g)),
        victims=_ints(y, 5, g), place=_ints(y, 5, g), unique_victims=_ints(y, d),
        offender_age=_ints(y, 2, 101), offenders=_ints(y, 2, 101),
        first_time_entrants=_ints(y, 2), cohort=_ints(y), reoffended=_ints(y),
        events=_ints(m, d, len(EVENTS)), event_offence=_ints(y, g, len(OF_OFFENCE)),
        in_court=_ints(y, g, 2), diverted=_ints(m, d), prosecuted=_ints(m, d),
        eased=np.zeros((m, d, g)), supported=_ints(m, d),
        contacts=np.zeros((m, d, 3)),
        risk=_ints(y, r, a), people=_ints(y, a), ace=_ints(y, a, 5),
        places=_ints(m, p), starts=_ints(m, p), completions=_ints(m, p), waiting=_ints(m, p), refused=_ints(m, p),
        net_widened=_ints(m, p), flagged=_ints(y, p, 2, a, 5, 2), hot=_ints(y, p, 5, 2),
        public=np.ones((m, 2)), volunteer_hours=np.zeros((m, d)),
        births=_ints(m, d), deaths=_ints(m, d), departures=_ints(m, d),
    )  # fmt: skip


def _ints(*shape: int) -> Ints:
    return np.zeros(shape, dtype=np.int64)


def count_states(model: PlainModel) -> None:
    """Count residents, their factors, and what offences are expected, as the month is lived: after waking, before the
    month's decisions (7.17, section 3 step 3)."""
    districts = len(model.inputs.area.districts)
    population = [0] * districts
    states = [[0] * len(RISK_FACTORS) for _ in range(districts)]
    for person in model.residents:
        population[person.district] += 1
        with_factor = states[person.district]
        for factor in person.risks:
            with_factor[_FACTOR[factor]] += 1
    model.record.population[model.plan_month] = population
    model.record.states[model.plan_month] = states
    _count_expected(model, districts)


def _count_expected(model: PlainModel, districts: int) -> None:
    """Offences expected this month by district and group: residents', spread over districts, and outsiders'."""
    lived, at_home = _hazards_by_home(model, districts)
    happen = places.spread(model.places, lived)
    outsiders = offending.outsiders_mean(model)
    expected = model.record.expected[model.plan_month]
    for district in range(districts):
        for number, group in enumerate(OFFENCES):
            found = happen[district].get(group, 0.0) + outsiders[district][group]
            kept = programmes.kept_at(model, district, group)
            expected[district, number] = found * kept + at_home[district].get(group, 0.0)


def _hazards_by_home(model: PlainModel, districts: int) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Residents' hazards with what held programmes change in them, by district lived in and group: those that are not
    domestic, and those that are."""
    by_kind = [dict.fromkeys(model.offending.mix, 0.0) for _ in range(districts)]
    other: list[dict[str, float]] = [{} for _ in range(districts)]
    domestic: list[dict[str, float]] = [{} for _ in range(districts)]
    for person in model.residents:
        hazards, change, change_at_home = offending.expected(model, person)
        total = by_kind[person.district]
        for kind, hazard in hazards.items():
            total[offending.mix_of(person, kind)] += hazard
        _add(other[person.district], change, 1.0)
        _add(domestic[person.district], change_at_home, 1.0)
    for district in range(districts):
        for kind, hazard in by_kind[district].items():
            to = domestic if kind in AT_HOME else other
            _add(to[district], model.offending.mix[kind], hazard)
    return other, domestic


def _add(to: dict[str, float], what: dict[str, float], times: float) -> None:
    for name, each in what.items():
        to[name] = to.get(name, 0.0) + times * each


def count(model: PlainModel) -> None:
    """Count what happened this month (7.17)."""
    for happening in model.happened:
        if happening.kind == "offence":
            _count_offence(model, happening)
        elif happening.kind in ("victim", "offender"):
            _count_person(model, happening)
        else:
            _count_event(model, happening)


def _count_offence(model: PlainModel, told: Happening) -> None:
    record, at = model.record, (model.plan_month, told.district, _GROUP[told.group])
    record.offences[at] += 1
    record.severity[at] += told.severity
    record.recorded[at] += told.recorded
    record.displaced[at] += told.moved
    record.domestic[at] += told.domestic
    record.domestic_recorded[at] += told.domestic and told.recorded
    record.place[model.plan_month // 12, told.quintile, _GROUP[told.group]] += 1
    record.events[model.plan_month, told.district, _EVENT["reported"]] += told.recorded


def _count_person(model: PlainModel, told: Happening) -> None:
    """A harm, or an offender's month."""
    record, year = model.record, model.plan_month // 12
    if told.kind == "victim":
        record.victims[year, told.quintile, _GROUP[told.group]] += told.number
        record.unique_victims[year, told.district] += told.first
    elif told.person is not None:
        sex, age = told.person.sex, told.person.age(model.month)
        record.offender_age[year, sex, age] += told.number
        record.offenders[year, sex, age] += told.first


def _count_event(model: PlainModel, told: Happening) -> None:
    """All that is counted by the home of the person to whom it happened."""
    record, month, year = model.record, model.plan_month, model.plan_month // 12
    # "reported" is counted by place, with the offence; of the victim it only tells programmes.
    name = "domestic_reported" if told.kind == "domestic_incident" else told.kind
    if name in _EVENT and name != "reported":
        record.events[month, told.district, _EVENT[name]] += 1
    if name in _OF_OFFENCE:
        record.event_offence[year, _GROUP[told.group], _OF_OFFENCE[name]] += 1
        if name == "charge" and told.person:
            record.in_court[year, _GROUP[told.group], int(told.person.age(model.month) >= 18)] += 1
    elif name == "first_time_entrant":
        record.first_time_entrants[year, 0 if told.first else 1] += 1
    elif name == "follow_up":
        record.cohort[year] += 1
        record.reoffended[year] += told.first
    elif name == "birth":
        record.births[month, told.district] += 1
    elif name == "death":
        record.deaths[month, told.district] += 1
    elif name == "departure":
        record.departures[month, told.district] += 1


def count_march(model: PlainModel) -> None:
    """Residents as the financial year ends, arrivals of March among them, by age band, factor and experiences."""
    record, year = model.record, model.plan_month // 12
    for person in model.residents:
        band = age_band(person.age(model.month))
        record.people[year, band] += 1
        record.ace[year, band, person.experiences()] += 1
        for factor in person.risks:
            record.risk[year, _FACTOR[factor], band] += 1
