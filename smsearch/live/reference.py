"""The reference: a predicate over one record, slow and obvious, the judge of every other evaluator.

And the order of records by a sort key. It knows no index and no page.
"""

from __future__ import annotations

import operator
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from smsearch.predicate.order import LAST, rank
from smsearch.predicate.predicate import (
    Always,
    And,
    AnyElement,
    BooleanIs,
    InAccount,
    LooseIs,
    Match,
    Never,
    Not,
    NumberIs,
    Or,
    Present,
    Relation,
    TextContains,
    TextIn,
    TimestampIs,
)
from smsearch.schema import read, values
from smsearch.schema.arns import account_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smsearch.predicate.order import Rank, SortKey
    from smsearch.predicate.predicate import Predicate, Test
    from smsearch.schema.record import Record
    from smsearch.schema.values import Value

_RELATIONS: dict[Relation, Callable[[Decimal | int, Decimal | int], bool]] = {
    Relation.EQ: operator.eq,
    Relation.LT: operator.lt,
    Relation.LE: operator.le,
    Relation.GT: operator.gt,
    Relation.GE: operator.ge,
}


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
            return any(passes(test, raw if isinstance(test, Present) else read.typed(raw, prop.kind)) for raw in raws)
        case AnyElement(container, term):
            return any(holds(term, element) for element in read.raw_values(document, container.steps))
    assert_never(predicate)


def passes(test: Test, value: Value | object) -> bool:
    """Whether one typed value, which is there, passes a test."""
    match test:
        case Present():
            return True
        case TextIn() | TextContains() | InAccount():
            text = _spelling(value)
            return text is not None and _text_passes(test, text)
        case NumberIs(relation, operand):
            return isinstance(value, Decimal) and _RELATIONS[relation](value, operand)
        case TimestampIs(relation, micros):
            return isinstance(value, int) and _RELATIONS[relation](value, micros)
        case BooleanIs(operand):
            return value is operand
        case LooseIs():
            return _loose_passes(test, value)
    assert_never(test)


def _text_passes(test: TextIn | TextContains | InAccount, text: str) -> bool:
    match test:
        case TextIn(items):
            return text in items
        case TextContains(needle, ignores_case):
            return needle.casefold() in text.casefold() if ignores_case else needle in text
        case InAccount(account):
            return account_of(text) == account
    assert_never(test)


def _spelling(value: object) -> str | None:
    """A value of a text map as text: a JSON number there compares as it is spelled."""
    return str(value) if isinstance(value, str | Decimal) else None


def _loose_passes(test: LooseIs, value: object) -> bool:
    if isinstance(value, Decimal):
        return _RELATIONS[test.relation](value, test.operand)
    if not isinstance(value, str):
        return False
    number = values.parse_number(value)
    if number is None:
        return test.relation is Relation.EQ and value == test.spelling
    return _RELATIONS[test.relation](values.truncate(number) if test.truncates else number, test.operand)


def sort_rank(document: object, key: SortKey) -> Rank:
    """Where a document sorts by a key; absent values last in both orders (row S2)."""
    found = read.property_values(document, key.property)
    return rank(found[0], key) if found else LAST


def ordered(records: Iterable[Record], key: SortKey) -> list[Record]:
    """Records in the order of a sort key; ties by ARN, then name, ascending in both orders (row S4)."""
    return sorted(records, key=lambda record: (*sort_rank(record.document, key), record.arn, record.name))


def select(records: Iterable[Record], predicate: Predicate, key: SortKey) -> list[Record]:
    """The whole result of a request: the records that satisfy a predicate, in order."""
    return ordered((record for record in records if holds(predicate, record.document)), key)
