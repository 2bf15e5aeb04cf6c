"""The tables that a run was made from, for its data log: of the area, of the model, of its schemes and of money."""

import csv
import io
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.assurance.shipped import licences
from experiments.files import hashed
from model.evidence import FOLDER, Row, read_sources, read_table_facts
from model.evidence import Source as Published
from results import prices
from results.assurance.data_log import Data, Source
from scenarios import Scenario
from scenarios.areas import folder_of, shipped_areas
from scenarios.areas.posterior import NAME as POSTERIOR
from scenarios.checks import beside
from scenarios.schemes import CATALOGUE

QUOTED = "single figures, quoted with their source"
OWN = "MIT (estimate of Upstream's own)"
JUDGED = ("judgement", "memory", "calendar")  # sources that are nobody's publication


def area_folder(scenario: Scenario) -> Path:
    """Where the tables of a scenario's area are."""
    named = scenario.form.area
    return folder_of(named) if named in shipped_areas() else beside(scenario.path, named)


def data_of(scenario: Scenario, used: Sequence[Row]) -> list[Data]:
    """Every table behind a run of the scenario that reads the rows `used`."""
    files = Counter(row.file for row in used)
    schemes = [beside(scenario.path, name) for name in scenario.form.schemes]
    own = {path.stem: path for path in schemes}
    catalogue = [own.get(one.programme.id, CATALOGUE / f"{one.programme.id}.toml") for one in scenario.schemes]
    published = read_sources(FOLDER)
    return [
        *of_area(area_folder(scenario)),
        *(of_table(path, published) for path in sorted(FOLDER.glob("*.csv"))),
        *(of_rows(path, "model", used, published) for path in sorted(FOLDER.glob("*.toml")) if files[path.name]),
        *(of_rows(path, "scheme", used, published) for path in catalogue),
        *(of_rows(path, "money", used, published) for path in sorted(prices.FOLDER.glob("*.toml"))
          if files[path.name] or path.stem == "appraisal"),
    ]  # fmt: skip


def of_area(folder: Path) -> Iterator[Data]:
    """The tables of an area's folder, with the sources that its own sources.toml names."""
    about = tomllib.loads((folder / "area.toml").read_text(encoding="utf-8-sig"))
    sources = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8-sig"))
    facts = about.get("tables", {})
    officers = [about.get("officers", {})]
    yield of_facts(folder / "area.toml", "what the area is called, its districts and officers", officers, sources)
    if (folder / "budgets.toml").exists():
        told = tomllib.loads((folder / "budgets.toml").read_text(encoding="utf-8-sig"))
        rows = [one for value in told.values() if isinstance(value, list) for one in value if isinstance(one, dict)]
        yield of_facts(folder / "budgets.toml", "facts of budgets; for context, no run reads them", rows, sources)
    for path in sorted(folder.glob("*.csv")):
        if path.name == POSTERIOR:
            yield Data(path.name, "fit", "draws of what the area's fit believes of the unknowns", "", "derived",
                       (Source("Upstream", "Fit by upstream calibrate to the figures of fit/targets.csv", "", "MIT"),),
                       hashed(path.read_bytes()))  # fmt: skip
            continue
        one = facts.get(path.stem, {})
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        named = [*as_list(one.get("source")), *(row.get("source") or "" for row in rows)]
        provenance = counted(row.get("provenance") or one.get("provenance", "") for row in rows)
        yield Data(path.name, "area", one.get("holds", ""), one.get("period", ""), provenance,
                   found(named, sources), hashed(path.read_bytes()))  # fmt: skip


def of_facts(path: Path, holds: str, rows: Sequence[Mapping[str, Any]], sources: Mapping[str, Any]) -> Data:
    named = [name for row in rows for name in as_list(row.get("source"))]
    return Data(path.name, "area", holds, "", counted(row.get("provenance", "") for row in rows), found(named, sources),
                hashed(path.read_bytes()))  # fmt: skip


def found(named: Iterable[str], sources: Mapping[str, Any]) -> tuple[Source, ...]:
    told = [sources[name] for name in dict.fromkeys(named) if name in sources]
    return tuple(
        Source(one["publisher"], one["title"], str(one["year"]), one["licence"], one.get("changes", "")) for one in told
    )


def of_table(path: Path, published: Mapping[str, Published]) -> Data:
    """A CSV table of the model's evidence; its licence is that of DATA-LICENCES.md."""
    facts = read_table_facts(FOLDER)[path.stem]
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    own = [row for row in licences() if f"`{path.name}`" in row[1] or f"/{path.name}`" in row[1]]
    told = tuple(Source(row[2], row[3], row[4], row[0], row[5]) for row in own)
    if not told and facts.source in published:
        told = (source_of(published[facts.source]),)
    provenance = counted(row.get("provenance") or facts.provenance for row in rows)
    return Data(f"model/evidence/{path.name}", "model", facts.title, facts.period, provenance, told,
                hashed(path.read_bytes()))  # fmt: skip


def of_rows(path: Path, part: str, used: Sequence[Row], published: Mapping[str, Published]) -> Data:
    """A file of rows of evidence, with the sources of those that the run reads."""
    told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    known = dict(published) | {one["id"]: Published(**one) for one in told.get("sources", [])}
    rows = [row for row in used if row.file == path.name]
    names = list(dict.fromkeys(row.source for row in rows))
    judged = [Source("Upstream", known[name].title, "", OWN) for name in names if name in JUDGED and name in known]
    others = [source_of(known[name]) for name in names if name not in JUDGED and name in known]
    folder = {"model": "model/evidence", "money": "results/evidence", "scheme": "scenarios/catalogue"}[part]
    shown = f"{folder}/{path.name}" if path.parent == CATALOGUE or part != "scheme" else path.name
    holds = f"{len(rows)} rows that this run reads" + (f"; {told['name']}" if "name" in told else "")
    return Data(shown, part, holds, "", counted(row.provenance for row in rows), tuple(judged + others),
                hashed(path.read_bytes()))  # fmt: skip


def source_of(one: Published) -> Source:
    return Source(one.author, one.title, str(one.year or "not given"), QUOTED, one.note)


def as_list(value: Any) -> list[str]:
    return [] if not value else [value] if isinstance(value, str) else list(value)


def counted(provenances: Iterable[str]) -> str:
    told = Counter(one for one in provenances if one)
    return ", ".join(f"{name} {count:,}" for name, count in told.most_common())
