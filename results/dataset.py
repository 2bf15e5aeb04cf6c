"""Outcomes of many runs as one labelled Dataset: the contract that charts, tables and papers share.

Counts are raised from the people simulated to the real area; money is real already. Nothing is
compared here: `compare.py` does that.
"""

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.evidence import read
from model.happenings import BATCHES
from model.inputs import ModelInputs, Programme, financial_year, month_of
from model.record import EVENT_KINDS, Outcome
from model.vocabulary import (
    ACE_COUNTS,
    AGE_BANDS,
    COMPONENTS,
    KINDS,
    OFFENCES,
    QUINTILES,
    RISK_FACTORS,
    ROLES,
    SERVICES,
    SEXES,
)
from results.economics.agencies import BASES, AgencyPrices, agency_costs, agency_prices
from results.labels import words, year_name
from results.prices import PAYERS, Prices, crime_costs, prices, shipped
from results.variables import BASE, CORRECTNESS, OUTCOMES, PROGRAMME_VARIABLES, VARIABLES

Floats = NDArray[np.float64]

NOT_MODELLED = "not modelled: the scenario supposes no bias by ethnic group"
NAMES: dict[str, tuple[str, ...]] = {
    "offence": OFFENCES,
    "service": SERVICES,
    "role": ROLES,
    "kind": KINDS,
    "payer": PAYERS,
    "component": COMPONENTS,
    "basis": BASES,
    "risk_factor": RISK_FACTORS,
    "age_band": AGE_BANDS,
    "ace_count": ACE_COUNTS,
    "sex": SEXES,
    "event": EVENT_KINDS,
    "outcome": OUTCOMES,
    "correctness": CORRECTNESS,
    "batch": tuple(f"batch {number + 1}" for number in range(BATCHES)),
}


def build(
    inputs: Mapping[str, ModelInputs],
    outcomes: Mapping[str, Sequence[Outcome]],
    draws: Sequence[Mapping[str, float]],
    draw_ids: Sequence[int],
    seeds: Sequence[int],
    attributes: Mapping[str, str],
    unit_values: Sequence[Prices] | None = None,
) -> xr.Dataset:
    """The Dataset of a run.

    inputs      alternative -> what it was made from, in the order to show them
    outcomes    alternative -> one Outcome a replicate
    draws       values by parameter name, one mapping a distinct draw
    draw_ids    the draw of each replicate, an index of `draws`
    seeds       the seed of each replicate
    attributes  what it takes to run it again; `price_year` ("2022", the first calendar year of a
                financial year, or "2022/23") names the pounds, by default those of the plan's first year;
                `comparator` the alternative that others are held against
    unit_values costs and harm weights, one a draw; by default the rows of results/evidence, with the
                draw's own values where it has any

    Raises ValueError when lengths disagree, when the alternatives are of different areas, times or
    scales, or when the plan does not start in April.
    """
    first = check(inputs, outcomes, draws, draw_ids, seeds)
    years = [financial_year(first.start + 12 * y) for y in range(first.years)]
    price_year = year_name(int(str(attributes.get("price_year") or years[0])[:4]))
    values = unit_values or [prices(shipped(), price_year, draw) for draw in draws]
    ds = xr.Dataset(
        coords=coordinates(first, years, inputs, draw_ids, seeds),
        attrs={
            "price_year": price_year,
            "scale": repr(first.scale),
            "area": first.area.name,
            "notes": notes(values[0]),
            **{name: str(text) for name, text in attributes.items()},
        },
    )
    ds.attrs["price_year"] = price_year
    fill_counts(ds, outcomes, first.scale)
    fill_programmes(ds, inputs, outcomes, first.scale)
    ds.attrs["flagged_by_ethnic_group"] = NOT_MODELLED
    if first.bias_by_ethnic_group:
        fill_flags_by_ethnic_group(ds, first)
    fill_harm_and_costs(ds, [values[draw] for draw in draw_ids])
    agencies = [agency_prices(shipped(), price_year, draw, ChainMap(dict(draw), middles())) for draw in draws]
    fill_agency_costs(ds, [agencies[draw] for draw in draw_ids])
    names = list(dict.fromkeys(name for draw in draws for name in draw))
    table = np.array([[draw.get(name, np.nan) for name in names] for draw in draws], dtype=np.float64)
    ds["parameter"] = (
        ("draw", "parameter_name"),
        table.reshape(len(draws), len(names)),
        {
            "units": "each its own; see the evidence row of that name",
            "long_name": "Parameter values of each draw",
        },
    )
    return ds.assign_coords(parameter_name=np.array(names, dtype=str))


@cache
def middles() -> dict[str, float]:
    """The model's own values in the middle of their ranges, read once a process: a study builds thousands of these."""
    return {name: row.value for name, row in read().items()}


