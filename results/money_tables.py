"""The tables of money: who gains (the four lines of `economics/ledger.py`, apart), and what it comes to for society."""

import json
from collections.abc import Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from results.compare import (
    CENTILES,
    ENOUGH_RUNS,
    averted,
    comparator_of,
    estimates,
    others,
    range_words,
)
from results.economics.agencies import TRANSFERS
from results.economics.appraisal import Appraisal, appraisal, spends_more
from results.economics.ledger import (
    LINES,
    capacity_of_the_force,
    cash_to_the_force,
    other_public_services,
    present,
    present_social,
    worth_of_capacity,
)
from results.labels import programme_names, words, year_name
from results.plan_years import SURE, gains_surely
from results.prices import shipped
from results.readings import PARTS, reading_of
from results.table_rows import Cell, Rows, present_pounds_of

NO_CASH = "no post goes under this plan, so nothing is banked"
CAPACITY = "capacity, not cash"
TRANSFER = "a transfer: no gain to society"
NONE_ON_AVERAGE = "on average nothing to divide by: no figure"
NONE_IN_SOME = "in some runs nothing to divide by: no upper end"
NO_RATIO = "costs no more than the comparator in some run: a ratio would mislead"
SEE_TURNED = "costs less than the comparator: the rows turned round tell what the comparator buys beyond it"
TURNED = "turned round, "  # before a measure of what the comparator spends beyond an alternative that does without
NO_CLEAR_NET = f"not told: fewer than {100 * SURE:.0f} in 100 of the runs have a net benefit, or there is one alone"
NO_PLACES = ("place", "system")  # what a scheme reaches that takes up no place of a person
TOLD_ONCE = "each event is valued once; lines are never added up"


def who_gains(ds: xr.Dataset) -> Rows:
    """Over the plan, by alternative: cash, capacity, what other services do not spend, and social value."""
    comparator = comparator_of(ds)
    pounds = present_pounds_of(ds)
    cash, capacity, services, social = LINES
    rows: list[list[Cell]] = []

    def worth(runs: xr.DataArray) -> xr.DataArray:
        return present(ds, runs, shipped())

    def told(
        line: str, who: str, unit: str, basis: str, runs: xr.DataArray, said: str | Mapping[str, str]
    ) -> None:
        found = estimates(runs)
        for name in found.alternative.values:
            numbers = [float(found[part].sel(alternative=name)) for part in PARTS]
            sure = "" if line == cash else reading_of(numbers[0], numbers[-1])
            reading = said if isinstance(said, str) else said[str(name)]
            note = "; ".join(one for one in (reading, sure) if one)
            each = runs.sel(alternative=name).values
            counts = [int((each > 0).sum()), int((each < 0).sum())]
            rows.append([str(name), comparator, line, who, unit, basis, *numbers, *counts, note])

    posts = {name: posts_words(ds, name) for name in others(ds, comparator)}
    told(cash, "the force", pounds, "", worth(cash_to_the_force(ds, comparator)), posts)
    hours = capacity_of_the_force(ds, comparator).sum("year")
    for role in hours.role.values:
        told(capacity, words(str(role)), "hours", "", hours.sel(role=role), CAPACITY)
    for basis, runs in _by(worth(worth_of_capacity(ds, comparator)), "basis"):
        told(capacity, "what these hours cost", pounds, basis, runs, CAPACITY)
    for payer, spent in _by(worth(other_public_services(ds, comparator)), "payer"):
        for basis, runs in _by(spent, "basis"):
            told(services, words(payer), pounds, basis, runs, TRANSFER if payer == TRANSFERS else "")
    for what, runs in present_social(ds, comparator, shipped()).items():
        told(social, words(what), pounds, "", runs, "")
    order = [str(name) for name in ds.alternative.values]
    rows.sort(key=lambda row: order.index(str(row[0])))
    kind = range_words(ds.sizes["replicate"])
    return [
        "alternative", "comparator", f"line ({TOLD_ONCE})", "who", "unit", "basis", "averted (estimate)",
        f"averted (lower; {kind})", f"averted (upper; {kind})", "error",
        f"runs of {ds.sizes['replicate']} with a gain", f"runs of {ds.sizes['replicate']} with a loss", "reading",
    ], rows  # fmt: skip


