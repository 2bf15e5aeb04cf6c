"""What each scheme alone does in one draw of the uncertain numbers, against the same people without any money.

For `judge_schemes.py`. The past of a draw is lived once, then one world without programmes, then one for each scheme.
Differences are of hazards, not of offences that happen, which have far more noise: those of the people who were ever
given a place, from then on, added up over the plan, and raised to the real area. H kinds of hazard, G groups of
offences.
"""

import multiprocessing
import multiprocessing.connection
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.plan import Plan, central_pounds, central_share_paid, parameter_values
from experiments.runner.processes import RunFailed, end_with_parent
from model.effects import WHOLE
from model.evidence import read as read_evidence
from model.inputs import ModelInputs, Programme, month_of
from model.past import Past
from model.people import AT_HOME, RATE_ONE, RESIDENT, by_mix
from model.record import FIXED, Record
from model.vocabulary import ANTISOCIAL
from model.world import PreventionModel, live_past
from scenarios import Scenario, load
from scenarios.schemes import load_scheme, shipped_schemes
from scenarios.toml_files import TomlFile

Floats = NDArray[np.float64]

AREA_OF = "west_mercia_2022"  # the scenario whose area, start and price year are used, and nothing else of it
BAND_FROM = (10, 14)  # whole years of age at which the second and the third band of ages begin
ALONE_DRAWS = 4  # what works through others does exactly nothing alone: seen in the first draws, not in all
FIRST_YEARS = 3  # of the plan: children placed then are seen into their late teens
HOME_VISITING = "early_home_visiting"
HOME_VISITING_RATIO = 0.7  # instead of the drawn one, where the ages are looked at
LESS_IS_FEWER = ("offending", "onset", "ace", "offences")  # kinds of effect: ratio below 1, fewer offences
MORE_IS_FEWER = ("recovery",)


class Case(NamedTuple):
    """All that a judgement is made from; it can be sent to another process."""

    scenario: Scenario
    plan: Plan
    pounds: dict[str, float]  # of the commissioner a year, by scheme; 0 for a practice that takes none


class Told(NamedTuple):
    """One scheme in one draw, for the real area and the whole plan."""

    averted: float  # offences, antisocial behaviour apart: below 0, those added
    spent: float  # pounds of all who pay
    by_commissioner: float  # of which the commissioner's
    bought: float  # places that the money paid for after set-up
    reached: float  # people who took one up, or units of places
    means_fewer: bool | None  # whether the drawn ratio is one of fewer offences; None without such a ratio
    cells_changed: int  # counts of offences by month, district and group that are not as without money
    seconds: float


class Ages(NamedTuple):
    """Offences averted in children visited at home, ratio held at HOME_VISITING_RATIO, by age when they would fall."""

    children: int  # simulated, who were under 10 when they were given a place in the first years of the plan
    under_10: float
    from_10_to_13: float  # last birthday
    from_14: float


class Draw(NamedTuple):
    """One draw of the uncertain numbers."""

    draw: int
    seconds: float
    schemes: dict[str, Told]
    ages: Ages | None  # None where home visiting is not judged


class Bare(NamedTuple):
    """The world without any money."""

    keys: NDArray[np.uint64]  # (rows,)
    hazards: list[NDArray[np.float32]]  # each month, (rows then,) offences expected
    record: Record


class Watched(NamedTuple):
    """What was seen of a world with one programme, beside the bare one."""

    more: float  # offences expected of people since they were placed, before the programme's own change, beyond bare
    change: float  # offences that the programme adds to the hazards of those it acts on
    children: int  # placed before the age of 10, in the first years of the plan
    more_of_children: Floats  # (3,) both together, of those children, by age
    record: Record
    spend: Floats  # (Y, P) pounds
    commissioner_spend: Floats  # (Y, P) pounds


def case_of(ids: list[str] | None, plan: Plan, pounds: float) -> Case:
    """The judgement of these shipped schemes, or of all: each with `pounds` a year of the commissioner, or with the
    least that it can work with. Raises ValueError for an id that no scheme has, InputFaults for a faulty scheme."""
    files = shipped_schemes()
    if unknown := sorted(set(ids or ()) - files.keys()):
        raise ValueError(f"no shipped scheme is called {', '.join(unknown)}")
    schemes = tuple(load_scheme(path) for name, path in files.items() if ids is None or name in ids)
    evidence = read_evidence()
    for scheme in schemes:
        evidence = evidence.merge(scheme.evidence)
    base = load(AREA_OF)
    form = base.form.model_copy(update={"funders": {}})
    told = TomlFile(base.told.file, base.told.text)  # its read-only views cannot be sent to another process
    scenario = replace(base, form=form, told=told, schemes=schemes, evidence=evidence)
    least, paid = central_pounds(scenario, "minimum_a_year"), central_share_paid(scenario)
    money = {
        p.id: 0.0 if p.takes_no_money else max(pounds, least.get(p.id, 0.0) * paid[p.id]) for p in scenario.programmes
    }
    return Case(scenario, plan, money)


