"""What is wrong with a file that does not have its form: one fault a key, with its line and what was meant.

The forms themselves are in scenario_form.py and scheme_form.py.
"""

import datetime
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scenarios.faults import Fault, meant
from scenarios.toml_files import TomlFile

MOST_POUNDS = 1_000_000_000  # several times the whole budget of a police force
LARGEST_SEED = 2**63 - 1

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Pounds = Annotated[float, Field(ge=0, le=MOST_POUNDS, allow_inf_nan=False)]
PoundsByYear = Pounds | dict[str, Pounds]


class Form(BaseModel):
    """Nothing is turned into something else in silence, and no key is passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


# What to write, by the last word of the key.
EXAMPLES = {
    "start": "write the first of April without quotation marks or a time, such as 2022-04-01",
    "years": "write a whole number from 1 to 30",
    "price_year": 'write a financial year, such as "2022/23"',
    "scale": "write a share above 0 and up to 1, such as 0.1",
    "replicates": "write a whole number of at least 1",
    "seed": "write a whole number from 0",
    "pounds_a_year": "write pounds as a plain number, such as 1_000_000, or a table by financial year",
    "shares": "write a share between 0 and 1, such as 0.45",
    "more": "write pounds a year as a plain number, such as 500_000",
    "alternative": "start each alternative with [[alternative]]",
    "sexes": 'write ["female"], ["male"] or both',
    "ages": "write the first and the last age, such as [11, 25]",
    "effect": "start each effect with [[effect]]",
    "title": "write text in quotation marks",
    "question": 'write text in quotation marks: question = "What do we get for the money?"',
    "area": 'name one: area = "west_mercia"',
    "comparator": 'name the alternative that the others are compared with: comparator = "as_agreed"',
    "schemes": 'write a list: schemes = ["my_scheme.toml"]',
    "outcome_study": "write true if a study has measured what the scheme does, else false",
    "among": "write a list of numbers, or of words: among = [0, 250_000]",
    "between": "write its two ends: between = [0, 500_000]",
    "targets": "name at least one, in quotation marks",
    "reaches": 'write reaches = "person", "children", "family", "place" or "system"',
    "quintiles": "write fifths of deprivation from 1 (most deprived) to 5, such as [1, 2]",
    "split": "write the two shares, such as split = { prevention = 0.45, victims = 0.55 }",
    "uplift": "write pounds as a plain number, such as 1_000_000, or a table by financial year",
    "move": 'write move = [{ from = "mentoring", to = "parenting", share = 0.2, year = "2024/25" }]',
    "practice": "write the share of those met that it is applied to, between 0 and 1",
    "posts_go": 'write posts_go = [{ role = "response", posts = 2, year = "2025/26", pounds_a_year = 60_000, '
    "hours_a_year = 1_500 }]",
    "role": 'write role = "response", "investigation", "custody" or "public_protection"',
    "posts": "write how many posts, such as 2",
    "hours_a_year": "write the hours worked in one post a year, such as 1_500",
    "funding": "start each line of funding with [[funding]]",
    "end": 'write the last financial year in which it pays, such as "2024/25"',
    "review": 'write review = "fixed", "by_evidence_grade" or "by_measured_result"',
    "ring_fence": 'write a list: ring_fence = ["mentoring"]',
    "year": 'write a financial year in quotation marks: year = "2023/24"',
    "funders": 'write [funders.mentoring], and under it commissioner = 0.25 and "who else" = 0.75',
    "bias_by_ethnic_group": "write the ratio of wrong flags, such as 1.5",
    "set_up_months": "write whole months, such as 3",
    "ramp_months": "write whole months, such as 6",
    "run_down_months": "write whole months, such as 3",
    "waiting_months": "write whole months, such as 6",
    "tool": "write [tool] once, with programmes and offences under it",
    "share": "write a share between 0 and 1, such as 0.45",
    "underspend": 'write underspend = "returned" or "carried"',
    "name": "use small letters, digits and _, starting with a letter",
    "id": "use small letters, digits and _, starting with a letter",
}


def form_faults(told: TomlFile, form: type[Form]) -> list[Fault]:
    """Everything in which the file does not have the form, a fault for each key."""
    try:
        form.model_validate(dict(told.values))
    except ValidationError as error:
        parts = {_key(part["loc"]): part for part in reversed(error.errors(include_url=False))}
        misspelt = {
            (*place[:-1], _meant_key(form, place)) for place in parts if _is(parts[place], "extra_forbidden")
        }
        shown = {
            place: part
            for place, part in reversed(parts.items())  # as the form has them
            if not (_is(part, "missing") and place in misspelt)
            and not any(len(other) > len(place) and other[: len(place)] == place for other in parts)
        }
        return sorted((_fault(told, p, part, form) for p, part in shown.items()), key=lambda f: f.line)
    return []


def _is(part: Mapping[str, Any], kind: str) -> bool:
    return bool(part["type"] == kind)


def _meant_key(form: type[BaseModel], place: tuple[Any, ...]) -> str:
    close = get_close_matches(str(place[-1]), list(_keys_beside(form, place)), n=1)
    return close[0] if close else ""


def _key(loc: tuple[Any, ...]) -> tuple[Any, ...]:
    """Where the key stands in the file: without the names that pydantic gives the arms of a choice."""
    arms = ("float", "dict[str,constrained-float]", "constrained-float", "constrained-str")
    return tuple(part for part in loc if part not in arms and not str(part).startswith(("dict[", "float")))


def _fault(told: TomlFile, place: tuple[Any, ...], part: Mapping[str, Any], form: type[Form]) -> Fault:
    value = _value_at(told.values, place)
    words = spoken(place)
    if part["type"] == "missing":
        return told.fault(
            place, f"{words} is missing", EXAMPLES.get(str(place[-1]), f"add {place[-1]} = ...")
        )
    if part["type"] == "extra_forbidden":
        known = tuple(_keys_beside(form, place))
        otherwise = f"known here: {', '.join(known)}"
        return told.fault(place, f"{words} is not known", meant(str(place[-1]), known, otherwise))
    why, how = _why(part, value)
    own = next((EXAMPLES[str(p)] for p in reversed(place) if str(p) in EXAMPLES), how)
    return told.fault(place, f"{words} = {shorten(value)}: {why}", _hint(value, place) or own)


def _why(part: Mapping[str, Any], value: object) -> tuple[str, str]:
    """What is amiss with a value, and how to mend it where its key has no example of its own."""
    kind, limits = part["type"], part.get("ctx", {})
    bounds, template = "write a number in these bounds", "see the template: upstream new"
    if value != value or value in (float("inf"), float("-inf")):
        return "is no number to reckon with", "write a plain number"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "ge" in limits:
            return f"is below {plain(limits['ge'])}", bounds
        if "gt" in limits:
            return f"is not above {plain(limits['gt'])}", bounds
        if "le" in limits:
            return f"is above {plain(limits['le'])}", bounds
    if kind == "too_short" or kind == "too_long":
        return f"has {limits.get('actual_length', 'too few or many')} entries", template
    if kind.startswith("string_pattern"):
        return "is no name", template
    if kind == "string_too_long":
        return "is too long", template
    if kind == "string_too_short":
        return "is empty", template
    if kind == "literal_error":
        return "is none of those known", f"write one of {limits['expected']}"
    asked, how = _wanted(kind)
    return f"should be {asked}", how


def _wanted(kind: str) -> tuple[str, str]:
    """What is asked for where pydantic tells this kind of fault, and how it is written."""
    kinds = {
        "float": ("a number", "write a plain number, without quotation marks"),
        "int": ("a whole number", "write a whole number, without quotation marks"),
        "string": ("text in quotation marks", "write it in quotation marks"),
        "date": ("a date", "write a date without quotation marks, such as 2022-04-01"),
        "bool": ("true or false", "write true or false, without quotation marks"),
        "list": ("a list", 'write it in square brackets, such as ["one", "another"]'),
        "dict": ("a table", "write its keys in braces, or below its name in square brackets"),
        "model": ("a table", "write its keys in braces, or below its name in square brackets"),
    }
    return next((told for name, told in kinds.items() if kind.startswith(name)), ("something else", "see the template"))


def _hint(value: object, place: tuple[Any, ...]) -> str:
    """What was probably meant by common slips: '1m', '45%', 45 for a share."""
    if isinstance(value, str) and (number := _number_in(value)) is not None and place[-1] != "start":
        return f"probably {plain(number)} without quotation marks is meant"
    is_share = bool({"shares", "victims_shares", "split", "practice", "funders"} & set(place)) or place[-1] in (
        "scale", "share",
    )  # fmt: skip
    if is_share and isinstance(value, int | float) and not isinstance(value, bool) and 1 < value <= 100:
        return f"probably {value / 100:g} is meant"
    return ""


def plain(number: float) -> str:
    """A number as one writes it in TOML."""
    return f"{int(number):_}" if number == int(number) else f"{number:g}"


def _number_in(text: str) -> float | None:
    bare = text.strip().lower().lstrip("£").replace(",", "").replace("_", "").strip()
    for ending, times in (("million", 1e6), ("mn", 1e6), ("m", 1e6), ("k", 1e3), ("%", 0.01), ("", 1)):
        if bare.endswith(ending):
            try:
                number = float(bare.removesuffix(ending)) * times
            except ValueError:
                continue
            return number if 0 <= number <= MOST_POUNDS else None
    return None


def _keys_beside(form: type[BaseModel], place: tuple[Any, ...]) -> Iterator[str]:
    """The keys that the table around `place` may have."""
    for part in place[:-1]:
        field = form.model_fields.get(str(part))
        form = next(_forms_in(field.annotation), form) if field else form
    yield from (field.alias or name for name, field in form.model_fields.items())


def _forms_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The forms that a field may hold, alone or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _forms_in(part)


def _value_at(values: Any, place: tuple[Any, ...]) -> Any:
    for part in place:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def spoken(place: tuple[Any, ...]) -> str:
    """A place in a file in words: 'shares.parenting of alternative 2'."""
    numbers = [at for at, part in enumerate(place) if isinstance(part, int)]
    if not numbers:
        return ".".join(map(str, place))
    at = numbers[0]
    owner = f"{place[at - 1]} {place[at] + 1}"
    rest = ".".join(str(part + 1 if isinstance(part, int) else part) for part in place[at + 1 :])
    return f"{rest} of {owner}" if rest else owner


def shorten(value: object) -> str:
    """A value as shown in a fault: whole when short."""
    shown = str(value) if isinstance(value, datetime.date | datetime.time) else repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
