"""Every scenario and scheme that comes with Upstream runs, says what it must, and names what papers say it does."""

import io

import numpy as np
import pytest
from rich.console import Console

from experiments import run
from experiments.plan import endings, make_plan
from experiments.preview import preview_table
from model.inputs import EFFECT_KINDS
from model.vocabulary import OFFENCES
from results.closing import closing_table
from scenarios import load, shipped_scenarios
from scenarios.schemes import load_scheme, shipped_levers, shipped_schemes

NAMED = {  # what each paper names, as ids; the scenario of a paper holds them all
    "west_mercia_2022": {
        "needs_assessment", "governance", "violence_prevention_network", "problem_solving_hub", "local_policing_review",
        "we_dont_buy_crime", "watch_schemes", "street_watch", "special_constabulary", "trauma_training",
        "communications", "strategic_partnerships", "community_charter",
    },
    "essex_2018": {
        "needs_assessment", "gang_early", "da_perpetrator", "hot_spots", "communications", "banking_protocol",
    },
    "serious_violence_2023": {
        "op_deter_youth", "op_deter_adult", "hkc_index", "ae_navigator", "faith_alliance", "sv_duty",
    },
    "early_intervention": {
        "frontline_integration", "community_grants", "repeat_demand", "youth_diversion", "young_adult_diversion",
        "strategic_partnerships",
    },
    "prevention_in_focus_2019": {
        "women_offender_work", "community_peer_mentor", "safe_schools", "young_victims", "ace_projects",
        "sport_schemes",
    },
    "money_stops": set(), "shift_upstream": set(),
}  # fmt: skip


def test_the_scenarios_of_the_papers_are_shipped():
    assert set(shipped_scenarios()) == set(NAMED)


def test_there_are_fifty_four():
    assert (len(shipped_schemes()), len(shipped_levers())) == (52, 2)


def test_each_kind_of_effect_is_used_by_at_least_two_schemes():
    users: dict[str, set[str]] = {kind: set() for kind in EFFECT_KINDS}
    for name, path in shipped_schemes().items():
        for effect in load_scheme(path).programme.effects:
            users[effect.kind].add(name)
    assert {kind: names for kind, names in users.items() if len(names) < 2} == {}


def test_no_scheme_multiplies_all_crime_of_everyone():
    """A scheme that acts on all crime is for some people alone: of an event, a need or few ages. One of places acts
    on some crime there, in a part of each."""
    all_crime = set(OFFENCES) - {"antisocial_behaviour"}  # which is no crime
    for name, path in shipped_schemes().items():
        scheme = load_scheme(path)
        one = scheme.programme
        on_all = [effect for effect in one.effects if all_crime <= set(effect.targets)]
        if one.reaches == "place":
            assert not on_all, name
            assert one.covers == "home" or scheme.evidence[f"{name}.covers"].high < 1.0, name
        elif on_all:
            few_ages = one.ages[1] - one.ages[0] < 20
            assert one.reaches != "system", name
            assert one.event or one.needs or few_ages, name


@pytest.mark.parametrize("name", NAMED)
def test_a_shipped_scenario_runs(name):
    scenario = load(name)
    assert NAMED[name] <= {programme.id for programme in scenario.programmes}
    ds = run(scenario, replicates=2, scale=0.002, years=3, seed=1)
    assert all(np.isfinite(ds[one].values).all() for one in ds.data_vars if one != "parameter")
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(preview_table(scenario, make_plan(scenario), 1))
    console.print(closing_table(ds))
    told = console.export_text()
    assert scenario.title in told
    if not all(programme.outcome_study for programme in scenario.programmes):
        assert "No study has measured" in told
    paid, added = ds.commissioner_spend.sum("programme"), endings(scenario, 3)
    for alternative, money in scenario.money(3).items():
        told = paid.sel(alternative=alternative).transpose("replicate", "year").values
        plan, most = money.sum(axis=0), (money + added[alternative]).sum(axis=0)
        assert (told[:, most == 0.0] == 0.0).all(), alternative  # the years of no money, when nothing runs down
        assert (told.sum(axis=1) >= plan.sum() / 2).all(), alternative
        if scenario.form.underspend == "carried":  # what is left of a year may be spent in a later one
            told, most = told.cumsum(axis=1), most.cumsum()
        assert (told <= most + 1.0).all(), alternative  # and a pound of rounding


def test_a_review_moves_money_and_spends_no_more():
    ds = run(load("early_intervention"), replicates=1, scale=0.01, years=4, seed=1)
    spend = ds.commissioner_spend.isel(replicate=0)
    kept, moved = (spend.sel(alternative=name) for name in ("as_planned", "reviewed_by_evidence"))
    assert np.array_equal(kept.isel(year=0), moved.isel(year=0))
    fewer = [str(name) for name in kept.programme.values if float((kept - moved).sel(programme=name)[-1]) > 1.0]
    assert fewer == ["community_grants"]  # of which least is known; what takes its money may find nobody more to help
    assert float(moved.sum()) <= float(kept.sum()) * 1.05
    assert float(ds.cases_prosecuted.sel(alternative="court_for_all").sum()) > 0
    assert float(ds.cases_prosecuted.sel(alternative="as_planned").sum()) == 0
