"""A built Dataset keeps the contract, and the check of it finds what is broken."""

from collections.abc import Callable

import fake_outcomes
import pytest
import xarray as xr
from contract import ATTRIBUTES, COORDINATES, VARIABLES, faults

GIVEN = dict.fromkeys(ATTRIBUTES, "as told")


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    told = fake_outcomes.dataset(3, 2)
    used = {"programme_starts": 0.9, "programme_completions": 0.6}  # of places: the made-up ones are any
    for name, share in used.items():
        told[name] = (told[name].dims, share * told.programme_places.values, told[name].attrs)
    return told.assign_attrs(GIVEN | told.attrs)


def test_a_built_dataset_keeps_it(ds: xr.Dataset) -> None:
    assert list(faults(ds)) == []


@pytest.mark.parametrize("name", [*VARIABLES, *COORDINATES])
def test_what_is_missing_is_named(ds: xr.Dataset, name: str) -> None:
    assert any(name in fault and "missing" in fault for fault in faults(ds.drop_vars(name)))


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (lambda ds: ds.assign(harm=ds.harm.rename(area="district")), "harm has dims"),
        (lambda ds: ds.assign(harm=ds.harm.drop_attrs()), "harm has no units"),
        (lambda ds: ds.assign(harm=(ds.harm.dims, -1 - ds.harm.values, ds.harm.attrs)), "harm is negative"),
        (lambda ds: ds.assign(demand=ds.demand.where(ds.demand.year > 2022)), "demand has gaps"),
        (lambda ds: ds.assign_coords(service=range(ds.sizes["service"])), "service holds int64, not names"),
        (lambda ds: ds.drop_vars("payer"), "payer has no names"),
        (lambda ds: ds.isel(offence=slice(None, None, -1)), "antisocial behaviour is not the last"),
        (lambda ds: ds.assign_coords(seed=("replicate", [1, 1, 2])), "one seed"),
        (lambda ds: ds.assign(offences=2 * ds.offences), "offences come to"),
        (lambda ds: ds.assign(offences=0 * ds.offences), "no offences"),
        (lambda ds: ds.assign(programme_starts=9 * ds.programme_places), "programme_starts comes to more"),
        (lambda ds: ds.assign(ace_share=0.5 * ds.ace_share), "does not add up"),
        (lambda ds: ds.assign_attrs(comparator="nobody"), "the comparator nobody"),
        (lambda ds: ds.assign_attrs(seed=""), "attribute seed"),
    ],
)
def test_what_is_broken_is_named(
    ds: xr.Dataset, breaks: Callable[[xr.Dataset], xr.Dataset], said: str
) -> None:
    assert any(said in fault for fault in faults(breaks(ds)))
