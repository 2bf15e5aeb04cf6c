"""The first year of a plan: who offended and who was harmed, how often, and in which homes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.watching.watched import AGES, BAND_FROM, MOST_OFFENCES, OF_HOUSEHOLDS, VICTIM_SETS
from model import happenings as h
from model.people import N_RISKS, NOBODY, RESIDENT, RISK, Columns
from model.vocabulary import ACE_COUNTS, ANTISOCIAL, COUNTED_ACES, N_OFFENCES, OFFENCES
from model.world import PreventionModel

Ints = NDArray[np.int64]
ADULT, CHILD_UNTIL = 16, 16  # as the Crime Survey has them
ABUSED = np.uint32(1 << RISK["abused_by_partner"])


class Year(NamedTuple):
    """By row, so far this year."""

    suffered: NDArray[np.uint16]  # (rows, G)
    committed: NDArray[np.uint16]  # (rows,)
    violent: NDArray[np.uint16]  # (rows,) of which violence against the person
    abused: NDArray[np.bool_]  # (rows,)
    domestic_victim: Ints  # (2,)


VIOLENT = np.array([OFFENCES.index(name) for name in (
    "homicide", "violence_with_injury", "violence_without_injury", "robbery")])  # fmt: skip


def begin(rows: int) -> Year:
    """Nothing yet; with room for those who are born and come."""
    room = rows + rows // 8 + 4096
    return Year(
        np.zeros((room, N_OFFENCES), np.uint16), np.zeros(room, np.uint16), np.zeros(room, np.uint16),
        np.zeros(room, np.bool_), np.zeros(2, np.int64),
    )  # fmt: skip


def note(year: Year, log: NDArray[np.void], model: PreventionModel) -> Year:
    """A month more."""
    people, rows = model.columns, model.rows
    harmed = log[log["kind"] == h.VICTIM]
    np.add.at(year.suffered, (harmed["row"], harmed["offence"]), 1)
    by_residents = log[(log["kind"] == h.OFFENCE) & (log["row"] != NOBODY)]
    crimes = by_residents[by_residents["offence"] != ANTISOCIAL]
    np.add.at(year.committed, crimes["row"], 1)
    np.add.at(year.violent, crimes["row"][np.isin(crimes["offence"], VIOLENT)], 1)
    year.abused[:rows] |= (people["risks"][:rows] & ABUSED) != 0
    np.add.at(year.domestic_victim, log["sex"][log["kind"] == h.DOMESTIC_INCIDENT], 1)
    return year


def ages_of(people: Columns, rows: Ints, month: int) -> Ints:
    """(rows,) whole years, most 100."""
    return np.clip((month - people["birth"][rows].astype(np.int64)) // 12, 0, AGES - 1)


def bands_of(age: Ints) -> Ints:
    """(rows,) places in BAND_FROM."""
    return np.asarray(np.searchsorted(BAND_FROM, age, side="right") - 1)


def told(year: Year, model: PreventionModel) -> dict[str, Any]:
    """What is counted at the end of the year, of those resident then."""
    people = model.columns
    here = np.flatnonzero(people["status"][: model.rows] == RESIDENT)
    age, sex = ages_of(people, here, model.month), people["sex"][here].astype(np.int64)
    suffered, home = year.suffered[here].astype(np.int64), people["household"][here].astype(np.int64)
    residents, abused = np.zeros((2, 2, AGES), np.int64)
    np.add.at(residents, (sex, age), 1)
    np.add.at(abused, (sex, age), year.abused[here].astype(np.int64))
    factors, aces = np.zeros((N_RISKS, 2, AGES), np.int64), np.zeros((2, AGES, len(ACE_COUNTS)), np.int64)
    for r in range(N_RISKS):
        on = (people["risks"][here] >> np.uint32(r) & np.uint32(1)).astype(np.int64)
        np.add.at(factors[r], (sex, age), on)
    np.add.at(aces, (sex, age, ace_counts(people["aces"][here])), 1)
    band = bands_of(age)
    did, was = np.minimum(year.committed[here], MOST_OFFENCES), suffered[:, :ANTISOCIAL].sum(axis=1)
    offended, harmed = np.zeros((2, len(BAND_FROM), 2, MOST_OFFENCES + 1), np.int64)
    np.add.at(offended, (band, sex, did), 1)
    np.add.at(harmed, (band, sex, np.minimum(was, MOST_OFFENCES)), 1)
    overlap = np.zeros((len(BAND_FROM), 2, 2, 2), np.int64)
    np.add.at(overlap, (band, sex, (did > 0).astype(np.int64), (was > 0).astype(np.int64)), 1)
    homes, home = np.unique(home, return_inverse=True)
    victim, of_households, headline = victims_of(suffered, home, homes.size, sex, age)
    return {
        "residents": residents, "abused": abused, "factors": factors, "aces": aces, "victim": victim,
        "household_victim": of_households, "households": np.array(homes.size), "domestic_victim": year.domestic_victim,
        "lone": lone_parents(home, homes.size, age, people["quintile"][here].astype(np.int64), headline),
        "offended": offended, "harmed": harmed, "overlap": overlap,
    }  # fmt: skip


def ace_counts(aces: NDArray[np.uint16]) -> Ints:
    """(rows,) number of adverse experiences, four for four and more."""
    number = sum((aces >> np.uint16(a) & np.uint16(1)).astype(np.int64) for a in range(COUNTED_ACES))
    return np.minimum(np.asarray(number), len(ACE_COUNTS) - 1)


def victims_of(suffered: Ints, home: Ints, homes: int, sex: Ints, age: Ints) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """(sets, 2, A, 3) people who were victims, (sets, 3) households, and who was a victim of headline crime. What is
    done to a home is done to each adult in it, as the Crime Survey counts."""
    victim = np.zeros((len(VICTIM_SETS), 2, AGES, 3), np.int64)
    of_households = np.zeros((len(VICTIM_SETS), 3), np.int64)
    headline = np.zeros(age.size, np.bool_)
    for s, (name, (groups, by_household)) in enumerate(VICTIM_SETS.items()):
        own = np.array([OFFENCES.index(g) for g in groups if g not in OF_HOUSEHOLDS], dtype=np.int64)
        shared = np.array([OFFENCES.index(g) for g in groups if g in OF_HOUSEHOLDS], dtype=np.int64)
        at_home = np.bincount(home, weights=suffered[:, shared].sum(axis=1), minlength=homes).astype(np.int64)
        times = suffered[:, own].sum(axis=1) + at_home[home]
        if by_household:
            of_households[s] = (at_home > 0).sum(), (at_home > 1).sum(), at_home.sum()
        for k, counted in enumerate((times > 0, times > 1, times)):
            np.add.at(victim[s, :, :, k], (sex, age), counted.astype(np.int64))
        if name == "headline":
            headline = times > 0
    return victim, of_households, headline


def lone_parents(home: Ints, homes: int, age: Ints, quintile: Ints, harmed: NDArray[np.bool_]) -> Ints:
    """(B, 5, 2, 2) adults in homes without children, and lone parents; not harmed, and harmed."""
    adults = np.bincount(home, weights=age >= ADULT, minlength=homes)
    children = np.bincount(home, weights=age < CHILD_UNTIL, minlength=homes)
    told = np.zeros((len(BAND_FROM), 5, 2, 2), np.int64)
    lone = (adults == 1) & (children > 0)
    of_age = age >= ADULT
    for at, some in enumerate((children == 0, lone)):
        rows = np.flatnonzero(some[home] & of_age)
        group = np.full(rows.size, at, np.int64)
        np.add.at(told, (bands_of(age[rows]), quintile[rows], group, harmed[rows].astype(np.int64)), 1)
    return told
