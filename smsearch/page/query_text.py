"""Changes the text of a query by links: a condition more, other conditions, another order. What is not meant stays.

It works on texts in the formatter's own form, in which texts stand in quotes and every connective is a word. A query is
parsed once for all of a screen's links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.frozen import replace
from smsearch.syntax.ast import SortOrder
from smsearch.syntax.text.formatter import format_query
from smsearch.syntax.text.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

AND: Final = "AND"
OR: Final = "OR"
_TOKEN: Final = re.compile(r"""(?:'[^']*')+|(?:"[^"]*")+|[()\[\]]|[^\s()\[\]'"]+""")


@dataclass(frozen=True, slots=True)
class QueryText:
    """A query as its clauses.

    Attributes:
        head: What it selects and from where, or `""`.
        conditions: Its conditions, or `""` for every record.
        tail: Its order and limit, or `""`.
    """

    head: str = ""
    conditions: str = ""
    tail: str = ""

    def with_condition(self, condition: str, connective: str = AND) -> str:
        """The text with a condition more."""
        before = self.conditions
        if not before:
            return self.with_conditions(condition)
        if connectives(before) - {connective}:
            before = f"({before})"
        if connectives(condition) - {connective}:
            condition = f"({condition})"
        return self.with_conditions(f"{before} {connective} {condition}")

    def with_conditions(self, conditions: str) -> str:
        """The text with other conditions."""
        where = f"WHERE {conditions}" if self.head and conditions else conditions
        return " ".join(filter(None, (self.head, where, self.tail)))


def read_query(text: str) -> QueryText:
    """The clauses of a text.

    Raises:
        RequestError: It is no query.
    """
    query = parse(text)
    nothing = replace(
        query, expression=None, wider=None, resource=None, columns=(), sort_by=None, sort_order=None, limit=None
    )
    return QueryText(
        format_query(replace(nothing, resource=query.resource, columns=query.columns)),
        format_query(replace(nothing, expression=query.expression, wider=query.wider)),
        format_query(replace(nothing, sort_by=query.sort_by, sort_order=query.sort_order, limit=query.limit)),
    )


def ordered(text: str, sort: str) -> str:
    """The query in another order: that of a property, descending if it begins with `-`.

    Raises:
        RequestError: The text is no query.
    """
    order = SortOrder.DESCENDING if sort.startswith("-") else SortOrder.ASCENDING
    return format_query(replace(parse(text), sort_by=sort.removeprefix("-"), sort_order=order))


def connectives(conditions: str) -> frozenset[str]:
    """The connectives outside of brackets."""
    return frozenset(word for word, depth in _words(conditions) if not depth and word in {AND, OR})


def joined(parts: Iterable[str]) -> str:
    """Conditions that must all hold as one, with brackets around alternatives."""
    return f" {AND} ".join(f"({part})" if OR in connectives(part) else part for part in parts)


def _words(conditions: str) -> Iterator[tuple[str, int]]:
    """Each word in capitals, with the number of brackets that it is in.

    The AND of a BETWEEN is not one of the connectives.
    """
    depth, is_between = 0, False
    for match in _TOKEN.finditer(conditions):
        word = match[0]
        if word in {"(", "["}:
            depth += 1
        elif word in {")", "]"}:
            depth -= 1
        upper = word.upper()
        if is_between and upper == AND:
            is_between = False
            continue
        is_between = is_between or upper == "BETWEEN"
        yield upper, depth
