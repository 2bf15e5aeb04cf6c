"""Files that someone may write, right and wrong: valid ones changed at random, by the grammar of TOML and CSV and by
slips of the keyboard, of an editor or of a spreadsheet."""

import csv
import io
import random
import tomllib
from collections.abc import Callable
from typing import Any

import tomlkit

WILD: tuple[Any, ...] = (
    "", " ", "1m", "45%", "£1,000", "parenting", "all", "primary", "../..", "/etc/passwd", "C:\\plan.toml", "con", "~",
    "a" * 5000, "naïve ☃ \u202e", "'; drop table", "{}", "%s%n", "west_mercia", "as_agreed", "none", "True",
    "1066-04-01",
    0, 1, -1, 2, 99, 10**9, 10**30, -(10**18), 2**63, 0.5, -0.5, 1e-300, 1e308, float("inf"), float("-inf"),
    float("nan"), True, False, [], [[]], ["parenting", "parenting"], [1, "a", True], {}, {"a": {"b": {}}},
    {"prevention": 0.5}, {"2022/23": 1, "2022/24": 2}, {"1066/67": 5}, [{"name": "x"}],
)  # fmt: skip
CELLS = ("", "x", "-1", "1e9", "nan", "inf", "1,000", "12.5", "E07000235", "9" * 20, "#REF!")
DATES = ("1066-10-14", "2022-04-01", "2022-13-01", "9999-12-31", "2022-04-01T10:00:00Z", "10:00:00")


def changed(values: Any, rng: random.Random) -> Any:
    """The values of a TOML file with one change somewhere within."""
    if isinstance(values, dict) and values:
        key = rng.choice(sorted(values))
        what = rng.random()
        if what < 0.45 and isinstance(values[key], dict | list) and values[key]:
            return values | {key: changed(values[key], rng)}
        if what < 0.6:
            return {name: value for name, value in values.items() if name != key}
        if what < 0.7:
            return {misspelt(name, rng) if name == key else name: value for name, value in values.items()}
        if what < 0.75:
            return values | {rng.choice(("note", "x", "pounds", "Title", key.upper())): rng.choice(WILD)}
        return values | {key: rng.choice(WILD)}
    if isinstance(values, list) and values:
        at, what = rng.randrange(len(values)), rng.random()
        if what < 0.6:
            return [*values[:at], changed(values[at], rng), *values[at + 1 :]]
        if what < 0.75:
            return [*values[:at], *values[at + 1 :]]
        return [*values, values[at]] * (1 if what < 0.95 else 50)
    return rng.choice(WILD)


def misspelt(word: str, rng: random.Random) -> str:
    at = rng.randrange(len(word))
    return rng.choice((word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[::-1], word + "s")) or "x"


def wrong_toml(text: str, rng: random.Random) -> bytes:
    """A TOML file with up to three changes of its values, and perhaps a slip in its text."""
    values = tomllib.loads(text)
    for _ in range(rng.randint(1, 3)):
        values = changed(values, rng) if values else {}
    try:
        told = tomlkit.dumps(in_lines(values))
    except (ValueError, TypeError, OverflowError):  # what no TOML can say
        told = text
    return slipped(told, rng) if rng.random() < 0.3 else told.encode()


def in_lines(values: dict[str, Any]) -> dict[str, Any]:
    """Rows of evidence each on a line of its own, as their files have them."""
    rows = values.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return values
    told = tomlkit.array().multiline(True)
    for row in rows:
        table = tomlkit.inline_table()
        table.update(row)
        told.append(table)
    return {"rows": told} | {name: value for name, value in values.items() if name != "rows"}


def wrong_csv(text: str, rng: random.Random) -> bytes:
    """A CSV file with some cells, rows or columns changed, and perhaps a slip in its text."""
    rows = list(csv.reader(io.StringIO(text)))
    for _ in range(rng.randint(1, 3)):
        row, what = rng.randrange(len(rows)), rng.random()
        if what < 0.5 and rows[row]:
            rows[row][rng.randrange(len(rows[row]))] = rng.choice(CELLS)
        elif what < 0.7 and len(rows) > 1:
            del rows[row]
        elif what < 0.85:
            rows.insert(row, list(rows[row]))
        else:
            at = rng.randrange(max(len(rows[0]), 1))
            rows = [one[:at] + one[at + 1 :] for one in rows]
    made = io.StringIO()
    csv.writer(made, delimiter=rng.choice(",,,;\t"), lineterminator="\n").writerows(rows)
    return slipped(made.getvalue(), rng) if rng.random() < 0.3 else made.getvalue().encode()


def slipped(text: str, rng: random.Random) -> bytes:
    """The text with a slip of the hand or of an editor."""
    at = rng.randrange(len(text) + 1)
    slips: tuple[Callable[[], bytes], ...] = (
        lambda: text[:at].encode(),
        lambda: (text[:at] + text[at + rng.randint(1, 30) :]).encode(),
        lambda: (text[:at] + rng.choice('"[]{}=#,\n\t\0\\\'é') + text[at:]).encode(),
        lambda: text.replace("\n", "\r\n").encode("utf-8-sig"),
        lambda: text.encode("utf-16"),
        lambda: (text[:at] + "é" + text[at:]).encode("latin-1", errors="replace"),
        lambda: text.replace("=", ":", 3).encode(),
        lambda: text.replace('"', "\u201c").encode(),
        lambda: (text[:at] + "[" * 5000).encode(),
        lambda: (text[:at] + "\nx = " + "9" * 5000 + "\n" + text[at:]).encode(),
        lambda: b"PK\x03\x04" + text.encode(),
        lambda: (text + f"\nstart = {rng.choice(DATES)}\n").encode(),
        lambda: f"start = {rng.choice(DATES)}\n{text}".encode(),
        lambda: bytes(rng.randrange(256) for _ in range(200)),
        lambda: b"",
        lambda: (text * 2).encode(),
    )
    return rng.choice(slips)()
