"""A scheme that was costed long before the pounds of the scenario: named, and doubted as services' old prices are."""

from pathlib import Path

import pytest

from experiments.plan import adjusted, stale_costings
from experiments.sensitivity.problem import Asked, uncertainties_of
from scenarios import Scenario, load
from scenarios import scenario as scenarios

TEMPLATE = Path(scenarios.__file__).parent / "templates" / "scenario.toml"


def scenario_of(folder: Path, scheme: str) -> Scenario:
    path = folder / f"{scheme}.toml"
    path.write_text(TEMPLATE.read_text(encoding="utf-8").replace("parenting =", f"{scheme} ="), encoding="utf-8")
    return load(path)


def test_old_costings_are_doubted_and_new_ones_are_not(tmp_path: Path) -> None:
    old, new = (scenario_of(tmp_path, name) for name in ("early_years_centres", "parenting"))
    assert (stale_costings(old), stale_costings(new)) == ({"early_years_centres": "2010/11"}, {})
    asked = ((old, "early_years_centres", 1.2), (new, "parenting", 1.0), (old, "ae_navigator", 1.0))
    for scenario, name, times in asked:
        cost = f"{name}.unit_cost"
        doubted = adjusted(scenario, {"stale_price_doubt": 1.2})[cost]
        assert doubted == pytest.approx(times * adjusted(scenario, {})[cost])


def test_a_study_of_crime_moves_that_doubt_where_somebody_is_paid_by_it(tmp_path: Path) -> None:
    for name, asked in (("early_years_centres", True), ("parenting", False)):
        scenario = scenario_of(tmp_path, name)
        found = {one.id for one in uncertainties_of(scenario, scenario.inputs(0.001, 1), Asked())}
        assert ("stale_price_doubt" in found) == asked
