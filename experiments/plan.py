"""Which runs there are: how many, with which seeds and with which values of every uncertain number."""

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.actors.purse import Purse
from model.evidence import Evidence, Row, draw_values
from results.economics.agencies import is_stale, rows_read
from results.prices import inflation, prices, shipped
from scenarios import Fault, InputFaults, Scenario
from scenarios.areas.posterior import Posterior
from scenarios.calendar_years import financial_year_name
from scenarios.checks import COMMISSIONER
from scenarios.funding import carried_faults, funding_faults
from scenarios.scheme_checks import POUNDS

BLOCK = b"block"
FEWEST_PEOPLE = 100  # below it there may be nobody of whole ages, and nothing to tell


@dataclass(frozen=True)
class Plan:
    """The runs of a scenario. Replicate r belongs to draw r // replicates_per_draw.

    Draws come in blocks, each a Latin hypercube of its own: one that is asked for later moves none of those before.
    """

    seed: int
    scale: float
    years: int
    blocks: tuple[int, ...]  # draws in each
    replicates_per_draw: int
    drawn: tuple[str, ...] = ()  # ids, or what they begin with, of the uncertain numbers that are drawn; none for all

    @property
    def draws(self) -> int:
        """In all blocks."""
        return sum(self.blocks)

    @property
    def replicates(self) -> int:
        """All of them."""
        return self.draws * self.replicates_per_draw

    def draw_of(self, replicate: int) -> int:
        return replicate // self.replicates_per_draw

    def seed_of(self, replicate: int) -> int:
        return replicate_seed(self.seed, replicate)


def replicate_seed(seed: int, replicate: int, of: bytes = b"replicate") -> int:
    """The seed of a replicate: 63 bits of BLAKE2b (RFC 7693) of its number, keyed by the plan's seed.

    63 so that it fits a signed whole number of a results file. A replicate's seed is the same however
    many there are. With BLOCK for `of`, the seed of a block of draws.
    """
    key = seed.to_bytes(8, "little")
    digest = hashlib.blake2b(replicate.to_bytes(8, "little"), key=key, digest_size=8, person=of)
    return int.from_bytes(digest.digest(), "little") >> 1


def extended(plan: Plan, before: tuple[int, ...]) -> Plan:
    """The plan where blocks of draws are there already: what it has beyond them is one block more."""
    more = plan.draws - sum(before)
    if more < 0:
        raise ValueError(f"there are {sum(before)} draws already, and {plan.draws} are asked for")
    return replace(plan, blocks=(*before, more) if more else before)


def values_of(evidence: Evidence, plan: Plan, draw: int, posterior: Posterior | None = None) -> dict[str, float]:
    """The value of every row of some evidence in one draw of a plan; of those that an area's fit has, the fit's."""
    block, place = 0, draw
    while place >= plan.blocks[block]:
        place -= plan.blocks[block]
        block += 1
    seed = replicate_seed(plan.seed, block, BLOCK) if block else plan.seed
    values = draw_values(evidence, seed, place, plan.blocks[block])
    fitted = posterior.draw(seed, place, plan.blocks[block]) if posterior else {}
    return values | {name: value for name, value in fitted.items() if name in values}


