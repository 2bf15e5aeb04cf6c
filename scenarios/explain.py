"""Evidence rows in words: as lines of a list, or one of them in full."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from model.evidence import Row, Source

COLUMNS = ("name", "value", "range", "unit", "period", "source", "provenance", "grade", "used in")
GRADES = {
    5: "5: official statistics, or a review of trials",
    4: "4: a good trial or a strong linkage of records",
    3: "3: a matched comparison, or at second hand",
    2: "2: before and after, or partly remembered",
    1: "1: judgement, a claim or a tiny sample",
}


def row_line(row: Row, files: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns of the list, in the order of COLUMNS; `files` read the row."""
    return (
        row.name,
        number(row.value),
        "" if row.low is None or row.high is None else f"{number(row.low)} to {number(row.high)}",
        row.unit,
        row.period,
        row.source,
        row.provenance,
        str(row.grade),
        ", ".join(files) or "context",
    )


def counts_line(rows: Iterable[Row]) -> str:
    """How many rows there are, how many are used and how many of those are judgement."""
    told = list(rows)
    used = [row for row in told if row.use == "model"]
    judged = sum(row.provenance == "judgement" for row in used)
    return f"{len(told):,} rows of evidence, {len(used):,} used by the model, {judged:,} of those judgement"


def explain_row(row: Row, sources: Mapping[str, Source], files: Sequence[str] = ()) -> str:
    """One row in plain words; `files` read it."""
    return "\n".join(_row_lines(row, sources, files))


def _row_lines(row: Row, sources: Mapping[str, Source], files: Sequence[str]) -> Iterator[str]:
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
        f"  used by the model{past}{' in ' + ', '.join(files) if files else ''}"
        if row.use == "model"
        else f"  used by no run, but in {', '.join(files)}" if files
        else "  not used by the model: context, or a target"
    )
    if row.note:
        yield f"  note: {row.note}"
    if row.file:
        yield f"  stands in {row.file}, line {row.line}"


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
