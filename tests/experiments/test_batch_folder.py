"""A run's folder survives a kill, a move and a second thought, and refuses another question."""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xarray as xr
from click.testing import CliRunner, Result

import upstream
from experiments.batch_folder import FINISHED, QUESTION, Batch, begin, resume
from experiments.files import put_all
from experiments.plan import make_plan
from experiments.runner.journal import NAME, open_journal
from scenarios import InputFaults, load
from scenarios.start import write_scenario_template, write_scheme_template

RUN = ("run", "west_mercia_2022", "--scale", "0.002", "--years", "2", "--seed", "4", "--jobs", "2")


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(upstream.cli, [str(word) for word in words])


def results(folder: Path) -> xr.Dataset:
    with xr.open_dataset(folder / "results.nc") as ds:
        return ds.load()


def kill_after(size: int, words: list[str], log: Path) -> bool:
    """Start the command line and kill it when its journal has grown by so many bytes; whether it was still at work."""
    before = sum(path.stat().st_size for path in log.parent.glob(f"{NAME}*"))
    code = "import sys, upstream; upstream.cli(sys.argv[1:])"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=upstream.HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(1200):
        now = sum(path.stat().st_size for path in log.parent.glob(f"{NAME}*"))
        if now - before > size or process.poll() is not None:
            break
        time.sleep(0.05)
    at_work = process.poll() is None
    process.kill()
    process.wait()
    return at_work


def test_killed_and_moved_it_goes_on_to_the_same_results(tmp_path: Path) -> None:
    """The real engine: killed twice, moved in between, against a run that was never stopped."""
    never, often, moved = (tmp_path / name for name in ("never", "often", "moved"))
    assert call(*RUN, "--replicates", "4", "--out", never).exit_code == 0
    assert kill_after(250_000, [*RUN, "--replicates", "4", "--out", str(often)], often / NAME)
    assert not (often / "results.nc").exists()
    often.rename(moved)
    kill_after(150_000, ["resume", str(moved)], moved / NAME)
    told = call("resume", moved, "--jobs", "1")
    assert told.exit_code == 0, told.output
    assert not re.search(r"(?<!\d)0 of 20 runs", told.output)
    assert results(moved).drop_attrs().identical(results(never).drop_attrs())
    assert not list(moved.glob("_unfinished*"))


