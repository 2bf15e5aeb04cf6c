"""The shipped areas add up, and whatever is wrong with an area's files is found, placed and told at once."""

import csv
import shutil
import time
import tomllib
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import scenarios.areas
from model.inputs import AreaTables, Floats, Ints
from model.vocabulary import ANTISOCIAL, OFFENCES, STREET_TYPES
from scenarios.areas import load_area, shipped_areas, write_area_template
from scenarios.areas.layout import LAYOUTS
from scenarios.faults import Fault, InputFaults

HOME = Path(scenarios.areas.__file__).parent
ROOT = Path(__file__).resolve().parents[2]
FRAUD = OFFENCES.index("fraud_computer_misuse")


@pytest.fixture(scope="module")
def areas() -> dict[str, AreaTables]:
    return {name: load_area(name) for name in shipped_areas()}


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HOME / "west_mercia", tmp_path / "whole"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """West Mercia with three of its districts: enough to be wrong in every way, and quick to load."""
    folder = Path(shutil.copytree(HOME / "west_mercia", tmp_path_factory.mktemp("areas") / "small"))
    gone = ("E06000020", "E06000051", "E07000234", "E07000235", "E07000237", "E07000239")
    for path in folder.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not any(code in line for code in gone)), "utf-8")
    for file, head in (("area.toml", "[[district]]"), ("budgets.toml", "[[fact]]")):
        parts = (folder / file).read_text(encoding="utf-8").split(head)
        rest = "[tables" + parts[-1].partition("[tables")[2] if file == "area.toml" else ""
        kept = [part for part in parts if not any(code in part for code in gone)]
        (folder / file).write_text(head.join(kept) + rest, encoding="utf-8")
    load_area(folder)
    return folder


@pytest.fixture
def copy(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "copy"))


def faults_of(folder: Path | str) -> list[Fault]:
    with pytest.raises(InputFaults) as caught:
        load_area(folder)
    return caught.value.faults


def published(area: str, file: str, **where: str) -> float:
    with (HOME / area / file).open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if where.items() <= row.items()]
    assert len(rows) == 1
    return float(rows[0]["value"])


def groups(area: AreaTables, *names: str) -> float:
    return float(sum(area.recorded[OFFENCES.index(name)] for name in names))


# What ships


def test_the_shipped_areas_are_named() -> None:
    assert shipped_areas() == ("essex", "west_mercia")


@pytest.mark.parametrize(
    ("name", "people", "households", "districts", "neighbourhoods", "residents_2020"),
    [
        ("west_mercia", 1_299_866, 558_994, 9, 781, 1_298_422),
        ("essex", 1_860_233, 771_159, 14, 1077, 1_856_063),
    ],
)
def test_totals_are_the_published_ones(
    areas: dict[str, AreaTables],
    name: str,
    people: int,
    households: int,
    districts: int,
    neighbourhoods: int,
    residents_2020: int,
) -> None:
    area = areas[name]
    assert area.population.sum() == people
    assert area.household_sizes.sum() == pytest.approx(households, abs=100)
    assert len(area.districts) == len(area.district_codes) == districts
    assert len(area.neighbourhoods) == neighbourhoods
    assert area.neighbourhood_residents.sum() == residents_2020


def test_people_in_households_and_outside_them_are_the_population(areas: dict[str, AreaTables]) -> None:
    for area in areas.values():
        housed = area.household_sizes @ np.arange(1, 9) + area.communal_residents
        # Eight or more count as eight, and small areas are perturbed.
        np.testing.assert_allclose(housed, area.population.sum(axis=(1, 2)), rtol=0.01)


def test_arrays_have_the_shapes_and_types_that_the_model_reads(areas: dict[str, AreaTables]) -> None:
    for area in areas.values():
        d, n = len(area.districts), len(area.neighbourhoods)
        shapes = {
            "population": (d, 2, 91),
            "household_sizes": (d, 8),
            "mortality_ratio": (d, 2),
            "net_by_age": (d, 91),
            "street_crime": (n, len(STREET_TYPES)),
            "recorded": (len(OFFENCES),),
            "ethnic_residents": (d, 5),
        }
        types = {str(Ints): np.int64, str(Floats): np.float64}
        for field in fields(AreaTables):
            value = getattr(area, field.name)
            if isinstance(value, np.ndarray):
                default = (n,) if field.name.startswith("neighbourhood") else (d,)
                assert value.shape == shapes.get(field.name, default), field.name
                assert value.dtype == types.get(str(field.type), np.bool_), field.name


