"""The frontier of the plan's budget: its programmes one after another, those that avert most for a pound first.

Of a run with `--attribute programme`. Each programme counts with what the plan averts for having it (its money withheld
against the plan). Programmes change one another, so that the steps together need not be the plan's whole: the note says
by how much they are not.
"""

import json
from collections.abc import Sequence

import xarray as xr

from results import drawing_money
from results.attribution import is_attributed, told_by_part
from results.chart import EXPECTED, Chart, band, place_and_period
from results.compare import comparator_of, figure, is_clear_gain, rounding_unit
from results.drawing_money import Part
from results.labels import programme_names, quoted
from results.measures import OFFENCES_MEASURE, averted_runs
from results.readings import PARTS, averted_cell, reading_of
from results.table_rows import Cell, Rows, pounds_of

THOUSAND = 1e3


def has_frontier(ds: xr.Dataset) -> bool:
    """Whether the run was asked for programmes, and any of them spends within it."""
    if not is_attributed(ds) or json.loads(ds.attrs["attribution"])["by"] != "programme":
        return False
    return bool((ds.programme_spend.sel(alternative=comparator_of(ds)) > 0.0).any())


def parts_in_order(ds: xr.Dataset) -> list[Part]:
    """Programmes that cost anything, the most averted for a pound first."""
    spent = ds.programme_spend.sel(alternative=comparator_of(ds)).sum("year").mean("replicate")
    cost = {name: float(spent.sel(programme=key)) for key, name in programme_names(ds).items()}
    parts = [
        Part(told.part, cost[told.part] / THOUSAND,
             *(float(told.averted[one]) for one in PARTS))
        for told in told_by_part(ds, OFFENCES_MEASURE)
        if told.way == "withheld" and cost[told.part] > 0.5
    ]  # fmt: skip
    return sorted(parts, key=lambda part: -part.averted / part.cost)


def whole_of(ds: xr.Dataset) -> float:
    """Offences that the plan averts against no money at all, mean of the runs."""
    nothing = json.loads(ds.attrs["attribution"])["nothing"]
    return -float(averted_runs(ds, OFFENCES_MEASURE, comparator_of(ds)).sel(alternative=nothing).sum("year").mean())


def frontier_table(ds: xr.Dataset) -> Rows:
    rows: list[list[Cell]] = []
    cost, found = 0.0, 0.0
    for at, part in enumerate(parts_in_order(ds), 1):
        cost, found = cost + part.cost * THOUSAND, found + part.averted
        each = part.averted / part.cost * 100.0
        rows.append([at, part.name, part.cost * THOUSAND, part.averted, part.lower, part.upper, each, cost, found,
                     reading_of(part.averted, part.error)])  # fmt: skip
    return ["step", "programme", f"cost to all who pay ({pounds_of(ds)})", "offences averted (estimate)",
            "offences averted (lower)", "offences averted (upper)", "offences averted for 100,000 pounds",
            "cost so far", "offences averted so far (steps do not add up to the plan)", "reading"], rows  # fmt: skip


def frontier(ds: xr.Dataset) -> Chart:
    """Cost so far against offences averted so far."""
    parts = parts_in_order(ds)
    steps = sum(part.averted for part in parts)
    whole = whole_of(ds)
    unit = rounding_unit(max(abs(steps), abs(whole)), 0.0, 0.0)
    return Chart(
        stem="budget_frontier",
        title=title_of(parts),
        subtitle=f"Programmes of {quoted(comparator_of(ds))}, the most offences averted for a pound first, "
        f"{place_and_period(ds)}",
        picture="A line through the programmes in that order: cost so far against offences averted so far, with the "
        "range of each.",
        alternative=f"In order: {'; '.join(said(at, part) for at, part in enumerate(parts, 1))}.",
        note=f"Steps add up to {figure(steps, unit)} offences; the plan averts {figure(whole, unit)} against no money: "
        f"the rest is chance, and what programmes do to one another. {EXPECTED} {band(ds)}",
        table=frontier_table(ds),
        draw=lambda: drawing_money.frontier(
            parts, f"Cost to all who pay so far, £ thousand, {ds.attrs['price_year']} prices, undiscounted",
            "Offences averted so far, expected",
        ),
    )  # fmt: skip


def title_of(parts: Sequence[Part]) -> str:
    clear = [part for part in parts if is_clear_gain(part.averted, part.error)]
    if not clear:
        return "No programme of the plan clearly averts offences"
    rest = f"; {len(parts) - len(clear)} of {len(parts)} do not" if len(clear) < len(parts) else ""
    return f"{clear[0].name} averts most for a pound of those that clearly avert offences{rest}"


def said(at: int, part: Part) -> str:
    cell = averted_cell(part.averted, part.lower, part.upper, part.error)
    ends = f" ({cell.range})" if cell.range else ""
    return f"{at} {part.name}, £{figure(part.cost, 1.0)} thousand, {cell.figure}{ends}"
