"""The files of a paper: all or none, nothing lost, and one clear line where something is in the way."""

import os
import shutil
from pathlib import Path

import pytest
import xarray as xr
from click.testing import CliRunner, Result
from runs_for_papers import finished, program

import upstream
from results.papers import word, write
from results.papers.write import KINDS, put, write_papers
from scenarios import InputFaults

FILES = ["paper.docx", "summary.docx", "workbook.xlsx", "workbook.ods", "report.html"]
WITHOUT_PDF = ["word", "summary", "workbook", "html"]


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return finished()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that say what they are, without their making."""

    def make(ds: xr.Dataset, folder: Path, kinds: list[str], office: str, say: write.Say, studies: object) -> None:
        for name in ("paper.docx", *(name for kind in kinds for name in KINDS[kind])):
            (folder / name).write_text(f"new {name}", encoding="utf-8")

    monkeypatch.setattr(write, "make", make)


def there(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_all_files_are_made_and_nothing_is_left_over(ds: xr.Dataset, tmp_path: Path) -> None:
    told: list[str] = []
    written = write_papers(ds, "a run", tmp_path / "new" / "paper", WITHOUT_PDF, False, told.append)
    assert [path.name for path in written] == FILES
    assert sorted(path.name for path in (tmp_path / "new" / "paper").iterdir()) == sorted(FILES)
    assert told == []


def test_pdf_is_converted_where_there_is_libreoffice(ds: xr.Dataset, tmp_path: Path) -> None:
    program("soffice", "libreoffice")
    (path,) = write_papers(ds, "a run", tmp_path, ["pdf"], False, print)
    assert path.read_bytes().startswith(b"%PDF")
    assert [one.name for one in tmp_path.iterdir()] == ["paper.pdf"]


@pytest.mark.usefixtures("quick")
def test_pdf_is_left_out_where_there_is_none(ds: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    told: list[str] = []
    written = write_papers(ds, "a run", tmp_path, [], False, told.append)
    assert [path.name for path in written] == FILES
    assert len(told) == 1
    assert "paper.pdf is left out" in told[0]


@pytest.mark.usefixtures("quick")
def test_a_paper_that_somebody_edited_is_not_replaced(ds: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "paper.docx").write_text("edited", encoding="utf-8")
    with pytest.raises(InputFaults, match=r"has paper\.docx already; .*--force"):
        write_papers(ds, "a run", tmp_path, ["word", "html"], False, print)
    assert there(tmp_path) == {"paper.docx": "edited"}
    write_papers(ds, "a run", tmp_path, ["html"], False, print)
    assert there(tmp_path) == {"paper.docx": "edited", "report.html": "new report.html"}
    write_papers(ds, "a run", tmp_path, ["word"], True, print)
    assert there(tmp_path)["paper.docx"] == "new paper.docx"


@pytest.mark.parametrize(
    ("name", "lock"),
    [("workbook.xlsx", "~$workbook.xlsx"), ("workbook.ods", ".~lock.workbook.ods#"), ("paper.docx", "~$paper.docx"),
     ("summary.docx", "~$ummary.docx")],
)  # fmt: skip
@pytest.mark.usefixtures("quick")
def test_a_file_that_is_open_elsewhere_is_told_in_one_line(
    ds: xr.Dataset, tmp_path: Path, name: str, lock: str
) -> None:
    (tmp_path / name).write_text("old", encoding="utf-8")
    (tmp_path / lock).write_text("me", encoding="utf-8")
    with pytest.raises(InputFaults, match="is open in another program") as told:
        write_papers(ds, "a run", tmp_path, WITHOUT_PDF, True, print)
    assert len(str(told.value).splitlines()) == 1
    assert there(tmp_path) == {name: "old", lock: "me"}


@pytest.mark.usefixtures("quick")
def test_a_file_that_windows_will_not_open_is_told_in_one_line(
    ds: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workbook.xlsx").write_text("old", encoding="utf-8")
    plain = Path.open

    def refused(self: Path, mode: str = "r", *rest: object, **named: object) -> object:
        if self.name == "workbook.xlsx" and "+" in mode:
            raise PermissionError(13, "Permission denied")
        return plain(self, mode, *rest, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(InputFaults, match="may not be written") as told:
        write_papers(ds, "a run", tmp_path, [], True, lambda text: None)
    assert len(str(told.value).splitlines()) == 1
    assert there(tmp_path) == {"workbook.xlsx": "old"}


def test_what_was_replaced_before_one_could_not_be_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, folder = tmp_path / "made", tmp_path / "folder"
    for place, text in ((made, "new"), (folder, "old")):
        place.mkdir()
        for name in ("one", "two"):
            (place / name).write_text(text, encoding="utf-8")
    plain = os.replace

    def refused(source: Path, target: Path) -> None:
        if target.name == "two":
            raise PermissionError(13, "Permission denied")
        plain(source, target)

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(InputFaults, match="it is as it was, while one is new"):
        put(made, folder, ["one", "two"])
    assert there(folder) == {"one": "new", "two": "old"}


def test_a_paper_that_fails_halfway_leaves_nothing(
    ds: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(word, "write", fails)
    with pytest.raises(RuntimeError):
        write_papers(ds, "a run", tmp_path / "paper", WITHOUT_PDF, False, print)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def folder(ds: xr.Dataset, tmp_path: Path) -> Path:
    """A finished run's folder, as far as a paper looks at it."""
    made = tmp_path / "a run"
    made.mkdir()
    (made / "run.toml").write_text("# An Upstream run: what it was made from\n", encoding="utf-8")
    ds.to_netcdf(made / "results.nc")
    return made


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(upstream.cli, ["paper", *map(str, words)])


@pytest.mark.usefixtures("quick")
def test_the_command_says_what_it_wrote(folder: Path) -> None:
    told = call(folder, "--only", "html", "--only", "workbook")
    assert told.exit_code == 0, told.output
    assert told.output == f"The paper is in {folder / 'paper'}: workbook.xlsx, workbook.ods, report.html.\n"
    again = call(folder, "--only", "html")
    assert again.exit_code == 2
    assert len(again.output.splitlines()) == 1
    assert "--force" in again.output
    assert call(folder, "--only", "html", "--force").exit_code == 0


def test_the_command_shows_how_a_figure_is_made(folder: Path) -> None:
    told = call(folder, "--figure", "7")
    assert told.exit_code == 0, told.output
    assert told.output.startswith("F7: ")
    assert "raw: " in told.output
    assert sorted(path.name for path in folder.iterdir()) == ["results.nc", "run.toml"]


@pytest.mark.parametrize("damage", ["no folder", "no results", "not netCDF", "an older version's"])
def test_what_is_no_finished_run_is_told_in_one_line(ds: xr.Dataset, folder: Path, damage: str) -> None:
    if damage == "an older version's":
        (folder / "results.nc").unlink()
        ds.drop_vars("agency_cost").to_netcdf(folder / "results.nc")
    elif damage == "not netCDF":
        (folder / "results.nc").write_text("no", encoding="utf-8")
    elif damage == "no results":
        (folder / "results.nc").unlink()
    told = call(folder / "elsewhere" if damage == "no folder" else folder)
    assert told.exit_code == 2, told.output
    assert len(told.output.splitlines()) == 1
    assert "Traceback" not in told.output
    assert not (folder / "paper").exists()
