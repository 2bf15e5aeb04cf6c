"""What a run came to: a Dataset, and the tables, charts and words made from it. Never starts a run."""
