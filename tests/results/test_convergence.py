"""Whether a sensitivity study has settled, in a picture, in words and as a table."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
import xarray as xr

from experiments.sensitivity import morris, sobol
from experiments.sensitivity.problem import Uncertainty
from results import drawing
from results.charts import write_chart
from results.convergence import convergence_chart

ATTRS = {
    "comparator": "as_agreed", "area": "West Mercia", "years": "10", "seeds": "1",
}  # fmt: skip
LONG = "We Don't Buy Crime: property marking: full months"


def inputs(number: int) -> list[Uncertainty]:
    return [Uncertainty(f"x{at}", f"number {at}" if at else LONG, (), False) for at in range(number)]


def of_one(ds: xr.Dataset) -> xr.Dataset:
    """As a part of a study, of one policy and outcome."""
    if "policy" in ds.dims:
        ds = ds.isel(policy=0, outcome=0)
    return ds.assign_coords(policy="stop", outcome="offences", outcome_title="Offences averted", unit="offences")


def study(by_step: Sequence[Sequence[float]], error: float = 1.0) -> xr.Dataset:
    """A study by Morris with these mu* (steps, inputs)."""
    values = np.asarray(by_step, dtype=float)
    steps, number = values.shape
    return of_one(xr.Dataset(
        {
            "mu_star_by_trajectories": (("trajectories", "input"), values),
            "mu_star_error": ("input", np.full(number, error)),
            "label": ("input", [one.label for one in inputs(number)]),
            "kind": ("input", ["uncertainty"] * number),
        },
        coords={"input": [one.id for one in inputs(number)], "trajectories": 5 * np.arange(1, steps + 1)},
        attrs=ATTRS | {"method": "morris"},
    ))


@pytest.fixture(scope="module", params=["morris", "sobol"])
def ds(request: pytest.FixtureRequest) -> xr.Dataset:
    """Eight inputs of which the last does nothing and the others ever less, analysed as in a study."""
    weights = np.array([8.0, 7.0, 6.0, 1.0, 0.6, 0.4, 0.2, 0.0])
    if request.param == "morris":
        points = morris.points_of(inputs(8), 12, 1)
        found = points @ weights + 9 * points[:, 0] * points[:, 1]
        made = morris.analysed(inputs(8), points, found[None, None], 1)
    else:
        points = sobol.points_of(8, 64, 1)
        found = points @ weights + 9 * points[:, 0] * points[:, 1]
        made = sobol.analysed(inputs(8), found[None, None], 1)
    return of_one(made.assign_attrs(ATTRS | {"method": request.param}))


def test_words_table_and_picture(ds: xr.Dataset, tmp_path) -> None:
    chart = convergence_chart(ds)
    assert chart is not None
    steps, last = ds[ds.total_by_bases.dims[0] if "bases" in ds.dims else "trajectories"], chart.table[1][3]
    assert chart.stem == "convergence"
    assert len(chart.table[1]) == 8 * steps.size
    assert last[:3] == ["x0", LONG, int(steps[-1])]
    assert last[4] < last[3] < last[5]
    assert np.isnan(chart.table[1][0][4])  # the interval is of the last step
    assert "West Mercia, 10 years" in chart.subtitle
    assert "The other 2 uncertain numbers stand in the table" in chart.note
    paths = write_chart(chart, tmp_path)
    assert [path.name for path in paths] == [f"convergence.{end}" for end in ("svg", "png", "md", "csv")]
    assert "nan" not in paths[2].read_text(encoding="utf-8")


def test_the_order_of_inputs_in_the_study_does_not_matter(ds: xr.Dataset) -> None:
    shuffled = ds.isel(input=np.random.default_rng(1).permutation(8))
    one, other = convergence_chart(ds), convergence_chart(shuffled)
    assert one is not None
    assert other is not None
    assert (one.title, one.alternative, one.note) == (other.title, other.alternative, other.note)
    assert repr(one.table) == repr(other.table)


@pytest.mark.parametrize(
    ("before", "title", "said"),
    [
        ([9, 8, 7, 6, 5, 1], "The order of the first 5 uncertain numbers held", "in the same order"),
        ([9, 8, 7, 5, 6, 1], "The same 5 uncertain numbers lead", "in another order"),
        ([9, 8, 7, 6, 1, 5], "Which uncertain numbers are the first 5 still", "Of the first 5 with 10 trajectories, 4"),
    ],
)
def test_whether_the_first_five_have_settled(before: list[float], title: str, said: str) -> None:
    chart = convergence_chart(study([before, [9, 8, 7, 6, 5, 1]]))
    assert chart is not None
    assert chart.title.startswith(title)
    assert said in chart.alternative


def test_the_largest_move_is_told_beside_its_interval() -> None:
    within = convergence_chart(study([[90, 40], [100, 41]], error=20))
    beyond = convergence_chart(study([[90, 40], [100, 41]], error=5))
    assert within is not None
    assert beyond is not None
    assert f"{LONG} moved most over the last step, from 90 to 100, within the half-width" in within.alternative
    assert "from 90 to 100, by more than the half-width" in beyond.alternative


def test_one_number_alone() -> None:
    chart = convergence_chart(study([[3, 0, 0], [4, 0, 0]]))
    assert chart is not None
    assert chart.title == "One uncertain number alone changes the answer"
    with drawing.style():
        chart.draw()


def test_nothing_to_see() -> None:
    assert convergence_chart(study([[3, 2, 1]])) is None
    assert convergence_chart(study(np.zeros((2, 3)).tolist())) is None
    assert convergence_chart(xr.Dataset(attrs=ATTRS | {"method": "tornado"})) is None


@pytest.mark.parametrize("last", [[900, 2, 2, 2, 2, 2], [5, 5, 5, 5, 5, 5], [900, 890, 880, 870, 860, 850]])
def test_names_do_not_cover_each_other(last: list[float]) -> None:
    made = study([last, last])
    chart = convergence_chart(made.assign(label=("input", [f"{LONG} {at}" for at in range(6)])))
    assert chart is not None
    with drawing.style():
        figure = chart.draw()
        figure.draw_without_rendering()
    boxes = sorted((text.get_window_extent() for text in figure.axes[0].texts), key=lambda box: box.y0)
    assert len(boxes) == 6
    assert all(low.y1 <= high.y0 for low, high in itertools.pairwise(boxes))
    assert all(box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1 for box in boxes)
