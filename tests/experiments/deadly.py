"""Inputs that end the process which lives them, as running out of memory would."""

import multiprocessing
import os
from dataclasses import dataclass, fields
from typing import Any

from model.inputs import ModelInputs


@dataclass(frozen=True)
class Deadly(ModelInputs):
    def __getattribute__(self, name: str) -> Any:
        if name == "money" and multiprocessing.parent_process() is not None:
            os._exit(7)
        return super().__getattribute__(name)


def deadly(inputs: ModelInputs) -> Deadly:
    return Deadly(**{field.name: getattr(inputs, field.name) for field in fields(ModelInputs)})
