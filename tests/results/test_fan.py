"""The fan of outcomes: added up within a run, then put in order, and drawn as what it is."""

import itertools

import fake_outcomes
import numpy as np
import pytest
import xarray as xr

from results import drawing, drawing_fan, fan
from results.charts import write_chart
from results.compare import ENOUGH_RUNS, averted, of_crime


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return fake_outcomes.dataset(ENOUGH_RUNS, 3)


def few(ds: xr.Dataset, runs: int) -> xr.Dataset:
    return ds.isel(replicate=slice(0, runs))


def many(ds: xr.Dataset, alternatives: int) -> xr.Dataset:
    """The comparator and so many more, those of `ds` over and over."""
    parts = [
        ds.isel(alternative=[0 if at == 0 else 1 + at % (ds.sizes["alternative"] - 1)]).assign_coords(
            alternative=["as_agreed" if at == 0 else f"plan_{at}"]
        )
        for at in range(alternatives + 1)
    ]
    return xr.concat(parts, "alternative", data_vars="minimal").assign_attrs(ds.attrs)


def test_added_up_within_a_run_and_then_put_in_order(ds: xr.Dataset) -> None:
    by_year = of_crime(averted(ds, "expected_offences", "as_agreed")).sum(("area", "offence"))
    header, rows = fan.fan(ds).table
    told = dict(zip(header, next(row for row in rows if row[:2] == ["extra_primary", "2024/25"]), strict=True))
    by_hand = by_year.sel(alternative="extra_primary").sum("year").values
    for name, share in {"median (": 0.5, "lower (offences averted so far; middle half": 0.25, "upper (offences averted "
                        "so far; middle 90%": 0.95}.items():  # fmt: skip
        found = next(value for column, value in told.items() if column.startswith(name))
        assert found == pytest.approx(np.quantile(by_hand, share))
    assert told["runs above zero (%)"] == pytest.approx(100 * (by_hand > 0).mean())


def test_a_band_of_the_sum_is_no_sum_of_bands() -> None:
    """Two runs that take turns: in all they avert the same, though no year does."""
    turns = np.cumsum([[0.0, 10.0], [10.0, 0.0]], axis=1)
    assert np.ptp(fan.spread_of(turns).most, axis=0).tolist() == [10.0, 0.0]


@pytest.mark.parametrize(
    ("runs", "said", "drawn"),
    [
        (1, "One run shows no range", 0),
        (4, "Each thin line is a run", 0),
        (12, "from the least to the greatest of the 12 runs", 2),
        (ENOUGH_RUNS, "the middle 90 in 100 of the 40 runs", 2),
    ],
)
def test_bands_are_called_what_they_are(ds: xr.Dataset, runs: int, said: str, drawn: int) -> None:
    chart, some = fan.fan(few(ds, runs)), fan.averted_so_far(few(ds, runs))
    assert said in chart.note
    assert "95%" not in chart.subtitle + chart.note
    one = fan.fan_of(some.isel(alternative=0))
    assert len(one.bands) == drawn
    assert (one.runs is None) == (drawn > 0)
    half = chart.table[1][0][3]
    assert np.isnan(half) == (drawn == 0)


def test_the_least_and_the_greatest_run_are_the_ends_below_forty(ds: xr.Dataset) -> None:
    last = fan.averted_so_far(few(ds, 12)).isel(alternative=1, year=-1).values
    told = fan.spread_of(last)
    assert [float(end) for end in told.most] == [last.min(), last.max()]


def test_words_say_how_many_runs_are_above_zero() -> None:
    told = fan.reading_at_end(np.array([-30.0, *[100.0] * 3, *[120.0] * 4, *[900.0] * 2]))
    assert told == (
        "120 fewer in the median run (middle half 100 to 120; all runs 0 to 900; above zero in 9 of 10 runs, 90%)"
    )
    assert fan.reading_at_end(np.zeros(10)) == "no difference in any run"
    assert fan.reading_at_end(np.array([-7.0])) == "7 more in one run"


@pytest.mark.parametrize(("alternatives", "panels"), [(1, 1), (2, 2), (3, 3), (5, 5), (40, 6)])
def test_one_alternative_and_forty(ds: xr.Dataset, tmp_path, alternatives: int, panels: int) -> None:
    chart = fan.fan(many(few(ds, 9), alternatives))
    with drawing.style():
        figure = chart.draw()
    assert sum(axes.get_visible() for axes in figure.axes) == panels
    assert len(chart.table[1]) == 3 * alternatives
    assert ("stand in the table" in chart.note) == (alternatives > panels)
    assert chart.alternative.count(" in the median run") == panels
    assert all(path.stat().st_size > 0 for path in write_chart(chart, tmp_path))


def test_titles(ds: xr.Dataset) -> None:
    same = many(few(ds, 9), 2).isel(alternative=[0, 0]).assign_coords(alternative=["as_agreed", "the_same"])
    assert fan.fan(same).title.startswith("No alternative has averted clearly")
    assert "alone" not in fan.fan(ds.isel(alternative=[0, 1])).title
    assert fan.fan(ds).title.startswith("Of 4 that end clearly apart from 'as agreed', ")


def test_line_and_bands_are_apart_in_grey() -> None:
    greys = [grey(shade) for shade in (drawing_fan.MEDIAN, *reversed(drawing_fan.SHADES), "#FFFFFF")]
    assert all(darker + 0.1 < lighter for darker, lighter in itertools.pairwise(greys))
    assert 1.05 / (grey(drawing_fan.EDGE) + 0.05) > 3  # the contrast that graphics need against white


def grey(shade: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = np.array([int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
