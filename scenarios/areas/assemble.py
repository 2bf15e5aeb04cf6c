"""Turns the checked tables of an area into arrays, and says which rows are missing."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model.inputs import AreaTables, Floats, Ints
from model.vocabulary import OFFENCES, SEXES, STREET_TYPES
from scenarios.areas.description import Description
from scenarios.areas.layout import OLDEST, SIZES, WIDE_GROUPS
from scenarios.areas.tables import Table
from scenarios.faults import Fault

BASE_PERIOD = "2022/23"
AGES = range(OLDEST + 1)
CLOSE = 0.15  # counts of the same people, of other years or estimated, differ by less
OF_A_WHOLE = 0.01  # rounding of shares that make up a whole


def assemble(
    about: Description, tables: Mapping[str, Table | None], digest: str, faults: list[Fault]
) -> AreaTables:
    """The area as arrays. Missing rows are added to `faults`; with any fault the arrays mean nothing."""
    codes = tuple(about.districts)
    homes, deaths, moves = tables.get("households"), tables.get("mortality"), tables.get("moves")

    def by_district(table: Table | None, measure: str) -> Floats:
        return grid(table, {"district": codes}, "value", faults, {"measure": measure})

    axes = {"district": codes, "sex": SEXES, "age": AGES}
    population = grid(tables.get("population_single_year"), axes, "residents", faults).astype(np.int64)
    sizes = grid(
        homes, {"district": codes, "category": SIZES}, "value", faults, {"measure": "households_of_size"}
    )
    _no_empty_district("population_single_year.csv", "resident", population, about.districts, faults)
    _no_empty_district("households.csv", "household", sizes, about.districts, faults)
    communal = by_district(homes, "residents_in_communal_establishments")
    _same_people(homes, sizes, communal, population, about.districts, faults)
    recorded = grid(tables.get("recorded_groups"), {"group": OFFENCES}, "value", faults)
    charged, out_of_court = disposal_rates(tables.get("periods"), recorded, faults)
    groups, ethnic = by_ethnic_group(tables.get("ethnic_group"), codes, faults)
    return AreaTables(
        id=about.id,
        name=about.name,
        code=about.code,
        census_date=about.census_date,
        districts=tuple(about.districts.values()),
        district_codes=codes,
        population=population,
        household_sizes=sizes.astype(np.int64),
        communal_residents=communal.astype(np.int64),
        living_in_couple=by_district(homes, "living_in_couple"),
        lone_parent_share=by_district(homes, "children_living_with_lone_parent"),
        fertility_ratio=by_district(tables.get("fertility"), "fertility_ratio"),
        mortality_ratio=grid(
            deaths, {"district": codes, "sex": SEXES}, "value", faults, {"measure": "mortality_ratio"}
        ),
        moves_in=by_district(moves, "moves_in") / 1000,
        moves_out=by_district(moves, "moves_out") / 1000,
        abroad_in=by_district(moves, "abroad_in") / 1000,
        abroad_out=by_district(moves, "abroad_out") / 1000,
        net_by_age=net_by_age(tables.get("net_migration_by_age"), about.districts, faults),
        stay_in_force=stay_in_force(tables.get("move_destinations"), population, faults),
        **neighbourhoods(tables.get("neighbourhoods"), about.districts, population, faults),
        recorded=recorded,
        charge_rate=charged,
        out_of_court_rate=out_of_court,
        officers=about.officers,
        ethnic_groups=groups,
        ethnic_residents=ethnic,
        hash=digest,
    )


def by_ethnic_group(
    table: Table | None, codes: Sequence[str], faults: list[Fault]
) -> tuple[tuple[str, ...], Ints]:
    """The ethnic groups of an area's table, in its order, and residents (D, E)."""
    groups = tuple(dict.fromkeys(name for _, name in table.rows("ethnic_group") if name)) if table else ()
    counts = grid(table, {"district": codes, "ethnic_group": groups}, "residents", faults)
    return groups, counts.astype(np.int64)


def _no_empty_district(
    file: str, what: str, counts: Ints | Floats, districts: Mapping[str, str], faults: list[Fault]
) -> None:
    """Shares of nobody are no numbers, so each district needs someone; rows at fault are told elsewhere."""
    if any(fault.file == file or fault.line == 0 for fault in faults):
        return
    for code, count in zip(districts, counts, strict=True):
        if not count.sum():
            faults.append(Fault(file, 1, f"there is no {what} in district {code}", "fill in its rows"))


def _same_people(
    homes: Table | None, sizes: Floats, communal: Floats, population: Ints, districts: Mapping[str, str],
    faults: list[Fault],
) -> None:
    """Homes hold about the residents that the population has, and shares of one whole make it up."""
    if homes is None or any(fault.file in (homes.file, "population_single_year.csv") for fault in faults):
        return
    told = list(homes.rows("district", "measure", "value"))
    for at, code in enumerate(districts):
        line = next(line for line, district, *_ in told if district == code)
        least = float((sizes[at] * np.arange(1, sizes.shape[1] + 1)).sum() + communal[at])
        _agree(Fault(homes.file, line, f"homes and establishments of district {code} hold {least:,.0f} people", ""),
               least, int(population[at].sum()), faults)  # fmt: skip
        shares = [(line, v) for line, district, measure, v in told
                  if district == code and measure == "legal_partnership_share"]  # fmt: skip
        _whole(homes.file, shares, f"legal_partnership_share of district {code}", faults)


