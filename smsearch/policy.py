"""The rules that nobody documents, as one value.

Each field is a row of `docs/semantics.md` marked *decided*; the default is that table. When the service turns
out to do otherwise, one default changes here and nothing else.
"""

from __future__ import annotations

from smsearch import limits
from smsearch.frozen import frozen, replace


@frozen
class Policy:
    """Choices where the API reference is silent.

    Attributes:
        contains_ignores_case: Contains folds case (row F10).
        in_strips_blanks: Blanks around the commas of an In value are dropped (row F11).
        numerals_have_order: Order comparisons on text maps take those texts that spell a number (row F14b).
        conditions_max: Conditions an expression may hold, or None for any number (row E2).
        contains_max: Contains operators a request may hold, or None for any number (row E3).
        empty_expression_allowed: A SearchExpression without any condition matches everything (row R4).
        page_size_max: The largest MaxResults (row R5).
    """

    contains_ignores_case: bool = False
    in_strips_blanks: bool = True
    numerals_have_order: bool = False
    conditions_max: int | None = limits.CONDITIONS_MAX
    contains_max: int | None = limits.CONTAINS_MAX
    empty_expression_allowed: bool = False
    page_size_max: int = limits.PAGE_SIZE_MAX

    @property
    def beyond_the_api(self) -> Policy:
        """The same for a text, which may say what the engine can do and the API cannot (row T1)."""
        return replace(self, conditions_max=None, contains_max=None, numerals_have_order=True)


DEFAULT = Policy()
