"""An experiment as a journal keeps it, and as the command line asks for one."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import tomlkit

from experiments.experiment_files.checks import others
from experiments.experiment_files.experiment import Experiment, experiment_of
from scenarios import load
from scenarios.toml_files import TomlFile, key_lines, parse

FILE = "experiment.toml"


def told_of(experiment: Experiment) -> dict[str, str]:
    """What a journal says of an experiment, beside its scenario and plan."""
    form = experiment.form
    return {
        "method": form.method,
        "outcomes": ", ".join(form.outcomes),
        "policies": ", ".join(form.policies),
        "uncertainties": ", ".join(form.uncertainties),
        "leave_out_past": str(form.leave_out_past),
        "levers": json.dumps([one.model_dump() for one in form.lever]),
        "sampled_policies": str(form.run.sampled_policies or ""),
        "sizes": json.dumps(form.run.model_dump(exclude_none=True)),
        "experiment": experiment.told.text,
    }


def kept_experiment(folder: Path, told: Mapping[str, str]) -> Experiment:
    """The experiment of a journal whose question is kept in `folder`. Raises KeyError and ValueError where the journal
    does not say what it is of, InputFaults where the files beside it are not as they were."""
    file = told_as_file(told["experiment"], FILE)
    sizes = json.loads(told["sizes"])
    return experiment_of(file, folder / FILE, sizes, at=folder / told["file"])


def asked_for(
    scenario: str,
    method: str,
    outcomes: Sequence[str],
    policies: Sequence[str],
    uncertainties: Sequence[str],
    leave_out_past: bool,
    sizes: Mapping[str, int | float | None],
) -> Experiment:
    """The experiment that the command line asks for: the file that would say the same is what is read. Without
    policies it is of the first that the scenario has beside its comparator."""
    policies = list(policies) or list(others(load(scenario))[:1])
    told = tomlkit.document()
    told["title"] = f"What decides the answer of {Path(scenario).stem}"
    told["question"] = "Which uncertain numbers decide the answer?"
    told["scenario"] = scenario if not scenario.endswith(".toml") else Path(scenario).name
    told["method"] = method
    told["outcomes"] = list(outcomes)
    told["policies"] = policies
    if uncertainties:
        told["uncertainties"] = list(uncertainties)
    if leave_out_past:
        told["leave_out_past"] = True
    told["run"] = {name: value for name, value in sizes.items() if value is not None}
    path = Path(scenario)
    at = path if path.suffix.lower() == ".toml" else None
    return experiment_of(told_as_file(tomlkit.dumps(told), "upstream sensitivity"), path, at=at)


def told_as_file(text: str, name: str) -> TomlFile:
    return TomlFile(name, text, parse(name, text), key_lines(text))


def keep_experiment(folder: Path, experiment: Experiment) -> None:
    """The experiment's file beside its scenario."""
    (folder / FILE).write_text(experiment.told.text, encoding="utf-8", newline="\n")
