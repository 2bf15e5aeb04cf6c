"""The register only grows, tells what was changed by name, and scores a run from end to end."""

import csv
from datetime import date
from pathlib import Path

import pytest
import xarray as xr
from click.testing import CliRunner, Result
from fake_engine import install

import upstream
from experiments import run, write_run
from experiments.register.folder import FACTS, INDEX, ROWS, checked, entries, register
from experiments.register.recorded import LEVEL_SET_TO, held_of, read_recorded, write_template, year_of
from results.register.predicted import GROUPS
from scenarios import InputFaults, load
from scenarios.areas import load_area

YEARS = ["2022/23", "2023/24"]
DISTRICTS = {"E07000236": "Redditch", "E07000237": "Worcester"}
HEAD = "financial_year,group,district,value,source\n"


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    with pytest.MonkeyPatch.context() as monkeypatch:
        install(monkeypatch)
        return run(load("west_mercia_2022"), replicates=3, scale=0.001, years=2, seed=0)


@pytest.fixture(scope="module")
def folder(ds: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run's folder, without charts and tables."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("results.charts.write_charts", lambda ds, folder: [])
        monkeypatch.setattr("results.tables.write_tables", lambda ds, folder: [])
        return write_run(ds, load("west_mercia_2022"), tmp_path_factory.mktemp("runs") / "run")


def call(*words: object) -> Result:
    return CliRunner().invoke(upstream.cli, [str(word) for word in words])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_run_twice_is_one_entry(ds: xr.Dataset, tmp_path: Path) -> None:
    first = register(ds, tmp_path / "register", date(2026, 1, 2))
    before = contents(tmp_path / "register")
    again = register(ds, tmp_path / "register", date(2026, 5, 6))
    assert first.new
    assert not again.new
    assert (again.name, again.registered, again.seal) == (first.name, "2026-01-02", first.seal)
    assert contents(tmp_path / "register") == before


def test_entries_are_added_and_none_is_touched(ds: xr.Dataset, tmp_path: Path) -> None:
    register(ds, tmp_path, date(2026, 1, 2))
    before = contents(tmp_path)
    other = register(ds.assign_attrs(seed="1"), tmp_path, date(2026, 3, 4))
    after = contents(tmp_path)
    assert all(after[name] == content for name, content in before.items() if name != INDEX)
    assert after[INDEX].startswith(before[INDEX])
    assert [entry.name for entry in entries(tmp_path, "West Mercia")][1] == other.name
    found = entries(tmp_path, "West Mercia")[0]
    assert found.registered == date(2026, 1, 2)
    assert found.facts["comparator"] == "as_agreed"
    assert len(found.runs["as_agreed", "2023/24", "total", ""]) == 3


@pytest.mark.parametrize("file", [FACTS, ROWS])
def test_a_changed_entry_is_refused_by_name(ds: xr.Dataset, tmp_path: Path, file: str) -> None:
    kept = register(ds, tmp_path)
    path = tmp_path / kept.name / file
    as_it_was = path.read_bytes()
    path.write_bytes(as_it_was.replace(b"1", b"2", 1))
    for act in (lambda: register(ds, tmp_path), lambda: entries(tmp_path, "West Mercia")):
        with pytest.raises(InputFaults, match=f"{file}: was changed after it was registered") as wrong:
            act()
        assert kept.name in wrong.value.faults[0].file
        assert wrong.value.faults[0].mend
    path.write_bytes(as_it_was.replace(b"\n", b"\r\n"))  # as git or a mail may hand it on
    assert checked(tmp_path)
    path.unlink()
    with pytest.raises(InputFaults, match="in the index and not in the folder"):
        checked(tmp_path)


def test_a_changed_index_is_refused(ds: xr.Dataset, tmp_path: Path) -> None:
    register(ds, tmp_path, date(2026, 1, 2))
    register(ds.assign_attrs(seed="1"), tmp_path, date(2026, 3, 4))
    index = tmp_path / INDEX
    text = index.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    for changed in (text.replace("2026-01-02", "2022-01-02"), "".join([lines[0], *lines[3:]])):
        index.write_text(changed, encoding="utf-8", newline="\n")
        with pytest.raises(InputFaults, match=r"index\.csv:2: the seal of .* does not fit"):
            checked(tmp_path)


def test_other_figures_under_the_same_name_are_refused(ds: xr.Dataset, tmp_path: Path) -> None:
    register(ds, tmp_path)
    before = contents(tmp_path)
    with pytest.raises(InputFaults, match="has other figures"):
        register(ds.assign(recorded_crimes=ds.recorded_crimes + 1), tmp_path)
    assert contents(tmp_path) == before


def test_a_folder_that_is_no_register_is_left_alone(ds: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputFaults, match="is no register"):
        register(ds, tmp_path)
    assert list(contents(tmp_path)) == ["notes.txt"]


WRONG = [  # a row, the line it is told at, what is said of it
    ("2023,total,,9,ONS\n", 2, "write 2023/24"),
    ("2035/36,total,,9,ONS\n", 2, "it has 2022/23 to 2023/24"),
    (",total,,9,ONS\n", 2, "financial_year: is empty"),
    ("2023/24,robery,,9,ONS\n", 2, "perhaps 'robbery' is meant"),
    ("2023/24,total,Reddich,9,ONS\n", 2, "perhaps 'Redditch' is meant"),
    ('2023/24,total,,"9,100",ONS\n', 2, "write 9100"),
    ("2023/24,total,,-1,ONS\n", 2, "is negative"),
    ("2023/24,total,,nan,ONS\n", 2, "is not a number"),
    ("2023/24,total,,9,\n", 2, "say where the figure was published"),
    ("2023/24,total,,9,ONS\n2023/24,total,,9,ONS\n", 3, "repeats line 2"),
    ("2023/24,total,Redditch,9,ONS\n2023/24,total,E07000236,9,ONS\n", 3, "repeats line 2"),
    ("2023/24,total,9,ONS\n", 2, "has 4 cells under 5 columns"),
    ("2023/24,total,,,\n", 0, "fill in the column value"),
]


@pytest.mark.parametrize(("rows", "line", "said"), WRONG)
def test_a_bad_row_is_told_by_file_line_and_mend(tmp_path: Path, rows: str, line: int, said: str) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(InputFaults) as wrong:
        read_recorded(path, YEARS, DISTRICTS)
    fault = wrong.value.faults[-1]
    assert {one.line for one in wrong.value.faults} <= {1, line}
    assert (fault.file, fault.line) == (str(path), line)
    assert said in str(fault)
    assert fault.mend or "is negative" in str(fault)


def test_all_bad_rows_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    rows = [row for row, line, _ in WRONG if line == 2]
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    with pytest.raises(InputFaults) as wrong:
        read_recorded(path, YEARS, DISTRICTS)
    assert [fault.line for fault in wrong.value.faults] == list(range(2, 2 + len(rows)))


@pytest.mark.parametrize("text", ["", "year,group\n", HEAD.replace(",", ";"), HEAD])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFaults) as wrong:
        read_recorded(path, YEARS, DISTRICTS)
    assert all(fault.mend for fault in wrong.value.faults)
    for other in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputFaults, match="no CSV file"):
            read_recorded(other, YEARS, DISTRICTS)


