"""The charts of money: who gains, how cost and worth add up, and what an offence averted would have to be worth."""

import numpy as np
import xarray as xr

from results import drawing, drawing_money
from results.chart import Chart, band, place_and_period, series_of
from results.compare import (
    comparator_of,
    estimates,
    figure,
    is_clear_gain,
    is_distinguishable,
    others,
    rounding_unit,
    significant,
)
from results.drawing import Series
from results.drawing_money import Cloud, Purses
from results.economics.appraisal import Appraisal, appraisal, spends_more
from results.economics.ledger import (
    cash_to_the_force,
    other_public_services,
    present,
    present_social,
    worth_of_capacity,
)
from results.labels import capital, quoted, spoken, words, year_name
from results.measures import clearly_fewer
from results.money_tables import who_gains
from results.plan_years import SURE, net_so_far, paybacks_told, plan_end, so_far_by_year
from results.prices import shipped
from results.readings import PARTS, UNCLEAR, largest_clear, range_in_words, signed
from results.table_rows import Cell, Rows, present_pounds_of, present_prices_of

THOUSAND = 1e3
STEPS = 101  # of what an offence averted may be worth
NOT_SUMMED = "Lines are apart and never added up; each event is valued once. Services are told at the margin."
CONSEQUENCES = "Anticipation of crime is left out, and so is what comes after the run."


def gains(ds: xr.Dataset) -> Chart:
    """Who gains, line by line, in pounds."""
    comparator = comparator_of(ds)
    runs, rows = by_line(ds, comparator)
    told = estimates(runs).transpose("alternative", "line")
    series = series_of(runs, "line")
    most = largest_clear(told)
    return Chart(
        stem="who_gains",
        title="No line of who gains stands out clearly from chance" if most is None
        else f"Largest clear difference by who gains: {rows[most[1]]}, {series[most[0]].name}",
        subtitle=f"What is averted over the plan by who gains, £ thousand, {present_prices_of(ds)}, against "
        f"{quoted(comparator)}, {place_and_period(ds)}",
        picture=f"A panel for each alternative, with a point and its range for {len(rows)} lines.",
        alternative=f"In £ thousand against {quoted(comparator)}: "
        + "; ".join(f"{row}: {said_of(runs.isel(line=at))}" for at, row in enumerate(rows)) + ".",
        note=f"{NOT_SUMMED} Hours of the force are capacity, not cash; cash is that of posts that the scenario says "
        f"go. {CONSEQUENCES} {band(ds)}",
        table=who_gains(ds),
        draw=lambda: drawing.row_panels(rows, series, f"£ thousand gained beyond {quoted(comparator)} (left of zero: "
                                                      "lost)", set_apart=2),
    )  # fmt: skip


def by_line(ds: xr.Dataset, comparator: str) -> tuple[xr.DataArray, list[str]]:
    """(alternative, replicate, line) thousands of pounds, and what each line is called."""
    services = present(ds, other_public_services(ds, comparator).sel(basis="marginal", drop=True), shipped())
    social = present_social(ds, comparator, shipped())
    lines = {
        "Cash to the force": present(ds, cash_to_the_force(ds, comparator), shipped()),
        "Hours of the force (capacity)": present(
            ds, worth_of_capacity(ds, comparator).sel(basis="marginal", drop=True), shipped()
        ),
        **{f"{capital(words(str(name)))} (services)": services.sel(payer=name, drop=True)
           for name in services.payer.values},
        **{f"{capital(words(name))} (social)": runs for name, runs in social.items()},
    }  # fmt: skip
    runs = xr.concat(list(lines.values()), dim="line", coords="minimal", compat="override") / THOUSAND
    return runs.transpose("alternative", "replicate", "line"), list(lines)


def said_of(runs: xr.DataArray) -> str:
    """Gained or lost, (alternative, replicate), with its range; where neither is clear it says so."""
    told = estimates(runs)
    return ", ".join(
        f"{spoken(str(name))} {money_cell(told.sel(alternative=name))}" for name in told.alternative.values
    )


def money_cell(told: xr.Dataset) -> str:
    estimate, lower, upper, error = (float(told[part]) for part in PARTS)
    if lower == upper == 0:
        return "nothing"
    unit = rounding_unit(estimate, lower, upper)
    cell = signed(estimate, lower, upper, unit, "lost", "gained")
    if error == error and not is_distinguishable(estimate, error):
        return f"{UNCLEAR} ({range_in_words(lower, upper, unit, 'lost', 'gained')})"
    return f"{cell.figure} ({cell.range})" if cell.range else cell.figure


