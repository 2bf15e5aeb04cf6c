"""What is wrong with a set of evidence files, all of it at once."""

from collections.abc import Iterable
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing wrong: where it stands, what it is and how to mend it."""

    file: str
    line: int  # from 1; 0 where no line can be named
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.mend}"


class EvidenceFaults(Exception):
    """Evidence that cannot be used. `faults` has everything found, in the order of files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type["EvidenceFaults"], tuple[list[Fault]]]:
        return EvidenceFaults, (self.faults,)
