"""Tables of whom and what the money reached: places, flags, lines of funding, and aims that are no crime."""

import json

import numpy as np
import xarray as xr

from results.compare import comparator_of, estimates, range_words
from results.labels import programme_names, year_name
from results.measures import INVOLVEMENTS
from results.readings import PARTS
from results.table_rows import Cell, Rows, pounds_of


def people_and_places_reached(ds: xr.Dataset) -> Rows:
    """What each programme bought and whom it reached over the plan; people, or units in places."""
    names = programme_names(ds)
    rows: list[list[Cell]] = []
    counted = ("programme_places", "programme_starts", "programme_completions", "programme_refused", "net_widening")
    means = {name: ds[name].sum("year").mean("replicate") for name in counted}
    means["waiting"] = ds.programme_waiting.isel(year=-1).mean("replicate")
    for name in ds.alternative.values:
        for at, programme in enumerate(ds.programme.values):
            numbers = [float(mean.sel(alternative=name, programme=programme)) for mean in means.values()]
            rows.append([str(name), names[str(programme)], str(ds.reaches.values[at]), *numbers])
    header = ["places bought", "started", "completed", "turned away (no room)", "started though flagged wrongly",
              "waiting at the end"]  # fmt: skip
    return ["alternative", "programme", "reaches", *(f"{what} (mean of runs)" for what in header)], rows


def confidence_and_involvement(ds: xr.Dataset) -> Rows:
    """Aims that are no crime, over the plan: how much there is, and how much more than under the comparator."""
    comparator = comparator_of(ds)
    rows: list[list[Cell]] = []
    for one in INVOLVEMENTS:
        level = one.pick(ds)
        told = estimates(level - level.sel(alternative=comparator, drop=True))
        for name in ds.alternative.values:
            numbers = [float(told[part].sel(alternative=name)) for part in PARTS]
            own = float(level.sel(alternative=name).mean("replicate"))
            rows.append([one.title, one.unit, str(name), own, *numbers])
    kind = range_words(ds.sizes["replicate"])
    more = f"more than under {comparator}"
    return ["aim", "unit", "alternative", "mean of runs", more, f"lower ({kind})", f"upper ({kind})", "error"], rows


def flagged(ds: xr.Dataset) -> Rows:
    """Whom tools flagged over the plan, by one grouping at a time, rightly and wrongly; never by person."""
    names = programme_names(ds)
    rows: list[list[Cell]] = []
    people = ds.flagged.sum("year").mean("replicate")
    groupings: dict[str, xr.DataArray] = {
        one: people.sum([dim for dim in ("sex", "age_band", "quintile") if dim != one])
        for one in ("sex", "age_band", "quintile")
    }
    groupings["area"] = ds.flagged_by_area.sum("year").mean("replicate")
    groupings["neighbourhoods by quintile"] = ds.hot_spots_flagged.sum("year").mean("replicate")
    if "wrongly_flagged_by_ethnic_group" in ds:
        wrongly = ds.wrongly_flagged_by_ethnic_group.sum("year").mean("replicate").expand_dims(correctness=["wrongly"])
        groupings["ethnic_group (supposed bias)"] = wrongly
    for grouping, counts in groupings.items():
        dim = next(str(dim) for dim in counts.dims if dim not in ("alternative", "programme", "correctness"))
        for place in np.ndindex(counts.sizes["alternative"], counts.sizes["programme"], counts.sizes[dim]):
            one = counts.isel(alternative=place[0], programme=place[1], **{dim: place[2]})
            if not one.any():
                continue
            by = {str(name): float(one.sel(correctness=name)) for name in one.correctness.values}
            rows.append([str(one.alternative.values), names[str(one.programme.values)], grouping, str(one[dim].values),
                         by.get("rightly", float("nan")), by["wrongly"]])  # fmt: skip
    return ["alternative", "programme", "grouping", "group", "flagged rightly (mean of runs)",
            "flagged wrongly (mean of runs)"], rows  # fmt: skip


def funding(ds: xr.Dataset) -> Rows:
    """Which line of funding pays for what in each year of the plan as written, before any review moves money; the
    most tightly ring-fenced first."""
    names = programme_names(ds)
    rows: list[list[Cell]] = [
        [one["alternative"], year_name(int(one["year"])), one["source"], names.get(one["programme"], one["programme"]),
         float(one["pounds"])]
        for one in json.loads(ds.attrs["funding"])
    ]  # fmt: skip
    return ["alternative", "financial year", "line of funding", "programme", pounds_of(ds)], rows
