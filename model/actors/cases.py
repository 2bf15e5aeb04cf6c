"""What a place on a programme does to the one case, or the one harm, that found the person.

A disposal that is changed acts once: cases that would go to court are closed, or outcomes out of court become charges.
What conviction and custody then do to later offending is the justice rules', not the programme's.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.draws import STREAMS, uniforms
from model.jit import loop
from model.people import NEVER, RISK, Columns, Population
from model.rules.justice import ADULT, CHILD, ends_in_custody

Rows = NDArray[np.int64]
CONVICTED = np.uint32(1 << RISK["convicted"])
LATEST = 1 << 16  # above any month
MEAN_SEVERITY = 256  # of a case, in 256ths: what was done is not kept once a case is closed


def close_cases(
    people: Population, rows: Rows, kept: NDArray[np.float64], key: NDArray[np.uint64], month: int,
    laws: NDArray[np.void], year: int, seed: int,
) -> Rows:
    """Close out of court the open cases of `rows` but for the share `kept` (G,); gives the rows whose case it was.

    The case is the gravest that is open. No conviction, sentence or order comes of it. A case that would end in custody
    is not closed: whom courts send to prison is not whom prosecutors let go, and a group of offences holds both.
    """
    luck = uniforms(seed, people["key"][rows] ^ key, month, STREAMS["diverted"])
    goes = luck < kept[people["court_offence"][rows]]
    closed = rows[(people["court"][rows] >= month) & ~goes]
    jailed = np.zeros(closed.size, np.bool_)
    which_end_in_custody(people, closed, laws, year, jailed)
    closed = closed[~jailed]
    people["spared"][closed] |= CONVICTED & ~people["risks"][closed]  # each would most likely have been convicted
    people["court"][closed] = NEVER
    people["court_committed"][closed] = NEVER
    return closed


@loop
def which_end_in_custody(people, rows, laws, year, found):
    """Mark in `found` the rows whose open case, heard when it is due, would end in custody if they are convicted."""
    law = laws[year]
    for k in range(rows.size):
        found[k] = ends_in_custody(rows[k], people, np.int64(people[rows[k]].court), law)


def luck_in(people: Columns, rows: Rows, months: Rows, stream: str, seed: int) -> NDArray[np.float64]:
    """(rows,) the draw of a stream that each row has, or had, in a month of its own."""
    luck = np.zeros(rows.size)
    for month in np.unique(months):
        then = months == month
        luck[then] = uniforms(seed, people["key"][rows[then]], int(month), STREAMS[stream], 0)
    return luck


class Charged(NamedTuple):
    """Rows whose outcome out of court became a charge, and which of them it had been the first outcome of."""

    row: Rows
    since: Rows  # month of the outcome
    offence: Rows
    first: NDArray[np.bool_]


def send_to_court(
    people: Columns, rows: Rows, since: Rows, offence: Rows, kept: NDArray[np.float64], key: NDArray[np.uint64],
    month: int, law: np.void, seed: int,
) -> Charged:
    """Turn the outcomes out of court that `rows` had in the months `since` into charges but for the share `kept` (G,).

    Those whose first outcome it had been are no entrants to the justice system until a court says so. A case that is
    open already takes the offence in. Whether an earlier follow-up had noted the outcome as a reoffence is not known
    to a row and stays as it is.
    """
    keys = people["key"][rows] ^ key
    goes = uniforms(seed, keys, month, STREAMS["prosecuted"], 0) >= kept[offence]
    lag = 1 - np.log(1.0 - uniforms(seed, keys, month, STREAMS["prosecuted"], 1)) * law["case_months"][offence]
    those, when = rows[goes], since[goes]
    new = people["court"][those] == NEVER
    opened = those[new]
    people["court"][opened] = month + np.minimum(lag[goes][new].astype(np.int64), int(law["longest_case"]))
    people["court_offence"][opened] = offence[goes][new]
    people["court_severity"][opened] = MEAN_SEVERITY
    people["court_committed"][those] = when
    formal = were_formal(people, those, when, law, seed)
    people["convictions"][those] -= formal & (people["convictions"][those] > 0)
    forget_young(people, those[formal], when[formal])
    first = formal & (people["convictions"][those] == 0)
    people["risks"][those[first]] &= ~CONVICTED
    people["first_outcome"][those[first]], people["last_outcome"][those[first]] = NEVER, NEVER
    begun = those[formal & (people["cohort"][those] == when)]
    people["cohort"][begun], people["reoffended"][begun] = NEVER, 0
    return Charged(those, when, offence[goes], first)


def forget_young(people: Columns, rows: Rows, since: Rows) -> None:
    """Outcomes of those months are off the counts of what was dealt with before 21."""
    age = (since - people["birth"][rows].astype(np.int64)) // 12
    for at, young in enumerate((age < CHILD, (age >= CHILD) & (age < ADULT))):
        people["young_outcomes"][rows[young], at] -= people["young_outcomes"][rows[young], at] > 0


def were_formal(people: Columns, rows: Rows, since: Rows, law: np.void, seed: int) -> NDArray[np.bool_]:
    """Whether the outcomes out of court of those months went on the record (rules/justice.py: is_formal). One that did
    is on it now: with one on record it was the first, or did not go on it."""
    child = (since - people["birth"][rows].astype(np.int64)) // 12 < CHILD
    chance = law["formal"][child.astype(np.int64)].astype(np.float64)
    chance = np.where(people["convictions"][rows] > 1, chance * float(law["formal_known"]), chance)
    return np.asarray(luck_in(people, rows, since, "formal", seed) < chance)


class Eased(NamedTuple):
    """What programmes have eased of the harm of single events so far: one entry a person and month of the event."""

    row: Rows
    since: Rows
    total: NDArray[np.float64]  # sum of log ratios
    strongest: NDArray[np.float64]


NOTHING_EASED = Eased(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


def ease(
    known: Eased, rows: Rows, since: Rows, logs: NDArray[np.float64], share: float
) -> tuple[Eased, NDArray[np.float64]]:
    """Another programme's log ratios on the harm of events: what is known after it, and how much more of each event
    is eased by it (below 0 where it makes it worse). Several on one event: the strongest in full, the others at
    `share`."""
    key, asked = known.row * LATEST + known.since, rows * LATEST + since
    order = np.argsort(key, kind="stable")
    at = np.minimum(np.searchsorted(key[order], asked), max(key.size - 1, 0))
    met = key[order][at] == asked if key.size else np.zeros(asked.size, np.bool_)
    place = order[at[met]] if key.size else np.zeros(0, np.int64)
    total, strongest = np.zeros(rows.size), np.zeros(rows.size)
    total[met], strongest[met] = known.total[place], known.strongest[place]
    before = np.exp(strongest + share * (total - strongest))
    total = total + logs
    stronger = (np.abs(logs) > np.abs(strongest)) | ((logs == -strongest) & (logs > 0.0))
    strongest = np.where(stronger, logs, strongest)
    after = np.exp(strongest + share * (total - strongest))
    known.total[place], known.strongest[place] = total[met], strongest[met]
    new = Eased(rows[~met], since[~met], total[~met], strongest[~met])
    joined = Eased(
        np.concatenate([known.row, new.row]), np.concatenate([known.since, new.since]),
        np.concatenate([known.total, new.total]), np.concatenate([known.strongest, new.strongest]),
    )  # fmt: skip
    return joined, before - after


def remembered(known: Eased, from_month: int) -> Eased:
    """The events since a month: older ones find nobody any more."""
    kept = known.since >= from_month
    return Eased(known.row[kept], known.since[kept], known.total[kept], known.strongest[kept])
