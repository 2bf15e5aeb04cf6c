"""Which tables an area has: their columns, what a cell may hold, and what makes a row unique."""

from collections.abc import Mapping
from math import inf
from typing import Literal, NamedTuple

from model.vocabulary import OFFENCES, SEXES, STREET_TYPES

PROVENANCES = ("checked", "unchecked", "derived", "judgement")
OLDEST = 90  # the last single year of age: 90 and over
SIZES = ("1", "2", "3", "4", "5", "6", "7", "8 or more")
DESTINATIONS = ("same_district", "another_district", "outside_the_force")
WIDE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "violence": OFFENCES[0:4],
    "sexual": OFFENCES[4:6],
    "robbery": ("robbery",),
    "theft": OFFENCES[7:13],
    "damage_and_arson": ("criminal_damage", "arson"),
    "drugs": ("drugs",),
    "weapons": ("weapons",),
    "public_order": ("public_order",),
    "other": ("other",),
}

Kind = Literal["text", "number", "whole", "choice", "district", "source", "period", "financial_year"]


class Column(NamedTuple):
    """A column: numbers lie from `low` to `high`; `blank` says that a cell may be empty."""

    name: str
    kind: Kind = "text"
    low: float = -inf
    high: float = inf
    choices: tuple[str, ...] = ()
    blank: bool = False


class Measure(NamedTuple):
    """What the `value` of a row may be, by the name in its `measure` column."""

    low: float = 0.0
    high: float = inf
    whole: bool = False
    unit: str = ""  # what the unit of its rows starts with; any when empty


