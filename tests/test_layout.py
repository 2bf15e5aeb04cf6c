"""The house is in order: floors, files, streams, what is shipped, and what README says of it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import upstream
from experiments.evidence import listed
from model.draws import STREAMS
from scenarios import load

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("model", "scenarios", "results", "experiments", "calibration", "commands", "upstream")  # the lowest first
PACKAGES = FLOORS[:-1]
SHIPPED = {".py", ".toml", ".csv", ".md", ".j2"}
MOST_LINES = 450
LONGER: dict[str, str] = {}  # file of code -> why it may be longer
OPENING = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "load", "loadtxt",
    "genfromtxt", "save", "savez", "tofile", "fromfile", "memmap",
}  # fmt: skip
MAY_OPEN_FILES = ("model/evidence/", "model/jit.py", "model/as_python.py")
STARTS_A_RUN = ("model.world", "model.month", "model.past")
# A person is made once: at the census, at birth or on arrival. A home is found once a move.
# A sentence is drawn at the hearing, and foreseen by the same draw when a programme would close the case.
# Who is likelier to be harmed all life is likelier to be abused by the same draw.
SHARED_STREAMS = {"birth_month", "sex", "propensity", "family", "neighbour", "sentence", "formal", "person_risk"}
OF_A_RUN = ("runs", "tables", "charts")  # folders that a run makes
README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def below(*folders: str) -> Iterator[Path]:
    """Files of the project's own in these folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix in SHIPPED:
                yield path


def code(*folders: str) -> list[Path]:
    return [path for path in below(*folders) if path.suffix == ".py"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports, wherever it does, by name or by text."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join([*here, *([node.module] if node.module else [])])
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "__import__"):
            told = node.args[0] if node.args else None
            if isinstance(told, ast.Constant):
                yield node.lineno, str(told.value)
            else:
                yield node.lineno, "a name that is not written out"


def called(node: ast.Call) -> str:
    """The last part of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


@pytest.mark.parametrize("floor", PACKAGES)
def test_imports_go_down_only(floor: str) -> None:
    above = FLOORS[FLOORS.index(floor) + 1 :]
    wrong = [
        f"{name_of(path)}:{line} imports {name}"
        for path in code(floor)
        for line, name in imports(path)
        if name.split(".")[0] in (*above, "tests") or " " in name
    ]
    assert wrong == []


@pytest.mark.parametrize("floor", ["scenarios", "results"])
def test_only_experiments_start_a_run(floor: str) -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {name}"
        for path in code(floor)
        for line, name in imports(path)
        if name in STARTS_A_RUN
    ]
    assert wrong == []


def test_the_model_opens_no_file_but_its_evidence_and_its_cache() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno} calls {called(node)}"
        for path in code("model")
        if not name_of(path).startswith(MAY_OPEN_FILES)
        for node in nodes(path)
        if isinstance(node, ast.Call) and called(node) in OPENING
    ]
    assert wrong == []


def test_every_folder_says_what_may_enter() -> None:
    """Folders of one area's tables are described in the folder above, those of templates and tests too."""
    told = {path.parent for path in below(*PACKAGES)} | {ROOT / "tests", ROOT}
    described_above = {path.parent for path in (ROOT / "scenarios" / "areas").glob("*/area.toml")}
    described_above |= {path / "fit" for path in described_above}  # what is said of an area's fit
    described_above.add(ROOT / "scenarios" / "templates")
    silent = [path for path in told - described_above if not (path / "README.md").exists()]
    assert silent == []


def test_files_of_code_fit_on_a_few_screens() -> None:
    lines = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in [ROOT / "upstream.py", *code(*PACKAGES, "tests")]
    }
    assert {name: count for name, count in lines.items() if count > MOST_LINES and name not in LONGER} == {}
    assert [name for name in LONGER if lines.get(name, 0) <= MOST_LINES] == []


def test_every_decision_has_a_random_stream_of_its_own() -> None:
    assert len(set(STREAMS.values())) == len(STREAMS)
    assert min(STREAMS.values()) > 0
    (written,) = (
        node.value
        for node in nodes(ROOT / "model" / "draws.py")
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "STREAMS"
    )
    # A name written twice would vanish from the dictionary and give its decision another's number.
    names = [node.value for node in ast.walk(written) if isinstance(node, ast.Constant)]
    names = [name for name in names if isinstance(name, str)]
    assert len(set(names)) == len(names) == len(STREAMS)


