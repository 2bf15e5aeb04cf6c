"""What a run predicted, and scores of it: laws that do not depend on an area."""

from datetime import date

import numpy as np
import pytest
from fake_outcomes import dataset

from model.vocabulary import OFFENCES
from results.register.predicted import (
    NAMED,
    NOT_IN_TOTAL,
    SUMS,
    covers,
    entry_name,
    held_by,
    identity,
    predicted,
    quantiles,
    recorded,
)
from results.register.scored import (
    FORECAST,
    LEVEL_SET,
    LOOK_BACK,
    Entry,
    Held,
    Recorded,
    kind_of,
    scored,
    summaries,
    summary_rows,
)
from results.register.scores import coverage, crps, errors, intervals, rank, skill, skill_by_crps


@pytest.mark.parametrize(
    ("runs", "observed", "score"),
    [
        ([1.0, 2.0, 4.0], 2.0, 0.0),  # mean |x - y| = 1; pairs 1, 3 and 2, mean 2, half of it 1
        ([1.0, 2.0, 4.0], 6.0, 8 / 3),  # mean |x - y| = (5 + 4 + 2) / 3 = 11/3, less 1
        ([10.0, 20.0], 10.0, 0.0),  # 5 less half of 10
        ([3.0, 3.0], 5.0, 2.0),  # no spread: the absolute error
    ],
)
def test_crps_by_hand(runs: list[float], observed: float, score: float) -> None:
    assert crps(np.array([runs]), np.array([observed]))[0] == pytest.approx(score)


def test_crps_of_many_runs_is_that_of_their_distribution() -> None:
    """Of a normal at its own mean: sd (sqrt(2) - 1) / sqrt(pi) (Gneiting and Raftery 2007); and fair with few runs."""
    closed = (np.sqrt(2) - 1) / np.sqrt(np.pi)
    rng = np.random.default_rng(1)
    many = crps(rng.normal(size=(1, 4000)), np.zeros(1))[0]
    few = crps(rng.normal(size=(20_000, 5)), np.zeros(20_000))
    assert many == pytest.approx(closed, abs=0.02)
    assert few.mean() == pytest.approx(closed, abs=4 * few.std() / np.sqrt(few.size))


def test_a_single_run_has_no_crps() -> None:
    assert np.isnan(crps(np.array([[3.0]]), np.array([4.0]))).all()


@pytest.mark.parametrize("runs", [3, 8, 19, 40])
def test_a_truth_from_the_same_distribution_is_held_as_often_as_said(runs: int) -> None:
    rng = np.random.default_rng(runs)
    drawn = rng.gamma(2.0, size=(3000, runs + 1))
    for at, width in enumerate((0.5, 0.9)):
        held = np.array([intervals(row[:-1])[at].holds(row[-1]) for row in drawn])
        told = coverage(held, width, runs)
        assert abs(told.share - told.expected) < 4 * told.error, (width, told)
        assert told.expected == pytest.approx(min(width, (runs - 1) / (runs + 1)))


def test_a_truth_from_elsewhere_is_not_held() -> None:
    rng = np.random.default_rng(0)
    held = np.array([intervals(rng.normal(size=40))[1].holds(rng.normal(2.0)) for _ in range(500)])
    told = coverage(held, 0.9, 40)
    assert told.share < told.expected - 4 * told.error


def test_rank_counts_half_of_ties() -> None:
    assert rank(np.array([1.0, 2.0, 2.0, 5.0]), 2.0) == 50.0
    assert rank(np.array([1.0, 2.0]), 9.0) == 100.0


def test_errors_leave_out_nought_where_they_divide() -> None:
    told = errors(np.array([110.0, 5.0]), np.array([100.0, 0.0]))
    assert told.bias == pytest.approx(7.5)
    assert told.bias_percent == pytest.approx(15)
    assert told.mape == pytest.approx(10)


def test_skill_wants_a_reference() -> None:
    score = np.array([1.0, 2.0, 50.0])
    assert skill(score, np.array([2.0, 4.0, np.nan])) == pytest.approx(0.5)
    assert skill(score, score) == pytest.approx(0.0)
    assert np.isnan(skill(score, np.full(3, np.nan)))


