"""Tables of a paper: a row a figure, a column an alternative, as many columns as a page holds."""

from collections.abc import Iterator, Sequence

from results.labels import capital, spoken
from results.papers.blocks import Grid, Reference, Said, Text
from results.papers.figures import Figure, Numbered
from results.papers.run import Run

PER_TABLE = 5  # columns of figures; with more, the comparator is repeated in a further table
Row = tuple[str, Figure]


def by_alternative(run: Run, title: str, rows: Sequence[Row], names: list[str]) -> Iterator[Grid]:
    """One table, or several where the alternatives do not fit on a page; each with the comparator where it is named."""
    comparator = run.comparator
    first = [comparator] if comparator in names else []
    rest = [name for name in names if name not in first]
    each = PER_TABLE - len(first)
    for at in range(0, max(len(rest), 1), each):
        yield from across(run, title, rows, [*first, *rest[at : at + each]])


def across(run: Run, title: str, rows: Sequence[Row], names: list[str]) -> Iterator[Grid]:
    """A table with a column for each of these; empty where a figure says nothing of it."""
    filled: list[tuple[Text, ...]] = []
    for label, figure in rows:
        known = figure.cells(run)
        cells = [(Said(figure, name, "stacked"),) if name in known else ("",) for name in names]
        filled.append(((f"{label} ", Reference(figure)), *cells))
    header = ("", *(column(run, name) for name in names))
    yield Grid((title,), header, tuple(filled))


def column(run: Run, name: str) -> str:
    return capital(spoken(name)) + (" (comparator)" if name == run.comparator else "")


def appendix(figures: Sequence[Numbered]) -> Grid:
    """Every figure of a paper: what it is, where it comes from and how."""
    rows = tuple(
        ((f"F{one.number}",), (one.figure.what,), (f"{one.figure.source}: {one.figure.how}",)) for one in figures
    )
    return Grid(("Figures of this paper, in the order in which they are read",),
                ("Figure", "What it is", "Where it comes from, and how"), rows, of_words=True, widths=(0.1, 0.4, 0.5))
