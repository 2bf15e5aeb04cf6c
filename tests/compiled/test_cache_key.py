"""What a loop's machine code is kept under says all that it was made from."""

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import llvmlite
import numba
import numpy as np
import pytest

from model import apply, couples, draws, effects, happenings, households, jit, month, places, record
from model.rules import adversity, demography, justice, life, offending, risk, victims


def sources_in(folder: Path) -> Path:
    return shutil.copytree(jit.MODEL, folder / "model", ignore=shutil.ignore_patterns("__pycache__"))


def test_every_source_is_in_the_hash(tmp_path: Path) -> None:
    folder = sources_in(tmp_path)
    sources = sorted(folder.rglob("*.py"))
    known = {jit.source_hash(folder)}
    assert len(sources) > 40
    for path in sources:
        was = path.read_bytes()
        path.write_bytes(was + b"#")
        known.add(jit.source_hash(folder))
        path.write_bytes(was)
    assert len(known) == len(sources) + 1
    (folder / "law" / "form.py").rename(folder / "law" / "forms.py")
    assert jit.source_hash(folder) not in known


def test_a_checkout_with_other_line_ends_is_the_same(tmp_path: Path) -> None:
    folder = sources_in(tmp_path)
    path = folder / "draws.py"
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    before = jit.source_hash(folder)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert jit.source_hash(folder) == before


def test_versions_and_settings_of_what_compiles_are_in_the_folders_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UPSTREAM_CACHE", str(tmp_path))
    names = [jit.cache_folder().name]
    assert jit.cache_folder().name == names[0]
    other_python = SimpleNamespace(**{**vars(sys.implementation), "cache_tag": "other-399"})
    others = [
        (numba, "__version__", "0.0"), (np, "__version__", "0.0"), (llvmlite, "__version__", "0.0"),
        (sys, "implementation", other_python), (sys, "version_info", SimpleNamespace(major=3, minor=99)),
        (numba.config, "BOUNDSCHECK", 1), (numba.config, "OPT", 1), (numba.config, "LOOP_VECTORIZE", 0),
        (numba.config, "SLP_VECTORIZE", 1), (numba.config, "USING_SVML", "other"),
    ]  # fmt: skip
    for owner, name, value in others:
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, value)
            names.append(jit.cache_folder().name)
    for name, value in (("boundscheck", True), ("error_model", "python"), ("fastmath", True)):
        with monkeypatch.context() as patch:
            patch.setitem(jit._OPTIONS, name, value)
            names.append(jit.cache_folder().name)
    assert len(set(names)) == len(names)


FROZEN = [
    (draws, "S_OFFENCE"), (effects, "N_SLOTS"), (happenings, "HAPPENED"), (households, "S_NEIGHBOUR"),
    (apply, "PUSHED"), (month, "TEMPTED"), (adversity, "CHILDHOOD"), (demography, "ADULT"), (justice, "CONVICTED"),
    (life, "N_EVENTS"), (offending, "BIT_NUMBER"), (risk, "ABUSED"), (victims, "TRIES"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "name"), FROZEN, ids=[name for _, name in FROZEN])
def test_a_constant_frozen_into_a_month_is_part_of_what_it_is_made_of(
    module: object, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = jit.made_of(month.live_month.py_func)
    assert jit.made_of(month.live_month.py_func) == before
    monkeypatch.setattr(module, name, getattr(module, name) + 1)
    assert jit.made_of(month.live_month.py_func) != before


def test_a_loop_is_made_of_no_more_than_it_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a loop would be compiled anew in each process that has other files loaded."""
    before = jit.made_of(record.count_march.py_func)
    monkeypatch.setattr(draws, "S_OFFENCE", 99)
    assert jit.made_of(record.count_march.py_func) == before
    assert len({jit.made_of(one.py_func) for one in jit._LOOPS}) == len(jit._LOOPS)
    assert {couples.live_together, places.times_named} <= set(jit._LOOPS)
