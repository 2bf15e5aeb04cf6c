"""Evidence rows and schemes in words: as lines of a list, or one of them in full."""

from collections.abc import Iterable, Iterator, Mapping

from model.evidence import Row, Source
from scenarios.schemes import Scheme

COLUMNS = ("name", "value", "range", "unit", "period", "source", "provenance", "grade", "used")
BY_SEX = {"female": "women and girls", "male": "men and boys"}
GRADES = {
    5: "5: official statistics, or a review of trials",
    4: "4: a good trial or a strong linkage of records",
    3: "3: a matched comparison, or at second hand",
    2: "2: before and after, or partly remembered",
    1: "1: judgement, a claim or a tiny sample",
}


def row_line(row: Row) -> tuple[str, ...]:
    """The columns of the list, in the order of COLUMNS."""
    return (
        row.name,
        number(row.value),
        "" if row.low is None or row.high is None else f"{number(row.low)} to {number(row.high)}",
        row.unit,
        row.period,
        row.source,
        row.provenance,
        str(row.grade),
        "yes" if row.use == "model" else "no",
    )


def counts_line(rows: Iterable[Row]) -> str:
    """How many rows there are, how many are used and how many of those are judgement."""
    told = list(rows)
    used = [row for row in told if row.use == "model"]
    judged = sum(row.provenance == "judgement" for row in used)
    return f"{len(told):,} rows of evidence, {len(used):,} used by the model, {judged:,} of those judgement"


def explain_row(row: Row, sources: Mapping[str, Source]) -> str:
    """One row in plain words."""
    return "\n".join(_row_lines(row, sources))


def _row_lines(row: Row, sources: Mapping[str, Source]) -> Iterator[str]:
    yield f"{row.name}: {number(row.value)} ({row.unit})"
    if row.low is not None and row.high is not None:
        ends = f"{number(row.low)} and {number(row.high)}"
        yield f"  95 in 100 that it lies between {ends} ({row.distribution})"
    else:
        yield "  held at this value in every run"
    if row.no_effect:
        yield f"  with a chance of {row.no_effect:.0%} that there is no effect at all"
    where = ", ".join(part for part in (row.area, row.period) if part)
    if where:
        yield f"  of: {where}"
    yield f"  source: {source_words(row.source, sources)}"
    yield f"  provenance: {row.provenance}; grade {GRADES.get(row.grade, row.grade)}; {row.causal_status}"
    past = ", and in the lives lived before the start" if row.alters_past else ""
    yield (
        f"  used by the model{past}"
        if row.use == "model"
        else "  not used by the model: context, or a target"
    )
    if row.note:
        yield f"  note: {row.note}"
    if row.file:
        yield f"  stands in {row.file}, line {row.line}"


def explain_scheme(scheme: Scheme, sources: Mapping[str, Source]) -> str:
    """A scheme in plain words: whom it reaches, what it changes, and every number."""
    return "\n".join(_scheme_lines(scheme, sources))


def _scheme_lines(scheme: Scheme, sources: Mapping[str, Source]) -> Iterator[str]:
    programme = scheme.programme
    yield f"{programme.name} ({programme.id}), {programme.tier} prevention"
    yield f"  evidence: {programme.graded}"
    if not programme.outcome_study:
        yield "  no study has measured what it does: the ratio is a belief, centred on no effect"
    for paper in scheme.named_by:
        yield f"  named by: {paper}"
    found = f"after {words(programme.event)}" if programme.event else "in the population"
    of = f" from {listed(programme.event_offences)}" if programme.event_offences else ""
    having = f" with {listed(programme.needs)}" if programme.needs else ""
    people = BY_SEX[programme.sexes[0]] if len(programme.sexes) == 1 else "people"
    yield f"  reaches {people} aged {programme.ages[0]} to {programme.ages[1]}{having}, found {found}{of}"
    yield f"  first place after {months(programme.set_up_months)} of money"
    yield f"  a name stays on the waiting list for {months(programme.waiting_months)}"
    for effect in programme.effects:
        row = scheme.evidence[effect.ratio]
        whom = f" against a {effect.against}" if effect.against else ""
        yield f"  acts on {words(effect.kind)}{whom}: {listed(effect.targets)}"
        times = "cases that go to court" if effect.kind == "disposal" else "hazard"
        yield f"    {times} times {number(row.value)}, on those {effect.effect_on}, against {effect.versus}"
        yield f"    measured as: {effect.outcome}"
    yield f"  costs are in prices of {scheme.price_year}"
    own = {str(s["id"]): Source(**s) for s in scheme.sources}
    for row in scheme.evidence.values():
        yield ""
        yield explain_row(row, {**sources, **own})


def source_words(source: str, sources: Mapping[str, Source]) -> str:
    if source not in sources:
        return source
    told = sources[source]
    return ", ".join(str(part) for part in (told.author, told.title, told.year, told.url) if part)


def words(name: str) -> str:
    return name.replace("_", " ")


def months(count: int) -> str:
    return f"{count} month" if count == 1 else f"{count} months"


def listed(names: Iterable[str]) -> str:
    return ", ".join(map(words, names))


def number(value: float) -> str:
    """A number as people write it: 1,300, 0.85, 0.000012."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.4g}"
