"""A finished run, read back from its folder."""

import hashlib
from pathlib import Path

import xarray as xr

from experiments.files import RESULTS, is_run
from results.variables import PROGRAMME_VARIABLES, VARIABLES
from scenarios import Fault, InputFaults

NEEDED = (
    *(variable.name for variable in (*VARIABLES, *PROGRAMME_VARIABLES)),
    "expected_harm", "expected_crime_cost", "agency_cost", "harm_eased_worth",
)  # fmt: skip


def load_run(folder: Path) -> xr.Dataset:
    """The results of the run in a folder, whole in memory, its files closed again, with the SHA-256 of their file as
    the attribute `fingerprint`. Raises InputFaults when there is none, or when it cannot be read."""
    if not is_run(folder):
        mend = "name the folder of a finished run; upstream run SCENARIO makes one, upstream resume goes on with one"
        raise InputFaults([Fault(str(folder), 0, "holds no finished run", mend)])
    path = folder / RESULTS
    try:
        ds = xr.load_dataset(path)
    except (OSError, ValueError) as error:
        raise InputFaults([Fault(str(path), 0, f"cannot be read: {error}", "run it again")]) from error
    if lacking := [name for name in NEEDED if name not in ds]:
        what = f"was made by another version of Upstream: it lacks {', '.join(lacking)}"
        raise InputFaults([Fault(str(path), 0, what, "run it again")])
    return ds.assign_attrs(fingerprint=hashlib.sha256(path.read_bytes()).hexdigest())
