"""`upstream validate`: an area's fit held against what it was fitted to, and against what it was not."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from calibration.fit.bank import START, YEARS, inputs_of, question
from calibration.fit.command import PEOPLE, QUICK_PEOPLE
from calibration.fit.fit import part
from calibration.fit.write import VERIFIED, verdict
from calibration.targets import Target, read_targets, targets_of
from calibration.targets.measures import Run, measured
from calibration.unknowns import unknowns_of
from calibration.validation import adversity, held_out
from calibration.validation.patterns import KNOWN, Pattern, found_in, read_patterns
from calibration.validation.report import Row, in_band_as_fitted, page, summary, write_csv
from calibration.validation.trials import Tried, acts_on, expected, pooled, tried
from calibration.validation.worlds import AS_FITTED, TAKEN_OUT, Runs, live
from calibration.watching.watched import summed
from experiments.cohort.command import Asked as CohortAsked
from experiments.cohort.command import cohort
from experiments.run import local, prepare
from experiments.runner.journal import Journal, open_journal
from experiments.runner.living import Carry
from experiments.runner.pool import pool_of
from model.evidence import Evidence, draw_values, read
from model.inputs import AreaTables, ModelInputs, month_of
from model.law import law_year
from model.world import live_past
from scenarios import Fault, InputFaults
from scenarios.areas import folder_of, load_area, recorded_rows, shipped_areas
from scenarios.areas.posterior import Posterior, read_posterior
from scenarios.schemes import Scheme, load_scheme, shipped_schemes

Say = Callable[[str, float], None]
SEEDS = 20
NOTHING_TO_LEAVE = "not in its band as fitted either: it shows nothing of the mechanism"
NULL_PASSES = "; a scheme that does nothing would pass too"
TRIAL_SIZE, TRIAL_SCALE, TRIAL_SEEDS = 3000, 0.15, 3
COHORT, COHORT_TO = 1200, 30
CAUSAL_SHARES = (0.2, 0.35, 0.5, 0.65, 0.8)  # over its believed range
CENTRE = 0.5  # of it; lived at the mean of the fit, the others each with a draw of the fit of its own
SPLIT = "split by national shares"
REPORT, TABLE = "validation.html", "validation.csv"


class Asked(NamedTuple):
    """What a validation was asked for."""

    area: str  # a shipped name or a folder
    folder: Path
    quick: bool  # fewer people, and neither trials nor cohorts
    seed: int
    fit: Path | None = None  # a folder with the posterior to use; the area's own without


def validate(asked: Asked, jobs: int, say: Say) -> list[str]:
    """Hold an area's fit against the world and write validation.html and validation.csv; gives lines of summary. Raises
    InputFaults for an area without a fit."""
    area, posterior = load_area(asked.area), posterior_of(asked)
    evidence = read()
    values = {**draw_values(evidence, asked.seed, None, 1), **posterior.middle}
    asked.folder.mkdir(parents=True, exist_ok=True)
    prepare(1, say)
    with open_journal(asked.folder) as journal:
        rows = look(asked, area, evidence, values, journal, local(jobs, apart=True), say)
    if not asked.quick:
        with pool_of(jobs) as pool:
            rows += trials(area, values, asked.seed, pool.imap, say)
            rows += without_experiences(asked, posterior, pool.imap, say)
    about = [
        f"{area.name}, validated at the mean of its fit with {SEEDS} seeds a world.",
        posterior.warning or "The fit was made with this version of the model and its evidence.",
    ]
    (asked.folder / REPORT).write_text(page(f"Does the model look like {area.name}?", about, rows), encoding="utf-8")
    write_csv(asked.folder / TABLE, rows, posterior.warning)
    told = summary(rows, by_family(rows, targets_of(area)))
    return [posterior.warning, *told] if posterior.warning else told


def posterior_of(asked: Asked) -> Posterior:
    folder = asked.fit or folder_of(asked.area)
    posterior = read_posterior(folder)
    if posterior is None:
        raise InputFaults([Fault(str(folder), 0, "has no fit: there is no posterior.csv",
                                 f"make one with: upstream calibrate {asked.area}")])  # fmt: skip
    return posterior


def look(
    asked: Asked, area: AreaTables, evidence: Evidence, values: Mapping[str, float], journal: Journal, carry: Carry,
    say: Say,
) -> list[Row]:
    """All that is seen in whole areas: targets, patterns, mechanisms taken out, later years, another force."""
    people = QUICK_PEOPLE if asked.quick else PEOPLE
    inputs = inputs_of(question(area, unknowns_of(evidence), (), min(people / float(area.population.sum()), 1.0), 0))
    targets = targets_of(area)
    patterns = read_patterns(evidence, targets)
    fitted = live(AS_FITTED, inputs, values, SEEDS, asked.seed, journal, carry, part(say, "as fitted", 0.0, 0.2))
    rows = [*target_rows(fitted, area, targets), *pattern_rows("patterns", AS_FITTED, fitted, area, patterns, targets)]
    within = in_band_as_fitted(rows)
    for at, world in enumerate(TAKEN_OUT):
        told = part(say, world.replace("_", " "), 0.2 + 0.1 * at, 0.3 + 0.1 * at)
        runs = live(world, inputs, values, SEEDS, asked.seed, journal, carry, told)
        emerging = [one for one in patterns if one.emerges]
        told_of = pattern_rows("emergence", world, runs, area, emerging, targets)
        rows += [row if row.id in within else row._replace(note=NOTHING_TO_LEAVE) for row in told_of]
    rows += [row_of("years", one) for one in held_out.later_years(fitted)]
    for name in shipped_areas():
        if name != area.id:
            rows += another(load_area(name), area, inputs.scale, values, asked.seed, journal, carry, say)
    return rows


def of_runs(runs: Runs, figure: Callable[[Any], float]) -> tuple[float, float]:
    """A figure's mean over the runs of a world that have one, and its standard error."""
    each = np.array([figure(one) for one in runs.watched])
    each = each[np.isfinite(each)]
    if each.size == 0:
        return float("nan"), float("nan")
    return float(each.mean()), float(each.std() / np.sqrt(each.size))


