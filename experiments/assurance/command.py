"""`upstream assure`, from what is asked to what is said on the screen."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from experiments.assurance.gather import gather
from experiments.assurance.pack import FOLDER, MANIFEST, changed, edited, files_of, manifest, stamp, write_pack
from experiments.finished import load_run
from results.assurance.page import Assurer, of_run
from scenarios import Fault, InputFaults

LONGEST = 200  # signs of a name or a role


def assure(run: Path, out: Path | None, by: str, force: bool, misuse: Sequence[str]) -> str:
    """Write a run's pack, or put a name on one that is there; gives what to say."""
    ds, folder = load_run(run), out or run / FOLDER
    assurer = named(by) if by else None
    if assurer and (folder / MANIFEST).is_file():
        stamp(run, folder, assurer)
    else:
        found = gather(run, ds)
        of = of_run(ds, run.resolve().name, ds.attrs["fingerprint"], assurer, found.caution)
        write_pack(run, folder, files_of(of, found, misuse), force)
    where = f"The pack is in {folder}; start with README.md."
    if assurer is None:
        return f"{where}\nEvery page is headed NOT ASSURED: nobody has said that the run is fit for any use."
    return (
        f"{where}\nEvery page names {assurer.name}, {assurer.role}. Upstream cannot check that they looked at it, nor "
        "that they may answer for it, and lines of the checklists that are not done stay so."
    )


def named(by: str, today: date | None = None) -> Assurer:
    """Who answers for the run, from "NAME, ROLE". Raises InputFaults for anything else."""
    name, _, role = (" ".join(part.split()) for part in by.partition(","))
    if not name or not role or len(name) > LONGEST or len(role) > LONGEST or "|" in by or "*" in by:
        raise InputFaults([Fault("--by", 0, f"{by!r} is no name and role", 'write --by "NAME, ROLE"')])
    return Assurer(name, role, (today or date.today()).isoformat())


def check(run: Path, out: Path | None) -> str:
    """Hold a run against its pack; gives what to say. Raises InputFaults naming what has changed."""
    folder = out or run / FOLDER
    lines = manifest(folder)
    if faults := changed(run, folder):
        raise InputFaults(faults)
    by_hand = edited(folder, lines)
    also = f"\nEdited or gone since the pack was written: {', '.join(by_hand)}." if by_hand else ""
    return f"The run is as it was when the pack was written ({len(lines)} files by their hash).{also}"
