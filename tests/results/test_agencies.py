"""What services spend: worked by hand, no contact priced twice, and every row of evidence that is read moves a cost."""

import re
from dataclasses import replace

import fake_outcomes
import numpy as np
import pytest

from model.evidence import Evidence, read
from model.vocabulary import KINDS, OFFENCES, ROLES, SERVICES
from results.economics.agencies import (
    BASES,
    BY_HOURS,
    HOLD_CRIME,
    PRICED,
    UNPRICED,
    Priced,
    agency_costs,
    agency_prices,
    refuse_twice,
    rows_read,
)
from results.prices import PAYERS, inflation, prices, shipped

MODEL = {name: row.value for name, row in read().items()}
YEAR = "2022/23"
NOBODY = np.zeros(len(SERVICES)), np.zeros((len(ROLES), len(KINDS))), np.zeros((len(OFFENCES), 2))
MARGINAL, AVERAGE = (BASES.index(name) for name in ("marginal", "average"))


def told(drawn=None, year=YEAR):
    return agency_prices(shipped(), year, drawn or {}, MODEL)


def cost(prices, service, contacts=1.0, hours=None, charges=None):
    """(P, 2) pounds of so many contacts of one service."""
    demand, none, no_charges = NOBODY
    demand = demand.copy()
    demand[SERVICES.index(service)] = contacts
    none = none.copy() if hours is None else hours
    return agency_costs(demand, none, no_charges if charges is None else charges, prices)[SERVICES.index(service)]


def test_a_month_in_prison_by_hand():
    # 51,724 pounds a place and year, of 2022/23 as it is: 4,310.33 a month; four tenths of it at the margin.
    found = cost(told(), "prison_months", 10.0)
    assert found[PAYERS.index("justice"), AVERAGE] == pytest.approx(43_103.33, abs=0.01)
    assert found[PAYERS.index("justice"), MARGINAL] == pytest.approx(17_241.33, abs=0.01)
    assert found.sum() == pytest.approx(43_103.33 + 17_241.33, abs=0.02)


def test_an_exclusion_leaves_out_the_crime_that_its_cost_contains_and_is_told_by_who_pays():
    found = cost(told(), "school_exclusions")[:, AVERAGE]
    pound = inflation(shipped(), "2005/06", YEAR)
    assert found.sum() == pytest.approx((9219 - 970) * pound)
    assert found[PAYERS.index("education")] == pytest.approx(7181 * pound)
    assert found[PAYERS.index("councils")] == pytest.approx(1004 * pound)


def test_a_case_in_court_is_priced_by_what_is_charged_and_of_whom():
    charges = np.zeros((len(OFFENCES), 2))
    charges[OFFENCES.index("robbery")], charges[OFFENCES.index("shoplifting")] = (0.0, 1.0), (2.0, 1.0)
    charges[OFFENCES.index("drugs"), 0] = -1.0  # closed after another was charged into it
    found = cost(told(), "court_cases", 2.0, charges=charges)[PAYERS.index("justice"), AVERAGE]
    by_hand = 2.0 * (9428 + 2 * 2645 + 4012) / 4.0  # pounds of 2008/09
    assert found == pytest.approx(by_hand * inflation(shipped(), "2008/09", YEAR))


def test_a_child_kept_out_of_court_spares_what_a_child_in_court_costs():
    ds = fake_outcomes.dataset()
    prices, theft = told(), OFFENCES.index("shoplifting")
    before, after = np.zeros((2, len(OFFENCES), 2))
    before[theft] = after[theft] = 100.0
    after[theft, 0] = 90.0
    spared = cost(prices, "court_cases", 200.0, charges=before) - cost(prices, "court_cases", 190.0, charges=after)
    assert spared[PAYERS.index("justice")] == pytest.approx(10.0 * prices.court[theft, 0])
    assert (ds.charges_in_court_children <= ds.charges_in_court).all()


