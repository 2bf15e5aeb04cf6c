"""How fast a plan is lived, and the plan that is measured."""

from typing import NamedTuple

from experiments.plan import make_plan, parameter_values
from model.inputs import ModelInputs
from scenarios import load

SCENARIO, ALTERNATIVE, SEED = "west_mercia_2022", "extra_tertiary", 7


class Speed(NamedTuple):
    """Seconds of the processor, which other work on the machine disturbs little, and person-months lived."""

    seconds: float
    person_months: int

    @property
    def millions_a_second(self) -> float:
        return self.person_months / self.seconds / 1e6


def world(people: int, years: int) -> tuple[ModelInputs, dict[str, float], int]:
    """Inputs, values and seed of about that many people."""
    scenario = load(SCENARIO)
    scale = min(people / int(scenario.area.population.sum()), 1.0)
    plan = make_plan(scenario, replicates=1, seed=SEED, scale=scale, years=years)
    inputs = scenario.inputs(plan.scale, plan.years)[ALTERNATIVE]
    return inputs, parameter_values(scenario, plan, 0), plan.seed_of(0)
