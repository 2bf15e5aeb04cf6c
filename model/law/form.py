"""The law of a financial year: every number that the rules read about people, in one record.

An element of a structured array, because that is what compiled code takes whole at no cost. Hazards
are monthly; what multiplies them stands as ratios, so that rules multiply and take no logarithm.
The last axis is the one that rules run along. Latent traits are read in BINS steps of a sixteenth
of a standard deviation. Sizes: 2 sexes, ages 0 to 100, H kinds of hazard, G offence groups, R risk factors,
D those that start and end by themselves, A adverse experiences, E exposures.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtri

from model.people import EXPOSURES, N_ACES, N_HAZARDS, N_MIXES, N_RISKS
from model.vocabulary import N_DYNAMIC_RISKS, N_OFFENCES, VICTIM_WEIGHTS

AGES = 101
BINS = 128
BINS_A_SD = 16.0
MOST_LASTING = 3.09  # standard deviations, one in a thousand: beyond them what lasts makes nothing likelier
QUANTILES = 200  # of lasting differences
LEAST, HALVINGS = 1e-12, 60  # of a level that is looked for, up to 1; of the interval, in logarithms


def bin_centres() -> np.ndarray:
    """(BINS,) the value of a standard normal trait that each bin stands for, -4 to 4."""
    return (np.arange(BINS) + 0.5) / BINS_A_SD - BINS / BINS_A_SD / 2.0


def lasting_ratios(load: float) -> np.ndarray:
    """(QUANTILES,) ratios of a hazard that a lasting difference of so wide a spread makes, from low to high."""
    return np.exp(load * np.minimum(ndtri((np.arange(QUANTILES) + 0.5) / QUANTILES), MOST_LASTING))


def level_at_which(enough: Callable[[np.ndarray], np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """The least levels, LEAST to 1, of an array at which each is `enough`; 1 where none is."""
    low, high = np.full(shape, LEAST), np.ones(shape)
    for _ in range(HALVINGS):
        level = np.sqrt(low * high)
        met = enough(level[..., None])
        low, high = np.where(met, low, level), np.where(met, level, high)
    return high


_H, _G, _R, _D, _A, _E = N_HAZARDS, N_OFFENCES, N_RISKS, N_DYNAMIC_RISKS, N_ACES, len(EXPOSURES)

LAW = np.dtype(
    [
        ("seed", "u8"),
        # offending: hazard at the reference person, and ratios beside them
        ("rate", "f4", (2, AGES, _H)),  # of the reference person of that sex and age, in that year
        ("quintile_ratio", "f4", (5, _H)),
        ("spread", "f4", (AGES,)),  # standard deviation of log rate over people
        ("propensity_kept", "f4"),  # from one birthday to the next
        ("family_ratio", "f4", (BINS, _H)),
        ("ace_ratio", "f4", (5, _H)),
        ("recent_ratio", "f4", (4, _H)),
        ("peer_ratio", "f4", (4, _H)),
        ("risk_ratio", "f4", (_R, _H)),
        ("causal_share", "f4"),  # of a log ratio, what goes with a factor, an experience or a tie when these go
        ("dependence_share", "f4"),  # the same of one's own last offence
        ("cap", "f4"),
        ("mix", "f4", (N_MIXES, _G)),
        ("severity_spread", "f4"),
        ("overlap_share", "f4"),
        # risk factors: monthly starts and ends, and what multiplies a start
        ("start", "f4", (2, AGES, _D)),
        ("end", "f4", (2, AGES, _D)),
        ("start_quintile", "f4", (5, _D)),
        ("start_family", "f4", (BINS, _D)),
        ("start_propensity", "f4", (BINS, _D)),
        ("start_ace", "f4", (5, _D)),
        ("start_lasting", "f4", (_D,)),  # standard deviation of the log of what lasts, of people alike in all else
        ("start_risk", "f4", (_R, _D)),
        ("start_exposed", "f4", (_E, _D)),
        ("past_victim", "f4", (2, AGES)),
        # adversity
        ("ace_start", "f4", (2, _A)),
        ("ace_family", "f4", (BINS, _A)),
        ("ace_quintile", "f4", (5,)),
        ("ace_needs", "u1", (_A,)),  # exposure needed, or E for none
        ("ace_exposed", "f4", (_E, _A)),
        ("exposure_on", "f4", (_E,)),
        ("exposure_off", "f4", (_E,)),
        ("exposure_family", "f4", (BINS, _E)),
        ("exposure_quintile", "f4", (5,)),
        # victims and places
        ("relation", "f4", (_G, 6)),  # cumulative, the partner's share left out
        ("victim_kind", "u1", (_G,)),
        ("victim", "f4", (len(VICTIM_WEIGHTS), 2, AGES)),  # read when the yearly lists are made
        ("victim_repeat", "f4"),
        ("victim_ace", "f4", (5,)),  # offences against the person, by number of adverse experiences, beside the most
        ("victim_load", "f4", (len(VICTIM_WEIGHTS),)),  # standard deviation of the log risk of homes or people alike
        ("victim_lifestyle", "f4"),
        ("victim_lifestyle_bound", "f4"),
        ("victim_quintile", "f4", (5,)),
        ("known_tie", "f4"),
        ("near_home", "f4"),
        ("emergency", "f4", (_G,)),
        ("emergency_domestic", "f4"),
        ("admitted", "f4"),
        ("co_offending", "f4", (_G,)),
        ("co_offending_age", "f4"),
        ("co_offending_adult", "f4"),
        # justice
        ("record", "f4", (_G,)),
        ("domestic_record", "f4"),
        ("charge", "f4", (_G,)),
        ("out_of_court", "f4", (_G,)),
        ("arrest_only", "f4", (_G,)),
        ("formal_known", "f4"),  # ratio of `formal` for those with something on record
        ("detected", "f4"),  # chance of an outcome beside the mean, of offenders with nothing on record
        ("known_step", "f4"),  # log of how much likelier one more on record makes it
        ("known_most", "f4"),  # so many at most
        ("out_of_court_new", "f4"),  # share of outcomes out of court beside the mean, with nothing on record
        ("out_of_court_known", "f4"),  # the same with something on record, beside those with nothing
        ("child_detected", "f4"),
        ("child_diverted", "f4", (2,)),  # share of charges: nothing, something on record
        ("formal", "f4", (2,)),  # share of outcomes out of court that go on the record: adults, children
        ("case_months", "f4", (_G,)),  # mean
        ("conviction", "f4"),
        ("custody", "f4", (_G,)),
        ("custody_months", "f4", (_G,)),
        ("custody_record", "f4"),
        ("custody_record_mean", "f4"),
        ("custody_record_most", "f4"),
        ("custody_supervised", "f4"),  # log odds of custody of those on an order or licence, beside others
        ("custody_supervised_mean", "f4"),  # share of those sentenced who are
        ("child_custody", "f4"),
        ("longest_case", "f4"),
        ("longest_custody", "f4"),
        ("served", "f4"),
        ("order_share", "f4"),
        ("order_months", "f4"),
        ("licence_months", "f4"),
        ("housing_after", "f4"),
        ("work_after", "f4"),
        ("work_found", "f4"),  # ratio of the chance that being out of work ends, on an order or licence
        # homes and ties, as the yearly lists and births read them
        ("boys", "f4"),
        ("men_arriving", "f4"),
        ("ties_from", "f4"),
        ("ties_to", "f4"),
        ("ties_band", "f4"),
        ("separation", "f4", (AGES,)),
        ("death_frailty", "f4", (AGES,)),  # log hazard a standard deviation of frailty
        ("death_level", "f4", (AGES,)),  # ratio by which deaths stay what the life table has
        ("in_couple", "f4", (AGES,)),  # share of people
        ("partnering", "f4", (AGES,)),  # chance a year
        ("partner_gap", "f4"),
        ("partner_spread", "f4"),
        ("couples_of_one_sex", "f4"),
    ]
)
