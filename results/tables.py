"""The tables of a run as tidy CSV: one table a file, units in the header, estimate, lower and upper apart."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from results.attribution import as_asked, is_attributed, told_by_part
from results.compare import (
    averted,
    comparator_of,
    estimates,
    of_crime,
    range_words,
    significant,
)
from results.cross_checks import cross_checks
from results.doubt import doubt
from results.fifth_tables import victims_by_fifth
from results.frontier import frontier_table, has_frontier
from results.labels import programme_names, words, year_name
from results.measures import (
    MEASURES,
    averted_in_all,
    extra_spend_runs,
    others_pay_runs,
    per_1000_a_year,
    service_unit,
    spend_runs,
)
from results.money_tables import value_for_money, who_gains
from results.national_measures import national_measures
from results.notes import notes
from results.offence_costs import cost_of_an_offence
from results.plan_years import money_by_year
from results.policies import is_explored, policies
from results.reach_tables import (
    confidence_and_involvement,
    flagged,
    funding,
    people_and_places_reached,
    prevention_and_victims,
)
from results.readings import PARTS, reading_of
from results.table_rows import Cell, Rows, interval_header, intervals, pounds_of
from results.timeline import when_effects_come
from results.who_pays import spend_by_funder

FIGURES = 6  # enough for any use of a table, and the same on every machine


@dataclass(frozen=True)
class Table:
    """A table of a run: the name of its file, what it is called, and its rows."""

    stem: str
    title: str
    rows: Callable[[xr.Dataset], Rows]
    of_parts: bool = False  # whether it is of the alternatives that tell the parts of a plan apart

    def told(self, ds: xr.Dataset, shown: xr.Dataset) -> Rows:
        """Its rows: of the whole run where it is of parts, else of what is shown of it."""
        return self.rows(ds if self.of_parts else shown)


def tables_of(ds: xr.Dataset) -> list[Table]:
    """The tables that this run has something to say in, in the order in which they are read."""
    compared = ds.sizes["alternative"] > 1
    tables = [
        (is_explored(ds), Table("policies", "What each policy comes to", policies)),
        (True, Table("summary", "Spend and what it averts", summary)),
        (True, Table("averted_by_year", "Offences averted by year", averted_by_year)),
        (True, Table("averted_by_offence", "Offences averted by kind", averted_by_offence)),
        (True, Table("averted_by_service", "Demand averted by service", averted_by_service)),
        (True, Table("averted_by_district", "Offences averted by district", averted_by_district)),
        (True, Table("spend_by_programme_and_year", "Spend by programme and year", spend_by_programme_and_year)),
        (True, Table("spend_by_funder", "Who pays for each programme", spend_by_funder)),
        (True, Table("people_and_places_reached", "People and places reached", people_and_places_reached)),
        (True, Table("confidence_and_involvement", "Confidence and involvement", confidence_and_involvement)),
        (True, Table("prevention_and_victims", "Prevention, and services for victims", prevention_and_victims)),
        (compared, Table("who_gains", "Who gains", who_gains)),
        (compared, Table("value_for_money", "Value for money", value_for_money)),
        (compared, Table("money_by_year", "Costs and what they avert, year by year", money_by_year)),
        (compared, Table("when_effects_come", "When effects come", when_effects_come, True)),
        (compared, Table("victims_by_fifth", "Victims by deprivation of where they live", victims_by_fifth)),
        (compared, Table("cross_checks", "Cross-checks that are in no benefit", cross_checks)),
        (compared, Table("cost_of_an_offence", "What an offence costs", cost_of_an_offence)),
        (compared, Table("national_measures", "National Crime and Policing Measures", national_measures)),
        (compared and len(np.unique(ds.draw.values)) > 1, Table("doubt", "What the doubt comes from", doubt)),
        (is_attributed(ds), Table("attribution", "What each part of the plan does", attribution, True)),
        (has_frontier(ds),
         Table("budget_frontier", "Programmes by what they avert for a pound", frontier_table, True)),
        (bool(ds.flagged.any() or ds.hot_spots_flagged.any()), Table("flagged", "Whom tools flagged", flagged)),
        (bool(ds.attrs.get("funding")), Table("funding", "Lines of funding", funding)),
    ]
    return [table for has, table in tables if has]


def write_tables(ds: xr.Dataset, folder: Path | str) -> list[Path]:
    """Writes every table of the run into `folder` (made when missing) and gives their paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shown = as_asked(ds)
    written = [write_csv(folder / f"{table.stem}.csv", *table.told(ds, shown)) for table in tables_of(ds)]
    about = folder / "notes.md"
    about.write_text(tables_notes(ds), encoding="utf-8", newline="\n")
    return [*written, about]


