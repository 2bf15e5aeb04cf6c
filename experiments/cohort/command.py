"""`upstream cohort`: people born in one year, followed to an age, the rest of the area living beside them.

Who belongs to the cohort is a keyed choice among all who are born in the first year of the plan. The area is simulated
at the scale at which there are as many of them as are asked for, and closed to migration. What is lived is kept every
ten years, so that a run that was stopped goes on.
"""

import datetime
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.cohort import lives as kept
from experiments.cohort.area import births_a_year, closed, held, read_rates
from experiments.cohort.dataset import build
from experiments.cohort.health import ROWS
from experiments.cohort.lives import Lives
from experiments.files import write_dataset
from experiments.identity import git_revision, source_hash, version
from experiments.run import prepare
from experiments.saved import resume, save
from experiments.trials.trial import CONTROL, NO_ARM, TREATMENT, Trial
from model.actors.programmes import give_slots
from model.draws import keys_from
from model.draws import mix as mixed
from model.effects import WHOLE
from model.evidence import draw_values, read
from model.happenings import HAPPENED, new_month
from model.inputs import Effect, ModelInputs, Programme, financial_year, month_of
from model.places import places_of
from model.vocabulary import ACES
from model.world import PreventionModel, live_past
from scenarios import Fault, InputFaults
from scenarios.areas import folder_of, load_area
from scenarios.areas.posterior import read_posterior
from scenarios.calendar_years import financial_year_name
from scenarios.faults import meant
from scenarios.schemes import Scheme, load_scheme, shipped_schemes

Say = Callable[[str, float], None]
START = 2022  # financial year of birth
EVERY = 120  # months after which what is lived is kept
BUSIER = 5  # times as much may happen in a month under other rates
MORE = 1.06  # born for each that is asked for: chance may give fewer
WITHOUT_ACES = "without_aces"
RESULT, GOING_ON, SO_FAR = "cohort.nc", "_going_on.npz", "_so_far.npz"
PAST_SHARE, LIVED_SHARE = 0.15, 0.97  # of the time that a run takes


@dataclass(frozen=True)
class Asked:
    """What a cohort was asked for."""

    area: str  # a shipped name or a folder
    folder: Path
    size: int
    to: int  # last whole year of age
    seed: int
    without_aces: bool = False
    trial: str = ""  # a shipped scheme or a file
    number: int = 0  # people in the trial
    rates: Path | None = None  # a table of rates; those of the first year without
    as_born: int | None = None  # financial year: the rates that people born then met at each age
    fit: Path | None = None  # a folder with the posterior to use; the area's own without
    changes: tuple[tuple[str, float], ...] = ()  # rows of evidence that are to have another value

    @property
    def told(self) -> dict[str, str]:
        """All that decides what comes out."""
        return {name: str(value) for name, value in vars(self).items() if name != "folder"}


def cohort(asked: Asked, say: Say) -> list[str]:
    """Live a cohort and write cohort.nc; gives lines of summary. Raises InputFaults for what cannot be read or done."""
    area = closed(load_area(asked.area))
    if asked.rates and asked.as_born is not None:
        raise InputFaults([Fault("--rates", 0, "and --as-born say two things of the rates", "give one of them")])
    rates = read_rates(asked.rates) if asked.rates else None
    scheme = scheme_of(asked.trial) if asked.trial else None
    inputs, values = what_is_lived(asked, area, scheme)
    asked.folder.mkdir(parents=True, exist_ok=True)
    prepare(1, say)
    model, lives, trial = begun(asked, inputs, values, rates, say)
    if asked.rates or asked.as_born is not None:  # rates may be many times those that a month's lists have room for
        model.now = new_month(model.rows, len(inputs.area.districts), BUSIER)
    total = inputs.years * 12
    while model.months_lived < total:
        live_a_month(model, lives, trial, asked)
        m = model.months_lived
        say(f"lived to the age of {max(m // 12 - 1, 0)}", PAST_SHARE + (LIVED_SHARE - PAST_SHARE) * m / total)
        if m % EVERY == 0 and m < total:
            keep(asked, model, lives, trial)
    say("writing", LIVED_SHARE)
    ds, lines = told(asked, model, lives, trial, values)
    write_dataset(ds, asked.folder / RESULT)
    for name in (GOING_ON, SO_FAR):
        (asked.folder / name).unlink(missing_ok=True)
    model.close()
    return lines