class Layout(NamedTuple):
    """A table: file `name`.csv, no two rows alike in `key`."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = True
    measures: Mapping[str, Measure] = {}


COUNT = Measure(whole=True)
SHARE = Measure(high=1.0, unit="share")
PER_1000 = Measure(high=1000.0, unit="per 1,000 residents a year")
RATIO = Measure(low=0.05, high=10.0)

DISTRICT = Column("district", "district")
AGE_FROM = Column("age_from", "whole", 0, OLDEST)
AGE_TO = Column("age_to", "whole", 0, 120, blank=True)
LIMITS = (Column("low", "number", blank=True), Column("high", "number", blank=True))
ORIGIN = (Column("source", "source"), Column("provenance", "choice", choices=PROVENANCES))
NOTE = Column("note", blank=True)


def _measured(measures: Mapping[str, Measure], *, between: tuple[Column, ...] = ()) -> tuple[Column, ...]:
    """The opening columns of a table with one value of one measure a row."""
    return (
        DISTRICT,
        Column("measure", "choice", choices=tuple(measures)),
        *between,
        Column("value", "number"),
        *LIMITS,
        Column("unit"),
    )


_HOUSEHOLDS = {
    "households_of_size": COUNT,
    "residents_in_households": COUNT,
    "residents_in_communal_establishments": COUNT,
    "legal_partnership_share": SHARE,
    "living_in_couple": SHARE,
    "composition_estimate_share": SHARE,
    "children_living_with_lone_parent": SHARE,
}
_FERTILITY = {"births_a_year": Measure(), "fertility_ratio": RATIO}
_MORTALITY = {
    "deaths_a_year": Measure(),
    "life_expectancy_at_birth": Measure(40.0, 110.0),
    "mortality_ratio": RATIO,
}
_MOVES = {
    "moves_in": PER_1000,
    "moves_out": PER_1000,
    "abroad_in": PER_1000,
    "abroad_out": PER_1000,
    "moves_in_count": COUNT,
    "moves_out_count": COUNT,
    "abroad_in_count": COUNT,
    "abroad_out_count": COUNT,
    "same_address_a_year_ago": SHARE,
    "student_or_boarding_address_a_year_ago": SHARE,
    "moved_within_uk_in_year": SHARE,
    "moved_from_outside_uk_in_year": SHARE,
}
_FLAG = ("0", "1")

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "population_single_year",
        "Usual residents on census day by district, sex and single year of age; 90 means 90 and over.",
        (
            DISTRICT,
            Column("sex", "choice", choices=SEXES),
            Column("age", "whole", 0, OLDEST),
            Column("residents", "whole", 0),
        ),
        ("district", "sex", "age"),
    ),
    Layout(
        "households",
        "Households by size, people in communal establishments, and the shares who live as a couple or, of "
        "children, with a lone parent.",
        (*_measured(_HOUSEHOLDS, between=(Column("category"),)), *ORIGIN, NOTE),
        ("district", "measure", "category"),
        measures=_HOUSEHOLDS,
    ),
    Layout(
        "fertility",
        "Births over those expected at national rates (fertility_ratio), and births a year.",
        (*_measured(_FERTILITY), Column("period", "period"), *ORIGIN, NOTE),
        ("district", "measure"),
        measures=_FERTILITY,
    ),
    Layout(
        "mortality",
        "Hazard of death by sex relative to the national table (mortality_ratio), life expectancy, deaths.",
        (
            *_measured(_MORTALITY, between=(Column("sex", "choice", choices=(*SEXES, "all")),)),
            Column("period", "period"),
            *ORIGIN,
            NOTE,
        ),
        ("district", "measure", "sex"),
        measures=_MORTALITY,
    ),
    Layout(
        "moves",
        "Moves a year per 1,000 residents: within the country in and out, abroad in and out; with counts.",
        (*_measured(_MOVES), Column("period", "period"), *ORIGIN),
        ("district", "measure", "period"),
        measures=_MOVES,
    ),
    Layout(
        "net_migration_by_age",
        "Net migration of all kinds, per 1,000 residents a year, in bands of age (age_to empty: and over).",
        (DISTRICT, AGE_FROM, AGE_TO, Column("net", "number", -1000, 10_000)),
        ("district", "age_from"),
    ),
    Layout(
        "move_destinations",
        "Of moves between neighbourhoods, the share that stays in the district, goes to another district of "
        "the force, or leaves the force, in bands of age.",
        (
            AGE_FROM,
            AGE_TO,
            Column("destination", "choice", choices=DESTINATIONS),
            Column("share", "number", 0, 1),
            *LIMITS,
        ),
        ("destination", "age_from"),
    ),
    Layout(
        "neighbourhoods",
        "Small areas: deprivation (1 is most deprived), residents, flags, offences by type in five months.",
        (
            Column("code"),
            Column("name"),
            DISTRICT,
            Column("imd_rank", "whole", 1, blank=True),
            Column("imd_quintile", "whole", 1, 5),
            *(
                Column(f"{domain}_decile", "whole", 1, 10, blank=True)
                for domain in ("imd", "income", "education", "crime")
            ),
            Column("rural_urban_class", blank=True),
            Column("rural", "choice", choices=_FLAG),
            Column("town_centre", "choice", choices=_FLAG),
            Column("town_centre_rule", blank=True),
            Column("retail_site", "choice", choices=_FLAG),
            Column("residents", "whole", 0),
            Column("residents_0_17", "whole", 0),
            Column("residents_10_24", "whole", 0),
            *(Column(kind, "whole", 0) for kind in STREET_TYPES),
        ),
        ("code",),
    ),
    Layout(
        "recorded_groups",
        "Offences recorded in the year to March 2023, one row for each group of the model, and how obtained.",
        (
            Column("group", "choice", choices=OFFENCES),
            Column("value", "number", 0),
            *LIMITS,
            Column("period", "period"),
            *ORIGIN,
            NOTE,
        ),
        ("group",),
    ),
    Layout(
        "periods",
        "Offences recorded, charged and dealt with out of court, by wide group and financial year.",
        (
            Column("measure", "choice", choices=("recorded", "charged", "out_of_court")),
            Column("group", "choice", choices=("all_excluding_fraud", *WIDE_GROUPS)),
            Column("period", "financial_year"),
            Column("value", "whole", 0),
            *ORIGIN,
        ),
        ("measure", "group", "period"),
        required=False,
    ),
    Layout(
        "recorded_crime",
        "Recorded offences and incidents as published, by year and wide group.",
        (
            Column("year_ending"),
            Column("group"),
            Column("value", "whole", 0),
            *LIMITS,
            Column("unit"),
            *ORIGIN,
            NOTE,
        ),
        ("year_ending", "group"),
        required=False,
    ),
    Layout(
        "ethnic_group",
        "Usual residents by district and broad ethnic group; for reporting only.",
        (DISTRICT, Column("ethnic_group"), Column("residents", "whole", 0)),
        ("district", "ethnic_group"),
        required=False,
    ),
)
