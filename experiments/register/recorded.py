"""Recorded figures as someone wrote them down, and those that the area's own tables have."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from model.inputs import AreaTables
from model.law import BASE_YEAR
from model.vocabulary import OFFENCES
from results.labels import year_name
from results.register.predicted import GROUPS, NOT_IN_TOTAL, TOTAL
from results.register.scored import Held, Recorded
from scenarios import Fault, InputFaults
from scenarios.areas import folder_of
from scenarios.areas.layout import Column, Layout
from scenarios.areas.tables import Known, Table, read_table

COLUMNS = ("financial_year", "group", "district", "value", "source")
YEAR_TO = re.compile(r"year to March (\d{4})")
FINANCIAL = re.compile(r"(\d{4})/\d{2}")
LEVEL_SET_TO = BASE_YEAR  # the financial year that the model's levels of offending are anchored to


def read_recorded(path: Path, years: Sequence[str], districts: Mapping[str, str]) -> tuple[list[Recorded], int]:
    """The figures of a file, and how many rows have none yet. `years` are those that may be scored, `districts` code to
    name; a figure may name either. Raises InputFaults with everything that is wrong with the file."""
    faults: list[Fault] = []
    if path.suffix.lower() != ".csv" or not path.is_file():
        what = "is no CSV file that is there"
        raise InputFaults([Fault(str(path), 0, what, "write one with: upstream score --template FILE.csv")])
    known = (*districts.values(), *districts)
    columns = (
        Column("financial_year"),
        Column("group", "choice", choices=GROUPS),
        Column("district", "choice", choices=known, blank=True),
        Column("value", "number", low=0, blank=True),
        Column("source", blank=True),
    )
    layout = Layout(str(path), "recorded figures", columns, ("financial_year", "group", "district"))
    table = read_table(layout, path.read_bytes(), Known({}, frozenset()), faults)
    found, empty = figures(table, years, districts, faults) if table else ([], 0)
    if not faults and not found:
        faults.append(Fault(str(path), 0, "has no figure", "fill in the column value"))
    if faults:
        raise InputFaults(sorted(fault._replace(file=str(path)) for fault in faults))
    return found, empty


def figures(
    table: Table, years: Sequence[str], districts: Mapping[str, str], faults: list[Fault]
) -> tuple[list[Recorded], int]:
    """The rows that have a figure, and how many have none."""
    found: list[Recorded] = []
    seen: dict[tuple[str, str, str], int] = {}
    empty, bad = 0, {fault.line for fault in faults}
    for line, year, group, district, value, source in table.rows(*COLUMNS):
        if line in bad:
            continue
        if year not in years:
            what = f"financial_year: {year!r} is none of the register"
            faults.append(Fault(table.file, line, what, mended(year, years)))
            continue
        place = districts.get(district or "", district or "")
        if (first := seen.setdefault((year, group, place), line)) != line:
            faults.append(Fault(table.file, line, f"repeats line {first}: {year}, {group}", "remove one of the two"))
        elif value is None:
            empty += 1
        elif not source:
            faults.append(Fault(table.file, line, "source: is empty", "say where the figure was published"))
        else:
            found.append(Recorded(int(year[:4]), group, place, value, source))
    return found, empty


def mended(year: str, years: Sequence[str]) -> str:
    """What was probably meant by a year that is none of those known."""
    if year.isdigit() and year_name(int(year)) in years:
        return f"write {year_name(int(year))} for the year from April {year}"
    return f"it has {years[0]} to {years[-1]}"


def write_template(path: Path) -> Path:
    """A file to fill in, a row for each group of the year after the one that levels were set to. Raises InputFaults
    where something is there already."""
    if path.suffix.lower() != ".csv":
        raise InputFaults([Fault(str(path), 0, "is no name for the file", "give it a name that ends in .csv")])
    if path.exists():
        raise InputFaults([Fault(str(path), 0, "is there already", "name another file")])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows([year_name(LEVEL_SET_TO + 1), group, "", "", ""] for group in (TOTAL, *OFFENCES))
    return path


def held_of(area: AreaTables, folder: Path | None = None) -> dict[str, Held]:
    """The naive forecast of each group and of the total: the area's last recorded figure in recorded_groups.csv, with
    the financial year it is of. Groups whose period names no year have none."""
    path = (folder or folder_of(area.id)) / "recorded_groups.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["group"]: row for row in csv.DictReader(stream)}
    held = {
        name: Held(float(rows[name]["value"]), year)
        for name in OFFENCES
        if name in rows and (year := year_of(rows[name]["period"])) is not None
    }
    parts = [name for name in OFFENCES if name not in NOT_IN_TOTAL]
    if all(name in held for name in parts):
        total = sum(held[name].value for name in parts)
        held[TOTAL] = Held(total, max(held[name].year for name in parts))
    return held


def year_of(period: str) -> int | None:
    """The financial year of a period in words; None of others."""
    if found := YEAR_TO.fullmatch(period.strip()):
        return int(found[1]) - 1
    found = FINANCIAL.fullmatch(period.strip())
    return int(found[1]) if found else None