def cumulative(ds: xr.Dataset) -> Chart:
    """What the money has come to by the end of each year, in cash, for the public purse and for society."""
    comparator = comparator_of(ds)
    pounds = net_so_far(ds, comparator)
    sums = {name: runs / THOUSAND for name, runs in pounds.items()}
    years = [year_name(int(year)) for year in ds.year.values]
    more = spends_more(ds, comparator, appraisal(ds, comparator, shipped()))
    back = paybacks_told(pounds, more)
    shown = []
    for name in others(ds, comparator):
        lines = tuple(series(label, runs.sel(alternative=name)) for label, runs in sums.items())
        places = tuple(place_of(back[label][name]) if name in back[label] else None for label in sums)
        ends = int(np.searchsorted(ds.year.values, plan_end(ds, name)))
        shown.append(Purses(capital(spoken(name)), lines, places, ends))
    return Chart(
        stem="cumulative_net",
        title=title_of_payback(more, back),
        subtitle=f"What is gained less what the programmes cost, so far, £ thousand, {present_prices_of(ds)}, against "
        f"{quoted(comparator)}, {place_and_period(ds)}",
        picture="A panel for each alternative, with a line for cash, one for the public purse and one for society, in "
        "their ranges.",
        alternative="; ".join(
            f"{one.name}, by the end of {years[-1]}: "
            + " and ".join(f"{label} {money_cell(estimates(runs.sel(alternative=name).isel(year=-1)))}"
                           for label, runs in sums.items())
            for name, one in zip(others(ds, comparator), shown, strict=True)
        )
        + ".",
        note=(
            "Commissioner and force: the cash of posts that go, less what the commissioner spends. Public purse: what "
            "public services but the force need not spend at the margin, and that cash, less what the programmes cost "
            "all who pay; nobody banks it unless services then spend less. Society: that without "
            "benefits and taxes, with what hours of the force cost and what victims and the economy do not lose. "
            f"{CONSEQUENCES} {end_note(ds)} {band(ds)} "
            f"A payback, in the median run, is told where {100 * SURE:.0f} in 100 of the runs end with a gain."
        ),
        table=so_far_by_year(ds, pounds, back),
        draw=lambda: drawing_money.purses(
            years, shown, f"£ thousand so far beyond {quoted(comparator)} (below zero: a net cost)",
        ),
    )  # fmt: skip


def series(name: str, runs: xr.DataArray) -> Series:
    told = estimates(runs)
    return Series(name, told.estimate.values, told.lower.values, told.upper.values)


def place_of(years: float) -> int:
    """The place of the year by whose end it has paid back."""
    return int(np.ceil(years)) - 1


def end_note(ds: xr.Dataset) -> str:
    ends = {name: plan_end(ds, name) for name in others(ds, comparator_of(ds))}
    if told := [f"{spoken(name)} {year_name(end)}" for name, end in ends.items() if end < int(ds.year[-1])]:
        return f"Money ends with: {', '.join(told)}; what follows is beyond that plan."
    return "Money is spent in all years of the run, so that nothing beyond the plan is seen."


def title_of_payback(more: list[str], paid_back: dict[str, dict[str, float]]) -> str:
    """Which alternatives that cost more than the comparator pay back on average within these years."""
    if not more:
        return "No alternative costs more than the comparator in every run"
    told = [f"{purse}: {', '.join(map(spoken, back)) or 'none'}" for purse, back in paid_back.items()]
    return f"Which further spending clearly pays back within these years: {'; '.join(told)}"


def plane(ds: xr.Dataset) -> Chart:
    """Cost against offences averted, a point a run."""
    comparator = comparator_of(ds)
    found = appraisal(ds, comparator, shipped())
    clouds = [
        Cloud(capital(spoken(name)), found.offences.sel(alternative=name).values,
              found.cost.sel(alternative=name).values / THOUSAND)
        for name in others(ds, comparator)
    ]  # fmt: skip
    clear = [spoken(name) for name in clearly_fewer(ds, comparator)]
    return Chart(
        stem="cost_effectiveness_plane",
        title=f"Clearly fewer offences than under {quoted(comparator)}: {', '.join(clear) if clear else 'none'}",
        subtitle=f"Cost to all who pay, £ thousand, {present_prices_of(ds)}, and offences averted, discounted alike, "
        f"against {quoted(comparator)}, {place_and_period(ds)}",
        picture="A panel for each alternative, with a point for each run and a diamond at their mean.",
        alternative="; ".join(
            f"{one.name}: {figure(float(one.cost.mean()), 1.0)} and {figure(float(one.averted.mean()), 1.0)}, "
            f"more averted than under the comparator in {int((one.averted > 0).sum())} of {one.averted.size} runs"
            for one in clouds
        )
        + ".",
        note=f"Right of zero: fewer offences. Above zero: costs more. {band(ds)}",
        table=plane_table(ds, found),
        draw=lambda: drawing_money.planes(
            clouds, f"Offences fewer than under {quoted(comparator)}, discounted (left of zero: more)",
            "Cost beyond the comparator, £ thousand",
        ),
    )  # fmt: skip


