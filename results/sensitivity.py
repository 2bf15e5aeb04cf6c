"""What a sensitivity study says: which numbers decide the answer, in a chart, a table and a paragraph."""

import numpy as np
import xarray as xr

from results.charts import Chart
from results.compare import figure, rounding_unit
from results.drawing_sensitivity import Bar, Point, Shares, first_and_total, mu_sigma, tornado_bars
from results.labels import quoted, spoken
from results.table_rows import Cell, Rows

MOST_BARS = 15
SEEN = 0.005  # of the widest bar, or of the variance: less is not shown
MAIN = 0.8  # of the sum of squared swings: the inputs that make so much of it are those that decide
PAST = "also alters the lives lived before the start"


def measure_words(ds: xr.Dataset) -> str:
    """What was measured, of whom."""
    name, comparator = quoted(ds.attrs["alternative"]), quoted(ds.attrs["comparator"])
    return f"{ds.attrs['outcome_title']} by {name} against {comparator}, {ds.attrs['unit']} (below zero: {less(ds)})"


def less(ds: xr.Dataset) -> str:
    """What an answer below zero means."""
    return "more is spent than saved" if ds.attrs["outcome"] == "crime_cost_less_spend" else "more, not fewer"


def chart_of(ds: xr.Dataset) -> Chart:
    """The chart of a study by its method."""
    return {"tornado": tornado_chart, "morris": morris_chart, "sobol": sobol_chart}[ds.attrs["method"]](ds)


def tornado_chart(ds: xr.Dataset) -> Chart:
    shown = ds.isel(input=slice(0, MOST_BARS))
    widest = float(np.nanmax(np.abs(ds.outcome - ds.middle), initial=0.0))
    bars = [
        Bar(f"{label} ({told})", float(ends[0]), float(ends[1]))
        for label, told, ends in zip(shown.label.values, shown.range.values, shown.outcome.values, strict=True)
        if np.isfinite(ends).all() and np.abs(ends - float(ds.middle)).max() > SEEN * widest
    ]
    more = ds.sizes["input"] - len(bars)
    return Chart(
        stem="tornado",
        title="Which uncertain numbers decide the answer",
        subtitle=f"{measure_words(ds)}; {place(ds)}",
        picture="A bar for each uncertain number, from the answer at the low end of its range to that at the high end.",
        alternative=answer(ds),
        note=(
            f"One number at a time, all others in the middle of their ranges; interactions are not seen. {more} more "
            f"numbers were moved and stand in the table. {chance_words(ds)}"
        ),
        table=table_of_inputs(ds),
        draw=lambda: tornado_bars(bars, float(ds.middle), axis_words(ds), even_words(ds)),
    )


def morris_chart(ds: xr.Dataset) -> Chart:
    points = [
        Point(str(label), float(mu), float(sigma), float(error))
        for label, mu, sigma, error in zip(
            ds.label.values, ds.mu_star.values, ds.sigma.values, ds.mu_star_error.values, strict=True
        )
    ]
    return Chart(
        stem="morris",
        title="Which uncertain numbers matter, and which act together with others",
        subtitle=f"{measure_words(ds)}; {place(ds)}",
        picture="A point for each uncertain number: how much moving it changes the answer, and how unlike that is from "
        "place to place.",
        alternative=answer(ds),
        note=f"Elementary effects of {int(ds.trajectories[-1])} trajectories; bars: 95% intervals by resampling them.",
        table=table_of_inputs(ds),
        draw=lambda: mu_sigma(points, ds.attrs["unit"]),
    )


def sobol_chart(ds: xr.Dataset) -> Chart:
    shown = ds.isel(input=slice(0, MOST_BARS))
    pairs = [
        Shares(str(label), float(first), float(first_error), float(total), float(total_error))
        for label, first, first_error, total, total_error in zip(
            shown.label.values, shown["first"].values, shown.first_error.values, shown.total.values,
            shown.total_error.values, strict=True,
        )
    ]  # fmt: skip
    return Chart(
        stem="sobol",
        title="How much of the doubt in the answer each uncertain number makes",
        subtitle=f"{measure_words(ds)}; {place(ds)}",
        picture="For each uncertain number its share of the variance of the answer: by itself, and with interactions.",
        alternative=answer(ds),
        note=f"From {int(ds.bases[-1]):,} base points; bars are 95% intervals by resampling them.",
        table=table_of_inputs(ds),
        draw=lambda: first_and_total(pairs, "Share of the variance of the answer"),
    )


