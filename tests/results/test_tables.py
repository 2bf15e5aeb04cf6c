"""Tables add up, name their units, and the closing table reads as a person would say it."""

import csv
import io
import json
import re

import fake_outcomes
import numpy as np
import pytest
import xarray as xr
from rich.console import Console

from results.closing import closing_lines, closing_table
from results.notes import notes
from results.reach_tables import prevention_and_victims
from results.tables import plain, write_tables


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return fake_outcomes.dataset(4, 3)


@pytest.fixture(scope="module")
def tables(ds, tmp_path_factory) -> dict[str, list[dict[str, str]]]:
    paths = write_tables(ds, tmp_path_factory.mktemp("tables"))
    return {
        path.stem: list(csv.DictReader(path.open(encoding="utf-8")))
        for path in paths
        if path.suffix == ".csv"
    }


def column(rows: list[dict[str, str]], start: str) -> str:
    return next(name for name in rows[0] if name.startswith(start))


def total(rows: list[dict[str, str]], alternative: str, start: str = "estimate") -> float:
    name = column(rows, start)
    return sum(float(row[name]) for row in rows if row["alternative"] == alternative)


def test_a_programme_that_nobody_measured_is_marked(ds, tables):
    names = {row["programme"] for row in tables["spend_by_programme_and_year"]}
    assert {name for name in names if name.endswith("(no outcome study)")} == {"Small grants (no outcome study)"}
    assert any(line.startswith("No study has measured") and "Small grants" in line for line in notes(ds))


def test_a_plan_for_which_too_few_people_come_says_so(ds):
    few, where = ds.copy(), {"alternative": "extra_primary", "programme": "mentoring"}
    few["programme_places"] = ds.programme_places + 10
    few["programme_starts"] = few.programme_places.copy()
    assert not any(line.startswith("In the model too few people came") for line in notes(few))
    few.programme_starts.loc[where] = 0.5 * few.programme_places.sel(where)
    told = [line for line in notes(few) if line.startswith("In the model too few people came")]
    assert len(told) == 1
    assert "Mentoring (50% of places taken, 'extra primary')" in told[0]


def test_an_alternative_has_its_own_words(ds):
    named = ds.assign_coords(alternative=["as_agreed", "drugs", *ds.alternative.values[2:]])
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(closing_table(named))
    told = console.export_text()
    assert "Drugs" in told
    assert "Drug offences" not in told


def test_years_offences_and_districts_add_up_to_the_summary(tables):
    for name in ("stop", "extra_primary"):
        whole = next(
            float(row["estimate"])
            for row in tables["summary"]
            if (row["alternative"], row["measure"]) == (name, "Offences averted")
        )
        assert total(tables["averted_by_year"], name) == pytest.approx(whole, rel=1e-4)
        assert total(tables["averted_by_district"], name) == pytest.approx(whole, rel=1e-4)
        crimes = [row for row in tables["averted_by_offence"] if row["offence"] != "antisocial behaviour"]
        assert total(crimes, name) == pytest.approx(whole, rel=1e-4)


def test_spend_adds_up(tables, ds):
    told = total(tables["spend_by_programme_and_year"], "extra_primary")
    assert told == float(ds.programme_spend.sel(alternative="extra_primary", replicate=0).sum())


def test_estimates_lie_inside_their_ranges(tables):
    for name, rows in tables.items():
        if name == "doubt" or not any(name.startswith("lower") for name in rows[0]):
            continue
        middle = "more" if any(name.startswith("more") for name in rows[0]) else "estimate"
        names = [column(rows, start) for start in ("lower", middle, "upper")]
        for row in rows:
            if name == "value_for_money" and not all(row[end] for end in names):
                assert row["reading"] or "runs " in row["measure (over the plan, beyond the comparator)"] or (
                    row["measure (over the plan, beyond the comparator)"].endswith("payback")
                )
                continue
            low, middle, high = (float(row[name]) for name in names)
            assert low <= middle <= high


def test_flags_add_up_in_every_grouping_and_are_told_in_words(tables, ds):
    """People flagged are as many by sex as by age, by fifth of deprivation and by district."""
    sums = {}
    for row in (row for row in tables["flagged"] if row["group"] != "not modelled"):
        key = (row["alternative"], row["programme"], row["grouping"])
        sums[key] = sums.get(key, 0.0) + float(row["flagged wrongly (mean of runs)"])
    for alternative, programme, grouping in list(sums):
        if grouping in ("sex", "age_band"):
            by_fifth = sums[alternative, programme, "quintile"]
            assert sums[alternative, programme, grouping] == pytest.approx(by_fifth, rel=1e-4)
    told = [line for line in notes(ds) if line.startswith("Tools flagged")]
    assert len(told) == 1
    assert "By ethnic group: not modelled" in told[0]


