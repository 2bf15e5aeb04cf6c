"""Which lines and branches of the compiled rules some runs of coverage have met, file by file."""

import ast
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model.jit import MODEL

COMPILED = ("rule", "loop")


@dataclass
class Met:
    """Of one file's rules: how many lines and branches there are, and those not met, by rule."""

    rules: int = 0
    lines: int = 0
    branches: int = 0
    lines_missed: dict[str, list[int]] = field(default_factory=dict)
    branches_missed: dict[str, list[list[int]]] = field(default_factory=dict)

    @property
    def missed(self) -> tuple[int, int]:
        return tuple(sum(map(len, one.values())) for one in (self.lines_missed, self.branches_missed))  # type: ignore

    @property
    def share(self) -> float:
        """Of lines and branches together, as coverage counts them."""
        return 1.0 - sum(self.missed) / max(self.lines + self.branches, 1)


def rules_in(path: Path) -> set[str]:
    """The names of the functions of a file that are compiled."""
    return {
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and {ast.unparse(one).rpartition(".")[2] for one in node.decorator_list} & set(COMPILED)
    }


def compiled_files(folder: Path = MODEL) -> dict[str, set[str]]:
    """The files with compiled functions, and their names."""
    found = {path.relative_to(folder).as_posix(): rules_in(path) for path in sorted(folder.rglob("*.py"))}
    return {file: names for file, names in found.items() if names}


def met_by_file(report: Path) -> dict[str, Met]:
    """From a report of coverage in JSON: by file."""
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["files"]
    reported = {Path(name).resolve(): one["functions"] for name, one in told.items()}
    found = {}
    for file, names in compiled_files().items():
        functions = reported[(MODEL / file).resolve()]
        met = found[file] = Met(rules=len(names))
        for name in sorted(names):
            one = functions[name]
            met.lines += one["summary"]["num_statements"]
            met.branches += one["summary"]["num_branches"]
            if one["missing_lines"]:
                met.lines_missed[name] = one["missing_lines"]
            if one["missing_branches"]:
                met.branches_missed[name] = one["missing_branches"]
    return found


def table(found: dict[str, Met]) -> str:
    """A line a file, then what was not met."""
    rows = [f"{'file':30}{'rules':>7}{'lines':>7}{'missed':>8}{'branches':>10}{'missed':>8}{'met':>8}"]
    for file, one in [*found.items(), ("all", total(found))]:
        lines, branches = one.missed
        rows.append(
            f"{file:30}{one.rules:7}{one.lines:7}{lines:8}{one.branches:10}{branches:8}{one.share:8.1%}"
        )
    for file, one in found.items():
        for name in sorted({*one.lines_missed, *one.branches_missed}):
            arcs = ", ".join(f"{start}->{max(end, 0) or 'end'}" for start, end in one.branches_missed.get(name, []))
            rows.append(f"not met: {file} {name}: lines {one.lines_missed.get(name, [])}, branches {arcs}")
    return "\n".join(rows)


def total(found: dict[str, Met]) -> Met:
    whole = Met()
    for file, one in found.items():
        whole.rules, whole.lines, whole.branches = (
            whole.rules + one.rules, whole.lines + one.lines, whole.branches + one.branches,
        )  # fmt: skip
        whole.lines_missed |= {f"{file} {name}": lines for name, lines in one.lines_missed.items()}
        whole.branches_missed |= {f"{file} {name}": arcs for name, arcs in one.branches_missed.items()}
    return whole
