"""All that a budget pays for, at work month by month: first what works through others, then places, then people.

Reads no total but a programme's free places, its waiting list, and what its purse holds.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.actors.cases import NOTHING_EASED, Eased, close_cases, ease, remembered, send_to_court
from model.actors.place_programmes import PlaceProgramme, tables_of
from model.actors.programmes import Admitted, PeopleProgramme
from model.actors.purse import Purse
from model.actors.system_programmes import (
    UNCHANGED,
    Quality,
    SystemProgramme,
    combined,
    on_the_public,
    qualities,
    recording_logs,
    tool_for,
)
from model.actors.tools import Accuracy, Flags, accuracy_of
from model.draws import STREAMS, one_uniform
from model.effects import ratios_by_offence
from model.happenings import CHARGE, OUT_OF_COURT
from model.inputs import NON_CRIME, financial_year
from model.ledger import note_taken_on
from model.people import RESIDENT
from model.record import BY_GROUP, EVENT_KINDS, FIXED
from model.vocabulary import AGE_BAND_FROM, N_OFFENCES

if TYPE_CHECKING:
    from model.world import PreventionModel

Rows = NDArray[np.int64]
ADULT = 216  # months
ON_PUBLIC = ("confidence", "volunteering")
CHARGES, OUTCOMES_OUT_OF_COURT = EVENT_KINDS.index("charge"), EVENT_KINDS.index("out_of_court")
LONGEST_WAIT = 120  # months on a waiting list


class AtWork:
    """The programmes of one model, by whom or what they reach, and what has been spent on them."""

    def __init__(self, model: "PreventionModel") -> None:
        inputs, values = model.inputs, model.values
        self.model = model
        self.programmes = inputs.programmes
        self.people: list[PeopleProgramme] = []
        self.places: list[PlaceProgramme] = []
        self.system: list[SystemProgramme] = []
        for number, programme in enumerate(inputs.programmes):
            if programme.reaches == "system":
                self.system.append(SystemProgramme(model, number, programme, values))
            elif programme.reaches == "place":
                self.places.append(
                    PlaceProgramme(
                        model, number, programme, values, inputs.area, model.places, model.street, inputs.years * 12
                    )
                )
            else:
                self.people.append(PeopleProgramme(model, number, programme, values, inputs.scale))
        number = len(inputs.programmes)
        self.own_tool = [accuracy_of(p, p.tool, values) if p.tool else None for p in inputs.programmes]
        self.kept = [ratios_by_offence(p, "disposal", values) for p in inputs.programmes]
        self.harm = [ratios_by_offence(p, "harm", values) for p in inputs.programmes]
        self.paid_by_commissioner = np.array(
            [values.get(f"{p.id}.commissioner_share", 1.0) for p in inputs.programmes]
        )
        self.hours = [values.get(f"{p.id}.volunteer_hours", 0.0) for p in inputs.programmes]
        self.overlap_share = values["overlap_share"]
        # What follows from how far the schemes that work through others are at work, and changes with that alone.
        self.strengths: list[float] | None = None
        self.quality: list[Quality] = [UNCHANGED] * number
        self.tools: list[Accuracy | None] = [None] * number
        self.public = [FIXED] * len(ON_PUBLIC)
        self.recording = np.zeros((0, N_OFFENCES))
        self.eased: Eased = NOTHING_EASED
        self.budget = np.zeros(number)  # pounds of all who pay, this year
        self.spend = np.zeros((inputs.years, number))

    @property
    def commissioner_spend(self) -> NDArray[np.float64]:
        """(Y, P) the commissioner's part of what is spent."""
        return self.spend * self.paid_by_commissioner

    @property
    def purses(self) -> dict[int, Purse]:
        """The purse of each programme by its number."""
        purses = {one.number: one.purse for one in self.people}
        purses |= {one.number: one.purse for one in self.places}
        return purses | {one.number: one.purse for one in self.system}

    def begin_year(self, year: int) -> None:
        """April: the commissioner reviews, and gives each programme its money."""
        model = self.model
        if year > 0:
            started = model.record.starts[12 * year - 12 : 12 * year].sum(axis=0)
            of_people = np.array([p.reaches not in ("place", "system") for p in self.programmes])
            treated = started / np.where(of_people, model.inputs.scale, 1.0)
            model.commissioner.review(year, treated, self.events_expected(treated), self.purses, model.seed_key)
        self.budget = model.commissioner.commission(year) / self.paid_by_commissioner

    def events_expected(self, treated: NDArray[np.float64]) -> NDArray[np.float64]:
        """(P,) offences of the kinds that act on places which so many units would see without it; nil of others."""
        expected = np.zeros(len(self.programmes))
        for one in self.places:
            expected[one.number] = treated[one.number] * one.events_a_unit()
        return expected

    def close_year(self, year: int) -> None:
        """March: what was spent, and what is left. What is left of money that ends goes back, also where it is carried
        from year to year: the line that gave it is no more."""
        over = year == self.model.inputs.years - 1
        coming = self.model.commissioner.commission(year + 1)
        for number, purse in self.purses.items():
            added, left = purse.close_year(over or coming[number] <= 0.0)
            self.spend[year, number] = max(self.budget[number] + added - left, 0.0)  # pence lost in rounding are none

    def admit(self, m: int) -> None:
        """A month's money buys places, and they are given."""
        model = self.model
        for one in self.system:
            one.work(self.budget[one.number] / 12.0)
        self.work_through_others()
        model.record.public[m] = self.public
        self.treat_places(m)
        lots = [one_uniform(model.seed_key, one.key, model.month, STREAMS["turn"]) for one in self.people]
        for at in np.argsort(lots, kind="stable"):  # in keyed order: who comes first to a person's free slot
            self.admit_people(m, self.people[at])
        self.count_contacts(m)

    def work_through_others(self) -> None:
        """What schemes that work through others do to the rest and to the public, where it is not as it was."""
        strengths = [one.strength for one in self.system]
        if strengths == self.strengths:
            return
        self.strengths, share = strengths, self.overlap_share
        self.quality = qualities(self.system, self.programmes, share)
        self.tools = [
            tool_for(programme, own, self.system, quality)
            for programme, own, quality in zip(self.programmes, self.own_tool, self.quality, strict=True)
        ]
        self.public = [round(on_the_public(self.system, kind, share) * FIXED) for kind in ON_PUBLIC]
        recording = recording_logs(self.system)
        self.recording = recording[recording.any(axis=1)]

    def treat_places(self, m: int) -> None:
        """Programmes of places buy units, and what they all do to places is worked out anew."""
        if not self.places and not self.system:
            return
        model, record = self.model, self.model.record
        for one in self.places:
            p, quality = one.number, self.quality[one.number]
            if m % 12 == 0:
                shown = one.draw_map(financial_year(model.month), quality, model.seed_key)
                record.hot[m // 12, p] += shown * (self.budget[p] > 0.0)
            bought = one.buy(m, model.month, self.budget[p] / 12.0, model.seed_key)
            record.places[m, p] += bought.places
            record.starts[m, p] += bought.taken
            if self.hours[p]:
                hours = np.bincount(one.district, weights=one.units[m], minlength=one.districts) * self.hours[p]
                record.volunteer_hours[m] += np.rint(hours * one.uptake).astype(np.int64)
        treated = [found for one in self.places if (found := one.treated(m, self.quality[one.number]))]
        shape = (len(model.inputs.area.neighbourhoods), N_OFFENCES)
        tables = tables_of(treated, self.recording, self.overlap_share, shape)
        model.places = model.places._replace(**tables._asdict())

    def asked(self, m: int, p: int) -> float:
        """The share of its cases for which a practice is asked for; 0 of a programme that is paid for."""
        practice = self.model.inputs.practice
        return 0.0 if practice is None else float(practice[p, min(m // 12, practice.shape[1] - 1)])

    def is_funded(self, m: int, p: int) -> bool:
        """Whether a programme is at work this year: it has money in it, or is a practice that is asked for."""
        return bool(self.budget[p] > 0.0 or self.asked(m, p) > 0.0)

    def admit_people(self, m: int, programme: PeopleProgramme) -> None:
        """A month of one programme of people."""
        model, record, p = self.model, self.model.record, programme.number
        quality = self.quality[p]
        admitted = programme.admit(
            model.columns, model.month, self.budget[p] / 12.0, self.asked(m, p), quality, model.seed_key
        )
        self.act_on_cases(m, programme, admitted)
        if admitted.changed.size:
            model.refresh(admitted.changed)
        if model.ledger is not None:
            model.ledger = note_taken_on(model.ledger, model.people, admitted.changed, p)
        record.places[m, p] += admitted.places
        record.starts[m, p] += admitted.started.size
        record.refused[m, p] += admitted.refused
        record.net_widened[m, p] += admitted.net_widened
        record.completions[m, p] += programme.completions(model.month)

    def count_contacts(self, m: int) -> None:
        """What programmes change in the contacts of people whom they manage. Several on one person: the strongest in
        full, the others at the shared share, of the most contacts that any of them believes in."""
        model = self.model
        told = [(one, *one.contacts_this_month(model.month, self.quality[one.number].delivery))
                for one in self.people if one.held.row.size]  # fmt: skip
        if not told:
            return
        rows = np.unique(np.concatenate([held for _, held, _ in told]))
        logs, level = np.zeros((len(told), rows.size, len(NON_CRIME))), np.zeros((rows.size, len(NON_CRIME)))
        for at, (one, held, log_ratio) in enumerate(told):
            place = np.searchsorted(rows, held)
            logs[at, place] = log_ratio
            level[place] = np.maximum(level[place], one.contacts[:, 0])
        change = level * np.expm1(combined(logs, self.overlap_share))
        change *= (model.columns["status"][rows] == RESIDENT)[:, None]
        by_district = np.zeros(model.record.contacts.shape[1:])
        np.add.at(by_district, model.columns["district"][rows], change)
        model.record.contacts[m] += np.rint(by_district * FIXED).astype(np.int64)

    def act_on_cases(self, m: int, programme: PeopleProgramme, admitted: Admitted) -> None:
        """What acts once, as a place is given: on the case or the harm that found the person."""
        if not admitted.started.size and not admitted.acts_on.size:
            return
        p, quality = programme.number, self.quality[programme.number]
        if (self.kept[p] < 1.0).any():
            kept = self.kept[p] ** quality.delivery
            if programme.programme.event == "out_of_court":
                self.prosecute(m, programme, admitted, kept)
            else:
                model = self.model
                closed = close_cases(
                    model.people, admitted.acts_on, kept, programme.key, model.month, model.laws, model.law_now,
                    model.seed_key,
                )  # fmt: skip
                people, of_year = model.columns, model.record.in_court[m // 12]
                np.add.at(model.record.diverted[m], people["district"][closed], 1)
                adult = (model.month - people["birth"][closed] >= ADULT).astype(np.int64)
                np.subtract.at(of_year, (people["court_offence"][closed].astype(np.int64), adult), 1)
        if any(effect.kind == "harm" for effect in programme.programme.effects):
            self.ease_harm(m, programme, admitted, np.log(self.harm[p]) * quality.delivery)

    def prosecute(
        self, m: int, programme: PeopleProgramme, admitted: Admitted, kept: NDArray[np.float64]
    ) -> None:
        """Outcomes out of court become charges; the record has each case once."""
        model, record, people = self.model, self.model.record, self.model.columns
        charged = send_to_court(
            people, admitted.acts_on, admitted.since, admitted.offence, kept, programme.key, model.month, model.law,
            model.seed_key,
        )  # fmt: skip
        district, then = people["district"][charged.row].astype(np.int64), charged.since - model.inputs.start
        np.add.at(record.prosecuted[m], district, 1)
        np.add.at(record.events[m, :, CHARGES], district, 1)
        np.subtract.at(record.events[:, :, OUTCOMES_OUT_OF_COURT], (then, district), 1)
        np.add.at(record.event_offence[m // 12, :, BY_GROUP.index(CHARGE)], charged.offence, 1)
        np.subtract.at(record.event_offence[..., BY_GROUP.index(OUT_OF_COURT)], (then // 12, charged.offence), 1)
        adult = (self.model.month - people["birth"][charged.row] >= ADULT).astype(np.int64)
        np.add.at(record.in_court[m // 12], (charged.offence, adult), 1)
        adult = (charged.since - people["birth"][charged.row] >= ADULT).astype(np.int64)
        np.subtract.at(record.first_time_entrants, (then[charged.first] // 12, adult[charged.first]), 1)

    def ease_harm(
        self, m: int, programme: PeopleProgramme, admitted: Admitted, logs: NDArray[np.float64]
    ) -> None:
        """The harm of the events that found people is eased, no more of an event by several than there is."""
        record, people = self.model.record, self.model.columns
        known = remembered(self.eased, self.model.month - LONGEST_WAIT)
        offence = admitted.offence
        self.eased, more = ease(known, admitted.acts_on, admitted.since, logs[offence], self.overlap_share)
        eased = np.rint(more * FIXED).astype(np.int64)
        np.add.at(record.eased[m], (people["district"][admitted.acts_on], offence), eased)
        np.add.at(record.supported[m], people["district"][admitted.started], 1)

    def find(self, m: int, turn: Rows, log: NDArray[np.void]) -> None:
        """People whom the month just lived made known to programmes wait for a place."""
        model, record = self.model, self.model.record
        mix = model.law["mix"].astype(np.float64)
        for programme in self.people:
            p = programme.number
            tool = self.tools[p] if self.is_funded(m, p) else None
            found, told = programme.find(model.columns, turn, model.month, log, tool, mix, model.seed_key)
            record.waiting[m, p] = programme.waiting.row.size
            if told is not None:
                self.count_flags(m // 12, p, found[told.flagged], told)

    def count_flags(self, year: int, p: int, rows: Rows, told: Flags) -> None:
        """Count those flagged by group: wrongly, and rightly."""
        people, record = self.model.columns, self.model.record
        rightly = told.at_risk[told.flagged].astype(np.int64)
        age = np.clip((self.model.month - people["birth"][rows].astype(np.int64)) // 12, 0, 100)
        band = np.searchsorted(AGE_BAND_FROM, age, side="right") - 1
        np.add.at(record.flagged[year, p], (people["sex"][rows], band, people["quintile"][rows], rightly), 1)
        np.add.at(record.flagged_in[year, p], (people["district"][rows], rightly), 1)
