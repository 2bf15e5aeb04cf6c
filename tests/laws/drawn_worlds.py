"""Small worlds drawn at random: whose past, which programmes, how much money when, and what is believed of it all."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from hypothesis import strategies as st

from model.evidence import Evidence, Row, draw_values, read
from model.inputs import (
    ALL_PROGRAMMES,
    EFFECT_TARGETS,
    EVENTS,
    KINDS_OF_EFFECT,
    OF_PEOPLE,
    QUALITIES,
    REACHES,
    REVIEWS,
    WHERE,
    Effect,
    ModelInputs,
    Programme,
    Tool,
    month_of,
)
from model.past import Past
from model.vocabulary import OFFENCES, RISK_FACTORS, SEXES, TIERS
from model.world import PreventionModel, live_past
from scenarios.areas import load_area
from scenarios.schemes import Scheme, load_scheme, shipped_schemes

START = month_of(2022, 4)
SCALES = (0.0004, 0.0008, 0.0012, 0.0015)  # 500 to 2,000 people of West Mercia
DRAWS = 8  # of the uncertain numbers; None is the middle of each
# What is simplest comes first: where a law fails, it is told of a world with little in it, but not of none.
POUNDS = (5e7, 3e6, 1e5, 0.0)
AGES = ((0, 110), (10, 30), (18, 110), (0, 17), (16, 60), (10, 17))
SHARES = (1.0, 0.625, 0.125, 0.0)
MONTHS = (0.0, 12.0, 6.0, 1.0, 3.0, 18.0)
FOUND_BY = ("", "", "reported", "", *EVENTS)
OF_VICTIMS = ("reported", "emergency_department", "domestic_incident")  # who can be eased of harm
AMONG_PEOPLE = ("person", "children", "family")
RATIOS = (0.3, 0.6, 1.2, 1e-6, 2.0, 0.9, 1.0)
EASY = {"uptake": 1.0, "completion": 1.0, "lag_months": 0.0, "full_months": 18.0, "unit_cost": 20.0}
OPEN = {
    "event": "", "event_offences": (), "ages": (0, 110), "needs": (), "sexes": SEXES, "set_up_months": 0,
    "ramp_months": 0, "takes_no_money": False,
}  # fmt: skip
FOUND_BY_CASE = "out_of_court"


@dataclass(frozen=True)
class Ground:
    """All that a past follows from."""

    scale: float
    seed: int
    years: int
    draw: int | None


@dataclass(frozen=True)
class World:
    """One alternative of one replicate."""

    ground: Ground
    programmes: tuple[Programme, ...] = ()
    money: tuple[tuple[float, ...], ...] = ()  # (P, Y)
    practice: tuple[tuple[float, ...], ...] = ()  # (P, Y)
    numbers: Mapping[str, float] = field(default_factory=dict)  # of programmes that are made up, and what is changed
    carried: bool = False
    review: str = "fixed"
    groups: tuple[int, ...] = ()

    @property
    def values(self) -> dict[str, float]:
        """What is believed of every number."""
        return {**drawn_values(self.ground.draw), **self.numbers}

    def inputs(self) -> ModelInputs:
        """What the model is handed."""
        shape, known = (len(self.programmes), self.ground.years), everything()
        rows = [ratio_row(e.ratio, self.numbers) for p in self.programmes for e in p.effects if e.ratio not in known]
        rows = list({row.id: row for row in rows}.values())
        return ModelInputs(
            load_area("west_mercia"), known.merge(rows) if rows else known, self.programmes,
            np.array(self.money, dtype=np.float64).reshape(shape), START, self.ground.years, self.ground.scale,
            practice=np.array(self.practice, dtype=np.float64).reshape(shape), carried=self.carried,
            review=self.review, review_groups=self.groups,
        )  # fmt: skip

    def with_money(self, pounds: float, practice: float = 0.0) -> "World":
        """The same with so many pounds for each programme every year, and so much of each practice."""
        def spread(amount: float, which: bool) -> tuple[tuple[float, ...], ...]:
            return tuple((amount * (p.takes_no_money == which),) * self.ground.years for p in self.programmes)

        return replace(self, money=spread(pounds, False), practice=spread(practice, True))

    def with_ratios(self, ratio: float) -> "World":
        """The same where every effect of every programme is believed to be this ratio."""
        told = {effect.ratio: ratio for programme in self.programmes for effect in programme.effects}
        return replace(self, numbers={**self.numbers, **told})


def ratio_row(name: str, numbers: Mapping[str, float]) -> Row:
    """A row of evidence for the ratio of a programme that is made up: a review may read it."""
    return Row(name, numbers[name], "ratio", "judgement", "judgement", 1)


@lru_cache(maxsize=1)
def schemes() -> dict[str, Scheme]:
    """Every scheme that comes with the package."""
    return {name: load_scheme(path) for name, path in shipped_schemes().items()}


@lru_cache(maxsize=1)
def everything() -> Evidence:
    """The model's rows and those of all shipped schemes."""
    return read().merge([row for scheme in schemes().values() for row in scheme.evidence.values()])