def _agree(told: Fault, count: float, residents: int, faults: list[Fault]) -> None:
    """A count of people that another table has too must be near it."""
    if abs(count - residents) > CLOSE * residents:
        what = f"{told.what}, but population_single_year.csv has {residents:,}"
        faults.append(Fault(told.file, told.line, what, "one of the two is wrong"))


def _whole(file: str, shares: Sequence[tuple[int, Any]], what: str, faults: list[Fault]) -> None:
    """Shares of one whole add up to it; none at all may be given."""
    values = [value for _, value in shares if value is not None]
    if len(values) == len(shares) > 0 and abs(sum(values) - 1.0) > OF_A_WHOLE:
        told = f"{what}: the shares add up to {sum(values):.4g}, not 1"
        faults.append(Fault(file, shares[-1][0], told, "change one of them"))


def grid(
    table: Table | None,
    axes: Mapping[str, Sequence[Any]],
    value: str,
    faults: list[Fault],
    where: Mapping[str, str] | None = None,
) -> Floats:
    """`value` by the columns in `axes`, of the rows that match `where`, all of which must be there."""
    shape = tuple(len(axis) for axis in axes.values())
    found = np.zeros(shape)
    if table is None:
        return found
    places = [{name: at for at, name in enumerate(axis)} for axis in axes.values()]
    wanted = tuple((where or {}).values())
    lines = np.zeros(shape, np.int64)
    for line, number, *rest in table.rows(value, *axes, *(where or {})):
        cells, others = rest[: len(axes)], tuple(rest[len(axes) :])
        if others != wanted or any(cell not in place for cell, place in zip(cells, places, strict=True)):
            continue
        at = tuple(place[cell] for cell, place in zip(cells, places, strict=True))
        if lines[at] and not any(fault[:2] == (table.file, line) for fault in faults):
            what = f"a second row for {', '.join(map(str, (*wanted, *cells)))}: line {lines[at]} is the first"
            faults.append(Fault(table.file, line, what, "keep the one to be used"))
        lines[at] = line
        found[at] = 0.0 if number is None else number
    _miss_rows(table, axes, lines, where or {}, faults)
    return found


def _miss_rows(
    table: Table,
    axes: Mapping[str, Sequence[Any]],
    lines: Ints,
    where: Mapping[str, str],
    faults: list[Fault],
) -> None:
    *outer, last = axes.values()
    *names, last_name = axes
    for at in itertools.product(*(range(len(axis)) for axis in outer)):
        present = lines[at] > 0
        if present.all():
            continue
        told = [f"{name} {axis[i]}" for name, axis, i in zip(names, outer, at, strict=True)]
        absent = [
            f"{last_name} {_runs([name for name, there in zip(last, present, strict=True) if not there])}"
        ]
        group = ", ".join([*(f"{name} {cell}" for name, cell in where.items()), *told, *absent])
        gap = int(np.argmin(present))
        # The row is missed after the one that stands before it.
        line = int(lines[at][gap - 1]) if gap else 1
        faults.append(Fault(table.file, line, f"no row for {group}", "add what is missing"))


def _runs(names: Sequence[Any]) -> str:
    """'3, 17 to 19' of ages; the first eight of other names."""
    if not all(isinstance(name, int) for name in names):
        return ", ".join(map(str, names[:8])) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    runs: list[str] = []
    for _, run in itertools.groupby(enumerate(names), key=lambda pair: pair[1] - pair[0]):
        ages = [age for _, age in run]
        runs.append(f"{ages[0]} to {ages[-1]}" if len(ages) > 1 else f"{ages[0]}")
    return ", ".join(runs)


def by_single_year(file: str, bands: list[tuple[Any, ...]], group: str, faults: list[Fault]) -> Floats:
    """(91,) the value of each age's band, from (line, from, to or None, value); the ends reach 0 and 90."""
    values = np.full(len(AGES), np.nan)
    bands = sorted((band for band in bands if band[1] is not None), key=lambda band: band[1])
    for line, first, last, value in bands:
        ages = slice(first, (OLDEST if last is None else last) + 1)
        if not np.isnan(values[ages]).all():
            faults.append(
                Fault(file, line, f"{group}: ages {first} to {last} overlap another band", "end one sooner")
            )
        values[ages] = 0.0 if value is None else value
    if np.isnan(values).all():
        faults.append(Fault(file, 1, f"{group}: there is no band of ages", "add its rows"))
        return np.zeros(len(AGES))
    known = np.flatnonzero(~np.isnan(values))
    gaps = [int(age) for age in range(known[0], known[-1]) if np.isnan(values[age])]
    if known[0] > 1:  # births of the year take the rate of ages 1 to 4
        gaps = [*range(1, int(known[0])), *gaps]
    if gaps:
        line = max((band[0] for band in bands if band[1] < gaps[0]), default=1)
        faults.append(Fault(file, line, f"{group}: no band holds age {_runs(gaps)}", "add it"))
    values[: known[0]], values[known[-1] :] = values[known[0]], values[known[-1]]
    return np.asarray(np.nan_to_num(values))


