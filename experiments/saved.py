"""A run that stops and goes on another day: its state in one file, written whole or not at all."""

import os
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from model.inputs import ModelInputs
from model.resume import Arrays, arrays_of, resumed
from model.world import PreventionModel
from scenarios import Fault, InputFaults


def save(model: PreventionModel, path: Path | str) -> Path:
    """Keep the state of a model between two months in a .npz file: plain arrays, no pickle. Gives its path.

    A file of that name is replaced once the new one is whole.
    """
    path = Path(path)
    unfinished = path.with_name(f"_unfinished-{uuid.uuid4().hex[:8]}-{path.name}")
    try:
        with unfinished.open("wb") as stream:
            np.savez(stream, **plain(arrays_of(model)))  # type: ignore[arg-type]
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def plain(state: Arrays) -> Arrays:
    """The same state; TypeError when there is anything in it that only pickle could keep."""
    if odd := [name for name, array in state.items() if array.dtype.hasobject]:
        raise TypeError(f"not plain arrays: {', '.join(odd)}")
    return state


def resume(inputs: ModelInputs, values: Mapping[str, float], path: Path | str) -> PreventionModel:
    """The model that was saved at `path`, to go on from its month: the rest comes out as if it never stopped.

    `inputs` and `values` are those it was made from; money alone may differ. Raises InputFaults when the
    file is no saved run, or one of something else.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            state = {name: file[name] for name in file.files}
        return resumed(inputs, values, state)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        mend = "give a file that experiments.saved.save wrote, with the inputs and values of its run"
        raise InputFaults([Fault(str(path), 0, f"cannot be gone on from: {error}", mend)]) from error