def test_involvement_is_more_and_not_fewer(ds):
    more = ds.copy()
    supported = ds.victims_supported.copy()
    supported.loc[{"alternative": "extra_primary"}] += 1000.0
    more["victims_supported"] = supported
    line = next(line for line in closing_lines(more) if line.title == "Victims supported")
    assert line.cells["extra_primary"].figure.endswith("more")
    assert line.cells["as_agreed"].figure.endswith("in all")


def test_lines_of_funding_are_a_table_where_there_are_any(ds, tmp_path):
    paid = [{"alternative": "stop", "year": 2022, "source": "Grant", "programme": "parenting", "pounds": 5.0}]
    write_tables(ds.assign_attrs(funding=json.dumps(paid)), tmp_path)
    rows = list(csv.DictReader((tmp_path / "funding.csv").open(encoding="utf-8")))
    assert [list(row.values()) for row in rows] == [["stop", "2022/23", "Grant", "Parenting programme", "5"]]


def test_headers_name_units_and_the_kind_of_range(tables):
    assert column(tables["averted_by_year"], "lower") == "lower (offences averted a year; range of 4 runs)"
    assert "2022/23 prices" in column(tables["spend_by_programme_and_year"], "estimate")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (-0.0, "0"),
        (1e7, "10000000"),
        (1e-7, "0.0000001"),
        (1234567.0, "1234570"),
        (float("nan"), ""),
        ("a", "a"),
    ],
)
def test_cells_are_plain(cell, text):
    assert plain(cell) == text


def printed(ds: xr.Dataset, width: int) -> str:
    console = Console(width=width)
    with console.capture() as capture:
        console.print(closing_table(ds))
    return capture.get()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_closing_table_says_what_a_figure_needs(ds, width):
    text = printed(ds, width)
    flat = " ".join(text.split())
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    for needed in (
        "Compared with 'as agreed'", "4 runs of each alternative", "range of 4 runs", "Monte Carlo error",
        "3 financial years, April 2022 to March 2025", "2022/23 prices, not discounted", "expected ones",
        "Antisocial behaviour is no crime",
    ):  # fmt: skip
        assert needed in flat
    for word in ("will save", "guarantee", "confidence interval"):
        assert word not in flat.lower()
    assert not re.search(r"\bnan\b|-0\b", flat)
    for name in ("Stop", "primary", "secondary", "tertiary"):
        assert name in text


def test_costs_stand_before_benefits(ds):
    titles = [line.title for line in closing_lines(ds)]
    assert titles[:3] == ["Commissioner's spend", "Commissioner's spend, against 'as agreed'", "Offences"]


def test_a_difference_that_is_none_is_said_so(ds):
    same = ds.expected_offences.sel(alternative="as_agreed", drop=True)
    null = ds.assign(expected_offences=same.expand_dims(alternative=ds.alternative.values))
    offences = next(line for line in closing_lines(null) if line.title == "Offences")
    assert {cell.figure for name, cell in offences.cells.items() if name != "as_agreed"} == {"no difference"}


def test_one_run_and_one_alternative_still_print(ds):
    assert "One run of each alternative" in printed(ds.isel(replicate=[0]), 100)
    assert "in all" in printed(ds.isel(alternative=[0]), 100)


def test_forty_runs_print_the_model_interval(ds):
    many = ds.drop_dims(["draw"]).isel(replicate=np.tile(np.arange(4), 10))
    many = many.assign_coords(replicate=np.arange(40), draw=("replicate", [str(r) for r in range(40)]))
    assert "95% model interval" in printed(many, 120)


def test_prevention_and_victims_are_apart_and_together_all_that_is_spent() -> None:
    ds = fake_outcomes.dataset(4, 3)
    told = {"shares": {"stop": {"prevention": 0.45, "victims": 0.55}}, "for_victims": ["ae_navigator"]}
    header, rows = prevention_and_victims(ds.assign_attrs(split=json.dumps(told)))
    whole = ds.commissioner_spend.sum(("programme", "year")).mean("replicate")
    part = ds.commissioner_spend.sel(programme="ae_navigator").sum("year").mean("replicate")
    for row in rows:
        assert len(row) == len(header)
        assert row[3] + row[4] == pytest.approx(float(whole.sel(alternative=row[0])))
        assert row[4] == pytest.approx(float(part.sel(alternative=row[0])))
        assert row[1:3] == (pytest.approx([45.0, 55.0]) if row[0] == "stop" else ["", ""])
    _, untold = prevention_and_victims(ds)  # a run that does not tell
    assert all(row[3:5] == ["", ""] for row in untold)