def test_rates_are_per_resident_and_shares_are_shares(areas: dict[str, AreaTables]) -> None:
    for area in areas.values():
        for rates in (area.moves_in, area.moves_out):
            assert (rates > 0.02).all()
            assert (rates < 0.12).all()
        assert (area.abroad_in < 0.03).all()
        assert (np.abs(area.net_by_age) < 0.8).all()
        assert (area.living_in_couple > 0.5).all()
        assert (area.living_in_couple < 0.75).all()
        assert (area.lone_parent_share > 0.1).all()
        assert (area.lone_parent_share < 0.35).all()
        assert (area.mortality_ratio > 0.6).all()
        assert (area.mortality_ratio < 1.4).all()
        assert 0.15 < area.stay_in_force < 0.5


def test_bands_of_age_reach_both_ends(areas: dict[str, AreaTables]) -> None:
    herefordshire = areas["west_mercia"].net_by_age[0] * 1000
    np.testing.assert_allclose(
        herefordshire[[0, 1, 4, 5, 19, 84, 90]], [22.21] * 3 + [11.98, -189.71, 4.66, 4.66]
    )


def test_neighbourhoods_stand_by_district_and_code(areas: dict[str, AreaTables]) -> None:
    for area in areas.values():
        order = list(zip(area.neighbourhood_district, area.neighbourhoods, strict=True))
        assert order == sorted(order)
        assert set(area.neighbourhood_district) == set(range(len(area.districts)))
        assert set(area.neighbourhood_quintile) == {1, 2, 3, 4, 5}


def test_recorded_groups_add_up_to_what_was_published(areas: dict[str, AreaTables]) -> None:
    mercia = "west_mercia"
    totals = {
        mercia: published(mercia, "recorded_crime.csv", year_ending="2023-03", group="total_excluding_fraud"),
        "essex": published("essex", "periods.csv", measure="recorded", period="2022/23"),
    }
    for name, total in totals.items():
        crimes = np.delete(areas[name].recorded, [FRAUD, ANTISOCIAL])
        assert crimes.sum() == pytest.approx(total, rel=0.001)
        assert (areas[name].recorded > 0).all()
    for group, parts in {
        "sexual": ("rape", "other_sexual"),
        "burglary": ("residential_burglary", "other_burglary"),
        "violence": OFFENCES[:4],  # less deaths and injuries by driving, 45
    }.items():
        known = published(mercia, "recorded_crime.csv", year_ending="2023-03", group=group)
        assert groups(areas[mercia], *parts) == pytest.approx(known, rel=0.002)


def test_charges_are_a_share_of_what_was_recorded(areas: dict[str, AreaTables]) -> None:
    area = areas["west_mercia"]
    wide = {
        "violence",
        "sexual",
        "robbery",
        "theft",
        "damage_and_arson",
        "drugs",
        "weapons",
        "public_order",
        "other",
    }
    assert set(area.charge_rate) == set(area.out_of_court_rate) == wide
    assert area.charge_rate["violence"] == pytest.approx(2382 / groups(area, *OFFENCES[:4]))
    assert area.charge_rate["theft"] == pytest.approx(2294 / groups(area, *OFFENCES[7:13]))
    assert area.out_of_court_rate["drugs"] == pytest.approx(786 / groups(area, "drugs"))
    assert areas["essex"].charge_rate == areas["essex"].out_of_court_rate == {}


def test_every_source_is_used_and_its_publisher_credited() -> None:
    credits = (ROOT / "DATA-LICENCES.md").read_text(encoding="utf-8")
    assert "Contains public sector information licensed under the Open Government Licence v3.0." in credits
    for name in shipped_areas():
        text = "".join(
            p.read_text(encoding="utf-8") for p in (HOME / name).iterdir() if p.is_file() and p.name != "sources.toml"
        )
        for key, source in tomllib.loads((HOME / name / "sources.toml").read_text(encoding="utf-8")).items():
            assert key in text, f"{name}: {key} is not used"
            assert f"| {source['publisher']} | {source['title']} | {source['year']} |" in credits
    assert all(f"`{layout.name}.csv`" in credits for layout in LAYOUTS)


