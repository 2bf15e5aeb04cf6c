"""The police force areas that can be simulated: a folder of tables each, checked whole when loaded."""

import csv
import hashlib
from pathlib import Path

from model.inputs import AreaTables
from scenarios.areas.assemble import assemble
from scenarios.areas.description import Description, check_budgets, read_description, read_sources
from scenarios.areas.layout import LAYOUTS
from scenarios.areas.tables import Known, read_table
from scenarios.areas.template import write_area_template
from scenarios.faults import Fault, InputFaults, meant

__all__ = ["folder_of", "load_area", "recorded_rows", "shipped_areas", "write_area_template"]

_HOME = Path(__file__).parent
_REQUIRED = ("area.toml", "sources.toml", *(f"{layout.name}.csv" for layout in LAYOUTS if layout.required))
_OPTIONAL = ("budgets.toml", *(f"{layout.name}.csv" for layout in LAYOUTS if not layout.required))


def shipped_areas() -> tuple[str, ...]:
    """Names of the areas that come with the package, in order of the alphabet."""
    return tuple(sorted(path.parent.name for path in _HOME.glob("*/area.toml")))


def load_area(name_or_path: str | Path) -> AreaTables:
    """A shipped area by name, or the area in a folder.

    Shapes, dtypes and units are those of `model.inputs.AreaTables`; `moves_*`, `abroad_*` and `net_by_age`
    are per resident a year. `hash` is a SHA-256 of the folder's data files, whatever their line endings; it
    leaves out what calibration adds. Raises InputFaults with every fault that the files have.
    """
    folder = folder_of(name_or_path)
    faults: list[Fault] = []
    data = _read(folder, faults)
    present = {layout.name: layout for layout in LAYOUTS if f"{layout.name}.csv" in data}
    sources, about = frozenset[str](), Description()
    if "sources.toml" in data:
        sources = read_sources(data["sources.toml"], faults)
    if "area.toml" in data:
        about = read_description(data["area.toml"], present, sources, faults)
    known = Known(about.districts, sources)
    tables = {
        name: read_table(layout, data[f"{name}.csv"], known, faults) for name, layout in present.items()
    }
    if "budgets.toml" in data:
        check_budgets(data["budgets.toml"], about.districts, sources, faults)
    area = assemble(about, tables, _hash(data), faults)
    if faults:
        raise InputFaults(sorted(faults))
    return area


def recorded_rows(name_or_path: str | Path) -> list[dict[str, str]]:
    """The lines of an area's recorded_groups.csv, as text by column: what stands beside each figure."""
    with (folder_of(name_or_path) / "recorded_groups.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def folder_of(name_or_path: str | Path) -> Path:
    """The folder of a shipped area or of one's own. Raises InputFaults when there is none."""
    if name_or_path in shipped_areas():
        return _HOME / name_or_path
    folder = Path(name_or_path)
    if folder.is_dir():
        return folder
    shipped = shipped_areas()
    mend = meant(str(name_or_path), shipped, f"shipped areas: {', '.join(shipped)}")
    raise InputFaults([Fault(str(name_or_path), 0, "is neither a shipped area nor a folder", mend)])


def _read(folder: Path, faults: list[Fault]) -> dict[str, bytes]:
    data: dict[str, bytes] = {}
    for name in (*_REQUIRED, *_OPTIONAL):
        if (folder / name).is_file():
            data[name] = (folder / name).read_bytes()
    others = [path.name for path in folder.iterdir() if path.name not in (*_REQUIRED, *_OPTIONAL)]
    for name in _REQUIRED:
        if name not in data:
            faults.append(Fault(name, 0, "is missing", meant(name, others, f"add it to {folder.resolve().name}")))
    return data


def _hash(data: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(data):
        content = data[name].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
