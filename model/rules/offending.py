"""How often a person offends, and what they then do.

The hazard of each kind is the age and sex curve x propensity and family x quintile x adverse
experiences x active risk factors x own recent offending x peers x the period's trend, none in custody.
Logarithms add; the law holds each term. Hazards are kept in fixed point, so that sums of expected
offences are whole numbers.
"""

import numpy as np

from model.draws import STREAMS, normal, poisson_if_any, uniform
from model.effects import offending_log_ratio
from model.jit import rule
from model.people import HAZARDS, N_HAZARDS, NEVER, RATE_ONE, RESIDENT, RISK
from model.vocabulary import COUNTED_ACES, N_OFFENCES

COUNTED = (1 << COUNTED_ACES) - 1
IN_CUSTODY = np.uint32(1 << RISK["in_custody"])
ABUSIVE = np.uint32(1 << RISK["abusive_to_partner"])
DOMESTIC = HAZARDS.index("domestic")
YOUNGEST = 10  # the age of criminal responsibility in England
MOST_A_MONTH = 30
S_COUNT, S_WHICH, S_SEVERITY = STREAMS["offend_count"], STREAMS["offend_which"], STREAMS["severity"]


@rule
def age_in_years(i, people, month):
    """Whole years, at most 100."""
    return min((np.int64(month) - np.int64(people.birth[i])) // 12, 100)


@rule
def count_bits(bits):
    """How many bits of a small integer are set."""
    found = 0
    left = np.int64(bits)
    while left:
        left &= left - 1
        found += 1
    return found


@rule
def recency(i, people, month):
    """How fresh the last offence is: 3 within three months, 2 within a year, 1 within two, else 0."""
    last = np.int64(people.last_offence[i])
    if last == NEVER:
        return 0
    since = np.int64(month) - last
    if since < 3:
        return 3
    if since < 12:
        return 2
    return 1 if since < 24 else 0


@rule
def offence_hazard(i, h, people, month, law):
    """Offences of kind h that person `i` commits in `month`, expected, before any programme."""
    age = age_in_years(i, people, month)
    if age < YOUNGEST or people.status[i] != RESIDENT or people.risks[i] & IN_CUSTODY:
        return 0.0
    if h == DOMESTIC and not people.risks[i] & ABUSIVE:
        return 0.0
    sex = np.int64(people.sex[i])
    aces = min(count_bits(people.aces[i] & COUNTED), 4)
    log_hazard = (
        np.float64(law.log_level[h])
        + law.trend
        + law.log_curve[sex, age, h]
        + law.log_quintile[people.quintile[i], h]
        + law.spread[h] * people.propensity[i]
        + law.family_load[h] * people.family[i]
        + law.log_ace[aces, h]
        + law.log_recent[recency(i, people, month), h]
        + law.log_peers[min(np.int64(people.peers[i]), 3), h]
    )
    left = np.int64(people.risks[i])
    factor = 0
    while left:
        if left & 1:
            log_hazard += law.log_risk[factor, h]
        left >>= 1
        factor += 1
    return np.exp(log_hazard)


@rule
def refresh_offending(i, people, month, law, effects):
    """Set `rate`, `offend` and `treated` of a row from the row itself."""
    treated = False
    total = 0.0
    for h in range(N_HAZARDS):
        total += offence_hazard(i, h, people, month, law)
    share = 1.0 if total <= law.cap else law.cap / total
    fixed_total = 0.0
    for h in range(N_HAZARDS):
        hazard = offence_hazard(i, h, people, month, law) * share if total > 0.0 else 0.0
        if hazard > 0.0 and people.placed[i]:
            kept = 0.0
            changed = False
            for g in range(N_OFFENCES):
                if law.mix[h, g] > 0.0:
                    log_ratio = offending_log_ratio(i, g, people, month, law, effects)
                    changed = changed or log_ratio != 0.0
                    kept += law.mix[h, g] * np.exp(log_ratio)
            if changed:
                hazard *= kept
                treated = True
        fixed = np.uint32(hazard * RATE_ONE + 0.5)
        people.rate[i, h] = fixed
        fixed_total += np.float64(fixed)
    people.treated[i] = treated
    people.offend[i] = np.uint32(min(1.0 - np.exp(-fixed_total / RATE_ONE), 0.999999) * 4294967296.0)


@rule
def monthly_hazard(i, people):
    """The person's total monthly hazard, from the fixed-point kinds."""
    total = 0.0
    for h in range(N_HAZARDS):
        total += np.float64(people.rate[i, h])
    return total / RATE_ONE


@rule
def offences_this_month(i, people, month, law):
    """How many offences, given that there is at least one."""
    u = uniform(law.seed, people.key[i], month, S_COUNT, 0)
    return poisson_if_any(u, monthly_hazard(i, people), MOST_A_MONTH)


@rule
def kind_of_offence(i, n, people, month, law):
    """The kind of hazard that the n-th offence of the month comes from."""
    u = uniform(law.seed, people.key[i], month, S_WHICH, 2 * n)
    left = u * monthly_hazard(i, people) * RATE_ONE
    for h in range(N_HAZARDS):
        left -= np.float64(people.rate[i, h])
        if left < 0.0:
            return h
    return N_HAZARDS - 1


@rule
def group_of_offence(i, n, h, people, month, law, effects):
    """The offence group of the n-th offence, given its kind."""
    u = uniform(law.seed, people.key[i], month, S_WHICH, 2 * n + 1)
    total = 1.0
    if people.treated[i]:
        total = 0.0
        for g in range(N_OFFENCES):
            total += group_weight(i, g, h, people, month, law, effects)
    left = u * total
    last = 0
    for g in range(N_OFFENCES):
        weight = group_weight(i, g, h, people, month, law, effects)
        if weight > 0.0:
            last = g
            left -= weight
            if left < 0.0:
                return g
    return last


@rule
def group_weight(i, g, h, people, month, law, effects):
    """The share of group g in kind h for this person, changed by programmes if any is held."""
    share = np.float64(law.mix[h, g])
    if share > 0.0 and people.treated[i]:
        share *= np.exp(offending_log_ratio(i, g, people, month, law, effects))
    return share


@rule
def severity_of_offence(key, n, month, law):
    """A heavy-tailed size with mean one: log-normal, read by harm, injury, sentence and cost."""
    z = normal(uniform(law.seed, key, month, S_SEVERITY, n))
    return np.exp(law.severity_spread * z - 0.5 * law.severity_spread * law.severity_spread)
