"""Figures of the run itself, of spend, and of what is averted: told as the table at the end of a run tells them."""

import json
from collections.abc import Callable, Mapping

import numpy as np
import xarray as xr

from results.attribution import told_by_part
from results.closing import averted_line, involvement_lines
from results.compare import (
    estimates,
    figure,
    monte_carlo_error,
    range_words,
)
from results.doubt import splits
from results.labels import horizon, quoted, spoken
from results.measures import (
    INVOLVEMENTS,
    MEASURES,
    OFFENCES_MEASURE,
    Involvement,
    Measure,
    averted_in_all,
    averted_runs,
    extra_spend_runs,
    others_pay_runs,
    spend_runs,
)
from results.notes import band_note, error_words, flags_note, places_note, runs_note, stale_note
from results.papers.figures import WHOLE, Figure, Numbers, figure_of, of_estimates, of_runs, sentence
from results.papers.run import Run
from results.readings import PARTS, Cell, averted_cell, signed

THOUSAND = 1000.0
SAME = "the same"
SUBTRACTED = "within each run the comparator minus the alternative, added up over the plan; then the mean over runs"
OF_PARTS = "with a part's money withheld, and alone; their difference is the interaction; then the mean over runs"


def period() -> Figure:
    def values(run: Run) -> Mapping[str, Numbers]:
        return {WHOLE: (float(run.ds.sizes["year"]), float(run.ds.year[0]), float(run.ds.year[-1]) + 1.0)}

    return sentence("The years that the plan covers", "the dimension year", "counted; financial years from April",
                    values, lambda run: horizon(run.ds), ("financial years", "first April", "last March"))  # fmt: skip


def begun_already(run: Run) -> list[Figure]:
    """What it means that the plan begins more than a year before the run was made, where it does."""
    if not _months_since(run) > 12.0:
        return []
    first = int(run.ds.year[0])
    return [sentence("What has happened since the plan's first April", "the dimension year; the attribute date",
                     "months from the first April to the day of the run", lambda run: {WHOLE: (_months_since(run),)},
                     lambda run: f"It is told as if it began in April {first}: nothing that has happened since is in "
                     "it.",
                     ("months",))]  # fmt: skip


def _months_since(run: Run) -> float:
    """Whole months from the plan's first April to the day of the run; NaN where that is not told."""
    year, _, rest = str(run.ds.attrs.get("date", ""))[:7].partition("-")
    if not (year.isdigit() and rest.isdigit()):
        return float("nan")
    return 12.0 * (int(year) - int(run.ds.year[0])) + int(rest) - 4.0


def price_year() -> Figure:
    return sentence("The price year of all pounds", "the attribute price_year", "as the scenario has it",
                    lambda run: {}, lambda run: str(run.ds.attrs["price_year"]), ())  # fmt: skip


def made() -> Figure:
    """The day on which the run was made."""
    return sentence("The day of the run", "the attribute date", "as the run has it", lambda run: {}, day_of, ())


def day_of(run: Run) -> str:
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip
    parts = str(run.ds.attrs.get("date", ""))[:10].split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return "a day that the run does not say"
    return f"{int(parts[2])} {months[int(parts[1]) - 1]} {parts[0]}"


def people() -> Figure:
    def values(run: Run) -> Mapping[str, Numbers]:
        first = run.ds.population.sel(alternative=run.comparator).isel(year=0).sum("area").mean("replicate")
        return {WHOLE: (float(first), float(run.ds.attrs["scale"]))}

    def text(run: Run) -> str:
        residents, share = values(run)[WHOLE]
        return f"{figure(residents * share, THOUSAND)} of {figure(residents, THOUSAND)} people"

    return sentence("Residents at the end of the first year, and how many of them are simulated",
                    "population; the attribute scale",
                    "residents under the comparator, mean over runs; times the share of households simulated",
                    values, text, ("residents", "share simulated"))  # fmt: skip


