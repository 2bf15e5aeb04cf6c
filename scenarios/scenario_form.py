"""The form of a scenario file: which keys there are and what each may hold."""

import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from scenarios.form import LARGEST_SEED, Form, Name, PoundsByYear, Text

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class RunForm(Form):
    """How it is run unless the command line says otherwise."""

    scale: Annotated[float, Field(gt=0, le=1)] = 0.15
    replicates: Annotated[int, Field(ge=1, le=100_000)] = 8
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = 1


class SplitForm(Form):
    """How the pounds of a year are split; each part has shares of its own."""

    prevention: Share
    victims: Share


class MoveForm(Form):
    """Money that goes from a programme, or a tier, to another, or back where it came from."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    source: Text = Field(alias="from")
    to: Text | None = None
    share: Share
    year: str  # the first financial year in which it is gone
    over_years: Annotated[int, Field(ge=1, le=30)] = 1


class PostsForm(Form):
    """Posts of the force that go under an alternative: what its finance officer says, and no outcome of the model."""

    role: Literal["response", "investigation", "custody", "public_protection"]
    posts: Annotated[float, Field(gt=0, le=10_000)]
    year: str  # the first financial year in which they are gone
    pounds_a_year: Annotated[float, Field(gt=0, le=1_000_000)]  # that the force then spends less on each
    hours_a_year: Annotated[float, Field(gt=0, le=3_000)]  # worked in each


class AlternativeForm(Form):
    """One way to spend: either pounds and shares, or like another alternative and more of something."""

    name: Name
    title: Text
    note: str = ""
    pounds_a_year: PoundsByYear | None = None
    split: SplitForm | None = None
    uplift: PoundsByYear | None = None
    shares: dict[str, Share] = Field(default_factory=dict)
    victims_shares: dict[str, Share] = Field(default_factory=dict)
    like: Text | None = None
    more: dict[str, PoundsByYear] = Field(default_factory=dict)
    move: list[MoveForm] = Field(default_factory=list)
    practice: dict[str, Share] = Field(default_factory=dict)
    posts_go: list[PostsForm] = Field(default_factory=list)
    review: Literal["fixed", "by_evidence_grade", "by_measured_result"] | None = None


class FundingForm(Form):
    """A line of funding: who gives how much, for what, and until when."""

    source: Text
    pounds_a_year: PoundsByYear
    ring_fence: list[Text] = Field(default_factory=list)  # programmes or tiers; empty for anything
    end: str | None = None  # the last financial year in which it pays
    alternatives: list[Text] = Field(default_factory=list)  # in which it is there; empty for all


class ScenarioForm(Form):
    """A scenario file."""

    title: Text
    question: Text
    area: Text
    start: datetime.date
    years: Annotated[int, Field(ge=1, le=30)]
    price_year: str
    comparator: str
    schemes: list[str] = Field(default_factory=list)
    underspend: Literal["returned", "carried"] = "returned"
    funders: dict[str, dict[str, Share]] = Field(default_factory=dict)  # who pays which share of a programme
    bias_by_ethnic_group: dict[str, Annotated[float, Field(gt=0, le=20)]] = Field(default_factory=dict)
    run: RunForm = RunForm()
    funding: list[FundingForm] = Field(default_factory=list)
    alternative: Annotated[list[AlternativeForm], Field(min_length=1, max_length=40)]


