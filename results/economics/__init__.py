"""What the differences between alternatives are worth, to whom and when: on the record of a run, never in it."""
