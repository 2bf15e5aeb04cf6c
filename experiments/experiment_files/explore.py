"""What an experiment asks of a run of all its policies, said in the run's Dataset, for its tables."""

import json

import xarray as xr

from experiments.experiment_files.experiment import Experiment
from experiments.experiment_files.levers import Setting


def asked_of(ds: xr.Dataset, experiment: Experiment) -> xr.Dataset:
    """The Dataset with what was asked of it: outcomes, and how the levers are set in each policy."""
    return ds.assign_attrs(
        experiment=experiment.told.text,
        experiment_title=experiment.form.title,
        outcomes=json.dumps([one.key for one in experiment.outcomes]),
        levers=json.dumps([lever.name for lever in experiment.levers]),
        settings=json.dumps(settings_of(experiment)),
    )


def settings_of(experiment: Experiment) -> dict[str, list[Setting | None]]:
    """By policy, what the key of each lever is set to; None where the scenario does not say it in a number or word."""
    by_name = {one.name: one for one in experiment.scenario.alternatives}
    told: dict[str, list[Setting | None]] = {}
    for name in experiment.policies:
        told[name] = []
        for lever in experiment.levers:
            key, _, programme = lever.sets.partition(".")
            own = getattr(by_name[name], key)
            setting = own.get(programme) if programme else experiment.scenario.review(name)
            told[name].append(setting if isinstance(setting, float | int | str) else None)
    return told
