"""Scenario and scheme files: every planted fault gives one clear line, all of them at once."""

from pathlib import Path

import numpy as np
import pytest

from model.evidence import draw_values
from model.inputs import month_of
from scenarios import InputFaults, load
from scenarios.explain_scheme import explain_scheme
from scenarios.schemes import CATALOGUE, load_scheme, shipped_schemes
from scenarios.start import TEMPLATES, write_scenario_template, write_scheme_template
from scenarios.toml_files import key_lines

GOOD = (TEMPLATES / "scenario.toml").read_text(encoding="utf-8")


def faults_of(tmp_path: Path, text: str | bytes) -> list[str]:
    path = tmp_path / "plan.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputFaults) as caught:
        load(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(str(path)) for line in lines)
    return [line.removeprefix(str(path)) for line in lines]


def line_of(part: str) -> int:
    return GOOD.count("\n", 0, GOOD.index(part)) + 1


def test_the_shipped_scenario() -> None:
    scenario = load("west_mercia_2022")
    inputs = scenario.inputs()
    assert list(inputs) == ["as_agreed", "stop", "extra_primary", "extra_secondary", "extra_tertiary"]
    assert scenario.comparator == "as_agreed"
    first = inputs["as_agreed"]
    ids = [programme.id for programme in first.programmes]
    assert {"parenting", "problem_solving_hub", "ae_navigator", "governance", "youth_diversion"} <= set(ids)
    assert all(one.programmes == first.programmes for one in inputs.values())
    assert first.start == month_of(2022, 4)
    assert first.money.shape == (len(ids), 10)
    np.testing.assert_allclose(first.money.sum(axis=0), 1e6)
    assert inputs["stop"].money.sum() == 0
    extra = inputs["extra_primary"].money - first.money
    assert extra[:, 0].tolist() == [500_000.0 * (id == "parenting") for id in ids]
    for effect in (effect for programme in first.programmes for effect in programme.effects):
        assert effect.ratio in first.evidence


def test_settings_of_the_call_replace_those_of_the_file() -> None:
    one = load("west_mercia_2022").inputs(scale=0.5, years=12)["as_agreed"]
    assert (one.scale, one.years, one.money.shape[1]) == (0.5, 12, 12)


def test_the_template_passes_and_later_years_hold_the_last(tmp_path: Path) -> None:
    money = load(write_scenario_template(tmp_path / "mine.toml")).money()
    assert money["run_down"].sum(axis=0).tolist() == [1e6, 1e6] + [0] * 8
    np.testing.assert_array_equal(money["more_parenting"] - money["as_agreed"], [[250_000] * 10, [0] * 10])


