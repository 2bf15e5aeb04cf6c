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
from model.actors.at_work import AtWork
from model.actors.commissioner import Commissioner
from model.couples import form_couples
from model.effects import effect_tables
from model.happenings import HAPPENED, LOST, TURNS_UP, new_month
from model.inputs import ModelInputs, financial_year
from model.law import law_year
from model.ledger import PersonLedger, new_ledger, note_month, person_columns
from model.month import live_month, refresh_all, refresh_rows, refresh_ties
from model.past import Past, join, live_the_past, make_ties
from model.people import PERSON, Columns, copied, room_for
from model.places import expected_where, kept_in, places_of, street_shares, with_victims
from model.record import FIXED, Outcome, count_march, count_month, new_record
from model.rules.demand import demand_of, hours_of, public_of
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
        self.laws, self.coming, self.coming_month = past.laws.copy(), past.coming, past.coming_month
        # What they act on is there in a plan alone: what programmes have spared people.
        self.laws["causal_share"], self.laws["dependence_share"] = (
            values["causal_share"], values["state_dependence_share"]
        )
        self.places = places_of(inputs.area, values, inputs.scale)
        self.street = street_shares(self.places)
        self.effects = effect_tables(inputs.programmes, values)
        months, districts = inputs.years * 12, len(inputs.area.districts)
        self.record = new_record(months, districts, len(inputs.programmes))
        self.rows_at_start = self.rows  # by which room for a month is made
        self.now = new_month(self.rows, districts)
        self.commissioner = Commissioner(self, values)
        self.at_work = AtWork(self)
        self.agencies: list[Agency] = agencies_of(self)
        self.ledger: PersonLedger | None = None

    @property
    def law_now(self) -> int:
        """Index of this month's law."""
        return law_year(financial_year(self.month))

    @property
    def law(self) -> np.void:
        """The law of this month's financial year."""
        return self.laws[self.law_now]  # type: ignore[no-any-return]

    @property
    def columns(self) -> Columns:
        """The people, to be read and changed column by column: `columns["key"]`."""
        return self.people.view(np.ndarray)

    def step(self) -> None:
        """Live one month."""
        m = self.months_lived
        if m % 12 == 0:
            self.begin_year(m)
        self.at_work.admit(m)
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
        self.at_work.find(m, turn, log)
        if m % 12 == 11:
            self.at_work.close_year(m // 12)
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
        self.at_work.begin_year(m // 12)

    def refresh(self, rows: NDArray[np.int64]) -> None:
        """Redo the thresholds of rows that changed between months."""
        refresh_rows(self.people, rows, self.month, self.laws, self.law_now, self.effects, self.now)

    def record_expected(self, m: int) -> None:
        """Residents' hazards, spread over where their offences happen, and outsiders' means."""
        mix, near_home = self.law["mix"].astype(float), float(self.law["near_home"])
        kept = kept_in(self.places, self.street)
        expected, by_batch = expected_where(
            self.now.expected, self.now.expected_change, mix, self.places, kept, near_home
        )
        self.record.expected[m] = expected
        self.record.batch[m // 12] += np.rint(by_batch[:, :ANTISOCIAL].sum(axis=1)).astype(np.int64)
        outsiders = self.places.outsiders * kept
        self.record.expected[m] += np.rint(outsiders * FIXED).astype(np.int64)

    def run(self, report: Report | None = None) -> Outcome:
        """Live the whole plan and give what it came to."""
        total = self.inputs.years * 12
        while self.months_lived < total:
            self.step()
            if report:
                report(self.months_lived, total)
        demand = demand_of(self.record, self.inputs.area, self.values)
        hours = hours_of(self.record, demand, self.values)
        public = public_of(self.record, self.values, self.inputs.scale)
        return Outcome(
            self.record, demand, hours, self.at_work.spend, self.at_work.commissioner_spend, *public
        )

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