def test_police_contacts_are_told_by_their_hours_and_once():
    hours = np.arange(1.0, 1.0 + len(ROLES) * len(KINDS)).reshape(len(ROLES), len(KINDS))
    found = agency_costs(NOBODY[0], hours, NOBODY[2], told())
    pound = 38.43 * inflation(shipped(), "2013/14", YEAR)
    assert found[:, PAYERS.index("police"), AVERAGE].sum() == pytest.approx(pound * hours.sum())
    custody = hours[ROLES.index("custody")].sum()
    assert found[SERVICES.index("arrests"), PAYERS.index("police"), AVERAGE] == pytest.approx(pound * custody)


def test_every_service_is_priced_once_or_named_as_not_priced():
    assert len({(one.service, one.payer) for one in PRICED}) == len(PRICED)
    priced = {*(one.service for one in PRICED), "court_cases", *BY_HOURS}
    assert sorted([*priced, *UNPRICED]) == sorted(SERVICES)
    for service in UNPRICED:
        assert cost(told(), service, 1000.0).sum() == 0.0


def test_every_row_that_is_read_moves_a_cost():
    def all_of(prices):
        return np.concatenate([prices.contact.ravel(), prices.court.ravel(), prices.hour.ravel()])

    for name in rows_read():
        row = shipped()[name]
        low, high = (all_of(told({name: end})) for end in (row.low, row.high))
        assert np.abs(high - low).sum() > 0.0, name


def test_old_prices_are_named_and_doubted_together():
    prices, later = told(), told(year="2025/26")
    assert "agency_cost_part.permanent_exclusion.health" in prices.stale
    assert "agency_cost.prison_place" not in prices.stale
    assert set(prices.stale) < set(later.stale)
    doubted = told({"stale_price_doubt": 1.2})
    events = [OFFENCES.index(name) for name in ("robbery", "drugs")]
    assert doubted.court[events] == pytest.approx(1.2 * prices.court[events])


def test_what_would_be_counted_twice_is_refused_by_name():
    refuse_twice(PRICED)
    with pytest.raises(ValueError, match="prison_months would be counted twice for justice"):
        refuse_twice([*PRICED, Priced("prison_months", "justice", "agency_cost.community_order")])
    with pytest.raises(ValueError, match=r"agency_cost.permanent_exclusion holds crime of 970 pounds"):
        refuse_twice([Priced("school_exclusions", "education", "agency_cost.permanent_exclusion")])
    assert set(HOLD_CRIME) <= set(shipped())


def test_a_price_year_without_a_deflator_is_refused():
    with pytest.raises(ValueError, match="no GDP deflator for 2035/36"):
        told(year="2035/36")


@pytest.mark.parametrize(("period", "said"), [("", "which is not given"), ("2035/36", "2035/36")])
def test_a_row_without_a_price_year_that_is_known_is_refused_by_its_name(period, said):
    for name, make in (
        ("agency_cost.prison_place", lambda rows: agency_prices(rows, YEAR, {}, MODEL)),
        ("crime_cost.lost_output[robbery]", lambda rows: prices(rows, YEAR)),
    ):
        rows = Evidence([replace(row, period=period) if row.name == name else row for row in shipped().values()])
        with pytest.raises(ValueError, match=rf"the price year of {re.escape(name)}, {said}"):
            make(rows)


def test_the_dataset_tells_them_by_service_payer_and_basis():
    ds = fake_outcomes.dataset()
    assert ds.agency_cost.dims == ("alternative", "replicate", "year", "service", "payer", "basis")
    assert float(ds.agency_cost.min()) >= 0.0
    assert (ds.agency_cost.sel(basis="marginal") <= ds.agency_cost.sel(basis="average")).all()
    beyond = ds.crime_cost.sel(payer=["councils", "education", "benefits_and_tax"])
    assert not beyond.any()
    assert "agency_cost_part.permanent_exclusion.health" in ds.attrs["stale_prices"]
