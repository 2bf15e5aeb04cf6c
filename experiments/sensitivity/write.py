"""A study's folder: the journal from its first run, and in the end its table, its chart and its answer in words."""

import shutil
import uuid
from pathlib import Path

import xarray as xr

from experiments.batch_folder import BEGUN, ELSEWHERE, check_same, new_journal, study_told
from experiments.experiment_files.experiment import Experiment
from experiments.files import RESULTS, STUDY, UNFINISHED, check_folder, put_all, take_away, write_dataset
from experiments.runner.journal import Journal, is_empty, is_journal, open_journal
from results.charts import write_chart
from results.sensitivity import answer_page, charts_of, table_of_inputs
from results.tables import write_csv
from scenarios import Fault, InputFaults

OWN = ("answer.md", "charts", "tables", STUDY)


def begin(folder: Path, experiment: Experiment, force: bool = False) -> Journal:
    """The journal of a study's folder: a new one, or what is there where it is of the same question. Changes nothing
    that is there and raises InputFaults when the folder is taken."""
    told = study_told(experiment)
    stopped = is_empty(folder)
    if is_journal(folder) and not force and not stopped:
        journal = open_journal(folder)
        check_same(folder, journal, told, ELSEWHERE)
        journal.tell(told)  # it may be asked for with more points
        return journal
    if (folder / RESULTS).exists():
        raise InputFaults([Fault(str(folder), 0, "has a run", "name a new folder with --out")])
    check_folder(folder, force or stopped, also=(*BEGUN, *OWN), begun=is_journal(folder))
    return new_journal(folder, experiment.scenario, told, experiment)


def leave(folder: Path, journal: Journal) -> None:
    """Let go of the journal; what was begun and in which nothing has been done goes away."""
    empty = not journal.entries() and not (folder / STUDY).exists()
    journal.close()
    if empty:
        for name in BEGUN:
            take_away(folder / name)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def finish(folder: Path, ds: xr.Dataset) -> None:
    """Write everything; the Dataset comes last, so that a folder with it is whole."""
    for left in folder.glob(f"{UNFINISHED}*"):
        take_away(left)
    made = folder / f"{UNFINISHED}{uuid.uuid4().hex[:8]}"
    (made / "charts").mkdir(parents=True)
    (made / "tables").mkdir()
    try:
        for chart in charts_of(ds):
            write_chart(chart, made / "charts")
        write_csv(made / "tables" / f"{ds.attrs['method']}.csv", *table_of_inputs(ds))
        (made / "answer.md").write_text(answer_page(ds), encoding="utf-8", newline="\n")
        write_dataset(ds, made / STUDY)
        put_all(made, folder, OWN, anew=False)
    finally:
        shutil.rmtree(made, ignore_errors=True)
