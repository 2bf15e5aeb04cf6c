"""A cohort's own figures beside published ones that nothing in the model was set to.

    python -m experiments.cohort.beside lives/cohort.nc
"""

import sys
import tomllib
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TABLE = Path(__file__).with_name("beside.toml")
GROWN, MIDDLE, LAST = 18, 38, 55  # ages of whole years: grown up, of the Dunedin cohort's figures, of working age
TOP, REMEMBERED = 0.2, 12  # share of people with most; years in which a sanction is looked for


def top_fifth(each: Floats) -> NDArray[np.bool_]:
    """(person,) those with most; of equals the first."""
    found = np.zeros(each.size, np.bool_)
    found[np.argsort(-each, kind="stable")[: int(TOP * each.size)]] = True
    return found


def share_of_top(each: Floats) -> float:
    return float(each[top_fifth(each)].sum() / each.sum())


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
        "benefit_after_custody": float(ds.benefit_months.values[after].mean() / 12.0),
        "out_of_work_after_custody": float(ds.unemployed_months.values[after].mean() / 12.0),
        "nights_by_experiences": float(odds(any_night[four].mean()) / odds(any_night[none].mean())),
    }


def odds(share: float) -> float:
    return share / (1.0 - share)


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
        float((ds[name].values * recent)[:, grown].sum() / ds[name].values[:, grown].sum())
        for name in ("benefit_months", "lived_months")
    )
    return benefit / lived


def main() -> None:
    rows, found = tomllib.loads(TABLE.read_text(encoding="utf-8"))["figure"], figures(xr.load_dataset(sys.argv[1]))
    for row in rows:
        source = f"{row['source']}; {row['provenance']}"
        print(f"{row['what']}: {found[row['id']]:.2f}; published {row['published']} ({source})")


if __name__ == "__main__":
    main()
