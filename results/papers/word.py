"""A paper as a Word document: real headings and tables, text alternatives, British English, and page numbers."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from results import drawing
from results.chart import Chart
from results.papers.blocks import Block, Grid, Heading, Paper, Paragraph, Picture, Text

LANGUAGE = "en-GB"
FONT = "Arial"  # every Word has it, and a screen reader's user may set another
INK = RGBColor(0x0B, 0x0C, 0x0C)
PAGE, MARGIN = (21.0, 29.7), 2.0  # centimetres, A4
WIDTH = PAGE[0] - 2 * MARGIN
INDENT, TWENTIETHS = 0.19, 1440 / 2.54  # centimetres; twentieths of a point in one
FIRST_COLUMN = 0.26  # of the width, for the names of rows
TALLEST = 17.0  # centimetres, of a picture with its words on the same page
SMALL = 10.5  # points of a low picture's labels: above 8 when it is shrunk to the page
SHADE = "E7EAED"


def write(paper: Paper, path: Path, made: datetime) -> Path:
    """The paper, with the charts drawn into it; `made` stands for its day in its properties."""
    document = new_document(paper.title, made)
    document.add_paragraph(paper.title, style="Title")
    for block, following in zip(paper.blocks, (*paper.blocks[1:], None), strict=True):
        add(document, block)
        if isinstance(block, Paragraph) and isinstance(following, Grid):
            document.paragraphs[-1].paragraph_format.keep_with_next = True  # words that lead in to a table stay with it
    document.save(str(path))
    return path


def new_document(title: str, made: datetime, size: float = 11.0, margin: float = MARGIN) -> Any:
    """An empty A4 document in the house style."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(PAGE[0]), Cm(PAGE[1])
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(margin)
    section.header_distance = section.footer_distance = Cm(0.9)
    core = document.core_properties
    core.title, core.language, core.author, core.comments = title, LANGUAGE, "", ""
    core.created = core.modified = made
    core.last_modified_by = ""
    set_styles(document, size)
    page_numbers(section.footer.paragraphs[0])
    return document


def set_styles(document: Any, size: float) -> None:
    """One typeface throughout, in British English, whatever the template has."""
    sizes = {"Title": size + 9, "Heading 1": size + 4, "Heading 2": size + 1.5}
    for style in document.styles:
        if style.element.rPr is not None:
            for language in style.element.rPr.findall(qn("w:lang")):
                style.element.rPr.remove(language)
    for name in ("Normal", *sizes, "List Bullet", "Footer", "Caption"):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(sizes.get(name, size))
        style.font.color.rgb = INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{kind}"), FONT)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    document.styles["List Bullet"].paragraph_format.space_after = Pt(3)
    for name in ("Heading 1", "Heading 2"):
        document.styles[name].paragraph_format.space_before = Pt(14 if name == "Heading 1" else 10)
        document.styles[name].paragraph_format.space_after = Pt(4)
    caption = document.styles["Caption"]
    caption.font.bold, caption.paragraph_format.keep_with_next = True, True
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(3)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for language in defaults.findall(qn("w:lang")):
        defaults.remove(language)
    language = OxmlElement("w:lang")
    for kind in ("val", "eastAsia"):
        language.set(qn(f"w:{kind}"), LANGUAGE)
    defaults.append(language)


