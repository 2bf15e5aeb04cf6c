"""Where people live and offences happen: the tables of one area, as compiled code reads them.

D districts, N neighbourhoods, K kinds of street crime. `resident_rows` lists the residents of each
district at the start of the financial year; victims are proposed from it, and the list is a fixed
table for twelve months, so that nobody's fate moves anybody else's place in it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Places(NamedTuple):
    death: NDArray[np.float32]  # (D, 2, 101) monthly chance
    birth: NDArray[np.float32]  # (D, 101) monthly chance for a woman
    leave: NDArray[np.float32]  # (D, 101) monthly chance of leaving the force area
    move: NDArray[np.float32]  # (D, 101) monthly chance of moving to another district of the force
    move_to: NDArray[np.float64]  # (D, D) cumulative: where movers between districts go
    home_in: NDArray[np.float64]  # (N,) cumulative within district: where residents live
    offend_in: NDArray[np.float64]  # (D, D) cumulative: district of offences away from home
    street: NDArray[np.float64]  # (K, N) cumulative within district: where offences of a kind happen
    district_start: NDArray[np.int64]  # (D + 1,) first neighbourhood of each district
    quintile: NDArray[np.uint8]  # (N,) 0 most deprived to 4
    street_kind: NDArray[np.uint8]  # (G,) the street-crime kind of each offence group
    outsiders: NDArray[np.float64]  # (D, G) offences a month by people from outside, simulated people
    resident_rows: NDArray[np.int32]  # rows of residents in April, district by district
    resident_start: NDArray[np.int64]  # (D + 1,)
