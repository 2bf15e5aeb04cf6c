"""Risk factors: monthly starts and ends from prevalence by age and sex, and who they fall on."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from model.law.ages import graded, steady_hazards
from model.law.form import AGES, bin_centres, lasting_ratios, level_at_which
from model.law.prevalence import exposure_shares, how_common, prevalence, starts_by_flow
from model.people import EXPOSURES, RISK
from model.vocabulary import FEMALE, MALE, N_DYNAMIC_RISKS, RISK_FACTORS

Values = Mapping[str, float]
Table = NDArray[np.float64]
DYNAMIC = RISK_FACTORS[:N_DYNAMIC_RISKS]
# Shares of adults by number of adverse experiences, the spread over which ratios are averaged.
ACE_SHARES = ("ace_0_england", "ace_1_england", "ace_23_england", "ace_4plus_england")


def ace_logs(ratio: float, share: float) -> Table:
    """Log hazard by number of adverse experiences (0, 1, 2, 3, 4 or more): that share of the ratio, graded."""
    return np.log(ratio) * share * np.arange(5) / 4.0


def ace_mean(values: Values, logs: Table) -> float:
    """The mean ratio over adults by number of adverse experiences."""
    none, one, some, many = (values[name] for name in ACE_SHARES)
    ratios = np.exp(logs)
    total = none + one + some + many
    return float(
        (none * ratios[0] + one * ratios[1] + some * (ratios[2] + ratios[3]) / 2 + many * ratios[4]) / total
    )


def fill_risks(law: np.ndarray, values: Values) -> None:
    """Write the risk factor fields of a law. Levels are held: each ratio is divided by its mean."""
    v = values
    for field in ("start_risk", "start_exposed"):
        law[field] = 1.0
    by_flow = starts_by_flow(v)
    for name, (table, spell) in prevalence(v).items():
        if name in by_flow:
            continue
        r = RISK[name]
        for sex in (FEMALE, MALE):
            law["start"][0, sex, :, r], law["end"][0, sex, :, r] = steady_hazards(table[sex], spell)
    for name, (start, end) in by_flow.items():
        law["start"][0, :, :, RISK[name]] = start
        law["end"][0, :, :, RISK[name]] = end
    end_all_at_limits(law, v)
    homes, tables = exposure_shares(v), how_common(v)
    for name in DYNAMIC:
        fill_who(law, name, tables, homes, v)
    law["past_victim"][0] = 0.0


def end_all_at_limits(law: np.ndarray, v: Values) -> None:
    """Factors of childhood and school end for everyone once the age for them is over."""
    for name in ("school_absence", "conduct_problems", "gang"):
        last = int(v[f"risk.outgrown_age[{name}]"])
        law["end"][0, :, last:, RISK[name]] = v["risk.outgrown_end"]
        law["start"][0, :, last:, RISK[name]] = 0.0


def held_level(start: Table, end: Table, load: float) -> Table:
    """(2, AGES) what starts are multiplied by, at most 1, so that people who differ by a lasting load are in a state as
    often, in the mean, as people alike would be who started and ended so. (Those likeliest to start are in it already.)
    """
    ends = tuple(np.maximum(end, 1e-12).ravel().tolist())
    return np.array(level_of_hazards(tuple(start.ravel().tolist()), ends, load)).reshape(start.shape)


@lru_cache(maxsize=64)
def level_of_hazards(starts: tuple[float, ...], ends: tuple[float, ...], load: float) -> tuple[float, ...]:
    """`held_level` of a row of hazards; kept, as most laws ask the same."""
    ratios, start, end = lasting_ratios(load), np.array(starts)[:, None], np.array(ends)[:, None]
    share = start[..., 0] / (start + end)[..., 0]

    def enough(level: Table) -> Table:
        begun = level * ratios * start
        return np.asarray((begun / (begun + end)).mean(axis=-1) >= share)

    return tuple(level_at_which(enough, share.shape).tolist())


def fill_who(
    law: np.ndarray, name: str, tables: dict[str, Table], homes: dict[str, tuple[float, float]], v: Values
) -> None:
    """On whom factor `name` falls, and the mean ratio that this is divided by, by sex and age."""
    r = RISK[name]
    quintile = graded(v[f"risk.deprivation_ratio[{name}]"])
    ace_ratio = v[f"risk.ace_ratio[{name}]"]
    alone = v["association.alone[experiences and factors]"]
    logs = ace_logs(ace_ratio, alone)
    # What of the association is not left among people alike in family is carried by the family factor.
    family = v[f"risk.family_load[{name}]"] + (1.0 - alone) * np.log(ace_ratio) / v["offending.family_gap"]
    propensity = v.get(f"risk.propensity_load[{name}]", 0.0)
    law["start_quintile"][0, :, r] = np.exp(quintile)
    law["start_family"][0, :, r] = np.exp(family * bin_centres())
    law["start_propensity"][0, :, r] = np.exp(propensity * bin_centres())
    law["start_ace"][0, :, r] = np.exp(logs) / ace_mean(v, logs)
    mean = np.full((2, AGES), np.exp(0.5 * (family**2 + propensity**2)))
    lasting = v.get(f"risk.lasting_load[{name}]", 0.0)
    law["start_lasting"][0, r] = lasting
    if lasting > 0.0:
        mean /= held_level(law["start"][0, :, :, r], law["end"][0, :, :, r], lasting)
    share = v["association.alone[factors and factors]"]
    for other in RISK_FACTORS:
        ratio = v.get(f"risk.ratio[{other} to {name}]")
        if ratio is not None:
            log_ratio = share * np.log(ratio)
            law["start_risk"][0, RISK[other], r] = np.exp(log_ratio)
            if other in tables:
                mean *= 1.0 + np.clip(tables[other], 0.0, 1.0) * (np.exp(log_ratio) - 1.0)
    for e, exposure in enumerate(EXPOSURES):
        ratio = v.get(f"risk.exposure_ratio[{exposure} to {name}]")
        if ratio is not None:
            law["start_exposed"][0, e, r] = np.exp(share * np.log(ratio))
            children = np.arange(AGES) < 18
            exposed = homes[exposure][0]
            mean *= np.where(children, 1.0 + exposed * (np.exp(share * np.log(ratio)) - 1.0), 1.0)
    law["start"][0, :, :, r] *= v.get(f"risk.level[{name}]", 1.0) / mean


