"""Charts of money: words that claim no more than the runs, lines that are apart, and measures not in the model."""

import fake_outcomes
import numpy as np
import pytest
import xarray as xr

from results import drawing_money
from results.charts import charts_of
from results.compare import comparator_of
from results.drawing import Series, lines_over_time
from results.economics.appraisal import appraisal, spends_more
from results.labels import spoken
from results.money_charts import acceptability, by_line, cumulative, gains, plane, shares_worth, worths
from results.national_measures import MEASURES, NOT_MODELLED, national_measures
from results.prices import shipped
from results.readings import largest_clear


@pytest.fixture(scope="module")
def ds():
    return fake_outcomes.dataset(replicates=4, years=3)


def unchanged(ds):
    """A run whose alternatives differ from the comparator in nothing but their money."""
    same = ds.copy(deep=True)
    for name, values in same.data_vars.items():
        if "alternative" in values.dims and name not in ("programme_spend", "commissioner_spend"):
            same[name] = (values * 0 + values.sel(alternative=comparator_of(ds), drop=True)).transpose(*values.dims)
    return same


def test_where_nothing_is_averted_no_chart_says_that_something_is(ds):
    same = unchanged(ds)
    assert gains(same).title == "No line of who gains stands out clearly from chance"
    assert plane(same).title.endswith(": none")
    found = appraisal(same, comparator_of(same), shipped())
    more = spends_more(same, comparator_of(same), found)
    assert more
    for name in more:
        line = shares_worth(found, name, worths(found, more))
        assert not line.any()
    assert "in less than half of the runs, whatever" in acceptability(same).alternative


def test_the_lines_are_those_of_the_ledger_and_none_is_their_sum(ds):
    runs, rows = by_line(ds, comparator_of(ds))
    assert rows[0] == "Cash to the force"
    assert not runs.isel(line=0).any()
    assert len(set(rows)) == runs.sizes["line"]
    whole = runs.sum("line")
    for at in range(runs.sizes["line"]):
        assert not np.allclose(runs.isel(line=at), whole)


def test_the_more_an_offence_is_worth_the_more_runs_meet_their_cost(ds):
    found = appraisal(ds, comparator_of(ds), shipped())
    averting = found._replace(offences=abs(found.offences) + 1.0, cost=abs(found.cost) + 1e5)
    names = [str(name) for name in averting.cost.alternative.values]
    pounds = worths(averting, names)
    for name in names:
        line = shares_worth(averting, name, pounds)
        assert (np.diff(line) >= 0).all()
        assert line[0] == 0
    # At twice the dearest average cost of an offence, the cheapest run of each is met.
    assert all(shares_worth(averting, name, pounds)[-1] > 0 for name in names)


def test_every_money_chart_has_a_row_of_data_for_each_alternative(ds):
    own = {"who_gains", "cumulative_net", "cost_effectiveness_plane", "victims_by_fifth", "when_effects_come"}
    made = {chart.stem: chart for chart in charts_of(ds)}
    assert own <= set(made)
    others = [name for name in ds.alternative.values if name != comparator_of(ds)]
    for stem in own:
        _, rows = made[stem].table
        told = {str(row[0]).lower() for row in rows}
        assert all(name in told or spoken(name) in told for name in others), stem


def test_national_measures_say_what_is_not_modelled_and_leave_the_statement_to_its_author(ds):
    header, rows = national_measures(ds)
    assert {row[0] for row in rows} == {one.measure for one in MEASURES}
    assert len(MEASURES) == 6  # as the Home Office lists them
    for row in rows:
        assert len(row) == len(header)
        assert row[-1] == ""
        empty = row[3] == NOT_MODELLED
        assert all((cell == "") == empty for cell in row[4:8])
    homicide = next(row for row in rows if row[3] == "homicide" and row[1] == "stop")
    runs = ds.expected_offences.sel(offence="homicide").sum(("area", "year")).mean("replicate")
    assert homicide[5] == pytest.approx(float(runs.sel(alternative="as_agreed") - runs.sel(alternative="stop")))


