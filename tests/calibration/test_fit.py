"""A fit from end to end, small: what is kept is not lived again, and the files say what came of it."""

import csv

import numpy as np
import pytest
from click.testing import CliRunner

from calibration.fit import fit as fitting
from calibration.fit.bank import inputs_of, question, table_at
from calibration.fit.command import Asked, calibrate, same_fit
from calibration.fit.fit import Sizes, conflicts, fit, numbers
from calibration.fit.write import verdict, write
from calibration.targets import Target, targets_of
from calibration.unknowns import unknowns_of, values_at
from experiments.runner import alone
from experiments.runner.journal import open_journal
from experiments.sensitivity.problem import Ranges
from model.evidence import Evidence, Row, draw_values, read
from scenarios import InputFaults
from scenarios.areas import load_area
from scenarios.areas.posterior import NAME, hashes, read_posterior
from upstream import cli

AREA = load_area("west_mercia")
FEW = ("spread", "known", "no_crime", "opiates", "repeat")
TINY = Sizes(40, 8, 4, 2, 2, 1, 60, 20, 3)
OF = ("demand", "health", "victims")


def some_targets():
    return tuple(one for one in targets_of(AREA) if one.family in OF)


def small():
    unknowns = [one for one in unknowns_of(read()) if one.id in FEW]
    return question(AREA, unknowns, some_targets(), 0.002, 5)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fit")
    said = []
    with open_journal(folder) as journal:
        fitted = fit(small(), TINY, journal, alone.carry_out, lambda words, share: said.append(share))
    return folder, fitted, said


def test_a_fit_gives_a_sample_inside_what_was_believed(done):
    _, fitted, said = done
    assert fitted.places.shape == (52, len(FEW))
    assert fitted.draws.shape == (20, len(FEW))
    assert ((fitted.draws >= 0) & (fitted.draws <= 1)).all()
    assert fitted.at_mean.shape[0] == 3  # as many as the last round has
    assert said == sorted(said)


def test_a_fit_that_was_stopped_goes_on_and_lives_nothing_twice(done, monkeypatch):
    folder, fitted, _ = done
    lived = []
    monkeypatch.setattr(fitting, "lived", lambda *given: lived.append(given[0]) or real(*given))
    with open_journal(folder) as journal:
        before = len(journal.entries())
        again = fit(small(), TINY, journal, alone.carry_out, lambda words, share: None)
        assert len(journal.entries()) == before == 59
    assert len(lived) == 6
    assert np.array_equal(again.draws, fitted.draws)
    assert np.array_equal(again.figures, fitted.figures, equal_nan=True)


real = fitting.lived


def test_the_files_tell_every_target_and_unknown(done, tmp_path):
    _, fitted, _ = done
    asked, targets = small(), some_targets()
    lines = write(asked, fitted, targets, tmp_path)
    with (tmp_path / "targets.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == [one.id for one in targets]
    assert all(row["why not measured"] for row in rows if row["verdict"] == "not measurable")
    assert {row["verdict"] for row in rows} <= {"pass", "near", "fail", "not measured", "not measurable"}
    with (tmp_path / "unknowns.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["id"] for row in csv.DictReader(stream)] == [one.id for one in asked.unknowns]
    told = (tmp_path / "fit.md").read_text(encoding="utf-8")
    assert lines[0] in told
    missed = [row["id"] for row in rows if row["use"] == "fit" and row["verdict"] in ("near", "fail")]
    assert missed
    signs = {one.id for one in targets if one.sign}
    assert all(f"- {id} (" in told for id in missed if id not in signs)


def test_the_posterior_is_read_as_it_was_drawn(done, tmp_path):
    _, fitted, _ = done
    asked = small()
    write(asked, fitted, some_targets(), tmp_path)
    posterior = read_posterior(tmp_path)
    ranges, middle = Ranges(asked.unknowns), draw_values(asked.evidence, 1, None, 1)
    first = values_at(middle, ranges, fitted.draws[0])
    for name, value in zip(posterior.names, posterior.draws[0], strict=True):
        assert value == pytest.approx(first[name], rel=1e-6)
    assert (posterior.model, posterior.evidence) == hashes()
    assert posterior.warning == ""


def test_a_posterior_of_another_version_says_so_in_one_line(done, tmp_path):
    _, fitted, _ = done
    write(small(), fitted, some_targets(), tmp_path)
    told = (tmp_path / NAME).read_text(encoding="utf-8").replace(hashes()[0], "0" * 12)
    (tmp_path / NAME).write_text(told, encoding="utf-8")
    warning = read_posterior(tmp_path).warning
    assert "another version" in warning
    assert "\n" not in warning


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("draw,model\n0,a\n", "does not begin with"),
        ("draw,model,evidence,no_such_row\n0,a,b,1\n", "no evidence row is named no_such_row"),
        ("draw,model,evidence,offending.spread\n0,a,b,much\n", "other things than numbers"),
        ("draw,model,evidence,offending.spread\n0,a,b,inf\n", "not finite"),
    ],
)
def test_a_spoilt_posterior_is_refused_in_a_line(text, said, tmp_path):
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(InputFaults, match=said):
        read_posterior(tmp_path)


