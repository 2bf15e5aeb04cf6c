"""Expected and realised agree in the mean: what is counted is what the hazards of those who live say, give or take
chance.

What happens in a month beyond what was expected of it is chance alone, whatever happened before: a martingale
difference. So the mean over months and seeds, divided by its standard error, is nearly a standard normal.
"""

import numpy as np
from drawn_worlds import AMONG_PEOPLE, Ground, World, begun, past_of, with_luck, with_strong, worlds
from lawbook import law, saw

from model.people import RESIDENT
from model.record import FIXED
from model.vocabulary import OFFENCES
from model.world import PreventionModel

BOUND = 4.5  # standard errors
SEEDS = 10
MONTHS = 12 * SEEDS  # the fewest differences that a z-score is made of
FEWEST = 100  # offences expected of a pool that is looked at
POOLS = {
    "all": OFFENCES,
    "violence": ("homicide", "violence_with_injury", "violence_without_injury", "stalking_harassment", "robbery"),
    "sexual": ("rape", "other_sexual"),
    "theft": ("residential_burglary", "other_burglary", "theft_of_vehicle", "theft_from_vehicle", "shoplifting",
              "other_theft"),
    "damage and disorder": ("criminal_damage", "arson", "weapons", "public_order", "antisocial_behaviour"),
    "drugs": ("drugs",),
    "fraud": ("fraud_computer_misuse",),
}  # fmt: skip


def differences(world: World, seeds: int, tally: dict[str, list[float]]) -> None:
    """Add, by pool, what each month of each seed came to beyond what was expected, and what was expected."""
    for seed in range(seeds):
        past = with_luck(past_of(world.ground), 1000 * seed + world.ground.seed % 1000)
        model = PreventionModel(world.inputs(), world.values, world.ground.seed, past)
        outcome = model.run()
        saw("placed", (model.people["placed"][: model.rows] > 0).sum())
        for name, groups in POOLS.items():
            which = [OFFENCES.index(group) for group in groups]
            expected = outcome.record.expected[:, :, which].sum(axis=(1, 2)) / FIXED
            beyond = outcome.record.offences[:, :, which].sum(axis=(1, 2)) - expected
            tally.setdefault(name, []).extend(beyond.tolist())
            tally.setdefault(f"expected of {name}", []).append(float(expected.sum()))


def far_off(tally: dict[str, list[float]]) -> dict[str, float]:
    """The pools whose z-score is out of bounds."""
    told = {}
    for name in POOLS:
        beyond = np.array(tally[name])
        assert beyond.size >= MONTHS
        if sum(tally[f"expected of {name}"]) >= FEWEST:
            told[name] = float(beyond.mean() / (beyond.std(ddof=1) / np.sqrt(beyond.size)))
    return {name: z for name, z in told.items() if abs(z) > BOUND}


TOGETHER: dict[str, list[float]] = {}  # of all the worlds of a law


def all_together() -> None:
    """What is too little to be seen in one world is seen in all of them."""
    tally = dict(TOGETHER)
    TOGETHER.clear()
    assert far_off(tally) == {}


@law(4, "placed", end=all_together, world=lambda wide: worlds(wide, most_years=1 + wide))
def test_what_happens_is_what_was_to_be_expected(world):
    """In any world, with whatever programmes, offences of each kind come to what the hazards say, within chance."""
    tally: dict[str, list[float]] = {}
    differences(world, SEEDS, tally)
    assert far_off(tally) == {}
    for name, beyond in tally.items():
        TOGETHER.setdefault(name, []).extend(beyond)


STRONG = {
    "prevented": (0.2, "offending"), "added": (2.0, "offending"),
    "prevented in places": (0.2, "offences"), "added in places": (1.6, "offences"),
}  # fmt: skip


@law(2, "placed", world=lambda wide: worlds(wide, among=AMONG_PEOPLE, most_years=1, sizes=(1, 2, 3)))
def test_what_strong_programmes_do_is_what_was_to_be_expected(world):
    """Where nearly everybody, or every place, is treated, and strongly, what is prevented or added is what the ratios
    say, beside whatever else there is."""
    far = {}
    for name, (ratio, kind) in STRONG.items():
        tally: dict[str, list[float]] = {}
        differences(with_strong(world, ratio, kind), SEEDS, tally)
        far |= {f"{pool}, {name}": z for pool, z in far_off(tally).items()}
    assert far == {}


def test_the_hazards_of_the_start_are_those_of_the_first_month():
    """Nothing happens before it is counted: the first month's expectation is the sum of the residents' hazards as the
    plan starts, and of what outsiders do."""
    ground = Ground(0.0015, 1, 1, None)
    model = begun(World(ground))
    model.begin_year(0)
    people = model.people[: model.rows]
    here = people.status == RESIDENT
    due = here & (people.wake <= model.month)
    rates = people.rate.sum(axis=1, dtype=np.int64)
    others = float(model.places.outsiders.sum())
    fresh = begun(World(ground))
    fresh.step()
    expected = fresh.record.expected[0].sum() / FIXED - others
    assert abs(expected - rates[here].sum() / FIXED) <= rates[due].sum() / FIXED + 1.0
