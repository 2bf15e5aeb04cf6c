"""What is wrong with the files that someone wrote: all of it at once, each on a line."""

import difflib
import re
from collections.abc import Iterable
from typing import NamedTuple

_LONG_WORD = re.compile(r"\S{100,}")


class Fault(NamedTuple):
    """One thing wrong. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        told = f"{self.what}; {self.mend}" if self.mend else self.what
        told = " ".join(told.split())  # one line, whatever is quoted
        return f"{place}: {_LONG_WORD.sub(lambda word: f'{word[0][:60]}...', told)}"


class InputFaults(Exception):
    """Files that cannot be used. `faults` holds every fault found; `str()` gives a line for each."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: list[Fault] = list(faults)
        super().__init__("\n".join(map(str, self.faults)))


def meant(word: str, choices: Iterable[str], otherwise: str) -> str:
    """The choice that was probably meant by `word`, as the end of a fault's line."""
    names = list(choices)
    swapped = [name for name in names if sorted(name) == sorted(word)]  # E07000263 for E07000236
    close = swapped or difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    return f"perhaps {close[0]!r} is meant" if close else otherwise
