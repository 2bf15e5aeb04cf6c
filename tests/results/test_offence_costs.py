"""What one offence costs: the parts of the published total, each used once."""

import fake_outcomes
import pytest

from results.economics.ledger import BY_DEMAND, SOCIAL
from results.labels import words
from results.offence_costs import COUNTED, LEFT_OUT, TOLD_BY_DEMAND, cost_of_an_offence
from results.prices import inflation, prices, shipped


@pytest.fixture(scope="module")
def rows():
    header, rows = cost_of_an_offence(fake_outcomes.dataset(replicates=2, years=1))
    assert all(len(row) == len(header) for row in rows)
    return rows


def test_a_residential_burglary_by_hand(rows):
    # The Home Office's edition of 2019/20: 7,720 pounds, parts to the nearest ten, of which 1,030 in anticipation.
    own = [row for row in rows if row[0] == "residential burglary"]
    times = inflation(shipped(), "2019/20", "2022/23")
    assert sum(row[4] for row in own) == pytest.approx(7720 * times, abs=35 * times)
    assert [row[4] for row in own if row[3] == LEFT_OUT] == pytest.approx([1030 * times])
    assert {row[5] for row in own} == {"2019/20"}


def test_each_part_is_a_benefit_once_and_is_what_the_appraisal_takes(rows):
    use = {words(name): COUNTED for name in SOCIAL} | {words(name): TOLD_BY_DEMAND for name in BY_DEMAND}
    assert all(row[3] == (use | {"anticipation": LEFT_OUT})[row[1]] for row in rows)
    told = sum(row[4] for row in rows if row[3] != LEFT_OUT)
    assert told == pytest.approx(prices(shipped(), "2022/23").unit_cost.sum())
