"""The charts of a run: what each says, in a picture, in words and as a table.

`write_charts` leaves for each chart an SVG and a PNG without any title, a Markdown page with the title,
subtitle, text alternative and note that belong in the document around the picture, and its data as CSV.
To add a chart, write a function from a Dataset to a Chart and name it in CHARTS.
"""

from pathlib import Path

import numpy as np
import xarray as xr

from results import drawing
from results.attribution import as_asked
from results.chart import EXPECTED, Chart, band, place_and_period, series_of
from results.compare import (
    averted,
    comparator_of,
    estimates,
    figure,
    of_crime,
    others,
    rounding_unit,
)
from results.drawing import Series
from results.fan import fan
from results.fifth_tables import by_fifth
from results.frontier import frontier, has_frontier
from results.labels import capital, heading, programme_names, quoted, spoken, year_name
from results.measures import OFFENCES_MEASURE, averted_runs, clear_in_offences, others_pay_runs, per_1000_a_year
from results.money_charts import money_charts
from results.notes import runs_note
from results.policies import is_explored, policy_charts
from results.readings import any_clear, reading, readings, readings_by_row
from results.table_rows import Cell
from results.tables import (
    averted_by_district,
    averted_by_offence,
    averted_by_service,
    averted_by_year,
    spend_by_programme_and_year,
    write_csv,
)
from results.timeline import timeline
from results.who_pays import who_pays

MOST_ROWS = 10  # offence groups or programmes in a picture; the table beside it has all


def write_charts(ds: xr.Dataset, folder: Path | str) -> list[Path]:
    """Writes every chart of the run into `folder` (made when missing) and gives the paths written.

    Raises ValueError when there is nothing beside the comparator to show.
    """
    folder = Path(folder)
    charts = charts_of(ds)
    folder.mkdir(parents=True, exist_ok=True)
    return [path for chart in charts for path in write_chart(chart, folder)]


def charts_of(ds: xr.Dataset) -> list[Chart]:
    """The charts that this run has something to say in, in the order in which they are read.

    Raises ValueError when there is nothing beside the comparator to show.
    """
    if not others(ds, comparator_of(ds)):
        raise ValueError("a chart compares: the run needs an alternative beside the comparator")
    enough, shown = ds.sizes["replicate"] >= ENOUGH_TO_SETTLE, as_asked(ds)
    charts = [make(shown) for make in ((*CHARTS, settling) if enough else CHARTS)]
    paid = [who_pays(shown)] if others_pay_runs(shown).any() else []
    last = [frontier(ds)] if has_frontier(ds) else []
    charts += [timeline(ds), *paid, *money_charts(shown), by_fifth(shown), *last]
    return [*charts, *(policy_charts(shown) if is_explored(ds) else ())]


def write_chart(chart: Chart, folder: Path) -> list[Path]:
    """A chart's pictures, its page and its data, in a folder that is there."""
    with drawing.style():
        pictures = drawing.save(chart.draw(), folder, chart.stem)
    page = folder / f"{chart.stem}.md"
    page.write_text(page_text(chart), encoding="utf-8", newline="\n")
    return [*pictures, page, write_csv(folder / f"{chart.stem}.csv", *chart.table)]


def page_text(chart: Chart) -> str:
    """The chart's page in Markdown: words first, then the picture, then its data."""
    parts = [
        f"# {chart.title}",
        chart.subtitle,
        f"![{chart.picture} Its text alternative stands below.]({chart.stem}.svg)",
        f"Text alternative: {chart.picture} {chart.alternative}",
        f"Note: {chart.note}",
        f"Data: [{chart.stem}.csv]({chart.stem}.csv)",
    ]
    return "\n\n".join(parts) + "\n"


