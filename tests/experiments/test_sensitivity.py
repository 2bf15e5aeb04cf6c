"""Which numbers decide the answer: inputs from evidence, points, and what the methods make of known functions."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner
from fake_engine import FakeModel, install
from SALib.test_functions import Ishigami, Sobol_G
from scipy.special import ndtr

import upstream
from experiments.plan import parameter_values
from experiments.run import RunFailed
from experiments.runner import alone
from experiments.runner.journal import open_journal
from experiments.sensitivity import morris, sobol, tornado
from experiments.sensitivity.ask import answered, question_of
from experiments.sensitivity.problem import Asked, Ranges, Uncertainty, uncertainties_of
from experiments.sensitivity.study import OUTCOMES, Values, outcomes_at, table_of_points
from model.evidence import Row
from model.evidence.sampling import Z_975
from model.record import FIXED
from model.usage import past_rows
from results.sensitivity import answer
from scenarios import Scenario, load

SMALL: dict[str, Any] = {"scale": 0.001, "years": 1, "seed": 5}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("west_mercia_2022")


def row(id: str, value: float, low: float, high: float, no_effect: float = 0.0) -> Row:
    return Row(
        id=id, value=value, low=low, high=high, distribution="lognormal", unit="ratio", source="x",
        provenance="judgement", grade=1, no_effect=no_effect,
    )  # fmt: skip


def inputs(number: int) -> tuple[Uncertainty, ...]:
    return tuple(Uncertainty(f"x{at}", f"X {at}", (row(f"x{at}", 1.0, 0.5, 2.0),), False) for at in range(number))


def nothing(what: str, share: float) -> None:
    """Nobody listens."""


def test_the_ends_of_an_input_are_the_ends_of_its_row() -> None:
    ranges = Ranges(inputs(2))
    told = ranges.at(np.array([0.025, 0.975]))
    assert told == {"x0": pytest.approx(0.5), "x1": pytest.approx(2.0)}
    assert ranges.at(np.array([np.nan, 0.5])) == {"x1": pytest.approx(1.0)}


def test_a_chance_of_no_effect_is_a_step_as_wide_as_it() -> None:
    """Ratio 0.8 (0.64 to 1.0): 2.5% of its effects do harm. With a chance of 30% of none the quantiles are those of
    the effect up to 0.7 x 0.975, then 1, then harm."""
    ranges = Ranges([Uncertainty("a", "A", (row("a", 0.8, 0.64, 1.0, 0.3),), False)])
    places = np.array([0.0001, 0.35, 0.68, 0.69, 0.8, 0.98, 0.99, 0.9999])
    told = [ranges.at(np.array([u]))["a"] for u in places]
    assert told == sorted(told)
    assert told[1] == pytest.approx(0.8)
    assert told[3:6] == [1.0, 1.0, 1.0]
    assert told[2] < 1.0 < told[6]
    drawn = np.array([ranges.at(np.array([u]))["a"] for u in (np.arange(4000) + 0.5) / 4000])
    assert (drawn == 1.0).mean() == pytest.approx(0.3, abs=0.001)
    assert np.median(drawn[drawn != 1.0]) == pytest.approx(0.8, rel=0.01)


def test_the_problem_is_built_from_evidence(scenario: Scenario) -> None:
    whole = scenario.inputs(0.001, 1)
    two = {name: whole[name] for name in ("as_agreed", "stop")}
    found = uncertainties_of(scenario, two, Asked())
    ids = {one.id for one in found}
    assert {"parenting.ratio", "parenting.unit_cost", "offending.half_life"} <= ids
    assert not [id for id in ids if id.startswith("youth_diversion")]  # nobody pays for it in these two
    assert not [id for id in ids if id.startswith("police_hours")]  # reckoned after the run
    assert not [id for id in ids if id.startswith("commissioner.")]  # nobody reviews
    past = past_rows(scenario.area, scenario.evidence)
    for one in found:
        assert one.alters_past == any(row.name in past for row in one.rows)
        assert all(row.is_sampled for row in one.rows)
    hours = {one.id for one in uncertainties_of(scenario, two, Asked(demand=True))}
    assert any(id.startswith("police_hours") for id in hours)
    costs = {one.id for one in uncertainties_of(scenario, two, Asked(costs=True))}
    assert costs - ids == {"crime_cost_doubt"}
    harm = {one.id for one in uncertainties_of(scenario, two, Asked(harm=True))}
    assert harm - ids == {"harm_weight_mean"}
    assert {one.id for one in uncertainties_of(scenario, two, Asked(), ["parenting"])} == {
        id for id in ids if id.startswith("parenting.")
    }
    with pytest.raises(ValueError, match="'parentin'"):
        uncertainties_of(scenario, two, Asked(), ["parentin"])


def test_in_the_middle_everything_is_as_evidence_has_it(scenario: Scenario) -> None:
    question = question_of(scenario, "offences", **SMALL)
    problem = question.problem()
    values = Values(scenario, problem, tornado.points_of(len(problem)))[0]
    drawn = parameter_values(scenario, question.plan, 0)
    assert set(values) == set(drawn)
    for name in ("parenting.ratio", "offending.half_life[violence_with_injury]"):
        if name in values:
            assert values[name] == scenario.evidence[name].value


def test_a_tornado_of_a_known_function() -> None:
    """f = 10 + 4 a + b, c beside it: swings 8, 2 and 0 for places from -1 to 1."""
    points = tornado.points_of(3)
    u = (np.nan_to_num(points, nan=0.5) - 0.5) / 0.475
    found = (10 + u @ np.array([1.0, 4.0, 0.0]))[:, None] + np.array([[0.0, 0.2]])
    ds = tornado.analysed(inputs(3), found)
    assert ds.input.values.tolist() == ["x1", "x0", "x2"]
    assert ds.outcome.sel(input="x1").values == pytest.approx([6.1, 14.1])
    assert float(ds.middle) == pytest.approx(10.1)
    assert ds.error.values == pytest.approx(np.zeros((3, 2)), abs=1e-12)  # seeds differ by a constant
    found[3] = np.nan
    assert tornado.analysed(inputs(3), found).input.values.tolist() == ["x0", "x2", "x1"]
    found[0, 0] = np.nan
    assert float(tornado.analysed(inputs(3), found).middle) == pytest.approx(10.2)
    with pytest.raises(RunFailed, match="in the middle"):
        tornado.analysed(inputs(3), np.full((7, 2), np.nan))


def test_elementary_effects_of_a_known_function() -> None:
    """f = 3 a + 2 b c: a moves it alike everywhere (sigma 0), b by 2 c; d does nothing. Effects are for a whole range
    of SALib's unit: LEVELS of 4 from LOW to HIGH."""
    points = morris.points_of(4, 200, 1)
    u = (points - 0.025) / 0.95
    found = 3 * u[:, 0] + 2 * u[:, 1] * u[:, 2]
    ds = morris.analysed(inputs(4), points, found, 1)
    told = ds.sel(input=["x0", "x1", "x3"])
    assert told.mu_star.values == pytest.approx([3.0, 1.0, 0.0], abs=0.1)
    assert told.sigma.values[0] == pytest.approx(0.0, abs=1e-9)
    assert told.sigma.values[1] > 0.5
    assert ds.trajectories.values.tolist() == [50, 100, 150, 200]


