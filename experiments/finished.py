"""A finished run, read back from its folder."""

from pathlib import Path

import xarray as xr

from experiments.files import RESULTS, is_run
from scenarios import Fault, InputFaults


def load_run(folder: Path) -> xr.Dataset:
    """The results of the run in a folder, whole in memory, its files closed again. Raises InputFaults when there is
    none, or when it cannot be read."""
    if not is_run(folder):
        mend = "name the folder of a finished run; upstream run SCENARIO makes one, upstream resume goes on with one"
        raise InputFaults([Fault(str(folder), 0, "holds no finished run", mend)])
    try:
        return xr.load_dataset(folder / RESULTS)
    except (OSError, ValueError) as error:
        raise InputFaults([Fault(str(folder / RESULTS), 0, f"cannot be read: {error}", "run it again")]) from error
