"""How a target is measured in a watched run: one function a kind, the same for fitting and for checking.

Each takes what was watched, the area and the scale of the run, and the settings of the target's `measure`, and gives
one number in the target's unit; NaN where the run has nobody to measure it on.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.targets.associations import ace_odds, odds_ratio
from calibration.targets.reader import WITHOUT_FRAUD, Target
from calibration.watching.watched import AGES, BEGAN, FIRST_BIRTH_YEAR, VICTIM_SETS, Watched
from model.inputs import AreaTables
from model.people import HAZARDS, RISK
from model.record import EVENT_KINDS
from model.vocabulary import ANTISOCIAL, FEMALE, MALE, OFFENCES, SERVICES

Floats = NDArray[np.float64]
ADULT = 16  # as the Crime Survey has it
FRAUD = OFFENCES.index("fraud_computer_misuse")
SEX = {"female": [FEMALE], "male": [MALE], "": [FEMALE, MALE]}
SETS = tuple(VICTIM_SETS)


class Run(NamedTuple):
    """A watched run, and of what."""

    watched: Watched
    area: AreaTables
    scale: float


def measured(target: Target, run: Run) -> float:
    """The target's figure in a run."""
    settings = dict(target.measure)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(KINDS[settings.pop("kind")](run, **settings))


def over(number: Any, of: Any) -> float:
    """A share or rate; NaN of nobody."""
    return float(number) / float(of) if float(of) > 0 else float("nan")


def of_ages(counts: NDArray[Any], ages: Sequence[int], sex: str = "") -> float:
    """Sum of (2, A) over ages (first and last) and a sex."""
    return float(counts[SEX[sex], ages[0] : ages[1] + 1].sum())


def groups_of(names: Sequence[str]) -> list[int]:
    """Places of offence groups; crime_without_fraud stands for all of it."""
    if list(names) == [WITHOUT_FRAUD]:
        return [g for g in range(ANTISOCIAL) if g != FRAUD]
    return [OFFENCES.index(name) for name in names]


def recorded_of(run: Run, names: Sequence[str] = (WITHOUT_FRAUD,)) -> float:
    """Recorded in the first year, in the people simulated."""
    return float(run.watched.recorded[0][:, groups_of(names)].sum())


def recorded_of_residents(run: Run) -> float:
    """Crime without fraud recorded in the first year of what residents did. Figures of a nation on people beside its
    crime are held against this: in a nation nobody is an outsider, and what outsiders do here ends elsewhere."""
    return float(run.watched.of_residents[0][groups_of([WITHOUT_FRAUD])].sum())


# Recorded crime and places


def recorded(run: Run, groups: Sequence[str]) -> float:
    return recorded_of(run, groups) / run.scale


def district_ratio(run: Run, district: int) -> float:
    crimes = run.watched.recorded[0][:, groups_of([WITHOUT_FRAUD])].sum(axis=1)
    return over(crimes[district] / run.watched.population[0, district], crimes.sum() / run.watched.population[0].sum())


def place_ratio(run: Run, quintile: int) -> float:
    of = run.area.neighbourhood_quintile == quintile
    crimes, people = run.watched.neighbourhood, run.area.neighbourhood_residents.astype(float)
    return over(crimes[of].sum() / people[of].sum(), crimes.sum() / people.sum())


def place_concentration(run: Run, top: float) -> float:
    crimes = np.sort(run.watched.neighbourhood)[::-1]
    return over(crimes[: max(round(top * crimes.size), 1)].sum(), crimes.sum())


def charges_per_recorded(run: Run) -> float:
    return over(run.watched.event_offence[0][groups_of([WITHOUT_FRAUD]), 0].sum(), recorded_of_residents(run))


def young_share(run: Run, until: int) -> float:
    by_age = run.watched.offender_age[0].sum(axis=0)
    return over(by_age[:until].sum(), by_age.sum())


# Victims


def victim_share(run: Run, of: str) -> float:
    return over(of_ages(run.watched.victim[SETS.index(of), :, :, 0], (ADULT, AGES - 1)),
                of_ages(run.watched.residents, (ADULT, AGES - 1)))  # fmt: skip


def incidents_per_adult(run: Run, of: str) -> float:
    """What is done to a home is one incident, however many live there."""
    groups, _ = VICTIM_SETS[of]
    places = [OFFENCES.index(name) for name in groups]
    return over(run.watched.victims[0][:, places].sum(), of_ages(run.watched.residents, (ADULT, AGES - 1)))


def household_victim_share(run: Run, of: str) -> float:
    return over(run.watched.household_victim[SETS.index(of), 0], run.watched.households)


