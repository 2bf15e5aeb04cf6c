"""What the model is held against: published figures, and how each is measured in a watched run."""

from calibration.targets.reader import Target, area_targets, area_words, read_targets, targets_of

__all__ = ["Target", "area_targets", "area_words", "read_targets", "targets_of"]