def target_rows(runs: Runs, area: AreaTables, targets: Sequence[Target]) -> list[Row]:
    """Fitted targets, and apart from them those measured and not fitted to."""
    rows = []
    for one in targets:
        if not one.is_measured:
            continue
        found, error = of_runs(runs, lambda w, one=one: measured(one, Run(w, area, runs.scale)))  # type: ignore[misc]
        rows.append(Row(
            "fitted" if one.is_fitted else "checked", one.id, one.what, f"{one.area}, {one.period}", one.value,
            one.value - one.tolerance, one.value + one.tolerance, found, error, verdict(one, found),
            f"{one.source} ({one.provenance})", one.note,
        ))  # fmt: skip
    return rows


def pattern_rows(
    section: str, world: str, runs: Runs, area: AreaTables, patterns: Sequence[Pattern], targets: Sequence[Target]
) -> list[Row]:
    """Each pattern in a world, measured on all its runs together and its error over them. With a mechanism taken out
    the note says whether it left its band."""
    rows = []
    together = Run(summed(list(runs.watched)), area, runs.scale * len(runs.watched))
    for one in patterns:
        found = found_in(one, together, targets)
        _, error = of_runs(runs, lambda w, one=one: found_in(one, Run(w, area, runs.scale), targets))  # type: ignore[misc]
        told, where = one.verdict(found), world.replace("_", " ")
        stays = "stays in its band" if told == "pass" else "out of its band"
        note = KNOWN[one.known] if world == AS_FITTED else stays
        rows.append(Row(section, one.id, one.what, where, one.value, one.low, one.high, found, error, told,
                        f"{one.source} ({one.provenance})", note))  # fmt: skip
    return rows


def row_of(section: str, one: held_out.Prediction) -> Row:
    return Row(section, one.what, one.what, one.where, one.value, one.low, one.high, one.found, one.error, one.verdict,
               "national statistics" if section == "years" else "the area's own tables", one.told)  # fmt: skip


def another(
    area: AreaTables, fitted: AreaTables, scale: float, values: Mapping[str, float], seed: int, journal: Journal,
    carry: Carry, say: Say,
) -> list[Row]:
    """Another force predicted from the fitted one's people and rates: record by group, places and concentration."""
    def plan(of: AreaTables) -> ModelInputs:
        return ModelInputs(of, read(), (), np.zeros((0, YEARS)), month_of(START, 4), YEARS, scale)

    rates = live_past(plan(fitted), values, seed).laws["rate"][law_year(held_out.FITTED_YEAR)].copy()
    foreign = plan(held_out.predicted_area(area, fitted))
    runs = live(f"another area: {area.id}", foreign, values, SEEDS, seed, journal, carry,
                part(say, area.name, 0.5, 0.6), held_out.live_with_rates(rates))  # fmt: skip
    split = {row["group"] for row in recorded_rows(area.id) if SPLIT in row["note"]}  # no record of the force
    rows = [row_of("split" if one.of in split else "another_area", one) for one in held_out.other_area(runs, area)]
    places = [one for one in read_targets() if one.use == "held_out" and one.only == area.id and one.is_measured]
    for one in places:
        found, error = of_runs(runs, lambda w, one=one: measured(one, Run(w, area, scale)))  # type: ignore[misc]
        rows.append(Row("another_area", one.id, one.what, f"{area.name}, {one.period}", one.value,
                        one.value - one.tolerance, one.value + one.tolerance, found, error, verdict(one, found),
                        f"{one.source} ({one.provenance})"))  # fmt: skip
    return rows


def tried_schemes() -> list[Scheme]:
    """Shipped schemes of people, with an outcome study, that act on offending."""
    every = [load_scheme(path) for path in shipped_schemes().values()]
    of_people = [one for one in every if one.programme.reaches not in ("place", "system")]
    return [one for one in of_people if one.programme.outcome_study and acts_on(one)]


