"""model/ODD.md says what the code and the evidence say: parameters, streams, state, files, elements."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import experiments.odd
from experiments.odd import BEGIN, END, HEAD, ODD, SINGLY, rewritten, rows_by_submodel, submodels_of
from model.draws import OFFENCE_DRAWS, STREAMS
from model.evidence import Row, read
from model.people import PERSON
from model.usage import rows_used
from model.vocabulary import ACES, OFFENCES, RISK_FACTORS, SERVICES
from scenarios.areas import load_area

ROOT = Path(__file__).resolve().parents[2]
TEXT = ODD.read_text(encoding="utf-8")
ELEMENTS = (
    "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
    "Design concepts", "Initialisation", "Input data", "Submodels",
)  # fmt: skip
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip
NO_ROWS = ("row.name", "experiments.odd")  # written like the name of a row


def between(start: str, end: str) -> str:
    """The text between two marks, each of which stands once."""
    assert TEXT.count(start) == 1, start
    return TEXT.partition(start)[2].partition(end)[0]


def first_cells(table: str) -> list[str]:
    """What stands as code in the first cells of a table."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [name for line in lines for name in re.findall(r"`([^`]+)`", line.split("|")[1])]


def tables() -> Iterator[tuple[str, str]]:
    """Submodel and text of each table of parameters."""
    for part in TEXT.split(BEGIN)[1:]:
        submodel, _, rest = part.partition(" -->")
        yield submodel, rest.partition(END)[0]


def told(submodel: str, table: str) -> set[str]:
    """Names of the rows that a table's lines stand for."""
    rows = rows_by_submodel()[submodel]
    names: set[str] = set()
    for name in first_cells(table):
        id, _, group = name.partition("[")
        several = re.fullmatch(r"(\d+) groups]", group)
        mine = [row.name for row in rows if row.id == id]
        if several:
            assert len(mine) == int(several[1]) > SINGLY, name
            names |= set(mine)
        else:
            assert name in mine, name
            names.add(name)
    return names


def test_tables_are_those_that_would_be_made_now() -> None:
    """Else run: python -m experiments.odd."""
    assert rewritten(TEXT) == TEXT


def test_every_row_that_the_model_reads_is_in_a_table_and_every_row_in_a_table_is_read() -> None:
    in_tables = {name for submodel, table in tables() for name in told(submodel, table)}
    assert rows_used(load_area("west_mercia"), read()) - in_tables == set()
    assert in_tables == {row.name for rows in rows_by_submodel().values() for row in rows}
    assert {submodel for submodel, _ in tables()} == set(rows_by_submodel())
    assert len(list(tables())) == len(rows_by_submodel())


def test_a_changed_value_range_or_source_changes_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = dict(rows_by_submodel())
    for change in ("value", "low", "high"):
        for submodel, at in (("rules/victims", "co_offending[robbery]"), ("rules/offending", "severity.spread")):
            more = tuple(
                replace(row, **{change: getattr(row, change) * 1.001}) if row.name == at else row
                for row in rows[submodel]
            )
            assert more != rows[submodel]
            monkeypatch.setattr(experiments.odd, "rows_by_submodel", lambda told=rows | {submodel: more}: told)
            assert rewritten(TEXT) != TEXT, (at, change)


def test_a_table_without_an_end_or_of_no_submodel_is_refused() -> None:
    with pytest.raises(ValueError, match="places"):
        rewritten(f"{BEGIN}places -->\n")
    with pytest.raises(KeyError):
        rewritten(f"{BEGIN}rules/none -->\n{END}")


def test_a_row_that_no_submodel_is_known_to_read_is_refused() -> None:
    row = Row("a.b", 1.0, "months", "judgement", "judgement", 1)
    with pytest.raises(KeyError):
        submodels_of(row, ["model/rules/new.py"])


def test_tables_of_parameters_have_the_columns_that_readers_need() -> None:
    for _, table in tables():
        assert table.strip().splitlines()[:2] == list(HEAD)


def test_every_rule_and_actor_has_a_submodel_and_every_file_named_exists() -> None:
    headings = "\n".join(line for line in TEXT.splitlines() if line.startswith("### 7."))
    files = [path for folder in ("rules", "actors") for path in (ROOT / "model" / folder).glob("*.py")]
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        assert path.name == "__init__.py" or f"`{name}`" in headings or f"`{name}: " in headings, name
    named = set(re.findall(r"\b(?:model|scenarios|results|experiments)/[\w/]+\.\w+", TEXT))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_functions_named_beside_a_file_exist() -> None:
    named = re.findall(r"`(model/[\w/]+\.py): (\w+)`", TEXT)
    assert named
    for file, function in named:
        assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8"), (file, function)


def test_streams_are_those_of_the_code() -> None:
    names = first_cells(between("<!-- streams -->", "<!-- end of streams -->"))
    assert sorted(names) == sorted(STREAMS)
    row = between("The row of draws of one offence, each used for one thing:", "**Sampling").replace("\n", " ")
    assert [name for name in OFFENCE_DRAWS if not re.search(rf"\b{name}\b", row)] == []


def test_state_variables_are_those_of_the_code() -> None:
    names = first_cells(between("<!-- state -->", "<!-- end of state -->"))
    assert sorted(names) == sorted(PERSON.names or ())


def test_the_words_of_the_model_are_all_told() -> None:
    section = between("### 2.2 ", "### 2.3 ").replace("\n", " ")
    for name in (*RISK_FACTORS, *OFFENCES, *ACES):
        assert name in section, name
    demand = between("### 7.10 ", "### 7.11 ")
    assert [name for name in SERVICES if name not in demand] == []


def test_elements_and_concepts_are_headings_in_their_order() -> None:
    elements = re.findall(r"^## (\d)\. (.+)$", TEXT, re.MULTILINE)
    assert elements == [(f"{n}", name) for n, name in enumerate(ELEMENTS, 1)]
    concepts = re.findall(r"^### 4\.(\d+) (.+)$", TEXT, re.MULTILINE)
    assert concepts == [(f"{n}", name) for n, name in enumerate(CONCEPTS, 1)]


def test_rows_named_in_the_text_exist() -> None:
    prose = re.sub(rf"{re.escape(BEGIN)}.*?{END}", "", TEXT, flags=re.DOTALL)
    ids = {row.id for row in read().values()}
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", prose, flags=re.DOTALL))
    named = {name for span in spans for name in re.findall(r"(?<![\w./<>])([a-z_]+\.[a-z_0-9]+)(?![\w./])", span)}
    files = {name for name in named if name.endswith((".py", ".toml", ".csv"))}
    wrong = sorted(name for name in named - files if name not in {*ids, *NO_ROWS})
    assert wrong == []
    assert len(named) > 100
