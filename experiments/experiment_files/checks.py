"""What must be true of an experiment file beside its form: names that there are, sizes that fit the method, levers."""

from collections.abc import Mapping

from experiments.experiment_files.form import ExperimentForm
from experiments.plan import belongs
from model.inputs import REVIEWS
from results.outcomes import OUTCOMES
from results.prices import shipped
from scenarios import Fault, Scenario
from scenarios.faults import meant
from scenarios.toml_files import TomlFile

MOST_STEPS = 1000
SETS = ("more", "practice", "review")
SIZES = {  # what of the sizes a method goes by, beside scale, years and seed
    "explore": ("draws", "replicates", "sampled_policies"), "tornado": ("replicates",),
    "morris": ("replicates", "trajectories"), "sobol": ("replicates", "bases", "emulate"),
}  # fmt: skip


def others(scenario: Scenario) -> tuple[str, ...]:
    """The alternatives beside the comparator."""
    return tuple(one.name for one in scenario.alternatives if one.name != scenario.comparator)


def own_faults(told: TomlFile, given: Mapping[str, int | float] | None = None) -> list[Fault]:
    """What is wrong with a file that has the form, and with sizes `given` beside it, whatever the scenario."""
    return [*size_faults(told, given or {}), *levers_faults(told)]


def size_faults(told: TomlFile, given: Mapping[str, int | float]) -> list[Fault]:
    """Sizes that the method does not go by, or that cannot be."""
    faults, values = [], told.values
    run, method = {**values.get("run", {}), **given}, str(values["method"])
    for name in run:
        meant_for = [one for one, names in SIZES.items() if name in names]
        if name not in ("scale", "years", "seed") and method not in meant_for:
            mend = f"it is for {', '.join(meant_for)}"
            faults.append(told.fault(("run", name), f"run.{name} is not for {method}", mend))
    if (bases := run.get("bases")) and bases & (bases - 1):
        faults.append(told.fault(("run", "bases"), f"run.bases = {bases} is no power of 2", "write 64, 128, 256 ..."))
    if "bases" in run and "emulate" in run:
        faults.append(told.fault(("run", "bases"), "run has bases and emulate", "leave one of them out"))
    if "sampled_policies" in run and not values.get("lever"):
        faults.append(told.fault(("run", "sampled_policies"), "there is no lever to sample", "add [[lever]]"))
    if method == "explore" and values.get("leave_out_past"):
        faults.append(told.fault(("leave_out_past",), "leave_out_past is not for explore", "name uncertainties"))
    return faults


def levers_faults(told: TomlFile) -> list[Fault]:
    """Levers that are there twice, set nothing, or have more choices than the method looks at."""
    faults, values, method = [], told.values, str(told.values["method"])
    names: list[str] = []
    for at, lever in enumerate(values.get("lever", [])):
        if lever["name"] in names:
            faults.append(told.fault(("lever", at, "name"), f"lever {lever['name']!r} is there twice", "name it anew"))
        if any(other["sets"] == lever["sets"] for other in values["lever"][:at]):
            faults.append(told.fault(("lever", at, "sets"), f"{lever['sets']} is set twice", "one lever sets a key"))
        names.append(lever["name"])
        if wrong := lever_faults(lever, lever["sets"]):
            faults.append(told.fault(("lever", at), f"lever {lever['name']!r}: {wrong}", lever_mend(lever["sets"])))
        most = {"tornado": 2, "morris": 4}.get(method)
        if most and isinstance(lever.get("among"), list) and len(lever["among"]) > most:
            choices = len(lever["among"])
            what = f"lever {lever['name']!r} has {choices} choices, and {method} looks at {most} places of each"
            faults.append(told.fault(("lever", at, "among"), what, "name fewer, or use sobol or explore"))
    return faults


def lever_mend(sets: str) -> str:
    """How such a lever is written."""
    if sets == "review":
        return 'write it like sets = "review" and among = ["fixed", "by_evidence_grade"]'
    if sets.startswith("practice."):
        return f'write it like sets = "{sets}" and between = [0, 1]'
    return 'write it like sets = "more.parenting" and between = [0, 500_000], with step = 100_000 or without'



def name_faults(told: TomlFile, form: ExperimentForm, scenario: Scenario) -> list[Fault]:
    """Names that the scenario or the outcomes do not have."""
    faults = []
    asked = (("outcomes", form.outcomes, tuple(OUTCOMES)), ("policies", form.policies, others(scenario)))
    for key, named, known in asked:
        for name in named:
            if name not in known:
                what = f"{key}: there is no {name!r}"
                if name == scenario.comparator and key == "policies":
                    what = f"policies: {name!r} is the comparator, which the others are held against"
                faults.append(told.fault((key,), what, meant(name, known, ", ".join(known))))
            elif named.count(name) > 1:
                faults.append(told.fault((key,), f"{key}: {name!r} is there twice", "name it once"))
    if not others(scenario):
        what = f"{scenario.name} has no alternative beside {scenario.comparator}"
        faults.append(told.fault(("scenario",), what, "add one to the scenario"))
    ids = {row.id for evidence in (scenario.evidence, shipped()) for row in evidence.values()}
    for name in form.uncertainties:
        if not any(belongs(id, name) for id in ids):
            what = f"uncertainties: no number of evidence is called, or begins with, {name!r}"
            mend = meant(name, ids | {id.partition(".")[0] for id in ids}, "upstream evidence lists them")
            faults.append(told.fault(("uncertainties",), what, mend))
    practices = {one.id for one in scenario.programmes if one.takes_no_money}
    for at, lever in enumerate(form.lever):
        key, _, programme = lever.sets.partition(".")
        if programme and (programme in practices) != (key == "practice"):
            takes = "takes no money" if programme in practices else "takes money"
            mend = f"sets = \"{'practice' if programme in practices else 'more'}.{programme}\""
            faults.append(told.fault(("lever", at, "sets"), f"{programme} {takes}", mend))
    return list(dict.fromkeys(faults))


def lever_faults(told: Mapping[str, object], sets: str) -> str:
    """What is wrong with how a lever is told, or ""; names of programmes are looked at elsewhere."""
    key, _, programme = sets.partition(".")
    among, between = told.get("among"), told.get("between")
    if key not in SETS or bool(programme) != (key != "review"):
        return f"sets = {sets!r} is no key that a lever can set: more.PROGRAMME, practice.PROGRAMME or review"
    if (among is None) == (between is None):
        return "says what it may be in one way: between = [0, 500_000], or among = [0, 250_000]"
    if key == "review":
        known = isinstance(among, list) and set(among) <= set(REVIEWS)
        twice = isinstance(among, list) and len(set(among)) < len(among)
        return "has a choice twice" if twice else "" if known else f"a review is among {', '.join(REVIEWS)}"
    numbers = among if isinstance(among, list) else between
    assert isinstance(numbers, list)
    if not all(isinstance(one, int | float) for one in numbers):
        return "has words where numbers are meant"
    if isinstance(between, list) and not between[0] < between[1]:
        return "its low end is not below its high end"
    if isinstance(among, list) and len(set(among)) < len(among):
        return "has a choice twice"
    if key == "practice" and max(numbers) > 1:
        return "practice is a share of those met, between 0 and 1"
    if (step := told.get("step")) is not None:
        if not isinstance(between, list):
            return "has a step, which is for between"
        steps = (between[1] - between[0]) / float(str(step))
        if steps > MOST_STEPS:
            return f"has more than {MOST_STEPS} steps"
        if abs(steps - round(steps)) > 1e-9 or round(steps) < 1:
            return "its ends are not a whole number of steps apart"
    return ""
