"""Holds a run's folder, or a results Dataset, against what Upstream promises of its results.

As a script: python tests/contract.py FOLDER; one line a fault, and exit code 1 if there is any.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

BASE = ("alternative", "replicate", "year")
VARIABLES: dict[str, tuple[str, ...]] = {  # dims after those of BASE
    "population": ("area",),
    "offences": ("area", "offence"),
    "recorded_crimes": ("area", "offence"),
    "expected_offences": ("area", "offence"),
    "domestic_abuse_offences": ("area",),
    "domestic_abuse_recorded": ("area",),
    "victimisations": ("quintile", "offence"),
    "unique_victims": ("area",),
    "harm": ("area",),
    "first_time_entrants": (),
    "reoffending_rate": (),
    "demand": ("area", "service"),
    "demand_hours": ("role", "kind"),
    "crime_cost": ("component", "payer"),
    "agency_cost": ("service", "payer", "basis"),
    "programme_spend": ("programme",),
    "programme_places": ("programme",),
    "programme_starts": ("programme",),
    "programme_completions": ("programme",),
    "programme_waiting": ("programme",),
    "commissioner_spend": ("programme",),
    "flagged": ("programme", "sex", "age_band", "quintile", "correctness"),
    "confidence": ("area",),
    "volunteer_hours": ("area",),
    "victims_supported": ("area",),
    "risk_prevalence": ("risk_factor", "age_band"),
    "ace_share": ("age_band", "ace_count"),
}
COORDINATES = {
    "draw": ("replicate",),
    "seed": ("replicate",),
    "tier": ("programme",),
    "outcome_study": ("programme",),
    "code": ("area",),
    "parameter": ("draw", "parameter_name"),
}
WHOLE = ("year", "replicate", "quintile")  # the only dims numbered and not named
TIERS = {"primary", "secondary", "tertiary", "system"}
ATTRIBUTES = (
    "scenario", "comparator", "price_year", "evidence_hash", "source_hash", "seed", "scale", "versions",
    "date", "git_revision",
)  # fmt: skip
PARTS = {  # what adds up to no more than what
    "domestic_abuse_offences": "offences",
    "domestic_abuse_recorded": "recorded_crimes",
    "recorded_crimes": "offences",
    "unique_victims": "victimisations",
    "programme_starts": "programme_places",
    "programme_completions": "programme_starts",
}
SPREAD = 5.0  # standard deviations by which chance may part offences from expected ones


def faults(ds: xr.Dataset) -> Iterator[str]:
    """What is wrong with a results Dataset, in the words of its contract."""
    for name, dims in VARIABLES.items():
        if name in ds.data_vars:
            yield from variable_faults(ds[name], (*BASE, *dims))
        else:
            yield f"{name} is missing"
    yield from coordinate_faults(ds)
    yield from sum_faults(ds)
    yield from (f"attribute {name} is missing or empty" for name in ATTRIBUTES if not ds.attrs.get(name))
    if "alternative" in ds.coords and ds.attrs.get("comparator") not in ds.alternative.values:
        yield f"the comparator {ds.attrs.get('comparator')} is no alternative"


def variable_faults(values: xr.DataArray, dims: tuple[str, ...]) -> Iterator[str]:
    if values.dims != dims:
        yield f"{values.name} has dims {values.dims}, not {dims}"
    for words in ("units", "long_name"):
        if not values.attrs.get(words):
            yield f"{values.name} has no {words}"
    if not np.isfinite(values.values).all():
        yield f"{values.name} has gaps or infinities"
    elif (values.values < 0).any():
        yield f"{values.name} is negative somewhere"


def coordinate_faults(ds: xr.Dataset) -> Iterator[str]:
    for dim in ds.dims:
        kinds = "iu" if dim in WHOLE else "UOT"
        if dim not in ds.coords and dim != "draw":  # draw is a coordinate of replicate
            yield f"{dim} has no names"
        elif dim in ds.coords and ds[dim].dtype.kind not in kinds:
            yield f"{dim} holds {ds[dim].dtype}, not {'whole numbers' if dim in WHOLE else 'names'}"
    for name, dims in COORDINATES.items():
        if name not in ds.variables:
            yield f"coordinate {name} is missing"
        elif ds[name].dims != dims:
            yield f"coordinate {name} has dims {ds[name].dims}, not {dims}"
    if "offence" in ds.coords and ds.offence.values[-1] != "antisocial_behaviour":
        yield "antisocial behaviour is not the last offence"
    if "tier" in ds.variables and not set(ds.tier.values.tolist()) <= TIERS:
        yield f"tiers are {sorted(set(ds.tier.values.tolist()))}"
    if "seed" in ds.variables and len(np.unique(ds.seed)) != ds.seed.size:
        yield "two replicates have one seed"


def sum_faults(ds: xr.Dataset) -> Iterator[str]:
    for part, whole in PARTS.items():
        if part in ds and whole in ds:
            less, more = (yearly(ds[name]) for name in (part, whole))
            if part.startswith("programme"):  # those who start in one year may complete in the next
                less, more = less.cumsum("year"), more.cumsum("year")
            if (less > more + 1e-6).any():
                yield f"{part} comes to more than {whole}"
    for name in ("risk_prevalence", "ace_share", "reoffending_rate"):
        if name in ds and (ds[name] > 1).any():
            yield f"{name} is a share above 1"
    if "ace_share" in ds and not np.allclose(ds.ace_share.sum("ace_count"), 1):
        yield "ace_share does not add up to 1"
    if "offences" in ds and "expected_offences" in ds:
        yield from expectation_faults(ds)


def yearly(values: xr.DataArray) -> xr.DataArray:
    return values.sum([dim for dim in values.dims if dim not in BASE])


def expectation_faults(ds: xr.Dataset) -> Iterator[str]:
    """Offences and expected ones have one mean; the alternatives of a replicate share their luck."""
    counted = float(ds.offences.isel(alternative=0).sum())
    expected = float(ds.expected_offences.isel(alternative=0).sum())
    simulated = expected * float(ds.attrs.get("scale") or 1)
    if not counted > 0:
        yield "there are no offences"
    elif abs(counted / expected - 1) > SPREAD / np.sqrt(simulated) + 0.02:
        yield f"offences come to {counted:,.0f}, expected ones to {expected:,.0f}"


def folder_faults(folder: Path) -> Iterator[str]:
    """What is wrong with a run's folder: files, settings, and results."""
    for name in ("results.nc", "run.toml", "scenario.toml", "charts", "tables"):
        if not (folder / name).exists():
            yield f"{name} is missing"
            return
    charts = {path.stem for path in (folder / "charts").iterdir()}
    files = {folder / "charts" / f"{chart}.{kind}" for chart in charts for kind in ("svg", "png", "csv")}
    files |= set((folder / "tables").glob("*.csv")) | {folder / "scenario.toml"}
    yield from (f"{path.name} is missing or empty" for path in sorted(files) if not size(path))
    if len(charts) < 5 or not list((folder / "tables").glob("*.csv")):
        yield "there are fewer than five charts, or no tables"
    settings = tomllib.loads((folder / "run.toml").read_text(encoding="utf-8"))
    with xr.open_dataset(folder / "results.nc") as ds:
        yield from faults(ds)
        if settings["run"]["source_hash"] != ds.attrs.get("source_hash"):
            yield "run.toml and results.nc are of different sources"
        if [one["seed"] for one in settings["replicate"]] != ds.seed.values.tolist():
            yield "run.toml and results.nc have different seeds"
        if set(settings["values"]) != set(ds.parameter_name.values.tolist()):
            yield "run.toml and results.nc have different parameters"


def size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    found = list(folder_faults(Path(sys.argv[1])))
    print(*found, f"{len(found)} faults against the contract of results", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
