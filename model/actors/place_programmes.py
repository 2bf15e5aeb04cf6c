"""Programmes of places: where units are put, and what the offences that fall there come to.

A unit (a hot spot patrolled for a month, a home marked, a problem worked) covers a share of what happens in its
neighbourhood, for as long as it acts. Places are fixed in number: units are real ones whatever the sample. What is
prevented may move to elsewhere in the district, or less may happen around it too.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np
from numpy.typing import NDArray

from model.actors.purse import purse_of
from model.actors.system_programmes import Quality, combined
from model.draws import STREAMS, keys_from, uniforms
from model.effects import ratios_by_offence
from model.inputs import AreaTables, Programme
from model.places import Places, shrunk_street_counts, street_shares
from model.vocabulary import OFFENCES, QUINTILES

if TYPE_CHECKING:
    from model.world import PreventionModel

Floats = NDArray[np.float64]
ROOM = 1e-9
LEAST = 1e-6  # of a ratio: nothing is prevented for certain
STREET_MONTHS = 5  # that an area's street_crime.csv counts
MOST_ADDED = -1.0  # what backfires at most doubles the offences of a place


class Treated(NamedTuple):
    """What one programme does this month: N neighbourhoods, G offence groups."""

    change: Floats  # (N, G) log ratio of the offences that happen there
    moved: float  # of what is prevented, the part that happens elsewhere in the district
    recording: Floats  # (N, G) log ratio of the chance that an offence is recorded


class Bought(NamedTuple):
    places: int
    taken: int


class PlaceProgramme(mesa.Agent):
    """One scheme's units in one area, by neighbourhood and month in which they began."""

    def __init__(
        self, model: "PreventionModel", number: int, programme: Programme, values: Mapping[str, float],
        area: AreaTables, places: Places, months: int,
    ) -> None:
        super().__init__(model)
        of = programme.id
        self.number, self.programme, self.values = number, programme, values
        self.uptake = values[f"{of}.uptake"]
        self.lag, self.full, self.fade = (round(values[f"{of}.{name}_months"]) for name in ("lag", "full", "fade"))
        self.spillover = min(max(values[f"{of}.spillover"], -1.0), 1.0)
        self.key = keys_from(0, f"programme {of}", 1)
        self.purse = purse_of(programme, values, model.inputs.carried)
        self.district = area.neighbourhood_district
        self.districts = len(area.districts)
        self.district_first = places.district_start[:-1]
        self.quintile = area.neighbourhood_quintile - 1
        self.share = street_shares(places)
        self.unit_covers = unit_covers(programme, values, area)
        # One hot spot, problem or scheme at a time in a neighbourhood, or as many homes as there are.
        self.most_units = np.rint(1.0 / self.unit_covers).astype(np.int64) if programme.covers == "home" else 1
        self.eligible = np.isin(area.neighbourhood_quintile, programme.quintiles)
        if programme.event == "town_centres":
            self.eligible &= area.neighbourhood_town_centre
        self.keys = keys_from(0, f"places of {of}", len(area.neighbourhoods))
        self.lots = uniforms(model.seed_key, self.keys, 0, STREAMS["where"])  # who comes first of those on no map
        self.acts = [any(name in effect.targets for effect in programme.effects) for name in OFFENCES]
        self.burden = burden(programme, values, area, places)
        self.hot = self.truly_hot()
        self.map = np.zeros(self.burden.size, np.bool_)  # what is shown as hot this year
        self.units = np.zeros((months, len(area.neighbourhoods)), dtype=np.int32)  # that began in each month

    def truly_hot(self) -> NDArray[np.bool_]:
        """The neighbourhoods that a map of hot spots should show: those with most of the offences that it acts on."""
        if self.programme.event != "hot_spots":
            return np.zeros(self.burden.size, np.bool_)
        number = max(round(self.values[f"{self.programme.id}.hot_share"] * self.burden.size), 1)
        hot = np.zeros(self.burden.size, np.bool_)
        hot[np.argsort(-self.burden, kind="stable")[:number]] = True
        return hot

    def draw_map(self, year: int, quality: Quality, seed: int) -> NDArray[np.int64]:
        """April: which neighbourhoods the map of financial year `year` shows as hot. Gives how many it does, by fifth
        of deprivation, wrongly and rightly: (5, 2)."""
        counted = np.zeros((len(QUINTILES), 2), np.int64)
        if self.programme.event == "hot_spots":
            self.map = self.flagged(year, quality, seed)
            np.add.at(counted, (self.quintile[self.map], self.hot[self.map].astype(np.int64)), 1)
        return counted

    def flagged(self, year: int, quality: Quality, seed: int) -> NDArray[np.bool_]:
        """(N,) whom a map shows as hot, rightly or wrongly."""
        of = self.programme.id
        hit = min(self.values[f"{of}.sensitivity"] * quality.targeting, 1.0)
        alarm = (1.0 - self.values[f"{of}.specificity"]) / quality.targeting
        luck = uniforms(seed, self.keys, year, STREAMS["map"])
        return np.asarray(luck < np.where(self.hot, hit, alarm)) & self.eligible

    def buy(self, m: int, month: int, pounds: float, seed: int) -> Bought:
        """Put the units that a month's money buys where they go first, up to all that a place can take."""
        bought, places = self.purse.buy(pounds, float(uniforms(seed, self.key, month, STREAMS["unit"])[0]))
        if places <= 0:
            return Bought(bought, 0)
        order = np.lexsort((self.lots, ~self.map))
        active = self.units[max(m - self.lag - self.full + 1, 0) : m].sum(axis=0)
        room = np.where(self.eligible, np.maximum(self.most_units - active, 0), 0)[order]
        given = np.clip(places - (np.cumsum(room) - room), 0, room)
        self.units[m, order] = given
        taken = int(given.sum())
        self.purse.pay_for(taken)
        return Bought(bought, taken)

    def covered(self, m: int) -> Floats:
        """(N,) the share of each neighbourhood that acting units cover in month `m` of the plan, if all are used."""
        since = m - np.arange(m + 1) - self.lag
        strength = np.clip(1.0 - (since - self.full + 1) / (self.fade + 1.0), 0.0, 1.0) * (since >= 0)
        first = int(np.argmax(strength > 0.0)) if (strength > 0.0).any() else m + 1
        # What a spot still feels of last month's patrol adds nothing to this month's.
        acting = np.minimum(strength[first:] @ self.units[first : m + 1], self.most_units)
        return np.asarray(np.minimum(acting * self.unit_covers, 1.0))

    def events_a_unit(self) -> float:
        """Offences of the kinds acted on that a unit sees while it acts in full, at the mean of the places it may go
        to: those of a hot spot where there is a map."""
        may = self.hot & self.eligible if self.hot.any() else self.eligible
        yearly = (self.burden * self.unit_covers)[may] * (12.0 / STREET_MONTHS)
        return float(yearly.mean()) * self.full / 12.0 if yearly.size else 0.0

    def treated(self, m: int, quality: Quality) -> Treated | None:
        """What the programme does in month `m`; None where it does nothing."""
        covered = self.covered(m) * min(self.uptake * quality.uptake, 1.0)
        if not covered.any():
            return None
        ratio, recording = (
            ratios_by_offence(self.programme, kind, self.values) ** quality.delivery
            for kind in ("offences", "recording")
        )
        acts, cover = self.acts, covered[:, None]
        change = cover * (ratio[acts] - 1.0)
        if self.spillover < 0.0:
            change = change + self.around(cover, change)
        logs, told = np.zeros(self.share.shape), np.zeros(self.share.shape)
        logs[:, acts] = np.log(np.maximum(1.0 + change, LEAST))
        told[:, acts] = np.log1p(cover * (recording[acts] - 1.0))
        return Treated(logs, max(self.spillover, 0.0), told)

    def around(self, cover: Floats, change: Floats) -> Floats:
        """The change (N, groups acted on) that diffuses from what is prevented to what is not covered in the same
        district; `cover` is (N, 1)."""
        share = self.share[:, self.acts]
        prevented = np.add.reduceat(share * np.minimum(change, 0.0), self.district_first, axis=0)
        open_to = np.add.reduceat(share * (1.0 - cover), self.district_first, axis=0)
        more = -self.spillover * prevented / np.maximum(open_to, ROOM)
        return np.asarray((1.0 - cover) * np.maximum(more, -1.0)[self.district])


