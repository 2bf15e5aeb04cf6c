"""The mark of a fit made again for other code that lives the same lives, and the proof kept beside the fit.

    python -m calibration.remark COMMIT

COMMIT is one whose own mark holds and whose draws are those here: that of the fit, or of a later mark. A plan of West
Mercia is lived with its code and with the code here; where any variable of the results differs by a byte, the fit must
be made again. `--but NAME` names a variable that is reckoned from what was lived, and may differ; variables that COMMIT
had not are told. One plan is no proof of every plan: change no rule and call it the same.
"""

import argparse
import datetime
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from scenarios.areas import folder_of
from scenarios.areas.posterior import NAME, hashes, read_posterior

ROOT = Path(__file__).resolve().parents[1]
AREA, MARKS = "west_mercia", "marks.md"
PLAN = ("run", "west_mercia_2022", "--scale", "0.02", "--years", "4", "--replicates", "2", "--jobs", "2")
WHAT = "26,000 people, every programme of the plan as agreed and of its alternatives, four years, two runs"


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m calibration.remark", description=__doc__)
    parser.add_argument("commit", help="whose own mark holds")
    parser.add_argument("--but", action="append", default=[], metavar="NAME", help="a variable that may differ")
    asked = parser.parse_args(words)
    mark = read_posterior(folder_of(AREA))
    if mark is None or mark.evidence != hashes()[1]:
        return _refused("the evidence is not that of the fit: make it again with upstream calibrate")
    with tempfile.TemporaryDirectory() as temporary:
        there, before, after = (Path(temporary) / name for name in ("code", "before", "after"))
        _git("worktree", "add", "--detach", str(there), asked.commit)
        try:
            own = read_posterior(there / folder_of(AREA).relative_to(ROOT))
            if own is None or own.names != mark.names or not np.array_equal(own.draws, mark.draws):
                return _refused(f"the fit of {asked.commit} is another one")
            if _python(there, "-m", "calibration.release"):
                return _refused(f"the mark of {asked.commit} does not hold there")
            for folder, out in ((there, before), (ROOT, after)):
                if _python(folder, "-m", "upstream", *PLAN, "--out", str(out)):
                    return _refused(f"the plan could not be lived with the code in {folder.name}")
        finally:
            _git("worktree", "remove", "--force", str(there))
        same, differ, new = compared(xr.load_dataset(before / "results.nc"), xr.load_dataset(after / "results.nc"))
    if lived := sorted(set(differ) - set(asked.but)):
        return _refused(f"{', '.join(lived)} differ: make the fit again with upstream calibrate")
    told = (f"{same} variables have the same bytes" + (f"; may differ, and do: {', '.join(differ)}" if differ else "")
            + (f"; new: {', '.join(new)}" if new else ""))  # fmt: skip
    return _marked(mark.model, _git("rev-parse", "--short", asked.commit).strip(), told)


def compared(before: xr.Dataset, after: xr.Dataset) -> tuple[int, list[str], list[str]]:
    """How many variables have the same bytes; those that differ, or are gone; those that are new. Of the parameters
    those alone that were there before."""
    if "parameter_name" in before.coords:
        names = before.parameter_name.values
        after = after.sel(parameter_name=names) if np.isin(names, after.parameter_name.values).all() else after
    old, new = (list(map(str, one.data_vars)) for one in (before, after))
    differ = [
        name for name in old
        if name not in after or before[name].values.tobytes() != after[name].values.tobytes()
    ]  # fmt: skip
    return len(old) - len(differ), differ, [name for name in new if name not in before]


def _marked(old: str, commit: str, told: str) -> int:
    """Write the new mark into the file of the fit, and the proof beside it."""
    path, new = folder_of(AREA) / NAME, hashes()[0]
    text = path.read_bytes()
    path.write_bytes(text.replace(f",{old},".encode(), f",{new},".encode()))
    proof = folder_of(AREA) / "fit" / MARKS
    line = f"- {datetime.datetime.now(datetime.UTC):%d %B %Y}: {old} to {new}, against {commit}: {told}. {WHAT}."
    with proof.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(line + "\n")
    sys.stdout.write(line + "\n")
    return 0


def _refused(why: str) -> int:
    sys.stderr.write(f"{AREA}/{NAME}: not marked: {why}\n")
    return 1


def _git(*words: str) -> str:
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True, text=True).stdout


def _python(folder: Path, *words: str) -> int:
    """The exit code of a command with the code of a folder."""
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run([sys.executable, *words], cwd=folder, env=environment, stdout=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main())
