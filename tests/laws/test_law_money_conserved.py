"""Conservation of money: pounds are spent on places, or given back, and buy no more than they can."""

from collections import defaultdict

import numpy as np
from drawn_worlds import AMONG_PEOPLE, begun, worlds
from lawbook import law, saw
from month_by_month import months_of

ROUNDING = 1e-6  # of a sum of money


def given_back(model):
    """What each purse tells each March, by programme: (beyond the budget, left over), filled as the plan is lived."""
    told = defaultdict(list)

    def watched(number, close):
        def closing(last):
            told[number].append(close(last))
            return told[number][-1]

        return closing

    for number, purse in model.at_work.purses.items():
        purse.close_year = watched(number, purse.close_year)
    return told


@law(26, "given back", "carried", "run down", "reviewed", world=lambda wide: worlds(wide, sizes=(2, 1, 3)))
def test_pounds_are_spent_or_given_back(world):
    """Each year what is spent, and what is left, is the year's money with what was carried in and what ending costs;
    nobody starts beyond the places that were bought, and nobody completes who has not started."""
    model = begun(world)
    told, budgets, paid = given_back(model), [], model.at_work.paid_by_commissioner
    for each in months_of(model):
        if each.m % 12 == 0:
            budgets.append(model.at_work.budget.copy())
    record, spend, budget = model.record, model.at_work.spend, np.array(budgets)
    tolerance = ROUNDING * (1.0 + budget.sum())
    for number, closed in told.items():
        beyond, left = np.array(closed).T
        assert (left >= 0.0).all()
        assert (beyond >= 0.0).all()
        assert np.allclose(spend[:, number] + left, budget[:, number] + beyond, rtol=0, atol=tolerance)
        saw("given back", (left > 0).any())
        one = model.at_work.programmes[number]
        saw("run down", one.run_down_months and (beyond > 0).any())
        if not world.carried and not one.run_down_months and not world.values.get(f"{one.id}.exit_cost"):
            assert (spend[:, number] <= budget[:, number] + tolerance).all()
        in_all = budget[:, number].sum() + ending_costs(world, one, budget[:, number])
        assert spend[:, number].sum() <= in_all + tolerance
        saw("carried", world.carried and (beyond > 0).any())
    assert np.allclose(model.at_work.commissioner_spend, spend * paid)
    # Reviews move money within a group and hold back what ending costs; they make none.
    for group in set(world.groups):
        mine = np.array(world.groups) == group
        before, after = (money[mine].sum(axis=0) for money in (np.array(world.money), model.commissioner.money))
        assert (after <= before + tolerance).all()
        if world.review == "fixed":
            assert np.array_equal(before, after)
    saw("reviewed", not np.array_equal(np.array(world.money), model.commissioner.money))
    places_and_people(world, model, record, spend, tolerance)


def ending_costs(world, programme, budget):
    """The most that running down and ending may cost: for each time that the money ends, its exit and run-down."""
    times = int(((budget[:-1] > 0) & (budget[1:] <= 0)).sum())
    return times * (world.values.get(f"{programme.id}.exit_cost", 0.0)
                    + budget.max() / 12.0 * programme.run_down_months)  # fmt: skip


def places_and_people(world, model, record, spend, tolerance):
    """Places cost what they cost, and are taken once."""
    for number, programme in enumerate(world.programmes):
        starts = record.starts[:, number].cumsum()
        if programme.reaches in AMONG_PEOPLE:
            assert (record.completions[:, number].cumsum() <= starts).all(), programme.id
        if programme.takes_no_money or programme.reaches == "system":
            assert record.places[:, number].sum() == 0 or programme.takes_no_money
            assert spend[:, number].sum() == 0 or not programme.takes_no_money
            continue
        assert (starts <= record.places[:, number].cumsum()).all(), programme.id
        one = model.at_work.purses[number].one
        assert starts[-1] * one <= spend[:, number].sum() + one + tolerance, programme.id
