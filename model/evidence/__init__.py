"""Numbers about people and agencies, and the one reader of the one form that every number has.

`read()` gives the rows of this folder, `draw_values()` one believable value for each of them,
`read_table()` a long table kept as CSV. README.md beside this file says how to add a row.
"""

from model.evidence.faults import EvidenceFaults, Fault
from model.evidence.reader import (
    FOLDER,
    Source,
    Table,
    read,
    read_sources,
    read_table,
    read_table_facts,
)
from model.evidence.rows import Evidence, Row
from model.evidence.sampling import draw_uniforms, draw_values, quantiles

__all__ = [
    "FOLDER",
    "Evidence",
    "EvidenceFaults",
    "Fault",
    "Row",
    "Source",
    "Table",
    "draw_uniforms",
    "draw_values",
    "quantiles",
    "read",
    "read_sources",
    "read_table",
    "read_table_facts",
]
