"""The tree of a text query, before it is lowered to what the API can hold.

`transformer.py` builds it while the parser runs, and `lower.py` reads it. Each node knows its offset in the text, so
that an error can point at it. The tree follows the text word for word: it may say more than the API can, and what an
operator means, or which properties there are, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.frozen import field, frozen

if TYPE_CHECKING:
    from smsearch.syntax.ast import BooleanOperator, SortOrder
    from smsearch.syntax.operators import Operator


@frozen
class Name:
    """A name without its quotes; one in quotes is a name even if a number is a place there."""

    text: str
    at: int
    is_quoted: bool = field(default=False, compare=False)


@frozen
class Literal:
    """A value without its quotes, spelled as it was written; a bare one had none."""

    text: str
    at: int
    is_bare: bool = field(default=False, compare=False)


@frozen
class Parameter:
    """`:name`; the caller gives its value."""

    name: str
    at: int


@frozen
class Ago:
    """`ago(7d)` or `now() - 7d`: a time before now."""

    duration: str
    at: int


Value = Literal | Parameter | Ago


@frozen
class Comparison:
    """A name and an operator of the API, with a value if the operator takes one: `a = 1`, `a EXISTS`."""

    name: Name
    operator: Operator
    value: Value | None = None


@frozen
class PairComparison:
    """Two names and an operator between them: ``a < `b` ``, or with a span of time, `a - b > 90m`."""

    name: Name
    operator: Operator
    other: Name
    span: Value | None = None


@frozen
class Between:
    """`name BETWEEN low AND high`."""

    name: Name
    low: Value
    high: Value


@frozen
class Like:
    """`name LIKE pattern`, or ILIKE."""

    name: Name
    pattern: Value
    ignores_case: bool = False


@frozen
class In:
    """`name IN (value, ...)`; without brackets, the one value is a list: `'a,b'` as the API writes it, or `:list`."""

    name: Name
    values: tuple[Value, ...]
    has_brackets: bool = True


@frozen
class SomeElement:
    """`list[ ... ]`: one element satisfies the condition (row E5)."""

    container: Name
    condition: Condition


@frozen
class Negation:
    """`NOT` before a condition, or before its operator."""

    condition: Condition


@frozen
class Combination:
    """Two or more conditions under one boolean operator, as the text has them in brackets."""

    operator: BooleanOperator
    conditions: tuple[Condition, ...]


@frozen
class Call:
    """`sum(name)`, `count(DISTINCT name)`, `count(*)`, `bin(name, 10)`: a function of a property, or of records.

    Attributes:
        function: The function in small letters.
        name: The property; `*` of records.
        argument: What stands after the comma, or None.
        is_distinct: Whether DISTINCT stands before the name.
        at: Where it begins.
    """

    function: str
    name: Name
    argument: Literal | None
    is_distinct: bool
    at: int


@frozen
class Selected:
    """A column of SELECT, with the name that AS gives it."""

    term: Name | Call
    label: Name | None = None


@frozen
class GroupComparison:
    """A test of HAVING: `sum(x) > 5`, `team IS NULL`."""

    term: Name | Call
    operator: Operator
    value: Value | None = None


Predicate = Comparison | PairComparison | Between | Like | In
"""A condition on one property, or on two."""

Condition = Predicate | SomeElement | Negation | Combination


@frozen
class GroupNegation:
    """`NOT` before a test of HAVING."""

    test: GroupCondition


@frozen
class GroupCombination:
    """Two or more tests of HAVING under one boolean operator."""

    operator: BooleanOperator
    tests: tuple[GroupCondition, ...]


GroupCondition = GroupComparison | GroupNegation | GroupCombination


@frozen
class OrderKey:
    """One name of ORDER BY."""

    name: Name | Call
    order: SortOrder


@frozen
class TextQuery:
    """A whole query; a clause that was left out is None or empty."""

    condition: Condition | None = None
    resource: Name | None = None
    columns: tuple[Selected, ...] = ()
    distinct_at: int | None = None
    group_by: tuple[Name | Call, ...] = ()
    having: GroupCondition | None = None
    order_by: tuple[OrderKey, ...] = ()
    limit: Literal | Parameter | None = None
