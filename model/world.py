"""The model of one alternative: calendar, actors, population and record.

Mesa holds what decides (commissioner, programmes, agencies); people are rows that compiled code lives
through. A run is a function of (inputs, parameter draw, seed) and of the past that they imply.
"""

from collections.abc import Callable, Mapping
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from model.actors.agencies import Agency, agencies_of
from model.actors.commissioner import Commissioner
from model.actors.programmes import ProgrammeActor
from model.couples import form_couples
from model.effects import effect_tables
from model.happenings import HAPPENED, LOST, TURNS_UP, new_month
from model.inputs import ModelInputs, financial_year
from model.law import law_year
from model.ledger import PersonLedger, new_ledger, note_month, note_taken_on, person_columns
from model.month import live_month, refresh_all, refresh_rows, refresh_ties
from model.past import Past, join, live_the_past, make_ties
from model.people import PERSON, copied, room_for
from model.places import expected_where, places_of, with_victims
from model.record import FIXED, Outcome, count_march, count_month, new_record
from model.rules.demand import demand_of, hours_of
from model.vocabulary import ANTISOCIAL

Report = Callable[[int, int], None]


def live_past(
    inputs: ModelInputs, values: Mapping[str, float], seed: int, report: Report | None = None
) -> Past:
    """The past that all alternatives of a replicate share."""
    return live_the_past(inputs.area, values, seed, inputs.scale, inputs.start, inputs.years, report)


