"""What must stand beside every figure: against what, over how long, in which pounds, how sure."""

import json

import numpy as np
import xarray as xr

from results.compare import (
    ENOUGH_RUNS,
    comparator_of,
    error_share,
    estimates,
    figure,
    monte_carlo_error,
    rounding_unit,
)
from results.doubt import splits
from results.economics.discounting import RATES, first_rate
from results.labels import horizon, quoted, spoken
from results.measures import OFFENCES_MEASURE, averted_runs
from results.prices import shipped

ENOUGH_TAKEN = 0.95  # of the places paid for: below it, too few people were found for the money


def notes(ds: xr.Dataset) -> list[str]:
    """Sentences for the foot of a table, the most needed first."""
    return [
        *([ds.attrs["failed"]] if ds.attrs.get("failed") else []),
        *([ds.attrs["fit_warning"]] if ds.attrs.get("fit_warning") else []),
        f"Compared with {quoted(comparator_of(ds))}, on the same people, over {horizon(ds)}.",
        f"{runs_note(ds)} {band_note(ds)}",
        f"Offences and crime harm are expected ones: {basis_note()}",
        *([error_note(ds)] if ds.sizes["alternative"] > 1 else []),
        f"Pounds spent are of {ds.attrs['price_year']} prices, not discounted: what the programmes cost the "
        "commissioner; what others pay for the same is apart.",
        present_note(),
        *stale_note(ds),
        *places_note(ds),
        *unstudied_note(ds),
        *flags_note(ds),
    ]


def present_note() -> str:
    """What a present value is."""
    standard, health = (f"{100.0 * first_rate(shipped(), of):.1f}%" for of in RATES)
    return (f"Pounds told as present values are those of society: a later year counts less by {standard} a year, harm "
            f"to victims' health by {health}, from the plan's first year.")  # fmt: skip


COST_NAMES = {  # of rows whose own words are an agency's
    "neet": "benefits of young people out of work and education", "mental_health_adult": "adults' mental health care",
}  # fmt: skip


def stale_note(ds: xr.Dataset) -> list[str]:
    """Which costs are of old prices, and from when: of services, then of programmes that are paid for."""
    names = [name for name in str(ds.attrs.get("stale_prices", "")).split("; ") if name]
    by_year: dict[str, list[str]] = {}
    for name in names:
        by_year.setdefault(shipped()[name].period, []).append(cost_name(name))
    told = "; ".join(f"of {year}: {', '.join(dict.fromkeys(those))}" for year, those in sorted(by_year.items()))
    schemes = json.loads(ds.attrs.get("stale_costings") or "{}")
    paid = ds.programme_spend.sum(["alternative", "replicate", "year"]).to_series()
    own = "; ".join(f"{ds.programme_name.sel(programme=name).item()} (of {year})"
                    for name, year in sorted(schemes.items()) if paid[name] > 0)  # fmt: skip
    return [f"Costs of {whose} of old prices, brought to today's by the general deflator: {those}."
            for whose, those in (("services", told), ("programmes", own)) if those]  # fmt: skip


def cost_name(row: str) -> str:
    """'agency_cost.court_event_theft' -> 'court cases'; else the row's own words."""
    name = row.split(".")[1]
    return "court cases" if name.startswith("court_event") else COST_NAMES.get(name, name.replace("_", " "))


def unstudied_note(ds: xr.Dataset) -> list[str]:
    """Which of the programmes that are paid for nobody has measured."""
    paid = ds.programme_spend.sum(["alternative", "replicate", "year"]).values > 0
    names = [str(name) for name in ds.programme_name.values[paid & (ds.outcome_study.values == 0)]]
    if not names:
        return []
    return [f"No study has measured what these do, and what they avert here is a belief: {'; '.join(names)}."]


def places_note(ds: xr.Dataset) -> list[str]:
    """Which programmes found too few people for the places that their money buys: that money is not spent."""
    of_people = ~np.isin(ds.reaches.values, ("place", "system"))
    offered, taken = (one.sum("year").mean("replicate") for one in (ds.programme_places, ds.programme_starts))
    told = []
    for p in np.flatnonzero(of_people):
        share = (taken.isel(programme=p) / offered.isel(programme=p)).fillna(1.0)
        least = share.isel(alternative=int(share.argmin("alternative")))
        if float(least) < ENOUGH_TAKEN:
            name = quoted(str(least.alternative.values))
            told.append(f"{ds.programme_name.values[p]} ({float(least):.0%} of places taken, {name})")
    if not told:
        return []
    return ["In the model too few people came for all the places that the money buys, and what is left of it is not "
            f"spent: {'; '.join(told)}."]  # fmt: skip


