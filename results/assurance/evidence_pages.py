"""Verification (is it what is written down?) and validation (is it like the world?), each on a page of its own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

from results.assurance.page import NOT_DONE, Check, Of, listed, page, table, ticks
from results.compare import ENOUGH_RUNS
from results.table_rows import Cell

VERDICTS = ("pass", "near", "fail")
NO_LIST = "The list is not on this machine: it comes with the sources of Upstream and not with what is installed."
OTHER_FIT = (
    "**The run did not draw from this fit**, or it has been replaced since: what follows is of the fit that is there "
    "now."
)


class Fit(NamedTuple):
    """What is said of an area's fit: its targets as rows by column, none where its report is not at hand."""

    targets: Sequence[Mapping[str, str]]
    sha256: str  # of targets.csv
    of_the_run: bool  # whether the run drew from the fit that is there


class Validation(NamedTuple):
    """A report of `upstream validate` that lies beside the run: its rows by column."""

    folder: str
    rows: Sequence[Mapping[str, str]]


class Tests(NamedTuple):
    """What tests there are: what each shows and the command that shows it."""

    file: str
    sha256: str  # "" where it is not on this machine
    rows: Sequence[tuple[str, str]]


def result_checks(ds: xr.Dataset, given: Mapping[str, float]) -> list[Check]:
    """What a machine can see of the results; `given` is the commissioner's pounds over the plan by alternative."""
    units = ("offences", "people", "crimes")
    counts = [name for name, values in ds.data_vars.items() if values.attrs.get("units") in units]
    bad = [str(name) for name, values in ds.data_vars.items() if name != "parameter" and not np.isfinite(values).all()]
    below = [str(name) for name in counts if (ds[name] < 0).any()]
    part = bool((ds.domestic_abuse_offences <= ds.offences.sum("offence")).all())
    apart = float(np.abs(ds.population - ds.population.isel(alternative=0)).max())
    spent = ds.commissioner_spend.sum(["programme", "year"]).max("replicate")
    over = [name for name, pounds in given.items() if float(spent.sel(alternative=name)) > pounds + 1.0]
    return [
        Check("Every figure of the results is a number", not bad,
              f"all {len(ds.data_vars) - 1} variables looked at" if not bad else f"not so: {', '.join(bad)}"),
        Check("No count is below nought", not below,
              f"{len(counts)} variables looked at" if not below else f"not so: {', '.join(below)}"),
        Check("Domestic abuse is no more than all offences, in every district, year and run", part, "compared"),
        Check("No run failed", not ds.attrs.get("failed"),
              ds.attrs.get("failed") or f"{ds.sizes['replicate']} runs of each alternative"),
        Check("Within each run all alternatives have the same people", apart == 0.0,
              f"residents by district and year differ by at most {apart:g} between alternatives"),
        Check("No alternative spends more of the commissioner's money than the scenario gives it", not over,
              f"spend over the plan compared for {len(given)} "
              f"alternatives" if not over else f"not so: {', '.join(over)}"),
    ]  # fmt: skip


def verification_page(of: Of, checks: Sequence[Check], tests: Tests) -> str:
    """Whether the run is what is written down; nothing of whether that is like the world."""
    there = f"`{tests.file}` (SHA-256 {tests.sha256})" if tests.sha256 else f"`{tests.file}`, not on this machine"
    return page(of, "Verification: does it do what is written down?", [
        "This page says nothing of whether the model is like the world: that is `validation.md`.",
        "## Verified as this pack was made",
        ticks(checks),
        "## Tests of this version of Upstream",
        "**None of these was run for this pack.** What each shows, with its last figures and their dates, stands in "
        f"{there}; the command makes the figure again.",
        table(("what is shown", "command"), tests.rows) if tests.rows else NO_LIST,
        "## What only a person can verify",
        ticks([
            Check("Somebody else made the run again and got the same", None),
            Check("The figures in the paper were held against `tables/`", None),
            Check("A reviewer read the parts of the code that this answer rests on", None),
        ]),
    ])  # fmt: skip


def validation_page(of: Of, area: str, fit: Fit | None, report: Validation | None) -> str:
    """Whether the model is like the world, as far as anybody looked."""
    return page(of, "Validation: is it like the world?", [
        "This page says nothing of whether the code does what is written down: that is `verification.md`.",
        f"## The fit of {area}",
        *(_of_fit(fit) if fit else [
            f"**{area} has no fit.** Its levels are set to its recorded crime, and its unknowns to the middle of what "
            "is believed. No figure of this area beyond those levels is held against the model here."
        ]),
        "## Held against what it was not fitted to",
        *(_of_report(report) if report else [
            f"No report of `upstream validate` lies beside this run: **{NOT_DONE}** here."
        ]),
        "## Held against what came",
        f"Predictions kept and scored (`upstream register`, `upstream score`): **{NOT_DONE}** as far as this pack "
        "knows.",
        "## What only a person can judge",
        ticks([
            Check("The misses above are acceptable for the use named in `limits.md`", None),
            Check("People who know the area and its services looked at the figures and recognise them", None),
        ]),
    ])  # fmt: skip


