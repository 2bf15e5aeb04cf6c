"""The lives of a cohort as a labelled Dataset: what cohort.nc holds."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.cohort import benefits, hospital
from experiments.cohort.health import ill_health
from experiments.cohort.lives import ALIVE, EVENTS, Lives, chosen
from experiments.cohort.services import service_use
from experiments.trials.trial import ARMS
from model.inputs import AreaTables
from model.people import NEVER, RISK, Columns
from model.vocabulary import ACES, COUNTED_ACES, OFFENCES, RISK_FACTORS, SERVICES, SEXES
from results.people import flags, told

VIOLENT = ("homicide", "violence_with_injury", "violence_without_injury", "stalking_harassment", "rape",
           "other_sexual", "robbery")  # fmt: skip
BY_OFFENCE = {
    "offences": "Offences committed, of which a part is recorded; antisocial behaviour is last and no crime",
    "arrests": "Arrests, by the offence",
    "convictions": "Convictions in court, by the gravest offence of the case",
    "victimisations": "Offences against the person",
}
BY_FACTOR = {
    "custody_months": ("in_custody", "Months in custody"),
    "probation_months": ("on_probation", "Months on probation, licence within"),
    "unemployed_months": ("not_working", "Months out of work: neither working nor learning to 24, unemployed later"),
    "in_care_months": ("looked_after", "Months looked after by the local authority"),
}
BY_EVENT = {
    "out_of_court": "Offences dealt with out of court, community resolutions within",
    "charge": "Charges",
    "exclusion": "Permanent exclusions from school",
    "homelessness": "Beginnings of unstable housing",
    "emergency_department": "Attendances at an emergency department after an offence",
    "custody_sentence": "Custody sentences",
}


def build(
    lives: Lives, people: Columns, area: AreaTables, values: Mapping[str, float], held: Mapping[str, NDArray[Any]],
    arm: Mapping[str, NDArray[Any]] | None, attributes: Mapping[str, Any], seed: int,
) -> xr.Dataset:
    """The Dataset of a cohort's lives; `people` are the model's at the end, `held` whether each member ever held each
    programme, `arm` what each was in of a trial, `values` those of the model and of this folder's rows."""
    own = people[lives.row]
    order = np.argsort(own["key"])
    lives, own = chosen(lives, order), own[order]
    ds = xr.Dataset(coords={
        "person": ("person", own["key"].astype(np.uint64), told("1", "Key, the same whatever is tried")),
        "age": ("age", np.arange(lives.lived.shape[1], dtype=np.uint8), told("years", "Whole years of age")),
        "offence": ("offence", np.array(OFFENCES)), "service": ("service", np.array(SERVICES)),
        "type": ("type", np.array(ACES)), "factor": ("factor", np.array(RISK_FACTORS)),
        "programme": ("programme", np.array(list(held), dtype=str)),
        "benefit": ("benefit", np.array(benefits.REASONS)), "stay": ("stay", np.array(hospital.REASONS)),
    }, attrs=dict(attributes))  # fmt: skip
    fill_who(ds, lives, own)
    for name, words in BY_OFFENCE.items():
        put(ds, name, ("age", "offence"), getattr(lives, name), "number in the year of age", words)
    violent = [OFFENCES.index(name) for name in VIOLENT]
    put(ds, "violent_convictions", ("age",), lives.convictions[..., violent].sum(axis=-1, dtype=np.uint16),
        "number in the year of age", f"Convictions for {', '.join(VIOLENT)}")  # fmt: skip
    for name, words in BY_EVENT.items():
        put(ds, f"{name}s" if name == "charge" else name, ("age",), lives.events[..., EVENTS.index(name)],
            "number in the year of age", words)  # fmt: skip
    for name, (factor, words) in BY_FACTOR.items():
        put(ds, name, ("age",), lives.months[..., RISK[factor]], "months of the year of age", words)
    put(ds, "factor_months", ("age", "factor"), lives.months, "months of the year of age",
        "Months at whose end the person was in each state")  # fmt: skip
    put(ds, "lived_months", ("age",), lives.lived, "months of the year of age", "Months lived, whatever else")
    put(ds, "births", ("age",), lives.births, "number in the year of age", "Children born to her")
    use = service_use(lives, area, values)
    fill_worked_out(ds, lives, own, area, values, seed)
    for name in ("benefit_months", "hospital_nights"):  # of whatever cause, where the model has its own alone
        use[..., SERVICES.index(name)] = ds[name]
    put(ds, "service_use", ("age", "service"), use, "contacts, nights or months of the year of age",
        "Use of services; what no event stands for is as people in the same states have on average")  # fmt: skip
    table = np.column_stack([one[order] for one in held.values()]) if held else np.zeros((len(own), 0), np.uint8)
    put(ds, "programmes_held", ("programme",), table.astype(np.uint8), "1", "1 where a place was ever held")
    if arm is not None:
        fill_arm(ds, {name: column[order] for name, column in arm.items()})
    return ds