def place(ds: xr.Dataset) -> str:
    return f"{ds.attrs['area']}, {ds.attrs['years']} years"


def even_words(ds: xr.Dataset) -> str:
    """What zero means on the axis."""
    return "break-even" if ds.attrs["outcome"] == "crime_cost_less_spend" else "no difference"


def axis_words(ds: xr.Dataset) -> str:
    unit = str(ds.attrs["unit"])
    return f"{unit[0].upper()}{unit[1:]}; below zero {less(ds)}"


def chance_words(ds: xr.Dataset) -> str:
    seeds = int(ds.attrs["seeds"])
    if seeds == 1:
        return "All were lived with the same luck, once: how far chance moves an end is not known."
    return f"All were lived with the same luck, {seeds} times over: the errors in the table are of that."


def table_of_inputs(ds: xr.Dataset) -> Rows:
    """Every input, the widest first."""
    unit = ds.attrs["unit"]
    if ds.attrs["method"] == "tornado":
        rows: list[list[Cell]] = [
            [name, label, told, *map(float, ends), float(abs(ends[1] - ends[0])), *map(float, errors), yes(past)]
            for name, label, told, ends, errors, past in zip(
                ds.input.values.tolist(), ds.label.values.tolist(), ds.range.values.tolist(), ds.outcome.values,
                ds.error.values, ds.alters_past.values, strict=True,
            )
        ]  # fmt: skip
        return [
            "id", "uncertain number", "moved from and to", f"at the low end ({unit})", f"at the high end ({unit})",
            f"swing ({unit})", "error of the low end (over seeds)", "error of the high end (over seeds)", PAST,
        ], rows  # fmt: skip
    if ds.attrs["method"] == "sobol":
        rows = [
            [name, label, *map(float, (one, one - e, one + e, all_, all_ - f, all_ + f)), yes(past)]
            for name, label, one, e, all_, f, past in zip(
                ds.input.values.tolist(), ds.label.values.tolist(), ds["first"].values, ds.first_error.values,
                ds.total.values, ds.total_error.values, ds.alters_past.values, strict=True,
            )
        ]  # fmt: skip
        return [
            "id", "uncertain number", "first-order index", "lower (95% interval)", "upper (95% interval)",
            "total index", "lower of the total", "upper of the total", PAST,
        ], rows  # fmt: skip
    rows = [
        [name, label, *map(float, (mu_star, mu_star - error, mu_star + error, mu, sigma)), yes(past)]
        for name, label, mu_star, error, mu, sigma, past in zip(
            ds.input.values.tolist(), ds.label.values.tolist(), ds.mu_star.values, ds.mu_star_error.values,
            ds.mu.values, ds.sigma.values, ds.alters_past.values, strict=True,
        )
    ]  # fmt: skip
    return [
        "id", "uncertain number", f"mu* ({unit})", "lower (95% interval)", "upper (95% interval)", f"mu ({unit})",
        f"sigma ({unit})", PAST,
    ], rows  # fmt: skip


def yes(true: object) -> str:
    return "yes" if true else ""


def answer(ds: xr.Dataset) -> str:
    """The paragraph: which numbers decide the answer."""
    return {"tornado": tornado_answer, "morris": morris_answer, "sobol": sobol_answer}[ds.attrs["method"]](ds)


