"""Yearly tables: how the nation stood in each financial year."""

import numpy as np

from model.evidence import read_table


def yearly(measure: str, years: np.ndarray) -> np.ndarray:
    """A calendar measure at each financial year (named by its first calendar year), ends held."""
    table = read_table("calendar")
    mine = np.array([m == measure for m in table["measure"]])
    when = table["year"][mine].astype(float)
    value = table["value"][mine].astype(float)
    order = np.argsort(when, kind="stable")
    # The table names a year by its end; a financial year here by its start.
    return np.interp(years + 1, when[order], value[order])
