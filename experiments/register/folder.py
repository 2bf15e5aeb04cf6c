"""The register: a folder of plain files that only grows, with an index that tells when something in it was changed.

    register/index.csv            a line for each file of each entry: its SHA-256, and a seal over all lines so far
    register/NAME/entry.toml      what the run was, and what its spread covers
    register/NAME/predicted.csv   what it predicted, with the value of every run
"""

import csv
import hashlib
import io
import tomllib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import tomlkit
import xarray as xr

from experiments.files import UNFINISHED, hashed, plain, take_away
from results.register.predicted import NO_FORECAST, by_row, covers, entry_name, facts, predicted
from results.register.scored import Entry
from scenarios import Fault, InputFaults

FOLDER = "register"
INDEX, FACTS, ROWS, ABOUT = "index.csv", "entry.toml", "predicted.csv", "README.md"
COLUMNS = ("entry", "registered", "file", "sha256", "seal")
KEEP = "the register only grows: put the file back as it was"
WORDS = """# Register of what runs predicted

`upstream register RUN` adds an entry, `upstream score AREA FILE` holds entries against recorded figures. Nothing here
is ever changed: `index.csv` has the SHA-256 of every file, and a seal over all lines so far. Write the last seal down
where others keep it (minutes will do): with it anybody can tell later that no entry was changed, added before it or
taken away. Without it, whoever may write in this folder could make the whole of it anew.

`predicted.csv` of an entry: recorded crimes a year by alternative, financial year, group of offences and district
(empty: the whole area), the mean and the 5, 25, 50, 75 and 95% points over the runs, then the value of each run.
`entry.toml` says what the run was and what the spread covers. Opening a file in a spreadsheet and saving it changes it.
"""


class Line(NamedTuple):
    """One line of the index."""

    entry: str
    registered: str
    file: str
    sha256: str
    seal: str


class Kept(NamedTuple):
    """What registering came to."""

    name: str
    registered: str
    new: bool
    seal: str  # of the last line of the index


def register(ds: xr.Dataset, folder: Path, today: date | None = None) -> Kept:
    """Keep what a run predicted. The same run again changes nothing. Raises InputFaults, and writes nothing, where the
    register has been changed, or has other figures under the name of this run."""
    lines = checked(folder)
    name, rows = entry_name(ds), csv_text(*predicted(ds))
    if own := [line for line in lines if line.entry == name]:
        if plain((folder / name / ROWS).read_bytes()) != plain(rows.encode()):
            what = "is of this run and has other figures: another kind of machine made it, or one of them was changed"
            raise InputFaults([Fault(str(folder / name), 0, what, "nothing was changed; find out which is right")])
        return Kept(name, own[0].registered, False, lines[-1].seal)
    if (folder / name).exists():
        what = "is not in the index"
        raise InputFaults([Fault(str(folder / name), 0, what, "it was left by a stop, or put there: take it away")])
    day = (today or date.today()).isoformat()
    files = {FACTS: facts_text(ds, name, day), ROWS: rows}
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{UNFINISHED}{uuid.uuid4().hex[:8]}"
    made.mkdir()
    try:
        for file, text in files.items():
            (made / file).write_text(text, encoding="utf-8", newline="\n")
        made.rename(folder / name)
        seal = _append(folder, name, day, files, lines)
    except OSError:
        take_away(folder / name)  # no line of the index tells of it
        raise
    finally:
        take_away(made)
    return Kept(name, day, True, seal)


def _append(folder: Path, name: str, day: str, files: Mapping[str, str], before: Sequence[Line]) -> str:
    """Add the lines of an entry to the index, in one piece; gives the last seal."""
    seal = before[-1].seal if before else ""
    added = []
    for file, text in files.items():
        told = (name, day, file, hashed(text.encode()))
        seal = sealed(seal, told)
        added.append([*told, seal])
    if not before:
        (folder / ABOUT).write_text(WORDS, encoding="utf-8", newline="\n")
    with (folder / INDEX).open("a", encoding="utf-8", newline="") as stream:
        stream.write(csv_text([] if before else list(COLUMNS), added))
    return seal


def checked(folder: Path) -> list[Line]:
    """The lines of the index, once everything is as it was written. Raises InputFaults naming each file that is not."""
    if not folder.exists():
        return []
    index = folder / INDEX
    if not index.is_file():
        if folder.is_dir() and not any(folder.iterdir()):
            return []
        mend = "name the folder of a register, or a new one, with --register"
        raise InputFaults([Fault(str(folder), 0, "is no register: it has no index.csv", mend)])
    lines, faults, seal = _lines(index), [], ""
    for number, line in enumerate(lines, 2):
        told = (line.entry, line.registered, line.file, line.sha256)
        if sealed(seal, told) != line.seal:
            faults.append(Fault(str(index), number, f"the seal of {line.entry}/{line.file} does not fit: this line, or "
                                "one before it, was changed or taken away", KEEP))  # fmt: skip
            break
        seal = line.seal
        path = folder / line.entry / line.file
        if not path.is_file():
            faults.append(Fault(str(path), 0, "is in the index and not in the folder", KEEP))
        elif hashed(path.read_bytes()) != line.sha256:
            faults.append(Fault(str(path), 0, f"was changed after it was registered on {line.registered}", KEEP))
    if faults:
        raise InputFaults(faults)
    return lines


def _lines(index: Path) -> list[Line]:
    try:
        header, *rows = list(csv.reader(io.StringIO(index.read_text(encoding="utf-8-sig"), newline="")))
        if tuple(header) != COLUMNS or not rows:
            raise ValueError(f"its first line is not {','.join(COLUMNS)}, or there is none after it")
        return [Line(*row) for row in rows]
    except (ValueError, TypeError, csv.Error) as error:
        raise InputFaults([Fault(str(index), 0, f"cannot be read: {error}", KEEP)]) from error


def entries(folder: Path, area: str) -> list[Entry]:
    """The entries of an area, by its name, in the order they were registered. Raises InputFaults where there is none,
    or where the register has been changed."""
    lines = checked(folder)
    found = []
    for name, registered in {line.entry: line.registered for line in lines}.items():
        told = tomllib.loads((folder / name / FACTS).read_text(encoding="utf-8"))
        if told["area"] == area:
            header, *rows = csv.reader(io.StringIO((folder / name / ROWS).read_text(encoding="utf-8"), newline=""))
            found.append(Entry(name, date.fromisoformat(registered), told, by_row(rows, header)))
    if not found:
        mend = "register a run of it first: upstream register RUN"
        raise InputFaults([Fault(str(folder), 0, f"has no entry of {area}", mend)])
    return found


def facts_text(ds: xr.Dataset, name: str, day: str) -> str:
    """entry.toml."""
    told = tomlkit.document()
    told.add(tomlkit.comment("An entry of a register of Upstream: what a run predicted. Never changed."))
    about: dict[str, Any] = {"entry": name, "registered": day, "not_a_forecast": NO_FORECAST, "covers": covers(ds)}
    for key, value in (about | facts(ds)).items():
        told[key] = value
    return tomlkit.dumps(told)


def csv_text(header: Sequence[str], rows: Sequence[Sequence[str | int | float]]) -> str:
    """CSV with plain line feeds; numbers to ten figures, which no count exceeds."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows([f"{cell:.10g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    return stream.getvalue()


def sealed(before: str, told: Sequence[str]) -> str:
    """The seal of a line: over the seal before it and all that it says."""
    return hashlib.sha256("\n".join([before, *told]).encode()).hexdigest()