def check(
    inputs: Mapping[str, ModelInputs],
    outcomes: Mapping[str, Sequence[Outcome]],
    draws: Sequence[Mapping[str, float]],
    draw_ids: Sequence[int],
    seeds: Sequence[int],
) -> ModelInputs:
    """The first alternative's inputs, after a look at what must agree."""
    if not inputs or set(inputs) != set(outcomes):
        raise ValueError(f"inputs are of {', '.join(inputs)} and outcomes of {', '.join(outcomes)}")
    if len(draw_ids) != len(seeds) or not seeds:
        raise ValueError(
            f"{len(draw_ids)} draw ids and {len(seeds)} seeds: there must be one of each a replicate"
        )
    for name, runs in outcomes.items():
        if len(runs) != len(seeds):
            raise ValueError(f"{name} has {len(runs)} outcomes for {len(seeds)} replicates")
    if not all(0 <= draw < len(draws) for draw in draw_ids):
        raise ValueError(f"a draw id is outside the {len(draws)} draws given")
    first = next(iter(inputs.values()))
    if first.start != month_of(financial_year(first.start), 4):
        raise ValueError("the plan starts in another month than April: its years would be no financial years")
    shape = (first.area.id, first.start, first.years, first.scale)
    for name, one in inputs.items():
        if (one.area.id, one.start, one.years, one.scale) != shape:
            raise ValueError(f"{name} is of another area, time or scale than the first alternative")
    return first


def coordinates(
    first: ModelInputs,
    years: Sequence[int],
    inputs: Mapping[str, ModelInputs],
    draw_ids: Sequence[int],
    seeds: Sequence[int],
) -> dict[str, object]:
    programmes = all_programmes(inputs.values())
    named = {dim: (dim, np.array(names, dtype=str)) for dim, names in NAMES.items()}
    return {
        "alternative": ("alternative", np.array(list(inputs), dtype=str)),
        "replicate": ("replicate", np.arange(len(seeds))),
        "year": (
            "year",
            np.array(years),
            {"long_name": "Financial year (April to March), by its first calendar year"},
        ),
        "area": ("area", np.array(first.area.districts, dtype=str)),
        "quintile": (
            "quintile",
            np.array(QUINTILES),
            {"long_name": "Fifth of England by deprivation, 1 most deprived"},
        ),
        **named,
        "programme": ("programme", np.array(list(programmes), dtype=str)),
        "programme_name": ("programme", np.array([p.name for p in programmes.values()], dtype=str)),
        "tier": ("programme", np.array([p.tier for p in programmes.values()], dtype=str)),
        "reaches": ("programme", np.array([p.reaches for p in programmes.values()], dtype=str)),
        "outcome_study": ("programme", np.array([p.outcome_study for p in programmes.values()], dtype=np.int8)),
        "code": ("area", np.array(first.area.district_codes, dtype=str)),
        # A name, as all coordinates but years and replicates: its number is the row of `parameter`.
        "draw": ("replicate", np.array([str(draw) for draw in draw_ids])),
        "seed": ("replicate", np.array(seeds, dtype=np.int64)),
    }


def all_programmes(inputs: Iterable[ModelInputs]) -> dict[str, Programme]:
    """Programmes of all alternatives by id, in the order of first mention."""
    return {programme.id: programme for one in inputs for programme in one.programmes}


def fill_counts(ds: xr.Dataset, outcomes: Mapping[str, Sequence[Outcome]], scale: float) -> None:
    """The variables that are counted in people simulated, raised to the real area."""
    for variable in VARIABLES:
        counted = np.array(
            [
                [variable.count(outcomes[str(a)][r]) for r in ds.replicate.values]
                for a in ds.alternative.values
            ]
        )
        put(
            ds,
            variable.name,
            variable.dims,
            counted / scale if variable.scaled else counted,
            variable.units,
            variable.long_name,
        )


def fill_programmes(
    ds: xr.Dataset, inputs: Mapping[str, ModelInputs], outcomes: Mapping[str, Sequence[Outcome]], scale: float
) -> None:
    """The variables by programme, found by id: alternatives may list different programmes. People are raised to the
    real area; units in places are real ones."""
    place_of = {name: place for place, name in enumerate(ds.programme.values.tolist())}
    for variable in PROGRAMME_VARIABLES:
        table = np.zeros([ds.sizes[dim] for dim in (*BASE, *variable.dims)])
        for a, (name, one) in enumerate(inputs.items()):
            for r, outcome in enumerate(outcomes[name]):
                counted = variable.count(outcome)
                for p, programme in enumerate(one.programmes):
                    of_people = variable.scaled and programme.reaches not in ("place", "system")
                    table[a, r, :, place_of[programme.id]] = counted[:, p] / (scale if of_people else 1.0)
        put(ds, variable.name, variable.dims, table, variable.units, variable.long_name)


