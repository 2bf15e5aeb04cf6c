"""Runs are kept as they come, told apart by all that they are made from, and done once."""

import dataclasses
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deadly import deadly, deadly_past
from fake_engine import FakeModel, install

from experiments.plan import make_plan
from experiments.run import RunFailed, local, run_plan, table_of_plan
from experiments.runner import alone, processes
from experiments.runner.batch import carry_out, gather, to_do
from experiments.runner.journal import NAME, Journal, open_journal
from experiments.runner.living import Event, Failed, Hear, Kept, Shared, Task
from experiments.runner.outcome_bytes import from_bytes, to_bytes
from experiments.runner.table import Replicate, Table, digest, table_of
from model.evidence import FOLDER, Evidence
from results.notes import notes
from scenarios import InputFaults, Scenario, load

SMALL: dict[str, Any] = {"scale": 0.001, "years": 1, "seed": 5}


def nothing(what: str, share: float) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("west_mercia_2022")


@pytest.fixture(scope="module")
def table(scenario: Scenario) -> Table:
    return table_of_plan(scenario, make_plan(scenario, replicates=3, **SMALL))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(tmp_path) as one:
        yield one


def test_an_outcome_comes_back_as_it_was(table: Table) -> None:
    lived: list[Event] = []
    alone.carry_out(Shared(table.inputs, table.past_names), to_do(table, {})[:1], lived.append)
    kept = next(event for event in lived if isinstance(event, Kept))
    back = from_bytes(kept.outcome)
    assert to_bytes(back) == kept.outcome
    assert back.record.offences.dtype == np.int64
    assert back.record.offences.any()
    for damaged in (kept.outcome[:-20], b"", kept.outcome[:100] + b"\0" + kept.outcome[101:]):
        with pytest.raises(ValueError, match="cannot be read"):
            from_bytes(damaged)


def test_everything_that_a_run_is_made_from_is_in_its_hash(table: Table) -> None:
    name, inputs = next(iter(table.inputs.items()))

    def hash_of(one: Any = inputs, values: Any = table.values[0], seed: int = 1) -> str:
        return table_of({name: one}, [values], [Replicate(0, seed)]).runs[0].hash

    others = {
        "money": inputs.money + 1.0, "start": inputs.start + 12, "years": 2, "scale": 0.002, "carried": True,
        "review": "by_evidence_grade", "review_groups": (0,) * 15, "practice": inputs.money * 0.0,
        "programmes": inputs.programmes[1:], "bias_by_ethnic_group": (("Asian", 2.0),),
        "area": replace(inputs.area, officers=inputs.area.officers + 1.0),
    }  # fmt: skip
    hashed = {field.name for field in dataclasses.fields(inputs)} - {"evidence"}  # its values are hashed instead
    assert set(others) == hashed
    hashes = [hash_of(replace(inputs, **{field: other})) for field, other in others.items()]  # type: ignore[arg-type]
    hashes += [hash_of(), hash_of(seed=2)]
    hashes += [hash_of(values={**table.values[0], name: table.values[0][name] + 0.01}) for name in table.names[:40]]
    assert len(set(hashes)) == len(hashes)


def test_values_that_no_run_reads_change_no_hash(table: Table) -> None:
    unread = next(name for name in table.values[0] if name not in table.names)
    other = [{**values, unread: 7.0} for values in table.values]
    assert table_of(table.inputs, other, table.replicates).runs == table.runs


def test_a_past_is_shared_by_those_that_begin_alike(scenario: Scenario, table: Table) -> None:
    cost = f"{scenario.programmes[0].id}.unit_cost"
    other = [table.values[0], {**table.values[0], cost: 1.0}, table.values[1]]
    pasts = table_of(table.inputs, other, [Replicate(draw, 9) for draw in range(3)]).pasts
    assert pasts[0] == pasts[1] != pasts[2]


def test_what_cannot_be_told_apart_is_not_hashed() -> None:
    with pytest.raises(TypeError, match="no plain thing"):
        digest(object())
    assert len({digest(1), digest(1.0), digest("1"), digest((1,)), digest(True), digest(b"1"), digest(None)}) == 7
    assert digest("ab", "c") != digest("a", "bc")


