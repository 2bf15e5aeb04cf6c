"""Texts that come with Upstream: from its sources, or from what is installed; some come with the sources alone."""

import importlib.metadata
import re
from pathlib import Path

from experiments.files import hashed
from results.assurance.decisions import Text
from results.assurance.evidence_pages import Tests

ROOT = Path(__file__).resolve().parents[2]
NAME = "upstream-prevention"
ODD = "model/ODD.md"
PURPOSE = "## What it is for, and what not"
TESTS_OF = "## How one knows that it does what it says"


def text_of(name: str) -> str:
    """A text by its path in the sources; "" where it is not on this machine."""
    path = ROOT / name
    if path.is_file():
        return path.read_text(encoding="utf-8")
    try:
        told = importlib.metadata.distribution(NAME)
    except importlib.metadata.PackageNotFoundError:
        return ""
    if name == "README.md":
        return told.read_text("METADATA") or ""  # which ends in README.md
    found = [file for file in told.files or [] if file.name == name and "licenses" in file.parts]
    return found[0].read_text(encoding="utf-8") if found else ""


def section(text: str, heading: str) -> str:
    """What stands under a heading of Markdown, up to the next of its level."""
    mark = heading.split()[0]
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^{mark} |\Z)", text, re.DOTALL | re.MULTILINE)
    return found[1].strip() if found else ""


def purpose() -> str:
    """What README says that Upstream is for, and what not."""
    return section(text_of("README.md"), PURPOSE) or "README.md of this version is not on this machine."


def referred() -> list[Text]:
    """The texts that say how the model works and why, with their headings."""
    return [_referred(name) for name in (ODD, "model/README.md", "scenarios/catalogue/README.md")]


def _referred(name: str) -> Text:
    text = text_of(name)
    headings = re.findall(r"^#{2,3} (.+)$" if "\n### " in text else r"^#{1,2} (.+)$", text, re.MULTILINE)
    return Text(name, hashed(text.encode()) if text else "", tuple(headings))


def tests() -> Tests:
    """What tests there are, from the table in tests/README.md."""
    name = "tests/README.md"
    text = text_of(name)
    lines = [line for line in section(text, TESTS_OF).splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return Tests(name, hashed(text.encode()) if text else "", [(one[0], one[1]) for one in cells if len(one) > 1])


def licences() -> list[list[str]]:
    """The rows of the tables in DATA-LICENCES.md: heading, table, publisher, title, year, changes."""
    rows, heading = [], ""
    for line in text_of("DATA-LICENCES.md").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ").strip()
        elif line.startswith("| `"):
            rows.append([heading, *(cell.strip() for cell in line.strip("|").split("|"))])
    return rows
