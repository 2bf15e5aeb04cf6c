"""Programmes of people: who is found, who waits, who gets a place, who stays, and on whom the effect acts.

Money buys places; a fractional place is a keyed chance. People are found by an event of the month before
or by a search of the population, a keyed twelfth of it a month. Places go to those whom a tool has flagged, then by
month of being found, then by keyed lot, never by row order. Declining takes no place.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np
from numpy.typing import NDArray

from model.actors.purse import purse_of
from model.actors.system_programmes import Quality
from model.actors.tools import Accuracy, Flags, flags
from model.draws import STREAMS, keys_from, one_uniform, uniforms
from model.effects import WHOLE
from model.happenings import KINDS
from model.inputs import NON_CRIME, Programme
from model.jit import AHEAD, loop, prefetch
from model.people import N_SLOTS, NOBODY, RESIDENT, RISK, Columns
from model.vocabulary import OFFENCES, SEXES

if TYPE_CHECKING:
    from model.world import PreventionModel

Rows = NDArray[np.int64]
NONE = np.zeros(0, dtype=np.int64)
ANYBODY = 1 << 40  # places, where they are not bought
OF_AGE = 216  # months
NOT_A_PROGRAMME = 1 << 20  # a number that no slot holds


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


@loop
def children_of(people, carer, month, own, found):
    """Fill `found` with the rows of the resident children under 18 of a carer, or only of those whose first carer it
    is (`own`); returns how many."""
    number = 0
    child = np.int64(people[carer].first_child)
    while child != NOBODY and number < found.size:
        young = np.int64(month) - np.int64(people[child].birth) < OF_AGE
        if people[child].status == RESIDENT and young and (not own or people[child].carer1 == carer):
            found[number] = child
            number += 1
        child = np.int64(people[child].next1 if people[child].carer1 == carer else people[child].next2)
    return number


@loop
def with_children(people, rows, month, own, room, fits):
    """Leave marked in `fits` those of the rows for whom children_of finds a child; `room` (1,) is scratch."""
    for k in range(rows.size):
        if fits[k]:
            fits[k] = children_of(people, rows[k], month, own, room) > 0


def listed(rows: Rows, those: Rows) -> NDArray[np.bool_]:
    """Which of `rows` are among `those`: np.isin, several times faster where both are few."""
    if rows.size == 0 or those.size == 0:
        return np.zeros(rows.size, np.bool_)
    ordered = np.sort(those)
    return np.asarray(ordered[np.minimum(np.searchsorted(ordered, rows), ordered.size - 1)] == rows)


def contacts_changed(programme: Programme, values: Mapping[str, float]) -> NDArray[np.float64]:
    """(len(NON_CRIME), 2) contacts a month of a person without the programme, and the logarithm of its ratio; where
    several services are named, they share the contacts equally."""
    out = np.zeros((len(NON_CRIME), 2))
    for effect in programme.effects:
        if effect.kind == "contacts":
            at = [NON_CRIME.index(name) for name in effect.targets]
            out[at, 0] = values[f"{programme.id}.contacts_a_year"] / 12.0 / len(at)
            out[at, 1] += np.log(values[effect.ratio])
    return out


class Waiting(NamedTuple):
    """The waiting list: rows of people, the month in which each was found, and what is known of it."""

    row: Rows
    since: Rows
    offence: Rows  # group of the event that found them, 0 without one
    flagged: Rows  # 0 no, 1 wrongly, 2 rightly


class Holders(NamedTuple):
    """People and a month of each: in which they complete, or from which on the effect acts on them."""

    row: Rows
    month: Rows


class Admitted(NamedTuple):
    """Who and how many took up places in a month."""

    changed: Rows  # whose state is another now
    acts_on: Rows  # found people on whom the effect acts
    since: Rows  # month of the event that found each of those
    offence: Rows  # its group of offence
    started: Rows  # found people who took up a place
    places: int  # bought; of a practice, those taken up
    refused: int  # without a free slot
    net_widened: int  # of those started, flagged wrongly


NOBODY_ADMITTED = Admitted(NONE, NONE, NONE, NONE, NONE, 0, 0, 0)


class PeopleProgramme(mesa.Agent):
    """One scheme at work in one area. Its state is arrays: the waiting list, and places still to end."""

    def __init__(
        self, model: "PreventionModel", number: int, programme: Programme, values: Mapping[str, float], scale: float
    ) -> None:
        super().__init__(model)
        of = programme.id
        self.number, self.programme = number, programme
        self.uptake, self.completion = values[f"{of}.uptake"], values[f"{of}.completion"]
        self.stay = max(round(values[f"{of}.stay_months"]), 1)
        self.timing = tuple(round(values[f"{of}.{name}_months"]) for name in ("lag", "full", "fade"))
        self.contacts = contacts_changed(programme, values)
        self.own = programme.event == "first_birth"  # the child that is born, and not others in the home
        self.key = keys_from(0, f"programme {of}", 1)
        self.kind = KINDS.index(programme.event) if programme.event else None
        # (G,) whether the event may be of that group
        self.of_offence = np.array([name in (programme.event_offences or OFFENCES) for name in OFFENCES])
        self.needs = sum(1 << RISK[name] for name in programme.needs)
        self.sexes = sum(1 << SEXES.index(name) for name in programme.sexes)
        # What who is found may not hold. A practice meets each case anew.
        self.not_held = NOT_A_PROGRAMME if programme.takes_no_money else number + 1
        self.purse = purse_of(programme, values, model.inputs.carried, scale)
        self.waiting = Waiting(NONE, NONE, NONE, NONE)
        self.ends = Holders(NONE, NONE)  # people who will complete, and when
        self.held = Holders(NONE, NONE)  # people whose contacts change, and since when; with such an effect alone

    def find(
        self, people: Columns, turn: Rows, month: int, log: NDArray[np.void], tool: Accuracy | None,
        mix: NDArray[np.float64], seed: int,
    ) -> tuple[Rows, Flags | None]:
        """Put the people found this month on the waiting list: by event, or among those whose `turn` it is. Gives
        those who are new on it and, where a tool is at work, their flags."""
        found, offence = (turn, np.zeros(turn.size, np.int64)) if self.kind is None else self.by_event(log)
        fits = self.eligible(people, found, month)
        found, offence = found[fits], offence[fits]
        new = ~listed(found, self.waiting.row)
        found, offence = found[new], offence[new]
        told = flags(tool, people, found, mix, month, seed) if tool and found.size else None
        flagged = np.where(told.flagged, 1 + told.at_risk, 0) if told else np.zeros(found.size, np.int64)
        keep = month - self.waiting.since < self.programme.waiting_months
        keep[keep] = self.eligible(people, self.waiting.row[keep], month)
        if found.size or not keep.all():
            more = Waiting(found, np.full(found.size, month), offence, flagged)
            self.waiting = Waiting(
                *(np.concatenate([old[keep], column]) for old, column in zip(self.waiting, more, strict=True))
            )
        return found, told

    def by_event(self, log: NDArray[np.void]) -> tuple[Rows, Rows]:
        """Rows to whom the programme's event happened in the month just lived, once each, and its offence group."""
        mine = np.flatnonzero(log["kind"] == self.kind)
        mine = mine[self.of_offence[log["offence"][mine]]]
        rows, first = np.unique(log["row"][mine].astype(np.int64), return_index=True)
        return rows, log["offence"][mine[first]].astype(np.int64)

    def eligible(self, people: Columns, rows: Rows, month: int) -> NDArray[np.bool_]:
        """Residents of the right age with a needed risk factor, not already in this programme; with children where
        it is them that it reaches."""
        fits = np.zeros(rows.size, dtype=np.bool_)
        if rows.size:
            which_fit(people, rows, month, *self.programme.ages, self.sexes, self.needs, self.not_held, fits)
            if self.programme.reaches != "person":
                with_children(people, rows, month, self.own, np.zeros(1, np.int64), fits)
        return fits

    def admit(
        self, people: Columns, month: int, pounds: float, practice: float, quality: Quality, seed: int
    ) -> Admitted:
        """Buy places and offer them in order until they are gone: a month of the programme."""
        uptake = min(self.uptake * quality.uptake, 1.0)
        if self.programme.takes_no_money:
            return self.offer(people, month, ANYBODY if practice > 0.0 else 0, uptake * practice, quality, seed)
        bought, places = self.purse.buy(pounds, one_uniform(seed, self.key, month, STREAMS["place"]))
        admitted = self.offer(people, month, places, uptake, quality, seed)
        self.purse.pay_for(admitted.started.size)
        return admitted._replace(places=bought)

    def offer(
        self, people: Columns, month: int, places: int, uptake: float, quality: Quality, seed: int
    ) -> Admitted:
        """Offer places in order until they are gone."""
        if places <= 0 or self.waiting.row.size == 0:
            return NOBODY_ADMITTED
        lot = uniforms(seed, people["key"][self.waiting.row] ^ self.key, 0, STREAMS["admit"], 0)
        order = np.lexsort((lot, self.waiting.since, self.waiting.flagged == 0))
        waiting = Waiting(*(column[order] for column in self.waiting))
        keys = people["key"][waiting.row]
        takes = uniforms(seed, keys ^ self.key, month, STREAMS["uptake"], 0) < uptake
        slots = people["slot_programme"][waiting.row]
        free = (slots == 0).any(axis=1) | (slots == self.number + 1).any(axis=1)
        completes = uniforms(seed, keys ^ self.key, month, STREAMS["completion"], 0) < (
            min(self.completion * quality.completion, 1.0)
        )
        if self.programme.reaches != "person":
            free = self.with_child_to_reach(people, waiting, free, takes, completes, places, month)
        # Offers stop with the one that fills the last place.
        offered = np.concatenate([[0], np.cumsum(takes & free)[:-1]]) < places
        started = offered & takes & free
        acts, changed = self.begin(people, waiting, offered & free, started, completes, month, quality)
        self.waiting = Waiting(*(column[~offered] for column in waiting))
        return Admitted(
            changed, waiting.row[acts], waiting.since[acts], waiting.offence[acts], waiting.row[started],
            int(started.sum()),
            int((offered & takes & ~free).sum()), int((started & (waiting.flagged == 1)).sum()),
        )  # fmt: skip

    @property
    def acts_on(self) -> str:
        """On whom the effect acts: the offered, the engaged or the completed."""
        return self.programme.effects[0].effect_on if self.programme.effects else "engaged"

    def with_child_to_reach(
        self, people: Columns, waiting: Waiting, free: NDArray[np.bool_], takes: NDArray[np.bool_],
        completes: NDArray[np.bool_], places: int, month: int,
    ) -> NDArray[np.bool_]:
        """Those of `free`, in order, who have a child that can take part: one who holds the programme from this month,
        by its other carer or as a carer itself, cannot. Who would not start is looked at only where the offer acts."""
        acts = {"offered": free, "engaged": takes, "completed": takes & completes}[self.acts_on]
        left, reached, taken = free.copy(), set[int](), 0
        for at in np.flatnonzero(free & (takes | acts)):
            if taken >= places:
                break
            children = self.children(people, waiting.row[at : at + 1], waiting.since[at : at + 1], month)
            new = set(children.tolist()) - reached
            left[at] = bool(new)
            if new:
                taken += int(takes[at])
                reached |= {int(waiting.row[at])} | (new if acts[at] else set())
        return left

    def begin(
        self, people: Columns, waiting: Waiting, offered: NDArray[np.bool_], started: NDArray[np.bool_],
        completes: NDArray[np.bool_], month: int, quality: Quality,
    ) -> tuple[NDArray[np.bool_], Rows]:
        """Give slots to those on whom the effect acts: the offered, the engaged or those who started and complete, and
        their children where it reaches these. Gives on whom of those waiting it acts, and all who hold a slot now."""
        rows = waiting.row
        completes = started & completes
        self.ends = with_more(self.ends, rows[completes], month + self.stay)
        acts = {"offered": offered, "engaged": started, "completed": completes}[self.acts_on]
        holds = started | acts
        delivered = min(round(WHOLE * quality.delivery), 255)
        chosen = rows[holds]
        own = acts & (self.programme.reaches != "children") | self.reached_first(people, waiting, holds, acts, month)
        give_slots(people, chosen, self.number, month, own[holds] * delivered)
        if self.contacts[:, 0].any():
            new = rows[acts]
            self.held = with_more(self.held, new[~np.isin(new, self.held.row)], month)
        if self.programme.reaches == "person":
            return acts, chosen
        children = self.children(people, rows[acts], waiting.since[acts], month)
        give_slots(people, children, self.number, month, np.full(children.size, delivered))
        return acts, np.concatenate([chosen, children])

    def reached_first(
        self, people: Columns, waiting: Waiting, holds: NDArray[np.bool_], acts: NDArray[np.bool_], month: int
    ) -> NDArray[np.bool_]:
        """Of those waiting: carers who are children themselves, whom the place of a carer before them reaches."""
        first = np.zeros(holds.size, dtype=np.bool_)
        if self.programme.reaches == "person":
            return first
        for at in np.flatnonzero(holds & (month - people["birth"][waiting.row] < OF_AGE)):
            before = np.flatnonzero(acts[:at])
            first[at] = waiting.row[at] in self.children(people, waiting.row[before], waiting.since[before], month)
        return first

    def children(self, people: Columns, carers: Rows, since: Rows, month: int) -> Rows:
        """The children of these carers, once each, who have a free slot and are not in the programme already; of a
        first birth in the month `since`, the child then born."""
        room, found = np.zeros(16, np.int64), [NONE]
        for carer, when in zip(carers, since, strict=True):
            rows = room[: children_of(people, int(carer), month, self.own, room)].copy()
            found.append(rows[people["birth"][rows] == when] if self.own else rows)
        rows = np.unique(np.concatenate(found))
        slots = people["slot_programme"][rows]
        return rows[(slots == 0).any(axis=1) & ~(slots == self.number + 1).any(axis=1)]

    def contacts_this_month(self, month: int, delivery: float) -> tuple[Rows, NDArray[np.float64]]:
        """Rows of people whose contacts the programme changes, and the logarithm of its ratio (rows, len(NON_CRIME));
        those whose time is over leave the list."""
        lag, full, fade = self.timing
        since = month - self.held.month - lag
        fading = np.clip(1.0 - (since - full) / max(fade, 1), 0.0, 1.0)
        strength = np.where(since < full, 1.0, fading if fade else 0.0) * (since >= 0)
        rows = self.held.row
        on = since < full + fade
        self.held = Holders(self.held.row[on], self.held.month[on])
        return rows, strength[:, None] * self.contacts[:, 1] * delivery

    def completions(self, month: int) -> int:
        """How many complete this month; they leave the list of those still to."""
        due = self.ends.month == month
        if not due.any():
            return 0
        self.ends = Holders(self.ends.row[~due], self.ends.month[~due])
        return int(due.sum())


def give_slots(people: Columns, rows: Rows, number: int, month: int, effect: NDArray[np.int64]) -> None:
    """Put programme `number` into the first free slot of each row, with that much of its effect; whoever holds it
    already goes on holding it as it is."""
    new = ~(people["slot_programme"][rows] == number + 1).any(axis=1)
    rows, effect = rows[new], effect[new]
    slot = (people["slot_programme"][rows] == 0).argmax(axis=1)
    people["slot_programme"][rows, slot] = number + 1
    people["slot_start"][rows, slot] = month
    people["slot_effect"][rows, slot] = effect
    people["placed"][rows] = 1


def with_more(holders: Holders, rows: Rows, month: int) -> Holders:
    return Holders(np.concatenate([holders.row, rows]), np.concatenate([holders.month, np.full(rows.size, month)]))


