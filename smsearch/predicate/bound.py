"""An expression whose conditions are bound: each node keeps what was written beside what it means.

A predicate is flattened and folded, so it no longer tells who wrote what. This tree has the expression's own shape, for
everything that explains an answer: why a record matches, what each condition keeps, what a typing slip may have meant.
It knows no record and no rule of typing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.frozen import frozen
from smsearch.syntax.ast import BooleanOperator, NestedFilters, SearchExpression

if TYPE_CHECKING:
    from smsearch.predicate.predicate import AnyElement, Match, PairMatch, Predicate
    from smsearch.schema.property import ListProperty, Property
    from smsearch.syntax.ast import Filter
    from smsearch.syntax.condition import (
        CompoundCondition,
        ElementCondition,
        LikeCondition,
        NotCondition,
        PairCondition,
    )


@frozen
class BoundFilter:
    """One condition.

    Attributes:
        filter: What was written.
        prop: The property that its name means, in an element from the element on.
        match: The positive condition: that of `=` for `!=`.
        predicate: What it means: `match`, or its complement.
    """

    filter: Filter
    prop: Property
    match: Match
    predicate: Predicate

    @property
    def expression(self) -> SearchExpression:
        """What was written, as an expression of its own."""
        return SearchExpression((self.filter,))


@frozen
class BoundNested:
    """Conditions that one element of a list satisfies.

    Attributes:
        nested: What was written.
        container: The list.
        filters: The conditions.
        predicate: What it means.
    """

    nested: NestedFilters
    container: ListProperty
    filters: tuple[BoundFilter, ...]
    predicate: AnyElement

    @property
    def expression(self) -> SearchExpression:
        """What was written, as an expression of its own."""
        return SearchExpression(nested_filters=(self.nested,))


@frozen
class BoundLike:
    """A pattern that a text has.

    Attributes:
        expression: What was written.
        prop: The property that its name means, in an element from the element on.
        match: What it means.
    """

    expression: LikeCondition
    prop: Property
    match: Match

    @property
    def predicate(self) -> Match:
        """What it means."""
        return self.match


@frozen
class BoundPair:
    """A comparison of two properties.

    Attributes:
        expression: What was written.
        match: The positive condition: that of `=` for `!=`.
        predicate: What it means: `match`, or its complement.
    """

    expression: PairCondition
    match: PairMatch
    predicate: Predicate


@frozen
class BoundElement:
    """A condition that one element of a list satisfies, and that no NestedFilters can say.

    Attributes:
        expression: What was written.
        container: The list.
        condition: The condition.
        predicate: What it means.
    """

    expression: ElementCondition
    container: ListProperty
    condition: Bound
    predicate: AnyElement


@frozen
class BoundNot:
    """The complement of a condition.

    Attributes:
        expression: What was written.
        condition: The condition.
        predicate: What it means.
    """

    expression: NotCondition
    condition: Bound
    predicate: Predicate


@frozen
class BoundExpression:
    """Several conditions.

    Attributes:
        expression: What was written.
        conditions: Those that it combines: of an expression filters, lists and sub-expressions, in this order.
        predicate: What it means.
    """

    expression: SearchExpression | CompoundCondition
    conditions: tuple[Bound, ...]
    predicate: Predicate

    @property
    def is_any(self) -> bool:
        """Whether one of several conditions is enough."""
        return self.expression.operator is BooleanOperator.OR and len(self.conditions) > 1


Bound = BoundFilter | BoundNested | BoundLike | BoundPair | BoundElement | BoundNot | BoundExpression