def over_time(ds: xr.Dataset) -> Chart:
    """Offences averted in each year."""
    comparator = comparator_of(ds)
    runs = of_crime(averted(ds, "expected_offences", comparator)).sum(("area", "offence"))
    years = [year_name(int(year)) for year in ds.year.values]
    last = runs.isel(year=-1)
    unit = f"Offences a year fewer than under {quoted(comparator)} (below zero: more)"
    return Chart(
        stem="averted_offences_over_time",
        title=title_of_last_year(ds, last, years[-1], comparator),
        subtitle=f"Offences averted a year against {quoted(comparator)}, {place_and_period(ds)}",
        picture="A line for each alternative by year, with its range.",
        alternative=f"Offences in {years[-1]} against {quoted(comparator)}: {readings(last)}.",
        note=f"{EXPECTED} {band(ds)}",
        table=averted_by_year(ds),
        draw=lambda: drawing.lines_over_time(years, series_of(runs, "year"), unit),
    )


def title_of_last_year(ds: xr.Dataset, last: xr.DataArray, year: str, comparator: str) -> str:
    """It names an alternative only where its difference is clear, over the plan and in that year."""
    clear = last.sel(alternative=clear_in_offences(ds, comparator))
    told = estimates(clear)
    most = told.isel(alternative=int(np.abs(told.estimate.values).argmax())) if clear.sizes["alternative"] else None
    if most is None or not any_clear(clear.sel(alternative=[str(most.alternative.values)])):
        return f"No alternative differs clearly from {quoted(comparator)} in {year}"
    cell, name = reading(most), capital(spoken(str(most.alternative.values)))
    clearly = "" if clear.sizes["alternative"] == last.sizes["alternative"] else "of those that clearly do, "
    return capital(f"{clearly}{name} differs most from {quoted(comparator)}: {cell.figure} offences in {year}")


def by_offence(ds: xr.Dataset) -> Chart:
    """Offences averted by group, the largest differences named and the rest of crime added up."""
    comparator = comparator_of(ds)
    groups = of_crime(averted(ds, "expected_offences", comparator)).sum(("area", "year"))
    names = [heading(str(key)) for key in groups.offence.values]
    runs, rows = largest(groups, "offence", names, "All other crime")
    unit = f"Offences over the plan fewer than under {quoted(comparator)} (left of zero: more)"
    return Chart(
        stem="averted_by_offence",
        title=title_of_largest(runs, "offence", rows[0], "kind of crime"),
        subtitle=f"Offences averted by group against {quoted(comparator)}, {place_and_period(ds)}",
        picture=f"A panel for each alternative, with a point and its range for {len(rows)} groups of crime.",
        alternative=(
            f"Offences over the plan against {quoted(comparator)}: {readings(groups.sum('offence'))}. "
            f"The largest groups: {readings_by_row(runs, 'offence', rows[:3])}."
        ),
        note=f"{EXPECTED} Groups by size of the difference; the table has every group. {band(ds)}",
        table=averted_by_offence(ds),
        draw=lambda: drawing.row_panels(rows, series_of(runs, "offence"), unit),
    )


def by_service(ds: xr.Dataset) -> Chart:
    """Demand averted as a share of each service's demand, since services count different things."""
    comparator = comparator_of(ds)
    level = ds.demand.sel(alternative=comparator, drop=True).sum(("area", "year"))
    used = (level.min("replicate") > 0).values
    less = averted(ds, "demand", comparator).sum(("area", "year"))
    runs = (100 * less / level.where(level > 0)).sel(service=used)
    runs = runs.isel(service=by_size(runs, "service"))
    rows = [heading(str(key)) for key in runs.service.values]
    unit = f"Demand over the plan, % less than under {quoted(comparator)} (left of zero: more)"
    return Chart(
        stem="averted_by_service",
        title=title_of_largest(runs, "service", rows[0], "service, as a share of its demand"),
        subtitle=f"Demand averted by service, % of demand under {quoted(comparator)}, {place_and_period(ds)}",
        picture=f"A panel for each alternative, with a point and its range for {len(rows)} services.",
        alternative=(
            f"Demand over the plan, % of that under {quoted(comparator)}, where it differs most: "
            f"{readings_by_row(runs, 'service', rows[:3], smallest=0.001)}."
        ),
        note=f"Demand from crime and all else, counted, so chance moves it more than offences. {band(ds)}",
        table=averted_by_service(ds),
        draw=lambda: drawing.row_panels(rows, series_of(runs, "service"), unit),
    )


