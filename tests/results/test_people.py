"""People one by one: they add up to the run's results, and asking for them changes nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from experiments.files import write_dataset
from experiments.plan import make_plan, parameter_values
from experiments.run import run_plan
from model.inputs import ModelInputs
from model.past import Past
from model.vocabulary import OFFENCES
from model.world import PreventionModel, live_past
from results.people import build
from scenarios import load

SMALL = {"replicates": 1, "seed": 3, "scale": 0.006, "years": 2}


@pytest.fixture(scope="module")
def both() -> tuple[xr.Dataset, xr.Dataset]:
    """The results and the people of one run."""
    scenario = load("west_mercia_2022")
    made = run_plan(scenario, make_plan(scenario, **SMALL), people=True)  # type: ignore[arg-type]
    assert made.people is not None
    return made.dataset, made.people


def begun() -> tuple[PreventionModel, Past]:
    """The comparator's model before its first month, a ledger kept, and its past."""
    scenario = load("west_mercia_2022")
    plan = make_plan(scenario, **SMALL)  # type: ignore[arg-type]
    given, values = scenario.inputs(plan.scale, plan.years)["as_agreed"], parameter_values(scenario, plan, 0)
    past = live_past(given, values, plan.seed)
    model = PreventionModel(given, values, plan.seed, past)
    model.keep_ledger()
    return model, past


def with_programme(given: ModelInputs, number: int) -> ModelInputs:
    return replace(given, programmes=given.programmes[number : number + 1])


def test_asking_for_people_changes_nothing(both: tuple[xr.Dataset, xr.Dataset]) -> None:
    scenario = load("west_mercia_2022")
    plain = run_plan(scenario, make_plan(scenario, **SMALL))  # type: ignore[arg-type]
    assert plain.people is None
    assert plain.dataset.drop_attrs().identical(both[0].drop_attrs())


def test_people_add_up_to_the_results(both: tuple[xr.Dataset, xr.Dataset]) -> None:
    results, people = both
    scale = float(results.attrs["scale"])
    one = results.isel(replicate=0)
    harmed = (one.victimisations.sum("quintile") * scale).round()
    np.testing.assert_array_equal(people.victimisations.sum("person"), harmed.sum("year"))
    np.testing.assert_array_equal(people.victimisations_last_year.sum("person"), harmed.isel(year=-1))
    done = (one.offences_by_offender.sum(("sex", "age_band")) * scale).round()
    np.testing.assert_array_equal(people.offences.sum(("person", "offence")), done.sum("year"))
    np.testing.assert_array_equal(people.offences_last_year.sum(("person", "offence")), done.isel(year=-1))
    court = (one.justice_outcomes.sel(outcome="convictions") * scale).round()
    np.testing.assert_array_equal(people.convictions.sum("person"), court.sum("year"))
    np.testing.assert_array_equal(people.convictions_last_year.sum("person"), court.isel(year=-1))
    assert float(people.victimisations.sum()) > 100
    residents = (people.status == 1).sum("person")
    counted = (one.people_by_age.isel(year=-1).sum("age_band") * scale).round()
    assert (abs(residents - counted) <= 0.05 * counted).all()  # those who came in the last month are in one


def test_offences_of_the_ledger_are_those_of_offenders() -> None:
    """Each resident's own count in life, less the years before, is what the ledger has by group."""
    model, past = begun()
    model.run()
    assert model.ledger is not None
    rows = past.rows
    before = past.people.offences[:rows].astype(int)
    now = model.people.offences[:rows].astype(int)
    np.testing.assert_array_equal(now - before, model.ledger.offences[:rows].sum(axis=1))
    harmed = model.people.victimisations[:rows].astype(int) - past.people.victimisations[:rows]
    np.testing.assert_array_equal(harmed, model.ledger.victimisations[:rows].sum(axis=1))


def test_who_was_taken_on(both: tuple[xr.Dataset, xr.Dataset]) -> None:
    results, people = both
    starts = (results.programme_starts.isel(replicate=0).sum("year") * float(results.attrs["scale"])).round()
    taken = people.programmes_taken.sum("person")
    of_people = ~results.reaches.isin(["place", "system"])
    assert (taken >= starts)[:, of_people.values].all()
    assert (taken == 0)[:, ~of_people.values].all()
    assert float(taken.sum()) > 0
    assert (people.programmes_held <= people.programmes_taken).all()


def test_the_same_people_in_every_alternative(both: tuple[xr.Dataset, xr.Dataset]) -> None:
    people = both[1]
    assert list(people.alternative.values) == list(both[0].alternative.values)
    assert len(np.unique(people.person)) == people.sizes["person"]
    assert list(people.offence.values) == list(OFFENCES)
    assert set(np.unique(people.status)) == {1, 2, 3}
    assert (people.status == people.status.isel(alternative=0)).all()
    assert "Malvern_Hills" in people.district.attrs["flag_meanings"].split()
    assert 1900 < int(people.birth_year.min()) < int(people.birth_year.max()) == 2024
    assert set(np.unique(people.quintile)) <= {1, 2, 3, 4, 5}
    for name, variable in people.data_vars.items():
        assert variable.attrs["units"], name
        assert variable.attrs["long_name"], name


def test_a_person_whom_one_alternative_lacks() -> None:
    """Left out where absent, and everyone keeps a place of their own."""
    model, _ = begun()
    given = {"one": with_programme(model.inputs, 0), "two": with_programme(model.inputs, 1)}
    columns = model.people_columns()
    columns["run_taken_on"] = np.ones((model.rows, 1), np.uint16)
    fewer = {name: column[1:][::-1] for name, column in columns.items()}
    people = build({"one": columns, "two": fewer}, given, {})
    assert people.sizes["person"] == model.rows
    assert people.status.values[:, 0].tolist() == [int(columns["status"][0]), 0]
    np.testing.assert_array_equal(people.aces.values[0, 1:], people.aces.values[1, 1:])
    assert people.programmes_taken.sum("person").values.tolist() == [[model.rows, 0], [0, model.rows - 1]]
    with pytest.raises(ValueError, match="same key"):
        build({"one": {name: np.repeat(column, 2, axis=0) for name, column in columns.items()}},
              {"one": given["one"]}, {})  # fmt: skip


def test_a_file_comes_back_whole(both: tuple[xr.Dataset, xr.Dataset], tmp_path: Path) -> None:
    write_dataset(both[1], tmp_path / "people.nc")
    with xr.open_dataset(tmp_path / "people.nc") as back:
        assert back.load().identical(both[1])
