"""The pages of an assurance pack: their heading, their ticks, and what makes an assumption weighty."""

import math

import pytest

from model.evidence import Row
from results.assurance.assumptions import ACTS_ON, Assumption, in_order, width
from results.assurance.page import Assurer, Check, Of, page, table, ticks

OF = Of("run", "A plan", "2026-01-02T03:04:05+00:00", "0.1.0", "ab" * 32, None)
SOMEBODY = Assurer("the section 151 officer", "chief finance officer", "2026-02-03")


def row(name: str, low: float | None = None, high: float | None = None) -> Row:
    return Row(name, 1.0, "ratio", "judgement", "judgement", 1, low=low, high=high)


def assumption(one: Row, acts_on: str, swing: float = math.nan, spend: float = 0.0) -> Assumption:
    return Assumption(one, acts_on, "", (), False, 1.0, 1.0, swing, spend)


def test_every_page_says_first_whether_somebody_answers_for_it() -> None:
    assert page(OF, "Title", ["text"]).splitlines()[0].startswith("**NOT ASSURED")
    assert page(OF._replace(assurer=SOMEBODY), "Title", ["text"]).splitlines()[0] == (
        "**Assured by the section 151 officer, chief finance officer, on 2026-02-03, for the use named in limits.md**"
    )
    assert "other code" in page(OF._replace(caution="other code"), "Title", [])


def test_only_what_holds_is_ticked() -> None:
    checks = [Check("a", True, "seen"), Check("b", False, "not so"), Check("c", None)]
    assert ticks(checks).splitlines() == ["- [x] a. Evidence: seen", "- [ ] b: **no**. not so", "- [ ] c: **not done**"]


def test_a_table_keeps_its_columns_whatever_a_cell_holds() -> None:
    told = table(("a", "b"), [["one | two", "three\nfour"]]).splitlines()
    assert len(told) == 3
    assert told[2] == "| one \\| two | three four |"


def test_a_wider_range_weighs_more_and_none_weighs_least() -> None:
    widths = [width(row("a", low, high)) for low, high in ((0.9, 1.1), (0.5, 2.0), (0.1, 10.0))]
    assert widths == sorted(widths)
    assert width(row("a")) < width(row("a", 0.99, 1.01))
    assert width(row("a", 0.0, 1e-9)) == pytest.approx(1.0)  # however small the share


def test_what_moved_the_answer_comes_first_and_what_did_not_last() -> None:
    first, *_, last = ACTS_ON
    rows = [
        assumption(row("moved to nothing", 0.1, 10), first, swing=0.0),
        assumption(row("elsewhere", 0.1, 10), last),
        assumption(row("narrow", 0.9, 1.1), first, spend=5.0),
        assumption(row("wide", 0.1, 10), first, spend=5.0),
        assumption(row("little money", 0.01, 100), first, spend=1.0),
        assumption(row("moved", 0.9, 1.1), last, swing=3.0),
        assumption(row("moved more", 0.9, 1.1), last, swing=4.0),
    ]
    assert [one.row.id for one in in_order(rows)] == [
        "moved more", "moved", "wide", "narrow", "little money", "elsewhere", "moved to nothing",
    ]  # fmt: skip
