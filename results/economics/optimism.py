"""What schemes may cost in the end: HM Treasury's correction for optimism, by how good their costing is.

A budget is fixed in pounds, so that a scheme that costs more than was thought reaches fewer people. Told the other way
round: what is reached here may cost so much more. Money that an alternative does not spend is known and not corrected.
Benefits are all made inside the simulation, where their doubt is drawn; there are none from outside to correct.
"""

import json

import numpy as np
import xarray as xr

from model.evidence import Evidence
from results.compare import averted

# Grades of evidence run from 5, the best, to 1, a judgement; the Treasury's levels from 1, audited, to 6, a guess.
LEVEL_OF_GRADE = {5: 1, 4: 2, 3: 3, 2: 4, 1: 6}
WORST = 1


def corrections(ds: xr.Dataset, evidence: Evidence) -> xr.DataArray:
    """(programme,) the share by which each programme may cost more, by the grade of its unit cost; a programme whose
    grade the run does not tell counts as guessed."""
    grades = json.loads(ds.attrs.get("cost_grades") or "{}")
    more = [
        evidence[f"optimism_bias.cost[level {LEVEL_OF_GRADE[int(grades.get(str(name), WORST))]}]"].value
        for name in ds.programme.values
    ]
    return xr.DataArray(np.array(more), dims="programme", coords={"programme": ds.programme.values})


def corrected(ds: xr.Dataset, comparator: str, evidence: Evidence, turned: bool = False) -> xr.DataArray:
    """(other alternatives, replicate, year) pounds that all who pay spend beyond the comparator, corrected; `turned`
    round, what they spend under it beyond each alternative."""
    more = averted(ds, "programme_spend", comparator) * (1.0 if turned else -1.0)
    return (more + more.clip(min=0.0) * corrections(ds, evidence)).sum("programme")
