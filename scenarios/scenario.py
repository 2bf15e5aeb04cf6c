"""From a scenario file to the inputs of every alternative's run."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.evidence import Evidence
from model.evidence import read as read_evidence
from model.inputs import AreaTables, ModelInputs, Programme, month_of
from model.vocabulary import TIERS
from scenarios.areas import folder_of, load_area, shipped_areas
from scenarios.areas.posterior import Posterior, read_posterior
from scenarios.budget import money_of, named_in, practice_of
from scenarios.checks import beside, path_fault, scenario_faults
from scenarios.faults import Fault, InputFaults, meant
from scenarios.form import form_faults
from scenarios.funding import groups_of_money, move_faults
from scenarios.scenario_form import AlternativeForm, ScenarioForm
from scenarios.schemes import Scheme, load_scheme, shipped_levers, shipped_schemes
from scenarios.toml_files import TomlFile, read_toml

HOME = Path(__file__).parent


@dataclass(frozen=True)
class Part:
    """A tier or programme of the comparator's plan, and the alternatives that tell what it does."""

    name: str
    without: str  # the plan with its money withheld
    alone: str  # its money and no other


@dataclass(frozen=True)
class Attribution:
    """Which alternatives tell the parts of the comparator's plan apart."""

    by: str  # tier or programme
    nothing: str  # the alternative without any money
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Scenario:
    """A question put to the model: an area, its programmes and the alternatives to compare."""

    name: str  # of the file, without its ending
    form: ScenarioForm
    told: TomlFile  # the file as it is, with the lines of its keys
    area: AreaTables
    schemes: tuple[Scheme, ...]  # of all alternatives, in the order of tiers, then of ids
    evidence: Evidence  # the model's rows and those of the schemes
    path: Path  # of the file
    attribution: Attribution | None = None  # when its alternatives tell tiers or programmes apart
    only: frozenset[str] = frozenset()  # names of the alternatives that are looked at; none for all
    posterior: Posterior | None = None  # what the area's fit believes; None where it has not been fitted

    @property
    def text(self) -> str:
        return self.told.text

    @property
    def title(self) -> str:
        return self.form.title

    @property
    def question(self) -> str:
        return self.form.question

    @property
    def comparator(self) -> str:
        return self.form.comparator

    @property
    def price_year(self) -> str:
        """The financial year whose pounds the file speaks of."""
        return self.form.price_year

    @property
    def alternatives(self) -> tuple[AlternativeForm, ...]:
        return tuple(one for one in self.form.alternative if not self.only or one.name in self.only)

    @property
    def in_the_file(self) -> dict[str, int]:
        """The names of the file's own alternatives, and where each stands in it; others are made beside them."""
        return {one["name"]: at for at, one in enumerate(self.told.values["alternative"])}

    @property
    def programmes(self) -> tuple[Programme, ...]:
        return tuple(scheme.programme for scheme in self.schemes)

    def money(self, years: int | None = None) -> dict[str, NDArray[np.float64]]:
        """Pounds (P, Y) of the commissioner for each alternative by programme and financial year; later years hold
        the last."""
        first, years = self.form.start.year, years or self.form.years
        money = money_of(self.form.alternative, self.programmes, first, years)
        return {one.name: money[one.name] for one in self.alternatives}

    def review(self, name: str) -> str:
        """The rule by which an alternative's money is reviewed: its own, or that of the one it is like."""
        one = next(alternative for alternative in self.form.alternative if alternative.name == name)
        if one.review is None and one.like:
            return self.review(one.like)
        return one.review or "fixed"

    def inputs(self, scale: float | None = None, years: int | None = None) -> dict[str, ModelInputs]:
        """What each alternative's run is made from, by its name; `scale` and `years` replace the file's."""
        start = month_of(self.form.start.year, self.form.start.month)
        practice = practice_of(self.form.alternative, self.programmes, years or self.form.years)
        return {
            name: ModelInputs(
                area=self.area,
                evidence=self.evidence,
                programmes=self.programmes,
                money=money,
                start=start,
                years=money.shape[1],
                scale=self.form.run.scale if scale is None else scale,
                practice=practice[name] if practice[name].any() else None,
                carried=self.form.underspend == "carried",
                review=self.review(name),
                review_groups=groups_of_money(self.form, name, self.programmes),
                bias_by_ethnic_group=tuple(self.form.bias_by_ethnic_group.items()),
            )
            for name, money in self.money(years).items()
        }