def test_a_fair_score_of_few_is_no_skill() -> None:
    """Of two runs it is nought wherever the record lies between them, which would be called perfect."""
    assert crps(np.array([[0.0, 1000.0]]), np.array([400.0]))[0] == pytest.approx(0)
    score, naive = np.ones(40), np.full(40, 2.0)
    assert skill_by_crps(score, naive, 40) == pytest.approx(0.5)
    assert np.isnan(skill_by_crps(score, naive, 2))
    assert np.isnan(skill_by_crps(score[:3], naive[:3], 40))


def test_rows_add_up() -> None:
    """The total is the sum of its groups, and the area that of its districts, in every run."""
    ds = dataset()
    told = recorded(ds)
    parts = [name for name in OFFENCES if name not in NOT_IN_TOTAL]
    np.testing.assert_allclose(told.sel(offence=parts).sum("offence"), told.sel(offence="total"))
    districts = told.sel(area=[name for name in told.area.values if name])
    np.testing.assert_allclose(districts.sum("area"), told.sel(area="", drop=True))
    header, rows = predicted(ds)
    assert header[: len(NAMED)] == list(NAMED)
    assert len(rows) == len({tuple(row[: len(NAMED)]) for row in rows})
    assert len(rows) == ds.sizes["alternative"] * ds.sizes["year"] * 22 * (ds.sizes["area"] + 1)
    one = rows[0]
    runs = np.array(one[len(NAMED) + len(SUMS) :], dtype=float)
    assert runs.size == ds.sizes["replicate"]
    assert one[len(NAMED)] == pytest.approx(runs.mean())
    np.testing.assert_allclose(np.array(one[len(NAMED) + 1 : len(NAMED) + len(SUMS)], float), quantiles(runs))


def test_identity_is_of_what_a_run_is_made_from_and_not_of_its_date() -> None:
    ds = dataset()
    same = ds.assign_attrs(date="another day")
    assert entry_name(same) == entry_name(ds)
    for name in ("seed", "scale", "source_hash", "evidence_hash", "area_hash", "posterior_hash", "scenario"):
        assert identity(ds.assign_attrs({name: "another"})) != identity(ds), name
    assert identity(ds.isel(replicate=slice(1, None))) != identity(ds)


def test_it_says_what_the_spread_covers() -> None:
    ds = dataset()
    told = " ".join(covers(ds.assign_attrs(scale="0.25")))
    assert "2.0 times" in told
    assert "4.0 times" in told
    assert "times" not in " ".join(covers(ds.assign_attrs(scale="1.0")))
    assert "no spread" in covers(ds.isel(replicate=[0]))[0]


def test_few_runs_hold_no_more_than_their_range() -> None:
    assert held_by(0.9, 8) == pytest.approx(7 / 9)
    assert held_by(0.9, 19) == pytest.approx(0.9)


def test_a_forecast_is_registered_before_the_year_begins() -> None:
    assert kind_of(2023, date(2023, 3, 31), 2022) == FORECAST
    assert kind_of(2023, date(2023, 4, 1), 2022) == LOOK_BACK
    assert kind_of(2022, date(2020, 1, 1), 2022) == LEVEL_SET


def entry() -> Entry:
    places = [("plan", "2022/23", "total", ""), ("plan", "2023/24", "total", ""), ("plan", "2023/24", "robbery", ""),
              ("plan", "2023/24", "total", "Here")]  # fmt: skip
    return Entry("one", date(2023, 1, 1), {}, {place: np.arange(90.0, 111.0) for place in places})


def test_naive_never_knows_the_year_and_levels_stay_apart() -> None:
    told = [Recorded(year, group, district, 104.0, "s") for year, group, district in
            [(2022, "total", ""), (2023, "total", ""), (2023, "robbery", ""), (2023, "total", "Here"),
             (2030, "total", "")]]  # fmt: skip
    found = scored(entry(), "plan", told, {"total": Held(96.0, 2022), "robbery": Held(96.0, 2024)}, 2022)
    assert len(found) == 4  # the register has nothing of 2030
    naive = {(one.year, one.group, one.district): one.naive for one in found}
    assert naive[2023, "total", ""] == 96.0
    assert all(np.isnan(value) for place, value in naive.items() if place != (2023, "total", ""))
    rows = summaries(found)
    assert [(one.level, one.of, one.errors.figures) for one in rows] == [
        ("total", "", 1), ("group", "", 1), ("group", "robbery", 1), ("district", "", 1),
    ]  # fmt: skip
    assert rows[0].skill_error == pytest.approx(1 - 4 / 8)
    assert np.isnan(rows[1].skill_error)
    header, table = summary_rows(rows)
    assert {len(row) for row in table} == {len(header)}