def repeat_share(run: Run, of: str) -> float:
    """Of victims in the year, those of two or more."""
    at = SETS.index(of)
    once, again = run.watched.household_victim[at, :2]
    if not VICTIM_SETS[of][1]:
        once, again = (of_ages(run.watched.victim[at, :, :, k], (ADULT, AGES - 1)) for k in (0, 1))
    return over(again, once)


def victim_gradient(run: Run, of: str, young: Sequence[int], old: Sequence[int]) -> float:
    """Log odds of the old over the young."""
    victims, people = run.watched.victim[SETS.index(of), :, :, 0], run.watched.residents
    share = [over(of_ages(victims, ages), of_ages(people, ages)) for ages in (old, young)]
    odds = [one / (1.0 - one) for one in share]
    return float(np.log(odds[0] / odds[1]))


def lone_parent_odds(run: Run) -> float:
    """Mantel-Haenszel odds ratio over bands of age and fifths."""
    return odds_ratio(run.watched.lone.reshape(-1, 2, 2).astype(float))


def violent_by_experiences(run: Run) -> float:
    """Mantel-Haenszel odds ratio of adults, over bands of age and sexes, four adverse experiences or more over none."""
    return ace_odds(run.watched.violent_ace)


def abused_share(run: Run, sex: str = "") -> float:
    ages = (ADULT, AGES - 1)
    return over(of_ages(run.watched.abused, ages, sex), of_ages(run.watched.residents, ages, sex))


def domestic_female_share(run: Run) -> float:
    return over(run.watched.domestic_victim[FEMALE], run.watched.domestic_victim.sum())


def domestic_share(run: Run) -> float:
    """Of all recorded crime without fraud: what is done at home is done by residents, here as in the nation."""
    return over(run.watched.domestic[0, 1], recorded_of(run))


# Careers: those who live in the area today, by when they were born


def _places_of(born: Sequence[int]) -> slice:
    return slice(born[0] - FIRST_BIRTH_YEAR, born[1] - FIRST_BIRTH_YEAR + 1)


def convicted_by(run: Run, sex: str, born: Sequence[int], age: int) -> float:
    those = _places_of(born)
    first = run.watched.first_conviction[SEX[sex], those, : age + 1]
    return over(first.sum(), run.watched.born[SEX[sex], those].sum())


def convicted_in(run: Run, sex: str, year: int, ages: Sequence[int]) -> float:
    """Share of those of some ages in a year past who were convicted by then."""
    had, people = 0.0, 0.0
    for age in range(ages[0], ages[1] + 1):
        at = year - age - FIRST_BIRTH_YEAR
        had += float(run.watched.first_conviction[SEX[sex], at, :age].sum())
        people += float(run.watched.born[SEX[sex], at].sum())
    return over(had, people)


def convicted_times(run: Run, sex: str, born: Sequence[int], least: int, most: int) -> float:
    times = run.watched.convictions[SEX[sex], _places_of(born)].sum(axis=(0, 1))
    return over(times[least : most + 1].sum(), times[1:].sum())


def prolific_share(run: Run) -> float:
    return over(run.watched.prolific[1], run.watched.prolific[0])


def prolific_convictions(run: Run) -> float:
    return over(run.watched.prolific[3], run.watched.prolific[2])


def prolific_young(run: Run) -> float:
    return over(run.watched.prolific[5], run.watched.prolific[4])


def prolific_in_custody(run: Run) -> float:
    return over(run.watched.prolific[7], run.watched.prolific[6])


# Justice


def arrests_per_recorded(run: Run) -> float:
    return over(run.watched.events[0, EVENT_KINDS.index("arrest")], recorded_of_residents(run))


def arrest_male_share(run: Run) -> float:
    return over(run.watched.arrests[:, MALE].sum(), run.watched.arrests.sum())


def arrest_young_share(run: Run, until: int) -> float:
    return over(run.watched.arrests[:, :, :until].sum(), run.watched.arrests.sum())


def arrest_peak_age(run: Run) -> float:
    arrests, people = run.watched.arrests.sum(axis=(0, 1))[:60], run.watched.residents.sum(axis=0)[:60]
    arrested, present = (np.convolve(counts, np.ones(3), "same") for counts in (arrests, people))
    return float(np.argmax(np.nan_to_num(arrested / present)))


def entrants_per_recorded(run: Run) -> float:
    return over(run.watched.first_time_entrants[0, 0], recorded_of_residents(run))


def sanctioned_per_recorded(run: Run) -> float:
    return over(run.watched.sanctioned[0, :, 10:18].sum(), recorded_of_residents(run))


