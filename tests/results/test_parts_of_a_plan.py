"""What each part of a plan does: withheld, alone, and what is between the two."""

import csv
import io
import json

import fake_outcomes
import numpy as np
import pytest
import xarray as xr
from rich.console import Console

from results.attribution import told_by_part
from results.closing import closing_table
from results.measures import MEASURES, OFFENCES_MEASURE
from results.tables import write_tables


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    """as_agreed is the plan, stop is no money; two parts."""
    made = fake_outcomes.dataset(4, 3)
    parts = [
        {"name": "primary", "without": "extra_primary", "alone": "extra_secondary"},
        {"name": "tertiary", "without": "extra_tertiary", "alone": "extra_primary"},
    ]
    return made.assign_attrs(attribution=json.dumps({"by": "tier", "nothing": "stop", "parts": parts}))


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_the_interaction_is_what_is_between(ds: xr.Dataset, measure) -> None:
    told = {(part, way): float(one.estimate) for part, way, one in told_by_part(ds, measure)}
    for part in ("Primary prevention", "Tertiary prevention"):
        between = told[part, "withheld"] - told[part, "alone"]
        assert told[part, "interaction"] == pytest.approx(between, abs=0.01)


def test_each_way_is_the_difference_that_it_says(ds: xr.Dataset) -> None:
    level = OFFENCES_MEASURE.pick(ds[OFFENCES_MEASURE.variable]).sum("year").mean("replicate")
    told = {(part, way): float(one.estimate) for part, way, one in told_by_part(ds, OFFENCES_MEASURE)}

    def of(name: str) -> float:
        return float(level.sel(alternative=name))

    primary = "Primary prevention"
    assert told[primary, "withheld"] == pytest.approx(of("extra_primary") - of("as_agreed"), abs=0.01)
    assert told[primary, "alone"] == pytest.approx(of("stop") - of("extra_secondary"), abs=0.01)


def test_plans_that_add_up_have_no_interaction_at_all(ds: xr.Dataset) -> None:
    """To the last bit: what rounding leaves of sums of millions must not look like a result."""
    added = ds.copy(deep=True)
    crime = added.expected_offences
    whole, none = crime.sel(alternative="as_agreed"), crime.sel(alternative="stop")
    rng = np.random.default_rng(2)
    part = xr.zeros_like(none) + rng.uniform(0, 1 / 3, none.shape)
    crime.loc[{"alternative": "extra_primary"}] = whole + part
    crime.loc[{"alternative": "extra_secondary"}] = none - part
    told = {(name, way): one for name, way, one in told_by_part(added, OFFENCES_MEASURE)}
    assert float(told["Primary prevention", "withheld"].estimate) > 0
    assert float(told["Primary prevention", "interaction"].estimate) == 0


def test_the_table_and_the_screen_have_it_only_when_asked(ds: xr.Dataset, tmp_path) -> None:
    written = {path.stem for path in write_tables(ds, tmp_path / "asked")}
    assert "attribution" in written
    rows = list(csv.DictReader((tmp_path / "asked" / "attribution.csv").open(encoding="utf-8")))
    assert len(rows) == len(MEASURES) * 2 * 3
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(closing_table(ds))
    told = console.export_text()
    for word in ("Withheld from the plan", "Alone, against no money", "Interaction", "Tertiary prevention"):
        assert word in told
    plain = ds.assign_attrs(attribution="")
    assert "attribution" not in {path.stem for path in write_tables(plain, tmp_path / "plain")}
