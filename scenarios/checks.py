"""What must be true of a scenario file beside its form: names that exist, shares that add up, years that fit.

Everything here reads the file as it is, faulty or not, so that one look finds every fault.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from model.vocabulary import TIERS
from scenarios.calendar_years import financial_year_name, first_year, is_financial_year
from scenarios.faults import Fault, meant
from scenarios.form import spoken
from scenarios.toml_files import Place, TomlFile

ROUNDING = 1e-6
COMMISSIONER = "commissioner"
TAKES_NO_MONEY = re.compile(r"^takes_no_money\s*=\s*true", re.MULTILINE)
LONGEST_PATH = 200  # what Windows and file systems bear, with some room
START_YEARS = range(2022, 2061)  # the people of the census of 2021 have lived a year


GIVES = ("shares", "victims_shares", "more", "practice")  # keys of an alternative that name programmes


def scenario_faults(told: TomlFile, programmes: Mapping[str, Path], levers: Iterable[str]) -> list[Fault]:
    """Everything that does not go together in a scenario file, given the programmes and levers there are."""
    faults = [*_calendar_faults(told), *_name_faults(told), *_funding_faults(told, programmes)]
    gives = any(alternative.get(key) for _, alternative in alternatives(told) for key in GIVES)
    meant_to = any(_given_to_nobody(alternative) for _, alternative in alternatives(told))
    if not gives and not meant_to and "alternative" in told.values:
        what = "no alternative gives money to a programme: there is nothing to compare"
        faults.append(told.fault(("alternative", 0), what, "give one of them pounds_a_year and shares"))
    for at, alternative in alternatives(told):
        faults += _money_faults(told, at, alternative)
        faults += _programme_faults(told, at, alternative, programmes, tuple(levers))
        faults += _move_faults(told, at, alternative, programmes)
        faults += _posts_faults(told, at, alternative)
    return faults


def alternatives(told: TomlFile) -> Iterator[tuple[int, dict[str, Any]]]:
    found = told.values.get("alternative")
    for at, alternative in enumerate(found if isinstance(found, list) else ()):
        if isinstance(alternative, dict):
            yield at, alternative


def _calendar_faults(told: TomlFile) -> Iterator[Fault]:
    prices = told.values.get("price_year")
    if isinstance(prices, str) and not is_financial_year(prices):
        what = f"price_year = {prices!r} is no financial year"
        yield told.fault(("price_year",), what, 'write it as "2022/23"')
    start = told.values.get("start")
    if not isinstance(start, datetime.date):
        return
    if start.day != 1 or start.month != 4:
        april = start.year if start.month >= 4 else start.year - 1
        mend = f"plans start with the financial year: write {april}-04-01"
        yield told.fault(("start",), f"start = {start:%Y-%m-%d} is not the first of April", mend)
    if start.year not in START_YEARS:
        what = f"start = {start:%Y-%m-%d} is before the people of the census have lived a year, or far ahead"
        yield told.fault(("start",), what, f"start in April, from {START_YEARS[0]} to {START_YEARS[-1]}")


def _name_faults(told: TomlFile) -> Iterator[Fault]:
    names: list[str] = []
    for at, alternative in alternatives(told):
        name = alternative.get("name")
        if isinstance(name, str) and name in names:
            first = names.index(name) + 1
            what = f"the name {name!r} is already that of alternative {first}"
            yield told.fault(("alternative", at, "name"), what, "give it another name")
        like = alternative.get("like")
        if isinstance(like, str) and like and like not in names:
            mend = meant(like, names, "name an alternative that stands above it")
            what = f"like = {like!r} is no alternative above this one"
            yield told.fault(("alternative", at, "like"), what, mend)
        names.append(str(name))
    comparator = told.values.get("comparator")
    if isinstance(comparator, str) and names and comparator not in names:
        mend = meant(comparator, names, f"use one of {', '.join(names)}")
        yield told.fault(("comparator",), f"comparator = {comparator!r} is no alternative", mend)


def _money_faults(told: TomlFile, at: int, alternative: dict[str, Any]) -> Iterator[Fault]:
    place: Place = ("alternative", at)
    shown = repr(alternative.get("name", at + 1))
    if "like" in alternative:
        for key in ("pounds_a_year", "shares", "split", "uplift"):
            if key in alternative:
                what = f"alternative {shown} has both like and {key}"
                yield told.fault((*place, key), what, "keep one: what is on top of like goes under more")
    else:
        if "more" in alternative:
            yield told.fault((*place, "more"), f"alternative {shown} has more without like", "add like")
        slip = get_close_matches("pounds_a_year", list(alternative))  # of the pen: it has its own fault
        if "uplift" not in alternative and not slip:
            yield told.fault(
                place, f"alternative {shown} has no money", "add pounds_a_year, or like and more"
            )
    for key in ("pounds_a_year", "uplift"):
        yield from _year_faults(told, (*place, key), alternative.get(key))
    more = alternative.get("more")
    for programme, amount in more.items() if isinstance(more, dict) else ():
        yield from _year_faults(told, (*place, "more", programme), amount)
    split = alternative.get("split")
    for key, what_of in (("split", "parts of the split"), ("shares", "shares"), ("victims_shares", "victims_shares")):
        yield from _sum_faults(told, (*place, key), alternative.get(key), f"the {what_of} of alternative {shown}")
    if isinstance(split, dict) and _has_money(split.get("victims")) and not alternative.get("victims_shares"):
        what = f"alternative {shown} has money for victims and does not say for which services"
        yield told.fault((*place, "split"), what, "add victims_shares = { victim_services = 1.0 }")
    if alternative.get("victims_shares") and not isinstance(split, dict):
        what = f"alternative {shown} has victims_shares and no split"
        yield told.fault((*place, "victims_shares"), what, "add split = { prevention = 0.45, victims = 0.55 }")
    if key := _given_to_nobody(alternative):
        what = f"alternative {shown} has money and no shares"
        at_key = "shares" if "shares" in alternative else key
        yield told.fault((*place, at_key), what, "say who gets it, such as shares = { parenting = 1.0 }")


def _given_to_nobody(alternative: Mapping[str, Any]) -> str:
    """The key of an alternative's money for prevention when no shares say who gets it; "" when all is well."""
    if alternative.get("shares") or "like" in alternative:
        return ""
    split = alternative.get("split")
    all_for_victims = isinstance(split, dict) and split.get("prevention") == 0
    if _has_money(alternative.get("pounds_a_year")) and not all_for_victims:
        return "pounds_a_year"
    return "uplift" if _has_money(alternative.get("uplift")) else ""


