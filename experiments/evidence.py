"""All evidence rows that there are, listed, and one of them or a scheme in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from rich.table import Table

from experiments.cohort.health import ROWS
from model.evidence import FOLDER, Evidence, Row, Source, read, read_sources
from model.inputs import AreaTables, Programme
from model.usage import past_rows, where_used
from results import prices
from results.economics import agencies, discounting
from scenarios import Fault, InputFaults, Scenario
from scenarios.areas import load_area
from scenarios.explain import COLUMNS, counts_line, explain_row, row_line
from scenarios.explain_scheme import explain_lever, explain_scheme
from scenarios.schemes import Lever, Scheme, load_lever, load_scheme, shipped_levers, shipped_schemes

AREA = "west_mercia"  # whose run says what is read

# Rows of the costs and harm tables that prices are made of, and the file that reads them.
PRICED = ("crime_cost.", "crime_cost_doubt", "harm_weight_mean", "gdp_deflator")
PRICES, AGENCIES, DISCOUNTING = "results/prices.py", "results/economics/agencies.py", "results/economics/discounting.py"
# What a cohort alone reads, by how the names of its rows begin.
COHORT = {"benefit": "experiments/cohort/benefits.py", "hospital": "experiments/cohort/hospital.py"}
LONGEST_PLAN = 30  # years: bands of the discount rate that begin later are never read


def all_rows() -> list[tuple[Row, tuple[str, ...]]]:
    """Every row there is with the files that read it, each marked as used when the model, with all schemes, or the
    prices do."""
    found = schemes()
    rows = [*read().values(), *prices.shipped().values(), *read(ROWS).values()]
    rows += [row for evidence in evidence_of_the_catalogue(found) for row in evidence.values()]
    return marked(rows, load_area(AREA), tuple(scheme.programme for scheme in found.values()))


def rows_of(scenario: Scenario) -> list[tuple[Row, tuple[str, ...]]]:
    """The rows that a run of a scenario may read, with the files that do, each marked as used when its model, with its
    own schemes, or the prices do."""
    rows = [*scenario.evidence.values(), *prices.shipped().values()]
    return marked(rows, scenario.area, scenario.programmes)


def marked(
    rows: Sequence[Row], area: AreaTables, programmes: tuple[Programme, ...]
) -> list[tuple[Row, tuple[str, ...]]]:
    """Rows with the files that read them in a run of the area with these programmes, each marked as used or not; those
    of cohorts are read by no run."""
    together = Evidence(rows)
    used = dict(where_used(area, together, programmes))
    past = past_rows(area, together)
    used |= {row.name: (PRICES,) for row in rows if row.id.startswith(PRICED)}
    used |= dict.fromkeys(agencies.rows_read(), (AGENCIES,))
    used |= {row.name: (DISCOUNTING,) for row in rows if discounts(row)}
    cohorts = {row.name: (COHORT[row.id.partition(".")[0]],) for row in rows if row.id.partition(".")[0] in COHORT}
    return [
        (
            replace(row, use="model" if row.name in used else "context", alters_past=row.name in past),
            used.get(row.name, cohorts.get(row.name, ())),
        )
        for row in rows
    ]


def discounts(row: Row) -> bool:
    """Whether present values are made with a row: a band of the standard rate that a year of a plan may lie in."""
    band = discounting.BAND.fullmatch(row.group)
    return row.id == discounting.RATES["standard"] and band is not None and int(band[1]) < LONGEST_PLAN


def listed() -> tuple[Table, str]:
    """Every row as a table, and a line that counts them."""
    rows = all_rows()
    table = Table(box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, no_wrap=True, justify="right" if name == "value" else "left")
    for row, files in rows:
        table.add_row(*row_line(row, files))
    return table, counts_line(row for row, _ in rows)


def explained(id: str) -> str:
    """A scheme, a lever, a row, or all rows of an id in plain words; or a scheme of one's own, by the path of its file.
    Raises InputFaults for an unknown id, and with all that is wrong with a file."""
    if id.lower().endswith(".toml"):
        return explain_scheme(load_scheme(Path(id), id), all_sources())
    found, found_levers = schemes(), levers()
    if id in found:
        return explain_scheme(found[id], all_sources())
    if id in found_levers:
        return explain_lever(found_levers[id], all_sources())
    everything = {row.name: (row, files) for row, files in all_rows()}
    chosen = [(row, files) for row, files in everything.values() if id in (row.name, row.id)]
    if chosen:
        own = [s for scheme in found.values() for s in scheme.sources]
        own += [s for lever in found_levers.values() for s in lever.sources]
        sources = all_sources() | {str(s["id"]): Source(**s) for s in own}
        return "\n\n".join(explain_row(row, sources, files) for row, files in chosen)
    near = get_close_matches(id, [*found, *found_levers, *everything, *{row.id for row, _ in everything.values()}], n=3)
    mend = f"perhaps {' or '.join(near)} is meant" if near else "list them with: upstream evidence"
    raise InputFaults([Fault(id, 0, "no row or scheme has this id", mend)])


def evidence_of_the_catalogue(found: Mapping[str, Scheme]) -> list[Evidence]:
    return [scheme.evidence for scheme in found.values()] + [lever.evidence for lever in levers().values()]


def schemes() -> dict[str, Scheme]:
    return {name: load_scheme(path) for name, path in shipped_schemes().items()}


def levers() -> dict[str, Lever]:
    return {name: load_lever(path) for name, path in shipped_levers().items()}


def all_sources() -> dict[str, Source]:
    """Sources of the model's rows and of those of costs and harm and of cohorts, by id."""
    folders = [folder for folder in (FOLDER, prices.FOLDER, ROWS) if (folder / "sources.toml").exists()]
    return {id: source for folder in folders for id, source in read_sources(folder).items()}
