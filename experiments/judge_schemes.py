"""Judge every shipped scheme alone: what does a quarter of a million a year buy, and is it what was believed?

    python -m experiments.judge_schemes --draws 32 --years 20 --scale 0.05 --jobs 2 --out FOLDER

Slow, and run on request. Each draw is kept in FOLDER/journal.jsonl as it is done: the same command goes on from there
after a stop. At the end FOLDER holds table.md, for scenarios/catalogue/README.md, and table.csv.
"""

import argparse
import csv
import json
import math
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.identity import evidence_hash
from experiments.judging import (
    ALONE_DRAWS,
    HOME_VISITING,
    HOME_VISITING_RATIO,
    LESS_IS_FEWER,
    MORE_IS_FEWER,
    Ages,
    Case,
    Draw,
    Told,
    case_of,
    judge,
)
from experiments.plan import Plan, parameter_values
from experiments.run import RunFailed, prepare
from model.evidence import EvidenceFaults
from model.inputs import Programme
from model.jit import source_hash
from results.notes import ENOUGH_TAKEN
from scenarios import InputFaults

POUNDS = 250_000.0  # of the commissioner a year, unless a scheme cannot work with so little
SEED = 2022
CLOSE = 0.05  # of spend and places: beyond it too few were found
BEST = 5
SCARED_STRAIGHT = "ref_scared_straight"
COURT = "ref_formal_processing"
AVERAGED = ("averted", "spent", "by_commissioner", "bought", "reached")
JOURNAL = "journal.jsonl"


class Row(NamedTuple):
    """One scheme over all draws. Pounds of 2022/23 a year; people, places and offences over the whole plan."""

    scheme: str
    reaches: str
    outcome_study: bool
    set_a_year: float  # of the commissioner
    commissioner_a_year: float  # what was spent of it
    spent_a_year: float  # by all who pay
    due: float  # places by arithmetic: the pounds of all who pay over the unit cost, after set-up and rise
    bought: float  # places that the model counted as paid for
    reached: float
    too_few_found: bool
    averted: float
    low: float
    high: float
    draws_fewer: float  # share of draws in which fewer offences
    draws_believed: float | None  # share in which the drawn ratio means fewer
    sign_as_believed: str
    interval_holds_zero: str  # of schemes believed to change nothing
    averted_per_1000: float | None  # pounds of all who pay
    rank: int | None


class Check(NamedTuple):
    what: str
    holds: bool | None  # None where it could not be looked at
    told: str


def row_of(case: Case, programme: Programme, draws: list[Draw]) -> Row:
    """What a scheme came to over the draws, not yet ranked."""
    told = [draw.schemes[programme.id] for draw in draws if programme.id in draw.schemes]
    years = case.plan.years
    mean = {name: float(np.mean([getattr(one, name) for one in told])) for name in AVERAGED}
    low, high = np.quantile([one.averted for one in told], (0.025, 0.975)).tolist()
    values = [parameter_values(case.scenario, case.plan, draw.draw) for draw in draws if programme.id in draw.schemes]
    believed = [one.means_fewer for one in told if one.means_fewer is not None]
    of_people = programme.reaches not in ("place", "system")
    return Row(
        scheme=programme.id, reaches=programme.reaches, outcome_study=programme.outcome_study,
        set_a_year=case.pounds[programme.id], commissioner_a_year=mean["by_commissioner"] / years,
        spent_a_year=mean["spent"] / years, due=float(np.mean([due(case, programme, one) for one in values])),
        bought=mean["bought"], reached=mean["reached"],
        too_few_found=of_people and mean["reached"] < ENOUGH_TAKEN * mean["bought"],
        averted=mean["averted"], low=low, high=high,
        draws_fewer=float(np.mean([one.averted > 0.0 for one in told])),
        draws_believed=float(np.mean(believed)) if believed else None,
        sign_as_believed=sign_words(draws, programme.id) if believed else "",
        interval_holds_zero=("yes" if low <= 0.0 <= high else "no") if is_neutral(case, programme) else "",
        averted_per_1000=mean["averted"] / mean["spent"] * 1000.0 if mean["spent"] else None,
        rank=None,
    )  # fmt: skip


def is_neutral(case: Case, programme: Programme) -> bool:
    """Whether all that is believed of what a programme does to offences is centred on no change."""
    of_crime = [effect.ratio for effect in programme.effects if effect.kind in (*LESS_IS_FEWER, *MORE_IS_FEWER)]
    return bool(of_crime) and all(case.scenario.evidence[name].value == 1.0 for name in of_crime)


