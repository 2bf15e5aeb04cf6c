"""Faults that people really make, each planted alone in a whole set of files (a scenario with a scheme and an area of
its own): `upstream run` ends with 2, says where and how to mend it, and writes nothing."""

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import upstream
from scenarios import scenario as scenarios

HOME = Path(scenarios.__file__).parent
SCENARIO, SCHEME, AREA = "mine.toml", "my_scheme.toml", "my_area"
TEXT = """\
title = "Mine"
question = "What is bought?"
area = "my_area"
start = 2022-04-01
years = 4
price_year = "2022/23"
comparator = "as_agreed"
schemes = ["my_scheme.toml"]

[run]
scale = 0.01
replicates = 1
seed = 3

[[alternative]]
name = "as_agreed"
title = "As agreed"
pounds_a_year = 1_000_000
shares = { my_scheme = 0.5, mentoring = 0.5 }

[[alternative]]
name = "more"
title = "More"
like = "as_agreed"
more = { my_scheme = 100_000 }
"""


def change(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Plant a fault by changing a piece of text."""

    def plant(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, (file, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")

    return plant


def replace(file: str, content: Callable[[str], bytes]) -> Callable[[Path], None]:
    """Plant a fault by writing the file anew."""

    def plant(folder: Path) -> None:
        path = folder / file
        path.write_bytes(content(path.read_text(encoding="utf-8")))

    return plant


def remove(file: str) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        (folder / file).unlink()

    return plant


def spreadsheet(_: str) -> bytes:
    """What Excel saves, whatever the name says: a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


SHARES = "shares = { my_scheme = 0.5, mentoring = 0.5 }"
POPULATION = f"{AREA}/population_single_year.csv"
PERIODS = f"{AREA}/periods.csv"
# What is wrong: how it is planted, the file that must be named, and what the line must speak of.
FAULTS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a misspelt scheme": (change(SCENARIO, SHARES, SHARES.replace("mentoring", "mentorng")), SCENARIO, "mentorng"),
    "shares in per cent": (change(SCENARIO, SHARES, SHARES.replace("0.5", "50")), SCENARIO, "50"),
    "shares that do not add up": (change(SCENARIO, SHARES, SHARES.replace("0.5,", "0.4,")), SCENARIO, "0.9"),
    "money below nothing": (change(SCENARIO, "1_000_000", "-1_000_000"), SCENARIO, "pounds_a_year"),
    "a pound sign": (change(SCENARIO, "1_000_000", '"£1,000,000"'), SCENARIO, "pounds_a_year"),
    "more money than there is": (change(SCENARIO, "1_000_000", "1e300"), SCENARIO, "pounds_a_year"),
    "a number beyond all numbers": (change(SCENARIO, "1_000_000", "inf"), SCENARIO, "pounds_a_year"),
    "a plan from 1066": (change(SCENARIO, "2022-04-01", "1066-04-01"), SCENARIO, "start"),
    "a start in June": (change(SCENARIO, "2022-04-01", "2022-06-01"), SCENARIO, "start"),
    "a plan without end": (change(SCENARIO, "years = 4", "years = 400"), SCENARIO, "years"),
    "a key that means nothing": (change(SCENARIO, "seed = 3", "sed = 3"), SCENARIO, "sed"),
    "the same key twice": (change(SCENARIO, "years = 4", "years = 4\nyears = 5"), SCENARIO, "twice"),
    "two alternatives of one name": (change(SCENARIO, 'name = "more"', 'name = "as_agreed"'), SCENARIO, "as_agreed"),
    "a comparator that is not there": (change(SCENARIO, '"as_agreed"', '"as_was"'), SCENARIO, "as_was"),
    "a scheme outside its folder": (
        change(SCENARIO, '"my_scheme.toml"', '"../../my_scheme.toml"'), SCENARIO, "my_scheme",
    ),
    "a scheme that is not there": (remove(SCHEME), SCENARIO, "my_scheme.toml"),
    "a spreadsheet called .toml": (replace(SCENARIO, spreadsheet), SCENARIO, "text"),
    "saved in another encoding": (replace(SCENARIO, lambda text: text.encode("utf-16")), SCENARIO, "UTF-8"),
    "brackets upon brackets": (
        change(SCENARIO, SHARES, "shares = " + "[" * 5000 + "]" * 5000), SCENARIO, "deep",
    ),
    "a ratio below nothing": (change(SCHEME, "value = 1.0, low = 0.85", "value = -1.0, low = 0.85"), SCHEME, "-1"),
    "a ratio of no row": (change(SCHEME, 'ratio = "my_scheme.ratio"', 'ratio = "my_scheme.rate"'), SCHEME, "rate"),
    "a table with semicolons": (
        replace(POPULATION, lambda text: text.replace(",", ";").encode()), "population_single_year.csv", "semicolons",
    ),
    "a cell that is no number": (change(POPULATION, "female,0,", "female,0,x"), "population_single_year.csv", "x"),
    "a name of many names": (change(SCENARIO, "seed = 3", f"seed{'.a' * 50_000} = 3"), SCENARIO, "deep"),
    "a price of all but nothing": (
        change(SCHEME, "value = 1000, low = 600, high = 1800", "value = 1e-300, low = 1e-301, high = 1e-299"), SCHEME,
        "0.01",
    ),
    "a year from 1066": (change(PERIODS, "2012/13", "1066/67"), "periods.csv", "1066/67"),
    "a period without a year": (change(f"{AREA}/mortality.csv", "2020-2022", "banana"), "mortality.csv", "banana"),
    "a quotation mark too many": (
        change(f"{AREA}/neighbourhoods.csv", "Herefordshire 011A", '"Herefordshire 011A'), "neighbourhoods.csv",
        "quotation",
    ),
    "a spreadsheet called .csv": (replace(POPULATION, spreadsheet), "population_single_year.csv", "spreadsheet"),
    "a table that is missing": (remove(f"{AREA}/moves.csv"), "moves.csv", "moves.csv"),
}  # fmt: skip