def page_numbers(paragraph: Any) -> None:
    """'Page 2 of 9' in the footer, counted by Word itself."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for before, code in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        paragraph.add_run(before)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        run, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.text = "1"  # until it is counted
        run.append(text)
        field.append(run)
        paragraph._p.append(field)


def add(document: Any, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(block.text, block.level)
    elif isinstance(block, Paragraph):
        add_paragraph(document, block)
    elif isinstance(block, Grid):
        add_table(document, block)
    else:
        add_picture(document, block)


def add_paragraph(document: Any, block: Paragraph) -> None:
    paragraph = document.add_paragraph(style="List Bullet" if block.style == "bullet" else None)
    run = paragraph.add_run(said(block.text))
    run.bold = block.style == "strong" or None
    run.italic = block.style == "prompt" or None


def said(text: Text) -> str:
    """The text of a paper that is set out."""
    return "".join(str(piece) for piece in text)


def add_table(document: Any, block: Grid) -> None:
    """A table with a header row that is repeated on every page, and rows that are not cut by its end."""
    document.add_paragraph(said(block.title), style="Caption")
    columns = len(block.header)
    table = document.add_table(rows=1 + len(block.rows), cols=columns, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    shares = block.widths or (FIRST_COLUMN, *((1 - FIRST_COLUMN) / (columns - 1),) * (columns - 1))
    grid = [list(row.cells) for row in table.rows]
    texts = [block.header, *([said(cell) for cell in row] for row in block.rows)]
    for at, (row, cells) in enumerate(zip(texts, grid, strict=True)):
        properties = table.rows[at]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if at == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for place, (text, cell) in enumerate(zip(row, cells, strict=True)):
            cell.width = Cm((WIDTH - INDENT) * shares[place])
            follows = at < len(block.rows) and (at < 2 or at == len(block.rows) - 1)
            fill(cell, text, right=place > 0 and not block.of_words, bold=at == 0, follows=follows)
    for place, column in enumerate(table.columns):
        column.width = Cm((WIDTH - INDENT) * shares[place])
    describe_table(table, said(block.title))
    apart = document.add_paragraph()  # Word joins two tables that have nothing between them
    apart.paragraph_format.space_after = Pt(0)
    apart.paragraph_format.line_spacing = Pt(8)


def fill(cell: Any, text: str, right: bool, bold: bool, follows: bool) -> None:
    """A cell's lines; `follows` keeps it on the page of the next row, so that no header and no last row is alone."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.keep_with_next = follows
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    first, _, rest = text.partition("\n")
    run = paragraph.add_run(first)
    run.font.size, run.bold = Pt(9), bold or None
    if rest:
        run.add_break()
        paragraph.add_run(rest).font.size = Pt(8)
    if bold:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)


def describe_table(table: Any, title: str) -> None:
    properties = table._tbl.tblPr
    indent = OxmlElement("w:tblInd")  # Word hangs a table's edge into the margin, so that its words stand in line
    indent.set(qn("w:w"), str(round(INDENT * TWENTIETHS)))
    indent.set(qn("w:type"), "dxa")
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), title)
    properties.append(caption)
    properties.find(qn("w:tblLayout")).addprevious(indent)


def add_picture(document: Any, block: Picture) -> None:
    """A chart: title and subtitle above, note below, as text; the picture with its text alternative."""
    chart = block.chart
    document.add_paragraph(f"Chart {block.number}. {said(block.title)}", style="Caption")
    subtitle = document.add_paragraph(chart.subtitle)
    subtitle.paragraph_format.keep_with_next = True
    place_picture(document.add_paragraph(), chart, TALLEST, keep=True)
    note = document.add_paragraph()
    note.add_run(f"Note: {chart.note}").font.size = Pt(9)


def add_small_picture(document: Any, block: Picture, height: float) -> None:
    """A chart drawn `height` inches high, lower than it is elsewhere, with its words in fewer lines."""
    caption = document.add_paragraph(style="Caption")
    caption.add_run(block.chart.title)
    caption.add_run(f". {block.chart.subtitle}").bold = False
    place_picture(document.add_paragraph(), block.chart, TALLEST, height=height)


def place_picture(
    paragraph: Any, chart: Chart, tallest: float, keep: bool = False, height: float | None = None
) -> None:
    """The chart's picture on a line of its own, with what a reader who cannot see it needs."""
    png, wide, high = drawn(chart, height)
    scale = min(WIDTH / wide, tallest / high)
    paragraph.paragraph_format.keep_with_next = keep
    shape = paragraph.add_run().add_picture(BytesIO(png), width=Cm(wide * scale))
    properties = shape._inline.docPr
    properties.set("descr", f"{chart.picture} {chart.alternative}")
    properties.set("title", chart.title)


def drawn(chart: Chart, height: float | None = None) -> tuple[bytes, float, float]:
    """The chart's picture as PNG, and its size; drawn `height` inches high where that is asked."""
    with drawing.style():
        figure = chart.draw()
        if height:
            figure.set_size_inches(figure.get_figwidth(), height)
            for axes in figure.axes:
                axes.tick_params(labelsize=SMALL)  # rows stand close
        stream = BytesIO()
        figure.savefig(stream, dpi=drawing.DOTS_PER_INCH, metadata={"Software": None})
        return stream.getvalue(), float(figure.get_figwidth()), float(figure.get_figheight())

