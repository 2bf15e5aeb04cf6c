"""What an area's fit believes of the unknown numbers: draws kept in posterior.csv, in the area's folder."""

import ast
import csv
import functools
import hashlib
import io
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.evidence import read
from model.evidence.sampling import mix, name_keys, stratified
from model.jit import MODEL
from scenarios.faults import Fault, InputFaults

Floats = NDArray[np.float64]
NAME = "posterior.csv"
ABOUT = ("draw", "model", "evidence")  # the columns before those of rows
SHORT = 12  # characters of a hash
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Posterior:
    """Draws of rows of evidence that belong together: what is likely given one is likely with it."""

    names: tuple[str, ...]  # of rows
    draws: Floats  # (draws, rows)
    model: str  # short hashes of what it was fitted with
    evidence: str

    @property
    def middle(self) -> dict[str, float]:
        """The mean of each row."""
        return dict(zip(self.names, self.draws.mean(axis=0).tolist(), strict=True))

    def draw(self, seed: int, draw: int, draws: int) -> dict[str, float]:
        """Its values in draw `draw` of `draws`: over all of them, spread evenly over the kept ones."""
        keys = mix(name_keys([NAME]) + mix(np.array([seed % 2**64], dtype=np.uint64)))
        at = int(stratified(keys, draw, draws)[0] * len(self.draws))
        return dict(zip(self.names, self.draws[at].tolist(), strict=True))

    @property
    def warning(self) -> str:
        """What to say where it was fitted with another model than this; "" where it was not."""
        if (self.model, self.evidence) == hashes():
            return ""
        return (
            "The area's fit (posterior.csv) was made with another version of the model or its evidence: levels may be "
            "off until upstream calibrate is run again."
        )


def hashes() -> tuple[str, str]:
    """Short hashes of the model's code and of its evidence."""
    return code_hash(MODEL)[:SHORT], read().hash[:SHORT]


@functools.cache
def code_hash(folder: Path) -> str:
    """SHA-256 of the code of every Python source below `folder`: words about it do not make a fit stale."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder).as_posix()}\n{code_of(path.read_text(encoding='utf-8'))}".encode())
    return digest.hexdigest()


def code_of(text: str) -> str:
    """A source without its docstrings, comments and empty lines."""
    lines: list[str] = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            told = node.body[0]
            lines[told.lineno - 1 : told.end_lineno] = [""] * ((told.end_lineno or told.lineno) - told.lineno + 1)
    return "\n".join(line.rstrip() for line in lines if line.strip())


def read_posterior(folder: Path) -> Posterior | None:
    """The posterior of an area's folder; None where there is none. Raises InputFaults for a file that is none."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputFaults([Fault(NAME, 0, f"cannot be read: {error}", "save it as CSV in UTF-8")]) from None
    mend = "write it anew with: upstream calibrate"
    if len(rows) < 2 or tuple(rows[0][: len(ABOUT)]) != ABOUT:
        raise InputFaults([Fault(NAME, 1, f"does not begin with {', '.join(ABOUT)}", mend)])
    names, faults = tuple(rows[0][len(ABOUT) :]), list[Fault]()
    evidence = read()
    faults += [Fault(NAME, 1, f"no evidence row is named {name}", mend) for name in names if name not in evidence]
    values = np.full((len(rows) - 1, len(names)), np.nan)
    for at, row in enumerate(rows[1:]):
        try:
            values[at] = [float(one) for one in row[len(ABOUT) :]]
        except ValueError:
            faults.append(Fault(NAME, at + 2, "has other things than numbers, or too few or many of them", mend))
            continue
        if not np.isfinite(values[at]).all():
            faults.append(Fault(NAME, at + 2, "has a number that is not finite", mend))
    if faults:
        raise InputFaults(faults)
    return Posterior(names, values, rows[1][1], rows[1][2])


def posterior_text(names: Sequence[str], draws: Sequence[Mapping[str, float]]) -> str:
    """The file of these draws, made with the model and evidence that are at work now."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*ABOUT, *names])
    about = hashes()
    for at, one in enumerate(draws):
        writer.writerow([at, *about, *(f"{one[name]:.8g}" for name in names)])
    return stream.getvalue()


def posterior_hash(posterior: Posterior | None) -> str:
    """SHA-256 of its numbers; "" for none."""
    if posterior is None:
        return ""
    told = "\n".join((*posterior.names, posterior.model, posterior.evidence)).encode()
    return hashlib.sha256(told + np.ascontiguousarray(posterior.draws).tobytes()).hexdigest()