def test_a_trajectory_that_failed_is_left_out_and_the_others_count() -> None:
    points = morris.points_of(3, 10, 2)
    found = points @ np.array([3.0, 1.0, 0.0])
    whole = morris.analysed(inputs(3), points, found, 2)
    found[5], found[17] = np.nan, np.inf
    ds = morris.analysed(inputs(3), points, found, 2)
    assert ds.attrs["trajectories_left_out"] == "2"
    assert ds.mu_star.values == pytest.approx(whole.mu_star.values)
    with pytest.raises(RunFailed, match="1 of 10 trajectories"):
        morris.analysed(inputs(3), points, np.where(np.arange(40) < 4, found, np.nan), 2)


@pytest.mark.parametrize("method", ["tornado", "morris", "sobol"])
def test_a_study_runs_once_and_tells_in_words(
    scenario: Scenario, method: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With a fake engine, in which the navigators' uptake is all that counts."""
    install(monkeypatch)
    question = question_of(scenario, "offences", only=("ae_navigator",), replicates=2, **SMALL)
    with open_journal(tmp_path) as journal:
        ds = answered(question, method, journal, alone.carry_out, nothing, size=4 if method == "morris" else 16)
        tried = {entry.tries for entry in journal.entries().values()}
        again = answered(question, method, journal, alone.carry_out, nothing, size=4 if method == "morris" else 16)
        assert tried == {entry.tries for entry in journal.entries().values()} == {1}
    assert ds.drop_attrs().identical(again.drop_attrs())
    assert ds.input.values[0] == "ae_navigator.uptake"
    if method == "tornado":
        moved = np.abs(ds.outcome - ds.middle).max("end")
    else:
        moved = ds.mu_star if method == "morris" else ds.total
    assert float(moved[0]) > 0
    assert np.asarray(moved)[1:] == pytest.approx(0.0, abs=1e-9)
    assert "A&E navigators: uptake" in answer(ds)
    if method == "sobol":
        assert float(ds["first"][0]) == pytest.approx(1.0, abs=0.15)
    else:
        assert "change nothing here" in answer(ds)
    assert int(ds.attrs["pasts"]) == 2  # a seed each: no scheme's number alters a past


def test_a_number_that_alters_the_past_pays_for_one(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    question = question_of(scenario, "offences", only=("ae_navigator.ratio", "offending.half_life"), **SMALL)
    with open_journal(None) as journal:
        ds = answered(question, "tornado", journal, alone.carry_out, nothing)
    assert ds.attrs["points"] == "5"
    assert ds.attrs["pasts"] == "3"


def test_what_is_reckoned_after_a_run_needs_no_run_of_its_own(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    question = question_of(scenario, "crime_cost_less_spend", only=("crime_cost_doubt",), **SMALL)
    with open_journal(None) as journal:
        ds = answered(question, "tornado", journal, alone.carry_out, nothing)
        assert len(journal.entries()) == 2  # both alternatives, once
    assert float(ds.outcome.diff("end").squeeze()) != 0.0


def test_every_outcome_can_be_asked_about(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    for name in OUTCOMES:
        with open_journal(None) as journal:
            question = question_of(scenario, name, only=("ae_navigator.uptake",), **SMALL)
            ds = answered(question, "tornado", journal, alone.carry_out, nothing)
        assert np.isfinite(ds.outcome.values).all(), name


def test_from_the_command_line(tmp_path: Path) -> None:
    """The real engine, at its smallest; then a question that differs, and words that are none."""
    words = ["sensitivity", "west_mercia_2022", "--only", "parenting.unit_cost", "--scale", "0.001", "--years", "2"]
    folder = tmp_path / "study"
    told = CliRunner().invoke(upstream.cli, [*words, "--jobs", "1", "--out", str(folder)])
    assert told.exit_code == 0, told.output
    assert "moved, one at a time: 1;" in told.output
    assert {path.name for path in folder.iterdir()} >= {"answer.md", "charts", "tables", "sensitivity.nc", "question"}
    with xr.open_dataset(folder / "sensitivity.nc") as ds:
        assert ds.sizes == {"input": 1, "end": 2}
    for more, said in (
        (["--outcome", "harm", "--out", str(folder)], "--outcome differs"),
        (["--outcome", "harms"], "harm"),
        (["--alternative", "stopp"], "stop"),
        (["--only", "nobody"], "nobody"),
    ):
        told = CliRunner().invoke(upstream.cli, [*words, *more])
        assert told.exit_code == 2, told.output
        assert said in told.output
    told = CliRunner().invoke(upstream.cli, ["resume", str(folder)])
    assert told.exit_code == 2
    assert "study of sensitivity" in told.output


OF_A_RUN = ("uptake", "completion", "unit_cost", "ratio", "lag_months", "full_months", "fade_months", "stay_months")
TIMES = 1000.0  # a function's value in offences


def known_function(monkeypatch: pytest.MonkeyPatch, function: Any) -> None:
    """An engine in which the comparator averts as many offences as a function of the standard normal values of
    parenting's numbers says; every value goes the whole way of a run's."""

    class Known(FakeModel):
        def run(self, report: Any = None) -> Any:
            outcome = super().run(report)
            outcome.record.expected[:] = 0
            u = ndtr(np.array([[self.values[f"parenting.{what}"] for what in OF_A_RUN]]))
            more = 1e6 + (0.0 if self.inputs.money.sum() else TIMES * float(function(u)[0]))
            outcome.record.expected[0, 0, 0] = round(more * FIXED)
            return outcome

    install(monkeypatch, Known)


def normals(number: int) -> tuple[Uncertainty, ...]:
    """Inputs that a run reads, each a standard normal."""
    rows = [
        Row(id=f"parenting.{what}", value=0.0, low=-Z_975, high=Z_975, distribution="normal", unit="number",
            source="x", provenance="judgement", grade=1)
        for what in OF_A_RUN[:number]
    ]  # fmt: skip
    return tuple(Uncertainty(one.id, one.id, (one,), False) for one in rows)


def ishigami(u: np.ndarray) -> np.ndarray:
    return np.asarray(Ishigami.evaluate(-np.pi + 2 * np.pi * u[:, :3]))


def sobol_g(u: np.ndarray) -> np.ndarray:
    return np.asarray(Sobol_G.evaluate(u))


# Ishigami and Homma 1990, a = 7, b = 0.1; Sobol's g with a = 0, 1, 4.5, 9, 99, 99, 99, 99 (Saltelli and others 2008).
A_G = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
V_G = 1 / (3 * (1 + A_G) ** 2)
G_FIRST = V_G / (np.prod(1 + V_G) - 1)
G_TOTAL = V_G * np.prod(1 + V_G) / (1 + V_G) / (np.prod(1 + V_G) - 1)


@pytest.mark.parametrize(
    ("function", "number", "first", "total"),
    [
        (ishigami, 3, [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]),
        (sobol_g, 8, G_FIRST, G_TOTAL),
    ],
)
def test_published_indices_are_found_through_the_runner(
    scenario: Scenario, function: Any, number: int, first: Any, total: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_function(monkeypatch, function)
    question, problem = question_of(scenario, "offences", "stop", **SMALL), normals(number)
    points = sobol.points_of(number, 256, 1)
    table = table_of_points(question, problem, points)
    with open_journal(None) as journal:
        found = outcomes_at(question, table, journal, alone.carry_out, nothing)
    ds = sobol.analysed(problem, found.mean(axis=1), 1).sel(input=[one.id for one in problem])
    for told, error, published in ((ds["first"], ds.first_error, first), (ds.total, ds.total_error, total)):
        assert (np.abs(told.values - published) <= error.values + 0.01).all()
    assert float(ds.total_error.max()) < 0.3
    settled = np.abs(ds.total_by_bases.values - np.asarray(total)).max(axis=1)
    assert settled[-1] < settled[0]


def test_a_base_that_failed_is_left_out(scenario: Scenario) -> None:
    points = sobol.points_of(3, 64, 3)
    found = ishigami(points)
    whole = sobol.analysed(inputs(3), found, 3)
    found[7], found[100] = np.nan, np.inf
    ds = sobol.analysed(inputs(3), found, 3)
    assert ds.attrs["bases_left_out"] == "2"
    assert np.isfinite(ds.total.values).all()
    same = ds.sel(input=whole.input)
    assert np.abs(same.total.values - whole.total.values).max() < 0.2
    with pytest.raises(RunFailed, match="0 of 64 bases"):
        sobol.analysed(inputs(3), np.full(320, np.nan), 3)
    assert (sobol.analysed(inputs(3), np.ones(320), 3).total == 0).all()
    for bases in (0, 4, 48):
        with pytest.raises(ValueError, match="power of 2"):
            sobol.points_of(3, bases, 3)
