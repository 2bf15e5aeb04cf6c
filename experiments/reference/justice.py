"""Justice, and what is due to a person as a month begins (model/ODD.md 7.9; the 18th birthday of 3 and 7.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, floor, log, sqrt
from typing import TYPE_CHECKING

from experiments.reference import programmes
from experiments.reference.arithmetic import calendar
from experiments.reference.happening import Happening
from experiments.reference.offence import AT_HOME
from model.inputs import AreaTables, ModelInputs
from model.vocabulary import OFFENCES

if TYPE_CHECKING:
    from experiments.reference.offence import Offence
    from experiments.reference.person import Person
    from experiments.reference.world import PlainModel

BASE_YEAR = 2023  # 2022/23, as tables name a year by its end: of the area's record
PEAK_OF_ENTRY = 2007  # 2006/07: most children entered the justice system for the first time
FRAMEWORK = 2014  # first financial year in which cautions and community resolutions are told apart
GRAVEST = 250.0  # severity kept with a case, at most
FOLLOW_UP = 12  # months after its beginning in which an offence is a reoffence
FOLLOW_UP_ENDS = 18  # months after its beginning in which a follow-up is logged
ADULT = 216  # months of age
FOUND_ONLY = ("drugs", "weapons")  # what is not found is not counted as committed
NO_RECORDED_CRIME = ("antisocial_behaviour", "fraud_computer_misuse")  # left out of the mean that arrests are held to
WIDE_GROUPS = {
    "violence": ("homicide", "violence_with_injury", "violence_without_injury", "stalking_harassment"),
    "sexual": ("rape", "other_sexual"),
    "robbery": ("robbery",),
    "theft": (
        "residential_burglary", "other_burglary", "theft_of_vehicle", "theft_from_vehicle", "shoplifting",
        "other_theft",
    ),
    "damage_and_arson": ("criminal_damage", "arson"),
    "drugs": ("drugs",),
    "weapons": ("weapons",),
    "public_order": ("public_order",),
    "other": ("other",),
}  # fmt: skip


@dataclass(frozen=True)
class Law:
    """The numbers of 7.9 in one financial year; by group of offence where they are dicts. Months are whole."""

    record: dict[str, float]  # chance that an offence is recorded
    domestic_ratio: float
    charge: dict[str, float]  # chances of an outcome of a recorded offence, before detection
    out_of_court: dict[str, float]
    arrest_only: dict[str, float]
    detected: float  # detection: ratio of these chances for people with nothing on record
    known_ratio: float  # how much greater it is with `known_most` on record or more
    known_most: float
    out_of_court_known: tuple[float, float]  # ratio of the share out of court: with nothing, something on record
    child_detected: float
    child_diverted: tuple[float, float]  # of children's charges, out of court: with nothing, something on record
    formal: tuple[float, float]  # of what is dealt with out of court, what goes on the record: adults, children
    formal_known: float  # ratio of it for those with something on record
    case_months: dict[str, float]  # mean
    longest_case: int
    convicted: float  # chance at a hearing
    custody_share: dict[str, float]
    custody_months: dict[str, float]  # as sentenced
    served: float  # months in custody over months sentenced, remand within
    record_custody: float
    record_custody_mean: float
    record_custody_most: float
    supervised_custody: float  # odds
    supervised_share: float
    child_custody_ratio: float
    longest_custody: int
    order_share: float
    order_months: int
    licence_months: int
    housing_lost: float
    work_lost: float


def law(
    inputs: ModelInputs, values: Mapping[str, float], year: int, known_mean: float, child_share: float,
    known_share: float,
) -> Law:
    """The numbers of the financial year that begins in April of `year`. `known_mean`: over arrests expected, the
    mean ratio that records give detection; of arrests with it, `child_share` is that of people under 18 with nothing on
    record, and `known_share` that of people with something."""
    charge, out_of_court, arrest_only = outcomes(inputs.area, values, year)
    child_detected, child_diverted = _children(values, year)
    of_children = 1 - child_share + child_share * child_detected
    on_file = _on_file(values, year)
    on_record, lenient = known_share / of_children, values["justice.out_of_court_known"]
    nothing = 1 / (1 - on_record + on_record * lenient)
    return Law(
        record=recording(values),
        domestic_ratio=values["justice.domestic_record_ratio"],
        charge=charge,
        out_of_court=out_of_court,
        arrest_only=arrest_only,
        detected=1 / (known_mean**on_file * of_children),
        known_ratio=values["justice.known_ratio"] ** on_file,
        known_most=values["justice.known_most"],
        out_of_court_known=(nothing, nothing * lenient),
        child_detected=child_detected,
        child_diverted=(child_diverted, child_diverted * values["justice.child_diverted_known"]),
        formal=_formal(values, year),
        formal_known=values["justice.formal_known_ratio"],
        case_months={group: values.get(f"case_months[{group}]", 0.0) for group in OFFENCES},
        longest_case=int(values["justice.longest_case"]),
        convicted=values["courts.conviction_ratio"],
        custody_share={group: values.get(f"custody_share[{group}]", 0.0) for group in OFFENCES},
        custody_months={group: values.get(f"custody_months[{group}]", 0.0) for group in OFFENCES},
        served=values["prison_and_probation.served_share_standard"] * values["justice.remand_ratio"],
        record_custody=values["justice.record_custody"],
        record_custody_mean=values["justice.record_custody_mean"],
        record_custody_most=values["justice.record_custody_most"],
        supervised_custody=values["justice.supervised_custody"],
        supervised_share=values["justice.supervised_share"],
        child_custody_ratio=values["justice.child_custody_ratio"],
        longest_custody=int(values["justice.longest_custody"]),
        order_share=values["justice.order_share"],
        order_months=int(values["prison_and_probation.community_order_months"]),
        licence_months=int(values["prison_and_probation.licence_months"]),
        housing_lost=values["justice.housing_lost"],
        work_lost=values["justice.work_lost"],
    )


def _formal(values: Mapping[str, float], year: int) -> tuple[float, float]:
    whom = ("adults", "children") if year >= FRAMEWORK else ("before 2014", "before 2014")
    adults, children = (values[f"justice.formal_share[{who}]"] for who in whom)
    return adults, children


def _on_file(values: Mapping[str, float], year: int) -> float:
    """How much of what records do for detection now they did in a year (7.9)."""
    first, last = values["justice.on_file[from]"], values["justice.on_file[all]"]
    before = values["justice.known_before"]
    return before + (1 - before) * min(max((year - first) / (last - first), 0.0), 1.0)


def _children(values: Mapping[str, float], year: int) -> tuple[float, float]:
    """How children are detected beside adults and how much of their charges is diverted, in a year (7.9: entry)."""
    entrants = [log(calendar("first_time_entrants_children", ends)) for ends in (year + 1, PEAK_OF_ENTRY, BASE_YEAR)]
    entry = min(max((entrants[0] - entrants[2]) / (entrants[1] - entrants[2]), 0.0), 1.0)
    detected, diverted = (
        [values[f"justice.{row}[{when}]"] for when in ("2006/07", "2022/23")]
        for row in ("child_detected_ratio", "child_diverted")
    )
    return detected[0] ** entry * detected[1] ** (1 - entry), diverted[0] * entry + diverted[1] * (1 - entry)


def recording(values: Mapping[str, float]) -> dict[str, float]:
    """The chance that an offence is recorded, by group; the same in all years."""
    return {group: _recorded(values, group) for group in OFFENCES}


def _recorded(values: Mapping[str, float], group: str) -> float:
    if group in FOUND_ONLY:
        return 1.0
    committed = values.get(f"committed_per_recorded[{group}]")
    chance = values[f"report_rate[{group}]"] if committed is None else 1 / committed
    return min(max(chance, 0.0), 1.0)


def outcomes(
    area: AreaTables, values: Mapping[str, float], year: int
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Chances by group that a recorded offence is charged, dealt with out of court, or followed by an arrest alone."""
    charge = _of_year("charge_rate", area.charge_rate, area, values, year, "charge_rate")
    out_of_court = _of_year(
        "out_of_court_rate", area.out_of_court_rate, area, values, year, "oocd_share_of_recorded_crime"
    )
    both = {group: charge[group] + out_of_court[group] for group in OFFENCES}
    for group in OFFENCES:
        if both[group] > 0.97:
            charge[group] *= 0.97 / both[group]
            out_of_court[group] *= 0.97 / both[group]
    mean = _mean(area, both, [group for group in OFFENCES if group not in NO_RECORDED_CRIME])
    arrests = max(values["custody_episode.arrests_per_recorded_crime[2022/23]"] - mean, 0.0)
    arrest_only = {
        group: min(both[group] * arrests / mean if mean > 0 else 0.0, 1 - charge[group] - out_of_court[group])
        for group in OFFENCES
    }
    return charge, out_of_court, arrest_only


