"""What an assurance pack tells: read from a run's folder, from what lies beside it, and from this Upstream."""

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr

from experiments.assurance.tables import area_folder, data_of
from experiments.batch_folder import QUESTION
from experiments.evidence import all_sources, rows_of
from experiments.files import STUDY, hashed
from experiments.identity import evidence_hash, git_revision, source_hash, version, versions
from model.evidence import Row
from model.evidence import Source as Published
from results.assurance.assumptions import LOGGED, Assumption, Study, drawn, in_order
from results.assurance.data_log import Data
from results.assurance.decisions import Alternative
from results.assurance.evidence_pages import Fit, Validation
from results.assurance.page import Check
from results.assurance.placed import acts_on, scheme_of, spend_by_scheme
from results.sensitivity import WIDEST, parts_of
from results.sensitivity_words import answer, measure_words
from scenarios import Fault, InputFaults, Scenario, load
from scenarios.areas.posterior import posterior_hash
from scenarios.attribution import attributed
from scenarios.explain import source_words

RUN_ANEW = "write the pack with the version of Upstream that made the run, or make the run anew with this one"
SAME_QUESTION = ("scenario", "years", "evidence_hash", "area_hash")  # of a study that may weigh a run's numbers
CAUTION = (
    "This pack was written by other code than the run was made with. Evidence and area are the same by their hashes; "
    "which numbers are read, and which tests there are, is told of the code that wrote the pack."
)


class Gathered(NamedTuple):
    """All that the pages are made from."""

    ds: xr.Dataset
    scenario: Scenario
    log: list[Assumption]  # the weightiest first
    used: int  # rows that the run reads
    tables: list[Data]
    study: Study | None
    fit: Fit | None
    report: Validation | None
    same: list[Check]  # what the run shares with this Upstream
    now: dict[str, str]  # versions and hashes of this Upstream
    caution: str


def gather(run: Path, ds: xr.Dataset) -> Gathered:
    """Everything about a run. Raises InputFaults where what it was made from is not here: a log of other numbers than
    the run's would be false."""
    scenario = scenario_of(run, ds)
    told, now = ds.attrs, versions_now(scenario)
    faults = [
        Fault(str(run), 0, f"was made from other {what} than this Upstream has", RUN_ANEW)
        for what, name in (("evidence", "evidence_hash"), ("tables of its area", "area_hash"))
        if told.get(name) != now[name]
    ]
    if faults:
        raise InputFaults(faults)
    used = [(row, files) for row, files in rows_of(scenario) if row.use == "model"]
    study = study_beside(run, ds)
    return Gathered(
        ds, scenario, log_of(scenario, ds, used, study), len(used), data_of(scenario, [row for row, _ in used]), study,
        fit_of(scenario, told.get("posterior_hash", "") == now["posterior_hash"]), report_beside(run, scenario.area.id),
        same_checks(ds, now, [row for row, _ in used], scenario), now,
        CAUTION if told.get("source_hash") != now["source_hash"] else "",
    )  # fmt: skip


def scenario_of(run: Path, ds: xr.Dataset) -> Scenario:
    """The scenario that a run is of, as the run's folder keeps it."""
    kept = run / QUESTION / f"{ds.attrs.get('scenario_name', '')}.toml"
    path = kept if kept.is_file() else run / "scenario.toml"
    if not path.is_file():
        raise InputFaults([Fault(str(path), 0, "is missing", "put back the run's folder as it was written")])
    scenario = load(path)
    by = json.loads(ds.attrs.get("attribution") or "{}").get("by")
    return attributed(scenario, by) if by else scenario


def versions_now(scenario: Scenario) -> dict[str, str]:
    return versions() | {
        "source_hash": source_hash(),
        "evidence_hash": evidence_hash(scenario),
        "area_hash": scenario.area.hash,
        "posterior_hash": posterior_hash(scenario.posterior),
        "git_revision": git_revision(),
        "version": version(),
    }


def log_of(
    scenario: Scenario, ds: xr.Dataset, used: list[tuple[Row, tuple[str, ...]]], study: Study | None
) -> list[Assumption]:
    """Each row that the run reads and that is judgement or was not looked up, once."""
    own = [source for scheme in scenario.schemes for source in scheme.sources]
    sources = all_sources() | {str(one["id"]): Published(**one) for one in own}
    values, fitted = drawn(ds), set(scenario.posterior.names) if scenario.posterior else set()
    swing = study.swing if study else {}
    none, spend, programmes = (float("nan"), float("nan")), spend_by_scheme(ds), scenario.programmes
    return in_order([
        Assumption(row, acts_on(row, programmes, spend), source_words(row.source, sources), files, row.name in fitted,
                   *values.get(row.name, none), swing.get(row.name, swing.get(row.id, float("nan"))),
                   spend.get(scheme_of(row, programmes), 0.0))
        for row, files in used if row.provenance in LOGGED
    ])  # fmt: skip


