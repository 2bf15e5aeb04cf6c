"""A folder of one's own, end to end: checked, fitted, and every run of it samples the fit."""

import shutil

import pytest
import xarray as xr
from click.testing import CliRunner

from calibration.fit import command
from calibration.fit.fit import Sizes
from calibration.targets import targets_of
from calibration.unknowns import unknowns_of
from scenarios.areas import folder_of, load_area
from scenarios.areas.posterior import NAME, read_posterior
from upstream import cli

FEW, OF = ("spread", "no_crime", "opiates"), ("demand", "health")
SCENARIO = """
title = "Ours"
question = "What does it buy?"
area = "ours"
start = 2022-04-01
years = 1
price_year = "2022/23"
comparator = "as_agreed"

[run]
scale = 0.002
replicates = 2
seed = 1

[[alternative]]
name = "as_agreed"
title = "As agreed"
pounds_a_year = 1_000_000
shares = { parenting = 1.0 }

[[alternative]]
name = "stop"
title = "It ends"
pounds_a_year = 0
"""


@pytest.fixture
def ours(tmp_path):
    folder = tmp_path / "ours"
    shutil.copytree(folder_of("west_mercia"), folder, ignore=shutil.ignore_patterns(NAME, "fit"))
    told = (folder / "area.toml").read_text(encoding="utf-8")
    told = told.replace('id = "west_mercia"', 'id = "ours"').replace('name = "West Mercia"', 'name = "Our Force"')
    (folder / "area.toml").write_text(told, encoding="utf-8")
    return folder


def test_a_force_of_ones_own_is_checked_fitted_and_run(ours, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "QUICK", Sizes(18, 4, 4, 1, 2, 1, 40, 10, 2))
    monkeypatch.setattr(command, "QUICK_PEOPLE", 600)
    every = unknowns_of
    monkeypatch.setattr(command, "unknowns_of", lambda read: [one for one in every(read) if one.id in FEW])
    monkeypatch.setattr(command, "targets_of", lambda area: tuple(t for t in targets_of(area) if t.family in OF))

    checked = CliRunner().invoke(cli, ["check", str(ours)])
    assert checked.exit_code == 0, checked.output
    assert read_posterior(ours) is None

    fit = tmp_path / "fit"
    asked = ["calibrate", str(ours), "--quick", "--install", "--jobs", "1", "--out", str(fit)]
    fitted = CliRunner().invoke(cli, asked)
    assert fitted.exit_code == 0, fitted.output
    assert "Our Force: fitted to official statistics" in fitted.output
    assert {one.name for one in (ours / "fit").iterdir()} == {"fit.md", "targets.csv", "unknowns.csv"}
    posterior = read_posterior(ours)
    assert posterior is not None
    assert len(posterior.draws) == 10
    assert posterior.warning == ""
    load_area(str(ours))  # as sound as before

    (tmp_path / "plan.toml").write_text(SCENARIO, encoding="utf-8")
    ran = CliRunner().invoke(cli, ["run", str(tmp_path / "plan.toml"), "--jobs", "1", "--out", str(tmp_path / "run")])
    assert ran.exit_code == 0, ran.output
    with xr.open_dataset(tmp_path / "run" / "results.nc") as ds:
        drawn = {float(f"{float(one):.5g}") for one in ds.parameter.sel(parameter_name="offending.spread")}
    kept = {float(f"{float(one):.5g}") for one in posterior.draws[:, list(posterior.names).index("offending.spread")]}
    assert drawn <= kept
