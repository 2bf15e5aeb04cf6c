"""The form of a scheme's file, and of a lever's: which keys there are and what each may hold.

The rows of numbers beside them are read by model.evidence.
"""

from typing import Annotated

from pydantic import Field

from model.vocabulary import QUINTILES, SEXES
from scenarios.form import Form, Name, Text

Months = Annotated[int, Field(ge=0, le=120)]


class EffectForm(Form):
    """One effect of a scheme, as model.inputs.Effect."""

    kind: str
    targets: Annotated[list[str], Field(min_length=1)]
    ratio: str
    outcome: Text
    effect_on: str
    versus: Text
    against: str | None = None


class ToolForm(Form):
    """A targeting tool: whose waiting lists it orders, by the risk of what."""

    programmes: Annotated[list[str], Field(min_length=1)]
    offences: Annotated[list[str], Field(min_length=1)]


class SchemeForm(Form):
    """A scheme's file."""

    id: Name
    name: Text
    tier: str
    named_by: list[str] = Field(default_factory=list)
    reaches: str = "person"
    found_by: str | None = None
    after: list[str] = Field(default_factory=list)
    ages: Annotated[list[Annotated[int, Field(ge=0, le=110)]], Field(min_length=2, max_length=2)] | None = None
    sexes: Annotated[list[str], Field(min_length=1, max_length=2)] = Field(default_factory=lambda: list(SEXES))
    needs: list[str] = Field(default_factory=list)
    covers: str = "share"
    quintiles: Annotated[list[Annotated[int, Field(ge=1, le=5)]], Field(min_length=1)] = Field(
        default_factory=lambda: list(QUINTILES)
    )
    set_up_months: Months
    ramp_months: Months = 0
    run_down_months: Months = 0
    waiting_months: Months | None = None
    takes_no_money: bool = False
    graded: Text
    outcome_study: bool
    effect: list[EffectForm] = Field(default_factory=list)
    tool: ToolForm | None = None


class LeverForm(Form):
    """A lever's file: which keys of the budget it is."""

    id: Name
    name: Text
    named_by: list[str] = Field(default_factory=list)
    lever: Annotated[list[str], Field(min_length=1)]
    graded: Text
