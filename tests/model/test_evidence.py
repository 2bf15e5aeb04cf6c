"""The evidence reader, its draws, and the shipped rows."""

import pickle
import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.evidence import (
    FOLDER,
    Evidence,
    EvidenceFaults,
    Row,
    draw_uniforms,
    draw_values,
    quantiles,
    read,
    read_sources,
    read_table,
    read_table_facts,
)
from model.vocabulary import COMPONENTS, OFFENCES

MONEY = FOLDER.parents[1] / "results" / "evidence"
LIVES = FOLDER.parents[1] / "experiments" / "cohort" / "evidence"
WIDER_GROUPS = {"violence_all", "sexual_all", "theft_all", "burglary_all"}


@pytest.fixture(scope="module")
def shipped() -> Evidence:
    return read().merge(read(MONEY)).merge(read(LIVES))


def row(id: str = "a.b", value: float = 2.0, **more: object) -> Row:
    told = {"unit": "ratio", "source": "judgement", "provenance": "judgement", "grade": 1}
    return Row(id=id, value=value, **(told | more))  # type: ignore[arg-type]


def lognormal(id: str, **more: object) -> Row:
    return row(id, 2.0, low=1.0, high=8.0, distribution="lognormal", **more)


# The shipped rows


def test_names_are_unique_and_sources_are_known(shipped: Evidence) -> None:
    sources = {**read_sources(), **read_sources(MONEY), **read_sources(LIVES)}
    assert len({row.name for row in shipped.values()}) == len(shipped)
    assert {row.source for row in shipped.values()} <= set(sources)
    assert set(read_table("calendar")["source"]) <= set(sources)


def test_sources_are_listed_once() -> None:
    text = (FOLDER / "sources.toml").read_text(encoding="utf-8")
    assert text.count("{ id = ") == len(read_sources())


def test_provenance_bounds_the_grade(shipped: Evidence) -> None:
    for fact in shipped.values():
        if fact.provenance == "judgement":
            assert fact.grade == 1, fact.name
    assert not [fact.name for fact in shipped.values() if "per cent" in fact.unit]


def test_offences_have_the_groups_of_the_model(shipped: Evidence) -> None:
    groups = {fact.group for fact in shipped.values() if fact.file == "offences.toml"}
    assert groups == set(OFFENCES) | WIDER_GROUPS
    for offence in OFFENCES:
        for component in COMPONENTS:
            assert f"crime_cost.{component}[{offence}]" in shipped
        for measure in ("report_rate", "charge_rate"):
            assert f"{measure}[{offence}]" in shipped
        assert f"harm_weight_median[{offence}]" in shipped
        assert f"harm_weight_mean[{offence}]" in shipped


def test_parts_of_a_crime_cost_add_up_to_their_blocks(shipped: Evidence) -> None:
    for offence in OFFENCES:
        parts = [shipped[f"crime_cost.{component}[{offence}]"].value for component in COMPONENTS]
        for block, part in (("consequence", sum(parts[:5])), ("response", sum(parts[5:]))):
            published = shipped[f"crime_cost_block.{block}[{offence}]"].value
            assert part == pytest.approx(published, abs=20), (offence, block)


def test_tables_read_as_described() -> None:
    for name, facts in read_table_facts().items():
        table = read_table(name)
        assert list(table) == list(facts.columns)
        assert len({len(column) for column in table.values()}) == 1
    fertility = read_table("fertility")
    total = {year: fertility["rate"][fertility["year"] == year].sum() / 1000 for year in (2012, 2020)}
    assert total[2012] == pytest.approx(1.94, abs=0.02)  # published total fertility rates
    assert total[2020] == pytest.approx(1.58, abs=0.03)
    deaths = read_table("life_table")
    infant = deaths["qx"][(deaths["age"] == 0) & (deaths["sex"] == "male")]
    assert np.all((infant > 0.003) & (infant < 0.006))


def test_a_missing_name_suggests_a_near_one(shipped: Evidence) -> None:
    with pytest.raises(KeyError) as missing:
        shipped["report_rate[rapes]"]
    assert "report_rate[rape]" in str(missing.value)
    assert shipped.get("no such row") is None


# Faults


