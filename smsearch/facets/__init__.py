"""Facets: which values a property has among some records, counted, or drawn together where they are many.

Made of a tally (`predicate/tally.py`); knows no store, no document and no terminal.
"""
