"""The area that a cohort lives in: closed to migration, with the rates of its start or of a stated table."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.inputs import AreaTables
from model.law import law_year
from scenarios import Fault, InputFaults

RATES = ("offending", "charge", "out_of_court")  # what a table may hold, each a ratio to the first year


def closed(area: AreaTables) -> AreaTables:
    """The same area, which nobody leaves and nobody comes to: everyone is followed, as a study follows those who move.
    Moves between its districts go on."""
    none = np.zeros(len(area.districts))
    return replace(
        area, moves_out=area.moves_out * area.stay_in_force, stay_in_force=1.0, abroad_out=none, abroad_in=none,
        moves_in=none, net_by_age=np.zeros_like(area.net_by_age), hash=f"{area.hash}, closed",
    )  # fmt: skip


def births_a_year(area: AreaTables, rates: NDArray[np.void]) -> float:
    """Births expected in the area in a year; `rates` (D,) of model.places.RATES."""
    women = area.population[:, 0].astype(float)
    return float((women * rates["birth"][:, : women.shape[1]]).sum() * 12.0)


def read_rates(path: Path) -> dict[int, tuple[float, ...]]:
    """A table with the columns year (a financial year by its first calendar year), offending, charge and out_of_court:
    ratios to the year that the cohort is born in. Raises InputFaults with everything wrong with it."""
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputFaults([Fault(str(path), 0, f"cannot be read: {error}", "save it as CSV in UTF-8")]) from None
    if not rows or [name.strip() for name in rows[0]] != ["year", *RATES]:
        raise InputFaults([Fault(str(path), 1, "is no table of rates", f"begin it with: year,{','.join(RATES)}")])
    told, faults = dict[int, tuple[float, ...]](), list[Fault]()
    for line, row in enumerate(rows[1:], start=2):
        try:
            year, *ratios = int(row[0]), *map(float, row[1:])
        except (ValueError, IndexError):
            faults.append(Fault(str(path), line, "has other things than numbers", "give a year and three ratios"))
            continue
        if len(ratios) != len(RATES) or not all(0.0 <= one <= 20.0 for one in ratios):
            faults.append(Fault(str(path), line, "wants three ratios from 0 to 20", "1 is as in the first year"))
        elif told and year != max(told) + 1:
            faults.append(Fault(str(path), line, f"{year} does not follow {max(told)}", "a line a year, in order"))
        else:
            told[year] = tuple(ratios)
    if not told and not faults:
        faults.append(Fault(str(path), 2, "holds no year", "give a line a year"))
    if faults:
        raise InputFaults(faults)
    return told


def held(
    laws: NDArray[np.void], year: int, as_born: int | None = None, rates: dict[int, tuple[float, ...]] | None = None
) -> NDArray[np.void]:
    """The laws of a cohort born in financial year `year`: that year's in all after it or, with `as_born`, at each age
    the one that people born then met at that age (after the last that is known, `year`'s own, that one); times the
    ratios of `rates` (never with `as_born`), a year after its last having those of its last."""
    told, first = laws.copy(), law_year(year)
    then = first if as_born is None else law_year(as_born)
    told[first:] = laws[np.minimum(then + np.arange(told.size - first), first)]
    if rates is None:
        return told
    for at in range(first, told.size):
        offending, charge, out_of_court = rates[min(max(year + at - first, min(rates)), max(rates))]
        told["rate"][at] *= offending
        told["charge"][at] *= charge
        told["arrest_only"][at] *= charge
        told["out_of_court"][at] *= out_of_court
    return told
