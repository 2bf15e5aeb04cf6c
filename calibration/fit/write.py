"""The files of a fit: the posterior, how targets are met at its mean, what the unknowns are now, and in words."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.fit.bank import Question
from calibration.fit.fit import Fitted, conflicts, informed
from calibration.targets.reader import OWN_TABLES, Target
from calibration.unknowns import values_at
from experiments.sensitivity.problem import Ranges
from model.evidence import draw_values
from scenarios.areas.posterior import NAME, posterior_text

Floats = NDArray[np.float64]
NOT_INFORMED = 0.1  # narrower by less: the targets say next to nothing
ASKED = 0.85  # of the verified figures that are fitted to, the share that a fit is asked to meet
MOVED = 0.1  # of the spread of a figure over the first places; less is chance, or the model is set to the figure
VERIFIED = ("checked", "derived")


def write(asked: Question, fitted: Fitted, targets: Sequence[Target], folder: Path) -> list[str]:
    """Write everything into a folder that is there; gives the lines of the report's summary."""
    (folder / NAME).write_text(posterior_of(asked, fitted), encoding="utf-8", newline="\n")
    _csv(folder / "targets.csv", TARGET_COLUMNS, target_rows(asked, fitted, targets))
    _csv(folder / "unknowns.csv", UNKNOWN_COLUMNS, unknown_rows(asked, fitted))
    lines = summary(asked, fitted, targets)
    (folder / "fit.md").write_text("\n".join([*lines, *misses(asked, fitted), ""]), encoding="utf-8", newline="\n")
    return lines


def posterior_of(asked: Question, fitted: Fitted) -> str:
    """posterior.csv: the rows of the unknowns in each draw."""
    ranges, middle = Ranges(asked.unknowns), draw_values(asked.evidence, asked.seed, None, 1)
    draws = [values_at(middle, ranges, place) for place in fitted.draws]
    return posterior_text(ranges.names, draws)


TARGET_COLUMNS = (
    "id", "family", "what", "use", "provenance", "period", "cohort", "target", "tolerance", "at the posterior mean",
    "error of chance", "off, in tolerances", "verdict", "foretold by the unknowns", "source", "why not measured",
)  # fmt: skip


def figure_at_mean(asked: Question, fitted: Fitted, target: Target) -> tuple[float, float]:
    """A target's figure at the posterior mean, over seeds, and the error of chance of it; NaN where no run has any."""
    figures = fitted.at_mean[:, asked.targets.index(target)]
    figures = figures[np.isfinite(figures)]
    if figures.size == 0:
        return float("nan"), float("nan")
    return float(figures.mean()), float(figures.std() / np.sqrt(figures.size))


def verdict(target: Target, found: float) -> str:
    """pass within the tolerance, near within twice, else fail."""
    off = abs(target.misfit(found))
    return "not measured" if np.isnan(off) else "pass" if off <= 1.0 else "near" if off <= 2.0 else "fail"


def target_rows(asked: Question, fitted: Fitted, targets: Sequence[Target]) -> list[list[Any]]:
    """All targets, those that cannot be measured too."""
    shown = {one.id: emulator.explained for one, emulator in zip(fitted.targets, fitted.emulators, strict=True)}
    rows: list[list[Any]] = []
    for one in targets:
        told: list[Any] = [one.id, one.family, one.what, one.use, one.provenance, one.period, one.cohort, one.value]
        if not one.is_measured:
            rows.append([*told, one.tolerance, "", "", "", "not measurable", "", one.source, one.not_measurable])
            continue
        mean, error = figure_at_mean(asked, fitted, one)
        rows.append([*told, one.tolerance, mean, error, one.misfit(mean), verdict(one, mean), shown.get(one.id, ""),
                     one.source, one.note])  # fmt: skip
    return rows


UNKNOWN_COLUMNS = (
    "id", "what", "rows", "before: 2.5%", "median", "97.5%", "after: 2.5%", "median", "97.5%", "narrower by",
    "informed",
)  # fmt: skip


def unknown_rows(asked: Question, fitted: Fitted) -> list[list[Any]]:
    """What was believed of each unknown and what is now: of its first row, where it has several."""
    rows: list[list[Any]] = []
    for k, (one, narrower) in enumerate(zip(asked.unknowns, informed(fitted.draws), strict=True)):
        ranges = Ranges([one])
        first = one.rows[0].name
        before = [ranges.at(np.array([q]))[first] for q in (0.025, 0.5, 0.975)]
        after = [ranges.at(np.array([q]))[first] for q in np.quantile(fitted.draws[:, k], [0.025, 0.5, 0.975])]
        told = "yes" if narrower > NOT_INFORMED else "no"
        rows.append([one.id, one.label, len(one.rows), *before, *after, float(narrower), told])
    return rows


