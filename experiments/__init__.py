"""Everything that starts a run."""

from experiments.files import write_run
from experiments.run import RunFailed, run

__all__ = ["RunFailed", "run", "write_run"]
