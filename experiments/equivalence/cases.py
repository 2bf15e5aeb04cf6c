"""The plans on which the two models are held against each other."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from experiments.judging import case_of
from experiments.plan import Plan, adjusted
from model.evidence import draw_values
from model.inputs import ModelInputs, month_of
from model.past import Past
from model.world import live_past
from scenarios import load

SCENARIO, SEED = "west_mercia_2022", 7
DRAWS = 16  # believable sets of values of the uncertain numbers, of which a case is one
POUNDS = 1_000_000.0  # a year for each scheme, of the commissioner


class Case(NamedTuple):
    """One plan: what both models are given, and the people with whom both start."""

    inputs: ModelInputs
    values: Mapping[str, float]
    past: Past


def without_programmes(people: int, years: int, draw: int | None = None) -> Case:
    """About so many people of West Mercia from April 2022, and nothing is bought. `draw`: which believable values of
    the uncertain numbers, None for the middle of each."""
    return _case(people, years, draw, pounds=0.0)


def every_scheme(people: int, years: int, draw: int | None = None) -> Case:
    """The same with every shipped scheme at work on POUNDS a year, whose money ends after seven tenths of the plan."""
    return _case(people, years, draw, pounds=POUNDS)


def _case(people: int, years: int, draw: int | None, pounds: float) -> Case:
    scale = people / int(load(SCENARIO).area.population.sum())
    told = case_of(None, Plan(SEED, scale, years, blocks=(1,), replicates_per_draw=1), pounds)
    scenario = told.scenario
    programmes = scenario.programmes if pounds else ()
    money = np.array([np.full(years, told.pounds[one.id]) for one in programmes]).reshape(-1, years)
    money[:, -(-years * 7 // 10) :] = 0.0
    practice = np.array([np.full(years, float(one.takes_no_money)) for one in programmes]).reshape(-1, years)
    start = month_of(scenario.form.start.year, scenario.form.start.month)
    inputs = ModelInputs(
        scenario.area, scenario.evidence, programmes, money, start, years, scale, practice=practice if pounds else None
    )
    drawn = {} if draw is None else draw_values(scenario.evidence, SEED, draw, DRAWS)
    values = adjusted(scenario, drawn)
    return Case(inputs, values, live_past(inputs, values, SEED))
