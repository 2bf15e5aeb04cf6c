"""What emerges in the engine and in the plain model is the same: a slice here, the whole on request."""

import re

import pytest

from experiments.equivalence.__main__ import held_against, main, table
from experiments.equivalence.cases import every_scheme, without_programmes
from experiments.equivalence.engine import see_engine
from experiments.equivalence.outcomes import margins
from experiments.equivalence.plain import see_plain
from experiments.equivalence.runs import engine_runs, plain_runs, read_journal
from experiments.equivalence.tost import compare
from experiments.reference.start import start_of
from model.record import EVENT_KINDS


@pytest.fixture(scope="module")
def small():
    return without_programmes(people=300, years=2)


def test_a_slice_of_300_people_and_24_months_is_not_different(small):
    engine, plain = 100, 14
    told = held_against(small, engine=engine, plain=plain)
    assert len(told) > 45
    # Of fewer than ten events in all runs of the plain model no error can be told from their spread.
    often = [each for each in told if each.first * plain >= 10]
    assert len(often) > 25
    # One slice in twenty differs somewhere by chance alone: what does must differ in runs of other seeds too.
    if seen := [each.name for each in often if each.different]:
        inputs, values, past = small
        first = engine_runs(inputs, values, past, range(engine + 1, 2 * engine + 1), 1, None)
        again = compare(first, plain_runs(inputs, values, past, range(plain + 1, 3 * plain + 1)), margins(seen))
        assert not [each for each in again if each.different], "\n".join([*table(told), *table(again)])
    # What so small a slice can tell is told: the number of people has little noise even here.
    assert {each.name for each in told if each.equivalent} >= {"residents"}, "\n".join(table(told))


def test_the_same_seed_gives_the_same_run_and_another_not(small):
    inputs, values, past = small
    one, again, other = plain_runs(inputs, values, past, [3]), plain_runs(inputs, values, past, [3]), plain_runs(
        inputs, values, past, [4]
    )  # fmt: skip
    assert one == again
    assert one != other


def test_runs_are_kept_and_not_lived_again_and_a_cut_line_is_lived_again(small, tmp_path):
    inputs, values, past = small
    journal = tmp_path / "plain.jsonl"
    first = plain_runs(inputs, values, past, [1, 2], journal=journal)
    kept = journal.read_bytes()
    lived = []
    assert plain_runs(inputs, values, past, [1, 2], journal=journal, report=lived.append) == first
    assert lived == []
    assert journal.read_bytes() == kept
    journal.write_bytes(kept[:-20])
    assert set(read_journal(journal)) == {1}
    assert plain_runs(inputs, values, past, [1, 2], journal=journal) == first
    assert journal.read_bytes() == kept


def test_the_command_tells_what_it_found(capsys):
    assert main(["--people", "300", "--years", "1", "--engine-runs", "40", "--plain-runs", "12", "--jobs", "1"]) == 0
    told = capsys.readouterr().out
    assert "largest difference" in told
    assert re.search(r"[4-9]\d outcomes: \d+ equivalent, 0 different", told)


def test_charges_come_to_court_but_for_cases_kept_out_of_it_in_both():
    inputs, values, past = every_scheme(people=2000, years=2)
    for seen in (see_engine(inputs, values, past, 1), see_plain(inputs, values, start_of(past), 1)):
        assert seen.bought["diverted"] > 0
        charges = dict(zip(EVENT_KINDS, seen.events, strict=True))["charge"]
        assert seen.in_court.sum() == charges - seen.bought["diverted"]


@pytest.mark.slow
@pytest.mark.parametrize(("case", "engine", "plain"), [(without_programmes, 300, 60), (every_scheme, 150, 40)])
def test_all_declared_outcomes_of_5000_people_and_ten_years_are_equivalent(case, engine, plain, tmp_path):
    told = held_against(case(people=5000, years=10), engine, plain, jobs=2, folder=tmp_path)
    print("\n".join(table(told)))
    assert not [each.name for each in told if each.different]
    assert sum(each.equivalent for each in told) >= 40  # what so few runs cannot tell is printed, and is no agreement