def a_trial(task: tuple[Scheme, int], area: AreaTables, values: Mapping[str, float]) -> tuple[str, Tried]:
    scheme, seed = task
    told = {**values, **{row.name: row.value for row in scheme.evidence.values()}}
    return scheme.programme.id, tried(scheme, area, told, TRIAL_SIZE, TRIAL_SCALE, seed)


def trials(
    area: AreaTables, values: Mapping[str, float], seed: int, spread: Callable[..., Any], say: Say
) -> list[Row]:
    """Each scheme's trials, pooled over seeds, beside what its evidence says."""
    schemes = tried_schemes()
    tasks = [(scheme, seed + number) for scheme in schemes for number in range(TRIAL_SEEDS)]
    found: dict[str, list[Tried]] = {scheme.programme.id: [] for scheme in schemes}
    for at, (id, one) in enumerate(spread(partial(a_trial, area=area, values=values), tasks)):
        found[id].append(one)
        say("trials inside the model", 0.6 + 0.25 * (at + 1) / len(tasks))
    rows = []
    for scheme in schemes:
        own = found[scheme.programme.id]
        whole = pooled(own)
        told = {**values, **{row.name: row.value for row in scheme.evidence.values()}}
        took = whole.took_part / max(whole.treated, 1)
        value, low, high = expected(scheme, told, took)
        # Chance between the arms is within the band: the ratio is held against what a trial of this size could see.
        reach = np.exp(1.96 * whole.error)
        ratio, low, high = whole.ratio, low / reach, high * reach
        verdict_ = "not measured" if not np.isfinite(ratio) or not np.isfinite(high) else (
            "pass" if low <= ratio <= high else "fail")  # fmt: skip
        rows.append(Row(
            "trials", scheme.programme.id, f"{scheme.programme.name}: offences of those offered over those not",
            f"{whole.control:,} and {whole.treated:,} people, {took:.0%} took part", value, low, high, ratio,
            whole.error * ratio if np.isfinite(ratio) else float("nan"), verdict_, "the scheme's evidence",
            "the band has the study's range and the chance of these arms" + (NULL_PASSES if low <= 1.0 <= high else ""),
        ))  # fmt: skip
    return rows


def a_cohort(task: tuple[float, bool], asked: Asked, posterior: Posterior) -> Path:
    """A cohort at a causal share, with or without adverse experiences; gives its file."""
    share, without = task
    folder = asked.folder / "cohorts" / f"{COHORT} at {share:g}{' without' if without else ''}"
    values = {} if share == CENTRE else posterior.draw(asked.seed, CAUSAL_SHARES.index(share), len(CAUSAL_SHARES))
    told = CohortAsked(asked.area, folder, COHORT, COHORT_TO, asked.seed, without, fit=asked.fit,
                       changes=tuple((values | {"causal_share": share}).items()))  # fmt: skip
    if not (folder / "cohort.nc").is_file():
        cohort(told, lambda words, share: None)
    return folder / "cohort.nc"


def without_experiences(asked: Asked, posterior: Posterior, spread: Callable[..., Any], say: Say) -> list[Row]:
    """The fall in violence without adverse experiences, over the attributable fraction, by causal share: about half at
    the centre, clearly less than one elsewhere."""
    tasks = [(share, without) for share in CAUSAL_SHARES for without in (False, True)]
    files = []
    for path in spread(partial(a_cohort, asked=asked, posterior=posterior), tasks):
        files.append(path)
        say("cohorts with and without adverse experiences", 0.85 + 0.15 * len(files) / len(tasks))
    rows = []
    for at, share in enumerate(CAUSAL_SHARES):
        one = adversity.removed(files[2 * at], files[2 * at + 1], share)
        low, high = (0.35, 0.65) if share == CENTRE else (0.0, 1.0 - 1.96 * one.error)
        rows.append(Row(
            "adversity", f"causal_share_{share:g}", "Fall in violence over the attributable fraction",
            f"causal share {share:g}, {'the mean' if share == CENTRE else 'a draw'} of the fit; {one.fall:.0%} of "
            f"violence goes, {one.attributable:.0%} attributable", share, low, high, one.ratio, one.error,
            "pass" if low <= one.ratio <= high else "fail", "the model's own",
        ))  # fmt: skip
    return rows


def by_family(rows: Sequence[Row], targets: Sequence[Target]) -> dict[str, tuple[int, int]]:
    """Fitted targets that are verified: those met and all, by family."""
    by_id = {one.id: one for one in targets}
    told: dict[str, list[bool]] = {}
    for row in rows:
        if row.section == "fitted" and by_id[row.id].provenance in VERIFIED:
            told.setdefault(by_id[row.id].family, []).append(row.verdict == "pass")
    return {family: (sum(each), len(each)) for family, each in told.items()}

