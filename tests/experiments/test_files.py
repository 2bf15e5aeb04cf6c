"""A run's folder: whole or not at all, and nothing replaced that should stay."""

import tomllib
from datetime import datetime
from pathlib import Path

import pytest
import xarray as xr
from fake_engine import install

from experiments import run, write_run
from experiments.files import check_folder, default_folder, is_run, settings_text
from scenarios import InputFaults, Scenario, load
from scenarios.start import write_scenario_template


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("west_mercia_2022")


@pytest.fixture(scope="module")
def ds(scenario: Scenario) -> xr.Dataset:
    with pytest.MonkeyPatch.context() as monkeypatch:
        install(monkeypatch)
        return run(scenario, replicates=2, scale=0.001, years=2, seed=0)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without charts and tables, which have tests of their own."""
    monkeypatch.setattr("results.charts.write_charts", lambda ds, folder: [])
    monkeypatch.setattr("results.tables.write_tables", lambda ds, folder: [])


def test_everything_is_there(ds: xr.Dataset, scenario: Scenario, tmp_path: Path) -> None:
    folder = write_run(ds, scenario, tmp_path / "a run")
    assert is_run(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["a run"]
    assert (folder / "scenario.toml").read_text(encoding="utf-8") == scenario.text
    assert list((folder / "charts").glob("*.svg"))
    assert list((folder / "charts").glob("*.png"))
    assert list((folder / "tables").glob("*.csv"))
    with xr.open_dataset(folder / "results.nc") as back:
        assert back.load().drop_attrs().identical(ds.drop_attrs())
        assert dict(back.attrs) == ds.attrs


def test_settings_say_everything(ds: xr.Dataset, scenario: Scenario) -> None:
    told = tomllib.loads(settings_text(ds, scenario))
    assert told["run"]["seed"] == 0
    assert told["run"]["scale"] == 0.001
    assert [one["seed"] for one in told["replicate"]] == ds.seed.values.tolist()
    assert len(told["values"]["ae_navigator.ratio"]) == 2
    assert told["alternative"][2]["pounds"]["parenting"] == {"2022": 720_000, "2023": 720_000}
    assert told["programme"][0]["effect"][0]["effect_on"] == "engaged"


def test_a_single_alternative_has_tables_and_no_charts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    text = write_scenario_template(tmp_path / "one.toml").read_text(encoding="utf-8")
    (tmp_path / "one.toml").write_text(text[: text.index("# Pounds may differ")], encoding="utf-8")
    one = load(tmp_path / "one.toml")
    folder = write_run(run(one, replicates=1, scale=0.001, years=1), one, tmp_path / "run")
    assert is_run(folder)
    assert not (folder / "charts").exists()


def test_the_default_folder_has_no_colon() -> None:
    folder = default_folder("west_mercia_2022", datetime(2026, 1, 2, 3, 4, 5))
    assert folder == Path("runs") / "west_mercia_2022-20260102-030405"


@pytest.mark.usefixtures("quick")
def test_a_run_is_replaced_only_by_force(ds: xr.Dataset, scenario: Scenario, tmp_path: Path) -> None:
    folder = write_run(ds, scenario, tmp_path / "run")
    with pytest.raises(InputFaults, match="has a run already"):
        write_run(ds, scenario, folder)
    (folder / "mine.txt").write_text("notes")
    with pytest.raises(InputFaults, match=r"would take away: mine\.txt"):
        write_run(ds, scenario, folder, force=True)
    assert (folder / "mine.txt").read_text() == "notes"
    (folder / "mine.txt").unlink()
    (folder / "tables").mkdir()
    (folder / "tables" / "old.csv").write_text("old")
    write_run(ds, scenario, folder, force=True)
    assert is_run(folder)
    assert not (folder / "tables" / "old.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("force", [False, True])
def test_what_comes_to_stand_there_meanwhile_is_not_touched(
    ds: xr.Dataset, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, force: bool
) -> None:
    def meanwhile(ds: xr.Dataset, folder: Path) -> None:
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "thesis.txt").write_text("mine")

    monkeypatch.setattr("results.tables.write_tables", meanwhile)
    with pytest.raises(InputFaults, match="nothing is lost"):
        write_run(ds, scenario, tmp_path / "run", force)
    assert (tmp_path / "run" / "thesis.txt").read_text() == "mine"
    assert is_run(tmp_path / "run-2")
    assert {path.name for path in tmp_path.iterdir()} == {"run", "run-2"}


@pytest.mark.usefixtures("quick")
def test_two_runs_of_one_second_both_stay(
    ds: xr.Dataset, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(one: xr.Dataset, folder: Path) -> None:
        monkeypatch.setattr("results.tables.write_tables", lambda ds, folder: [])
        write_run(ds, scenario, tmp_path / "run", or_beside=True)

    monkeypatch.setattr("results.tables.write_tables", other)
    assert write_run(ds, scenario, tmp_path / "run", or_beside=True) == tmp_path / "run-2"
    assert is_run(tmp_path / "run")
    assert is_run(tmp_path / "run-2")


@pytest.mark.usefixtures("quick")
def test_a_link_to_a_run_stays_a_link(ds: xr.Dataset, scenario: Scenario, tmp_path: Path) -> None:
    folder, link = write_run(ds, scenario, tmp_path / "run"), tmp_path / "latest"
    try:
        link.symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("no links without a privilege on this system")
    write_run(ds, scenario, link, force=True)
    assert link.is_symlink()
    assert is_run(link)
    assert {path.name for path in tmp_path.iterdir()} == {"run", "latest"}


@pytest.mark.parametrize("name", ["a:b", "con", "NUL.txt", "end.", "end ", "two\nlines", "x" * 300])
def test_a_name_that_some_system_cannot_hold_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputFaults, match="is no name for a folder"):
        check_folder(tmp_path / name)


@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_run_is_never_replaced(tmp_path: Path, force: bool) -> None:
    (tmp_path / "results.nc").write_text("of something else")
    with pytest.raises(InputFaults, match="no Upstream run"):
        check_folder(tmp_path, force)
    with pytest.raises(InputFaults, match="is a file"):
        check_folder(tmp_path / "results.nc", force)


@pytest.mark.usefixtures("quick")
def test_an_empty_folder_is_taken(ds: xr.Dataset, scenario: Scenario, tmp_path: Path) -> None:
    assert is_run(write_run(ds, scenario, tmp_path))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError("disk full")])
def test_a_run_cut_short_leaves_nothing(
    ds: xr.Dataset, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def cut(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("experiments.files.write_dataset", cut)
    with pytest.raises(BaseException, match=r".*"):
        write_run(ds, scenario, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("quick")
def test_a_killed_run_leaves_nothing_that_looks_whole(
    ds: xr.Dataset, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while results.nc is written, with no chance to clear up."""

    def killed(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr("os.replace", killed)
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    with pytest.raises(SystemExit):
        write_run(ds, scenario, tmp_path / "run")
    assert not (tmp_path / "run").exists()
    assert not list(tmp_path.rglob("*.nc"))
    assert not any(is_run(path) for path in tmp_path.iterdir())


@pytest.mark.usefixtures("quick")
def test_the_old_run_stays_when_the_new_one_fails(
    ds: xr.Dataset, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_run(ds, scenario, tmp_path / "run")
    monkeypatch.setattr("experiments.files.settings_text", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_run(ds, scenario, folder, force=True)
    assert is_run(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
