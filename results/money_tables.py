"""The table of who gains: the four lines of `economics/ledger.py`, apart, with what each is told in."""

import xarray as xr

from results.compare import comparator_of, estimates, range_words
from results.economics.ledger import (
    LINES,
    capacity_of_the_force,
    cash_to_the_force,
    other_public_services,
    present,
    social_value,
    worth_of_capacity,
)
from results.labels import words
from results.prices import shipped
from results.readings import PARTS, reading_of
from results.table_rows import Cell, Rows

NO_CASH = "no post goes under this plan, so nothing is banked"
CAPACITY = "capacity, not cash"
TOLD_ONCE = "each event is valued once; lines are never added up"


def who_gains(ds: xr.Dataset) -> Rows:
    """Over the plan, by alternative: cash, capacity, what other services do not spend, and social value."""
    comparator = comparator_of(ds)
    pounds = f"pounds, {ds.attrs['price_year']} prices, present value"
    cash, capacity, services, social = LINES
    rows: list[list[Cell]] = []

    def told(line: str, who: str, unit: str, basis: str, runs: xr.DataArray, reading: str) -> None:
        found = estimates(runs)
        for name in found.alternative.values:
            numbers = [float(found[part].sel(alternative=name)) for part in PARTS]
            sure = "" if line == cash else reading_of(numbers[0], numbers[-1])
            note = "; ".join(one for one in (reading, sure) if one)
            rows.append([str(name), comparator, line, who, unit, basis, *numbers, note])

    told(cash, "the force", pounds, "", present(ds, cash_to_the_force(ds, comparator), shipped()), NO_CASH)
    hours = capacity_of_the_force(ds, comparator).sum("year")
    for role in hours.role.values:
        told(capacity, words(str(role)), "hours", "", hours.sel(role=role), CAPACITY)
    for basis, worth in _by(present(ds, worth_of_capacity(ds, comparator), shipped()), "basis"):
        told(capacity, "what these hours cost", pounds, basis, worth, CAPACITY)
    for payer, spent in _by(present(ds, other_public_services(ds, comparator), shipped()), "payer"):
        for basis, runs in _by(spent, "basis"):
            told(services, words(payer), pounds, basis, runs, "")
    for component, runs in _by(present(ds, social_value(ds, comparator), shipped()), "component"):
        told(social, words(component), pounds, "", runs, "")
    order = [str(name) for name in ds.alternative.values]
    rows.sort(key=lambda row: order.index(str(row[0])))
    kind = range_words(ds.sizes["replicate"])
    return [
        "alternative", "comparator", f"line ({TOLD_ONCE})", "who", "unit", "basis", "averted (estimate)",
        f"averted (lower; {kind})", f"averted (upper; {kind})", "error", "reading",
    ], rows  # fmt: skip


def _by(values: xr.DataArray, dim: str) -> list[tuple[str, xr.DataArray]]:
    return [(str(name), values.sel({dim: name}, drop=True)) for name in values[dim].values]
