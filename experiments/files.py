"""A run as a folder of files: written beside its place and moved there whole, or not at all."""

import hashlib
import itertools
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit
import xarray as xr

from scenarios import Fault, InputFaults, Scenario

RESULTS, SETTINGS, PEOPLE = "results.nc", "run.toml", "people.nc"
STUDY, WATERFALL = "sensitivity.nc", "waterfall.nc"  # the Datasets of studies
MARK = "# An Upstream run"
OWN = (SETTINGS, PEOPLE, "scenario.toml", "charts", "tables", RESULTS)  # what a run's folder holds
UNFINISHED = "_unfinished-"  # begins the name of what is being written
LONGEST_NAME = 150  # of a folder, with room for the name it is written under
NO_NAME = re.compile(r'[<>:"|?*\x00-\x1f]|[ .]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)  # on Windows
SIGNIFICANT = 12  # of numbers in run.toml that a person may read; results.nc has them in full


def default_folder(asked: str, now: datetime | None = None) -> Path:
    """runs/<what is asked>-<time>, with a number where there is one already; without a colon, which Windows does not
    allow."""
    name = re.sub(r'[<>:"|?*\x00-\x1f]', "_", asked)[: LONGEST_NAME - 20]
    folder = Path("runs") / f"{name}-{now or datetime.now():%Y%m%d-%H%M%S}"
    numbered = (folder.with_name(f"{folder.name}-{number}") for number in itertools.count(2))
    return folder if not folder.exists() else next(other for other in numbered if not other.exists())


def check_folder(folder: Path, force: bool = False, also: Sequence[str] = (), begun: bool = False) -> None:
    """Raises InputFaults when a run cannot be put at `folder`; `also` may be there beside a run, or beside one that is
    known to have been `begun` there. Changes nothing."""
    shown, elsewhere = str(folder), "name a new folder with --out"
    if folder.name != ".." and (NO_NAME.search(folder.name) or len(folder.name.encode()) > LONGEST_NAME):
        what = f"{folder.name[:60]!r} is no name for a folder on every system"
        raise InputFaults([Fault(shown, 0, what, elsewhere)])
    if folder.is_symlink() and not folder.exists():
        raise InputFaults([Fault(shown, 0, "is a link to nothing", elsewhere)])
    if folder.resolve() == Path.cwd().resolve():
        raise InputFaults([Fault(shown, 0, "is the folder you are in", elsewhere)])
    if folder.exists() and not folder.is_dir():
        raise InputFaults([Fault(shown, 0, "is a file", elsewhere)])
    if folder.is_dir() and any(folder.iterdir()):
        if not is_run(folder) and not begun:
            raise InputFaults([Fault(shown, 0, "has something in it that is no Upstream run", elsewhere)])
        if not force:
            raise InputFaults([Fault(shown, 0, "has a run already", f"{elsewhere}, or add --force")])
        names = sorted(path.name for path in folder.iterdir() if not path.name.startswith(UNFINISHED))
        if others := [name for name in names if name not in (*OWN, *also)]:
            what = f"has something beside its run, which --force would take away: {', '.join(others[:5])}"
            raise InputFaults([Fault(shown, 0, what, f"move it, or {elsewhere}")])
    above = next((parent for parent in folder.absolute().parents if parent.exists()), None)
    try:
        if above is not None:
            os.rmdir(tempfile.mkdtemp(prefix=UNFINISHED, dir=above))  # the one sure way to know
    except OSError:
        above = None
    if above is None:
        raise InputFaults([Fault(shown, 0, "cannot be made there", "name another folder with --out")])


def is_run(folder: Path) -> bool:
    """Whether the folder holds a whole run, and may be replaced by --force."""
    settings = folder / SETTINGS
    if not settings.is_file() or not (folder / RESULTS).is_file():
        return False
    with settings.open(encoding="utf-8", errors="replace") as stream:
        return stream.readline().startswith(MARK)


def write_run(
    ds: xr.Dataset,
    scenario: Scenario,
    folder: Path | str,
    force: bool = False,
    people: xr.Dataset | None = None,
    or_beside: bool = False,
) -> Path:
    """The run's results, settings, charts and tables in `folder`, which is given back.

    Everything is written into a folder beside it that is renamed at the end, so that a run cut short
    leaves nothing that looks whole. An existing run is replaced only with `force`; nothing else ever is.
    Raises InputFaults when the place is taken. Where it was taken only while the files were written, the run
    is kept beside it, in a folder with a number after its name, which is given back (`or_beside`) or named in
    the fault.
    """
    given = Path(folder)
    check_folder(given, force)
    folder = given.resolve() if given.is_symlink() else given  # a link stays one
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.parent / f"{UNFINISHED}{folder.name}-{uuid.uuid4().hex[:8]}"
    unfinished.mkdir()
    try:
        write_files(ds, scenario, unfinished, people)
        put = _put_in_place(unfinished, folder, force)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    if put == folder:
        return given
    if not or_beside:
        what = "was taken while the run was written"
        raise InputFaults([Fault(str(given), 0, what, f"nothing is lost: the run is in {put}")])
    return put


def write_files(ds: xr.Dataset, scenario: Scenario, folder: Path, people: xr.Dataset | None = None) -> None:
    """Everything that a run's folder holds; results.nc comes last."""
    from results.charts import write_charts
    from results.tables import write_tables

    if ds.sizes["alternative"] > 1:  # charts show differences
        write_charts(ds, folder / "charts")
    write_tables(ds, folder / "tables")
    (folder / "scenario.toml").write_text(scenario.text, encoding="utf-8", newline="\n")
    (folder / SETTINGS).write_text(settings_text(ds, scenario), encoding="utf-8", newline="\n")
    if people is not None:
        write_dataset(people, folder / PEOPLE)
    write_dataset(ds, folder / RESULTS)


def write_dataset(ds: xr.Dataset, path: Path) -> None:
    """A netCDF-4 file, under a name that nobody reads until it is whole."""
    encoding = {
        name: {"zlib": True, "complevel": 1}
        for name, variable in ds.variables.items()
        if variable.dtype.kind in "iuf" and variable.ndim
    }
    part = path.with_name(path.name + ".part")
    ds.to_netcdf(part, format="NETCDF4", engine="netcdf4", encoding=encoding)
    os.replace(part, path)


def put_all(made: Path, folder: Path, names: Sequence[str], anew: bool) -> None:
    """Move what was made under these names into a folder, file by file, in place of what stood there; the last name
    comes last and goes first, so that a folder with it is whole. `anew` takes away first whatever else had a name."""
    take_away(folder / names[-1])
    for name in names:
        if anew:
            take_away(folder / name)
        if (made / name).is_dir():
            (folder / name).mkdir(exist_ok=True)
            for path in (made / name).iterdir():
                os.replace(path, folder / name / path.name)
        elif (made / name).exists():
            os.replace(made / name, folder / name)


def plain(content: bytes) -> bytes:
    """With line feeds alone: a copy through git or a mail is the same file."""
    return content.replace(b"\r\n", b"\n")


def hashed(content: bytes) -> str:
    """SHA-256 of a text, whatever its line endings: it names the content and not the machine."""
    return hashlib.sha256(plain(content)).hexdigest()


def take_away(path: Path) -> None:
    """Remove a file or a folder; nothing where there is none."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _put_in_place(made: Path, folder: Path, force: bool) -> Path:
    """Rename `made` to `folder`, or to a name beside it when something has come to stand there meanwhile.

    With `force` a run that was there goes, but only once the new one stands.
    """
    try:
        check_folder(folder, force)
    except InputFaults:
        return _put_beside(made, folder)
    if not (folder.exists() and any(folder.iterdir())):
        try:
            if folder.exists():
                folder.rmdir()
            os.rename(made, folder)
        except OSError:  # something came between the look and the step
            return _put_beside(made, folder)
        return folder
    old = folder.parent / f"_replaced-{made.name.removeprefix(UNFINISHED)}"
    os.rename(folder, old)
    try:
        os.rename(made, folder)
    except OSError:
        os.rename(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return folder


def _put_beside(made: Path, folder: Path) -> Path:
    """Rename `made` to the first free of folder-2, folder-3 and so on."""
    names = (folder.with_name(f"{folder.name}-{number}") for number in itertools.count(2))
    beside = next(name for name in names if not name.exists())
    os.rename(made, beside)
    return beside


def settings_text(ds: xr.Dataset, scenario: Scenario) -> str:
    """run.toml: everything that the run was made from, as it was resolved."""
    told = tomlkit.document()
    told.add(
        tomlkit.comment(
            MARK.removeprefix("# ") + ": what it was made from. scenario.toml is the question as it was put."
        )
    )
    told["run"] = {
        name: _number(ds.attrs[name])
        for name in sorted(ds.attrs)
        if name not in ("scenario", "versions", "notes") and ds.attrs[name] != ""
    }
    told["versions"] = _versions(ds)
    told["area"] = {"name": scenario.area.name, "id": scenario.area.id, "hash": scenario.area.hash}
    told["programme"] = _list([_programme(scenario, at) for at in range(len(scenario.programmes))])
    years = [int(year) for year in ds.year.values]
    money = scenario.money(len(years))
    alternatives = []
    for alternative in scenario.alternatives:
        pounds = {
            programme.id: {str(year): float(p) for year, p in zip(years, row, strict=True)}
            for programme, row in zip(scenario.programmes, money[alternative.name], strict=True)
        }
        told_of = {"name": alternative.name, "title": alternative.title, "note": alternative.note}
        alternatives.append(told_of | {"pounds": pounds})
    told["alternative"] = _list(alternatives)
    told["replicate"] = _list(
        [
            {"number": r, "draw": int(draw), "seed": int(seed)}
            for r, (draw, seed) in enumerate(zip(ds.draw.values, ds.seed.values, strict=True))
        ]
    )
    return tomlkit.dumps(told) + "\n" + "\n".join(_value_lines(ds)) + "\n"


def _value_lines(ds: xr.Dataset) -> Iterator[str]:
    """Each parameter's value in every draw; a single one where all draws have the same.

    Line by line: tomlkit takes seconds for some thousand of them.
    """
    yield "[values]"
    values = ds.parameter.transpose("parameter_name", "draw").values
    for name, row in zip(ds.parameter_name.values, values, strict=True):
        told = [f"{value:.{SIGNIFICANT}g}" for value in row]
        yield f'"{name}" = {told[0] if np.all(row == row[0]) else "[" + ", ".join(told) + "]"}'


def _programme(scenario: Scenario, at: int) -> dict[str, Any]:
    scheme = scenario.schemes[at]
    programme = scheme.programme
    return {
        "id": programme.id,
        "name": programme.name,
        "tier": programme.tier,
        "outcome_study": programme.outcome_study,
        "found_by": programme.event or "population",
        "after": list(programme.event_offences),
        "ages": list(programme.ages),
        "sexes": list(programme.sexes),
        "needs": list(programme.needs),
        "reaches": programme.reaches,
        "evidence_grade": programme.evidence_grade,
        "set_up_months": programme.set_up_months,
        "ramp_months": programme.ramp_months,
        "run_down_months": programme.run_down_months,
        "waiting_months": programme.waiting_months,
        "cost_in_prices_of": scheme.price_year,
        "effect": [
            {"kind": e.kind, "targets": list(e.targets), "ratio": e.ratio, "outcome": e.outcome}
            | {"effect_on": e.effect_on, "versus": e.versus}
            | ({"against": e.against} if e.against else {})
            for e in programme.effects
        ],
    }


def _list(tables: list[dict[str, Any]]) -> Any:
    array = tomlkit.aot()
    for table in tables:
        array.append(tomlkit.item(table))
    return array


def _versions(ds: xr.Dataset) -> dict[str, str]:
    import json

    told = ds.attrs.get("versions", "{}")
    try:
        return dict(json.loads(told))
    except ValueError:
        return {"all": told}


def _number(text: str) -> int | float | str:
    """Numbers kept as text in attributes, as numbers."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
