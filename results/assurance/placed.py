"""Where a row of evidence acts: on what schemes do, on what they cost, on prices, or on people and agencies."""

from collections.abc import Sequence

from model.evidence import Row
from model.inputs import Programme
from results.assurance.assumptions import EFFECT, MODEL, PRICE, SCHEME
from results.prices import shipped


def acts_on(row: Row, programmes: Sequence[Programme]) -> str:
    """A key of `ACTS_ON`."""
    if row.name in shipped():
        return PRICE
    if row.name in {effect.ratio for one in programmes for effect in one.effects}:
        return EFFECT
    return SCHEME if row.id.split(".")[0] in {one.id for one in programmes} else MODEL