def net_by_age(table: Table | None, districts: Mapping[str, str], faults: list[Fault]) -> Floats:
    """(D, 91) net migration a year per resident of that age."""
    rates = np.zeros((len(districts), len(AGES)))
    if table is None:
        return rates
    rows = list(table.rows("age_from", "age_to", "net", "district"))
    for at, code in enumerate(districts):
        bands = [row[:4] for row in rows if row[4] == code]
        rates[at] = by_single_year(table.file, bands, f"district {code}", faults) / 1000
    return rates


def stay_in_force(table: Table | None, population: Ints, faults: list[Fault]) -> float:
    """Of moves between authorities, the share that ends in the force: a mean over residents of each age."""
    if table is None:
        return 0.0
    rows = list(table.rows("age_from", "age_to", "share", "destination"))
    for band in dict.fromkeys(row[1:3] for row in rows):
        shares = [(row[0], row[3]) for row in rows if row[1:3] == band]
        _whole(table.file, shares, f"destinations of ages {band[0]} to {band[1]}", faults)
    share = {
        name: by_single_year(table.file, [row[:4] for row in rows if row[4] == name], name, faults)
        for name in ("another_district", "outside_the_force")
    }
    weight = population.sum(axis=(0, 1))
    moved = float((weight * (share["another_district"] + share["outside_the_force"])).sum())
    return float((weight * share["another_district"]).sum()) / moved if moved else 0.0


def neighbourhoods(
    table: Table | None, districts: Mapping[str, str], population: Ints, faults: list[Fault]
) -> dict[str, Any]:
    """The fields of AreaTables that have a row a neighbourhood, sorted by district and code."""
    order: list[int] = []
    cells: Mapping[str, list[Any]] = {}
    place = {code: at for at, code in enumerate(districts)}
    if table is not None:
        cells = table.cells
        for code in districts:
            if code not in cells["district"]:
                faults.append(Fault(table.file, 1, f"no neighbourhood is in district {code}", "add its rows"))
        if not any(fault.file in (table.file, "population_single_year.csv") for fault in faults):
            for code, people in zip(districts, population, strict=True):
                mine = [(line, n) for line, district, n in table.rows("district", "residents") if district == code]
                count = sum(n for _, n in mine)
                most = max(mine, key=lambda one: one[1])[0]
                told = Fault(table.file, most, f"neighbourhoods of district {code} hold {count:,} residents", "")
                _agree(told, count, int(people.sum()), faults)
        for part in ("residents_0_17", "residents_10_24"):
            for line, some, everyone in table.rows(part, "residents"):
                if some is not None and everyone is not None and some > everyone:
                    what = f"{part} {some} is above residents {everyone}"
                    faults.append(Fault(table.file, line, what, "perhaps the two are exchanged"))
        keys = zip(cells["district"], cells["code"], strict=True)
        ranks = [(place.get(district, -1), code or "", at) for at, (district, code) in enumerate(keys)]
        order = [at for _, _, at in sorted(ranks)]

    def numbers(column: str) -> Ints:
        return np.array([int(cells[column][at] or 0) for at in order], np.int64)

    return {
        "neighbourhoods": tuple(str(cells["code"][at]) for at in order),
        "neighbourhood_district": np.array([place.get(cells["district"][at], -1) for at in order], np.int64),
        "neighbourhood_quintile": numbers("imd_quintile"),
        "neighbourhood_rural": numbers("rural").astype(np.bool_),
        "neighbourhood_town_centre": numbers("town_centre").astype(np.bool_),
        "neighbourhood_residents": numbers("residents"),
        "neighbourhood_children": numbers("residents_0_17"),
        "neighbourhood_young": numbers("residents_10_24"),
        "street_crime": np.column_stack([numbers(kind) for kind in STREET_TYPES]),
    }


def disposal_rates(
    table: Table | None, recorded: Floats, faults: list[Fault]
) -> tuple[dict[str, float], dict[str, float]]:
    """Shares of the offences recorded in the base year that were charged and dealt with out of court."""
    rates: dict[str, dict[str, float]] = {"charged": {}, "out_of_court": {}}
    if table is None:
        return {}, {}
    for line, measure, group, period, value in table.rows("measure", "group", "period", "value"):
        if measure not in rates or group not in WIDE_GROUPS or period != BASE_PERIOD or value is None:
            continue
        offences = sum(recorded[OFFENCES.index(name)] for name in WIDE_GROUPS[group])
        if not offences:
            continue  # its row in recorded_groups.csv is missing or at fault, or nothing was recorded
        if value > offences:
            what = f"{measure} {group}: {value} are more than the {offences:,.0f} recorded"
            faults.append(Fault(table.file, line, what, "compare with recorded_groups.csv"))
        rates[measure][group] = float(value / offences)
    return rates["charged"], rates["out_of_court"]
