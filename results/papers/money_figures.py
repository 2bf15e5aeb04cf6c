"""Figures of money: costs and benefits of the tables of who gains and of value for money, told with their doubt."""

from collections.abc import Iterable, Mapping, Sequence

from results.compare import NOT_DISTINGUISHABLE, figure, others, rounding_unit
from results.economics.agencies import TRANSFERS
from results.economics.discounting import RATES, first_rate
from results.economics.ledger import (
    LINES,
    capacity_of_the_force,
    other_public_services,
    posts_gone,
    present,
)
from results.labels import capital, quoted
from results.money_tables import NO_CASH, NO_CLEAR_NET, TURNED, posts_words
from results.papers.figures import WHOLE, Figure, Numbers, figure_of, of_runs, sentence
from results.papers.run import Run
from results.plan_years import SURE
from results.prices import shipped
from results.readings import Cell, averted_cell, doubted_cell
from results.table_rows import Cell as Entry

CASH, CAPACITY, SERVICES, SOCIAL = LINES
POUND = 1.0
PRESENT = "pounds of the price year, present value"
SHOWN = ("", "marginal")  # of the two bases: what is not spent when there are a few contacts fewer
LINE, WHO, UNIT, BASIS = 2, 3, 4, 5  # columns of who gains; then estimate, lower, upper, error
MEASURE, FIRST, READING = 2, 4, 7  # of value for money: estimate, lower and upper from FIRST on
BENEFIT, NET_VALUE = "benefit to society", "net present social value"
SUMS = {  # of value for money, with the words for below and above zero
    "cost to all who pay": ("less", "more"), "of which the commissioner's": ("less", "more"),
    "cost to all who pay, corrected for optimism": ("less", "more"),
    BENEFIT: ("loss", "gain"), NET_VALUE: ("loss", "gain"),
    "net present social value, cost corrected for optimism": ("loss", "gain"),
}  # fmt: skip
EACH_POUND = "pounds for each pound of cost"
RATIOS = {  # of value for money, with their unit and the least that they are rounded to
    "benefit-cost ratio": (EACH_POUND, 0.01), "benefit-cost ratio, cost corrected for optimism": (EACH_POUND, 0.01),
    "fiscal return": (EACH_POUND, 0.01),
    "break-even effect": ("share of the effect found at which benefit meets cost", 0.01),
    "cost of an offence averted": ("pounds", POUND), "cost of a day of crime harm averted": ("pounds", POUND),
}  # fmt: skip
NET, BACK, PAYBACK = "runs with a net benefit", "runs that pay back within these years", "payback"
TURNS = "of an alternative that spends less, turned round: what the comparator spends beyond it"
COSTS_NO_MORE = Cell("no more is spent")
NOT_WITHIN, NO_CLEAR_WORTH, NO_FIGURE = "not within these years", "unclear", "no figure"


def number(entry: Entry) -> float:
    return float(entry) if entry != "" else float("nan")


def gains(run: Run, line: str) -> list[Figure]:
    """What one of the four lines comes to, a figure for each of those who gain."""
    rows = run.gains
    kept = dict.fromkeys((str(r[WHO]), str(r[UNIT]), str(r[BASIS])) for r in rows if r[LINE] == line)
    return [_gain(line, who, unit, basis) for who, unit, basis in kept if basis in SHOWN]


def _gain(line: str, who: str, unit: str, basis: str) -> Figure:
    hours = unit == "hours"

    def values(run: Run) -> Mapping[str, Numbers]:
        key = (line, who, unit, basis)
        return {
            str(row[0]): tuple(number(one) for one in row[BASIS + 1 : BASIS + 5])
            for row in run.gains
            if tuple(row[LINE : BASIS + 1]) == key
        }

    def tell(estimate: float, lower: float, upper: float, error: float) -> Cell:
        if line == CASH and lower == upper == 0:
            return Cell("none")
        return doubted_cell(estimate, lower, upper, error, POUND, "more", "fewer" if hours else "less")

    what = f"{capital(line)}: {who}" + (", in hours" if hours else ", in pounds")
    how = f"the row {who!r} of the line {line!r}" + (f", basis {basis}" if basis else "")
    return figure_of(what, "table who_gains", f"{how}: against the comparator, over the plan, mean over runs", unit,
                     values, tell)  # fmt: skip