@lru_cache(maxsize=DRAWS + 1)
def drawn_values(draw: int | None) -> dict[str, float]:
    return draw_values(everything(), 3, draw, DRAWS)


@lru_cache(maxsize=64)
def past_of(ground: Ground) -> Past:
    """The past of a ground, lived once."""
    return live_past(World(ground).inputs(), drawn_values(ground.draw), ground.seed)


def begun(world: World, past: Past | None = None) -> PreventionModel:
    """The model of a world as its plan starts."""
    return PreventionModel(world.inputs(), world.values, world.ground.seed, past or past_of(world.ground))


def with_luck(past: Past, seed: int) -> Past:
    """The same people, with the luck of another seed."""
    laws = past.laws.copy()
    laws["seed"] = seed
    return past._replace(laws=laws)


def grounds(most_years: int = 3, wide: bool = False) -> st.SearchStrategy[Ground]:
    """Whose past; few seeds unless `wide`, so that a past serves several examples."""
    return st.builds(
        Ground, st.sampled_from(SCALES), st.integers(0, 2**63 - 1) if wide else st.integers(0, 1),
        st.integers(1, most_years), st.sampled_from((None, *range(DRAWS))) if wide else st.sampled_from((None, 5)),
    )  # fmt: skip


def some(names: tuple[str, ...], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True).map(tuple)


@st.composite
def made_up(
    draw: st.DrawFn, of: str, among: tuple[str, ...] = REACHES, without: tuple[str, ...] = ()
) -> tuple[Programme, dict[str, float]]:
    """A programme of random facts and its numbers; `without` names kinds of effect that it shall not have."""
    reaches = draw(st.sampled_from(among))
    person = reaches in AMONG_PEOPLE
    event, estimand = "", "access"
    if person:
        event, estimand = draw(st.sampled_from(FOUND_BY)), draw(st.sampled_from(OF_PEOPLE))
    elif reaches == "place":
        event, estimand = draw(st.sampled_from(WHERE)), "place"
    kinds = [kind for kind in KINDS_OF_EFFECT[reaches] if kind not in without]
    kinds = [kind for kind in kinds if kind != "harm" or event in OF_VICTIMS]
    effects = tuple(
        Effect(kind, draw(targets_of(kind)), f"{of}.ratio_{n}", "x", estimand, "nothing",
               draw(st.sampled_from(("", "", "partner"))) if kind == "offending" else "")
        for n, kind in enumerate(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3, unique=True)))
    )  # fmt: skip
    undoes = event == FOUND_BY_CASE and any(effect.kind == "disposal" for effect in effects)
    facts = Programme(
        id=of, name=of, tier=draw(st.sampled_from(TIERS)), event=event,
        event_offences=draw(rarely(some(OFFENCES, 8), ())) if person and event else (),
        ages=draw(st.sampled_from(AGES)), needs=draw(rarely(some(RISK_FACTORS, 4), ())) if person else (),
        effects=effects, set_up_months=draw(st.sampled_from((0, 0, 1, 4))),
        waiting_months=1 if undoes else draw(st.sampled_from((6, 1, 12))),
        sexes=draw(st.sampled_from((SEXES, SEXES, ("female",)))) if person else SEXES, reaches=reaches,
        ramp_months=draw(st.sampled_from((0, 0, 5))), run_down_months=draw(st.sampled_from((0, 0, 4))),
        takes_no_money=bool(person and event and draw(rarely(st.just(True), False))),
        covers=draw(st.sampled_from(("share", "home"))) if reaches == "place" else "share",
        quintiles=draw(st.sampled_from(((1, 2, 3, 4, 5), (1,), (1, 2)))) if reaches == "place" else (1, 2, 3, 4, 5),
        tool=draw(rarely(tools(of), None)) if reaches != "place" else None,
    )  # fmt: skip
    return facts, {f"{of}.{name}": value for name, value in draw(numbers_of(facts)).items()}


def targets_of(kind: str) -> st.SearchStrategy[tuple[str, ...]]:
    """What an effect of that kind may name."""
    if kind in QUALITIES:
        return st.sampled_from(((ALL_PROGRAMMES,), ("primary", "tertiary"), ("made_0", "parenting")))
    names = EFFECT_TARGETS[kind]
    return st.just(names) | some(names, 5)


def rarely(what: st.SearchStrategy, else_: object) -> st.SearchStrategy:
    """The first one time in four."""
    return st.integers(0, 3).flatmap(lambda n: what if n == 3 else st.just(else_))


def tools(of: str) -> st.SearchStrategy[Tool]:
    return st.builds(Tool, st.sampled_from(((ALL_PROGRAMMES,), (of, "made_0"))), st.just(OFFENCES) | some(OFFENCES, 6))