def spend(ds: xr.Dataset) -> Chart:
    """What each alternative spends on each programme over the plan."""
    names = [programme_names(ds)[str(key)] for key in ds.programme.values]
    runs, rows = largest(ds.commissioner_spend.sum("year") / 1e6, "programme", names, "All other programmes")
    mean = runs.mean("replicate").transpose("alternative", "programme").values
    alternatives = [spoken(str(name)) for name in runs.alternative.values]
    least, most = int(mean.sum(axis=1).argmin()), int(mean.sum(axis=1).argmax())
    prices = f"{ds.attrs['price_year']} prices, undiscounted"
    parts = [
        f"{name}: {', '.join(f'{row} {value:,.2f}' for row, value in zip(rows, values, strict=True))}"
        for name, values in zip(alternatives, mean, strict=True)
    ]
    return Chart(
        stem="spend_by_programme",
        title=(
            f"Spend runs from £{mean[least].sum():,.2f} million ('{alternatives[least]}') to "
            f"£{mean[most].sum():,.2f} million ('{alternatives[most]}')"
        ),
        subtitle=f"Spend on programmes over the plan, £ million, {prices}, {place_and_period(ds)}",
        picture="A panel for each alternative, with a bar for each programme.",
        alternative=f"In £ million: {'; '.join(parts)}.",
        note=(
            f"What the programmes cost the commissioner, at {prices}. {runs_note(ds)} Where a budget is spent in full "
            "the runs agree and no range shows; elsewhere a line across the end of the bar shows it."
        ),
        table=spend_by_programme_and_year(ds),
        draw=lambda: drawing.bar_panels(rows, series_of(runs, "programme"), f"£ million, {prices}", 2),
    )


def by_district(ds: xr.Dataset) -> Chart:
    """Offences averted a year per 1,000 residents, district by district, the whole area on top."""
    comparator = comparator_of(ds)
    runs = of_crime(averted(ds, "expected_offences", comparator)).sum("offence")
    rate = per_1000_a_year(ds, runs).drop_vars("code", errors="ignore")
    rate = rate.isel(area=by_size(rate, "area"))
    name = f"All {ds.attrs['area']}" if ds.attrs.get("area") else "Whole area"
    whole = per_1000_a_year(ds, runs.sum("area")).expand_dims(area=[name])
    shown = xr.concat([whole, rate], "area")
    rows = [str(name) for name in shown.area.values]
    measure = "Offences a year per 1,000 residents"
    unit = f"{measure} fewer than under {quoted(comparator)} (left of zero: more)"
    return Chart(
        stem="districts_compared",
        title=title_of_largest(rate, "area", rows[1], "district, per 1,000 residents"),
        subtitle=f"{measure} averted against {quoted(comparator)}, {place_and_period(ds)}",
        picture=f"A panel for each alternative, with a point and its range for {len(rows) - 1} districts.",
        alternative=(
            f"{measure} against {quoted(comparator)}, for the whole area and where they differ most: "
            f"{readings_by_row(shown, 'area', rows[:3], smallest=0.001)}."
        ),
        note=f"Offences where they happen, residents under {quoted(comparator)}. {EXPECTED} {band(ds)}",
        table=averted_by_district(ds),
        draw=lambda: drawing.row_panels(rows, series_of(shown, "area"), unit, set_apart=1),
    )


