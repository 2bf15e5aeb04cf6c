"""The checklists: RIGOUR, and the roles and documents of the AQuA Book. A tick only for what a machine verified."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from results.assurance.evidence_pages import Fit, enough_runs, in_brief
from results.assurance.page import LIMITS, Check, Of, page, ticks

SOURCES = (
    "Guidance: *The AQuA Book*, Government Analysis Function, revised edition of 10 June 2025 (first edition: HM "
    "Treasury, 2015). Its date and opening were read in a stored copy of its own page; the wording of RIGOUR, of the "
    "four roles and of the logs was read in the public draft of the revised edition and is put in our own words "
    "here; it was not compared with the published text line by line. What is marked *from memory* was not looked up. "
    "Check it before quoting it to an auditor."
)
HOW = (
    "A tick stands only where this command verified the line on this run, and says by what. **no** is a line that "
    "was looked at and does not hold. **not done** is a line that only a person can do; tick it by hand, with who, "
    "when and where it is written down. Editing this page does not change its heading: `upstream assure RUN --by "
    "\"NAME, ROLE\"` does."
)  # fmt: skip


Lists = dict[str, list[Check]]  # by heading


def rigour(ds: xr.Dataset, same: Sequence[Check], results: Sequence[Check], fit: Fit | None, weighed: Check) -> Lists:
    """The six letters, each with what was and was not done. `same` is what the run shares with this Upstream, `results`
    what was seen of the results by themselves, `weighed` whether it was measured which numbers decide."""
    draws = len(np.unique(ds.draw.values))
    return {
        "Repeatable: the same inputs give what is expected": [
            *same,
            Check("Somebody else made the run again and got the same", None),
        ],
        "Independent: free of prejudice and bias, views of all with a stake balanced": [
            Check("Somebody who had no part in the run reviewed it", None),
            Check("Interests of those who made it and of those whose schemes are in it are written down", None),
            Check("Those with a stake (the force, providers, victims' services, the panel) were heard", None),
        ],
        "Grounded in reality: held against the world and its consequences": [
            Check("The run drew from a fit of the area, and every figure that it misses is named",
                  fit is not None and fit.of_the_run and bool(fit.targets), f"validation.md. {in_brief(fit)}"),
            Check("The misses were judged acceptable for the use", None),
            Check("People who know the services looked at the figures", None),
            Check("Unit costs of the schemes were replaced by the area's own", None),
        ],
        "Objective: challenged, and its reading agreed": [
            Check("The question and the comparator were agreed before the run was made", None),
            Check("Somebody argued against the result, and what they said is written down", None),
            Check("Commissioner and analyst read the figures the same way", None),
        ],
        "Uncertainty-managed: found, handled and told throughout": [
            Check("Runs differ in the values of the uncertain numbers", draws > 1, f"{draws} sets of values"),
            enough_runs(ds),
            weighed,
            Check("Ranges, and what they leave out, were told to those who decide", None, f"{LIMITS} has the words"),
        ],
        "Robust: without error, within limits that are accepted": [
            *results,
            Check("The tests of this version were run on this machine", None, "verification.md has the commands"),
            Check("The limits of use were accepted by those who will use it", None),
        ],
    }  # fmt: skip


def checklist_page(of: Of, title: str, lists: Lists) -> str:
    """A checklist under its headings, with how to read it and what it is made from."""
    parts = (f"## {name}\n\n{ticks(checks)}" for name, checks in lists.items())
    return page(of, title, [HOW, *parts, "## Guidance", SOURCES])


def aqua(assumptions: int, tables: int, odd: str) -> Lists:
    """Roles, stages and documents, with what this pack supplies of them."""
    return {
        "Roles": [
            Check("Commissioner: who asked for the analysis and accepts it as fit for purpose", None),
            Check("Analyst: who designed and carried out the run, and answers for the first assurance", None),
            Check("Assurer: who reviewed it, independent of the analyst", None),
            Check("Approver: who scrutinised both and signs it off", None),
            Check("One person is accountable for each role, and analyst and assurer are not the same", None),
            Check("A responsible owner of the model is named", None, "from memory: senior responsible owner"),
        ],
        "Proportionality": [
            Check("How much assurance this decision needs (money, law, reputation, complexity) was judged", None),
            Check("Whether this is business-critical analysis was decided, and the register brought up to date", None),
        ],
        "Engagement and scoping": [
            Check("A specification says the question, its context, its bounds and the assurance wanted", None,
                  "decisions.md has what the run was asked, and no more"),
        ],
        "Design": [
            Check("A plan of quality assurance was written before the run", None),
            Check("The design of the model is described whole", bool(odd), "model/ODD.md, by its hash in decisions.md"),
        ],
        "Analysis": [
            Check("An assumptions log is there", True, f"assumptions.csv, {assumptions:,} lines"),
            Check("It was risk assessed and signed off by an appropriate group", None),
            Check("A data log is there", True, f"data.csv, {tables} tables with their hashes"),
            Check("It was risk assessed and signed off", None),
            Check("A decisions log says what the run was asked", True, "decisions.md"),
            Check("It says who decided each line, when and why, and who signed it off", None),
            Check("Verification and validation are recorded, apart", True, "verification.md, validation.md"),
            Check("The assurer reviewed both and did what more was needed", None),
        ],
        "Delivery, communication and sign-off": [
            Check("A description says what the analysis can and cannot be used for", True, LIMITS),
            Check("A statement of assurance was given to the approver", None),
            Check("A statement says that ethical concerns and effects on equality were addressed", None),
            Check("The approver challenged it and signed it off, in writing", None),
            Check("What is published was held against the tables and meets accessibility rules", None),
        ],
    }  # fmt: skip
