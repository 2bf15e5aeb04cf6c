"""What a sensitivity study says: which numbers decide the answer, in charts, a table and a page."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from results.chart import Chart
from results.convergence import convergence_chart
from results.drawing_sensitivity import Bar, Point, Shares, first_and_total, mu_sigma, tornado_bars
from results.outcomes import even_words
from results.sensitivity_words import (
    MAIN,
    SEEN,
    answer,
    axis_words,
    chance_words,
    explained_words,
    input_word,
    is_refused,
    measure_words,
    place,
    reach_of,
    unit_of,
)
from results.table_rows import Cell, Rows

__all__ = ["MAIN", "answer_page", "answers", "charts_of", "table_of_inputs"]

MOST_BARS = 15
PAST = "also alters the lives lived before the start"
WIDEST = {"tornado": reach_of, "morris": lambda ds: ds.mu_star.values, "sobol": lambda ds: ds.total.values}


def parts_of(ds: xr.Dataset) -> Iterator[xr.Dataset]:
    """A study of one policy and one outcome after the other, its inputs in order, the widest first."""
    for policy in ds.policy.values:
        for outcome in ds.outcome.values:
            one = ds.sel(policy=policy, outcome=outcome)
            widest = np.nan_to_num(WIDEST[ds.attrs["method"]](one), nan=-1.0)
            yield one.isel(input=np.argsort(-widest, kind="stable"))


def stem_of(ds: xr.Dataset, whole: xr.Dataset, name: str) -> str:
    """The name of a chart: of several, with the policy and the outcome that it is of."""
    several = (whole.sizes["policy"] > 1) * [str(ds.policy.values)] + (whole.sizes["outcome"] > 1) * [
        str(ds.outcome.values)
    ]
    return "_".join([name, *several])


def charts_of(ds: xr.Dataset) -> Iterator[Chart]:
    """The charts of a study, for each policy and outcome."""
    chart_of = {"tornado": tornado_chart, "morris": morris_chart, "sobol": sobol_chart}[ds.attrs["method"]]
    for one in parts_of(ds):
        if is_refused(one):
            continue
        yield chart_of(one, stem_of(one, ds, ds.attrs["method"]))
        if settled := convergence_chart(one, stem_of(one, ds, "convergence")):
            yield settled


def tornado_chart(ds: xr.Dataset, stem: str) -> Chart:
    shown = ds.isel(input=slice(0, MOST_BARS))
    widest = float(np.nanmax(np.abs(ds.answer - ds.middle), initial=0.0))
    bars = [
        Bar(f"{label} ({told})", float(ends[0]), float(ends[1]))
        for label, told, ends in zip(shown.label.values, shown.range.values, shown.answer.values, strict=True)
        if np.isfinite(ends).all() and np.abs(ends - float(ds.middle)).max() > SEEN * widest
    ]
    more = ds.sizes["input"] - len(bars)
    return Chart(
        stem=stem,
        title=f"Which {input_word(ds)} decide the answer",
        subtitle=f"{measure_words(ds)}; {place(ds)}",
        picture=f"A bar for each {input_word(ds, 1)}, from the answer at the low end of its range to that at the high "
        "end.",
        alternative=answer(ds),
        note=(
            f"One number at a time, all others in the middle of their ranges; interactions are not seen. {more} more "
            f"were moved and stand in the table. {chance_words(ds)}"
        ),
        table=rows_of(ds),
        draw=lambda: tornado_bars(bars, float(ds.middle), axis_words(ds), even_words(str(ds.outcome.values))),
    )


def morris_chart(ds: xr.Dataset, stem: str) -> Chart:
    points = [
        Point(str(label), float(mu), float(sigma), float(error))
        for label, mu, sigma, error in zip(
            ds.label.values, ds.mu_star.values, ds.sigma.values, ds.mu_star_error.values, strict=True
        )
    ]
    return Chart(
        stem=stem,
        title=f"Which {input_word(ds)} matter, and which act together with others",
        subtitle=f"{measure_words(ds)}; {place(ds)}",
        picture=f"A point for each {input_word(ds, 1)}: how much moving it changes the answer, and how unlike that is "
        "from place to place.",
        alternative=answer(ds),
        note=f"Elementary effects of {int(ds.trajectories[-1])} trajectories; bars: 95% intervals by resampling them.",
        table=rows_of(ds),
        draw=lambda: mu_sigma(points, unit_of(ds)),
    )


def sobol_chart(ds: xr.Dataset, stem: str) -> Chart:
    shown = ds.isel(input=slice(0, MOST_BARS))
    names = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    columns = [shown[name].values.tolist() for name in names]
    pairs = [Shares(*told) for told in zip(shown.label.values.tolist(), *columns, strict=True)]
    return Chart(
        stem=stem,
        title=f"How much of the spread of the answer each {input_word(ds, 1)} makes",
        subtitle=f"{measure_words(ds)}; {place(ds)}",
        picture=f"For each {input_word(ds, 1)} its share of the variance of the answer: by itself, and with "
        "interactions.",
        alternative=answer(ds),
        note=explained_words(ds),
        table=rows_of(ds),
        draw=lambda: first_and_total(pairs, "Share of the variance of the answer"),
    )


def yes(true: object) -> str:
    return "yes" if true else ""


def rows_of(ds: xr.Dataset) -> Rows:
    """Every input of one policy and outcome, the widest first."""
    heads, names = COLUMNS[ds.attrs["method"]]
    columns = [ds[name].values for name in names]
    if ds.attrs["method"] == "tornado":
        columns = [*ds.answer.values.T, reach_of(ds), *ds.error.values.T]
    if ds.attrs["method"] == "morris":
        columns[1:1] = [ds.mu_star.values - ds.mu_star_error.values, ds.mu_star.values + ds.mu_star_error.values]
    rows: list[list[Cell]] = [
        [*map(str, words), *map(float, numbers), yes(past)]
        for *words, numbers, past in zip(
            ds.input.values, ds.label.values, ds.range.values, zip(*columns, strict=True), ds.alters_past.values,
            strict=True,
        )
    ]  # fmt: skip
    told = [head.replace("UNIT", unit_of(ds)) for head in heads]
    return ["id", input_word(ds, 1), "moved from and to", *told, PAST], rows


COLUMNS = {
    "tornado": (
        ("at the low end (UNIT)", "at the high end (UNIT)", "swing (UNIT)", "error of the low end (over seeds)",
         "error of the high end (over seeds)"), (),
    ),
    "morris": (
        ("mu* (UNIT)", "lower (95% interval)", "upper (95% interval)", "mu (UNIT)", "sigma (UNIT)"),
        ("mu_star", "mu", "sigma"),
    ),
    "sobol": (
        ("first-order index", "lower (95% interval)", "upper (95% interval)", "total index", "lower of the total",
         "upper of the total"),
        ("first", "first_low", "first_high", "total", "total_low", "total_high"),
    ),
}  # fmt: skip


def table_of_inputs(ds: xr.Dataset) -> Rows:
    """Every policy, outcome and input."""
    rows: list[list[Cell]] = []
    head: list[str] = []
    for one in parts_of(ds):
        own, told = rows_of(one)
        head = [words.replace(f" ({unit_of(one)})", "") for words in own]
        outcome = f"{one.outcome_title.item()}, {unit_of(one)}"
        rows += [[str(one.policy.values), outcome, *row] for row in told]
    return ["policy", "outcome", *head], rows


def answers(ds: xr.Dataset) -> str:
    """The paragraph of each policy and outcome."""
    return "\n\n".join(answer(one) for one in parts_of(ds))


def answer_page(ds: xr.Dataset) -> str:
    """The paragraphs as a page of their own."""
    method = ds.attrs["method"]
    parts = [f"# {ds.attrs['experiment_title']}", *([ds.attrs["fit_warning"]] if ds.attrs.get("fit_warning") else [])]
    for one in parts_of(ds):
        chart = "" if is_refused(one) else f"\n\nThe chart is charts/{stem_of(one, ds, method)}.png."
        parts.append(f"## {measure_words(one)}\n\n{answer(one)}{chart}")
    pasts = ds.attrs["pasts"]
    lived = "one lived past" if pasts == "1" else f"{pasts} lived pasts"
    parts.append(f"Every number is in tables/{method}.csv. {ds.attrs['points']} points were run from {lived}.")
    return "\n\n".join(parts) + "\n"
