"""The documented numbers and patterns of the Search API; the only place where one of them stands.

All of them come from the API reference of Search, SearchExpression, Filter, NestedFilters and
GetSearchSuggestions.
"""

from __future__ import annotations

from typing import Final

# SearchExpression (semantics row E2)
LIST_LENGTH_MAX: Final = 20
"""Entries in each of Filters, NestedFilters, SubExpressions, and the Filters of a NestedFilters."""
CONDITIONS_MAX: Final = 50
"""Filters + NestedFilters + SubExpressions, counted through the whole tree."""
NAME_LENGTH_MAX: Final = 255
"""Characters of a property name, a NestedPropertyName and SortBy."""
VALUE_LENGTH_MAX: Final = 1_024
"""Characters of a filter's Value."""
TEXT_PATTERN: Final = ".+"
"""What a property name, a NestedPropertyName, SortBy and a filter's Value must match: no line feed."""
CONTAINS_MAX: Final = 1
"""Contains operators in a request, outside the exempted properties (row E3)."""

# Search (rows R5, R7, R9)
PAGE_SIZE_DEFAULT: Final = 10
PAGE_SIZE_MAX: Final = 100
NEXT_TOKEN_LENGTH_MAX: Final = 8_192
VISIBILITY_CONDITIONS_MAX: Final = 5
VISIBILITY_KEY_LENGTH_MAX: Final = 128
VISIBILITY_VALUE_LENGTH_MAX: Final = 256
VISIBILITY_PATTERN: Final = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
"""What the Key and the Value of a visibility condition must match, in the service's own notation."""

# GetSearchSuggestions
HINT_LENGTH_MAX: Final = 100
HINT_PATTERN: Final = ".*"
SUGGESTIONS_MAX: Final = 10
