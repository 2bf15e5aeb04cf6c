"""Programmes: who is found, who waits, who gets a place, who stays, and on whom the effect acts.

Money buys places; a fractional place is a keyed chance. People are found by an event of the month before
or by a search of the population, a keyed twelfth of it a month. Places go by keyed priority within
programme and month of being found, never by row order. Declining takes no place.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np
from numpy.typing import NDArray

from model.draws import STREAMS, keys_from, uniforms
from model.happenings import KINDS
from model.inputs import Programme
from model.jit import AHEAD, loop, prefetch
from model.people import N_SLOTS, NEVER, RESIDENT, RISK, Population
from model.vocabulary import OFFENCES, SEXES

if TYPE_CHECKING:
    from model.world import PreventionModel

Rows = NDArray[np.int64]
NONE = np.zeros(0, dtype=np.int64)


@loop
def which_fit(people, rows, month, youngest, oldest, sexes, needs, held, fits):
    """Mark in `fits` the rows who are of that age and one of the sexes (bits), have one of the needed factors
    (bits; 0 for anyone) and do not hold programme number `held`."""
    for k in range(rows.size):
        prefetch(people, rows[min(k + AHEAD, rows.size - 1)])
        i = rows[k]
        age = (np.int64(month) - np.int64(people[i].birth)) // 12
        fits[k] = people[i].status == RESIDENT and age >= youngest and age <= oldest
        if not sexes >> np.int64(people[i].sex) & 1:
            fits[k] = False
        if needs and not np.int64(people[i].risks) & needs:
            fits[k] = False
        for slot in range(N_SLOTS):
            if people[i].slot_programme[slot] == held:
                fits[k] = False


def cases_kept(programme: Programme, values: Mapping[str, float]) -> NDArray[np.float64]:
    """(G,) the chance that a case of each group still goes to court when its defendant takes up a place."""
    kept = np.ones(len(OFFENCES))
    for effect in programme.effects:
        if effect.kind == "disposal":
            kept[[OFFENCES.index(name) for name in effect.targets]] *= min(values[effect.ratio], 1.0)
    return kept


class Waiting(NamedTuple):
    """The waiting list: rows of people and the month in which each was found."""

    row: Rows
    since: Rows


class Admitted(NamedTuple):
    """Who and how many took up places in a month."""

    changed: Rows  # whose state is another now
    diverted: Rows  # whose case no longer goes to court
    started: int
    refused: int  # without a free slot


class ProgrammeActor(mesa.Agent):
    """One scheme at work in one area. Its state is arrays: the waiting list, and places still to end."""

    def __init__(
        self, model: "PreventionModel", number: int, programme: Programme, values: Mapping[str, float], scale: float
    ) -> None:
        super().__init__(model)
        self.number = number
        self.programme = programme
        self.scale = scale
        self.unit_cost = values[f"{programme.id}.unit_cost"]
        self.uptake = values[f"{programme.id}.uptake"]
        self.completion = values[f"{programme.id}.completion"]
        self.stay = max(round(values[f"{programme.id}.stay_months"]), 1)
        self.to_court = cases_kept(programme, values)
        self.key = keys_from(0, f"programme {programme.id}", 1)
        self.waiting = Waiting(NONE, NONE)
        self.ends = Waiting(NONE, NONE)  # people who will complete, and the month in which they do
        self.paid_months = 0

    def places(self, month: int, pounds: float, seed: int) -> int:
        """New places that a month's share of `pounds` a year buys here, after set-up."""
        if pounds <= 0.0:
            return 0
        self.paid_months += 1
        if self.paid_months <= self.programme.set_up_months:
            return 0
        exact = pounds / 12.0 / self.unit_cost * self.scale
        luck = uniforms(seed, self.key, month, STREAMS["place"])[0]
        return int(exact + luck)

    def find(self, people: Population, turn: Rows, month: int, log: NDArray[np.void]) -> None:
        """Put the people found this month on the waiting list: by event, or among those whose `turn` it is."""
        found = np.unique(self.by_event(log)) if self.programme.event else turn
        found = found[self.eligible(people, found, month)]
        found = found[~np.isin(found, self.waiting.row)]
        keep = month - self.waiting.since < self.programme.waiting_months
        still = self.waiting.row[keep]
        since = self.waiting.since[keep]
        here = self.eligible(people, still, month)
        self.waiting = Waiting(
            np.concatenate([still[here], found]), np.concatenate([since[here], np.full(found.size, month)])
        )

    def by_event(self, log: NDArray[np.void]) -> Rows:
        """Rows to whom the programme's event happened in the month just lived."""
        mine = log["kind"] == KINDS.index(self.programme.event)
        if self.programme.event_offences:
            groups = [OFFENCES.index(name) for name in self.programme.event_offences]
            mine &= np.isin(log["offence"], groups)
        return log["row"][mine].astype(np.int64)

    def eligible(self, people: Population, rows: Rows, month: int) -> NDArray[np.bool_]:
        """Residents of the right age with a needed risk factor, not already in this programme."""
        fits = np.zeros(rows.size, dtype=np.bool_)
        needs = sum(1 << RISK[name] for name in self.programme.needs)
        sexes = sum(1 << SEXES.index(name) for name in self.programme.sexes)
        which_fit(people, rows, month, *self.programme.ages, sexes, needs, self.number + 1, fits)
        return fits

    def admit(self, people: Population, month: int, places: int, seed: int) -> Admitted:
        """Offer places in keyed order until they are gone."""
        if places <= 0 or self.waiting.row.size == 0:
            return Admitted(NONE, NONE, 0, 0)
        rows, since = self.waiting
        keys = people.key[rows]
        lot = uniforms(seed, keys ^ self.key, 0, STREAMS["admit"], 0)
        order = np.lexsort((lot, since))
        rows, since, keys = rows[order], since[order], keys[order]
        takes = uniforms(seed, keys ^ self.key, month, STREAMS["uptake"], 0) < self.uptake
        free = (people.slot_programme[rows] == 0).any(axis=1)
        place_taken = np.cumsum(takes & free)
        # Offers stop with the one that fills the last place.
        offered = np.concatenate([[0], place_taken[:-1]]) < places
        started = offered & takes & free
        refused = int((offered & takes & ~free).sum())
        changed, diverted = self.begin(people, rows, keys, offered & free, started, month, seed)
        self.waiting = Waiting(rows[~offered], since[~offered])
        return Admitted(changed, diverted, int(started.sum()), refused)

    def divert(self, people: Population, rows: Rows, month: int, seed: int) -> Rows:
        """Close out of court the open cases of those who take up a place; gives the rows whose case it was.

        The case is the gravest that is open. No conviction, sentence or order comes of it.
        """
        if not (self.to_court < 1.0).any():
            return NONE
        luck = uniforms(seed, people.key[rows] ^ self.key, month, STREAMS["diverted"])
        goes = luck < self.to_court[people.court_offence[rows]]
        closed = rows[(people.court[rows] >= month) & ~goes]
        people.court[closed] = NEVER
        people.court_committed[closed] = NEVER
        return closed

    def begin(
        self, people: Population, rows: Rows, keys: NDArray[np.uint64], offered: NDArray[np.bool_],
        started: NDArray[np.bool_], month: int, seed: int,
    ) -> tuple[Rows, Rows]:
        """Give slots to those on whom the effect acts: the offered, the engaged or the completers. Gives those who
        hold one now, and those whose case is closed by it."""
        completes = started & (uniforms(seed, keys ^ self.key, month, STREAMS["completion"], 0) < self.completion)
        self.ends = Waiting(
            np.concatenate([self.ends.row, rows[completes]]),
            np.concatenate([self.ends.since, np.full(int(completes.sum()), month + self.stay)]),
        )
        on = self.programme.effects[0].effect_on if self.programme.effects else "engaged"
        acts = {"offered": offered, "engaged": started, "completed": completes}[on]
        holds = started | acts
        chosen = rows[holds]
        slot = (people.slot_programme[chosen] == 0).argmax(axis=1)
        people.slot_programme[chosen, slot] = self.number + 1
        people.slot_start[chosen, slot] = month
        people.slot_effect[chosen, slot] = acts[holds]
        people.placed[chosen] = 1
        return chosen, self.divert(people, rows[acts], month, seed)

    def completions(self, month: int) -> int:
        """How many complete this month; they leave the list of those still to."""
        due = self.ends.since == month
        self.ends = Waiting(self.ends.row[~due], self.ends.since[~due])
        return int(due.sum())
