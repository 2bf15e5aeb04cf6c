"""From report to release: what follows an offence for the person who committed it.

Report, record and outcome probabilities are those of the financial year. A charge is heard after a
delay; a conviction brings custody with a length, or a community sentence; release brings a licence and
often the loss of home and work. Proven reoffending is what comes of it: a further offence
within twelve months of a conviction, an out-of-court outcome or a release, proven within eighteen.
"""

import numpy as np

from model.draws import OFFENCE_DRAWS, STREAMS, nth_uniform, uniform
from model.jit import rule
from model.people import NEVER, RISK
from model.rules.offending import age_in_years

RECORDED, ARRESTED, CHARGED, OUT_OF_COURT = 1, 2, 4, 8  # bits of what the police did
CONVICTED = np.uint32(1 << RISK["convicted"])
CUSTODY = np.uint32(1 << RISK["in_custody"])
PROBATION = np.uint32(1 << RISK["on_probation"])
HOUSING = np.uint32(1 << RISK["unstable_housing"])
NOT_WORKING = np.uint32(1 << RISK["not_working"])
D_RECORD, D_OUTCOME, D_LAG = OFFENCE_DRAWS["record"], OFFENCE_DRAWS["outcome"], OFFENCE_DRAWS["court_lag"]
S_COURT, S_SENTENCE, S_ORDER = STREAMS["court"], STREAMS["sentence"], STREAMS["order"]
S_FORMAL = STREAMS["formal"]
S_HOUSING, S_WORK = STREAMS["housing_after"], STREAMS["work_after"]
# Months in which a reoffence must be committed, and be proven (Ministry of Justice, Guide to proven reoffending).
FOLLOW_UP, FOLLOW_UP_WITH_PROOF = 12, 18
CHILD = 18
ADULT = 21  # of those who are told as prolific by when they were dealt with


@rule
def detection(i, child, people, law):
    """How much likelier than others' this person's offences are to be detected and followed up: those of people known
    to the police are, the more so the more is on their record, and less those of children with nothing on it."""
    on_record = min(np.float64(people[i].convictions), np.float64(law.known_most))
    detected = np.float64(law.detected) * np.exp(np.float64(law.known_step) * on_record)
    return detected * law.child_detected if child and people[i].convictions == 0 else detected


@rule
def diversion(i, child, people, law):
    """Share of this person's charges that is dealt with out of court instead: of children alone, and less of those with
    something on record."""
    if not child:
        return 0.0
    return np.float64(law.child_diverted[1 if people[i].convictions > 0 else 0])


@rule
def leniency(i, people, law):
    """How much likelier than in the mean an outcome of this person's is out of court: less with something on record."""
    lenient = np.float64(law.out_of_court_new)
    return lenient * law.out_of_court_known if people[i].convictions > 0 else lenient


@rule
def police_response(g, domestic, lenient, diverted, detected, recording, luck, law):
    """What the police do about an offence of group g: bits RECORDED, ARRESTED, CHARGED, OUT_OF_COURT. `lenient` is the
    ratio of the share of outcomes that is out of court, `diverted` the share of charges that becomes one, `recording`
    the ratio by which programmes change the chance that it is recorded; those recorded for that alone are counted and
    not detected, so that nobody's life turns on it.
    """
    recorded = np.float64(law.record[g])
    if domestic:
        recorded *= law.domestic_record
    told = nth_uniform(luck, D_RECORD)
    if told >= recorded * recording:
        return 0
    if told >= recorded:
        return RECORDED
    u = nth_uniform(luck, D_OUTCOME)
    outcome = (np.float64(law.charge[g]) + np.float64(law.out_of_court[g])) * detected
    out_of_court = min(np.float64(law.out_of_court[g]) * detected * lenient, outcome)
    charge = (outcome - out_of_court) * (1.0 - diverted)
    out_of_court = outcome - charge
    if charge + out_of_court > 1.0:  # certain to have an outcome: which of the two is as likely as before
        whole = charge + out_of_court
        charge, out_of_court = charge / whole, out_of_court / whole
    if u < charge:
        return RECORDED | ARRESTED | CHARGED
    if u < charge + out_of_court:
        return RECORDED | ARRESTED | OUT_OF_COURT
    if u < charge + out_of_court + law.arrest_only[g] * detected:
        return RECORDED | ARRESTED
    return RECORDED


@rule
def send_to_court(i, g, severity, luck, people, month, law):
    """Open a case, or add to the one that is open: the gravest offence stands for it, and is not heard before it would
    be by itself."""
    stands = np.int64(people[i].court_offence)
    graver = law.custody[g] * law.custody_months[g] > law.custody[stands] * law.custody_months[stands]
    if people[i].court == NEVER or graver:
        lag = 1 + np.int64(-np.log(1.0 - nth_uniform(luck, D_LAG)) * law.case_months[g])
        heard = month + min(lag, np.int64(law.longest_case))
        people[i].court = np.int16(max(np.int64(people[i].court), heard))  # NEVER is before any month
        people[i].court_offence = np.uint8(g)
        people[i].court_severity = np.uint16(min(severity, 250.0) * 256.0)
    people[i].court_committed = np.int16(month)


