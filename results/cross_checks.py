"""Figures beside the appraisal that are in no benefit: the Home Office's response costs, which tell again what demand
tells; what people spend in anticipation of crime, which is not saved at the margin; and the social value with each
offence priced by its own severity, where the appraisal takes all of a group at their mean."""

from functools import partial

import numpy as np
import xarray as xr

from model.vocabulary import COMPONENTS, OFFENCES
from results.compare import averted, comparator_of, estimates, range_words
from results.economics.ledger import BY_DEMAND, SOCIAL, present, present_social, rate_of, worth_of_capacity
from results.labels import words
from results.prices import PAYER_OF, inflation, prices, shipped
from results.readings import PARTS, reading_of
from results.table_rows import Cell, Rows, present_pounds_of

BESIDE = "a cross-check: tells again what demand tells, and is in no benefit"
SENSITIVITY = "a sensitivity: in no benefit, as it is not saved at the margin"
BY_SEVERITY = "a sensitivity: tells again what expected offences of mean severity tell, and is in no benefit"
IN_FULL = "in the benefits, in full"
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


def social_value_by_severity(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate) pounds, present values: what offences as they happened cost victims and the
    economy, each in proportion to its severity (1 is the mean of its group)."""
    unit_cost = xr.DataArray(
        prices(shipped(), ds.attrs["price_year"]).unit_cost, dims=("component", "offence"),
        coords={"component": list(COMPONENTS), "offence": list(OFFENCES)},
    )  # fmt: skip
    of_all = (ds.offences.sum(("area", "alternative", "year")) * unit_cost).sum(("offence", "component"))
    doubt = ds.crime_cost.sum(("alternative", "year", "component", "payer")) / of_all  # (replicate,) as drawn
    pounds = (averted(ds, "severity", comparator).sum("area") * unit_cost).sum("offence") * doubt
    parts = [present(ds, pounds.sel(component=name, drop=True), shipped(), rate_of(name)) for name in SOCIAL]
    return sum(parts[1:], parts[0])


def cross_checks(ds: xr.Dataset) -> Rows:
    """Over the plan, present values: each payer's saving by demand beside the Home Office's, anticipation, severity."""
    comparator = comparator_of(ds)
    by_demand = averted(ds, "agency_cost", comparator).sum("service")
    by_offence = averted(ds, "expected_crime_cost", comparator).sum("payer")
    now = partial(present, ds, evidence=shipped())
    lines: list[tuple[str, str, xr.DataArray]] = []  # (other alternatives, replicate) present values
    for component in BY_DEMAND:
        payer = PAYER_OF[component]
        own = by_demand.sel(payer=payer, drop=True)
        force = worth_of_capacity(ds, comparator).sel(basis="marginal", drop=True)  # without hours of posts that go
        lines += [
            (words(payer), BY_HAND, now(force if payer == "police" else own.sel(basis="marginal", drop=True))),
            (words(payer), NOT_IN, now(own.sel(basis="average", drop=True))),
            (f"{words(payer)}, as the Home Office has it: {words(component)}", BESIDE,
             now(by_offence.sel(component=component, drop=True))),
        ]  # fmt: skip
    social = [runs for name, runs in present_social(ds, comparator, shipped()).items() if name in SOCIAL]
    lines += [
        ("spending in anticipation of crime", SENSITIVITY, now(anticipation(ds, comparator))),
        ("victims and the economy, by expected offences", IN_FULL, sum(social[1:], social[0])),
        ("victims and the economy, by each offence's severity", BY_SEVERITY, social_value_by_severity(ds, comparator)),
    ]
    rows: list[list[Cell]] = []
    for name in by_demand.alternative.values:
        for who, use, runs in lines:
            told = estimates(runs.sel(alternative=name))
            numbers = [float(told[part]) for part in PARTS]
            rows.append([str(name), comparator, who, use, *numbers[:-1], reading_of(numbers[0], numbers[-1])])
    kind, pounds = range_words(ds.sizes["replicate"]), present_pounds_of(ds)
    return ["alternative", "comparator", "who", "use", f"averted (estimate, {pounds})",
            f"averted (lower; {kind}, {pounds})", f"averted (upper; {kind}, {pounds})", "reading"], rows  # fmt: skip
