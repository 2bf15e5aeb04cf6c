"""A run that stops in any month and goes on from its file comes out as if it never had."""

import gc
import weakref
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from worlds import SCHEME_VALUES, inputs, scheme, shared_past, values

from experiments.saved import resume, save
from model.inputs import ModelInputs
from model.people import PERSON
from model.resume import arrays_of
from model.world import PreventionModel
from scenarios import InputFaults

YEARS = 2
NAVIGATOR = scheme(id="test_event", event="arrest", ages=(10, 60), waiting_months=2)
BELIEVED = {
    **values(),
    **SCHEME_VALUES,
    **{name.replace("test_scheme", "test_event"): value for name, value in SCHEME_VALUES.items()},
}


def given() -> ModelInputs:
    effect = replace(NAVIGATOR.effects[0], ratio="test_event.ratio", effect_on="completed")
    return inputs(YEARS, programmes=(scheme(), replace(NAVIGATOR, effects=(effect,))), pounds=2e6)


def begun(months: int) -> PreventionModel:
    """A model that has lived so many months, each person's ledger kept."""
    model = PreventionModel(given(), BELIEVED, 7, shared_past(YEARS))
    model.keep_ledger()
    for _ in range(months):
        model.step()
    return model


def bytes_of(model: PreventionModel) -> dict[str, bytes]:
    """Every array of the state, people column by column: what lies between columns has no meaning."""
    state = arrays_of(model)
    people = state.pop("people")
    coming = state.pop("coming")
    columns = {f"people.{name}": people[name].tobytes() for name in PERSON.names or ()}
    columns |= {f"coming.{name}": coming[name].tobytes() for name in PERSON.names or ()}
    return columns | {name: array.tobytes() for name, array in state.items()}


@lru_cache(maxsize=1)
def never_stopped() -> dict[str, bytes]:
    model = begun(0)
    model.run()
    return bytes_of(model)


def test_a_closed_model_is_let_go() -> None:
    """Mesa would keep every model, people and all, for the life of the process."""
    model = begun(1)
    still_there = weakref.ref(model)
    model.close()
    del model
    gc.collect()
    assert still_there() is None


@pytest.mark.parametrize("month", [0, 1, 5, 11, 12, 13, 18, 23, 24])
def test_the_rest_comes_out_the_same(month: int, tmp_path: Path) -> None:
    path = save(begun(month), tmp_path / "state.npz")
    model = resume(given(), BELIEVED, path)
    assert model.months_lived == model.steps == month
    model.run()
    now, then = bytes_of(model), never_stopped()
    assert list(now) == list(then)
    assert [name for name in then if now[name] != then[name]] == []


def test_stopping_every_month_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.npz"
    model = begun(0)
    for _ in range(YEARS * 12):
        model.step()
        model = resume(given(), BELIEVED, save(model, path))
    assert [name for name, array in bytes_of(model).items() if array != never_stopped()[name]] == []
    assert [one.name for one in tmp_path.iterdir()] == ["state.npz"]


def test_only_plain_arrays_are_kept(tmp_path: Path) -> None:
    path = save(begun(3), tmp_path / "state.npz")
    with np.load(path, allow_pickle=False) as file:
        assert not any(file[name].dtype.hasobject for name in file.files)


def test_a_save_cut_short_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(begun(1), tmp_path / "state.npz")
    before = path.read_bytes()
    monkeypatch.setattr("os.replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(begun(2), path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["state.npz"]


def test_a_state_of_something_else_is_refused(tmp_path: Path) -> None:
    path = save(begun(1), tmp_path / "state.npz")
    for other in (replace(given(), scale=0.005), replace(given(), programmes=(scheme(), scheme(id="other")))):
        with pytest.raises(InputFaults, match="other inputs or values"):
            resume(other, BELIEVED, path)
    with pytest.raises(InputFaults, match="other inputs or values"):
        resume(given(), {**BELIEVED, "test_scheme.uptake": 0.1}, path)
    (tmp_path / "torn.npz").write_bytes(path.read_bytes()[:5000])
    (tmp_path / "text.npz").write_text("not a state", encoding="utf-8")
    for name in ("torn.npz", "text.npz", "missing.npz"):
        with pytest.raises(InputFaults, match=name):
            resume(given(), BELIEVED, tmp_path / name)


def test_other_money_may_follow(tmp_path: Path) -> None:
    """Alternatives may go on from one state: only programmes and what they change differ."""
    path = save(begun(12), tmp_path / "state.npz")
    model = resume(replace(given(), money=np.zeros_like(given().money)), BELIEVED, path)
    model.run()
    assert model.at_work.spend[0].sum() > 0
    assert model.at_work.spend[1].sum() == 0
    assert model.record.places[12:].sum() == 0
