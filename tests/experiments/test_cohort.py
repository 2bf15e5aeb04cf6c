"""Whole lives: what is counted of members is what happened, and nothing that is tried changes who they are."""

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

import upstream
from experiments.cohort import command, lives
from experiments.cohort.area import closed, held, read_rates
from experiments.cohort.command import Asked, cohort
from experiments.cohort.services import service_use
from experiments.trials.trial import CONTROL, TREATMENT
from model.evidence import draw_values, read
from model.happenings import HAPPENED
from model.inputs import ModelInputs, month_of
from model.law import law_year, laws
from model.people import RESIDENT
from model.record import EVENT_KINDS
from model.rules.demand import demand_of
from model.vocabulary import SERVICES
from model.world import PreventionModel, live_past
from scenarios import InputFaults
from scenarios.areas import folder_of, load_area
from scenarios.areas.posterior import NAME, hashes

SMALL = {"area": "west_mercia", "size": 120, "to": 13, "seed": 3}


def quiet(what: str, share: float) -> None:
    pass


def lived(folder, **changes):
    cohort(Asked(folder=folder, **{**SMALL, **changes}), quiet)
    return xr.load_dataset(folder / "cohort.nc")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return lived(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def everybody():
    """A year of a closed area in which everybody is a member."""
    area, values = closed(load_area("west_mercia")), draw_values(read(), 1, None, 1)
    inputs = ModelInputs(area, read(), (), np.zeros((0, 1)), month_of(2022, 4), 1, 0.008)
    model = PreventionModel(inputs, values, 5, live_past(inputs, values, 5))
    whole = lives.room(model.rows, 101)
    lives.join(whole, np.flatnonzero(model.columns["status"][: model.rows] == RESIDENT), model.columns)
    for _ in range(12):
        month = model.month
        model.step()
        lives.note_month(whole, model.now.log[: model.now.counts[HAPPENED]], model.columns, model.rows, month)
    return model, whole, values


def test_what_members_do_is_what_the_record_has(everybody):
    model, whole, _ = everybody
    events = dict(zip(EVENT_KINDS, model.record.events.sum(axis=(0, 1)), strict=True))
    assert whole.arrests.sum() == events["arrest"] > 0
    assert whole.convictions.sum() == events["conviction"] > 0
    assert whole.victimisations.sum() == model.record.victims.sum() > 0
    for e, name in enumerate(lives.EVENTS):
        if name == "reported":  # of an offence against a business or nobody, no member reports it
            assert 0 < whole.events[..., e].sum() < events[name]
        elif name == "care_entry":  # those born in the year are no members
            assert 0 <= events[name] - whole.events[..., e].sum() <= 3
        else:
            assert whole.events[..., e].sum() == events[{"domestic_incident": "domestic_reported"}.get(name, name)]
    by_residents = model.record.offender_age.sum()
    assert whole.offences.sum() == by_residents > 0


def test_their_use_of_services_is_the_demand_of_the_area(everybody):
    model, whole, values = everybody
    mine = service_use(whole, model.inputs.area, values).sum(axis=(0, 1))
    theirs = demand_of(model.record, model.inputs.area, values).sum(axis=(0, 1))
    for s, name in enumerate(SERVICES):
        if name in ("victim_support", "police_incidents", "calls_999", "calls_101"):  # of businesses: no member's
            assert 0 < mine[s] < theirs[s]
        else:  # states are counted at the end of a month here, and in its middle there; newborn are no members
            assert mine[s] == pytest.approx(theirs[s], rel=0.03), name


def test_children_are_counted_of_those_who_bore_them(everybody):
    model, whole, _ = everybody
    people = model.columns[: model.rows]
    mothers = people["carer1"][people["birth"] >= month_of(2022, 4)]
    assert 0 < whole.births.sum() == np.isin(mothers, whole.row).sum()
    assert (whole.alone <= whole.lived).all()
    assert whole.alone.sum() > 100


def test_benefits_and_nights_are_told_of_whatever_cause(plain):
    for name, reason in (("benefit_months", "benefit"), ("hospital_nights", "stay")):
        assert np.allclose(plain[name], plain[f"{name}_by_reason"].sum(reason))
        assert np.array_equal(plain[name], plain["service_use"].sel(service=name))
    assert plain["benefit_months"].sum() == 0  # nobody is sixteen yet
    assert plain["hospital_nights"].sum() > plain["hospital_nights_by_reason"].sel(stay="after_offence").sum()
    assert (plain["births"] == 0).all()


def test_ages_are_whole_and_months_lived_add_up(plain):
    whole = plain["died"].isnull().values
    assert (plain["lived_months"].values[whole] == 12).all()
    assert 0.8 * SMALL["size"] < plain.sizes["person"] <= SMALL["size"]  # so few that chance may give fewer births
    assert plain.sizes["age"] == SMALL["to"] + 1
    assert (plain["custody_months"] <= plain["lived_months"]).all()
    assert np.array_equal(plain["ace_count"], plain["ace"].isel(type=slice(0, 9)).sum("type"))
    assert plain.attrs["weight"] > 1
    assert plain["person"].to_index().is_unique
    assert plain["offences"].sel(age=slice(0, 9)).sum() == 0


def test_the_same_seed_gives_the_same_lives_also_after_a_stop(plain, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "EVERY", 60)
    monkeypatch.setattr(command, "told", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        lived(tmp_path)
    assert (tmp_path / command.GOING_ON).is_file()
    monkeypatch.undo()
    again = lived(tmp_path)
    xr.testing.assert_identical(plain.drop_attrs(), again.drop_attrs())
    assert not (tmp_path / command.GOING_ON).exists()
    monkeypatch.setattr(command, "EVERY", 60)
    monkeypatch.setattr(command, "told", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        lived(tmp_path)
    with pytest.raises(InputFaults, match="another cohort"):
        lived(tmp_path, seed=4)


def test_without_experiences_the_same_people_have_none(plain, tmp_path):
    without = lived(tmp_path, without_aces=True)
    assert np.array_equal(plain["person"], without["person"])
    assert np.array_equal(plain["sex"], without["sex"])
    assert np.array_equal(plain["birth_month"], without["birth_month"])
    assert plain["ace"].sum() > 30
    assert without["ace"].sum() == 0
    assert (without["programmes_held"] == 1).all()


def test_a_trial_randomises_who_is_found(tmp_path):
    ds = lived(tmp_path, to=17, trial="mentoring", number=16)
    arm = ds["arm"].values
    assert (arm == CONTROL).sum() + (arm == TREATMENT).sum() == 16
    assert 3 <= (arm == TREATMENT).sum() <= 13
    held_by = ds["programmes_held"].sel(programme="mentoring").values == 1
    assert held_by.any()
    assert (arm[held_by] == TREATMENT).all()
    assert np.array_equal(held_by, ds["took_part"].values == 1)
    assert np.isfinite(ds["enrolled"].values[arm > 0]).all()
    assert np.isnan(ds["enrolled"].values[arm == 0]).all()


def test_rates_hold_or_follow_a_table(tmp_path):
    area, values = load_area("west_mercia"), draw_values(read(), 1, None, 1)
    table = laws(area, values, 1, 2030)
    first = law_year(2022)
    same = held(table, 2022)
    assert (same[first + 1 :] == same[first]).all()
    assert (same[:first] == table[:first]).all()
    path = tmp_path / "rates.csv"
    path.write_text("year,offending,charge,out_of_court\n2022,1,1,1\n2023,0.5,2,1\n", encoding="utf-8")
    moved = held(table, 2022, rates=read_rates(path))
    assert np.allclose(moved["rate"][first + 1 :], 0.5 * same["rate"][first])
    assert np.allclose(moved["charge"][-1], 2 * same["charge"][first])
    path.write_text("year,offending,charge,out_of_court\n2022,1,1,1\n2024,a,1,1\n2025,1,99,1\n", encoding="utf-8")
    with pytest.raises(InputFaults) as wrong:
        read_rates(path)
    assert [fault.line for fault in wrong.value.faults] == [3, 4]


def test_rates_are_as_those_born_in_a_year_met_them():
    """At 20 those of 1973 as for who was born in 1953; once 2022 is reached they stay."""
    area, values = load_area("west_mercia"), draw_values(read(), 1, None, 1)
    table = laws(area, values, 1, 2102)
    first = law_year(2022)
    met = held(table, 2022, as_born=1953)
    assert (met[:first] == table[:first]).all()
    for name in ("rate", "charge", "child_detected", "start"):
        assert np.array_equal(met[name][first + 20], table[name][law_year(1973)])
        assert np.array_equal(met[name][-1], table[name][first])
    assert not np.array_equal(met["rate"][first + 40], table["rate"][first])
    assert np.array_equal(held(table, 2022, as_born=2022), held(table, 2022))


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (("--rates", "x.csv", "--as-born", "1953"), "give one of them"),
        (("--trial", "hot_spots"), "only a scheme of people"),
        (("--trial", "mentorin"), "mentoring"),
        (("--rates", "nowhere.csv"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_line(given, what, tmp_path):
    done = CliRunner().invoke(upstream.cli, ["cohort", "west_mercia", "--out", str(tmp_path / "x"), *given])
    assert done.exit_code == 2
    assert what in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "x").exists()


def test_a_fit_that_is_stale_is_told(plain, tmp_path):
    assert plain.attrs["fit_warning"] == ""
    text = (folder_of("west_mercia") / NAME).read_text(encoding="utf-8")
    (tmp_path / NAME).write_text(text.replace(hashes()[0], "another"), encoding="utf-8")
    asked = Asked(folder=tmp_path, fit=tmp_path, **SMALL)
    said = command.warning_of(asked)
    assert "made with another version" in said
    assert command.summary(asked, plain.assign_attrs(fit_warning=said), None)[0] == said
