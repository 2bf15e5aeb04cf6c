"""Worlds that validation looks at: the fitted one, and the same with one of its mechanisms taken out.

Taken out are state dependence (of offending, of being harmed and of being known to the police), lasting differences
(propensity shuffled each month within age and sex, and nobody and no home likelier to be harmed than those alike) and
what family and place do (adverse experiences come by lot, and neither they nor deprivation nor the family factor make
anyone offend, be harmed or fall to a risk factor sooner). What a pattern loses by it is what the mechanism makes of it.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from calibration.fit.bank import WATCHING
from calibration.watching.watch import watch
from calibration.watching.watched import Watched, from_bytes, to_bytes
from experiments.plan import replicate_seed
from experiments.runner.batch import carry_out
from experiments.runner.journal import Journal
from experiments.runner.living import Carry
from experiments.runner.table import Replicate, Table, table_of
from model.evidence.reader import contents_hash
from model.inputs import ModelInputs
from model.law.form import AGES
from model.month import refresh_all
from model.people import RESIDENT
from model.world import PreventionModel

Say = Callable[[str, float], None]
Values = Mapping[str, float]
Live = Callable[[PreventionModel, Callable[[int, int], None]], bytes]
AS_FITTED, NO_STATE_DEPENDENCE, SHUFFLED = "as_fitted", "without_state_dependence", "propensity_shuffled"
ALIKE = "families_and_places_alike"
TAKEN_OUT = (NO_STATE_DEPENDENCE, SHUFFLED, ALIKE)
WITHOUT: dict[str, dict[str, float]] = {  # by world: rows, or all groups of a row, and what they are there
    NO_STATE_DEPENDENCE: {
        "association.alone[history and offending]": 0.0, "victim.repeat_ratio": 1.0, "justice.known_ratio": 1.0,
        "justice.known_mean": 1.0,
    },
    SHUFFLED: {
        "offending.propensity_kept": 0.0, "victim.person_load": 0.0, "victim.theft_load": 0.0, "victim.home_load": 0.0,
        "victim.lifestyle_load": 0.0, "victim.sexual_load": 0.0, "victim.partner_load": 0.0, "risk.lasting_load": 0.0,
    },
    ALIKE: {
        "offending.ace_ratio": 1.0, "offending.deprivation_ratio": 1.0, "risk.ace_ratio": 1.0,
        "risk.deprivation_ratio": 1.0, "risk.exposure_ratio": 1.0, "risk.family_load": 0.0, "victim.ace_ratio": 1.0,
        "victim.deprivation_ratio": 1.0, "ace.family_load": 0.0, "ace.exposure_family_load": 0.0,
        "ace.deprivation_ratio": 1.0,
    },
}  # fmt: skip


def taken_out(world: str, values: Values) -> dict[str, float]:
    """What is changed of a world's values: each row that WITHOUT names, and each group of it (`row[group]`)."""
    told = WITHOUT.get(world, {})
    found = {name: told[row] for name in values for row in (name, name.split("[")[0]) if row in told}
    if missing := told.keys() - found.keys() - {name.split("[")[0] for name in found}:
        raise KeyError(f"{world}: no rows {sorted(missing)}")
    return found


class Shuffling:
    """A model whose people's propensity is dealt out anew within age and sex before each month is lived."""

    def __init__(self, model: PreventionModel) -> None:
        self.model, self.rng = model, np.random.default_rng(model.seed_key % 2**63)

    def __getattr__(self, name: str) -> object:
        return getattr(self.model, name)

    def step(self) -> None:
        model = self.model
        people = model.columns
        here = np.flatnonzero(people["status"][: model.rows] == RESIDENT)
        age = np.clip((model.month - people["birth"][here].astype(np.int64)) // 12, 0, AGES - 1)
        cell = age * 2 + people["sex"][here]
        lot = self.rng.random(here.size)
        order, dealt = np.lexsort((here, cell)), np.lexsort((lot, cell))
        people["propensity"][here[order]] = people["propensity"][here[dealt]].copy()
        refresh_all(model.people, model.rows, model.month, model.laws, model.law_now, model.places, model.effects,
                    model.now)  # fmt: skip
        model.step()


def watched_as_it_is(model: PreventionModel, report: Callable[[int, int], None]) -> bytes:
    return to_bytes(watch(model, report))


def watched_shuffled(model: PreventionModel, report: Callable[[int, int], None]) -> bytes:
    return to_bytes(watch(Shuffling(model), report))  # type: ignore[arg-type]


class Runs(NamedTuple):
    """What was watched in a world, run by run, and of which share of the area."""

    watched: tuple[Watched, ...]
    scale: float


def live(
    world: str, inputs: ModelInputs, values: Values, seeds: int, seed: int, journal: Journal, carry: Carry, say: Say,
    lives: Live | None = None,
) -> Runs:
    """So many runs of a world, each with a seed of its own, kept in the journal; `lives` is how another than these is
    watched. Runs that failed are left out."""
    told = {**values, **taken_out(world, values)}
    replicates = [Replicate(0, replicate_seed(seed, number, b"validation")) for number in range(seeds)]
    how = lives or (watched_shuffled if world == SHUFFLED else watched_as_it_is)
    table: Table = table_of({"watched": inputs}, [told], replicates, live=how, seen=world + contents_hash(WATCHING))
    carry_out(table, journal, carry, say)
    hashes = [runs[0].hash for runs in table.runs_of]
    whole = [name for name in hashes if journal.entries()[name].error is None]
    return Runs(tuple(from_bytes(kept) for kept in journal.outcomes(whole)), inputs.scale)