def fill_flags_by_ethnic_group(ds: xr.Dataset, one: ModelInputs) -> None:
    """Flags of tools by ethnic group, under the bias that the scenario supposes and no other knowledge: in each
    district as residents of all ages are, for wrong flags times the supposed ratios."""
    supposed = dict(one.bias_by_ethnic_group)
    groups = one.area.ethnic_groups
    ratio = np.array([[supposed.get(name, 1.0), 1.0] for name in groups])  # wrongly, rightly
    weight = one.area.ethnic_residents[:, :, None] * ratio
    share = weight / weight.sum(axis=1, keepdims=True)
    flagged = ds.flagged_by_area.transpose(*BASE, "programme", "area", "correctness").values
    ds.coords["ethnic_group"] = ("ethnic_group", np.array(groups, dtype=str))
    told = "; ".join(f"{name}: {ratio:g}" for name, ratio in supposed.items())
    ds.attrs["flagged_by_ethnic_group"] = f"supposed, not measured: wrong flags are likelier by a ratio of {told}"
    put(
        ds, "flagged_by_ethnic_group", ("programme", "ethnic_group", "correctness"),
        np.einsum("...ac,aec->...ec", flagged, share), "people",
        "People flagged by ethnic group, if they were as residents of all ages are and a tool erred as the scenario "
        "supposes; a supposition, not a count",
    )  # fmt: skip


def fill_harm_and_costs(ds: xr.Dataset, by_replicate: Sequence[Prices]) -> None:
    """Harm and the cost of crime, by realised and by expected offences; from counts already real."""
    weight = xr.DataArray(np.array([p.harm_weight for p in by_replicate]), dims=("replicate", "offence"))
    days = "days of imprisonment"
    harm = (ds.severity * weight).sum("offence")
    put(
        ds,
        "harm",
        ("area",),
        harm.values,
        days,
        "Crime harm: severity of the offences committed x mean harm weight of their group",
    )
    expected_harm = (ds.expected_offences * weight).sum("offence")
    put(
        ds,
        "expected_harm",
        ("area",),
        expected_harm.values,
        days,
        "Expected crime harm: expected offences x mean harm weight, at mean severity",
    )

    pounds = f"pounds of {ds.attrs['price_year']}"
    distress = np.array([p.unit_cost[COMPONENTS.index("physical_emotional_harm")] for p in by_replicate])
    eased = ds.harm_eased.sum("area") * xr.DataArray(distress, dims=("replicate", "offence"))
    put(
        ds, "harm_eased_worth", (), eased.sum("offence").transpose(*BASE).values, pounds,
        "What the harm that programmes ease for victims is worth: offences' worth x their physical and emotional harm",
    )  # fmt: skip
    left_out = "per offence committed x unit cost, undiscounted; spending in anticipation of crime left out"
    for name, counted, told in (
        ("crime_cost", "offences", "Cost of crime to each payer"),
        ("expected_crime_cost", "expected_offences", "Expected cost of crime to each payer"),
    ):
        in_force = ds[counted].sum("area").values
        cost = np.stack(
            [crime_costs(in_force[:, r], p.unit_cost) for r, p in enumerate(by_replicate)], axis=1
        )
        put(ds, name, ("component", "payer"), cost, pounds, f"{told}: {left_out}")


def fill_agency_costs(ds: xr.Dataset, by_replicate: Sequence[AgencyPrices]) -> None:
    """What services spend on the demand, by who pays; from counts already real."""
    demand = ds.demand.sum("area").transpose(*BASE, "service").values
    hours = ds.demand_hours.transpose(*BASE, "role", "kind").values
    every, children = (
        ds[name].transpose(*BASE, "offence").values for name in ("charges_in_court", "charges_in_court_children")
    )
    charges = np.stack([children, every - children], axis=-1)
    cost = np.stack(
        [agency_costs(demand[:, r], hours[:, r], charges[:, r], p) for r, p in enumerate(by_replicate)], axis=1
    )
    put(
        ds, "agency_cost", ("service", "payer", "basis"), cost, f"pounds of {ds.attrs['price_year']}",
        "What public services spend on the demand, on average and at the margin, undiscounted; no cash unless one "
        "then spends less; tells again what police, cjs_other and health_services of crime_cost do: never add the two",
    )  # fmt: skip
    ds.attrs["stale_prices"] = "; ".join(by_replicate[0].stale)


def put(ds: xr.Dataset, name: str, dims: tuple[str, ...], values: Floats, units: str, long_name: str) -> None:
    ds[name] = ((*BASE, *dims), values.astype(np.float64), {"units": units, "long_name": long_name})


def notes(values: Prices) -> str:
    """What the money and harm leave out, in sentences."""
    told = ["Cost of crime leaves out what people spend in anticipation of crime."]
    if values.unpriced:
        told.append(f"No unit cost, counted as nil: {', '.join(map(words, values.unpriced))}.")
    if values.unweighted:
        told.append(f"No harm weight, counted as nil: {', '.join(map(words, values.unweighted))}.")
    return " ".join(told)
