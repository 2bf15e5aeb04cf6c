"""Writes a commented start for someone's own scenario, scheme or experiment."""

import re
from pathlib import Path

from scenarios.faults import Fault, InputFaults

TEMPLATES = Path(__file__).parent / "templates"


def write_scenario_template(path: Path | str) -> Path:
    """A scenario that passes its check, at `path`. Raises InputFaults when that is taken or no .toml."""
    return _write(Path(path), (TEMPLATES / "scenario.toml").read_text(encoding="utf-8"))


def write_experiment_template(path: Path | str) -> Path:
    """An experiment that passes its check, at `path`. Raises InputFaults when that is taken or no .toml."""
    return _write(Path(path), (TEMPLATES / "experiment.toml").read_text(encoding="utf-8"))


def write_scheme_template(path: Path | str) -> Path:
    """A scheme to fill in, at `path`; its id is the name of the file. Raises InputFaults as above."""
    path = Path(path)
    name = path.stem
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        mend = "use small letters, digits and _, such as my_scheme.toml"
        raise InputFaults([Fault(str(path), 0, f"{name!r} is no name for a scheme", mend)])
    text = (TEMPLATES / "scheme.toml").read_text(encoding="utf-8").replace("my_scheme", name)
    return _write(path, text)


def _write(path: Path, text: str) -> Path:
    if path.suffix != ".toml":
        raise InputFaults([Fault(str(path), 0, "does not end in .toml", f"write {path}.toml")])
    if path.exists():
        raise InputFaults([Fault(str(path), 0, "is there already", "name a new file")])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        what, mend = f"cannot be written: {error.strerror or error}", "name a folder that you may write in"
        raise InputFaults([Fault(str(path), 0, what, mend)]) from None
    return path
