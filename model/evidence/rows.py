"""The one form of a number: what it says, how sure one is of it, and where it comes from."""

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, astuple, dataclass, fields
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from model.evidence.faults import EvidenceFaults, Fault

DISTRIBUTIONS = ("fixed", "normal", "lognormal", "logitnormal")
PROVENANCES = ("checked", "unchecked", "derived", "judgement")
CAUSAL_STATUSES = ("descriptive", "association", "quasi-causal", "causal", "judgement")
USES = ("model", "context")
GRADES = (1, 2, 3, 4, 5)

ID_FORM = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class Row:
    """One number. Its range is belief: 95 in 100 that the truth lies between `low` and `high`."""

    id: str
    value: float  # the median of what is believed
    unit: str  # a share between 0 and 1 has a unit that starts with "share"
    source: str  # an id in sources.toml
    provenance: str  # one of PROVENANCES
    grade: int  # 5 official statistics or meta-analysis ... 1 judgement
    group: str = ""  # whom or what the number is about, when an id has several rows
    low: float | None = None  # 2.5th centile
    high: float | None = None  # 97.5th centile
    distribution: str = "fixed"  # one of DISTRIBUTIONS: the scale on which the two halves are normal
    no_effect: float = 0.0  # chance, set aside before sampling, that a ratio is exactly 1
    least: float | None = None  # nothing below it is believed possible: what would fall below is drawn as it
    period: str = ""
    area: str = ""
    causal_status: str = "descriptive"  # one of CAUSAL_STATUSES
    use: str = "context"  # "model" when the model reads it
    note: str = ""
    file: str = ""
    line: int = 0
    alters_past: bool = False  # whether lives lived before the start depend on it: found by reading, not told by a file

    @property
    def name(self) -> str:
        """`id`, or `id[group]`: unique among all rows read together."""
        return f"{self.id}[{self.group}]" if self.group else self.id

    @property
    def is_sampled(self) -> bool:
        return self.low is not None or self.no_effect > 0


FIELDS = {field.name: field for field in fields(Row) if field.name not in ("file", "line", "alters_past")}
REQUIRED = tuple(name for name, field in FIELDS.items() if field.default is MISSING)
CHOICES: dict[str, tuple[Any, ...]] = {
    "distribution": DISTRIBUTIONS,
    "provenance": PROVENANCES,
    "grade": GRADES,
    "causal_status": CAUSAL_STATUSES,
    "use": USES,
}
NUMBERS = ("value", "low", "high", "no_effect", "least")
TEXTS = ("id", "group", "unit", "period", "area", "source", "note")


