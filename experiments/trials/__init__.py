"""Randomised trials inside the model: who is found by a scheme's own rule is randomised, and both arms are followed."""
