"""One run of the engine, seen as the plain model is."""

from collections.abc import Mapping

import numpy as np

from experiments.equivalence.hazards import engine_hazards
from experiments.equivalence.hazards import seen as seen_of
from experiments.equivalence.outcomes import FACTORS, HAZARDS_SEEN, SNAPSHOTS, Seen, programme_totals
from model.inputs import ModelInputs
from model.past import Past
from model.people import DEAD, DEPARTED, NOBODY, RESIDENT
from model.record import FIXED
from model.vocabulary import ACES
from model.world import PreventionModel

BITS = np.arange(32, dtype=np.uint32)


def with_seed(past: Past, seed: int) -> Past:
    """The same people at the start, who live on by other chance."""
    laws = past.laws.copy()
    laws["seed"] = seed
    return past._replace(laws=laws)


def see_engine(inputs: ModelInputs, values: Mapping[str, float], past: Past, seed: int) -> Seen:
    """Live a plan from the shared start and count."""
    return see(PreventionModel(inputs, values, seed, with_seed(past, seed)))


def see(model: PreventionModel) -> Seen:
    """Live the plan of a model that stands at its start, count, and let go of it."""
    inputs = model.inputs
    months, years = inputs.years * 12, inputs.years
    couples, peers, slots = np.zeros(years), 0.0, 0.0
    moves, hazards = 0.0, np.zeros(len(HAZARDS_SEEN))
    starts, ends, experiences = np.zeros(len(FACTORS)), np.zeros(len(FACTORS)), np.zeros(len(ACES))
    gone = {DEAD: _count(model, DEAD), DEPARTED: _count(model, DEPARTED)}
    begun = model.rows
    for m in range(months):
        rows, before = model.rows, model.people[: model.rows][["risks", "aces", "district"]].copy()
        model.step()
        stayed = model.people.status[:rows] == RESIDENT
        now, then = model.people.risks[:rows][stayed], before["risks"][stayed]
        moves += float((model.people.district[:rows] != before["district"])[stayed].sum())
        starts += _by_bit(now & ~then)[: len(FACTORS)]
        ends += _by_bit(then & ~now)[: len(FACTORS)]
        experiences += _by_bit((model.people.aces[:rows] & ~before["aces"])[stayed].astype(np.uint32))[: len(ACES)]
        if m % 12 in SNAPSHOTS:
            on = (model.people.risks[: model.rows, None] >> np.arange(len(FACTORS), dtype=np.uint32) & 1).astype(bool)
            hazards += seen_of(engine_hazards(model), on) / (years * len(SNAPSHOTS))
        if m % 12 == 11:
            here = model.people.status[: model.rows] == RESIDENT
            couples[m // 12] = (model.people.partner[: model.rows][here] != NOBODY).sum() / 2
            peers += model.people.peers[: model.rows][here].sum()
            slots += float((model.people.slot_programme[: model.rows][here] > 0).sum())
    record = model.record
    bought = programme_totals(record, model.at_work.spend, slots, FIXED)
    seen = Seen(
        population=record.population.sum(axis=1).astype(float),
        births=float(model.rows - begun - model.coming_month.size),
        deaths=_count(model, DEAD) - gone[DEAD],
        departures=_count(model, DEPARTED) - gone[DEPARTED],
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
    model.close()
    return seen


def _count(model: PreventionModel, status: int) -> float:
    return float((model.people.status[: model.rows] == status).sum())


def _by_bit(bits: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """How many rows have each bit."""
    return np.array([np.count_nonzero(bits & np.uint32(1 << int(bit))) for bit in BITS], dtype=float)
