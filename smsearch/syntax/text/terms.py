"""What stands between a sentence and an expression: the API's conditions, not yet sorted into its lists.

Knows how conditions combine, and no text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms under one operator.

    Attributes:
        operator: How they combine.
        terms: The terms, in the order of the text.
        loose: Whether a rewrite made them, so that they may stand among their siblings; what the text has
            in brackets stays a group.
    """

    operator: BooleanOperator
    terms: tuple[Term, ...]
    loose: bool = False

    def spliced(self) -> Iterator[Term]:
        """The terms, loose ones of the same operator in their parent's place."""
        for term in self.terms:
            if isinstance(term, Terms) and term.loose and term.operator is self.operator:
                yield from term.spliced()
            else:
                yield term


Term = Filter | NestedFilters | Terms


def flipped(operator: BooleanOperator) -> BooleanOperator:
    """And for Or, Or for And."""
    return BooleanOperator.AND if operator is BooleanOperator.OR else BooleanOperator.OR


def loosely(operator: BooleanOperator, terms: Sequence[Term]) -> Term:
    """The only term, or all of them under an operator, as a rewrite makes them."""
    return terms[0] if len(terms) == 1 else Terms(operator, tuple(terms), loose=True)
