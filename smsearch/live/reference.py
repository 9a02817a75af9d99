"""The reference: a predicate over one record, slow and obvious, the judge of every other evaluator.

And the order of records by a sort key. It knows no index and no page.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, assert_never

from smsearch.predicate.order import LAST, rank
from smsearch.predicate.predicate import (
    COMPARISONS,
    Always,
    And,
    AnyElement,
    BooleanIs,
    InAccount,
    Match,
    Never,
    Not,
    NumberIs,
    Or,
    PairMatch,
    Present,
    Reading,
    Relation,
    TextContains,
    TextIn,
    TextLike,
    TextOrNumberIs,
    TimestampIs,
)
from smsearch.predicate.text_test import text_passes
from smsearch.schema import read, values, versions
from smsearch.schema.values import SpelledNumber

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.predicate.order import Rank, SortKey
    from smsearch.predicate.predicate import Predicate, Test
    from smsearch.schema.record import Record
    from smsearch.schema.values import Value


def holds(predicate: Predicate, document: object) -> bool:
    """Whether a predicate holds for one document (or, inside an AnyElement, for one element)."""
    match predicate:
        case Always() | Never():
            return isinstance(predicate, Always)
        case And(terms):
            return all(holds(term, document) for term in terms)
        case Or(terms):
            return any(holds(term, document) for term in terms)
        case Not(term):
            return not holds(term, document)
        case Match(prop, test):
            raws = read.raw_values(document, prop.steps)
            return any(passes(test, raw if isinstance(test, Present) else prop.kind.read(raw)) for raw in raws)
        case PairMatch(left, _, right):
            pairs = product(read.property_values(document, left), read.property_values(document, right))
            return any(_are_related(predicate, one, other) for one, other in pairs)
        case AnyElement(container, term):
            return any(holds(term, element) for element in read.raw_values(document, container.steps))
    assert_never(predicate)


def passes(test: Test, value: Value | object) -> bool:
    """Whether one typed value, which is there, passes a test."""
    match test:
        case Present():
            return True
        case TextIn() | TextContains() | TextLike() | InAccount():
            text = _spelling(value)
            return text is not None and text_passes(test, text)
        case NumberIs(relation, operand):
            return isinstance(value, Decimal) and bool(COMPARISONS[relation](value, operand))
        case TimestampIs(relation, micros):
            return isinstance(value, int) and bool(COMPARISONS[relation](value, micros))
        case BooleanIs(operand):
            return value is operand
        case TextOrNumberIs():
            return _compares(test, value)
    assert_never(test)


def _are_related(match: PairMatch, one: Value, other: Value) -> bool:
    """Row T6."""
    compare = COMPARISONS[match.relation]
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return bool(compare(one, other))
    return isinstance(one, int) and isinstance(other, int) and bool(compare(one - other, match.micros))


def _spelling(value: object) -> str | None:
    """A value as text: a JSON number among texts compares as it is spelled."""
    if isinstance(value, SpelledNumber):
        return value.spelling
    return value if isinstance(value, str) else None


def _compares(test: TextOrNumberIs, value: object) -> bool:
    """Rows F14, F14b, F18."""
    compare = COMPARISONS[test.relation]
    if isinstance(value, SpelledNumber):
        return bool(compare(value.number, test.operand))
    if not isinstance(value, str):
        return False
    if test.reading is Reading.AS_TEXT:
        return test.relation is Relation.EQ and value == test.spelling
    number = values.parse_number(value)
    if number is None:
        return False
    return bool(compare(values.truncate(number) if test.reading is Reading.AS_INTEGER else number, test.operand))


def sort_ranks(document: object, key: SortKey) -> tuple[Rank, ...]:
    """Where a document sorts by a key and those after it; absent values last in both orders (row S2)."""
    return tuple(_sort_rank(document, one) for one in key.keys)


def _sort_rank(document: object, key: SortKey) -> Rank:
    values_of_key = read.property_values(document, key.property)
    return rank(values_of_key[0], key) if values_of_key else LAST


def ordered(records: Iterable[Record], key: SortKey) -> list[Record]:
    """Records in the order of a sort key; ties by ARN, name and version, ascending in both orders (row S4)."""
    return sorted(records, key=lambda record: (*sort_ranks(record.document, key), *versions.identity(record)))


def select(records: Iterable[Record], predicate: Predicate, key: SortKey) -> list[Record]:
    """The whole result of a request: the records that satisfy a predicate, in order."""
    return ordered((record for record in records if holds(predicate, record.document)), key)
