"""The assumptions log: every number of the run's model that is judgement or was not looked up, the weightiest first."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import xarray as xr

from model.evidence import Row
from results.assurance.page import NOT_DONE, Of, listed, number, page, short_status, table
from results.table_rows import Cell, Rows

LOGGED = ("judgement", "unchecked")
EFFECT, SCHEME, PRICE = "what schemes do", "what schemes cost and reach", "prices and margins"
MODEL, UNPAID = "people and agencies", "schemes without money"
ACTS_ON = {  # where a row acts, in the order that it is listed in where nothing measured its weight
    EFFECT: "what a scheme that has money here does to those it reaches",
    SCHEME: "what a place costs, who takes one up, how long effects last",
    PRICE: "what an offence or a contact costs, how much of a cost is saved at the margin, what harm weighs",
    MODEL: "how people live, offend and are harmed, and what agencies do",
    UNPAID: "schemes that the scenario names and gives no money: they move no figure here",
}
SHARED_DOUBT = "crime_cost_doubt"  # the row by which all costs of crime err together
FRONT = 25  # of the weightiest, on the page, where a study tells which they are
FRONT_OF = {EFFECT: 10, SCHEME: 10, PRICE: 6, MODEL: 6}  # of each kind, where none does
CSV = "assumptions.csv"


class Assumption(NamedTuple):
    """A row of the log."""

    row: Row
    acts_on: str  # a key of ACTS_ON
    source: str  # in words
    files: tuple[str, ...]  # that read it
    fitted: bool  # whether its value comes from the area's fit and not from its own range
    least: float  # of the run's draws; NaN where the run's results do not hold it
    most: float
    swing: float  # how far the answer of the sensitivity study moves with it; NaN where there is none
    spend: float  # on the scheme that it is of, in the alternative that spends most; nought of others


class Study(NamedTuple):
    """A study of sensitivity beside the run: by row id, how far the answer moves over the range of belief."""

    name: str  # of its folder
    swing: Mapping[str, float]
    unit: str
    answer: str  # its answer in words
    part: str  # what it left out, as "parenting alone were moved"; "" where it moved all that it could


def width(row: Row) -> float:
    """How wide a range is beside its value, on a log scale where it can be; below nought for a value that is held."""
    if row.low is None or row.high is None:
        return -1.0 if not row.no_effect else 0.0
    if row.low > 0:
        return math.log(row.high / row.low)
    return (row.high - row.low) / max(abs(row.low), abs(row.high))  # which cannot both be nought


def in_order(rows: Sequence[Assumption]) -> list[Assumption]:
    """The weightiest first: by the study where it moved the answer, then by where a row acts, the spend on its scheme,
    and how wide its range is. What the study moved to no effect comes last: of it more is known than of the others."""
    places = list(ACTS_ON)
    return sorted(rows, key=lambda one: (
        one.swing == 0, -one.swing if one.swing > 0 else math.inf, places.index(one.acts_on), -one.spend,
        -width(one.row), one.row.name,
    ))  # fmt: skip


def drawn(ds: xr.Dataset) -> dict[str, tuple[float, float]]:
    """The least and greatest value that each parameter had in the run's draws, by name."""
    values = ds.parameter.transpose("parameter_name", "draw").values
    names = map(str, ds.parameter_name.values)
    return {name: (float(row.min()), float(row.max())) for name, row in zip(names, values, strict=True)}


COLUMNS = (
    "assurance", "place", "name", "acts on", "value", "low (2.5%)", "high (97.5%)", "unit", "distribution",
    "chance of no effect", "least in this run", "greatest in this run", "from the area's fit", "swing of the answer",
    "provenance", "grade (5 best)", "causal status", "source", "period", "read by", "stands in", "note", "made by",
    "signed off by",
)  # fmt: skip


def rows_of(of: Of, rows: Sequence[Assumption]) -> Rows:
    """assumptions.csv: every row of the log, in order of weight."""
    return list(COLUMNS), [_row(of, place, one) for place, one in enumerate(rows, 1)]


def _row(of: Of, place: int, one: Assumption) -> list[Cell]:
    row = one.row
    return [
        short_status(of.assurer), place, row.name, one.acts_on, row.value,
        "" if row.low is None else row.low, "" if row.high is None else row.high, row.unit, row.distribution,
        row.no_effect or "", one.least, one.most, "yes" if one.fitted else "no", one.swing, row.provenance, row.grade,
        row.causal_status, one.source, row.period, "; ".join(one.files), f"{row.file}, line {row.line}", row.note,
        "the authors of this version of Upstream", NOT_DONE,
    ]  # fmt: skip