@st.composite
def numbers_of(draw: st.DrawFn, facts: Programme) -> dict[str, float]:
    """The numbers of a programme that is made up."""
    told = {effect.ratio.partition(".")[2]: draw(st.sampled_from(RATIOS)) for effect in facts.effects}
    yearly = facts.reaches == "system"
    told["unit_cost"] = draw(st.sampled_from((1e5, 1e6) if yearly else (20.0, 300.0, 4000.0)))
    months, shares = st.sampled_from(MONTHS), st.sampled_from(SHARES)
    told |= {f"{name}_months": draw(months) for name in ("lag", "fade", "stay")}
    told |= {"full_months": draw(st.sampled_from((18.0, 6.0, 1.0, 0.0))), "uptake": draw(shares)}
    told |= {"completion": draw(shares), "contacts_a_year": 6.0}
    if facts.reaches == "place":
        told |= {"covers": draw(st.sampled_from(SHARES[:-1])), "hot_share": 0.125}
        told |= {"spillover": draw(st.sampled_from((0.0, 0.5, -0.5, 1.0, -1.0)))}
    if facts.reaches == "place" or facts.tool:
        told |= {"sensitivity": draw(st.sampled_from((0.75, 1.0))), "specificity": draw(st.sampled_from((0.75, 1.0)))}
        told |= {"threshold": draw(st.sampled_from((0.05, 0.5))), "bias": draw(st.sampled_from((1.0, 2.0)))}
    if draw(st.booleans()):
        told |= {f"life_{name}_months": draw(months) for name in ("lag", "full", "fade")}
    if draw(st.booleans()):
        told |= {"commissioner_share": draw(st.sampled_from((0.5, 0.25))), "exit_cost": 5000.0}
    if facts.reaches == "place" and draw(st.booleans()):
        told["volunteer_hours"] = 12.5
    return told


def open_to_all(world: World) -> World:
    """The same where whatever is made up of people reaches everybody, at once, and is taken up."""
    mine = [p.id for p in world.programmes if p.id.startswith("made") and p.reaches in AMONG_PEOPLE]
    programmes = tuple(replace(p, **OPEN) if p.id in mine else p for p in world.programmes)
    easy = {f"{name}.{what}": value for name in mine for what, value in EASY.items()}
    return replace(world, programmes=programmes, numbers={**world.numbers, **easy}).with_money(5e7)


def with_strong(
    world: World, ratio: float, kind: str = "offending", event: str = "", pounds: float = 5e7, unit_cost: float = 20.0
) -> World:
    """The same with one more programme that reaches all for whom it has money, and acts on offences of any group, in
    that way and with that ratio; one on "offences" is of places."""
    place = kind == "offences"
    effect = Effect(kind, OFFENCES, "made_9.ratio", "x", "place" if place else "engaged", "nothing")
    scheme = Programme("made_9", "made_9", "secondary", "anywhere" if place else event, (), (0, 110), (), (effect,), 0,
                       12, reaches="place" if place else "person")  # fmt: skip
    numbers = {**EASY, "ratio": ratio, "unit_cost": unit_cost, "fade_months": 0.0, "stay_months": 1.0, "covers": 1.0,
               "spillover": 0.5}  # fmt: skip
    numbers = {f"made_9.{name}": value for name, value in numbers.items()}
    nothing = (0.0,) * world.ground.years
    return replace(
        world, programmes=(*world.programmes, scheme), money=(*world.money, (pounds,) * world.ground.years),
        practice=(*world.practice, nothing), numbers={**world.numbers, **numbers}, review="fixed", groups=(),
    )  # fmt: skip


def is_fit(programme: Programme, among: tuple[str, ...], without: tuple[str, ...]) -> bool:
    return programme.reaches in among and not {effect.kind for effect in programme.effects} & set(without)


@st.composite
def worlds(
    draw: st.DrawFn, wide: bool = False, among: tuple[str, ...] = REACHES, without: tuple[str, ...] = (),
    most_years: int = 3, sizes: tuple[int, ...] = (2, 1, 3, 0), always: tuple[str, ...] = (),
) -> World:
    """A small world: made-up and shipped programmes in any order, money that comes and goes by year. `sizes` are the
    numbers of programmes that may be made up, `always` names shipped ones that are there in any case."""
    ground = draw(grounds(most_years, wide))
    made = [draw(made_up(f"made_{n}", among, without)) for n in range(draw(st.sampled_from(sizes)))]
    fit = tuple(name for name, one in schemes().items() if is_fit(one.programme, among, without))
    fitting = tuple(name for name in fit if name not in always)
    shipped = [*always, *(draw(st.lists(st.sampled_from(fitting), max_size=4, unique=True)) if fitting else ())]
    programmes = draw(st.permutations([facts for facts, _ in made] + [schemes()[name].programme for name in shipped]))
    amounts, met = st.sampled_from(POUNDS), st.sampled_from((1.0, 0.5, 0.0))
    money = [
        tuple(0.0 if p.takes_no_money else draw(amounts) for _ in range(ground.years)) for p in programmes
    ]
    practice = [tuple(draw(met) if p.takes_no_money else 0.0 for _ in range(ground.years)) for p in programmes]
    return World(
        ground, tuple(programmes), tuple(money), tuple(practice),
        {name: value for _, numbers in made for name, value in numbers.items()}, draw(st.booleans()),
        draw(st.sampled_from(REVIEWS)), tuple(draw(st.integers(0, 1)) for _ in programmes),
    )  # fmt: skip
