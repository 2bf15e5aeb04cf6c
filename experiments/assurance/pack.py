"""The folder of an assurance pack: written whole, stamped with a name, and held against the run that it is of."""

import csv
import hashlib
import io
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.assurance.gather import Gathered, alternatives_of
from experiments.assurance.shipped import ODD, purpose, referred, tests, text_of
from experiments.files import OWN, RESULTS, UNFINISHED, hashed, take_away
from experiments.register.folder import csv_text
from results.assurance import assumptions, data_log
from results.assurance.checklists import aqua, checklist_page, rigour
from results.assurance.decisions import decisions_page, limits_page, versions_page
from results.assurance.evidence_pages import result_checks, validation_page, verification_page
from results.assurance.front import front_page
from results.assurance.page import LIMITS, Assurer, Check, Of, page, short_status, status
from results.table_rows import Rows
from scenarios import Fault, InputFaults

FOLDER, MANIFEST = "assurance", "manifest.csv"
COLUMNS = ("part", "file", "sha256")
RUN, PACK = "run", "pack"
TEXT = (".csv", ".toml", ".md", ".svg")


class Line(NamedTuple):
    """A file of the run, or of the pack, and its hash."""

    part: str
    file: str
    sha256: str


def files_of(of: Of, found: Gathered, misuse: Sequence[str]) -> dict[str, str]:
    """The pages and tables of a pack, by file name."""
    ds, text = found.ds, referred()
    given = {name: float(pounds.sum()) for name, pounds in found.scenario.money(ds.sizes["year"]).items()}
    results = result_checks(ds, {name: given[name] for name in given if name in ds.alternative.values})
    whole = found.study is not None and not found.study.part
    told = assumptions.measured(found.log, found.study)
    weighed = Check("Which of all the uncertain numbers decide the answer was measured", whole, told)
    letters = rigour(ds, found.same, results, found.fit, weighed)
    stages = aqua(len(found.log), len(found.tables), text[0].sha256)
    lists = [check for each in (letters, stages) for checks in each.values() for check in checks]
    return {
        "README.md": front_page(of, found.log, found.used, found.study, found.fit, lists),
        LIMITS: limits_page(of, ds, purpose(), misuse),
        "RIGOUR.md": checklist_page(of, "RIGOUR", letters),
        "AQuA.md": checklist_page(of, "AQuA Book checklist", stages),
        "assumptions.md": assumptions.assumptions_page(of, found.log, found.used, found.study),
        assumptions.CSV: table_text(assumptions.rows_of(of, found.log)),
        "data.md": data_log.data_page(of, found.tables),
        data_log.CSV: table_text(data_log.rows_of(of, found.tables)),
        "decisions.md": decisions_page(of, ds, alternatives_of(found.scenario), text),
        "verification.md": verification_page(of, [*found.same, *results], tests()),
        "validation.md": validation_page(of, found.scenario.area.name, found.fit, found.report),
        "versions.md": versions_page(of, ds, found.now),
        "ODD.md": page(of, "How the model works, by ODD 2020", [text_of(ODD) or f"{ODD} is not on this machine."]),
    }


def table_text(rows: Rows) -> str:
    """A table as CSV that Excel opens; what is no number is left empty."""
    header, cells = rows
    return csv_text(header, [["" if cell != cell else cell for cell in row] for row in cells])


def write_pack(run: Path, folder: Path, files: Mapping[str, str], force: bool) -> None:
    """Write a pack whole or not at all. One that was there is replaced where nobody has edited it, or with `force`;
    raises InputFaults otherwise, and where the folder holds something else."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        check_replaced(folder, force)
    put(run, folder, files)


def put(run: Path, folder: Path, files: Mapping[str, str]) -> None:
    """Files and their manifest in place of what stands at `folder`, which stays until they are whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    mark = f"{folder.name}-{uuid.uuid4().hex[:8]}"
    made, old = (folder.parent / f"{UNFINISHED}{kind}{mark}" for kind in ("", "old-"))
    made.mkdir()
    try:
        for name, text in files.items():
            (made / name).write_text(text, encoding=encoding(name), newline="\n")
        write_manifest(run, made)
        if folder.exists():
            folder.rename(old)
        try:
            made.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    except BaseException:
        take_away(made)
        raise
    take_away(old)


def encoding(name: str) -> str:
    """Tables begin with a mark by which Excel knows UTF-8."""
    return "utf-8-sig" if name.endswith(".csv") else "utf-8"