def settling(ds: xr.Dataset) -> Chart:
    """Offences averted over the plan, and twice its error, as runs are added: whether there are enough of them."""
    comparator = comparator_of(ds)
    runs = averted_runs(ds, OFFENCES_MEASURE, comparator).sum("year").transpose("alternative", "replicate")
    sizes = sizes_of(runs.sizes["replicate"])
    told = [estimates(runs.isel(replicate=slice(0, size))) for size in sizes]
    mean, error = (np.array([one[name].values for one in told]).T for name in ("estimate", "error"))
    names = [str(name) for name in runs.alternative.values]
    series = [
        Series(capital(spoken(name)), mean[a], mean[a] - 2 * error[a], mean[a] + 2 * error[a])
        for a, name in enumerate(names)
    ]
    rows: list[list[Cell]] = [
        [name, size, float(mean[a, s]), float(error[a, s])]
        for a, name in enumerate(names)
        for s, size in enumerate(sizes)
    ]
    moved = [
        f"{spoken(name)} from {figure(mean[a, -2], unit)} to {figure(mean[a, -1], unit)}"
        for a, name in enumerate(names)
        for unit in [rounding_unit(mean[a, -1], 0.0, 2 * error[a, -1])]
    ]
    return Chart(
        stem="settling",
        title=f"How the answer settles as runs are added, up to {sizes[-1]}",
        subtitle=f"Offences averted over the plan against {quoted(comparator)}, {place_and_period(ds)}",
        picture="A line for each alternative by the number of runs, with twice its error either side.",
        alternative=f"From {sizes[-2]} to {sizes[-1]} runs the average goes: {'; '.join(moved)}.",
        note=f"{EXPECTED} The average of the first runs so many, in the order in which they were drawn.",
        table=(["alternative", "runs", "estimate (offences averted over the plan)", "error"], rows),
        draw=lambda: drawing.lines_over_time(
            [f"{size} runs" for size in sizes], series, f"Offences over the plan fewer than under {quoted(comparator)}"
        ),
    )


def sizes_of(runs: int) -> list[int]:
    """Numbers of runs at which to look, from 2: all, or a dozen, each as much larger than the one before."""
    if runs <= MOST_SIZES + 1:
        return list(range(2, runs + 1))
    return sorted({round(size) for size in np.geomspace(2, runs, MOST_SIZES)})


CHARTS = (over_time, fan, by_offence, by_service, spend, by_district)
ENOUGH_TO_SETTLE, MOST_SIZES = 4, 12  # runs; numbers of runs in the picture of how they settle


def by_size(runs: xr.DataArray, dim: str) -> list[int]:
    """Places along `dim`, the largest mean difference of any alternative first."""
    mean = runs.mean("replicate").transpose("alternative", dim)
    size = np.abs(mean.values).max(axis=0)
    return [int(place) for place in np.argsort(-size, kind="stable")]


def largest(runs: xr.DataArray, dim: str, names: list[str], rest: str) -> tuple[xr.DataArray, list[str]]:
    """The rows that differ or weigh most, in falling order, and all others added up under `rest`."""
    order = by_size(runs, dim)
    runs = runs.drop_vars([name for name in runs.coords if dim in runs[name].dims and name != dim])
    if len(order) <= MOST_ROWS + 1:
        return runs.isel({dim: order}), [names[place] for place in order]
    head, tail = order[:MOST_ROWS], order[MOST_ROWS:]
    other = runs.isel({dim: tail}).sum(dim).expand_dims({dim: [rest]})
    shown = xr.concat([runs.isel({dim: head}), other], dim).transpose(*runs.dims)
    return shown, [*(names[place] for place in head), rest]


def title_of_largest(runs: xr.DataArray, dim: str, row: str, kind: str) -> str:
    """A title that names the first row, unless it differs from zero by no more than chance may."""
    if not any_clear(runs.isel({dim: 0})):
        return f"No {kind.partition(',')[0]} stands out clearly from chance"
    return f"Largest difference by {kind}: {row}"