def test_asked_again_with_more_draws_it_adds_them(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert call(*RUN, "--replicates", "2", "--out", folder).exit_code == 0
    first = results(folder)
    told = call(*RUN, "--replicates", "3", "--out", folder)
    assert told.exit_code == 0, told.output
    assert "10 of 15 runs done" in told.output
    both = results(folder)
    assert both.attrs["blocks_of_draws"] == "[2, 1]"
    assert both.drop_attrs().isel(replicate=[0, 1]).offences.identical(first.drop_attrs().offences)
    assert 'blocks_of_draws = "[2, 1]"' in (folder / "run.toml").read_text(encoding="utf-8")


def test_a_question_goes_along_with_its_own_schemes(tmp_path: Path) -> None:
    scenario = write_scenario_template(tmp_path / "mine.toml")
    write_scheme_template(tmp_path / "shop_watch.toml")
    text = scenario.read_text(encoding="utf-8").replace("{ parenting = 0.5,", "{ shop_watch = 0.5,")
    text = text.replace('# schemes = ["my_scheme.toml"]', 'schemes = ["shop_watch.toml"]')
    scenario.write_text(text, encoding="utf-8")
    asked = load(scenario)
    begin(tmp_path / "run", asked, make_plan(asked, replicates=2, scale=0.002)).journal.close()
    shutil.move(tmp_path / "run", tmp_path / "elsewhere")
    scenario.unlink()
    (tmp_path / "shop_watch.toml").unlink()
    batch = resume(tmp_path / "elsewhere")
    assert (batch.scenario.text, batch.plan.draws, batch.plan.scale) == (asked.text, 2, 0.002)
    batch.journal.close()
    own = tmp_path / "elsewhere" / QUESTION / "shop_watch.toml"
    own.write_text(own.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(InputFaults, match="its own schemes differs"):
        resume(tmp_path / "elsewhere")


def test_nothing_done_leaves_nothing(tmp_path: Path) -> None:
    asked = load("west_mercia_2022")
    begin(tmp_path / "runs" / "one", asked, make_plan(asked, replicates=1)).close()
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputFaults, match="has no journal"):
        resume(tmp_path)
    with pytest.raises(InputFaults, match="has no journal"):
        resume(tmp_path / "nowhere")
    asked = load("west_mercia_2022")
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputFaults, match="no Upstream run"):
        begin(tmp_path, asked, make_plan(asked, replicates=1), force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def begun(folder: Path, blocks: tuple[int, ...] = (1,), force: bool = False, **plan: int) -> Batch:
    asked = load("west_mercia_2022")
    made = make_plan(asked, replicates=sum(blocks), scale=0.002, years=1, **plan)  # type: ignore[arg-type]
    return begin(folder, asked, made, force=force)


def finished(folder: Path, batch: Batch) -> None:
    """As if it had been run: the marks of a whole run, and some of a user's own files."""
    (folder / "tables").mkdir(exist_ok=True)
    (folder / "results.nc").write_text("results")
    (folder / "run.toml").write_text("# An Upstream run\n")
    batch.journal.tell({FINISHED: json.dumps(batch.plan.blocks)})
    batch.journal.close()


def test_what_was_extended_and_killed_goes_on(tmp_path: Path) -> None:
    finished(tmp_path / "run", begun(tmp_path / "run", (2,)))
    with pytest.raises(InputFaults, match="has this run already"):
        begun(tmp_path / "run", (2,))
    more = begun(tmp_path / "run", (5,))
    assert more.plan.blocks == (2, 3)
    more.close()
    again = begun(tmp_path / "run", (5,))
    assert again.plan.blocks == (2, 3)
    again.close()


def test_what_was_begun_anew_and_killed_goes_on_and_is_not_taken_for_the_old(tmp_path: Path) -> None:
    finished(tmp_path / "run", begun(tmp_path / "run", seed=1))
    begun(tmp_path / "run", seed=2, force=True).journal.close()
    again = begun(tmp_path / "run", seed=2)
    assert again.anew
    again.close()
    assert (tmp_path / "run" / "results.nc").exists()


def test_what_was_stopped_before_it_could_say_its_question_is_begun_anew(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    open_journal(folder).close()
    told = call(*RUN, "--replicates", "2", "--out", folder)
    assert told.exit_code == 0, told.output
    assert results(folder).sizes["replicate"] == 2


def test_nobody_is_pushed_aside_by_force(tmp_path: Path) -> None:
    at_work = begun(tmp_path / "run")
    with pytest.raises(InputFaults, match="another Upstream is at work"):
        begun(tmp_path / "run", force=True)
    assert at_work.journal.told()["seed"]
    at_work.close()


def test_what_is_the_users_own_is_no_run_and_stays(tmp_path: Path) -> None:
    for name in ("question", "tables", "charts"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(InputFaults, match="no Upstream run"):
            begun(tmp_path, force=force)
    assert len(list(tmp_path.rglob("mine.txt"))) == 3


def test_files_beside_tables_and_people_stay_when_draws_are_added(tmp_path: Path) -> None:
    made, folder = tmp_path / "made", tmp_path / "run"
    for one, text in ((made, "new"), (folder, "old")):
        (one / "tables").mkdir(parents=True)
        (one / "tables" / "summary.csv").write_text(text)
        (one / "results.nc").write_text(text)
    (folder / "tables" / "mine.txt").write_text("mine")
    (folder / "people.nc").write_text("people")
    put_all(made, folder, ("people.nc", "tables", "results.nc"), anew=False)
    assert {path.name: path.read_text() for path in folder.rglob("*.*")} == {
        "people.nc": "people", "mine.txt": "mine", "summary.csv": "new", "results.nc": "new",
    }  # fmt: skip


def test_a_batch_that_could_not_go_on_keeps_its_question(tmp_path: Path) -> None:
    begun(tmp_path / "run").journal.close()  # killed before its first run
    told = call("resume", tmp_path / "run", "--on", "nowhere")
    assert told.exit_code == 1
    assert (tmp_path / "run" / QUESTION / "west_mercia_2022.toml").exists()


def test_a_scheme_in_a_folder_of_its_own_goes_along(tmp_path: Path) -> None:
    """Also where the area is there too, and where the file writes the path as Windows does."""
    scenario = write_scenario_template(tmp_path / "mine.toml")
    area = tmp_path / "here"
    shutil.copytree(Path(upstream.HERE) / "scenarios" / "areas" / "west_mercia", area)
    write_scheme_template(area / "shop_watch.toml")
    text = scenario.read_text(encoding="utf-8").replace("{ parenting = 0.5,", "{ shop_watch = 0.5,")
    text = text.replace('# schemes = ["my_scheme.toml"]', "schemes = ['here\\shop_watch.toml']")
    scenario.write_text(text.replace('area = "west_mercia"', 'area = "here"'), encoding="utf-8")
    asked = load(scenario)
    begin(area / "run", asked, make_plan(asked, replicates=1, scale=0.002)).journal.close()
    shutil.move(area / "run", tmp_path / "moved")
    batch = resume(tmp_path / "moved")
    assert batch.scenario.area.hash == asked.area.hash
    batch.journal.close()