def reoffending(run: Run, who: str, began: Sequence[str] = BEGAN) -> float:
    adults = {"all": [0, 1], "children": [0], "adults": [1]}[who]
    ended = run.watched.followed[adults][:, [BEGAN.index(one) for one in began]].sum(axis=(0, 1))
    return over(ended[1], ended[0])


def in_custody_per_recorded(run: Run, ages: Sequence[int]) -> float:
    return over(of_ages(run.watched.factors[RISK["in_custody"]], ages), recorded_of_residents(run))


def in_custody_share(run: Run, ages: Sequence[int]) -> float:
    inside = run.watched.factors[RISK["in_custody"]]
    return over(of_ages(inside, ages), inside.sum())


def attended_per_recorded_injury(run: Run) -> float:
    return over(run.watched.attended[0].sum(), recorded_of(run, ["violence_with_injury"]))


def attended_male_ratio(run: Run) -> float:
    men, women = (over(run.watched.attended[:, s].sum(), run.watched.residents[s].sum()) for s in (MALE, FEMALE))
    return over(men, women)


# States


def factor_share(run: Run, factor: str, ages: Sequence[int], per: float = 1.0) -> float:
    return per * over(of_ages(run.watched.factors[RISK[factor]], ages), of_ages(run.watched.residents, ages))


def factor_crime_share(run: Run, factor: str, hazards: Sequence[str]) -> float:
    kinds = [HAZARDS.index(kind) for kind in hazards]
    expected = run.watched.factor_hazard[RISK[factor]][..., kinds].sum(axis=(0, 1, 3))  # without, with the factor
    return over(expected[1], expected.sum())


def ace_share(run: Run, least: int, ages: Sequence[int]) -> float:
    aces = run.watched.aces[:, ages[0] : ages[1] + 1].sum(axis=(0, 1))
    return over(aces[least:].sum(), aces.sum())


def exclusions_per_pupil(run: Run) -> float:
    return over(run.watched.excluded[0].sum(), of_ages(run.watched.residents, (5, 15)))


def exclusion_male_ratio(run: Run) -> float:
    boys, girls = (
        over(run.watched.excluded[:, s].sum(), run.watched.residents[s, 5:16].sum()) for s in (MALE, FEMALE)
    )
    return over(boys, girls)


def applications_per_home(run: Run) -> float:
    return over(run.watched.demand[0, SERVICES.index("homelessness_applications")], run.watched.households)


# Demand


def demanded(run: Run, services: Sequence[str]) -> float:
    return float(sum(run.watched.demand[0, SERVICES.index(name)] for name in services))


def demand_rate(run: Run, services: Sequence[str], per: float = 1000.0) -> float:
    return per * over(demanded(run, services), run.watched.population[0].sum())


def incident_share(run: Run, services: Sequence[str]) -> float:
    return over(demanded(run, services), demanded(run, ["police_incidents"]))


def noncrime_share(run: Run) -> float:
    """Antisocial behaviour is an incident of the police's and no crime."""
    no_crime = ["missing_person_reports", "mental_health_incidents", "welfare_checks"]
    return incident_share(run, no_crime) + antisocial_share(run)


def antisocial_rate(run: Run, per: float = 1000.0) -> float:
    return per * over(recorded_of(run, ["antisocial_behaviour"]), run.watched.population[0].sum())


def antisocial_share(run: Run) -> float:
    return over(recorded_of(run, ["antisocial_behaviour"]), demanded(run, ["police_incidents"]))


def incidents_per_call(run: Run) -> float:
    return over(demanded(run, ["police_incidents"]), demanded(run, ["calls_999", "calls_101"]))


KINDS: dict[str, Callable[..., float]] = {
    one.__name__: one
    for one in (
        recorded, district_ratio, place_ratio, place_concentration, charges_per_recorded, young_share, victim_share,
        incidents_per_adult, household_victim_share, repeat_share, victim_gradient, lone_parent_odds, abused_share,
        violent_by_experiences, domestic_female_share, domestic_share, convicted_by, convicted_in, convicted_times,
        prolific_share, prolific_convictions, prolific_young, prolific_in_custody, arrests_per_recorded,
        arrest_male_share, arrest_young_share, arrest_peak_age, entrants_per_recorded, sanctioned_per_recorded,
        reoffending, in_custody_per_recorded, in_custody_share, attended_per_recorded_injury, attended_male_ratio,
        factor_share, factor_crime_share, ace_share, exclusions_per_pupil, exclusion_male_ratio, applications_per_home,
        demand_rate, incident_share, noncrime_share, antisocial_rate, antisocial_share, incidents_per_call,
    )
}  # fmt: skip
