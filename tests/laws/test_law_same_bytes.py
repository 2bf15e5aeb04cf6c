"""Same bytes: what a run comes to is a function of what it is given, the uncertain numbers and the seed, and of
nothing else: not of the process, its jobs, the order of programmes, or the day. (A run is one thread; how many threads
the process may have is varied.)"""

from dataclasses import replace

import numba
import numpy as np
import pytest
from compared import COLUMNS, differing, differing_people, digest, digests, lived, told
from drawn_worlds import POUNDS, World, open_to_all, past_of, schemes, worlds
from hypothesis import strategies as st
from lawbook import examples_of, law, saw
from lived_apart import answer, apart

from model.people import N_SLOTS

# The dataset of results says when it was made; no other word or number of it may.
MAY_TELL_THE_DAY = {"attribute date"}
OTHER_THREADS = "2" if numba.config.NUMBA_NUM_THREADS == 1 else "1"
ALL_ELSE = {"PYTHONHASHSEED": "4021", "NUMBA_NUM_THREADS": OTHER_THREADS, "day": "2031-02-03", "TZ": "Asia/Tokyo"}
ELSEWHERE = [
    pytest.param(ALL_ELSE, 4, False, id="another process, hash, number of threads and day"),
    *(pytest.param(one, 60, True, marks=pytest.mark.slow, id=" ".join(one.values())) for one in (
        {"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "4021"}, {"NUMBA_NUM_THREADS": "1"}, {"NUMBA_NUM_THREADS": "2"},
        {"day": "1999-12-31"}, {"day": "2040-02-29", "TZ": "America/Lima"},
    )),
]  # fmt: skip
BY_PROGRAMME = {  # which axis of a table is that of programmes
    **dict.fromkeys(("places", "starts", "completions", "waiting", "refused", "net_widened", "flagged", "flagged_in",
                     "hot"), 1),
}  # fmt: skip


def unlike(one: list[dict[str, str]], two: list[dict[str, str]]) -> list[str]:
    """The names that do not tell the same in two answers."""
    assert [sorted(each) for each in one] == [sorted(each) for each in two]
    return [f"{at}: {name}" for at, told in enumerate(one) for name in told if told[name] != two[at][name]]


@law(4, "started", world=worlds)
def test_twice_the_same(world):
    """A world lived twice in one process, its past too, comes out the same to the last bit."""
    model, outcome = lived(world)
    saw("started", outcome.record.starts.sum() > 0)
    first = digests(model, outcome)
    past_of.cache_clear()
    assert unlike([first], [digests(*lived(world))]) == []


@pytest.mark.parametrize(("change", "number", "slow"), ELSEWHERE)
def test_elsewhere_the_same(change, number, slow, tmp_path):
    """Another process, with other hashes of text, other threads or on another day, comes to the same bytes."""
    drawn = examples_of(worlds(slow, sizes=(2, 1, 3)), number, slow)
    assert unlike(answer(drawn), apart(drawn, tmp_path, **change)) == []


def crowds(wide: bool) -> st.SearchStrategy[World]:
    """More programmes for everybody than one person can hold."""
    return worlds(wide, among=("person",), most_years=1, sizes=(6, 5)).map(open_to_all)


def in_order(world: World, order: list[int]) -> World:
    """The same world with its programmes in another order."""
    programmes, money, practice, groups = (
        tuple(column[p] for p in order) for column in (world.programmes, world.money, world.practice, world.groups)
    )
    return replace(world, programmes=programmes, money=money, practice=practice, groups=groups)


@law(
    10, "several on one person", "turned away", luck=lambda _: st.integers(0, 2**32 - 1),
    world=lambda wide: crowds(wide) | worlds(wide, sizes=(3, 4)),
)  # fmt: skip
def test_the_order_of_programmes_is_of_no_account(world, luck):
    """Written in another order, the same programmes get the same people, places and money, and do the same."""
    order = np.random.default_rng(luck).permutation(len(world.programmes)).tolist()
    (first, one), (second, two) = lived(world), lived(in_order(world, order))
    arrays, others = told(one), told(two)
    saw("turned away", order != sorted(order) and one.record.refused.sum())
    for name, axis in BY_PROGRAMME.items():
        arrays[f"record.{name}"] = np.take(arrays[f"record.{name}"], order, axis=axis)
    for name in ("spend", "commissioner_spend"):
        arrays[name] = np.take(arrays[name], order, axis=1)
    assert [name for name in arrays if digest(arrays[name]) != digest(others[name])] == []
    people, permuted = first.people[: first.rows], second.people[: second.rows]
    unlike_columns = [name for name in COLUMNS if not np.array_equal(people[name], permuted[name])]
    assert set(unlike_columns) <= {"slot_programme"}
    number = np.array([0, *(1 + np.array(order, dtype=np.int64))])  # of the programme that stands there now
    held = number[permuted["slot_programme"].astype(np.int64)]
    saw("several on one person", (np.count_nonzero(held, axis=1) > 1).any())
    assert held.shape[1] == N_SLOTS
    assert np.array_equal(people["slot_programme"], held)


@law(3, "offended", world=lambda wide: worlds(wide, sizes=(2, 1, 3)))
def test_a_ledger_changes_nothing(world):
    """Counting person by person is looking on: the outcome is the same."""
    model, outcome = lived(world)
    saw("offended", outcome.record.offences.sum() > 0)
    other = type(model)(world.inputs(), world.values, world.ground.seed, past_of(world.ground))
    other.keep_ledger()
    assert differing(outcome, other.run()) == []
    assert differing_people(model, other) == []


SCENARIO = """title = "Drawn"
question = "What does it buy?"
area = "west_mercia"
start = 2022-04-01
years = {years}
price_year = "2022/23"
comparator = "some"

[[alternative]]
name = "some"
title = "Some"
pounds_a_year = {pounds}
shares = {{ {shares} }}

[[alternative]]
name = "none"
title = "None"
pounds_a_year = 0
"""


@st.composite
def scenarios(draw):
    """A scenario of shipped schemes, and a plan of few small runs."""
    facts = {name: scheme.programme for name, scheme in schemes().items()}
    able = [name for name, one in facts.items() if one.reaches != "system" and not one.takes_no_money]
    named = draw(st.lists(st.sampled_from(able), min_size=1, max_size=4, unique=True))
    equal = ", ".join(f"{name} = {1 / len(named)}" for name in named)
    text = SCENARIO.format(years=draw(st.integers(1, 2)), pounds=draw(st.sampled_from(POUNDS[:2])), shares=equal)
    plan = {"replicates": 2, "seed": draw(st.integers(0, 2**63 - 1)), "scale": draw(st.sampled_from((0.0005, 0.001)))}
    return text, plan


@pytest.mark.parametrize("slow", [
    pytest.param(False, id="few"), pytest.param(True, id="many", marks=pytest.mark.slow),
])  # fmt: skip
def test_jobs_and_the_day_are_of_no_account(slow, tmp_path):
    """The results of a scenario are the same with one job and with two, and on another day but for its date."""
    asked = []
    for at, (text, plan) in enumerate(examples_of(scenarios(), 20 if slow else 2, slow)):
        path = tmp_path / f"drawn_{at}.toml"
        path.write_text(text, encoding="utf-8")
        asked.append((str(path), plan))
    asked = asked if slow else asked[-1:]
    alone = answer(asked)
    two_jobs = [(path, plan | {"jobs": 2}) for path, plan in asked]
    if slow:
        assert {name.partition(": ")[2] for name in unlike(alone, answer(two_jobs))} <= MAY_TELL_THE_DAY
    later = apart(two_jobs, tmp_path, day="2031-02-03", PYTHONHASHSEED="11")
    assert {name.partition(": ")[2] for name in unlike(alone, later)} == MAY_TELL_THE_DAY
    assert all(one["attribute date"].startswith("2031-02-03") for one in later)
