"""Text to query: `TrainingJobStatus = 'Failed' AND Metrics.loss < :best ORDER BY Metrics.loss LIMIT 20`.

The text is looked over, read by the grammar into a tree, and lowered to the API's expression, or to a wider condition
where the API cannot say it. Why it cannot is kept, with the line and a caret. Names stay as they were written:
`Query.resolve_aliases` knows what they mean for a resource.

The grammar is `grammar/search.lark`; the parser runs along its tables (`tables.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from smsearch.frozen import replace
from smsearch.messages import shortened
from smsearch.syntax.ast import SearchExpression
from smsearch.syntax.names import resource_named
from smsearch.syntax.query import Query
from smsearch.syntax.text.errors import Refusals, TextError
from smsearch.syntax.text.group_terms import grouping_of
from smsearch.syntax.text.lalr import Parser, UnexpectedTextError
from smsearch.syntax.text.lexer import check_text, is_place
from smsearch.syntax.text.literals import Literals
from smsearch.syntax.text.lower import Lowering
from smsearch.syntax.text.rewrites import Rewriter
from smsearch.syntax.text.tables import tables
from smsearch.syntax.text.transformer import Transformer
from smsearch.syntax.text.tree import Call, Name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.syntax.ast import SortOrder
    from smsearch.syntax.grouping import Grouping
    from smsearch.syntax.text.tree import Literal, Parameter, Selected, TextQuery

_NO_PARAMETERS: Final[Mapping[str, object]] = MappingProxyType({})
_EVERY_COLUMN: Final = "*"
_DIGITS_MAX: Final = 9
"""Digits beyond which a number is no place of a column."""


def parse(
    text: str,
    parameters: Mapping[str, object] = _NO_PARAMETERS,
    *,
    resource: str | None = None,
    strict: bool = False,
    now: datetime | None = None,
) -> Query:
    """Parses a text into a query.

    Args:
        text: The query; `""` is every record.
        parameters: Values for the text's `:names`: text, numbers, truth values, times, and after IN lists.
        resource: The resource to search where the text has no FROM; FROM wins.
        strict: Whether to refuse what the API cannot say; else `refusals` tells it.
        now: What `ago` counts from; without a zone it is UTC, left out the present.

    Raises:
        TextSyntaxError: A text that the grammar does not have, or with `strict`, that the API cannot say; a `:name`
            without value.
        LimitExceededError: The text is too long, too deeply nested, or holds too many conditions.
        ShapeError: A parameter that the text does not mention, or of a type that no value has.
        InvalidValueError: A parameter that no value can hold, such as NaN.
    """
    literals = Literals(parameters, now or datetime.now(UTC))
    try:
        check_text(text)
        refusals = Refusals(is_strict=strict)
        query = _lowered(parse_tree(text), literals, resource, refusals)
    except TextError as error:
        raise error.request_error(text) from None
    literals.refuse_unused()
    errors = tuple(error.request_error(text) for error in refusals.errors)
    return replace(query, now=literals.now, words=frozenset(literals.words), refusals=errors)


def _lowered(tree: TextQuery, literals: Literals, resource: str | None, refusals: Refusals) -> Query:
    rewriter = Rewriter(literals, refusals)
    condition = None if tree.condition is None else Lowering(rewriter).lowered(tree.condition)
    grouping = grouping_of(tree, literals, refusals)
    order = [] if grouping is not None else _order(tree, refusals)
    columns, headings = ((), ()) if grouping is not None else _columns(tree.columns)
    return Query(
        expression=condition if isinstance(condition, SearchExpression) else None,
        wider=None if isinstance(condition, SearchExpression) else condition,
        resource=resource if tree.resource is None else resource_named(tree.resource.text),
        columns=columns,
        headings=headings,
        is_distinct=_is_distinct(tree, grouping, refusals),
        grouping=grouping,
        sort_by=order[0][0] if order else None,
        sort_order=order[0][1] if order else None,
        then_by=tuple(order[1:]),
        limit=None if tree.limit is None else _limit(tree.limit, literals),
    )


def _columns(selected: tuple[Selected, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of records, and the names that AS gives them."""
    named = [one for one in selected if one.label is not None]
    for one in named:
        if isinstance(one.term, Name) and _EVERY_COLUMN in one.term.text:
            raise TextError(one.term.at, "AS names one column.", "Write the property in full.")
    columns = tuple(one.term.text for one in selected if isinstance(one.term, Name))
    if _EVERY_COLUMN in columns:
        return (), ()
    return columns, tuple("" if one.label is None else one.label.text for one in selected) if named else ()


def _is_distinct(tree: TextQuery, grouping: Grouping | None, refusals: Refusals) -> bool:
    """Whether SELECT has DISTINCT, which says nothing of whole records."""
    if tree.distinct_at is None:
        return False
    if grouping is not None:
        raise TextError(tree.distinct_at, "Groups are distinct by themselves.", "Leave out DISTINCT.")
    refusals.add(TextError(tree.distinct_at, "The API gives records back whole, and each of them.", "Leave it out."))
    return bool(_columns(tree.columns)[0])


def _order(tree: TextQuery, refusals: Refusals) -> list[tuple[str, SortOrder]]:
    """The sort keys of records; a number is the place of a column in SELECT."""
    if len(tree.order_by) > 1:
        at = tree.order_by[1].name.at
        refusals.add(TextError(at, "The API sorts by one property only.", "Leave out the second sort key."))
    return [(_sort_name(key.name, tree.columns), key.order) for key in tree.order_by]


def _sort_name(term: Name | Call, columns: tuple[Selected, ...]) -> str:
    if isinstance(term, Call):
        raise TextError(term.at, f"A record has no {term.function}().", "Add GROUP BY, or sort by a name.")
    labelled = {one.label.text: one.term.text for one in columns if one.label and isinstance(one.term, Name)}
    if term.is_quoted or not is_place(term.text):
        return labelled.get(term.text, term.text)
    place = int(term.text) if len(term.text) < _DIGITS_MAX else 0
    column = columns[place - 1].term if 0 < place <= len(columns) else None
    if not isinstance(column, Name) or _EVERY_COLUMN in column.text:
        hint = "A number after ORDER BY is the place of a column in SELECT, from 1; that of a single property."
        raise TextError(term.at, f"SELECT has no column {shortened(term.text)} to sort by.", hint)
    return column.text


def _limit(limit: Literal | Parameter, literals: Literals) -> int:
    number = literals.number(limit)
    if number is None:
        text = shortened(literals.text(limit))
        raise TextError(limit.at, f"'{text}' is no number of records.", "LIMIT takes a whole number.")
    return number


def parse_tree(text: str) -> TextQuery:
    """Parses a text into its tree.

    Raises:
        TextError: The grammar has no such text, or the tree cannot hold it.
    """
    try:
        tree: TextQuery = parser().parse(text)
    except UnexpectedTextError as error:
        from smsearch.syntax.text import hints

        raise hints.unexpected(text, error.at, error.accepted) from None
    return tree


@cache
def parser() -> Parser:
    """The parser, made once a process."""
    return Parser(tables(), Transformer())
