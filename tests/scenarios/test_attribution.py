"""The plan without each part's money, and that money alone: alternatives that add up, and no more than are needed."""

from pathlib import Path

import numpy as np
import pytest

from scenarios import InputFaults, Scenario, load
from scenarios.attribution import NOTHING, attributed

PLAN = """
title = "Parts"
question = "What does each part do?"
area = "west_mercia"
start = 2022-04-01
years = 3
price_year = "2022/23"
comparator = "plan"

[[alternative]]
name = "plan"
title = "The plan"
pounds_a_year = { "2022/23" = 1_000_000, "2023/24" = 400_000 }
shares = { parenting = 0.3, mentoring = 0.2, self_control = 0.1, harm_reduction = 0.4 }
"""
STOP = """
[[alternative]]
name = "stop"
title = "No money"
pounds_a_year = 0
"""


def scenario(tmp_path: Path, more: str = "", plan: str = PLAN) -> Scenario:
    (tmp_path / "parts.toml").write_text(plan + more, encoding="utf-8")
    return load(tmp_path / "parts.toml")


@pytest.mark.parametrize(("by", "names"), [
    ("tier", ["primary", "secondary", "tertiary"]),
    ("programme", ["parenting", "mentoring", "self_control", "harm_reduction"]),
])  # fmt: skip
def test_without_and_alone_make_up_the_plan(tmp_path: Path, by: str, names: list[str]) -> None:
    told = attributed(scenario(tmp_path), by)
    money = told.money()
    assert told.attribution is not None
    assert told.attribution.nothing == NOTHING
    assert [part.name for part in told.attribution.parts] == names
    assert not money[NOTHING].any()
    for part in told.attribution.parts:
        np.testing.assert_array_equal(money[part.without] + money[part.alone], money["plan"])
        assert money[part.alone].any()
    np.testing.assert_allclose(sum(money[part.alone] for part in told.attribution.parts), money["plan"])
    assert len(money) == 2 + 2 * len(names)
    assert set(told.inputs(years=5)) == set(money)  # years after the file's hold the last, as for any alternative
    assert told.money(5)[told.attribution.parts[0].alone][:, 4].sum() > 0


def test_plans_that_there_are_serve(tmp_path: Path) -> None:
    told = attributed(scenario(tmp_path, STOP), "tier")
    assert told.attribution is not None
    assert told.attribution.nothing == "stop"
    assert NOTHING not in told.money()
    two = PLAN.replace("mentoring = 0.2, self_control = 0.1, harm_reduction = 0.4", "mentoring = 0.7")
    told = attributed(scenario(tmp_path, STOP, two), "tier")
    assert told.attribution is not None
    first, second = told.attribution.parts
    assert (first.without, first.alone) == (second.alone, second.without)
    assert list(told.money()) == ["plan", "stop", "without_primary", "only_primary"]


def test_a_plan_without_money_and_a_name_that_is_taken_are_refused(tmp_path: Path) -> None:
    poor = scenario(tmp_path, STOP, PLAN.replace('comparator = "plan"', 'comparator = "stop"'))
    with pytest.raises(InputFaults, match="no money to attribute"):
        attributed(poor, "tier")
    other = STOP.replace('"stop"', '"only_primary"')
    other = other.replace("pounds_a_year = 0", 'like = "plan"\nmore = { mentoring = 5 }')
    taken = scenario(tmp_path, other)
    with pytest.raises(InputFaults, match="only_primary"):
        attributed(taken, "tier")
