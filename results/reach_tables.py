"""Tables of whom and what the money reached: places, flags, lines of funding, and aims that are no crime."""

import json

import numpy as np
import xarray as xr

from results.compare import comparator_of, estimates, range_words
from results.labels import programme_names, year_name
from results.measures import INVOLVEMENTS, VICTIMS
from results.readings import PARTS
from results.table_rows import Cell, Rows, pounds_of

UNITS = {
    "place": "units in places: homes, or hot spots or schemes for as long as the file says",
    "system": "nobody itself",
}


def people_and_places_reached(ds: xr.Dataset) -> Rows:
    """What each programme that is paid for, or practised, bought and reached over the plan."""
    names = programme_names(ds)
    rows: list[list[Cell]] = []
    of_people = ("programme_completions", "programme_refused", "net_widening")
    counted = ("programme_places", "programme_starts", *of_people)
    means = {name: ds[name].sum("year").mean("replicate") for name in counted}
    means["waiting"] = ds.programme_waiting.isel(year=-1).mean("replicate")
    paid = ds.programme_spend.sum("year").mean("replicate")
    for name in ds.alternative.values:
        for at, programme in enumerate(ds.programme.values):
            here = {"alternative": name, "programme": programme}
            if not (paid.sel(here) or means["programme_starts"].sel(here)):
                continue
            reach = str(ds.reaches.values[at])
            if reach == "system":
                numbers: list[Cell] = [""] * len(means)
            else:
                blank = () if reach != "place" else (*of_people, "waiting")
                numbers = ["" if what in blank else float(mean.sel(here)) for what, mean in means.items()]
            rows.append([str(name), names[str(programme)], UNITS.get(reach, "people, or families"), *numbers])
    header = ["bought by that year's money", "taken up", "completed", "turned away (no room)",
              "taken up though flagged wrongly", "waiting at the end"]  # fmt: skip
    return ["alternative", "programme", "counted in", *(f"{what} (mean of runs)" for what in header)], rows


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


def prevention_and_victims(ds: xr.Dataset) -> Rows:
    """What goes to prevention and what to victims, as the file splits its budget and as it is spent, and what victims
    get of it: support, and harm that is eased, with what that is worth."""
    told = "split" in ds.attrs
    split = json.loads(ds.attrs.get("split") or "{}")
    for_victims = np.isin(ds.programme.values, split.get("for_victims", []))
    spent = ds.commissioner_spend.sum("year").mean("replicate")
    supported, eased = (next(one for one in INVOLVEMENTS if one.key == key).pick(ds) for key in VICTIMS)
    rows: list[list[Cell]] = []
    for name in ds.alternative.values:
        here = {"alternative": name}
        pounds = spent.sel(here)
        shares = split.get("shares", {}).get(str(name), {})
        worth = float(ds.harm_eased_worth.sel(here).sum("year").mean("replicate"))
        rows.append([
            str(name), *(float(100 * shares[part]) if part in shares else "" for part in ("prevention", "victims")),
            *(float(pounds[part].sum()) if told else "" for part in (~for_victims, for_victims)),
            *(float(one.sel(here).mean("replicate")) for one in (supported, eased)), worth,
        ])  # fmt: skip
    pounds_words = f"{pounds_of(ds)}, mean of runs"
    return [
        "alternative", "prevention (% of the commissioning budget, as the file splits it)", "victims (% of it)",
        f"spent on prevention ({pounds_words})", f"spent on services for victims ({pounds_words})",
        "victims supported (people, mean of runs)", "harm to victims eased (offences' worth, mean of runs)",
        f"what that is worth ({pounds_words})",
    ], rows  # fmt: skip


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
    groupings["neighbourhood-years on a map, by quintile"] = ds.hot_spots_flagged.sum("year").mean("replicate")
    if "flagged_by_ethnic_group" in ds:
        supposed = ds.flagged_by_ethnic_group.sum("year").mean("replicate")
        groupings["ethnic_group (supposed: as residents of all ages)"] = supposed
    for grouping, counts in groupings.items():
        dim = next(str(dim) for dim in counts.dims if dim not in ("alternative", "programme", "correctness"))
        for place in np.ndindex(counts.sizes["alternative"], counts.sizes["programme"], counts.sizes[dim]):
            one = counts.isel(alternative=place[0], programme=place[1], **{dim: place[2]})
            if not one.any():
                continue
            by = {str(name): float(one.sel(correctness=name)) for name in one.correctness.values}
            rows.append([str(one.alternative.values), names[str(one.programme.values)], grouping, str(one[dim].values),
                         by["rightly"], by["wrongly"]])  # fmt: skip
    if "flagged_by_ethnic_group" not in ds:
        rows.append(["", "", "ethnic_group", "not modelled", "", ""])
    return ["alternative", "programme", "grouping", "group", "flagged rightly (mean of runs)",
            "flagged wrongly (mean of runs)"], rows  # fmt: skip


def funding(ds: xr.Dataset) -> Rows:
    """Which line of funding pays for what in each year of the plan as written, before any review moves money; the
    most tightly ring-fenced first."""
    names = programme_names(ds)
    last = int(ds.year[-1])
    rows: list[list[Cell]] = [
        [one["alternative"], year_name(int(one["year"])), one["source"], names.get(one["programme"], one["programme"]),
         float(one["pounds"])]
        for one in json.loads(ds.attrs["funding"]) if int(one["year"]) <= last
    ]  # fmt: skip
    return ["alternative", "financial year", "line of funding", "programme", pounds_of(ds)], rows