def due(case: Case, programme: Programme, values: Mapping[str, float]) -> float:
    """Places that a scheme's money comes to in one draw, by arithmetic alone."""
    if programme.takes_no_money or programme.reaches == "system":
        return 0.0
    of, months = programme.id, np.arange(1, 12 * case.plan.years + 1) - programme.set_up_months
    at_work = np.clip(months / (programme.ramp_months + 1.0), 0.0, 1.0).sum() / 12.0
    pounds = case.pounds[of] / values.get(f"{of}.commissioner_share", 1.0)
    return float(pounds * at_work / values[f"{of}.unit_cost"])


def sign_words(draws: list[Draw], scheme: str) -> str:
    """Whether as many draws avert as mean to, within two standard errors of paired shares (McNemar, Psychometrika
    1947), and which draws do not do as they mean."""
    against = [
        (draw.draw, draw.schemes[scheme].averted > 0.0)
        for draw in draws
        if (draw.schemes[scheme].averted > 0.0) != draw.schemes[scheme].means_fewer
    ]
    averting = sum(averts for _, averts in against)
    apart = abs(2 * averting - len(against))
    word = "yes" if apart <= 2.0 * math.sqrt(len(against)) else "no"
    return f"{word}; not draws {', '.join(str(draw) for draw, _ in against)}" if against else word


def ranked(rows: list[Row]) -> list[Row]:
    """The rows in order of offences averted a pound; those that act on no crime, or take no money, last."""
    able = [row for row in rows if row.averted_per_1000 is not None and row.reaches != "system"]
    able.sort(key=lambda row: -(row.averted_per_1000 or 0.0))
    others = [row for row in rows if row not in able]
    return [row._replace(rank=at) for at, row in enumerate(able, 1)] + others


def checks(rows: list[Row], draws: list[Draw], place: float) -> list[Check]:
    """What must hold if the schemes are what they are said to be; `place` is what one simulated stands for."""
    best = [row for row in rows if row.rank is not None and row.rank <= BEST]
    unstudied = [row.scheme for row in best if not row.outcome_study]
    told = [
        Check(
            f"no scheme without an outcome study is among the {BEST} best by offences averted a pound",
            not unstudied if len(rows) > BEST else None,
            ", ".join(unstudied) or f"best: {', '.join(row.scheme for row in best)}",
        )
    ]
    shock = [(draw.draw, draw.schemes[SCARED_STRAIGHT].averted) for draw in draws if SCARED_STRAIGHT in draw.schemes]
    averts = [f"{number}: {averted:.2g}" for number, averted in shock if averted > 0.0]
    words = f"draws that do: {', '.join(averts) or 'none'}"
    told.append(Check("Scared Straight never averts", not averts if shock else None, words))
    court = [draw.schemes[COURT].averted for draw in draws if COURT in draw.schemes]
    words = f"mean {sum(court) / max(len(court), 1):.2g}; draws that avert: {sum(one > 0.0 for one in court)}"
    told.append(Check("court for children averts nothing on average", sum(court) <= 0.0 if court else None, words))
    enough = [row for row in rows if row.reaches != "system" and row.set_a_year > 0.0 and not row.too_few_found]
    spent = {row.scheme: (row.commissioner_a_year, row.set_a_year) for row in enough}
    told.append(agreement("the commissioner spends what was set, where enough are found", spent))
    bought = {f"{row.scheme}, paid for": (row.bought, row.due) for row in enough}
    taken = {f"{row.scheme}, taken": (row.reached, row.due) for row in enough}
    told.append(agreement("places are the pounds over the unit cost after set-up", bought | taken, place))
    alone = [row.scheme for row in rows if row.reaches == "system"]
    seen = [draw.schemes for draw in draws]
    moved = [name for name in alone if any(name in one and one[name].cells_changed for one in seen)]
    words = f"those that do: {', '.join(moved) or 'none'}, of {', '.join(alone)}"
    told.append(Check("what works through others changes no offence alone", not moved if alone else None, words))
    ages = [draw.ages for draw in draws if draw.ages is not None]
    return [*told, ages_check([*ages])]


def agreement(what: str, pairs: Mapping[str, tuple[float, float]], step: float = 0.0) -> Check:
    """Whether each first number is within CLOSE of its second, beyond the `step` that either goes by."""
    apart = {name: max(abs(one - other) - step, 0.0) / other for name, (one, other) in pairs.items() if other}
    if not apart:
        return Check(what, None, "not looked at")
    worst = max(apart, key=lambda name: apart[name])
    return Check(f"{what}, within {CLOSE:.0%}", apart[worst] <= CLOSE, f"farthest: {worst}, by {apart[worst]:.1%}")


