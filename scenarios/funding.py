"""Lines of funding: every pound of a plan comes from one that is there, that year, for that programme.

Who pays for what is found by a linear programme that uses the most tightly ring-fenced money first.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from model.inputs import Programme
from model.vocabulary import TIERS
from scenarios.budget import by_year, for_victims, members, money_of
from scenarios.calendar_years import financial_year_name, first_year
from scenarios.faults import Fault
from scenarios.scenario_form import FundingForm, ScenarioForm
from scenarios.toml_files import TomlFile

if TYPE_CHECKING:
    from scenarios.scenario import Scenario

Pounds = NDArray[np.float64]
PENNY = 0.01


def move_faults(told: TomlFile, form: ScenarioForm, programmes: tuple[Programme, ...]) -> Iterator[Fault]:
    """A move takes money that is there, to somebody who can have it."""
    first, victims = form.start.year, for_victims(form.alternative)
    for at, one in enumerate(form.alternative):
        for number in range(len(one.move)):
            before = one.model_copy(update={"move": one.move[:number]})
            money = money_of([*form.alternative[:at], before], programmes, first, form.years)[one.name]
            move = one.move[number]
            late = money[:, max(first_year(move.year) - first, 0) :]
            given = late[members(move.source, programmes, victims)].sum(axis=0)
            taken = late[members(move.to or "", programmes, victims)].sum(axis=0)
            nobody = move.to in TIERS and bool((taken[given > 0] == 0).any())
            poor = move.source if not given.any() else move.to if nobody else ""
            if poor:
                what = f"alternative {one.name!r} moves money with {poor!r}, which has none in years from {move.year}"
                yield told.fault(("alternative", at, "move"), what, "name one that has money then")


def funding_faults(
    scenario: "Scenario", needed: Mapping[str, Pounds], made: bool = False
) -> Iterator[Fault]:
    """Pounds `needed` (P, Y) by an alternative, run-down and exit among them, that no line pays: by those of the file
    (those that --attribute makes are parts of one that was looked at), or by those that were `made` beside them."""
    form, told, programmes, first = scenario.form, scenario.told, scenario.programmes, scenario.form.start.year
    budget = scenario.money()
    of_file = scenario.in_the_file
    for name, money in needed.items() if form.funding else ():
        if (name in of_file) == made:
            continue
        lines = lines_of(form, name)
        there, may_pay = available(lines, first, form.years), allowed(lines, programmes)
        for year in range(form.years):
            paid = allocate(money[:, year], there[:, year], may_pay)
            short = money[:, year] - paid.sum(axis=0)
            if short.sum() <= PENNY:
                continue
            names = ", ".join(programmes[p].id for p in np.flatnonzero(short > PENNY))
            what = (
                f"alternative {name!r} has {short.sum():,.0f} pounds for {names} in "
                f"{financial_year_name(first + year)} that no line of funding pays"
            )
            mend = lines_in_words(lines, there[:, year], first + year)
            if not budget[name][short > PENNY, year].any():
                mend = f"it is the run-down or exit of a scheme: let a line pay it. {mend}"
            yield told.fault(("alternative", of_file.get(name, 0)), what, mend)
            break


def carried_faults(scenario: "Scenario") -> Iterator[Fault]:
    """Money that is carried knows no line: a line may not end while others go on paying for what it paid for."""
    form, first = scenario.form, scenario.form.start.year
    if form.underspend != "carried":
        return
    for name, money in scenario.money().items():
        lines = lines_of(form, name)
        there, may_pay = available(lines, first, form.years), allowed(lines, scenario.programmes)
        for line, year in np.argwhere((there[:, :-1] > 0.0) & (there[:, 1:] == 0.0)):
            went_on = may_pay[line] & (money[:, year] > 0.0) & (money[:, year + 1] > 0.0)
            if went_on.any():
                ids = ", ".join(scenario.programmes[p].id for p in np.flatnonzero(went_on))
                when = financial_year_name(first + int(year))
                what = f"{lines[line].source!r} ends with {when}, and {ids} could spend it later"
                what = f'underspend = "carried": {what}'
                yield scenario.told.fault(("underspend",), what, 'write underspend = "returned"')
                return


def funding_of(scenario: "Scenario", needed: Mapping[str, Pounds]) -> list[dict[str, str | int | float]]:
    """Which line pays how much of the pounds `needed` (P, Y), run-down and exit among them, by alternative."""
    form, programmes, first = scenario.form, scenario.programmes, scenario.form.start.year
    told: list[dict[str, str | int | float]] = []
    for name, money in needed.items():
        lines = lines_of(form, name)
        there, may_pay = available(lines, first, form.years), allowed(lines, programmes)
        for year in range(form.years):
            paid = allocate(money[:, year], there[:, year], may_pay)
            told += [
                {"alternative": name, "year": first + year, "source": lines[line].source,
                 "programme": programmes[p].id, "pounds": round(float(paid[line, p]), 2)}
                for line, p in np.argwhere(paid > PENNY)
            ]  # fmt: skip
    return told


def groups_of_money(form: ScenarioForm, alternative: str, programmes: tuple[Programme, ...]) -> tuple[int, ...]:
    """(P,) a number for each programme: those that the same lines may pay, and that are of the same part of a split.
    A review may move money between them and no others."""
    lines = lines_of(form, alternative)
    may_pay = allowed(lines, programmes) if lines else np.zeros((0, len(programmes)), dtype=np.bool_)
    victims = for_victims(form.alternative)
    keys = [(programme.id in victims, *may_pay[:, p].tolist()) for p, programme in enumerate(programmes)]
    known = sorted(set(keys))
    return tuple(known.index(key) for key in keys)


def lines_of(form: ScenarioForm, alternative: str) -> list[FundingForm]:
    """The lines that are there in an alternative."""
    return [line for line in form.funding if not line.alternatives or alternative in line.alternatives]


def lines_in_words(lines: Sequence[FundingForm], there: Pounds, year: int) -> str:
    """Which lines have ended before a financial year, and what the others have then, `there` (L,), and for what."""
    gone = [bool(line.end) and first_year(str(line.end)) < year for line in lines]
    ended = ", ".join(line.source for line, over in zip(lines, gone, strict=True) if over)
    told = [f"ended before: {ended}"] if ended else []
    told += [
        f"{line.source!r} has {pounds:,.0f} pounds for {', '.join(line.ring_fence) or 'anything'}"
        for line, pounds, over in zip(lines, there, gone, strict=True) if not over
    ]  # fmt: skip
    return "; ".join(told) or "this alternative has no line of funding"


def available(lines: Sequence[FundingForm], first: int, years: int) -> Pounds:
    """(L, Y) pounds of each line in each financial year."""
    table = np.zeros((len(lines), years))
    for at, line in enumerate(lines):
        table[at] = by_year(line.pounds_a_year, first, years)
        if line.end:
            table[at, max(first_year(line.end) - first + 1, 0) :] = 0.0
    return table


def allowed(lines: Sequence[FundingForm], programmes: Sequence[Programme]) -> NDArray[np.bool_]:
    """(L, P) which line may pay for which programme."""
    table = np.ones((len(lines), len(programmes)), np.bool_)
    for at, line in enumerate(lines):
        if line.ring_fence:
            table[at] = np.any([members(name, programmes) for name in line.ring_fence], axis=0)
    return table


def allocate(needed: Pounds, there: Pounds, may_pay: NDArray[np.bool_]) -> Pounds:
    """(L, P) who pays for what: as much of `needed` (P,) as the lines `there` (L,) can, the tightest first."""
    lines, programmes = may_pay.shape
    paid = np.zeros((lines, programmes))
    pairs = np.argwhere(may_pay)
    if not len(pairs) or not needed.any():
        return paid
    rows = np.zeros((lines + programmes, len(pairs)))
    rows[pairs[:, 0], np.arange(len(pairs))] = 1.0
    rows[lines + pairs[:, 1], np.arange(len(pairs))] = 1.0
    breadth = may_pay.sum(axis=1) / (programmes + 1.0)
    found = linprog(
        breadth[pairs[:, 0]] - 2.0, A_ub=rows, b_ub=np.concatenate([there, needed]), bounds=(0, None), method="highs"
    )
    paid[pairs[:, 0], pairs[:, 1]] = found.x
    return paid
