"""Who is spared, by how deprived the place is where they live: the table and the chart."""

import xarray as xr

from results import drawing
from results.chart import Chart, band, place_and_period, series_of
from results.compare import comparator_of, estimates
from results.economics.fifths import offences_against, spared, weights, weights_by_run
from results.labels import quoted
from results.prices import shipped
from results.readings import PARTS, largest_clear, reading_of, readings_by_row
from results.table_rows import Cell, Rows, interval_header, present_pounds_of

ALL = "all fifths"
FIFTHS = ("1, the most deprived", "2", "3", "4", "5, the least deprived")


def victims_by_fifth(ds: xr.Dataset) -> Rows:
    """Offences against residents averted over the run and what victims are spared by them, without weights and with."""
    comparator = comparator_of(ds)
    count, worth, weight = offences_against(ds, comparator), spared(ds, comparator, shipped()), weights(shipped())
    weighted = worth * weights_by_run(ds, shipped())
    rows: list[list[Cell]] = []
    for name in count.alternative.values:
        for at, fifth in enumerate((*FIFTHS, ALL)):
            told = [_of(one.sel(alternative=name), at) for one in (count, worth, weighted)]
            numbers = [float(one[part]) for one in told for part in PARTS[:-1]]
            weighed: Cell = float(weight[at]) if at < len(FIFTHS) else ""
            sure = [reading_of(float(one.estimate), float(one.error)) for one in told[:2]]
            rows.append([str(name), comparator, fifth, *numbers[:6], weighed, *numbers[6:], *sure])
    pounds = present_pounds_of(ds)
    header = [
        *interval_header(ds, "offences against residents averted, counted"),
        *interval_header(ds, f"loss and harm of victims, {pounds}"), "weight of a pound (Green Book)",
        *interval_header(ds, f"the same, weighted, {pounds}"), "reading of the count", "reading of the pounds",
    ]  # fmt: skip
    return ["alternative", "comparator", "fifth of deprivation where the victim lives", *header], rows


def _of(runs: xr.DataArray, at: int) -> xr.Dataset:
    return estimates(runs.isel(quintile=at) if at < len(FIFTHS) else runs.sum("quintile"))


def by_fifth(ds: xr.Dataset) -> Chart:
    """Offences against residents averted, by the deprivation of where they live."""
    comparator = comparator_of(ds)
    runs = offences_against(ds, comparator)
    told = estimates(runs).transpose("alternative", "quintile")
    rows = [f"Fifth {fifth}" for fifth in FIFTHS]
    series = series_of(runs, "quintile")
    most = largest_clear(told)
    return Chart(
        stem="victims_by_fifth",
        title="No fifth of victims' homes stands out clearly from chance" if most is None
        else f"Largest clear difference by where victims live: fifth {FIFTHS[most[1]]}, {series[most[0]].name}",
        subtitle=f"Offences averted by deprivation of the victim's home against {quoted(comparator)}, "
        f"{place_and_period(ds)}",
        picture="A panel for each alternative, with a point and its range for each fifth of deprivation.",
        alternative=f"Offences over the plan against {quoted(comparator)}: {readings_by_row(runs, 'quintile', rows)}.",
        note="Counted and not expected offences, so that chance moves them more; those without a person as victim are "
        f"left out. {band(ds)}",
        table=victims_by_fifth(ds),
        draw=lambda: drawing.row_panels(
            rows, series, f"Offences over the plan fewer than under {quoted(comparator)} (left of zero: more)"
        ),
    )
