"""What is printed of a score: a table of figures, and sentences that say what they are worth."""

from collections.abc import Sequence

import numpy as np
from rich import box
from rich.table import Table

from results.compare import figure, rounding_unit
from results.labels import capital, quoted, words, year_name
from results.register.predicted import TOTAL, held_by
from results.register.scored import FORECAST, KINDS, LEVEL_SET, LOOK_BACK, Entry, Figure, Summary, yes
from results.register.scores import FEW, FIGURES_FOR_SKILL, RUNS_FOR_SKILL, Coverage

OF_LEVEL = {
    "total": "Total of the area",
    "group": "Groups of offences in the area",
    "district": "Districts",
}


def wide_name(runs: int) -> str:
    """What the interval meant to hold 90% is called: of few runs it is their whole range."""
    return "90% model interval" if held_by(0.9, runs) >= 0.9 else f"range of {runs} runs"


def table_of(figures: Sequence[Figure]) -> Table:
    """One entry's figures, each rounded to what its interval supports."""
    wide = wide_name(figures[0].runs) if figures else ""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name, right in (("", False), ("Year", False), (f"Predicted\n({wide})", True), ("Recorded", True),
                        ("Off by", True), ("In 50%", False), ("In 90%", False), ("Naive\noff by", True),
                        ("Kind", False)):  # fmt: skip
        table.add_column(name, justify="right" if right else "left")
    for one in figures:
        table.add_row(*_cells(one))
    return table


def _cells(one: Figure) -> tuple[str, ...]:
    unit = rounding_unit(one.predicted, one.wide.low, one.wide.high)
    several = one.runs > 1
    shown = figure(one.predicted, unit)
    if several:
        shown += f"\n({figure(one.wide.low, unit)} to {figure(one.wide.high, unit)})"
    named = "total" if one.group == TOTAL else words(one.group)
    off = _percent(one.error_percent) or figure(one.error, unit)
    naive = "none"
    if not np.isnan(one.naive) and one.observed:
        naive = _percent(100 * one.naive_error / one.observed)
    return (
        f"{one.district}: {named}" if one.district else named, year_name(one.year), shown, f"{one.observed:,.0f}", off,
        yes(one.middle.holds(one.observed)) if several else "", yes(one.wide.holds(one.observed)) if several else "",
        naive, one.kind,
    )  # fmt: skip


def _percent(share: float) -> str:
    return "" if np.isnan(share) else f"{share:+.0f}%" if abs(share) >= 10 else f"{share:+.1f}%"


def head(entry: Entry, alternative: str, figures: Sequence[Figure]) -> str:
    """Which run is scored, as what, and what a comparison of each kind is worth."""
    told = entry.facts
    as_what = "the comparator, taken as the plan that was carried out" if alternative == told["comparator"] else (
        "taken as the plan that was carried out"
    )  # fmt: skip
    kinds = {kind: sum(one.kind == kind for one in figures) for kind in (FORECAST, LOOK_BACK, LEVEL_SET)}
    lines = [
        f"{entry.name}: {told['title']}",
        f"Registered on {entry.registered.isoformat()}; {quoted(alternative)}, {as_what}.",
        *(f"{capital(kind)}, {n} figure{'s' * (n > 1)}: {KINDS[kind]}." for kind, n in kinds.items() if n),
    ]
    return "\n".join(lines)


def summary_table(told: Sequence[Summary]) -> Table:
    """What one entry's figures say together: levels apart, then each group of the area."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in ("", "Kind", "Figures", "In 50%\n(expected)", "In 90%\n(expected)", "Bias", "Mean absolute\nerror",
                 "Skill by\nCRPS", "Skill by\nerror"):  # fmt: skip
        table.add_column(name, justify="left" if name in ("", "Kind") else "right")
    for one in told:
        table.add_row(
            f"  {words(one.of)}" if one.of else OF_LEVEL[one.level], one.kind, str(one.errors.figures),
            _held(one.middle), _held(one.wide), _percent(one.errors.bias_percent),
            "" if np.isnan(one.errors.mape) else f"{one.errors.mape:.1f}%",
            "few" if one.with_naive and np.isnan(one.skill_crps) else _skill(one.skill_crps), _skill(one.skill_error),
        )  # fmt: skip
    return table


def _held(told: Coverage | None) -> str:
    if told is None:
        return "no spread"
    return f"{told.inside} of {told.figures}\n({told.expected:.0%} ± {told.error:.0%})"


def _skill(told: float) -> str:
    return "none" if np.isnan(told) else f"{told:+.2f}"


def conclusions(told: Sequence[Summary], figures: Sequence[Figure]) -> str:
    """Sentences under the summary: what may be read from it, and what not."""
    if not told:
        return "No figure is of a year after the one that levels were set to: nothing here tests the model."
    lines = []
    if all_few := max(one.errors.figures for one in told) < FEW:
        lines.append(f"Figures are few (fewer than {FEW}): a share or an average over them says little.")
    if any(one.errors.figures < FEW for one in told) and not all_few:
        lines.append(f"Where figures are few (fewer than {FEW}), a share or an average over them says little.")
    lines.append(
        "Expected: the share that an interval of so many runs should hold, with its binomial error as if figures were "
        "independent. Those of one year, and of years that follow each other, are not: the true error is larger."
    )
    lines.append(
        "Bias is predicted less recorded. Skill is against a naive forecast, the area's last recorded year held: one "
        "less the mean score over the naive one's. Nought is as good as naive, below it worse, one is perfect; none: "
        "no earlier recorded figure. Large groups weigh most, and a naive forecast has no spread. Skill by CRPS wants "
        f"{RUNS_FOR_SKILL} runs and {FIGURES_FOR_SKILL} figures: of fewer it is luck."
    )
    if any(one.runs == 1 for one in figures):
        lines.append("One run has no spread: no interval, rank or CRPS.")
    return "\n".join(lines)
