"""What a pound of a later year is worth today: HM Treasury's Green Book, whose rates fall after thirty years.

The first year of a plan is year 0 and counts in full; each later year is worth less than the one before it by the rate
of the band that it lies in (`appraisal.toml`). Risks to health and life have a rate of their own.
"""

import re

import numpy as np
from numpy.typing import NDArray

from model.evidence import Evidence

Floats = NDArray[np.float64]
RATES = {"standard": "discount_rate", "health": "discount_rate_health"}
BAND = re.compile(r"years (\d+) to (\d+)")


def discount_factors(evidence: Evidence, years: int, of: str = "standard", rate: float | None = None) -> Floats:
    """(years,) what a pound of each year of a plan is worth in its first; `of` names a key of RATES, and `rate`, a
    share a year, stands in for all of its bands where a sensitivity asks for another.

    Raises ValueError for a year that no band holds, and KeyError for another kind of rate.
    """
    each = [1.0, *(1.0 / (1.0 + (_rate_in(evidence, RATES[of], year) if rate is None else rate))
                   for year in range(1, years))]  # fmt: skip
    return np.asarray(np.cumprod(each[:years]), dtype=np.float64)


def first_rate(evidence: Evidence, of: str = "standard") -> float:
    """The rate of a plan's first years, a share a year."""
    return _rate_in(evidence, RATES[of], 1)


def _rate_in(evidence: Evidence, id: str, year: int) -> float:
    for row in evidence.values():
        if row.id == id and (band := BAND.fullmatch(row.group)) and int(band[1]) <= year <= int(band[2]):
            return row.value
    raise ValueError(f"no {id.replace('_', ' ')} is known for year {year}")
