"""The rules as Python, the rules compiled, and compiled with bounds checks come to the same bytes.

`python -m pytest tests/compiled -m slow -n 0 -s` prints what the wide slice comes to and which rules it meets.
"""

from pathlib import Path

import numpy as np
import pytest
from hand_made import ANSWERS
from rule_lines import compiled_files, met_by_file, table, total
from slices import CASES, CHECKED, FEW, PLAIN, WIDE, fingerprints, run_python

from model import as_python, jit

COVERED_AT_LEAST = 0.98  # of lines and branches of all rules
ROUNDING = "what is left when shares add up to a hair less than one"
EXPLAINED = {  # rules with a line or a branch that no slice meets, and why
    "decide.py hear": "nobody in custody has a case: going there ends it",
    "draws.py normal": "a draw below 1e-12 or above one less that",
    "effects.py next_change": "a place whose time is over is freed before its next change is asked for",
    "month.py note_life_event": "it is told of those three events alone",
    "rules/adversity.py set_ace": "an experience lived with has no hazard",
    "rules/demography.py demographic_event": ROUNDING,
    "rules/demography.py district_moved_to": ROUNDING,
    "rules/justice.py convict": "a person with 65,535 convictions",
    "rules/life.py change_life": "an event of nobody's: thresholds are redone whenever a hazard falls to nil",
    "rules/offending.py added_offence": ROUNDING,
    "rules/offending.py group_of_offence": ROUNDING,
    "rules/victims.py offence_district": ROUNDING,
}


def differing(one: dict, other: dict) -> dict[str, list[str]]:
    """By case, the arrays whose bytes differ."""
    assert one.keys() == other.keys()
    told = {}
    for name in one:
        a, b = one[name]["digests"], other[name]["digests"]
        told[name] = [array for array in {**a, **b} if a.get(array) != b.get(array)]
    return {name: arrays for name, arrays in told.items() if arrays}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return fingerprints(tuple(FEW), tmp_path_factory.mktemp("compiled"), {})


@pytest.fixture(scope="module")
def compiled_wide(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return fingerprints(tuple(WIDE), tmp_path_factory.mktemp("compiled_wide"), {})


def test_rules_as_python_come_to_the_same_bytes(compiled: dict, tmp_path: Path) -> None:
    bare, schemes, by_hand = (compiled[name]["happened"] for name in FEW)
    assert bare["offences"] > 50  # else it proves little
    assert schemes["starts"] > 1000
    assert schemes["schemes"] == 4
    assert schemes["offences"] != bare["offences"]
    assert by_hand == ANSWERS
    assert differing(compiled, fingerprints(tuple(FEW), tmp_path, PLAIN)) == {}


def test_every_rule_is_looked_at() -> None:
    """By coverage: the names of what is compiled, found in the sources, are those of the loops and what they call."""
    assert sum(map(len, compiled_files().values())) > 130
    assert {one.py_func.__name__ for one in jit._LOOPS} <= set().union(*compiled_files().values())


def test_numbers_of_rules_as_python_are_those_of_compiled_code() -> None:
    """Of 64 bits unless told otherwise; the kind that two have in common in `min`."""
    half = np.float32(0.1)
    assert type(half * 2.0) is np.float32  # and Python's own give way
    assert type(half * as_python._number(2.0)) is np.float64
    assert type(as_python._number(2)) is np.int64
    assert type(as_python._number(1 << 63)) is np.uint64
    assert as_python._number(True) is None
    assert type(as_python._least(half, np.float64(0.5))) is np.float64
    assert type(as_python._most(np.int16(3), np.int64(2))) is np.int64
    assert [type(one) for one in as_python._range(2)] == [np.int64, np.int64]


@pytest.mark.slow
def test_no_index_counts_from_the_end(tmp_path: Path) -> None:
    lived = fingerprints((*FEW, "wide, no scheme", "wide, cramped"), tmp_path, PLAIN, "--watch")
    assert set().union(*(one["from_the_end"] for one in lived.values())) == set()


@pytest.mark.slow
def test_with_bounds_checks_all_cases_come_to_the_same_bytes(
    compiled: dict, compiled_wide: dict, tmp_path: Path
) -> None:
    assert differing(compiled | compiled_wide, fingerprints(tuple(CASES), tmp_path, CHECKED)) == {}


@pytest.mark.slow
def test_the_wide_slice_as_python_comes_to_the_same_bytes_and_meets_the_rules(
    compiled: dict, compiled_wide: dict, tmp_path: Path
) -> None:
    data, report = f"--data-file={tmp_path / 'met'}", tmp_path / "report"
    options = ("--branch", f"--include={jit.MODEL / '*'}", data)
    lived = fingerprints(tuple(CASES), tmp_path, PLAIN, before=("-m", "coverage", "run", *options))
    run_python(["-m", "coverage", "json", "-q", data, "-o", str(report)], tmp_path, {})
    found = met_by_file(report)
    print()
    for name, one in lived.items():
        print(f"{name}: {one['happened']}")
    print(table(found))
    assert differing(compiled | compiled_wide, lived) == {}
    assert total(found).share >= COVERED_AT_LEAST
    not_met = {f"{file} {name}" for file, one in found.items() for name in {*one.lines_missed, *one.branches_missed}}
    assert not_met <= set(EXPLAINED), "a rule that the slice should meet, or a reason to give"
