"""Traps: conditions that are correct and probably meant otherwise, told by counts of the records alone.

An integer literal compares hyperparameters without their fractions (row F14), a framework stores `"adam"` with JSON's
quotes, and `failed` is not `Failed` (row F12), in LIKE and CONTAINS either. It knows no page and no order.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, assert_never

from smsearch.frozen import replace
from smsearch.messages import counted
from smsearch.predicate.bound import (
    BoundElement,
    BoundExpression,
    BoundFilter,
    BoundLike,
    BoundNested,
    BoundNot,
    BoundPair,
)
from smsearch.predicate.predicate import (
    Match,
    Reading,
    Relation,
    TextContains,
    TextIn,
    TextLike,
    TextOrNumberIs,
    negation,
)
from smsearch.reasons.bound_query import NEAREST_AMONG
from smsearch.schema.value_kinds import Numerals, ValueType
from smsearch.syntax.text import formatter
from smsearch.syntax.text.formatter import format_filter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.predicate.bound import Bound
    from smsearch.predicate.predicate import Predicate, Test
    from smsearch.reasons.bound_query import BoundQuery
    from smsearch.schema.property import Property

CONDITIONS_MAX: Final = 20
"""Conditions that are looked into."""
_QUOTE: Final = '"'


def traps(query: BoundQuery) -> Iterator[str]:
    """A sentence for each condition that is probably meant otherwise, conditions on elements of a list aside."""
    conditions = {_written(condition): condition for condition in _plain(query.bound)}
    for written, condition in islice(conditions.items(), CONDITIONS_MAX):
        for sentence in _sentences(condition, query):
            yield f"{written}: {sentence}"


def with_fraction(literal: str) -> str:
    """An integer literal as one that compares fractions too: `0.0` for `0`."""
    return f"{literal.strip()}.0"


def whole_numbers(test: Test) -> TextOrNumberIs | None:
    """The test with fractions, of one that compares numbers without them (row F14); None of every other."""
    if isinstance(test, TextOrNumberIs) and test.reading is Reading.AS_INTEGER:
        return replace(test, reading=Reading.AS_NUMBER)
    return None


def _written(condition: BoundFilter | BoundLike) -> str:
    if isinstance(condition, BoundFilter):
        return format_filter(condition.filter)
    return formatter.format(condition.expression)


def _plain(bound: Bound) -> Iterator[BoundFilter | BoundLike]:
    """The conditions on records, of whatever negation."""
    match bound:
        case BoundFilter() | BoundLike():
            yield bound
        case BoundNot(condition=condition):
            yield from _plain(condition)
        case BoundExpression(conditions=conditions):
            for condition in conditions:
                yield from _plain(condition)
        case BoundNested() | BoundPair() | BoundElement():
            return
        case _:
            assert_never(bound)


def _sentences(condition: BoundFilter | BoundLike, query: BoundQuery) -> Iterator[str]:
    match condition.match.test:
        case TextOrNumberIs() as test:
            yield from _fractions(condition, test, query)
            if test.relation is Relation.EQ:
                yield from _quotes(condition.match.property, [test.spelling], query)
        case TextIn(items):
            yield from _quotes(condition.match.property, items, query)
            yield from _case(condition.match.property, items, query)
        case TextContains(ignores_case=False) | TextLike(ignores_case=False) as test:
            yield from _letters(condition.match, replace(test, ignores_case=True), query)


def _fractions(condition: BoundFilter | BoundLike, test: TextOrNumberIs, query: BoundQuery) -> Iterator[str]:
    """Row F14."""
    whole = whole_numbers(test)
    if whole is None:
        return
    match = Match(condition.match.property, whole)
    count = _count(query, condition.predicate)
    whole_count = _count(query, match if condition.predicate is condition.match else negation(match))
    if count != whole_count:
        yield (
            f"numbers are compared without fractions, as the service does, which finds {counted(count, 'record')}; "
            f"write {with_fraction(test.spelling)} to compare them whole, which finds {whole_count:,}"
        )


def _quotes(prop: Property, items: Iterable[str], query: BoundQuery) -> Iterator[str]:
    """Values of the user's own that differ by the quotes that JSON puts around a text."""
    if prop.kind.type is ValueType.TEXT and prop.kind.numerals is Numerals.TEXT:
        return
    for item in items:
        is_quoted = len(item) > 1 and item.startswith(_QUOTE) and item.endswith(_QUOTE)
        other = item[1:-1] if is_quoted else f'"{item}"'
        more = _count(query, Match(prop, TextIn((other,))))
        if more:
            yield f"{more:,} more {_have(more)} '{other}'"


def _case(prop: Property, items: Iterable[str], query: BoundQuery) -> Iterator[str]:
    """Values that no record has, and that some have in another case (row F12)."""
    for item in items:
        if _count(query, Match(prop, TextIn((item,)))):
            continue
        texts = query.spellings(prop, item)
        others = {text for text in texts if text.casefold() == item.casefold()}
        if len(texts) >= NEAREST_AMONG:  # there may be more than these
            others.update((item.lower(), item.upper(), item.capitalize(), item.title()))
        for other in sorted(others - {item}):
            count = _count(query, Match(prop, TextIn((other,))))
            if count:
                yield f"no record has '{item}', and {count:,} {_have(count)} '{other}'"


def _letters(match: Match, in_any_case: TextContains | TextLike, query: BoundQuery) -> Iterator[str]:
    """Patterns that no record has, and that some have in another case."""
    more = 0 if _count(query, match) else _count(query, replace(match, test=in_any_case))
    if more:
        yield f"no record has this, and {more:,} {_have(more)} it in letters of another case, which ILIKE finds"


def _count(query: BoundQuery, predicate: Predicate) -> int:
    return query.engine.count(query.resource, predicate)


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
