"""The tables of an area: who dies where."""

import numpy as np
import pytest
from worlds import inputs, lived, shared_past, values

from model.evidence import read_table
from model.people import DEAD, RESIDENT
from model.places import places_of

AREA = inputs().area


def test_deaths_by_fifth_keep_the_mean_of_each_district():
    ratio = places_of(AREA, values(), 1.0).rates["death_quintile"]
    residents = np.zeros((len(AREA.districts), 5))
    of = (AREA.neighbourhood_district, AREA.neighbourhood_quintile - 1)
    np.add.at(residents, of, AREA.neighbourhood_residents)
    share = residents / residents.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(np.einsum("dq,dqa->da", share, ratio), 1.0, rtol=1e-5)
    assert (np.diff(ratio, axis=1) < 0).all()  # each fifth below the more deprived one


def test_the_ends_are_as_far_apart_as_the_evidence_says():
    ratio = places_of(AREA, values(), 1.0).rates["death_quintile"]
    for age, group in ((40, "0 to 74"), (74, "0 to 74"), (75, "75 and over"), (99, "75 and over")):
        expected = values()[f"death.deprivation_ratio[{group}]"]
        np.testing.assert_allclose(ratio[:, 0, age] / ratio[:, 4, age], expected, rtol=1e-5)


def test_life_expectancy_of_the_end_tenths_is_near_what_is_published():
    """The ratios of fifths, carried on to the tenths at the ends, against published life expectancies at birth."""
    told, table = values(), read_table("life_table")
    for sex in ("male", "female"):
        mine = (table["period"] == "2020-2022") & (table["sex"] == sex)
        hazard = -np.log(1.0 - np.minimum(table["qx"][mine], 0.9999))[np.argsort(table["age"][mine])]
        young, old = (told[f"death.deprivation_ratio[{group}]"] for group in ("0 to 74", "75 and over"))
        ratio = np.where(np.arange(hazard.size) < 75, young, old) ** (9 / 8)

        def expectancy(power, hazard=hazard, ratio=ratio):
            alive = np.exp(-np.concatenate([[0.0], np.cumsum(hazard * ratio**power)]))
            return (alive[:-1] + alive[1:]).sum() / 2.0

        for power, end in ((0.5, "most"), (-0.5, "least")):
            published = told[f"death.life_expectancy_{end}_deprived_tenth[{sex}]"]
            assert expectancy(power) == pytest.approx(published, abs=1.2)


def test_more_of_the_deprived_die_and_as_many_in_all():
    def died(**changes):
        given, past = inputs(3, 0.02), shared_past(3, 0.02, 7)
        model = lived(given, past=past, told=values(**changes))
        people = model.people[: past.rows][past.people["status"][: past.rows] == RESIDENT]
        age = (past.month - people["birth"].astype(int)) // 12
        dead = people["status"] == DEAD
        return dead.sum(), dead, age, people["quintile"]

    flat = {f"death.deprivation_ratio[{group}]": 1.0 for group in ("0 to 74", "75 and over")}
    total, dead, age, fifth = died()
    total_flat, *_ = died(**flat)
    assert total == pytest.approx(total_flat, rel=0.05)
    late = (age >= 55) & (age < 75)
    assert dead[late & (fifth <= 1)].mean() > 1.15 * dead[late & (fifth >= 3)].mean()
