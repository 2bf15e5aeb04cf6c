"""Lives worlds, or a scenario, in a process of its own, and tells the digests of what they come to.

python lived_apart.py ASKED ANSWER [DATE]: ASKED is a pickle of a list of worlds or (scenario file, plan) pairs, ANSWER
is written as JSON, and with DATE the clock of the process stands on that day.
"""

import datetime
import importlib
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__)


def stand_on(day: str) -> None:
    """From now on every clock of this process says noon of that day. What is compiled elsewhere and knows the form of a
    date is imported first."""
    for name in ("numpy", "pandas", "xarray", "netCDF4"):
        importlib.import_module(name)
    noon = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()

    class Stopped(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(noon, tz)

        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(noon)

    class StoppedDate(datetime.date):
        @classmethod
        def today(cls):
            return cls.fromtimestamp(noon)

    datetime.datetime, datetime.date = Stopped, StoppedDate
    time.time, time.time_ns = lambda: noon, lambda: int(noon * 1e9)
    plain = time.localtime, time.gmtime, time.strftime
    time.localtime = lambda seconds=None: plain[0](noon if seconds is None else seconds)
    time.gmtime = lambda seconds=None: plain[1](noon if seconds is None else seconds)
    time.strftime = lambda form, when=None: plain[2](form, time.localtime() if when is None else when)


def answer(asked: list[Any]) -> list[dict[str, str]]:
    """The digests of everything that is asked for."""
    return [of_scenario(*one) if isinstance(one, tuple) else of_world(one) for one in asked]


def of_world(world: Any) -> dict[str, str]:
    """Of one alternative: its past is lived here too."""
    from compared import digests, lived

    return digests(*lived(world))


def of_scenario(path: str, plan: Mapping[str, Any]) -> dict[str, str]:
    """Of the dataset of results of a scenario file."""
    from experiments import run
    from scenarios import load

    return of_dataset(run(load(path), **plan))


def of_dataset(dataset: Any) -> dict[str, str]:
    """Of every variable, coordinate and attribute of a dataset."""
    from compared import digest

    found = {}
    for name, variable in dataset.variables.items():
        # Text has no bytes of its own: what it says is looked at.
        values = variable.values
        told = digest(values) if values.dtype.kind in "biuf" else repr(values.tolist())
        found[f"variable {name}"] = f"{variable.dims} {told} {sorted(variable.attrs.items())}"
    return found | {f"attribute {name}": str(value) for name, value in dataset.attrs.items()}


def apart(asked: list[Any], folder: Path, day: str = "", **environment: str) -> list[dict[str, str]]:
    """What another process answers, in a changed environment or on another day."""
    (folder / "asked.pickle").write_bytes(pickle.dumps(asked))
    command = [sys.executable, str(HERE), str(folder / "asked.pickle"), str(folder / "answer.json"), *[day] * bool(day)]
    subprocess.run(command, check=True, env={**os.environ, **environment}, cwd=folder)
    return json.loads((folder / "answer.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    if len(sys.argv) > 3:
        stand_on(sys.argv[3])
    found = answer(pickle.loads(Path(sys.argv[1]).read_bytes()))
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
