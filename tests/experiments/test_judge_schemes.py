"""Judging schemes: what is kept of each draw, what the words mean, and a very small judgement."""

import csv
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments import judge_schemes, judging
from experiments.judge_schemes import (
    Row,
    ages_check,
    agreement,
    append,
    draw_of,
    draws_kept,
    due,
    line_of,
    ranked,
    sign_words,
    two_figures,
)
from experiments.judging import Ages, Draw, Told
from experiments.plan import Plan
from model.effects import ON_OFFENDING
from model.record import FIXED
from model.vocabulary import ANTISOCIAL
from model.world import PreventionModel, live_past

SMALL = ["--draws", "1", "--years", "1", "--scale", "0.001", "--jobs", "1", "--only", "victim_services"]


def told(averted: float, means_fewer: bool | None = True) -> Told:
    return Told(averted, 1000.0, 1000.0, 4.0, 4.0, means_fewer, 0, 1.0)


def draws(*averted: float) -> list[Draw]:
    return [Draw(at, 1.0, {"one": told(each)}, None) for at, each in enumerate(averted)]


def test_a_draw_comes_back_from_its_line() -> None:
    draw = Draw(3, 2.5, {"one": told(1.25, None), "two": told(-0.5)}, Ages(7, 0.0, 0.5, 2.0))
    assert draw_of(line_of(draw)) == draw


def test_a_journal_goes_on_where_it_was_cut_short(tmp_path: Path) -> None:
    path, settings = tmp_path / "new" / "journal.jsonl", {"draws": 2}
    assert draws_kept(path, settings) == []
    first, second = draws(1.0, 2.0)
    append(path, line_of(first))
    with path.open("a", encoding="utf-8") as stream:
        stream.write('{"draw": 1, "sec')
    assert draws_kept(path, settings) == [first]
    append(path, line_of(second))
    assert draws_kept(path, settings) == [first, second]


def test_a_journal_of_other_settings_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    draws_kept(path, {"draws": 2, "years": 3})
    with pytest.raises(ValueError, match=r"is of another years: give another --out") as refused:
        draws_kept(path, {"draws": 2, "years": 4})
    assert "\n" not in str(refused.value)


def test_signs_are_compared_draw_by_draw() -> None:
    assert sign_words(draws(1.0, 2.0), "one") == "yes"
    assert sign_words(draws(1.0, -2.0), "one") == "yes; not draws 1"
    assert sign_words(draws(*[-1.0] * 5), "one").startswith("no; not draws 0, 1")


def test_rank_goes_by_offences_a_pound() -> None:
    row = Row("a", "person", True, 1, 1, 1, 1, 1, 1, False, 1, 1, 1, 1, 1, "yes", "", 1.0, None)
    rows = [row, row._replace(scheme="b", averted_per_1000=2.0), row._replace(scheme="c", averted_per_1000=None)]
    assert [(one.scheme, one.rank) for one in ranked(rows)] == [("b", 1), ("a", 2), ("c", None)]


def test_places_due_are_worked_by_hand() -> None:
    """A quarter of a million for two years, a quarter of the cost, 3 months of set-up and a rise over 2: the months at
    work are 19 + 2/3 + 1/3 of 24."""
    case = judging.case_of(["we_dont_buy_crime"], Plan(1, 0.01, 2, (1,), 1), 250_000.0)
    programme = replace(case.scenario.programmes[0], set_up_months=3, ramp_months=2)
    values = {"we_dont_buy_crime.unit_cost": 50.0, "we_dont_buy_crime.commissioner_share": 0.25}
    assert due(case, programme, values) == pytest.approx(1_000_000 * 20 / 12 / 50)


def test_what_is_apart_is_named() -> None:
    assert agreement("spend", {"a": (100.0, 100.0), "b": (94.0, 100.0)}).holds is False
    assert "farthest: b, by 4.0%" in agreement("spend", {"a": (1.0, 1.0), "b": (96.0, 100.0)}).told
    assert agreement("spend", {"a": (0.0, 0.0)}).holds is None


def test_figures_are_rounded_to_two() -> None:
    shown = [two_figures(number) for number in (None, 0.0, -0.0, 253_400.0, 12.4, 1.26, -0.0123, 2.2e-5)]
    assert shown == ["", "0", "0", "250,000", "12", "1.3", "-0.012", "0.000022"]


def test_home_visiting_averts_nothing_before_10() -> None:
    assert ages_check([]).holds is None
    assert ages_check([Ages(4, 0.0, 1.0, 3.0)]).holds is True
    assert ages_check([Ages(4, 0.1, 0.0, 3.0)]).holds is False
    assert ages_check([Ages(4, 0.0, 3.0, 1.0)]).holds is False


def test_a_small_judgement_is_written_and_not_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = ["--out", str(tmp_path)]
    assert judge_schemes.main([*SMALL, *out]) == 0
    first = capsys.readouterr().out
    assert "victim_services (no outcome study)" in first
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert float(row["set_a_year"]) == judge_schemes.POUNDS
    assert (tmp_path / "table.md").read_text(encoding="utf-8") in first
    monkeypatch.setattr(judging, "watch", None)
    assert judge_schemes.main([*SMALL, *out]) == 0
    assert capsys.readouterr().out == first
    assert judge_schemes.main([*SMALL, *out, "--years", "2"]) == 2


def test_an_unknown_scheme_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge_schemes.main(["--only", "no_such", "--out", str(tmp_path)]) == 2
    assert "no shipped scheme is called no_such" in capsys.readouterr().err


def test_a_case_can_be_sent_to_another_process() -> None:
    case = judging.case_of(["parenting"], Plan(1, 0.004, 1, (1,), 1), 1e6)
    back = pickle.loads(pickle.dumps(case))
    assert back.scenario.evidence.hash == case.scenario.evidence.hash
    assert back.pounds == case.pounds == {"parenting": 1e6}


def test_what_is_watched_is_what_the_engine_expects() -> None:
    """Hazards read after a month are those of the next one but for what falls due in it: close to the engine's own
    sum. What the programme changes, person by person, is its sum too."""
    case = judging.case_of(["ref_scared_straight"], Plan(1, 0.004, 1, (1,), 1), 1e7)
    (programme,) = case.scenario.programmes
    values = {name: row.value for name, row in case.scenario.evidence.items()}
    past = live_past(judging.inputs_of(case, None), values, 7)
    model = PreventionModel(judging.inputs_of(case, programme), values, 7, past)
    summed, by_person = np.zeros(2), np.zeros(2)
    for _ in range(12):
        month, mix = model.month, model.law["mix"].astype(np.float64)
        model.step()
        people = model.people[: model.rows]
        held = np.flatnonzero(people["treated"] & ON_OFFENDING)
        hazards = model.now.expected.sum(axis=(0, 1)) @ mix[:, :ANTISOCIAL].sum(axis=1)
        summed += [hazards / FIXED, model.now.expected_change[..., :ANTISOCIAL].sum() / FIXED]
        changed = judging.changed_by_first(model, held, month, mix).sum()
        by_person += [judging.crime_of(people, mix).sum(), changed]
    assert summed[1] > 0.0
    assert by_person == pytest.approx(summed, rel=0.05)
