"""The Dataset keeps the contract that charts, papers and analysts share, and adds up."""

import dataclasses

import fake_outcomes
import numpy as np
import pytest
import xarray as xr
from contract import VARIABLES, WHOLE

from model.evidence import Evidence, Row
from model.record import FIXED
from model.vocabulary import ANTISOCIAL, COMPONENTS, OFFENCES
from results.dataset import build
from results.prices import PAYER_OF, prices, shipped
from results.variables import BASE

YEARS, RUNS = 3, 4


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return fake_outcomes.dataset(RUNS, YEARS)


@pytest.fixture(scope="module")
def runs():
    return fake_outcomes.outcomes(RUNS, YEARS)


@pytest.mark.parametrize("name", VARIABLES)
def test_variable_keeps_the_contract(ds, name):
    values = ds[name]
    assert values.dims == (*BASE, *VARIABLES[name])
    assert values.attrs["units"]
    assert values.attrs["long_name"]
    assert np.isfinite(values.values).all()
    assert (values.values >= 0).all()


def test_every_variable_has_words(ds):
    assert all(ds[name].attrs["units"] and ds[name].attrs["long_name"] for name in ds.data_vars)


def test_coordinates_carry_names(ds):
    for dim in ds.dims:
        assert dim in ds.coords
        if dim not in WHOLE:
            assert ds[dim].dtype.kind == "U", dim
    assert ds.offence.values[-1] == "antisocial_behaviour"
    for name, dim in (("draw", "replicate"), ("seed", "replicate"), ("tier", "programme"), ("code", "area")):
        assert ds[name].dims == (dim,)
    assert list(ds.year.values) == [2022, 2023, 2024]


def test_attributes_say_how_to_run_it_again(ds):
    for key in ("seed", "scale", "scenario", "evidence", "source", "version", "price_year", "comparator"):
        assert any(key in name for name in ds.attrs), key


def test_survives_the_file(ds, tmp_path):
    ds.to_netcdf(tmp_path / "results.nc")
    with xr.open_dataset(tmp_path / "results.nc") as read:
        xr.testing.assert_identical(read.load(), ds)


def test_counts_are_raised_to_the_real_area(ds, runs):
    record = runs["stop"][1].record
    second_year = slice(12, 24)
    told = ds.sel(alternative="stop", replicate=1, year=2023)
    np.testing.assert_allclose(told.offences, record.offences[second_year].sum(axis=0) / fake_outcomes.SCALE)
    np.testing.assert_allclose(
        told.expected_offences, record.expected[second_year].sum(axis=0) / FIXED / fake_outcomes.SCALE
    )
    np.testing.assert_allclose(told.population, record.population[23] / fake_outcomes.SCALE)
    np.testing.assert_allclose(told.programme_waiting, record.waiting[23] / fake_outcomes.SCALE)
    np.testing.assert_allclose(told.demand, runs["stop"][1].demand[1] / fake_outcomes.SCALE)
    entrants = told.first_time_entrants.item() * fake_outcomes.SCALE
    assert entrants == pytest.approx(record.first_time_entrants[1].sum())


def test_money_is_real_already(ds, runs):
    np.testing.assert_array_equal(
        ds.programme_spend.sel(alternative="stop", replicate=0), runs["stop"][0].spend
    )


def test_shares(ds):
    np.testing.assert_allclose(ds.ace_share.sum("ace_count"), 1)
    assert float(ds.risk_prevalence.max()) <= 1
    assert (ds.reoffending_rate.isel(year=0) == 0).all()  # no cohort's follow-up has ended
    assert (ds.reoffending_rate.isel(year=1) > 0).all()


def test_offences_add_up_to_the_expected_ones(ds):
    assert float(ds.offences.sum() / ds.expected_offences.sum()) == pytest.approx(1, abs=0.01)


def test_parameters_by_draw(ds):
    assert list(ds.draw.values) == ["0", "0", "1", "1"]
    assert ds.parameter.dims == ("draw", "parameter_name")
    assert ds.parameter.sel(parameter_name="birth.ratio").isel(draw=int(ds.draw[3])).item() == 2.0


def test_costs_go_to_those_who_bear_them(ds):
    by_offence = ds.offences.sum("area").sel(alternative="stop", replicate=0, year=2022)
    unit = prices(shipped(), "2022/23").unit_cost
    cost = ds.crime_cost.sel(alternative="stop", replicate=0, year=2022)
    np.testing.assert_allclose(cost.sum("payer"), unit @ by_offence.values)
    assert cost.sel(component="lost_output", payer="economy") > 0
    assert cost.sel(component="lost_output", payer="victims") == 0
    for component, payer in (("property_stolen_damaged", "victims"), ("cjs_other", "justice")):
        assert cost.sel(component=component).sum() == cost.sel(component=component, payer=payer)
    assert len(COMPONENTS) == 7
    assert len(set(PAYER_OF.values())) == 6


def cost_row(component: str, value: float, year: str) -> Row:
    return Row(
        f"crime_cost.{component}", value, "pounds per crime committed", "s", "judgement", 1, group="robbery",
        period=year,
    )  # fmt: skip


