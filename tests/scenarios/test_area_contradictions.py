"""Figures of an area that are each possible and cannot all be true."""

import shutil
from pathlib import Path

import pytest

import scenarios.areas
from scenarios.areas import load_area
from scenarios.faults import InputFaults

HOME = Path(scenarios.areas.__file__).parent
CONTRADICTIONS = {
    "homes": ("households.csv", "households_of_size,1,25461", "households_of_size,1,2546100", "hold"),
    "residents": ("population_single_year.csv", "female,0,750", "female,0,7500000", "hold"),
    "partnerships": ("households.csv", "civil partnership,0.49909", "civil partnership,0.99909", "add up to 1.5"),
    "destinations": ("move_destinations.csv", "same_district,0.622,0.481,0.858", "same_district,0.822,0.481,0.858",
                     "add up to 1.199"),
    "unit": ("moves.csv", '37.84,,,"per 1,000 residents a year"', "37.84,,,per 100 residents a year", "unit"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CONTRADICTIONS)
def test_figures_that_cannot_all_be_true_are_told(kind: str, tmp_path: Path) -> None:
    file, old, new, said = CONTRADICTIONS[kind]
    folder = Path(shutil.copytree(HOME / "west_mercia", tmp_path / "copy"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    with pytest.raises(InputFaults) as caught:
        load_area(folder)
    faults = caught.value.faults
    assert all(said in fault.what for fault in faults), faults
    assert all(fault.line > 1 for fault in faults)


def test_a_missing_row_is_missed_before_it_is_compared(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HOME / "west_mercia", tmp_path / "copy"))
    path = folder / "households.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = next(line for line in lines if "residents_in_communal_establishments" in line)
    path.write_text("".join(line for line in lines if line != gone), encoding="utf-8")
    with pytest.raises(InputFaults, match="no row for") as caught:
        load_area(folder)
    assert [fault.file for fault in caught.value.faults] == ["households.csv"]
