"""Costs of old prices are named beside every figure."""

import fake_outcomes

from results.notes import stale_note


def test_it_is_said_of_programmes_that_are_paid_for() -> None:
    ds = fake_outcomes.dataset(replicates=2, years=1)
    ds.attrs["stale_costings"] = '{"mentoring": "2010/11"}'
    told = [line for line in stale_note(ds) if line.startswith("Costs of programmes")]
    assert told == [
        "Costs of programmes of old prices, brought to today's by the general deflator: Mentoring (of 2010/11)."
    ]
    ds["programme_spend"] = ds.programme_spend.where(ds.programme != "mentoring", 0.0)
    assert not [line for line in stale_note(ds) if line.startswith("Costs of programmes")]
