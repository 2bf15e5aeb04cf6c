"""What victims are spared, by the deprivation fifth of their homes, as it is and with the Green Book's weights.

A weight is what a pound is worth to a household in the middle of that fifth beside one of the median: (median income /
its income) to the power of the elasticity (Green Book 2022, A3.12 to A3.21). Fifths of small areas by deprivation are
no fifths of households by income: not all who live in a poor place are poor, and the weights go further than they
should. Offences against residents are counted, not expected, so that chance moves them more, and one homicide much.
"""

import numpy as np
import xarray as xr

from model.evidence import Evidence
from model.vocabulary import COMPONENTS, QUINTILES
from results.compare import averted
from results.economics.ledger import factors, rate_of
from results.prices import PAYER_OF, prices

OF_VICTIMS = tuple(part for part in COMPONENTS if PAYER_OF[part] == "victims")
MIDDLE = 3  # the fifth of the median household
DECIMALS = 6  # below them is what is left of sums


def weights(evidence: Evidence, elasticity: float | None = None) -> xr.DataArray:
    """(quintile,) what a pound is worth to each fifth, the most deprived first; by another elasticity where one is
    given."""
    income = np.array([evidence[f"household_income[fifth {fifth}]"].value for fifth in QUINTILES])
    power = evidence["welfare_elasticity"].value if elasticity is None else elasticity
    worth = (income[QUINTILES.index(MIDDLE)] / income) ** power
    return xr.DataArray(worth, dims="quintile", coords={"quintile": list(QUINTILES)})


def weights_by_run(ds: xr.Dataset, evidence: Evidence) -> xr.DataArray:
    """(replicate, quintile) the same by each run's own draw of the elasticity, where it has one."""
    drawn = (values_of(ds, str(draw)).get("welfare_elasticity") for draw in ds.draw.values)
    return xr.concat([weights(evidence, one) for one in drawn], "replicate")


def offences_against(ds: xr.Dataset, comparator: str) -> xr.DataArray:
    """(other alternatives, replicate, quintile) offences against residents averted over the run, counted."""
    return averted(ds, "victimisations", comparator).sum(("year", "offence")).round(DECIMALS)


def spared(ds: xr.Dataset, comparator: str, evidence: Evidence) -> xr.DataArray:
    """(other alternatives, replicate, quintile) pounds, present value: loss and harm that victims do not suffer."""
    drawn = {
        str(draw): prices(evidence, ds.attrs["price_year"], values_of(ds, str(draw))).unit_cost
        for draw in np.unique(ds.draw.values)
    }
    fewer, found = averted(ds, "victimisations", comparator), []
    for part in OF_VICTIMS:
        costs = np.array([drawn[str(draw)][COMPONENTS.index(part)] for draw in ds.draw.values])
        a_case = xr.DataArray(costs, dims=("replicate", "offence"))
        found.append(fewer * a_case * factors(ds, evidence, rate_of(part)))
    return sum(found[1:], found[0]).sum(("year", "offence"))


def values_of(ds: xr.Dataset, draw: str) -> dict[str, float]:
    """The values of one draw by name."""
    told = zip(ds.parameter_name.values, ds.parameter.isel(draw=int(draw)).values, strict=True)
    return {str(name): float(value) for name, value in told if value == value}