def assumptions_page(of: Of, rows: Sequence[Assumption], used: int, study: Study | None) -> str:
    """One page on the log: how many, of what kind, in which order, and the weightiest."""
    return page(of, "Assumptions log", [
        f"This run's model and prices read {used:,} numbers. {len(rows):,} of them are an assumption: "
        f"{_count(rows, 'judgement'):,} are judgement, {_count(rows, 'unchecked'):,} were recalled and not looked up "
        f"in their source. All {len(rows):,} are in `{CSV}`, one line each, in the order of this page.",
        f"Signed off by somebody for this use: **{NOT_DONE}**, every one of them. Start with the lines below: agree "
        "to each, or change it (in the scheme's or the evidence file) and run again.",
        "## What order this is",
        _order(rows, study),
        "## How many, where they act",
        table(("acts on", "which is", "assumptions", "of them without a range"), [
            (name, words, sum(one.acts_on == name for one in rows),
             sum(one.acts_on == name and not one.row.is_sampled for one in rows))
            for name, words in ACTS_ON.items()
        ]),
        "A number without a range is held at its value in every run: no range of any result has doubt about it."
        + (" Costs of crime have no ranges of their own: they err together, by `crime_cost_doubt`."
           if any(one.row.name == SHARED_DOUBT for one in rows) else ""),
        f"{sum(one.fitted for one in rows)} of the assumptions take their values from the fit of the area in place of "
        "their own range (column *from the area's fit*).",
        "## The first of them",
        "Rows of one name that differ in group alone are one line here, with the figures of the widest of them. A "
        "ratio of 1 is no effect; below 1 is fewer of what it is a ratio of, among those reached: 0.88 is 12% fewer.",
        *_first(rows, study),
    ])  # fmt: skip


def _count(rows: Sequence[Assumption], provenance: str) -> int:
    return sum(one.row.provenance == provenance for one in rows)


def measured(rows: Sequence[Assumption], study: Study | None) -> str:
    """How many of the assumptions a study moved, in words."""
    if study is None:
        return "no study of sensitivity of this question and as many years lies beside the run"
    moved = sum(one.swing == one.swing for one in rows)
    left = f"; {study.part}" if study.part else ""
    return f"a study of sensitivity moved {moved:,} of the {len(rows):,} assumptions ({study.unit}){left}"


def _order(rows: Sequence[Assumption], study: Study | None) -> str:
    if study is None:
        return (
            "There is no study of sensitivity of this question, over as many years, beside this run, so **how much "
            "each one matters was not measured**. The order is where it acts, how much is spent on its scheme, then "
            "how wide its range is: a place to start, and no measure of weight. To have it measured: `upstream "
            "sensitivity SCENARIO --out FOLDER`, with FOLDER beside the run's, and this command again."
        )
    return (
        f"By how far the answer moves over each one's range, from `{study.name}`: {measured(rows, study)}. **The "
        "weight of all others was not measured**; they come after, by where they act, the spend on their scheme and "
        "how wide their range is, and last those that the study moved to no effect. The study may be of fewer people "
        f"than this run, and weighs for the answer that it asked about and for no other. In its words: {study.answer}"
    )


def _by_id(rows: Sequence[Assumption]) -> Iterator[tuple[Assumption, int]]:
    """The first row of each id and how many the log has of it, in order."""
    counts: dict[str, int] = {}
    for one in rows:
        counts[one.row.id] = counts.get(one.row.id, 0) + 1
    seen = set()
    for one in rows:
        if one.row.id not in seen:
            seen.add(one.row.id)
            yield one, counts[one.row.id]


def _first(rows: Sequence[Assumption], study: Study | None) -> Iterator[str]:
    """The weightiest in one table, or without a study the first of each kind, so that none hides another."""
    found = list(_by_id(rows))
    if study:
        yield table(_head(study), [_shown(one, n, study) for one, n in found[:FRONT]])
        return
    for name, most in FRONT_OF.items():
        own = [(one, n) for one, n in found if one.acts_on == name]
        if own:
            yield f"### {name.capitalize()} ({min(most, len(own))} of {len(own)} names)"
            yield table(_head(study), [_shown(one, n, study) for one, n in own[:most]])


def _head(study: Study | None) -> tuple[str, ...]:
    first = ("swing",) if study else ()
    return (*first, "number", "value", "range", "in this run", "unit", "why", "provenance", "grade")


def _shown(one: Assumption, count: int, study: Study | None) -> list[Cell]:
    row = one.row
    named = f"`{row.id}` ({count} groups)" if count > 1 else f"`{row.name}`"
    has_range = row.low is not None and row.high is not None
    ends = f"{number(row.low or 0)} to {number(row.high or 0)}" if has_range else "held"
    chance = f"; no effect {row.no_effect:.0%}" if row.no_effect else ""
    in_run = "" if one.least != one.least else (
        number(one.least) if one.least == one.most else f"{number(one.least)} to {number(one.most)}"
    )
    first = ["" if one.swing != one.swing else f"{one.swing:.2g}"] if study else []
    return [*first, named, number(row.value), ends + chance, in_run, row.unit, row.note or one.source, row.provenance,
            row.grade]  # fmt: skip


def unmeasured_schemes(ds: xr.Dataset) -> list[str]:
    """Schemes with money in some alternative that no study has measured."""
    paid = ds.programme_spend.sum(["alternative", "replicate", "year"]).values > 0
    return [str(name) for name in ds.programme_name.values[paid & (ds.outcome_study.values == 0)]]


def brief(rows: Sequence[Assumption], study: Study | None) -> str:
    """The first few, for the front page."""
    return listed(
        f"`{one.row.name}`: {number(one.row.value)}, {one.row.unit} ({one.row.provenance})"
        + (f": {one.row.note}" if one.row.note else "")
        + (f"; moves the answer of the study by {one.swing:.2g}" if study and one.swing > 0 else "")
        for one, _ in list(_by_id(rows))[:5]
    )