class NoSuchRow(KeyError):
    """A name that no row has. The near misses are sought only when the message is read."""

    def __init__(self, name: str, rows: Iterable[str] = ()) -> None:
        super().__init__(name)
        self.names = rows

    def __str__(self) -> str:
        near = get_close_matches(self.args[0], list(self.names), n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        return f"no evidence row is named {self.args[0]}{hint}"


class Evidence(Mapping[str, Row]):
    """Rows by name, in the order read; never changed.

    `hash` is the SHA-256 of the files' contents with line endings normalised, so that it names the
    evidence and not the machine. Raises EvidenceFaults when two rows share a name.
    """

    __slots__ = ("_rows", "hash")

    def __init__(self, rows: Iterable[Row], hash: str = "") -> None:
        by_name: dict[str, Row] = {}
        faults = []
        for row in rows:
            first = by_name.setdefault(row.name, row)
            if first is not row:
                faults.append(
                    Fault(
                        row.file,
                        row.line,
                        f"{row.name} is already a row of {first.file}:{first.line}",
                        "give it another id or group, or take one of the two out",
                    )
                )
        if faults:
            raise EvidenceFaults(faults)
        self._rows: Mapping[str, Row] = MappingProxyType(by_name)
        self.hash: str = hash or rows_hash(by_name.values())

    def __getitem__(self, name: str) -> Row:
        try:
            return self._rows[name]
        except KeyError:
            raise NoSuchRow(name, self._rows) from None

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __reduce__(self) -> tuple[type["Evidence"], tuple[list[Row], str]]:
        return Evidence, (list(self.values()), self.hash)  # so that it can be sent to another process

    def __repr__(self) -> str:
        return f"Evidence({len(self)} rows, {self.hash[:12]})"

    def merge(self, rows: "Evidence | Iterable[Row]") -> "Evidence":
        """These rows and `rows` as one; raises EvidenceFaults when a name is in both."""
        added = rows if isinstance(rows, Evidence) else Evidence(rows)
        joint = hashlib.sha256(f"{self.hash} {added.hash}".encode()).hexdigest()
        return Evidence([*self.values(), *added.values()], joint)


def rows_hash(rows: Iterable[Row]) -> str:
    """SHA-256 of rows that came from no file, by all they say but where they stand."""
    told = [astuple(row)[: len(FIELDS)] for row in rows]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def make_row(told: Mapping[str, Any], file: str, line: int) -> tuple[Row | None, list[Fault]]:
    """The row that a TOML table tells, or None and everything wrong with it."""
    faults: list[Fault] = []

    def wrong(what: str, mend: str) -> None:
        faults.append(Fault(file, line, f"{told.get('id', 'a row')}: {what}", mend))

    for key in told.keys() - FIELDS.keys():
        near = get_close_matches(key, FIELDS, n=1)
        wrong(f"'{key}' is no field", f"did you mean '{near[0]}'?" if near else f"use {', '.join(FIELDS)}")
    for key in REQUIRED:
        if key not in told or told[key] == "":
            wrong(f"'{key}' is missing", "give it in the row or under defaults")
    for key in TEXTS:
        if not isinstance(told.get(key, ""), str):
            wrong(f"{key} = {told[key]!r} is no text", "put it in quotation marks")
    for key in NUMBERS:
        if not is_number(told.get(key, 0)):
            wrong(f"{key} = {told[key]!r} is no finite number", "give a plain number")
    for key, choices in CHOICES.items():
        if key in told and (isinstance(told[key], bool) or told[key] not in choices):
            wrong(f"{key} = {told[key]!r} is not known", f"use one of {', '.join(map(str, choices))}")
    if faults:
        return None, faults

    typed: dict[str, Any] = {key: float(told[key]) if key in NUMBERS else told[key] for key in told}
    row = Row(**typed, file=file, line=line)
    for what, mend in inconsistencies(row):
        wrong(what, mend)
    return (None if faults else row), faults


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def inconsistencies(row: Row) -> Iterator[tuple[str, str]]:
    """What cannot all be true of one row, each with its mend."""
    if not ID_FORM.fullmatch(row.id):
        yield "the id has other signs than letters, digits, _ and .", "write it like topic.measure"
    if "[" in row.group or "]" in row.group:
        yield f"the group '{row.group}' has brackets", "leave them out: the name puts them round it"
    if not 0 <= row.no_effect < 1:
        yield f"no_effect = {row.no_effect} is no chance below 1", "give a number from 0 to less than 1"
    if row.no_effect and "ratio" not in row.unit:
        yield f"no_effect is given for '{row.unit}'", "only a ratio has no effect at 1: name the unit so"
    if row.least is not None and row.least > row.value:
        yield f"least = {row.least:g} is above the value {row.value:g}", "put it at or below the value"
    is_share = row.unit.startswith("share")
    for number in (row.value, row.low, row.high):
        if is_share and number is not None and not 0 <= number <= 1:
            yield f"{number:g} is no share", "give it between 0 and 1, or another unit"
    if (row.low is None) != (row.high is None):
        yield "only one of low and high is given", "give both or neither"
    elif row.low is None or row.high is None:
        if row.distribution != "fixed":
            yield f"a {row.distribution} row has no range", "give low and high, or distribution 'fixed'"
    elif not row.low <= row.value <= row.high or row.low == row.high:
        yield f"value {row.value:g} is not inside {row.low:g} to {row.high:g}", "order low, value, high"
    elif row.distribution == "fixed":
        yield "a fixed row has a range", "name a distribution, or leave low and high out"
    elif row.distribution == "lognormal" and row.low <= 0:
        yield f"a lognormal row has low {row.low:g}", "start above 0, or use distribution 'normal'"
    elif row.distribution == "logitnormal" and not (row.low > 0 and row.high < 1):
        yield (
            f"a logitnormal row runs from {row.low:g} to {row.high:g}",
            "stay inside 0 and 1, or use distribution 'normal'",
        )