def posts_words(ds: xr.Dataset, name: str) -> str:
    """Which posts go under an alternative and not under the comparator, and the other way round; or that none does."""
    own, theirs = (posts_of(ds, one) for one in (name, comparator_of(ds)))
    if own == theirs:
        return "the same posts go under both" if own else NO_CASH
    told = [f"posts that the scenario says go: {own}"] if own else []
    return "; ".join([*told, *([f"under {comparator_of(ds)}: {theirs}"] if theirs else [])])


def posts_of(ds: xr.Dataset, name: str) -> str:
    posts = json.loads(ds.attrs.get("posts_go") or "{}").get(name, [])
    return ", ".join(f"{one['posts']:g} of {words(one['role'])} from {year_name(one['year'])}" for one in posts)


def _by(values: xr.DataArray, dim: str) -> list[tuple[str, xr.DataArray]]:
    return [(str(name), values.sel({dim: name}, drop=True)) for name in values[dim].values]


def value_for_money(ds: xr.Dataset) -> Rows:
    """Over the plan, by alternative: cost before benefit, then what the two come to. Ratios are of means over runs,
    since a mean of ratios is pulled by the runs that spend least; their range is that of the runs."""
    comparator = comparator_of(ds)
    found, turned = (appraisal(ds, comparator, shipped(), other_way) for other_way in (False, True))
    more, less = (spends_more(ds, comparator, one) for one in (found, turned))
    pounds = present_pounds_of(ds)
    sums = (
        ("cost to all who pay", found.cost), ("of which the commissioner's", found.commissioner),
        ("cost to all who pay, corrected for optimism", found.corrected), ("benefit to society", found.benefit),
        ("net present social value", found.net),
        ("net present social value, cost corrected for optimism", found.benefit - found.corrected),
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for name in found.cost.alternative.values:
        own = [str(name), comparator]
        for measure, runs in sums:
            one = estimates(runs.sel(alternative=name))
            numbers = [float(one[part]) for part in PARTS]
            rows.append([*own, measure, pounds, *numbers[:-1], reading_of(numbers[0], numbers[-1])])
        for measure, unit, above, below in ratios(found, pounds):
            told = ratio_told(above.sel(alternative=name), below.sel(alternative=name))
            why = SEE_TURNED if name in less else NO_RATIO
            rows.append([*own, measure, unit, *(told if name in more else ("", "", "", why))])
        if name in more:
            rows += [[*own, *row] for row in of_one_scheme(ds, found, str(name), pounds)]
        rows += [[*own, *row] for row in chances(found, str(name), name in more)]
        if name in less:
            rows += [[*own, *row] for row in turned_round(turned, str(name), pounds)]
    kind = range_words(ds.sizes["replicate"])
    ends = ["estimate", f"lower ({kind})", f"upper ({kind})", "reading"]
    return ["alternative", "comparator", "measure (over the plan, beyond the comparator)", "unit", *ends], rows


def ratios(found: Appraisal, pounds: str) -> tuple[tuple[str, str, xr.DataArray, xr.DataArray], ...]:
    """Each measure that divides: its name, its unit, what is divided and by what."""
    return (
        ("benefit-cost ratio", "benefit for each pound of cost", found.benefit, found.cost),
        ("benefit-cost ratio, cost corrected for optimism", "benefit for each pound of cost", found.benefit,
         found.corrected),
        ("fiscal return", "pounds that public purses need not spend, hours of the force not among them, for each pound "
         "of cost", found.public, found.cost),
        ("break-even effect", "share of the effect found at which benefit meets cost", found.cost, found.benefit),
        ("cost of an offence averted", f"{pounds}; offences discounted alike", found.cost, found.offences),
        ("cost of a day of crime harm averted", f"{pounds}; days discounted alike", found.cost, found.harm_days),
    )  # fmt: skip


def turned_round(turned: Appraisal, name: str, pounds: str) -> list[list[Cell]]:
    """What the comparator spends beyond an alternative that does without, and what that buys: an appraisal turned
    round."""
    rows: list[list[Cell]] = [
        [measure, unit, *ratio_told(above.sel(alternative=name), below.sel(alternative=name))]
        for measure, unit, above, below in ratios(turned, pounds)
    ]
    return [[f"{TURNED}{row[0]}", *row[1:]] for row in (*rows, *chances(turned, name, True))]


def of_one_scheme(ds: xr.Dataset, found: Appraisal, name: str, pounds: str) -> list[list[Cell]]:
    """What a place costs, and the most that it might, where one scheme of people alone gets the money."""
    differs = averted(ds, "programme_spend", comparator_of(ds)).sel(alternative=name)
    those = [str(one) for one in ds.programme.values if np.abs(differs.sel(programme=one)).max() > 0.5]
    if len(those) != 1 or str(ds.reaches.sel(programme=those[0]).values) in NO_PLACES:
        return []
    taken = -averted(ds, "programme_starts", comparator_of(ds)).sel(alternative=name, programme=those[0])
    places, unit = present(ds, taken, shipped()), f"{pounds}; places discounted alike"
    scheme = programme_names(ds)[those[0]]
    return [
        [f"cost of a place taken up: {scheme}", unit, *ratio_told(found.cost.sel(alternative=name), places)],
        [f"break-even cost of a place: {scheme}", unit, *ratio_told(found.benefit.sel(alternative=name), places)],
    ]


def ratio_told(above: xr.DataArray, below: xr.DataArray) -> list[Cell]:
    """The ratio of two means over runs (replicate,), its range over the runs, and what to keep in mind of it: where
    either mean is not told from zero, a ratio of them is no clearer. Where a run has nothing to divide by the ratio has
    no upper end, and without any on average no figure."""

    def ratio(one: NDArray[np.float64], of: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.divide(one, of, out=np.full(one.shape, np.inf), where=of > 0)

    each, whole = ratio(above.values, below.values), float(ratio(above.values.mean(None), below.values.mean(None)))
    if np.isinf(whole):
        return ["", "", "", NONE_ON_AVERAGE]
    centiles = (0.0, 1.0) if each.size < ENOUGH_RUNS else CENTILES
    lower, upper = (float(end) for end in np.quantile(each, centiles, method="nearest"))
    both = [reading_of(float(one.estimate), float(one.error)) for one in (estimates(above), estimates(below))]
    notes = dict.fromkeys([*both, NONE_IN_SOME if np.isinf(each).any() else ""])
    return [whole, lower, upper if np.isfinite(upper) else "", "; ".join(one for one in notes if one)]


def chances(found: Appraisal, name: str, spends: bool) -> list[list[Cell]]:
    """In how many of the runs there is a net benefit, and in how many it comes within these years."""
    net, back = (one.sel(alternative=name).values for one in (found.net, found.payback))
    unit = f"runs of {net.size}"
    dear = found.benefit.sel(alternative=name).values - found.corrected.sel(alternative=name).values
    rows: list[list[Cell]] = [
        ["runs with a net benefit", unit, int((net > 0).sum()), "", "", ""],
        ["runs with a net benefit, cost corrected for optimism", unit, int((dear > 0).sum()), "", "", ""],
    ]
    if spends:
        when = float(np.median(back)) + 1.0  # by the end of that year
        if gains_surely(found.net.sel(alternative=name)):
            note = ""
        else:
            note = NO_CLEAR_NET if np.isfinite(when) else "half of the runs or more do not pay back within these years"
        rows.append(["runs that pay back within these years", unit, int(np.isfinite(back).sum()), "", "", ""])
        rows.append(["payback", "years from the start, median of runs", "" if note else when, "", "", note])
    return rows