HAVE_NO_LINES = ("a table that is missing", "a spreadsheet called .toml", "saved in another encoding")


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A folder with a scenario, a scheme and an area of its own, all in order."""
    shutil.copytree(HOME / "areas" / "west_mercia", tmp_path / AREA)
    shutil.copy(HOME / "templates" / "scheme.toml", tmp_path / SCHEME)
    (tmp_path / SCENARIO).write_text(TEXT, encoding="utf-8", newline="\n")
    return tmp_path


def told(folder: Path) -> tuple[int, str]:
    """What `upstream run` says of the files, and its exit code; the engine never starts in these."""
    ended = CliRunner().invoke(upstream.cli, ["run", str(folder / SCENARIO), "--out", str(folder / "out")])
    return ended.exit_code, ended.output


def test_there_are_twenty() -> None:
    assert len(FAULTS) >= 20


def test_without_a_fault_it_is_a_plan(whole: Path) -> None:
    ended = CliRunner().invoke(upstream.cli, ["check", str(whole / SCENARIO)])
    assert ended.exit_code == 0, ended.output


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught_and_told(fault: str, whole: Path) -> None:
    plant, file, word = FAULTS[fault]
    plant(whole)
    before = sorted(path.relative_to(whole) for path in whole.rglob("*"))
    code, said = told(whole)
    assert code == 2, said
    assert "Traceback" not in said
    lines = [line for line in said.splitlines() if file in line and word in line]
    assert lines, said
    # On which line of the file, and after the semicolon how to mend it.
    where = re.compile(re.escape(file) + (r": " if fault in HAVE_NO_LINES else r":[1-9]\d*: "))
    assert any(where.search(line) and "; " in line for line in lines), said
    assert sorted(path.relative_to(whole) for path in whole.rglob("*")) == before
