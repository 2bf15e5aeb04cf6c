"""Writes an empty area for someone to fill in."""

from pathlib import Path

from scenarios.areas.layout import DESTINATIONS, LAYOUTS, PROVENANCES, SIZES, Layout
from scenarios.faults import Fault, InputFaults

AREA = """\
# A police force area: what it is called, its districts, and what each table holds.
# Fill in every text between quotation marks; README.md says what each table is for.

id = ""            # small letters, digits and _, such as "west_mercia"
name = ""          # such as "West Mercia"
code = ""          # of the police force area, such as "E23000016"
nation = "England"
census_date = 2021-03-21

[officers]         # police officers, full-time equivalent, near the start
# value = 2496
unit = "full-time equivalent"
period = ""        # such as "2023/24"
source = ""        # a key of sources.toml
provenance = ""    # {provenances}

# One for each district or unitary authority:
# [[district]]
# code = "E07000236"
# name = "Redditch"
"""

SOURCES = """\
# Where the figures come from: a key for each source, used in the source columns. Cite the publisher.
# [census_2021]
# publisher = "Office for National Statistics"
# title = "Census 2021, table TS009: sex by single year of age"
# year = 2022
# licence = "Open Government Licence v3.0"
# changes = "districts of the force only"
"""

BUDGETS = """\
# Budget facts for designing scenarios; nothing in the model reads them. One for each fact:
# [[fact]]
# id = "prevention_pot_core"
# item = "Money for prevention"
# value = 5_400_000
# unit = "GBP a year"
# period = "2022/23"
# source = "a key of sources.toml"
# provenance = "judgement"
"""


def write_area_template(path: str | Path) -> None:
    """A folder at `path` with the header of every table, a commented area.toml and a README.

    Raises InputFaults if something other than an empty folder is there.
    """
    folder = Path(path)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputFaults([Fault(str(path), 0, "is there already", "name a folder that is new or empty")])
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "area.toml": AREA.format(provenances=", ".join(PROVENANCES)) + "".join(map(_entry, LAYOUTS)),
        "sources.toml": SOURCES,
        "budgets.toml": BUDGETS,
        "README.md": _readme(),
        **{f"{layout.name}.csv": ",".join(c.name for c in layout.columns) + "\n" for layout in LAYOUTS},
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _entry(layout: Layout) -> str:
    lines = [f"\n[tables.{layout.name}]", f'holds = "{layout.about}"', 'unit = ""', 'period = ""']
    if not any(column.kind == "source" for column in layout.columns):
        lines += ["source = []     # keys of sources.toml", 'provenance = ""']
    return "\n".join(lines) + "\n"


def _readme() -> str:
    lines = [
        "# A police force area",
        "",
        "Fill in the tables, then area.toml and sources.toml. Save tables as UTF-8 with commas. A table that",
        "is not required can be left out: delete its file and its entry in area.toml. budgets.toml can be",
        "left out too.",
        "",
        "Every table holds aggregates: counts and rates of districts, neighbourhoods and years, mostly published.",
        "No record of a person belongs here, and none is asked for. What only a force may have is recorded_groups.csv",
        "(its recorded crime of a year by group) and the street counts; both can be had from published tables too.",
        "",
        "Look at it with `upstream check FOLDER`, fit it with `upstream calibrate FOLDER --install`, which puts",
        "posterior.csv here, and hold the fit against what it was not fitted to with `upstream validate FOLDER`.",
        "",
    ]
    for layout in LAYOUTS:
        measures = f" Measures: {', '.join(layout.measures)}." if layout.measures else ""
        optional = "" if layout.required else " (not required)"
        lines.append(f"- `{layout.name}.csv`{optional}: {layout.about}{measures}")
    lines += [
        "",
        f"Households of a size have the category {', '.join(SIZES)}.",
        f"A destination is {', '.join(DESTINATIONS)}.",
        "",
    ]
    return "\n".join(lines)
