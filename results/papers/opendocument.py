"""The workbook as an OpenDocument spreadsheet, from the sheets that the Excel one is written from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from results.papers.workbook import HEADER, Sheet, widths

CENTIMETRES_A_LETTER = 0.19
BELOW = HEADER + 1
LOOKS = {  # by row: the title, the header, and all below
    0: '<style:style style:name="title" style:family="table-cell"><style:text-properties fo:font-weight="bold" '
       'fo:font-size="14pt"/></style:style>',
    HEADER: '<style:style style:name="head" style:family="table-cell"><style:table-cell-properties '
            'fo:wrap-option="wrap" style:vertical-align="top"/><style:text-properties fo:font-weight="bold"/>'
            "</style:style>",
    BELOW: '<style:style style:name="body" style:family="table-cell"><style:table-cell-properties '
           'fo:wrap-option="wrap" style:vertical-align="top"/></style:style>',
}  # fmt: skip
FREEZE = (  # names and types of what a sheet's settings say of its split: frozen below the header
    ("HorizontalSplitMode", "short", 0), ("VerticalSplitMode", "short", 2), ("HorizontalSplitPosition", "int", 0),
    ("VerticalSplitPosition", "int", HEADER + 1), ("ActiveSplitRange", "short", 2),
    ("PositionBottom", "int", HEADER + 1),
)  # fmt: skip


def write_ods(sheets: Sequence[Sheet], path: Path, title: str) -> Path:
    """The same cells as in the Excel workbook: words as text, numbers as numbers."""
    from odfdo import Cell, Column, Document, Element, Row, Style, Table

    document = Document("spreadsheet")
    document.body.clear()
    insert: Any = document.insert_style
    document.meta.title, document.meta.language = title, "en-GB"
    styles = {at: insert(Element.from_tag(text), automatic=True) for at, text in LOOKS.items()}
    known: dict[int, Any] = {}
    for sheet in sheets:
        table = Table(sheet.name)
        for place, width in enumerate(widths(sheet)):
            if width not in known:
                wide = Style("table-column", name=f"wide{width}", width=f"{width * CENTIMETRES_A_LETTER:.2f}cm")
                known[width] = document.insert_style(wide, automatic=True)
            column = Column(style=known[width])
            table.set_column(place, column)
        lines: list[Sequence[Any]] = [[sheet.title], [], sheet.header, *sheet.rows]
        for at, values in enumerate(lines):
            row = Row()
            for value in values:
                row.append_cell(Cell(None if value == "" else value, style=styles.get(min(at, BELOW))), clone=False)
            table.append_row(row, clone=False)
        document.body.append(table)
    freeze(document, [sheet.name for sheet in sheets])
    document.save(str(path))
    return path


def freeze(document: Any, names: Sequence[str]) -> None:
    """Every sheet's header stays in view: the settings of the template's own sheet, once for each of ours."""
    from odfdo import Element

    settings = document.get_part("settings.xml").root
    settings.get_element("//config:config-item[@config:name='ActiveTable']").text = names[0]
    tables = settings.get_element("//config:config-item-map-named[@config:name='Tables']")
    for old in list(tables.children):
        tables.delete(old)
    for name in names:
        items = "".join(
            f'<config:config-item config:name="{what}" config:type="{kind}">{value}</config:config-item>'
            for what, kind, value in FREEZE
        )
        entry = Element.from_tag(f"<config:config-item-map-entry>{items}</config:config-item-map-entry>")
        entry.set_attribute("config:name", name)
        tables.append(entry)
