"""What is counted in compiled loops is what plain counting of the rows and of the log gives."""

import numpy as np
from worlds import inputs, lived, scheme, shared_past, values

from model import happenings as h
from model.effects import FAR
from model.happenings import BATCHES, HAPPENED
from model.people import N_MIXES, RESIDENT, by_mix
from model.record import COUNTED_KINDS, EVENT_KINDS, FIXED, count_march, count_month, new_record
from model.vocabulary import ACE_COUNTS, AGE_BANDS, ANTISOCIAL, COUNTED_ACES, N_OFFENCES, RISK_FACTORS, age_band
from model.world import PreventionModel


def test_marches_are_counted_as_by_hand() -> None:
    model = lived(inputs(years=1))
    bands, risks = len(AGE_BANDS), len(RISK_FACTORS)
    risk, ace, people = (np.zeros(shape, np.int64) for shape in ((risks, bands), (bands, len(ACE_COUNTS)), (bands,)))
    count_march(model.people, model.rows, model.month, people, risk, ace)
    by_hand = [np.zeros_like(table) for table in (risk, ace, people)]
    for one in model.people[: model.rows]:
        if one["status"] != RESIDENT:
            continue
        band = age_band(min((model.month - int(one["birth"])) // 12, 100))
        by_hand[2][band] += 1
        number = (int(one["aces"]) & ((1 << COUNTED_ACES) - 1)).bit_count()
        by_hand[1][band, min(number, len(ACE_COUNTS) - 1)] += 1
        for r in range(risks):
            if int(one["risks"]) >> r & 1:
                by_hand[0][r, band] += 1
    for counted, expected in zip((risk, ace, people), by_hand, strict=True):
        assert counted.sum() > 0
        np.testing.assert_array_equal(counted, expected)


def test_residents_and_hazards_of_a_month_are_counted_as_by_hand() -> None:
    model = PreventionModel(inputs(), values(), 7, shared_past())
    for _ in range(3):
        model.step()
    model.people.wake[: model.rows] = FAR  # nothing is due: who is counted is who stands here now
    here = np.flatnonzero(model.people.status[: model.rows] == RESIDENT)
    people = np.array(model.people[here])
    model.step()
    districts, batch = people["district"].astype(int), (people["key"] % np.uint64(BATCHES)).astype(int)
    np.testing.assert_array_equal(model.record.population[3], np.bincount(districts, minlength=9))
    for r in range(len(RISK_FACTORS)):
        has = people["risks"] >> np.uint32(r) & np.uint32(1)
        np.testing.assert_array_equal(
            model.record.states[3, :, r], np.bincount(districts, weights=has, minlength=9).astype(int)
        )
    hazards = np.zeros((9, BATCHES, N_MIXES), np.int64)
    np.add.at(hazards, (districts, batch), by_mix(people["rate"], people["sex"]).astype(np.int64))
    np.testing.assert_array_equal(model.now.expected, hazards)
    assert hazards.sum() > FIXED


def test_what_programmes_change_is_counted_in_batches_and_groups_alike() -> None:
    """What batches hold of crime is what residents are expected to commit wherever it happens."""
    model = lived(inputs(programmes=(scheme(),), pounds=30e6))
    outsiders = np.rint(model.places.outsiders * FIXED).astype(np.int64)[:, :ANTISOCIAL].sum() * 12
    crime = model.record.expected[:, :, :ANTISOCIAL].reshape(2, 12, -1).sum(axis=(1, 2)) - outsiders
    assert model.record.starts.sum() > 50
    np.testing.assert_allclose(model.record.batch.sum(axis=1), crime, rtol=1e-6)


def test_a_log_is_counted_as_by_hand() -> None:
    model = lived(inputs(years=1))
    log = model.now.log[: model.now.counts[HAPPENED]]
    record = new_record(12, 9, 0)
    count_month(record, 5, log)
    offences, victims = log[log["kind"] == h.OFFENCE], log[log["kind"] == h.VICTIM]
    assert offences.size > 100
    by_hand = np.zeros((9, N_OFFENCES), np.int64)
    np.add.at(by_hand, (offences["district"], offences["offence"]), 1)
    np.testing.assert_array_equal(record.offences[5], by_hand)
    recorded = offences[(offences["a"] & h.RECORDED_MARK) != 0]
    by_hand[:] = 0
    np.add.at(by_hand, (recorded["district"], recorded["offence"]), 1)
    np.testing.assert_array_equal(record.recorded[5], by_hand)
    by_hand[:] = 0
    fixed = (offences["severity"].astype(float) * FIXED).astype(int)
    np.add.at(by_hand, (offences["district"], offences["offence"]), fixed)
    np.testing.assert_array_equal(record.severity[5], by_hand)
    assert record.victims.sum() == victims.size
    assert record.unique_victims.sum() == (victims["a"] == 1).sum()
    for k, kind in enumerate(COUNTED_KINDS[1:], start=1):
        mine = log[log["kind"] == kind]
        np.testing.assert_array_equal(
            record.events[5, :, k], np.bincount(mine["district"], minlength=9), EVENT_KINDS[k]
        )
    np.testing.assert_array_equal(record.events[5, :, 0], record.recorded[5].sum(axis=1))
