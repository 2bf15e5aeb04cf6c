"""Untouched, unchanged: a life differs between two ways of spending only where a place, or a change in somebody it
is bound to, has reached it.

Told month by month, which is stronger than the closure of all bonds over the run: of two alternatives, the rows that
differ after a month are (1) those who hold or held a place in either, (2) those that differed before, and (3) those
whom a change reaches in the month from (1), (2) or others so reached, along a bond: partner, tie, carer to child, an
offence by one against the other, or being harmed in the place of one who was sought first. Everyone else has the same
row to the last bit: whoever waits beside them for a place, is flagged, or lives next door is not touched by it.
Programmes of places that act on offences reach everyone who offends or is harmed there, and so does a scheme after
which fewer offences are recorded, as what the police do not record they do not detect: these are left out. More
recording is left in: nobody's life turns on it.
"""

from dataclasses import replace

import numpy as np
from drawn_worlds import AMONG_PEOPLE, POUNDS, World, begun, worlds
from hypothesis import strategies as st
from lawbook import law, saw
from month_by_month import Month, bound, months_of, offences_of, unlike_rows

from model.people import NOBODY, RESIDENT

# Who there is, where and with whom.
OF_NO_PROGRAMME = (
    "key", "birth", "sex", "status", "district", "neighbourhood", "quintile", "household", "partner", "carer1",
    "carer2", "first_child", "next1", "next2", "tie", "children", "propensity", "family", "demography",
)  # fmt: skip


def harmed_through(one: Month, two: Month, reached: np.ndarray) -> list[tuple[int, int]]:
    """From whom to whom a change may pass by an offence of the month, in either alternative."""
    first, second, pairs = offences_of(one.log), offences_of(two.log), []
    for offender in first.keys() | second.keys():
        mine, theirs = first.get(offender, []), second.get(offender, [])
        if offender != NOBODY:
            pairs += [(offender, victim) for _, _, victim in (*mine, *theirs) if victim != NOBODY]
        if offender == NOBODY or not reached[offender]:
            # Who did as before offended as before: against another only where one of the two was reached already.
            assert [told[:2] for told in mine] == [told[:2] for told in theirs]
            for (_, _, a), (_, _, b) in zip(mine, theirs, strict=True):
                pairs += [(a, b), (b, a)] if a != b and NOBODY not in (a, b) else []
    return pairs


def spread(reached: np.ndarray, sources: np.ndarray, targets: np.ndarray, may: np.ndarray) -> np.ndarray:
    """Whom a change reaches: along the pairs from those reached to those who differ, until nobody is added."""
    while True:
        more = reached.copy()
        more[targets[reached[sources]]] = True
        more &= reached | may
        if np.array_equal(more, reached):
            return reached
        reached = more


def pairs_of(one: Month, two: Month, reached: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    sources, targets = zip(
        *(bound(people) for each in (one, two) for people in (each.before, each.placed, each.after)), strict=True
    )
    harmed = np.array(harmed_through(one, two, reached), dtype=np.int64).reshape(-1, 2)
    return np.concatenate([*sources, harmed[:, 0]]), np.concatenate([*targets, harmed[:, 1]])


def recording_no_less(world: World) -> World:
    """The same, but that no programme makes the police record less."""
    named = [e.ratio for p in world.programmes for e in p.effects if e.kind == "recording"]
    return replace(world, numbers={**world.numbers, **{name: max(world.values[name], 1.0) for name in named}})


def padded(flags: np.ndarray, rows: int) -> np.ndarray:
    return np.concatenate([flags, np.zeros(rows - flags.size, dtype=bool)])


@law(
    10, "rippled", "unchanged beside the placed", "waited in vain",
    world=lambda wide: worlds(wide, among=(*AMONG_PEOPLE, "system"), sizes=(2, 1, 3)),
    pounds=lambda _: st.sampled_from((None, *POUNDS)),
)  # fmt: skip
def test_a_change_comes_by_a_place_or_along_a_bond(world, pounds):
    """Of the same people under two budgets, or with programmes and without any, whoever differs was placed, or is bound
    to somebody who differs."""
    world = recording_no_less(world)
    one_model, two_model = begun(world), begun(World(world.ground) if pounds is None else world.with_money(pounds))
    differed, queued = np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
    for one, two in zip(months_of(one_model), months_of(two_model), strict=True):
        assert one.after.size == two.after.size
        placed = padded((one.placed["placed"] | two.placed["placed"]) > 0, one.after.size)
        reached = placed | padded(differed, one.after.size)
        differs = unlike_rows(one.after, two.after)
        sources, targets = pairs_of(one, two, padded(reached, one.after.size))
        reached = spread(reached, sources, targets, differs)
        wrong = np.flatnonzero(differs & ~reached)
        assert wrong.tolist() == [], f"month {one.m}"
        queued = padded(queued, one.after.size)
        for model in (one_model, two_model):
            for programme in model.at_work.people:
                queued[programme.waiting.row] = True
        saw("rippled", (differs & ~placed).sum())
        differed = differs | padded(differed, differs.size)
    ever = (one.after["placed"] | two.after["placed"]) > 0
    here = one.after["status"] == RESIDENT
    if ever.any():
        saw("unchanged beside the placed", (here & ~differed & ~ever).any())
        saw("waited in vain", (here & queued & ~ever & ~differed).any())


@law(6, "placed", "moved", world=worlds, pounds=lambda _: st.sampled_from(POUNDS[::-1]))
def test_no_programme_changes_who_is_there_and_with_whom(world, pounds):
    """Whatever is spent on whatever, the same people are born, come, pair, befriend, move, part, leave and die."""
    one, two = begun(world), begun(world.with_money(pounds, practice=0.0))
    moved = one.columns[: one.rows]["district"].copy()
    for each, other in zip(months_of(one), months_of(two), strict=True):
        unlike = [name for name in OF_NO_PROGRAMME if not np.array_equal(each.after[name], other.after[name])]
        assert unlike == [], f"month {each.m}"
    saw("placed", (each.after["placed"] != other.after["placed"]).sum())
    saw("moved", (each.after["district"][: moved.size] != moved).sum())