def same_checks(ds: xr.Dataset, now: dict[str, str], used: list[Row], scenario: Scenario) -> list[Check]:
    """What of the run's making was found here again, line by line."""
    told = ds.attrs
    libraries = json.loads(told.get("versions") or "{}")
    other = [name for name, number in libraries.items() if now.get(name) != number]
    revision = told.get("git_revision", "unknown")
    parts = ("source_hash", "evidence_hash", "area_hash", "seed", "versions", "scenario")
    named = [name for name in parts if not told.get(name)]
    drew, has = told.get("posterior_hash", ""), now["posterior_hash"]
    return [
        Check("The run names all that it was made from", not named,
              f"hashes, seed, versions and scenario stand in results.nc and run.toml{' but for ' if named else ''}"
              f"{', '.join(named)}"),
        Check("This Upstream has the code that made the run", told.get("source_hash") == now["source_hash"],
              f"source_hash {told.get('source_hash', '')[:12]} of the run, {now['source_hash'][:12]} here"),
        Check("This Upstream has the run's evidence and area", True,
              f"evidence_hash {now['evidence_hash'][:12]}, area_hash {now['area_hash'][:12]}, worked out anew"),
        Check("This Upstream has the fit that the run drew from" if drew else "Neither the run nor this area has a fit",
              drew == has, f"posterior_hash {drew[:12] or 'none'} of the run, {has[:12] or 'none'} here"),
        values_check(ds, used, scenario),
        Check("Python and libraries are those of the run", not other, "all versions are the same" if not other else
              f"other versions here: {', '.join(other)}"),
        Check("The run was made from a known commit without changes", "+" not in revision and revision != "unknown",
              f"git revision {revision}"),
    ]  # fmt: skip


def values_check(ds: xr.Dataset, used: list[Row], scenario: Scenario) -> Check:
    """Whether the run held each number without a range at the value that the log gives."""
    values, fitted = drawn(ds), set(scenario.posterior.names) if scenario.posterior else set()
    held = [row for row in used if not row.is_sampled and row.name in values and row.name not in fitted]
    off = [row.name for row in held if not np.allclose(values[row.name], row.value, rtol=1e-9, atol=0)]
    return Check("The run held each number without a range at the value of its row", not off,
                 f"{len(held)} numbers compared" + (f"; other: {', '.join(off[:5])}" if off else ""))  # fmt: skip


def study_beside(run: Path, ds: xr.Dataset) -> Study | None:
    """The newest study of sensitivity of the same question, over as many years, with the same evidence and area, in a
    folder beside the run's or in it."""
    found = []
    for path in sorted([*run.absolute().parent.glob(f"*/{STUDY}"), *run.absolute().glob(f"*/{STUDY}")]):
        with xr.open_dataset(path) as one:
            if all(one.attrs.get(name) == ds.attrs.get(name) for name in SAME_QUESTION):
                found.append((one.attrs.get("date", ""), path.parent.name, one.load()))
    return told_of(*max(found, key=lambda one: one[:2])[1:]) if found else None


def told_of(name: str, ds: xr.Dataset) -> Study:
    """A study in brief: of its first outcome, the farthest that the answer moves for any of its policies."""
    parts = [one for one in parts_of(ds) if str(one.outcome.values) == str(ds.outcome.values[0])]
    swing: dict[str, float] = {}
    for one in parts:
        for id, far in zip(one.input.values, WIDEST[ds.attrs["method"]](one), strict=True):
            if np.isfinite(far):
                swing[str(id)] = max(swing.get(str(id), 0.0), float(far))
    asked = tomllib.loads(ds.attrs.get("experiment", "")).get("uncertainties", [])
    left = [f"{', '.join(asked)} alone were moved"] if asked else []
    if ds.attrs.get("past_left_out"):
        left.append("numbers that alter the lives lived before the start were left out")
    method = {"sobol": "sobol, shares of the variance"}.get(ds.attrs["method"], ds.attrs["method"])
    unit = f"{method}: {measure_words(parts[0])}"
    return Study(name, swing, unit, answer(parts[0]), "; ".join(left))


def fit_of(scenario: Scenario, of_the_run: bool) -> Fit | None:
    """What is said of the area's fit, without targets where its report is not beside it; None where it has no fit."""
    if scenario.posterior is None:
        return None
    path = area_folder(scenario) / "fit" / "targets.csv"
    content = path.read_bytes() if path.is_file() else b""
    return Fit(list(rows(content)), hashed(content) if content else "", of_the_run)


def report_beside(run: Path, area: str) -> Validation | None:
    """The newest report of `upstream validate` of the area in a folder beside the run's, by the folder's name."""
    found = [path for path in run.absolute().parent.glob("*/validation.csv") if area in path.parent.name]
    if not found:
        return None
    newest = max(found, key=lambda path: path.stat().st_mtime)
    return Validation(newest.parent.name, list(rows(newest.read_bytes())))


def rows(content: bytes) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))


def alternatives_of(scenario: Scenario) -> list[Alternative]:
    found = scenario.alternatives
    return [Alternative(one.name, one.title, one.note or "", scenario.review(one.name)) for one in found]
