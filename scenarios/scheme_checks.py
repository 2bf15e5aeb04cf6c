"""What must be true of a scheme's file beside its form: words that are known, facts that go together, rows that
are there and say something possible, and sources for them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields

from model.evidence import Evidence, Row, Source, read_sources
from model.inputs import (
    AGAINST,
    ALL_PROGRAMMES,
    COVERS,
    EFFECT_KINDS,
    EFFECT_TARGETS,
    EVENTS,
    KINDS_OF_EFFECT,
    OF_PEOPLE,
    QUALITIES,
    REACHES,
    WHERE,
)
from model.vocabulary import OFFENCES, RISK_FACTORS, SEXES, TIERS
from scenarios.calendar_years import is_financial_year
from scenarios.faults import Fault, meant
from scenarios.form import shorten, spoken
from scenarios.toml_files import Place, TomlFile

SOURCE_KEYS = tuple(field.name for field in fields(Source))
VERSUS = ("usual services", "formal processing", "nothing")
NUMBERS = {  # rows that a scheme must have, by what it reaches
    "place": ("unit_cost", "uptake", "spillover", "lag_months", "full_months", "fade_months"),
    "system": ("unit_cost", "lag_months", "fade_months"),
    "person": ("unit_cost", "uptake", "completion", "lag_months", "full_months", "fade_months", "stay_months"),
}
OF_A_TOOL = ("sensitivity", "specificity", "threshold", "bias")
OF_A_MAP = ("sensitivity", "specificity", "hot_share")
LIFE = ("life_lag_months", "life_full_months", "life_fade_months")
OPTIONAL = ("minimum_a_year", "exit_cost", "commissioner_share", "volunteer_hours")
MOST_UNSTUDIED = 1.1  # of a quality that nobody measured, with a system scheme over without
SHARES = (
    "uptake", "completion", "sensitivity", "specificity", "hot_share", "covers", "commissioner_share",
)  # fmt: skip
CHEAPEST, DEAREST = 0.01, 1_000_000_000  # pounds of one place: cheaper ones are more than can be counted
POUNDS = ("unit_cost", "minimum_a_year", "exit_cost")
OF_DELIVERY = {  # numbers of how a scheme works, which are none of what comes of it
    *(name for names in NUMBERS.values() for name in names), *OF_A_TOOL, *OF_A_MAP, *LIFE, *OPTIONAL, "covers",
    "contacts_a_year",
}  # fmt: skip
JUDGED = "judgement"
OF_VICTIMS = ("reported", "emergency_department", "domestic_incident")
ONLY_FOR = {  # facts that only some schemes have
    "person": ("after", "ages", "needs", "sexes", "waiting_months"), "place": ("covers", "quintiles"),
}  # fmt: skip


def reach_of(told: TomlFile) -> str:
    """person, place or system: which facts and rows a scheme has."""
    reaches = told.values.get("reaches")
    if reaches in ("place", "system"):
        return str(reaches)
    kinds = {str(effect.get("kind")) for _, effect in effects_of(told)}
    if reaches is None and kinds and not kinds & set(KINDS_OF_EFFECT["person"]):  # the line that says it is missing
        return next((one for one in ("place", "system") if kinds <= set(KINDS_OF_EFFECT[one])), "person")
    return "person"


def effects_of(told: TomlFile) -> list[tuple[Place, dict[str, object]]]:
    effects = told.values.get("effect")
    listed = effects if isinstance(effects, list) else []
    return [(("effect", at), effect) for at, effect in enumerate(listed) if isinstance(effect, dict)]


def word_faults(told: TomlFile, others: Iterable[str]) -> list[Fault]:
    """Words that the model does not know, and facts that do not go together; `others` are ids of schemes."""
    facts, reach = told.values, reach_of(told)
    faults: list[Fault] = [
        *_unknown(told, ("tier",), facts.get("tier"), TIERS),
        *_unknown(told, ("reaches",), facts.get("reaches"), REACHES),
        *_unknown(told, ("covers",), facts.get("covers"), COVERS),
        *_all_unknown(told, ("after",), facts.get("after"), OFFENCES),
        *_all_unknown(told, ("sexes",), facts.get("sexes"), SEXES),
        *_all_unknown(told, ("needs",), facts.get("needs"), RISK_FACTORS),
        *_finding_faults(told, reach),
    ]
    if reach != "person" and "reaches" not in facts:
        mend = f'its effects are of a {reach}: write reaches = "{reach}"'
        faults.append(told.fault(("tier",), "reaches is missing", mend))
    for whom, keys in ONLY_FOR.items():
        for key in keys:
            if key in facts and reach != whom:
                what = f"{key} is for schemes that reach {'people' if whom == 'person' else 'places'}"
                faults.append(told.fault((key,), what, "leave the line out"))
    ages = facts.get("ages")
    if isinstance(ages, list) and len(ages) == 2 and all(type(a) is int for a in ages) and ages[0] > ages[1]:
        faults.append(told.fault(("ages",), f"ages run from {ages[0]} to {ages[1]}", f"write {ages[::-1]}"))
    known = (*sorted({*others, str(facts.get("id"))}), *TIERS, ALL_PROGRAMMES)
    tool = facts.get("tool")
    if reach == "system" and "tool" not in facts and facts.get("tier") in TIERS[:-1]:
        what = f"tier = {facts['tier']!r}, and the scheme reaches nobody itself"
        faults.append(told.fault(("tier",), what, 'write tier = "system"'))
    if isinstance(tool, dict) and facts.get("id") in (tool.get("programmes") or ()) and reach != "person":
        what = "tool: the scheme has no waiting list of its own"
        faults.append(told.fault(("tool", "programmes"), what, "leave its id out"))
    if isinstance(tool, dict):
        faults += _all_unknown(told, ("tool", "programmes"), tool.get("programmes"), known)
        faults += _all_unknown(told, ("tool", "offences"), tool.get("offences"), OFFENCES)
    elif ("effect" in facts and not effects_of(told)) or ("effect" not in facts and "tool" not in facts):
        what = "the scheme has no effect and is no tool"
        faults.append(told.fault(("effect",), what, "start each effect with [[effect]]"))
    return [*faults, *_effect_faults(told, reach, known)]


def _unknown(told: TomlFile, place: Place, value: object, known: tuple[str, ...]) -> Iterator[Fault]:
    if isinstance(value, str) and value not in known:
        mend = meant(value, known, f"use one of {', '.join(known)}")
        yield told.fault(place, f"{spoken(place)}: {value!r} is not known", mend)


def _all_unknown(told: TomlFile, place: Place, values: object, known: tuple[str, ...]) -> Iterator[Fault]:
    for value in values if isinstance(values, list) else ():
        yield from _unknown(told, place, value, known)


def _finding_faults(told: TomlFile, reach: str) -> Iterator[Fault]:
    """How people or places are found."""
    facts, found = told.values, told.values.get("found_by")
    if reach == "system":
        if found is not None:
            yield told.fault(("found_by",), "found_by is for schemes that reach people or places", "leave it out")
        return
    ways = WHERE if reach == "place" else (*EVENTS, "population")
    if "found_by" not in facts:
        yield told.fault(("found_by",), "found_by is missing", f"use one of {', '.join(ways)}")
    yield from _unknown(told, ("found_by",), found, ways)
    if reach == "person":
        for key, example in (("ages", "write the first and the last age, such as [11, 25]"),
                             ("waiting_months", "write months, such as 6")):  # fmt: skip
            if key not in facts:
                yield told.fault((key,), f"{key} is missing", example)
    if found == "population" and facts.get("after"):
        yield told.fault(("after",), "after is for people found by an event", "write after = []")
    disposes = any(effect.get("kind") == "disposal" for _, effect in effects_of(told))
    if disposes and found == "out_of_court" and facts.get("waiting_months") not in (1, None):
        what = "waiting_months: an outcome out of court can be undone in the month after, and no later"
        yield told.fault(("waiting_months",), what, "write waiting_months = 1")
    if facts.get("takes_no_money") and (reach != "person" or found == "population"):
        what = "takes_no_money is for a practice with people who are found by an event"
        yield told.fault(("takes_no_money",), what, "leave the line out")


def _effect_faults(told: TomlFile, reach: str, programmes: tuple[str, ...]) -> Iterator[Fault]:
    """Effects that do not go with what the scheme reaches, or with each other."""
    listed = effects_of(told)
    estimand = listed[0][1].get("effect_on") if listed else None
    on = OF_PEOPLE if reach == "person" else ("place",) if reach == "place" else ("access",)
    for place, effect in listed:
        kind = effect.get("kind")
        if kind in EFFECT_KINDS and kind not in KINDS_OF_EFFECT[reach]:
            what = f"{spoken((*place, 'kind'))}: {kind!r} is no effect of a scheme that reaches a {reach}"
            yield told.fault((*place, "kind"), what, f"use one of {', '.join(KINDS_OF_EFFECT[reach])}")
        else:
            yield from _unknown(told, (*place, "kind"), kind, KINDS_OF_EFFECT[reach])
        yield from _unknown(told, (*place, "effect_on"), effect.get("effect_on"), on)
        yield from _unknown(told, (*place, "versus"), effect.get("versus"), VERSUS)
        yield from _unknown(told, (*place, "against"), effect.get("against"), AGAINST)
        if effect.get("against") and kind != "offending":
            what = f"{spoken((*place, 'against'))}: only an effect on offending can be against somebody"
            yield told.fault((*place, "against"), what, "leave the line out")
        if effect.get("effect_on") != estimand:
            what = "the effects of a scheme are not all on the same people"
            yield told.fault((*place, "effect_on"), what, f"write {estimand!r}")
        if kind == "harm" and told.values.get("found_by") not in OF_VICTIMS:
            what = f"{spoken((*place, 'kind'))}: harm is eased for those who were harmed"
            yield told.fault((*place, "kind"), what, f"find them by {', '.join(OF_VICTIMS)}")
        targets = programmes if kind in QUALITIES else EFFECT_TARGETS.get(str(kind))
        if targets:
            yield from _all_unknown(told, (*place, "targets"), effect.get("targets"), targets)


def rows_needed(told: TomlFile) -> Iterator[str]:
    """The rows that a scheme must have, without its id."""
    facts, reach = told.values, reach_of(told)
    for name in NUMBERS[reach]:
        if not (name == "unit_cost" and facts.get("takes_no_money")):
            yield name
    if reach == "place" and facts.get("covers", "share") == "share":
        yield "covers"
    if facts.get("found_by") == "hot_spots":
        yield from OF_A_MAP
    if "tool" in facts:
        yield from OF_A_TOOL
    if any(effect.get("kind") == "contacts" for _, effect in effects_of(told)):
        yield "contacts_a_year"


def _together_faults(told: TomlFile, evidence: Evidence, own: str) -> Iterator[Fault]:
    """Rows that cannot be true together, or say more than a place or tool can do."""

    def row(name: str) -> Row | None:
        return evidence.get(f"{own}.{name}")

    hit, right, spilt, covers = map(row, ("sensitivity", "specificity", "spillover", "covers"))
    if hit and right and hit.value + right.value <= 1.0:
        what = f"{hit.name} and {right.name} are no better than chance: they add up to {hit.value + right.value:g}"
        yield Fault(told.file, hit.line, what, "a tool that tells anything has more than 1 in both together")
    if spilt and not -1.0 <= spilt.value <= 1.0:
        yield Fault(told.file, spilt.line, f"{spilt.name} = {spilt.value:g}", "give a part between -1 and 1")
    if covers and told.values.get("covers") == "home":
        yield Fault(told.file, covers.line, f"{covers.name}: a unit is a home here", "leave the row out")


def number_faults(told: TomlFile, evidence: Evidence, of_scheme: bool = True) -> list[Fault]:
    """Rows that the scheme needs and lacks, that say something impossible, or that belong to another."""
    faults: list[Fault] = []
    own = told.values.get("id")
    if not any(row.name.startswith(f"{own}.") for row in evidence.values()):
        begun = sorted({row.name.partition(".")[0] for row in evidence.values()})
        otherwise = "start the id of each with it and a point"
        mend = f'perhaps id = "{begun[0]}" is meant' if len(begun) == 1 else otherwise
        return [told.fault(("id",), f"no row belongs to the id {own!r}", mend)] if own else []
    faults += [
        Fault(
            told.file, row.line, f"the row '{row.name}' does not belong here", f"start its id with '{own}.'"
        )
        for row in evidence.values() if not row.name.startswith(f"{own}.")
    ]  # fmt: skip
    faults += [
        Fault(told.file, row.line, f"{row.name} is judgement with grade {row.grade}", "write grade = 1")
        for row in evidence.values() if JUDGED in (row.source, row.provenance) and row.grade != 1
    ]  # fmt: skip
    if not of_scheme:
        return faults
    needed = tuple(rows_needed(told))
    has = [name for name in (*LIFE, *OPTIONAL) if f"{own}.{name}" in evidence]
    if 0 < len(set(LIFE) & set(has)) < len(LIFE):
        needed = (*needed, *LIFE)
    for name in dict.fromkeys((*needed, *has)):
        if f"{own}.{name}" not in evidence:
            faults.append(Fault(told.file, 0, f"the row '{own}.{name}' is missing", "add it under rows"))
        elif what := _impossible(name, evidence[f"{own}.{name}"]):
            row = evidence[f"{own}.{name}"]
            faults.append(Fault(told.file, row.line, f"{row.name} {what}", "mend the row"))
    if told.values.get("takes_no_money") and f"{own}.unit_cost" in evidence:
        row = evidence[f"{own}.unit_cost"]
        faults.append(Fault(told.file, row.line, f"{row.name}: the scheme takes no money", "leave the row out"))
    faults += _together_faults(told, evidence, str(own))
    faults += _study_faults(told, evidence, str(own))
    for place, effect in effects_of(told):
        ratio = effect.get("ratio")
        if not isinstance(ratio, str):
            continue
        if ratio not in evidence:
            what, mend = f"there is no row named {ratio!r}", meant(ratio, evidence, "add it under rows")
            faults.append(told.fault((*place, "ratio"), what, mend))
        elif "ratio" not in evidence[ratio].unit or evidence[ratio].value <= 0:
            mend = "give it the unit 'hazard ratio'"
            faults.append(told.fault((*place, "ratio"), f"{ratio} is no ratio above 0", mend))
    return faults


def _study_faults(told: TomlFile, evidence: Evidence, own: str) -> Iterator[Fault]:
    """A study that is claimed is named by a row; without one a scheme is believed to do nothing on average."""
    ratios = dict.fromkeys(str(effect.get("ratio")) for _, effect in effects_of(told))
    if told.values.get("outcome_study") is True:
        found = [
            row for row in evidence.values()
            if JUDGED not in (row.source, row.provenance, row.causal_status) and row.id.startswith(f"{own}.")
            and (row.name in ratios or row.id.removeprefix(f"{own}.") not in OF_DELIVERY)
        ]  # fmt: skip
        if not found:
            what = "outcome_study = true, and no row says what a study found of the scheme"
            mend = "add one with the study as its source, or write outcome_study = false"
            yield told.fault(("outcome_study",), what, mend)
    if told.values.get("outcome_study") is not False:
        return
    for row in (evidence[name] for name in ratios if name in evidence):
        low, high = (row.value if end is None else end for end in (row.low, row.high))
        only_more = reach_of(told) == "place" and low >= 1.0  # what is found where one looks: no benefit
        if reach_of(told) == "system":
            if max(row.value, high) > MOST_UNSTUDIED:
                what = f"{row.name} runs above {MOST_UNSTUDIED:g}, and no study has measured it"
                mend = f"by default nothing, and little: value = 1.0, low = 1.0, high = {MOST_UNSTUDIED:g}"
                yield Fault(told.file, row.line, what, mend)
        elif not only_more and (row.value != 1.0 or (low, high).count(1.0) == 1):
            what = f"{row.name} is not centred on 1, and no study has measured it"
            mend = "write value = 1.0 with low and high on both sides of it, or name the study: outcome_study = true"
            yield Fault(told.file, row.line, what, mend)


def source_faults(whole: TomlFile, evidence: Evidence) -> Iterator[Fault]:
    """Where the numbers come from: entries under sources with the right keys, and rows that name one."""
    entries = whole.values.get("sources", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        yield whole.fault(("sources",), "sources is no list of tables", "start each source with [[sources]]")
        return
    for at, entry in enumerate(entries):
        place: Place = ("sources", at)
        for key, value in entry.items():
            if key not in SOURCE_KEYS:
                what, otherwise = f"{key} of source {at + 1} is not known", f"use {', '.join(SOURCE_KEYS)}"
                yield whole.fault((*place, key), what, meant(key, SOURCE_KEYS, otherwise))
            elif type(value) is not (int if key == "year" else str):
                mend = "write a whole number" if key == "year" else "write text in quotation marks"
                yield whole.fault((*place, key), f"{key} of source {at + 1} = {shorten(value)}", mend)
        for key in ("id", "author", "title"):
            if key not in entry:
                yield whole.fault(place, f"{key} of source {at + 1} is missing", f"add {key} = ...")
    own = (JUDGED, *(str(entry.get("id")) for entry in entries))
    known = {*own, *read_sources()}
    for row in evidence.values():
        if row.source not in known:
            mend = meant(row.source, own, "add it under sources, or write judgement")
            yield Fault(whole.file, row.line, f"{row.name}: there is no source {row.source!r}", mend)


def _impossible(name: str, row: Row) -> str:
    lowest = row.value if row.low is None else row.low
    if name in ("unit_cost", "covers", "threshold", "bias") and lowest <= 0:
        return f"must be above 0{' pounds' if name == 'unit_cost' else ''}"
    if name == "unit_cost" and (lowest < CHEAPEST or row.value > DEAREST):
        return f"must be from {CHEAPEST:g} to {DEAREST:,} pounds"
    if name in POUNDS and not is_financial_year(row.period):
        return 'does not say of which year its prices are: write period = "2022/23"'
    if name in POUNDS and not row.unit.startswith("pounds"):
        return f"has the unit {row.unit!r}: give pounds, in a unit that starts with 'pounds'"
    if name.endswith("_months") and not row.unit.startswith("months"):
        return f"has the unit {row.unit!r}: give months, in a unit that starts with 'months'"
    if name in SHARES and not row.unit.startswith("share"):
        return "must have a unit that starts with 'share'"
    if name == "commissioner_share" and lowest <= 0:
        return "must be above 0: a scheme that the commissioner does not pay for needs no money here"
    if name.endswith("_months") and (lowest < 0 or row.value > 1200):
        return "must be from 0 to 1,200 months"
    return ""
