"""How often a person offends, and what they then do.

The hazard of each kind is the age and sex curve x propensity and family x quintile x adverse
experiences x active risk factors x own recent offending x peers x the period's trend, none in custody.
The law holds each ratio. Hazards are kept in fixed point, so that sums of expected
offences are whole numbers. What a programme does comes after: it prevents some of the offences so drawn,
or adds some where it backfires.
"""

import numpy as np

from model.draws import (
    OFFENCE_DRAWS,
    STREAMS,
    arrival,
    normal,
    nth_bits,
    nth_uniform,
    poisson,
    poisson_if_any,
    uniform,
)
from model.effects import offending_log_ratio
from model.jit import rule
from model.law.form import BINS, BINS_A_SD
from model.people import DOMESTIC, N_HAZARDS, N_RISKS, NEVER, RATE_ONE, RESIDENT, RISK, WOMEN_AT_HOME
from model.vocabulary import COUNTED_ACES, FEMALE, N_OFFENCES

COUNTED = (1 << COUNTED_ACES) - 1
RISK_BITS = (1 << N_RISKS) - 1
IN_CUSTODY = np.uint32(1 << RISK["in_custody"])
ABUSIVE = np.uint32(1 << RISK["abusive_to_partner"])
YOUNGEST = 10  # the age of criminal responsibility in England
MOST_A_MONTH = 30
FRESHEST = 3
BIT_NUMBER = np.zeros(32, dtype=np.int64)
for _bit in range(32):
    BIT_NUMBER[((1 << _bit) * 0x077CB531 & 0xFFFFFFFF) >> 27] = _bit
S_PROPENSITY = STREAMS["propensity_change"]
S_COUNT, S_ADDED = STREAMS["offend_count"], STREAMS["offence_added"]
D_KIND, D_GROUP = OFFENCE_DRAWS["kind"], OFFENCE_DRAWS["group"]
D_PREVENTED, D_SEVERITY = OFFENCE_DRAWS["prevented"], OFFENCE_DRAWS["severity"]