def rates_of(asked: Asked) -> str:
    """Which rates a cohort lives with, in words."""
    if asked.as_born is not None:
        return f"as those born in {financial_year_name(asked.as_born)} met them at each age"
    return "held at the first year" if asked.rates is None else str(asked.rates.name)


def scheme_of(name: str) -> Scheme:
    """A shipped scheme or one of a file, of people. Raises InputFaults for another."""
    shipped = shipped_schemes()
    path = shipped.get(name, Path(name))
    if not path.is_file():
        raise InputFaults([Fault(name, 0, "is no scheme", meant(name, shipped, "name a shipped scheme or a .toml"))])
    scheme = load_scheme(path)
    if scheme.programme.reaches in ("place", "system"):
        what = f"reaches {'places' if scheme.programme.reaches == 'place' else 'other programmes'}"
        raise InputFaults([Fault(path.name, 0, what, "only a scheme of people can be tried on a cohort")])
    return scheme


def no_experiences() -> tuple[Programme, dict[str, float]]:
    """All adverse experiences kept away from birth, and its numbers. What goes with an experience and is not its doing
    stays, as with any programme: the rows of cause say how much."""
    effect = Effect("ace", ACES, f"{WITHOUT_ACES}.ratio", "adverse experiences", "engaged", "nothing")
    programme = Programme(
        id=WITHOUT_ACES, name="Without adverse experiences", tier="primary", event="", event_offences=(), ages=(0, 0),
        needs=(), effects=(effect,), set_up_months=0, waiting_months=0,
    )  # fmt: skip
    numbers = {"unit_cost": 1.0, "uptake": 1.0, "completion": 1.0, "ratio": 1e-12, "lag_months": 0.0,
               "full_months": 216.0, "fade_months": 0.0, "stay_months": 216.0}  # fmt: skip
    return programme, {f"{WITHOUT_ACES}.{name}": value for name, value in numbers.items()}


def what_is_lived(asked: Asked, area: Any, scheme: Scheme | None) -> tuple[ModelInputs, dict[str, float]]:
    """The plan of a cohort, in which no money is, and the values of all rows: their middles, or the area's fit."""
    evidence = read() if scheme is None else read().merge(scheme.evidence)
    values = draw_values(evidence, asked.seed, None, 1)
    if posterior := read_posterior(asked.fit or folder_of(asked.area)):
        values |= posterior.middle
    values |= dict(asked.changes)
    programmes = [scheme.programme] if scheme else []
    if asked.without_aces:
        programme, numbers = no_experiences()
        programmes.append(programme)
        values |= numbers
    born = births_a_year(area, places_of(area, values, 1.0).rates)
    scale, years = MORE * asked.size / born, asked.to + 2  # the last are born at the first year's end
    money = np.zeros((len(programmes), years))
    return ModelInputs(area, evidence, tuple(programmes), money, month_of(START, 4), years, scale), values


def begun(
    asked: Asked, inputs: ModelInputs, values: Mapping[str, float], rates: dict[int, tuple[float, ...]] | None, say: Say
) -> tuple[PreventionModel, Lives, Trial | None]:
    """The model at its start with nobody born yet, or where a run that was stopped had come to."""
    if found := going_on(asked, inputs, values):
        return found
    past = live_past(inputs, values, asked.seed, lambda done, all_: say("the past", PAST_SHARE * done / all_))
    year = financial_year(inputs.start)
    met = held(past.laws, year, asked.as_born, rates)
    past = past._replace(laws=met)
    model = PreventionModel(inputs, values, asked.seed, past, keep_past=False)
    lives = kept.room(math.ceil(asked.size * MORE * 1.25) + 200, asked.to)
    return model, lives, trial_of(asked, model)


