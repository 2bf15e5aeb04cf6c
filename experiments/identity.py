"""What a run was made from, in words that a file can carry: enough to run it again."""

import datetime
import hashlib
import importlib.metadata
import json
import platform
import subprocess
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.plan import Plan, stale_costings, with_endings
from results.prices import shipped
from scenarios import Scenario
from scenarios.areas.posterior import posterior_hash
from scenarios.calendar_years import first_year
from scenarios.funding import funding_of

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("model", "scenarios", "results", "experiments", "calibration", "commands")
FOR_VICTIMS = {"harm"}  # kind of effect: what harm leaves behind is eased
STANDS_ON = ("numpy", "scipy", "numba", "mesa", "xarray", "netCDF4", "pydantic")


def attributes(scenario: Scenario, plan: Plan) -> dict[str, str]:
    """The attributes of the results: scenario, hashes, seed, scale, versions and date, all as text."""
    return {
        "title": scenario.title,
        "question": scenario.question,
        "scenario_name": scenario.name,
        "scenario": scenario.text,
        "comparator": scenario.comparator,
        "price_year": scenario.price_year,
        "funding": json.dumps(funding_of(scenario, with_endings(scenario))) if scenario.form.funding else "",
        "funders": json.dumps(scenario.form.funders),
        "cost_grades": json.dumps(cost_grades(scenario)),
        "stale_costings": json.dumps(stale_costings(scenario)),
        "posts_go": json.dumps(posts_go(scenario)),
        "split": json.dumps(split_of(scenario)),
        "attribution": json.dumps(asdict(scenario.attribution)) if scenario.attribution else "",
        "seed": str(plan.seed),
        "scale": repr(plan.scale),
        "years": str(plan.years),
        "draws": str(plan.draws),
        "blocks_of_draws": json.dumps(plan.blocks),
        "replicates_per_draw": str(plan.replicates_per_draw),
        "uncertainties_drawn": ", ".join(plan.drawn),
        "evidence_hash": evidence_hash(scenario),
        "area_hash": scenario.area.hash,
        "posterior_hash": posterior_hash(scenario.posterior),
        "fit_warning": scenario.posterior.warning if scenario.posterior else "",
        "source_hash": source_hash(),
        "version": version(),
        "versions": json.dumps(versions()),
        "git_revision": git_revision(),
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def cost_grades(scenario: Scenario) -> dict[str, int]:
    """How good the costing of each scheme is: the grade of its unit cost, 5 to 1."""
    names = [scheme.programme.id for scheme in scenario.schemes]
    rows = {name: scenario.evidence.get(f"{name}.unit_cost") for name in names}
    return {name: row.grade for name, row in rows.items() if row}


def posts_go(scenario: Scenario) -> dict[str, list[dict[str, Any]]]:
    """By alternative, the posts that go; one that is like another has that one's too."""
    told: dict[str, list[dict[str, Any]]] = {}
    for one in scenario.form.alternative:
        own = [{**posts.model_dump(), "year": first_year(posts.year)} for posts in one.posts_go]
        told[one.name] = [*(told.get(one.like, []) if one.like else []), *own]
    return {name: posts for name, posts in told.items() if posts}


def split_of(scenario: Scenario) -> dict[str, Any]:
    """How the file splits its commissioning budget, by alternative that has one, and which schemes are services for
    victims: those named as such, and those that act on what harm leaves behind."""
    shares: dict[str, dict[str, float] | None] = {}
    for one in scenario.form.alternative:  # one that is like another is split as that one is
        own = one.split.model_dump() if one.split else None
        shares[one.name] = own or shares.get(one.like or "")
    named = {name for one in scenario.form.alternative for name in one.victims_shares}
    act = {
        scheme.programme.id for scheme in scenario.schemes if {e.kind for e in scheme.programme.effects} & FOR_VICTIMS
    }
    return {"shares": {name: split for name, split in shares.items() if split}, "for_victims": sorted(named | act)}


def evidence_hash(scenario: Scenario) -> str:
    """One hash of the model's rows, the schemes' and those of costs and harm."""
    return hashlib.sha256(f"{scenario.evidence.hash} {shipped().hash}".encode()).hexdigest()


def source_hash(root: Path = ROOT) -> str:
    """SHA-256 of every Python source of the packages, whatever their line endings."""
    digest = hashlib.sha256()
    files = [root / "upstream.py", *(path for name in PACKAGES for path in (root / name).rglob("*.py"))]
    for path in sorted(file for file in files if file.exists()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def version() -> str:
    """Of this package: as its build file says when run from the sources, else as installed."""
    build_file = ROOT / "pyproject.toml"
    if build_file.exists():
        return str(tomllib.loads(build_file.read_text(encoding="utf-8"))["project"]["version"])
    try:
        return importlib.metadata.version("upstream-prevention")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def versions() -> dict[str, str]:
    """Of Python and of what the results stand on."""
    return {"python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in STANDS_ON
    }


def git_revision(root: Path = ROOT) -> str:
    """The commit of the sources, with '+changes' when they differ from it; 'unknown' outside a checkout."""
    if not (root / ".git").exists():
        return "unknown"
    try:
        commit = _git(root, "rev-parse", "HEAD")
        return f"{commit}+changes" if _git(root, "status", "--porcelain") else commit
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def _git(root: Path, *words: str) -> str:
    told = subprocess.run(
        ["git", *words], cwd=root, capture_output=True, text=True, timeout=10, check=True, encoding="utf-8"
    )
    return told.stdout.strip()
