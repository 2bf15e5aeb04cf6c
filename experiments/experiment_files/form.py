"""The form of an experiment file: which keys there are and what each may hold."""

from typing import Annotated, Literal

from pydantic import Field

from scenarios.form import LARGEST_SEED, MOST_POUNDS, Form, Name, Text

MOST_POLICIES = 40
Number = Annotated[float, Field(ge=0, le=MOST_POUNDS, allow_inf_nan=False)]


class LeverForm(Form):
    """Something that can be set: a key of the policies, and what it may be."""

    name: Name
    sets: Text  # more.PROGRAMME, practice.PROGRAMME or review
    between: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None
    step: Annotated[float, Field(gt=0, le=MOST_POUNDS)] | None = None  # whole steps from the low end
    among: Annotated[list[Number | Text], Field(min_length=2, max_length=100)] | None = None


class SizeForm(Form):
    """How large it is; what is left out is as the scenario or the method has it."""

    scale: Annotated[float, Field(gt=0, le=1)] | None = None
    years: Annotated[int, Field(ge=1, le=30)] | None = None
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None
    replicates: Annotated[int, Field(ge=1, le=100_000)] | None = None
    draws: Annotated[int, Field(ge=1, le=100_000)] | None = None  # of explore
    sampled_policies: Annotated[int, Field(ge=1, le=MOST_POLICIES)] | None = None  # of explore, from the levers
    trajectories: Annotated[int, Field(ge=2, le=10_000)] | None = None  # of morris
    bases: Annotated[int, Field(ge=8, le=1 << 16)] | None = None  # of sobol, a power of 2
    emulate: Annotated[int, Field(ge=16, le=100_000)] | None = None  # of sobol: from an emulator of so many points


class ExperimentForm(Form):
    """An experiment file."""

    title: Text
    question: Text
    scenario: Text
    method: Literal["explore", "tornado", "morris", "sobol"]
    outcomes: Annotated[list[Text], Field(min_length=1, max_length=20, default_factory=lambda: ["offences"])]
    policies: Annotated[list[Text], Field(max_length=MOST_POLICIES, default_factory=list)]  # none named: all
    uncertainties: Annotated[list[Text], Field(max_length=1000, default_factory=list)]  # none named: all that count
    leave_out_past: bool = False  # of sensitivity: numbers that alter the lives lived before the start, which cost most
    lever: Annotated[list[LeverForm], Field(max_length=20, default_factory=list)]
    run: SizeForm = SizeForm()