def runs() -> Figure:
    return sentence("How many runs each alternative has", "the dimensions replicate and draw", "counted",
                    _sizes, lambda run: runs_note(run.shown), ("runs", "sets of values"))  # fmt: skip


def ranges() -> Figure:
    return sentence("What a range covers", "the dimension replicate", "from how many runs there are",
                    _sizes, lambda run: band_note(run.shown), ("runs", "sets of values"))  # fmt: skip


def range_name() -> Figure:
    return sentence("What the range under a figure is", "the dimension replicate",
                    "from how many runs there are", _sizes,
                    lambda run: range_words(run.ds.sizes["replicate"]), ("runs", "sets of values"))  # fmt: skip


def _sizes(run: Run) -> Mapping[str, Numbers]:
    return {WHOLE: (float(run.ds.sizes["replicate"]), float(len(np.unique(run.ds.draw.values))))}


def doubts(run: Run) -> list[tuple[str, Figure]]:
    """By how much chance, and other draws, may put offences averted off; what the spread between runs comes from. Each
    with the name of its row; other draws only where there were some."""
    chance = _doubt("By how much chance alone may put offences averted off", "expected_offences_by_batch",
                    "Monte Carlo error, from batches of people within a run", lambda shown, told: told.assign(
                        error=monte_carlo_error(shown)))  # fmt: skip
    rows = [("By chance alone", chance)]
    if len(np.unique(run.ds.draw.values)) == 1:
        return rows
    draws = _doubt("By how much other draws, as many, may move offences averted", "expected_offences",
                   "error over the runs, or over their draws (half of the half-width of a 95% interval)",
                   lambda shown, told: told)  # fmt: skip
    share = figure_of("Share of the spread between runs that the uncertain numbers make", "table doubt",
                      "the row of the alternative; chance makes the rest", "share of the variance of a run",
                      lambda run: {name: (one.share,) for name, one in splits(run.shown).items()},
                      lambda share: Cell(f"{share:.0%}"), ("share",))  # fmt: skip
    further = [("By other draws of the uncertain numbers", draws), ("Share of the spread from these numbers", share)]
    return [*rows, *further]


def _doubt(
    what: str, source: str, how: str, told_of: Callable[[xr.Dataset, xr.Dataset], xr.Dataset]
) -> Figure:
    def told(run: Run) -> xr.Dataset:
        shown = run.shown
        return told_of(shown, estimates(averted_runs(shown, OFFENCES_MEASURE, run.comparator).sum("year")))

    def cells(run: Run) -> Mapping[str, Cell]:
        found = told(run)
        return {str(name): Cell(error_words(found.sel(alternative=name))) for name in found.alternative.values}

    return Figure(what, source, how, "offences", lambda run: of_estimates(told(run)), cells)


def places_taken(run: Run) -> list[Figure]:
    """Places that nobody took, where there are any."""
    if not places_note(run.shown):
        return []
    return [sentence("Places that found too few people", "programme_places; programme_starts",
                     "people who started, as a share of the places paid for; means over runs", _taken,
                     lambda run: " ".join(places_note(run.shown)), ("places paid for", "people who started"))]


def wrongly_flagged(run: Run) -> list[Figure]:
    """People whom tools flagged, where any did."""
    if not flags_note(run.shown):
        return []
    return [sentence("People whom tools flagged", "flagged; net_widening",
                     "added up over the plan; means over runs; told of the alternative with most of them", _flagged,
                     lambda run: " ".join(flags_note(run.shown)),
                     ("rightly", "wrongly", "wrongly with a place"))]  # fmt: skip


def _taken(run: Run) -> Mapping[str, Numbers]:
    """Of each alternative and programme for which some place was not taken."""
    shown = run.shown
    offered, taken = (one.sum("year").mean("replicate") for one in (shown.programme_places, shown.programme_starts))
    return {
        f"{spoken(str(name))}, {run.ds.programme_name.values[at]}": (
            float(offered.sel(alternative=name)[at]), float(taken.sel(alternative=name)[at]),
        )
        for name in shown.alternative.values
        for at in np.flatnonzero((taken < offered).sel(alternative=name).values)
    }  # fmt: skip


