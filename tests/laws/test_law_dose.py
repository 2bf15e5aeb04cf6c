"""Dose: more of a scheme that lowers offending never raises what one of the treated is likely to do. Of schemes on
offending: what a dose of onset, recovery or experiences does comes of the factors that it spares, and is no law."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from compared import COLUMNS
from drawn_worlds import MONTHS, Ground, World, begun, grounds
from hypothesis import strategies as st
from lawbook import law, saw
from month_by_month import copy_of

from model.actors.programmes import give_slots
from model.effects import WHOLE, offending_log_ratio
from model.happenings import HAPPENED, OFFENDER
from model.inputs import Effect, Programme
from model.people import HAZARDS, N_SLOTS, RESIDENT, RISK
from model.vocabulary import OFFENCES
from model.world import PreventionModel

ELSEWHERE = 0  # any kind of hazard but the domestic
ANY_GROUP = 0
ROUNDING = 1e-6  # of a number kept in single precision
# What one does oneself, and what follows from it in one's own row; all else that differs came from elsewhere.
OWN = ("last_offence", "offences", "rate", "offend", "wake", "treated", "slot_effect", "peers")
INSIDE = np.uint32(1 << RISK["in_custody"])


@dataclass(frozen=True)
class Dose:
    ratio: float
    delivery: int  # in 1/WHOLE of what the study delivered

    @property
    def log(self) -> float:
        return float(np.log(self.ratio)) * self.delivery / WHOLE


@dataclass(frozen=True)
class Treatment:
    """A scheme on all offending, the same for everybody treated."""

    ground: Ground
    share: float  # of residents treated
    timing: tuple[float, float, float]  # lag, full, fade
    doses: tuple[Dose, ...]


@st.composite
def treatments(draw, wide=False, ratios=(1.0, 0.9, 0.5, 0.25, 1e-3)):
    months, dose = st.sampled_from(MONTHS), st.builds(Dose, st.sampled_from(ratios), st.sampled_from((WHOLE, 50, 255)))
    doses = draw(st.lists(dose, min_size=2, max_size=2, unique_by=lambda one: one.log))
    full = draw(st.sampled_from((18.0, 6.0, 36.0)))
    return Treatment(
        draw(grounds(3, wide)), draw(st.sampled_from((0.5, 0.1, 1.0))), (draw(months), full, draw(months)),
        tuple(sorted(doses, key=lambda one: -one.log)),
    )  # fmt: skip


def scheme_of(number: int, timing: tuple[float, float, float], ratio: float) -> tuple[Programme, dict[str, float]]:
    """A scheme on all offending, and its numbers."""
    of = f"made_{number}"
    effect = Effect("offending", OFFENCES, f"{of}.ratio_0", "x", "engaged", "nothing")
    numbers = {"ratio_0": ratio, "unit_cost": 1.0, "uptake": 1.0, "completion": 1.0, "stay_months": 1.0}
    numbers |= dict(zip(("lag_months", "full_months", "fade_months"), timing, strict=True))
    facts = Programme(of, of, "secondary", "", (), (0, 110), (), (effect,), 0, 6)
    return facts, {f"{of}.{name}": value for name, value in numbers.items()}


def world_of(ground: Ground, *made: tuple[Programme, dict[str, float]]) -> World:
    """A world with those schemes and no money for them: who holds them is decided here."""
    nothing = ((0.0,) * ground.years,) * len(made)
    numbers = {name: value for _, each in made for name, value in each.items()}
    return World(ground, tuple(facts for facts, _ in made), nothing, nothing, numbers, groups=(0,) * len(made))


def treated_by(treatment: Treatment, dose: Dose) -> tuple[PreventionModel, np.ndarray]:
    """A model in which the same people hold the scheme from the start, in that dose; and who they are."""
    model = begun(world_of(treatment.ground, scheme_of(0, treatment.timing, dose.ratio)))
    people = model.people[: model.rows]
    luck = np.random.default_rng(treatment.ground.seed).random(model.rows)
    rows = np.flatnonzero((people.status == RESIDENT) & (luck < treatment.share))
    give_slots(model.columns, rows, 0, model.month, np.full(rows.size, dose.delivery))
    model.refresh(rows)
    return model, rows


def log_ratio(model: PreventionModel, rows: np.ndarray) -> np.ndarray:
    """What each holds does to their offending in the month that comes: by timing and delivery, one number for all
    who began at once, so that it is asked of one who still holds it, and of one who does not."""
    people, law = model.people, model.law
    key = model.columns["slot_programme"][rows, 0].astype(np.int64) * 256 + model.columns["slot_effect"][rows, 0]
    kinds, first, which = np.unique(key, return_index=True, return_inverse=True)
    found = [
        offending_log_ratio(int(rows[at]), h, ANY_GROUP, people, model.month, law, model.effects)
        for at in first for h in (ELSEWHERE, HAZARDS.index("domestic"))
    ]  # fmt: skip
    found = np.array(found).reshape(kinds.size, 2)
    assert np.array_equal(found[:, 0], found[:, 1])
    return found[which, 0]


def is_changed_from_outside(less: np.ndarray, more: np.ndarray) -> np.ndarray:
    """(rows,) who differs in anything but their own offending and in having fewer active ties."""
    differs = more["peers"] > less["peers"]
    for name in COLUMNS:
        if name not in OWN:
            differs |= (less[name] != more[name]).reshape(less.size, -1).any(axis=1)
    return differs


def no_more(these: np.ndarray, those: np.ndarray) -> bool:
    """Whether no hazard is above the other's, but for rounding: whoever is at the bound of hazards meets it so."""
    return bool((these <= those.astype(np.float64) * (1.0 + ROUNDING)).all())


