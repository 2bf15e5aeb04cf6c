"""The data log: every table that the run was made from, who published it, under which licence, and its hash."""

from collections.abc import Sequence
from typing import NamedTuple

from results.assurance.page import Of, page, short_status, table
from results.table_rows import Cell, Rows

CSV = "data.csv"
SHORT = 12


class Source(NamedTuple):
    """One publication that a table is made from."""

    publisher: str
    title: str
    year: str
    licence: str
    changes: str = ""


class Data(NamedTuple):
    """A table."""

    file: str  # its path inside Upstream or the area's folder
    part: str  # area, model, money, scheme or fit
    holds: str
    period: str
    provenance: str  # how many rows of each, or that of the whole
    sources: tuple[Source, ...]
    sha256: str


COLUMNS = (
    "assurance", "table", "part", "holds", "period", "provenance", "publisher", "title", "year", "licence", "changes",
    "sha256",
)  # fmt: skip


def rows_of(of: Of, tables: Sequence[Data]) -> Rows:
    """data.csv: a line for each source of each table."""
    rows: list[list[Cell]] = [
        [short_status(of.assurer), one.file, one.part, one.holds, one.period, one.provenance, *source, one.sha256]
        for one in tables
        for source in (one.sources or (Source("not named", "", "", "not named"),))
    ]
    return list(COLUMNS), rows


def data_page(of: Of, tables: Sequence[Data]) -> str:
    unnamed = [one.file for one in tables if not one.sources]
    parts = {
        "area": "The area", "fit": "The area's fit", "model": "People and agencies",
        "scheme": "Schemes that the scenario names", "money": "Costs, deflators and harm",
    }  # fmt: skip
    return page(of, "Data log", [
        f"{len(tables)} tables stand behind this run. `{CSV}` has a line for each source of each, with its title, "
        "year, licence and what was changed; here each table has one line.",
        "*checked*: seen in its source or a stored copy of it; *unchecked*: recalled, to be looked up before any "
        "published use; *derived*: worked out from others; *judgement*: an estimate of Upstream's own. Some area "
        "figures that count as checked were read in newspapers that quote the tables: the column *changes* says which.",
        "The hash is SHA-256 with plain line endings; 12 of its signs are shown.",
        f"No source is named for: {', '.join(unnamed)}." if unnamed else "",
        *(
            f"## {title}\n\n" + table(("table", "holds", "period", "provenance (rows)", "publisher", "licence", "hash"),
                                      [_shown(one) for one in tables if one.part == part])
            for part, title in parts.items() if any(one.part == part for one in tables)
        ),
    ])  # fmt: skip


def _shown(one: Data) -> list[Cell]:
    publishers = list(dict.fromkeys(source.publisher for source in one.sources))
    told = ", ".join(publishers[:3]) + (f" and {len(publishers) - 3} more" if len(publishers) > 3 else "")
    licences = ", ".join(dict.fromkeys(source.licence for source in one.sources))
    return [f"`{one.file}`", one.holds, one.period, one.provenance, told or "not named", licences, one.sha256[:SHORT]]