def trial_of(asked: Asked, model: PreventionModel) -> Trial | None:
    return Trial(model, 0, asked.number) if asked.trial else None


def live_a_month(model: PreventionModel, lives: Lives, trial: Trial | None, asked: Asked) -> None:
    """Who is enrolled takes part; the month is lived; who was born in it joins; what it brought is counted."""
    if trial is not None and not trial.is_full:
        among = np.zeros(model.rows, np.bool_)
        among[lives.row[: kept.taken(lives)]] = True
        trial.recruit(among)
    before, month = model.rows, model.month
    model.step()
    people = model.columns
    if model.months_lived <= 12:
        new = np.arange(before, model.rows)
        new = new[people["birth"][new] == month]
        kept.join(lives, new, people)
        if asked.without_aces:
            give_slots(people, new, len(model.inputs.programmes) - 1, model.month, np.full(new.size, WHOLE))
            model.refresh(new)
    kept.note_month(lives, model.now.log[: model.now.counts[HAPPENED]], people, model.rows, month)


def keep(asked: Asked, model: PreventionModel, lives: Lives, trial: Trial | None) -> None:
    """Keep all that is lived so far: the counts first, and the model last."""
    number = kept.taken(lives)
    so_far = {f"lives.{name}": column[:number] for name, column in lives._asdict().items()}
    if trial is not None:
        so_far |= {f"trial.{name}": column for name, column in trial.arrays.items()}
    about = np.array([json.dumps(asked.told), str(model.months_lived)])
    part = asked.folder / f"_{SO_FAR}"
    np.savez(part, about=about, allow_pickle=False, **so_far)  # type: ignore[arg-type]
    (asked.folder / GOING_ON).unlink(missing_ok=True)
    part.replace(asked.folder / SO_FAR)
    save(model, asked.folder / GOING_ON)


def going_on(
    asked: Asked, inputs: ModelInputs, values: Mapping[str, float]
) -> tuple[PreventionModel, Lives, Trial | None] | None:
    """Where a run that was stopped had come to; None where there is none. Raises InputFaults for another run's."""
    if not (asked.folder / GOING_ON).is_file() or not (asked.folder / SO_FAR).is_file():
        return None
    with np.load(asked.folder / SO_FAR, allow_pickle=False) as file:
        state = {name: file[name] for name in file.files}
    if json.loads(str(state["about"][0])) != asked.told:
        what = "holds what was lived of another cohort"
        raise InputFaults([Fault(str(asked.folder), 0, what, "name another folder, or empty this one")])
    model = resume(inputs, values, asked.folder / GOING_ON)
    if str(model.months_lived) != str(state["about"][1]):
        return None  # it was stopped between the two files
    lives = kept.room(0, asked.to)._replace(**{name: state[f"lives.{name}"] for name in Lives._fields})
    trial = trial_of(asked, model)
    if trial is not None:
        trial.go_on({name: state[f"trial.{name}"] for name in trial.arrays})
    return model, lives, trial


def members(model: PreventionModel, lives: Lives, trial: Trial | None, size: int) -> NDArray[np.int64]:
    """Places of those who make up the cohort: a keyed choice among all born in the year, the enrolled always in it."""
    number = kept.taken(lives)
    keys = model.columns["key"][lives.row[:number]] ^ keys_from(0, "cohort", 1)
    lot = np.array([int(mixed(np.uint64(key))) for key in keys], np.uint64)
    first = np.zeros(number, np.bool_) if trial is None else np.isin(lives.row[:number], trial.row)
    return np.sort(np.lexsort((lot, ~first))[:size])


