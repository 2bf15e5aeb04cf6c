"""What no fit has seen: later years of the nation, and another force predicted from the first one's fit.

Years: how a figure moves from the year that was fitted. Another area: its people, their homes and its map are its own;
its crime is not looked at. Residents offend at the fitted area's rates by age, sex and state, outsiders as often, and
offences fall on neighbourhoods as the fitted area's do by fifth and town centre: no number is the area's own.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.fit.bank import START
from calibration.targets.measures import FRAUD
from calibration.validation.patterns import verdict
from calibration.validation.worlds import Runs
from calibration.watching.watch import watch
from calibration.watching.watched import Watched, to_bytes
from model.evidence import read_table
from model.inputs import AreaTables
from model.law import law_year
from model.people import RISK
from model.record import EVENT_KINDS
from model.vocabulary import ANTISOCIAL, OFFENCES
from model.world import PreventionModel

Floats = NDArray[np.float64]
FITTED_YEAR, WITHIN = START, 0.10  # how far off a figure may move, of judgement: a year of drift and of counting rules
GROUP_WITHIN = 0.25  # of another area's recorded crime by group, of judgement: as districts are held
CRIME = [g for g in range(ANTISOCIAL) if g != FRAUD]


class Later(NamedTuple):
    """A figure of the nation by year, and the same in a run."""

    what: str
    measure: str  # of model/evidence/calendar.csv
    told: str  # whether the model reads that table, and so knows part of the answer
    found: Callable[[Watched, int], float]
    per_head: bool = True  # the nation's count is divided by its residents


def _recorded(watched: Watched, y: int) -> float:
    return float(watched.recorded[y][:, CRIME].sum())


def _event(name: str) -> Callable[[Watched, int], float]:
    return lambda watched, y: float(watched.events[y, EVENT_KINDS.index(name)])


LATER = (
    Later("Crime recorded, without fraud", "prc_excl_fraud", "not read in the plan (the survey's trend is)", _recorded),
    Later("Charges", "charges", "the share charged is read, the number is not", _event("charge")),
    Later("Arrests", "arrests", "not read", _event("arrest")),
    Later("Prisoners", "prison_population", "not read",
          lambda watched, y: float(watched.states[y, RISK["in_custody"]])),
    Later("Children who enter the justice system", "first_time_entrants_children", "not read",
          lambda watched, y: float(watched.first_time_entrants[y, 0])),
)  # fmt: skip


class Prediction(NamedTuple):
    """A figure not fitted to, and what the model says of it."""

    what: str
    where: str
    told: str
    value: float
    low: float
    high: float
    found: float
    error: float  # standard error over seeds
    of: str = ""  # a group of offences, of its record

    @property
    def verdict(self) -> str:
        """As of any band."""
        return verdict(self.found, self.low, self.high)


def later_years(runs: Runs) -> list[Prediction]:
    """Each figure of a later year over that of the fitted year, a resident, where the nation's is known."""
    table = read_table("calendar")
    known = {(m, int(y)): float(v) for m, y, v in zip(table["measure"], table["year"], table["value"], strict=True)}
    found = []
    for one in LATER:
        for y in range(1, runs.watched[0].population.shape[0]):
            ends, base = FITTED_YEAR + 1 + y, FITTED_YEAR + 1  # the table names a year by its end
            now, then = known.get((one.measure, ends)), known.get((one.measure, base))
            if now is None or then is None or ("population", ends) not in known:
                continue
            value = now / then * known[("population", base)] / known[("population", ends)]
            pairs = np.array([[one.found(w, year) / w.population[year].sum() for year in (0, y)] for w in runs.watched])
            whole, error = ratio_of(pairs)
            found.append(Prediction(
                one.what, f"nation, {ends - 1}/{ends % 100:02d} over {base - 1}/{base % 100:02d}", one.told, value,
                value * (1.0 - WITHIN), value * (1.0 + WITHIN), whole, error,
            ))  # fmt: skip
    return found


def ratio_of(pairs: Floats) -> tuple[float, float]:
    """The second column over the first, summed, and its standard error over rows by the jackknife; NaN over nothing."""
    before, after = pairs.sum(axis=0)
    if before <= 0:
        return float("nan"), float("nan")
    left = pairs.sum(axis=0) - pairs
    if len(pairs) < 2 or (left[:, 0] <= 0).any():
        return float(after / before), float("nan")
    each = left[:, 1] / left[:, 0]
    return float(after / before), float(np.sqrt((len(each) - 1) / len(each) * ((each - each.mean()) ** 2).sum()))


def predicted_area(area: AreaTables, fitted: AreaTables) -> AreaTables:
    """An area whose crime nobody has looked at: recorded a head and by fifth and town centre as in the fitted one."""
    heads = area.population.sum() / fitted.population.sum()
    return replace(
        area, recorded=fitted.recorded * heads, charge_rate=fitted.charge_rate,
        out_of_court_rate=fitted.out_of_court_rate, street_crime=street_like(area, fitted),
        hash=f"{area.hash}, as {fitted.id}",
    )  # fmt: skip


def street_like(area: AreaTables, fitted: AreaTables) -> NDArray[np.int64]:
    """(N, kinds) street offences, in hundredths, if each neighbourhood had the fitted area's rate of its fifth and kind
    of place: their shares alone are read."""
    rates = np.zeros((2, 5, fitted.street_crime.shape[1]))
    for town in (0, 1):
        for q in range(5):
            of = (fitted.neighbourhood_quintile == q + 1) & (fitted.neighbourhood_town_centre == bool(town))
            people = fitted.neighbourhood_residents[of].sum()
            rates[town, q] = fitted.street_crime[of].sum(axis=0) / max(people, 1)
    own = rates[area.neighbourhood_town_centre.astype(int), area.neighbourhood_quintile - 1]
    return np.rint(100.0 * own * area.neighbourhood_residents[:, None]).astype(np.int64)


def watched_with_rates(model: PreventionModel, report: Callable[[int, int], None], rates: Floats) -> bytes:
    """Watch a model whose residents offend at `rates` (2, ages, H), the fitted area's of the first year."""
    year = law_year(FITTED_YEAR)
    model.laws["rate"] *= rates / np.where(model.laws["rate"][year] > 0, model.laws["rate"][year], 1.0)
    return to_bytes(watch(model, report))


def live_with_rates(rates: Floats) -> Callable[[PreventionModel, Callable[[int, int], None]], bytes]:
    return partial(watched_with_rates, rates=rates)


def other_area(runs: Runs, area: AreaTables) -> list[Prediction]:
    """Recorded crime a year of an area that was predicted, in all and by group, beside its own record."""
    found = []
    parts = [("crime without fraud", CRIME), *((name, [g]) for g, name in enumerate(OFFENCES) if g in CRIME)]
    for name, groups in parts:
        value = float(area.recorded[groups].sum())
        if value < 40:
            continue
        told = np.array([w.recorded[0][:, groups].sum() for w in runs.watched]) / runs.scale
        found.append(Prediction(
            f"Recorded {name.replace('_', ' ')}", f"{area.name}, 2022/23", "not read", value,
            value * (1.0 - GROUP_WITHIN), value * (1.0 + GROUP_WITHIN), float(told.mean()),
            float(told.std() / np.sqrt(told.size)), name,
        ))  # fmt: skip
    return found
