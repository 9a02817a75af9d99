"""The groups of a text's tree as values: which query asks for groups, and what it says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.syntax.grouping import Grouping, GroupJunction, GroupNot, GroupOrder, GroupTest, Term
from smsearch.syntax.text.errors import TextError
from smsearch.syntax.text.tree import Call, GroupCombination, GroupComparison, GroupNegation

if TYPE_CHECKING:
    from smsearch.syntax.grouping import GroupCondition
    from smsearch.syntax.text import tree
    from smsearch.syntax.text.errors import Refusals
    from smsearch.syntax.text.literals import Literals
    from smsearch.syntax.text.tree import Name, TextQuery


def grouping_of(query: TextQuery, literals: Literals, refusals: Refusals) -> Grouping | None:
    """What a text asks of groups; None where it asks for records.

    Raises:
        TextError: HAVING without groups; groups at all, where a text must be one that the API can say.
    """
    is_grouped = bool(query.group_by) or any(isinstance(column.term, Call) for column in query.columns)
    if not is_grouped:
        if query.having is not None:
            raise TextError(0, "HAVING is for groups, and there are none.", "Add GROUP BY, or write WHERE.")
        return None
    asking = (*query.group_by, *(column.term for column in query.columns if isinstance(column.term, Call)))
    refusals.add(TextError(asking[0].at, "The API finds records, and cannot group them.", "Ask for records."))
    return Grouping(
        tuple(map(term_of, query.group_by)),
        tuple(term_of(column.term, column.label) for column in query.columns),
        None if query.having is None else _condition(query.having, literals),
        tuple(GroupOrder(term_of(key.name), key.order) for key in query.order_by),
    )


def term_of(node: Name | Call, label: Name | None = None) -> Term:
    """A name or a call as a term."""
    alias = "" if label is None else label.text
    if not isinstance(node, Call):
        return Term(node.text, label=alias)
    argument = "" if node.argument is None else node.argument.text
    return Term(node.name.text, node.function, argument, node.is_distinct, alias)


def _condition(condition: tree.GroupCondition, literals: Literals) -> GroupCondition:
    match condition:
        case GroupNegation(test):
            return GroupNot(_condition(test, literals))
        case GroupCombination(operator, tests):
            return GroupJunction(operator, tuple(_condition(test, literals) for test in tests))
        case GroupComparison(term, operator, value):
            return GroupTest(term_of(term), operator, None if value is None else literals.text(value))
