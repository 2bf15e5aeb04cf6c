"""A finished run, read back from its folder."""

import hashlib
from pathlib import Path

import xarray as xr

from experiments.files import RESULTS, STUDY, WATERFALL, is_run
from results.variables import PROGRAMME_VARIABLES, VARIABLES
from scenarios import Fault, InputFaults

NEEDED = (
    *(variable.name for variable in (*VARIABLES, *PROGRAMME_VARIABLES)),
    "expected_harm", "expected_crime_cost", "agency_cost", "harm_eased_worth",
)  # fmt: skip

SAME_AS_RUN = {  # what a study must share with a run to stand beside it
    "scenario": "another scenario", "area_hash": "another area", "evidence_hash": "other evidence",
    "source_hash": "another version of the model", "posterior_hash": "another fit",
}  # fmt: skip


def load_run(folder: Path) -> xr.Dataset:
    """The results of the run in a folder, whole in memory, its files closed again, with the SHA-256 of their file as
    the attribute `fingerprint`. Raises InputFaults when there is none, or when it cannot be read."""
    if not is_run(folder):
        mend = "name the folder of a finished run; upstream run SCENARIO makes one, upstream resume goes on with one"
        raise InputFaults([Fault(str(folder), 0, "holds no finished run", mend)])
    path = folder / RESULTS
    ds = read_whole(path, "run it again")
    if lacking := [name for name in NEEDED if name not in ds]:
        what = f"was made by another version of Upstream: it lacks {', '.join(lacking)}"
        raise InputFaults([Fault(str(path), 0, what, "run it again")])
    return ds.assign_attrs(fingerprint=hashlib.sha256(path.read_bytes()).hexdigest())


def load_study(folder: Path, run: xr.Dataset) -> xr.Dataset:
    """The study of sensitivity or the waterfall in a folder, to stand beside a run. Raises InputFaults when there is
    none, when it cannot be read, or when it is of another area or of other numbers."""
    path = next((folder / name for name in (STUDY, WATERFALL) if (folder / name).is_file()), None)
    if path is None:
        mend = "name the folder that upstream sensitivity or upstream waterfall wrote"
        raise InputFaults([Fault(str(folder), 0, "holds no finished study", mend)])
    ds = read_whole(path, "make the study again")
    for name, what in SAME_AS_RUN.items():
        if ds.attrs.get(name) != run.attrs.get(name):
            raise InputFaults([Fault(str(path), 0, f"is of {what} than the run", "make the study, or the run, again")])
    return ds


def read_whole(path: Path, mend: str) -> xr.Dataset:
    """A Dataset, whole in memory, its file closed again. Raises InputFaults, with this mend, when it cannot be read."""
    try:
        return xr.load_dataset(path)
    except (OSError, ValueError) as error:
        raise InputFaults([Fault(str(path), 0, f"cannot be read: {error}", mend)]) from error