def in_brief(fit: Fit | None) -> str:
    """How a fit's figures are met, in a sentence."""
    if fit is None:
        return "The area has no fit."
    if not fit.targets:
        return "The area has a fit, whose report is not here: which figures it misses is **not known** to this pack."
    measured = [one for one in fit.targets if one["verdict"] in VERDICTS]
    return f"Of {len(measured)} figures that the model was held against: {_counted(measured)}."


def _of_fit(fit: Fit) -> list[str]:
    if not fit.targets:
        where = "The report is `fit/targets.csv` in the area's folder, which `upstream calibrate` writes."
        return [in_brief(fit), where]
    measured = [one for one in fit.targets if one["verdict"] in VERDICTS]
    missed = [one for one in measured if one["verdict"] != "pass"]
    unmeasured = [one for one in fit.targets if one["verdict"] not in VERDICTS]
    counts: list[list[Cell]] = [
        [use, *(sum(one["use"] == use and one["verdict"] == verdict for one in measured) for verdict in VERDICTS)]
        for use in dict.fromkeys(one["use"] for one in measured)
    ]
    return [
        "" if fit.of_the_run else OTHER_FIT,
        f"{len(fit.targets)} figures: {_counted(measured)}; {len(unmeasured)} cannot be measured in this model. Met "
        "means within the tolerance, near within twice of it. That figures that were fitted to agree says that the "
        f"fit worked, not that the model is right. From `fit/targets.csv` (SHA-256 {fit.sha256}).",
        table(("use", "met", "near", "missed"), counts),
        "*fit*: the model was fitted to it. *check*: measured and not fitted to.",
        f"### Missed, the furthest off first ({len(missed)})",
        table(("figure", "which", "use", "published", "tolerance", "model", "off, in tolerances", "verdict"),
              [_missed(one) for one in sorted(missed, key=_off, reverse=True)]),
        f"### Cannot be measured in this model ({len(unmeasured)})",
        listed(dict.fromkeys(f"{one['what']}: {one['why not measured'] or one['verdict']}" for one in unmeasured)),
        f"### Met ({len(measured) - len(missed)})",
        ", ".join(f"`{one['id']}`" for one in measured if one["verdict"] == "pass"),
    ]  # fmt: skip


def _counted(measured: Sequence[Mapping[str, str]]) -> str:
    told = Counter(one["verdict"] for one in measured)
    return f"{told['pass']} met, {told['near']} near, {told['fail']} missed"


def _off(one: Mapping[str, str]) -> float:
    try:
        return abs(float(one["off, in tolerances"]))
    except ValueError:
        return 0.0


def _missed(one: Mapping[str, str]) -> list[str]:
    told = [_shown(one[name]) for name in ("target", "tolerance", "at the posterior mean", "off, in tolerances")]
    return [f"`{one['id']}`", one["what"], one["use"], *told, "missed" if one["verdict"] == "fail" else "near"]


def _shown(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return text
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _of_report(report: Validation) -> list[str]:
    missed = [row for row in report.rows if row["verdict"] in ("near", "fail") and row["section"] != "emergence"]
    sections = list(dict.fromkeys(row["section"] for row in report.rows))
    return [
        f"From `{report.folder}/validation.csv`, found beside the run. That it is of the same fit was not checked.",
        table(("section", "in their band", "near", "not"), [
            (section, *(sum(row["section"] == section and row["verdict"] == verdict for row in report.rows)
                        for verdict in VERDICTS)) for section in sections
        ]),
        "Section *emergence* is of worlds with a mechanism taken out: there figures should leave their band.",
        table(("section", "figure", "band", "model", "verdict"), [
            (row["section"], row["what"], f"{_shown(row['low'])} to {_shown(row['high'])}", _shown(row["found"]),
             row["verdict"]) for row in missed
        ]),
    ]  # fmt: skip


def enough_runs(ds: xr.Dataset) -> Check:
    runs = ds.sizes["replicate"]
    return Check(f"There are {ENOUGH_RUNS} runs or more, so that ranges are 95% model intervals", runs >= ENOUGH_RUNS,
                 f"{runs} runs")  # fmt: skip
