"""What goes with what in a watched run: rate and odds ratios within bands of age and sex, as studies adjust."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from calibration.watching.watched import BAND_FROM, GIVEN, Watched
from model.people import HAZARDS
from model.vocabulary import RISK_FACTORS

Floats = NDArray[np.float64]
ADULTS = slice(BAND_FROM.index(18), len(BAND_FROM))


def rate_ratio(people: Floats, hazard: Floats) -> float:
    """Mantel-Haenszel rate ratio of two columns (strata, 2): people and their summed hazards, without and with."""
    whole = np.maximum(people.sum(axis=1), 1e-12)
    above = (hazard[:, 1] * people[:, 0] / whole).sum()
    below = (hazard[:, 0] * people[:, 1] / whole).sum()
    return float(above / below) if below > 0 else float("nan")


def odds_ratio(table: Floats) -> float:
    """Mantel-Haenszel odds ratio of (strata, exposed not and exposed, no and yes)."""
    whole = np.maximum(table.sum(axis=(1, 2)), 1e-12)
    above = (table[:, 1, 1] * table[:, 0, 0] / whole).sum()
    below = (table[:, 1, 0] * table[:, 0, 1] / whole).sum()
    return float(above / below) if below > 0 else float("nan")


def by_factor(watched: Watched, factor: str, kind: str) -> float:
    """Rate of a kind of offending of residents with a risk factor over that of those without."""
    r = RISK_FACTORS.index(factor)
    people = watched.factor_people[r].reshape(-1, 2).astype(float)
    return rate_ratio(people, watched.factor_hazard[r][..., HAZARDS.index(kind)].reshape(-1, 2))


def by_given(watched: Watched, given: str, of: int, kind: str) -> float:
    """The same of those with `of` adverse experiences, active ties, or classes of recency over those with none."""
    at = GIVEN.index(given)
    people = watched.given_people[at][..., [0, of]].reshape(-1, 2).astype(float)
    return rate_ratio(people, watched.given_hazard[at][..., [0, of], HAZARDS.index(kind)].reshape(-1, 2))


def ace_odds(table: NDArray[np.int64], least: int = 4) -> float:
    """Odds ratio of four or more adverse experiences over none, among adults; `table` (B, 2, 5, 2) as watched."""
    some = table[ADULTS][:, :, [0, least]].reshape(-1, 2, 2).astype(float)
    return odds_ratio(some)


def associations(watched: Watched) -> Mapping[str, float]:
    """The associations that a statistician would look for, by name."""
    found = {
        "violence in the year, four adverse experiences or more over none": ace_odds(watched.violent_ace),
        "hurt by violence in the year, four adverse experiences or more over none": ace_odds(watched.harmed_ace),
        "ever in custody, four adverse experiences or more over none": ace_odds(watched.custody_ace),
        "rate of violence, four adverse experiences or more over none": by_given(watched, "ace", 4, "violence"),
        "rate of theft, one offending tie over none": by_given(watched, "peers", 1, "theft"),
        "rate of theft, an offence within three months over none in two years": by_given(
            watched, "recency", 3, "theft"
        ),
    }
    for factor, kind in (
        ("alcohol_misuse", "violence"), ("drug_misuse", "theft"), ("opiate_crack_use", "theft"), ("gang", "violence"),
        ("poor_mental_health", "violence"), ("not_working", "theft"), ("unstable_housing", "theft"),
        ("excluded", "violence"), ("looked_after", "theft"), ("conduct_problems", "violence"),
    ):  # fmt: skip
        found[f"rate of {kind}, {factor.replace('_', ' ')}"] = by_factor(watched, factor, kind)
    return found
