"""What came of each run, kept as it comes: one SQLite file that survives a kill, by the hash of the run.

One process writes, and holds the file for as long as it is at work. Write-ahead logging (WAL): what was kept is there
after a kill at any moment, and a journal that is cut short reads as if the last run had not been.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from experiments.runner.table import Run
from scenarios import Fault, InputFaults

NAME = "journal.sqlite"
SQLITE = b"SQLite format 3\0"
FORM = 1  # of the tables below
TABLES = """
create table if not exists told (name text primary key, text text not null) without rowid;
create table if not exists run (
    hash text primary key,
    alternative text not null,
    replicate integer not null,
    draw integer not null,
    tries integer not null default 0,
    error text,
    seconds real,
    made_on text,
    outcome blob
);
"""
KEEP = """
insert into run (hash, alternative, replicate, draw, tries, error, seconds, made_on, outcome)
values (?, ?, ?, ?, 1, ?, ?, ?, ?)
on conflict (hash) do update set tries = tries + 1, error = excluded.error, seconds = excluded.seconds,
    made_on = excluded.made_on, outcome = excluded.outcome
"""


class Entry(NamedTuple):
    """A run that has been tried."""

    hash: str
    tries: int
    error: str | None  # None where there is an outcome
    seconds: float | None
    made_on: str | None


class Journal:
    """An open journal: `close` it, or use it in a `with`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def told(self) -> dict[str, str]:
        """What the journal is of, by name."""
        return dict(self.connection.execute("select name, text from told"))

    def tell(self, words: Mapping[str, str]) -> None:
        """Write down what the journal is of."""
        with self.connection:
            self.connection.executemany("insert or replace into told values (?, ?)", words.items())

    def keep(self, run: Run, outcome: bytes, seconds: float, made_on: str) -> None:
        """What came of a run."""
        with self.connection:
            self.connection.execute(KEEP, (*_row(run), None, seconds, made_on, outcome))

    def fail(self, run: Run, error: str, made_on: str) -> None:
        """A run that came to nothing, and why."""
        with self.connection:
            self.connection.execute(KEEP, (*_row(run), error, None, made_on, None))

    def forget(self, name: str) -> None:
        """Take a run out, as if it had never been tried."""
        with self.connection:
            self.connection.execute("delete from run where hash = ?", (name,))

    def entries(self) -> dict[str, Entry]:
        """All runs tried, by hash, without their outcomes."""
        asked = "select hash, tries, error, seconds, made_on from run"
        return {row[0]: Entry(*row) for row in self.connection.execute(asked)}

    def outcomes(self, hashes: Iterable[str]) -> Iterator[bytes]:
        """The outcomes of these runs, in this order. Raises KeyError where there is none."""
        for name in hashes:
            row = self.connection.execute("select outcome from run where hash = ?", (name,)).fetchone()
            if row is None or row[0] is None:
                raise KeyError(name)
            yield row[0]


def is_journal(folder: Path) -> bool:
    """Whether a folder holds a journal: some SQLite file of its name."""
    try:
        with (folder / NAME).open("rb") as stream:
            return stream.read(len(SQLITE)) == SQLITE
    except OSError:
        return False


def is_empty(folder: Path) -> bool:
    """Whether a folder's journal was stopped before it could say what it is of: as good as none. Changes nothing."""
    if not is_journal(folder):
        return False
    address = f"{(folder / NAME).resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=0.5)) as connection:
            tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
            return tables == {"told", "run"} and not connection.execute("select count(*) from told").fetchone()[0]
    except sqlite3.Error:  # somebody is at work on it, or it is no journal
        return False


def open_journal(folder: Path | None) -> Journal:
    """The journal in a folder, which is made where there is none; without a folder one in memory.

    Raises InputFaults when another process is at work on it, or when the file is no journal of this version.
    """
    path = folder / NAME if folder else None
    connection = sqlite3.connect(str(path or ":memory:"), timeout=0.5, check_same_thread=False)
    try:
        # Before WAL: the index of the log is then in memory, and the file may lie on a network drive.
        connection.execute("pragma locking_mode = exclusive")
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        (form,) = connection.execute("pragma user_version").fetchone()
        if form not in (0, FORM):
            raise InputFaults(
                [Fault(str(path), 0, f"is a journal of form {form}, not {FORM}", "use the version that wrote it")]
            )
        with connection:
            connection.executescript(TABLES)
            connection.execute(f"pragma user_version = {FORM}")
    except sqlite3.OperationalError as error:
        connection.close()
        busy = "locked" in str(error)
        what = "another Upstream is at work in this folder" if busy else f"cannot be written: {error}"
        mend = "wait for it to end" if busy else "name another folder with --out"
        raise InputFaults([Fault(str(path), 0, what, mend)]) from error
    except sqlite3.DatabaseError as error:
        connection.close()
        raise InputFaults([Fault(str(path), 0, f"is no journal: {error}", "name another folder with --out")]) from error
    except InputFaults:
        connection.close()
        raise
    return Journal(connection)


def _row(run: Run) -> tuple[str, str, int, int]:
    return run.hash, run.alternative, run.replicate, run.draw
