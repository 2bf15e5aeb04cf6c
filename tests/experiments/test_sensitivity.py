"""Which numbers decide the answer: inputs from evidence, points, and what the methods make of known functions."""

from dataclasses import replace
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
from experiments.experiment_files.experiment import Experiment
from experiments.experiment_files.kept import asked_for
from experiments.experiment_files.levers import Lever
from experiments.plan import parameter_values
from experiments.run import RunFailed
from experiments.runner import alone
from experiments.runner.journal import Journal, open_journal
from experiments.sensitivity import emulated, morris, sobol, tornado
from experiments.sensitivity.ask import Study, answered, planned
from experiments.sensitivity.problem import Asked, Ranges, Uncertainty, asked_by, uncertainties_of
from experiments.sensitivity.study import Values, outcomes_at, problem_of, table_of_points
from model.evidence import Row
from model.evidence.sampling import Z_975
from model.record import FIXED
from model.usage import past_rows
from results.outcomes import OUTCOMES
from results.sensitivity import answers, parts_of
from results.sensitivity_words import answer
from scenarios import InputFaults, Scenario, load

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


def asked(
    method: str = "tornado", outcome: str = "offences", policy: str = "stop", uncertainties: tuple[str, ...] = (),
    **sizes: Any,
) -> Experiment:
    """The smallest world."""
    return asked_for("west_mercia_2022", method, [outcome], [policy], uncertainties, False, SMALL | sizes)


def done(experiment: Experiment, journal: Journal) -> xr.Dataset:
    return answered(experiment, planned(experiment), journal, alone.carry_out, nothing)


def one_of(ds: xr.Dataset) -> xr.Dataset:
    """The only policy and outcome of a study, or of an analysis, the widest input first."""
    if "policy" not in ds.coords:
        ds = ds.assign_coords(policy=["stop"], outcome=["offences"])
    return next(parts_of(ds))


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
    agencies = {one.id for one in uncertainties_of(scenario, two, Asked(agencies=True))}
    assert {"marginal_share", "stale_price_doubt", "agency_cost.police_officer_hour"} <= agencies - ids
    assert all(id.startswith(("marginal_share", "stale_price_doubt", "agency_cost")) for id in agencies - ids)
    assert {one.id for one in uncertainties_of(scenario, two, Asked(), ["parenting"])} == {
        id for id in ids if id.startswith("parenting.")
    }
    with pytest.raises(ValueError, match="'parentin'"):
        uncertainties_of(scenario, two, Asked(), ["parentin"])


def test_in_the_middle_everything_is_as_evidence_has_it(scenario: Scenario) -> None:
    experiment = asked()
    problem = problem_of(experiment)
    values = Values(scenario, problem, tornado.points_of(problem))[0]
    drawn = parameter_values(scenario, experiment.plan, 0)
    assert set(values) == set(drawn)
    for name in ("parenting.ratio", "offending.half_life[violence_with_injury]"):
        if name in values:
            assert values[name] == scenario.evidence[name].value


def test_a_tornado_of_a_known_function() -> None:
    """f = 10 + 4 a + b, c beside it: swings 8, 2 and 0 for places from -1 to 1."""
    points = tornado.points_of(inputs(3))
    u = (np.nan_to_num(points, nan=0.5) - 0.5) / 0.475
    found = (10 + u @ np.array([1.0, 4.0, 0.0]))[None, None, :, None] + np.array([0.0, 0.2])

    def ds_of() -> xr.Dataset:
        return one_of(tornado.analysed(inputs(3), found).assign_attrs(method="tornado"))

    ds = ds_of()
    assert ds.input.values.tolist() == ["x1", "x0", "x2"]
    assert ds.answer.sel(input="x1").values == pytest.approx([6.1, 14.1])
    assert float(ds.middle) == pytest.approx(10.1)
    assert ds.error.values == pytest.approx(np.zeros((3, 2)), abs=1e-12)  # seeds differ by a constant
    found[0, 0, 3] = np.nan
    assert ds_of().input.values.tolist() == ["x0", "x2", "x1"]
    found[0, 0, 0, 0] = np.nan
    assert float(ds_of().middle) == pytest.approx(10.2)
    with pytest.raises(RunFailed, match="in the middle"):
        tornado.analysed(inputs(3), np.full((1, 1, 7, 2), np.nan))


