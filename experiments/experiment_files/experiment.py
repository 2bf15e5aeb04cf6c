"""An experiment: what is asked of a scenario. Outcomes of policies, over uncertainties and levers, by a method."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from experiments.experiment_files.checks import name_faults, others, own_faults
from experiments.experiment_files.form import ExperimentForm, LeverForm
from experiments.experiment_files.levers import Lever, Policy, places_of, policy_faults, with_policies
from experiments.plan import Plan, make_plan
from results.outcomes import OUTCOMES, Outcome
from scenarios import Fault, InputFaults, Scenario, load, shipped_scenarios
from scenarios.checks import beside, path_fault
from scenarios.faults import meant
from scenarios.form import form_faults
from scenarios.toml_files import TomlFile, read_toml

TRAJECTORIES, BASES, SAMPLED_POLICIES = 20, 64, 12
SAMPLED = "sampled_"  # begins the names of policies that are sampled
PEOPLE = 20_000  # simulated in a study of sensitivity, unless another scale is asked for


@dataclass(frozen=True)
class Experiment:
    """What is asked, checked."""

    form: ExperimentForm
    told: TomlFile
    scenario: Scenario  # of explore, with the policies that were sampled
    plan: Plan  # of sensitivity, its replicates are seeds: each point meets all of them
    outcomes: tuple[Outcome, ...]
    policies: tuple[str, ...]
    levers: tuple[Lever, ...]

    @property
    def method(self) -> str:
        return self.form.method

    @property
    def uncertainties(self) -> tuple[str, ...]:
        """Ids, or what they begin with; none for all that count."""
        return tuple(self.form.uncertainties)

    @property
    def size(self) -> int:
        """Trajectories of morris, bases of sobol or the points of its emulator; 1 for the others."""
        run = self.form.run
        if self.method == "morris":
            return run.trajectories or TRAJECTORIES
        return (run.emulate or run.bases or BASES) if self.method == "sobol" else 1

    @property
    def emulated(self) -> bool:
        return self.form.run.emulate is not None


def is_experiment(name_or_path: str | Path) -> bool:
    """Whether this is the file of an experiment: it names a scenario, and no alternative of its own."""
    path = Path(name_or_path)
    if str(name_or_path) in shipped_scenarios() or path.suffix.lower() != ".toml" or not path.is_file():
        return False
    told = read_toml(path).values
    return "method" in told or ("scenario" in told and "alternative" not in told)


def load_experiment(path: Path, sizes: Mapping[str, int | float | None] | None = None) -> Experiment:
    """The experiment of a file; `sizes` stand in for what its table `run` says. Raises InputFaults with every fault."""
    return experiment_of(read_toml(path), path, sizes)


def experiment_of(
    told: TomlFile, path: Path, sizes: Mapping[str, int | float | None] | None = None, at: Path | None = None
) -> Experiment:
    """The experiment that a text says, as if it stood at `path`; its scenario is the file `at`, where that is given."""
    given = {name: value for name, value in (sizes or {}).items() if value is not None}
    faults = form_faults(told, ExperimentForm)
    if not faults:
        faults = own_faults(told, given)
    if faults:
        raise InputFaults(faults)
    form = ExperimentForm.model_validate(dict(told.values))
    form = form.model_copy(update={"run": form.run.model_copy(update=given)})
    levers = tuple(lever_of(one) for one in form.lever)
    scenario = scenario_of(told, form, path, at)
    if faults := list(name_faults(told, form, scenario)):
        raise InputFaults(faults)
    policies = tuple(form.policies) or others(scenario)
    plan = plan_of(form, scenario)
    if form.method == "explore" and levers:
        scenario = sampled(scenario, told, levers, policies, form.run.sampled_policies or SAMPLED_POLICIES, plan.seed)
        policies = (*policies, *(one.name for one in scenario.alternatives if one.name not in scenario.in_the_file))
        check_policies(policy_faults(scenario), told)
    scenario = replace(scenario, only=frozenset((scenario.comparator, *policies)))
    return Experiment(form, told, scenario, plan, tuple(OUTCOMES[key] for key in form.outcomes), policies, levers)


def sampled(
    scenario: Scenario, told: TomlFile, levers: Sequence[Lever], policies: Sequence[str], number: int, seed: int
) -> Scenario:
    """The scenario with so many policies whose levers are set, or fewer where two are the same; each of the policies
    named has its turn."""
    if taken := [name for name in scenario.in_the_file if name.startswith(SAMPLED)]:
        what = f"{scenario.name} has an alternative {taken[0]!r}, a name that sampled policies have"
        raise InputFaults([told.fault(("scenario",), what, "give it another name")])
    found = dict.fromkeys(  # steps and choices may come up twice: a policy is lived once
        Policy(policies[at % len(policies)], tuple(lever.at(u) for lever, u in zip(levers, places, strict=True)))
        for at, places in enumerate(places_of(number, levers, seed).tolist())
    )
    made = {f"{SAMPLED}{at + 1}": policy for at, policy in enumerate(found)}
    return with_policies(scenario, levers, made)


def check_policies(faults: Sequence[Fault], told: TomlFile) -> None:
    """Raises InputFaults where money or a line of funding does not bear what levers were set to."""
    if faults:
        first, more = faults[0], f" (and {len(faults) - 1} more like it)" if len(faults) > 1 else ""
        mend = "change what it may be, or the scenario's lines of funding"
        raise InputFaults([told.fault(("lever",), f"with levers set, {first.what}{more}", mend)])


def plan_of(form: ExperimentForm, scenario: Scenario) -> Plan:
    run = form.run
    if form.method == "explore":
        plan = make_plan(scenario, run.replicates, run.draws, run.seed, run.scale, run.years)
        return replace(plan, drawn=tuple(form.uncertainties))
    whole = int(scenario.area.population.sum())
    return make_plan(scenario, run.replicates or 1, 1, run.seed, run.scale or min(PEOPLE / whole, 1.0), run.years)


def lever_of(form: LeverForm) -> Lever:
    if form.among is not None:
        return Lever(form.name, form.sets, None, tuple(form.among))
    assert form.between is not None
    low, high = form.between
    if form.step is None:
        return Lever(form.name, form.sets, (low, high))
    steps = round((high - low) / form.step)
    return Lever(form.name, form.sets, None, tuple(low + at * form.step for at in range(steps + 1)))


def scenario_of(told: TomlFile, form: ExperimentForm, path: Path, at: Path | None) -> Scenario:
    """The scenario, with the programmes that levers give money to."""
    name = form.scenario
    if at is None and name not in shipped_scenarios():
        if fault := path_fault(told, ("scenario",), name):
            raise InputFaults([fault])
        if not name.endswith(".toml"):
            otherwise = f"shipped scenarios: {', '.join(shipped_scenarios())}; a file of your own ends in .toml"
            mend = meant(name, shipped_scenarios(), otherwise)
            raise InputFaults([told.fault(("scenario",), f"there is no scenario {name!r}", mend)])
    where = at or (name if name in shipped_scenarios() else beside(path, name))
    also = {sets.partition(".")[2]: number for number, sets in enumerate(one.sets for one in form.lever) if "." in sets}
    try:
        scenario = load(where, also)
    except KeyError as error:
        programme = str(error.args[0])
        known = [one.id for one in load(where).programmes]
        mend = meant(programme, known, "upstream evidence lists the schemes")
        raise InputFaults(
            [told.fault(("lever", also[programme], "sets"), f"there is no programme {programme!r}", mend)]
        ) from None
    return scenario
