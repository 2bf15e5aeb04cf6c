"""Gross to net: every step changes one thing, all are lived on the same past, and the last is what the plan gets."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

from experiments.finished import load_study
from experiments.identity import attributes
from experiments.plan import make_plan, parameter_values
from experiments.run import prepare
from experiments.runner import alone
from experiments.runner.journal import open_journal
from experiments.runner.living import Failed
from experiments.runner.processes import RunFailed
from experiments.waterfall import ALONE, STEPS, Nested, about, ask, nested, steps_of, table_of_steps, values_in, write
from scenarios import InputFaults, load

SCHEME = "ae_navigator"


@pytest.fixture(scope="module")
def asked():
    return ask(load("west_mercia_2022"), SCHEME, None)


@pytest.fixture(scope="module")
def plan(asked):
    return make_plan(asked.scenario, draws=2, scale=0.004, years=2)


def changed(one, other):
    return {name for name in one if one[name] != other[name]}


def test_each_step_gives_back_one_belief_until_all_are_back(asked, plan):
    believed = parameter_values(asked.scenario, plan, 0)
    steps = [values_in(asked, step, believed) for step in ALONE]
    ratios = {effect.ratio for effect in asked.programme.effects}
    own = {f"{SCHEME}.{what}" for what in ("uptake", "completion", "full_months")}
    assert changed(steps[0], believed) == ratios | own
    given_back = [changed(before, after) for before, after in pairwise(steps)]
    assert given_back == [ratios, {f"{SCHEME}.uptake"}, {f"{SCHEME}.completion"}]
    assert changed(steps[-1], believed) == {f"{SCHEME}.full_months"}
    assert not changed(values_in(asked, "beside the rest of the plan", believed), believed)
    assert {steps[0][name] for name in ratios} == {asked.published} == {0.62}  # 38% less violence


def test_all_steps_of_a_draw_begin_with_one_lived_past(asked, plan):
    table = table_of_steps(asked, plan)
    each = len(STEPS) - 1
    assert len(table.replicates) == plan.draws * each
    for draw in range(plan.draws):
        assert len(set(table.pasts[draw * each : (draw + 1) * each])) == 1
    assert table.pasts[0] != table.pasts[each]


def test_the_steps_are_lived_and_the_last_is_the_plan_with_the_scheme_and_without(asked, plan, tmp_path):
    prepare(1, lambda what, share: None)
    with open_journal(tmp_path) as journal:
        first = nested(asked, plan, journal, alone.carry_out, lambda what, share: None)
        heard = []
        again = nested(asked, plan, journal, alone.carry_out, lambda what, share: heard.append(share))
    assert heard[0] == 1.0  # the journal had all
    assert np.array_equal(first.averted, again.averted)
    assert first.steps == STEPS
    assert first.averted.shape == first.took_part.shape == (len(STEPS), 2)
    assert (first.took_part[0] > 0).any()
    assert not np.array_equal(first.averted[0], first.averted[1])  # what is published is not what is believed
    page = write(asked, plan, first, tmp_path)
    assert "none is a multiplier" in page.read_text(encoding="utf-8")
    assert {path.suffix for path in tmp_path.glob("gross_to_net.*")} == {".svg", ".png", ".md", ".csv"}
    run = xr.Dataset(attrs=attributes(asked.scenario, plan))
    assert np.array_equal(load_study(tmp_path, run).averted, first.averted)
    for attrs, words in (({"area_hash": "y"}, "another area"), ({"evidence_hash": "y"}, "other evidence")):
        with pytest.raises(InputFaults, match=words):
            load_study(tmp_path, run.assign_attrs(attrs))
    with pytest.raises(InputFaults, match="holds no finished study"):
        load_study(tmp_path / "nowhere", run)


def failing(replicates):
    """A carrier in which all runs of these replicates fail."""

    def carry_out(shared, tasks, hear):
        alone.carry_out(shared, [task for task in tasks if task.replicate not in replicates], hear)
        for task in tasks:
            for run in task.runs if task.replicate in replicates else ():
                hear(Failed(run, "out of memory", "here"))

    return carry_out


def test_a_draw_with_a_failed_run_is_left_out_and_told_of_and_without_any_nothing_is_told(asked, plan, tmp_path):
    prepare(1, lambda what, share: None)
    first = range(len(STEPS) - 1)
    for name in ("one", "none"):
        (tmp_path / name).mkdir()
    with open_journal(tmp_path / "one") as journal:
        found = nested(asked, plan, journal, failing([2]), lambda what, share: None)
    assert found.averted.shape == (len(STEPS), 1)
    assert found.left_out == 1
    page = write(asked, plan, found, tmp_path)
    assert "1 of 2 draws are left out" in page.read_text(encoding="utf-8")
    with open_journal(tmp_path / "none") as journal, pytest.raises(RunFailed, match="out of memory"):
        nested(asked, plan, journal, failing([*first, first.stop]), lambda what, share: None)


def test_a_scheme_without_a_published_figure_begins_with_what_is_believed():
    asked = ask(load("west_mercia_2022"), "parenting", None)
    assert asked.published is None
    assert steps_of(asked) == STEPS[1:]


@pytest.mark.parametrize(
    ("scheme", "of", "words"),
    [
        ("mentoring", None, "puts no money on 'mentoring'"),
        ("youth_diversion", None, "puts no money on 'youth_diversion'"),
        ("governance", None, "has no effect on crime of its own"),
        ("ae_navigator", "nothing_like_it", "has no alternative 'nothing_like_it'"),
    ],
)
def test_what_has_no_waterfall_is_refused_in_one_line(scheme, of, words):
    with pytest.raises(InputFaults, match=words) as refused:
        ask(load("west_mercia_2022"), scheme, of)
    assert len(refused.value.faults) == 1


def test_another_plan_of_the_file_may_pay_for_it():
    asked = ask(load("west_mercia_2022"), "youth_diversion", "extra_secondary")
    assert asked.scenario.comparator == "extra_secondary"
    assert asked.programme.id == "youth_diversion"


def test_a_fit_that_is_stale_and_a_step_that_can_change_nothing_are_told(asked, plan):
    found = Nested(STEPS, np.zeros((len(STEPS), 2)), np.zeros((len(STEPS), 2)), asked.published, 0)
    note = about(asked, plan, found).note
    assert "Completion can change nothing of it" in note
    fit = replace(asked.scenario.posterior, model="another")
    assert fit.warning
    assert fit.warning not in note
    assert fit.warning in about(asked._replace(scenario=replace(asked.scenario, posterior=fit)), plan, found).note