def check_replaced(folder: Path, force: bool) -> None:
    lines = manifest(folder)
    known = {line.file for line in lines if line.part == PACK} | {MANIFEST}
    if others := sorted(path.name for path in folder.iterdir() if path.name not in known):
        what = f"has something that is no part of a pack: {', '.join(others[:5])}"
        raise InputFaults([Fault(str(folder), 0, what, "move it, or name another folder with --out")])
    if force:
        return
    mend = "keep what you need and add --force, or name another folder with --out"
    faults = [Fault(str(folder / name), 0, "was edited after it was written", mend) for name in edited(folder, lines)]
    if "Assured by" in (folder / "README.md").read_text(encoding="utf-8").splitlines()[0]:
        faults.append(Fault(str(folder), 0, "has a name on it, which would be lost", mend))
    if faults:
        raise InputFaults(faults)


def stamp(run: Path, folder: Path, assurer: Assurer) -> None:
    """Put a name on every page and line of a pack that is there, and leave the rest as it is: ticks made by hand stay.
    Raises InputFaults where the run has changed since the pack was written."""
    if faults := changed(run, folder):
        raise InputFaults([*faults, Fault(str(folder), 0, "would put a name under figures that have changed",
                                          "write the pack anew without --by, and have it read")])  # fmt: skip
    names = [line.file for line in manifest(folder) if line.part == PACK]
    if others := sorted({path.name for path in folder.iterdir()} - {*names, MANIFEST}):
        what = f"has something that is no part of a pack: {', '.join(others[:5])}"
        raise InputFaults([Fault(str(folder), 0, what, "move it, and ask again")])
    there = [folder / name for name in names if (folder / name).is_file()]
    put(run, folder, {path.name: stamped(path, assurer) for path in there})


def stamped(path: Path, assurer: Assurer) -> str:
    """A page or a table of a pack with a name at its head, or in its first column, and else as it is. Raises
    InputFaults for a table that a spreadsheet has saved in another form."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".md":
            first, _, rest = text.partition("\n")
            return f"**{status(assurer)}**\n{rest if first.startswith('**') else text}"
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        if header[0] != "assurance":
            raise ValueError("its first column is not assurance")
    except (ValueError, csv.Error) as error:
        mend = "save it as UTF-8 with commas and all its columns (in a spreadsheet: 'CSV UTF-8')"
        raise InputFaults([Fault(str(path), 0, f"cannot take a name: {error}", mend)]) from error
    return csv_text(header, [[short_status(assurer), *row[1:]] for row in rows])


def write_manifest(run: Path, folder: Path) -> None:
    lines = [Line(RUN, name, hash_of(path)) for name, path in run_files(run)]
    lines += [Line(PACK, path.name, hash_of(path)) for path in sorted(folder.iterdir()) if path.name != MANIFEST]
    (folder / MANIFEST).write_text(csv_text(COLUMNS, lines), encoding="utf-8", newline="\n")


def run_files(run: Path) -> Iterator[tuple[str, Path]]:
    """The files that a run's folder holds, by their path in it."""
    for name in OWN:
        path = run / name
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from ((one.relative_to(run).as_posix(), one) for one in inside if one.is_file())


def hash_of(path: Path) -> str:
    content = path.read_bytes()
    return hashed(content) if path.suffix in TEXT else hashlib.sha256(content).hexdigest()


def manifest(folder: Path) -> list[Line]:
    """The lines of a pack's manifest. Raises InputFaults where there is none that can be read."""
    path = folder / MANIFEST
    try:
        header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        if tuple(header) != COLUMNS:
            raise ValueError(f"its first line is not {','.join(COLUMNS)}")
        return [Line(*row) for row in rows]
    except (OSError, ValueError, TypeError, csv.Error) as error:
        what = "has no manifest of an assurance pack that can be read"
        mend = "write one with: upstream assure RUN, or name its folder with --out"
        raise InputFaults([Fault(str(folder), 0, what, mend)]) from error


def changed(run: Path, folder: Path) -> list[Fault]:
    """What of the run is not as it was when the pack was written."""
    then = {line.file: line.sha256 for line in manifest(folder) if line.part == RUN}
    now = dict(run_files(run))
    mend = "the pack is of other figures: write it anew with upstream assure, or put the run back"
    told = []
    for name in dict.fromkeys([RESULTS, *then, *now]):
        if name not in now:
            told.append(Fault(str(run / name), 0, "is gone", mend))
        elif name not in then:
            told.append(Fault(str(run / name), 0, "was not there when the pack was written", mend))
        elif hash_of(now[name]) != then[name]:
            told.append(Fault(str(run / name), 0, "was changed after the pack was written", mend))
    return told


def edited(folder: Path, lines: Sequence[Line]) -> list[str]:
    """Files of the pack that are not as they were written."""
    own = [line for line in lines if line.part == PACK]
    return [line.file for line in own
            if not (folder / line.file).is_file() or hash_of(folder / line.file) != line.sha256]  # fmt: skip
