"""Exact zero: what does nothing, reaches nobody or has no money leaves every life as it was, to the last bit."""

from dataclasses import replace

import numpy as np
from compared import MARKS, OWN_COUNTS, OWN_HOURS, OWN_MONEY, differing, differing_people, lived
from drawn_worlds import AMONG_PEOPLE, World, open_to_all, worlds
from lawbook import law, saw

from model.inputs import ALL_PROGRAMMES, Tool
from model.vocabulary import OFFENCES

UNBORN_AGES = (150, 160)


def bare(world: World) -> World:
    """The same people without any programme."""
    return World(world.ground)


def reaching_nobody(world: World) -> World:
    """The same programmes where nobody is eligible for any: no such age, no such fifth, nothing to work through."""
    def out_of_reach(programme):
        if programme.reaches in AMONG_PEOPLE:
            return replace(programme, ages=UNBORN_AGES)
        return replace(programme, quintiles=()) if programme.reaches == "place" else replace(programme, effects=())

    return replace(world, programmes=tuple(map(out_of_reach, world.programmes)))


@law(8, "started", "acting", world=lambda wide: worlds(wide, sizes=(2, 1, 3)))
def test_a_programme_that_changes_nothing_changes_no_life(world):
    """With every ratio at one, people are placed and money is spent, and each life and offence is as without it."""
    world = world.with_ratios(1.0).with_money(5e7, practice=1.0)
    (without, none), (model, outcome) = lived(bare(world)), lived(world)
    saw("started", outcome.record.starts.sum() > 0)
    saw("acting", (model.people["slot_effect"][: model.rows] > 0).any())
    assert differing(none, outcome, but=(*OWN_COUNTS, *OWN_MONEY, *OWN_HOURS)) == []
    assert differing_people(without, model, but=MARKS) == []


@law(5, world=lambda wide: worlds(wide, sizes=(2, 1, 3)))
def test_a_programme_for_nobody_changes_no_life(world):
    """Whatever a programme is believed to do, where nobody and no place is eligible it does nothing."""
    world = reaching_nobody(world.with_money(5e7, practice=1.0))
    (without, none), (model, outcome) = lived(bare(world)), lived(world)
    assert outcome.record.starts.sum() == 0
    assert differing(none, outcome, but=(*OWN_COUNTS, *OWN_MONEY, *OWN_HOURS)) == []
    assert differing_people(without, model) == []


@law(6, "waiting", world=lambda wide: worlds(wide, sizes=(2, 1, 3)))
def test_without_money_nothing_changes(world):
    """Not a pound, and the outcome is bit for bit that without programmes: nobody starts, nothing is spent."""
    world = world.with_money(0.0)
    (without, none), (model, outcome) = lived(bare(world)), lived(world)
    record = outcome.record
    saw("waiting", record.waiting.sum() > 0)
    assert differing(none, outcome, but=(*OWN_COUNTS, *OWN_MONEY)) == []
    assert differing_people(without, model) == []
    for name in ("places", "starts", "completions", "refused", "net_widened", "supported", "hot"):
        assert getattr(record, name).sum() == 0, name
    assert not np.any(outcome.spend)
    assert not np.any(outcome.commissioner_spend)


@law(3, world=lambda wide: worlds(wide, among=("person",), sizes=(2, 1)).map(open_to_all))
def test_without_money_nobody_is_flagged(world):
    """A tool of a scheme that has no money is at work on nobody, as a map of hot spots is."""
    tool, accuracy = Tool((ALL_PROGRAMMES,), OFFENCES), {"sensitivity": 1.0, "specificity": 0.75, "bias": 1.0}
    accuracy["threshold"] = 0.05
    numbers = {f"{p.id}.{name}": value for p in world.programmes for name, value in accuracy.items()}
    programmes = tuple(replace(p, tool=tool) for p in world.programmes)
    world = replace(world, programmes=programmes, numbers={**world.numbers, **numbers})
    _, outcome = lived(world.with_money(0.0))
    assert outcome.record.flagged.sum() == 0