def test_prices_follow_the_deflator_and_the_draw():
    def deflator(year, index):
        return Row("gdp_deflator", index, "index", "s", "checked", 5, group=year)

    weight = Row("harm_weight_mean", 365.0, "days", "s", "checked", 4, group="robbery")
    rows = [
        deflator("2019/20", 80.0),
        deflator("2022/23", 100.0),
        cost_row("police", 400.0, "2019/20"),
        weight,
    ]
    told = prices(Evidence(rows), "2022/23", {"harm_weight_mean[robbery]": 100.0})
    robbery = OFFENCES.index("robbery")
    assert told.unit_cost[COMPONENTS.index("police"), robbery] == pytest.approx(500)
    assert told.unit_cost.sum() == pytest.approx(500)
    assert told.harm_weight[robbery] == 100.0
    assert "rape" in told.unpriced
    assert "robbery" not in told.unpriced
    with pytest.raises(ValueError, match="no GDP deflator for 2030/31"):
        prices(Evidence(rows), "2030/31")


def test_shipped_prices_are_complete_and_leave_antisocial_behaviour_out():
    told = prices(shipped(), "2022/23")
    assert told.unit_cost[:, ANTISOCIAL].sum() == told.harm_weight[ANTISOCIAL] == 0
    assert not told.unweighted
    assert (told.unit_cost >= 0).all()


def test_every_row_of_costs_and_harm_moves_a_price():
    """From low to high where a row has a range, else to twice itself: what no price heeds shapes no answer."""
    read = ("crime_cost.", "crime_cost_doubt", "harm_weight_mean")
    rows = [row for row in shipped().values() if row.id.startswith(read)]
    assert len(rows) > 150
    for row in rows:
        if row.group == "antisocial_behaviour" or row.value == 0:
            continue
        ends = (row.low, row.high) if row.low is not None else (row.value, 2 * row.value)
        low, high = (prices(shipped(), "2022/23", {row.name: end}) for end in ends)
        moved = np.concatenate([(high.unit_cost - low.unit_cost).ravel(), high.harm_weight - low.harm_weight])
        assert np.abs(moved).sum() > 0, row.name


def test_harm_is_severity_times_weight(ds):
    weight = prices(shipped(), "2022/23").harm_weight
    np.testing.assert_allclose(ds.harm, (ds.severity * weight).sum("offence"))


def test_programmes_are_matched_by_id():
    both = fake_outcomes.inputs(YEARS)
    one = dataclasses.replace(both, programmes=both.programmes[2:3])
    told = fake_outcomes.outcomes(1, YEARS)["as_agreed"][0]
    by_programme = (
        "places", "starts", "completions", "waiting", "refused", "net_widened", "flagged", "flagged_in", "hot",
    )  # fmt: skip
    record = told.record._replace(**{name: getattr(told.record, name)[:, 2:3] for name in by_programme})
    fewer = told._replace(record=record, spend=told.spend[:, 2:3], commissioner_spend=told.spend[:, 2:3])
    ds = build({"a": both, "b": one}, {"a": [told], "b": [fewer]}, [{}], [0], [1], {})
    assert (ds.programme_spend.sel(alternative="b", programme="parenting") == 0).all()
    for name in ("programme_spend", "programme_starts", "programme_waiting"):
        same = ds[name].sel(programme="ae_navigator")
        np.testing.assert_array_equal(same.sel(alternative="a"), same.sel(alternative="b"))
    assert ds.attrs["price_year"] == "2022/23"


def test_what_does_not_fit_is_refused(runs):
    inputs = {"as_agreed": fake_outcomes.inputs(YEARS)}
    some = {"as_agreed": runs["as_agreed"][:1]}
    with pytest.raises(ValueError, match="for 2 replicates"):
        build(inputs, some, [{}], [0, 0], [1, 2], {})
    with pytest.raises(ValueError, match="a draw id is outside"):
        build(inputs, some, [{}], [1], [1], {})
    july = {"as_agreed": dataclasses.replace(inputs["as_agreed"], start=inputs["as_agreed"].start + 3)}
    with pytest.raises(ValueError, match="another month than April"):
        build(july, some, [{}], [0], [1], {})


def test_nothing_is_told_by_ethnic_group_unless_a_bias_is_supposed(runs):
    plain = fake_outcomes.inputs(YEARS)
    groups = ("A", "B")
    residents = np.tile([900, 100], (len(plain.area.districts), 1))
    area = dataclasses.replace(plain.area, ethnic_groups=groups, ethnic_residents=residents)
    told = {"as_agreed": runs["as_agreed"][:1]}
    without = build({"as_agreed": dataclasses.replace(plain, area=area)}, told, [{}], [0], [1], {})
    assert without.attrs["flagged_by_ethnic_group"].startswith("not modelled")
    assert "ethnic_group" not in without.dims
    supposed = dataclasses.replace(plain, area=area, bias_by_ethnic_group=(("B", 3.0),))
    ds = build({"as_agreed": supposed}, told, [{}], [0], [1], {})
    both = ds.flagged_by_ethnic_group.sum("ethnic_group")
    np.testing.assert_allclose(both, ds.flagged_by_area.sum("area").transpose(*both.dims))
    share = ds.flagged_by_ethnic_group.sel(ethnic_group="B") / both
    np.testing.assert_allclose(share.sel(correctness="wrongly"), 300 / 1200)
    np.testing.assert_allclose(share.sel(correctness="rightly"), 100 / 1000)
    assert "supposed, not measured" in ds.attrs["flagged_by_ethnic_group"]