def _sum_faults(
    told: TomlFile, place: Place, shares: object, words: str, without: str = "the money has no programme"
) -> Iterator[Fault]:
    """Shares of a whole that are more or less than it; `without` says what the rest of it lacks."""
    if not isinstance(shares, dict) or not shares or not all(_is_number(share) for share in shares.values()):
        return
    total = sum(shares.values())
    if abs(total - 1) > ROUNDING and all(0 <= share <= 1 for share in shares.values()):
        over = "more than all" if total > 1 else f"{1 - total:.4g} of {without}"
        yield told.fault(place, f"{words} add up to {total:.10g}, not 1", f"{over}: change the shares")


def _year_faults(told: TomlFile, place: Place, pounds: object) -> Iterator[Fault]:
    """Faults of a table of pounds by financial year."""
    if not isinstance(pounds, dict):
        return
    start, years = told.values.get("start"), told.values.get("years")
    first = start.year if isinstance(start, datetime.date) and start.year in START_YEARS else None
    last = first + years - 1 if first and type(years) is int and 1 <= years <= 30 else None
    if not pounds:
        yield told.fault(place, f"{spoken(place)} is empty", 'write { "2022/23" = 1_000_000 }')
    for name in pounds:
        try:
            year = first_year(name)
        except ValueError:
            mend = f'write it as "{first or 2022}/{((first or 2022) + 1) % 100:02d}"'
            yield told.fault((*place, name), f"{name!r} is no financial year", mend)
            continue
        if (first and year < first) or (last and year > last):
            plan = f"the plan runs from {financial_year_name(first or 0)}" if first else ""
            plan += f" to {financial_year_name(last)}" if last else ""
            yield told.fault((*place, name), f"the year {name!r} is outside the plan", plan)


def _programme_faults(
    told: TomlFile, at: int, alternative: dict[str, Any], known: Mapping[str, Path], levers: tuple[str, ...]
) -> Iterator[Fault]:
    for key in GIVES:
        named = alternative.get(key)
        for programme in named if isinstance(named, dict) else ():
            place = ("alternative", at, key, programme)
            if programme in levers:
                what = f"{key}: {programme!r} is a lever of the budget and no programme"
                yield told.fault(place, what, f"upstream evidence {programme} says which keys it is")
            elif programme not in known:
                mend = meant(programme, known, f"programmes: {', '.join(known)}")
                yield told.fault(place, f"{key}: there is no programme {programme!r}", mend)
            elif is_practice(known[programme]) and key != "practice":
                what = f"{key}: {programme!r} takes no money"
                yield told.fault(place, what, f"write practice = {{ {programme} = 1.0 }}")
            elif key == "practice" and not is_practice(known[programme]):
                yield told.fault(place, f"practice: {programme!r} takes money", "give it some under shares")