def grey(shade):
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = [int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_is_drawn_stands_out_from_white_and_two_lines_are_apart_without_colour():
    for shade in (*drawing_money.PAIR, *drawing_money.PURSES, *drawing_money.PALETTE):
        assert 1.05 / (grey(shade) + 0.05) >= 3, shade  # the contrast that graphics need against white
    one, other = (grey(shade) for shade in drawing_money.PAIR)
    assert abs(one - other) > 0.1
    assert len(set(drawing_money.DASHES)) == len(drawing_money.PURSES) == 3


def strokes(figure):
    return [(line.get_linestyle(), line.get_marker()) for axes in figure.axes for line in axes.lines
            if len(line.get_xdata()) > 2]  # fmt: skip


def test_lines_of_one_picture_are_apart_without_colour_and_more_than_four_are_apart_in_panels():
    four = [Series(name, np.arange(3.0), np.arange(3.0), np.arange(3.0) + 1) for name in "abcd"]
    drawn = strokes(lines_over_time(["a", "b", "c"], four, "pounds"))
    assert len(set(drawn)) == len(drawn) == 4
    pounds = np.linspace(0.0, 1e4, 9)
    apart = drawing_money.acceptable(pounds, [(name, pounds / 100.0) for name in "abcd"], "pounds")
    assert len(set(strokes(apart))) == 4
    panels = drawing_money.acceptable(pounds, [(name, pounds / 100.0) for name in "abcdefg"], "pounds")
    assert [len(strokes_of) for strokes_of in ([line for line in axes.lines if len(line.get_xdata()) > 2]
                                               for axes in panels.axes)] == [1] * 7 + [0]  # fmt: skip
    bars = drawing_money.waterfall([("one", 5.0, 5.0, 4.0, 6.0), ("two", -2.0, 3.0, 2.0, 4.0)], "net", "offences")
    assert [bar.get_hatch() for bar in bars.axes[0].patches] == [None, "//", None]


def test_a_title_names_what_is_clear_however_large_the_rest_is():
    told = xr.Dataset({
        "estimate": (("alternative", "row"), [[100.0, -5.0], [9.0, 8.0]]),
        "error": (("alternative", "row"), [[150.0, 1.0], [1.0, np.nan]]),
    })  # fmt: skip
    assert largest_clear(told) == (1, 0)
    assert largest_clear(told.assign(error=told.error * 1e3)) is None
    assert largest_clear(told.assign(error=told.error * np.nan)) is None


def marked(ds, monkeypatch):
    """Which alternatives are drawn with a mark of payback, in cash, for the public purse and for society."""
    drawn = []
    monkeypatch.setattr(drawing_money, "purses", lambda years, shown, unit: drawn.extend(shown))
    cumulative(ds).draw()
    return {one.name: tuple(place is not None for place in one.paid_back) for one in drawn}


def paying(ds, worth):
    """The same run, where a dearer plan averts this share of what crime costs, by run."""
    made = ds.copy(deep=True)
    cost = made.expected_crime_cost
    least = cost.sel(alternative="as_agreed", drop=True) * (1.0 - xr.DataArray(worth, dims="replicate"))
    cost.loc[{"alternative": "extra_primary"}] = least.transpose(*(dim for dim in cost.dims if dim != "alternative"))
    return made


def test_what_is_told_from_zero_is_marked_as_paid_back_and_nothing_else_is(ds, monkeypatch):
    plan = "Extra primary"
    assert marked(paying(ds, [0.5, 0.5, 0.5, 0.5]), monkeypatch)[plan] == (False, False, True)
    by_one_run = paying(ds, [0.9, -0.2, -0.2, -0.2])  # a gain in the mean
    assert not any(marked(by_one_run, monkeypatch)[plan])
    assert not any(any(places) for places in marked(unchanged(ds), monkeypatch).values())
    assert not any(any(places) for places in marked(ds.isel(replicate=[0]), monkeypatch).values())

