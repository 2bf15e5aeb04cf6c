"""One scheme, tried: recruit by its rule, randomise by a keyed coin, offer places to one arm.

The unit is who is found: a person, or a family whose children the scheme reaches. The coin depends on key and scheme
alone, so that a person is in the same arm whatever else a run does.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actors.programmes import Admitted, PeopleProgramme, Waiting
from model.actors.system_programmes import UNCHANGED
from model.draws import STREAMS, keys_from, uniforms
from model.world import PreventionModel

Rows = NDArray[np.int64]
NO_ARM, CONTROL, TREATMENT = range(3)
ARMS = ("none", "control", "treatment")
NONE = np.zeros(0, np.int64)


class Trial:
    """Who is in which arm so far. Made anew from `arrays` where a run goes on."""

    def __init__(self, model: PreventionModel, number: int, size: int) -> None:
        """Programme `number` of the model, which must reach people, tried on `size` of them."""
        self.model, self.number, self.size = model, number, size
        self.key = keys_from(0, f"trial of {self.programme.programme.id}", 1)
        self.met = NONE  # rows found and enrolled: of a family, the carer
        self.row, self.month, self.arm, self.took_part = NONE, NONE, NONE, NONE  # of each person enrolled

    @property
    def programme(self) -> PeopleProgramme:
        """The scheme at work in the model."""
        return next(one for one in self.model.at_work.people if one.number == self.number)

    @property
    def is_full(self) -> bool:
        return bool(self.row.size >= self.size)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that it is in the middle of."""
        return {name: getattr(self, name) for name in ("met", "row", "month", "arm", "took_part")}

    def go_on(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Put it where `arrays` say that it was."""
        for name, column in arrays.items():
            setattr(self, name, np.array(column))

    def recruit(self, among: NDArray[np.bool_]) -> None:
        """Enrol and randomise, before a month is lived, who waits for the scheme and is `among` (rows,) those who may
        take part; until there are enough."""
        model, programme = self.model, self.programme
        waiting = programme.waiting
        if self.is_full or waiting.row.size == 0:
            return
        people, month, seed = model.columns, model.month, model.seed_key
        lot = uniforms(seed, people["key"][waiting.row] ^ self.key, 0, STREAMS["admit"], 1)
        order = np.lexsort((lot, waiting.since))
        order = order[~np.isin(waiting.row[order], self.met)]
        told = self.subjects(waiting, order, among)
        if not told:
            return
        at = np.array([place for place, _ in told], np.int64)
        found = Waiting(*(column[at] for column in waiting))
        keys = people["key"][found.row]
        arm = np.where(uniforms(seed, keys ^ self.key, 0, STREAMS["admit"], 0) < 0.5, TREATMENT, CONTROL)
        started = self.offer(found, keys, arm == TREATMENT)
        self.met = np.concatenate([self.met, found.row])
        several = np.array([rows.size for _, rows in told])
        self.row = np.concatenate([self.row, *(rows for _, rows in told)])
        self.month = np.concatenate([self.month, np.full(several.sum(), month)])
        self.arm = np.concatenate([self.arm, np.repeat(arm, several)])
        self.took_part = np.concatenate([self.took_part, np.repeat(started.astype(np.int64), several)])
        left = ~np.isin(programme.waiting.row, found.row)
        programme.waiting = Waiting(*(column[left] for column in programme.waiting))

    def subjects(self, waiting: Waiting, order: Rows, among: NDArray[np.bool_]) -> list[tuple[int, Rows]]:
        """Places in the waiting list and the people whom each stands for, in order, as many as are still wanted."""
        programme, people, month = self.programme, self.model.columns, self.model.month
        wanted, told = self.size - self.row.size, list[tuple[int, Rows]]()
        for place in order.tolist():
            found = waiting.row[place : place + 1]
            if programme.programme.reaches != "person":
                found = programme.children(people, found, waiting.since[place : place + 1], month)
                found = found[~np.isin(found, self.row)]
            found = found[among[found]]
            if found.size:
                told.append((place, found.astype(np.int64)))
                wanted -= found.size
            if wanted <= 0:
                break
        return told

    def offer(self, found: Waiting, keys: NDArray[np.uint64], treated: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Offer places to one arm; gives who took theirs up."""
        model, programme = self.model, self.programme
        people, month, seed = model.columns, model.month, model.seed_key
        takes = uniforms(seed, keys ^ programme.key, month, STREAMS["uptake"], 0) < programme.uptake
        free = (people["slot_programme"][found.row] == 0).any(axis=1)
        offered = treated & free
        started = offered & takes
        completes = uniforms(seed, keys ^ programme.key, month, STREAMS["completion"], 0) < programme.completion
        acts, changed = programme.begin(people, found, offered, started, completes, month, UNCHANGED)
        admitted = Admitted(changed, found.row[acts], found.since[acts], found.offence[acts], found.row[started],
                            int(started.sum()), 0, 0)  # fmt: skip
        model.at_work.act_on_cases(model.months_lived, programme, admitted)
        if changed.size:
            model.refresh(changed)
        return np.asarray(started)
