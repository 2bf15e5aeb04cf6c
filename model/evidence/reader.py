"""Evidence files, as they lie in a folder, read into rows and tables."""

import csv
import hashlib
import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.evidence.faults import EvidenceFaults, Fault
from model.evidence.rows import FIELDS, Evidence, Row, make_row

FOLDER = Path(__file__).parent
OWN_KEYS = ("defaults", "rows", "sources", "tables")
TOML_PLACE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")


@dataclass(frozen=True, slots=True)
class Source:
    """Who published a figure, and where."""

    id: str
    author: str
    title: str
    year: int | None = None  # None: from memory, or of many years
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What a CSV file holds. `columns`: name -> 'whole|number|text: meaning', in the file's order."""

    name: str
    title: str
    columns: dict[str, str]
    area: str
    period: str
    source: str  # an id in sources.toml; 'by row' where the file has a source column
    provenance: str
    grade: int
    note: str = ""


def read(where: Path | str | Iterable[Path | str] = FOLDER, also: Collection[str] = ()) -> Evidence:
    """All rows of a folder (or of the files named), with the hash of their contents.

    `also` names keys at the top of a file that belong to another reader, such as the facts of a
    scheme. The CSV tables of a folder count in the hash. Raises EvidenceFaults with every fault of
    every file, or FileNotFoundError when there is nothing to read.
    """
    files = evidence_files(where)
    rows: list[Row] = []
    faults: list[Fault] = []
    for path in files:
        if path.suffix == ".toml":
            found, wrong = read_file(path, also)
            rows += found
            faults += wrong
    try:
        evidence = Evidence(rows, contents_hash(files))
    except EvidenceFaults as repeated:
        faults += repeated.faults
    if faults:
        raise EvidenceFaults(sorted(faults, key=lambda fault: (fault.file, fault.line)))
    return evidence


def evidence_files(where: Path | str | Iterable[Path | str]) -> list[Path]:
    if isinstance(where, Path | str):
        folder = Path(where)
        if not folder.is_dir():
            where = [folder]
        else:
            where = [path for path in folder.iterdir() if path.suffix in (".toml", ".csv")]
    files = sorted((Path(path) for path in where), key=lambda path: (path.name, str(path)))
    if not files:
        raise FileNotFoundError("there are no evidence files to read there")
    return files


def contents_hash(files: Iterable[Path]) -> str:
    """SHA-256 of the files' names and contents, whatever their line endings and folder."""
    joint = hashlib.sha256()
    for path in files:
        content = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        joint.update(f"{path.name} {len(content)}\n".encode())
        joint.update(content)
    return joint.hexdigest()


def read_file(path: Path, also: Collection[str] = ()) -> tuple[list[Row], list[Fault]]:
    """The rows of one TOML file and everything wrong with it."""
    file = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return [], [Fault(file, 0, "this is not text in UTF-8", "save it with that encoding")]
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines())
        what = TOML_PLACE.sub("", str(error)).rstrip(".")
        return [], [Fault(file, line, f"this is not TOML: {what}", "check signs and quotation marks near it")]

    faults = [
        Fault(file, key_line(text, key), f"'{key}' at the top is not known", f"use {', '.join([*OWN_KEYS, *also])}")
        for key in told
        if key not in OWN_KEYS and key not in also
    ]
    defaults = told.get("defaults", {})
    if not isinstance(defaults, dict):
        what, mend = "'defaults' is no table", "write defaults.area = ... and so on"
        return [], [*faults, Fault(file, key_line(text, "defaults"), what, mend)]
    faults += [
        Fault(
            file,
            key_line(text, f"defaults.{key}", key, "defaults"),
            f"'{key}' under defaults is no field of a row",
            f"use {', '.join(FIELDS)}",
        )
        for key in defaults
        if key not in FIELDS
    ]
    entries = told.get("rows", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        what, mend = "'rows' is no list of tables", "write rows = [ { id = ... }, ]"
        return [], [*faults, Fault(file, key_line(text, "rows"), what, mend)]
    lines = entry_lines(text)
    if len(lines) != len(entries):
        return [], [
            *faults,
            Fault(
                file,
                key_line(text, "rows"),
                f"{len(entries)} rows stand on {len(lines)} lines",
                "write each row on one line of its own, opening with {",
            ),
        ]
    rows = []
    known_defaults = {key: value for key, value in defaults.items() if key in FIELDS}
    for line, entry in zip(lines, entries, strict=True):
        row, wrong = make_row(known_defaults | entry, file, line)
        rows += [row] if row else []
        faults += wrong
    return rows, faults


def key_line(text: str, *keys: str) -> int:
    """Number of the first line that opens the first of `keys` that has one: `key =`, `key.` or `[key`; else 0."""
    for key in keys:
        opens = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
        for number, line in enumerate(text.splitlines(), start=1):
            if opens.match(line):
                return number
    return 0


def entry_lines(text: str) -> list[int]:
    """Numbers of the lines inside `rows = [ ... ]` that open a row."""
    lines = []
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if re.match(r"rows\s*=\s*\[", bare):
            inside = True
        elif inside and bare == "]":
            inside = False
        elif inside and bare.startswith("{"):
            lines.append(number)
    return lines


def read_sources(folder: Path | str = FOLDER) -> dict[str, Source]:
    """Sources by id, as `sources.toml` of the folder lists them."""
    path = Path(folder) / "sources.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    return {entry["id"]: Source(**entry) for entry in told["sources"]}


def read_table_facts(folder: Path | str = FOLDER) -> dict[str, Table]:
    """What the CSV tables of a folder hold, by name, as `tables.toml` says."""
    path = Path(folder) / "tables.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    return {entry["name"]: Table(**entry) for entry in told["tables"]}


def read_table(name: str, folder: Path | str = FOLDER) -> dict[str, NDArray[Any]]:
    """The columns of `name`.csv, each one array over its lines.

    'whole' columns are int64, 'number' float64 with NaN where a cell is empty, 'text' str. Raises
    KeyError when tables.toml does not describe the table, EvidenceFaults when a cell or the header
    disagrees with it.
    """
    facts = read_table_facts(folder)
    if name not in facts:
        raise KeyError(f"no table is named {name}; tables.toml describes {', '.join(facts)}")
    columns = facts[name].columns
    file = f"{name}.csv"
    with (Path(folder) / file).open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        header = next(reader, [])
        if header != list(columns):
            mend = f"tables.toml says {', '.join(columns)}"
            raise EvidenceFaults([Fault(file, 1, f"the header is {', '.join(header)}", mend)])
        lines = [(reader.line_num, cells) for cells in reader]

    faults = [
        Fault(file, number, f"{len(cells)} cells under {len(header)} headings", "give each column one")
        for number, cells in lines
        if len(cells) != len(header)
    ]
    if faults:
        raise EvidenceFaults(faults)
    table: dict[str, NDArray[Any]] = {}
    for place, (column, meaning) in enumerate(columns.items()):
        kind = meaning.partition(":")[0]
        values = []
        for number, cells in lines:
            try:
                values.append(parse_cell(cells[place], kind))
            except ValueError:
                mend = "give a plain number" if kind == "number" else "give a whole number"
                faults.append(Fault(file, number, f"{column} is {cells[place]!r}", mend))
        if not faults:
            table[column] = np.array(values, dtype={"whole": np.int64, "number": np.float64}.get(kind))
    if faults:
        raise EvidenceFaults(faults)
    return table


def parse_cell(cell: str, kind: str) -> int | float | str:
    if kind == "whole":
        return int(cell)
    if kind == "number":
        return float(cell) if cell else float("nan")
    return cell
