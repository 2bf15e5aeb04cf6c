"""The population: one structured array, a row a person.

A row lies together in memory, what the monthly scan reads first: measured, compiled rules that take one
array of rows are several times faster, and quicker to compile, than the same rules handed fifty separate
columns, because every call hands over one pointer instead of fifty. `people.key` is still a column.

Rows are never reused and never reordered during a run: a birth or an arrival takes the next one, the
dead and departed stay, marked. Months are counted from January 1900; NEVER means "not set".
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.jit import LINE
from model.vocabulary import ACES, FEMALE, RISK_FACTORS

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

# Kinds of offending hazard. Domestic hazards act only in an abusive relationship. Fraud and
# other offences by people from outside come by their own road.
HAZARDS = ("violence", "sexual", "theft", "shoplifting", "disorder", "drugs", "domestic")
N_HAZARDS = len(HAZARDS)
DOMESTIC = HAZARDS.index("domestic")
# The mix of offence groups has a row for each kind, that of domestic being men's, and one more for women's domestic
# offences: rape is by law what a man does.
WOMEN_AT_HOME = N_HAZARDS
AT_HOME = [DOMESTIC, WOMEN_AT_HOME]
N_MIXES = N_HAZARDS + 1
N_SLOTS = 4
N_TIES = 3
RATE_ONE = 1 << 26  # fixed-point one of `rate`: a monthly hazard is below 64


_COLUMNS = np.dtype(
    [
        # the first 64 bytes: all that the monthly scan reads
        ("key", "u8"),  # stable through every alternative
        ("life", "u4"),  # threshold of any life event, 2**-32
        ("demography", "u4"),  # threshold of birth, death, move, separation
        ("offend", "u4"),  # threshold of any offence
        ("wake", "i2"),  # next month in which the row changes by itself
        ("touched", "u2"),  # scratch: bits of what apply must redo
        ("status", "u1"),  # UNBORN, RESIDENT, DEPARTED or DEAD
        ("district", "u1"),
        ("treated", "u1"),  # what programmes act on this month: bits ON_OFFENDING, ON_LIFE of effects.py
        ("placed", "u1"),  # 1 when ever on any programme
        ("rate", "u4", (N_HAZARDS,)),  # monthly hazards before programmes, fixed point RATE_ONE
        ("risks", "u4"),  # bits of RISK_FACTORS
        ("birth", "i2"),  # month of birth
        ("sex", "u1"),  # 0 female, 1 male
        ("quintile", "u1"),  # 0 most deprived to 4, of the neighbourhood lived in
        # the next 64: what the chances are made from, and whom a change concerns
        ("propensity", "f4"),  # latent, standard normal
        ("family", "f4"),  # latent, standard normal, shared in the household
        ("gain", "u4"),  # scratch: bits decided on this month, risks then ACEs
        ("lose", "u4"),
        ("carer1", "i4"),  # row, or NOBODY
        ("carer2", "i4"),
        ("partner", "i4"),  # row lived with as a couple, or NOBODY
        ("first_child", "i4"),  # the chain of those this person is carer of
        ("tie", "i4", (N_TIES,)),  # peers, each tie mutual
        ("last_offence", "i2"),
        ("last_victim", "i2"),  # harmed in a way that is felt for a year
        ("custody_end", "i2"),  # month of release
        ("order_end", "i2"),  # month in which probation ends
        ("court", "i2"),  # month in which a pending case is heard
        ("cohort", "i2"),  # month in which a proven-reoffending follow-up began
        ("aces", "u2"),  # bits of ACES
        ("exposure", "u1"),  # bits of EXPOSURES
        ("peers", "u1"),  # ties who offended in the last twelve months
        ("convictions", "u2"),  # convictions and out-of-court outcomes
        ("last_harm", "i2"),  # victim of any offence
        # the rest
        ("household", "i4"),
        ("next1", "i4"),  # next in the chain of carer1
        ("next2", "i4"),  # next in the chain of carer2
        ("neighbourhood", "u2"),
        ("offences", "u2"),
        ("victimisations", "u2"),
        ("custody_months", "u2"),
        ("court_severity", "u2"),  # of the pending case, in 256ths
        ("court_committed", "i2"),  # month of the latest offence in it
        ("slot_start", "i2", (N_SLOTS,)),  # month of starting
        ("children", "u1"),  # born to this woman
        ("court_offence", "u1"),  # gravest group of the pending case
        ("reoffended", "u1"),  # 1 when a proven reoffence fell within its twelve months
        ("ace_age", "u1", (N_ACES,)),  # age in months at onset, 255 never
        ("slot_programme", "u2", (N_SLOTS,)),  # programme + 1, 0 free
        ("slot_effect", "u1", (N_SLOTS,)),  # 1 when the effect applies to this person
        ("offender_in", "u1"),  # financial year from 1900 in which last counted as an offender, 0 never
        # what would be but for programmes, and is not: 0 or NEVER in anyone whom none has reached
        ("spared_peers", "u1"),  # further ties who would have offended in the last twelve months
        ("spared_exposure", "u1"),  # bits of EXPOSURES
        ("spared_offence", "i2"),  # month of the last offence prevented
        ("spared_victim", "i2"),  # month of the last harm prevented that would be felt for a year
        ("spared", "u4"),  # bits of RISK_FACTORS, then of ACES
        ("spare", "u4"),  # scratch: bits of `spared` decided on this month
        ("unspare", "u4"),  # and bits that end
        # told to nobody in the model, and read by those who hold it against histories of convictions
        ("court_convictions", "u1"),  # most 255
        ("first_outcome", "i2"),  # month of the first conviction or out-of-court outcome
        ("first_conviction", "i2"),  # in court
        ("last_outcome", "i2"),
        ("young_outcomes", "u1", (2,)),  # of `convictions`, those under 18 and at 18 to 20; most 255
    ],
    align=True,
)
_FIELDS: Mapping[str, Any] = _COLUMNS.fields or {}
# Each row begins with a line of memory: what the scan reads lies in one.
PERSON = np.dtype(
    {
        "names": list(_FIELDS), "formats": [field[0] for field in _FIELDS.values()],
        "offsets": [field[1] for field in _FIELDS.values()], "itemsize": -(-_COLUMNS.itemsize // LINE) * LINE,
    }
)  # fmt: skip
_NEVER = (
    "last_offence", "last_victim", "last_harm", "custody_end", "order_end", "court", "court_committed", "cohort",
    "first_outcome", "first_conviction", "last_outcome", "spared_offence", "spared_victim",
)  # fmt: skip
_NOBODY = ("carer1", "carer2", "partner", "first_child", "next1", "next2", "tie")

Population = np.recarray  # of PERSON, shape (rows,)
Columns = NDArray[np.void]  # the same as a plain array: columns["key"] comes many times sooner than people.key


def by_mix(rate: NDArray[np.uint32], sex: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(rows, N_MIXES) hazards `rate` (rows, N_HAZARDS), women's domestic ones apart; still in fixed point."""
    hazards = np.concatenate([rate, np.zeros((len(rate), 1))], axis=1)
    women = np.asarray(sex) == FEMALE
    hazards[women, WOMEN_AT_HOME], hazards[women, DOMESTIC] = hazards[women, DOMESTIC], 0.0
    return hazards


def room_for(rows: int) -> Population:
    """Zeroed rows, the first of which begins with a line of memory."""
    memory = np.zeros(rows * PERSON.itemsize + LINE, dtype=np.uint8)
    at = -memory.ctypes.data % LINE
    return memory[at : at + rows * PERSON.itemsize].view(PERSON).view(np.recarray)


def empty(rows: int, room: int = 0) -> Population:
    """A population of `rows` unborn rows, with room for `room` in all; what lies beyond is not written yet."""
    people = room_for(max(rows, room))
    for name in _NEVER:
        people[name][:rows] = NEVER
    for name in _NOBODY:
        people[name][:rows] = NOBODY
    people["ace_age"][:rows] = 255
    return people


def grown(people: Population, rows: int) -> Population:
    """The same people with room for at least `rows`."""
    now = people.size
    if rows <= now:
        return people
    more = rows + rows // 50 + 1024
    wider = room_for(more)
    wider[:now] = people
    return wider


def copied(people: Population) -> Population:
    """An independent copy."""
    other = room_for(people.size)
    other[:] = people
    return other