def tables_notes(ds: xr.Dataset) -> str:
    """What whoever opens a table must know, beside them in the folder."""
    lines = ["# Notes to the tables", "", *(f"- {line}" for line in notes(ds))]
    lines.append("- Averted: a positive number means fewer than under the comparator, a negative one more.")
    return "\n".join(lines) + "\n"


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Path:
    """One table as UTF-8 CSV with plain line feeds, so that the same run gives the same bytes."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([plain(cell) for cell in row] for row in rows)
    return path


def plain(cell: Cell) -> str:
    """Text as it is; a number in full, without powers of ten or a negative zero; nothing for NaN."""
    if isinstance(cell, str):
        return cell
    if not np.isfinite(cell):
        return ""
    rounded = significant(float(cell), FIGURES)
    return np.format_float_positional(rounded, trim="-")


def summary(ds: xr.Dataset) -> Rows:
    """Spend, then what is averted over the plan, by alternative; the comparator has spend alone."""
    comparator = comparator_of(ds)
    pounds = pounds_of(ds)
    parts = [
        ("Commissioner's spend over the plan", pounds, estimates(spend_runs(ds))),
        ("Others pay for the same", pounds, estimates(others_pay_runs(ds))),
        ("Commissioner's spend beyond the comparator", pounds, estimates(extra_spend_runs(ds, comparator))),
        *((f"{m.title} averted", m.unit, averted_in_all(ds, m, comparator)) for m in MEASURES),
    ]
    rows: list[list[Cell]] = []
    for measure, unit, told in parts:
        for name in told.alternative.values:
            numbers = [float(told[part].sel(alternative=name)) for part in PARTS]
            reading = reading_of(numbers[0], numbers[-1]) if measure.endswith("averted") else ""
            rows.append([str(name), comparator, measure, unit, *numbers, reading])
    kind = range_words(ds.sizes["replicate"])
    error = "error (half of a 95% interval's half-width over runs, or of chance where larger)"
    ends = ["estimate", f"lower ({kind})", f"upper ({kind})", error, "reading"]
    return ["alternative", "comparator", "measure", "unit", *ends], rows


def attribution(ds: xr.Dataset) -> Rows:
    """What each tier or programme of the comparator's plan averts: withheld, alone, and the interaction."""
    rows: list[list[Cell]] = []
    for measure in MEASURES:
        for part, way, told in told_by_part(ds, measure):
            numbers = [float(told[name]) for name in PARTS]
            rows.append([comparator_of(ds), part, way, f"{measure.title} averted", measure.unit, *numbers,
                         reading_of(numbers[0], numbers[-1])])  # fmt: skip
    kind = range_words(ds.sizes["replicate"])
    return ["plan", "part", "asked", "measure", "unit", "estimate", f"lower ({kind})", f"upper ({kind})",
            "error", "reading"], rows  # fmt: skip


def averted_by_year(ds: xr.Dataset) -> Rows:
    """Offences averted by financial year, antisocial behaviour left out."""
    runs = of_crime(averted(ds, "expected_offences", comparator_of(ds))).sum(("area", "offence"))
    rows: list[list[Cell]] = [
        [name, year_name(int(year)), *numbers]
        for (name, year), numbers in intervals(runs, "alternative", "year")
    ]
    return ["alternative", "financial year", *interval_header(ds, "offences averted a year")], rows


def averted_by_offence(ds: xr.Dataset) -> Rows:
    """Offences averted over the plan by group; antisocial behaviour stands last and is no crime."""
    runs = averted(ds, "expected_offences", comparator_of(ds)).sum(("area", "year"))
    rows: list[list[Cell]] = [
        [name, words(offence), *numbers]
        for (name, offence), numbers in intervals(runs, "alternative", "offence")
    ]
    return ["alternative", "offence", *interval_header(ds, "offences averted over the plan")], rows


def averted_by_service(ds: xr.Dataset) -> Rows:
    """Demand averted over the plan by service, beside the comparator's demand."""
    comparator = comparator_of(ds)
    runs = averted(ds, "demand", comparator).sum(("area", "year"))
    level = ds.demand.sel(alternative=comparator).sum(("area", "year")).mean("replicate")
    rows: list[list[Cell]] = []
    for (name, service), numbers in intervals(runs, "alternative", "service"):
        whole = float(level.sel(service=service))
        share = 100 * numbers[0] / whole if whole else 0.0
        rows.append([name, words(service), service_unit(service), *numbers, whole, share])
    header = interval_header(ds, "contacts, nights or months averted over the plan")
    beside = [
        f"demand under {comparator} (contacts, nights or months)",
        f"averted (% of demand under {comparator})",
    ]
    return ["alternative", "service", "unit", *header, *beside], rows


def averted_by_district(ds: xr.Dataset) -> Rows:
    """Offences averted over the plan by district where they happen, and a year per 1,000 residents."""
    runs = of_crime(averted(ds, "expected_offences", comparator_of(ds))).sum("offence")
    code = dict(zip(ds.area.values.tolist(), ds.code.values.tolist(), strict=True))
    rows: list[list[Cell]] = []
    for whole, rate in zip(
        intervals(runs.sum("year"), "alternative", "area"),
        intervals(per_1000_a_year(ds, runs), "alternative", "area"),
        strict=True,
    ):
        (name, district), numbers = whole
        rows.append([name, district, code[district], *numbers, *rate[1]])
    header = interval_header(ds, "offences averted over the plan")
    header += interval_header(ds, "offences averted a year per 1,000 residents")
    return ["alternative", "district", "code", *header], rows


def spend_by_programme_and_year(ds: xr.Dataset) -> Rows:
    """Pounds by alternative, programme and financial year."""
    names = programme_names(ds)
    tiers = dict(zip(ds.programme.values.tolist(), ds.tier.values.tolist(), strict=True))
    by_all = ds.programme_spend.mean("replicate")
    rows: list[list[Cell]] = [
        [name, names[programme], tiers[programme], year_name(int(year)), *numbers,
         float(by_all.sel(alternative=name, programme=programme, year=int(year)))]
        for (name, programme, year), numbers in intervals(
            ds.commissioner_spend, "alternative", "programme", "year"
        )
    ]  # fmt: skip
    header = [*interval_header(ds, f"the commissioner's {pounds_of(ds)}"), f"by all who pay ({pounds_of(ds)})"]
    return ["alternative", "programme", "tier", "financial year", *header], rows
