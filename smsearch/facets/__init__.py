"""Facets: which values a property has among some records, counted, or drawn together where they are many.

Made of counts of values (`engine/value_counts.py`); knows no store, no document and no terminal.
"""