def told(
    asked: Asked, model: PreventionModel, lives: Lives, trial: Trial | None, values: Mapping[str, float]
) -> tuple[xr.Dataset, list[str]]:
    """The Dataset, and what is said of it."""
    born = kept.taken(lives)
    own = kept.chosen(lives, members(model, lives, trial, asked.size))
    number, inputs = own.row.size, model.inputs
    weight = born / inputs.scale / number
    people = model.columns
    took_part = np.zeros(model.rows, np.uint8)
    arm = None
    if trial is not None:
        took_part[trial.row] = trial.took_part * (trial.arm == TREATMENT)
        which, when = np.full(model.rows, NO_ARM), np.full(model.rows, np.nan)
        which[trial.row] = trial.arm
        when[trial.row] = (trial.month - people["birth"][trial.row]) / 12.0
        arm = {"arm": which[own.row], "enrolled": when[own.row], "took_part": took_part[own.row]}
    held_by = {one.id: took_part[own.row] if one.id != WITHOUT_ACES else np.ones(number, np.uint8)
               for one in inputs.programmes}  # fmt: skip
    year = financial_year_name(START)
    now, own_rows = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), read(ROWS)
    attributes = {
        "title": f"{number:,} people born in {inputs.area.name} in {year}, followed to the age of {asked.to}",
        "area": inputs.area.name, "area_hash": inputs.area.hash, "evidence_hash": inputs.evidence.hash,
        "cohort_evidence_hash": own_rows.hash,
        "source_hash": source_hash(), "version": version(), "git_revision": git_revision(), "seed": str(asked.seed),
        "weight": weight, "weight_is": "real people that one member stands for",
        "born_in_simulation": born, "scale": inputs.scale, "without_aces": int(asked.without_aces),
        "trial": asked.trial, "rates": rates_of(asked),
        "migration": "none: everyone is followed", "date": now,
        "fit_warning": warning_of(asked), "changes": json.dumps(dict(asked.changes)),
    }  # fmt: skip
    all_values = draw_values(own_rows, asked.seed, None, 1) | dict(values)
    ds = build(own, people, inputs.area, all_values, held_by, arm, attributes, asked.seed)
    return ds, summary(asked, ds, trial)


def warning_of(asked: Asked) -> str:
    """What is said of a fit that the model or its evidence has moved on from; "" where it is theirs, or none is."""
    posterior = read_posterior(asked.fit or folder_of(asked.area))
    return posterior.warning if posterior else ""


def summary(asked: Asked, ds: xr.Dataset, trial: Trial | None) -> list[str]:
    """What came of it, in some lines."""
    number, ever = ds.sizes["person"], ds["convictions"].sum(["age", "offence"]) > 0
    men = ds["sex"] == 1
    lines = [
        f"{number:,} people, each standing for {ds.attrs['weight']:.3g}; "
        f"{int(ds['died'].notnull().sum()):,} died before the end.",
        f"Four or more adverse experiences: {float((ds['ace_count'] >= 4).mean()):.1%}; none: "
        f"{float((ds['ace_count'] == 0).mean()):.1%}.",
        f"Ever convicted in court by {asked.to}: {float(ever[men].mean()):.1%} of men, {float(ever[~men].mean()):.1%} "
        "of women.",
    ]
    if ds.attrs["fit_warning"]:
        lines.insert(0, ds.attrs["fit_warning"])
    if number < asked.size:
        lines.append(f"Fewer were born than were asked for: {number:,} of {asked.size:,}.")
    if trial is not None:
        arms = [int((ds["arm"] == arm).sum()) for arm in (TREATMENT, CONTROL)]
        lines.append(f"In the trial of {asked.trial}: {arms[0]:,} offered a place, {arms[1]:,} not, of "
                     f"{asked.number:,} asked for.")  # fmt: skip
    return lines