def make_plan(
    scenario: Scenario,
    replicates: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    scale: float | None = None,
    years: int | None = None,
) -> Plan:
    """The plan that the scenario's file asks for, with whatever is given here in its place.

    `replicates` alone gives each its own draw; with `draws`, so many within each draw. Raises
    ValueError for a number that cannot be, InputFaults for pounds of a year that has no deflator.
    """
    asked = scenario.form.run
    each_its_own = asked.replicates if replicates is None else replicates
    plan = Plan(
        seed=asked.seed if seed is None else seed,
        scale=asked.scale if scale is None else scale,
        years=scenario.form.years if years is None else years,
        blocks=(each_its_own if draws is None else draws,),
        replicates_per_draw=1 if draws is None or replicates is None else replicates,
    )
    if plan.draws < 1 or plan.replicates_per_draw < 1:
        raise ValueError("there must be at least one draw and one replicate")
    if not 0 < plan.scale <= 1:
        raise ValueError(f"scale {plan.scale:g} is no share above 0 and up to 1")
    whole = int(scenario.area.population.sum())
    if whole * plan.scale < FEWEST_PEOPLE:
        told = f"scale {plan.scale:g} leaves about {whole * plan.scale:.0f} people to simulate"
        mend = f"it takes {FEWEST_PEOPLE} of the {whole:,}"
        if scale is None:
            raise InputFaults([scenario.told.fault(("run", "scale"), told, mend)])
        raise ValueError(f"{told}; {mend}")
    if not 1 <= plan.years <= 30:
        raise ValueError(f"{plan.years} years: a plan has 1 to 30")
    if not 0 <= plan.seed < 2**63:
        raise ValueError(f"seed {plan.seed} is not from 0 to 2**63 - 1")
    _check_price_years(scenario)
    faults = [*too_small(scenario), *funding_faults(scenario, with_endings(scenario)), *carried_faults(scenario)]
    if faults:
        raise InputFaults(faults)
    return plan


def parameter_values(scenario: Scenario, plan: Plan, draw: int) -> dict[str, float]:
    """The value of every evidence row in one draw: the model's, the schemes' and those of costs and harm.

    Costs of schemes are in pounds of the scenario's price year, by the GDP deflator; what the commissioner pays of
    a scheme is as the file says, where it does.
    """
    values: dict[str, float] = {}
    for evidence in (scenario.evidence, shipped()):
        values |= {
            name: value for name, value in values_of(evidence, plan, draw, scenario.posterior).items()
            if not plan.drawn or any(belongs(evidence[name].id, one) for one in plan.drawn)
        }  # fmt: skip
    return adjusted(scenario, values)


def belongs(id: str, name: str) -> bool:
    """Whether an id is the name, or a part of it: parenting.ratio of parenting."""
    return id == name or id.startswith(f"{name}.")


def adjusted(scenario: Scenario, drawn: Mapping[str, float]) -> dict[str, float]:
    """The value of every row: as `drawn` where it is, else the middle of its range; with pounds of the scenario's
    price year, more doubtful where they are of long before, and what the commissioner pays as its file says."""
    return Adjusted(scenario).of(drawn)


class Adjusted:
    """`adjusted` of one scenario, for many draws of it."""

    def __init__(self, scenario: Scenario) -> None:
        evidence = (scenario.evidence, shipped())
        self.middle = {name: row.value for rows in evidence for name, row in rows.items()}
        if scenario.posterior:
            self.middle |= scenario.posterior.middle
        self.times = {
            row.name: inflation(shipped(), row.period, scenario.price_year) for row in rows_in_pounds(scenario)
        }
        self.stale = {row.name for row in rows_in_pounds(scenario) if is_stale(row, scenario.price_year)}
        self.paid = {f"{name}.commissioner_share": one[COMMISSIONER] for name, one in scenario.form.funders.items()}

    def of(self, drawn: Mapping[str, float]) -> dict[str, float]:
        values = {**self.middle, **drawn}
        for name, times in self.times.items():
            values[name] *= times * (values["stale_price_doubt"] if name in self.stale else 1.0)
        return values | self.paid


def rows_in_pounds(scenario: Scenario) -> Iterator[Row]:
    """The rows of the scenario's schemes that are pounds of some year."""
    for scheme in scenario.schemes:
        for what in POUNDS:
            name = f"{scheme.programme.id}.{what}"
            if name in scheme.evidence:
                yield scheme.evidence[name]


def stale_costings(scenario: Scenario) -> dict[str, str]:
    """The price year of each scheme whose unit cost is of long before the scenario's pounds."""
    rows = (row for row in rows_in_pounds(scenario) if row.name.endswith(".unit_cost"))
    return {row.name.removesuffix(".unit_cost"): row.period for row in rows if is_stale(row, scenario.price_year)}


