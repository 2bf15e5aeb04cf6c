"""A cohort beside published figures: each formula by hand, of ten people."""

import tomllib

import numpy as np
import pytest
import xarray as xr

from experiments.cohort.beside import TABLE, figures, main, released

PEOPLE, AGES = 10, 57


@pytest.fixture
def lives():
    """Nobody is convicted, in custody, ill or out of work: tests say who is."""
    ages = np.zeros((PEOPLE, AGES))
    ds = xr.Dataset({
        "convictions": (("person", "age", "offence"), np.zeros((PEOPLE, AGES, 2))),
        **{name: (("person", "age"), ages.copy()) for name in
           ("out_of_court", "benefit_months", "hospital_nights", "unemployed_months", "custody_months")},
        "lived_months": (("person", "age"), ages + 12.0),
        "ace_count": ("person", [5, 5, 4, 4, 0, 0, 0, 0, 1, 2]),
    }, coords={"age": np.arange(AGES)})  # fmt: skip
    ds["convictions"][0, 20, 1], ds["custody_months"][0, 20] = 2, 3
    ds["convictions"][2, 20, 1] = 1
    ds["benefit_months"][:, 30] = [6, 6, 0, 0, 0, 0, 0, 0, 2, 2]
    ds["benefit_months"][0, 21], ds["unemployed_months"][0, 21] = 3, 9
    ds["hospital_nights"][:, 25] = [10, 0, 1, 0, 5, 0, 0, 0, 0, 0]
    return ds


def test_each_figure_by_hand(lives):
    found = figures(lives)
    assert found["benefits_of_top_fifth"] == pytest.approx(15 / 19)
    assert found["nights_of_top_fifth"] == pytest.approx(15 / 16)
    assert found["convictions_of_top_fifth"] == pytest.approx(1.0)
    assert found["same_people"] == pytest.approx(1 / 2)
    assert found["benefit_after_custody"] == pytest.approx(3 / 12)
    assert found["out_of_work_after_custody"] == pytest.approx(9 / 12)
    # Of 39 years each, 2 of 4 and 1 of 4 people have a year with a night.
    four, none = 2 / (4 * 39), 1 / (4 * 39)
    assert found["nights_by_experiences"] == pytest.approx(four / (1 - four) / (none / (1 - none)))
    # Two people are sanctioned for 13 years, from 20 to 32, of 390 lived in all; with nine of 19 months of benefit.
    assert found["sanctioned_on_benefit"] == pytest.approx((9 / 19) / (2 * 13 / 390))


def test_the_year_after_custody_is_whole_and_free(lives):
    lives["custody_months"][1, 30:32] = 2
    assert np.argwhere(released(lives)).tolist() == [[0, 21], [1, 32]]
    lives["lived_months"][1, 32] = 7  # died
    assert np.argwhere(released(lives)).tolist() == [[0, 21]]


def test_every_row_of_the_table_is_computed_and_has_a_source(lives):
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["figure"]
    assert sorted(row["id"] for row in rows) == sorted(figures(lives))
    assert all(row["source"] and row["provenance"] in ("checked", "unchecked") for row in rows)


def test_a_file_that_is_no_long_cohort_is_one_line_and_2(lives, tmp_path, capsys):
    (tmp_path / "text.nc").write_text("no figures", encoding="utf-8")
    lives.isel(age=slice(0, 37)).to_netcdf(tmp_path / "short.nc")
    for name in ("nowhere.nc", "text.nc", "short.nc"):
        assert main([str(tmp_path / name)]) == 2
        told = capsys.readouterr()
        assert name in told.err
        assert len(told.err.splitlines()) == 1
        assert not told.out


@pytest.mark.filterwarnings("error")
def test_where_nobody_is_there_to_count_it_says_so(lives, tmp_path, capsys):
    lives["custody_months"][:] = 0
    lives.to_netcdf(tmp_path / "cohort.nc")
    assert main([str(tmp_path / "cohort.nc")]) == 0
    assert capsys.readouterr().out.count("nobody to count") == 2