def shipped_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that come with the package."""
    return tuple(sorted(path.stem for path in HOME.glob("*.toml")))


def load(name_or_path: str | Path, also: Collection[str] = ()) -> Scenario:
    """A shipped scenario by name, or the scenario of a file that ends in .toml. `also` are ids of programmes that
    somebody may give money to beside those that the file names.

    Raises InputFaults with every fault of the file and of the area and schemes it names, KeyError for a programme of
    `also` that there is not.
    """
    path, shown = _find(name_or_path)
    told = read_toml(path, shown)
    faults = form_faults(told, ScenarioForm)
    schemes = _schemes(told, path, faults)
    faults += scenario_faults(told, schemes, shipped_levers())
    area, posterior = _area(told, path, faults)
    faults += _ethnic_faults(told, area)
    if faults or area is None:
        raise InputFaults(
            sorted(dict.fromkeys(faults), key=lambda fault: (fault.file != shown, fault.file, fault.line))
        )
    form = ScenarioForm.model_validate(dict(told.values))
    chosen = sorted(
        (load_scheme(schemes[name], schemes[name].name) for name in {*named_in(form.alternative), *also}),
        key=lambda scheme: (TIERS.index(scheme.programme.tier), scheme.programme.id),
    )
    if late := list(move_faults(told, form, tuple(scheme.programme for scheme in chosen))):
        raise InputFaults(late)
    evidence = read_evidence()
    for scheme in chosen:
        evidence = evidence.merge(scheme.evidence)
    return Scenario(path.stem, form, told, area, tuple(chosen), evidence, path, posterior=posterior)


def _find(name_or_path: str | Path) -> tuple[Path, str]:
    """The file of a scenario, and its name in faults."""
    name = str(name_or_path)
    if name in shipped_scenarios():
        return HOME / f"{name}.toml", f"{name}.toml"
    path = Path(name_or_path)
    if path.suffix.lower() == ".toml":
        return path, name
    shipped = shipped_scenarios()
    if path.suffix.lower() in (".xlsx", ".xls", ".docx", ".csv", ".txt", ".json", ".yaml"):
        raise InputFaults(
            [Fault(name, 0, "is no scenario file", "a scenario is plain text that ends in .toml")]
        )
    otherwise = f"shipped scenarios: {', '.join(shipped)}; a file of your own ends in .toml"
    raise InputFaults([Fault(name, 0, "there is no such scenario", meant(name, shipped, otherwise))])


def _schemes(told: TomlFile, path: Path, faults: list[Fault]) -> dict[str, Path]:
    """The file of every programme that the scenario may name: the catalogue and its own `schemes`."""
    files = shipped_schemes()
    own = told.values.get("schemes")
    for name in own if isinstance(own, list) else ():
        if not isinstance(name, str):
            continue
        if fault := path_fault(told, ("schemes",), name):
            faults.append(fault)
            continue
        if not beside(path, name).is_file() or beside(path, name).samefile(path):
            near = [other.name for other in path.parent.glob("*.toml") if other.name != path.name]
            what = f"schemes: there is no scheme's file {name!r} beside the scenario"
            mend = meant(name, near, "upstream new programme writes one")
            faults.append(told.fault(("schemes",), what, mend))
            files.setdefault(Path(name).stem, beside(path, name))
            continue
        try:
            scheme = load_scheme(beside(path, name), name)
        except InputFaults as wrong:
            faults += wrong.faults
            files.setdefault(Path(name).stem, beside(path, name))
            continue
        if scheme.programme.id in files:
            what = f"{name} has the id {scheme.programme.id!r}, which another scheme has"
            faults.append(told.fault(("schemes",), what, "give it another id"))
        files[scheme.programme.id] = beside(path, name)
    return files


def _ethnic_faults(told: TomlFile, area: AreaTables | None) -> list[Fault]:
    """Groups of a supposed bias that the area's table does not have."""
    supposed = told.values.get("bias_by_ethnic_group")
    if area is None or not isinstance(supposed, dict):
        return []
    known = area.ethnic_groups
    otherwise = f"groups: {'; '.join(known)}" if known else "the area has no table of ethnic groups"
    return [
        told.fault(("bias_by_ethnic_group", name), f"there is no ethnic group {name!r}", meant(name, known, otherwise))
        for name in supposed if name not in known
    ]  # fmt: skip


def _area(told: TomlFile, path: Path, faults: list[Fault]) -> tuple[AreaTables | None, Posterior | None]:
    """The area that the file names, or None with a fault for every reason; and its fit, if it has one."""
    name = told.values.get("area")
    if not isinstance(name, str) or not name:
        return None, None
    place = ("area",)
    where: str | Path = name
    if name not in shipped_areas():
        if fault := path_fault(told, place, name):
            faults.append(fault)
            return None, None
        where = beside(path, name)
        if not where.is_dir():
            shipped = shipped_areas()
            otherwise = (
                f"shipped areas: {', '.join(shipped)}; an area of your own is a folder beside this file"
            )
            faults.append(told.fault(place, f"there is no area {name!r}", meant(name, shipped, otherwise)))
            return None, None
    try:
        return load_area(where), read_posterior(folder_of(where))
    except InputFaults as wrong:
        faults += [fault._replace(file=f"{name}/{fault.file}") for fault in wrong.faults]
        return None, None
