"""The fan of outcomes: what each alternative has averted so far, and how far the runs part as the years go by.

Differences are taken within a replicate, added up over the years, and only then put in order: ends of bands of single
years do not add up.
"""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from results import drawing_fan
from results.chart import EXPECTED, Chart, place_and_period
from results.compare import ENOUGH_RUNS, comparator_of, range_words, rounding_unit
from results.labels import capital, quoted, spoken, year_name
from results.measures import OFFENCES_MEASURE, averted_runs
from results.notes import covers_note, runs_note
from results.readings import any_clear, in_words, signed
from results.table_rows import Cell, Rows

Floats = NDArray[np.float64]

ENOUGH_FOR_BANDS = 8  # runs: with fewer, a middle half would rest on a run or two, and each run is drawn
MOST_PANELS = 6
ADDED_UP = "They are added up within a run, and the runs then put in order."
HALF, MOST = (0.25, 0.75), (0.05, 0.95)


class Spread(NamedTuple):
    """Of runs in order: the median, the middle half, and the middle 90% (below 40 runs least to greatest); all (n,)."""

    median: Floats
    half: tuple[Floats, Floats]
    most: tuple[Floats, Floats]


def fan(ds: xr.Dataset) -> Chart:
    """Offences averted by the end of each year since the start."""
    comparator, runs = comparator_of(ds), ds.sizes["replicate"]
    so_far = averted_so_far(ds)
    shown = so_far.isel(alternative=places_shown(so_far))
    years = [year_name(int(year)) for year in ds.year.values]
    unit = f"Offences by the end of each year fewer than under {quoted(comparator)} (below zero: more)"
    bands = names_of_bands(runs)
    return Chart(
        stem="fan_of_outcomes",
        title=title_of_end(so_far, comparator),
        subtitle=f"Offences averted so far against {quoted(comparator)}, {place_and_period(ds, counted(runs))}",
        picture=f"A panel for each alternative, with {'its median by year in bands' if bands else 'each run a line'}.",
        alternative=(
            f"By the end of {years[-1]} against {quoted(comparator)} (above zero is fewer): {readings_at_end(shown)}."
        ),
        note=" ".join((EXPECTED, ADDED_UP, bands_note(ds), *rest_note(shown, so_far))),
        table=table_of(so_far, years),
        draw=lambda: drawing_fan.fans(years, [fan_of(one) for one in shown], unit, bands),
    )


def averted_so_far(ds: xr.Dataset) -> xr.DataArray:
    """(other alternatives, replicate, year) offences averted from the start of the plan to the end of each year."""
    runs = averted_runs(ds, OFFENCES_MEASURE, comparator_of(ds)).transpose("alternative", "replicate", "year")
    return runs.copy(data=np.cumsum(runs.values, axis=2))


def spread_of(runs: Floats) -> Spread:
    """Of (replicate, n) values, at each of n."""
    outer = (0.0, 1.0) if len(runs) < ENOUGH_RUNS else MOST
    low, first, middle, third, high = np.quantile(runs, (outer[0], HALF[0], 0.5, HALF[1], outer[1]), axis=0)
    return Spread(middle, (first, third), (low, high))


def fan_of(runs: xr.DataArray) -> drawing_fan.Fan:
    """(replicate, year) of one alternative as it is drawn: bands, or each run where there are too few for bands."""
    told = spread_of(runs.values)
    name = capital(spoken(str(runs.alternative.values)))
    if len(runs) < ENOUGH_FOR_BANDS:
        return drawing_fan.Fan(name, told.median, (), runs.values)
    return drawing_fan.Fan(name, told.median, (told.most, told.half))


def places_shown(so_far: xr.DataArray) -> list[int]:
    """Places of the alternatives that differ most in the end, as many as there are panels, in the scenario's order."""
    size = np.abs(np.median(so_far.values[:, :, -1], axis=1))
    return sorted(int(place) for place in np.argsort(-size, kind="stable")[:MOST_PANELS])


def counted(runs: int) -> str:
    return "one run" if runs == 1 else f"{runs} runs"


def name_of_most(runs: int) -> str:
    """What the outer ends of the runs are."""
    return range_words(runs) if runs < ENOUGH_RUNS else "middle 90% of the runs"


def names_of_bands(runs: int) -> tuple[str, ...]:
    """The widest first; none where each run is drawn."""
    return (name_of_most(runs), "middle half of the runs") if runs >= ENOUGH_FOR_BANDS else ()