def flags_note(ds: xr.Dataset) -> list[str]:
    """How many people tools flagged, rightly and wrongly, where one was at work."""
    flagged = ds.flagged.sum(("sex", "age_band", "quintile", "year", "programme")).mean("replicate")
    most = flagged.sum("correctness").argmax("alternative")
    if not flagged.any():
        return []
    one = flagged.isel(alternative=most)
    right, wrong = (figure(float(one.sel(correctness=name)), 10.0) for name in ("rightly", "wrongly"))
    widened = figure(float(ds.net_widening.sum(("year", "programme")).mean("replicate").isel(alternative=most)), 1.0)
    name = quoted(str(one.alternative.values))
    return [
        f"Tools flagged {right} people rightly and {wrong} wrongly over the plan ({name}); "
        f"{widened} of those flagged wrongly took up a place. By ethnic group: {ds.attrs['flagged_by_ethnic_group']}."
    ]


def runs_note(ds: xr.Dataset) -> str:
    runs = ds.sizes["replicate"]
    draws = len(np.unique(ds.draw.values))
    if runs == 1:
        return "One run of each alternative."
    if draws == runs:
        return f"{runs} runs of each alternative, each with its own values of the uncertain numbers."
    if draws == 1:
        return f"{runs} runs of each alternative, all with the same values of the uncertain numbers."
    return f"{runs} runs of each alternative, with {draws} sets of values of the uncertain numbers."


def band_note(ds: xr.Dataset) -> str:
    """What the range covers and what it omits."""
    runs = ds.sizes["replicate"]
    if runs == 1:
        return "One run shows no range."
    shown = (
        f"Ranges run from the least to the greatest of the {runs} runs"
        if runs < ENOUGH_RUNS
        else f"The 95% model interval holds the middle 95 in 100 of the {runs} runs"
    )
    return f"{shown}. {covers_note(ds)}"


def covers_note(ds: xr.Dataset) -> str:
    """What any range over runs covers and omits."""
    drawn = len(np.unique(ds.draw.values)) > 1
    varied = "the uncertain numbers that were varied"
    if alone := ds.attrs.get("uncertainties_drawn"):
        varied += f" (of {alone} alone: all others are in the middle of their ranges)"
    covers = f"chance, and {varied}" if drawn else "chance alone"
    return f"They cover {covers}; they omit what the model leaves out or has wrong."


def basis_note() -> str:
    return (
        "everyone's chances added up before chance decides, the same on average as counting what happens "
        "and far steadier. Antisocial behaviour is no crime and is left out. Demand is counted, so chance "
        "moves it more."
    )


def error_note(ds: xr.Dataset) -> str:
    """The Monte Carlo error of the headline, offences averted, by alternative, and what other draws may do to it."""
    runs = ds.sizes["replicate"]
    told = estimates(averted_runs(ds, OFFENCES_MEASURE, comparator_of(ds)).sum("year"))
    what = "the run" if runs == 1 else f"the average of {runs} runs"
    chance = f"Monte Carlo error of offences averted, by which chance alone may put {what} off"
    note = f"{chance}: {error_list(told.assign(error=monte_carlo_error(ds)))}."
    if len(np.unique(ds.draw.values)) == 1:
        return note
    return (
        f"{note} Other draws of the uncertain numbers, as many, may move the average by {error_list(told)}. "
        f"{split_note(ds)}"
    )


def split_note(ds: xr.Dataset) -> str:
    """What the spread between runs comes from."""
    told = "; ".join(f"{spoken(name)} {one.share:.0%}" for name, one in splits(ds).items())
    return f"Of the spread between runs the uncertain numbers make: {told}; chance the rest."


def error_list(told: xr.Dataset) -> str:
    return "; ".join(
        f"{spoken(str(name))} {error_words(told.sel(alternative=name))}" for name in told.alternative.values
    )


def error_words(told: xr.Dataset) -> str:
    """The error and its share of the difference: '90 (1% of it)'."""
    estimate, error = float(told.estimate), float(told.error)
    if not error:
        return "cannot be told (no difference in any run)"
    size = figure(error, rounding_unit(error, 0, 0))
    share = error_share(estimate, error)
    return f"{size} ({share:.0%} of it)" if share <= 10 else f"{size} (many times it)"
