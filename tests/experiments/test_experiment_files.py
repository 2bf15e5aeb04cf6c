"""Experiment files: what is wrong with one is told at once, what is right is planned, carried out and gone on with."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit
import xarray as xr
from click.testing import CliRunner

import upstream
from experiments.experiment_files.experiment import Experiment, is_experiment, load_experiment
from experiments.experiment_files.levers import Lever, Policy, with_policies
from experiments.plan import parameter_values
from experiments.sensitivity.ask import planned
from scenarios import InputFaults, load
from scenarios.start import write_experiment_template

SMALL = {"scale": 0.001, "years": 1, "seed": 3}
POUNDS = {"name": "pounds", "sets": "more.parenting", "between": [0, 500_000], "step": 100_000}
TOO_FEW = {"name": "few", "sets": "more.repeat_demand", "among": [0, 500]}
WHOLE: dict[str, Any] = {
    "title": "An experiment", "question": "What decides it?", "scenario": "west_mercia_2022", "method": "tornado",
    "outcomes": ["offences"], "policies": ["extra_primary"], "uncertainties": ["parenting"], "run": SMALL,
}  # fmt: skip


def file(folder: Path, **changes: Any) -> Path:
    path = folder / "mine.toml"
    values = {name: value for name, value in (WHOLE | changes).items() if value is not None}
    path.write_text(tomlkit.dumps(values), encoding="utf-8")
    return path


def asked(folder: Path, **changes: Any) -> Experiment:
    return load_experiment(file(folder, **changes))


def upstream_of(*words: object) -> Any:
    return CliRunner().invoke(upstream.cli, [str(word) for word in words])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"method": "tornadoes"}, "method"),
        ({"scenario": None}, "scenario is missing"),
        ({"scenario": "west_mercia"}, "perhaps 'west_mercia_2022' is meant"),
        ({"scenario": "../plan.toml"}, "leads out of the folder"),
        ({"scenario": "plan.toml"}, "there is no such file"),
        ({"outcomes": ["offence"]}, "perhaps 'offences' is meant"),
        ({"outcomes": ["harm", "harm"]}, "is there twice"),
        ({"policies": ["extra_primry"]}, "perhaps 'extra_primary' is meant"),
        ({"policies": ["as_agreed"]}, "is the comparator"),
        ({"uncertainties": ["parentin"]}, "perhaps 'parenting' is meant"),
        ({"uncertainty": ["parenting"]}, "perhaps 'uncertainties' is meant"),
        ({"uncertainties": ["offending.half_life"], "leave_out_past": True}, "no input is left"),
        ({"uncertainties": ["youth_diversion.ratio"]}, "no uncertain number of this question"),
        ({"run": SMALL | {"trajectories": 4}}, "run.trajectories is not for tornado"),
        ({"run": SMALL | {"scale": 5}}, "run"),
        ({"method": "sobol", "run": SMALL | {"bases": 48}}, "no power of 2"),
        ({"method": "sobol", "run": SMALL | {"bases": 64, "emulate": 64}}, "leave one of them out"),
        ({"method": "explore", "run": SMALL | {"sampled_policies": 4}}, "there is no lever to sample"),
        ({"lever": [POUNDS | {"sets": "shares.parenting"}]}, "no key that a lever can set"),
        ({"lever": [POUNDS | {"sets": "more.parentin"}]}, "there is no programme 'parentin'"),
        ({"lever": [POUNDS | {"sets": "practice.parenting", "between": [0, 1], "step": 0.5}]}, "takes money"),
        ({"lever": [POUNDS | {"between": [5, 1]}]}, "low end"),
        ({"lever": [POUNDS | {"step": 300_000}]}, "whole number of steps"),
        ({"lever": [POUNDS | {"among": [0, 1]}]}, "in one way"),
        ({"lever": [POUNDS | {"step": 1e-300}]}, "more than 1000 steps"),
        ({"lever": [{"name": "p", "sets": "more.parenting", "among": [5, 5]}]}, "has a choice twice"),
        ({"lever": [{"name": "p", "sets": "more.parenting", "among": [True, False]}]}, "write a list of numbers"),
        ({"lever": [POUNDS, POUNDS | {"name": "other"}]}, "is set twice"),
        ({"lever": [POUNDS, POUNDS | {"sets": "more.mentoring"}]}, "is there twice"),
        ({"lever": [{"name": "r", "sets": "review", "among": ["fixed", "never"]}]}, "a review is among"),
        ({"lever": [{"name": "p", "sets": "more.parenting", "among": [0, 1, 2]}]}, "3 choices"),
        ({"method": "explore", "lever": [POUNDS | {"between": [0, 900_000]}]}, "that no line of funding pays"),
        ({"method": "explore", "policies": ["extra_secondary"], "lever": [TOO_FEW]}, "with which it can work"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_nothing_is_written(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    path = file(tmp_path, **changes)
    told = upstream_of("run", path, "--out", tmp_path / "out", "--jobs", "1")
    assert told.exit_code == 2, told.output
    assert said in told.output
    assert "Traceback" not in told.output
    assert "mine.toml" in told.output
    assert [one.name for one in tmp_path.iterdir()] == ["mine.toml"]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputFaults) as told:
        asked(tmp_path, outcomes=["nothing"], policies=["nobody"], uncertainties=["nowhere"])
    assert len(told.value.faults) == 3
    assert all(fault.line > 0 for fault in told.value.faults)


def test_the_template_passes_its_check(tmp_path: Path) -> None:
    path = write_experiment_template(tmp_path / "mine.toml")
    told = upstream_of("check", path)
    assert told.exit_code == 0, told.output
    for words in ("explore", "extra_primary", "parenting_pounds sets more.parenting: 0 to 500,000", "No faults."):
        assert words in told.output
    assert is_experiment(path)
    assert not is_experiment("west_mercia_2022")


def test_a_check_plans_it_and_runs_nothing(tmp_path: Path) -> None:
    """Morris: trajectories of inputs and one point more; a number that alters the past pays for pasts of its own."""
    path = file(tmp_path, method="morris", run=SMALL | {"trajectories": 3}, lever=[POUNDS])
    experiment = load_experiment(path)
    study = planned(experiment)
    assert len(study.problem) == 9
    assert study.points.shape == (3 * 10, 9)
    assert study.pasts == 1
    told = upstream_of("check", path)
    assert told.exit_code == 0, told.output
    assert f"{study.runs}, at 30 points" in told.output
    assert "0 of them alter it; 1 pasts are lived" in told.output
    assert "9: 8 uncertain numbers, 1 levers" in told.output
    left = planned(asked(tmp_path, uncertainties=["parenting.ratio", "offending.half_life"], leave_out_past=True))
    assert ([one.id for one in left.problem], left.pasts) == (["parenting.ratio"], 1)
    old = planned(asked(tmp_path, uncertainties=["parenting.ratio", "offending.half_life"]))
    assert (len(old.points), old.pasts) == (5, 3)


def test_levers_set_the_keys_of_an_alternative_and_leave_the_rest() -> None:
    scenario = load("west_mercia_2022", also={"mentoring"})
    levers = (Lever("a", "more.parenting", (0.0, 5e5)), Lever("b", "more.mentoring", (0.0, 1e5)))
    made = {"one": Policy("extra_primary", (2e5, 1e5)), "as_it_is": Policy("extra_primary", (None, None))}
    whole = with_policies(scenario, levers, made)
    money, ids = whole.money(2), [one.id for one in whole.programmes]
    assert np.array_equal(money["as_it_is"], money["extra_primary"])
    more = money["one"] - money["as_agreed"]
    assert more[ids.index("parenting")].tolist() == [2e5, 2e5]
    assert more[ids.index("mentoring")].tolist() == [1e5, 1e5]
    assert more.sum() == 6e5
    assert all("one" in line.alternatives for line in whole.form.funding if "extra_primary" in line.alternatives)


def test_only_the_uncertainties_named_are_drawn(tmp_path: Path) -> None:
    experiment = asked(tmp_path, method="explore", run=SMALL | {"draws": 4})
    drawn = [parameter_values(experiment.scenario, experiment.plan, draw) for draw in range(4)]
    moved = {name for name in drawn[0] if len({one[name] for one in drawn}) > 1}
    assert moved
    assert {name.split(".")[0] for name in moved} == {"parenting"}


def test_exploring_is_a_run_with_a_table_of_policies(tmp_path: Path) -> None:
    """The real engine, at its smallest: policies as sampled, nothing else lived; and resumed, the same."""
    path = file(
        tmp_path, method="explore", outcomes=["harm", "net_present_social_value"],
        run=SMALL | {"draws": 2, "sampled_policies": 3}, lever=[POUNDS],
    )  # fmt: skip
    out = tmp_path / "out"
    told = upstream_of("run", path, "--out", out, "--jobs", "1")
    assert told.exit_code == 0, told.output
    with xr.open_dataset(out / "results.nc") as ds:
        names = ["as_agreed", "extra_primary", "sampled_1", "sampled_2", "sampled_3"]
        assert ds.alternative.values.tolist() == names
        assert ds.sizes["replicate"] == 2
        settings = json.loads(ds.attrs["settings"])
        spend = ds.commissioner_spend.sel(programme="parenting").squeeze("year").mean("replicate")
    assert list(settings) == names[1:]
    assert settings["extra_primary"] == [500_000.0]
    for name, (pounds,) in settings.items():  # what was spent is what the lever set, up to places that stand empty
        assert float(spend.sel(alternative=name)) <= 220_000 + pounds + 1
    with (out / "tables" / "policies.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 4 * 2
    assert float(rows[2]["lever: pounds"]) == settings["sampled_1"][0]
    assert {row["outcome"] for row in rows} == {"Crime harm averted", "Net present social value"}
    page = (out / "charts" / "policies_harm.md").read_text(encoding="utf-8")
    assert "Sampled 1 (pounds " in page
    assert "The highest of several is likely to be luckier than it is good" in page
    before = (out / "tables" / "policies.csv").read_bytes()
    (out / "results.nc").unlink()
    told = upstream_of("resume", out, "--jobs", "1")
    assert told.exit_code == 0, told.output
    assert (out / "tables" / "policies.csv").read_bytes() == before
    changed = file(tmp_path, method="explore", run=SMALL | {"draws": 2, "sampled_policies": 4}, lever=[POUNDS])
    told = upstream_of("run", changed, "--out", out)
    assert told.exit_code == 2
    assert "differs" in told.output


def test_a_study_from_a_file_moves_and_goes_on(tmp_path: Path) -> None:
    path = file(tmp_path, uncertainties=["parenting.unit_cost"], lever=[POUNDS], outcomes=["net_present_social_value"])
    out, moved = tmp_path / "out", tmp_path / "moved"
    told = upstream_of("run", path, "--out", out, "--jobs", "1")
    assert told.exit_code == 0, told.output
    assert "Lever: pounds" in told.output
    with xr.open_dataset(out / "sensitivity.nc") as ds:
        answer = ds.answer.sel(input="pounds").squeeze().values
        assert ds.attrs["pasts"] == "1"
    assert answer[0] > answer[1]  # nobody has time to gain from a year of parenting, and pounds are spent
    path.unlink()
    out.rename(moved)
    before = (moved / "answer.md").read_bytes()
    (moved / "answer.md").unlink()
    assert upstream_of("resume", moved, "--jobs", "1").exit_code == 0
    assert (moved / "answer.md").read_bytes() == before


def test_what_is_for_runs_is_refused_for_studies(tmp_path: Path) -> None:
    for words, said in (
        (["--attribute", "tier"], "name policies"), (["--until", "5%"], "--until"), (["--people"], "--people"),
        (["--draws", "4"], "is not for tornado"),
    ):  # fmt: skip
        told = upstream_of("run", file(tmp_path), "--out", tmp_path / "out", *words)
        assert told.exit_code == 2, told.output
        assert said in told.output
    assert not (tmp_path / "out").exists()
