"""Programmes and who pays for them: model/ODD.md 7.11 to 7.16."""

from experiments.reference.programmes.at_work import admit, begin_year, close_year, find
from experiments.reference.programmes.cases import sentence_draw
from experiments.reference.programmes.effects import log_ratio
from experiments.reference.programmes.places import at_place, kept_at, recording_at
from experiments.reference.programmes.state import begin

__all__ = [
    "admit",
    "at_place",
    "begin",
    "begin_year",
    "close_year",
    "find",
    "kept_at",
    "log_ratio",
    "recording_at",
    "sentence_draw",
]