def test_all_faults_come_at_once_with_file_and_line(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "evidence", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    copy = tmp_path / "evidence"
    planted = {
        "offences.toml": [
            ('measure = "x"', "'measure' is no field"),
            ('id = "report_rate", group = "rape", value = 0.1', "already a row of"),
        ],
        "demand.toml": [
            ('id = "x.a", value = 0.5, low = 0.2, unit = "share"', "only one of low and high"),
            (
                'id = "x.b", value = 0.5, low = 0, high = 1, distribution = "logitnormal", unit = "share"',
                "0 to 1",
            ),
            ('id = "x.c", value = 5, low = 6, high = 7, distribution = "normal"', "not inside"),
            ('id = "x.d", value = "about 5", unit = "days"', "no finite number"),
            ('id = "x.e", value = 2, unit = "days", provenance = "certain"', "not known"),
            ('id = "x.f", value = 2', "'unit' is missing"),
            ('id = "x.g", value = 2, unit = "share of cases"', "no share"),
            ('id = "x.h", value = 2, unit = "days", no_effect = 0.2', "given for"),
        ],
    }
    expected = []
    for file, faults in planted.items():
        lines = (copy / file).read_text(encoding="utf-8").splitlines()
        end = lines.index("]")
        for number, (fields, what) in enumerate(faults, start=end + 1):
            rest = {"unit": '"days"', "source": '"judgement"', "provenance": '"judgement"', "grade": "1"}
            if "'unit' is missing" in what:
                del rest["unit"]
            extra = ", ".join(f"{key} = {value}" for key, value in rest.items() if f"{key} =" not in fields)
            if "measure" in fields:
                extra = 'id = "x", value = 1, ' + extra
            lines.insert(number - 1, f"  {{ {fields}, {extra} }},")
            expected.append((file, number, what))
        (copy / file).write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(EvidenceFaults) as caught:
        read(copy)
    found = caught.value.faults
    assert len(found) == len(expected)
    for file, number, what in expected:
        assert [f for f in found if (f.file, f.line) == (file, number) and what in f.what and f.mend], what
    assert str(caught.value).count("\n") == len(expected) - 1


def test_broken_toml_and_rows_over_several_lines_are_faults(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('rows = [\n  { id = "a, value = 1 },\n]\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text('rows = [{ id = "b", value = 1 }]\n', encoding="utf-8")
    (tmp_path / "c.toml").write_text("row = []\n", encoding="utf-8")
    with pytest.raises(EvidenceFaults) as caught:
        read(tmp_path)
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [
        ("a.toml", 2),
        ("b.toml", 1),
        ("c.toml", 1),
    ]
    assert len(read([tmp_path / "c.toml"], also=("row",))) == 0


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("# none\ndefaults = 3\nrows = []\n", 2, "'defaults' is no table"),
        ('[defaults]\nunit = "days"\ncolour = "red"\n', 3, "'colour' under defaults is no field of a row"),
        ('defaults.unit = "days"\ndefaults.colour = "red"\n', 2, "'colour' under defaults is no field of a row"),
        ('defaults = { colour = "red" }\n', 1, "'colour' under defaults is no field of a row"),
        ("# none\n\nrows = 3\n", 3, "'rows' is no list of tables"),
        ("# none\n[[rows]]\nid = 3\n", 2, "1 rows stand on 0 lines"),
    ],
)
def test_what_is_wrong_with_many_rows_names_the_line_they_begin_at(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceFaults) as caught:
        read(tmp_path)
    assert [(fault.line, fault.what) for fault in caught.value.faults] == [(line, what)]


def test_a_bad_cell_names_its_line(tmp_path: Path) -> None:
    for name in ("tables.toml", "life_table.csv"):
        shutil.copy(FOLDER / name, tmp_path)
    lines = (tmp_path / "life_table.csv").read_text().splitlines()
    lines[4] = lines[4].rpartition(",")[0] + ",none"
    (tmp_path / "life_table.csv").write_text("\n".join(lines))
    with pytest.raises(EvidenceFaults, match=r"life_table\.csv:5: qx is 'none'"):
        read_table("life_table", tmp_path)


def test_merging_a_name_twice_is_a_fault() -> None:
    one = Evidence([row("a")])
    assert set(one.merge([row("b")])) == {"a", "b"}
    with pytest.raises(EvidenceFaults, match="already a row"):
        one.merge([row("a", 3.0)])


def test_evidence_and_its_faults_can_be_sent_to_another_process() -> None:
    evidence = Evidence([lognormal("a")])
    sent = pickle.loads(pickle.dumps(evidence))
    assert (dict(sent), sent.hash) == (dict(evidence), evidence.hash)
    with pytest.raises(EvidenceFaults) as caught:
        Evidence([row("a"), row("a")])
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults


# The hash


def test_hash_follows_figures_and_not_line_endings(tmp_path: Path) -> None:
    def copy(folder: str, change: tuple[bytes, bytes]) -> str:
        there = tmp_path / folder
        shutil.copytree(FOLDER, there, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        path = there / "demand.toml"
        before = path.read_bytes().replace(b"\r\n", b"\n")
        assert change[0] in before
        path.write_bytes(before.replace(*change, 1 if change[0] != b"\n" else -1))
        return read(there).hash

    same = read().hash
    assert copy("endings", (b"\n", b"\r\n")) == same
    assert copy("figure", (b"value = 50,", b"value = 51,")) != same


def test_hash_of_rows_without_a_file_follows_what_they_say() -> None:
    assert Evidence([row("a")]).hash == Evidence([replace(row("a"), file="x", line=3)]).hash
    assert Evidence([row("a")]).hash != Evidence([row("a", 2.1)]).hash


# Draws


@pytest.mark.parametrize(
    ("distribution", "numbers", "three_quarters"),
    [
        # Worked by hand: z(0.75) = 0.67449 and z(0.975) = 1.95996, so 0.34413 of the upper half-width.
        ("normal", (1.0, 2.0, 8.0), 2 + 0.344134 * 6),
        ("lognormal", (1.0, 2.0, 8.0), 2 * 4**0.344134),
        ("logitnormal", (0.1, 0.2, 0.8), 1 / (1 + 4 * 16**-0.344134)),
    ],
)
def test_two_piece_quantiles(
    distribution: str, numbers: tuple[float, float, float], three_quarters: float
) -> None:
    low, value, high = numbers
    fact = row("a", value, low=low, high=high, distribution=distribution)
    found = quantiles([fact] * 4, np.array([0.025, 0.5, 0.975, 0.75]))
    np.testing.assert_allclose(found, [low, value, high, three_quarters], rtol=1e-5)


def test_draws_stay_where_values_can_be() -> None:
    count = row("a", 1.0, low=0.0, high=2.0, distribution="normal", unit="days")
    share = row("b", 0.9, low=0.5, high=1.0, distribution="normal", unit="share of cases")
    signed = row("c", 0.0, low=-1.0, high=1.0, distribution="normal", unit="change")
    found = quantiles([count, share, share, signed], np.array([1e-6, 1e-9, 1 - 1e-6, 1e-6]))
    np.testing.assert_allclose(found, [0.0, 0.0, 1.0, -4.753424 / 1.959964], rtol=1e-6)


@pytest.mark.parametrize("draws", [1, 2, 7, 64, 1000])
def test_each_stratum_holds_one_draw(draws: int) -> None:
    names = ["a", "b", "c[x]"]
    u = np.array([draw_uniforms(names, 5, draw, draws) for draw in range(draws)])
    assert np.all((u > 0) & (u < 1))
    strata = np.sort(np.floor(u * draws).astype(int), axis=0)
    np.testing.assert_array_equal(strata, np.broadcast_to(np.arange(draws)[:, None, None], strata.shape))


def test_draws_of_two_rows_do_not_go_together() -> None:
    names = [f"row {i}" for i in range(40)]
    u = np.array([draw_uniforms(names, 1, draw, 400) for draw in range(400)])
    flat = np.concatenate([u[:, 0], u[:, 1]], axis=1)
    together = np.corrcoef(flat.T)[~np.eye(80, dtype=bool)]
    assert np.abs(together).max() < 0.25  # 5 standard errors of 1 / sqrt(400)
    assert together.std() == pytest.approx(0.05, rel=0.1)


def test_every_order_of_three_strata_is_as_likely() -> None:
    names = [f"row {i}" for i in range(6000)]
    u = np.array([draw_uniforms(names, 9, draw, 3)[0] for draw in range(3)])
    orders = np.unique(np.floor(u * 3), axis=1, return_counts=True)[1]
    assert len(orders) == 6
    assert np.all(np.abs(orders - 1000) < 130)  # 4.5 standard errors


def test_a_draw_is_a_function_of_seed_name_and_place() -> None:
    few = Evidence([lognormal("a"), lognormal("b")])
    more = Evidence([lognormal("z"), lognormal("b"), row("fixed"), lognormal("a")])
    for draw in (0, 3, 9):
        first, again = draw_values(few, 1, draw, 10), draw_values(few, 1, draw, 10)
        assert first == again
        with_more = draw_values(more, 1, draw, 10)
        assert {name: with_more[name] for name in first} == first
        assert first["a"] != first["b"]
        assert first != draw_values(few, 2, draw, 10)
    assert draw_values(more, 1, 4, 10)["fixed"] == 2.0


def test_no_draw_means_the_central_values() -> None:
    evidence = Evidence([lognormal("a", no_effect=0.9), row("b", 0.3)])
    assert draw_values(evidence, 1, None, 1) == {"a": 2.0, "b": 0.3}
    with pytest.raises(ValueError, match="no draw 5 among 5"):
        draw_values(evidence, 1, 5, 5)


def test_no_effect_has_its_chance_and_leaves_the_rest_alone() -> None:
    doubted = Evidence([lognormal("a", no_effect=0.45)])
    plain = Evidence([lognormal("a")])
    values = [draw_values(doubted, 3, draw, 200)["a"] for draw in range(200)]
    untouched = [draw_values(plain, 3, draw, 200)["a"] for draw in range(200)]
    assert values.count(1.0) == 90  # exact, for the strata are spread evenly
    assert all(value in (1.0, other) for value, other in zip(values, untouched, strict=True))


def test_two_thousand_rows_are_drawn_in_little_time() -> None:
    evidence = Evidence([lognormal(f"row.{i}") for i in range(2000)])
    draw_values(evidence, 1, 0, 100)
    took = []
    for draw in range(5):
        start = time.perf_counter()
        draw_values(evidence, 1, draw, 100)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.05
