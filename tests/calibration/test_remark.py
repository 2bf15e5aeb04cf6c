"""A mark is made again only where no byte of what was lived differs."""

import xarray as xr

from calibration.remark import compared


def test_what_differs_is_gone_or_is_new_is_told():
    one = xr.Dataset({"a": ("x", [1.0, 2.0]), "b": ("x", [3, 4]), "c": ("x", [5.0, 6.0])})
    other = one.drop_vars("b").assign(c=("x", [5.0, 6.0 + 1e-15]), d=("x", [0.0, 0.0]))
    assert compared(one, one) == (3, [], [])
    assert compared(one, other) == (1, ["b", "c"], ["d"])