def inputs_of(case: Case, programme: Programme | None) -> ModelInputs:
    """The inputs of a world with one programme at work, or with none."""
    scenario, years = case.scenario, case.plan.years
    programmes = () if programme is None else (programme,)
    money = np.array([np.full(years, case.pounds[one.id]) for one in programmes]).reshape(-1, years)
    practice = np.ones((1, years)) if programme is not None and programme.takes_no_money else None
    start = month_of(scenario.form.start.year, scenario.form.start.month)
    return ModelInputs(
        scenario.area, scenario.evidence, programmes, money, start, years, case.plan.scale, practice=practice
    )


def judge_draw(case: Case, draw: int, tick: Callable[[], None]) -> Draw:
    """Everything of one draw; `tick` is called after each world."""
    began = time.monotonic()
    values, seed = parameter_values(case.scenario, case.plan, draw), case.plan.seed_of(draw)
    nobody = inputs_of(case, None)
    past = live_past(nobody, values, seed)
    bare = live_bare(nobody, values, seed, past)
    tick()
    schemes = {}
    for programme in case.scenario.programmes:
        if programme.reaches == "system" and draw >= ALONE_DRAWS:
            continue
        since = time.monotonic()
        seen = watch(inputs_of(case, programme), values, seed, past, bare)
        schemes[programme.id] = tell(programme, values, case.plan.scale, bare, seen, since)
        tick()
    ages = None
    for programme in case.scenario.programmes:
        if programme.id == HOME_VISITING:
            held = {**values, f"{HOME_VISITING}.ratio": HOME_VISITING_RATIO}
            ages = ages_of(watch(inputs_of(case, programme), held, seed, past, bare), case.plan.scale)
            tick()
    return Draw(draw, time.monotonic() - began, schemes, ages)


def live_bare(inputs: ModelInputs, values: Mapping[str, float], seed: int, past: Past) -> Bare:
    """Live the world without money and keep what is expected of everyone in it, month by month."""
    model, hazards = PreventionModel(inputs, values, seed, past), []
    for _ in range(inputs.years * 12):
        mix = model.law["mix"].astype(np.float64)
        model.step()
        hazards.append(crime_of(model.people[: model.rows], mix).astype(np.float32))
    bare = Bare(model.people["key"][: model.rows].copy(), hazards, model.record)
    model.close()
    return bare


def watch(inputs: ModelInputs, values: Mapping[str, float], seed: int, past: Past, bare: Bare) -> Watched:
    """Live a world with one programme, and see in what is expected of those it placed how it parts from the bare one.
    Raises RuntimeError where the two worlds are not of the same people."""
    model = PreventionModel(inputs, values, seed, past)
    more, change, more_of_children = 0.0, 0.0, np.zeros(len(BAND_FROM) + 1)
    placed, children = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for m in range(inputs.years * 12):
        month, mix = model.month, model.law["mix"].astype(np.float64)
        model.step()
        people = model.people
        now = np.flatnonzero(people["placed"][: model.rows])
        if m < 12 * FIRST_YEARS:
            new = now[~np.isin(now, placed)]
            young = month - people["birth"][new].astype(np.int64) < BAND_FROM[0] * 12
            children = np.concatenate([children, new[young]])
        placed = now
        beyond = crime_of(people[placed], mix).astype(np.float32) - bare.hazards[m][placed]
        more += float(beyond.sum())
        change += float(model.now.expected_change[..., :ANTISOCIAL].sum()) / FIXED
        if children.size:
            age = month - people["birth"][children].astype(np.int64)
            band = np.searchsorted(np.array(BAND_FROM) * 12, age, side="right")
            theirs = (crime_of(people[children], mix).astype(np.float32) - bare.hazards[m][children]).astype(float)
            theirs += changed_by_first(model, children, month, mix)
            more_of_children += np.bincount(band, theirs, more_of_children.size)
    if not np.array_equal(bare.keys, model.people["key"][: model.rows]):
        raise RuntimeError("the rows of a world with a programme are not those of the world without")
    seen = Watched(
        more, change, children.size, more_of_children, model.record, model.at_work.spend.copy(),
        model.at_work.commissioner_spend.copy(),
    )  # fmt: skip
    model.close()
    return seen


def crime_of(people: NDArray[np.void], mix: Floats) -> Floats:
    """(rows,) offences a month expected of each before programmes, without antisocial behaviour; `mix` (N_MIXES, G)."""
    hazards = by_mix(people["rate"], people["sex"]) @ mix[:, :ANTISOCIAL].sum(axis=1) / RATE_ONE
    return np.asarray(np.where(people["status"] == RESIDENT, hazards, 0.0))