def test_elementary_effects_of_a_known_function() -> None:
    """f = 3 a + 2 b c: a moves it alike everywhere (sigma 0), b by 2 c; d does nothing. Effects are for a whole range
    of SALib's unit: LEVELS of 4 from LOW to HIGH."""
    points = morris.points_of(inputs(4), 200, 1)
    u = (points - 0.025) / 0.95
    found = 3 * u[:, 0] + 2 * u[:, 1] * u[:, 2]
    ds = morris.analysed(inputs(4), points, found[None, None], 1).isel(policy=0, outcome=0)
    told = ds.sel(input=["x0", "x1", "x3"])
    assert told.mu_star.values == pytest.approx([3.0, 1.0, 0.0], abs=0.1)
    assert told.sigma.values[0] == pytest.approx(0.0, abs=1e-9)
    assert told.sigma.values[1] > 0.5
    assert ds.trajectories.values.tolist() == [50, 100, 150, 200]


def test_a_trajectory_that_failed_is_left_out_and_the_others_count() -> None:
    points = morris.points_of(inputs(3), 10, 2)
    found = np.stack([points @ np.array([3.0, 1.0, 0.0]), points @ np.array([0.0, 0.0, 1.0])])[None]
    whole = morris.analysed(inputs(3), points, found, 2)
    found[0, 0, 5], found[0, 1, 17] = np.nan, np.inf
    ds = morris.analysed(inputs(3), points, found, 2)
    assert ds.attrs["trajectories_left_out"] == "2"  # of both outcomes, so that they are told from the same points
    assert ds.mu_star.values == pytest.approx(whole.mu_star.values)
    with pytest.raises(RunFailed, match="1 of 10 trajectories"):
        morris.analysed(inputs(3), points, np.where(np.arange(40) < 4, found, np.nan), 2)


