"""The Word paper: its parts in order, what only the author may say left open, and readable by whoever cannot see it."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from runs_for_papers import QUESTION, TITLES, attributed, finished

from results.charts import charts_of
from results.economics.ledger import LINES
from results.labels import capital
from results.papers import word
from results.papers.not_modelled import LEFT_OUT, NOT_FOR
from results.papers.paper import paper
from results.papers.run import run_of
from results.papers.write import with_appendix

ORDER = [
    "Recommendation", "Purpose", "Background", "Options", "Costs", "Benefits by line", "Uncertainty", "Risk",
    "Legal implications", "Equality implications", "What is not modelled", "Assurance", "Appendix: figures",
]  # fmt: skip
LEFT_OPEN = ("Recommendation", "Legal implications", "Equality implications")
NEVER = r"will save|proven|guarantee|confidence interval|we recommend|should (fund|choose|prefer)|best value|in total"
README = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("word") / "paper.docx"
    ds = finished()
    word.write(with_appendix(paper(run_of(ds)), ds), path, datetime(2026, 11, 27))
    return Document(str(path))


def headings(document: Any, level: int) -> list[str]:
    return [one.text for one in document.paragraphs if one.style.name == f"Heading {level}"]


def below(document: Any, heading: str) -> list[Any]:
    """The paragraphs between a heading of the first level and the next."""
    found, inside = [], False
    for one in document.paragraphs:
        if one.style.name == "Heading 1":
            inside = one.text == heading
        elif inside:
            found.append(one)
    return found


def test_its_parts_stand_in_the_order_of_a_panel_paper(document: Any) -> None:
    assert headings(document, 1) == ORDER
    assert document.paragraphs[0].style.name == "Title"
    assert document.paragraphs[0].text == "West Mercia 2022"


@pytest.mark.parametrize("part", LEFT_OPEN)
def test_what_only_the_author_can_say_is_left_open(document: Any, part: str) -> None:
    texts = [one.text for one in below(document, part)]
    assert texts
    assert all(text.startswith("[Author: ") and text.endswith("]") for text in texts)


def test_it_says_that_nobody_has_assured_it(document: Any) -> None:
    texts = [one.text for one in below(document, "Assurance")]
    assert texts[0] == "NOT ASSURED"
    assert "a named person" in texts[1]
    assert sum("NOT ASSURED" in one.text for one in document.paragraphs) == 1


def test_it_has_the_question_and_every_alternative_by_its_title(document: Any) -> None:
    assert any(QUESTION in one.text for one in below(document, "Purpose"))
    options = " ".join(one.text for one in below(document, "Options"))
    assert [title for title in TITLES.values() if title not in options] == []


def test_the_four_lines_stand_apart(document: Any) -> None:
    told = headings(document, 2)
    places = [told.index(capital(line)) for line in LINES]
    assert places == list(range(places[0], places[0] + len(LINES)))


def test_it_promises_and_recommends_nothing(document: Any) -> None:
    words = [one.text for one in document.paragraphs]
    words += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert [text for text in words if re.search(NEVER, text, re.IGNORECASE)] == []


def test_what_readme_warns_of_is_said(document: Any) -> None:
    """Each bullet under 'It must not be used' has its line, told by its last words."""
    section = README.partition("It must not be used")[2].partition("\n\nFigures")[0]
    warned = re.split(r"\n- ", section)[1:]
    assert len(warned) == len(NOT_FOR)
    for readme, ours in zip(warned, NOT_FOR, strict=True):
        end = " ".join(readme.split()).partition(": ")[2] or " ".join(readme.split()).partition(", ")[2]
        assert all(word in ours for word in end.replace(",", "").split()[-4:]), (readme, ours)
    told = [one.text for one in below(document, "What is not modelled")]
    assert [line for line in (*NOT_FOR, *LEFT_OUT) if line not in told] == []


def test_every_picture_has_its_words_around_it_and_a_text_alternative(document: Any) -> None:
    shapes = list(document.inline_shapes)
    charts = {chart.title: chart for chart in charts_of(finished())}
    assert 2 <= len(shapes) <= 6
    texts = [one.text for one in document.paragraphs]
    for shape in shapes:
        properties = shape._inline.docPr
        chart = charts[properties.get("title")]
        assert properties.get("descr") == f"{chart.picture} {chart.alternative}"
        captions = [text for text in texts if text.startswith("Chart ") and chart.title in text]
        assert len(captions) == 1
        assert texts[texts.index(captions[0]) + 1] == chart.subtitle
        assert f"Note: {chart.note}" in texts


def test_tables_are_tables(document: Any) -> None:
    assert len(document.tables) > 8
    for table in document.tables:
        rows = table._tbl.findall(qn("w:tr"))
        headers = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
        assert headers == [True] + [False] * (len(rows) - 1)
        assert not list(table._tbl.iter(qn("w:gridSpan"), qn("w:vMerge"), qn("w:hMerge")))
        assert {len(row.findall(qn("w:tc"))) for row in rows} == {len(table.columns)}


def test_numbers_stand_to_the_right(document: Any) -> None:
    for table in document.tables:
        for row in table.rows[1:]:
            for cell in row.cells[1:]:
                if re.match(r"[\d,.]+\b", cell.text) and len(row.cells) > 3:
                    assert cell.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT, cell.text


def test_language_title_and_pages(document: Any) -> None:
    assert document.core_properties.title == "West Mercia 2022"
    assert document.core_properties.language == "en-GB"
    assert document.core_properties.author == ""
    languages = [
        value
        for part in (document.styles.element, document.element)
        for one in part.iter(qn("w:lang"))
        for value in one.attrib.values()
    ]
    assert languages
    assert set(languages) == {"en-GB"}
    footer = document.sections[0].footer._element
    assert [one.get(qn("w:instr")) for one in footer.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


def test_no_style_brings_another_typeface(document: Any) -> None:
    for name in ("Title", "Heading 1", "Heading 2", "Normal", "Caption"):
        fonts = document.styles[name].element.rPr.rFonts
        assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi")} == {word.FONT}
        assert fonts.get(qn("w:asciiTheme")) is None


def test_parts_of_a_plan_are_told_where_they_were_asked_about() -> None:
    made = paper(run_of(attributed(finished())))
    titles = [getattr(block, "text", "") for block in made.blocks]
    assert "What each part of the plan does" in titles
    told = " ".join(str(block) for block in made.blocks)
    assert "Without primary" not in told  # what was added to tell them apart is no alternative
