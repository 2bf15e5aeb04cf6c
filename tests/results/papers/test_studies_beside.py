"""Charts of studies stand in a paper, under names of their own, and their figures are made again from the studies."""

import pytest
import xarray as xr
from docx import Document
from runs_for_papers import finished

from results import waterfall
from results.papers.blocks import Heading, Picture
from results.papers.paper import paper
from results.papers.run import run_of
from results.papers.write import appendix_words, figure_words, make

STEPS = ("published effect", "effect as believed", "uptake")
AVERTED = [[900.0, 1100.0, 1000.0], [500.0, 700.0, 610.0], [240.0, 300.0, 290.0]]
TOOK_PART = [[50.0, 60.0, 55.0]] * 3
ABOUT = waterfall.About("A scheme", "'as agreed'", "an area", "ten years", "What the range covers.")


@pytest.fixture
def study() -> xr.Dataset:
    return waterfall.dataset(ABOUT, STEPS, AVERTED, TOOK_PART, {"area_hash": "x"})


def test_a_waterfall_is_made_again_from_its_dataset(study: xr.Dataset) -> None:
    again, first = waterfall.chart_of(study), waterfall.chart(ABOUT, STEPS, AVERTED, TOOK_PART)
    assert (again.title, again.alternative, again.table) == (first.title, first.alternative, first.table)


def test_studies_stand_in_the_paper_each_under_a_name_of_its_own(study: xr.Dataset, tmp_path) -> None:
    ds = finished()
    bare, told = paper(run_of(ds)), paper(run_of(ds, [study, study]))
    stems = [block.chart.stem for block in told.blocks if isinstance(block, Picture)]
    assert stems[-2:] == ["gross_to_net", "gross_to_net_2"]
    assert len(told.figures) == len(bare.figures) + 2
    heading = "What decides the answer"
    assert heading in [block.text for block in told.blocks if isinstance(block, Heading)]
    assert heading not in [block.text for block in bare.blocks if isinstance(block, Heading)]
    number = next(one.number for one in told.figures if one.figure.what == "The chart gross to net")
    words = figure_words(ds, number, "RUN", [study, study])
    assert "named with --study" in words
    assert "uptake" in words
    assert "raw: " in words
    assert "--study" not in appendix_words(ds).text[0]
    make(ds, tmp_path, ["word", "html"], "", print, [study])
    assert "offences averted gross and net" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert any("--study" in one.text for one in Document(str(tmp_path / "paper.docx")).paragraphs)