def test_the_template_names_every_group_and_is_read_back(tmp_path: Path) -> None:
    path = write_template(tmp_path / "figures.csv")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert {line.split(",")[1] for line in lines[1:]} == set(GROUPS)
    filled = [lines[0], lines[1].replace(",,,", ",,9100,ONS"), *lines[2:]]
    path.write_text("\n".join(filled), encoding="utf-8")
    told, empty = read_recorded(path, YEARS, DISTRICTS)
    assert [(one.year, one.group, one.value) for one in told] == [(LEVEL_SET_TO + 1, "total", 9100)]
    assert empty == len(GROUPS) - 1
    with pytest.raises(InputFaults, match="is there already"):
        write_template(path)


@pytest.mark.parametrize(
    ("period", "year"),
    [("year to March 2023", 2022), ("2024/25", 2024), ("year to September 2022", None), ("calendar 2018", None)],
)
def test_the_year_of_a_period(period: str, year: int | None) -> None:
    assert year_of(period) == year


def test_naive_holds_the_area_s_own_record() -> None:
    held = held_of(load_area("west_mercia"))
    assert held["robbery"] == (701, 2022)
    assert held["fraud_computer_misuse"].year == 2024
    assert held["total"].value == pytest.approx(95_006, abs=15)  # as published, but for rounding of its groups


