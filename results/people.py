"""The people of a run one by one, as a labelled Dataset: what people.nc holds.

People simulated, not raised to the real area: at a scale below one each stands for several. Everyone who
lived in the area during the run is there; the dead and those who left stay, marked by `status`, as they
were when they died or left. Words are numbers with `flag_values` and `flag_meanings` (CF conventions).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.inputs import ModelInputs
from model.vocabulary import ACES, OFFENCES, RISK_FACTORS, SEXES
from results.dataset import all_programmes

Column = NDArray[Any]
Columns = Mapping[str, Column]
ABSENT, RESIDENT, DEPARTED, DEAD = range(4)
STATUSES = ("never_here", "resident", "departed", "dead")
LAST_YEAR = "over the last twelve months of the run"
COUNTED = {  # variable -> dims after those of a person, unit, words
    "offences": (("offence",), "offences", "Offences committed while resident, the antisocial included"),
    "convictions": (("offence",), "convictions", "Convictions in court, by the gravest offence of the case"),
    "victimisations": (("offence",), "offences", "Offences against the person while resident"),
    "custody_months": ((), "months", "Months at whose end the person was in custody"),
}


@dataclass(frozen=True)
class Persons:
    """The columns of each alternative on a common list of people: the rows of one hold a place for each."""

    columns: Mapping[str, Columns]
    keys: NDArray[np.uint64]
    place: Mapping[str, NDArray[np.int64]]  # alternative -> place in `keys` of each of its rows

    def gathered(self, name: str, dtype: type[np.generic], missing: int = 0) -> Column:
        """(A, people, ...) a column of all alternatives, `missing` where one has no such person."""
        parts = [np.asarray(of_one[name]) for of_one in self.columns.values()]
        table = np.full((len(parts), len(self.keys), *parts[0].shape[1:]), missing, dtype)
        for a, (alternative, part) in enumerate(zip(self.columns, parts, strict=True)):
            table[a, self.place[alternative]] = part
        return table


def build(
    people: Mapping[str, Columns], inputs: Mapping[str, ModelInputs], attributes: Mapping[str, str]
) -> xr.Dataset:
    """The Dataset of the people of one replicate.

    people      alternative -> PreventionModel.people_columns() at the end of the run
    inputs      alternative -> what it was made from
    attributes  those of the run's results

    Raises ValueError when the alternatives differ or two people have one key.
    """
    if not people or list(people) != list(inputs):
        raise ValueError(f"people are of {', '.join(people)} and inputs of {', '.join(inputs)}")
    persons = persons_of(people)
    first = next(iter(inputs.values()))
    programmes = list(all_programmes(inputs.values()))
    dims = {"offence": OFFENCES, "ace": ACES, "risk_factor": RISK_FACTORS, "programme": programmes}
    ds = xr.Dataset(
        coords={
            "alternative": ("alternative", np.array(list(people), dtype=str)),
            "person": ("person", persons.keys, {"long_name": "Key, the same in every alternative"}),
            **{dim: (dim, np.array(names, dtype=str)) for dim, names in dims.items()},
        },
        attrs={**attributes, "replicate": "0", "people": "simulated, not raised to the real area"},
    )
    fill_facts(ds, persons, first)
    fill_states(ds, persons)
    fill_counts(ds, persons)
    fill_programmes(ds, people, inputs, persons, programmes)
    return ds


def persons_of(people: Mapping[str, Columns]) -> Persons:
    """All alternatives' people by key, in the order of the first alternative; others' own people after."""
    every = [np.asarray(columns["key"], dtype=np.uint64) for columns in people.values()]
    if any(len(np.unique(keys)) != len(keys) for keys in every):
        raise ValueError("two people of one alternative have the same key")
    keys = every[0]
    for others in every[1:]:
        if not np.array_equal(others, keys):
            keys = np.concatenate([keys, others[~np.isin(others, keys)]])
    order = np.argsort(keys)
    place = {
        name: order[np.searchsorted(keys[order], own)] for name, own in zip(people, every, strict=True)
    }
    return Persons(people, keys, place)


def fill_facts(ds: xr.Dataset, persons: Persons, first: ModelInputs) -> None:
    """Who they are, where they live and whether they still do."""
    # A fact cannot differ between alternatives; 0, of those that lack the person, is below all others.
    month = persons.gathered("birth", np.int32).max(axis=0)
    year, month = (1900 + month // 12).astype(np.int16), (month % 12 + 1).astype(np.uint8)
    ds["birth_year"] = ("person", year, told("calendar year", "Year of birth"))
    ds["birth_month"] = ("person", month, told("month of the year", "Month of birth, 1 January"))
    sex = persons.gathered("sex", np.uint8).max(axis=0)
    ds["sex"] = ("person", sex, told("code", "Sex") | flags(SEXES))
    status = persons.gathered("status", np.uint8)
    put(ds, "status", (), status, "code", "At the end of the run: lives here, has left the area, or is dead")
    ds["status"].attrs |= flags(STATUSES)
    district = persons.gathered("district", np.uint8)
    put(ds, "district", (), district, "code", "District lived in, at the end or when leaving or dying")
    ds["district"].attrs |= flags(first.area.districts)
    quintile = persons.gathered("quintile", np.uint8) + np.uint8(1)
    put(ds, "quintile", (), quintile, "fifth of England", "Fifth by deprivation of the home, 1 most deprived")


def fill_states(ds: xr.Dataset, persons: Persons) -> None:
    """Adverse childhood experiences so far and risk factors now, 0 or 1 each."""
    for name, column, dim, count, words in (
        ("aces", "aces", "ace", len(ACES), "Adverse childhood experience so far, 1 if there was"),
        ("risk_factors", "risks", "risk_factor", len(RISK_FACTORS), "Risk factor at the end, 1 if there is"),
    ):
        bits = persons.gathered(column, np.uint32)
        one_by_one = (bits[..., None] >> np.arange(count, dtype=np.uint32) & np.uint32(1)).astype(np.uint8)
        put(ds, name, (dim,), one_by_one, "1", words)


def fill_counts(ds: xr.Dataset, persons: Persons) -> None:
    """What they did and suffered, over the run, over its last year, and before."""
    for name, (dims, units, words) in COUNTED.items():
        put(ds, name, dims, persons.gathered(f"run_{name}", np.uint16), units, f"{words}, over the run")
        last = persons.gathered(f"run_{name}_last_year", np.uint16)
        put(ds, f"{name}_last_year", dims, last, units, f"{words}, {LAST_YEAR}")
    ever = persons.gathered("offences", np.uint16)
    words = "Offences committed in life, the years before the run included"
    put(ds, "offences_ever", (), ever, "offences", words)
    ever = persons.gathered("convictions", np.uint16)
    words = "Convictions and out-of-court outcomes in life, the years before the run included"
    put(ds, "convictions_ever", (), ever, "outcomes", words)


def fill_programmes(
    ds: xr.Dataset, people: Mapping[str, Columns], inputs: Mapping[str, ModelInputs], persons: Persons,
    programmes: Sequence[str],
) -> None:
    """Programmes held at the end and taken up over the run, by id: alternatives may list others."""
    shape = (len(people), len(persons.keys), len(programmes))
    held, taken = np.zeros(shape, np.uint8), np.zeros(shape, np.uint16)
    for a, (name, columns) in enumerate(people.items()):
        slots, rows = np.asarray(columns["slot_programme"]), persons.place[name]
        for number, programme in enumerate(inputs[name].programmes):
            at = programmes.index(programme.id)
            held[a, rows, at] = (slots == number + 1).any(axis=1)
            taken[a, rows, at] = np.asarray(columns["run_taken_on"])[:, number]
    words = "Holds a place of the programme, or its effect, at the end: 1 if so"
    put(ds, "programmes_held", ("programme",), held, "1", words)
    words = "Times the person was taken on over the run, or offered a place where the offer has the effect"
    put(ds, "programmes_taken", ("programme",), taken, "times", words)


def put(ds: xr.Dataset, name: str, dims: tuple[str, ...], values: Column, units: str, long_name: str) -> None:
    ds[name] = (("alternative", "person", *dims), values, told(units, long_name))


def told(units: str, long_name: str) -> dict[str, object]:
    return {"units": units, "long_name": long_name}


def flags(names: Sequence[str]) -> dict[str, object]:
    """Attributes that say what the numbers 0, 1 ... stand for."""
    meanings = " ".join(name.replace(" ", "_") for name in names)
    return {"flag_values": np.arange(len(names), dtype=np.uint8), "flag_meanings": meanings}
