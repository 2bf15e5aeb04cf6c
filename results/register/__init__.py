"""What a run predicted, kept, and how it is scored against what was recorded."""