def _flagged(run: Run) -> Mapping[str, Numbers]:
    shown = run.shown
    told = shown.flagged.sum(("sex", "age_band", "quintile", "year", "programme")).mean("replicate")
    widened = shown.net_widening.sum(("year", "programme")).mean("replicate")
    return {
        str(name): (float(told.sel(alternative=name, correctness="rightly")),
                    float(told.sel(alternative=name, correctness="wrongly")), float(widened.sel(alternative=name)))
        for name in shown.alternative.values
    }  # fmt: skip


def warned(run: Run, key: str) -> Figure | None:
    """What the run warns of in an attribute, where it does."""
    if not run.ds.attrs.get(key):
        return None
    return sentence(f"What the run warns of ({spoken(key)})", f"the attribute {key}", "as the run has it",
                    lambda run: {}, lambda run: str(run.ds.attrs[key]), ())  # fmt: skip


def spend() -> Figure:
    return _pounds("The commissioner's spend over the plan", "commissioner_spend",
                   "added up over programmes and years; the mean over runs", lambda run: spend_runs(run.shown))


def spend_in(at: int, year: str) -> Figure:
    """Of one financial year of the plan, by its place."""
    return _pounds(f"The commissioner's spend in {year}", "commissioner_spend",
                   "added up over programmes; the mean over runs",
                   lambda run: run.shown.commissioner_spend.isel(year=at).sum("programme"))  # fmt: skip


def others_pay() -> Figure:
    return _pounds("What others pay for the same programmes over the plan", "programme_spend; commissioner_spend",
                   "spend by all who pay less the commissioner's, added up; the mean over runs",
                   lambda run: others_pay_runs(run.shown))


def extra_spend(comparator: str) -> Figure:
    return _pounds(f"The commissioner's spend against {quoted(comparator)}", "commissioner_spend",
                   "within each run the alternative minus the comparator, added up; then the mean over runs",
                   lambda run: extra_spend_runs(run.shown, run.comparator), "less", "more")  # fmt: skip


def stale(run: Run) -> list[Figure]:
    """Costs of old prices, where there are any."""
    if not stale_note(run.ds):
        return []
    return [sentence("Costs of old prices", "the attribute stale_prices; the rows of results/evidence",
                     "rows priced long before the price year, by their own", lambda run: {},
                     lambda run: " ".join(stale_note(run.ds)), ())]  # fmt: skip


def split(run: Run) -> list[Figure]:
    """How the scenario splits the commissioning budget, where it does."""

    def shares(run: Run) -> Mapping[str, float]:
        told = json.loads(run.ds.attrs.get("split") or "{}").get("shares", {}).get(run.comparator, {})
        return {str(part): float(share) for part, share in told.items()}

    if not shares(run):
        return []
    return [sentence("How the commissioning budget is split", "the attribute split", "as the scenario has it",
                     lambda run: {WHOLE: tuple(shares(run).values())},
                     lambda run: " and ".join(f"{share:.0%} for {spoken(part)}" for part, share in shares(run).items()),
                     tuple(shares(run)))]  # fmt: skip


def tier_spend(tier: str) -> Figure:
    def by_tier(run: Run) -> xr.DataArray:
        return run.shown.commissioner_spend.sel(programme=run.ds.tier.values == tier).sum(("programme", "year"))

    return _pounds(f"The commissioner's spend on {tier} prevention", "commissioner_spend; tier",
                   "added up over the tier's programmes and years; the mean over runs", by_tier)  # fmt: skip


