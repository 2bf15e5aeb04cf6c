"""What a place on a programme does to the one case, or the one harm, that found the person.

A disposal that is changed acts once: cases that would go to court are closed, or outcomes out of court become charges.
What conviction and custody then do to later offending is the justice rules', not the programme's.
"""

import numpy as np
from numpy.typing import NDArray

from model.draws import STREAMS, uniforms
from model.people import NEVER, RISK, Population

Rows = NDArray[np.int64]
CONVICTED = np.uint32(1 << RISK["convicted"])
MEAN_SEVERITY = 256  # of a case, in 256ths: what was done is not kept once a case is closed


def close_cases(
    people: Population, rows: Rows, kept: NDArray[np.float64], key: NDArray[np.uint64], month: int, seed: int
) -> Rows:
    """Close out of court the open cases of `rows` but for the share `kept` (G,); gives the rows whose case it was.

    The case is the gravest that is open. No conviction, sentence or order comes of it.
    """
    luck = uniforms(seed, people.key[rows] ^ key, month, STREAMS["diverted"])
    goes = luck < kept[people.court_offence[rows]]
    closed = rows[(people.court[rows] >= month) & ~goes]
    people.court[closed] = NEVER
    people.court_committed[closed] = NEVER
    return closed


def send_to_court(
    people: Population, rows: Rows, offence: Rows, kept: NDArray[np.float64], key: NDArray[np.uint64],
    month: int, court_lag: float, longest: int, seed: int,
) -> tuple[Rows, Rows]:
    """Turn last month's outcomes out of court of `rows` into charges but for the share `kept` (G,).

    Gives the rows charged, and those of them whose first outcome it had been: they are no entrants to the justice
    system until a court says so. A case that is open already takes the offence in.
    """
    keys = people.key[rows] ^ key
    charged = uniforms(seed, keys, month, STREAMS["prosecuted"], 0) >= kept[offence]
    lag = 1 - np.log(1.0 - uniforms(seed, keys, month, STREAMS["prosecuted"], 1)) * court_lag
    those, new = rows[charged], people.court[rows[charged]] == NEVER
    opened = those[new]
    people.court[opened] = month + np.minimum(lag[charged][new].astype(np.int64), longest)
    people.court_offence[opened] = offence[charged][new]
    people.court_severity[opened] = MEAN_SEVERITY
    people.court_committed[those] = month - 1
    people.convictions[those] -= people.convictions[those] > 0
    first = those[people.convictions[those] == 0]
    people.risks[first] &= ~CONVICTED
    begun = those[people.cohort[those] == month - 1]
    people.cohort[begun], people.reoffended[begun] = NEVER, 0
    return those, first