def fill_worked_out(
    ds: xr.Dataset, lives: Lives, own: Columns, area: AreaTables, values: Mapping[str, float], seed: int
) -> None:
    """Benefits and nights in hospital: of what was lived, with draws of their own, after it was lived."""
    ill = ill_health(seed, own, lives.lived.shape[1], values)
    months = benefits.benefit_months(lives, own["key"], own["sex"], ill, values, seed)
    nights = hospital.hospital_nights(lives, own["key"], own["sex"], ill, area, values, seed)
    put(ds, "benefit_months", ("age",), months.sum(axis=-1), "months of the year of age",
        "Months on an out-of-work benefit, for any reason")  # fmt: skip
    put(ds, "benefit_months_by_reason", ("age", "benefit"), months, "months of the year of age",
        "Months on an out-of-work benefit by reason; one counts in one month")  # fmt: skip
    put(ds, "hospital_nights", ("age",), nights.sum(axis=-1), "nights of the year of age",
        "Nights in hospital, for any reason")  # fmt: skip
    put(ds, "hospital_nights_by_reason", ("age", "stay"), nights, "nights of the year of age",
        "Nights in hospital by reason; after an offence, admissions times the nights of a mean one")  # fmt: skip


def fill_who(ds: xr.Dataset, lives: Lives, own: Columns) -> None:
    """Who they are, what they lived with as children, and when they died."""
    put(ds, "sex", (), own["sex"].astype(np.uint8), "code", "Sex", **flags(SEXES))
    put(ds, "quintile", (), lives.quintile + np.uint8(1), "fifth of England",
        "Fifth by deprivation of the home at birth, 1 most deprived")  # fmt: skip
    month = own["birth"].astype(np.int64)
    put(ds, "birth_month", (), (month % 12 + 1).astype(np.uint8), "month of the year", "Month of birth, 1 January")
    ace = (own["aces"][:, None] >> np.arange(len(ACES), dtype=np.uint16) & 1).astype(np.uint8)
    put(ds, "ace", ("type",), ace, "1", "1 where an adverse experience was lived with by 18")
    put(ds, "ace_count", (), ace[:, :COUNTED_ACES].sum(axis=1).astype(np.uint8), "number",
        "Adverse experiences lived with by 18, of the nine that surveys count: all but neglect")  # fmt: skip
    began = own["ace_age"].astype(np.float32)
    put(ds, "ace_began", ("type",), np.where(ace == 1, began / 12.0, np.nan).astype(np.float32), "years of age",
        "Age at which each began")  # fmt: skip
    put(ds, "carer_convicted", (), lives.carer_convicted, "1", "1 where a carer was convicted by the tenth birthday")
    dead = lives.died != ALIVE
    put(ds, "died", (), np.where(dead, lives.died / 12.0, np.nan).astype(np.float32), "years of age",
        "Age at death; missing of those who lived to the end")  # fmt: skip
    first = own["first_conviction"].astype(np.float64)
    age = np.where(first != NEVER, (first - month) / 12.0, np.nan).astype(np.float32)
    put(ds, "first_conviction", (), age, "years of age", "Age at the first conviction in court; missing without one")


def fill_arm(ds: xr.Dataset, arm: Mapping[str, NDArray[Any]]) -> None:
    """Who was in which arm of a trial, and from when."""
    put(ds, "arm", (), arm["arm"].astype(np.uint8), "code", "Arm of the trial", **flags(ARMS))
    put(ds, "enrolled", (), arm["enrolled"].astype(np.float32), "years of age",
        "Age at which the person was randomised; missing of the others")  # fmt: skip
    put(ds, "took_part", (), arm["took_part"].astype(np.uint8), "1", "1 where a place was taken up")


def put(
    ds: xr.Dataset, name: str, dims: tuple[str, ...], values: NDArray[Any], units: str, long_name: str, **more: Any
) -> None:
    ds[name] = (("person", *dims), values, told(units, long_name) | more)
