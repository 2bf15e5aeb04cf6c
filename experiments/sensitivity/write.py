"""A study's folder: the journal from its first run, and in the end its table, its chart and its answer in words."""

import shutil
import uuid
from pathlib import Path

import xarray as xr

from experiments.batch_folder import BEGUN, ELSEWHERE, STUDY, check_same, new_journal, question_of
from experiments.files import RESULTS, UNFINISHED, check_folder, put_all, take_away, write_dataset
from experiments.runner.journal import Journal, is_journal, open_journal
from experiments.sensitivity.study import Question
from results.charts import write_chart
from results.sensitivity import answer_page, chart_of, table_of_inputs
from results.tables import write_csv
from scenarios import Fault, InputFaults

OWN = ("answer.md", "charts", "tables", STUDY)


def begin(folder: Path, question: Question, method: str, force: bool = False) -> Journal:
    """The journal of a study's folder: a new one, or what is there where it is of the same question. Changes nothing
    that is there and raises InputFaults when the folder is taken."""
    plan = question.plan
    told = question_of(question.scenario) | {
        "attribute": "", "seed": str(plan.seed), "scale": repr(plan.scale), "years": str(plan.years),
        "replicates_per_draw": str(plan.replicates_per_draw), "method": method, "outcome": question.outcome.key,
        "alternative": question.alternative, "only": ",".join(question.only),
    }  # fmt: skip
    if is_journal(folder) and not force:
        journal = open_journal(folder)
        check_same(folder, journal, told, ELSEWHERE)
        return journal
    if (folder / RESULTS).exists():
        raise InputFaults([Fault(str(folder), 0, "has a run", "name a new folder with --out")])
    check_folder(folder, force, also=(*BEGUN, *OWN), begun=is_journal(folder))
    return new_journal(folder, question.scenario, told)


def finish(folder: Path, ds: xr.Dataset) -> None:
    """Write everything; the Dataset comes last, so that a folder with it is whole."""
    for left in folder.glob(f"{UNFINISHED}*"):
        take_away(left)
    made = folder / f"{UNFINISHED}{uuid.uuid4().hex[:8]}"
    (made / "charts").mkdir(parents=True)
    (made / "tables").mkdir()
    try:
        write_chart(chart_of(ds), made / "charts")
        write_csv(made / "tables" / f"{ds.attrs['method']}.csv", *table_of_inputs(ds))
        (made / "answer.md").write_text(answer_page(ds), encoding="utf-8", newline="\n")
        write_dataset(ds, made / STUDY)
        put_all(made, folder, OWN, anew=False)
    finally:
        shutil.rmtree(made, ignore_errors=True)