def is_practice(path: Path) -> bool:
    """Whether a scheme's file says that it takes no money."""
    try:
        return bool(TAKES_NO_MONEY.search(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        return False


def _move_faults(
    told: TomlFile, at: int, alternative: dict[str, Any], known: Mapping[str, Path]
) -> Iterator[Fault]:
    """Money that is moved: by whom, to whom, from when."""
    listed = alternative.get("move")
    for number, move in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(move, dict):
            continue
        place: Place = ("alternative", at, "move", number)
        for key in ("from", "to"):
            name = move.get(key)
            if isinstance(name, str) and name not in known and name not in TIERS:
                mend = meant(name, (*known, *TIERS), "name a programme, or a tier")
                yield told.fault(place, f"move: there is no programme or tier {name!r}", mend)
        if move.get("from") is not None and move.get("from") == move.get("to"):
            yield told.fault(place, f"move: {move['from']!r} gives to itself", "name two, or leave `to` out")
        if isinstance(move.get("year"), str):
            yield from _year_faults(told, place, {move["year"]: 0.0})


def _posts_faults(told: TomlFile, at: int, alternative: dict[str, Any]) -> Iterator[Fault]:
    """Years from which posts go."""
    listed = alternative.get("posts_go")
    for number, posts in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(posts, dict) and isinstance(posts.get("year"), str):
            yield from _year_faults(told, ("alternative", at, "posts_go", number), {posts["year"]: 0.0})


def _funding_faults(told: TomlFile, known: Mapping[str, Path]) -> Iterator[Fault]:
    """Lines of funding, and who else pays."""
    names = [str(one.get("name")) for _, one in alternatives(told)]
    lines = told.values.get("funding")
    for at, line in enumerate(lines if isinstance(lines, list) else ()):
        if not isinstance(line, dict):
            continue
        place: Place = ("funding", at)
        yield from _year_faults(told, (*place, "pounds_a_year"), line.get("pounds_a_year"))
        if isinstance(line.get("end"), str) and not is_financial_year(line["end"]):
            yield told.fault((*place, "end"), f"end = {line['end']!r} is no financial year", 'write it as "2024/25"')
        for key, there in (("ring_fence", (*known, *TIERS)), ("alternatives", tuple(names))):
            listed = line.get(key)
            for name in listed if isinstance(listed, list) else ():
                if name not in there:
                    what = f"{key} of funding {at + 1}: there is no {name!r}"
                    yield told.fault((*place, key), what, meant(str(name), there, f"known: {', '.join(there)}"))
    funders = told.values.get("funders")
    for name, shares in funders.items() if isinstance(funders, dict) else ():
        place = ("funders", name)
        if name not in known:
            yield told.fault(place, f"funders: there is no programme {name!r}", meant(name, known, "name a programme"))
        whose = f"the shares of those who pay for {name}"
        yield from _sum_faults(told, place, shares, whose, "its cost has nobody who pays it")
        if isinstance(shares, dict) and not _has_money(shares.get(COMMISSIONER)):
            what = f"funders of {name}: the commissioner pays none of it"
            yield told.fault(place, what, "give commissioner = 0.25, or whatever the share is")


def path_fault(told: TomlFile, place: Place, name: str) -> Fault | None:
    """What is wrong with the name of a file or folder beside the scenario: what it needs lies with it."""
    windows, posix = PureWindowsPath(name), PurePosixPath(name)
    if windows.drive or windows.root or posix.is_absolute() or ".." in windows.parts or name.startswith("~"):
        what = f"{spoken(place)} = {name!r} leads out of the folder of the scenario"
        return told.fault(place, what, "put what the scenario needs beside its file, and name it from there")
    if "\0" in name or len(name) > LONGEST_PATH:
        what = f"{spoken(place)} cannot be the name of a file"
        return told.fault(place, what, "give it a shorter name of letters and digits")
    return None


def beside(told_path: Path, name: str) -> Path:
    return told_path.parent / PureWindowsPath(name).as_posix()


def _has_money(pounds: Any) -> bool:
    amounts = pounds.values() if isinstance(pounds, dict) else [pounds]
    return any(_is_number(amount) and amount > 0 for amount in amounts)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
