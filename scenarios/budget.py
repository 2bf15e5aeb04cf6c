"""From the keys of an alternative's budget to pounds by programme and financial year."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from model.inputs import Programme
from model.vocabulary import TIERS
from scenarios.calendar_years import first_year
from scenarios.form import PoundsByYear
from scenarios.scenario_form import AlternativeForm, MoveForm

Pounds = NDArray[np.float64]  # (P, Y)


def by_year(pounds: PoundsByYear, first: int, years: int) -> Pounds:
    """Pounds in each of `years` financial years from `first`; nothing before the first year named."""
    if not isinstance(pounds, Mapping):
        return np.full(years, float(pounds))
    told = {first_year(name): amount for name, amount in pounds.items()}
    amounts, last = [], 0.0
    for year in range(first, first + years):
        last = told.get(year, last)
        amounts.append(last)
    return np.array(amounts)


def named_in(alternatives: Sequence[AlternativeForm]) -> set[str]:
    """Ids of the programmes that the alternatives give money to, take it from, or practise."""
    named: set[str] = set()
    for one in alternatives:
        named |= {*one.shares, *one.victims_shares, *one.more, *one.practice}
        named |= {name for move in one.move for name in (move.source, move.to) if name and name not in TIERS}
    return named


def money_of(
    alternatives: Sequence[AlternativeForm], programmes: Sequence[Programme], first: int, years: int
) -> dict[str, Pounds]:
    """Pounds of every alternative, by its name."""
    ids = [programme.id for programme in programmes]
    by_name: dict[str, Pounds] = {}
    victims = for_victims(alternatives)
    for one in alternatives:
        money = by_name[one.like].copy() if one.like else np.zeros((len(ids), years))
        whole = by_year(one.pounds_a_year or 0.0, first, years)
        for_prevention = whole * (one.split.prevention if one.split else 1.0) + by_year(
            one.uplift or 0.0, first, years
        )
        for name, share in one.shares.items():
            money[ids.index(name)] += for_prevention * share
        for name, share in one.victims_shares.items():
            money[ids.index(name)] += whole * (one.split.victims if one.split else 0.0) * share
        for name, pounds in one.more.items():
            money[ids.index(name)] += by_year(pounds, first, years)
        for move in one.move:
            money = moved(money, move, programmes, first, victims)
        by_name[one.name] = money
    return by_name


def for_victims(alternatives: Sequence[AlternativeForm]) -> frozenset[str]:
    """Ids of the services that the victims' part of a split pays for."""
    return frozenset(name for one in alternatives for name in one.victims_shares)


def moved(
    money: Pounds, move: MoveForm, programmes: Sequence[Programme], first: int, victims: frozenset[str]
) -> Pounds:
    """The money after one move. Of a tier, each programme gives and gets in proportion to what it has; services that
    the victims' part of a split pays for give and get by their own name alone."""
    years = np.arange(money.shape[1]) + first
    share = move.share * np.clip((years - first_year(move.year) + 1) / move.over_years, 0.0, 1.0)
    gone = np.where(members(move.source, programmes, victims)[:, None], money * share, 0.0)
    if move.to is None:
        return money - gone
    kept = money - gone
    takes = members(move.to, programmes, victims)[:, None] * (np.ones_like(money) if move.to not in TIERS else kept)
    whole = takes.sum(axis=0)
    gone = gone * (whole > 0)  # where nobody could take it, it stays
    shares = np.divide(takes, whole, out=np.zeros_like(takes), where=whole > 0)
    return money - gone + shares * gone.sum(axis=0)


def members(
    name: str, programmes: Sequence[Programme], victims: frozenset[str] = frozenset()
) -> NDArray[np.bool_]:
    """(P,) the programmes that an id means, or a tier without those services for victims."""
    return np.array([name == one.id or (name == one.tier and one.id not in victims) for one in programmes])


def practice_of(
    alternatives: Sequence[AlternativeForm], programmes: Sequence[Programme], years: int
) -> dict[str, Pounds]:
    """(P, Y) of every alternative: the share of those met that a practice which takes no money is applied to."""
    by_name: dict[str, Pounds] = {}
    for one in alternatives:
        shares = by_name[one.like].copy() if one.like else np.zeros((len(programmes), years))
        for number, programme in enumerate(programmes):
            if programme.id in one.practice:
                shares[number] = one.practice[programme.id]
        by_name[one.name] = shares
    return by_name
