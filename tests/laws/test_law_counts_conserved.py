"""Conservation of what happens: an offence, a victim, a case and a sentence count once, and in every table alike."""

import numpy as np
from drawn_worlds import begun, with_strong, worlds
from lawbook import law, saw
from month_by_month import months_of

from model import happenings as h
from model.people import NEVER, NOBODY, RESIDENT, RISK
from model.record import EVENT_KINDS, Record
from model.vocabulary import RISK_FACTORS

CUSTODY, CONVICTED = RISK["in_custody"], RISK["convicted"]


def rows_of(log: np.ndarray, kind: int) -> np.ndarray:
    return log["row"][log["kind"] == kind].astype(np.int64)


def flagged(people: np.ndarray, factor: int) -> np.ndarray:
    return (people["risks"] >> np.uint32(factor) & np.uint32(1)) == 1


def among(rows: np.ndarray, size: int) -> np.ndarray:
    """(size,) whether each person is one of the rows."""
    return np.bincount(rows, minlength=size)[:size] > 0


def event(record: Record, name: str) -> np.ndarray:
    return record.events[:, :, EVENT_KINDS.index(name)]


def patrolled(wide):
    """Some worlds in which what is prevented in places moves elsewhere."""
    return worlds(wide) | worlds(wide, sizes=(1, 0)).map(lambda world: with_strong(world, 0.3, "offences"))


@law(8, "offences by outsiders", "moved", world=patrolled)
def test_an_offence_is_counted_once_wherever_it_is_counted(world):
    """By district, by the fifth of the place and by who did it, residents or not, offences are the same; so are
    those harmed, and the police record no more than there are."""
    model = begun(world)
    record, shape = model.record, (world.ground.years,)
    by_residents, by_others, harmed = (np.zeros(shape, np.int64) for _ in range(3))
    victims: list[set[int]] = [set() for _ in range(world.ground.years)]
    for each in months_of(model):
        year, log = each.m // 12, each.log
        by_whom = rows_of(log, h.OFFENCE)
        own = log[log["kind"] == h.OFFENDER]
        assert own["a"].sum() == (by_whom != NOBODY).sum()
        assert np.array_equal(np.unique(own["row"]), np.unique(by_whom[by_whom != NOBODY]))
        assert record.offences[each.m].sum() == by_whom.size
        by_residents[year] += (by_whom != NOBODY).sum()
        by_others[year] += (by_whom == NOBODY).sum()
        suffered = rows_of(log, h.VICTIM)
        harmed[year] += suffered.size
        victims[year] |= set(suffered.tolist())
        for name, number in (("offences", (by_whom != NOBODY).sum()), ("victimisations", suffered.size)):
            had, has = each.placed[name].astype(np.int64), each.after[name][: each.placed.size].astype(np.int64)
            assert (has - had).sum() == number, name
    saw("offences by outsiders", by_others.sum())
    saw("moved", record.displaced.sum())
    yearly = record.offences.reshape(*shape, 12, *record.offences.shape[1:]).sum(axis=1)
    assert np.array_equal(record.place.sum(axis=1), yearly.sum(axis=1))
    assert np.array_equal(yearly.sum(axis=(1, 2)), by_residents + by_others)
    assert np.array_equal(record.offender_age.sum(axis=(1, 2)), by_residents)
    assert np.array_equal(record.victims.sum(axis=(1, 2)), harmed)
    assert record.unique_victims.sum(axis=1).tolist() == list(map(len, victims))
    no_more_than_there_are(record, yearly)


