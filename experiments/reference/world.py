"""The plain model: the schedule of model/ODD.md 3, a step a month.

Nothing here or beside it reads the engine's rules (`model/rules`, `model/law`, `model/actors`, `model/decide.py`,
`model/month.py` and the like): only the inputs and the evidence that both models are given, and the people with whom
both start.
"""

from collections.abc import Mapping

import mesa

from experiments.reference import (
    adversity,
    apply,
    couples,
    demography,
    justice,
    life,
    offending,
    places,
    programmes,
    record,
    risk,
    victims,
)
from experiments.reference.happening import Happening
from experiments.reference.person import Person
from experiments.reference.start import Start, people_of
from model.inputs import ModelInputs, financial_year


class PlainModel(mesa.Model):  # type: ignore[misc]
    """One alternative of one replicate. Chance is `self.random`, Mesa's own generator, drawn in the order of what
    happens: no draw is keyed, so that two alternatives share nothing but their start."""

    def __init__(self, inputs: ModelInputs, values: Mapping[str, float], start: Start, seed: int) -> None:
        super().__init__(seed=seed)
        self.inputs, self.values = inputs, values
        self.month, self.plan_month = inputs.start, 0
        # Everyone who ever lived here, in row order, and who does as the month begins.
        self.people, self.coming = people_of(self, start)
        self.residents = [each for each in self.people if each.resident]
        self.happened: list[Happening] = []  # this month
        self.places = places.make(inputs, values)
        self.level = offending.past_level(values)  # by kind, offences a month: past, then anchored
        # Over arrests expected: the ratio that records give detection, and the shares of children with none and of
        # people with something.
        self.known_mean, self.child_share = values["justice.known_mean"], values["justice.child_share"]
        self.known_share = values["justice.known_share"]
        self.read_law()
        offending.anchor(self)  # sets level, known_mean, child_share and known_share (5.4)
        self.read_law()
        self.record = record.new(inputs)
        self.programmes = programmes.begin(inputs, values)

    def read_law(self) -> None:
        """The numbers of this month's financial year, by submodel."""
        inputs, values, year = self.inputs, self.values, financial_year(self.month)
        self.adversity = adversity.law(values)
        self.risk = risk.law(values, year)
        self.demography = demography.law(inputs, values)
        self.offending = offending.law(inputs, values, year, self.level)
        self.victims = victims.law(values)
        self.justice = justice.law(inputs, values, year, self.known_mean, self.child_share, self.known_share)

    def add(self, person: Person) -> None:
        """A newborn or newcomer takes the next row, and lives from the next month on."""
        person.row = len(self.people)
        self.people.append(person)

    def log(self, happening: Happening) -> None:
        """Tell the record and the programmes."""
        self.happened.append(happening)

    def step(self) -> None:
        """Live one month (section 3)."""
        if self.plan_month % 12 == 0:
            self.april()
        programmes.admit(self)
        for person in self.residents:
            justice.due(self, person)
        record.count_states(self)
        for person in self.residents:
            life.live(self, person)
            demography.note(self, person)
            offending.live(self, person)
        offending.outsiders(self)
        demography.settle(self)
        apply.apply(self)
        record.count(self)
        for person in self.coming.get(self.plan_month, ()):
            self.add(person)
        self.residents = [each for each in self.people if each.resident]
        programmes.find(self)
        if self.plan_month % 12 == 11:
            programmes.close_year(self)
            record.count_march(self)
        self.happened = []
        self.month += 1
        self.plan_month += 1

    def april(self) -> None:
        """What a financial year begins with."""
        if self.plan_month > 0:
            couples.redraw_ties(self)
            couples.form(self)
        self.places.lists = places.lists_of_victims(self)
        self.read_law()
        apply.count_peers(self, self.residents)
        programmes.begin_year(self)

    def close(self) -> None:
        """Let go of the people: Mesa keeps a model and its agents for as long as the process lives."""
        self.people, self.residents, self.coming = [], [], {}
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def run_plan(self) -> None:
        """Live the whole plan."""
        while self.plan_month < self.inputs.years * 12:
            self.step()
