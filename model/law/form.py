"""The law of a financial year: every number that the rules read about people, in one record.

A one-element structured array, because that is what compiled code takes whole at no cost. Logarithms
are natural. Sizes: 2 sexes, ages 0 to 100, H kinds of hazard, G offence groups, R risk factors,
D those that start and end by themselves, A adverse experiences, E exposures.
"""

import numpy as np

from model.people import EXPOSURES, N_ACES, N_HAZARDS, N_RISKS
from model.vocabulary import N_DYNAMIC_RISKS, N_OFFENCES

AGES = 101
_H, _G, _R, _D, _A, _E = N_HAZARDS, N_OFFENCES, N_RISKS, N_DYNAMIC_RISKS, N_ACES, len(EXPOSURES)

LAW = np.dtype(
    [
        ("seed", "u8"),
        # offending
        ("log_level", "f4", (_H,)),
        ("trend", "f4"),
        ("log_curve", "f4", (2, AGES, _H)),
        ("log_quintile", "f4", (5, _H)),
        ("spread", "f4", (_H,)),
        ("family_load", "f4", (_H,)),
        ("log_ace", "f4", (5, _H)),
        ("log_recent", "f4", (4, _H)),
        ("log_peers", "f4", (4, _H)),
        ("log_risk", "f4", (_R, _H)),
        ("cap", "f4"),
        ("mix", "f4", (_H, _G)),
        ("severity_spread", "f4"),
        ("overlap_share", "f4"),
        # risk factors
        ("start", "f4", (_D, 2, AGES)),
        ("end", "f4", (_D, 2, AGES)),
        ("start_log_quintile", "f4", (_D, 5)),
        ("start_family", "f4", (_D,)),
        ("start_propensity", "f4", (_D,)),
        ("start_log_ace", "f4", (_D, 5)),
        ("start_log_risk", "f4", (_D, _R)),
        ("start_log_exposed", "f4", (_D, _E)),
        ("risk_trend", "f4", (_D,)),
        ("past_victim", "f4", (2, AGES)),
        # adversity
        ("ace_log", "f4", (_A,)),
        ("ace_family", "f4", (_A,)),
        ("ace_log_quintile", "f4", (5,)),
        ("ace_log_female", "f4", (_A,)),
        ("ace_needs", "u1", (_A,)),  # exposure needed, or E for none
        ("ace_log_exposed", "f4", (_A, _E)),
        ("exposure_on", "f4", (_E,)),
        ("exposure_off", "f4", (_E,)),
        ("exposure_family", "f4", (_E,)),
        ("exposure_log_quintile", "f4", (5,)),
        # victims and places
        ("relation", "f4", (_G, 6)),  # cumulative, the partner's share left out
        ("victim_kind", "u1", (_G,)),
        ("victim", "f4", (4, 2, AGES)),
        ("victim_repeat", "f4"),
        ("victim_lifestyle", "f4"),
        ("victim_lifestyle_bound", "f4"),
        ("victim_quintile", "f4", (5,)),
        ("known_tie", "f4"),
        ("near_home", "f4"),
        ("emergency", "f4", (_G,)),
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
        ("child_diverted", "f4"),
        ("court_lag", "f4"),
        ("conviction", "f4"),
        ("custody", "f4", (_G,)),
        ("custody_months", "f4", (_G,)),
        ("custody_record", "f4"),
        ("child_custody", "f4"),
        ("served", "f4"),
        ("order_share", "f4"),
        ("order_months", "f4"),
        ("licence_months", "f4"),
        ("housing_after", "f4"),
        ("work_after", "f4"),
        # homes
        ("boys", "f4"),
        ("separation", "f4", (AGES,)),
    ]
)
