"""What a paper is made of, before it is Word or a web page: headings, paragraphs, tables, charts and prompts, whose
words hold figures in place of numbers; and how these are numbered in the order in which they are read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from results.chart import Chart
from results.papers.figures import WHOLE, Figure, Numbered
from results.papers.figures import told as told_cell
from results.papers.run import Run


@dataclass(frozen=True)
class Said:
    """What a figure says of one alternative, or of the run; `part` leaves out its range, or all but it."""

    figure: Figure
    of: str = WHOLE
    part: str = "both"  # or figure, range; or stacked: the range on a line of its own


@dataclass(frozen=True)
class Reference:
    """Where a reader finds the figure: its number in square brackets."""

    figure: Figure


Piece = str | Said | Reference
Text = tuple[Piece, ...]


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: Text
    style: str = ""  # or bullet, prompt (for the author to fill in), strong


@dataclass(frozen=True)
class Grid:
    """A table: its first column names the rows, all others are of numbers unless `of_words`."""

    title: Text
    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    of_words: bool = False
    widths: tuple[float, ...] = ()  # shares of the page; even ones beside a wide first column where not said


@dataclass(frozen=True)
class Picture:
    """A chart with its words around it, numbered in the order in which they are read."""

    chart: Chart
    words: Figure  # with the cells title, subtitle and note
    number: int = 0
    title: Text = ()  # with the reference to the figure, once it is set out


Block = Heading | Paragraph | Grid | Picture


@dataclass(frozen=True)
class Paper:
    """A paper set out: every text is one string, every figure has its number."""

    title: str
    blocks: tuple[Block, ...]
    figures: tuple[Numbered, ...]


def say(*text: str | Said | Reference) -> Paragraph:
    return Paragraph(text)


def bullet(*text: str | Said | Reference) -> Paragraph:
    return Paragraph(text, "bullet")


def prompt(text: str) -> Paragraph:
    return Paragraph((f"[{text}]",), "prompt")


def those(pictures: dict[str, Picture], *stems: str) -> Iterator[Block]:
    yield from (pictures[stem] for stem in stems if stem in pictures)


def set_out(title: str, blocks: Iterable[Block], run: Run) -> Paper:
    """Numbers figures, tables and charts in the order in which they are read, and puts what figures say in place."""
    blocks = list(blocks)
    named: dict[str, Numbered] = {}
    for figure in (piece.figure for block in blocks for piece in _pieces(block) if not isinstance(piece, str)):
        if figure.what not in named:
            named[figure.what] = Numbered(len(named) + 1, figure, figure.cells(run))
    tables = charts = 0
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Grid):
            tables += 1
            title_of = f"Table {tables}. {plain(block.title, named)}"
            rows = tuple(tuple((plain(cell, named),) for cell in row) for row in block.rows)
            done.append(replace(block, title=(title_of,), rows=rows))
        elif isinstance(block, Picture):
            charts += 1
            title_of = plain((f"{block.chart.title} ", Reference(block.words)), named)
            done.append(replace(block, number=charts, title=(title_of,)))
        elif isinstance(block, Paragraph):
            done.append(replace(block, text=(plain(block.text, named),)))
        else:
            done.append(block)
    return Paper(title, tuple(done), tuple(named.values()))


def _pieces(block: Block) -> Iterator[Piece]:
    if isinstance(block, Paragraph):
        yield from block.text
    elif isinstance(block, Grid):
        yield from block.title
        for row in block.rows:
            for cell in row:
                yield from cell
    elif isinstance(block, Picture):
        yield Reference(block.words)


def plain(text: Text, named: dict[str, Numbered]) -> str:
    return "".join(_plain(piece, named) for piece in text)


def _plain(piece: Piece, named: dict[str, Numbered]) -> str:
    if isinstance(piece, str):
        return piece
    one = named[piece.figure.what]
    if isinstance(piece, Reference):
        return one.reference
    cell = one.cells[piece.of]
    stacked = "\n".join(part for part in (cell.figure, cell.range) if part)
    return {"figure": cell.figure, "range": cell.range, "stacked": stacked}.get(piece.part, told_cell(cell))
