"""Evaluates a predicate over a store's columns: plans how a page is found, and walks until it is full. Sees no JSON."""