def test_a_scheme_of_ones_own(tmp_path: Path) -> None:
    write_scheme_template(tmp_path / "shop_watch.toml")
    text = GOOD.replace('# schemes = ["my_scheme.toml"]', 'schemes = ["shop_watch.toml"]')
    text = text.replace("shares = { parenting = 0.5,", "shares = { shop_watch = 0.5,")
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    scenario = load(tmp_path / "plan.toml")
    assert [p.id for p in scenario.programmes] == ["parenting", "shop_watch", "ae_navigator"]
    assert "shop_watch.ratio" in scenario.evidence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_windows_saves_is_read(tmp_path: Path, encoding: str, newline: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(GOOD.replace("\n", newline).encode(encoding))
    assert load(path).text == GOOD


# What is written in place of what, and what the fault's line must say.
SLIPS = [
    ("years = 10 ", "yeers = 10 ", "yeers is not known; perhaps 'years' is meant"),
    ("years = 10 ", "years = 0 ", "below 1"),
    ("years = 10 ", "years = 10.5 ", "whole number"),
    ("years = 10 ", 'years = "10" ', "probably 10 without quotation marks"),
    ("years = 10 ", "years = true ", "whole number"),
    ("start = 2022-04-01", "start = 2022-13-01", "there is no such day"),
    ("start = 2022-04-01", "start = 2022-04-01T00:00:00", "without quotation marks or a time"),
    ("start = 2022-04-01", "start = 01/04/2022", "write a date as 2022-04-01"),
    ("start = 2022-04-01", 'start = "2022-04-01"', "should be a date; write the first of April without"),
    ("start = 2022-04-01", "start = 2022-06-01", "write 2022-04-01"),
    ("start = 2022-04-01", "start = 2022-04-02", "not the first of April"),
    ("start = 2022-04-01", "start = 1999-04-01", "start in April, from 2022 to 2060"),
    ('price_year = "2022/23"', 'price_year = "2022/24"', "no financial year"),
    ('price_year = "2022/23"', "price_year = 2022", "write a financial year"),
    ('comparator = "as_agreed"', 'comparator = "as_agred"', "perhaps 'as_agreed' is meant"),
    ('area = "west_mercia"', 'area = "west_merica"', "perhaps 'west_mercia' is meant"),
    ('area = "west_mercia"', 'area = "../west_mercia"', "leads out of the folder"),
    ('area = "west_mercia"', "area = 'C:\\areas\\mine'", "leads out of the folder"),
    ('area = "west_mercia"', 'area = "/areas/mine"', "leads out of the folder"),
    ('area = "west_mercia"', 'area = "areas\\mine"', "write / for"),
    ('area = "west_mercia"', f'area = "{"x" * 300}"', "cannot be the name of a file; give it a shorter name"),
    ("scale = 0.15 ", "scale = 0 ", "not above 0"),
    ("scale = 0.15 ", "scale = 10 ", "probably 0.1 is meant"),
    ("scale = 0.15 ", "scale = 10% ", "a share between 0 and 1"),
    ("seed = 1 ", "seed = -1 ", "below 0"),
    ("seed = 1 ", f"seed = {2**63} ", "above"),
    ("pounds_a_year = 1_000_000", 'pounds_a_year = "1m"', "probably 1_000_000 without quotation marks"),
    ("pounds_a_year = 1_000_000", 'pounds_a_year = "£1,000,000"', "probably 1_000_000 without"),
    ("pounds_a_year = 1_000_000", "pounds_a_year = 1m", "write the number out"),
    ("pounds_a_year = 1_000_000", "pounds_a_year = 1,000,000", "without commas"),
    ("pounds_a_year = 1_000_000", "pounds_a_year = £1000000", "without a sign"),
    ("pounds_a_year = 1_000_000", "pounds_a_year = -1", "below 0"),
    ("pounds_a_year = 1_000_000", "pounds_a_year = 1e300", "above 1_000_000_000"),
    ("pounds_a_year = 1_000_000", "pounds_a_year = 1e999", "no number to reckon with"),
    ("pounds_a_year = 1_000_000", "pounds_a_year = nan", "no number to reckon with"),
    ("pounds_a_year = 1_000_000", "pounds_a_year = " + "9" * 5000, "far too long"),
    ("pounds_a_year = 1_000_000", "pounds_a_yaer = 1_000_000", "perhaps 'pounds_a_year' is meant"),
    ("shares = { parenting = 0.5,", "shares = { parenting = 0.4,", "add up to 0.9, not 1"),
    ("shares = { parenting = 0.5,", "shares = { parenting = 0.6,", "add up to 1.1, not 1"),
    ("shares = { parenting = 0.5,", "shares = { parenting = 50,", "probably 0.5 is meant"),
    ("shares = { parenting = 0.5,", 'shares = { parenting = "50%",', "probably 0.5 without"),
    ("shares = { parenting = 0.5,", "shares = { parentng = 0.5,", "perhaps 'parenting' is meant"),
    ("shares = { parenting = 0.5, ae_navigator = 0.5 }", "shares = {}", "money and no shares"),
    ('name = "run_down"', 'name = "as_agreed"', "already that of alternative 1"),
    ('name = "run_down"', 'name = "Run down"', "use small letters"),
    ('like = "as_agreed"', 'like = ""', "is empty"),
    ('like = "as_agreed"', 'like = "as_agred"', "perhaps 'as_agreed' is meant"),
    ("more = { parenting = 250_000 }", "more = { parentin = 250_000 }", "perhaps 'parenting' is meant"),
    ("more = { parenting = 250_000 }", "more = { parenting = -250_000 }", "below 0"),
    ('"2024/25" = 0', '"2024-25" = 0', "no financial year"),
    ('"2024/25" = 0', '"2014/15" = 0', "outside the plan"),
    ('"2024/25" = 0', '"2024/25" = "0.5m"', "probably 500_000 without"),
    ('# schemes = ["my_scheme.toml"]', 'schemes = ["none.toml"]', "upstream new programme"),
    ('# schemes = ["my_scheme.toml"]', 'schemes = ["plan.toml"]', "no scheme's file 'plan.toml'"),
    ("scale = 0.15 ", "scale = 0.15\nscale = 0.2 ", "it is there twice"),
    ('title = "As agreed"', 'title = "As agreed', "close the quotation mark"),
    ('title = "As agreed"', "title = As agreed", "put text in quotation marks"),
    ('title = "As agreed"', "title = “As agreed”", "straight quotation marks"),
    ('title = "As agreed"', "title As agreed", "name = value"),
    ("[run]", "[runn]", "perhaps 'run' is meant"),
    ("[run]", "[run", "is not TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "slip", "said"), SLIPS)
def test_a_slip_is_one_line_that_says_where_and_how_to_mend_it(
    tmp_path: Path, good: str, slip: str, said: str
) -> None:
    assert good in GOOD
    text = GOOD.replace(good, slip, 1)
    faults = faults_of(tmp_path, text)
    assert len(faults) == 1, faults
    assert said in faults[0]
    assert faults[0].startswith(f":{line_of(good) + slip.count(chr(10))}: ")


def test_a_wrong_name_of_a_list_of_tables_has_its_line(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, GOOD.replace("[[alternative]]", "[[alternatives]]"))
    assert any(
        fault.startswith(f":{line_of('[[alternative]]')}: alternatives is not known") for fault in faults
    )
    (fault,) = faults_of(tmp_path, GOOD.replace("[[alternative]]", "[alternative]", 1))
    assert "write [[name]] for each" in fault


def test_lines_are_those_of_an_editor_whatever_signs_a_text_holds(tmp_path: Path) -> None:
    text = GOOD.replace('title = "My area', 'title = "My\u2028area\x85', 1).replace("years = 10 ", "years = 0 ")
    (fault,) = faults_of(tmp_path, text)
    assert fault.startswith(f":{line_of('years = 10 ')}: ")


def test_all_faults_at_once(tmp_path: Path) -> None:
    text = GOOD
    slips = [
        (good, slip, said)
        for good, slip, said in SLIPS
        if said.startswith(("perhaps", "probably 1_", "add up to 0.9"))
    ]
    done: set[str] = set()
    planted = []
    for good, slip, said in slips:
        if good not in done and "£" not in slip:
            done.add(good)
            text = text.replace(good, slip, 1)
            planted.append(said)
    faults = faults_of(tmp_path, text)
    assert len(planted) > 4
    assert all(any(said in fault for fault in faults) for said in planted), faults
    assert faults == sorted(faults, key=lambda fault: int(fault.split(":")[1]))


WRONG_FILES = {
    "UTF-16": GOOD.encode("utf-16"),
    "is not text": GOOD.encode("utf-16-le"),
    "no UTF-8": GOOD.replace("#", "# £", 1).encode("cp1252"),
    "spreadsheet": b"PK\x03\x04" + bytes(range(200)),
    "document": b"\xd0\xcf\x11\xe0" + bytes(200),
    "area is missing": b"",
    "far too large": b"#" * 3_000_000,
    "too deep": b"a = " + b"[" * 100_000,
}


@pytest.mark.parametrize("said", WRONG_FILES)
def test_files_that_are_no_scenario(tmp_path: Path, said: str) -> None:
    assert any(said in fault for fault in faults_of(tmp_path, WRONG_FILES[said]))


def test_missing_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").mkdir()
    (tmp_path / "mine.toml").write_text("")
    for name, said in {
        "plan.toml": "is a folder",
        "min.toml": "perhaps 'mine.toml' is meant",
        "nowhere/plan.toml": "no such file",
        "plan.xlsx": "plain text that ends in .toml",
    }.items():
        with pytest.raises(InputFaults, match=said):
            load(tmp_path / name)
    with pytest.raises(InputFaults, match="perhaps 'west_mercia_2022' is meant"):
        load("west_mercia_2023")


def test_an_area_of_ones_own_with_faults_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    path = tmp_path / "plan.toml"
    path.write_text(GOOD.replace('area = "west_mercia"', 'area = "mine"'), encoding="utf-8")
    with pytest.raises(InputFaults, match=r"mine/area\.toml: is missing"):
        load(path)


def test_lines_of_keys() -> None:
    text = (
        'a = 1\nb = [\n  2,\n]\n[c.d]\n"e f" = { g = 1, h.i = 2 }\n[[j]]\nk = """\nl = 1\n"""\n[[j]]\nm = 1\n'
    )
    lines = key_lines(text)
    assert lines["c", "d", "e f", "h", "i"] == 6
    assert (lines["j", 0], lines["j", 1], lines["j", 1, "m"]) == (7, 11, 12)
    assert ("j", 0, "l") not in lines


@pytest.mark.parametrize("name", shipped_schemes())
def test_shipped_schemes(name: str) -> None:
    scheme = load_scheme(CATALOGUE / f"{name}.toml")
    assert scheme.programme.id == name
    assert scheme.named_by or name.startswith("ref_")  # those to compare with are in no paper
    if scheme.programme.reaches != "system":
        ratio = scheme.evidence[f"{name}.ratio"]
        assert 0 < ratio.no_effect < 1
        assert ratio.is_sampled
    for effect in scheme.programme.effects:
        assert scheme.evidence[effect.ratio].is_sampled
    sources = {source["id"] for source in scheme.sources}
    assert all(row.source in sources | {"judgement"} for row in scheme.evidence.values())


def test_a_scheme_that_nobody_measured_is_believed_to_do_nothing() -> None:
    schemes = [load_scheme(path) for path in shipped_schemes().values()]
    unstudied = [scheme for scheme in schemes if not scheme.programme.outcome_study]
    assert unstudied
    for scheme in unstudied:
        for effect in scheme.programme.effects:
            ratio = scheme.evidence[effect.ratio]
            if ratio.name == "op_deter_adult.found":  # what the police find, which is no benefit
                assert ratio.low >= 1.0
            elif scheme.programme.reaches == "system":  # by default nothing, up to a tenth more
                assert (ratio.value, ratio.low, ratio.high) == (1.0, 1.0, 1.1), ratio.name
            else:
                assert ratio.value == 1.0, ratio.name
                assert ratio.low * ratio.high == pytest.approx(1.0, abs=0.01), ratio.name
        assert "no study has measured" in explain_scheme(scheme, {})


def test_shock_talks_never_help_and_mostly_harm() -> None:
    name = "ref_scared_straight"
    evidence = load_scheme(CATALOGUE / f"{name}.toml").evidence
    drawn = np.array([draw_values(evidence, 3, draw, 500)[f"{name}.ratio"] for draw in range(500)])
    assert drawn.min() == 1.0
    assert (drawn > 1.0).mean() > 0.7


SCHEME_SLIPS = [
    ('tier = "secondary"', 'tier = "second"', "perhaps 'secondary' is meant"),
    ('found_by = "arrest"', 'found_by = "arested"', "perhaps 'arrest' is meant"),
    ('after = ["shoplifting"', 'after = ["shoplifing"', "perhaps 'shoplifting' is meant"),
    ("ages = [18, 24]", "ages = [24, 18]", "write [18, 24]"),
    ("ages = [18, 24]", "ages = [18]", "1 entries"),
    ('versus = "usual services"', 'versus = "usual service"', "perhaps 'usual services' is meant"),
    ('kind = "offending"', 'kind = "ofending"', "perhaps 'offending' is meant"),
    ('ratio = "my_scheme.ratio"', 'ratio = "my_scheme.ration"', "perhaps 'my_scheme.ratio' is meant"),
    ('id = "my_scheme.uptake", value = 0.6', 'id = "my_scheme.uptake", value = 6', "no share"),
    ('id = "my_scheme.completion"', 'id = "my_scheme.finished"', "'my_scheme.completion' is missing"),
    ('period = "2022/23"', 'period = "2022"', "of which year its prices are"),
    ("outcome_study = false", 'outcome_study = "no"', "write true if a study"),
    ('versus = "usual services"', 'versus = "usual services"\nagainst = "parner"', "perhaps 'partner' is meant"),
    ('kind = "offending"', 'kind = "victimisation"\nagainst = "partner"', "leave the line out"),
    ("# sexes = [\"female\"]", "sexes = [\"femal\"]", "perhaps 'female' is meant"),
    ('unit = "pounds a person', 'unit = "thousand pounds a person', "starts with 'pounds'"),
    ('unit = "months", source', 'unit = "years", source', "starts with 'months'"),
    ("set_up_months = 3", "set_up_month = 3", "perhaps 'set_up_months' is meant"),
    ('id = "my_scheme" ', 'id = "your_scheme" ', 'perhaps id = "my_scheme" is meant'),
    ('source = "judgement"', 'source = "smith2020"', "there is no source 'smith2020'"),
    ("[defaults]", "sources = 3\n[defaults]", "start each source with [[sources]]"),
    ("# [[sources]]", '[[sources]]\nautor = "Smith"\n#', "perhaps 'author' is meant"),
    ("value = 1000", "value = " + "9" * 400, "far too long"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "slip", "said"), SCHEME_SLIPS)
def test_a_slip_in_a_scheme(tmp_path: Path, good: str, slip: str, said: str) -> None:
    path = write_scheme_template(tmp_path / "my_scheme.toml")
    text = path.read_text(encoding="utf-8")
    assert good in text
    path.write_text(text.replace(good, slip, 1), encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        load_scheme(path)
    assert any(said in str(fault) for fault in caught.value.faults), str(caught.value)


def test_the_faults_of_an_empty_scheme_come_in_one_order(tmp_path: Path) -> None:
    (tmp_path / "my_scheme.toml").write_text("")
    with pytest.raises(InputFaults) as caught:
        load_scheme(tmp_path / "my_scheme.toml")
    told = [fault.what.partition(" ")[0] for fault in caught.value.faults]
    assert told[:4] == ["id", "name", "tier", "set_up_months"]
    assert "None" not in str(caught.value)


@pytest.mark.parametrize("name", ["plan.txt", "taken.toml"])
def test_a_start_is_never_written_over_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(InputFaults):
        write_scenario_template(tmp_path / name)
    assert (tmp_path / name).read_text() == "mine"
