"""A run's folder from its first run to its last: the question, the journal of what is done, and in the end the results.

A run that stops at any moment goes on from its folder, here or on another machine. The same question asked again with
more draws goes on too; another question is refused.
"""

import json
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import xarray as xr

from experiments.experiment_files.experiment import Experiment
from experiments.experiment_files.explore import asked_of
from experiments.experiment_files.kept import keep_experiment, kept_experiment, told_of
from experiments.files import OWN, RESULTS, STUDY, UNFINISHED, check_folder, is_run, put_all, take_away, write_files
from experiments.plan import Plan, extended
from experiments.runner import journal as journals
from experiments.runner.journal import Journal, open_journal
from scenarios import Fault, InputFaults, Scenario, load
from scenarios.areas import shipped_areas
from scenarios.attribution import attributed
from scenarios.checks import beside

QUESTION = "question"
FINISHED = "finished"  # in the journal: the blocks of draws that results.nc is of
REPLACES = "replaces"  # in the journal, where another run's files were there when it was begun
AREA_FILES = (".csv", ".toml", ".md")
ELSEWHERE = "name a new folder with --out, or add --force"
AS_IT_WAS = "put back the file as it was, or begin a run anew"
SAME = {  # what a batch may not change as it goes on, in words
    "scenario": "the scenario", "schemes": "its own schemes", "area": "the area", "attribute": "--attribute",
    "seed": "--seed", "scale": "--scale", "years": "--years", "replicates_per_draw": "the replicates in a draw",
    "method": "the method", "outcomes": "outcomes", "policies": "policies", "uncertainties": "uncertainties",
    "leave_out_past": "leave_out_past", "levers": "the levers", "sampled_policies": "run.sampled_policies",
}  # fmt: skip


@dataclass
class Batch:
    """A folder that is being worked on; its journal is open."""

    folder: Path
    journal: Journal
    scenario: Scenario
    plan: Plan
    attribute: str
    experiment: Experiment | None = None  # that it is the run of
    made: tuple[Path, ...] = ()  # folders that were not there before, the innermost first
    new: bool = False  # whether it was begun now

    @property
    def anew(self) -> bool:
        """Whether it takes the place of another run, whose files are still there."""
        told = self.journal.told()
        return REPLACES in told and FINISHED not in told

    def extend(self, draws: int) -> None:
        """Go on to so many draws in all."""
        self.plan = extended(replace(self.plan, blocks=(draws,)), self.plan.blocks)
        self.journal.tell(_told(self.scenario, self.plan, self.attribute, self.experiment))

    def finish(self, ds: xr.Dataset, people: xr.Dataset | None) -> None:
        """Write everything that a run's folder holds; results.nc comes last, so that a folder with it is whole."""
        for left in self.folder.glob(f"{UNFINISHED}*"):  # by one that was killed as it wrote
            take_away(left)
        made = self.folder / f"{UNFINISHED}{uuid.uuid4().hex[:8]}"
        made.mkdir()
        try:
            if self.experiment:
                ds = asked_of(ds, self.experiment)
            write_files(ds, self.scenario, made, people)
            put_all(made, self.folder, OWN, self.anew)
            self.journal.tell({FINISHED: json.dumps(self.plan.blocks)})
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def kept(self) -> int:
        """How many runs have come to an end."""
        return sum(entry.error is None for entry in self.journal.entries().values())

    def close(self) -> None:
        """Let go of the journal; a folder in which nothing has been done goes away."""
        empty = self.new and not self.journal.entries() and not self.anew
        self.journal.close()
        if empty:
            for name in BEGUN:
                take_away(self.folder / name)
            for folder in self.made:
                if not any(folder.iterdir()):
                    folder.rmdir()


BEGUN = (QUESTION, journals.NAME, f"{journals.NAME}-wal", f"{journals.NAME}-shm")  # beside what a whole run holds


def begin(
    folder: Path,
    scenario: Scenario,
    plan: Plan,
    attribute: str | None = None,
    force: bool = False,
    experiment: Experiment | None = None,
) -> Batch:
    """The batch of a folder: a new one, or the one that is there, where it is of the same question. Changes nothing
    that is there and raises InputFaults when the folder is taken."""
    told = _told(scenario, plan, attribute or "", experiment)
    stopped = journals.is_empty(folder)
    if journals.is_journal(folder) and not force and not stopped:
        return _go_on(folder, scenario, plan, told, experiment)
    if (folder / STUDY).exists():
        raise InputFaults([Fault(str(folder), 0, "has a study of sensitivity", "name a new folder with --out")])
    check_folder(folder, force or stopped, also=BEGUN, begun=journals.is_journal(folder))
    made = tuple(one for one in (folder, *folder.parents) if not one.exists())
    journal = new_journal(folder, scenario, told, experiment)
    if (folder / RESULTS).exists():
        journal.tell({REPLACES: "yes"})
    return Batch(folder, journal, scenario, plan, attribute or "", experiment, made, new=True)


