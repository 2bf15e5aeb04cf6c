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
from model.actors.system_programmes import Quality
from model.draws import STREAMS, keys_from, one_uniform, uniforms
from model.effects import ratios_by_offence
from model.inputs import AreaTables, Programme
from model.jit import loop
from model.places import Places, shrunk_street_counts
from model.vocabulary import OFFENCES, QUINTILES

if TYPE_CHECKING:
    from model.world import PreventionModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROOM = 1e-9
LEAST = 1e-6  # of a ratio: nothing is prevented for certain
STREET_MONTHS = 5  # that an area's street_crime.csv counts
MOST_ADDED = -1.0  # what backfires at most doubles the offences of a place


@loop
def give_units(wanted, order, eligible, most, units, low, m, active):
    """Put up to `wanted` units of month m into `units` (months, N), in that order of neighbourhoods, up to `most` (N,)
    beside those that began in the months `low` to m; returns how many. `active` (N,) is scratch of zeros."""
    for month in range(low, m):
        for n in range(active.size):
            active[n] += units[month, n]
    left = wanted
    for k in range(order.size):
        n = order[k]
        if eligible[n]:
            given = min(max(most[n] - active[n], 0), left)
            units[m, n] = given
            left -= given
    return wanted - left


@loop
def add_logs(groups, logs, total, most, least):
    """Add one programme's log ratios (N, k) of the offence groups `groups` (k,) to their sum, highest and lowest of
    all programmes, (N, G) each."""
    for n in range(logs.shape[0]):
        for k in range(groups.size):
            g, log_ratio = groups[k], logs[n, k]
            total[n, g] += log_ratio
            most[n, g] = max(most[n, g], log_ratio)
            least[n, g] = min(least[n, g], log_ratio)


@loop
def add_moved(groups, logs, moved, weight, spilt):
    """Add what one programme prevents, as its log ratios (N, k) weigh, to `weight` (N, G), and the part of it that
    moves to `spilt` (N, G)."""
    for n in range(logs.shape[0]):
        for k in range(groups.size):
            prevented = max(-logs[n, k], 0.0)
            weight[n, groups[k]] += prevented
            spilt[n, groups[k]] += prevented * moved


@loop
def combine_logs(share, total, most, least):
    """Turn the sum of log ratios (N, G) into that of all together: the strongest in full, the others at `share`."""
    for n in range(total.shape[0]):
        for g in range(total.shape[1]):
            # Of two as strong, the one that does harm: no order decides.
            strongest = most[n, g] if most[n, g] >= -least[n, g] else least[n, g]
            total[n, g] = strongest + share * (total[n, g] - strongest)


class Treated(NamedTuple):
    """What one programme does this month in N neighbourhoods to the k offence groups that it acts on."""

    groups: Ints  # (k,)
    change: Floats  # (N, k) log ratio of the offences that happen there
    moved: float  # of what is prevented, the part that happens elsewhere in the district
    recording: Floats | None  # (N, k) log ratio of the chance that an offence is recorded; None where it stays


class Bought(NamedTuple):
    places: int
    taken: int


