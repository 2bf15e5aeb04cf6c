"""Every number of the paper is a figure of the results, made again from results.nc to the same words."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from docx import Document
from runs_for_papers import QUESTION, TITLES, as_read, attributed, finished

from results.compare import NOT_DISTINGUISHABLE, is_distinguishable
from results.papers import word
from results.papers.blocks import Grid, Paper, Picture
from results.papers.figures import Numbered, explained, told
from results.papers.money_figures import COSTS_NO_MORE, ratio_of, ratios
from results.papers.paper import paper
from results.papers.run import Run, run_of
from results.papers.write import appendix_words, figure_words, with_appendix
from results.readings import UNCLEAR, Cell
from results.tables import tables_of
from scenarios import InputFaults

NUMBER = re.compile(r"(?<![\w])\d[\d,]*(?:\.\d+)?(?:/\d\d)?")
REFERENCE = re.compile(r"\[F(\d+)\]")
CAPTION = re.compile(r"^(Table|Chart) \d+\. ")
DIFFER = ("expected_offences", "expected_offences_by_batch", "expected_harm", "demand", "demand_hours", "agency_cost",
          "expected_crime_cost", "harm_eased_worth", "programme_spend", "commissioner_spend")  # fmt: skip
OF_DIFFERENCES = ("Offences over", "Crime harm over", "Police time over", "Other public services", "Social value",
                  "Cost to all", "Benefit to society", "Net present")  # fmt: skip
RUNS = {"attributed": lambda: as_read(attributed(finished())), "plain": finished, "one run": lambda: finished(1, 3)}


@pytest.fixture(scope="module", params=sorted(RUNS))
def run(request: pytest.FixtureRequest) -> Run:
    return run_of(RUNS[request.param]())


@pytest.fixture(scope="module")
def made(run: Run) -> Paper:
    return paper(run)


@pytest.fixture(scope="module")
def document(run: Run, made: Paper, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("figures") / "paper.docx"
    word.write(with_appendix(made, run.ds), path, datetime(2026, 11, 27))
    return Document(str(path))


@pytest.fixture(scope="module")
def plain() -> Run:
    return run_of(finished())


@pytest.fixture(scope="module")
def plain_paper(plain: Run) -> Paper:
    return paper(plain)


def numbers(text: str) -> list[str]:
    return [found.rstrip(",") for found in NUMBER.findall(REFERENCE.sub("", text))]


def places(document: Any) -> Iterator[str]:
    """Paragraphs, and rows of tables under their captions; without the appendix, which names figures."""
    for one in document.paragraphs:
        if one.text == "Appendix: figures":
            break
        yield CAPTION.sub("", one.text)
    for table in document.tables[:-1]:
        for row in table.rows:
            yield " ".join(cell.text for cell in row.cells)


def known_of(run: Run, figures: tuple[Numbered, ...]) -> dict[int, set[str]]:
    """The numbers in what each figure says, made anew from the Dataset."""
    told = {one.number: [f"{cell.figure} {cell.range}" for cell in one.figure.cells(run).values()] for one in figures}
    return {number: {found for text in texts for found in numbers(text)} for number, texts in told.items()}


def test_every_number_is_that_of_a_figure_named_beside_it(run: Run, document: Any) -> None:
    again = run_of(as_read(run.ds))
    figures = paper(again).figures
    known = known_of(again, figures)
    shared = set().union(*(known[one.number] for one in figures if set(one.cells) == {""}))  # of the run as a whole
    shared |= {number for one in figures if "subtitle" in one.cells for number in known[one.number]}
    authors = {number for text in (QUESTION, *TITLES.values(), *units(figures)) for number in numbers(text)}
    wrong, seen = [], 0
    for text in places(document):
        cited = set().union(*(known[int(number)] for number in REFERENCE.findall(text)))
        for number in numbers(text):
            seen += 1
            if number not in cited | shared | authors:
                wrong.append((number, text))
    assert wrong == []
    assert seen > 100


def units(figures: tuple[Numbered, ...]) -> Iterator[str]:
    """Names of measures that have a number in them: 999 calls, people from 16."""
    for one in figures:
        yield f"{one.figure.what} {one.figure.unit}"


def test_figures_are_numbered_as_they_are_read(document: Any) -> None:
    body = list(document.element.body.iter())
    text = " ".join(node.text or "" for node in body if node.tag.endswith("}t"))
    text = text.partition("Appendix: figures")[0].replace("such as [F1]", "")
    first = list(dict.fromkeys(int(number) for number in REFERENCE.findall(text)))
    assert first == sorted(first)
    assert first[0] == 1
    assert len(first) > 20


def test_the_appendix_has_every_figure(made: Paper, document: Any) -> None:
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows[1:]]
    assert [row[0] for row in rows] == [f"F{one.number}" for one in made.figures]
    assert [row[1] for row in rows] == [one.figure.what for one in made.figures]


def test_every_figure_names_where_it_comes_from(run: Run, made: Paper) -> None:
    known = {*run.ds.variables, *run.ds.dims, *run.ds.attrs, *(table.stem for table in tables_of(run.ds))}
    for one in made.figures:
        words = set(re.findall(r"\w+", one.figure.source))
        assert words & known or ".csv" in one.figure.source or ".toml" in one.figure.source, one.figure
        assert one.figure.how


def test_what_is_printed_rounds_the_raw_value(run: Run, made: Paper) -> None:
    """A figure in words of less and more is its estimate, to within half a step of its last digit but zeros."""
    checked = 0
    for one in made.figures:
        if one.figure.parts[:1] != ("estimate",) or one.figure.what.startswith("By how much"):  # that tells the error
            continue
        values = one.figure.values(run)
        for name, cell in one.cells.items():
            found = NUMBER.match(cell.figure)
            if not found or name not in values:
                continue
            scale = 1000.0 if one.figure.unit.startswith("thousand") else 1.0
            printed, raw = float(found[0].replace(",", "")) * scale, abs(values[name][0])
            width = abs(values[name][2] - values[name][1]) if len(values[name]) > 2 else 0.0
            account = 501.0 if "undiscounted" in one.figure.unit else 0.6  # spend is told to the thousand
            assert abs(printed - raw) <= max(width / 9.9, raw * 0.0051, account), (one.figure.what, name, cell)
            checked += 1
    assert checked > 60


def test_other_results_make_other_figures(plain: Run, plain_paper: Paper) -> None:
    """No number of the paper stands in code: where all differences double, what is told of them doubles."""
    ds = plain.ds
    doubled = ds.copy(deep=True)
    base = ds.sel(alternative="as_agreed", drop=True)
    for name in DIFFER:
        doubled[name] = (base[name] + 2 * (ds[name] - base[name])).transpose(*ds[name].dims)
    twice = run_of(doubled)
    before, after = plain_paper.figures, paper(twice).figures
    assert [one.figure.what for one in before] == [one.figure.what for one in after]
    seen = 0
    for one, other in zip(before, after, strict=True):
        if not one.figure.what.startswith(OF_DIFFERENCES):
            continue
        old, new = one.figure.values(plain), other.figure.values(twice)
        for name in old:
            if name != "as_agreed" and abs(old[name][0]) > 100:
                assert new[name][0] == pytest.approx(2 * old[name][0], rel=1e-6), one.figure.what
                assert one.cells[name] != other.cells[name] or one.cells[name].figure == UNCLEAR
                seen += 1
    assert seen > 20


def test_what_cannot_be_told_from_zero_has_no_figure(plain: Run, plain_paper: Paper) -> None:
    headline = next(one for one in plain_paper.figures if one.figure.what.startswith("Offences over"))
    values: Mapping[str, tuple[float, ...]] = headline.figure.values(plain)
    for name, (estimate, *_, error) in ((n, v) for n, v in values.items() if len(v) > 1):
        assert (headline.cells[name].figure == UNCLEAR) == (not is_distinguishable(estimate, error))


def test_a_ratio_is_told_of_whoever_spends_more_and_as_unclear_where_either_part_is(plain: Run) -> None:
    """Rows by hand: a clear ratio, one without an upper end, one turned round, an unclear one."""
    dear, open_ended, unsure, less = "extra_primary", "extra_secondary", "extra_tertiary", "stop"
    own = "benefit-cost ratio"
    rows = [
        [dear, "as_agreed", own, "", 2.444, 1.1, 4.04, ""],
        [open_ended, "as_agreed", own, "", 2.0, 0.5, "", "in some runs nothing to divide by: no upper end"],
        [unsure, "as_agreed", own, "", -0.3, -2.26, 1.9, NOT_DISTINGUISHABLE],
        [less, "as_agreed", own, "", "", "", "", "costs less than the comparator"],
        [less, "as_agreed", f"turned round, {own}", "", 1.25, 0.9, 1.6, ""],
        [less, "as_agreed", "turned round, payback", "", 4.0, "", "", ""],
    ]
    run = plain._replace(worth=rows)
    assert ratio_of(own).cells(run) == {
        dear: Cell("2.4", "1.1 to 4.0"), open_ended: Cell("2.0", "0.5 or more"),
        unsure: Cell("unclear", "\u22122.3 to 1.9"), less: Cell("1.3, for 'as agreed'", "0.9 to 1.6"),
    }  # fmt: skip
    assert ratio_of(own).values(run)[less] == (1.25, 0.9, 1.6)
    assert [one.what for one in ratios(run)] == ["Benefit-cost ratio"]
    assert set(ratio_of("fiscal return").cells(run).values()) == {COSTS_NO_MORE}


@pytest.mark.parametrize("number", [1, 15, 30])
def test_a_figure_is_explained_with_its_raw_values(plain: Run, plain_paper: Paper, number: int) -> None:
    one = plain_paper.figures[number - 1]
    text = figure_words(as_read(plain.ds), number, "run")
    assert text == explained(one, plain)
    assert f"F{number}: {one.figure.what}" in text
    for cell in one.cells.values():
        assert told(cell) in text
    for values in one.figure.values(plain).values():
        for value in values:
            assert f"{value:.0f}" in text or repr(float(value)) in text or (np.isnan(value) and "unknown" in text)


@pytest.mark.parametrize("number", [0, 1000])
def test_a_figure_that_is_not_there_is_said_so(number: int) -> None:
    with pytest.raises(InputFaults, match="there are 1 to"):
        figure_words(finished(), number, "run")


def test_paper_and_figure_tell_the_same_mark_of_the_file_and_another_file_has_another() -> None:
    one, other = (finished().assign_attrs(fingerprint=letter * 64) for letter in "ab")
    assert "a" * 12 in str(appendix_words(one).text)
    assert "a" * 13 not in str(appendix_words(one).text)
    assert figure_words(one, 1, "run").endswith(f"Mark of results.nc: {'a' * 12}")
    assert figure_words(other, 1, "run").endswith("b" * 12)
    assert "Mark" not in figure_words(finished(), 1, "run")


def test_costs_stand_before_benefits(plain_paper: Paper) -> None:
    places = [block.title[0] for block in plain_paper.blocks if isinstance(block, Grid)]
    spend = next(at for at, title in enumerate(places) if "Spend over the plan" in title)
    assert spend < min(at for at, title in enumerate(places) if "how many fewer or more" in title)
    assert any(isinstance(block, Picture) for block in plain_paper.blocks)


def test_pounds_say_their_price_year_and_whether_they_are_discounted(plain_paper: Paper) -> None:
    for block in plain_paper.blocks:
        if isinstance(block, Grid) and "pounds" in block.title[0].lower():
            assert "2022/23 prices" in block.title[0]
            assert "present value" in block.title[0] or "undiscounted" in block.title[0]

