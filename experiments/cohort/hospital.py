"""Nights in hospital, by reason: after an offence, illness, mental illness, childbirth.

Those after an offence are the model's own. Illness brings admissions by age and sex, more of them to who is ill more
than others, and to users of opiates; each morning the chance to go home is the same. Mental illness brings anybody old
enough to a ward, those in poor mental health and in other states more often, as the police are called to them more
often; some for very long: what is left of a stay at the end of a year goes on in the next.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import special

from experiments.cohort.draws import counted, drawn, uneven
from experiments.cohort.lives import EVENTS, Lives
from model.inputs import AreaTables
from model.people import RISK
from model.rules.demand import by_state, mean_prevalence
from model.vocabulary import SEXES

Floats = NDArray[np.float64]
REASONS = ("after_offence", "illness", "mental_illness", "childbirth")
STAYS = {"0": 0, "1 to 4": 1, "5 to 14": 5, "15 to 29": 15, "30 to 44": 30, "45 to 59": 45, "60 and over": 60}
NIGHTS = {"0 to 14": 0, "15 to 44": 15, "45 to 59": 45, "60 and over": 60}  # the first age of each band
NIGHTS_A_MONTH = 365.25 / 12.0
ALIKE = "mental_health_incidents"  # the service whose ratios by state say who among the ill comes to a ward


def by_age(bands: Mapping[str, int], name: str, ages: int, values: Mapping[str, float]) -> Floats:
    """(ages,) of a row by bands of age; `name` holds the band in braces."""
    told = np.zeros(ages)
    for band, first in bands.items():
        told[first:] = values[name.format(band)]
    return told


def hospital_nights(
    lives: Lives, keys: NDArray[np.uint64], sex: NDArray[np.uint8], ill: Floats, area: AreaTables,
    values: Mapping[str, float], seed: int,
) -> NDArray[np.float32]:  # fmt: skip
    """(K, A, len(REASONS)) nights; `ill` (K, A) is how much likelier illness of the body is."""
    K, A = lives.lived.shape
    out = np.zeros((K, A, len(REASONS)), np.float32)
    admitted = lives.events[..., EVENTS.index("injured_admitted")]
    out[..., 0] = admitted * values["health_per_violence.bed_nights_per_admission"]
    rate = np.array([by_age(STAYS, f"hospital.stays[{one} {{}}]", A, values) for one in SEXES]) / 1000.0
    nights = by_age(NIGHTS, "hospital.nights[{}]", A, values)
    share = lives.lived / 12.0
    opiates = 1.0 + (values["hospital.opiate_ratio"] - 1.0) * lives.months[..., RISK["opiate_crack_use"]] / 12.0
    on_ward = mental_nights(lives, keys, area, values, seed)
    for age in range(A):
        mean = rate[sex, age] * ill[:, age] * share[:, age] * opiates[:, age]
        number = counted(drawn(seed, keys, "hospital_stays", age), mean)
        for n in range(int(number.max(initial=0))):
            u = drawn(seed, keys, "hospital_nights", age, n)
            stay = 1.0 + np.floor(np.log1p(-u) / np.log1p(-1.0 / nights[age]))  # geometric, mean `nights`
            out[:, age, 1] += np.where(number > n, stay, 0.0)
        births = lives.births[:, age].astype(float)
        out[:, age, 3] = counted(drawn(seed, keys, "birth_nights", age), births * values["hospital.birth_nights"])
    out[..., 2] = on_ward
    most = lives.lived.astype(np.float32) * np.float32(NIGHTS_A_MONTH)
    out[..., 1] = np.minimum(out[..., 1], np.maximum(most - out[..., [0, 2, 3]].sum(axis=-1), 0.0))
    return out


def mental_nights(
    lives: Lives, keys: NDArray[np.uint64], area: AreaTables, values: Mapping[str, float], seed: int
) -> Floats:
    """(K, A) nights on a mental health ward: lognormal, with the published median of stays and the mean of what a
    patient has in a year."""
    common = mean_prevalence(area, values)
    people, states = lives.lived.astype(float), lives.months.astype(float)
    rate = by_state(ALIKE, values["hospital.mental_patients"] / 1000.0, people, states, common, values)
    rate *= uneven(seed, keys, "ill_in_mind", values["hospital.spread"])[:, None]
    youngest, residents = int(values["hospital.mental_youngest"]), area.population.sum(axis=(0, 1))
    rate[:, :youngest] = 0.0
    rate[:, youngest:] *= residents.sum() / residents[youngest:].sum()
    median, mean = values["hospital.mental_median"], values["hospital.mental_nights"]
    spread = np.sqrt(2.0 * np.log(mean / median))
    out, left = np.zeros(rate.shape), np.zeros(keys.size)
    for age in range(rate.shape[1]):
        comes = drawn(seed, keys, "ward", age) < rate[:, age]
        u = np.clip(drawn(seed, keys, "ward", age, 1), 1e-12, 1.0 - 1e-12)
        stay = np.maximum(np.rint(median * np.exp(spread * special.ndtri(u))), 1.0)
        left += np.where(comes, stay, 0.0)
        out[:, age] = np.minimum(left, np.floor(people[:, age] * NIGHTS_A_MONTH))
        left -= out[:, age]
    return out
