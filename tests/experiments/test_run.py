"""Plans, seeds, draws and runs, with a fake engine."""

import importlib
import pickle
from pathlib import Path

import numpy as np
import pytest
from fake_engine import FakeModel, install

from experiments import RunFailed, run
from experiments.plan import make_plan, parameter_values, replicate_seed
from scenarios import InputFaults, Scenario, load
from scenarios.start import write_scenario_template

SMALL = {"scale": 0.001, "years": 1}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("west_mercia_2022")


def test_replicates_alone_have_a_draw_each(scenario: Scenario) -> None:
    plan = make_plan(scenario, replicates=3)
    assert (plan.replicates, [plan.draw_of(r) for r in range(3)]) == (3, [0, 1, 2])


def test_replicates_within_draws(scenario: Scenario) -> None:
    plan = make_plan(scenario, draws=2, replicates=3)
    assert [plan.draw_of(r) for r in range(plan.replicates)] == [0, 0, 0, 1, 1, 1]


def test_draws_alone_have_a_run_each(scenario: Scenario) -> None:
    assert make_plan(scenario, draws=5).replicates == 5


def test_seed_zero_is_a_seed(scenario: Scenario) -> None:
    assert make_plan(scenario, seed=0).seed == 0
    assert replicate_seed(0, 0) != replicate_seed(1, 0)


def test_replicate_seeds_differ_and_stay() -> None:
    seeds = {replicate_seed(seed, r) for seed in range(20) for r in range(50)}
    assert len(seeds) == 1000
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert replicate_seed(7, 0) == replicate_seed(7, 0)


@pytest.mark.parametrize(
    "wrong", [{"scale": 0.0}, {"scale": float("nan")}, {"years": 0}, {"replicates": 0}, {"seed": -1}]
)
def test_impossible_plans(scenario: Scenario, wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        make_plan(scenario, **wrong)  # type: ignore[arg-type]


def test_a_price_year_without_deflator_is_known_before_the_run(scenario: Scenario) -> None:
    from dataclasses import replace

    late = replace(scenario, form=scenario.form.model_copy(update={"price_year": "2095/96"}))
    with pytest.raises(InputFaults, match="2095/96"):
        make_plan(late)


def test_costs_of_schemes_are_in_pounds_of_the_price_year(scenario: Scenario) -> None:
    from dataclasses import replace

    early = replace(scenario, form=scenario.form.model_copy(update={"price_year": "2012/13"}))
    plan = make_plan(scenario, replicates=2)
    then, now = (parameter_values(s, plan, 1)["parenting.unit_cost"] for s in (early, scenario))
    assert 0.7 < then / now < 0.85


def test_inputs_can_be_sent_to_another_process(scenario: Scenario) -> None:
    importlib.import_module("experiments.run")
    inputs = scenario.inputs()["as_agreed"]
    back = pickle.loads(pickle.dumps(inputs))
    assert back.evidence.hash == inputs.evidence.hash
    assert list(back.evidence) == list(inputs.evidence)


def test_a_run_is_a_pure_function(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = install(monkeypatch)
    heard: list[tuple[str, float]] = []
    first = run(
        scenario, replicates=2, seed=0, progress=lambda what, share: heard.append((what, share)), **SMALL
    )
    second = run(scenario, replicates=2, seed=0, **SMALL)
    other = run(scenario, replicates=2, seed=1, **SMALL)
    assert first.drop_attrs().identical(second.drop_attrs())
    assert not np.array_equal(first.offences, other.offences)
    assert compiled == ["month"] * 3
    assert heard[0] == ("compiling month", 0.0)
    assert max(share for _, share in heard) == 1.0
    assert [share for _, share in heard] == sorted(share for _, share in heard)


def test_what_it_takes_to_run_again_is_in_the_attributes(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    ds = run(scenario, replicates=1, **SMALL)
    assert ds.attrs["scenario"] == scenario.text
    assert ds.attrs["comparator"] == "as_agreed"
    for name in (
        "evidence_hash",
        "source_hash",
        "area_hash",
        "seed",
        "scale",
        "version",
        "versions",
        "date",
        "git_revision",
    ):
        assert ds.attrs[name], name


def test_a_failed_replicate_is_named(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fails(FakeModel):
        def run(self, report: object = None) -> None:  # type: ignore[override]
            raise FloatingPointError("a hazard is not finite")

    install(monkeypatch, Fails)
    with pytest.raises(RunFailed, match=r"Run 1 \(draw 0, seed \d+\), as_agreed, failed: FloatingPointError: a hazard"):
        run(scenario, replicates=2, **SMALL)


def test_a_scale_of_the_file_that_leaves_nobody_is_a_fault_of_its_line(tmp_path: Path) -> None:
    path = write_scenario_template(tmp_path / "plan.toml")
    text = path.read_text(encoding="utf-8")
    line = text[: text.index("scale =")].count("\n") + 1
    path.write_text(text.replace("scale = 0.15", "scale = 0.0000001"), encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        make_plan(load(path))
    (fault,) = caught.value.faults
    assert fault.line == line
    assert "people to simulate" in fault.what
