"""Every scenario and scheme that comes with Upstream runs, says what it must, and names what papers say it does."""

import io

import numpy as np
import pytest
from rich.console import Console

from experiments import run
from experiments.plan import make_plan
from experiments.preview import preview_table
from model.inputs import EFFECT_KINDS
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
    """An effect on all crime is on the people or places that a scheme reaches, never on an area."""
    for path in shipped_schemes().values():
        programme = load_scheme(path).programme
        if programme.reaches == "system":
            assert {e.kind for e in programme.effects} <= {
                "uptake", "completion", "targeting", "delivery", "recording", "confidence", "volunteering",
            }  # fmt: skip


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
    paid = ds.commissioner_spend.sum(("programme", "year")).mean("replicate")
    for alternative, money in scenario.money(3).items():
        assert float(paid.sel(alternative=alternative)) <= money.sum() * 1.02 + 1e5, alternative


def test_a_review_moves_money_and_spends_no_more():
    ds = run(load("early_intervention"), replicates=1, scale=0.002, years=4, seed=1)
    spend = ds.commissioner_spend.isel(replicate=0)
    kept, moved = (spend.sel(alternative=name) for name in ("as_planned", "reviewed_by_evidence"))
    assert np.array_equal(kept.isel(year=0), moved.isel(year=0))
    best = moved.sel(programme="youth_diversion")
    assert float(best[3]) > float(kept.sel(programme="youth_diversion")[3])
    assert float(moved.sum()) <= float(kept.sum()) * 1.05
    assert float(ds.cases_prosecuted.sel(alternative="court_for_all").sum()) > 0
    assert float(ds.cases_prosecuted.sel(alternative="as_planned").sum()) == 0
