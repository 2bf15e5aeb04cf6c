"""The figures of two small runs are those kept beside this file, and every change of theirs has a reason."""

from pathlib import Path

import numpy as np

from experiments.baseline import HEADING, Baseline, Figure, differing, fingerprint, here, kept, taken, text_of

FILE = Path(__file__).with_name("baseline.csv")  # what is installed has no tests beside it
CHANGES = Path(__file__).parents[2] / "CHANGELOG.md"
ELSEWHERE = 0.02  # last bits of another processor may move a chance past its draw, here and there


def test_the_figures_are_those_kept() -> None:
    """To the last digit where they were taken; elsewhere nearly."""
    before, now = kept(FILE), taken()
    moved = differing(before, now, 0.0 if before.made_on == here() else ELSEWHERE)
    assert moved == [], f"{len(moved)} figures moved: if that is meant, python -m experiments.baseline --reason '...'"
    assert len(now.figures) > 300
    assert np.isfinite([one.total for one in now.figures]).all()


def test_every_change_of_the_figures_has_a_reason() -> None:
    reasons = CHANGES.read_text(encoding="utf-8").partition(f"{HEADING}\n")[2]
    assert f"- `{fingerprint(FILE)}`: " in reasons


def test_a_figure_that_moves_is_told() -> None:
    one = Baseline("here", (Figure("s", "a", "offences", 100.0), Figure("s", "a", "harm", 0.0)))
    assert differing(one, one, 0.0) == []
    other = Baseline("here", (Figure("s", "a", "offences", 101.0), Figure("s", "b", "harm", 0.0)))
    assert differing(one, other, 0.02) == ["s, a, harm: only in one of them", "s, b, harm: only in one of them"]
    assert "s, a, offences: 100 is now 101" in differing(one, other, 0.0)


def test_the_file_holds_every_digit() -> None:
    assert text_of(kept(FILE)) == FILE.read_text(encoding="utf-8")
