"""The figures of two small runs, kept in the tests: a change of the model that moves one of them must say why.

`python -m experiments.baseline --reason "why they change"` takes the figures anew and writes the reason in
CHANGELOG.md, beside the fingerprint of the figures: no other way leaves the tests content.
"""

import argparse
import csv
import hashlib
import sys
from pathlib import Path
from typing import NamedTuple

import llvmlite.binding
import numpy as np

from experiments.run import run
from experiments.runner.living import made_on
from scenarios import load

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "tests" / "experiments" / "baseline.csv"
CHANGES = ROOT / "CHANGELOG.md"
HEADING = "### Baseline of the tests"
SCENARIOS = ("west_mercia_2022", "serious_violence_2023")
SCALE, YEARS, SEED = 0.004, 3, 11
HEADER = ("scenario", "alternative", "variable", "total")
SHORT = 12  # letters of a fingerprint


class Figure(NamedTuple):
    """A variable of the results, summed over everything but the alternative."""

    scenario: str
    alternative: str
    variable: str
    total: float


class Baseline(NamedTuple):
    made_on: str  # where the last bits are those of the file: elsewhere they may differ
    figures: tuple[Figure, ...]


def here() -> str:
    """What the last bits of a figure may depend on beside the sources."""
    return f"{made_on()}, {llvmlite.binding.get_host_cpu_name()}"


def taken() -> Baseline:
    """The figures as they are now."""
    figures = []
    for name in SCENARIOS:
        ds = run(load(name), replicates=1, scale=SCALE, years=YEARS, seed=SEED)
        for variable in sorted(str(one) for one in ds.data_vars if "alternative" in ds[one].dims):
            if ds[variable].dtype.kind in "iuf":
                for alternative in ds.alternative.values:
                    total = float(np.nansum(ds[variable].sel(alternative=alternative).values))
                    figures.append(Figure(name, str(alternative), variable, total))
    return Baseline(here(), tuple(figures))


def text_of(baseline: Baseline) -> str:
    """As the file has it: where it was made, a header, a figure a line with all its digits."""
    lines = [f"# made on {baseline.made_on}", ",".join(HEADER)]
    return "\n".join([*lines, *(f"{','.join(one[:3])},{one.total!r}" for one in baseline.figures)]) + "\n"


def kept(path: Path = FILE) -> Baseline:
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = csv.reader(lines[2:])
    figures = tuple(Figure(row[0], row[1], row[2], float(row[3])) for row in rows)
    return Baseline(lines[0].removeprefix("# made on "), figures)


def fingerprint(path: Path = FILE) -> str:
    """Of the file: 12 letters of its SHA-256."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:SHORT]


def differing(one: Baseline, other: Baseline, tolerance: float) -> list[str]:
    """Figures that are not the same in both, in words; within a relative tolerance."""
    before, now = ({figure[:3]: figure.total for figure in those.figures} for those in (one, other))
    told = [f"{', '.join(name)}: only in one of them" for name in sorted(before.keys() ^ now.keys())]
    for name in sorted(before.keys() & now.keys()):
        was, is_ = before[name], now[name]
        if abs(is_ - was) > tolerance * max(abs(was), abs(is_)):
            told.append(f"{', '.join(name)}: {was:.10g} is now {is_:.10g}")
    return told


def main(words: list[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description="Take the figures of the tests' baseline anew.")
    asked.add_argument("--reason", required=True, help="why they change: it goes into CHANGELOG.md")
    reason = " ".join(asked.parse_args(words).reason.split())
    if len(reason) < 10:
        print("give a reason that a reader can follow", file=sys.stderr)
        return 2
    if not FILE.parent.is_dir():
        print("the baseline is of a checkout: there are no tests beside these sources", file=sys.stderr)
        return 2
    now = taken()
    moved = differing(kept(), now, 0.0) if FILE.exists() else []
    FILE.write_text(text_of(now), encoding="utf-8", newline="\n")
    text = CHANGES.read_text(encoding="utf-8")
    if HEADING not in text:
        text = text.rstrip("\n") + f"\n\n{HEADING}\n\n"
    before, _, after = text.partition(f"{HEADING}\n\n")
    CHANGES.write_text(f"{before}{HEADING}\n\n- `{fingerprint()}`: {reason}\n{after}", encoding="utf-8", newline="\n")
    told = f"{len(moved)} of {len(now.figures)} figures differ; the reason is in {CHANGES.name}"
    print("\n".join([*moved[:20], told]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
