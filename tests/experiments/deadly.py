"""Inputs that end the process which lives them, as running out of memory would."""

import multiprocessing
import os
from dataclasses import dataclass, fields
from typing import Any

from model.inputs import ModelInputs


@dataclass(frozen=True)
class Deadly(ModelInputs):
    """Once the plan is begun."""

    part = "money"

    def __getattribute__(self, name: str) -> Any:
        if name == type(self).part and multiprocessing.parent_process() is not None:
            os._exit(7)
        return super().__getattribute__(name)


@dataclass(frozen=True)
class DeadlyPast(Deadly):
    """While the past is lived."""

    part = "area"


def deadly(inputs: ModelInputs, kind: type[Deadly] = Deadly) -> Deadly:
    return kind(**{field.name: getattr(inputs, field.name) for field in fields(ModelInputs)})


def deadly_past(inputs: ModelInputs) -> Deadly:
    return deadly(inputs, DeadlyPast)