@pytest.mark.parametrize("method", ["tornado", "morris", "sobol"])
def test_a_study_runs_once_and_tells_in_words(
    method: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With a fake engine, in which the navigators' uptake is all that counts."""
    install(monkeypatch)
    size = {"morris": {"trajectories": 4}, "sobol": {"bases": 16}}.get(method, {})
    experiment = asked(method, uncertainties=("ae_navigator",), replicates=2, **size)
    with open_journal(tmp_path) as journal:
        whole = done(experiment, journal)
        tried = {entry.tries for entry in journal.entries().values()}
        again = done(experiment, journal)
        assert tried == {entry.tries for entry in journal.entries().values()} == {1}
    assert whole.drop_attrs().identical(again.drop_attrs())
    ds = one_of(whole)
    assert ds.input.values[0] == "ae_navigator.uptake"
    if method == "tornado":
        moved = np.abs(ds.answer - ds.middle).max("end")
    else:
        moved = ds.mu_star if method == "morris" else ds.total
    assert float(moved[0]) > 0
    assert np.asarray(moved)[1:] == pytest.approx(0.0, abs=1e-9)
    assert "A&E navigators: uptake" in answers(whole)
    if method == "sobol":
        assert float(ds["first"][0]) == pytest.approx(1.0, abs=0.15)
    else:
        assert "change nothing here" in answers(whole)
    assert int(ds.attrs["pasts"]) == 2  # a seed each: no scheme's number alters a past


def test_a_number_that_alters_the_past_pays_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    with open_journal(None) as journal:
        ds = done(asked(uncertainties=("ae_navigator.ratio", "offending.half_life")), journal)
    assert ds.attrs["points"] == "5"
    assert ds.attrs["pasts"] == "3"


def test_what_is_reckoned_after_a_run_needs_no_run_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    with open_journal(None) as journal:
        ds = done(asked(outcome="net_present_social_value", uncertainties=("crime_cost_doubt",)), journal)
        assert len(journal.entries()) == 2  # both alternatives, once
    assert float(ds.answer.diff("end").squeeze()) != 0.0


def test_every_outcome_of_every_policy_is_told_from_the_same_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    policies, uptake = ["stop", "extra_primary"], ["ae_navigator.uptake"]
    with open_journal(None) as journal:
        ds = done(asked_for("west_mercia_2022", "tornado", list(OUTCOMES), policies, uptake, False, SMALL), journal)
        assert len(journal.entries()) == 3 * 3
    assert ds.answer.dims == ("policy", "outcome", "input", "end")
    assert np.isfinite(ds.answer.values).all()
    alone_asked = asked_by([OUTCOMES["harm"]]), asked_by(OUTCOMES.values())
    assert alone_asked == (Asked(harm=True), Asked(demand=True, costs=True, harm=True, agencies=True))
    with open_journal(None) as journal:
        stop = done(asked(outcome="harm", uncertainties=("ae_navigator.uptake",)), journal)
    assert stop.answer.squeeze().values == pytest.approx(ds.answer.sel(policy="stop", outcome="harm").squeeze().values)
    assert np.isnan(ds.chance.sel(outcome="harm").values).all()  # it is kept by batches of people for offences alone
    assert len(answers(ds).split("\n\n")) == 2 * len(OUTCOMES)


def test_from_the_command_line(tmp_path: Path) -> None:
    """The real engine, at its smallest; then a question that differs, and words that are none."""
    small = ["--uncertainty", "parenting.unit_cost", "--scale", "0.001", "--years", "2"]
    words = ["sensitivity", "west_mercia_2022", *small]
    folder = tmp_path / "study"
    told = CliRunner().invoke(upstream.cli, [*words, "--jobs", "1", "--out", str(folder)])
    assert told.exit_code == 0, told.output
    assert "moved, one at a time: 1;" in told.output
    assert {path.name for path in folder.iterdir()} >= {"answer.md", "charts", "tables", "sensitivity.nc", "question"}
    with xr.open_dataset(folder / "sensitivity.nc") as ds:
        assert ds.sizes == {"policy": 1, "outcome": 1, "input": 1, "end": 2}
    for more, said in (
        (["--outcome", "harm", "--out", str(folder)], "outcomes differs"),
        (["--outcome", "harms"], "harm"),
        (["--policy", "stopp"], "stop"),
        (["--uncertainty", "nobody"], "nobody"),
        (["--bases", "64"], "it is for sobol"),
    ):
        told = CliRunner().invoke(upstream.cli, [*words, *more])
        assert told.exit_code == 2, told.output
        assert said in told.output
    before = (folder / "answer.md").read_bytes()
    (folder / "answer.md").unlink()
    told = CliRunner().invoke(upstream.cli, ["resume", str(folder), "--jobs", "1"])
    assert told.exit_code == 0, told.output
    assert (folder / "answer.md").read_bytes() == before
    told = CliRunner().invoke(upstream.cli, ["resume", str(folder), "--until", "5%"])
    assert told.exit_code == 2


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
    function: Any, number: int, first: Any, total: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_function(monkeypatch, function)
    experiment, problem = asked("sobol"), normals(number)
    points = sobol.points_of(number, 128, 1)
    table = table_of_points(experiment, problem, points)
    with open_journal(None) as journal:
        found = outcomes_at(experiment, table, journal, alone.carry_out, nothing).answers
    ds = sobol.analysed(problem, found.mean(axis=-1), 1).isel(policy=0, outcome=0)
    for low, high, published in ((ds.first_low, ds.first_high, first), (ds.total_low, ds.total_high, total)):
        assert (low.values - 0.01 <= published).all()
        assert (high.values + 0.01 >= published).all()
    assert float((ds.total_high - ds.total).max()) < 0.4
    settled = np.abs(ds.total_by_bases.values - np.asarray(total)).max(axis=1)
    assert settled[-1] < settled[0]


def test_an_emulator_finds_them_from_fewer_runs_and_says_how_well(monkeypatch: pytest.MonkeyPatch) -> None:
    known_function(monkeypatch, ishigami)
    experiment, problem = asked("sobol", emulate=100), normals(3)
    points = emulated.points_of(experiment, problem)
    study = Study(problem, points, table_of_points(experiment, problem, points))
    with open_journal(None) as journal:
        whole = answered(experiment, study, journal, alone.carry_out, nothing)
    ds = whole.isel(policy=0, outcome=0)
    for name, published in (("first", [0.3139, 0.4424, 0.0]), ("total", [0.5576, 0.4424, 0.2437])):
        assert (ds[f"{name}_low"].values - 0.01 <= published).all()
        assert (ds[f"{name}_high"].values + 0.01 >= published).all()
    assert float(ds.foretold) > 0.9
    assert "From an emulator (a Gaussian process fitted to 100 points)" in answers(whole)
    with pytest.raises(InputFaults, match="16 or more"):
        emulated.points_of(replace(experiment, form=experiment.form.model_copy(
            update={"run": experiment.form.run.model_copy(update={"emulate": 8})})), problem)  # fmt: skip


def test_a_base_that_failed_is_left_out() -> None:
    points = sobol.points_of(3, 64, 3)
    found = ishigami(points)[None, None]
    whole = sobol.analysed(inputs(3), found, 3)
    found[..., 7], found[..., 100] = np.nan, np.inf
    ds = sobol.analysed(inputs(3), found, 3)
    assert ds.attrs["bases_left_out"] == "2"
    assert np.isfinite(ds.total.values).all()
    assert np.abs(ds.total.values - whole.total.values).max() < 0.2
    with pytest.raises(RunFailed, match="0 of 64 bases"):
        sobol.analysed(inputs(3), np.full((1, 1, 320), np.nan), 3)
    assert (sobol.analysed(inputs(3), np.ones((1, 1, 320)), 3).total == 0).all()
    for bases in (0, 4, 48):
        with pytest.raises(ValueError, match="power of 2"):
            sobol.points_of(3, bases, 3)


def test_levers_are_inputs_whole_numbers_and_choices_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """f = settings of a lever in steps and of a choice, through runs whose money and review they are: first-order
    indices are those of 5 equal steps and of 3 equal choices, found by hand from their variances."""
    pounds = Lever("pounds", "more.parenting", None, tuple(100_000.0 * step for step in range(5)))
    choice = Lever("choice", "review", None, ("fixed", "by_evidence_grade", "by_measured_result"))
    weights = {"fixed": 0.0, "by_evidence_grade": 1.0, "by_measured_result": 5.0}

    class Known(FakeModel):
        def run(self, report: Any = None) -> Any:
            outcome = super().run(report)
            outcome.record.expected[:] = 0
            at = [one.id for one in self.inputs.programmes].index("parenting")
            steps = self.inputs.money[at, 0] / 1e5
            outcome.record.expected[0, 0, 0] = round((1e6 - TIMES * (steps + weights[self.inputs.review])) * FIXED)
            return outcome

    install(monkeypatch, Known)
    experiment = replace(asked("sobol", policy="extra_primary", bases=64), levers=(pounds, choice))
    problem = (*normals(1), pounds, choice)
    points = sobol.points_of(3, 64, 4)
    study = Study(problem, points, table_of_points(experiment, problem, points))
    with open_journal(None) as journal:
        ds = answered(experiment, study, journal, alone.carry_out, nothing).isel(policy=0, outcome=0)
        assert len(journal.entries()) < len(points) * 2
    of_pounds, of_choice = np.var(np.arange(5)), np.var([0.0, 1.0, 5.0])
    whole = of_pounds + of_choice
    assert ds.total.sel(input=["pounds", "choice"]).values == pytest.approx(
        [of_pounds / whole, of_choice / whole], abs=0.15
    )
    assert float(ds.total[0]) == 0.0
    assert pounds.at(0.0) == 0.0
    assert pounds.at(0.999) == pounds.at(1.0) == 400_000.0
    assert [choice.at(u) for u in (0.0, 0.32, 0.34, 0.67, 1.0)] == [
        "fixed", "fixed", "by_evidence_grade", "by_measured_result", "by_measured_result",
    ]  # fmt: skip
    assert Lever("x", "more.parenting", (0.0, 500_000.0)).at(0.3333333) == 166_667.0


def test_an_answer_below_its_chance_is_not_told_from_zero() -> None:
    """Chance known, and larger than the answer; then smaller."""
    points = tornado.points_of(inputs(2))
    found = np.where(np.isnan(points[:, 0]), 50.0, 300.0)[None, None, :, None]
    whole = tornado.analysed(inputs(2), found).assign_attrs(method="tornado", seeds="1", comparator="as_agreed")
    ds = one_of(whole).assign_coords(outcome_title="Offences averted", unit="offences")
    for chance, told in ((120.0, True), (20.0, False)):
        said = answer(ds.assign(chance=chance))
        assert f"off by about {chance:.0f} offences" in said
        assert ("(50) is not distinguishable from zero at this run size" in said) == told
    assert "Chance alone" not in answer(ds.assign(chance=np.nan))
