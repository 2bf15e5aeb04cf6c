"""TOML that a person wrote: read as text or said what it is instead, with the line of every key."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scenarios.faults import Fault, InputFaults, meant

LARGEST = 2_000_000  # bytes; a scenario is a few thousand
Place = tuple[str | int, ...]

_HEADER = re.compile(r"(\[\[?)\s*(.+?)\s*(\]\]?)\s*(?:#.*)?$")
_KEY = re.compile(
    r"""((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_KEY_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
OF_AN_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how what Excel and Word save begins, now and of old
DEEPEST = 50  # parts of one name: what no file needs, and what takes memory without end
_TOO_LONG = re.compile(r"\d[\d_]{299,}")  # more digits than a floating-point number can have
_TOML_NAME = re.compile(r"\('([^']*)',\)")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True)
class TomlFile:
    """One file: its name as shown in faults, its text, what it says and the lines of its keys."""

    file: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Place, int] = field(default_factory=dict)

    def line(self, *place: str | int) -> int:
        """The line of a key, or of the nearest table around it that has one."""
        for end in range(len(place), 0, -1):
            for known in (place[:end], (*place[:end], 0)):  # [[name]] stands where its first entry does
                if known in self.lines:
                    return self.lines[known]
        return 0

    def fault(self, place: Place, what: str, mend: str) -> Fault:
        return Fault(self.file, self.line(*place), what, mend)


def read_toml(path: Path, shown: str = "") -> TomlFile:
    """The file at `path`. Raises InputFaults when it is missing, no text, or no TOML."""
    file = shown or str(path)
    text = decode(file, read_bytes(file, path))
    return TomlFile(file, text, MappingProxyType(parse(file, text)), MappingProxyType(key_lines(text)))


def parse(file: str, text: str) -> dict[str, Any]:
    """What the text of a TOML file says. Raises InputFaults naming `file` when it is no TOML."""
    for line, row in enumerate(text.split("\n"), start=1):
        if _TOO_LONG.search(row):
            raise InputFaults([Fault(file, line, "holds a number that is far too long", "shorten it")])
        if row.count(".") > DEEPEST and max(map(len, _dotted(row))) > DEEPEST:
            raise InputFaults([Fault(file, line, "names lie too deep inside each other", "is it the right file?")])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputFaults([_syntax_fault(file, text, str(error))]) from None
    except RecursionError:
        what = "brackets lie too deep inside each other"
        deepest = max(text.split("\n"), key=lambda row: row.count("[") + row.count("{"))
        line = text.split("\n").index(deepest) + 1
        raise InputFaults([Fault(file, line, what, "is it the right file?")]) from None


def _dotted(row: str) -> list[list[str]]:
    """The parts of each name with dots in it."""
    return [name.split(".") for name in re.split(r"[\s=\[\]{},#]+", re.sub(r"\s*\.\s*", ".", row))]