@law(3, world=worlds)
def test_an_offender_is_counted_once_a_year(world):
    """Offenders of a year are the residents who committed an offence in it, each counted once."""
    model = begun(world)
    offenders: list[set[int]] = [set() for _ in range(world.ground.years)]
    for each in months_of(model):
        by_whom = rows_of(each.log, h.OFFENCE)
        offenders[each.m // 12] |= set(by_whom[by_whom != NOBODY].tolist())
    assert model.record.offenders.sum(axis=(1, 2)).tolist() == list(map(len, offenders))


def no_more_than_there_are(record: Record, yearly: np.ndarray) -> None:
    assert (record.victims.sum(axis=1) <= yearly.sum(axis=1)).all()
    assert (record.recorded <= record.offences).all()
    assert (record.domestic <= record.offences.sum(axis=2)).all()
    assert (record.domestic_recorded <= np.minimum(record.domestic, record.recorded.sum(axis=2))).all()
    assert (record.displaced <= record.offences.sum(axis=2)).all()
    assert ((record.severity > 0) <= (record.offences > 0)).all()
    assert np.array_equal(event(record, "reported"), record.recorded.sum(axis=2))
    for name in record._fields:
        if name not in ("contacts", "eased"):  # below 0 where programmes save contacts, or make harm worse
            assert (getattr(record, name) >= 0).all(), name


def diverted(wide):
    """Some worlds in which a scheme keeps many cases out of court."""
    return worlds(wide) | worlds(wide, sizes=(1, 2)).map(lambda world: with_strong(world, 0.3, "disposal", "charge"))


@law(16, "convicted", "acquitted", "closed by a scheme", "gone", world=diverted)
def test_a_case_ends_in_one_way(world):
    """Cases open at the start and opened since are those ended by conviction, acquittal or a scheme, those still open,
    and those of people who died or left."""
    model = begun(world)
    start = model.columns[: model.rows]["court"].copy()
    opened = convicted = acquitted = closed = 0
    for each in months_of(model):
        before, placed, after = (people["court"].astype(np.int64) for people in (each.before, each.placed, each.after))
        size, month = placed.size, each.month
        changed = before != placed
        closed_now = int((changed & (before != NEVER)).sum())
        assert closed_now == model.record.diverted[each.m].sum()
        opened_now = int((changed & (placed != NEVER)).sum())
        assert opened_now <= model.record.prosecuted[each.m].sum()
        heard = (placed == month) & (each.placed["status"] == RESIDENT)
        guilty = rows_of(each.log, h.CONVICTION)
        assert np.unique(guilty).size == guilty.size
        assert heard[guilty].all()
        still = (placed != NEVER) & ~heard
        joined = among(rows_of(each.log, h.CHARGE), size) & still  # by what is graver, a case is heard no sooner
        assert np.array_equal(after[:size][still & ~joined], placed[still & ~joined])
        assert (after[:size][joined] >= placed[joined]).all()
        charged = among(rows_of(each.log, h.CHARGE), size) & ~still
        assert np.array_equal(charged, (after[:size] != NEVER) & ~still)  # a charge opens a case, or joins an open one
        assert (after[:size][charged] > month).all()
        opened, closed = opened + opened_now + int(charged.sum()), closed + closed_now
        convicted, acquitted = convicted + guilty.size, acquitted + int(heard.sum()) - guilty.size
    is_open, home = each.after["court"] != NEVER, each.after["status"] == RESIDENT
    came_with = int((model.coming["court"] != NEVER).sum())
    gone, open_still = int((is_open & ~home).sum()), int((is_open & home).sum())
    assert (start != NEVER).sum() + came_with + opened == convicted + acquitted + closed + open_still + gone
    for what, number in (("convicted", convicted), ("acquitted", acquitted), ("closed by a scheme", closed)):
        saw(what, number)
    saw("gone", gone)


@law(
    8, "sent", "released", "undone", "cautions", "resolutions",
    world=lambda wide: worlds(wide, always=("ref_formal_processing",)),
)  # fmt: skip
def test_sentences_and_outcomes_are_counted_once(world):
    """Those in custody are those before, and those sent there, less those released; a first outcome makes one entrant;
    what the log tells the record counts, and a case that a practice sends to court stands in it once, as a charge."""
    model = begun(world)
    record, logged, entered = model.record, np.zeros(len(h.KINDS), np.int64), 0
    for each in months_of(model):
        placed, after, size = each.placed, each.after[: each.placed.size], each.placed.size
        released, sent = (among(rows_of(each.log, kind), size) for kind in (h.RELEASE, h.CUSTODY_SENTENCE))
        assert flagged(placed, CUSTODY)[released].all()
        assert np.array_equal(flagged(after, CUSTODY), (flagged(placed, CUSTODY) & ~released) | sent)
        inside = flagged(after, CUSTODY) & (placed["status"] == RESIDENT)
        assert record.states[each.m, :, RISK_FACTORS.index("in_custody")].sum() == inside.sum()
        kinds = (h.CONVICTION, h.OUT_OF_COURT)
        in_court, out = (np.bincount(rows_of(each.log, kind), minlength=size) for kind in kinds)
        more = after["convictions"].astype(np.int64) - placed["convictions"]
        cautions = more - in_court  # of what is dealt with out of court: all of a person in a month, or none
        assert ((cautions == 0) | (cautions == out)).all()
        saw("cautions", (cautions > 0).sum())
        saw("resolutions", ((cautions == 0) & (out > 0)).sum())
        assert np.array_equal(after["court_convictions"].astype(np.int64) - placed["court_convictions"], in_court)
        first = among(rows_of(each.log, h.FIRST_TIME_ENTRANT), size)
        assert np.array_equal(first, (placed["convictions"] == 0) & (more > 0))
        assert np.array_equal(flagged(after, CONVICTED)[more > 0], np.ones((more > 0).sum(), dtype=bool))
        logged += np.bincount(each.log["kind"], minlength=len(h.KINDS))
        undone = each.before["convictions"].astype(np.int64) - each.placed["convictions"]
        entered += int(first.sum()) - int(((undone > 0) & (each.placed["convictions"] == 0)).sum())
        saw("sent", sent.sum())
        saw("released", released.sum())
    prosecuted = int(record.prosecuted.sum())
    saw("undone", prosecuted)
    changes = {"charge": prosecuted, "out_of_court": -prosecuted}
    for name in set(EVENT_KINDS) & set(h.KINDS) - {"reported"}:
        assert event(record, name).sum() == logged[h.KINDS.index(name)] + changes.get(name, 0), name
    groups = ("charge", "out_of_court", "conviction", "custody_sentence")
    assert record.event_offence.sum(axis=(0, 1)).tolist() == [int(event(record, name).sum()) for name in groups]
    assert record.in_court.sum() == event(record, "charge").sum() - record.diverted.sum()
    assert record.first_time_entrants.sum() == entered
    assert record.cohort.sum() == logged[h.FOLLOW_UP]
    assert (record.reoffended <= record.cohort).all()
    assert (event(record, "out_of_court") >= 0).all()
