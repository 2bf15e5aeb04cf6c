"""The files of a paper, all made beside their place and then put there, so that nothing is lost and nothing half
written."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import xarray as xr

from results.papers import summary, view, web, word
from results.papers.blocks import Heading, Paper, Paragraph
from results.papers.figures import explained
from results.papers.opendocument import write_ods
from results.papers.paper import paper as paper_of
from results.papers.run import run_of
from results.papers.tables import appendix
from results.papers.workbook import sheets, write_xlsx
from scenarios.faults import Fault, InputFaults

KINDS = {  # what may be asked for, and its files
    "word": ("paper.docx",), "summary": ("summary.docx",), "workbook": ("workbook.xlsx", "workbook.ods"),
    "html": ("report.html",), "pdf": ("paper.pdf",),
}  # fmt: skip
WITH_WORDS = ("word", "summary", "html", "pdf")  # those that set alternatives beside one another
ELSEWHERE = "name another folder with --out"
UNFINISHED = "_unfinished-"
SLOWEST = 180  # seconds for LibreOffice to convert a paper

Say = Callable[[str], None]


def write_papers(
    ds: xr.Dataset, run: str, folder: Path, kinds: Sequence[str], force: bool, say: Say,
    studies: Sequence[xr.Dataset] = (),
) -> list[Path]:  # fmt: skip
    """The files of these kinds (keys of KINDS, all where none is named) in a folder, and their paths.

    `run` names the run in what is said; `studies` stand beside it in the paper. Raises InputFaults, and changes
    nothing, where the run gives no paper, where a file is there and not to be replaced, or where one is open in another
    program.
    """
    kinds = [kind for kind in KINDS if kind in kinds] or list(KINDS)
    amiss = view.why_no_paper(ds)
    if amiss and any(kind in WITH_WORDS for kind in kinds):
        raise InputFaults([Fault(run, 0, *amiss)])
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if "pdf" in kinds and not office:
        kinds.remove("pdf")
        say("paper.pdf is left out: it is made with LibreOffice, and there is no soffice here.")
    names = [name for kind in kinds for name in KINDS[kind]]
    check(folder, names, force)
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
    except OSError as error:
        raise InputFaults([Fault(str(folder), 0, f"cannot be written to: {error.strerror}", ELSEWHERE)]) from error
    try:
        make(ds, made, kinds, office or "", say, studies)
        check(folder, names, force)  # somebody may have opened one meanwhile
        return put(made, folder, [name for name in names if (made / name).exists()])
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if new and not any(folder.iterdir()):
            folder.rmdir()


def make(
    ds: xr.Dataset, folder: Path, kinds: Sequence[str], office: str, say: Say, studies: Sequence[xr.Dataset]
) -> None:
    """The files of these kinds, in an empty folder."""
    day = day_of(ds)
    if set(WITH_WORDS) & set(kinds):
        run = run_of(ds, studies)
        whole = paper_of(run)
    if {"word", "pdf"} & set(kinds):
        word.write(with_appendix(whole, ds, bool(studies)), folder / "paper.docx", day)
    if "summary" in kinds:
        summary.write(run, folder / "summary.docx", day)
    if "workbook" in kinds:
        pages = sheets(ds)
        write_xlsx(pages, folder / "workbook.xlsx", view.title_of(ds), day)
        write_ods(pages, folder / "workbook.ods", view.title_of(ds))
    if "html" in kinds:
        web.write(run, whole, folder / "report.html")
    if "pdf" in kinds and not converted(folder / "paper.docx", office):
        say("paper.pdf is left out: LibreOffice could not convert paper.docx.")


def with_appendix(whole: Paper, ds: xr.Dataset, studies: bool = False) -> Paper:
    """The paper with a table of its figures at its end."""
    blocks = (*whole.blocks, Heading(1, "Appendix: figures"), appendix_words(ds, studies), appendix(whole.figures))
    return Paper(whole.title, blocks, whole.figures)


def appendix_words(ds: xr.Dataset, studies: bool = False) -> Paragraph:
    text = ("Each figure is computed from results.nc. To see one anew, with its raw values: upstream paper RUN "
            "--figure and its number.")  # fmt: skip
    if studies:
        text += " Charts of studies come from the folders of these; name them with --study, as when it was written."
    if marked := mark_of(ds):
        text += f" It tells the mark of the file that it read, which was {marked} when this paper was written: with "
        text += "another, the results have changed since."
    return Paragraph((text,))


def mark_of(ds: xr.Dataset) -> str:
    """The first letters of the fingerprint of results.nc, enough to tell two files apart; "" where it is not told."""
    return str(ds.attrs.get("fingerprint", ""))[:12]


def day_of(ds: xr.Dataset) -> datetime:
    """When the run was made, so that the same run gives the same properties."""
    try:
        return datetime.fromisoformat(str(ds.attrs.get("date", ""))).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        return datetime(2000, 1, 1)


def converted(path: Path, office: str) -> bool:
    """Whether LibreOffice made a PDF beside a Word document; with settings of its own, as it may be open already."""
    with tempfile.TemporaryDirectory() as own:
        command = [office, f"-env:UserInstallation={Path(own).as_uri()}", "--headless", "--convert-to", "pdf",
                   "--outdir", str(path.parent), str(path)]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=SLOWEST, check=True)
        except (OSError, subprocess.SubprocessError):
            return False
    return path.with_suffix(".pdf").exists()


def check(folder: Path, names: Sequence[str], force: bool) -> None:
    """Raises InputFaults where one of these files may not be replaced; changes nothing."""
    if folder.exists() and not folder.is_dir():
        raise InputFaults([Fault(str(folder), 0, "is a file", ELSEWHERE)])
    there = [name for name in names if (folder / name).exists()]
    if there and not force:
        what = f"has {', '.join(there)} already"
        raise InputFaults([Fault(str(folder), 0, what, f"{ELSEWHERE}, or add --force to replace them")])
    for name in there:
        if opened := open_elsewhere(folder / name):
            mend = "close it there and ask again; nothing was changed"
            raise InputFaults([Fault(str(folder / name), 0, opened, mend)])


def open_elsewhere(path: Path) -> str:
    """What is said of a file that another program has open, or that may not be written; "" where it is free.

    Word and Excel leave a file whose name begins with ~$ beside what they have open, LibreOffice one that begins with
    .~lock., and on Windows the file itself cannot be opened to be written.
    """
    beside = [f"~${path.name[cut:]}" for cut in (0, 1, 2)] + [f".~lock.{path.name}#"]
    if any((path.parent / name).exists() for name in beside):
        return "is open in another program"
    try:
        with path.open("r+b"):
            return ""
    except PermissionError:
        return "is open in another program, or may not be written"


def put(made: Path, folder: Path, names: Sequence[str]) -> list[Path]:
    """Move what was made to its place, file by file, each whole."""
    placed: list[Path] = []
    for name in names:
        try:
            os.replace(made / name, folder / name)
        except OSError as error:
            what = f"could not be replaced ({error.strerror}); it is as it was"
            done = f", while {', '.join(path.name for path in placed)} is new" if placed else ""
            mend = "close it where it is open and ask again"
            raise InputFaults([Fault(str(folder / name), 0, what + done, mend)]) from error
        placed.append(folder / name)
    return placed


def figure_words(ds: xr.Dataset, number: int, run: str, studies: Sequence[xr.Dataset] = ()) -> str:
    """What figure `number` of the paper is, made anew from the results."""
    if amiss := view.why_no_paper(ds):
        raise InputFaults([Fault(run, 0, *amiss)])
    told = run_of(ds, studies)
    figures = paper_of(told).figures
    if not 1 <= number <= len(figures):
        raise InputFaults([Fault(run, 0, f"its paper has no figure {number}", f"there are 1 to {len(figures)}")])
    marked = f"\nMark of results.nc: {mark_of(ds)}" if mark_of(ds) else ""
    return explained(figures[number - 1], told) + marked
