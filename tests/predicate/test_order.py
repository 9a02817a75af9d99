"""The rank of one value under a sort key: rows S2 and S3."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from smsearch.predicate.order import LAST, SortKey, rank
from smsearch.schema.catalogue import Kind
from smsearch.schema.property import Member, Property
from smsearch.schema.values import UNREADABLE, Value
from smsearch.syntax.ast import SortOrder

ORDERED: dict[Kind, list[Value]] = {
    Kind.TEXT: ["", " ", "10", "2", "Z", "a", "z", "é", "\uffff", "\U0001f600"],
    Kind.NUMBER: [
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
    Kind.TIMESTAMP: [-1, 0, 1, 1_706_702_400_000_000],
    Kind.BOOLEAN: [False, True],
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


@pytest.mark.parametrize("order", list(SortOrder))
def test_in_a_text_map_numbers_come_before_other_text_in_both_orders(order: SortOrder) -> None:
    where = key(Kind.LOOSE, order)
    numbers: list[Value] = ["10", "9", " 9.5 ", "1e1000", Decimal(7)]
    texts: list[Value] = ["", "0x10", "NaN", "adam"]
    assert max(rank(value, where) for value in numbers) < min(rank(value, where) for value in texts)


def test_in_a_text_map_numbers_are_ordered_by_value_not_by_spelling() -> None:
    where = key(Kind.LOOSE, SortOrder.ASCENDING)
    spelled: list[Value] = ["1e1", "9", "-1", " 1e-3 ", "9.50"]
    assert sorted(spelled, key=lambda value: rank(value, where)) == ["-1", " 1e-3 ", "9", "9.50", "1e1"]
    assert rank("9.5", where) == rank("9.50", where)


def test_a_plain_text_that_looks_like_a_number_is_text() -> None:
    where = key(Kind.TEXT, SortOrder.ASCENDING)
    assert rank("10", where) < rank("9", where)