def posts() -> Figure:
    """Which posts go under each alternative, and which under the comparator."""

    def values(run: Run) -> Mapping[str, Numbers]:
        gone = posts_gone(run.shown, "hours_a_year").sum("role")
        return {str(name): tuple(gone.sel(alternative=name).values.tolist()) for name in gone.alternative.values}

    def cells(run: Run) -> Mapping[str, Cell]:
        return {name: Cell(posts_words(run.shown, name)) for name in others(run.shown, run.comparator)}

    return Figure("Posts that go", "the attribute posts_go", "as the scenario has them; their hours in each year",
                  "hours", values, cells, ("by year",))  # fmt: skip


def no_post_goes(run: Run) -> bool:
    """Whether no alternative, the comparator among them, cuts a post."""
    return {cell.figure for cell in posts().cells(run).values()} == {NO_CASH}


def hours() -> Figure:
    """How many hours of the force's people in all are asked for less."""

    def values(run: Run) -> Mapping[str, Numbers]:
        return of_runs(capacity_of_the_force(run.shown, run.comparator).sum(("year", "role")))

    return figure_of("Hours asked of the force's people in all, over the plan", "demand_hours",
                     "under the comparator less under the alternative, all roles, without hours of posts that go; "
                     "mean over runs", "hours", values,
                     averted_cell)  # fmt: skip


def services() -> Figure:
    """What public services but the force need not spend, in one sum without transfers, for a page without room for
    who they are."""

    def values(run: Run) -> Mapping[str, Numbers]:
        by_payer = other_public_services(run.shown, run.comparator).sel(basis="marginal", drop=True)
        spent = by_payer.sel(payer=by_payer.payer != TRANSFERS).sum("payer")
        return of_runs(present(run.shown, spent, shipped()))

    def tell(estimate: float, lower: float, upper: float, error: float) -> Cell:
        return doubted_cell(estimate, lower, upper, error, POUND, "more", "less")

    return figure_of("What public services but the force need not spend at the margin, over the plan", "agency_cost",
                     "the rows of other public services, benefits and tax left out, added up in each run; the mean "
                     "over runs", PRESENT, values, tell)  # fmt: skip


def sums(run: Run) -> list[Figure]:
    """Costs, then what society gains, then what the two come to."""
    return [sum_of(measure) for measure in SUMS]


def sum_of(measure: str) -> Figure:
    """One of SUMS."""
    below, above = SUMS[measure]

    def rows(run: Run) -> Iterable[list[Entry]]:
        return (row for row in run.worth if row[MEASURE] == measure)

    def values(run: Run) -> Mapping[str, Numbers]:
        return {str(row[0]): tuple(number(one) for one in row[FIRST:READING]) for row in rows(run)}

    def cells(run: Run) -> Mapping[str, Cell]:
        told = {}
        for row in rows(run):
            estimate, lower, upper = (number(one) for one in row[FIRST:READING])
            unclear = NOT_DISTINGUISHABLE in str(row[READING])
            told[str(row[0])] = doubted_cell(estimate, lower, upper, abs(estimate) if unclear else 0.0, POUND,
                                             below, above)  # fmt: skip
        return told

    return Figure(f"{capital(measure)}, over the plan, beyond the comparator", "table value_for_money",
                  f"the row {measure!r}: present values of each run; then the mean over runs", PRESENT, values, cells,
                  ("estimate", "lower", "upper"))  # fmt: skip


def ratios(run: Run) -> list[Figure]:
    """What a pound returns and an offence averted costs, of those of RATIOS that are told of any alternative."""
    return [ratio_of(measure) for measure in RATIOS if any(_is(row, measure) for row in run.worth)]


def ratio_of(measure: str) -> Figure:
    """One of RATIOS. It is told as unclear where what is divided, or what by, is below twice its own error."""
    unit_of, least = RATIOS[measure]

    def values(run: Run) -> Mapping[str, Numbers]:
        told = [row for row in _either_way(run, measure) if row[FIRST] != ""]
        return {str(row[0]): tuple(number(one) for one in row[FIRST:READING]) for row in told}

    def cells(run: Run) -> Mapping[str, Cell]:
        turned = _turned(run)
        told = {}
        for row in _either_way(run, measure):
            name, (estimate, lower, upper) = str(row[0]), (number(one) for one in row[FIRST:READING])
            if estimate != estimate:
                told[name] = Cell(_also(NO_FIGURE, turned.get(name)))
                continue
            open_ended = 2.0 * estimate - lower  # as far above: digits below such a range are noise
            unit = rounding_unit(estimate, lower, upper if upper == upper else open_ended, least)
            between = f"{with_minus(lower, unit)} to {with_minus(upper, unit)}" if upper == upper else (
                f"{with_minus(lower, unit)} or more"
            )
            unclear = NOT_DISTINGUISHABLE in str(row[READING])
            shown = NO_CLEAR_WORTH if unclear else with_minus(estimate, unit)
            told[name] = Cell(_also(shown, turned.get(name)), "" if lower == upper else between)
        return _with_those_that_cost_no_more(run, told)

    return Figure(capital(measure), "table value_for_money",
                  f"the row {measure!r}: one mean over runs by another, both of present values; its range is that of "
                  f"the runs; {TURNS}", unit_of, values, cells, ("estimate", "lower", "upper"))  # fmt: skip