@rule
def age_in_years(i, people, month):
    """Whole years, at most 100."""
    return min((np.int64(month) - np.int64(people[i].birth)) // 12, 100)


@rule
def change_propensity(i, people, month, law):
    """On a birthday propensity keeps most of what it was and gains something new; over people it stays normal."""
    kept = np.float64(law.propensity_kept)
    new = normal(uniform(law.seed, people[i].key, month, S_PROPENSITY, 0))
    people[i].propensity = np.float32(kept * np.float64(people[i].propensity) + np.sqrt(1.0 - kept * kept) * new)


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
    return since_class(np.int64(people[i].last_offence), month)


@rule
def recency_without(i, people, month):
    """How fresh the last offence would be but for programmes, in the classes of `recency`."""
    return since_class(max(np.int64(people[i].last_offence), np.int64(people[i].spared_offence)), month)


@rule
def since_class(last, month):
    """3 within three months, 2 within a year, 1 within two, else 0."""
    since = np.int64(month) - last
    if last == NEVER or since >= 24:
        return 0
    if since < 3:
        return FRESHEST
    return 2 if since < 12 else 1


@rule
def is_spared_anything(i, people):
    """Whether a programme has kept anything away from a person, or from those who matter to them."""
    return (
        people[i].spared != 0 or people[i].spared_peers != 0 or people[i].spared_exposure != 0
        or people[i].spared_offence != NEVER
    )


@rule
def still_there(h, i, aces, fresh, peers, people, month, law):
    """What goes with what a person was spared though that is gone: the part of each ratio that is not causal."""
    all_aces = min(count_bits((np.int64(people[i].aces) | np.int64(people[i].spared) >> N_RISKS) & COUNTED), 4)
    all_peers = min(peers + np.int64(people[i].spared_peers), 3)
    log_ratio = np.log(law.ace_ratio[all_aces, h] / law.ace_ratio[aces, h])
    log_ratio += np.log(law.peer_ratio[all_peers, h] / law.peer_ratio[peers, h])
    left = np.int64(people[i].spared) & RISK_BITS & ~np.int64(people[i].risks)
    while left:
        log_ratio += np.log(law.risk_ratio[lowest_bit(left), h])
        left &= left - 1
    own = np.log(law.recent_ratio[recency_without(i, people, month), h] / law.recent_ratio[fresh, h])
    return np.exp((1.0 - law.causal_share) * log_ratio + (1.0 - law.dependence_share) * own)


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
    own, spared = np.float32(np.exp(law.spread[age] * people[i].propensity)), is_spared_anything(i, people)
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
        if spared:
            hazard *= np.float32(still_there(h, i, aces, fresh, peers, people, month, law))
        work[h] = hazard


@rule
def refresh_offending(i, people, month, law, work):
    """Set `rate` and `offend` of a row, both before programmes, from the row itself."""
    offending_hazards(i, people, month, law, work)
    total = 0.0
    for h in range(N_HAZARDS):
        total += np.float64(work[h])
    if total > law.cap:
        for h in range(N_HAZARDS):
            work[h] *= law.cap / total
    fixed_total = 0.0
    for h in range(N_HAZARDS):
        fixed = np.uint32(np.float64(work[h]) * RATE_ONE + 0.5)
        people[i].rate[h] = fixed
        fixed_total += np.float64(fixed)
    people[i].offend = np.uint32(min(-np.expm1(-fixed_total / RATE_ONE), 0.999999) * 4294967296.0)


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
def kind_of_offence(i, luck, people):
    """The kind of hazard that an offence comes from; `luck` is its offence_bits."""
    base = nth_bits(luck, D_KIND)
    first, soonest = N_HAZARDS - 1, np.inf
    for h in range(N_HAZARDS):
        if people[i].rate[h] > 0:
            when = arrival(base, h, np.float64(people[i].rate[h]), soonest)
            if when < soonest:
                first, soonest = h, when
    return first


@rule
def mix_row(h, sex):
    """The row of the law's mix that says of which groups a person's offences of kind h are."""
    return WOMEN_AT_HOME if h == DOMESTIC and sex == FEMALE else h


@rule
def group_of_offence(h, sex, luck, law):
    """The offence group of an offence, given its kind and the offender's sex."""
    left = nth_uniform(luck, D_GROUP)
    row, last = mix_row(h, sex), 0
    for g in range(N_OFFENCES):
        weight = np.float64(law.mix[row, g])
        if weight > 0.0:
            last = g
            left -= weight
            if left < 0.0:
                return g
    return last


@rule
def is_prevented(i, h, g, luck, people, month, law, effects):
    """Whether what the person's programmes do to kind h and group g prevents an offence.

    Offences are drawn as if no programme were held, and each is then kept with the ratio as its chance
    (thinning: Lewis and Shedler, Naval Research Logistics Quarterly 1979). So worlds with and without a
    programme differ by the offences prevented and by what follows from them, and by nothing else.
    """
    log_ratio = offending_log_ratio(i, h, g, people, month, law, effects)
    return log_ratio < 0.0 and nth_uniform(luck, D_PREVENTED) >= np.exp(log_ratio)


@rule
def added_hazard(i, h, g, people, month, law, effects):
    """Offences a month of kind h and group g that programmes add where they backfire."""
    log_ratio = offending_log_ratio(i, h, g, people, month, law, effects)
    if log_ratio <= 0.0:
        return 0.0
    hazard = np.float64(people[i].rate[h]) / RATE_ONE
    return hazard * np.float64(law.mix[mix_row(h, people[i].sex), g]) * np.expm1(log_ratio)


@rule
def offences_added(i, people, month, law, effects):
    """How many offences this month come of programmes that backfire."""
    total = 0.0
    for h in range(N_HAZARDS):
        for g in range(N_OFFENCES):
            total += added_hazard(i, h, g, people, month, law, effects)
    if total <= 0.0:
        return 0
    return poisson(uniform(law.seed, people[i].key, month, S_ADDED, 0), total, MOST_A_MONTH)


@rule
def added_offence(i, n, people, month, law, effects):
    """Kind and group, as kind * N_OFFENCES + group, of the n-th of the offences added."""
    total = 0.0
    for h in range(N_HAZARDS):
        for g in range(N_OFFENCES):
            total += added_hazard(i, h, g, people, month, law, effects)
    left = total * uniform(law.seed, people[i].key, month, S_ADDED, 1 + n)
    last = 0
    for h in range(N_HAZARDS):
        for g in range(N_OFFENCES):
            hazard = added_hazard(i, h, g, people, month, law, effects)
            if hazard > 0.0:
                last = h * N_OFFENCES + g
                left -= hazard
                if left < 0.0:
                    return last
    return last


@rule
def severity_of_offence(luck, law):
    """A heavy-tailed size with mean one: log-normal, read by harm, injury, sentence and cost."""
    z = normal(nth_uniform(luck, D_SEVERITY))
    return np.exp(law.severity_spread * z - 0.5 * law.severity_spread * law.severity_spread)
