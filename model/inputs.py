"""What a run is made from: plain typed tables, checked where they are read, never changed after.

`scenarios` fills these from files; `model` only reads them. Sex 0 is female, 1 male.
D districts, N neighbourhoods, P programmes, Y financial years.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class AreaTables:
    """One police force area, as its folder in scenarios/areas says."""

    id: str
    name: str
    code: str
    census_date: str  # ISO date
    districts: tuple[str, ...]
    district_codes: tuple[str, ...]
    population: Ints  # (D, 2, 91) usual residents by sex and single year of age, 90 means 90 and over
    household_sizes: Ints  # (D, 8) households of 1, 2 ... 8 or more
    communal_residents: Ints  # (D,)
    living_in_couple: Floats  # (D,) share of people aged 16 and over in households
    lone_parent_share: Floats  # (D,) share of dependent children who live with a lone parent
    fertility_ratio: Floats  # (D,) births over those expected at national rates
    mortality_ratio: Floats  # (D, 2) hazard relative to the national table, by sex
    moves_in: Floats  # (D,) moves a year from elsewhere in the country, per resident, between authorities
    moves_out: Floats  # (D,)
    abroad_in: Floats  # (D,) moves a year from abroad per resident
    abroad_out: Floats  # (D,)
    net_by_age: Floats  # (D, 91) net migration of all kinds a year per resident of that age
    stay_in_force: float  # of moves between authorities, the share that ends in another district of the force
    neighbourhoods: tuple[str, ...]  # LSOA codes, sorted by district
    neighbourhood_district: Ints  # (N,) index of district
    neighbourhood_quintile: Ints  # (N,) 1 most deprived to 5
    neighbourhood_rural: NDArray[np.bool_]  # (N,)
    neighbourhood_town_centre: NDArray[np.bool_]  # (N,)
    neighbourhood_residents: Ints  # (N,) mid-2020
    neighbourhood_children: Ints  # (N,) aged 0 to 17
    neighbourhood_young: Ints  # (N,) aged 10 to 24
    street_crime: Ints  # (N, len(STREET_TYPES)) offences in five months
    recorded: Floats  # (len(OFFENCES),) offences recorded in the year to March 2023 by group; antisocial last
    charge_rate: dict[str, float] = field(default_factory=dict)  # wide group -> share of recorded, base year
    out_of_court_rate: dict[str, float] = field(default_factory=dict)
    officers: float = 0.0  # full-time equivalent
    hash: str = ""  # of the folder's files
