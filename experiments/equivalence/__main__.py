"""Hold the engine against the plain model: `python -m experiments.equivalence --folder FOLDER`.

Every chance of the coming month is compared person by person, every table of chances number by number; then both
models live the same plan from the same people many times over, and are called equivalent or not on each declared
outcome. Runs are kept in FOLDER as they come; asked again, only those that are missing are lived.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.equivalence.cases import Case, every_scheme, without_programmes
from experiments.equivalence.exact import exactly
from experiments.equivalence.outcomes import margins
from experiments.equivalence.runs import engine_runs, plain_runs
from experiments.equivalence.tost import Compared, compare


def main(words: Sequence[str] | None = None) -> int:
    """Compare and print; 1 where the models part, 0 where they do not."""
    asked = _asked(words)
    case = (every_scheme if asked.programmes else without_programmes)(asked.people, asked.years)
    apart = exactly(case)
    for name, share in apart.items():
        print(f"{name}: largest difference {share:.1e}")
    print(f"{case.past.rows} people, {asked.years} years, {len(case.inputs.programmes)} schemes", flush=True)
    told = held_against(case, asked.engine_runs, asked.plain_runs, asked.jobs, asked.folder)
    print("\n".join(table(told)))
    return int(any(each.different for each in told))


def held_against(case: Case, engine: int, plain: int, jobs: int = 1, folder: Path | None = None) -> list[Compared]:
    """Live so many runs of each model, and compare the declared outcomes."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    inputs, values, past = case
    first = engine_runs(inputs, values, past, range(1, engine + 1), jobs, folder and folder / "engine.jsonl")
    second = plain_runs(
        inputs, values, past, range(1, plain + 1), jobs, folder and folder / "plain.jsonl",
        lambda n: print(f"{n} of {plain} runs of the plain model", file=sys.stderr, flush=True),
    )  # fmt: skip
    names = [name for name in first[0] if any(run[name] for run in first)]  # what programmes do not do is left out
    return compare(first, second, margins(names))


def table(told: Sequence[Compared]) -> list[str]:
    """Lines to read: what, how far apart, how sure."""
    lines = [f"{'':42}{'engine':>12}{'plain':>12}{'apart':>8}{'+-':>7}{'margin':>8}  p(not equivalent)  p(same)"]
    for each in told:
        verdict = "different" if each.different else "equivalent" if each.equivalent else "not told"
        lines.append(
            f"{each.name:42}{each.first:12.5g}{each.second:12.5g}{each.difference:8.2%}{each.error:7.2%}"
            f"{each.margin:8.0%}{each.p_equivalent:19.2g}{each.p_different:9.2g}  {verdict}"
        )
    equivalent, different = sum(each.equivalent for each in told), sum(each.different for each in told)
    lines.append(f"{len(told)} outcomes: {equivalent} equivalent, {different} different")
    return lines


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m experiments.equivalence", description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--programmes", action="store_true", help="with every shipped scheme at work")
    parser.add_argument("--engine-runs", type=int, default=300)
    parser.add_argument("--plain-runs", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=max(os.cpu_count() or 1, 1))
    parser.add_argument("--folder", type=Path, default=None, help="where runs are kept as they come")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
