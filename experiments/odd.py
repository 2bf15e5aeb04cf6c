"""The tables of parameters in model/ODD.md, made from the evidence and from which file reads which row.

`python -m experiments.odd` writes them anew between their marks; a test fails until that is done.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import model
from experiments.evidence import AREA, schemes
from model.evidence import Evidence, Row, read
from model.usage import where_used
from scenarios.areas import load_area

ODD = Path(model.__file__).parent / "ODD.md"
BEGIN, END = "<!-- parameters: ", "<!-- end -->"
HEAD = ("| row | value | 95 in 100 | unit | grade | provenance |", "|---|---|---|---|---|---|")
SINGLY = 3  # rows of one id that stand in lines of their own; more of them share one

# The submodel that a row belongs to, by the file that reads it.
BY_FILE = {
    "model/census.py": "census",
    "model/places.py": "places",
    "model/actors/place_programmes.py": "places",
    "model/law/__init__.py": "rules/demography",
    "model/law/adversity.py": "rules/adversity",
    "model/law/prevalence.py": "rules/risk",
    "model/law/risk.py": "rules/risk",
    "model/law/offending.py": "rules/offending",
    "model/law/victims.py": "rules/victims",
    "model/law/justice.py": "rules/justice",
    "model/rules/demand.py": "rules/demand",
    "model/world.py": "spared",
    "model/actors/at_work.py": "actors/at_work",
    "model/actors/commissioner.py": "actors/commissioner",
}
# And by the beginning of its id where the file reads for several.
BY_ID = {
    "ties.": ("ties",),
    "household.partner": ("couples",),
    "household.couples_of_one_sex": ("couples",),
    "household.couple_share_by_age": ("census", "couples"),
    "household.living_alone": ("census",),
    "household.communal": ("census",),
    "victim.": ("rules/victims",),
    "death.": ("rules/demography",),
    "move.": ("rules/demography",),
    "adult_mental_health.": ("rules/risk",),
    "alcohol.": ("rules/risk",),
    "conduct.": ("rules/risk",),
    "partner_abuse.": ("rules/risk",),
}
FOR_SEVERAL = ("model/law/ages.py", "model/law/__init__.py")


@lru_cache(maxsize=1)
def rows_by_submodel() -> dict[str, tuple[Row, ...]]:
    """The model's own rows that a run of a shipped area with the shipped schemes reads, by submodel and name. Rows of
    schemes are in the catalogue. Raises KeyError for a row that is read where no submodel is known to read."""
    own, found = read(), schemes()
    together = Evidence([*own.values(), *(row for one in found.values() for row in one.evidence.values())])
    used = where_used(load_area(AREA), together, tuple(one.programme for one in found.values()))
    told: dict[str, list[Row]] = {}
    for name in sorted(set(used) & set(own)):
        for submodel in submodels_of(own[name], used[name]):
            told.setdefault(submodel, []).append(own[name])
    return {submodel: tuple(rows) for submodel, rows in told.items()}


def submodels_of(row: Row, files: Iterable[str]) -> set[str]:
    """The submodels that a row belongs to, given the files that read it."""
    by_id = [submodels for start, submodels in BY_ID.items() if row.id.startswith(start)]
    told: set[str] = set()
    for file in files:
        if file in FOR_SEVERAL and by_id:
            told |= set(by_id[0])
        else:
            told.add(BY_FILE[file])
    return told


def table_of(submodel: str) -> str:
    """The table of a submodel's rows. Raises KeyError when it reads none."""
    by_id: dict[str, list[Row]] = {}
    for row in rows_by_submodel()[submodel]:
        by_id.setdefault(row.id, []).append(row)
    return "\n".join([*HEAD, *(line for rows in by_id.values() for line in lines_of(rows))])


def lines_of(rows: Sequence[Row]) -> Iterator[str]:
    """The lines of the rows of one id: one each, or one of all."""
    if len(rows) <= SINGLY:
        for row in rows:
            reach = f"{row.low:g} to {row.high:g}" if row.low is not None else "fixed"
            yield line(row.name, f"{row.value:g}", reach, [row])
        return
    value, low, high = (
        [row.value for row in rows], [row.low for row in rows if row.low is not None],
        [row.high for row in rows if row.high is not None],
    )  # fmt: skip
    reach = f"{len(low)} with ranges, {mean(low)} to {mean(high)} in the mean" if low else "fixed"
    told = f"{min(value):g} to {max(value):g}, mean {mean(value)}"
    yield line(f"{rows[0].id}[{len(rows)} groups]", told, reach, rows)


def mean(numbers: Sequence[float]) -> str:
    return f"{sum(numbers) / len(numbers):.6g}"


def line(name: str, value: str, reach: str, rows: Sequence[Row]) -> str:
    """One line of a table, of one row or of several."""
    units = "; ".join(dict.fromkeys(row.unit for row in rows))
    graded = sorted({row.grade for row in rows})
    grades = f"{graded[0]}" if len(graded) == 1 else f"{graded[0]} to {graded[-1]}"
    where = ", ".join(sorted({row.provenance for row in rows}))
    return f"| `{name}` | {value} | {reach} | {units} | {grades} | {where} |"


def rewritten(text: str) -> str:
    """The text with every table made anew. Raises ValueError for a mark without its end, KeyError for one of a
    submodel that reads nothing."""
    before, *parts = text.split(BEGIN)
    out = [before]
    for part in parts:
        submodel, rest = part.split(" -->", 1)
        if END not in rest:
            raise ValueError(f"the table of {submodel} has no {END}")
        out.append(f"{BEGIN}{submodel} -->\n\n{table_of(submodel)}\n\n{END}{rest.split(END, 1)[1]}")
    return "".join(out)


def main() -> None:
    """Write the tables of model/ODD.md anew."""
    ODD.write_text(rewritten(ODD.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
