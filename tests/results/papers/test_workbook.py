"""The workbook: one table a sheet, as the CSV files have it, the same for Excel and as OpenDocument."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import odfdo
import openpyxl
import pytest
import xarray as xr
from runs_for_papers import finished

from results.papers.opendocument import write_ods
from results.papers.workbook import HEADER, LONGEST_NAME, Sheet, name_of, rounded, sheets, write_xlsx
from results.tables import tables_of, write_tables


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return finished()


@pytest.fixture(scope="module")
def made(ds: xr.Dataset) -> list[Sheet]:
    return sheets(ds)


@pytest.fixture(scope="module")
def excel(made: list[Sheet], tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("excel") / "workbook.xlsx"
    return openpyxl.load_workbook(write_xlsx(made, path, "A title", datetime(2026, 11, 27)))


@pytest.fixture(scope="module")
def open_document(made: list[Sheet], tmp_path_factory: pytest.TempPathFactory) -> Any:
    return odfdo.Document(write_ods(made, tmp_path_factory.mktemp("ods") / "workbook.ods", "A title"))


def cells_of_excel(page: Any) -> list[list[Any]]:
    return trimmed([[cell.value for cell in row] for row in page.iter_rows()])


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without empty cells at the ends of rows, and numbers all of one kind."""
    told = []
    for row in rows:
        plain = [float(one) if isinstance(one, int | float) or hasattr(one, "as_tuple") else one for one in row]
        while plain and plain[-1] is None:
            plain.pop()
        told.append(plain)
    return told


def test_both_have_the_same_cells(made: list[Sheet], excel: Any, open_document: Any) -> None:
    tables = {table.name: table for table in open_document.body.tables}
    assert list(tables) == excel.sheetnames == [sheet.name for sheet in made]
    for sheet in made:
        one = cells_of_excel(excel[sheet.name])
        other = trimmed([list(row) for row in tables[sheet.name].get_values()])
        assert one == other, sheet.name
        assert len(one) == HEADER + 1 + len(sheet.rows)


def test_cover_contents_and_notes_come_first_and_then_every_table(ds: xr.Dataset, excel: Any) -> None:
    stems = [table.stem for table in tables_of(ds)]
    assert excel.sheetnames == ["cover", "contents", "notes", *stems]
    listed = [row[0].value for row in excel["contents"].iter_rows(min_row=HEADER + 2)]
    assert listed == stems


def test_title_stands_in_a1_and_the_header_is_frozen(made: list[Sheet], excel: Any) -> None:
    for sheet in made:
        page = excel[sheet.name]
        assert page["A1"].value == sheet.title
        assert page.freeze_panes == f"A{HEADER + 2}"
        assert [cell.value for cell in page[HEADER + 1]] == sheet.header


def test_nothing_is_merged_or_hidden(excel: Any, open_document: Any) -> None:
    for page in excel:
        assert page.sheet_state == "visible"
        assert list(page.merged_cells.ranges) == []
        assert not any(row.hidden for row in page.row_dimensions.values())
        assert not any(column.hidden for column in page.column_dimensions.values())
    text = open_document.body.serialize()
    for sign in ("number-columns-spanned", "number-rows-spanned", 'visibility="collapse"', "covered-table-cell",
                 'visibility="filter"'):  # fmt: skip
        assert sign not in text


def test_numbers_are_those_of_the_csv_files(ds: xr.Dataset, excel: Any, tmp_path: Path) -> None:
    numbers = 0
    for path in write_tables(ds, tmp_path):
        if path.suffix != ".csv":
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = list(csv.reader(stream))
        page = excel[path.stem]
        assert [cell.value for cell in page[HEADER + 1]] == header
        for row, cells in zip(rows, page.iter_rows(min_row=HEADER + 2), strict=True):
            for text, cell in zip(row, cells, strict=True):
                if cell.data_type == "n" and cell.value is not None:
                    assert float(text) == cell.value
                    numbers += 1
                else:
                    assert (cell.value or "") == text
    assert numbers > 1000


def test_headers_hold_units(excel: Any) -> None:
    for name in ("averted_by_year", "spend_by_programme_and_year", "averted_by_district"):
        header = [str(cell.value) for cell in excel[name][HEADER + 1]]
        assert any("(offences" in head or "pounds" in head for head in header)


@pytest.mark.parametrize(
    ("stem", "taken", "name"),
    [
        ("a" * 40, set(), "a" * LONGEST_NAME),
        ("a" * 40, {"A" * LONGEST_NAME}, "a" * (LONGEST_NAME - 3) + "_2"),
        ("what/is:this", set(), "what_is_this"),
        ("Cover", {"cover"}, "Cover_2"),
    ],
)
def test_sheets_have_names_that_excel_takes(stem: str, taken: set[str], name: str) -> None:
    assert name_of(stem, taken) == name
    assert len(name) <= LONGEST_NAME


def test_words_that_look_like_a_formula_stay_words(tmp_path: Path) -> None:
    rows = [["=HYPERLINK(1)", rounded(1234567.8)], ["x", rounded(float("nan"))]]
    page = [Sheet("one", "=1+1", ["=A1", "number"], rows)]
    book = openpyxl.load_workbook(write_xlsx(page, tmp_path / "a.xlsx", "t", datetime(2026, 11, 27)))
    assert book["one"]["A4"].data_type == "s"
    assert book["one"]["B4"].value == 1234570
    assert book["one"]["B5"].value is None
