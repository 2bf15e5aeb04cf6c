"""An assurance pack: nothing assured by itself, every assumption once, and a changed run is seen."""

import csv
import io
import json
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import xarray as xr
from click.testing import CliRunner, Result
from fake_engine import install

import upstream
from experiments import run, write_run
from experiments.assurance import shipped
from experiments.assurance.command import named
from experiments.assurance.gather import gather
from experiments.assurance.tables import data_of
from experiments.evidence import all_rows, rows_of, schemes
from experiments.files import write_dataset
from results.assurance.assumptions import LOGGED
from results.assurance.evidence_pages import NO_LIST
from results.assurance.front import PAGES
from results.assurance.page import NOT_ASSURED
from scenarios import InputFaults, load
from scenarios.areas import folder_of
from scenarios.attribution import attributed
from scenarios.explain import counts_line
from scenarios.start import write_scenario_template

BY = "the section 151 officer, who answers for the budget paper"


def made(scenario_name: str, folder: Path) -> Path:
    """A run's folder from an engine that lives nobody, without charts and tables."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        install(monkeypatch)
        monkeypatch.setattr("results.charts.write_charts", lambda ds, folder: [])
        monkeypatch.setattr("results.tables.write_tables", lambda ds, folder: [])
        scenario = load(scenario_name)
        return write_run(run(scenario, replicates=2, scale=0.001, years=2, seed=0), scenario, folder)


@pytest.fixture(scope="module")
def west_mercia(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made("west_mercia_2022", tmp_path_factory.mktemp("runs") / "run")
    assert call("assure", folder).exit_code == 0
    return folder


@pytest.fixture
def a_run(west_mercia: Path, tmp_path: Path) -> Path:
    """A copy of the run and its pack, to be changed."""
    return Path(shutil.copytree(west_mercia, tmp_path / "run"))


def call(*words: object) -> Result:
    return CliRunner().invoke(upstream.cli, [str(word) for word in words])


def pages(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / "assurance").glob("*.md"))}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / "assurance" / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_page_is_headed_not_assured(west_mercia: Path) -> None:
    told = pages(west_mercia)
    assert {*told, "assumptions.csv", "data.csv", "manifest.csv"} == {*PAGES, "assumptions.csv", "data.csv"}
    for name, text in told.items():
        assert text.startswith(f"**{NOT_ASSURED}"), name
        assert "Assured by" not in text, name
    for name in ("assumptions.csv", "data.csv"):
        assert {row["assurance"] for row in rows(west_mercia, name)} == {NOT_ASSURED}


def test_every_assumption_is_in_the_log_once(west_mercia: Path) -> None:
    used = [row for row, _ in rows_of(load("west_mercia_2022")) if row.use == "model"]
    told = [row["name"] for row in rows(west_mercia, "assumptions.csv")]
    assert Counter(told) == Counter(row.name for row in used if row.provenance in LOGGED)
    assert set(Counter(told).values()) == {1}
    judged = sum(row["provenance"] == "judgement" for row in rows(west_mercia, "assumptions.csv"))
    assert counts_line(used).endswith(f" {judged:,} of those judgement")
    assert f"{len(told):,} of them are an assumption" in pages(west_mercia)["assumptions.md"]


def test_a_scenario_of_all_schemes_reads_what_the_list_of_evidence_says(tmp_path: Path) -> None:
    """The count is that of `upstream evidence`, levers apart, which no run reads."""
    scenario = load(write_scenario_template(tmp_path / "all.toml"), also=tuple(schemes()))
    of_run = Counter((row.name, row.provenance) for row, _ in rows_of(scenario) if row.use == "model")
    assert of_run == Counter((row.name, row.provenance) for row, _ in all_rows() if row.use == "model")


def test_rows_stand_by_weight_and_say_what_the_run_drew(west_mercia: Path) -> None:
    told = rows(west_mercia, "assumptions.csv")
    assert [int(row["place"]) for row in told] == list(range(1, len(told) + 1))
    places = [row["acts on"] for row in told]
    assert places == sorted(places, key=list(dict.fromkeys(places)).index)
    assert places[0] == "what schemes do"
    with xr.open_dataset(west_mercia / "results.nc") as ds:
        drawn = ds.parameter.sel(parameter_name="ae_navigator.ratio").values
    row = next(row for row in told if row["name"] == "ae_navigator.ratio")
    assert float(row["least in this run"]) == pytest.approx(drawn.min())
    assert float(row["greatest in this run"]) == pytest.approx(drawn.max())
    assert row["signed off by"] == "not done"
    assert "not measured" in pages(west_mercia)["assumptions.md"]


def test_a_study_beside_the_run_gives_the_order(a_run: Path) -> None:
    with xr.open_dataset(a_run / "results.nc") as ds:
        attrs = dict(ds.attrs)
    study = study_of(attrs | {"method": "tornado", "seeds": "1", "past_left_out": "", "points": "5"})
    others = {name: study.assign_attrs({name: "3", "date": "9999"}) for name in ("evidence_hash", "years")}
    for name, one in {"study": study, **others}.items():
        (a_run.parent / name).mkdir()
        write_dataset(one, a_run.parent / name / "sensitivity.nc")
    assert call("assure", a_run).exit_code == 0
    told = rows(a_run, "assumptions.csv")
    first = [row["name"].partition("[")[0] for row in told[:3]]
    assert first == ["ace.family_load", "ace.family_load", "parenting.ratio"]
    assert [float(row["swing of the answer"]) for row in told[:3]] == [90.0, 90.0, 30.0]
    assert not told[3]["swing of the answer"]
    assert "`study`" in pages(a_run)["assumptions.md"]
    assert "[x] Which of all the uncertain numbers" in pages(a_run)["RIGOUR.md"]
    assert [row["name"] for row in told if row["swing of the answer"] == "0"] == [told[-1]["name"]]
    part = study.assign_attrs(experiment='uncertainties = ["parenting"]', past_left_out="yes", date="9998")
    write_dataset(part, a_run.parent / "study" / "sensitivity.nc")
    assert call("assure", a_run).exit_code == 0
    assert "[ ] Which of all the uncertain numbers" in pages(a_run)["RIGOUR.md"]
    assert "parenting alone were moved" in pages(a_run)["README.md"]


def study_of(attrs: dict[str, str]) -> xr.Dataset:
    inputs = ["parenting.ratio", "ace.family_load", "ae_navigator.ratio"]
    return xr.Dataset(
        {
            "answer": (("policy", "outcome", "input", "end"), [[[[100.0, 130.0], [60.0, 150.0], [110.0, 110.0]]]]),
            "error": (("policy", "outcome", "input", "end"), [[[[1.0, 1.0]] * 3]]),
            "middle": (("policy", "outcome"), [[110.0]]),
            "chance": (("policy", "outcome"), [[1.0]]),
        },
        coords={
            "policy": ["stop"], "outcome": ["offences"], "input": inputs, "end": ["low", "high"],
            "outcome_title": ("outcome", ["Offences averted"]), "unit": ("outcome", ["offences"]),
            "label": ("input", inputs), "range": ("input", ["1 to 2"] * 3),
            "kind": ("input", ["uncertainty"] * 3), "alters_past": ("input", [False] * 3),
        },
        attrs=attrs,
    )  # fmt: skip


def test_verification_and_validation_stay_apart(west_mercia: Path) -> None:
    told = pages(west_mercia)
    listed = bool(shipped.tests().rows)  # an installed Upstream has no tests beside it
    assert ("pytest" in told["verification.md"]) == listed
    assert (NO_LIST in told["verification.md"]) == (not listed)
    assert "reoff_short_sentence" in told["validation.md"]
    assert "pytest" not in told["validation.md"]
    assert "reoff_short_sentence" not in told["verification.md"]


def test_missed_targets_are_named(west_mercia: Path) -> None:
    text = (folder_of("west_mercia") / "fit" / "targets.csv").read_text("utf-8-sig")
    targets = list(csv.DictReader(io.StringIO(text, newline="")))
    page = pages(west_mercia)["validation.md"]
    for one in targets:
        if one["verdict"] in ("near", "fail"):
            assert f"| `{one['id']}` |" in page
    met, near, missed = (sum(one["verdict"] == verdict for one in targets) for verdict in ("pass", "near", "fail"))
    assert f"{met} met, {near} near, {missed} missed" in page


def test_nothing_is_ticked_without_evidence(west_mercia: Path) -> None:
    for name in ("RIGOUR.md", "AQuA.md", "verification.md", "validation.md"):
        text = pages(west_mercia)[name]
        for line in text.splitlines():
            if line.startswith("- [x]"):
                assert re.search(r"Evidence: \S", line), line
            elif line.startswith("- [ ]"):
                assert "**not done**" in line or re.search(r"\*\*no\*\*\. \S", line), line
    both = pages(west_mercia)["RIGOUR.md"] + pages(west_mercia)["AQuA.md"]
    for word in ("reviewed it", "Approver:", "accountable", "How much assurance"):
        lines = [line for line in both.splitlines() if word in line]
        assert lines
        assert all(line.startswith("- [ ]") for line in lines), lines


def test_what_does_not_hold_is_not_ticked(a_run: Path) -> None:
    with xr.open_dataset(a_run / "results.nc") as opened:
        ds = opened.load()
    worse = ds.assign(population=ds.population + xr.where(ds.alternative == "stop", 1.0, 0.0)).assign_attrs(
        source_hash="another", failed="one run failed", versions=json.dumps({"numpy": "0.1"}))  # fmt: skip
    worse.offences[0, 0, 0, 0, 0] = -1.0
    worse.harm[0, 0, 0, 0] = float("nan")
    write_dataset(worse, a_run / "results.nc")
    assert call("assure", a_run).exit_code == 0
    told = pages(a_run)
    for what in ("same people", "below nought", "is a number", "No run failed", "libraries", "has the code"):
        (line,) = (line for line in told["RIGOUR.md"].splitlines() if what in line and line.startswith("- ["))
        assert line.startswith("- [ ]"), line
        assert "**no**" in line
    for text in told.values():
        assert "other code than the run" in text


def test_an_area_without_fit_says_so(tmp_path: Path) -> None:
    text = write_scenario_template(tmp_path / "plan.toml").read_text(encoding="utf-8")
    plan = re.sub(r'^area = "\w+"', 'area = "essex"', text, flags=re.MULTILINE)
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    folder = made(str(tmp_path / "plan.toml"), tmp_path / "run")
    assert call("assure", folder).exit_code == 0
    assert "**Essex has no fit.**" in pages(folder)["validation.md"]
    assert "The area has no fit" in pages(folder)["README.md"]
    assert "[ ] The run drew from a fit" in pages(folder)["RIGOUR.md"]


def test_a_fit_whose_report_is_elsewhere_is_not_called_none(a_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.assurance.gather.area_folder", lambda scenario: a_run)
    assert call("assure", a_run).exit_code == 0
    assert "has no fit" not in "".join(pages(a_run).values())
    assert "not known" in pages(a_run)["validation.md"]
    assert "[ ] The run drew from a fit" in pages(a_run)["RIGOUR.md"]


def test_a_run_that_tells_parts_apart_has_a_pack_too(tmp_path: Path) -> None:
    scenario = attributed(load("west_mercia_2022"), "tier")
    with pytest.MonkeyPatch.context() as monkeypatch:
        install(monkeypatch)
        monkeypatch.setattr("results.charts.write_charts", lambda ds, folder: [])
        monkeypatch.setattr("results.tables.write_tables", lambda ds, folder: [])
        folder = write_run(run(scenario, replicates=1, scale=0.001, years=1), scenario, tmp_path / "run")
    assert call("assure", folder).exit_code == 0
    with xr.open_dataset(folder / "results.nc") as ds:
        for name in map(str, ds.alternative.values):
            assert f"| {name.replace('_', ' ')} |" in pages(folder)["decisions.md"]


def test_check_finds_what_changed(a_run: Path) -> None:
    assert call("assure", a_run, "--check").exit_code == 0
    results = (a_run / "results.nc").read_bytes()
    (a_run / "results.nc").write_bytes(results + b" ")
    told = call("assure", a_run, "--check")
    assert told.exit_code == 2
    assert "results.nc: was changed after the pack was written" in told.output
    (a_run / "results.nc").write_bytes(results)
    (a_run / "scenario.toml").unlink()
    assert "scenario.toml: is gone" in call("assure", a_run, "--check").output


def test_without_a_pack_there_is_nothing_to_check(west_mercia: Path, tmp_path: Path) -> None:
    told = call("assure", west_mercia, "--check", "--out", tmp_path)
    assert told.exit_code == 2
    assert "no manifest" in told.output


def test_a_name_goes_on_every_page_and_ticks_stay(a_run: Path) -> None:
    page = a_run / "assurance" / "AQuA.md"
    by_hand = page.read_text(encoding="utf-8").replace("- [ ] Assurer", "- [x] Assurer", 1)
    page.write_text(by_hand, encoding="utf-8", newline="\n")
    assert call("assure", a_run).exit_code == 2  # would be lost
    told = call("assure", a_run, "--by", BY)
    assert told.exit_code == 0
    assert "cannot check" in told.output
    name, role = BY.split(", ")
    for text in pages(a_run).values():
        day = date.today().isoformat()
        assert text.startswith(f"**Assured by {name}, {role}, on {day}, for the use named in limits.md**")
        assert NOT_ASSURED not in text
    assert "- [x] Assurer" in pages(a_run)["AQuA.md"]
    assert all(row["assurance"].startswith("Assured by") for row in rows(a_run, "assumptions.csv"))
    assert call("assure", a_run, "--check").exit_code == 0
    assert "has a name on it" in call("assure", a_run).output
    assert call("assure", a_run, "--force").exit_code == 0
    assert pages(a_run)["README.md"].startswith(f"**{NOT_ASSURED}")


def test_a_first_pack_may_have_a_name(west_mercia: Path, tmp_path: Path) -> None:
    told = call("assure", west_mercia, "--out", tmp_path / "pack", "--by", BY)
    assert told.exit_code == 0
    for path in (tmp_path / "pack").glob("*.md"):
        assert path.read_text(encoding="utf-8").startswith(f"**Assured by {BY}, on "), path.name


def test_a_table_saved_in_another_form_takes_no_name(a_run: Path) -> None:
    path = a_run / "assurance" / "assumptions.csv"
    before = pages(a_run)
    path.write_text(path.read_text(encoding="utf-8-sig").replace(",", ";"), encoding="utf-8")
    told = call("assure", a_run, "--by", BY)
    assert told.exit_code == 2
    assert "assumptions.csv: cannot take a name" in told.output
    assert pages(a_run) == before


def test_no_name_goes_under_figures_that_changed(a_run: Path) -> None:
    before = pages(a_run)
    (a_run / "run.toml").write_text("# An Upstream run: another\n", encoding="utf-8")
    told = call("assure", a_run, "--by", BY)
    assert told.exit_code == 2
    assert "figures that have changed" in told.output
    assert pages(a_run) == before


@pytest.mark.parametrize("by", ["somebody", ", a role", "a name,", "a | name, a role"])
def test_a_name_has_a_role(by: str) -> None:
    with pytest.raises(InputFaults, match='"NAME, ROLE"'):
        named(by)


def test_a_run_of_other_evidence_is_refused(a_run: Path) -> None:
    """A log of other numbers than the run's would be false."""
    with xr.open_dataset(a_run / "results.nc") as opened:
        ds = opened.load().assign_attrs(evidence_hash="another", area_hash="another")
    with pytest.raises(InputFaults) as wrong:
        gather(a_run, ds)
    assert len(wrong.value.faults) == 2