def title_of_end(so_far: xr.DataArray, comparator: str) -> str:
    clear = [one for one in so_far.isel(year=-1) if any_clear(one)]
    if not clear:
        return f"No alternative has averted clearly more or fewer offences than {quoted(comparator)} over the plan"
    most = max(clear, key=lambda one: abs(float(one.median())))
    name = spoken(str(most.alternative.values))
    number = f"{median_in_words(spread_of(most.values), len(most))} offences in the median run"
    if len(clear) > 1:
        return f"Of {len(clear)} that end clearly apart from {quoted(comparator)}, {name} is furthest: {number}"
    return f"{capital(name)} {'alone ' * (len(so_far) > 1)}ends clearly apart from {quoted(comparator)}: {number}"


def readings_at_end(shown: xr.DataArray) -> str:
    """Of each alternative, the largest first: the median, both ranges, and in how many runs it is above zero."""
    last = sorted(shown.isel(year=-1), key=lambda one: -abs(float(one.median())))
    return "; ".join(f"{spoken(str(one.alternative.values))} {reading_at_end(one.values)}" for one in last)


def reading_at_end(runs: Floats) -> str:
    """'1,230 fewer in the median run (middle half 980 to 1,500; all runs 700 to 1,900; above zero in ...)'.

    Each range is rounded to what it supports by itself: a run far out says nothing of the middle.
    """
    told, count = spread_of(runs), len(runs)
    median, above = float(told.median), int((runs > 0).sum())
    if not runs.any():
        return "no difference in any run"
    if count == 1:
        return f"{in_words(median, rounding_unit(median, 0.0, 0.0), 'more', 'fewer')} in one run"
    parts = [f"{'middle 90%' if count >= ENOUGH_RUNS else 'all runs'} {range_words_of(median, told.most)}"]
    if count >= ENOUGH_FOR_BANDS:
        parts.insert(0, f"middle half {range_words_of(median, told.half)}")
    parts.append(f"above zero in {above} of {count} runs, {above / count:.0%}")
    return f"{median_in_words(told, count)} in the median run ({'; '.join(parts)})"


def range_words_of(median: float, ends: tuple[Floats, Floats]) -> str:
    """'980 to 1,500', '30 more to 90 fewer'."""
    low, high = float(ends[0]), float(ends[1])
    unit = rounding_unit(median, low, high)
    return signed(median, low, high, unit, "more", "fewer").range or in_words(low, unit, "more", "fewer")


def median_in_words(told: Spread, runs: int) -> str:
    """'1,230 fewer', to what the middle half supports, or all runs where they are too few for one."""
    low, high = told.half if runs >= ENOUGH_FOR_BANDS else told.most
    median = float(told.median)
    return in_words(median, rounding_unit(median, float(low), float(high)), "more", "fewer")


def bands_note(ds: xr.Dataset) -> str:
    """What the bands are, of how many runs, and what they cover."""
    runs = ds.sizes["replicate"]
    if runs == 1:
        return f"{runs_note(ds)} One run shows no range."
    if runs < ENOUGH_FOR_BANDS:
        shown = f"Each thin line is a run, the thick one their median: {runs} runs are too few for bands."
    elif runs < ENOUGH_RUNS:
        shown = (
            "In each year the dark band holds the middle half of the runs, the light one runs from the least to the "
            f"greatest of the {runs} runs."
        )
    else:
        shown = (
            "In each year the dark band holds the middle half of the runs, the light one the middle 90 in 100 of the "
            f"{runs} runs."
        )
    return f"{runs_note(ds)} {shown} {covers_note(ds)}"


def rest_note(shown: xr.DataArray, so_far: xr.DataArray) -> list[str]:
    """That the picture leaves some out, where it does."""
    more = len(so_far) - len(shown)
    if not more:
        return []
    stand = "the other one stands" if more == 1 else f"the other {more} stand"
    return [f"The picture has the {len(shown)} alternatives that differ most in the end; {stand} in the table."]


def table_of(so_far: xr.DataArray, years: list[str]) -> Rows:
    """Every alternative and year; the middle half is left empty where there are too few runs for it."""
    runs = so_far.sizes["replicate"]
    rows: list[list[Cell]] = []
    for one in so_far:
        told = spread_of(one.values)
        half = told.half if runs >= ENOUGH_FOR_BANDS else (np.full(len(years), np.nan),) * 2
        above = 100 * (one.values > 0).mean(axis=0)
        columns = zip(told.median, *half, *told.most, above, strict=True)
        name = str(one.alternative.values)
        rows += [[name, year, *map(float, numbers)] for year, numbers in zip(years, columns, strict=True)]
    half_name, most_name, unit = "middle half of the runs", name_of_most(runs), "offences averted so far"
    return [
        "alternative", "by the end of financial year", f"median ({unit})", f"lower ({unit}; {half_name})",
        f"upper ({unit}; {half_name})", f"lower ({unit}; {most_name})", f"upper ({unit}; {most_name})",
        "runs above zero (%)",
    ], rows  # fmt: skip
