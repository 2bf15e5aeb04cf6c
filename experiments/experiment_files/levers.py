"""Levers: what a commissioner can set, as inputs of an experiment, and the policies that come of it.

A lever is a place u between 0 and 1 in what it may be: any number between two, one of some whole steps, or one of a
list, each as likely (a place is mapped to the floor of u times how many there are).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from experiments.plan import too_small, with_endings
from scenarios import Fault, Scenario
from scenarios.funding import funding_faults
from scenarios.scenario_form import AlternativeForm

Setting = float | str
WHOLE = 0.5  # pounds between two ends are rounded to whole ones where the ends are further apart


@dataclass(frozen=True)
class Lever:
    """Something that is set."""

    name: str
    sets: str  # the key of an alternative: more.PROGRAMME, practice.PROGRAMME or review
    between: tuple[float, float] | None = None
    choices: tuple[Setting, ...] = ()  # what it may be, where not anything between

    ends = (0.0, 1.0)  # where its range begins and ends, as a place
    alters_past = False  # money comes after it

    @property
    def id(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return f"Lever: {self.name.replace('_', ' ')}"

    def at(self, place: float) -> Setting:
        """What it is set to at a place from 0 to 1."""
        if self.between is None:
            return self.choices[min(int(place * len(self.choices)), len(self.choices) - 1)]
        low, high = self.between
        told = low + place * (high - low)
        return float(round(told)) if high - low > 1.0 else told

    def range_words(self) -> str:
        ends = self.between or (self.choices[0], self.choices[-1])
        if self.between is None and not all(isinstance(one, float) for one in self.choices):
            return ", ".join(map(words, self.choices))
        return f"{words(ends[0])} to {words(ends[1])}"


class Policy(NamedTuple):
    """A policy with its levers set."""

    like: str  # the alternative that it is, but for the levers
    settings: tuple[Setting | None, ...]  # one a lever; None where it is left as it is


def words(setting: Setting) -> str:
    return setting if isinstance(setting, str) else f"{setting:,.10g}"


def places_of(number: int, levers: Sequence[Lever], seed: int) -> np.ndarray:
    """(number, levers) places that cover what the levers may be: a Latin hypercube."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(len(levers), rng=np.random.default_rng(seed)).random(number))


def with_policies(scenario: Scenario, levers: Sequence[Lever], made: Mapping[str, Policy]) -> Scenario:
    """The scenario with these policies beside its own alternatives, by name. A line of funding that is there in a
    policy is there in those like it."""
    added = [alternative_of(scenario, levers, name, policy) for name, policy in made.items()]
    funding = [
        line.model_copy(
            update={"alternatives": [
                *line.alternatives, *(name for name, policy in made.items() if policy.like in line.alternatives)
            ]}
        )
        for line in scenario.form.funding
    ]  # fmt: skip
    update = {"alternative": [*scenario.form.alternative, *added], "funding": funding}
    only = scenario.only | set(made) if scenario.only else scenario.only
    return replace(scenario, form=scenario.form.model_copy(update=update), only=only)


def alternative_of(scenario: Scenario, levers: Sequence[Lever], name: str, policy: Policy) -> AlternativeForm:
    """A policy as the file would tell it: the alternative that it is like, with the keys set that the levers set."""
    like = next(one for one in scenario.form.alternative if one.name == policy.like)
    moved = [(one, value) for one, value in zip(levers, policy.settings, strict=True) if value is not None]
    update: dict[str, Any] = {"more": dict(like.more), "practice": dict(like.practice)}
    for lever, setting in moved:
        key, _, programme = lever.sets.partition(".")
        if programme:
            update[key][programme] = setting
        else:
            update[key] = setting
    set_to = ", ".join(f"{one.name.replace('_', ' ')} {words(value)}" for one, value in moved)
    title = f"{like.title}, with {set_to}"
    return like.model_copy(update=update | {"name": name, "title": title, "note": "Made from the levers."})


def policy_faults(scenario: Scenario) -> list[Fault]:
    """What money and lines of funding do not bear of the policies that were made: those that the file does not have."""
    needed = with_endings(scenario) if scenario.form.funding else {}
    return [*too_small(scenario, made=True), *funding_faults(scenario, needed, made=True)]