def arrests_an_offence(
    inputs: ModelInputs, values: Mapping[str, float], year: int, mix: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """By kind, the chance that an offence is recorded and ends in an arrest, before who did it counts (5.4)."""
    chances, record = outcomes(inputs.area, values, year), recording(values)
    of_group = {group: record[group] * sum(chance[group] for chance in chances) for group in OFFENCES}
    return {
        kind: sum(share * of_group[group] for group, share in groups.items())
        * (values["justice.domestic_record_ratio"] if kind in AT_HOME else 1.0)
        for kind, groups in mix.items()
    }


def _of_year(
    row: str, shares: Mapping[str, float], area: AreaTables, values: Mapping[str, float], year: int, measure: str
) -> dict[str, float]:
    """A chance by group, held to the area's shares by wide group in the base year, then moved to the year."""
    chance = {group: values[f"{row}[{group}]"] for group in OFFENCES}
    for wide, groups in WIDE_GROUPS.items():
        mean = _mean(area, chance, groups)
        if wide in shares and mean > 0:
            for group in groups:
                chance[group] *= shares[wide] / mean
    moved = calendar(measure, year + 1) / calendar(measure, BASE_YEAR)
    return {group: min(max(chance[group], 0.0), 0.95) * moved for group in OFFENCES}


def _mean(area: AreaTables, chance: Mapping[str, float], groups: Sequence[str]) -> float:
    """The mean over the area's recorded offences of these groups."""
    recorded = [float(area.recorded[OFFENCES.index(group)]) for group in groups]
    total = sum(recorded)
    return sum(n * chance[group] for n, group in zip(recorded, groups, strict=True)) / total if total > 0 else 0.0


def record_it(model: PlainModel, offence: Offence) -> None:
    """Whether the police record an offence (7.9 police response, step 1)."""
    chance = model.justice.record[offence.group]
    ratio = 1.0
    if offence.domestic:  # which no programme of places or of recording touches
        chance *= model.justice.domestic_ratio
    else:
        ratio = programmes.recording_at(model, offence.neighbourhood, offence.group)
    drawn = model.random.random()
    offence.recorded = drawn < chance * ratio
    offence.no_more = offence.recorded and drawn >= chance


def known(person: Person, ratio: float, most: float) -> float:
    """How much likelier what is on a person's record makes detection (7.9)."""
    return float(ratio ** (min(person.convictions, most) / most))


def respond(model: PlainModel, offence: Offence) -> None:
    """What the police do at once about a resident's recorded offence (7.9 police response, steps 2 to 4)."""
    offender, law = offence.offender, model.justice
    if offender is None or not offence.recorded or offence.no_more:
        return
    detection = law.detected * known(offender, law.known_ratio, law.known_most)
    if _is_child(model, offender) and offender.convictions == 0:
        detection *= law.child_detected
    charge = law.charge[offence.group] * detection
    out_of_court = law.out_of_court[offence.group] * detection
    lenient = min(out_of_court * law.out_of_court_known[offender.convictions > 0], charge + out_of_court)
    charge, out_of_court = charge + out_of_court - lenient, lenient
    if _is_child(model, offender):
        diverted = law.child_diverted[offender.convictions > 0]
        out_of_court += charge * diverted
        charge *= 1 - diverted
    certain = max(1.0, charge + out_of_court)
    charge, out_of_court = charge / certain, out_of_court / certain
    drawn = model.random.random()
    if drawn >= charge + out_of_court + law.arrest_only[offence.group] * detection:
        return
    tell(model, "arrest", offender, offence.group)
    if drawn < charge:
        _charged(model, offender, offence)
    elif drawn < charge + out_of_court:
        _dealt_with_out_of_court(model, offender, offence.group)


def _charged(model: PlainModel, person: Person, offence: Offence) -> None:
    tell(model, "charge", person, offence.group)
    heard = model.month + months_to_hearing(model, offence.group)
    if person.court is None:
        open_case(person, offence.group, offence.severity, heard)
    elif _gravity(model, offence.group) > _gravity(model, person.court_offence):
        open_case(person, offence.group, offence.severity, max(heard, person.court))
    person.court_committed = model.month


def _gravity(model: PlainModel, group: str) -> float:
    return model.justice.custody_share[group] * model.justice.custody_months[group]


def months_to_hearing(model: PlainModel, group: str) -> int:
    """Whole months from a charge of this group to the hearing, by chance."""
    law = model.justice
    return min(1 + floor(-log(1 - model.random.random()) * law.case_months[group]), law.longest_case)


def open_case(person: Person, group: str, severity: float, heard: int) -> None:
    """A case of this group and severity, to be heard in that month; severity is kept in 256ths (2.1)."""
    person.court = heard
    person.court_offence = group
    person.court_severity = floor(min(severity, GRAVEST) * 256) / 256


def close_case(person: Person) -> None:
    """No case is open."""
    person.court = None
    person.court_offence = ""
    person.court_severity = 0.0
    person.court_committed = None


def _dealt_with_out_of_court(model: PlainModel, person: Person, group: str) -> None:
    tell(model, "out_of_court", person, group)
    if model.month not in person.formal:  # one draw a person and month
        share = model.justice.formal[int(_is_child(model, person))]
        if person.convictions > 0:
            share *= model.justice.formal_known
        person.formal[model.month] = model.random.random() < share
    if person.formal[model.month]:
        _prove_reoffence(person, model.month)
        _add_to_record(model, person, group)
        begin_follow_up(model, person)


def _add_to_record(model: PlainModel, person: Person, group: str) -> None:
    """A conviction or an outcome out of court, which both go on a person's record."""
    person.convictions += 1
    person.risks.add("convicted")
    if person.convictions == 1:
        tell(model, "first_time_entrant", person, group, first=_is_child(model, person))


def begin_follow_up(model: PlainModel, person: Person) -> None:
    """Follow whether there will be a proven reoffence, if no follow-up is under way."""
    if person.cohort is None:
        person.cohort = model.month
        person.reoffended = False


def _prove_reoffence(person: Person, committed: int) -> None:
    """An outcome for an offence committed within twelve months of the follow-up's beginning."""
    if person.cohort is not None and 1 <= committed - person.cohort <= FOLLOW_UP:
        person.reoffended = True


def due(model: PlainModel, person: Person) -> None:
    """All that happens to a resident as the month begins, in the order of 7.9."""
    month = model.month
    if person.months_old(month) > 0 and person.months_old(month) % 12 == 0:
        kept = model.values["offending.propensity_kept"]
        person.propensity = kept * person.propensity + sqrt(1 - kept**2) * model.random.gauss(0.0, 1.0)
    if (person.exposure or person.spared_exposure) and person.months_old(month) == ADULT:
        person.exposure.clear()
        person.spared_exposure.clear()
    if person.custody_end is not None and person.custody_end <= month:
        _release(model, person)
    if person.order_end is not None and person.order_end <= month:
        person.order_end = None
        person.risks.discard("on_probation")
    if person.court is not None and person.court <= month:
        _hear(model, person)
    if person.last_victim is not None and month - person.last_victim == 12:
        person.risks.discard("recently_victimised")
    if person.spared_victim is not None and month - person.spared_victim == 12:
        person.spared.discard("recently_victimised")
    for offended in (person.last_offence, person.spared_offence):
        if offended is not None and month - offended == 12:
            person.marks.ties_to_tell = True
    if person.cohort is not None and month - person.cohort >= FOLLOW_UP_ENDS:
        tell(model, "follow_up", person, first=person.reoffended)
        person.cohort = None
        person.reoffended = False


def _release(model: PlainModel, person: Person) -> None:
    law = model.justice
    person.custody_end = None
    person.risks.discard("in_custody")
    person.order_end = model.month + law.licence_months
    person.risks.add("on_probation")
    if model.random.random() < law.housing_lost:
        person.risks.add("unstable_housing")
    if model.random.random() < law.work_lost:
        person.risks.add("not_working")
    person.marks.carers_changed = True  # children whose carer left custody (7.4)
    person.marks.ties_to_tell = True
    begin_follow_up(model, person)
    tell(model, "release", person)


def hearing_chance_of_custody(model: PlainModel, person: Person) -> float:
    """The chance that the open case ends in custody if it ends in conviction, with the record as it is now."""
    law = model.justice
    convictions = min(person.convictions, law.record_custody_most)
    share = law.custody_share[person.court_offence]
    heard = model.month if person.court is None else person.court
    supervised = float(person.order_end is not None and person.order_end > heard)
    likelier = exp(law.record_custody * (convictions - law.record_custody_mean))
    likelier *= law.supervised_custody ** (supervised - law.supervised_share)
    chance = share * likelier / (1 - share + share * likelier)
    return chance * law.child_custody_ratio if _is_child(model, person) else chance


def _hear(model: PlainModel, person: Person) -> None:
    """The hearing of the open case."""
    law, group, severity = model.justice, person.court_offence, person.court_severity
    committed, custody_chance = person.court_committed, hearing_chance_of_custody(model, person)
    # The draw of a case that a diversion has looked into is the one that it saw (7.13 Disposal).
    drawn = programmes.sentence_draw(model, person, model.month if person.court is None else person.court)
    close_case(person)
    if model.random.random() >= law.convicted:
        return
    if committed is not None:
        _prove_reoffence(person, committed)
    custody = drawn < custody_chance
    _add_to_record(model, person, group)
    tell(model, "conviction", person, group)
    if "in_custody" in person.risks:
        return
    if custody:
        _imprison(model, person, group, severity)
        return
    if model.random.random() < law.order_share:
        end = model.month + law.order_months
        person.order_end = end if person.order_end is None else max(person.order_end, end)
        person.risks.add("on_probation")
        tell(model, "community_sentence", person, group)
    begin_follow_up(model, person)


def _imprison(model: PlainModel, person: Person, group: str, severity: float) -> None:
    law = model.justice
    length = law.custody_months[group] * sqrt(severity) * law.served
    months = min(max(floor(length + model.random.random()), 1), law.longest_custody)
    person.custody_end = model.month + months
    person.custody_months += months
    person.risks.add("in_custody")
    person.marks.ties_to_tell = True
    if person.last_offence is not None:  # the clock stands still until the release
        person.last_offence += months
    if person.spared_offence is not None:
        person.spared_offence += months
    person.order_end = None
    person.risks.discard("on_probation")
    person.marks.carers_changed = True  # children whose carer entered custody (7.4)
    tell(model, "custody_sentence", person, group)


def tell(model: PlainModel, kind: str, person: Person, group: str = "homicide", first: bool = False) -> None:
    """Log what happened to a person; homicide, group number 0, is of what comes of no offence (7.13)."""
    model.log(Happening(kind, person, group, person.district, person.quintile, first=first))


def _is_child(model: PlainModel, person: Person) -> bool:
    return person.months_old(model.month) < ADULT
