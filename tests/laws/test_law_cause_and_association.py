"""Cause apart from association: what is believed of causes changes what programmes do, and nothing that is observed."""

from dataclasses import replace

from compared import differing, differing_people, lived
from drawn_worlds import AMONG_PEOPLE, World, open_to_all, worlds
from lawbook import law, saw

SPARED = ("spared", "spared_peers", "spared_exposure")


def believed(world: World, share: float) -> World:
    """The same world where that share of every association is held to be causal."""
    return replace(world, numbers={**world.numbers, "causal_share": share, "state_dependence_share": share})


@law(4, world=lambda wide: worlds(wide, sizes=(1,)))
def test_without_programmes_beliefs_of_cause_change_no_byte(world):
    """Every life and every association stays where it was, to the last bit."""
    bare = World(world.ground)
    (little, one), (much, other) = (lived(believed(bare, share)) for share in (0.05, 0.95))
    assert differing(one, other) == []
    assert differing_people(little, much) == []
    assert not any(little.people[name].any() for name in SPARED)


@law(4, "spared", world=lambda wide: worlds(wide, among=AMONG_PEOPLE, sizes=(2, 1, 3)).map(open_to_all))
def test_nobody_is_spared_anything_that_is_there(world):
    """A factor or an experience is there, or spared, or neither; never both."""
    model, _ = lived(world)
    people = model.people[: model.rows]
    there = people["risks"] | people["aces"].astype("u4") << 17
    saw("spared", int((people["spared"] > 0).sum()))
    assert not (people["spared"] & there).any()
    assert not (people["spare"] | people["unspare"]).any()
