"""How often a person offends, and what they then do.

The hazard of each kind is the age and sex curve x propensity and family x quintile x adverse
experiences x active risk factors x own recent offending x peers x the period's trend, none in custody.
The law holds each ratio. Hazards are kept in fixed point, so that sums of expected
offences are whole numbers.
"""

import numpy as np

from model.draws import STREAMS, normal, poisson_if_any, uniform
from model.effects import offending_log_ratio
from model.jit import rule
from model.law.form import BINS, BINS_A_SD
from model.people import HAZARDS, N_HAZARDS, NEVER, RATE_ONE, RESIDENT, RISK
from model.vocabulary import COUNTED_ACES, N_OFFENCES

COUNTED = (1 << COUNTED_ACES) - 1
IN_CUSTODY = np.uint32(1 << RISK["in_custody"])
ABUSIVE = np.uint32(1 << RISK["abusive_to_partner"])
DOMESTIC = HAZARDS.index("domestic")
YOUNGEST = 10  # the age of criminal responsibility in England
MOST_A_MONTH = 30
FRESHEST = 3
BIT_NUMBER = np.zeros(32, dtype=np.int64)
for _bit in range(32):
    BIT_NUMBER[((1 << _bit) * 0x077CB531 & 0xFFFFFFFF) >> 27] = _bit
S_COUNT, S_WHICH, S_SEVERITY = STREAMS["offend_count"], STREAMS["offend_which"], STREAMS["severity"]


@rule
def age_in_years(i, people, month):
    """Whole years, at most 100."""
    return min((np.int64(month) - np.int64(people[i].birth)) // 12, 100)


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
def lowest_bit(bits):
    """The number of the lowest set bit of a 32-bit integer, by de Bruijn multiplication (Leiserson et al. 1998)."""
    return BIT_NUMBER[((bits & -bits) * 0x077CB531 & 0xFFFFFFFF) >> 27]


@rule
def recency(i, people, month):
    """How fresh the last offence is: 3 within three months, 2 within a year, 1 within two, else 0."""
    last = np.int64(people[i].last_offence)
    if last == NEVER:
        return 0
    since = np.int64(month) - last
    if since < 3:
        return FRESHEST
    if since < 12:
        return 2
    return 1 if since < 24 else 0


@rule
def trait_bin(z):
    """The bin of a standard normal trait in the law's tables."""
    return min(max(np.int64((z + BINS / BINS_A_SD / 2.0) * BINS_A_SD), 0), BINS - 1)


@rule
def offending_hazards(i, people, month, law, work):
    """Fill work[:H] with the offences of each kind expected of person `i` in `month`, before programmes."""
    age = age_in_years(i, people, month)
    risks = np.int64(people[i].risks)
    if age < YOUNGEST or people[i].status != RESIDENT or risks & IN_CUSTODY:
        for h in range(N_HAZARDS):
            work[h] = 0.0
        return
    sex, quintile = people[i].sex, people[i].quintile
    family = trait_bin(people[i].family)
    aces = min(count_bits(people[i].aces & COUNTED), 4)
    fresh = recency(i, people, month)
    peers = min(np.int64(people[i].peers), 3)
    own = np.float32(np.exp(law.spread * people[i].propensity))
    for h in range(N_HAZARDS):
        if h == DOMESTIC and not risks & ABUSIVE:
            work[h] = 0.0
            continue
        hazard = own * law.rate[sex, age, h] * law.quintile_ratio[quintile, h] * law.family_ratio[family, h]
        hazard *= law.ace_ratio[aces, h] * law.recent_ratio[fresh, h] * law.peer_ratio[peers, h]
        left = risks
        while left:
            hazard *= law.risk_ratio[lowest_bit(left), h]
            left &= left - 1
        work[h] = hazard


@rule
def refresh_offending(i, people, month, law, effects, work):
    """Set `rate`, `offend` and `treated` of a row from the row itself."""
    offending_hazards(i, people, month, law, work)
    total = 0.0
    for h in range(N_HAZARDS):
        total += np.float64(work[h])
    if total > law.cap:
        for h in range(N_HAZARDS):
            work[h] *= law.cap / total
    people[i].treated = people[i].placed and apply_programmes(i, people, month, law, effects, work)
    fixed_total = 0.0
    for h in range(N_HAZARDS):
        fixed = np.uint32(np.float64(work[h]) * RATE_ONE + 0.5)
        people[i].rate[h] = fixed
        fixed_total += np.float64(fixed)
    people[i].offend = np.uint32(min(-np.expm1(-fixed_total / RATE_ONE), 0.999999) * 4294967296.0)


@rule
def apply_programmes(i, people, month, law, effects, work):
    """Multiply each kind's hazard by what the person's programmes leave of it; True if any changed."""
    changed = False
    for h in range(N_HAZARDS):
        if work[h] <= 0.0:
            continue
        kept = 0.0
        moved = False
        for g in range(N_OFFENCES):
            if law.mix[h, g] > 0.0:
                log_ratio = offending_log_ratio(i, g, people, month, law, effects)
                moved = moved or log_ratio != 0.0
                kept += law.mix[h, g] * np.exp(log_ratio)
        if moved:
            work[h] *= kept
            changed = True
    return changed


@rule
def monthly_hazard(i, people):
    """The person's total monthly hazard, from the fixed-point kinds."""
    total = 0.0
    for h in range(N_HAZARDS):
        total += np.float64(people[i].rate[h])
    return total / RATE_ONE


@rule
def offences_this_month(i, people, month, law):
    """How many offences, given that there is at least one."""
    u = uniform(law.seed, people[i].key, month, S_COUNT, 0)
    return poisson_if_any(u, monthly_hazard(i, people), MOST_A_MONTH)


@rule
def kind_of_offence(i, n, people, month, law):
    """The kind of hazard that the n-th offence of the month comes from."""
    u = uniform(law.seed, people[i].key, month, S_WHICH, 2 * n)
    left = u * monthly_hazard(i, people) * RATE_ONE
    for h in range(N_HAZARDS):
        left -= np.float64(people[i].rate[h])
        if left < 0.0:
            return h
    return N_HAZARDS - 1


@rule
def group_of_offence(i, n, h, people, month, law, effects):
    """The offence group of the n-th offence, given its kind."""
    u = uniform(law.seed, people[i].key, month, S_WHICH, 2 * n + 1)
    total = 1.0
    if people[i].treated:
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
    if share > 0.0 and people[i].treated:
        share *= np.exp(offending_log_ratio(i, g, people, month, law, effects))
    return share


@rule
def severity_of_offence(key, n, month, law):
    """A heavy-tailed size with mean one: log-normal, read by harm, injury, sentence and cost."""
    z = normal(uniform(law.seed, key, month, S_SEVERITY, n))
    return np.exp(law.severity_spread * z - 0.5 * law.severity_spread * law.severity_spread)
