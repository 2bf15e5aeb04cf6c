"""The tables of a run as a workbook, for Excel and as OpenDocument: both written from one list of sheets.

One table a sheet, its title in A1 and its header in row 3; no merged cells, nothing hidden; numbers as numbers, rounded
as the CSV files are.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr

from results.attribution import for_panel
from results.labels import horizon
from results.notes import notes
from results.papers.paper import ASSURANCE_PACK
from results.papers.view import title_of
from results.table_rows import Cell
from results.tables import plain, tables_of

LONGEST_NAME = 31  # of a sheet, in Excel
NO_NAME = str.maketrans("[]:*?/\\'", "________")
HEADER = 2  # the row, from 0, of what the columns are: the title and an empty row stand above
WIDEST, NARROWEST = 60, 12  # letters
LINE = 15.0  # points, of a row of one line
SPARE = 1.1  # of a line, as words are not broken at its end


class Sheet(NamedTuple):
    """One sheet: rows of cells under a header, of words or numbers; an empty text is an empty cell."""

    name: str
    title: str
    header: list[str]
    rows: list[list[Cell]]


def sheets(ds: xr.Dataset) -> list[Sheet]:
    """Cover, contents and notes, then a table a sheet."""
    tables: list[Sheet] = []
    shown = for_panel(ds)
    for table in tables_of(ds):
        header, rows = table.told(ds, shown)
        taken = {sheet.name for sheet in tables} | {"cover", "contents", "notes"}
        told: list[list[Cell]] = [[rounded(cell) for cell in row] for row in rows]
        tables.append(Sheet(name_of(table.stem, taken), table.title, header, told))
    listed: list[list[Cell]] = [[sheet.name, sheet.title, len(sheet.rows)] for sheet in tables]
    about: list[list[Cell]] = [[line] for line in notes(ds)]
    about.append(["Averted: a positive number means fewer than under the comparator, a negative one more."])
    return [
        Sheet("cover", title_of(ds), ["what", "this run"], cover(ds)),
        Sheet("contents", "Contents", ["sheet", "table", "rows"], listed),
        Sheet("notes", "Notes to the tables", ["note"], about),
        *tables,
    ]


def cover(ds: xr.Dataset) -> list[list[Cell]]:
    told = (
        ("question", ds.attrs.get("question", "")), ("area", ds.attrs.get("area", "")), ("period", horizon(ds)),
        ("price year", ds.attrs.get("price_year", "")), ("comparator", ds.attrs.get("comparator", "")),
        ("runs of each alternative", ds.sizes["replicate"]), ("seed", str(ds.attrs.get("seed", ""))),
        ("day of the run", str(ds.attrs.get("date", ""))[:10]),
        ("assurance", f"NOT ASSURED until a named person signs; the pack is in {ASSURANCE_PACK}"),
        ("rounding", "numbers have six significant figures, as in the CSV files; results.nc has them in full"),
    )  # fmt: skip
    return [[name, value] for name, value in told if value != ""]


def name_of(stem: str, taken: set[str]) -> str:
    """A sheet's name that Excel takes and no other sheet has, whatever their capitals."""
    name = stem.translate(NO_NAME)[:LONGEST_NAME]
    number = 2
    while name.lower() in {one.lower() for one in taken}:
        name = f"{stem.translate(NO_NAME)[: LONGEST_NAME - 3]}_{number}"
        number += 1
    return name


def rounded(cell: Cell) -> Cell:
    """The number that the CSV has, or its text; nothing for NaN."""
    if isinstance(cell, str):
        return cell
    text = plain(cell)
    if not text:
        return ""
    return int(text) if text.lstrip("-").isdigit() and abs(int(text)) < 1 << 53 else float(text)


def widths(sheet: Sheet) -> list[int]:
    """Letters across each column: what its words need, within bounds; long ones are wrapped."""
    told = []
    for place, head in enumerate(sheet.header):
        longest = max((len(str(row[place])) for row in sheet.rows), default=0)
        told.append(int(np.clip(max(longest + 2, len(head) // 3), NARROWEST, WIDEST)))
    return told


def lines(row: Sequence[Cell], across: Sequence[int]) -> int:
    """Lines that a row needs where its words are wrapped: some programs do not find out for themselves."""

    def of(cell: Cell, width: int) -> int:
        letters = len(str(cell))
        return 1 if letters < width else math.ceil(SPARE * letters / width)

    return max((of(cell, width) for cell, width in zip(row, across, strict=True)), default=1)


def write_xlsx(sheets: Sequence[Sheet], path: Path, title: str, made: datetime) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title, "author": "", "comments": "", "created": made})
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        number = book.add_format({"valign": "top"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.write_string(0, 0, sheet.title, bold)
            across = widths(sheet)
            for place, (text, width) in enumerate(zip(sheet.header, across, strict=True)):
                page.set_column(place, place, width)
                page.write_string(HEADER, place, text, head)
            page.set_row(HEADER, LINE * lines(sheet.header, across))
            for at, row in enumerate(sheet.rows, start=HEADER + 1):
                if (deep := lines(row, across)) > 1:
                    page.set_row(at, LINE * deep)
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        if cell:
                            page.write_string(at, place, cell, wrap)
                    else:
                        page.write_number(at, place, cell, number)
            page.freeze_panes(HEADER + 1, 0)
            page.set_landscape()
            page.set_paper(9)  # A4
            page.fit_to_pages(1, 0)
            page.repeat_rows(HEADER)
    return path
