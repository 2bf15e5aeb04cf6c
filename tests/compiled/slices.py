"""Slices of the model to live in a process of its own: a few people, their past, and two years of a plan.

`python slices.py CASE ... --out FILE` lives the cases and writes a digest of every array that comes of them. What
Numba does there is told by its environment: `fingerprints` sets it and reads the file.
"""

import argparse
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import from_the_end
import numpy as np

from model.evidence import draw_values, read
from model.happenings import FIRST_TOUCHED, LOST
from model.inputs import DYNAMIC, Effect, ModelInputs, Programme, month_of
from model.past import Past
from model.people import ACE
from model.vocabulary import OFFENCES
from model.world import PreventionModel, live_past
from scenarios.areas import load_area
from scenarios.schemes import load_scheme, shipped_schemes

START, SEED = month_of(2022, 4), 7
PLAIN = {"NUMBA_DISABLE_JIT": "1"}
CHECKED = {"NUMBA_BOUNDSCHECK": "1"}
CRIME = OFFENCES[:-1]
ABUSE_AND_NEGLECT = ("physical_abuse", "neglect", "household_alcohol")
assert set(ABUSE_AND_NEGLECT) <= set(ACE)

# What a made-up scheme does, by whom it reaches: kind, targets, against, and where the effect is counted.
EFFECTS: dict[str, tuple[tuple[str, tuple[str, ...], str, str], ...]] = {
    "person": (
        ("offending", CRIME, "", "engaged"),
        ("offending", ("violence_with_injury", "stalking_harassment"), "partner", "engaged"),
        ("victimisation", CRIME, "", "engaged"),
        ("onset", DYNAMIC, "", "engaged"),
        ("recovery", DYNAMIC, "", "engaged"),
        ("disposal", CRIME, "", "engaged"),
        ("harm", CRIME, "", "engaged"),
    ),
    "children": (("ace", ABUSE_AND_NEGLECT, "", "engaged"), ("onset", DYNAMIC, "", "engaged")),
    "family": (("ace", ABUSE_AND_NEGLECT, "", "completed"), ("recovery", DYNAMIC, "", "completed")),
    "place": (("offences", CRIME, "", "place"), ("recording", CRIME, "", "place")),
    "system": (("uptake", ("all",), "", "access"), ("recording", CRIME, "", "access")),
}
NUMBERS = {
    "unit_cost": 1000.0, "uptake": 0.8, "completion": 0.7, "lag_months": 1.0, "full_months": 9.0, "fade_months": 6.0,
    "stay_months": 3.0, "contacts_a_year": 6.0, "covers": 0.9, "sensitivity": 0.8, "specificity": 0.9,
    "hot_share": 0.2, "threshold": 0.5, "bias": 1.5,
    "life_lag_months": 0.0, "life_full_months": 4.0, "life_fade_months": 0.0,  # over before the rest
}  # fmt: skip
OFTEN = {
    "rate": 10.0, "start": 60.0, "end": 20.0, "ace_start": 20.0, "exposure_on": 20.0, "exposure_off": 20.0,
    "separation": 20.0, "charge": 3.0, "conviction": 2.0, "detected": 2.0, "order_share": 5.0,
    "partnering": 20.0, "relation": 4.0,
}  # fmt: skip
OFTEN_AT_HOME = {"death": 5.0, "birth": 20.0, "leave": 20.0, "move": 20.0}


@dataclass(frozen=True)
class Case:
    """What is lived: some of an area's households, and schemes that reach somebody with some ratio."""

    area: str = "west_mercia"
    scale: float = 0.00005
    years: int = 2
    reaches: tuple[str, ...] = ()
    ratio: float = 0.5
    spillover: float = 0.5
    catalogue: bool = False  # with all shipped schemes too
    pounds: float = 2e9  # a year for each scheme, of the real area
    start: int = START
    hectic: bool = False  # everything in life comes many times sooner in the plan
    cramped: bool = False  # one month, with hardly any room for what happens in it
    by_hand: bool = False  # nothing is lived: some rules are asked of two people made by hand


REACHES = tuple(EFFECTS)
FEW = {  # what is lived whenever the tests are
    "no scheme": Case(),
    "schemes of each reach": Case(reaches=REACHES, pounds=3e8),
    "by hand": Case(by_hand=True),
}
WIDE = {  # what is lived on request
    "wide, no scheme": Case(scale=0.0003),
    **{f"wide, {reach}": Case(scale=0.0003, reaches=(reach,)) for reach in REACHES},
    "wide, all that backfire": Case(reaches=REACHES, ratio=1.8, spillover=-0.5, hectic=True),
    "wide, the catalogue": Case(scale=0.0003, reaches=("person",), catalogue=True, pounds=2e8),
    "wide, Essex": Case(area="essex", scale=0.0001, reaches=REACHES),
    # Hectic, and later, when the law no longer changes with the year.
    "wide, hectic": Case(scale=0.0003, reaches=("person",), pounds=3e8, hectic=True, start=month_of(2027, 4)),
    "wide, cramped": Case(hectic=True, cramped=True),
}
CASES = FEW | WIDE


def made_up(reach: str) -> Programme:
    """A scheme that does all that one of its reach can do."""
    id = f"for_{reach}"
    effects = tuple(
        Effect(kind, targets, f"{id}.ratio", "x", counted, "nothing", against)
        for kind, targets, against, counted in EFFECTS[reach]
    )
    return Programme(
        id=id, name=id, tier="system" if reach == "system" else "secondary",
        event="anywhere" if reach == "place" else "", event_offences=(),
        ages=(5, 99) if reach == "person" else (18, 99), needs=(), effects=effects, set_up_months=0,
        waiting_months=12, reaches=reach,
    )  # fmt: skip


