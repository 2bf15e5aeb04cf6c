"""The summary: one page with two charts, whatever the run."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
import xarray as xr
from docx import Document
from runs_for_papers import TITLES, finished, more_alternatives, pages_of

from results.papers import count_figures, money_figures, summary
from results.papers.blocks import Block, Grid, Paragraph
from results.papers.run import run_of

LONG = "What would another half million pounds a year buy, before problems emerge, as they do, or after they have? " * 4


def longest() -> xr.Dataset:
    """As many words as a scenario is likely to have."""
    ds = more_alternatives(finished(), 12)
    names = [str(name) for name in ds.alternative.values]
    scenario = "\n".join(f'[[alternative]]\nname = "{name}"\ntitle = "{LONG}"' for name in names)
    return ds.assign_attrs(question=LONG, title=LONG, scenario=scenario, area="Devon, Cornwall and the Isles of Scilly")


@pytest.mark.parametrize("kind", ["plain", "longest", "one run of one year"])
def test_it_is_one_page(kind: str, tmp_path: Path) -> None:
    ds = {"plain": finished, "longest": longest, "one run of one year": lambda: finished(1, 1)}[kind]()
    assert pages_of(summary.write(run_of(ds), tmp_path / "summary.docx", datetime(2026, 11, 27))) == 1


def test_its_numbers_are_those_of_figures() -> None:
    """The page has no references, so that each number must be that of one of its figures, or its author's."""
    run = run_of(finished())
    page = summary.summary(run)
    told = " ".join(f"{cell.figure} {cell.range}" for one in page.figures for cell in one.figure.cells(run).values())
    text = " ".join(block_text(block) for block in page.blocks)
    numbers = re.findall(r"\d[\d,.]*", re.sub(r"Table \d+", "", text))
    assert len(numbers) > 20
    assert [one for one in numbers if one.rstrip(".,") not in re.findall(r"\d[\d,.]*\d|\d", told)] == []


def block_text(block: Block) -> str:
    if isinstance(block, Grid):
        return " ".join(str(cell[0]) for row in block.rows for cell in row)
    return " ".join(map(str, block.text)) if isinstance(block, Paragraph) else ""


def test_it_says_what_how_sure_who_and_when(tmp_path: Path) -> None:
    document = Document(str(summary.write(run_of(finished()), tmp_path / "summary.docx", datetime(2026, 11, 27))))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == ["What the money buys", "How sure that is", "Who banks it", "When"]
    assert len(document.inline_shapes) == 2
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows[1:]]
    assert all(any(title in row[0] for row in rows) for name, title in TITLES.items() if name != "as_agreed")
    text = " ".join(one.text for one in document.paragraphs)
    assert "NOT ASSURED" in text
    assert "range of 8 runs" in text
    assert document.core_properties.title == "West Mercia 2022"


def words_of(ds: xr.Dataset) -> str:
    return " ".join(block_text(block) for block in summary.summary(run_of(ds)).blocks)


def test_who_banks_it_has_cash_only_where_a_post_goes_and_hours_always() -> None:
    post = {"role": "response", "posts": 2.0, "year": 2023, "pounds_a_year": 40_000.0, "hours_a_year": 1_500.0}
    without, with_a_post = finished(), finished().assign_attrs(posts_go=json.dumps({"extra_primary": [post]}))
    plain, told = words_of(without), words_of(with_a_post)
    assert "The force saves no cash, as no post is cut." in plain
    assert "posts that go" not in plain
    assert "Extra primary posts that the scenario says go: 2 of response from 2023/24" in told
    assert "saves no cash" not in told
    cash = told.partition("changes by posts that go alone: ")[2].partition(". ")[0]
    # Two posts in the second and third year: 80,000 / 1.035 + 80,000 / 1.035²
    assert cash == "Stop none; Extra primary 152,000 less; Extra secondary none; Extra tertiary none"
    run = run_of(with_a_post)
    freed = {name: numbers[0] for name, numbers in money_figures.hours().values(run).items()}
    before = {name: numbers[0] for name, numbers in money_figures.hours().values(run_of(without)).items()}
    assert {name: before[name] - freed[name] for name in freed} == pytest.approx(
        {"stop": 0.0, "extra_primary": 2 * 2 * 1_500.0, "extra_secondary": 0.0, "extra_tertiary": 0.0}
    )
    assert "Hours asked of its people: no clear difference. " in words_of(finished(replicates=4))  # of so few


def test_a_plan_that_began_long_ago_says_what_that_means() -> None:
    said = "as if it began in April 2022: nothing that has happened since is in it"
    assert said in words_of(finished())
    run = run_of(finished())
    for day in ("2023-04-30T10:00:00+00:00", "2021-11-01T10:00:00+00:00", "", "some day"):
        assert count_figures.begun_already(run._replace(ds=run.ds.assign_attrs(date=day))) == [], day


def test_a_fit_that_is_stale_is_told() -> None:
    assert "made with another model" in words_of(finished().assign_attrs(fit_warning="made with another model"))
