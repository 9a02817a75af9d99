"""Records in memory: the reference that judges every other evaluator, and a collection that changes."""
