"""What is looked at in a run, so that figures of the world can be held against it: plain counts, kept as bytes.

All of people simulated. Y plan years, D districts, N neighbourhoods, G offences, E kinds of event, S services,
R risk factors, A ages 0 to 100, B ages in bands (BAND_FROM), H kinds of hazard.
"""

import io
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.vocabulary import OFFENCES

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

AGES = 101
BAND_FROM = (0, 10, 16, 18, 25, 35, 45, 55, 65, 70)
FIRST_BIRTH_YEAR = 1915
BIRTH_YEARS = 115
MOST_TOLD = 17  # outcomes, convictions: the last place is that many or more
MOST_OFFENCES = 60
BEGAN = ("out_of_court", "community", "order", "short_custody", "long_custody")  # what a follow-up begins with
GIVEN = ("ace", "peers", "recency")  # what hazards are told by, beside risk factors

# Kinds of victim as surveys count them: the groups, and whether the household is the victim.
VICTIM_SETS: dict[str, tuple[tuple[str, ...], bool]] = {
    "headline": (
        ("violence_with_injury", "violence_without_injury", "robbery", "residential_burglary", "theft_of_vehicle",
         "theft_from_vehicle", "other_theft", "criminal_damage", "arson", "fraud_computer_misuse"), False),
    "headline_without_fraud": (
        ("violence_with_injury", "violence_without_injury", "robbery", "residential_burglary", "theft_of_vehicle",
         "theft_from_vehicle", "other_theft", "criminal_damage", "arson"), False),
    "violence": (("violence_with_injury", "violence_without_injury"), False),
    "theft_from_people": (("robbery", "other_theft"), False),
    "sexual": (("rape", "other_sexual"), False),
    "any": (tuple(name for name in OFFENCES if name != "antisocial_behaviour"), False),
    "burglary": (("residential_burglary",), True),
    "vehicle": (("theft_of_vehicle", "theft_from_vehicle"), True),
    "vandalism": (("criminal_damage", "arson"), True),
}  # fmt: skip
OF_HOUSEHOLDS = frozenset(
    ("residential_burglary", "theft_of_vehicle", "theft_from_vehicle", "criminal_damage", "arson")
)  # of which everybody in the home is a victim, as surveys count them


class Watched(NamedTuple):
    """Of each plan year, of its first year, and of the lives of those resident at the end of that year."""

    # of each year
    population: Floats  # (Y, D) mean over months
    offences: Counts  # (Y, D, G)
    recorded: Counts  # (Y, D, G)
    of_residents: Counts  # (Y, G) recorded, of what residents did
    expected: Floats  # (Y, D, G)
    place: Counts  # (Y, 5, G) offences by fifth of the place
    victims: Counts  # (Y, 5, G) by fifth of the victim's home
    domestic: Counts  # (Y, 2) offences within an abusive relationship: all, recorded
    events: Counts  # (Y, E) by kind, as model.record.EVENT_KINDS
    event_offence: Counts  # (Y, G, 4) charges, out of court, convictions, custody sentences
    first_time_entrants: Counts  # (Y, 2) children, adults
    offender_age: Counts  # (Y, 2, A) offences
    states: Floats  # (Y, R) mean over months
    demand: Floats  # (Y, S)
    arrests: Counts  # (Y, 2, A)
    sanctioned: Counts  # (Y, 2, A) people convicted or cautioned (more on record than before), by age at the first
    attended: Counts  # (Y, 2) people at an emergency department after an offence
    excluded: Counts  # (Y, 2)
    followed: Counts  # (2, 5, 2) children and adults by BEGAN: followed to the end, with a reoffence
    # of the first year
    neighbourhood: Floats  # (N,) recorded crime, as expected where it falls
    residents: Counts  # (2, A) at its end, as all below
    factors: Counts  # (R, 2, A)
    abused: Counts  # (2, A) by a partner, at the end of any month of it
    aces: Counts  # (2, A, 5) by number of adverse experiences
    victim: Counts  # (sets, 2, A, 3) people who were victims once or more, twice or more; incidents
    household_victim: Counts  # (sets, 3) the same of households
    households: Counts  # ()
    domestic_victim: Counts  # (2,) of recorded domestic offences, by sex
    lone: Counts  # (B, 5, 2, 2) adults in homes without children and lone parents, not and harmed (headline)
    offended: Counts  # (B, 2, MOST_OFFENCES + 1) people by offences in the year
    harmed: Counts  # (B, 2, MOST_OFFENCES + 1) people by times a victim
    overlap: Counts  # (B, 2, 2, 2) people who offended not and did, were harmed not and were
    # of lives
    born: Counts  # (2, BIRTH_YEARS)
    first_outcome: Counts  # (2, BIRTH_YEARS, A) by age at the first conviction or out-of-court outcome
    first_conviction: Counts  # (2, BIRTH_YEARS, A) in court
    convictions: Counts  # (2, BIRTH_YEARS, MOST_TOLD + 1) people by number of convictions in court
    # (8,) offenders since 2000, prolific; court convictions of both; adult prolific, begun young; in custody, prolific
    prolific: Counts
    custody_ace: Counts  # (B, 2, 5, 2) never and ever sentenced to custody, by number of adverse experiences
    violent_ace: Counts  # (B, 2, 5, 2) no violence in the year and some
    harmed_ace: Counts  # (B, 2, 5, 2) not hurt by violence in the year and hurt
    given_people: Counts  # (3, B, 2, 5) residents by GIVEN: adverse experiences, active ties, months since an offence
    given_hazard: Floats  # (3, B, 2, 5, H) sums of their hazards
    factor_people: Counts  # (R, B, 2, 2) without and with each risk factor
    factor_hazard: Floats  # (R, B, 2, 2, H)


def to_bytes(watched: Watched) -> bytes:
    """As compressed plain arrays: no pickle."""
    stream = io.BytesIO()
    arrays: dict[str, Any] = watched._asdict()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def from_bytes(kept: bytes) -> Watched:
    """What to_bytes made. Raises ValueError when it is something else."""
    try:
        with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
            return Watched(**{name: arrays[name] for name in Watched._fields})
    except (KeyError, OSError, EOFError, ValueError, AttributeError, TypeError) as error:
        raise ValueError(f"these are not the counts of a watched run: {error}") from error


def summed(runs: list[Watched]) -> Watched:
    """The counts of several runs as if they were one of more people."""
    return Watched(*(sum(columns[1:], start=columns[0]) for columns in zip(*runs, strict=True)))
