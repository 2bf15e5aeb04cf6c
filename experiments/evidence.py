"""All evidence rows that there are, listed, and one of them or a scheme in plain words."""

from dataclasses import replace
from difflib import get_close_matches

from rich.table import Table

from model.evidence import FOLDER, Evidence, Row, Source, read, read_sources
from model.usage import rows_used
from results import prices
from scenarios import Fault, InputFaults
from scenarios.areas import load_area
from scenarios.explain import COLUMNS, counts_line, explain_row, explain_scheme, row_line
from scenarios.schemes import Scheme, load_scheme, shipped_schemes

AREA = "west_mercia"  # whose run says what is read

# Rows of the costs and harm tables that prices are made of.
PRICED = ("crime_cost.", "crime_cost_doubt", "harm_weight_mean", "gdp_deflator")


def all_rows() -> list[Row]:
    """Every row there is, each marked as used when the model, with all schemes, or the prices read it."""
    found = schemes()
    rows = [*read().values(), *prices.shipped().values()]
    rows += [row for scheme in found.values() for row in scheme.evidence.values()]
    together = Evidence(rows)
    used = rows_used(load_area(AREA), together, tuple(scheme.programme for scheme in found.values()))
    return [
        replace(row, use="model" if row.name in used or row.id.startswith(PRICED) else "context") for row in rows
    ]


def listed() -> tuple[Table, str]:
    """Every row as a table, and a line that counts them."""
    rows = all_rows()
    table = Table(box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, no_wrap=True, justify="right" if name == "value" else "left")
    for row in rows:
        table.add_row(*row_line(row))
    return table, counts_line(rows)


def explained(id: str) -> str:
    """A scheme, a row, or all rows of an id in plain words. Raises InputFaults for an unknown id."""
    found = schemes()
    if id in found:
        return explain_scheme(found[id], all_sources())
    everything = {row.name: row for row in all_rows()}
    chosen = [row for row in everything.values() if id in (row.name, row.id)]
    if chosen:
        own = [s for scheme in found.values() for s in scheme.sources]
        sources = all_sources() | {str(s["id"]): Source(**s) for s in own}
        return "\n\n".join(explain_row(row, sources) for row in chosen)
    near = get_close_matches(id, [*found, *everything, *{row.id for row in everything.values()}], n=3)
    mend = f"perhaps {' or '.join(near)} is meant" if near else "list them with: upstream evidence"
    raise InputFaults([Fault(id, 0, "no row or scheme has this id", mend)])


def schemes() -> dict[str, Scheme]:
    return {name: load_scheme(path) for name, path in shipped_schemes().items()}


def all_sources() -> dict[str, Source]:
    """Sources of the model's rows and of those of costs and harm, by id."""
    folders = [folder for folder in (FOLDER, prices.FOLDER) if (folder / "sources.toml").exists()]
    return {id: source for folder in folders for id, source in read_sources(folder).items()}