def test_an_area_loads_quickly() -> None:
    took = []
    for _ in range(3):
        start = time.perf_counter()
        load_area("essex")
        took.append(time.perf_counter() - start)
    assert min(took) < 0.3


# The hash, and what may differ without harm


def test_the_hash_is_of_the_data_and_not_of_line_endings(whole: Path, areas: dict[str, AreaTables]) -> None:
    for path in [one for one in whole.iterdir() if one.is_file()]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (whole / "posterior.csv").write_text("draw,value\n", encoding="utf-8")
    area = load_area(whole)
    assert area.hash == areas["west_mercia"].hash
    np.testing.assert_array_equal(area.street_crime, areas["west_mercia"].street_crime)
    edit(whole, "moves.csv", "37.84", "37.85")
    assert load_area(whole).hash != area.hash


def test_a_byte_order_mark_and_any_order_of_columns_are_read(
    whole: Path, areas: dict[str, AreaTables]
) -> None:
    path = whole / "population_single_year.csv"
    rows = [line.split(",")[::-1] for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8-sig")
    np.testing.assert_array_equal(load_area(whole).population, areas["west_mercia"].population)


# Faults: each planted in a copy, found in its file on its line


def edit(folder: Path, file: str, old: str, new: str) -> int:
    """Replaces the first `old` and returns the line that it stood on."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    return text[: text.index(old)].count("\n") + 1


PEOPLE = "population_single_year.csv"
# fmt: off
EDITS = {  # file, what to replace and with what, what is told, and how to mend it
    "unknown district": ("fertility.csv", "E07000236,births", "E07000263,births",
        "district 'E07000263' is not in area.toml", "'E07000236'"),
    "district by name": ("ethnic_group.csv", "E07000236,", "Redditch,",
        "district 'Redditch'", "write its code, E07000236"),
    "neighbourhood in unknown district": ("neighbourhoods.csv", "012A,E06000019", "012A,E06000091",
        "district 'E06000091'", ""),
    "not a number": ("moves.csv", "37.84", "many", "value: 'many' is not a number", "digits"),
    "thousands": ("recorded_groups.csv", ",11225,", ',"11,225",', "'11,225' is not a number", "write 11225"),
    "not finite": ("moves.csv", "37.84", "nan", "'nan' is not a number", ""),
    "negative count": ("neighbourhoods.csv", ",1720,347,", ",1720,-347,", "-347 is negative", "0 or more"),
    "negative measure": ("households.csv", "25461", "-25461", "households_of_size: -25461 is negative", ""),
    "half a person": ("ethnic_group.csv", ",2218", ",2218.5", "2218.5 is not a whole number", ""),
    "share in per cent": ("households.csv", "0.6478,0.6178,", "64.78,,", "64.78 is out of range", "0.6478"),
    "share above one": ("move_destinations.csv", "0.622", "6.22", "6.22 is out of range", ""),
    "quintile": ("neighbourhoods.csv", ",13600,3,", ",13600,6,", "imd_quintile: 6 is out of range", "1 to 5"),
    "age too high": (PEOPLE, "E06000019,female,17,", "E06000019,female,91,", "age: 91 is out of", "0 to 90"),
    "unknown word": (PEOPLE, "E06000019,female,17,", "E06000019,Female,17,", "sex: 'Female'", "'female'"),
    "unknown measure": ("moves.csv", ",moves_in,", ",move_in,", "measure: 'move_in'", "'moves_in'"),
    "unknown group": ("recorded_groups.csv", "\nrape,", "\nrapes,", "", ""),
    "unknown source": ("moves.csv", "ons_components_2019", "ons_component_2019",
        "not in sources.toml", "2019'"),
    "unknown provenance": ("moves.csv", ",derived", ",guessed", "provenance: 'guessed'", "one of checked"),
    "empty cell": ("moves.csv", "37.84", "", "value: is empty", "fill it in"),
    "limits": ("households.csv", "0.2059,0.175,", "0.2059,0.22,",
        "low 0.22 is above value 0.2059", "exchanged"),
    "too many cells": ("moves.csv", "37.84", "37,84", "has 10 cells under 9 columns", "quote a cell"),
    "missing column": ("moves.csv", ",period,", ",",
        "column 'period' is missing", "the columns are district"),
    "unknown column": ("moves.csv", ",period,", ",periods,", "column 'periods' is unknown", "'period'"),
    "overlap of bands": ("net_migration_by_age.csv", "E06000019,5,9", "E06000019,4,9",
        "overlap another band", ""),
    "gap of bands": ("net_migration_by_age.csv", "E06000019,1,4", "E06000019,1,3",
        "no band holds age 4", "add it"),
    "part above whole": ("neighbourhoods.csv", ",1720,347,", ",1720,1747,",
        "1747 is above residents 1720", ""),
    "charged above recorded": ("periods.csv", "violence,2022/23,2382", "violence,2022/23,99999",
        "99999 are more", ""),
    "toml": ("area.toml", 'name = "West Mercia"', "name = West Mercia", "is not TOML", ""),
    "too long a number": ("area.toml", "value = 2496", "value = " + "9" * 400, "far too long", "shorten"),
    "deep": ("area.toml", 'name = "West Mercia"', "name = " + "[" * 9000, "too deep", ""),
    "district name twice": ("area.toml", '"Redditch"', '"Herefordshire"', "two districts are called", ""),
    "absurd": (PEOPLE, "E06000019,female,17,", "E06000019,female,17,1e300\n#", "1e300 is far too large", ""),
    "unknown key": ("area.toml", "nation =", "nations =", "nations is unknown", "'nation'"),
    "date": ("area.toml", "2021-03-21", '"March 2021"', "'March 2021' is not a date", "2021-03-21"),
    "district code": ("area.toml", '"E07000238"', '"E0700023"', "'E0700023' is not a letter and eight", ""),
    "district twice": ("area.toml", '"E07000238"', '"E07000236"', "'E07000236' is there twice", "remove one"),
    "officers": ("area.toml", "value = 2496", "value = -1",
        "officers.value: -1 is out of range", "0 or more"),
    "source key": ("sources.toml", "licence =", "license =", "license is unknown", "'licence'"),
    "budget": ("budgets.toml", "value = 0.45", 'value = "45%"', "'45%' is not a number", ""),
}
# fmt: on


@pytest.mark.parametrize("kind", EDITS)
def test_a_fault_is_found_where_it_is(kind: str, copy: Path) -> None:
    file, old, new, what, mend = EDITS[kind]
    line = edit(copy, file, old, new) + old.startswith("\n")
    found = [
        f for f in faults_of(copy) if f.file == file and f.line == line and what in f.what and mend in f.mend
    ]
    assert found, "\n".join(map(str, faults_of(copy)[:10]))


def test_a_missing_file_is_told_with_the_one_that_was_meant(copy: Path) -> None:
    (copy / "moves.csv").rename(copy / "move.csv")
    (copy / "fertility.csv").unlink()
    told = [str(fault) for fault in faults_of(copy)]
    assert told == [
        "fertility.csv: is missing; add it to copy",
        "moves.csv: is missing; perhaps 'move.csv' is meant",
    ]


def test_a_table_that_is_not_required_can_be_left_out_with_its_entry(copy: Path) -> None:
    (copy / "periods.csv").unlink()
    assert [f.what for f in faults_of(copy)] == ["periods.csv is not in the folder"]
    text = (copy / "area.toml").read_text(encoding="utf-8")
    start = text.index("[tables.periods]")
    rest = text[text.index("[tables.ethnic_group]") :]
    (copy / "area.toml").write_text(text[:start] + rest, encoding="utf-8")
    assert load_area(copy).charge_rate == {}


def test_a_repeated_row_is_told_with_the_first(copy: Path) -> None:
    path = copy / "population_single_year.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[4]]), encoding="utf-8")
    (fault,) = faults_of(copy)
    assert (fault.file, fault.line) == ("population_single_year.csv", len(lines) + 1)
    assert fault.what == "repeats line 5: district E06000019, sex female, age 3"


def test_missing_ages_are_told_by_district_and_sex_after_the_row_before_them(copy: Path) -> None:
    path = copy / "population_single_year.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    del lines[1 + 20 : 1 + 23], lines[1 + 7]
    path.write_text("\n".join(lines), encoding="utf-8")
    (fault,) = faults_of(copy)
    assert (fault.file, fault.line) == ("population_single_year.csv", 8)
    assert fault.what == "no row for district E06000019, sex female, age 7, 20 to 22"


def test_a_second_row_for_one_figure_is_told(copy: Path) -> None:
    line = edit(
        copy,
        "moves.csv",
        "moves_in,37.84",
        "moves_in,37.84,,,\"per 1,000 residents a year\",the year to 2020,census_ts019,derived\nE06000019,moves_in,1",
    )
    (fault,) = faults_of(copy)
    assert (fault.file, fault.line) == ("moves.csv", line + 1)
    assert "a second row" in fault.what


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le"])
def test_other_encodings_are_refused(copy: Path, encoding: str) -> None:
    line = edit(copy, "recorded_groups.csv", "\nrape,", "\nrape,") + 1
    edit(copy, "recorded_groups.csv", "sexual offences 4,114", "sexual offences £4,114")
    path = copy / "recorded_groups.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    (fault,) = faults_of(copy)
    assert (fault.file, fault.line) == ("recorded_groups.csv", line if encoding == "cp1252" else 1)
    assert "not UTF-8" in fault.what
    assert "UTF-8" in fault.mend


def test_all_faults_are_told_at_once_a_line_each(copy: Path) -> None:
    kinds = ("not a number", "negative measure", "quintile", "unknown key", "budget")
    planted = [(EDITS[kind][0], edit(copy, *EDITS[kind][:3])) for kind in kinds]
    (copy / "fertility.csv").unlink()
    with pytest.raises(InputFaults) as caught:
        load_area(copy)
    told = str(caught.value).splitlines()
    assert len(told) == len(caught.value.faults)
    assert {(f.file, f.line) for f in caught.value.faults} >= {*planted, ("fertility.csv", 0)}
    assert any(
        line.startswith(f"moves.csv:{planted[0][1]}: value: 'many' is not a number; ") for line in told
    )


def test_no_flood_when_the_sources_or_districts_cannot_be_read(copy: Path) -> None:
    (copy / "sources.toml").unlink()
    assert [str(f) for f in faults_of(copy)] == ["sources.toml: is missing; add it to copy"]
    edit(copy, "area.toml", 'name = "West Mercia"', "name = West Mercia")
    assert len(faults_of(copy)) == 2


def test_an_unknown_area_is_told_with_the_names_there_are() -> None:
    assert "perhaps 'west_mercia' is meant" in str(faults_of("west_mersia")[0])
    assert "shipped areas: essex, west_mercia" in str(faults_of("nowhere")[0])


# The template


def test_the_template_is_refused_until_it_is_filled_in(tmp_path: Path, areas: dict[str, AreaTables]) -> None:
    folder = tmp_path / "new"
    write_area_template(folder)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"- `{layout.name}.csv`" in readme for layout in LAYOUTS)
    told = [str(fault) for fault in faults_of(folder)]
    assert 'area.toml:5: name is empty; write name = "..."' in told
    assert "sources.toml:1: holds no source; add one for each figure's publisher" in told
    for layout in LAYOUTS:
        assert f"{layout.name}.csv:1: has no rows; fill it in" in told
    # Filled in with the rows of a shipped area under its own headers, it is an area.
    for path in [one for one in (HOME / "west_mercia").iterdir() if one.is_file() and one.name != "posterior.csv"]:
        kept = (folder / path.name).read_text(encoding="utf-8") if path.suffix == ".csv" else ""
        text = path.read_text(encoding="utf-8")
        assert text.startswith(kept)
        (folder / path.name).write_text(text, encoding="utf-8", newline="\n")
    assert load_area(folder).hash == areas["west_mercia"].hash


def test_a_template_overwrites_nothing(copy: Path) -> None:
    before = (copy / "area.toml").read_bytes()
    with pytest.raises(InputFaults, match="is there already"):
        write_area_template(copy)
    assert (copy / "area.toml").read_bytes() == before