def test_something_else_in_the_folder_is_left_alone(west_mercia: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    told = call("assure", west_mercia, "--out", tmp_path, "--force")
    assert told.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_data_log_has_every_table_of_the_area_and_names_its_publisher(west_mercia: Path) -> None:
    scenario = load("west_mercia_2022")
    used = [row for row, _ in rows_of(scenario) if row.use == "model"]
    tables = data_of(scenario, used)
    files = {one.file for one in tables}
    assert {path.name for path in folder_of("west_mercia").glob("*.csv")} <= files
    assert {row.file for row in used} <= {name.split("/")[-1] for name in files}
    assert [one.file for one in tables if not one.sources] == []
    assert [one.file for one in tables if not one.provenance] == []
    for row in rows(west_mercia, "data.csv"):
        assert row["publisher"], row
        assert row["licence"], row
        assert len(row["sha256"]) == 64, row


def test_nothing_is_left_behind_and_a_failed_write_leaves_the_pack(
    a_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    before = pages(a_run)
    assert call("assure", a_run).exit_code == 0
    monkeypatch.setattr("experiments.assurance.pack.write_manifest", full)
    for by in ([], ["--by", BY]):
        assert call("assure", a_run, *by).exit_code == 1
        assert pages(a_run) == before
    assert [path.name for path in a_run.iterdir() if path.name.startswith("_")] == []
