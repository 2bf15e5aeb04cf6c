"""Whatever somebody writes into a scenario, scheme, area or experiment: a plan, or faults with their file and line, and
never anything else. 500 files here; `pytest -m slow -n 0 tests/scenarios/test_wrong_files.py` looks at 10,000."""

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from wrong_files import slipped, wrong_csv, wrong_toml

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
OF_THE_WHOLE = re.compile("missing|is saved|is a spreadsheet|has no effect")

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


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_file_is_told_by_file_and_line(kind: str, tmp_path: Path) -> None:
    look_at_many(kind, 500, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_wrong_files(kind: str, tmp_path: Path) -> None:
    look_at_many(kind, 10_000, tmp_path)
