"""Machine code kept on disk is never older than the sources: what is edited is seen, whatever the clock says."""

import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import asked
import pytest
from slices import CHECKED, run_python

from model import jit

AGE, DRAW, BIN, COUNT, BIT = range(5)  # the answers
EDITS = {  # file, what stands there, what instead, which answer is another then
    "a rule": ("rules/offending.py", "people[i].birth)) // 12, 100)", "people[i].birth)) // 12, 110)", AGE),
    "a constant of a rule in another file": ("draws.py", "GOLDEN = 0x9E37", "GOLDEN = 0x9E38", DRAW),
    "the form of the law": ("law/form.py", "BINS_A_SD = 16.0", "BINS_A_SD = 18.0", BIN),
    "a word's number": ("vocabulary.py", "COUNTED_ACES = 9", "COUNTED_ACES = 8", COUNT),
    "a table": ("rules/offending.py", "& 0xFFFFFFFF) >> 27] = _bit", "& 0xFFFFFFFF) >> 27] = 7   ", BIT),
}
ON_REQUEST = {"a word's number", "a table"}
NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}


def copied(folder: Path) -> Path:
    """A copy of the model's sources, with something to ask them."""
    shutil.copytree(jit.MODEL, folder / "model", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "model" / "probe.py").write_text(asked.PROBE, encoding="utf-8", newline="\n")
    shutil.copy(asked.__file__, folder)
    return folder


def ask(folder: Path, cache: Path, environment: dict[str, str] | None = None) -> SimpleNamespace:
    told = run_python(["asked.py"], folder, {"UPSTREAM_CACHE": str(cache)} | (environment or {}))
    answer = SimpleNamespace(**json.loads(told))
    assert Path(answer.model).parent.samefile(folder / "model")
    return answer


def edit(folder: Path, file: str, before: str, after: str, seconds: float = 0.0) -> None:
    """Change a file so that neither its size nor, but for those seconds, its time tells."""
    path = folder / "model" / file
    text, time = path.read_bytes(), path.stat()
    assert text.count(before.encode()) == 1, before
    assert len(before) == len(after), after
    path.write_bytes(text.replace(before.encode(), after.encode()))
    shift = round(seconds * 1e9)
    os.utime(path, ns=(time.st_atime_ns + shift, time.st_mtime_ns + shift))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def unedited(checkout: Path, cache: Path) -> SimpleNamespace:
    first = ask(checkout, cache, NO_BYTECODE)
    assert first.answers[AGE] == 100
    assert first.from_disk == 0
    return first


def test_what_was_not_edited_is_read_from_the_disk(
    unedited: SimpleNamespace, checkout: Path, cache: Path
) -> None:
    """Else the tests below could not fail."""
    again = ask(checkout, cache, NO_BYTECODE)
    assert (again.answers, again.made_of, again.from_disk) == (unedited.answers, unedited.made_of, 1)


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=[pytest.mark.slow] * (what in ON_REQUEST)) for what in EDITS]
)
def test_an_edit_is_seen_though_neither_size_nor_time_of_the_file_tells(
    what: str, unedited: SimpleNamespace, checkout: Path, cache: Path
) -> None:
    file, before, after, which = EDITS[what]
    edit(checkout, file, before, after)
    try:
        now = ask(checkout, cache, NO_BYTECODE)
    finally:
        edit(checkout, file, after, before)
    changed = [k for k, pair in enumerate(zip(unedited.answers, now.answers, strict=True)) if pair[0] != pair[1]]
    assert changed == [which]
    assert now.from_disk == 0
    assert now.made_of != unedited.made_of
    assert now.folder != unedited.folder


def test_an_edit_with_an_older_time_is_seen(tmp_path: Path) -> None:
    """With Python's own bytecode there."""
    here, cache = copied(tmp_path), tmp_path / "cache"
    file, before, after, which = EDITS["a rule"]
    assert ask(here, cache).answers[which] == 100
    edit(here, file, before, after, seconds=-90.0)
    assert ask(here, cache).answers[which] == 110


def test_machine_code_is_of_what_python_loaded_and_not_of_what_the_file_says(tmp_path: Path) -> None:
    """Python takes its own old bytecode for new when a file changes without its size and the second of its time.
    What is compiled of that must not be found once Python has seen the edit."""
    here, cache = copied(tmp_path), tmp_path / "cache"
    file, before, after, which = EDITS["a rule"]
    first = ask(here, cache)
    edit(here, file, before, after)
    deceived = ask(here, cache)
    assert deceived.folder != first.folder
    assert deceived.made_of == first.made_of
    shutil.rmtree(here / "model" / "rules" / "__pycache__")
    seen = ask(here, cache)
    assert seen.folder == deceived.folder  # and in it lies the machine code of the old rule
    assert (seen.answers[which], seen.from_disk) == (110, 0)


def test_two_checkouts_share_a_cache_and_no_rule(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    one, other = copied(tmp_path / "one"), copied(tmp_path / "other")
    file, before, after, which = EDITS["a rule"]
    edit(other, file, before, after)
    told = [ask(folder, cache) for folder in (one, other, one)]
    assert [(one.answers[which], one.from_disk) for one in told] == [(100, 0), (110, 0), (100, 1)]


OVER_THE_END = (  # what stands there, and what looks one too far
    ("np.int64(people[i].birth)) // 12, 100", "np.int64(people[i + 1].birth)) // 12, 100"),  # a row
    ("for h in range(N_HAZARDS):\n        total += np.float64(people[i].rate[h])\n    return total / RATE_ONE",
     "for h in range(N_HAZARDS + 1):\n        total += np.float64(people[i].rate[h])\n    return total / RATE_ONE"),
)  # fmt: skip


def test_an_index_over_the_end_is_caught_with_bounds_checks_alone(tmp_path: Path) -> None:
    """Those without checks are compiled first, into the same cache: they must not be taken for those with."""
    here, cache = copied(tmp_path), tmp_path / "cache"
    path = here / "model" / "rules" / "offending.py"
    text = path.read_text(encoding="utf-8")
    for before, after in OVER_THE_END:
        assert text.count(before) == 1
        path.write_text(text.replace(before, after), encoding="utf-8", newline="\n")
        ask(here, cache)
        told = run_python(["asked.py"], here, {"UPSTREAM_CACHE": str(cache)} | CHECKED, fails=True)
        assert "IndexError" in told