class PlaceProgramme(mesa.Agent):
    """One scheme's units in one area, by neighbourhood and month in which they began."""

    def __init__(
        self, model: "PreventionModel", number: int, programme: Programme, values: Mapping[str, float],
        area: AreaTables, places: Places, street: Floats, months: int,
    ) -> None:
        """`street` (N, G) is the share of a district's offences that fall in each neighbourhood."""
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
        self.unit_covers = unit_covers(programme, values, area)
        # One hot spot, problem or scheme at a time in a neighbourhood, or as many homes as there are.
        homes = programme.covers == "home"
        self.most_units = (np.rint(1.0 / self.unit_covers) if homes else np.ones(self.district.size)).astype(np.int64)
        self.eligible = np.isin(area.neighbourhood_quintile, programme.quintiles)
        if programme.event == "town_centres":
            self.eligible &= area.neighbourhood_town_centre
        self.keys = keys_from(0, f"places of {of}", len(area.neighbourhoods))
        lots = uniforms(model.seed_key, self.keys, 0, STREAMS["where"])
        self.ranked = np.argsort(lots, kind="stable")  # who comes first of those on no map
        acts = [any(name in effect.targets for effect in programme.effects) for name in OFFENCES]
        self.groups = np.flatnonzero(acts)
        self.share = street[:, acts]
        self.ratio, self.told = (
            ratios_by_offence(programme, kind, values)[acts] for kind in ("offences", "recording")
        )
        self.acting = acting_by_age(self.lag, self.full, self.fade, months)
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
        bought, places = self.purse.buy(pounds, one_uniform(seed, self.key, month, STREAMS["unit"]))
        if places <= 0:
            return Bought(bought, 0)
        shown = self.map[self.ranked]
        order = np.concatenate([self.ranked[shown], self.ranked[~shown]])
        first = max(m - self.lag - self.full + 1, 0)
        scratch = np.zeros(order.size, np.int64)
        taken = int(give_units(places, order, self.eligible, self.most_units, self.units, first, m, scratch))
        self.purse.pay_for(taken)
        return Bought(bought, taken)

    def covered(self, m: int) -> Floats:
        """(N,) the share of each neighbourhood that acting units cover in month `m` of the plan, if all are used."""
        strength = self.acting[-(m + 1) :]
        # What a spot still feels of last month's patrol adds nothing to this month's.
        acting = np.minimum(strength @ self.units[m + 1 - strength.size : m + 1], self.most_units)
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
        cover = covered[:, None]
        change = cover * (self.ratio**quality.delivery - 1.0)
        if self.spillover < 0.0:
            change = change + self.around(cover, change)
        told = np.log1p(cover * (self.told**quality.delivery - 1.0)) if (self.told != 1.0).any() else None
        # Compiled code knows one order in memory.
        logs = np.ascontiguousarray(np.log(np.maximum(1.0 + change, LEAST)))
        return Treated(self.groups, logs, max(self.spillover, 0.0), told)

    def around(self, cover: Floats, change: Floats) -> Floats:
        """The change (N, groups acted on) that diffuses from what is prevented to what is not covered in the same
        district; `cover` is (N, 1)."""
        prevented = np.add.reduceat(self.share * np.minimum(change, 0.0), self.district_first, axis=0)
        open_to = np.add.reduceat(self.share * (1.0 - cover), self.district_first, axis=0)
        more = -self.spillover * prevented / np.maximum(open_to, ROOM)
        return np.asarray((1.0 - cover) * np.maximum(more, -1.0)[self.district])


def acting_by_age(lag: int, full: int, fade: int, months: int) -> Floats:
    """How strongly a unit acts, 0 to 1, in each month since it began: the oldest that still does first, the new last.
    No older than `months`, of which there is one at least."""
    since = np.arange(months) - lag
    strength = np.clip(1.0 - (since - full + 1) / (fade + 1.0), 0.0, 1.0) * (since >= 0)
    ages = int(np.flatnonzero(strength > 0.0)[-1]) + 1 if strength.any() else 1
    return np.ascontiguousarray(strength[:ages][::-1])


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
    """Several programmes in one place as one: the strongest in full, the others' log ratios at `share`. `recording`
    (S, G) is what others change in recording everywhere."""
    change, told, (weight, spilt) = np.zeros((3, *shape)), np.zeros((3, *shape)), np.zeros((2, *shape))
    for one in treated:
        add_logs(one.groups, one.change, *change)
        add_moved(one.groups, one.change, one.moved, weight, spilt)
        if one.recording is not None:
            add_logs(one.groups, one.recording, *told)
    total, most, least = told
    for row in recording:
        total += row
        np.maximum(most, row, out=most)
        np.minimum(least, row, out=least)
    combine_logs(share, *change)
    combine_logs(share, *told)
    prevented = np.maximum(1.0 - np.exp(change[0]), MOST_ADDED)
    return Tables(prevented, spilt / np.maximum(weight, ROOM), np.exp(told[0]))
