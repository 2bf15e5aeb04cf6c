"""What is counted in compiled loops is what plain counting of the rows gives."""

import numpy as np
from worlds import inputs, lived

from model.people import RESIDENT
from model.record import count_march, count_states
from model.vocabulary import ACE_COUNTS, AGE_BANDS, COUNTED_ACES, RISK_FACTORS, age_band


def test_states_and_marches_are_counted_as_by_hand() -> None:
    model = lived(inputs(years=1))
    districts, bands, risks = len(model.inputs.area.districts), len(AGE_BANDS), len(RISK_FACTORS)
    states, risk, ace, people = (
        np.zeros(shape, np.int64)
        for shape in ((districts, risks), (risks, bands), (bands, len(ACE_COUNTS)), (bands,))
    )
    count_states(model.people, model.rows, states)
    count_march(model.people, model.rows, model.month, people, risk, ace)
    by_hand = [np.zeros_like(table) for table in (states, risk, ace, people)]
    for one in model.people[: model.rows]:
        if one["status"] != RESIDENT:
            continue
        band = age_band(min((model.month - int(one["birth"])) // 12, 100))
        by_hand[3][band] += 1
        number = (int(one["aces"]) & ((1 << COUNTED_ACES) - 1)).bit_count()
        by_hand[2][band, min(number, len(ACE_COUNTS) - 1)] += 1
        for r in range(risks):
            if int(one["risks"]) >> r & 1:
                by_hand[0][one["district"], r] += 1
                by_hand[1][r, band] += 1
    for counted, expected in zip((states, risk, ace, people), by_hand, strict=True):
        assert counted.sum() > 0
        np.testing.assert_array_equal(counted, expected)
