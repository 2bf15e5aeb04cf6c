"""Patterns with their bands, and how each is measured on watched runs summed."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.targets.associations import ace_odds, by_given, odds_ratio
from calibration.targets.measures import Run, measured
from calibration.targets.reader import Target
from calibration.watching.watched import BAND_FROM, Watched
from model.evidence import Evidence
from model.vocabulary import MALE

TABLE = Path(__file__).with_name("patterns.toml")
Floats = NDArray[np.float64]
ADULT = BAND_FROM.index(18)
YOUNG = slice(BAND_FROM.index(10), BAND_FROM.index(25))
KNOWN = {
    "unseen": "not used in making the model",
    "fitted": "a target of the fit",
    "put_in": "what goes into its hazards comes from the same studies",
}
NEAR = 0.25  # of the band's width beyond its end: nearer than that is near


@dataclass(frozen=True)
class Pattern:
    """A pattern and the band, about 95 in 100, that it is held against."""

    id: str
    what: str
    measure: str
    value: float
    low: float
    high: float
    source: str
    provenance: str
    known: str  # one of KNOWN
    target: str = ""  # the target that measures it, where one does
    emerges: bool = False  # whether it must come of state dependence, propensity, family and place

    def verdict(self, found: float) -> str:
        """As of any band."""
        return verdict(found, self.low, self.high)


def verdict(found: float, low: float, high: float) -> str:
    """pass within a band, near within half its width beyond, else fail."""
    if not np.isfinite(found):
        return "not measured"
    off = max(low - found, found - high)
    return "pass" if off <= 0 else "near" if off <= NEAR * (high - low) else "fail"


def read_patterns(evidence: Evidence, targets: Sequence[Target]) -> tuple[Pattern, ...]:
    """The table, with the bands of rows and targets that it names. Raises KeyError for one that is not there."""
    by_id, found = {one.id: one for one in targets}, []
    for told in tomllib.loads(TABLE.read_text(encoding="utf-8"))["pattern"]:
        row, target = told.pop("row", ""), told.get("target", "")
        if row:
            of = evidence[row]
            if of.low is None or of.high is None:
                raise KeyError(f"{row} has no range")
            told |= {"value": of.value, "low": of.low, "high": of.high, "source": of.source,
                     "provenance": of.provenance}  # fmt: skip
        elif target:
            one = by_id[target]
            told |= {"value": one.value, "low": one.value - one.tolerance, "high": one.value + one.tolerance,
                     "source": one.source, "provenance": one.provenance}  # fmt: skip
        found.append(Pattern(**told))
    return tuple(found)


def found_in(pattern: Pattern, run: Run, targets: Sequence[Target]) -> float:
    """The pattern's figure in watched runs, summed or of one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if pattern.target:
            return measured(next(one for one in targets if one.id == pattern.target), run)
        return float(KINDS[pattern.measure](run.watched))


def top_share(people_by_times: Floats, top: float) -> float:
    """Share of all events of the `top` share of people with the most; `people_by_times` (T,) people by how many
    events each had, those with none within only where they are counted."""
    times = np.arange(people_by_times.size)[::-1]
    people = people_by_times[::-1].astype(float)
    before = np.concatenate([[0.0], np.cumsum(people)[:-1]])
    counted = np.clip(top * people.sum() - before, 0.0, people)
    return float((counted * times).sum() / (people * times).sum())


def offender_concentration(watched: Watched) -> float:
    """Those who offended alone."""
    by_times = watched.offended.sum(axis=(0, 1)).astype(float)
    by_times[0] = 0.0
    return top_share(by_times, 0.1)


def victim_concentration(watched: Watched) -> float:
    """Everybody of 16 and over, harmed or not."""
    return top_share(watched.harmed[BAND_FROM.index(16) :].sum(axis=(0, 1)).astype(float), 0.1)


def overlap_odds(watched: Watched) -> float:
    return odds_ratio(watched.overlap[YOUNG].reshape(-1, 2, 2).astype(float))


def ace_violence(watched: Watched) -> float:
    return ace_odds(watched.violent_ace)


def ace_harm(watched: Watched) -> float:
    return ace_odds(watched.harmed_ace)


def ace_custody(watched: Watched) -> float:
    return ace_odds(watched.custody_ace)


def ace_steps(watched: Watched) -> float:
    """Of the four steps, those at which the rate of violence rises, within bands of age and sex."""
    rates = [by_given(watched, "ace", number, "violence") for number in range(1, 5)]
    return float(sum(after > before for before, after in zip([1.0, *rates], rates, strict=False)))


def four_aces(watched: Watched) -> float:
    by_number = watched.aces[:, 18:70].sum(axis=(0, 1))
    return float(by_number[4] / by_number.sum())


def peak_age(watched: Watched) -> float:
    """Of offences a resident, three years of age together."""
    done, people = watched.offender_age[0].sum(axis=0)[:60], watched.residents.sum(axis=0)[:60]
    smooth = [np.convolve(counts.astype(float), np.ones(3), "same") for counts in (done, people)]
    return float(np.argmax(np.nan_to_num(smooth[0] / smooth[1])))


def violent_men(watched: Watched) -> float:
    by_sex = watched.violent_ace[ADULT:, :, :, 1].sum(axis=(0, 2))
    return float(by_sex[MALE] / by_sex.sum())


def recency_rate(watched: Watched) -> float:
    return by_given(watched, "recency", 3, "theft")


KINDS: dict[str, Callable[[Watched], float]] = {
    one.__name__: one
    for one in (
        offender_concentration, victim_concentration, overlap_odds, ace_violence, ace_harm, ace_custody, ace_steps,
        four_aces, peak_age, violent_men, recency_rate,
    )
}
