"""Whether a sensitivity study has settled: its indices as trajectories or base points are added."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from results.chart import Chart
from results.compare import figure, rounding_unit
from results.drawing_convergence import Path, paths_by_step
from results.labels import capital
from results.sensitivity_words import input_word, measure_words, place, unit_of
from results.table_rows import Rows

Floats = NDArray[np.float64]

MOST_PATHS = 6
FIRST = 5  # whose order is looked at
SMALLEST = 0.001  # steps of rounding go no further down


class Steps(NamedTuple):
    """An index by step, the largest at the last step first."""

    ids: list[str]  # of the inputs
    labels: list[str]
    sizes: list[int]  # trajectories or base points at each step
    values: Floats  # (steps, inputs)
    errors: Floats  # (inputs,) half-widths of the 95% intervals at the last step
    measure: str  # what it is called, with its unit
    counted: str  # what the sizes are of
    word: str  # what an input is called


def convergence_chart(ds: xr.Dataset, stem: str = "convergence") -> Chart | None:
    """mu* by trajectories (Morris) or the total index by base points (Sobol), of one policy and outcome. None where
    there is nothing to see: of a tornado or an emulator, of a single step, and where no input changes the answer."""
    told = steps_of(ds)
    if told is None or len(told.sizes) < 2 or not (told.values[-1] > 0).any():
        return None
    shown = int(min(MOST_PATHS, (told.values[-1] > 0).sum()))
    paths = [Path(told.labels[at], told.values[:, at], float(told.errors[at])) for at in range(shown)]
    sizes = np.array(told.sizes, dtype=np.float64)
    rest = len(told.ids) - shown
    return Chart(
        stem=stem,
        title=title_of(told),
        subtitle=f"{measure_words(ds)}; {place(ds)}",
        picture=(
            f"A line for {f'each of the {shown} largest' if shown > 1 else 'one number'}: its {told.measure} by the "
            f"number of {told.counted}."
        ),
        alternative=settled_words(told),
        note=(
            f"Each step holds those before it. Bars at the right: 95% intervals with all {told.sizes[-1]:,} "
            f"{told.counted}, by resampling them; they omit what the model leaves out or has wrong."
            + (f" The other {rest} {told.word}s stand in the table." if rest > 1 else "")
            + (f" The other {told.word} stands in the table." if rest == 1 else "")
        ),
        table=table_of(told),
        draw=lambda: paths_by_step(
            np.log2(sizes) if ds.attrs["method"] == "sobol" else sizes, [f"{size:,}" for size in told.sizes], paths,
            capital(told.measure) if ds.attrs["method"] == "sobol" else told.measure, f"Number of {told.counted}",
        ),
    )  # fmt: skip


def steps_of(ds: xr.Dataset) -> Steps | None:
    """What is looked at of a study, by its method; None where there are no steps."""
    if ds.attrs["method"] == "morris":
        by_step, error, dim = ds.mu_star_by_trajectories, ds.mu_star_error.values, "trajectories"
        measure, counted = f"mu* ({unit_of(ds)})", "trajectories"
    elif "total_by_bases" in ds:
        by_step, error, dim = ds.total_by_bases, (ds.total_high - ds.total_low).values / 2.0, "bases"
        measure, counted = "total index (share of the variance of the answer)", "base points"
    else:
        return None
    by_step = by_step.transpose(dim, "input")
    order = np.argsort(-by_step.values[-1], kind="stable")
    return Steps(
        [str(ds.input.values[at]) for at in order], [str(ds.label.values[at]) for at in order],
        [int(size) for size in ds[dim].values], by_step.values[:, order], error[order], measure, counted,
        input_word(ds, 1),
    )  # fmt: skip


def ranks(told: Steps) -> tuple[list[int], list[int]]:
    """Places of the first five (fewer where fewer change anything) at the last step and at the one before."""
    first = int(min(FIRST, (told.values[-1] > 0).sum()))
    before = np.argsort(-told.values[-2], kind="stable")
    return list(range(first)), [int(at) for at in before[:first]]


def title_of(told: Steps) -> str:
    now, before = ranks(told)
    if len(now) == 1:
        return f"One {told.word} alone changes the answer"
    if now == before:
        return f"The order of the first {len(now)} {told.word}s held over the last step"
    if set(now) == set(before):
        return f"The same {len(now)} {told.word}s lead, but their order changed over the last step"
    return f"Which {told.word}s are the first {len(now)} still changed in the last step"


def settled_words(told: Steps) -> str:
    """Whether the first five were those before the last step, in their order, and which of them moved most in it."""
    now, before = ranks(told)
    late, early = f"{told.sizes[-1]:,} {told.counted}", f"{told.sizes[-2]:,}"
    same = len(set(now) & set(before))
    if same < len(now):
        opening = f"Of the first {len(now)} with {late}, {same} were there with {early}."
    elif len(now) == 1:
        opening = f"One {told.word} alone changes the answer, with {early} as with {late}."
    else:
        order = "the same" if now == before else "another"
        opening = f"The first {len(now)} are the same with {early} as with {late}, in {order} order."
    moves = np.abs(told.values[-1] - told.values[-2])[: len(now)]
    most = int(moves.argmax())
    ends = (told.values[-2, most], told.values[-1, most])
    unit = rounding_unit(ends[1], 0.0, 2 * max(told.errors[most], moves[most]), SMALLEST)
    start, end = (figure(float(one), unit) for one in ends)
    return (
        f"{opening} By their {told.measure} in the end: {'; '.join(with_error(told, at) for at in now)}. "
        f"{'It moved' if len(now) == 1 else f'Of these {told.labels[most]} moved most'} over the last step, "
        f"from {start} to {end}, {'within' if moves[most] <= told.errors[most] else 'by more than'} the half-width of "
        "its interval."
    )


def with_error(told: Steps, at: int) -> str:
    """'Parenting programmes: uptake (330, give or take 120)' at the last step."""
    value, error = float(told.values[-1, at]), float(told.errors[at])
    unit = rounding_unit(value, 0.0, 2 * error, SMALLEST)
    return f"{told.labels[at]} ({figure(value, unit)}, give or take {figure(error, unit)})"


def table_of(told: Steps) -> Rows:
    """Every input and step; the interval stands beside the last."""
    rows: Rows = (
        ["id", told.word, told.counted, told.measure, "lower (95% interval)", "upper (95% interval)"],
        [],
    )
    for at, (name, label) in enumerate(zip(told.ids, told.labels, strict=True)):
        for step, size in enumerate(told.sizes):
            value = float(told.values[step, at])
            error = float(told.errors[at]) if step == len(told.sizes) - 1 else np.nan
            rows[1].append([name, label, size, value, value - error, value + error])
    return rows