def tornado_answer(ds: xr.Dataset) -> str:
    middle = float(ds.middle)
    able = ds.isel(input=np.isfinite(ds.outcome.values).all(axis=1))
    swings = np.abs(able.outcome.values[:, 1] - able.outcome.values[:, 0])
    reach = np.ptp(np.column_stack([able.outcome.values, np.full(swings.size, middle)]), axis=1)
    unit = rounding_unit(middle, 0.0, float(reach.max(initial=0.0)))
    unmoved = int((reach == 0.0).sum())
    parts = [
        f"With every uncertain number in the middle of its range, {spoken(ds.attrs['alternative'])} comes to "
        f"{figure(middle, unit)} {ds.attrs['unit']} ({ds.attrs['outcome_title'].lower()} against "
        f"{quoted(ds.attrs['comparator'])}; below zero: {less(ds)})."
    ]
    if reach.any():
        shares = np.cumsum(reach**2) / (reach**2).sum()
        number = int(np.searchsorted(shares, MAIN)) + 1
        named = [
            f"{label} (from {figure(float(low), unit)} to {figure(float(high), unit)})"
            for label, (low, high) in zip(able.label.values[:number], able.outcome.values[:number], strict=True)
        ]
        many = f"These {number} numbers decide" if number > 1 else "One number decides"
        parts.append(f"{many} most of it ({shares[number - 1]:.0%} of the squared swings): {'; '.join(named[:6])}"
                     f"{'; and so on' if number > 6 else ''}.")  # fmt: skip
    turns = [str(label) for label, ends in zip(able.label.values, able.outcome.values, strict=True)
             if (np.sign(ends) * np.sign(middle) < 0).any()]  # fmt: skip
    if middle and able.sizes["input"]:
        side = even_words(ds)
        parts.append(
            f"Moved alone, {'; '.join(turns[:6])} could turn the answer to the other side of {side}."
            if turns else f"No single number, moved alone through its range, turns the answer past {side}."
        )  # fmt: skip
    parts.append(f"Numbers moved, one at a time: {able.sizes['input']}; {unmoved} of them change nothing here.")
    if lost := ds.sizes["input"] - able.sizes["input"]:
        parts.append(f"{lost} could not be told, as their runs failed.")
    parts.append(chance_words(ds))
    return " ".join(parts)


def morris_answer(ds: xr.Dataset) -> str:
    unit = rounding_unit(float(ds.mu_star.max()), 0.0, 0.0)
    told = list(zip(ds.label.values, ds.mu_star.values, ds.mu_star_error.values, ds.sigma.values, strict=True))
    first = [
        f"{label} ({figure(float(mu), unit)}, give or take {figure(float(error), unit)})"
        for label, mu, error, _ in told[:5]
    ]
    together = [str(label) for label, mu, _, sigma in told[:10] if sigma > mu > 0]
    nothing = int((ds.mu_star.values == 0.0).sum())
    settled = ds.mu_star_by_trajectories.values
    apart = ""
    if len(settled) > 1:
        same = len({*np.argsort(-settled[-1])[:5].tolist()} & {*np.argsort(-settled[-2])[:5].tolist()})
        apart = f" Of the first five, {same} were there with {int(ds.trajectories[-2])} trajectories already."
    lost = int(ds.attrs["trajectories_left_out"])
    return (
        f"Of {ds.sizes['input']} uncertain numbers these move the answer most, by {ds.attrs['unit']} for a move across "
        f"their range: {'; '.join(first)}. "
        + (f"Acting with others, or not in a straight line: {'; '.join(together)}. " if together else "")
        + f"{nothing} change nothing here.{apart}"
        + (f" {lost} trajectories were left out, as a run of theirs failed." if lost else "")
    )


def sobol_answer(ds: xr.Dataset) -> str:
    unit = rounding_unit(float(ds.middle), 0.0, float(ds.deviation))
    told = list(zip(ds.label.values, ds["first"].values, ds.total.values, ds.total_error.values, strict=True))
    told = [one for one in told if one[2] > SEEN]
    first = [f"{label} ({total:.0%}, give or take {error:.0%})" for label, _, total, error in told[:5]]
    alone = float(np.clip(ds["first"].values, 0.0, None).sum())
    unsettled = [str(label) for label, _, total, error in told[:5] if error > max(total, 0.0) / 2]
    lost = int(ds.attrs["bases_left_out"])
    if float(ds.deviation) == 0.0:
        return f"None of {ds.sizes['input']} uncertain numbers changes the answer, {figure(float(ds.middle), unit)}."
    return (
        f"Over all that is believed of {ds.sizes['input']} uncertain numbers the answer is "
        f"{figure(float(ds.middle), unit)} {ds.attrs['unit']} on average, with a standard deviation of "
        f"{figure(float(ds.deviation), unit)}. Of its variance these make most, interactions included: "
        f"{'; '.join(first)}. "
        f"By themselves, without interactions, all make about {min(alone, 1.0):.0%} of it."
        + (f" Not settled at this many points: {'; '.join(unsettled)}." if unsettled else "")
        + (f" {lost} base points were left out, as a run of theirs failed." if lost else "")
    )


def answer_page(ds: xr.Dataset) -> str:
    """The paragraph as a page of its own."""
    method = ds.attrs["method"]
    return (
        f"# {measure_words(ds)}\n\n{answer(ds)}\n\nThe chart is charts/{method}.png, every number is in "
        f"tables/{method}.csv. {ds.attrs['points']} points were run from {ds.attrs['pasts']} lived pasts.\n"
    )
