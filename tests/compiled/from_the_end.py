"""Notes where a rule, run as Python, counts an index from the end of an array: nobody's row, NOBODY, is -1.

Compiled code does so too, and with bounds checks as well: -1 is then within bounds.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from model import as_python

found: set[str] = set()


def note(index: Any) -> None:
    for one in index if isinstance(index, tuple) else (index,):
        if isinstance(one, int | np.integer) and one < 0:
            frame = sys._getframe(2)
            while frame.f_back and Path(frame.f_code.co_filename) == Path(as_python.__file__):
                frame = frame.f_back
            found.add(f"{Path(frame.f_code.co_filename).name} {frame.f_code.co_name}")


class Watched(np.ndarray):
    def __getitem__(self, index: Any) -> Any:
        note(index)
        return super().__getitem__(index)

    def __setitem__(self, index: Any, value: Any) -> None:
        note(index)
        super().__setitem__(index, value)


class WatchedRows(as_python._Rows):
    def __init__(self, rows: Any) -> None:
        super().__init__(rows)
        self._fields = {name: field.view(Watched) for name, field in self._fields.items()}

    def __getitem__(self, i: int) -> as_python._Row:
        note(i)
        return super().__getitem__(i if i >= 0 else i + self.size)  # noted once, and not where a field is read


def watch() -> None:
    """From now on, whatever loops are handed is watched."""
    hand_over = as_python._handed_over

    def handed_over(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return WatchedRows(value) if value.dtype.names else value.view(Watched)
        return hand_over(value)

    as_python._handed_over = handed_over
