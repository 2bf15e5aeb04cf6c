"""Figures of a paper that say for whom and on what: victims by the deprivation of their homes, national measures."""

from collections.abc import Mapping

import xarray as xr

from results.compare import averted
from results.economics.fifths import offences_against, spared, weights_by_run
from results.fifth_tables import ALL, FIFTHS
from results.labels import capital
from results.national_measures import MEASURES, National
from results.papers.figures import Figure, Numbers, figure_of, of_runs
from results.papers.run import Run
from results.papers.tables import Row
from results.prices import shipped
from results.readings import Cell, averted_cell, doubted_cell

SUBTRACTED = "within each run the comparator minus the alternative; then the mean over runs"
POUND = 1.0


def by_fifth(run: Run) -> list[Row]:
    """Offences against residents of each fifth, then what all are spared by them: as it is, and weighted."""
    rows = [(f"Fifth {fifth}", _offences_against(at, fifth)) for at, fifth in enumerate(FIFTHS)]
    return [
        *rows,
        (capital(ALL), _offences_against(None, ALL)),
        ("Loss and harm of all, pounds", _spared(False)),
        ("The same with the Green Book's weights", _spared(True)),
    ]


def _offences_against(at: int | None, fifth: str) -> Figure:
    def values(run: Run) -> Mapping[str, Numbers]:
        runs = offences_against(run.shown, run.comparator)
        return of_runs(runs.sum("quintile") if at is None else runs.isel(quintile=at))

    return figure_of(f"Offences against residents by fifth of deprivation: {fifth}", "victimisations",
                     f"counted, over the plan; {SUBTRACTED}", "offences", values, averted_cell)  # fmt: skip


def _spared(weighted: bool) -> Figure:
    def values(run: Run) -> Mapping[str, Numbers]:
        runs = spared(run.shown, run.comparator, shipped())
        return of_runs((runs * weights_by_run(run.shown, shipped()) if weighted else runs).sum("quintile"))

    def tell(estimate: float, lower: float, upper: float, error: float) -> Cell:
        return doubted_cell(estimate, lower, upper, error, POUND, "more", "less")

    how = "a pound of each fifth by its weight; " if weighted else ""
    return figure_of("Loss and harm of victims in all fifths" + (", weighted" if weighted else ""),
                     "victimisations; table victims_by_fifth", f"{how}present values; {SUBTRACTED}", "pounds", values,
                     tell)  # fmt: skip


def national(run: Run) -> list[Row]:
    """Offences averted by each national measure for which something in the model stands."""
    return [(one.measure, _national(one)) for one in MEASURES if one.offences]


def _national(one: National) -> Figure:
    def values(run: Run) -> Mapping[str, Numbers]:
        groups: xr.DataArray = averted(run.shown, "expected_offences", run.comparator).sum(("area", "year"))
        return of_runs(groups.sel(offence=list(one.offences)).sum("offence"))

    return figure_of(f"Offences that stand for the national measure: {one.measure}", "expected_offences",
                     f"{', '.join(one.offences)}, over the plan; {SUBTRACTED}", "offences", values,
                     averted_cell)  # fmt: skip


def of_national_measures() -> list[str]:
    """What must be kept in mind of each."""
    return [f"{one.measure}: {one.note}." for one in MEASURES]