def _pounds(
    what: str, source: str, how: str, runs: Callable[[Run], xr.DataArray], below: str = "", above: str = ""
) -> Figure:
    """Spend is an account, not an estimate: to the thousand, with a range only where runs differ."""

    def tell(estimate: float, lower: float, upper: float, error: float) -> Cell:
        if figure(lower, THOUSAND) == figure(upper, THOUSAND):
            lower = upper = estimate
        cell = signed(estimate, lower, upper, THOUSAND, below, above)
        return Cell(SAME) if above and cell == Cell("0") else cell

    def values(run: Run) -> Mapping[str, Numbers]:
        return of_runs(runs(run))

    return figure_of(what, source, how, "pounds of the price year, undiscounted", values, tell)


def measures(run: Run) -> list[Figure]:
    """What is averted, a figure a measure: the comparator's own total, and the others against it."""
    return [_averted(run, measure) for measure in MEASURES]


def headline(run: Run) -> Figure:
    return _averted(run, OFFENCES_MEASURE)


def bought(run: Run) -> Figure:
    """What the comparator averts beyond each alternative: the headline turned round, for those that do without."""

    def values(run: Run) -> Mapping[str, Numbers]:
        told = averted_in_all(run.shown, OFFENCES_MEASURE, run.comparator)
        turned = told.assign(estimate=-told.estimate, lower=-told.upper, upper=-told.lower)
        return of_estimates(turned)

    what = f"Offences over the plan under {quoted(run.comparator)}, fewer or more than under each alternative"
    return figure_of(what, OFFENCES_MEASURE.variable, f"{SUBTRACTED}; its sign turned round", OFFENCES_MEASURE.unit,
                     values, averted_cell)  # fmt: skip


def _averted(run: Run, measure: Measure) -> Figure:
    comparator = run.comparator

    def values(run: Run) -> Mapping[str, Numbers]:
        shown = run.shown
        level = measure.pick(shown[measure.variable]).sel(alternative=comparator).sum("year")
        own = {comparator: (float(level.mean("replicate")),)}
        return own | of_estimates(averted_in_all(shown, measure, comparator))

    unit = averted_line(run.shown, measure, comparator).unit
    how = f"{SUBTRACTED}; under the comparator its own total, nothing subtracted"
    return Figure(f"{measure.title} over the plan, fewer or more than under {quoted(comparator)}", measure.variable,
                  how, unit, values, lambda run: averted_line(run.shown, measure, run.comparator).cells)  # fmt: skip


def aims(run: Run) -> list[Figure]:
    """Confidence and involvement, where an alternative makes a difference."""
    found = []
    for line in involvement_lines(run.shown, run.comparator):
        one = next(one for one in INVOLVEMENTS if one.title == line.title)

        def values(run: Run, one: Involvement = one) -> Mapping[str, Numbers]:
            level = one.pick(run.shown)
            own = float(level.sel(alternative=run.comparator).mean("replicate"))
            more = level - level.sel(alternative=run.comparator, drop=True)
            return of_runs(more) | {run.comparator: (own,)}

        def cells(run: Run, title: str = line.title) -> Mapping[str, Cell]:
            lines = involvement_lines(run.shown, run.comparator)
            return next(line.cells for line in lines if line.title == title)

        found.append(Figure(line.title, one.key, "its own total of the comparator, the others against it; mean over "
                                                 "runs",
                            line.unit, values, cells))  # fmt: skip
    return found


def parts_of_the_plan(part: str) -> Figure:
    """Offences that one tier or programme of the comparator averts, by each way of asking."""

    def values(run: Run) -> Mapping[str, Numbers]:
        return {
            one.way: tuple(float(one.averted[name]) for name in PARTS)
            for one in told_by_part(run.ds, OFFENCES_MEASURE)
            if one.part == part
        }

    what = f"Offences that {part} averts as a part of the plan"
    return figure_of(what, "expected_offences; the attribute attribution", OF_PARTS, "offences", values, averted_cell)


def parts_told(run: Run) -> list[str]:
    return list(dict.fromkeys(one.part for one in told_by_part(run.ds, OFFENCES_MEASURE)))
