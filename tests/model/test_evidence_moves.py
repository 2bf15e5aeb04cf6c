"""Every row that the model uses moves something when it goes from low to high.

The quick test looks at what rules read: the laws, the area's tables, the households, demand and hours.
The slow one lives the people: `pytest -m slow -n0 -s tests/model/test_evidence_moves.py` prints the list.
"""

from dataclasses import replace

import numpy as np
import pytest
from worlds import evidence, inputs, lived, values

from model.census import census_people
from model.law import BASE_YEAR, laws
from model.places import places_of
from model.record import FIXED, new_record
from model.rules.demand import demand_of, hours_of, public_of
from model.usage import rows_used, where_used
from model.world import live_past
from scenarios.areas import load_area
from scenarios.schemes import load_scheme, shipped_schemes

AREA = load_area("west_mercia")
# Read, and without a say: the area's own outcomes stand in for the national rate of a group that is
# alone in its wide group, and shoplifting has no victim but businesses.
WITHOUT_A_SAY = {
    *(f"{rate}[{group}]" for rate in ("charge_rate", "out_of_court_rate")
      for group in ("drugs", "other", "public_order", "robbery", "weapons")),
    "offender_known[shoplifting]", "offender_stranger[shoplifting]",
    "causal_share", "state_dependence_share",  # they act on what programmes spare, and on nothing else
}  # fmt: skip
OF_PLANS = (".minimum_a_year", ".exit_cost", ".whole")  # read as a plan is checked, as money ends, in a review


def used_with_a_range():
    rows = evidence()
    return sorted(name for name in rows_used(AREA, rows) if rows[name].low is not None)


def busy_record():
    """A record with something in every cell, so that any rate on it shows."""
    record = new_record(12, len(AREA.districts), 0)
    for table in record:
        table[...] = 7
    record.population[...] = 100_000
    record.diverted[...] = 1  # of the charges
    record.public[...] = FIXED
    return record


def read_by_rules(told, name, files):
    """The bytes of everything that a run reads beside people, of what the files that read a row make."""
    parts = []
    if set(files) != {"model/rules/demand.py"}:
        last = 2000 if "before" in name else BASE_YEAR
        parts.append(laws(AREA, told, 0, last, last - 1).tobytes())
        parts += [np.asarray(table).tobytes() for table in places_of(AREA, told, 0.1)]
    demand = demand_of(busy_record(), AREA, told)
    parts += [demand.tobytes(), hours_of(busy_record(), demand, told).tobytes()]
    parts += [table.tobytes() for table in public_of(busy_record(), told, 0.1)]
    if name.startswith(("household", "home", "death")):
        people, rows = census_people(AREA, told, 0, 0.001, 0.0)
        parts.append(people[:rows].tobytes())
    return b"".join(parts)


def test_every_used_row_with_a_range_moves_what_rules_read():
    names = used_with_a_range()
    assert len(names) > 500
    rows, files = evidence(), where_used(AREA, evidence())
    still = [
        name
        for name in names
        if read_by_rules(values(**{name: rows[name].low}), name, files[name])
        == read_by_rules(values(**{name: rows[name].high}), name, files[name])
    ]
    assert set(still) == WITHOUT_A_SAY


@pytest.mark.slow
def test_every_used_row_moves_lives():
    """20,000 people, two years, each row from low to high; prints what changes nothing."""
    rows = evidence()
    scale = 20_000 / AREA.population.sum()
    still = []
    for name in used_with_a_range():
        ends = []
        for end in (rows[name].low, rows[name].high):
            told = values(**{name: end})
            given = inputs(2, scale)
            model = lived(given, past=live_past(given, told, 7), told=told)
            demand = demand_of(model.record, AREA, told)
            ends.append(
                b"".join(np.asarray(table).tobytes() for table in model.record)
                + demand.tobytes()
                + hours_of(model.record, demand, told).tobytes()
            )
        if ends[0] == ends[1]:
            still.append(name)
    print(f"{len(still)} of {len(used_with_a_range())} rows change nothing in 20,000 people: {still}")
    assert len(still) < 0.1 * len(used_with_a_range())


@pytest.mark.slow
def test_every_row_of_a_scheme_moves_lives():
    """Each shipped scheme alone with a million pounds, 20,000 people, five years, each row from low to high. Left out
    is what can move nothing there: schemes that work through others, and numbers that only checks, ends and reviews
    read."""
    scale = 20_000 / AREA.population.sum()
    still, moved = [], 0
    for path in shipped_schemes().values():
        scheme = load_scheme(path)
        if scheme.programme.reaches == "system":
            continue
        numbers = {row.name: row.value for row in scheme.evidence.values()}
        given = inputs(5, scale, (scheme.programme,), 1e6)
        if scheme.programme.takes_no_money:
            given = replace(given, practice=np.ones((1, 5)))
        for row in scheme.evidence.values():
            if row.use != "model" or row.low is None or row.name.endswith(OF_PLANS):
                continue
            ends = []
            for end in (row.low, row.high):
                model = lived(given, told={**numbers, row.name: end})
                ends.append(b"".join(np.asarray(table).tobytes() for table in model.record))
            moved += 1
            if ends[0] == ends[1]:
                still.append(row.name)
    print(f"{len(still)} of {moved} rows of schemes change nothing in 20,000 people: {still}")
    assert len(still) < 0.2 * moved