def read_bytes(file: str, path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputFaults([Fault(file, 0, "is a folder", "name a file that ends in .toml")])
        if not path.exists():
            near = [other.name for other in path.parent.glob("*.toml")] if path.parent.is_dir() else []
            mend = meant(path.name, near, "look at its name and folder")
            raise InputFaults([Fault(file, 0, "there is no such file", mend)])
        if path.stat().st_size > LARGEST:
            raise InputFaults(
                [Fault(file, 0, "is far too large for a file of settings", "is it the right one?")]
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        mend = "see who may read it, and whether it is open elsewhere"
        raise InputFaults([Fault(file, 0, f"cannot be read: {reason}", mend)]) from None


def decode(file: str, data: bytes) -> str:
    """Text of UTF-8 bytes with or without a byte order mark. Raises InputFaults naming what it is instead."""
    as_text = "save it as plain text in UTF-8, with the ending .toml"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputFaults([Fault(file, 0, "is saved as UTF-16 ('Unicode' in Notepad)", "save it as UTF-8")])
    if data.startswith(OF_AN_OFFICE):
        raise InputFaults([Fault(file, 0, "is a spreadsheet or a document, not text", as_text)])
    if b"\0" in data:
        raise InputFaults([Fault(file, 0, "is not text, or is saved as UTF-16", as_text)])
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = data[error.start : error.start + 1].decode("cp1252", "replace")
        what = f"has a sign that is no UTF-8 ({found!r} of an older encoding?)"
        raise InputFaults([Fault(file, line, what, "save it as UTF-8")]) from None


def _syntax_fault(file: str, text: str, message: str) -> Fault:
    rows = text.split("\n")
    found = _TOML_PLACE.search(message)
    line = int(found[1]) if found and found[1] else len(text.splitlines())
    row = rows[line - 1].strip() if 0 < line <= len(rows) else ""
    told = _TOML_NAME.sub(r"[\1]", _TOML_PLACE.sub("", message)).rstrip(".")
    return Fault(file, line, f"is not TOML: {told}", _syntax_mend(row, told))


def _syntax_mend(row: str, told: str) -> str:
    if re.search("overwrite|twice|Duplicate", told):
        if row.startswith("["):
            return "keep one of that name, or, where there may be several, write [[name]] for each"
        return "it is there twice: keep one"
    if "Illegal character '\\n'" in told:
        return "close the quotation mark on the same line"
    value = row.partition("=")[2].strip()
    if "\\" in row:
        return "write / for \\ in the names of files"
    if re.match(r"[£$€]", value):
        return "write the number alone, without a sign"
    if "%" in value and value[0] not in "\"'":
        return "write a share between 0 and 1, such as 0.45"
    if re.match(r"\d{1,3}(,\d{3})+", value):
        return "write 1_000_000 or 1000000, without commas"
    if re.match(r"\d+(\.\d+)?\s*[kmKM]\b", value):
        return "write the number out, such as 1_000_000"
    if re.match(r"\d{1,2}/\d{1,2}/\d{2,4}", value):
        return "write a date as 2022-04-01"
    if re.match(r"\d{4}-\d{1,2}-\d{1,2}", value):
        return "there is no such day: write a date as 2022-04-01"
    if re.match(r"[“”‘’]", value):
        return "use straight quotation marks"
    if re.match(r"[A-Za-z]", value) and not re.match(r"(true|false|inf|nan)\b", value):
        return "put text in quotation marks"
    if row and "=" not in row and not row.startswith(("[", "#")):
        return "each line is 'name = value', or starts with #"
    return "check quotation marks, brackets and commas near it"


def key_lines(text: str) -> dict[Place, int]:
    """Line of every key that starts a line, of every table, and of keys inside one-line tables."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    waiting_for = ""  # what ends a text of several lines
    depth = 0  # brackets still open from a value of several lines
    for number, row in enumerate(text.split("\n"), start=1):
        if waiting_for:
            waiting_for = "" if waiting_for in row else waiting_for
            continue
        bare = row.strip()
        if depth == 0 and (header := _HEADER.match(bare)):
            table = _table_place(header, counts)
            for end in range(1, len(table) + 1):
                lines.setdefault(table[:end], number)
            continue
        if depth == 0 and (key := _KEY.match(bare)):
            place = (*table, *_parts(key[1]))
            for end in range(len(table) + 1, len(place) + 1):
                lines.setdefault(place[:end], number)
            _inline(bare[key.end() :], place, number, lines)
        waiting_for, change = _unclosed(bare)
        depth = max(0, depth + change)
    return lines


def _table_place(header: re.Match[str], counts: dict[Place, int]) -> Place:
    """[a.b] or the next [[a.b]], with the number of each list of tables on the way."""
    place: Place = ()
    parts = _parts(header[2])
    for at, part in enumerate(parts):
        place = (*place, part)
        last = at == len(parts) - 1
        if last and header[1] == "[[":
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _inline(value: str, place: Place, number: int, lines: dict[Place, int]) -> None:
    if value.strip().startswith("{"):
        for key in _KEY.finditer(value):
            lines.setdefault((*place, *_parts(key[1])), number)


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _KEY_PART.findall(dotted)]


def _unclosed(row: str) -> tuple[str, int]:
    """The triple quotes that `row` leaves open, and by how many brackets it goes deeper."""
    for quotes in ('"""', "'''"):
        if row.count(quotes) % 2 == 1:
            return quotes, 0
    plain = re.sub(r""""(?:[^"\\]|\\.)*"|'[^']*'""", "", row).partition("#")[0]
    return "", plain.count("[") + plain.count("{") - plain.count("]") - plain.count("}")