def plane_table(ds: xr.Dataset, found: Appraisal) -> Rows:
    rows: list[list[Cell]] = [
        [str(name), int(run), float(found.cost.sel(alternative=name, replicate=run)),
         float(found.offences.sel(alternative=name, replicate=run))]
        for name in found.cost.alternative.values
        for run in ds.replicate.values
    ]  # fmt: skip
    return ["alternative", "run", f"cost beyond the comparator ({present_pounds_of(ds)})",
            "offences averted (discounted alike)"], rows  # fmt: skip


def acceptability(ds: xr.Dataset) -> Chart | None:
    """In what share of the runs an alternative is worth its cost, by what an offence averted is worth; None where none
    costs more than the comparator."""
    comparator = comparator_of(ds)
    found = appraisal(ds, comparator, shipped())
    more = spends_more(ds, comparator, found)
    if not more:
        return None
    pounds = worths(found, more)
    lines = {name: shares_worth(found, name, pounds) for name in more}
    rows: list[list[Cell]] = [
        [name, float(worth), float(share)]
        for name, line in lines.items()
        for worth, share in zip(pounds, line, strict=True)
    ]
    header = ["alternative", f"worth of an offence averted ({present_pounds_of(ds)})", "runs worth their cost (%)"]
    unit = f"What an offence averted is worth, £, {present_prices_of(ds)}"
    return Chart(
        stem="acceptability",
        title="How much an offence averted would have to be worth for further spending to meet its cost",
        subtitle=f"Share of runs in which it does, against {quoted(comparator)}, {place_and_period(ds)}",
        picture="A line for each alternative that costs more, by what an offence averted is worth.",
        alternative="; ".join(said_half(spoken(name), half_from(found, name)) for name in more) + ".",
        note=f"All of an alternative's worth is put on offences here: it is no sum of the lines. {band(ds)}",
        table=(header, rows),
        draw=lambda: drawing_money.acceptable(
            pounds, [(capital(spoken(name)), line) for name, line in lines.items()], unit
        ),
    )  # fmt: skip


def worths(found: Appraisal, names: list[str]) -> drawing.Floats:
    """From nothing to twice what the dearest offence costs on average, of alternatives that clearly avert some (a mean
    beside nothing may cost any sum); to 50,000 pounds where none does."""
    told = estimates(found.offences)
    each = [
        float(found.cost.sel(alternative=name).mean() / told.estimate.sel(alternative=name))
        for name in names
        if is_clear_gain(*(float(told[part].sel(alternative=name)) for part in ("estimate", "error")))
    ]
    most = 2.0 * max(each, default=25_000.0)
    return np.linspace(0.0, float(f"{most:.1g}"), STEPS)


def shares_worth(found: Appraisal, name: str, pounds: drawing.Floats) -> drawing.Floats:
    averted, cost = (one.sel(alternative=name).values for one in (found.offences, found.cost))
    return np.asarray(100.0 * (pounds[:, None] * averted >= cost).mean(axis=1), dtype=np.float64)


def half_from(found: Appraisal, name: str) -> float:
    """The least worth of an offence averted, pounds, at which half of the runs meet their cost; infinite where fewer
    than half avert any."""
    averted, cost = (one.sel(alternative=name).values for one in (found.offences, found.cost))
    each = np.sort(np.divide(cost, averted, out=np.full(cost.shape, np.inf), where=averted > 0.0))
    return float(each[-(-each.size // 2) - 1])


def said_half(name: str, pounds: float) -> str:
    if not np.isfinite(pounds):
        return f"{name}: in less than half of the runs, whatever an offence is worth"
    return f"{name}: in half of the runs from £{figure(significant(pounds, 2), 1.0)}"


def money_charts(ds: xr.Dataset) -> list[Chart]:
    made = (gains(ds), cumulative(ds), plane(ds), acceptability(ds))
    return [chart for chart in made if chart]
