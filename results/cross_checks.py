"""Figures beside the appraisal that are in no benefit: the Home Office's response costs, which tell again what demand
tells, and what people spend in anticipation of crime, which is not saved at the margin."""

import numpy as np
import xarray as xr

from model.vocabulary import OFFENCES
from results.compare import averted, comparator_of, estimates, range_words
from results.economics.ledger import BY_DEMAND, present, worth_of_capacity
from results.labels import words
from results.prices import PAYER_OF, inflation, shipped
from results.readings import PARTS, reading_of
from results.table_rows import Cell, Rows, present_pounds_of

BESIDE = "a cross-check: tells again what demand tells, and is in no benefit"
SENSITIVITY = "a sensitivity: in no benefit, as it is not saved at the margin"
BY_HAND = "in the benefits, at the margin"
NOT_IN = "not in the benefits: the average over all contacts"


def anticipation(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, year) pounds that people would spend less in anticipation of crime, were that in
    proportion to expected offences; offences without a published figure count as nil."""
    rows = {row.group: row for row in shipped().values() if row.id == "crime_cost_block.anticipation"}
    a_case = np.array([
        rows[name].value * inflation(shipped(), rows[name].period, ds.attrs["price_year"]) if name in rows else 0.0
        for name in OFFENCES
    ])  # fmt: skip
    fewer = averted(ds, "expected_offences", comparator).sum("area")
    return (fewer * xr.DataArray(a_case, dims="offence", coords={"offence": list(OFFENCES)})).sum("offence")


def cross_checks(ds: xr.Dataset) -> Rows:
    """Over the plan, present values: each payer's saving by demand beside the Home Office's, then anticipation."""
    comparator = comparator_of(ds)
    by_demand = averted(ds, "agency_cost", comparator).sum("service")
    by_offence = averted(ds, "expected_crime_cost", comparator).sum("payer")
    lines: list[tuple[str, str, xr.DataArray]] = []
    for component in BY_DEMAND:
        payer = PAYER_OF[component]
        own = by_demand.sel(payer=payer, drop=True)
        force = worth_of_capacity(ds, comparator).sel(basis="marginal", drop=True)  # without hours of posts that go
        lines += [
            (words(payer), BY_HAND, force if payer == "police" else own.sel(basis="marginal", drop=True)),
            (words(payer), NOT_IN, own.sel(basis="average", drop=True)),
            (f"{words(payer)}, as the Home Office has it: {words(component)}", BESIDE,
             by_offence.sel(component=component, drop=True)),
        ]  # fmt: skip
    lines.append(("spending in anticipation of crime", SENSITIVITY, anticipation(ds, comparator)))
    rows: list[list[Cell]] = []
    for name in by_demand.alternative.values:
        for who, use, runs in lines:
            told = estimates(present(ds, runs, shipped()).sel(alternative=name))
            numbers = [float(told[part]) for part in PARTS]
            rows.append([str(name), comparator, who, use, *numbers[:-1], reading_of(numbers[0], numbers[-1])])
    kind, pounds = range_words(ds.sizes["replicate"]), present_pounds_of(ds)
    return ["alternative", "comparator", "who", "use", f"averted (estimate, {pounds})",
            f"averted (lower; {kind}, {pounds})", f"averted (upper; {kind}, {pounds})", "reading"], rows  # fmt: skip
