"""The command line: exit codes, one line a fault, nothing written on bad input."""

import importlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import xarray as xr
from click.testing import CliRunner, Result

import upstream

# experiments.run is the function as well, which hides the module from a dotted name.
RUN = importlib.import_module("experiments.run")
TINY = ["--scale", "0.001", "--years", "1"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    leftovers = [
        path.name for path in tmp_path.rglob("_*") if path.name.startswith(("_unfinished", "_replaced"))
    ]
    assert leftovers == []


def call(*words: str) -> Result:
    return CliRunner().invoke(upstream.cli, list(words))


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that must not start."""

    def started(*_: object, **__: object) -> None:
        raise AssertionError("the engine was started")

    monkeypatch.setattr(RUN, "carry_out", started)


def test_help_is_quick_and_imports_no_command() -> None:
    started = time.perf_counter()
    code = "import sys, upstream; upstream.cli(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=upstream.HERE
    )
    assert time.perf_counter() - started < 3  # about 0.15 s; room for a busy machine
    assert "check" in told.stdout
    for heavy in ("numpy", "xarray", "numba", "mesa", "pydantic", "rich.table", "'model'", "'scenarios'"):
        assert f"'{heavy.strip(chr(39))}'" not in told.stdout.splitlines()[-1]


def test_version() -> None:
    told = call("--version")
    assert told.exit_code == 0
    assert told.output.startswith("upstream")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["runn", "west_mercia_2022"], "run"),
        (["run", "west_mercia_2022", "--sede", "1"], "--seed"),
        (["check", "west_mercia_2022", "--replicate", "1"], "--replicates"),
        (["run", "west_mercia_2022", "--scale", "0"], "scale"),
        (["run", "west_mercia_2022", "--scale", "nan"], "scale"),
        (["run", "west_mercia_2022", "--scale", "1e-9"], "leaves about 0 people"),
        (["run", "west_mercia_2022", "--seed", "-1"], "seed"),
        (["run", "west_mercia_2022", "--years", "31"], "years"),
        (["run", "west_mercia_2022", "--jobs", "0"], "jobs"),
        (["run", "west_mercia_2023"], "perhaps 'west_mercia_2022' is meant"),
        (["run"], "SCENARIO"),
        (["evidence", "parenting.ration"], "parenting.ratio"),
        (["new", "scenario", "plan.txt"], ".toml"),
        (["new", "programme", "My scheme.toml"], "small letters"),
    ],
)
@pytest.mark.usefixtures("no_engine")
def test_bad_input_ends_with_2_and_writes_nothing(tmp_path: Path, words: list[str], said: str) -> None:
    told = call(*words)
    assert told.exit_code == 2, told.output
    assert said in told.output
    assert "Traceback" not in told.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.usefixtures("no_engine")
def test_all_faults_of_a_file_at_once(tmp_path: Path, command: str) -> None:
    call("new", "scenario", "mine.toml")
    text = Path("mine.toml").read_text(encoding="utf-8")
    text = text.replace("years = 10 ", "yeers = 10 ").replace("parenting = 0.5", "parentin = 0.4", 1)
    Path("mine.toml").write_text(text, encoding="utf-8")
    told = call(command, "mine.toml")
    assert told.exit_code == 2
    lines = told.output.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("mine.toml:") for line in lines)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


@pytest.mark.usefixtures("no_engine")
def test_check_shows_the_plan() -> None:
    told = call(
        "check", "west_mercia_2022", "--draws", "2", "--replicates", "3", "--seed", "0", "--scale", "0.01"
    )
    assert told.exit_code == 0, told.output
    for part in (
        "1,299,866 people",
        "12,999 simulated",
        "120: April 2022 to March 2032",
        "3 in each of 2 draws",
        "seed 0",
        "stop",
        "15,000,000",
    ):
        assert part in told.output, part


def test_new_files_pass_their_check() -> None:
    assert call("new", "scenario", "plans/mine.toml").exit_code == 0
    assert call("new", "programme", "plans/shop_watch.toml").exit_code == 0
    assert call("new", "area", "plans/here").exit_code == 0
    assert Path("plans/here/area.toml").exists()
    path = Path("plans/mine.toml")
    text = path.read_text(encoding="utf-8").replace(
        '# schemes = ["my_scheme.toml"]', 'schemes = ["shop_watch.toml"]'
    )
    path.write_text(text.replace("{ parenting = 0.5,", "{ shop_watch = 0.5,"), encoding="utf-8")
    told = call("check", "plans/mine.toml")
    assert told.exit_code == 0, told.output
    assert "shop_watch" in told.output
    assert call("new", "scenario", "plans/mine.toml").exit_code == 2


def test_evidence_is_listed_and_explained() -> None:
    told = call("evidence")
    assert told.exit_code == 0
    assert "parenting.ratio" in told.output
    assert "rows of evidence" in told.output.splitlines()[-1]
    assert "chance of 30% that there is no effect" in call("evidence", "ae_navigator.ratio").output
    assert "reaches people aged 2 to 10 with conduct problems" in call("evidence", "parenting").output
    assert "used by no run, but in experiments/cohort/hospital.py" in call("evidence", "hospital.ace_ratio").output


def test_a_scheme_of_ones_own_is_explained() -> None:
    call("new", "programme", "plans/shop_watch.toml")
    told = call("evidence", "plans/shop_watch.toml")
    assert told.exit_code == 0, told.output
    for part in ("My scheme (shop_watch), secondary", "no study has measured", "shop_watch.ratio: 1 (hazard ratio)"):
        assert part in told.output, part
    path = Path("plans/shop_watch.toml")
    path.write_text(path.read_text(encoding="utf-8").replace('"arrest"', '"arested"'), encoding="utf-8")
    for name, said in (("plans/shop_watch.toml", "perhaps 'arrest' is meant"),
                       ("plans/shop_wach.toml", "perhaps 'shop_watch.toml' is meant")):  # fmt: skip
        told = call("evidence", name)
        assert told.exit_code == 2
        assert told.output.startswith(f"{name}:")
        assert said in told.output


def test_anything_else_ends_with_1_and_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("experiments.preview.preview_table", breaks)
    told = call("check", "west_mercia_2022")
    assert told.exit_code == 1
    assert told.output.splitlines()[0] == "upstream: RuntimeError: two lines"
    assert "Traceback" not in told.output
    monkeypatch.setenv("UPSTREAM_DEBUG", "1")
    assert isinstance(call("check", "west_mercia_2022").exception, RuntimeError)


def test_stopped_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(RUN, "carry_out", stops)
    told = call("run", "west_mercia_2022", "--jobs", "1", "--replicates", "1", *TINY)
    assert told.exit_code == 1
    assert "nothing was written" in told.output
    assert not Path("runs").exists()


@pytest.mark.usefixtures("no_engine")
def test_a_taken_folder_is_known_before_the_run(tmp_path: Path) -> None:
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("keep me")
    for words in ([], ["--force"]):
        told = call("run", "west_mercia_2022", "--out", "mine", *words)
        assert told.exit_code == 2
        assert "no Upstream run" in told.output
    assert Path("mine/notes.txt").read_text() == "keep me"


def test_a_strange_neighbour_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert upstream.clashing_neighbour() == ""
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "__init__.py").write_text("")
    code = f"import sys; sys.path.append({str(upstream.HERE)!r}); import upstream; upstream.main()"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert told.returncode == 1
    assert "the package 'results'" in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_a_run_from_end_to_end_is_the_same_on_two_processes() -> None:
    """The real engine, at its smallest."""
    for jobs in ("1", "2"):
        told = call(
            "run",
            "west_mercia_2022",
            *TINY,
            "--replicates",
            "2",
            "--seed",
            "0",
            "--jobs",
            jobs,
            "--out",
            jobs,
        )
        assert told.exit_code == 0, told.output
    assert {path.name for path in Path("1").iterdir()} >= {
        "results.nc",
        "run.toml",
        "scenario.toml",
        "charts",
        "tables",
    }
    with xr.open_dataset("1/results.nc") as one, xr.open_dataset("2/results.nc") as two:
        assert one.attrs["seed"] == "0"
        assert one.load().drop_attrs().identical(two.load().drop_attrs())
    for words, said in (
        (["--replicates", "1"], "has 2 draws already"),
        (["--replicates", "2"], "has this run already"),
        (["--replicates", "2", "--seed", "1"], "--seed differs"),
        (["--replicates", "2", "--scale", "0.002"], "--scale differs"),
    ):
        told = call("run", "west_mercia_2022", *TINY, "--seed", "0", *words, "--out", "1")
        assert told.exit_code == 2
        assert said in told.output
        assert "--force" in told.output


def test_the_example_script_runs() -> None:
    """As someone would start it: python -m experiments.example, in a process of its own."""
    words = [sys.executable, "-m", "experiments.example", "2", "0.001", "1"]
    told = subprocess.run(words, capture_output=True, text=True, cwd=upstream.HERE, check=False)
    assert told.returncode == 0, told.stderr
    assert "extra_tertiary" in told.stdout
