"""Conservation of people: nobody comes from nowhere, is counted twice or vanishes, and bonds have two ends."""

import numpy as np
from drawn_worlds import AMONG_PEOPLE, Ground, World, begun, open_to_all, worlds
from hypothesis import strategies as st
from lawbook import law, saw
from month_by_month import Month, months_of

from model.people import DEAD, DEPARTED, N_SLOTS, N_TIES, NOBODY, RESIDENT
from model.vocabulary import FEMALE

FOR_LIFE = ("key", "birth", "sex", "family", "carer1", "carer2")
HOME = ("district", "neighbourhood", "quintile", "household")
OF_AGE = 216  # months


def here(people: np.ndarray) -> np.ndarray:
    return people["status"] == RESIDENT


@law(6, "born", "came", "died", "left", world=lambda wide: worlds(wide, most_years=2))
def test_residents_are_those_before_and_who_came_less_who_went(world):
    """Residents of a month are those of the month before, and births and arrivals, less deaths and departures."""
    model = begun(world)
    for each in months_of(model):
        old, now = each.before, each.after
        came = int((model.coming_month == each.m).sum())
        born = now[old.size : now.size - came]
        died, left = ((now["status"][: old.size] == what) & here(old) for what in (DEAD, DEPARTED))
        assert here(now).sum() == here(old).sum() + born.size + came - died.sum() - left.sum()
        assert here(now[old.size :]).all()
        # Who is no resident any more never is again, and no row becomes somebody else.
        gone = ~here(old)
        assert np.array_equal(now["status"][: old.size][gone], old["status"][gone])
        for name in FOR_LIFE:
            assert np.array_equal(now[name][: old.size], old[name]), name
        assert (born["birth"] == each.month).all()
        assert (born["carer1"] >= 0).all()
        assert (now["sex"][born["carer1"]] == FEMALE).all()
        counted = np.bincount(each.placed["district"][here(each.placed)], minlength=model.record.population.shape[1])
        assert np.array_equal(model.record.population[each.m], counted)
        for what, number in (("born", born.size), ("came", came), ("died", died.sum()), ("left", left.sum())):
            saw(what, number)
    assert np.unique(now["key"]).size == now.size
    assert model.record.people.sum(axis=1)[-1] == here(now).sum()


@law(6, "couples", "children", world=worlds)
def test_bonds_have_two_ends(world):
    """Partners and ties name each other, couples live together, and carers' lists hold their children once."""
    for each in months_of(begun(world)):
        people, rows = each.after, np.arange(each.after.size)
        paired = np.flatnonzero(people["partner"] != NOBODY)
        other = people["partner"][paired]
        assert np.array_equal(people["partner"][other], paired)
        assert (other != paired).all()
        assert np.array_equal(people["status"][other], people["status"][paired])
        for name in HOME:
            assert np.array_equal(people[name][other], people[name][paired]), name
        for slot in range(N_TIES):
            tied = np.flatnonzero(people["tie"][:, slot] != NOBODY)
            assert np.array_equal(people["tie"][people["tie"][tied, slot], slot], tied)
            assert (people["tie"][tied, slot] != tied).all()
        saw("couples", paired.size)
    saw("children", (people["first_child"] != NOBODY).sum())
    assert listed_children(people) == {
        (int(people[name][child]), int(child))
        for name in ("carer1", "carer2") for child in rows[people[name] != NOBODY]
    }  # fmt: skip


def listed_children(people: np.ndarray) -> set[tuple[int, int]]:
    """Carer and child, of all chains of children; each child once in a chain."""
    found = set()
    for carer in np.flatnonzero(people["first_child"] != NOBODY).tolist():
        child = int(people["first_child"][carer])
        while child != NOBODY:
            assert (carer, child) not in found
            found.add((carer, child))
            child = int(people["next1"][child] if people["carer1"][child] == carer else people["next2"][child])
    return found


@law(1, many=6, seed=lambda wide: st.integers(0, 1000) if wide else st.just(7))
def test_children_live_with_their_carer(seed):
    """A child under 18 lives with the first of its carers while that one lives, and leaves the area with them."""
    for each in months_of(begun(World(Ground(0.01, seed, 3, None)))):
        people = each.after
        carer = people["carer1"].astype(np.int64)
        young = (each.month - people["birth"].astype(np.int64) < OF_AGE) & here(people) & (carer != NOBODY)
        young = np.flatnonzero(young & (people["status"][carer] != DEAD))
        assert young.size > 0
        for name in ("status", *HOME):
            assert np.array_equal(people[name][young], people[name][carer[young]]), name


def taken_over(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(rows, slots) held before, and free or held otherwise after."""
    same = np.ones((before.size, N_SLOTS), dtype=bool)
    for name in ("slot_programme", "slot_start", "slot_effect"):
        same &= before[name] == after[name][: before.size]
    return (before["slot_programme"] > 0) & ~same


def crowds(wide):
    """More programmes than one person can hold, for everybody or for some."""
    some = worlds(wide, among=(*AMONG_PEOPLE, "system"), sizes=(5, 6))
    return worlds(wide, among=("person",), most_years=2, sizes=(6, 5)).map(open_to_all) | some


@law(8, "full", "turned away", "fell free", world=crowds)
def test_a_place_is_held_until_it_is_over_and_once(world):
    """Nobody's place is given to another scheme before its effect is over, and nobody holds a scheme twice."""
    model = begun(world)
    lasts = (model.effects.lag + model.effects.full + model.effects.fade).max(axis=1).astype(np.int64)
    for each in months_of(model):
        check_slots(each, lasts)
    saw("turned away", model.record.refused.sum())


def check_slots(each: Month, lasts: np.ndarray) -> None:
    for before, after in ((each.before, each.placed), (each.placed, each.after)):
        ended = taken_over(before, after)
        number = before["slot_programme"][ended].astype(np.int64) - 1
        assert (before["slot_start"][ended] + lasts[number] <= each.month).all()
        saw("fell free", ended.sum())
    held = np.sort(each.after["slot_programme"], axis=1)
    assert not ((held[:, 1:] == held[:, :-1]) & (held[:, 1:] > 0)).any()
    holds = (held > 0).any(axis=1)
    assert (each.after["placed"][holds] == 1).all()
    saw("full", (held > 0).all(axis=1).sum())
    new = (each.placed["slot_start"] == each.month) & (each.placed["slot_programme"] > 0)
    assert here(each.placed)[new.any(axis=1)].all()
