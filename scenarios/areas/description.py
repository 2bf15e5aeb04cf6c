"""Reads what an area says of itself: area.toml, sources.toml and budgets.toml."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scenarios.areas.layout import LAYOUTS, PROVENANCES
from scenarios.areas.tables import decode
from scenarios.faults import Fault, InputFaults, meant
from scenarios.toml_files import parse

TOP = ("id", "name", "code", "nation", "census_date", "officers", "district", "tables")
OFFICERS = ("value", "low", "high", "unit", "period", "source", "provenance", "note")
TABLE = ("holds", "unit", "period", "source", "provenance", "note")
SOURCE = ("publisher", "title", "year", "licence", "changes")
FACT = ("id", "item", "district", "value", "low", "high", "unit", "period", "source", "provenance", "note")
NATIONS = ("England", "Wales")


@dataclass(frozen=True)
class Description:
    """The head of an area. Districts: code to name, in the order of area.toml."""

    id: str = ""
    name: str = ""
    code: str = ""
    census_date: str = ""
    officers: float = 0.0
    districts: Mapping[str, str] = field(default_factory=dict)


class _Toml:
    """A TOML file, the line of each key in it, and where its faults go."""

    def __init__(self, file: str, data: bytes, faults: list[Fault]) -> None:
        self.file, self.faults = file, faults
        self.values: dict[str, Any] = {}
        self.lines: dict[str, int] = {}
        text = decode(file, data, faults)
        if text is None:
            return
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        try:
            self.values = parse(file, text)
        except InputFaults as wrong:
            faults += wrong.faults
        self.lines = _lines(text)

    def fault(self, key: str, what: str, mend: str, line: int | None = None) -> None:
        if line is None:  # a key that is not there is missed where its table begins
            line = self.lines.get(key) or self.lines.get(key.rpartition(".")[0], 1)
        self.faults.append(Fault(self.file, line, what, mend))

    def only(self, at: str, values: Mapping[str, Any], known: Iterable[str]) -> None:
        names = tuple(known)
        for key in values:
            if key not in names:
                self.fault(
                    f"{at}{key}", f"{at}{key} is unknown", meant(key, names, f"one of {', '.join(names)}")
                )

    def text(self, at: str, values: Mapping[str, Any], key: str, choices: Iterable[str] = ()) -> str:
        """A text that must be there and, where there are choices, be one of them."""
        value, names = values.get(key), tuple(choices)
        if not isinstance(value, str) or not value.strip():
            state = (
                "is missing" if value is None else "is empty" if value == "" else f"{value!r} is not a text"
            )
            self.fault(f"{at}{key}", f"{at}{key} {state}", f'write {key} = "..."')
            return ""
        if names and value not in names:
            mend = meant(value, names, f"one of {', '.join(names)}" if len(names) < 8 else "add it there")
            self.fault(f"{at}{key}", f"{at}{key}: {value!r} is not known", mend)
        return value

    def number(self, at: str, values: Mapping[str, Any], key: str) -> float:
        value = values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            state = "is missing" if value is None else f"{value!r} is not a number"
            self.fault(f"{at}{key}", f"{at}{key} {state}", f"write {key} = 123")
            return 0.0
        if not 0 <= value < float("inf"):
            self.fault(f"{at}{key}", f"{at}{key}: {value} is out of range", "it must be 0 or more")
        return float(value)

    def table(self, key: str) -> dict[str, Any]:
        value = self.values.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault(key, f"{key} is not a table", f"write [{key}]")
        return {}

    def tables(self, key: str) -> list[dict[str, Any]]:
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            return value
        self.fault(key, f"{key} is not a list of tables", f"write [[{key}]]")
        return []


def _lines(text: str) -> dict[str, int]:
    """The line of each key and table head: 'id', 'officers.value', 'district.0.code', 'tables.moves'."""
    lines: dict[str, int] = {}
    arrays: dict[str, int] = {}
    at = ""
    for line, content in enumerate(text.split("\n"), 1):
        if head := re.match(r"\s*\[\[\s*([\w.-]+)\s*\]\]", content):
            arrays[head[1]] = arrays.get(head[1], -1) + 1
            at = f"{head[1]}.{arrays[head[1]]}"
            lines[at] = line
        elif head := re.match(r"\s*\[\s*([\w.-]+)\s*\]", content):
            at = head[1]
            lines[at] = line
        elif key := re.match(r"\s*([\w-]+)\s*=", content):
            lines[f"{at}.{key[1]}" if at else key[1]] = line
    return lines


def read_sources(data: bytes, faults: list[Fault]) -> frozenset[str]:
    """The keys of sources.toml, each with publisher, title, year, licence and the changes made."""
    toml = _Toml("sources.toml", data, faults)
    if not toml.values and not any(fault.file == toml.file for fault in faults):
        toml.fault("", "holds no source", "add one for each figure's publisher")
    for key in toml.values:
        entry = toml.table(key)
        toml.only(f"{key}.", entry, SOURCE)
        for part in SOURCE:
            if part == "year":
                toml.number(f"{key}.", entry, part)
            else:
                toml.text(f"{key}.", entry, part)
    return frozenset(toml.values)


def read_description(
    data: bytes, present: Iterable[str], sources: frozenset[str], faults: list[Fault]
) -> Description:
    """area.toml, checked; `present` names the tables of the folder, each of which needs an entry."""
    toml = _Toml("area.toml", data, faults)
    if not toml.values:
        if not any(fault.file == "area.toml" for fault in faults):
            toml.fault("", "is empty", "fill it in")
        return Description()
    values = toml.values
    toml.only("", values, TOP)
    toml.text("", values, "nation", NATIONS)
    officers = toml.table("officers")
    toml.only("officers.", officers, OFFICERS)
    number = toml.number("officers.", officers, "value")
    for key in ("unit", "period"):
        toml.text("officers.", officers, key)
    toml.text("officers.", officers, "source", sources)
    toml.text("officers.", officers, "provenance", PROVENANCES)
    _check_tables(toml, set(present), sources)
    return Description(
        id=_identifier(toml),
        name=toml.text("", values, "name"),
        code=toml.text("", values, "code"),
        census_date=_date(toml),
        officers=number,
        districts=_districts(toml),
    )


def _identifier(toml: _Toml) -> str:
    value = toml.text("", toml.values, "id")
    if value and not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        mend = f'write id = "{re.sub(r"[^a-z0-9]+", "_", value.lower())}"'
        toml.fault("id", f"id {value!r} is not of small letters, digits and _", mend)
    return value


def _date(toml: _Toml) -> str:
    value = toml.values.get("census_date")
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        state = "is missing" if value is None else f"{value!r} is not a date"
        toml.fault("census_date", f"census_date {state}", "write census_date = 2021-03-21")
        return ""
    return value.isoformat()


def _districts(toml: _Toml) -> dict[str, str]:
    entries = toml.tables("district")
    if not entries:
        toml.fault("district", "there is no district", "write [[district]] with a code and a name for each")
    districts: dict[str, str] = {}
    for at, entry in enumerate(entries):
        place = f"district.{at}."
        toml.only(place, entry, ("code", "name"))
        code, name = toml.text(place, entry, "code"), toml.text(place, entry, "name")
        if code and not re.fullmatch(r"[EW]\d{8}", code):
            toml.fault(
                f"{place}code",
                f"district code {code!r} is not a letter and eight digits",
                "such as E07000236",
            )
        if code in districts:
            toml.fault(f"{place}code", f"district {code!r} is there twice", "remove one of the two")
        elif name and name in districts.values():
            toml.fault(f"{place}name", f"two districts are called {name!r}", "name each as nobody else")
        if code:
            districts[code] = name
    return districts


def _check_tables(toml: _Toml, present: set[str], sources: frozenset[str]) -> None:
    entries = toml.table("tables")
    toml.only("tables.", entries, (layout.name for layout in LAYOUTS))
    for layout in LAYOUTS:
        place = f"tables.{layout.name}"
        if layout.name not in entries:
            if layout.name in present:
                toml.fault("tables", f"[{place}] is missing", f"say what {layout.name}.csv holds")
            continue
        entry = entries[layout.name]
        if not isinstance(entry, dict):
            toml.fault(place, f"{place} is not a table", f"write [{place}]")
            continue
        if layout.name not in present and not layout.required:
            toml.fault(place, f"{layout.name}.csv is not in the folder", "add the file or remove this entry")
        toml.only(f"{place}.", entry, TABLE)
        for key in ("holds", "unit", "period"):
            toml.text(f"{place}.", entry, key)
        if any(column.kind == "source" for column in layout.columns):
            continue  # each row says where it comes from
        toml.text(f"{place}.", entry, "provenance", PROVENANCES)
        keys = entry.get("source")
        if not isinstance(keys, list) or not keys:
            toml.fault(
                f"{place}.source", f"{place}.source is not a list", 'write source = ["key of sources.toml"]'
            )
            continue
        for key in keys:
            if sources and key not in sources:
                what = f"{place}.source: {key!r} is not in sources.toml"
                toml.fault(f"{place}.source", what, meant(str(key), sources, "add it there"))


def check_budgets(
    data: bytes, districts: Mapping[str, str], sources: frozenset[str], faults: list[Fault]
) -> None:
    """Every fact of budgets.toml has a number, a unit, a period and a source."""
    toml = _Toml("budgets.toml", data, faults)
    toml.only("", toml.values, ("fact",))
    seen: set[str] = set()
    for at, fact in enumerate(toml.tables("fact")):
        place = f"fact.{at}."
        toml.only(place, fact, FACT)
        for key in ("item", "unit", "period"):
            toml.text(place, fact, key)
        toml.text(place, fact, "source", sources)
        toml.text(place, fact, "provenance", PROVENANCES)
        if "district" in fact:
            toml.text(place, fact, "district", districts)
        name, value = toml.text(place, fact, "id"), toml.number(place, fact, "value")
        if name in seen:
            toml.fault(f"{place}id", f"fact {name!r} is there twice", "remove one of the two")
        seen.add(name)
        low, high = (toml.number(place, fact, key) if key in fact else value for key in ("low", "high"))
        if not low <= value <= high:
            toml.fault(
                f"{place}value", f"{value:g} does not lie from low to high", "perhaps the two are exchanged"
            )
