"""Yearly tables: how the nation stood in each financial year."""

from functools import cache

import numpy as np

from model.evidence import read_table


def yearly(measure: str, years: np.ndarray) -> np.ndarray:
    """A calendar measure at each financial year (named by its first calendar year), ends held."""
    table = calendar()
    mine = table["measure"] == measure
    when = table["year"][mine].astype(float)
    value = table["value"][mine].astype(float)
    order = np.argsort(when, kind="stable")
    # The table names a year by its end; a financial year here by its start.
    return np.interp(years + 1, when[order], value[order])


@cache
def calendar() -> dict[str, np.ndarray]:
    """The table, read once: a world's laws ask it some thirty times."""
    return read_table("calendar")
