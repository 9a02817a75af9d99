"""The groups of a text's tree as values: which query asks for groups, and what it says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.syntax.grouping import Grouping, GroupJunction, GroupNot, GroupOrder, GroupTest, Term
from smsearch.syntax.text.errors import TextError
from smsearch.syntax.text.tree import Call, Combination, GroupComparison, Negation

if TYPE_CHECKING:
    from smsearch.syntax.grouping import GroupCondition
    from smsearch.syntax.text.errors import Refusals
    from smsearch.syntax.text.literals import Literals
    from smsearch.syntax.text.tree import Condition, Name, TextQuery


def grouping_of(tree: TextQuery, literals: Literals, refusals: Refusals) -> Grouping | None:
    """What a text asks of groups; None where it asks for records.

    Raises:
        TextError: HAVING without groups; groups at all, where a text must be one that the API can say.
    """
    is_grouped = bool(tree.group_by) or any(isinstance(column.term, Call) for column in tree.columns)
    if not is_grouped:
        if tree.having is not None:
            raise TextError(0, "HAVING is for groups, and there are none.", "Add GROUP BY, or write WHERE.")
        return None
    asking = (*tree.group_by, *(column.term for column in tree.columns if isinstance(column.term, Call)))
    refusals.add(TextError(asking[0].at, "The API finds records, and cannot group them.", "Ask for records."))
    return Grouping(
        tuple(map(term_of, tree.group_by)),
        tuple(term_of(column.term, column.label) for column in tree.columns),
        None if tree.having is None else _condition(tree.having, literals),
        tuple(GroupOrder(term_of(key.name), key.order) for key in tree.order_by),
    )


def term_of(node: Name | Call, label: Name | None = None) -> Term:
    """A name or a call as a term."""
    written = "" if label is None else label.text
    if not isinstance(node, Call):
        return Term(node.text, label=written)
    argument = "" if node.argument is None else node.argument.text
    return Term(node.name.text, node.function, argument, node.is_distinct, written)


def _condition(condition: Condition, literals: Literals) -> GroupCondition:
    match condition:
        case Negation(inner):
            return GroupNot(_condition(inner, literals))
        case Combination(operator, conditions):
            return GroupJunction(operator, tuple(_condition(one, literals) for one in conditions))
        case GroupComparison(term, operator, value):
            return GroupTest(term_of(term), operator, None if value is None else literals.text(value))
    raise TypeError(condition)  # pragma: no cover - the grammar has no other in HAVING