def test_streams_are_shared_only_where_nothing_can_draw_twice() -> None:
    users: dict[str, set[str]] = {}
    for path in code("model"):
        for node in nodes(path):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "STREAMS":
                key = node.slice
            elif isinstance(node, ast.Call) and called(node) == "draw" and len(node.args) > 2:
                key = node.args[2]
            else:
                continue
            if isinstance(key, ast.Constant):
                users.setdefault(str(key.value), set()).add(name_of(path))
    assert set(users) <= set(STREAMS)
    shared = {name: files for name, files in users.items() if len(files) > 1 and name not in SHARED_STREAMS}
    assert shared == {}


def test_the_wheel_holds_all_packages_and_their_tables() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    targets = settings["tool"]["hatch"]["build"]["targets"]
    assert set(targets["wheel"]["only-include"]) == {"upstream.py", *PACKAGES}
    assert set(targets["sdist"]["include"]) >= {"upstream.py", *PACKAGES, "tests", "README.md", "LICENSE"}
    # The build leaves out what git ignores: an unanchored results/ or runs/ would drop a package.
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert [line for line in ignored if line.strip("/") in PACKAGES or line.endswith((".toml", ".csv"))] == []


def test_what_is_installed_is_this_checkout() -> None:
    """Else the tests would test something else: install again with python -m pip install ".[test]"."""
    missing, other = [], []
    for path in below(*PACKAGES):
        installed = upstream.HERE / path.relative_to(ROOT)
        if not installed.exists():
            missing.append(name_of(path))
        elif installed.read_bytes() != path.read_bytes():
            other.append(name_of(path))
    assert missing == []
    assert other == []


def test_tests_are_no_packages() -> None:
    """Else pytest puts the checkout, or a folder of tests called model, before what is installed."""
    assert [name_of(path) for path in code("tests") if path.name == "__init__.py"] == []


def test_no_two_tests_share_a_file_name() -> None:
    """Where tests are no packages, pytest imports the first of a name and refuses the second."""
    names = [path.name for path in code("tests") if path.name != "conftest.py"]
    assert sorted(set(names)) == sorted(names)


def test_licences_name_every_table_of_evidence() -> None:
    """Those of areas are looked at by the tests of areas."""
    tables = {path.name for path in below("model/evidence") if path.suffix == ".csv"}
    tables |= {path.name for path in below("results/evidence") if path.suffix == ".toml"}
    licences = (ROOT / "DATA-LICENCES.md").read_text(encoding="utf-8")
    assert [name for name in sorted(tables) if name not in licences] == []


def test_readme_and_ci_give_the_same_commands() -> None:
    for command in ('python -m pip install ".[test]"', "pytest", "upstream run west_mercia_2022"):
        assert command in README
        assert re.search(f"^{re.escape(command)}", CI, re.MULTILINE), command
    assert "python -m pip install . && upstream run west_mercia_2022" in README.split("\n## ")[0]


def test_readme_names_what_there_is() -> None:
    """Commands, options and paths; a placeholder in capitals or <> is none."""
    commands = known_commands(upstream.cli)
    for words in re.findall(r"upstream ([a-z]+(?: (?:scenario|programme|area|experiment) )?)", fenced(README)):
        assert words.strip() in commands, words
    options = {option for command in commands.values() for one in command.params for option in one.opts}
    own = "\n".join(line for line in README.splitlines() if not line.startswith("dask "))
    for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", own):
        assert option in options | {"--help"}, option
    for path in re.findall(r"`([a-z_]+/[\w/.]*)`", README):
        assert path.split("/")[0] in OF_A_RUN or (ROOT / path).exists(), path


def known_commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    told: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        told[before + name] = command
        if isinstance(command, click.Group):
            told |= known_commands(command, f"{before}{name} ")
    return told


def fenced(text: str, kind: str = "") -> str:
    """The blocks of code of a kind."""
    blocks = re.findall(r"```(\w*)\n(.*?)```", text, re.DOTALL)
    return "\n".join(block for name, block in blocks if not kind or name == kind)


def test_the_scenario_in_readme_loads(tmp_path: Path) -> None:
    path = tmp_path / "my_plan.toml"
    path.write_text(fenced(README, "toml"), encoding="utf-8")
    scenario = load(path)
    assert len(scenario.alternatives) > 1


def test_readme_counts_the_evidence() -> None:
    """Rows, used and judged, as the last line of `upstream evidence` has them: copy it into README."""
    assert listed()[1] in README
