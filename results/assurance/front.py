"""The first page of a pack: what it is, what is not done, and where to look."""

from collections.abc import Sequence

from results.assurance.assumptions import Assumption, Study, brief, measured
from results.assurance.evidence_pages import Fit, in_brief
from results.assurance.page import LIMITS, Check, Of, listed, page, table

PAGES = {
    "README.md": "this page",
    LIMITS: "the use that somebody would answer for, and what the run must not be used for",
    "RIGOUR.md": "the six letters of RIGOUR: what was verified, what not",
    "AQuA.md": "roles, stages and documents of the AQuA Book: what is there, what not",
    "assumptions.md": "the assumptions log: how many, in which order, the weightiest; all of them in assumptions.csv",
    "data.md": "the data log: every table, its publisher, licence and hash; each source in data.csv",
    "decisions.md": "the decisions log: what the run was asked, and where each choice of modelling has its reason",
    "ODD.md": "how the model works, element by element, by the ODD 2020 protocol",
    "verification.md": "whether the run is what is written down",
    "validation.md": "whether the model is like the world",
    "versions.md": "versions, hashes and seeds",
    "manifest.csv": "the hash of every file of the run and of this pack, which `upstream assure RUN --check` goes by",
}


def front_page(
    of: Of, rows: Sequence[Assumption], used: int, study: Study | None, fit: Fit | None, lists: Sequence[Check]
) -> str:
    """One page for whoever has five minutes."""
    done, to_do = sum(bool(one.held) for one in lists), [one for one in lists if one.held is None]
    failed = [one for one in lists if one.held is False]
    return page(of, "Assurance pack", [
        "For a finance officer, an assurer or an auditor. The figures of the run are in `tables/`, beside this "
        "folder, and not told again here. It gathers what this run rests on and what was and was not done about it. "
        "It is no assurance by itself: a machine wrote it, and a machine cannot take responsibility.",
        "## In short",
        listed([
            f"Of the lines of the two checklists {len(to_do)} only a person can do, and are **not done**; "
            f"{len(failed)} were looked at and do not hold; {done} were verified by this command. That is no mark out "
            "of a whole.",
            f"{len(rows):,} of the {used:,} numbers that the run reads are judgement or not looked up. "
            + f"How much each matters: {measured(rows, study)}.",
            in_brief(fit),
        ]),
        "## Does not hold" if failed else "",
        listed(f"not so: {one.what} ({one.evidence})" for one in failed),
        "## The first assumptions to look at",
        brief(rows, study),
        "## What is in this folder",
        table(("file", "what"), [(f"`{name}`", words) for name, words in PAGES.items()]),
        "## To do, in this order",
        listed([
            f"read `{LIMITS}`: is it your use?",
            "name the four roles in `AQuA.md`",
            "go through the weightiest lines of `assumptions.md`, with people who know the services",
            "have somebody who had no part in it review `RIGOUR.md`, `verification.md` and `validation.md`",
            'then, and only then: `upstream assure RUN --by "NAME, ROLE"` puts the name on every page',
        ]),
    ])  # fmt: skip