def ages_check(ages: list[Ages]) -> Check:
    """Whether home visiting averts nothing before 10, and most of what it averts after 13."""
    what = f"{HOME_VISITING} at a ratio of {HOME_VISITING_RATIO}: none before 10, most after 13"
    if not ages:
        return Check(what, None, "not judged")
    under, middle, after = (sum(one[at] for one in ages) / len(ages) for at in (1, 2, 3))
    whole = under + middle + after
    children = sum(one.children for one in ages)
    if whole == 0.0:
        return Check(what, None, f"nothing is averted yet in {children} children simulated")
    shares = f"{under / whole:.3g} before 10, {middle / whole:.3g} at 10 to 13, {after / whole:.3g} after"
    exact = all(one.under_10 == 0.0 for one in ages)
    return Check(what, exact and after > 0.5 * whole > 0.0, f"{shares}, of {whole:.3g}; {children} children simulated")


def two_figures(number: float | None) -> str:
    """Rounded to two significant figures, with thousands marked; "" for none."""
    if number is None:
        return ""
    short = float(f"{number:.2g}") + 0.0
    return f"{short:,.0f}" if abs(short) >= 10 or short == 0.0 else np.format_float_positional(short, trim="-")


def markdown(rows: list[Row], case: Case, number: int) -> str:
    """The table as the catalogue's README has it."""
    years, price_year = case.plan.years, case.scenario.price_year
    lines = [
        f"Each scheme alone for {years} years, against the same people without money: the mean of {number} draws of "
        f"the uncertain numbers at a scale of {case.plan.scale:g}, and the model interval that holds 95 in 100 of "
        f"them. Pounds of {price_year} a year, undiscounted; people, places and offences (without antisocial "
        f"behaviour) over the {years} years. What works through others was seen in the first {ALONE_DRAWS} draws.",
        "",
        "| rank | scheme | set, commissioner | spent, all who pay | reached | paid for | offences averted | interval "
        "| draws with fewer | believed | sign as believed | centred on 1: holds zero | averted per 1,000 pounds |",
        "|--:|---|--:|--:|--:|--:|--:|---|--:|--:|---|---|--:|",
    ]
    for row in rows:
        name = row.scheme if row.outcome_study else f"{row.scheme} (no outcome study)"
        reached = two_figures(row.reached) + (" (too few found)" if row.too_few_found else "")
        found = ["", ""] if row.reaches == "system" else [reached, two_figures(row.bought)]
        cells = [
            str(row.rank or ""), name, two_figures(row.set_a_year), two_figures(row.spent_a_year),
            *found,
            two_figures(row.averted), f"{two_figures(row.low)} to {two_figures(row.high)}", f"{row.draws_fewer:.0%}",
            "" if row.draws_believed is None else f"{row.draws_believed:.0%}", row.sign_as_believed,
            row.interval_holds_zero, two_figures(row.averted_per_1000),
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def settings_of(case: Case) -> dict[str, Any]:
    """What a journal's draws depend on."""
    plan = case.plan
    return {
        "draws": plan.draws, "years": plan.years, "scale": plan.scale, "seed": plan.seed, "pounds": case.pounds,
        "evidence": evidence_hash(case.scenario), "area": case.scenario.area.hash, "engine": source_hash(),
    }  # fmt: skip


def draws_kept(path: Path, settings: dict[str, Any]) -> list[Draw]:
    """The draws of a journal, which is begun if there is none; a line that was cut short is taken away.

    Raises ValueError for a journal of other settings.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        append(path, settings)
        return []
    text = path.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    if len(whole) < len(text):
        os.truncate(path, len(whole))
    lines = [json.loads(line) for line in whole.splitlines()]
    if not lines:
        append(path, settings)
        return []
    others = [name for name in settings if lines[0].get(name) != settings[name]]
    if others:
        raise ValueError(f"{path} is of another {' and '.join(others)}: give another --out, or take it away")
    return [draw_of(line) for line in lines[1:]]


def append(path: Path, what: dict[str, Any]) -> None:
    """Add one line to a journal, on disk before anything else is done."""
    with path.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(json.dumps(what) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def line_of(draw: Draw) -> dict[str, Any]:
    """A draw as its line of a journal."""
    schemes = {name: told._asdict() for name, told in draw.schemes.items()}
    return {**draw._asdict(), "schemes": schemes, "ages": draw.ages._asdict() if draw.ages else None}


def draw_of(line: dict[str, Any]) -> Draw:
    """The draw that a line of a journal tells."""
    schemes = {name: Told(**told) for name, told in line["schemes"].items()}
    return Draw(line["draw"], line["seconds"], schemes, Ages(**line["ages"]) if line["ages"] else None)


class Clock:
    """How far the worlds of this session are, on the standard error."""

    def __init__(self, worlds: int) -> None:
        self.worlds, self.done, self.began, self.last = worlds, 0, time.monotonic(), 0.0

    def tick(self) -> None:
        """One more world is lived."""
        self.done += 1
        now, on_screen = time.monotonic(), sys.stderr.isatty()
        if now - self.last < (0.5 if on_screen else 30.0) and self.done < self.worlds:
            return
        self.last = now
        left = (now - self.began) / self.done * (self.worlds - self.done)
        words = f"{self.done} of {self.worlds} worlds lived, about {left / 60:.0f} minutes left"
        print(words, file=sys.stderr, end="  \r" if on_screen and self.done < self.worlds else "\n", flush=True)


def judged(case: Case, jobs: int, journal: Path) -> list[Draw]:
    """All draws: those of the journal, and the others as they are lived."""
    kept = {draw.draw: draw for draw in draws_kept(journal, settings_of(case))}
    todo = [draw for draw in range(case.plan.draws) if draw not in kept]
    ids = [programme.id for programme in case.scenario.programmes]
    alone = sum(programme.reaches == "system" for programme in case.scenario.programmes)
    spared = alone * sum(draw >= ALONE_DRAWS for draw in todo)
    clock = Clock(len(todo) * (1 + len(ids) + (HOME_VISITING in ids)) - spared)

    def hear(draw: Draw | None) -> None:
        if draw is None:
            clock.tick()
        else:
            append(journal, line_of(draw))
            kept[draw.draw] = draw

    if todo:
        prepare(1, lambda what, share: print(what, file=sys.stderr))
        judge(case, todo, jobs, hear)
    return [kept[draw] for draw in range(case.plan.draws)]


def write_out(out: Path, rows: list[Row], told: str) -> None:
    """table.md, and table.csv with nothing rounded."""
    (out / "table.md").write_text(told, encoding="utf-8", newline="\n")
    with (out / "table.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(Row._fields)
        table.writerows(rows)


def check_lines(told: list[Check]) -> Iterator[str]:
    for check in told:
        word = "not looked at" if check.holds is None else ("holds" if check.holds else "DOES NOT HOLD")
        yield f"{word}: {check.what} ({check.told})"


def asked(words: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for. Ends the process with words when it cannot be."""
    what = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m experiments.judge_schemes", description=what)
    parser.add_argument("--draws", type=int, default=32, help="of the uncertain numbers")
    parser.add_argument("--years", type=int, default=20)
    parser.add_argument("--scale", type=float, default=0.05, help="share of households simulated")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--out", type=Path, required=True, help="folder of the journal and the tables")
    parser.add_argument("--only", default="", help="ids of schemes, with commas")
    told = parser.parse_args(words)
    if told.draws < 1 or told.jobs < 1 or not 1 <= told.years <= 30 or not 0.0 < told.scale <= 1.0:
        parser.error("draws and jobs are 1 or more, years 1 to 30, and scale a share above 0 and up to 1")
    return told


def main(words: Sequence[str] | None = None) -> int:
    """Judge, write and print. 0 when every check that could be looked at holds, 1 when one does not, 2 for what was
    asked wrongly."""
    told = asked(words)
    ids = [name.strip() for name in told.only.split(",") if name.strip()] or None
    try:
        case = case_of(ids, Plan(SEED, told.scale, told.years, (told.draws,), 1), POUNDS)
        draws = judged(case, told.jobs, told.out / JOURNAL)
    except (ValueError, InputFaults, EvidenceFaults, RunFailed) as error:
        print(error, file=sys.stderr)
        return 1 if isinstance(error, RunFailed) else 2
    rows = ranked([row_of(case, programme, draws) for programme in case.scenario.programmes])
    table = markdown(rows, case, len(draws))
    write_out(told.out, rows, table)
    looked_at = checks(rows, draws, 1.0 / case.plan.scale)
    print(table)
    print("\n".join(check_lines(looked_at)))
    return 1 if any(check.holds is False for check in looked_at) else 0


if __name__ == "__main__":
    sys.exit(main())