def new_journal(
    folder: Path, scenario: Scenario, told: Mapping[str, str], experiment: Experiment | None = None
) -> Journal:
    """A journal begun in a folder, with its question beside it; one that was there goes, unless somebody is at work."""
    if journals.is_journal(folder):
        open_journal(folder).close()
    folder.mkdir(parents=True, exist_ok=True)
    for name in reversed(BEGUN):
        take_away(folder / name)
    try:
        keep_question(folder / QUESTION, scenario)
        if experiment:
            keep_experiment(folder / QUESTION, experiment)
    except OSError as error:
        take_away(folder / QUESTION)
        raise InputFaults([Fault(str(folder), 0, f"cannot keep the scenario: {error}", ELSEWHERE)]) from error
    journal = open_journal(folder)
    journal.tell(told)
    return journal


def resume(folder: Path) -> "Batch | tuple[Experiment, Journal]":
    """The batch of a folder as it was begun, or the study of sensitivity and its journal. Raises InputFaults when
    there is none."""
    if not journals.is_journal(folder):
        mend = "name the folder of a run; upstream run SCENARIO begins one"
        raise InputFaults([Fault(str(folder), 0, "has no journal of a run", mend)])
    journal = open_journal(folder)
    told = journal.told()
    try:
        experiment = kept_experiment(folder / QUESTION, told) if "method" in told else None
        if experiment and experiment.method != "explore":
            check_same(folder, journal, study_told(experiment), AS_IT_WAS)
            return experiment, journal
        scenario = experiment.scenario if experiment else load(folder / QUESTION / told["file"])
        attribute = told["attribute"]
        if attribute:
            scenario = attributed(scenario, attribute)
        plan = Plan(
            int(told["seed"]), float(told["scale"]), int(told["years"]), tuple(json.loads(told["blocks"])),
            int(told["replicates_per_draw"]), experiment.uncertainties if experiment else (),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        journal.close()
        what = f"the journal does not say what it is of: {error}"
        raise InputFaults([Fault(str(folder), 0, what, "begin the run anew")]) from error
    except InputFaults:
        journal.close()
        raise
    batch = Batch(folder, journal, scenario, plan, attribute, experiment)
    check_same(folder, journal, _told(scenario, plan, attribute, experiment), AS_IT_WAS)
    return batch


def _go_on(
    folder: Path, scenario: Scenario, plan: Plan, told: Mapping[str, str], experiment: Experiment | None
) -> Batch:
    journal = open_journal(folder)
    try:
        check_same(folder, journal, told, ELSEWHERE)
        before = tuple(json.loads(journal.told()["blocks"]))
        if plan.draws < sum(before):
            what = f"has {sum(before)} draws already, which is more than {plan.draws}"
            raise InputFaults([Fault(str(folder), 0, what, f"ask for as many or more, or {ELSEWHERE}")])
        if journal.told().get(FINISHED) == json.dumps(before) and plan.draws == sum(before) and is_run(folder):
            raise InputFaults([Fault(str(folder), 0, "has this run already", f"ask for more draws, {ELSEWHERE}")])
        plan = extended(plan, before)
    except BaseException:
        journal.close()
        raise
    batch = Batch(folder, journal, scenario, plan, told["attribute"], experiment)
    batch.journal.tell(_told(scenario, plan, batch.attribute, experiment))
    return batch


def check_same(folder: Path, journal: Journal, told: Mapping[str, str], mend: str) -> None:
    """Raises InputFaults when a journal is of another question."""
    before = journal.told()
    other = [words for name, words in SAME.items() if before.get(name) != told.get(name)]
    if other:
        journal.close()
        raise InputFaults([Fault(str(folder), 0, f"has a run of another question: {', '.join(other)} differs", mend)])


def _told(scenario: Scenario, plan: Plan, attribute: str, experiment: Experiment | None) -> dict[str, str]:
    """What a journal is of."""
    return question_of(scenario) | plan_told(plan) | (told_of(experiment) if experiment else {}) | {
        "attribute": attribute,
        "blocks": json.dumps(plan.blocks),
    }


def study_told(experiment: Experiment) -> dict[str, str]:
    """What the journal of a study of sensitivity is of."""
    return question_of(experiment.scenario) | plan_told(experiment.plan) | told_of(experiment) | {"attribute": ""}


def plan_told(plan: Plan) -> dict[str, str]:
    return {
        "seed": str(plan.seed),
        "scale": repr(plan.scale),
        "years": str(plan.years),
        "replicates_per_draw": str(plan.replicates_per_draw),
    }


def question_of(scenario: Scenario) -> dict[str, str]:
    """What a scenario is: its file, and what belongs to it."""
    own = [beside(scenario.path, name).read_text(encoding="utf-8-sig") for name in scenario.form.schemes]
    return {
        "file": f"{scenario.name}.toml",
        "scenario": scenario.text,
        "schemes": json.dumps(own),
        "area": scenario.area.hash,
    }


def keep_question(folder: Path, scenario: Scenario) -> None:
    """The scenario's file with what lies beside it and belongs to it: enough to ask again elsewhere."""
    folder.mkdir()
    (folder / f"{scenario.name}.toml").write_text(scenario.text, encoding="utf-8", newline="\n")
    inside = folder / "scenario"
    for name in scenario.form.schemes:
        copied(beside(scenario.path, name), beside(inside, name))
    if scenario.form.area not in shipped_areas():
        for path in beside(scenario.path, scenario.form.area).iterdir():
            if path.is_file() and path.suffix in AREA_FILES:
                copied(path, beside(inside, scenario.form.area) / path.name)


def copied(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, to)
