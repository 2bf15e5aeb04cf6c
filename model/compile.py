"""Compiles every loop before it is needed, saying which: minutes of silence look like a fault.

A loop is compiled for the types that runs hand over, and for no others: they are made here by the same
functions where there are any. Where the disk cache has the machine code it is read from there.
"""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba.core import event

from model import couples, month, record
from model import places as places_
from model.actors import cases, place_programmes, programmes
from model.effects import no_effects
from model.happenings import new_month
from model.jit import PLAIN
from model.law.form import LAW
from model.people import empty
from model.places import RATES, Places
from model.vocabulary import N_OFFENCES, STREET_TYPES, VICTIM_WEIGHTS

Loop = Any  # a Numba dispatcher
DISTRICTS, NEIGHBOURHOODS = 2, 2  # a table one wide would pass for any order in memory


def loops() -> dict[Loop, tuple[str, tuple[Any, ...]]]:
    """Each loop with what it is about, in words, and arguments as it is called with."""
    people, now, effects, laws = empty(2), new_month(0, DISTRICTS), no_effects(), np.zeros(2, dtype=LAW)
    places = no_places()
    chosen, counted = np.zeros(2, dtype=np.int64), record.new_record(12, DISTRICTS, 1)
    by_group = np.zeros((4, NEIGHBOURHOODS, 2))
    return {
        month.live_past: ("the lived past", (people, 0, 0, 0, 0, laws, 0, places, effects, now)),
        month.refresh_all: ("chances", (people, 0, 0, laws, 0, places, effects, now)),
        month.refresh_ties: ("chances by ties", (people, 0, 0, laws, 0, effects, now)),
        month.live_month: ("a month", (people, 0, 0, laws, 0, places, effects, 0, now)),
        places_.times_named: (
            "lists of victims",
            (people, 0, 0, laws, 0, np.zeros(2), np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.int64)),
        ),
        places_.name_victims: (
            "lists of victims, named",
            (people, 0, np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.int64), np.zeros(2, np.int32)),
        ),
        programmes.children_of: ("children", (people, 0, 0, False, np.zeros(2, np.int64))),
        programmes.with_children: (
            "who has children",
            (people, chosen, 0, False, chosen, np.zeros(2, np.bool_)),
        ),
        programmes.which_fit: ("eligibility", (people, chosen, 0, 0, 0, 0, 0, 0, np.zeros(2, np.bool_))),
        cases.which_end_in_custody: ("cases that end in custody", (people, chosen, laws, 0, np.zeros(2, np.bool_))),
        place_programmes.give_units: (
            "units of places",
            (0, chosen, np.zeros(2, np.bool_), chosen, np.zeros((2, 2), np.int32), 0, 0, chosen),
        ),
        place_programmes.add_logs: ("places, what acts", (chosen, *by_group)),
        place_programmes.add_moved: ("places, what moves", (chosen, by_group[0], 0.0, *by_group[:2])),
        place_programmes.combine_logs: ("places, all that acts", (0.0, *by_group[:3])),
        record.count_month: ("counts of each month", (counted, 0, now.log)),
        record.count_march: (
            "counts of each March",
            (people, 0, 0, counted.people[0], counted.risk[0], counted.ace[0]),
        ),
        couples.live_together: (
            "couples who form",
            (people, chosen, chosen, 0, laws, 0, places.rates, chosen, np.zeros(2, np.bool_)),
        ),
        month.refresh_rows: ("chances of those on a programme", (people, chosen, 0, laws, 0, effects, now)),
    }


def no_places() -> Places:
    """The tables of an area where nothing is, with the types of any area's."""
    between, home = np.zeros((DISTRICTS, DISTRICTS)), np.zeros(NEIGHBOURHOODS)
    return Places(
        rates=np.zeros(DISTRICTS, dtype=RATES), move_to=between, home_in=home, offend_in=between,
        street=np.zeros((len(STREET_TYPES) + 1, NEIGHBOURHOODS)),
        district_start=np.zeros(DISTRICTS + 1, np.int64), quintile=np.zeros(NEIGHBOURHOODS, np.uint8),
        street_kind=np.zeros(N_OFFENCES, np.uint8), outsiders=np.zeros((DISTRICTS, N_OFFENCES)),
        victim_rows=np.zeros(0, np.int32),
        victim_start=np.zeros((len(VICTIM_WEIGHTS), DISTRICTS + 1), np.int64),
        prevented=np.zeros((NEIGHBOURHOODS, N_OFFENCES)), moved=np.zeros((NEIGHBOURHOODS, N_OFFENCES)),
        recording=np.ones((NEIGHBOURHOODS, N_OFFENCES)),
    )  # fmt: skip


def compile_all(progress: Callable[[str], None] | None = None) -> None:
    """Have every loop's machine code ready, here and in the cache for other processes.

    `progress` hears what a loop is about when it has to be compiled; nothing when the cache has it.
    """
    if PLAIN:
        return
    for loop, (words, arguments) in loops().items():
        with event.install_listener("numba:compile", _Telling(loop, words, progress)):
            loop.compile(tuple(numba.typeof(argument) for argument in arguments))


class _Telling(event.Listener):  # type: ignore[misc]
    """Says once that a loop's compiling begins; what the loop calls is compiled along with it."""

    def __init__(self, loop: Loop, words: str, progress: Callable[[str], None] | None) -> None:
        self.loop, self.words, self.progress = loop, words, progress

    def on_start(self, happened: event.Event) -> None:
        if self.progress and happened.data["dispatcher"] is self.loop:
            self.progress(self.words)

    def on_end(self, happened: event.Event) -> None:
        """Nothing to say."""
