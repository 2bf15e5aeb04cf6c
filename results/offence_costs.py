"""What one offence costs, by its group and each part of its cost, and what becomes of each part in the appraisal."""

import xarray as xr

from model.vocabulary import COMPONENTS, OFFENCES
from results.economics.ledger import BY_DEMAND
from results.labels import words
from results.prices import PAYER_OF, inflation, shipped
from results.table_rows import Cell, Rows, pounds_of

COUNTED = "social value"
TOLD_BY_DEMAND = "none: told by demand on services"
LEFT_OUT = "none: not saved at the margin"
ANTICIPATION = "crime_cost_block.anticipation"


def cost_of_an_offence(ds: xr.Dataset) -> Rows:
    """Pounds per offence committed, reported or not, of mean severity, at the middle of their ranges."""
    rows: list[list[Cell]] = []
    for offence in OFFENCES:
        for component in (*COMPONENTS, "anticipation"):
            name = f"{ANTICIPATION if component == 'anticipation' else f'crime_cost.{component}'}[{offence}]"
            row = shipped().get(name)
            if row is None:
                continue
            use = LEFT_OUT if component == "anticipation" else TOLD_BY_DEMAND if component in BY_DEMAND else COUNTED
            pounds = row.value * inflation(shipped(), row.period, ds.attrs["price_year"], row.name)
            bearer = words(PAYER_OF.get(component, "people at risk"))
            rows.append([words(offence), words(component), bearer, use, pounds, row.period, row.grade, row.source])
    columns = ["offence", "part of its cost", "who bears it", "line in which it is a benefit"]
    return [*columns, f"an offence ({pounds_of(ds)})", "priced in", "grade (5 best)", "source"], rows
