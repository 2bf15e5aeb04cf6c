"""Programmes of places: model/ODD.md 7.14. Neighbourhoods, units and pounds are those of the real area."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np

from experiments.reference import places as where
from experiments.reference.programmes.purse import pay, places_on_offer, works
from experiments.reference.programmes.state import RIGHTLY, WRONGLY, Floats, OfPlaces, Switches, Whole

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

HOT_SPOTS = "hot_spots"
LEAST_LEFT = 1e-6  # of the offences at a place, whatever prevents them


def work(model: PlainModel) -> None:
    """Maps in April, units of the month, and what all units do."""
    for one in model.programmes.places:
        if not one.order:
            _set_out(model, one)
        if model.plan_month % 12 == 0:
            _draw_map(model, one)
        _buy(model, one)
    if model.programmes.places or model.programmes.recording_logs or model.programmes.recording:
        _work_out(model)


def _street_crime(model: PlainModel, one: OfPlaces) -> Floats:
    """Street crime (five months) by neighbourhood, of the types that a programme acts on."""
    groups = {**one.offences, **one.recording}
    types = sorted({where.TYPE_OF_GROUP[group] for group in groups} - {where.RESIDENTS})
    return np.sum([np.zeros(len(one.cover)), *(np.array(model.places.street[kind]) for kind in types)], axis=0)


def _set_out(model: PlainModel, one: OfPlaces) -> None:
    """What is fixed for the plan: the order of neighbourhoods, and where it is truly hot."""
    n = len(one.cover)
    one.order = list(range(n))
    model.random.shuffle(one.order)
    if one.facts.event == HOT_SPOTS:
        many = max(round(model.values[f"{one.facts.id}.hot_share"] * n), 1)
        one.truly_hot = np.zeros(n, dtype=np.bool_)
        one.truly_hot[np.argsort(-_street_crime(model, one), kind="stable")[:many]] = True


def _draw_map(model: PlainModel, one: OfPlaces) -> None:
    """Which neighbourhoods this year's map shows as hot: some that are, and some that are not."""
    if one.truly_hot is None:
        return
    values, scheme = model.values, one.facts.id
    targeting = model.programmes.qualities[one.number].targeting
    sensitivity = min(values[f"{scheme}.sensitivity"] * targeting, 1.0)
    false_alarm = (1 - values[f"{scheme}.specificity"]) / targeting
    one.shown = np.zeros(len(one.cover), dtype=np.bool_)
    counts = model.record.hot[model.plan_month // 12, one.number]
    for n in np.flatnonzero(one.eligible).tolist():
        hot = bool(one.truly_hot[n])
        if model.random.random() < (sensitivity if hot else false_alarm):
            one.shown[n] = True
            if one.purse.budget > 0:
                counts[model.places.quintile[n], RIGHTLY if hot else WRONGLY] += 1


def _buy(model: PlainModel, one: OfPlaces) -> None:
    """Units of the month: bought, placed as long as there is room, and paid for where they are placed."""
    offered, new = places_on_offer(one.purse, works(one.purse), model.random.random())
    begun = np.zeros(len(one.cover), dtype=np.int64)
    if offered > 0:
        room, left = _room(one, model.month), offered
        for n in _in_order(one):
            if one.eligible[n]:
                begun[n] = min(int(room[n]), left)
                left -= int(begun[n])
            if left == 0:
                break
    placed = int(begun.sum())
    pay(one.purse, placed)
    if placed:
        one.begun[model.month] = begun
        hours = begun * one.volunteer_hours * one.uptake
        np.add.at(model.record.volunteer_hours[model.plan_month], np.array(model.places.district), hours)
    model.record.places[model.plan_month, one.number] = new
    model.record.starts[model.plan_month, one.number] = placed


def _in_order(one: OfPlaces) -> list[int]:
    """Neighbourhoods in the order in which units go to them: those shown on the map first."""
    shown = one.shown
    return one.order if shown is None else sorted(one.order, key=lambda n: not shown[n])


def _room(one: OfPlaces, month: int) -> Whole:
    """Units that each neighbourhood can still take, beside those begun of late."""
    of_late = range(month - (one.timing.lag + one.timing.full - 1), month)
    taken = sum((units for begun, units in one.begun.items() if begun in of_late), np.zeros_like(one.most))
    return np.maximum(one.most - taken, 0)


def unit_strength(one: OfPlaces, since: int) -> float:
    """How much of a unit acts so many months after it began."""
    k = since - one.timing.lag
    if k < 0:
        return 0.0
    return min(max(1 - (k - one.timing.full + 1) / (one.timing.fade + 1), 0.0), 1.0)


def covered(model: PlainModel, one: OfPlaces) -> Floats:
    """The share of each neighbourhood that a programme's units cover this month."""
    acting = np.zeros(len(one.cover))
    for begun, units in list(one.begun.items()):
        if model.month - begun > sum(one.timing):
            del one.begun[begun]
        else:
            acting += units * unit_strength(one, model.month - begun)
    used = min(one.uptake * model.programmes.qualities[one.number].uptake, 1.0)
    return np.minimum(np.minimum(acting, one.most) * one.cover, 1.0) * used


def _work_out(model: PlainModel) -> None:
    """What all programmes together do at each place this month."""
    state, share = model.programmes, model.values["overlap_share"]
    district = np.array(model.places.district)
    n = len(district)
    logs: dict[str, list[tuple[Floats, float]]] = {}  # by group, of each programme, with its part that moves
    recording: dict[str, list[Floats]] = {
        group: [np.full(n, each) for each in several] for group, several in state.recording_logs.items()
    }
    for one in state.places:
        c = covered(model, one)
        if not c.any():
            continue
        delivery = state.qualities[one.number].delivery
        for group, each in one.offences.items():
            change = c * (exp(each * delivery) - 1)
            if one.spillover < 0:
                change = change + _around(model, one, group, c, change, district)
            log = np.log(np.maximum(1 + change, LEAST_LEFT))
            logs.setdefault(group, []).append((log, max(one.spillover, 0.0)))
        for group, each in one.recording.items():
            recording.setdefault(group, []).append(np.log(1 + c * (exp(each * delivery) - 1)))
    state.prevented, state.moved, state.kept = {}, {}, {}
    for group, several in logs.items():
        v = np.maximum(1 - np.exp(_combined([log for log, _ in several], share)), -1.0)
        w = _moved(several)
        kept = _street_share(model, group, district) * np.where(v > 0, v * (1 - w), v)
        state.prevented[group], state.moved[group] = v.tolist(), w.tolist()
        state.kept[group] = (1 - np.bincount(district, kept, len(model.inputs.area.districts))).tolist()
    state.recording = {group: np.exp(_combined(several, share)).tolist() for group, several in recording.items()}


def _street_share(model: PlainModel, group: str, district: Whole) -> Floats:
    """Each neighbourhood's share of its district's street crime of the group's type."""
    street = np.array(model.places.street[where.TYPE_OF_GROUP[group]])
    shares: Floats = street / np.bincount(district, street)[district]
    return shares


def _around(
    model: PlainModel, one: OfPlaces, group: str, c: Floats, change: Floats, district: Whole
) -> Floats:
    """What is prevented beside the places covered, in the same district, as a change (below 0) by neighbourhood."""
    share = _street_share(model, group, district)
    prevented = np.bincount(district, share * np.minimum(change, 0.0))
    open_to_it = np.bincount(district, share * (1 - c))
    beside = np.divide(prevented, open_to_it, out=np.zeros_like(prevented), where=open_to_it > 0)
    around: Floats = (1 - c) * np.maximum(-one.spillover * beside, -1.0)[district]
    return around


def _combined(logs: list[Floats], share: float) -> Floats:
    """`effects.combined`, by neighbourhood."""
    several = np.stack(logs)
    most, least = several.max(axis=0), several.min(axis=0)
    strongest = np.where(most >= -least, most, least)  # of two as strong and opposite, the one that raises
    together: Floats = strongest + share * (several.sum(axis=0) - strongest)
    return together


def _moved(several: list[tuple[Floats, float]]) -> Floats:
    """The part of what is prevented that moves: the mean of programmes', weighed by what each prevents."""
    prevents = [np.maximum(-log, 0.0) for log, _ in several]
    total = np.sum(prevents, axis=0)
    moves = np.sum([each * part for each, (_, part) in zip(prevents, several, strict=True)], axis=0)
    return np.divide(moves, total, out=np.zeros_like(total), where=total > 0)


def offences_seen(model: PlainModel, one: OfPlaces, units: float) -> float:
    """Offences of its groups that so many units would have seen, whatever they did (7.11 reads it)."""
    among: Switches = one.eligible
    if one.truly_hot is not None and (one.eligible & one.truly_hot).any():
        among = one.eligible & one.truly_hot
    if not among.any():
        return 0.0
    a_unit = float((_street_crime(model, one) * one.cover)[among].mean())
    return a_unit * 12 / 5 * one.timing.full / 12 * units


def at_place(model: PlainModel, neighbourhood: int, group: str) -> tuple[float, float]:
    """Of offences of the group in a neighbourhood, the share prevented v (below 0 added), and of that the share that
    moves within the district, w."""
    prevented = model.programmes.prevented.get(group)
    if prevented is None:
        return 0.0, 0.0
    return prevented[neighbourhood], model.programmes.moved[group][neighbourhood]


def recording_at(model: PlainModel, neighbourhood: int, group: str) -> float:
    """The ratio by which programmes multiply the chance that an offence of the group there is recorded."""
    recording = model.programmes.recording.get(group)
    return 1.0 if recording is None else recording[neighbourhood]


def kept_at(model: PlainModel, district: int, group: str) -> float:
    """The share of the group's offences that fall in a district which programmes of places leave (7.17: expected)."""
    kept = model.programmes.kept.get(group)
    return 1.0 if kept is None else kept[district]
