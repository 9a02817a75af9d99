"""The groups of a query as text: its SELECT, GROUP BY, HAVING and ORDER BY, which read back as the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.syntax.ast import SortOrder
from smsearch.syntax.grouping import GroupJunction, GroupNot, GroupTest
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.lexer import write_name, write_value

if TYPE_CHECKING:
    from smsearch.syntax.grouping import GroupCondition, Grouping, Term

_EVERY: Final = "*"


def select_clause(grouping: Grouping) -> str:
    """The columns, or `""` where the text has none."""
    columns = ", ".join(map(_selected, grouping.columns))
    return f"SELECT {columns}" if columns else ""


def group_clauses(grouping: Grouping) -> list[str]:
    """GROUP BY, HAVING and ORDER BY, those that the grouping has."""
    clauses = [f"GROUP BY {', '.join(map(write_term, grouping.keys))}"] if grouping.keys else []
    if grouping.having is not None:
        clauses.append(f"HAVING {_condition(grouping.having)}")
    if grouping.order:
        words = {SortOrder.ASCENDING: "ASC", SortOrder.DESCENDING: "DESC"}
        clauses.append("ORDER BY " + ", ".join(f"{write_term(one.term)} {words[one.order]}" for one in grouping.order))
    return clauses


def write_term(term: Term) -> str:
    """A name, or a function of one, without its label."""
    name = term.name if term.name == _EVERY else write_name(term.name)
    if not term.function:
        return name
    argument = f", {term.argument}" if term.argument else ""
    return f"{term.function}({'DISTINCT ' if term.is_distinct else ''}{name}{argument})"


def _selected(term: Term) -> str:
    return f"{write_term(term)} AS {write_name(term.label)}" if term.label else write_term(term)


def _condition(condition: GroupCondition) -> str:
    match condition:
        case GroupNot(test):
            return f"NOT ({_condition(test)})"
        case GroupJunction(operator, tests):
            return f" {operator.name} ".join(
                f"({_condition(test)})" if isinstance(test, GroupJunction) else _condition(test) for test in tests
            )
        case GroupTest(term, operator, value):
            if value is None:
                return f"{write_term(term)} IS {'NOT ' if operator is Operator.EXISTS else ''}NULL"
            return f"{write_term(term)} {operator.row.text} {write_value(value)}"
