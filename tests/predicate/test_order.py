"""The rank of one value under a sort key: rows S2 and S3."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from smsearch.predicate.order import LAST, SortKey, rank
from smsearch.schema import value_kinds
from smsearch.schema.property import Member, Property
from smsearch.schema.values import UNREADABLE, SpelledNumber, Value
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from smsearch.schema.value_kinds import Kind

ORDERED: dict[Kind, list[Value]] = {
    value_kinds.TEXT: ["", " ", "10", "2", "Z", "a", "z", "é", "\uffff", "\U0001f600"],
    value_kinds.NUMBER: [
        Decimal("-Infinity"),
        Decimal("-1e999999999"),
        Decimal(-1),
        Decimal(0),
        Decimal("1e-999999999"),
        Decimal("0.1"),
        Decimal(9007199254740992),
        Decimal(9007199254740993),
        Decimal("Infinity"),
    ],
    value_kinds.TIMESTAMP: [-1, 0, 1, 1_706_702_400_000_000],
    value_kinds.BOOLEAN: [False, True],
}


def key(kind: Kind, order: SortOrder) -> SortKey:
    return SortKey(Property("a", kind, (Member("a"),)), order)


@pytest.mark.parametrize("kind", list(ORDERED))
def test_values_of_a_kind_in_both_orders(kind: Kind) -> None:
    ascending, descending = key(kind, SortOrder.ASCENDING), key(kind, SortOrder.DESCENDING)
    for smaller, larger in pairwise(ORDERED[kind]):
        assert rank(smaller, ascending) < rank(larger, ascending)
        assert rank(larger, descending) < rank(smaller, descending)


@pytest.mark.parametrize("kind", list(ORDERED))
@pytest.mark.parametrize("order", list(SortOrder))
def test_what_is_unreadable_is_last_in_both_orders(kind: Kind, order: SortOrder) -> None:
    where = key(kind, order)
    assert rank(UNREADABLE, where) == LAST
    assert all(rank(value, where) < LAST for value in ORDERED[kind])


@pytest.mark.parametrize("kind", [value_kinds.HYPERPARAMETER, value_kinds.PARAMETER])
@pytest.mark.parametrize("order", list(SortOrder))
def test_numbers_come_before_other_text_in_both_orders(kind: Kind, order: SortOrder) -> None:
    where = key(kind, order)
    numbers: list[Value] = ["10", "9", " 9.5 ", "1e1000", SpelledNumber(Decimal(7), "7.0")]
    texts: list[Value] = ["", "0x10", "NaN", "adam"]
    assert max(rank(value, where) for value in numbers) < min(rank(value, where) for value in texts)


@pytest.mark.parametrize("kind", [value_kinds.HYPERPARAMETER, value_kinds.PARAMETER])
def test_numbers_are_ordered_by_value_not_by_spelling(kind: Kind) -> None:
    where = key(kind, SortOrder.ASCENDING)
    spelled: list[Value] = ["1e1", "9", "-1", " 1e-3 ", "9.50"]
    assert sorted(spelled, key=lambda value: rank(value, where)) == ["-1", " 1e-3 ", "9", "9.50", "1e1"]
    assert rank("9.5", where) == rank("9.50", where)


@pytest.mark.parametrize("kind", [value_kinds.TEXT, value_kinds.TEXT_MAP, value_kinds.UNKNOWN])
def test_elsewhere_a_text_that_looks_like_a_number_is_text(kind: Kind) -> None:
    where = key(kind, SortOrder.ASCENDING)
    assert rank("10", where) < rank("9", where)


@pytest.mark.parametrize("order", list(SortOrder))
def test_numbers_of_unknown_fields_come_before_all_text(order: SortOrder) -> None:
    where = key(value_kinds.UNKNOWN, order)
    numbers: list[Value] = [SpelledNumber(Decimal(10), "10"), SpelledNumber(Decimal(9), "9.0")]
    texts: list[Value] = ["1", "a"]
    assert max(rank(value, where) for value in numbers) < min(rank(value, where) for value in texts)
    assert (rank(numbers[0], where) < rank(numbers[1], where)) is (order is SortOrder.DESCENDING)
