"""Tables and districts with nothing in them to read: one fault, not one for each column or person."""

import shutil
from pathlib import Path

import pytest

import scenarios.areas
from scenarios.areas import load_area
from scenarios.areas.layout import LAYOUTS
from scenarios.areas.tables import Known, read_table
from scenarios.faults import Fault, InputFaults

HOME = Path(scenarios.areas.__file__).parent
MOVES = next(layout for layout in LAYOUTS if layout.name == "moves")


@pytest.mark.parametrize(
    ("data", "what"), [(b"", "is empty"), (b"a;b\n1;2\n", "semicolons"), (b"a\tb\n1\t2\n", "tabs")]
)
def test_a_table_without_cells_is_told_once(data: bytes, what: str) -> None:
    faults: list[Fault] = []
    assert read_table(MOVES, data, Known({}, frozenset()), faults) is None
    (fault,) = faults
    assert (fault.file, fault.line) == ("moves.csv", 1)
    assert what in fault.what
    assert fault.mend


def test_a_district_without_residents_is_told(tmp_path: Path) -> None:
    folder = shutil.copytree(HOME / "west_mercia", tmp_path / "mine")
    path = folder / "population_single_year.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    empty = [f"{line.rpartition(',')[0]},0" if "E06000019" in line else line for line in lines]
    path.write_text("\n".join(empty), encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        load_area(folder)
    told = "population_single_year.csv:1: there is no resident in district E06000019; fill in its rows"
    assert str(caught.value) == told