@rule
def proven(i, committed, people):
    """Note a proven offence: it counts as a reoffence when committed in the follow-up's first year."""
    began = np.int64(people[i].cohort)
    if began != NEVER and began < np.int64(committed) <= began + FOLLOW_UP:
        people[i].reoffended = np.uint8(1)


@rule
def begin_follow_up(i, people, month):
    """Enter the proven-reoffending cohort unless a follow-up is under way."""
    if people[i].cohort == NEVER:
        people[i].cohort = np.int16(month)
        people[i].reoffended = np.uint8(0)


@rule
def is_formal(i, people, month, law):
    """Whether what is dealt with out of court this month is a caution, and goes on the person's record; else it is a
    community resolution, and does not: as first offences more often end."""
    child = 1 if age_in_years(i, people, month) < CHILD else 0
    chance = np.float64(law.formal[child])
    if people[i].convictions > 0:
        chance *= np.float64(law.formal_known)
    return uniform(law.seed, people[i].key, month, S_FORMAL, 0) < chance


@rule
def note_in_court(i, people, month):
    """Note that a conviction was in court."""
    if people[i].court_convictions == 0:
        people[i].first_conviction = np.int16(month)
    people[i].court_convictions = np.uint8(min(np.int64(people[i].court_convictions) + 1, 255))


@rule
def convict(i, people, month):
    """Add a conviction or out-of-court outcome; True when it is the person's first."""
    first = people[i].convictions == 0
    if first:
        people[i].first_outcome = np.int16(month)
    if people[i].convictions < 65535:
        people[i].convictions += np.uint16(1)
    people[i].risks |= CONVICTED
    people[i].last_outcome = np.int16(month)
    age = age_in_years(i, people, month)
    if age < ADULT:
        young = 0 if age < CHILD else 1
        people[i].young_outcomes[young] = np.uint8(min(np.int64(people[i].young_outcomes[young]) + 1, 255))
    return first


@rule
def is_convicted(i, people, month, law):
    """Whether the case that is heard this month ends in conviction."""
    return uniform(law.seed, people[i].key, month, S_COURT, 0) < law.conviction


@rule
def ends_in_custody(i, people, month, law):
    """Whether the open case ends in custody if the person is convicted in that month, with the record as it is now: the
    likelier the more is on it, and for those on an order or licence then."""
    share = np.float64(law.custody[np.int64(people[i].court_offence)])
    before = min(np.float64(people[i].convictions), law.custody_record_most)
    supervised = 1.0 if np.int64(people[i].order_end) > month else 0.0
    custody = share * np.exp(
        law.custody_record * (before - law.custody_record_mean)
        + law.custody_supervised * (supervised - law.custody_supervised_mean)
    )
    chance = custody / (1.0 - share + custody)
    if age_in_years(i, people, month) < CHILD:
        chance *= law.child_custody
    return uniform(law.seed, people[i].key, month, S_SENTENCE, 0) < chance


@rule
def months_to_serve(i, people, month, law):
    """Months in custody for the case heard this month; 0 for a sentence in the community."""
    if not ends_in_custody(i, people, month, law):
        return 0
    g = np.int64(people[i].court_offence)
    severity = people[i].court_severity / 256.0
    length = law.custody_months[g] * np.sqrt(severity) * law.served
    whole = np.int64(length + uniform(law.seed, people[i].key, month, S_SENTENCE, 1))
    return min(max(whole, 1), np.int64(law.longest_custody))


@rule
def enter_custody(i, months, people, month):
    """Begin a custodial sentence."""
    people[i].risks = (people[i].risks | CUSTODY) & ~PROBATION
    people[i].custody_end = np.int16(month + months)
    people[i].custody_months = np.uint16(min(np.int64(people[i].custody_months) + months, 65535))
    people[i].order_end = NEVER
    # Time in custody is no time without offending: the clock stands still until the release.
    if people[i].last_offence != NEVER:
        people[i].last_offence += np.int16(months)
    if people[i].spared_offence != NEVER:
        people[i].spared_offence += np.int16(months)


@rule
def community_sentence(i, people, month, law):
    """Put the person on probation if the sentence carries it; True when it does."""
    if uniform(law.seed, people[i].key, month, S_ORDER, 0) >= law.order_share:
        return False
    people[i].risks |= PROBATION
    people[i].order_end = np.int16(max(np.int64(people[i].order_end), month + np.int64(law.order_months)))
    return True


@rule
def release(i, people, month, law):
    """Leave custody on licence, perhaps without home or work."""
    people[i].risks = (people[i].risks & ~CUSTODY) | PROBATION
    people[i].custody_end = NEVER
    people[i].order_end = np.int16(month + np.int64(law.licence_months))
    if uniform(law.seed, people[i].key, month, S_HOUSING, 0) < law.housing_after:
        people[i].risks |= HOUSING
    if uniform(law.seed, people[i].key, month, S_WORK, 0) < law.work_after:
        people[i].risks |= NOT_WORKING
    begin_follow_up(i, people, month)
