"""`upstream register` and `upstream score`, from what is asked to what is printed."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rich.console import RenderableType

from experiments.finished import load_run
from experiments.register.folder import Kept, entries, register
from experiments.register.recorded import LEVEL_SET_TO, held_of, read_recorded
from results.register.predicted import NO_FORECAST
from results.register.scored import Entry, Figure, figure_rows, scored, summaries, summary_rows
from results.register.words import conclusions, head, summary_table, table_of
from results.tables import write_csv
from scenarios import Fault, InputFaults
from scenarios.areas import folder_of, load_area
from scenarios.faults import meant

SCORE, SUMMARY = "score.csv", "score_summary.csv"


def register_run(run: Path, folder: Path) -> str:
    """Keep what a run predicted; gives what to say."""
    ds = load_run(run)
    if ds.attrs.get("failed"):
        what = f"runs of it failed: {ds.attrs['failed']}"
        raise InputFaults([Fault(str(run), 0, what, "finish it with upstream resume, and register it then")])
    return registered_words(register(ds, folder), folder)


def registered_words(kept: Kept, folder: Path) -> str:
    seal = f"The register's seal is now {kept.seal}: write it down where others keep it."
    if not kept.new:
        return f"{kept.name} was registered on {kept.registered}; nothing was changed.\n{seal}"
    return f"registered as {kept.name} in {folder}.\n{NO_FORECAST}\n{seal}"


class Asked(NamedTuple):
    """What `upstream score` was asked."""

    area: str
    file: Path
    register: Path
    alternative: str | None
    out: Path


def score(asked: Asked) -> Iterator[RenderableType]:
    """Score every entry of an area, so that none is picked for its luck; write score.csv and score_summary.csv, and
    give what to print. Raises InputFaults before anything is written."""
    area = load_area(asked.area)
    found = entries(asked.register, area.name)
    alternatives = [alternative_of(entry, asked.alternative, asked.register) for entry in found]
    years = sorted({year for entry in found for year in entry.facts["financial_years"]})
    districts = dict(zip(area.district_codes, area.districts, strict=True))
    told, empty = read_recorded(asked.file, years, districts)
    for name in (SCORE, SUMMARY):
        if (asked.out / name).resolve() == asked.file.resolve():
            what = "would be written over with the score"
            raise InputFaults([Fault(str(asked.file), 0, what, "name another folder with --out")])
    naive = held_of(area, folder_of(asked.area))
    figures: list[Figure] = []
    for entry, alternative in zip(found, alternatives, strict=True):
        own = scored(entry, alternative, told, naive, LEVEL_SET_TO)
        figures += own
        yield head(entry, alternative, own)
        yield from cautions(entry, area.hash, len(told) - len(own))
        if not own:
            continue
        yield table_of(own)
        if together := summaries(own):
            yield summary_table(together)
        yield conclusions(together, own) + "\n"
        yield "\n".join(entry.facts["covers"]) + "\n"
    asked.out.mkdir(parents=True, exist_ok=True)
    write_csv(asked.out / SCORE, *figure_rows(figures))
    write_csv(asked.out / SUMMARY, *summary_rows(summaries(figures)))
    left = f"Rows of {asked.file.name} without a figure, which are left out: {empty}. " if empty else ""
    where = f"Every figure is in {asked.out / SCORE}, what they say together in {asked.out / SUMMARY}."
    yield f"{left}{NO_FORECAST}\n{where}"


def cautions(entry: Entry, area_hash: str, left: int) -> Iterator[str]:
    """What has to be known of an entry before its figures are read."""
    if left:
        yield f"{left} figures of the file are of years or places that this entry says nothing of, and are left out."
    if entry.facts["area_hash"] != area_hash:
        yield "The area's tables have changed since this run was made: the naive forecast is of those of today."
    if entry.facts["fit_warning"]:
        yield str(entry.facts["fit_warning"])


def alternative_of(entry: Entry, asked: str | None, register: Path) -> str:
    """The alternative that was carried out: the comparator, or the one named."""
    names = entry.facts["alternatives"]
    if asked is None:
        return str(entry.facts["comparator"])
    if asked not in names:
        mend = meant(asked, names, f"one of {', '.join(names)}")
        raise InputFaults([Fault(str(register / entry.name), 0, f"has no alternative {asked!r}", mend)])
    return asked