def test_a_run_is_registered_and_scored(folder: Path, tmp_path: Path) -> None:
    register_at = ["--register", tmp_path / "register"]
    assert "registered as" in call("register", folder, *register_at).output
    assert "nothing was changed" in call("register", folder, *register_at).output
    figures = tmp_path / "figures.csv"
    figures.write_text(
        HEAD + "2022/23,total,,95006,ONS\n2023/24,total,,93000,ONS\n2023/24,robbery,,700,ONS\n"
        "2023/24,total,Redditch,8000,ONS\n2023/24,drugs,,,\n", encoding="utf-8",
    )  # fmt: skip
    told = call("score", "west_mercia", figures, *register_at, "--out", tmp_path)
    assert told.exit_code == 0, told.output
    for said in ("look back", "level set", "Skill", "few", "not meant as a forecast", "without a figure"):
        assert said in told.output.replace("\n", " "), said
    with (tmp_path / "score.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["group"] for row in rows] == ["total", "total", "robbery", "total"]
    assert [row["district"] for row in rows] == ["", "", "", "Redditch"]
    for row in rows:
        assert float(row["error"]) == pytest.approx(float(row["predicted"]) - float(row["observed"]), rel=1e-4)
        assert row["crps"]
    assert (tmp_path / "score_summary.csv").exists()


def test_every_entry_is_scored_and_what_it_lacks_is_said(ds: xr.Dataset, tmp_path: Path) -> None:
    """None is picked for its luck; and what a reader has to know of an entry stands before its figures."""
    first = register(ds, tmp_path / "register", date(2026, 1, 2))
    later = ds.assign_coords(year=ds.year + 5).assign_attrs(area_hash="another", fit_warning="The fit is old.")
    second = register(later, tmp_path / "register", date(2026, 1, 2))
    figures = tmp_path / "figures.csv"
    figures.write_text(HEAD + "2023/24,total,,93000,ONS\n2027/28,total,,90000,ONS\n", encoding="utf-8")
    told = call("score", "west_mercia", figures, "--register", tmp_path / "register", "--out", tmp_path)
    assert told.exit_code == 0, told.output
    with (tmp_path / "score.csv").open(encoding="utf-8", newline="") as stream:
        rows = [(row["entry"], row["financial_year"], row["kind"]) for row in csv.DictReader(stream)]
    assert rows == [(first.name, "2023/24", "look back"), (second.name, "2027/28", "forecast")]
    words = told.output.replace("\n", " ")
    for said in ("1 figures of the file", "tables have changed since", "The fit is old"):
        assert said in words, said


def test_what_cannot_be_scored_is_said_and_nothing_written(folder: Path, tmp_path: Path) -> None:
    register_at = ["--register", tmp_path / "register"]
    figures = tmp_path / "score.csv"
    figures.write_text(HEAD + "2023/24,total,,93000,ONS\n", encoding="utf-8")
    before = contents(tmp_path)
    assert call("score", "west_mercia", figures, *register_at).exit_code == 2  # nothing registered
    assert contents(tmp_path) == before
    call("register", folder, *register_at)
    before = contents(tmp_path)
    for words, said in (
        (["score", "essex", figures, *register_at], "has no entry of Essex"),
        (["score", "west_mercia", figures, *register_at, "--alternative", "stopp"], "perhaps 'stop' is meant"),
        (["score", "west_mercia", figures, *register_at, "--out", tmp_path], "would be written over"),
        (["score", "west_mercia"], "--template"),
        (["register", tmp_path, *register_at], "holds no finished run"),
    ):
        told = call(*words)
        assert told.exit_code == 2, words
        assert said in told.output, told.output
    assert contents(tmp_path) == before
