"""The lives of those resident at the end of the first year: convictions by age, and what goes with what."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.watching.first_year import Year, ace_counts, ages_of, bands_of
from calibration.watching.watched import AGES, BAND_FROM, BIRTH_YEARS, FIRST_BIRTH_YEAR, MOST_TOLD
from model.people import N_HAZARDS, N_RISKS, NEVER, RATE_ONE, RESIDENT, RISK, Columns
from model.vocabulary import ACE_COUNTS, OFFENCES
from model.world import PreventionModel

Ints = NDArray[np.int64]
HURT = np.array([OFFENCES.index(name) for name in ("violence_with_injury", "violence_without_injury")])
IN_CUSTODY = np.uint32(1 << RISK["in_custody"])
PROLIFIC_SINCE = (2000 - 1900) * 12  # January 2000: those dealt with since then are told of


def told(model: PreventionModel, year: Year) -> dict[str, Any]:
    """Counts of lives so far, and sums of hazards by what people have lived with."""
    people, month = model.columns, model.month
    here = np.flatnonzero(people["status"][: model.rows] == RESIDENT)
    age, sex = ages_of(people, here, month), people["sex"][here].astype(np.int64)
    cohort = np.clip(people["birth"][here].astype(np.int64) // 12 + 1900 - FIRST_BIRTH_YEAR, 0, BIRTH_YEARS - 1)
    born = np.zeros((2, BIRTH_YEARS), np.int64)
    np.add.at(born, (sex, cohort), 1)
    convictions = np.zeros((2, BIRTH_YEARS, MOST_TOLD + 1), np.int64)
    np.add.at(convictions, (sex, cohort, np.minimum(people["court_convictions"][here], MOST_TOLD)), 1)
    band, number = bands_of(age), ace_counts(people["aces"][here])
    some = {
        "custody_ace": people["custody_months"][here] > 0, "violent_ace": year.violent[here] > 0,
        "harmed_ace": year.suffered[here][:, HURT].sum(axis=1) > 0,
    }  # fmt: skip
    by_ace = {}
    for name, yes in some.items():
        by_ace[name] = np.zeros((len(BAND_FROM), 2, len(ACE_COUNTS), 2), np.int64)
        np.add.at(by_ace[name], (band, sex, number, yes.astype(np.int64)), 1)
    return {
        "born": born, "convictions": convictions, "prolific": prolific(people, here), **by_ace,
        "first_outcome": first_at(people, here, "first_outcome", sex, cohort),
        "first_conviction": first_at(people, here, "first_conviction", sex, cohort),
        **hazards(people, here, band, sex, number, month),
    }  # fmt: skip


def first_at(people: Columns, here: Ints, name: str, sex: Ints, cohort: Ints) -> Ints:
    """(2, BIRTH_YEARS, A) people by age at the first one."""
    first, birth = people[name][here].astype(np.int64), people["birth"][here].astype(np.int64)
    had = first != NEVER
    counts = np.zeros((2, BIRTH_YEARS, AGES), np.int64)
    np.add.at(counts, (sex[had], cohort[had], np.clip((first - birth)[had] // 12, 0, AGES - 1)), 1)
    return counts


def prolific(people: Columns, here: Ints) -> Ints:
    """(8,) of those dealt with since 2000: offenders, prolific ones; convictions in court of all, of prolific ones;
    adult prolific ones, of whom begun as children; and of those in custody, how many there are, prolific ones.

    Who is prolific is told by age when last dealt with, and by how often before then and at what age (Ministry of
    Justice, Characteristics of prolific offenders: juvenile, young adult and adult prolific, as written there).
    """
    here = here[people["last_outcome"][here] >= PROLIFIC_SINCE]
    birth, last = (people[name][here].astype(np.int64) for name in ("birth", "last_outcome"))
    age = (last - birth) // 12
    child, young = people["young_outcomes"][here].astype(np.int64).T
    before = people["convictions"][here].astype(np.int64) - 1
    child, young = child - (age < 18), young - ((age >= 18) & (age < 21))
    since_21 = before - child - young
    adult = (before >= 16) & (since_21 >= 8)
    grown = adult | ((before >= 16) & (since_21 < 8) & (young >= 4)) | ((before < 16) & (young < 4) & (child >= 4))
    many = np.select([age < 18, age < 21], [before >= 4, before >= 8], default=grown)
    adult &= age >= 21
    courts = people["court_convictions"][here].astype(np.int64)
    began = people["first_outcome"][here].astype(np.int64) - birth
    jailed = (people["risks"][here] & IN_CUSTODY) != 0
    return np.array([
        here.size, many.sum(), courts.sum(), courts[many].sum(), adult.sum(), (adult & (began < 216)).sum(),
        jailed.sum(), (jailed & many).sum(),
    ])  # fmt: skip


def hazards(people: Columns, here: Ints, band: Ints, sex: Ints, number: Ints, month: int) -> dict[str, Any]:
    """People and sums of their monthly hazards by adverse experiences, active ties and time since an offence, and
    without and with each risk factor."""
    rate = people["rate"][here].astype(np.float64) / RATE_ONE
    last = people["last_offence"][here].astype(np.int64)
    since = np.where(last == NEVER, 10_000, month - last)
    recency = np.select([since >= 24, since >= 12, since >= 3], [0, 1, 2], default=3)
    given = (number, people["peers"][here].astype(np.int64), recency)
    who, of = np.zeros((3, len(BAND_FROM), 2, 5), np.int64), np.zeros((3, len(BAND_FROM), 2, 5, N_HAZARDS))
    for at, one in enumerate(given):
        np.add.at(who[at], (band, sex, one), 1)
        np.add.at(of[at], (band, sex, one), rate)
    with_factor, hazard = np.zeros((N_RISKS, len(BAND_FROM), 2, 2), np.int64), np.zeros(
        (N_RISKS, len(BAND_FROM), 2, 2, N_HAZARDS)
    )
    for r in range(N_RISKS):
        on = (people["risks"][here] >> np.uint32(r) & np.uint32(1)).astype(np.int64)
        np.add.at(with_factor[r], (band, sex, on), 1)
        np.add.at(hazard[r], (band, sex, on), rate)
    return {"given_people": who, "given_hazard": of, "factor_people": with_factor, "factor_hazard": hazard}