def fit_targets(asked: Question) -> tuple[Target, ...]:
    """Those fitted to whose figure was checked: of these the share met is told."""
    return tuple(one for one in asked.fitted if one.provenance in VERIFIED)


def is_met(asked: Question, fitted: Fitted, target: Target) -> bool:
    """Whether it is within its tolerance at the posterior mean."""
    return verdict(target, figure_at_mean(asked, fitted, target)[0]) == "pass"


def by_family(asked: Question, fitted: Fitted) -> dict[str, tuple[int, int]]:
    """Targets met at the posterior mean, and all of them, by family: those fitted to and verified."""
    met: dict[str, list[bool]] = defaultdict(list)
    for one in fit_targets(asked):
        met[one.family].append(is_met(asked, fitted, one))
    return {family: (sum(each), len(each)) for family, each in met.items()}


def told_apart(asked: Question, fitted: Fitted) -> list[str]:
    """The same share of those alone that can surprise: a model that is set to an area's record meets it."""
    moved = {one.id for one, emulator in zip(fitted.targets, fitted.emulators, strict=True)
             if emulator.explained >= MOVED}  # fmt: skip
    kinds = {
        "without the area's own tables": [one for one in fit_targets(asked) if one.source != OWN_TABLES],
        "of those that the unknowns move": [one for one in fit_targets(asked) if one.id in moved],
    }
    found = []
    for words, those in kinds.items():
        met = sum(is_met(asked, fitted, one) for one in those)
        found.append(f"{words} {met} of {len(those)} ({met / max(len(those), 1):.1%})")
    shares = [a / b for a, b in by_family(asked, fitted).values()]
    well = sum(share >= ASKED for share in shares)
    told = f"the mean of families {np.mean(shares):.1%}; in {well} of {len(shares)} families {ASKED:.0%} or more"
    return [*found, told]


def summary(asked: Question, fitted: Fitted, targets: Sequence[Target]) -> list[str]:
    """What came of it, for the terminal and the head of the report."""
    families = by_family(asked, fitted)
    met, all_of = (sum(column) for column in zip(*families.values(), strict=True))
    uninformed = [one.id for one, narrower in zip(asked.unknowns, informed(fitted.draws), strict=True)
                  if narrower <= NOT_INFORMED]  # fmt: skip
    unmeasured = sum(not one.is_measured for one in targets)
    return [
        f"# {asked.area.name}: fitted to official statistics",
        "",
        f"{len(fitted.places)} runs of {asked.scale:.3g} of the area, {len(asked.unknowns)} unknowns, {len(targets)} "
        f"targets ({unmeasured} cannot be measured in this model: targets.csv says why).",
        f"Met at the posterior mean, of those fitted to and verified: {met} of {all_of} ({met / all_of:.1%}).",
        "By family: " + "; ".join(f"{family} {a} of {b}" for family, (a, b) in families.items()) + ".",
        f"Told apart: {'; '.join(told_apart(asked, fitted))}.",
        left_words(fitted.kept),
        "Not informed by these targets: " + (", ".join(uninformed) or "none") + ".",
        f"One draw of the sample is worth {fitted.length:.0f} steps of its chain.",
    ]


def left_words(kept: float) -> str:
    """What the first wave leaves of what was believed."""
    told = f"The first wave ruled out {1.0 - kept:.1%} of what was believed possible."
    if kept:
        return told
    return (f"{told} No place in it meets all targets nearly enough, so that what is believed and the figures are at "
            "odds, as the misses below tell; the second wave is of the least unlikely places.")  # fmt: skip


def misses(asked: Question, fitted: Fitted) -> list[str]:
    """Each target fitted to and not met, and why: out of reach of all that is believed, or against which others."""
    against = conflicts(fitted, fitted.targets)
    lines = ["", "## Targets fitted to and not met", "",
             "In conflict: at the least unlikely place that meets it, these are missed by so much more."]  # fmt: skip
    for t, one in enumerate(fitted.targets):
        found, _ = figure_at_mean(asked, fitted, one)
        if verdict(one, found) == "pass":
            continue
        low, high = fitted.reach[:, t]
        if fitted.emulators[t].is_flat:
            why = "no unknown moves it by more than chance does"
        elif one.value + one.tolerance < low or one.value - one.tolerance > high:
            why = f"out of reach: no believed value of the unknowns gives less than {low:.4g} or more than {high:.4g}"
        elif against.get(one.id):
            others = ", ".join(f"{name} ({worse:+.1f} tolerances)" for name, worse in against[one.id])
            why = f"in conflict with {others}"
        else:
            why = "near the edge of what the unknowns allow beside the others"
        lines.append(
            f"- {one.id} ({one.what}): {found:.4g}, target {one.value:.4g} within {one.tolerance:.2g}; {why}."
        )
    return lines


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([[f"{one:.6g}" if isinstance(one, float) else one for one in row] for row in rows])
