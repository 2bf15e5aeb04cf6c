"""Where a row of evidence acts, and how much money goes through it."""

from collections.abc import Mapping, Sequence

import xarray as xr

from model.evidence import Row
from model.inputs import Programme
from results.assurance.assumptions import EFFECT, MODEL, PRICE, SCHEME, UNPAID
from results.prices import shipped


def spend_by_scheme(ds: xr.Dataset) -> dict[str, float]:
    """Pounds spent on each scheme over the plan by all who pay, in the alternative that spends most."""
    most = ds.programme_spend.sum("year").mean("replicate").max("alternative")
    return {str(name): float(pounds) for name, pounds in zip(ds.programme.values, most.values, strict=True)}


def scheme_of(row: Row, programmes: Sequence[Programme]) -> str:
    """The id of the scheme that a row is of; "" where it is of none."""
    first = row.id.split(".")[0]
    return first if first in {one.id for one in programmes} else ""


def acts_on(row: Row, programmes: Sequence[Programme], spend: Mapping[str, float]) -> str:
    """A key of `ACTS_ON`. A practice that takes no money counts as paid for."""
    if row.name in shipped():
        return PRICE
    scheme = scheme_of(row, programmes)
    if not scheme:
        return MODEL
    free = any(one.id == scheme and one.takes_no_money for one in programmes)
    if not free and not spend.get(scheme, 0.0):
        return UNPAID
    return EFFECT if row.name in {effect.ratio for one in programmes for effect in one.effects} else SCHEME
