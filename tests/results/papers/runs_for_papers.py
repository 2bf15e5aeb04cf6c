"""Runs that a paper is made from, as they come back from a file; and other programs that tests need."""

import functools
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import fake_outcomes
import pytest
import xarray as xr

QUESTION = "What would half a million more buy?"
TITLES = {
    "as_agreed": "As agreed", "stop": "The money stops", "extra_primary": "Half a million more for parents",
    "extra_secondary": "Half a million more for mentors", "extra_tertiary": "Half a million more for navigators",
}  # fmt: skip


@functools.cache
def finished(replicates: int = 8, years: int = 3) -> xr.Dataset:
    """A run as results.nc has it."""
    scenario = "\n".join(f'[[alternative]]\nname = "{name}"\ntitle = "{title}"' for name, title in TITLES.items())
    ds = fake_outcomes.dataset(replicates, years).assign_attrs(
        question=QUESTION, scenario=scenario, date="2026-11-27T10:42:47+00:00", area="West Mercia", notes=""
    )
    return as_read(ds)


def as_read(ds: xr.Dataset) -> xr.Dataset:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.nc"
        ds.to_netcdf(path)
        return xr.load_dataset(path)


def more_alternatives(ds: xr.Dataset, count: int) -> xr.Dataset:
    """The run with copies of one alternative, to `count` beside the comparator."""
    copies = [
        ds.sel(alternative=["extra_primary"]).assign_coords(alternative=[f"copy_{at}_of_extra_primary"])
        for at in range(count - ds.sizes["alternative"] + 1)
    ]
    return xr.concat([ds, *copies], "alternative", data_vars="minimal", coords="minimal")


def attributed(ds: xr.Dataset) -> xr.Dataset:
    """The run with what `--attribute tier` adds: the plan without a part, and the part alone."""
    added = {"no_money": "stop", "without_primary": "stop", "only_primary": "extra_primary"}
    parts = [{"name": "primary", "without": "without_primary", "alone": "only_primary"}]
    copies = [
        ds.sel(alternative=[like]).assign_coords(alternative=[name]) for name, like in added.items()
    ]
    whole = xr.concat([ds, *copies], "alternative", data_vars="minimal", coords="minimal")
    return whole.assign_attrs(attribution=json.dumps({"by": "tier", "nothing": "no_money", "parts": parts}))


def program(*names: str) -> str:
    """Where the first of these programs is; skips where there is none, and fails where all are meant to be there."""
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"none of {', '.join(names)} is installed, and .ci/run should have seen to it")
        pytest.skip(f"needs one of {', '.join(names)}")
    return found


def pages_of(document: Path) -> int:
    """How many pages LibreOffice sets a document on."""
    office = program("soffice", "libreoffice")
    with tempfile.TemporaryDirectory() as own:
        subprocess.run(
            [office, f"-env:UserInstallation={Path(own).as_uri()}", "--headless", "--convert-to", "pdf", "--outdir",
             str(document.parent), str(document)], capture_output=True, timeout=180, check=True,
        )  # fmt: skip
    text = document.with_suffix(".pdf").read_bytes()
    return text.count(b"/Type/Page\n") + text.count(b"/Type/Page/") + text.count(b"/Type/Page>")