def test_draws_are_spread_evenly_over_the_posterior(done, tmp_path):
    _, fitted, _ = done
    write(small(), fitted, some_targets(), tmp_path)
    posterior = read_posterior(tmp_path)
    name = posterior.names[0]
    drawn = [posterior.draw(3, draw, 20)[name] for draw in range(20)]
    assert sorted(drawn) == pytest.approx(sorted(posterior.draws[:, 0].tolist()))
    assert posterior.draw(3, 4, 20) == posterior.draw(3, 4, 20)
    assert list(posterior.middle) == list(posterior.names)


def test_a_journal_of_another_fit_is_refused(done, tmp_path):
    asked = small()
    with open_journal(tmp_path) as journal:
        same_fit(journal, asked, TINY, tmp_path)
        same_fit(journal, asked, TINY, tmp_path)
        with pytest.raises(InputFaults, match="another fit"):
            same_fit(journal, asked._replace(seed=6), TINY, tmp_path)


def test_each_run_of_the_bank_has_a_seed_and_values_of_its_own():
    asked = small()
    table = table_at(asked, np.random.default_rng(1).random((3, len(FEW))))
    assert len({run.hash for run in table.runs}) == 3
    assert len({one.seed for one in table.replicates}) == 3
    later = table_at(asked, np.random.default_rng(1).random((3, len(FEW))), 10)
    assert {one.seed for one in later.replicates}.isdisjoint(one.seed for one in table.replicates)
    assert inputs_of(asked).programmes == ()


def test_unknowns_are_rows_with_ranges_once_each():
    unknowns = unknowns_of(read())
    assert 20 <= len(unknowns) <= 40
    names = [row.name for one in unknowns for row in one.rows]
    assert len(names) == len(set(names))
    with pytest.raises(ValueError, match="no row with a range"):
        unknowns_of(Evidence([Row("a", 1.0, "u", "judgement", "judgement", 1)]))


def test_a_miss_in_conflict_names_what_stands_against_it(done):
    _, fitted, _ = done
    found = conflicts(fitted, numbers(small()))
    assert all(worse > 0 for others in found.values() for _, worse in others)


def test_verdicts_are_in_tolerances():
    one = Target("a", "f", "w", 10.0, 2.0, "u", "p", "a", "s", "checked", "fit")
    told = [verdict(one, found) for found in (11.9, 13.9, 14.1, float("nan"))]
    assert told == ["pass", "near", "fail", "not measured"]


def test_the_command_refuses_what_is_no_area(tmp_path):
    told = CliRunner().invoke(cli, ["calibrate", "nowhere", "--out", str(tmp_path / "x")])
    assert told.exit_code == 2
    assert "neither a shipped area nor a folder" in told.output
    assert not (tmp_path / "x").exists()
    with pytest.raises(InputFaults):
        calibrate(Asked("nowhere", tmp_path / "y", True, 1, False), 1, lambda words, share: None)