def joined_in(model: PreventionModel, people: np.ndarray, month: int) -> np.ndarray:
    """(rows,) who only joined in an offence of a tie this month."""
    log = model.now.log[: model.now.counts[HAPPENED]]
    alone = np.bincount(log["row"][log["kind"] == OFFENDER], minlength=people.size)[: people.size] > 0
    return (people["last_offence"] == month) & ~alone


def side_by_side(
    likelier: PreventionModel, other: PreventionModel, rows: np.ndarray, months: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Month by month, the same rows in two models, of which the first has them offend no less; and who of them is
    resident, at large, and has had nothing else come between so far: the two then have the same status and factors."""
    apart = np.zeros(rows.size, dtype=bool)
    for _ in range(months):
        month = likelier.month
        likelier.step()
        other.step()
        more, less = copy_of(likelier), copy_of(other)
        joined = joined_in(likelier, more, month)[rows] != joined_in(other, less, month)[rows]
        more, less = more[rows], less[rows]
        apart |= joined | is_changed_from_outside(more, less)
        yield more, less, (more["status"] == RESIDENT) & ~apart & (more["risks"] & INSIDE == 0)


@law(6, "lower", "offended less", treatment=treatments)
def test_a_larger_dose_never_raises_the_hazard_of_the_treated(treatment):
    """Month by month, whoever is treated alike but with a larger dose has no more recent an offence of their own, and
    no larger a hazard of any kind, before and with the scheme, as long as nothing else has come between: custody or
    another sentence, harm by others, a change at home or in friends. (A sentence served in the community lowers
    offending in the rules, so that being spared one may raise it: that is the sentence's doing.)"""
    (less, rows), (more, same) = (treated_by(treatment, dose) for dose in treatment.doses)
    assert np.array_equal(rows, same)
    for small, large, free in side_by_side(less, more, rows, 12 * treatment.ground.years):
        logs = log_ratio(less, rows), log_ratio(more, rows)
        assert (logs[1] <= logs[0]).all()
        assert (large["last_offence"][free] <= small["last_offence"][free]).all()
        assert (large["offences"][free] <= small["offences"][free]).all()
        assert no_more(large["rate"][free], small["rate"][free])
        rates = [people["rate"].sum(axis=1, dtype=np.int64) for people in (small, large)]
        assert no_more((rates[1] * np.exp(logs[1]))[free], (rates[0] * np.exp(logs[0]))[free])
        saw("lower", (rates[1] < rates[0])[free].sum())
        saw("offended less", (large["offences"] < small["offences"])[free].sum())


@law(
    4, "raised", "offended more",
    treatment=lambda wide: treatments(wide, ratios=(2.0, 1.5, 1.0)).map(backfiring),
)  # fmt: skip
def test_only_a_scheme_that_backfires_raises_it(treatment):
    """With a ratio above one the hazard of the treated is above that without the scheme while it acts, and what they
    would have done without it they still do."""
    (none, rows), (worse, _) = (treated_by(treatment, dose) for dose in treatment.doses)
    for raised, plain, free in side_by_side(worse, none, rows, 12 * treatment.ground.years):
        assert (log_ratio(worse, rows) >= 0.0).all()
        assert (raised["last_offence"][free] >= plain["last_offence"][free]).all()
        assert no_more(plain["rate"][free], raised["rate"][free])
        saw("raised", (log_ratio(worse, rows) > 0.0).sum())
        saw("offended more", (raised["offences"] > plain["offences"])[free].sum())


def backfiring(treatment: Any) -> Any:
    """The smaller of two doses, if any, is none."""
    return replace(treatment, doses=(Dose(1.0, WHOLE), treatment.doses[0]))


@st.composite
def mixtures(draw, wide=False):
    """Several schemes that one person holds, some of which may backfire, and one of them in a larger dose."""
    months, ratios = st.sampled_from(MONTHS), st.sampled_from((0.5, 0.9, 0.25, 1.5, 2.0))
    number = draw(st.integers(1, N_SLOTS))
    timings = [(draw(months), draw(months), draw(months)) for _ in range(number)]
    told = [draw(ratios) for _ in range(number)]
    more, delivery = draw(st.sampled_from((0.5, 0.8, 0.25))), draw(st.sampled_from((WHOLE, 77)))
    return draw(grounds(1, wide)), timings, told, more, delivery


def held(ground: Ground, schemes: list[tuple[Any, float]], delivery: int) -> np.ndarray:
    """(60,) by month, the log ratio of somebody's offending who began so many schemes at once."""
    model = begun(world_of(ground, *(scheme_of(n, *each) for n, each in enumerate(schemes))))
    row = np.flatnonzero(model.people.status[: model.rows] == RESIDENT)[:1]
    for n in range(len(schemes)):
        give_slots(model.columns, row, n, model.month, np.array([delivery]))
    law_now, people, effects = model.law, model.people, model.effects
    return np.array([
        offending_log_ratio(int(row[0]), ELSEWHERE, ANY_GROUP, people, model.month + m, law_now, effects)
        for m in range(60)
    ])  # fmt: skip


@law(16, "lower", "several that help", mixture=mixtures)
def test_more_of_one_scheme_never_does_less_beside_others(mixture):
    """Whatever else somebody holds, a larger dose of one scheme that helps leaves them no likelier to offend in any
    month of it; schemes that help do no less together than the best of them and no more than all of them, and none
    does more than its study found."""
    ground, timings, ratios, times, delivery = mixture
    less, more = (
        held(ground, [(timing, first if n == 0 else ratios[n]) for n, timing in enumerate(timings)], delivery)
        for first in (ratios[0], ratios[0] * times)
    )
    if ratios[0] <= 1.0 or ratios[0] * times >= 1.0:
        assert (more <= less).all()
    saw("lower", (more < less).any())
    if max(ratios) <= 1.0:
        assert (less <= 0.0).all()
        saw("several that help", len(ratios) > 1)
        alone = np.array([held(ground, [each], delivery) for each in zip(timings, ratios, strict=True)])
        assert (less <= alone.min(axis=0) + ROUNDING).all()
        assert (less >= alone.sum(axis=0) - ROUNDING).all()
        assert (alone >= np.log(ratios)[:, None] * delivery / WHOLE - ROUNDING).all()