def changed_by_first(model: PreventionModel, rows: NDArray[np.int64], month: int, mix: Floats) -> Floats:
    """(rows,) offences that the only programme of a model adds in a month to the hazards of these people: what
    `model.month.count_change` adds up, person by person."""
    people, effect = model.people[rows], model.effects[0]
    since = month - people["slot_start"].astype(np.int64) - int(effect["lag"][0])
    full, fade = int(effect["full"][0]), int(effect["fade"][0])
    strength = np.clip(1.0 - (since - full) / fade, 0.0, 1.0) if fade else (since < full).astype(np.float64)
    strength = strength * (since >= 0) * (people["slot_programme"] == 1) * people["slot_effect"] / WHOLE
    held = strength.max(axis=1)[:, None, None]  # nobody holds one programme twice
    log_ratio = np.repeat(effect["offending"][None, :].astype(np.float64), mix.shape[0], axis=0)
    log_ratio[AT_HOME] = effect["at_home"]
    hazards = by_mix(people["rate"], people["sex"]) / RATE_ONE
    more = (mix * np.expm1(held * log_ratio))[:, :, :ANTISOCIAL].sum(axis=2) * hazards
    return np.asarray(np.where(people["status"] == RESIDENT, more.sum(axis=1), 0.0))


def tell(
    programme: Programme, values: Mapping[str, float], scale: float, bare: Bare, seen: Watched, since: float
) -> Told:
    """What a programme came to in one draw; `since` is when its world was begun. Of places, what is averted is what
    is expected to happen in the area; of what works through others, what does happen; else it is in the treated."""
    without, record = bare.record, seen.record
    if programme.reaches == "system":
        averted = float((without.offences - record.offences)[..., :ANTISOCIAL].sum())
    elif programme.reaches == "place":
        averted = float((without.expected - record.expected)[..., :ANTISOCIAL].sum()) / FIXED
    else:
        averted = 0.0 - seen.more - seen.change
    raised = 1.0 if programme.reaches == "place" else scale
    return Told(
        averted=averted / scale,
        spent=float(seen.spend.sum()),
        by_commissioner=float(seen.commissioner_spend.sum()),
        bought=float(record.places.sum()) / raised,
        reached=float(record.starts.sum()) / raised,
        means_fewer=means_fewer(programme, values),
        cells_changed=int((without.offences != record.offences).sum()),
        seconds=time.monotonic() - since,
    )


def ages_of(seen: Watched, scale: float) -> Ages:
    """When what is averted in those placed as children would have fallen."""
    return Ages(seen.children, *(0.0 - seen.more_of_children / scale).tolist())


def means_fewer(programme: Programme, values: Mapping[str, float]) -> bool | None:
    """Whether the drawn `<id>.ratio`, or else the first ratio on crime or on life, is one of fewer offences. None for a
    diversion: its ratio is of the support alone, and what keeping out of court does comes beside it; and for a service
    that only makes people less likely to be harmed: what is averted here is what they do, not what they suffer."""
    if programme.event == "charge" and any(effect.kind == "disposal" for effect in programme.effects):
        return None
    for kinds, less in ((LESS_IS_FEWER, True), (MORE_IS_FEWER, False)):
        named = [effect.ratio for effect in programme.effects if effect.kind in kinds]
        if named:
            own = f"{programme.id}.ratio"
            ratio = values[own if own in named else named[0]]
            return ratio < 1.0 if less else ratio > 1.0
    return None


def judge(case: Case, draws: list[int], jobs: int, hear: Callable[[Draw | None], None]) -> None:
    """Judge these draws, in so many processes; `hear` is told of each draw, and None after each world.

    Raises RunFailed when a process ends before its draws are done.
    """
    if min(jobs, len(draws)) > 1:
        in_processes(case, draws, min(jobs, len(draws)), hear)
        return
    for draw in draws:
        hear(judge_draw(case, draw, lambda: hear(None)))


def in_processes(case: Case, draws: list[int], jobs: int, hear: Callable[[Draw | None], None]) -> None:
    """The draws shared out among processes of their own, which end with this one."""
    context = multiprocessing.get_context("spawn")  # a fork after threads have run may hang
    told: Any = context.Queue()
    workers = [context.Process(target=_work, args=(case, draws[at::jobs], told), daemon=True) for at in range(jobs)]
    for worker in workers:
        worker.start()
    left = len(draws)
    try:
        while left:
            try:
                one = told.get(timeout=2.0)
            except queue.Empty:
                if any(worker.exitcode for worker in workers):
                    raise RunFailed("a process of the judgement ended early; run it again to go on") from None
                continue
            hear(one)
            left -= one is not None
    finally:
        for worker in workers:
            worker.terminate()


def _work(case: Case, draws: list[int], told: Any) -> None:
    threading.Thread(target=end_with_parent, daemon=True).start()
    for draw in draws:
        told.put(judge_draw(case, draw, lambda: told.put(None)))
    told.close()
    told.join_thread()
