"""The population: a struct of arrays, a row a person.

Rows are never reused and never reordered during a run: a birth or an arrival takes the next one, the
dead and departed stay, marked. Months are counted from January 1900; NEVER means "not set".
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.vocabulary import ACES, RISK_FACTORS

NEVER = np.iinfo(np.int16).min
NOBODY = -1

# status
UNBORN, RESIDENT, DEPARTED, DEAD = 0, 1, 2, 3

N_ACES = len(ACES)
N_RISKS = len(RISK_FACTORS)
RISK = {name: number for number, name in enumerate(RISK_FACTORS)}
ACE = {name: number for number, name in enumerate(ACES)}

# What a child can be exposed to at home: bits of `exposure`, one for each household ACE.
EXPOSURES = ("domestic_violence", "mental_illness", "alcohol", "drugs", "prison", "separation")

# Kinds of offending hazard. Domestic hazards act only in an abusive relationship; the last is no
# hazard of a resident's at all: fraud and other offences from outside come by their own road.
HAZARDS = ("violence", "sexual", "theft", "shoplifting", "disorder", "drugs", "domestic")
N_HAZARDS = len(HAZARDS)
N_SLOTS = 4
N_TIES = 3
RATE_ONE = 1 << 26  # fixed-point one of `rate`: a monthly hazard is below 64


class Population(NamedTuple):
    """Columns of n rows. Compiled code takes the tuple whole."""

    key: NDArray[np.uint64]  # stable through every alternative
    birth: NDArray[np.int16]  # month of birth
    sex: NDArray[np.uint8]  # 0 female, 1 male
    status: NDArray[np.uint8]  # UNBORN, RESIDENT, DEPARTED or DEAD
    district: NDArray[np.uint8]
    quintile: NDArray[np.uint8]  # 0 most deprived to 4, of the neighbourhood lived in
    neighbourhood: NDArray[np.uint16]
    household: NDArray[np.int32]
    carer1: NDArray[np.int32]  # row, or NOBODY
    carer2: NDArray[np.int32]
    partner: NDArray[np.int32]  # row lived with as a couple, or NOBODY
    first_child: NDArray[np.int32]  # the chain of those this person is carer of
    next1: NDArray[np.int32]  # next in the chain of carer1
    next2: NDArray[np.int32]  # next in the chain of carer2
    tie: NDArray[np.int32]  # (n, N_TIES) peers, each tie mutual
    children: NDArray[np.uint8]  # born to this woman
    propensity: NDArray[np.float32]  # latent, standard normal
    family: NDArray[np.float32]  # latent, standard normal, shared in the household
    aces: NDArray[np.uint16]  # bits of ACES
    ace_age: NDArray[np.uint8]  # (n, N_ACES) age in months at onset, 255 never
    risks: NDArray[np.uint32]  # bits of RISK_FACTORS
    exposure: NDArray[np.uint8]  # bits of EXPOSURES
    peers: NDArray[np.uint8]  # ties who offended in the last twelve months
    last_offence: NDArray[np.int16]
    last_victim: NDArray[np.int16]
    offences: NDArray[np.uint16]
    convictions: NDArray[np.uint16]  # convictions and out-of-court outcomes
    victimisations: NDArray[np.uint16]
    custody_months: NDArray[np.uint16]
    custody_end: NDArray[np.int16]  # month of release
    order_end: NDArray[np.int16]  # month in which probation ends
    court: NDArray[np.int16]  # month in which a pending case is heard
    court_offence: NDArray[np.uint8]  # gravest group of the pending case
    court_severity: NDArray[np.uint16]  # of it, in 256ths
    court_committed: NDArray[np.int16]  # month of the latest offence in the case
    cohort: NDArray[np.int16]  # month in which a proven-reoffending follow-up began
    reoffended: NDArray[np.uint8]  # 1 when a proven reoffence fell within its twelve months
    slot_programme: NDArray[np.uint8]  # (n, N_SLOTS) programme + 1, 0 free
    slot_start: NDArray[np.int16]  # (n, N_SLOTS) month of starting
    slot_effect: NDArray[np.uint8]  # (n, N_SLOTS) 1 when the effect applies to this person
    placed: NDArray[np.uint8]  # 1 when ever on any programme
    wake: NDArray[np.int16]  # next month in which the row changes by itself
    life: NDArray[np.uint32]  # threshold of any life event, 2**-32
    demography: NDArray[np.uint32]  # threshold of birth, death, move, separation
    offend: NDArray[np.uint32]  # threshold of any offence
    rate: NDArray[np.uint32]  # (n, N_HAZARDS) monthly hazards, fixed point RATE_ONE
    treated: NDArray[np.uint8]  # 1 while an effect differs between offence groups
    gain: NDArray[np.uint32]  # scratch: bits decided on this month, risks then ACEs
    lose: NDArray[np.uint32]
    touched: NDArray[np.uint8]  # scratch: bits of what apply must redo


_EXTRA = {
    "tie": (N_TIES,), "ace_age": (N_ACES,), "slot_programme": (N_SLOTS,), "slot_start": (N_SLOTS,),
    "slot_effect": (N_SLOTS,), "rate": (N_HAZARDS,),
}  # fmt: skip
_NEVER = ("last_offence", "last_victim", "custody_end", "order_end", "court", "court_committed", "cohort")
_NOBODY = ("carer1", "carer2", "partner", "first_child", "next1", "next2", "tie")


def _column_types() -> dict[str, np.dtype]:
    types: dict[str, np.dtype] = {}
    for name, hint in Population.__annotations__.items():
        types[name] = np.dtype(hint.__args__[1].__args__[0])
    return types


COLUMN_TYPES = _column_types()


def empty(rows: int) -> Population:
    """A population of `rows` unborn rows."""
    columns = {}
    for name, kind in COLUMN_TYPES.items():
        column = np.zeros((rows, *_EXTRA.get(name, ())), dtype=kind)
        if name in _NEVER:
            column[...] = NEVER
        elif name in _NOBODY:
            column[...] = NOBODY
        elif name == "ace_age":
            column[...] = 255
        columns[name] = column
    return Population(**columns)


def grown(people: Population, rows: int) -> Population:
    """The same people with room for `rows`; columns are copied one at a time to keep the peak low."""
    now = people.key.size
    if rows <= now:
        return people
    columns = {}
    for name, column in people._asdict().items():
        wider = np.zeros((rows, *column.shape[1:]), dtype=column.dtype)
        wider[:now] = column
        if name in _NEVER:
            wider[now:] = NEVER
        elif name in _NOBODY:
            wider[now:] = NOBODY
        elif name == "ace_age":
            wider[now:] = 255
        columns[name] = wider
    return Population(**columns)


def copied(people: Population) -> Population:
    """An independent copy."""
    return Population(*(column.copy() for column in people))


def bytes_a_row(people: Population) -> float:
    """Bytes a row holds over all columns."""
    return sum(column.nbytes for column in people) / max(people.key.size, 1)
