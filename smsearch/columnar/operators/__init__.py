"""The operators of a plan: filter rows, scan a sort order, merge segments. Knows no predicate and no request."""
