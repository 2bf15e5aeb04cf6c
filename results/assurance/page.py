"""What all pages of a pack share: who answers for it, what run it is of, and how tables and ticks are written."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import xarray as xr

from results.table_rows import Cell

NOT_ASSURED = "NOT ASSURED"
LIMITS = "limits.md"
NOT_DONE = "not done"


class Assurer(NamedTuple):
    """Who says that the run is fit for the use named; nothing here can check that it is so."""

    name: str
    role: str
    day: str  # ISO date


class Of(NamedTuple):
    """Which run a pack is of, and who answers for it."""

    run: str  # the folder's name
    title: str
    made: str  # when the run was made, ISO
    version: str
    results_hash: str  # SHA-256 of results.nc
    assurer: Assurer | None
    caution: str = ""  # what every page has to say of it, such as that this Upstream is not the run's


class Check(NamedTuple):
    """One line of a checklist. `held` is None where only a person can do it."""

    what: str
    held: bool | None
    evidence: str = ""


def status(assurer: Assurer | None) -> str:
    """The first words of every page."""
    if assurer is None:
        return f"{NOT_ASSURED}: nobody has said that this run is fit for any use."
    return f"Assured by {assurer.name}, {assurer.role}, on {assurer.day}, for the use named in {LIMITS}"


def short_status(assurer: Assurer | None) -> str:
    """The same in a cell of a table, so that a table that travels alone says it too."""
    return NOT_ASSURED if assurer is None else status(assurer)


def page(of: Of, title: str, parts: Iterable[str]) -> str:
    """A page of Markdown: its status first, then its title, which run it is of, and its parts."""
    head = [
        f"**{status(of.assurer)}**", f"# {title}",
        f"Run `{of.run}`: {of.title}. Made {of.made[:10]} with Upstream {of.version}; SHA-256 of results.nc "
        f"{of.results_hash[:16]}.",
        *([f"**{of.caution}**"] if of.caution else []),
    ]  # fmt: skip
    return "\n\n".join([*head, *(part for part in parts if part)]) + "\n"


def of_run(ds: xr.Dataset, run: str, results_hash: str, assurer: Assurer | None, caution: str = "") -> Of:
    told = ds.attrs
    return Of(run, told.get("title", ""), told.get("date", "unknown"), told.get("version", "unknown"), results_hash,
              assurer, caution)  # fmt: skip


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table of Markdown."""
    lines = [_line(header), _line(["---"] * len(header)), *(_line(row) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(plain(str(cell)) for cell in cells)} |"


def plain(text: str) -> str:
    """Text in one line that a table of Markdown can hold."""
    return " ".join(text.split()).replace("|", "\\|")


def listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def ticks(checks: Iterable[Check]) -> str:
    """A checklist: a tick only for what was verified in this run, with the evidence for it."""
    return "\n".join(_tick(one) for one in checks)


def _tick(one: Check) -> str:
    if one.held is None:
        return f"- [ ] {one.what}: **{NOT_DONE}**{f' ({one.evidence})' if one.evidence else ''}"
    if not one.held:
        return f"- [ ] {one.what}: **no**. {one.evidence}"
    return f"- [x] {one.what}. Evidence: {one.evidence}"


def number(value: float) -> str:
    """A number as people write it: 1,300, 0.85, 0.000012."""
    if value != value:
        return ""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.4g}"