def unit_covers(programme: Programme, values: Mapping[str, float], area: AreaTables) -> Floats:
    """(N,) the share of a neighbourhood that one unit covers."""
    if programme.covers == "share":
        return np.full(len(area.neighbourhoods), min(max(values[f"{programme.id}.covers"], 1e-4), 1.0))
    homes_per_resident = area.household_sizes.sum(axis=1) / area.population.sum(axis=(1, 2))
    homes = area.neighbourhood_residents * homes_per_resident[area.neighbourhood_district]
    return np.asarray(1.0 / np.maximum(homes, 1.0))


def burden(programme: Programme, values: Mapping[str, float], area: AreaTables, places: Places) -> Floats:
    """(N,) offences of the kinds that a programme acts on, as its area records them in the street."""
    counts = shrunk_street_counts(area, values["place.shrinkage"])
    groups = {OFFENCES.index(name) for effect in programme.effects for name in effect.targets}
    kinds = sorted({int(places.street_kind[g]) for g in groups} & set(range(counts.shape[1])))
    return np.asarray(counts[:, kinds].sum(axis=1))


class Tables(NamedTuple):
    """What all programmes of places, and recording by the public, come to."""

    prevented: Floats  # (N, G) share of offences that fall there and do not happen there; below 0, those added
    moved: Floats  # (N, G) of those prevented, the share that happens elsewhere in the district
    recording: Floats  # (N, G) ratio of the chance that an offence is recorded


def tables_of(treated: list[Treated], recording: Floats, share: float, shape: tuple[int, int]) -> Tables:
    """Several programmes in one place as one: the strongest in full, the others' log ratios at `share`."""
    change = np.stack([one.change for one in treated]) if treated else np.zeros((0, *shape))
    told = [one.recording for one in treated] + [np.broadcast_to(row, shape) for row in recording]
    weight = np.maximum(-change, 0.0)
    spilt = np.array([one.moved for one in treated])
    moved = (weight * spilt[:, None, None]).sum(axis=0) / np.maximum(weight.sum(axis=0), ROOM)
    recorded = np.exp(combined(np.stack(told) if told else np.zeros((0, *shape)), share))
    prevented = np.maximum(1.0 - np.exp(combined(change, share)), MOST_ADDED)
    # Compiled code knows one order in memory.
    return Tables(*map(np.ascontiguousarray, (prevented, moved, recorded)))
