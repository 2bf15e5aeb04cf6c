"""What validation found, as rows of one table: a CSV, and a page that can be read without the web."""

import csv
import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from calibration.validation.patterns import KNOWN

SECTIONS = (  # name, title, what it is
    ("fitted", "Figures the model was fitted to",
     "Published figures and the area's own record, at the mean of the fit. That these agree says that the fit worked, "
     "not that the model is right."),
    ("checked", "Figures measured and not fitted to",
     "Published figures of the same kind that the fit did not use, because they tell the same again or are of another "
     "time or place."),
    ("patterns", "Patterns of crime, victims and lives",
     "What a model of crime must show. Each says what the model knows of it: some are targets of the fit, some follow "
     "from what is put into its hazards, and those not used in making it alone can surprise."),
    ("emergence", "The same patterns with a mechanism taken out",
     "Once without state dependence, once with propensity shuffled each month within age and sex, and no home or "
     "person likelier to be harmed than those alike, and once with families and places alike: adverse experiences by "
     "lot, and neither they nor deprivation with a say. A pattern that emerges from a mechanism leaves its band "
     "without it; one that stays in all three worlds is not explained by any of them."),
    ("years", "Years not fitted",
     "How figures of the nation move after the year that was fitted, and how the model's do."),
    ("another_area", "Another force, predicted",
     "From this area's fit, with no refit: people, homes and map of the other area, and nothing of its crime."),
    ("split", "Another force, by groups that are no record of it",
     "Where a force's record is known in all alone, its groups stand as that total by national shares. These rows tell "
     "how the first area's mix differs from the nation's, and are no test."),
    ("trials", "Trials inside the model",
     "Shipped schemes recruited by their own rule, randomised and followed for a year: the ratio of offences of those "
     "offered a place over those not, beside what the scheme's evidence says once who takes part is allowed for. It "
     "tests that what is put in comes out of recruitment, places and chance, and is no evidence that a scheme works: "
     "where a ratio of 1 lies in the band, a scheme that does nothing would pass too."),
    ("adversity", "Adverse experiences taken away",
     "A cohort with and without all adverse experiences: the share of violence that goes, over the share that "
     "comparing people would put down to them. It must be clearly below one, and about a half at the central causal "
     "share."),
)  # fmt: skip
MISUSE = (
    "It does not forecast how much crime there will be: levels are set to the year that was recorded.",
    "It says nothing of any real person, and must not be used to score, rank or choose people.",
    "It does not tell which neighbourhood or street needs what: places are spread by five months of street files.",
    "It must not be read by ethnic group: ethnic group is in no hazard.",
    "It cannot say what a scheme without an outcome study does: such a scheme is centred on no effect here.",
    "It is no evidence that a scheme works. What schemes do is read from studies; here it is tested for consistency.",
    "Rare and grave harm (homicide, rape, child deaths) is too rare in it to compare alternatives by.",
    "Whole lives are less sure than years: too few people are convicted once, and more are sexually assaulted or "
    "abused by a partner at some time in their lives than tell surveys so, men above all.",
    "Where a figure below is missed, no paper should lean on that figure.",
)  # fmt: skip


NO_TEST = ("emergence", "split")  # sections whose rows are not counted as passed or failed


class Row(NamedTuple):
    """One figure held against the world."""

    section: str  # the name of one of SECTIONS
    id: str
    what: str
    where: str
    value: float
    low: float
    high: float
    found: float
    error: float  # standard error over seeds
    verdict: str  # pass, near, fail or not measured
    source: str
    note: str = ""


COLUMNS = Row._fields


def write_csv(path: Path, rows: Sequence[Row], warning: str = "") -> None:
    """A row a figure; a column more where there is something to warn of."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*COLUMNS, *([warning] if warning else [])])
        writer.writerows([[f"{one:.6g}" if isinstance(one, float) else one for one in row] for row in rows])


def counted(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows of each verdict."""
    return {verdict: sum(row.verdict == verdict for row in rows) for verdict in ("pass", "near", "fail")}


def in_words(rows: Sequence[Row]) -> str:
    """How many pass, are near and fail, in a line."""
    told = counted(rows)
    return f"{told['pass']} of {sum(told.values())} within their band, {told['near']} near it, {told['fail']} not"


def shown(number: float) -> str:
    """A figure for a reader: three digits that count, no power of ten."""
    if not np.isfinite(number):
        return "–"
    if number == 0:
        return "0"
    digits = max(0, 2 - int(np.floor(np.log10(abs(number)))))
    return f"{number:,.{digits}f}"


STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; font-size: 0.9rem; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.4rem; }
th, td { border-bottom: 1px solid #bbb; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
tbody th { font-weight: 500; width: 26%; } thead th { white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.fail { background: #f7d9d9; } td.near { background: #fdf1cf; } td.pass { background: #dcefdc; }
h2 { margin-top: 2.5rem; } li { margin: 0.3rem 0; }
"""
HEADS = (("What", ""), ("Where and when", ""), ("World", "number"), ("Band", "number"), ("Model", "number"),
         ("Verdict", ""), ("Source", ""))  # fmt: skip


def page(title: str, about: Sequence[str], rows: Sequence[Row]) -> str:
    """The whole report: what it is not to be used for first, then each section."""
    parts = [
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{html.escape(title)}</title>',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>',
        "<body><main>",
        f"<h1>{html.escape(title)}</h1>", *(f"<p>{html.escape(line)}</p>" for line in about),
        "<h2>What the model should not be used for</h2><ul>",
        *(f"<li>{html.escape(line)}</li>" for line in MISUSE), "</ul>",
        "<p>A figure passes within its band, is near within a quarter of the band's width beyond it, and fails further "
        "off. No band is widened for a miss.</p>",
    ]  # fmt: skip
    parts += ["<h2>In brief</h2><ul>", *(f"<li>{html.escape(line)}</li>" for line in by_section(rows)), "</ul>"]
    for name, heading, words in SECTIONS:
        own = [row for row in rows if row.section == name]
        if own:
            parts += [f"<h2>{html.escape(heading)}</h2><p>{html.escape(words)}</p>", table(heading, own)]
    return "\n".join([*parts, "</main></body></html>\n"])


def table(caption: str, rows: Sequence[Row]) -> str:
    head = "".join(f'<th scope="col" class="{kind}">{name}</th>' for name, kind in HEADS)
    body = []
    for row in rows:
        source = f"{row.source}; {row.note}" if row.note else row.source
        cells = (
            f'<th scope="row">{html.escape(row.what)}</th><td>{html.escape(row.where)}</td>'
            f'<td class="number">{shown(row.value)}</td><td class="number">{shown(row.low)} to {shown(row.high)}</td>'
            f'<td class="number">{shown(row.found)}</td><td class="{row.verdict}">{row.verdict}</td>'
            f"<td>{html.escape(source)}</td>"
        )
        body.append(f"<tr>{cells}</tr>")
    told = html.escape(f"{caption}: {in_words(rows)}" if rows[0].section not in NO_TEST else caption)
    return f"<table><caption>{told}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def by_section(rows: Sequence[Row]) -> list[str]:
    """A line for each section that has rows; with a mechanism taken out, one for each such world."""
    lines = []
    for name, heading, _ in SECTIONS:
        own = [row for row in rows if row.section == name]
        if name == "emergence":
            lines += [f"{heading}: {told}." for told in emergence(rows)]
        elif name == "patterns" and own:
            unseen = [row for row in own if KNOWN["unseen"] in row.note]
            lines.append(f"{heading}: {in_words(own)}. Of those not used in making the model: {in_words(unseen)}.")
        elif own and name not in NO_TEST:
            lines.append(f"{heading}: {in_words(own)}.")
    return lines


def in_band_as_fitted(rows: Sequence[Row]) -> set[str]:
    """Patterns that are in their band as fitted: of the others, a mechanism taken out can show nothing."""
    return {row.id for row in rows if row.section == "patterns" and row.verdict == "pass"}


def emergence(rows: Sequence[Row]) -> list[str]:
    """By mechanism taken out: how many of the patterns that are in their band as fitted leave it; and which leave it
    in none of these worlds."""
    within = in_band_as_fitted(rows)
    own = [row for row in rows if row.section == "emergence" and row.id in within]
    told = []
    for world in dict.fromkeys(row.where for row in own):
        those = [row for row in own if row.where == world]
        out = sum(row.verdict != "pass" for row in those)
        told.append(f"{world}, {out} of the {len(those)} that are in their band as fitted leave it")
    out_of_one = {row.id for row in own if row.verdict != "pass"}
    if stay := dict.fromkeys(row.what for row in own if row.id not in out_of_one):
        told.append(f"in none of these worlds out of its band: {'; '.join(stay)}")
    return told


def summary(rows: Sequence[Row], families: Mapping[str, tuple[int, int]]) -> list[str]:
    """Lines for the terminal."""
    told = "; ".join(f"{family} {met} of {number}" for family, (met, number) in families.items())
    return [*by_section(rows), f"Fitted and verified, by family: {told}."]
