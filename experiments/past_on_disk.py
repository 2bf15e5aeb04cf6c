"""A past that waits on disk while its alternatives are lived: memory then holds one population, not two.

Every alternative of a replicate begins from the same people. They are written once, as plain rows, and read
anew for each; those who will come are read month by month. The files last as long as the replicate.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from model.past import Past
from model.people import PERSON, Population, room_for


@dataclass(frozen=True)
class RowsOnDisk:
    """People in a file, read by the slice."""

    path: Path
    size: int

    def __getitem__(self, rows: slice, /) -> Population:
        first, last, _ = rows.indices(self.size)
        return read(self.path, first, max(last - first, 0))


def read(path: Path, first: int, count: int, room: int | None = None) -> Population:
    """`count` people of a file from the `first` on, with `room` rows in all (by default as many as there are)."""
    people = room_for(count if room is None else room)
    with path.open("rb") as stream:
        stream.seek(first * PERSON.itemsize)
        found = stream.readinto(people[:count].view(np.uint8).data)
    if found != count * PERSON.itemsize:
        raise OSError(f"{path.name} ends too early")
    return people


def write(people: NDArray[np.void], path: Path) -> None:
    """People as plain rows, one after the other."""
    with path.open("wb") as stream:
        np.ascontiguousarray(people).tofile(stream)


class PastOnDisk(NamedTuple):
    """What a past holds beside its people, and where those are."""

    past: Past
    folder: Path
    room: int

    def again(self) -> Past:
        """The past as it was when it was written, for one alternative to go on from."""
        people = read(self.folder / "people", 0, self.past.rows, self.room)
        return self.past._replace(people=people)


@contextmanager
def kept_on_disk(past: Past, inside: str | None = None) -> Iterator[PastOnDisk]:
    """A past written to disk for as long as the context lasts, in a new folder in `inside` (by default where
    the system keeps such). Who wrote it should let go of its people."""
    with tempfile.TemporaryDirectory(prefix="upstream-", dir=inside) as name:
        folder = Path(name)
        write(past.people[: past.rows], folder / "people")
        write(past.coming, folder / "coming")
        coming = cast(Population, RowsOnDisk(folder / "coming", past.coming.size))  # it is sliced, no more
        room = past.people.size
        past = past._replace(people=room_for(0), coming=coming)
        yield PastOnDisk(past, folder, room)
