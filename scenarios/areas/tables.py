"""Reads one table of an area and finds everything that is wrong with it."""

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scenarios.areas.layout import Column, Layout
from scenarios.calendar_years import is_financial_year
from scenarios.faults import Fault, meant
from scenarios.toml_files import OF_AN_OFFICE

MOST_LINES = 10  # of one row: a longer one has a quotation mark that nobody meant
PERIODS = range(1990, 2061)  # years that a row of an area may be of
LARGEST = 1e12  # of any number in a table, so that sums of them still fit
Wrong = tuple[str, str]  # what is wrong and how to mend it


@dataclass(frozen=True)
class Known:
    """What a cell may refer to: districts (code to name) and keys of sources.toml."""

    districts: Mapping[str, str]
    sources: frozenset[str]


@dataclass(frozen=True)
class Table:
    """The rows of a table by column; a cell that is empty or at fault is None."""

    file: str
    lines: list[int]
    cells: dict[str, list[Any]]

    def rows(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """(line, cell, cell ...) of each row."""
        return zip(self.lines, *(self.cells[column] for column in columns), strict=True)


def decode(file: str, data: bytes, faults: list[Fault]) -> str | None:
    """The text of a UTF-8 file, with or without a byte order mark; None and a fault for any other."""
    mend = "save it as UTF-8 (in a spreadsheet: 'CSV UTF-8')"
    if data.startswith(OF_AN_OFFICE):
        faults.append(Fault(file, 1, "is a spreadsheet or a document, not a table in text", mend))
        return None
    if b"\0" in data:  # UTF-16 of plain letters passes as UTF-8 with zeros between
        line = data[: data.index(b"\0")].count(b"\n") + 1
        faults.append(Fault(file, line, "is not UTF-8 text", mend))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.append(Fault(file, line, f"byte 0x{data[error.start]:02x} is not UTF-8 text", mend))
        return None


def read_table(layout: Layout, data: bytes, known: Known, faults: list[Fault]) -> Table | None:
    """Rows of `layout`, every cell checked, faults added to `faults`; None if its columns are not right."""
    file = f"{layout.name}.csv"
    text = decode(file, data, faults)
    if text is None:
        return None
    if not text.strip():
        header_line = ",".join(column.name for column in layout.columns)
        faults.append(Fault(file, 1, "is empty", f"its first line is {header_line}"))
        return None
    header, lines, rows = _split(file, text, faults)
    if not _header_is_right(file, header, layout, faults):
        return None
    if not rows:
        faults.append(Fault(file, 1, "has no rows", "fill it in"))
        return None
    position = {name: header.index(name) for name in header}
    cells: dict[str, list[Any]] = {}
    for column in layout.columns:
        at = position[column.name]
        cells[column.name] = _column(file, column, lines, [row[at].strip() for row in rows], known, faults)
    table = Table(file, lines, cells)
    _check_measures(table, layout, faults)
    _check_limits(table, faults)
    _check_repeats(table, layout, faults)
    return table


def _split(file: str, text: str, faults: list[Fault]) -> tuple[list[str], list[int], list[list[str]]]:
    """The header, and each row that has as many cells with the line that it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""))
    header: list[str] = []
    lines: list[int] = []
    rows: list[list[str]] = []
    line = 0
    try:
        header = [name.strip() for name in next(reader, [])]
        line = reader.line_num
        for row in reader:
            first, line = line + 1, reader.line_num  # a quoted cell can hold line breaks
            if not any(cell.strip() for cell in row):
                continue
            if line - first >= MOST_LINES:
                mend = "close the quotation mark that a cell on this line opens, or take it away"
                faults.append(Fault(file, first, f"has a cell that goes on for {line - first + 1} lines", mend))
                continue
            if len(row) != len(header):
                more = len(row) > len(header)
                mend = "quote a cell that holds a comma" if more else "give each column a cell"
                faults.append(Fault(file, first, f"has {len(row)} cells under {len(header)} columns", mend))
                continue
            lines.append(first)
            rows.append(row)
    except csv.Error as error:
        faults.append(
            Fault(file, line + 1, f"cannot be read: {error}", "perhaps a quotation mark is not closed")
        )
    return header, lines, rows


def _header_is_right(file: str, header: list[str], layout: Layout, faults: list[Fault]) -> bool:
    names = [column.name for column in layout.columns]
    for sign, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and sign in header[0]:
            faults.append(Fault(file, 1, f"has {called} between its cells", "save it as CSV with commas"))
            return False
    missing = [name for name in names if name not in header]
    for name in missing:
        faults.append(Fault(file, 1, f"column {name!r} is missing", f"the columns are {', '.join(names)}"))
    for at, name in enumerate(header):
        if name in header[:at]:
            faults.append(Fault(file, 1, f"column {name!r} stands there twice", "remove one"))
        elif name not in names:
            faults.append(
                Fault(file, 1, f"column {name!r} is unknown", meant(name, missing or names, "remove it"))
            )
    return sorted(header) == sorted(names)


def _column(
    file: str, column: Column, lines: list[int], raw: list[str], known: Known, faults: list[Fault]
) -> list[Any]:
    read = {cell: _cell(column, cell, known) for cell in set(raw)}  # most cells of a column are alike
    for line, cell in zip(lines, raw, strict=True):
        wrong = read[cell][1]
        if wrong:
            faults.append(Fault(file, line, f"{column.name}: {wrong[0]}", wrong[1]))
    return [read[cell][0] for cell in raw]


def _cell(column: Column, cell: str, known: Known) -> tuple[Any, Wrong | None]:
    """What a cell holds, or what is wrong with it and how to mend it."""
    if not cell:
        return None, None if column.blank else ("is empty", "fill it in")
    if column.kind in ("number", "whole"):
        return _number(column, cell)
    if column.kind in ("period", "financial_year") and (wrong := _not_a_period(column, cell)):
        return None, wrong
    if column.kind == "choice" and cell not in column.choices:
        return None, (f"{cell!r} is not known", meant(cell, column.choices, _one_of(column.choices)))
    if column.kind == "district" and known.districts and cell not in known.districts:
        return None, (f"district {cell!r} is not in area.toml", _district_meant(cell, known.districts))
    if column.kind == "source" and known.sources and cell not in known.sources:
        return None, (f"{cell!r} is not in sources.toml", meant(cell, known.sources, "add it there"))
    return cell, None


def _not_a_period(column: Column, cell: str) -> Wrong | None:
    if column.kind == "financial_year" and not is_financial_year(cell):
        return f"{cell!r} is no financial year", "write it as 2022/23"
    years = [int(year) for year in re.findall(r"\d{4}", cell)]
    if years and all(year in PERIODS for year in years):
        return None
    named = f"{cell!r} names no year from {PERIODS[0]} to {PERIODS[-1]}"
    return named, "write the years that the row is of, such as 2022/23 or year to March 2023"


def _one_of(choices: tuple[str, ...]) -> str:
    return f"one of {', '.join(choices)}"


def _district_meant(cell: str, districts: Mapping[str, str]) -> str:
    codes = {name: code for code, name in districts.items()}
    if cell in codes:
        return f"write its code, {codes[cell]}"
    return meant(cell, districts, "add it there or remove the row")


def _number(column: Column, cell: str) -> tuple[float | int | None, Wrong | None]:
    try:
        number = float(cell)
        if not math.isfinite(number) or "_" in cell:
            raise ValueError
    except ValueError:
        bare = cell.replace(",", "").replace(" ", "")
        if bare != cell and bare.replace(".", "", 1).lstrip("-").isdigit():
            return None, (f"{cell!r} is not a number", f"write {bare}")
        if cell.endswith("%"):
            return None, (f"{cell!r} is not a number", "write a share, such as 0.45 for 45%")
        return None, (f"{cell!r} is not a number", "digits, with a point for decimals")
    if column.kind == "whole" and not number.is_integer():
        return None, (f"{cell} is not a whole number", f"write {round(number)}, or what was counted")
    if abs(number) > LARGEST:
        return None, (f"{cell} is far too large", "look for digits too many")
    fault = outside(number, column.low, column.high, cell)
    if fault:
        return None, fault
    return (int(number) if column.kind == "whole" else number), None


def outside(number: float, low: float, high: float, cell: str) -> Wrong | None:
    """What is wrong with a number that does not lie from `low` to `high`, and what it should be."""
    if low <= number <= high:
        return None
    if low == 0 and math.isinf(high):
        return f"{cell} is negative", "a count or rate is 0 or more"
    mend = f"it must be from {low:g} to {high:g}"
    if (low, high) == (0, 1) and 1 < number <= 100:
        mend += f": write a share, perhaps {number / 100:g}"
    return f"{cell} is out of range", mend


def _check_measures(table: Table, layout: Layout, faults: list[Fault]) -> None:
    if not layout.measures:
        return
    for at, (line, name, value, unit) in enumerate(table.rows("measure", "value", "unit")):
        if name is None:
            continue
        measure = layout.measures[name]
        if unit is not None and not unit.startswith(measure.unit):
            mend = f"give it in a unit that starts with {measure.unit!r}"
            faults.append(Fault(table.file, line, f"{name}: the unit is {unit!r}", mend))
        if value is None:
            continue
        fault = outside(value, measure.low, measure.high, f"{value:g}")
        if fault is None and measure.whole and not value.is_integer():
            fault = (f"{value:g} is not a whole number", f"write {round(value)}, or what was counted")
        if fault:
            faults.append(Fault(table.file, line, f"{name}: {fault[0]}", fault[1]))
            table.cells["value"][at] = None


def _check_limits(table: Table, faults: list[Fault]) -> None:
    """The value lies between its limits, and a band of age does not end before it begins."""
    middle = "value" if "value" in table.cells else "share"
    for low, high in (("low", middle), (middle, "high"), ("age_from", "age_to")):
        if low not in table.cells or high not in table.cells:
            continue
        for line, smaller, larger in table.rows(low, high):
            if smaller is not None and larger is not None and smaller > larger:
                what = f"{low} {smaller:g} is above {high} {larger:g}"
                faults.append(Fault(table.file, line, what, "perhaps the two are exchanged"))


def _check_repeats(table: Table, layout: Layout, faults: list[Fault]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for line, *key in table.rows(*layout.key):
        if None in key:
            continue
        first = seen.setdefault(tuple(key), line)
        if first != line:
            row = ", ".join(f"{name} {cell}" for name, cell in zip(layout.key, key, strict=True))
            faults.append(Fault(table.file, line, f"repeats line {first}: {row}", "remove one of the two"))