def test_only_what_the_journal_lacks_is_done(
    scenario: Scenario, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    asked: list[Task] = []

    def carry(shared: Shared, tasks: list[Task], hear: Hear) -> None:
        asked.extend(tasks)
        alone.carry_out(shared, tasks, hear)

    table = table_of_plan(scenario, make_plan(scenario, replicates=3, **SMALL))
    carry_out(table, journal, carry, nothing)
    assert sum(len(task.runs) for task in asked) == len(table.runs) == 15
    asked.clear()
    carry_out(table, journal, carry, nothing)
    assert asked == []
    journal.connection.execute("delete from run where hash = ?", (table.runs[7].hash,))
    carry_out(table, journal, carry, nothing)
    assert [run for task in asked for run in task.runs] == [table.runs[7]]


def test_alternatives_that_differ_in_name_alone_are_lived_once(table: Table) -> None:
    twice = {**table.inputs, "the_same": table.inputs["stop"]}
    runs = [run.alternative for task in to_do(table_of(twice, table.values, table.replicates), {}) for run in task.runs]
    assert runs.count("stop") == 3
    assert "the_same" not in runs


def test_a_failed_run_is_a_row_and_the_others_go_on(
    scenario: Scenario, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(scenario, replicates=3, **SMALL)
    bad = table_of_plan(scenario, plan).replicates[1].seed
    tried: list[int] = []

    class Fails(FakeModel):
        def run(self, report: Any = None) -> Any:
            tried.append(self.seed)
            if self.seed == bad and self.inputs.money.sum() == 0.0:
                raise FloatingPointError("a hazard is not finite")
            return super().run(report)

    install(monkeypatch, Fails)
    for _ in range(5):
        made = run_plan(scenario, plan, journal=journal)
    assert made.dataset.sizes["replicate"] == 2
    assert "1 of 3 replicates failed" in notes(made.dataset)[0]
    assert "Run 2 (draw 1" in made.failed
    assert tried.count(bad) == 5 + 2  # four whole alternatives, and the failing one three times in all
    assert len(tried) == 15 + 2
    monkeypatch.undo()


def test_more_draws_move_none_of_those_before(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments.plan import extended, parameter_values

    plan = make_plan(scenario, replicates=4, **SMALL)
    more = extended(replace(plan, blocks=(10,)), plan.blocks)
    assert more.blocks == (4, 6)
    assert [parameter_values(scenario, more, d) for d in range(4)] == [
        parameter_values(scenario, plan, d) for d in range(4)
    ]
    name = "parenting.unit_cost"
    later = [parameter_values(scenario, more, d)[name] for d in range(4, 10)]
    assert len({*later, *(parameter_values(scenario, plan, d)[name] for d in range(4))}) == 10
    with pytest.raises(ValueError, match="4 draws already"):
        extended(replace(plan, blocks=(3,)), plan.blocks)


def test_one_at_a_time_in_a_folder(tmp_path: Path) -> None:
    with open_journal(tmp_path), pytest.raises(InputFaults, match="another Upstream is at work"):
        open_journal(tmp_path)
    open_journal(tmp_path).close()


def test_a_file_that_is_no_journal_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("not a journal at all, but long enough to be taken for one" * 100)
    with pytest.raises(InputFaults, match="is no journal"):
        open_journal(tmp_path)
    (tmp_path / NAME).unlink()
    connection = sqlite3.connect(tmp_path / NAME)
    connection.execute("pragma user_version = 99")
    connection.close()
    with pytest.raises(InputFaults, match="form 99"):
        open_journal(tmp_path)


def test_a_run_that_ends_its_process_harms_no_neighbour(table: Table) -> None:
    """The real engine. One alternative ends its process each time; the others come out as they do without it."""
    calm = dict(table.inputs)
    inputs = {**calm, "stop": deadly(calm["stop"])}
    heard: list[Event] = []
    tasks = to_do(table, {})[:2]
    processes.carry_out(Shared(inputs, table.past_names), tasks, heard.append, jobs=2)
    failed = [event for event in heard if isinstance(event, Failed)]
    assert [event.run.alternative for event in failed] == ["stop", "stop"]
    assert all("its process ended 3 times (exit code 7)" in event.error for event in failed)
    kept = {event.run: event.outcome for event in heard if isinstance(event, Kept)}
    assert len(kept) == 8
    plain: list[Event] = []
    alone.carry_out(Shared(calm, table.past_names), tasks, plain.append)
    expected = {event.run: event.outcome for event in plain if isinstance(event, Kept)}
    assert {run: outcome for run, outcome in expected.items() if run.alternative != "stop"} == kept


def test_what_carries_runs_out_and_in_which_order_changes_nothing(table: Table, journal: Journal) -> None:
    """The real engine: one process backwards, two processes."""

    def backwards(shared: Shared, tasks: list[Task], hear: Hear) -> None:
        alone.carry_out(shared, [task._replace(runs=task.runs[::-1]) for task in tasks[::-1]], hear)

    made = []
    for carry in (backwards, local(2)):
        with open_journal(None) as kept:
            carry_out(table, kept, carry, nothing)
            made.append([[to_bytes(one) for one in runs] for runs in gather(table, kept).outcomes])
    assert made[0] == made[1]


def test_tables_and_what_a_review_goes_by_are_in_the_hash(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = table.inputs["as_agreed"]
    row = inputs.evidence["parenting.ratio"]
    others = [replace(one, value=1.05) if one is row else one for one in inputs.evidence.values()]
    believed = replace(inputs, evidence=Evidence(others))

    def hash_of(one: Any) -> str:
        return table_of({"a": one}, table.values[:1], table.replicates[:1]).runs[0].hash

    assert hash_of(believed) == hash_of(inputs)  # the values drawn are the same, and nothing else is read
    reviewed = {"review": "by_evidence_grade"}
    assert hash_of(replace(believed, **reviewed)) != hash_of(replace(inputs, **reviewed))  # type: ignore[arg-type]
    before = hash_of(inputs)
    folder = shutil.copytree(FOLDER, tmp_path / "evidence")
    text = (folder / "calendar.csv").read_text(encoding="utf-8")
    (folder / "calendar.csv").write_text(text.replace("2023", "2024", 1), encoding="utf-8")
    monkeypatch.setattr("experiments.runner.table.FOLDER", folder)
    assert hash_of(inputs) != before


def test_a_script_without_its_guard_is_told_and_does_not_hang(tmp_path: Path) -> None:
    """Its processes end as they start, as they would start others."""
    script = tmp_path / "script.py"
    script.write_text(
        "from experiments import run\nfrom scenarios import load\n"
        "run(load('west_mercia_2022'), replicates=2, scale=0.001, years=1, jobs=2)\n", encoding="utf-8"
    )  # fmt: skip
    told = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 1
    assert "no process can be started" in told.stderr


def test_runs_whose_past_ends_the_process_are_all_given_up_at_the_same_try(table: Table) -> None:
    inputs = {name: deadly_past(one) for name, one in table.inputs.items()}
    heard: list[Event] = []
    processes.carry_out(Shared(inputs, table.past_names), to_do(table, {})[:1], heard.append, jobs=1)
    assert [event.run for event in heard if isinstance(event, Failed)] == list(table.runs_of[0])


def test_an_outcome_that_is_damaged_is_done_again(
    scenario: Scenario, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    plan = make_plan(scenario, replicates=1, **SMALL)
    whole = run_plan(scenario, plan, journal=journal).dataset
    name = table_of_plan(scenario, plan).runs[2].hash
    journal.connection.execute("update run set outcome = x'00' where hash = ?", (name,))
    with pytest.raises(RunFailed, match="taken out of the journal"):
        run_plan(scenario, plan, journal=journal)
    assert run_plan(scenario, plan, journal=journal).dataset.drop_attrs().identical(whole.drop_attrs())
