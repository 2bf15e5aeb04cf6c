"""Whether the model looks like the world: what it was fitted to, and apart from it what it was not."""