@lru_cache
def believed() -> Mapping[str, float]:
    return draw_values(read(), 1, None, 1)


@lru_cache
def past_of(area: str, scale: float, years: int, start: int) -> Past:
    given = ModelInputs(load_area(area), read(), (), np.zeros((0, years)), start, years, scale)
    return live_past(given, believed(), SEED)


def live(case: Case) -> PreventionModel:
    """A model that has lived its plan."""
    programmes = tuple(map(made_up, case.reaches))
    told = dict(believed())
    for one in programmes:
        told |= {f"{one.id}.{name}": value for name, value in NUMBERS.items()}
        told |= {f"{one.id}.ratio": case.ratio, f"{one.id}.spillover": case.spillover}
    if case.catalogue:
        shipped = [load_scheme(path) for path in shipped_schemes().values()]
        told |= {row.name: row.value for one in shipped for row in one.evidence.values()}
        programmes += tuple(one.programme for one in shipped)
    money = np.full((len(programmes), case.years), case.pounds)
    given = ModelInputs(
        load_area(case.area), read(), programmes, money, case.start, case.years, case.scale,
        practice=np.full(money.shape, 0.5),
    )  # fmt: skip
    past = past_of(case.area, case.scale, case.years, case.start)
    if case.hectic:
        past = past._replace(laws=sooner(past.laws, OFTEN))
    model = PreventionModel(given, told, SEED, past)
    if case.hectic:
        model.places = model.places._replace(rates=sooner(model.places.rates, OFTEN_AT_HOME))
    if case.cramped:
        now = model.now
        model.people = model.people[: model.rows]  # no row for a child that is born
        model.now = now._replace(
            log=now.log[:5], due=now.due[:2], counts=now.counts[: FIRST_TOUCHED + 3], turn=now.turn[:1],
            next_due=now.next_due[:1],
        )  # fmt: skip
    return model


def sooner(table: np.ndarray, names: Mapping[str, float]) -> np.ndarray:
    """The same table with some of its chances many times as large."""
    table = table.copy()
    for name, times in names.items():
        table[name] = np.minimum(table[name] * times, 0.9)
    return table


def outcome_of(model: PreventionModel, case: Case) -> dict[str, np.ndarray]:
    """What a case comes to, array by array."""
    if case.by_hand:
        from hand_made import answers

        return answers(model)
    if case.cramped:
        with contextlib.suppress(RuntimeError):  # it says that something was lost
            model.step()
        assert model.now.counts[LOST] > 0
        return {f"now.{name}": array for name, array in model.now._asdict().items()}
    outcome = model.run()
    arrays = {f"record.{name}": array for name, array in outcome.record._asdict().items()}
    return arrays | {name: array for name, array in outcome._asdict().items() if name != "record"}


def told_by_hand(model: PreventionModel) -> dict[str, int]:
    from hand_made import ANSWERS, answers

    told = answers(model)
    return {name: int(told[name][0]) for name in ANSWERS}


def digests(model: PreventionModel, case: Case) -> dict[str, str]:
    """A short hash of the bytes of every array of the outcome, and of every column of the people and the laws."""
    arrays = outcome_of(model, case)
    for whose, rows in (("people", model.columns[: model.rows]), ("laws", model.laws)):
        arrays |= {f"{whose}.{name}": rows[name] for name in rows.dtype.names or ()}
    return {name: hashlib.sha256(np.ascontiguousarray(array)).hexdigest()[:16] for name, array in arrays.items()}


def summary(model: PreventionModel) -> dict[str, float]:
    """How much happened: a slice in which nothing does proves nothing."""
    record = model.record
    return {
        "people": int(model.rows), "offences": int(record.offences.sum()), "starts": int(record.starts.sum()),
        "schemes": sum(bool(one) for one in record.starts.sum(axis=0)), "victims": int(record.victims.sum()),
    }  # fmt: skip


def fingerprints(
    names: tuple[str, ...], folder: Path, environment: Mapping[str, str], *options: str, before: tuple[str, ...] = ()
) -> dict:
    """What the cases come to in a new process: by case, what happened and the digests. `before` comes before the
    script, as `-m coverage run` does."""
    out = folder / "slices.json"
    run_python([*before, __file__, *names, "--out", str(out), *options], folder, environment)
    return json.loads(out.read_text(encoding="utf-8"))


def run_python(words: list[str], folder: Path, environment: Mapping[str, str], fails: bool = False) -> str:
    """What Python says in a new process that has no settings of Numba, coverage or Python's bytecode but these."""
    settings = ("NUMBA_", "COV", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(settings)}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=clean | {"PYTHONUTF8": "1"} | dict(environment),
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + (done.stderr if fails else "")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("cases", nargs="+", choices=CASES)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--watch", action="store_true", help="note indexes counted from the end")
    told = asked.parse_args()
    if told.watch:
        from_the_end.watch()
    lived = {}
    for name in told.cases:
        began = time.perf_counter()
        model = live(CASES[name])
        case = CASES[name]
        happened = told_by_hand(model) if case.by_hand else {}
        lived[name] = {"digests": digests(model, case), "happened": happened or summary(model)}
        lived[name]["from_the_end"] = sorted(from_the_end.found)
        print(f"{name}: {time.perf_counter() - began:.1f} s", lived[name]["happened"])
    told.out.write_text(json.dumps(lived), encoding="utf-8")


if __name__ == "__main__":
    main()
