"""Validation: figures are what they say, a band is a band, and a mechanism taken out takes its pattern with it."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from watched_worlds import NOTHING

from calibration.targets import targets_of
from calibration.validation import adversity, held_out, patterns, trials
from calibration.validation.report import MISUSE, SECTIONS, Row, emergence, page, shown, write_csv
from calibration.validation.worlds import ALIKE, AS_FITTED, TAKEN_OUT, WITHOUT, Runs, Shuffling, taken_out
from calibration.watching.watched import BAND_FROM
from model.evidence import draw_values, read
from model.inputs import ModelInputs, month_of
from model.people import RESIDENT
from model.vocabulary import OFFENCES
from model.world import PreventionModel, live_past
from scenarios.areas import load_area
from scenarios.schemes import load_scheme, shipped_schemes

AREA = load_area("west_mercia")


def test_the_most_active_tenth_by_hand():
    # Ten offenders: nine with one offence, one with eleven; the tenth with most did 11 of 20.
    by_times = np.zeros(61)
    by_times[0], by_times[1], by_times[11] = 1000, 9, 1
    assert patterns.top_share(np.concatenate([[0], by_times[1:]]), 0.1) == pytest.approx(11 / 20)
    # Of all 1,010 the tenth holds everybody who offended.
    assert patterns.top_share(by_times, 0.1) == 1.0


def test_patterns_have_bands_that_hold_their_value():
    for one in patterns.read_patterns(read(), targets_of(AREA)):
        assert one.low <= one.value <= one.high, one.id
        assert one.verdict(one.value) == "pass"
        width = one.high - one.low
        assert one.verdict(one.high + 0.2 * width) == "near"
        assert one.verdict(one.low - 0.6 * width) == "fail"
        assert one.verdict(float("nan")) == "not measured"
    assert sum(one.emerges for one in patterns.read_patterns(read(), targets_of(AREA))) >= 8


def test_overlap_is_of_the_young_within_age_and_sex():
    overlap = np.zeros((len(BAND_FROM), 2, 2, 2), np.int64)
    overlap[BAND_FROM.index(16), 1] = [[80, 20], [10, 10]]
    overlap[BAND_FROM.index(45), 1] = [[10, 90], [90, 10]]
    assert patterns.overlap_odds(NOTHING._replace(overlap=overlap)) == pytest.approx(80 * 10 / (20 * 10))


def test_another_area_is_predicted_from_nothing_of_its_crime():
    essex = load_area("essex")
    one = held_out.predicted_area(essex, AREA)
    other = held_out.predicted_area(
        replace(essex, recorded=essex.recorded * 3, street_crime=essex.street_crime[::-1].copy(), charge_rate={}), AREA
    )
    for name in ("recorded", "street_crime"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert one.charge_rate == other.charge_rate == AREA.charge_rate
    heads = essex.population.sum() / AREA.population.sum()
    assert one.recorded.sum() == pytest.approx(AREA.recorded.sum() * heads)
    # The fitted area predicted from itself keeps its totals by kind of street crime.
    own = held_out.street_like(AREA, AREA)
    assert np.allclose(own.sum(axis=0) / 100, AREA.street_crime.sum(axis=0), rtol=0.01)


def test_later_years_are_told_beside_the_nation():
    recorded = np.zeros((3, 1, len(OFFENCES)), np.int64)
    recorded[:, 0, 0] = 1000, 1100, 900
    watched = NOTHING._replace(
        population=np.array([[100.0], [100.0], [100.0]]), recorded=recorded,
        events=np.ones((3, 14), np.int64), states=np.ones((3, 17)), first_time_entrants=np.ones((3, 2), np.int64),
    )  # fmt: skip
    told = [one for one in held_out.later_years(Runs((watched,), 1.0)) if one.what.startswith("Crime recorded")]
    assert [one.found for one in told] == pytest.approx([1.1, 0.9])
    # 5.403 over 5.578 million, of 61.79 and 61.16 million people.
    assert told[0].value == pytest.approx(5.403 / 5.578 * 61.16 / 61.79, rel=1e-3)
    assert told[0].low < told[0].value < told[0].high


def test_shuffling_moves_propensity_within_age_and_sex_and_nothing_else():
    inputs = ModelInputs(AREA, read(), (), np.zeros((0, 1)), month_of(2022, 4), 1, 0.002)
    values = draw_values(read(), 1, None, 1)
    model = PreventionModel(inputs, values, 5, live_past(inputs, values, 5))
    before = model.columns[: model.rows].copy()
    shuffling = Shuffling(model)
    shuffling.step()
    after = model.columns[: before.size]
    here = (before["status"] == RESIDENT) & (after["status"] == RESIDENT)
    lived = inputs.start - before["birth"].astype(int)
    no_birthday = here & (lived % 12 != 0)
    assert (after["propensity"][no_birthday] != before["propensity"][no_birthday]).mean() > 0.8
    for sex in (0, 1):
        young = here & (before["sex"] == sex) & (lived // 12 == 20)
        still = young & (lived % 12 != 0)
        assert np.isin(after["propensity"][still], before["propensity"][young]).all()
    assert np.array_equal(before["family"], after["family"])
    assert shuffling.rows == model.rows


def test_the_fall_and_the_attributable_fraction_by_hand(tmp_path):
    offences = np.zeros((4, 1, len(OFFENCES)), np.int64)
    offences[:, 0, OFFENCES.index("violence_with_injury")] = 1, 3, 0, 2
    dims = ("person", "age", "offence")

    def cohort(done, name):
        ds = xr.Dataset(
            {"offences": (dims, done), "ace_count": ("person", [0, 4, 0, 2]), "sex": ("person", [0, 0, 1, 1])},
            coords={"person": [1, 2, 3, 4], "offence": list(OFFENCES)},
        )
        ds.to_netcdf(tmp_path / name)
        return tmp_path / name

    one = cohort(offences, "with.nc")
    fewer = offences.copy()
    fewer[1, 0] //= 3
    told = adversity.removed(one, cohort(fewer, "without.nc"), 0.5)
    # 6 offences; women without any do 1 each, men 0: 2 would be left, so 4 of 6 are put down to experiences.
    assert told.attributable == pytest.approx(4 / 6)
    assert told.fall == pytest.approx(2 / 6)
    assert told.ratio == pytest.approx(0.5)


def test_the_error_of_what_goes_is_that_of_other_people(tmp_path, monkeypatch):
    """The jackknife beside what two hundred other cohorts of the same kind spread by."""
    monkeypatch.setattr(adversity, "VIOLENT", ("violence",))
    rng, told = np.random.default_rng(1), []
    for _ in range(200):
        number = rng.choice([0, 4], 400)
        done = rng.poisson(1.0 + number / 2.0)
        left = rng.binomial(done, np.where(number > 0, 0.7, 1.0))
        for name, offences in (("with", done), ("without", left)):
            xr.Dataset(
                {"offences": (("person", "age", "offence"), offences[:, None, None]), "ace_count": ("person", number),
                 "sex": ("person", np.arange(400) % 2)},
                coords={"person": np.arange(400), "offence": ["violence"]},
            ).to_netcdf(tmp_path / f"{name}.nc")  # fmt: skip
        told.append(adversity.removed(tmp_path / "with.nc", tmp_path / "without.nc", 0.5))
    assert np.mean([one.error for one in told]) == pytest.approx(np.std([one.ratio for one in told]), rel=0.2)


def test_a_trial_finds_a_scheme_that_stops_offending_and_one_that_does_nothing():
    scheme = load_scheme(shipped_schemes()["mentoring"])
    values = draw_values(read().merge(scheme.evidence), 1, None, 1)
    ratio = next(one.ratio for one in scheme.programme.effects if one.kind == "offending")
    told = {"mentoring.uptake": 1.0, "mentoring.completion": 1.0, "mentoring.lag_months": 1.0}
    nothing = trials.tried(scheme, AREA, {**values, **told, ratio: 1.0}, 200, 0.02, 3)
    stops = trials.tried(scheme, AREA, {**values, **told, ratio: 1e-9}, 200, 0.02, 3)
    assert stops.control == nothing.control > 50
    # The control arm is touched through victims, ties and homes alone.
    assert stops.offences_control == pytest.approx(nothing.offences_control, rel=0.05)
    assert nothing.offences_control > 20
    assert stops.offences_treated < 0.05 * nothing.offences_treated
    assert stops.took_part == stops.treated
    one, low, high = trials.expected(scheme, values, 0.5)
    assert 1.0 - (1.0 - values[ratio]) * 0.5 == pytest.approx(one) or low <= one <= high


def test_a_pattern_out_as_fitted_tells_nothing_of_a_mechanism():
    def row(section, id, where, verdict):
        return Row(section, id, "what", where, 1.0, 0.5, 1.5, 1.0, 0.1, verdict, "source")

    rows = [
        row("patterns", "a", "as fitted", "pass"), row("patterns", "b", "as fitted", "pass"),
        row("patterns", "c", "as fitted", "fail"), row("emergence", "a", "no history", "fail"),
        row("emergence", "b", "no history", "pass"), row("emergence", "c", "no history", "fail"),
        row("emergence", "a", "shuffled", "near"), row("emergence", "b", "shuffled", "fail"),
    ]  # fmt: skip
    within = "that are in their band as fitted leave it"
    assert emergence(rows) == [f"no history, 1 of the 2 {within}", f"shuffled, 2 of the 2 {within}"]
    stays = row("emergence", "b", "shuffled", "pass")
    assert emergence([*rows[:-1], stays])[-1] == "in none of these worlds out of its band: what"


def test_a_mechanism_is_taken_out_in_every_group_of_its_rows_and_nowhere_else():
    values = draw_values(read(), 1, None, 1)
    for world in TAKEN_OUT:
        changed = taken_out(world, values)
        assert {name.split("[")[0] for name in changed} == {row.split("[")[0] for row in WITHOUT[world]}
        assert all(values[name] != changed[name] for name in changed)
    assert sum(name.startswith("offending.ace_ratio[") for name in taken_out(ALIKE, values)) == 7
    assert taken_out(AS_FITTED, values) == {}
    with pytest.raises(KeyError, match="no rows"):
        taken_out(ALIKE, {"offending.ace_ratio[theft]": 3.0})


def test_the_page_says_what_the_model_is_not_for_and_names_each_section():
    rows = [Row(name, "id", "What <b>", "where", 1.0, 0.5, 1.5, 2.0, 0.1, "near", "source") for name, *_ in SECTIONS]
    text = page("Title", ["About"], rows)
    assert all(line in text.replace("&#x27;", "'") for line in MISUSE)
    assert all(f"<h2>{heading}</h2>" in text for _, heading, _ in SECTIONS)
    assert "What &lt;b&gt;" in text
    assert "http" not in text
    assert 'lang="en-GB"' in text
    assert [shown(x) for x in (0.0, 95006.4, 0.01234, 12.345, float("nan"))] == ["0", "95,006", "0.0123", "12.3", "–"]


def test_a_fit_that_is_stale_is_told_in_the_table(tmp_path):
    for warning in ("", "made with another model"):
        write_csv(tmp_path / "validation.csv", [], warning)
        head = (tmp_path / "validation.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        assert head[len(Row._fields) :] == ([warning] if warning else [])