def central_pounds(scenario: Scenario, what: str) -> Mapping[str, float]:
    """Pounds of a row `<id>.<what>` of each programme that has it, at the middle of its range, in the scenario's
    price year."""
    return {
        row.name.removesuffix(f".{what}"): row.value * inflation(shipped(), row.period, scenario.price_year)
        for row in rows_in_pounds(scenario)
        if row.name.endswith(f".{what}")
    }


def central_share_paid(scenario: Scenario) -> Mapping[str, float]:
    """The share of each programme's cost that the commissioner pays, at the middle of its range."""
    paid = {}
    for scheme in scenario.schemes:
        name = f"{scheme.programme.id}.commissioner_share"
        row = scheme.evidence[name].value if name in scheme.evidence else 1.0
        paid[scheme.programme.id] = scenario.form.funders.get(scheme.programme.id, {}).get(COMMISSIONER, row)
    return paid


def endings(scenario: Scenario, years: int | None = None) -> dict[str, NDArray[np.float64]]:
    """(P, Y) the commissioner's pounds of each alternative beyond its budget as schemes run down and end, at the
    middle of the range of each number."""
    exits, paid = central_pounds(scenario, "exit_cost"), central_share_paid(scenario)
    told = {}
    for name, money in scenario.money(years).items():
        beyond = np.zeros_like(money)
        for p, programme in enumerate(scenario.programmes):
            purse = Purse(
                math.inf, programme.set_up_months, programme.ramp_months, programme.run_down_months,
                exits.get(programme.id, 0.0) * paid[programme.id], False,
            )  # fmt: skip
            for year, pounds in enumerate(money[p]):
                for _ in range(12):
                    purse.at_work(pounds / 12.0)
                beyond[p, year], purse.added = purse.added, 0.0
        told[name] = beyond
    return told


def with_endings(scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """(P, Y) the commissioner's pounds of each alternative, what running down and ending cost among them."""
    beyond = endings(scenario)
    return {name: money + beyond[name] for name, money in scenario.money().items()}


def too_small(scenario: Scenario, made: bool = False) -> list[Fault]:
    """Programmes that have money, and less of it than they can work with: in the alternatives of the file, or in
    those that were `made` beside them."""
    least, paid = central_pounds(scenario, "minimum_a_year"), central_share_paid(scenario)
    told = scenario.in_the_file
    faults = []
    for name, money in scenario.money().items():
        if (name in told) == made:
            continue
        for programme, pounds in zip(scenario.programmes, money, strict=True):
            whole = pounds / paid[programme.id]
            below = (whole > 0) & (whole < least.get(programme.id, 0.0))
            if below.any():
                year = int(np.flatnonzero(below)[0])
                when = financial_year_name(scenario.form.start.year + year)
                what = (
                    f"alternative {name!r} has {whole[year]:,.0f} pounds for {programme.id} in {when}, below the "
                    f"{least[programme.id]:,.0f} a year with which it can work"
                )
                faults.append(scenario.told.fault(("alternative", told.get(name, 0)), what, "give it more, or nothing"))
    return faults


def _check_price_years(scenario: Scenario) -> None:
    """Money that cannot be reckoned is known before the runs, not after."""
    try:
        prices(shipped(), scenario.price_year)
        for name in rows_read():
            if name.startswith("agency_cost"):
                inflation(shipped(), shipped()[name].period, scenario.price_year, name)
    except ValueError as error:
        fault = scenario.told.fault(("price_year",), f"price_year: {error}", "use a year that has one")
        raise InputFaults([fault]) from None
    for row in rows_in_pounds(scenario):
        try:
            inflation(shipped(), row.period, scenario.price_year)
        except ValueError as error:
            raise InputFaults(
                [Fault(row.file, row.line, f"period of {row.name}: {error}", "use a year that has one")]
            ) from None
