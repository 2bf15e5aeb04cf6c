"""A cohort's own figures beside published ones that nothing in the model was set to.

    python -m experiments.cohort.beside lives/cohort.nc
"""

import argparse
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from scenarios import Fault, InputFaults

Floats = NDArray[np.float64]
TABLE = Path(__file__).with_name("beside.toml")
GROWN, MIDDLE, LAST = 18, 38, 55  # ages of whole years: grown up, of the Dunedin cohort's figures, of working age
TOP, REMEMBERED = 0.2, 12  # share of people with most; years in which a sanction is looked for


def top_fifth(each: Floats) -> NDArray[np.bool_]:
    """(person,) those with most; of equals the first."""
    found = np.zeros(each.size, np.bool_)
    found[np.argsort(-each, kind="stable")[: int(TOP * each.size)]] = True
    return found


def ratio(of: float, to: float) -> float:
    """NaN where there is nothing to divide by."""
    return float(of) / float(to) if to > 0 else float("nan")


def share_of_top(each: Floats) -> float:
    return ratio(each[top_fifth(each)].sum(), each.sum())


def figures(ds: xr.Dataset) -> dict[str, float]:
    """Each figure of beside.toml, of a cohort that is followed to MIDDLE at least."""
    grown, young = ds.sel(age=slice(GROWN, None)), ds.sel(age=slice(GROWN, MIDDLE - 1))
    benefit, nights = (young[name].sum("age").values.astype(float) for name in ("benefit_months", "hospital_nights"))
    convictions = ds.convictions.sel(age=slice(0, MIDDLE - 1)).sum(("age", "offence")).values.astype(float)
    after = released(ds)
    four, none = ds.ace_count.values >= 4, ds.ace_count.values == 0
    any_night = grown.hospital_nights.values > 0
    return {
        "benefits_of_top_fifth": share_of_top(benefit),
        "nights_of_top_fifth": share_of_top(nights),
        "convictions_of_top_fifth": share_of_top(convictions),
        "same_people": float((top_fifth(benefit) & top_fifth(nights)).sum() / top_fifth(benefit).sum()),
        "sanctioned_on_benefit": sanctioned_on_benefit(ds),
        "benefit_after_custody": ratio(ds.benefit_months.values[after].sum(), 12 * after.sum()),
        "out_of_work_after_custody": ratio(ds.unemployed_months.values[after].sum(), 12 * after.sum()),
        "nights_by_experiences": ratio(odds(any_night[four]), odds(any_night[none])),
    }


def odds(cases: NDArray[np.bool_]) -> float:
    return ratio(cases.sum(), (~cases).sum())


def released(ds: xr.Dataset) -> NDArray[np.bool_]:
    """(person, age) whole years outside custody that follow one with some of it, at GROWN to LAST."""
    inside = ds.custody_months.values > 0
    after = np.zeros_like(inside)
    after[:, 1:] = inside[:, :-1] & ~inside[:, 1:] & (ds.lived_months.values[:, 1:] == 12)
    return np.asarray(after & (ds.age.values >= GROWN) & (ds.age.values <= LAST))


def sanctioned_on_benefit(ds: xr.Dataset) -> float:
    """Of months from GROWN on: the share of those on benefit that people sanctioned within REMEMBERED years have, over
    their share of those lived."""
    sanctions = ds.convictions.sum("offence").values + ds.out_of_court.values
    so_far = np.pad(np.cumsum(sanctions, axis=1), ((0, 0), (1, 0)))
    ages = np.arange(sanctions.shape[1])
    recent = so_far[:, ages + 1] > so_far[:, np.maximum(ages - REMEMBERED, 0)]
    grown = ds.age.values >= GROWN
    benefit, lived = (
        ratio((ds[name].values * recent)[:, grown].sum(), ds[name].values[:, grown].sum())
        for name in ("benefit_months", "lived_months")
    )
    return ratio(benefit, lived)


def read(path: Path) -> xr.Dataset:
    """Raises InputFaults where it is no cohort, or one that is not followed far enough."""
    try:
        ds = xr.load_dataset(path)
    except (OSError, ValueError) as error:
        mend = "name the cohort.nc that upstream cohort wrote"
        raise InputFaults([Fault(str(path), 0, f"cannot be read: {error}", mend)]) from None
    if "benefit_months" not in ds or ds.sizes.get("age", 0) < MIDDLE:
        what = f"is no cohort that is followed to its {MIDDLE}th birthday"
        raise InputFaults([Fault(str(path), 0, what, f"use upstream cohort AREA --to {LAST + 1}")])
    return ds


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m experiments.cohort.beside", description=__doc__)
    parser.add_argument("file", type=Path, help="the cohort.nc that upstream cohort wrote")
    try:
        found = figures(read(parser.parse_args(words).file))
    except InputFaults as told:
        print(told, file=sys.stderr)
        return 2
    for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["figure"]:
        here = found[row["id"]]
        shown = "nobody to count" if here != here else f"{here:.2f}"
        print(f"{row['what']}: {shown}; published {row['published']} ({row['source']}; {row['provenance']})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
