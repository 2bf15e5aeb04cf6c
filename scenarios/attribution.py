"""What one tier, or one programme, of the comparator's plan does: the plan with its money withheld, and its money
alone against none. What the comparator practises without money is kept in all of them. They are alternatives
like any other, lived by the same people, and differ by the interaction (queues, overlap, people who are met
twice), which is shown and shared out to nobody.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.inputs import Programme
from model.vocabulary import TIERS
from scenarios.calendar_years import financial_year_name
from scenarios.faults import Fault, InputFaults
from scenarios.scenario import Attribution, Part, Scenario
from scenarios.scenario_form import AlternativeForm, PostsForm

BY = ("tier", "programme")
NOTHING = "no_money"
Pounds = NDArray[np.float64]


def attributed(scenario: Scenario, by: str) -> Scenario:
    """The scenario with the alternatives that tell its comparator's tiers or programmes apart.

    An alternative of the file that is the same plan serves, instead of a second one. Raises InputFaults when
    the comparator has no money, or a name that is needed is taken by another plan.
    """
    if by not in BY:
        raise ValueError(f"{by!r} is none of {', '.join(BY)}")
    if scenario.review(scenario.comparator) != "fixed":
        what = f"{scenario.comparator!r} is reviewed each year: what a part of it does cannot be told from the review"
        raise InputFaults([_fault(scenario, what, "tell apart a plan that is kept")])
    money = scenario.money()
    practice = {name: one.practice for name, one in scenario.inputs().items()}
    kept = practice[scenario.comparator]
    whole = money[scenario.comparator]
    groups = groups_of(scenario.programmes, whole, by)
    if not groups:
        raise InputFaults([_fault(scenario, f"{scenario.comparator!r} has no money to attribute", "give it some")])
    added: list[AlternativeForm] = []

    def plan(name: str, title: str, pounds: Pounds) -> str:
        """The name of an alternative with these pounds: one that there is, or a new one."""
        for known, those in money.items():
            alike = known not in practice or _same(practice[known], kept)
            if np.array_equal(those, pounds) and alike and scenario_keeps(known):
                return known
        if name in money:
            what = f"--attribute {by} needs the name {name!r}, which another plan has"
            raise InputFaults([_fault(scenario, what, "give that alternative another name")])
        money[name] = pounds
        added.append(_alternative(scenario, name, title, pounds))
        return name

    def scenario_keeps(name: str) -> bool:
        return name not in practice or scenario.review(name) == "fixed"

    nothing = plan(NOTHING, "No money", np.zeros_like(whole))
    parts = []
    for name, title, members in groups:
        alone = np.where(members[:, None], whole, 0.0)
        parts.append(
            Part(
                name,
                without=plan(f"without_{name}", f"The plan without {title}", whole - alone),
                alone=plan(f"only_{name}", f"Of the plan, only {title}", alone),
            )
        )
    form = scenario.form.model_copy(update={"alternative": [*scenario.form.alternative, *added]})
    return replace(scenario, form=form, attribution=Attribution(by, nothing, tuple(parts)))


def groups_of(programmes: tuple[Programme, ...], money: Pounds, by: str) -> list[tuple[str, str, NDArray[np.bool_]]]:
    """Name, words and members (P,) of each tier or programme that has money."""
    paid = money.sum(axis=1) > 0
    if by == "programme":
        return [(p.id, p.name, np.arange(len(programmes)) == at) for at, p in enumerate(programmes) if paid[at]]
    tiers = np.array([programme.tier for programme in programmes])
    return [(tier, f"{tier} prevention", tiers == tier) for tier in TIERS if paid[tiers == tier].any()]


def _alternative(scenario: Scenario, name: str, title: str, pounds: Pounds) -> AlternativeForm:
    """Pounds (P, Y) as an alternative of the file would tell them: more than nothing, by financial year."""
    years = [financial_year_name(scenario.form.start.year + at) for at in range(pounds.shape[1])]
    more = {
        programme.id: {year: float(one) for year, one in zip(years, row, strict=True)}
        for programme, row in zip(scenario.programmes, pounds, strict=True)
        if row.any()
    }
    return AlternativeForm.model_construct(
        name=name, title=title, note="Made by --attribute.", pounds_a_year=0.0, shares={}, like=None, more=more,
        practice=_practice(scenario, scenario.comparator), posts_go=_posts(scenario, scenario.comparator),
    )  # fmt: skip


def _practice(scenario: Scenario, name: str) -> dict[str, float]:
    """What an alternative practises without money, with what it takes over from those it is like."""
    one = next(alternative for alternative in scenario.alternatives if alternative.name == name)
    return {**(_practice(scenario, one.like) if one.like else {}), **one.practice}


def _posts(scenario: Scenario, name: str) -> list[PostsForm]:
    """The posts that go under an alternative, with those of the one it is like: no part of a plan brings them back."""
    one = next(alternative for alternative in scenario.alternatives if alternative.name == name)
    return [*(_posts(scenario, one.like) if one.like else []), *one.posts_go]


def _same(one: Pounds | None, other: Pounds | None) -> bool:
    return one is other or (one is not None and other is not None and np.array_equal(one, other))


def _fault(scenario: Scenario, what: str, mend: str) -> Fault:
    return scenario.told.fault(("comparator",), what, mend)
