"""Whatever somebody writes into a scenario, scheme, area or experiment: a plan, or faults with their file and line, and
never anything else. 500 files here; `pytest -m slow -n 0 tests/scenarios/test_wrong_files.py` looks at 10,000."""

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from wrong_files import slipped, wrong_csv, wrong_toml

import upstream
from experiments.experiment_files.experiment import load_experiment
from experiments.plan import make_plan
from scenarios import InputFaults, load
from scenarios import scenario as scenarios
from scenarios.areas import load_area
from scenarios.schemes import CATALOGUE, load_scheme

HOME = Path(scenarios.__file__).parent
AREA = HOME / "areas" / "west_mercia"
TEMPLATES = HOME / "templates"


@pytest.fixture(autouse=True)
def areas_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at is the file of the scenario, not its area again and again."""
    known: dict[str, object] = {}

    def once(where: str | Path) -> object:
        return known.setdefault(str(where), load_area(where)) if str(where) == "west_mercia" else load_area(where)

    monkeypatch.setattr(scenarios, "load_area", once)


def a_scenario(folder: Path, rng: random.Random) -> Callable[[], object]:
    source = rng.choice([TEMPLATES / "scenario.toml", HOME / "serious_violence_2023.toml", HOME / "money_stops.toml"])
    path = folder / "mine.toml"
    path.write_bytes(wrong_toml(source.read_text(encoding="utf-8"), rng))
    return lambda: make_plan(load(path))


def a_scheme(folder: Path, rng: random.Random) -> Callable[[], object]:
    source = rng.choice([*sorted(CATALOGUE.glob("*.toml")), TEMPLATES / "scheme.toml"])
    path = folder / source.name.replace("scheme.toml", "my_scheme.toml")
    path.write_bytes(wrong_toml(source.read_text(encoding="utf-8"), rng))
    return lambda: load_scheme(path, path.name)


def an_area(folder: Path, rng: random.Random) -> Callable[[], object]:
    whole = folder / "mine"
    shutil.copytree(AREA, whole)
    path = rng.choice(sorted(one for one in whole.iterdir() if one.suffix in (".csv", ".toml")))
    make = wrong_csv if path.suffix == ".csv" else wrong_toml
    text = path.read_text(encoding="utf-8")
    path.write_bytes(slipped(text, rng) if len(text) > 200_000 else make(text, rng))
    return lambda: load_area(whole)


def an_experiment(folder: Path, rng: random.Random) -> Callable[[], object]:
    path = folder / "mine.toml"
    path.write_bytes(wrong_toml((TEMPLATES / "experiment.toml").read_text(encoding="utf-8"), rng))
    return lambda: load_experiment(path)


# Faults that lie on no line: what is not there, and what a whole file is.
OF_THE_WHOLE = re.compile("is missing$|^is saved as|^is a spreadsheet|^is not text|has no effect")

KINDS = {"scenario": a_scenario, "scheme": a_scheme, "area": an_area, "experiment": an_experiment}
SHARES = {"scenario": 0.35, "scheme": 0.35, "area": 0.15, "experiment": 0.15}


def look_at(kind: str, number: int, folder: Path) -> str:
    """What comes of a wrong file: "plan" or "faults". Fails where it is anything else."""
    folder.mkdir()
    read = KINDS[kind](folder, random.Random(f"{kind} {number}"))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    faults = None
    try:
        read()
    except InputFaults as told:
        faults = told.faults
    assert faults != []
    for fault in faults or ():
        assert fault.file, fault
        assert fault.what, fault
        assert fault.mend, fault
        assert fault.line > 0 or OF_THE_WHOLE.search(fault.what), fault
        assert "\n" not in str(fault), fault
        assert len(str(fault)) < 2000, fault
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    shutil.rmtree(folder)
    return "plan" if faults is None else "faults"


def look_at_many(kind: str, files: int, folder: Path) -> None:
    told = [look_at(kind, number, folder / str(number)) for number in range(round(files * SHARES[kind]))]
    print(f"{kind}: {told.count('faults')} of {len(told)} wrong files have faults, the others make a plan")
    assert told.count("faults") > 0.3 * len(told)  # the files are wrong enough to see anything


# From the command line, where a file that is taken is also lived: a scenario with a scheme of its own.

TIMES = (1e-12, 1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3, 1e6, 1e12)
NUMBER = re.compile(r"(value|low|high) = (-?[\d.]+)")
SMALL = ("--scale", "0.002", "--years", "2", "--replicates", "1", "--jobs", "1")


def other_numbers(text: str, rng: random.Random) -> str:
    """A scheme whose rows are smaller or larger by far, one in seven of them."""

    def row(line: str) -> str:
        times = rng.choice(TIMES) if rng.random() < 0.15 else 1.0
        return NUMBER.sub(lambda one: f"{one[1]} = {float(one[2]) * times!r}", line) if times != 1.0 else line

    return "\n".join(row(line) if line.lstrip().startswith("{") else line for line in text.split("\n"))


def from_the_command_line(number: int, folder: Path) -> str:
    """What comes of a scenario whose file, or whose scheme's, is wrong: "refused" or "lived"."""
    rng = random.Random(f"command line {number}")
    folder.mkdir()
    scenario, scheme = ((TEMPLATES / name).read_text(encoding="utf-8") for name in ("scenario.toml", "scheme.toml"))
    scenario = scenario.replace("# schemes =", "schemes =").replace("parenting = 0.5", "my_scheme = 0.5")
    files = {"mine.toml": scenario.encode(), "my_scheme.toml": other_numbers(scheme, rng).encode()}
    if number % 4 == 0:
        name, text = rng.choice((("mine.toml", scenario), ("my_scheme.toml", scheme)))
        files[name] = wrong_toml(text, rng)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    codes = []
    for words in (["check"], ["run", "--out", str(folder / "out"), *SMALL]):
        ended = CliRunner().invoke(upstream.cli, [words[0], str(folder / "mine.toml"), *words[1:]])
        assert ended.exception is None or isinstance(ended.exception, SystemExit), (files, ended.exception)
        codes.append(ended.exit_code)
    assert codes in ([0, 0], [2, 2]), (codes, ended.output, files)
    assert (folder / "out").exists() == (codes[1] == 0)
    shutil.rmtree(folder)
    return "lived" if codes[1] == 0 else "refused"


def many_from_the_command_line(files: int, folder: Path) -> None:
    told = [from_the_command_line(number, folder / str(number)) for number in range(files)]
    print(f"from the command line: {told.count('lived')} of {files} are lived, the others refused with nothing written")
    assert 0 < told.count("lived") < files


def test_what_check_takes_is_lived_and_what_it_refuses_leaves_nothing(tmp_path: Path) -> None:
    many_from_the_command_line(8, tmp_path)


@pytest.mark.slow
def test_three_hundred_from_the_command_line(tmp_path: Path) -> None:
    many_from_the_command_line(300, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_file_is_told_by_file_and_line(kind: str, tmp_path: Path) -> None:
    look_at_many(kind, 500, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_wrong_files(kind: str, tmp_path: Path) -> None:
    look_at_many(kind, 10_000, tmp_path)