def with_minus(value: float, unit: float) -> str:
    return figure(value, unit).replace("-", "\u2212")


def in_runs(run: Run, measure: str) -> Figure:
    """In how many of the runs there is a net benefit, or it has paid back."""

    def values(run: Run) -> Mapping[str, Numbers]:
        return _counts(run, measure)

    def cells(run: Run) -> Mapping[str, Cell]:
        runs, turned = run.ds.sizes["replicate"], _turned(run)
        told = {name: Cell(f"{numbers[0]:.0f} of {runs}", turned.get(name, ""))
                for name, numbers in values(run).items()}  # fmt: skip
        return _with_those_that_cost_no_more(run, told)

    return Figure(f"{capital(measure)}", "table value_for_money", f"the row {measure!r}: runs counted; {TURNS}",
                  "runs", values, cells, ("runs",))  # fmt: skip


def payback() -> Figure:
    """After how many years the benefits have met the costs, in the median run."""

    def values(run: Run) -> Mapping[str, Numbers]:
        return _counts(run, PAYBACK)

    def cells(run: Run) -> Mapping[str, Cell]:
        notes = {str(row[0]): str(row[READING]) for row in run.worth if _is(row, PAYBACK)}
        turned = _turned(run)
        told = {
            name: Cell(_also(_years_told(years, notes[name]), turned.get(name)))
            for name, (years,) in values(run).items()
        }
        return _with_those_that_cost_no_more(run, told)

    return Figure("Payback: years until benefits have met costs, in the median run", "table value_for_money",
                  "the row 'payback': the year by whose end benefits are no less than costs and stay so; the median of "
                  "the runs; none where half of them or more do not pay back, or where fewer than "
                  f"{100 * SURE:.0f} in 100 have a net benefit; {TURNS}", "years", values, cells,
                  ("years",))  # fmt: skip


def _years_told(years: float, note: str) -> str:
    return NO_CLEAR_WORTH if note == NO_CLEAR_NET else NOT_WITHIN if years != years else f"{years:g} years"


def _also(shown: str, whose: str | None) -> str:
    return f"{shown}, {whose}" if whose else shown


def _is(row: Sequence[Entry], measure: str) -> bool:
    """Whether a row of value for money is this measure, as it is or turned round."""
    return row[MEASURE] in (measure, f"{TURNED}{measure}")


def _either_way(run: Run, measure: str) -> list[list[Entry]]:
    """The rows of a measure: turned round of an alternative that has it so, whose own row then says no more."""
    rows = [row for row in run.worth if _is(row, measure)]
    turned = {row[0] for row in rows if row[MEASURE] != measure}
    return [row for row in rows if row[0] not in turned or row[MEASURE] != measure]


def _counts(run: Run, measure: str) -> dict[str, Numbers]:
    return {str(row[0]): (number(row[FIRST]),) for row in _either_way(run, measure)}


def _turned(run: Run) -> dict[str, str]:
    """What is said of the alternatives that are told turned round: whose money it is."""
    whose = f"for {quoted(run.comparator)}"
    return {str(row[0]): whose for row in run.worth if row[MEASURE] == f"{TURNED}{PAYBACK}"}


def _with_those_that_cost_no_more(run: Run, told: dict[str, Cell]) -> Mapping[str, Cell]:
    names = [str(name) for name in run.shown.alternative.values if str(name) != run.comparator]
    return {name: told.get(name, COSTS_NO_MORE) for name in names}


def discounting() -> Figure:
    """The rate by which a pound of a later year counts less."""

    def values(run: Run) -> Mapping[str, Numbers]:
        return {WHOLE: tuple(first_rate(shipped(), of) for of in RATES)}

    def text(run: Run) -> str:
        standard, health = (f"{100.0 * rate:.1f}%" for rate in values(run)[WHOLE])
        return f"{standard} a year (victims' harm to health by {health})"

    return sentence("The discount rate", "results/evidence/appraisal.toml, discount_rate and discount_rate_health",
                    "the Green Book's rates of a plan's first years", values, text,
                    ("share a year", "share a year, health"))  # fmt: skip


def against(run: Run) -> str:
    return quoted(run.comparator)
