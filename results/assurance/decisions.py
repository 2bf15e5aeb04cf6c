"""What the run was asked, what it must not be used for, and what it was made with."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

from results.assurance.assumptions import unmeasured_schemes
from results.assurance.page import LIMITS, NOT_DONE, Of, listed, page, table
from results.compare import comparator_of, figure, others
from results.labels import horizon, quoted, spoken, year_name
from results.notes import covers_note, notes


class Alternative(NamedTuple):
    """An alternative as the scenario puts it."""

    name: str
    title: str
    note: str
    review: str  # the rule by which its money is reviewed


class Text(NamedTuple):
    """A text that is referred to, by its hash and headings."""

    file: str
    sha256: str
    headings: tuple[str, ...]


def decisions_page(of: Of, ds: xr.Dataset, alternatives: Sequence[Alternative], texts: Sequence[Text]) -> str:
    """The decisions log: what was asked of the run, and where each choice of modelling is given its reason."""
    told = ds.attrs
    runs, draws = ds.sizes["replicate"], len(np.unique(ds.draw.values))
    return page(of, "Decisions log", [
        f"What this run was asked. Who decided each line, when and why is **{NOT_DONE}**: Upstream cannot know it. "
        "`scenario.toml` beside this folder is the question as it was put, with its author's comments.",
        "## The question",
        table(("what", "as it was put"), [
            ("title", told.get("title", "")), ("question", told.get("question", "")), ("area", told.get("area", "")),
            ("period", horizon(ds)), ("comparator", quoted(comparator_of(ds))),
            ("pounds", f"of {told['price_year']} prices"),
            ("share of households simulated", f"{float(told['scale']):g}"), ("runs of each alternative", runs),
            ("sets of values of the uncertain numbers", draws), ("seed", told.get("seed", "")),
            ("numbers drawn", told.get("uncertainties_drawn") or "all that have a range"),
            ("funders named for a scheme", told.get("funders", "") if told.get("funders", "{}") != "{}" else "none"),
        ]),
        "## Alternatives and money",
        table(("alternative", "title", "note", "review of the money", "commissioner's spend", "all who pay"),
              _money(ds, alternatives)),
        "Spend over the plan: the mean over runs, in pounds of the price year, undiscounted. Others pay where a "
        "scheme's file says that the commissioner pays a share of it. What is given and not spent found too few "
        "people for its places (`limits.md` says where), and goes back or is carried. Alternatives that Upstream "
        "made to tell the parts of a plan apart have no title.",
        "## Lines of funding",
        _funding(ds),
        "## Choices of modelling",
        "Each is given with its reason in the texts below, which are part of this version of Upstream. They are "
        "referred to by name and hash; the first lies beside this page as `ODD.md`.",
        *(f"**`{one.file}`** (SHA-256 {one.sha256 or 'not on this machine'})\n\n{listed(one.headings)}"
          for one in texts),
    ])  # fmt: skip


def _money(ds: xr.Dataset, alternatives: Sequence[Alternative]) -> list[list[str]]:
    paid = [ds[name].sum(["programme", "year"]).mean("replicate") for name in ("commissioner_spend", "programme_spend")]
    by_name = {one.name: one for one in alternatives}
    rows = []
    for name in map(str, ds.alternative.values):
        one = by_name.get(name, Alternative(name, "", "", ""))
        pounds = [f"£{figure(float(spend.sel(alternative=name)), 1000)}" for spend in paid]
        rows.append([spoken(name), one.title, one.note, one.review, *pounds])
    return rows


def _funding(ds: xr.Dataset) -> str:
    lines = json.loads(ds.attrs.get("funding") or "[]")
    if not lines:
        return "The scenario names none."
    total: dict[tuple[str, str], float] = {}
    for line in lines:
        key = (line["alternative"], line["source"])
        total[key] = total.get(key, 0.0) + line["pounds"]
    rows = [[spoken(name), source, f"£{figure(pounds, 1000)}"] for (name, source), pounds in total.items()]
    return table(("alternative", "line of funding", "given over the plan"), rows)


def limits_page(of: Of, ds: xr.Dataset, purpose: str, misuse: Sequence[str]) -> str:
    """The use that an assurer would answer for, and what the run must not be used for."""
    unmeasured = unmeasured_schemes(ds)
    compared = ", ".join(quoted(name) for name in others(ds, comparator_of(ds))) or "no other alternative"
    return page(of, "The use, and its limits", [
        "## The use",
        f"To compare {compared} with {quoted(comparator_of(ds))} for {ds.attrs.get('area', '')} over {horizon(ds)}: "
        f"{ds.attrs.get('question', '')}",
        "Anything else is another use, which nobody has looked at. The decision that it is for, its date and who "
        f"takes it: **{NOT_DONE}**.",
        "## What Upstream says it is for, and what not",
        purpose,
        "## What the model should not be used for",
        "In the words of the report of `upstream validate`; the figures that it speaks of are in `validation.md`.",
        listed(misuse) if misuse else "This version of Upstream names none.",
        "## What stands beside this run's figures",
        listed(notes(ds)),
        "## What its ranges leave out",
        f"Ranges over runs: {covers_note(ds)} A number without a range (see `assumptions.csv`) is in no range either.",
        "## Schemes that no study has measured",
        f"What they avert is a belief: {'; '.join(unmeasured)}." if unmeasured else "None of those with money here.",
        "## Money",
        "Averted costs are no cash saved: the four lines of `tables/who_gains.csv` (cash to the force, its capacity, "
        "other services, social value) are never added up, and a service banks nothing unless it then spends less.",
    ])  # fmt: skip


def versions_page(of: Of, ds: xr.Dataset, now: Mapping[str, str]) -> str:
    """What the run was made with, beside what this pack was made with, and the seeds."""
    told = ds.attrs
    then = json.loads(told.get("versions") or "{}")
    hashes = ("source_hash", "evidence_hash", "area_hash", "posterior_hash", "git_revision", "version")
    rows = [(name, told.get(name) or "none", now.get(name) or "none") for name in hashes]
    rows += [(name, str(then.get(name, "unknown")), now.get(name, "unknown")) for name in then]
    return page(of, "Versions and seeds", [
        "What the run was made with, and what this pack was made with. The run is made again by the same version, with "
        "`upstream run scenario.toml` and the settings below; on the same kind of machine it is the same to the bit.",
        table(("what", "the run", "this pack", "same"),
              [[*row, "yes" if row[1] == row[2] else "**no**"] for row in rows]),
        "## Seeds",
        f"Seed {told.get('seed', '')}; scale {told['scale']}; {ds.sizes['year']} years from "
        f"{year_name(int(ds.year[0]))}; blocks of draws {told.get('blocks_of_draws', '')}; replicates in a draw "
        f"{told.get('replicates_per_draw', '')}.",
        table(("run", "draw", "seed"), [
            (r + 1, str(draw), str(seed))
            for r, (draw, seed) in enumerate(zip(ds.draw.values, ds.seed.values, strict=True))
        ]),
        "Every value of every uncertain number in every draw stands in `run.toml` under `[values]`.",
        f"The use that this pack is for stands in `{LIMITS}`.",
    ])  # fmt: skip
