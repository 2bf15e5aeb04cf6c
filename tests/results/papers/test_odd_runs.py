"""Runs that are not as most are: a sound paper, or one clear line."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from docx import Document
from runs_for_papers import attributed, finished, more_alternatives

from results.attribution import for_panel
from results.charts import charts_of
from results.labels import spoken
from results.papers import word
from results.papers.blocks import Grid
from results.papers.paper import paper
from results.papers.run import run_of
from results.papers.tables import PER_TABLE
from results.papers.view import MOST_ALTERNATIVES
from results.papers.write import write_papers
from results.tables import write_tables
from scenarios import InputFaults

ODD = {
    "one run": lambda: finished(1, 3),
    "one year": lambda: finished(4, 1),
    "one run of one year": lambda: finished(1, 1),
    "two alternatives": lambda: finished().isel(alternative=[0, 2]),
    "many alternatives": lambda: more_alternatives(finished(), MOST_ALTERNATIVES),
    "no question, no title, no area": lambda: finished().assign_attrs(question="", title="", area=""),
    "no titles": lambda: finished().assign_attrs(scenario="not [ TOML"),
    "a run that warns": lambda: finished().assign_attrs(failed="Run 3 failed.", fit_warning="The fit is old."),
    "attributed": lambda: attributed(finished()),
}


@pytest.mark.parametrize("kind", sorted(ODD))
def test_a_paper_can_be_made_of_it(kind: str, tmp_path: Path) -> None:
    made = paper(run_of(ODD[kind]()))
    path = word.write(made, tmp_path / "paper.docx", datetime(2026, 11, 27))
    text = words_of(Document(str(path)))
    assert "nan" not in text.split()
    assert "NOT ASSURED" in text
    if kind.startswith("one run"):
        assert "One run of each alternative." in text
        assert "One run shows no range." in text
        assert "cannot be told from it" in text
    if kind == "a run that warns":
        assert "Run 3 failed." in text
        assert "The fit is old." in text


def words_of(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_tables_are_no_wider_than_a_page() -> None:
    made = paper(run_of(more_alternatives(finished(), MOST_ALTERNATIVES)))
    tables = [block for block in made.blocks if isinstance(block, Grid)]
    assert max(len(table.header) for table in tables) <= PER_TABLE + 1
    averted = [table for table in tables if "how many fewer or more" in table.title[0]]
    columns = [name for table in averted for name in table.header if name and "comparator" not in name]
    assert len(columns) == len(set(columns)) == MOST_ALTERNATIVES
    assert all("As agreed (comparator)" in table.header for table in averted)


def test_what_was_added_to_tell_parts_apart_is_no_alternative() -> None:
    ds = attributed(finished())
    assert ds.sizes["alternative"] == 8
    assert for_panel(ds).alternative.values.tolist() == finished().alternative.values.tolist()


def test_the_runs_own_tables_and_charts_have_what_was_added_where_it_is_of_parts_alone(tmp_path: Path) -> None:
    ds = attributed(finished())
    added = {*ds.alternative.values.tolist()} - {*finished().alternative.values.tolist()}
    assert added
    tables = {path.stem: path.read_text(encoding="utf-8") for path in write_tables(ds, tmp_path)}
    assert {stem for stem, text in tables.items() if any(name in text for name in added)} <= {"when_effects_come"}
    assert "attribution" in tables
    for chart in charts_of(ds):
        told = f"{chart.table} {chart.title} {chart.alternative}"
        assert not any(name in told or spoken(name) in told for name in added), chart.stem


@pytest.mark.parametrize(
    ("ds", "said"),
    [
        (lambda: finished().isel(alternative=[0]), "has one alternative"),
        (lambda: more_alternatives(finished(), MOST_ALTERNATIVES + 1), "a paper can set out"),
    ],
)
def test_a_run_that_gives_no_paper_is_told_in_one_line(ds: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputFaults, match=said) as told:
        write_papers(ds(), "a run", tmp_path / "paper", [], False, print)
    assert len(told.value.faults) == 1
    assert not (tmp_path / "paper").exists()


def test_its_tables_can_be_had_all_the_same(tmp_path: Path) -> None:
    ds: xr.Dataset = finished().isel(alternative=[0])
    written = write_papers(ds, "a run", tmp_path / "paper", ["workbook"], False, print)
    assert [path.name for path in written] == ["workbook.xlsx", "workbook.ods"]
