"""Who pays for the programmes: the commissioner, and others by the shares that the scenario names."""

import json

import xarray as xr

from results import drawing
from results.chart import Chart, band, place_and_period, series_of
from results.compare import estimates, range_words
from results.labels import capital, programme_names, spoken
from results.readings import PARTS
from results.table_rows import Cell, Rows, pounds_of

COMMISSIONER, NOT_NAMED = "commissioner", "others, not named"
THOUSAND = 1e3
LEAST = 0.5  # pounds: less is rounding


def paid(ds: xr.Dataset) -> xr.DataArray:
    """(alternative, programme, payer, replicate) pounds over the plan, undiscounted; what others pay of a programme is
    shared among those whom the scenario names for it."""
    stated = json.loads(ds.attrs.get("funders") or "{}")
    shares = {str(name): others_of(stated.get(str(name), {})) for name in ds.programme.values}
    payers = [COMMISSIONER, *dict.fromkeys(who for one in shares.values() for who in one)]
    own = ds.commissioner_spend.sum("year")
    rest = ds.programme_spend.sum("year") - own
    parts = [own]
    for who in payers[1:]:
        share = [shares[str(name)].get(who, 0.0) for name in ds.programme.values]
        parts.append(rest * xr.DataArray(share, dims="programme", coords={"programme": ds.programme}))
    whole = xr.concat(parts, dim="payer", coords="minimal", compat="override").assign_coords(payer=payers)
    return whole.transpose("alternative", "programme", "payer", "replicate")


def others_of(stated: dict[str, float]) -> dict[str, float]:
    """The share of each other payer in what the commissioner does not pay."""
    told = {who: share for who, share in stated.items() if who != COMMISSIONER and share > 0.0}
    return {who: share / sum(told.values()) for who, share in told.items()} or {NOT_NAMED: 1.0}


def spend_by_funder(ds: xr.Dataset) -> Rows:
    """Who pays for each programme over the plan."""
    names, whole = programme_names(ds), paid(ds).mean("replicate")
    rows: list[list[Cell]] = []
    for name in ds.alternative.values:
        for programme in ds.programme.values:
            here = whole.sel(alternative=name, programme=programme)
            if not float(here.sel(payer=COMMISSIONER)):
                continue
            rows += [[str(name), names[str(programme)], str(who), float(here.sel(payer=who))]
                     for who in here.payer.values if float(here.sel(payer=who)) > LEAST]  # fmt: skip
    return ["alternative", "programme", "who pays", f"{pounds_of(ds)} (mean of runs)"], rows


def who_pays(ds: xr.Dataset) -> Chart:
    """What each payer spends on the programmes over the plan, by alternative."""
    runs = paid(ds).sum("programme") / THOUSAND
    runs = runs.sel(payer=(runs.max(("alternative", "replicate")) > LEAST / THOUSAND).values)
    who, told = [capital(str(name)) for name in runs.payer.values], estimates(runs)
    shares = runs.sel(payer=COMMISSIONER).sum("replicate") / runs.sum(("payer", "replicate"))
    ends = [f"{100.0 * float(end):.0f}%" for end in (shares.min(), shares.max())]
    said = "; ".join(
        f"{spoken(str(name))}: " + ", ".join(
            f"{one.lower()} £{THOUSAND * float(told.estimate.sel(alternative=name)[at]):,.0f}"
            for at, one in enumerate(who)
        ) for name in told.alternative.values
    )  # fmt: skip
    return Chart(
        stem="who_pays",
        title="The commissioner pays for all of it" if len(who) == 1
        else f"The commissioner pays {' to '.join(dict.fromkeys(ends))} of programmes' cost",
        subtitle=f"Spend on programmes over the plan by who pays, £ thousand, undiscounted, {place_and_period(ds)}",
        picture="A panel for each alternative, with a bar for each payer.",
        alternative=f"Mean of the runs, {said}.",
        note=f"Who pays what else stands under who gains. {band(ds)}",
        table=table(ds, runs, told),
        draw=lambda: drawing.bar_panels(who, series_of(runs, "payer"), "£ thousand over the plan", 0),
    )  # fmt: skip


def table(ds: xr.Dataset, runs: xr.DataArray, told: xr.Dataset) -> Rows:
    rows: list[list[Cell]] = []
    for name in told.alternative.values:
        for who in told.payer.values:
            numbers = [THOUSAND * float(told[part].sel(alternative=name, payer=who)) for part in PARTS[:-1]]
            rows.append([str(name), str(who), *numbers])
    kind = range_words(runs.sizes["replicate"])
    return ["alternative", "who pays", f"{pounds_of(ds)} (estimate)", f"lower ({kind})", f"upper ({kind})"], rows
