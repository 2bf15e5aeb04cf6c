"""The government's National Crime and Policing Measures, and what in the model stands for each.

Commissioners publish a statement on each under the Elected Local Policing Bodies (Specified Information) (Amendment)
Order 2021. The table is a draft for that statement: what the model counts, and nothing where it counts nothing like it.
"""

from typing import NamedTuple

import xarray as xr

from results.compare import averted, comparator_of, estimates, range_words
from results.labels import words
from results.readings import PARTS, reading_of
from results.table_rows import Cell, Rows

TO_WRITE = ""  # the author's own column
NOT_MODELLED = "not modelled"


class National(NamedTuple):
    """A measure, and the groups of offences whose expected number stands for it: a choice of ours, told beside it."""

    measure: str
    offences: tuple[str, ...]
    note: str


MEASURES = (
    National("Reduce murder and other homicide", ("homicide",), "homicide, of which an area has few"),
    National(
        "Reduce serious violence", ("homicide", "violence_with_injury", "robbery", "rape"),
        "stands in for it: the measure counts hospital admissions for sharp instruments, firearms and knives as well",
    ),
    National(
        "Disrupt drugs supply and county lines", (),
        "possession is counted by what the police find; supply and county lines are not in the model",
    ),
    National(
        "Reduce neighbourhood crime",
        ("residential_burglary", "robbery", "theft_of_vehicle", "theft_from_vehicle"),
        "theft from the person is in other theft, and is left out",
    ),
    National(
        "Tackle cyber crime", ("fraud_computer_misuse",),
        "fraud and computer misuse together, few of which a programme in the model touches",
    ),
    National("Improve satisfaction among victims, with a focus on victims of domestic abuse", (),
             "satisfaction is not in the model; victims supported are in the table of confidence and involvement"),
)  # fmt: skip


def national_measures(ds: xr.Dataset) -> Rows:
    """Expected offences averted over the plan by measure, with a column for the commissioner's own statement."""
    comparator = comparator_of(ds)
    groups = averted(ds, "expected_offences", comparator).sum(("area", "year"))
    level = ds.expected_offences.sel(alternative=comparator).sum(("area", "year")).mean("replicate")
    rows: list[list[Cell]] = []
    for one in MEASURES:
        for name in groups.alternative.values:
            own: list[Cell] = [one.measure, str(name), comparator]
            if not one.offences:
                rows.append([*own, NOT_MODELLED, "", "", "", "", one.note, "", TO_WRITE])
                continue
            told = estimates(groups.sel(alternative=name, offence=list(one.offences)).sum("offence"))
            numbers = [float(told[part]) for part in PARTS]
            whole = float(level.sel(offence=list(one.offences)).sum())
            rows.append([*own, ", ".join(map(words, one.offences)), whole, *numbers[:-1], one.note,
                         reading_of(numbers[0], numbers[-1]), TO_WRITE])  # fmt: skip
    kind = range_words(ds.sizes["replicate"])
    return ["national measure", "alternative", "comparator", "what stands for it in the model",
            f"offences over the plan under {comparator}", "offences averted (estimate)",
            f"offences averted (lower; {kind})", f"offences averted (upper; {kind})", "what to keep in mind", "reading",
            "the commissioner's statement (to write)"], rows  # fmt: skip