class PreventionModel(mesa.Model):
    """One alternative lived month by month. `people` gives the rows, `person(i)` a readable view of one."""

    def __init__(
        self, inputs: ModelInputs, values: Mapping[str, float], seed: int, past: Past, keep_past: bool = True
    ) -> None:
        """The model as its plan starts. Without `keep_past` it takes the past's people as they are, and changes
        them; memory then holds one population instead of two."""
        super().__init__(seed=seed % 2**32)
        self.inputs, self.values, self.seed_key = inputs, values, seed
        self.people = copied(past.people) if keep_past else past.people
        self.rows, self.month = past.rows, past.month
        self.months_lived = 0
        self.laws, self.coming, self.coming_month = past.laws, past.coming, past.coming_month
        self.places = places_of(inputs.area, values, inputs.scale)
        self.effects = effect_tables(inputs.programmes, values)
        months, districts = inputs.years * 12, len(inputs.area.districts)
        self.record = new_record(months, districts, len(inputs.programmes))
        self.rows_at_start = self.rows  # by which room for a month is made
        self.now = new_month(self.rows, districts)
        self.spend = np.zeros((inputs.years, len(inputs.programmes)))
        self.commissioner = Commissioner(self, inputs.money)
        self.programmes = [
            ProgrammeActor(self, number, programme, values, inputs.scale)
            for number, programme in enumerate(inputs.programmes)
        ]
        self.agencies: list[Agency] = agencies_of(self)
        self.ledger: PersonLedger | None = None

    @property
    def law_now(self) -> int:
        """Index of this month's law."""
        return law_year(financial_year(self.month))

    def step(self) -> None:
        """Live one month."""
        m = self.months_lived
        if m % 12 == 0:
            self.begin_year(m)
        self.run_programmes(m)
        self.rows = live_month(
            self.people, self.rows, self.month, self.laws, self.law_now, self.places, self.effects,
            m, self.now,
        )  # fmt: skip
        if self.now.counts[LOST]:
            raise RuntimeError(f"no room for {self.now.counts[LOST]} happenings in month {m} of the plan")
        log = self.now.log[: self.now.counts[HAPPENED]]
        count_month(self.record, m, log)
        self.record.population[m], self.record.states[m] = self.now.population, self.now.states
        self.record_expected(m)
        if self.ledger is not None:
            last_year = m >= self.inputs.years * 12 - 12
            self.ledger = note_month(self.ledger, log, self.people, self.rows, last_year)
        here = slice(*np.searchsorted(self.coming_month, [m, m + 1]))
        before = self.rows
        self.people, self.rows = join(self.people, self.rows, self.coming[here])
        # Their thresholds are of the law they lived under before; here the plan's law holds.
        self.refresh(np.arange(before, self.rows))
        turn = self.now.turn[: self.now.counts[TURNS_UP]].astype(np.int64)
        for programme in self.programmes:
            programme.find(self.people, turn, self.month, log)
            self.record.waiting[m, programme.number] = programme.waiting.row.size
        if m % 12 == 11:
            record, year = self.record, m // 12
            count_march(
                self.people, self.rows, self.month, record.people[year], record.risk[year], record.ace[year]
            )
        for agency in self.agencies:
            agency.take_on(self.record, m)
        self.month += 1
        self.months_lived += 1

    def begin_year(self, m: int) -> None:
        """April: ties are redrawn, victims' lists renewed, the year's law applied, money decided."""
        if m > 0:
            make_ties(self.people, self.rows, self.month, self.laws[self.law_now])
            together = form_couples(
                self.people, self.rows, self.month, self.laws, self.law_now, self.places.rates
            )
        self.places = with_victims(
            self.places, self.people, self.rows, self.month, self.laws, self.law_now
        )
        if m > 0 and self.laws[self.law_now] == self.laws[self.law_now - 1]:
            self.refresh(together)
            refresh_ties(self.people, self.rows, self.month, self.laws, self.law_now, self.effects, self.now)
        else:
            refresh_all(
                self.people, self.rows, self.month, self.laws, self.law_now, self.places, self.effects, self.now
            )
        self.budget = self.commissioner.commission(m // 12)
        self.spend[m // 12] = self.budget

    def refresh(self, rows: NDArray[np.int64]) -> None:
        """Redo the thresholds of rows that changed between months."""
        refresh_rows(self.people, rows, self.month, self.laws, self.law_now, self.effects, self.now)

    def run_programmes(self, m: int) -> None:
        """Places are bought and given, and those who complete are counted."""
        for programme in self.programmes:
            p = programme.number
            places = programme.places(self.month, self.budget[p], self.seed_key)
            changed, diverted, started, refused = programme.admit(self.people, self.month, places, self.seed_key)
            if changed.size:
                self.refresh(changed)
            np.add.at(self.record.diverted[m], self.people.district[diverted], 1)
            if self.ledger is not None:
                self.ledger = note_taken_on(self.ledger, self.people, changed, p)
            self.record.places[m, p] += places
            self.record.starts[m, p] += started
            self.record.refused[m, p] += refused
            self.record.completions[m, p] += programme.completions(self.month)

    def record_expected(self, m: int) -> None:
        """Residents' hazards, spread over where their offences happen, and outsiders' means."""
        hazards, change = self.now.expected, self.now.expected_change
        mix, near_home = self.laws["mix"][0].astype(float), float(self.laws["near_home"][0])
        self.record.expected[m] = expected_where(
            hazards.sum(axis=1), change.sum(axis=2), mix, self.places, near_home
        )
        by_batch = hazards.sum(axis=0) @ mix + change.sum(axis=(0, 1))
        self.record.batch[m // 12] += np.rint(by_batch[:, :ANTISOCIAL].sum(axis=1)).astype(np.int64)
        self.record.expected[m] += np.rint(self.places.outsiders * FIXED).astype(np.int64)

    def run(self, report: Report | None = None) -> Outcome:
        """Live the whole plan and give what it came to."""
        total = self.inputs.years * 12
        while self.months_lived < total:
            self.step()
            if report:
                report(self.months_lived, total)
        demand = demand_of(self.record, self.inputs.area, self.values)
        hours = hours_of(self.record, demand, self.values)
        return Outcome(self.record, demand, hours, self.spend)

    def close(self) -> None:
        """Let go of the people, and of what Mesa keeps of a model for as long as the process lives."""
        self.people, self.rows = room_for(0), 0
        self.now = new_month(0, len(self.inputs.area.districts))
        self.places = self.places._replace(victim_rows=np.zeros(0, dtype=np.int32))
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def keep_ledger(self) -> None:
        """From now on, count person by person."""
        self.ledger = new_ledger(self.people.size, len(self.inputs.programmes))

    def people_columns(self) -> dict[str, NDArray[np.generic]]:
        """Everyone who ever lived in the area, column by column; a ledger must have been kept."""
        if self.ledger is None:
            raise RuntimeError("no ledger was kept of this run")
        return person_columns(self.people, self.rows, self.ledger)

    def person(self, i: int) -> dict[str, Any]:
        """A readable view of one row, by column name."""
        return {name: self.people[i][name].tolist() for name in PERSON.names or ()}


