"""An entry of the register held against recorded figures: a row for each, and what they say together."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from results.labels import year_name
from results.register.predicted import TOTAL
from results.register.scores import (
    Coverage,
    Errors,
    Interval,
    coverage,
    crps,
    errors,
    intervals,
    rank,
    skill,
    skill_by_crps,
)
from results.table_rows import Cell, Rows

Floats = NDArray[np.float64]

FORECAST, LOOK_BACK, LEVEL_SET = "forecast", "look back", "level set"
KINDS = {  # what a comparison is worth
    FORECAST: "registered before the year began",
    LOOK_BACK: "registered after the year had begun: what came was partly or wholly known, and it is no forecast",
    LEVEL_SET: "the year that the model's levels were set to, or one before it: agreement says nothing",
}
LEVELS = ("total", "group", "district")


class Entry(NamedTuple):
    """One run of the register, as it stands there."""

    name: str
    registered: date
    facts: Mapping[str, Any]
    runs: Mapping[tuple[str, ...], Floats]  # (alternative, financial year, group, district) -> (run,)


class Recorded(NamedTuple):
    """One recorded figure; district "" is the whole area."""

    year: int  # the first calendar year of the financial year
    group: str
    district: str
    value: float
    source: str


class Held(NamedTuple):
    """The naive forecast of a group: its last recorded figure, held."""

    value: float
    year: int  # the financial year it is of


class Figure(NamedTuple):
    """A prediction and what was recorded."""

    entry: str
    kind: str
    level: str
    year: int
    group: str
    district: str
    predicted: float  # mean of the runs
    observed: float
    middle: Interval  # 50%
    wide: Interval  # 90%
    crps: float
    rank: float
    naive: float  # NaN where there is none
    runs: int
    source: str

    @property
    def error(self) -> float:
        return self.predicted - self.observed

    @property
    def error_percent(self) -> float:
        return 100 * self.error / self.observed if self.observed else float("nan")

    @property
    def naive_error(self) -> float:
        return self.naive - self.observed


def kind_of(year: int, registered: date, level_set_to: int) -> str:
    """What a comparison of a financial year is worth."""
    if year <= level_set_to:
        return LEVEL_SET
    return FORECAST if registered < date(year, 4, 1) else LOOK_BACK


def scored(
    entry: Entry, alternative: str, told: Sequence[Recorded], naive: Mapping[str, Held], level_set_to: int
) -> list[Figure]:
    """The figures of an entry, those of years or places that it has nothing of left out. A naive forecast is given for
    the whole area alone, and never from a year that is not before the one foretold."""
    found = []
    for one in sorted(told, key=lambda one: (one.district, one.year, one.group != TOTAL)):
        runs = entry.runs.get((alternative, year_name(one.year), one.group, one.district))
        if runs is None:
            continue
        held = naive.get(one.group)
        level = "district" if one.district else TOTAL if one.group == TOTAL else "group"
        middle, wide = intervals(runs)
        found.append(Figure(
            entry.name, kind_of(one.year, entry.registered, level_set_to), level, one.year, one.group, one.district,
            float(runs.mean()), one.value, middle, wide, float(crps(runs[None], np.array([one.value]))[0]),
            rank(runs, one.value), held.value if held and held.year < one.year and not one.district else float("nan"),
            len(runs), one.source,
        ))  # fmt: skip
    return found


COLUMNS = (
    "entry", "kind", "level", "financial_year", "group", "district", "predicted", "observed", "error",
    "error (per cent)", "lower 50%", "upper 50%", "inside 50%", "lower 90%", "upper 90%", "inside 90%", "crps",
    "percentile rank", "naive", "naive error", "source",
)  # fmt: skip


def figure_rows(figures: Sequence[Figure]) -> Rows:
    """score.csv: recorded crimes a year, in the order of `figures`."""
    return list(COLUMNS), [_row(one) for one in figures]


def _row(one: Figure) -> list[Cell]:
    middle, wide = one.middle.holds(one.observed), one.wide.holds(one.observed)
    several = one.runs > 1
    return [
        one.entry, one.kind, one.level, year_name(one.year), one.group, one.district, one.predicted, one.observed,
        one.error, one.error_percent, one.middle.low, one.middle.high, yes(middle) if several else "", one.wide.low,
        one.wide.high, yes(wide) if several else "", one.crps, one.rank if several else "", one.naive, one.naive_error,
        one.source,
    ]  # fmt: skip


def yes(held: bool) -> str:
    return "yes" if held else "no"


class Summary(NamedTuple):
    """What the figures of one kind and level say together. Intervals are None of a single run."""

    entry: str
    kind: str
    level: str
    of: str  # a group, or "" for all of them
    errors: Errors
    middle: Coverage | None
    wide: Coverage | None
    skill_crps: float
    skill_error: float
    with_naive: int


def summaries(figures: Sequence[Figure]) -> list[Summary]:
    """By entry, kind and level: all figures together, then each group of the whole area. Levels stay apart, as a total
    is the sum of its groups, and the area that of its districts; what levels were set to is left out."""
    return [
        summary(own, entry, kind, level, of)
        for entry in dict.fromkeys(one.entry for one in figures)
        for kind in (FORECAST, LOOK_BACK)
        for level, of, own in _sets([one for one in figures if (one.entry, one.kind) == (entry, kind)])
    ]


def _sets(figures: Sequence[Figure]) -> Iterator[tuple[str, str, list[Figure]]]:
    for level in LEVELS:
        if own := [one for one in figures if one.level == level]:
            yield level, "", own
        for group in dict.fromkeys(one.group for one in own if level == "group"):
            yield level, group, [one for one in own if one.group == group]


def summary(figures: Sequence[Figure], entry: str, kind: str, level: str, of: str) -> Summary:
    runs = figures[0].runs
    observed = np.array([one.observed for one in figures])
    naive = np.array([abs(one.naive_error) for one in figures])
    off = np.array([abs(one.error) for one in figures])
    held = [
        coverage(np.array([interval.holds(one.observed) for one, interval in each]), width, runs) if runs > 1 else None
        for width, each in (
            (0.5, [(one, one.middle) for one in figures]), (0.9, [(one, one.wide) for one in figures]),
        )
    ]  # fmt: skip
    return Summary(
        entry, kind, level, of, errors(np.array([one.predicted for one in figures]), observed), held[0], held[1],
        skill_by_crps(np.array([one.crps for one in figures]), naive, runs), skill(off, naive),
        int(np.isfinite(naive).sum()),
    )  # fmt: skip


SUMMARY_COLUMNS = (
    "entry", "kind", "level", "group", "figures", "bias (crimes a figure)", "bias (per cent of what was recorded)",
    "mean absolute error (per cent)", "inside 50%", "expected inside 50%", "binomial error 50%", "inside 90%",
    "expected inside 90%", "binomial error 90%", "figures with a naive forecast", "skill by CRPS against naive",
    "skill by absolute error against naive",
)  # fmt: skip


def summary_rows(told: Sequence[Summary]) -> Rows:
    """score_summary.csv: shares are of figures; skill is one less the mean score over the naive forecast's."""
    rows: list[list[Cell]] = []
    for one in told:
        held: list[Cell] = []
        for interval in (one.middle, one.wide):
            held += [interval.share, interval.expected, interval.error] if interval else ["", "", ""]
        e = one.errors
        rows.append([one.entry, one.kind, one.level, one.of or "all", e.figures, e.bias, e.bias_percent, e.mape, *held,
                     one.with_naive, one.skill_crps, one.skill_error])  # fmt: skip
    return list(SUMMARY_COLUMNS), rows
