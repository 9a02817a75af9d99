"""Segments at rest: columns, dictionaries, sort orders and documents, memory-mapped and immutable.

Knows no query and no API. What each file holds is in `docs/store-format.md`.
"""
