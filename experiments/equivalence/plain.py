"""One run of the plain model, seen as the engine is."""

from collections.abc import Mapping

import numpy as np

from experiments.equivalence.hazards import plain_hazards
from experiments.equivalence.hazards import seen as seen_of
from experiments.equivalence.outcomes import FACTORS, HAZARDS_SEEN, SNAPSHOTS, Seen, programme_totals
from experiments.reference.start import Start
from experiments.reference.world import PlainModel
from model.inputs import ModelInputs
from model.vocabulary import ACES


def see_plain(inputs: ModelInputs, values: Mapping[str, float], start: Start, seed: int) -> Seen:
    """Live a plan from the shared start and count."""
    model = PlainModel(inputs, values, start, seed)
    months, years = inputs.years * 12, inputs.years
    couples, peers, slots = np.zeros(years), 0.0, 0.0
    starts, ends, experiences = np.zeros(len(FACTORS)), np.zeros(len(FACTORS)), np.zeros(len(ACES))
    moves, hazards = 0.0, np.zeros(len(HAZARDS_SEEN))
    factor = {name: r for r, name in enumerate(FACTORS)}
    for m in range(months):
        before = [(each, set(each.risks), set(each.aces), each.district) for each in model.residents]
        model.step()
        for person, risks, aces, district in before:
            if not person.resident:
                continue
            moves += person.district != district
            if person.risks != risks:
                _tally(starts, factor, person.risks - risks)
                _tally(ends, factor, risks - person.risks)
            if len(person.aces) != len(aces):
                _tally(experiences, {name: a for a, name in enumerate(ACES)}, set(person.aces) - aces)
        if m % 12 in SNAPSHOTS:
            on = np.array([[each in person.risks for each in FACTORS] for person in model.people])
            hazards += seen_of(plain_hazards(model), on) / (years * len(SNAPSHOTS))
        if m % 12 == 11:
            couples[m // 12] = sum(each.partner is not None for each in model.residents) / 2
            peers += sum(each.peers for each in model.residents)
            slots += sum(len(each.slots) for each in model.residents)
    record = model.record
    bought = programme_totals(record, model.programmes.spend, slots, 1.0)
    model.close()
    return Seen(
        population=record.population.sum(axis=1).astype(float),
        births=float(record.births.sum()), deaths=float(record.deaths.sum()),
        departures=float(record.departures.sum()),
        couples=couples, moves=moves, hazards=hazards, starts=starts, ends=ends, experiences=experiences,
        states=record.states.sum(axis=(0, 1)).astype(float),
        offences=record.offences.sum(axis=(0, 1)).astype(float),
        recorded=record.recorded.sum(axis=(0, 1)).astype(float),
        domestic=float(record.domestic.sum()),
        events=record.events.sum(axis=(0, 1)).astype(float),
        in_court=record.in_court.sum(axis=(0, 1)).astype(float),
        victims=record.victims.sum(axis=(0, 1)).astype(float),
        unique_victims=float(record.unique_victims.sum()),
        offenders=float(record.offenders.sum()),
        young_offences=float(record.offender_age[:, :, :18].sum()),
        first_time_entrants=float(record.first_time_entrants.sum()),
        cohort=float(record.cohort.sum()), reoffended=float(record.reoffended.sum()),
        peers=float(peers),
        bought=bought,
    )  # fmt: skip


def _tally(counts: np.ndarray, place: Mapping[str, int], names: set[str]) -> None:  # type: ignore[type-arg]
    for name in names:
        if name in place:
            counts[place[name]] += 1

