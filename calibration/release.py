"""What a release is held to: a fit that ships was made with the model and the evidence that ship with it.

    python -m calibration.release

A run of an area whose fit is older warns in one line; a release fails.
"""

import sys

from scenarios.areas import folder_of, shipped_areas
from scenarios.areas.posterior import read_posterior


def stale() -> list[str]:
    """A line for each shipped area whose fit was made with another version of the model or its evidence."""
    told = []
    for name in shipped_areas():
        posterior = read_posterior(folder_of(name))
        if posterior is not None and posterior.warning:
            told.append(f"{name}: {posterior.warning}")
    return told


if __name__ == "__main__":
    found = stale()
    sys.stdout.write("\n".join(found or ["Every fit that ships was made with this model and its evidence."]) + "\n")
    sys.exit(1 if found else 0)
