"""A run, watched: lived month by month as any other, and counted in more ways than its record is."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from calibration.watching import first_year, lives
from calibration.watching.follow_up import FollowUps
from calibration.watching.watched import AGES, Watched
from model import happenings as h
from model.happenings import HAPPENED, RECORDED_MARK
from model.people import NOBODY
from model.places import street_shares
from model.record import FIXED
from model.rules.demand import demand_of
from model.vocabulary import ANTISOCIAL, N_OFFENCES, OFFENCES
from model.world import PreventionModel

Report = Callable[[int, int], None]
Ints = NDArray[np.int64]
FRAUD = OFFENCES.index("fraud_computer_misuse")


def watch(model: PreventionModel, report: Report | None = None) -> Watched:
    """Live the whole plan of a model that stands at its start, and give what was counted. The model changes as in
    any run: watching reads and draws nothing."""
    months, years = model.inputs.years * 12, model.inputs.years
    arrests, sanctioned = np.zeros((2, years, 2, AGES), np.int64)
    of_residents = np.zeros((years, N_OFFENCES), np.int64)
    attended, excluded = np.zeros((2, years, 2), np.int64)
    follow_ups, year, seen, began = FollowUps(), first_year.begin(model.rows), None, model.month
    punished, ages = list[Ints](), list[Ints]()
    for m in range(months):
        follow_ups.look(model.columns[: model.rows])
        on_record = model.columns["convictions"][: model.rows].copy()
        model.step()
        log, y = model.now.log[: model.now.counts[HAPPENED]], m // 12
        by_age(arrests[y], log[log["kind"] == h.ARREST])
        theirs = log[(log["kind"] == h.OFFENCE) & (log["row"] != NOBODY) & (log["a"] & RECORDED_MARK > 0)]
        of_residents[y] += np.bincount(theirs["offence"], minlength=N_OFFENCES)
        by_sex(attended[y], log[log["kind"] == h.EMERGENCY_DEPARTMENT])
        by_sex(excluded[y], log[log["kind"] == h.EXCLUSION])
        punished.append(np.flatnonzero(model.columns["convictions"][: on_record.size] > on_record))
        ages.append(first_year.ages_of(model.columns, punished[-1], model.month - 1))
        follow_ups.note(log, model.columns, model.month - 1)
        if m < 12:
            year = first_year.note(year, log, model)
        if m % 12 == 11:
            rows, first = np.unique(np.concatenate(punished), return_index=True)
            np.add.at(sanctioned[y], (model.columns["sex"][rows], np.concatenate(ages)[first]), 1)
            punished, ages = [], []
        if m == 11:
            seen = {**first_year.told(year, model), **lives.told(model, year)}
        if report:
            report(m + 1, months)
    if seen is None:
        raise ValueError("a watched plan has a year or more")
    record, inputs = model.record, model.inputs
    yearly = (years, 12)
    return Watched(
        population=record.population.reshape(*yearly, -1).mean(axis=1),
        offences=record.offences.reshape(*yearly, *record.offences.shape[1:]).sum(axis=1),
        recorded=record.recorded.reshape(*yearly, *record.offences.shape[1:]).sum(axis=1),
        of_residents=of_residents,
        expected=record.expected.reshape(*yearly, *record.offences.shape[1:]).sum(axis=1) / FIXED,
        place=record.place, victims=record.victims,
        domestic=np.stack([record.domestic.reshape(years, -1).sum(axis=1),
                           record.domestic_recorded.reshape(years, -1).sum(axis=1)], axis=1),
        events=record.events.sum(axis=1).reshape(*yearly, -1).sum(axis=1),
        event_offence=record.event_offence, first_time_entrants=record.first_time_entrants,
        offender_age=record.offender_age,
        states=record.states.sum(axis=1).reshape(*yearly, -1).mean(axis=1),
        demand=demand_of(record, inputs.area, model.values).sum(axis=1),
        arrests=arrests, sanctioned=sanctioned, attended=attended, excluded=excluded,
        followed=follow_ups.ended(began, model.month), neighbourhood=by_neighbourhood(model), **seen,
    )  # fmt: skip


def by_age(counts: Ints, log: NDArray[np.void]) -> None:
    """Add a log's happenings to (2, A)."""
    np.add.at(counts, (log["sex"], log["age"]), 1)


def by_sex(counts: Ints, log: NDArray[np.void]) -> None:
    """Add a log's happenings to (2,)."""
    np.add.at(counts, log["sex"], 1)


def by_neighbourhood(model: PreventionModel) -> NDArray[np.float64]:
    """(N,) crime without fraud recorded in the first year, each district's spread by its neighbourhoods' shares."""
    first = model.record.recorded[:12].sum(axis=0).astype(float)  # (D, G)
    shares = street_shares(model.places)  # (N, G)
    of = model.inputs.area.neighbourhood_district
    of_street = np.arange(N_OFFENCES) < ANTISOCIAL
    of_street[FRAUD] = False  # which street files do not hold
    found: NDArray[np.float64] = (shares * first[of])[:, of_street].sum(axis=1)
    return found


