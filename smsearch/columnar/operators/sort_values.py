"""Numbers that sort rows of several segments by their sort values, whatever codes those have in each (rows S1 to S3).

Three rows with the texts b, c and b, two of them in one segment with the codes 0 and 1, one in another with the code 7,
get the numbers 0, 1 and 0. It knows no tie: rows with equal values get equal numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.numpy_later import np
from smsearch.predicate.order import LAST, SortKey, rank
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.operators.order import SegmentOrder
    from smsearch.predicate.order import Rank
    from smsearch.store.column import Column

MANY_ROWS: Final = 2_000
"""Rows from which texts are compared by Arrow, all at once; a page's are read one by one, without loading it."""
_EXACT_INTEGER_MAX: Final = 1 << 53


def comparable(
    orders: Sequence[Sequence[SegmentOrder]], rows: Sequence[NDArray[Any]], key: SortKey
) -> list[NDArray[Any]]:
    """Arrays with a number for each row, those of all segments one after another; the first array decides first.

    Args:
        orders: Of each segment, its order by each of the sort keys.
        rows: Of each segment, some rows.
        key: The sort keys.
    """
    arrays = []
    for at, one in enumerate(key.keys):
        own = [order[at] for order in orders]
        groups = [order.groups(some) for order, some in zip(own, rows, strict=True)]
        arrays += _by_number(own, groups, one) or _by_text(own, groups, one) or [_by_rank(own, groups, one)]
    return arrays


def _by_number(
    orders: Sequence[SegmentOrder], groups: Sequence[NDArray[np.int64]], key: SortKey
) -> list[NDArray[Any]] | None:
    """Whether each row lacks a value, and its time or number; None where those are of other types, or not exact."""
    has_value = [some < order.group_count for order, some in zip(orders, groups, strict=True)]
    parts = []
    for order, some, here in zip(orders, groups, has_value, strict=True):
        values: NDArray[Any] = np.zeros(len(some), np.int64)
        if order.column is not None and here.any():
            entries = order.column.measures
            if entries is None:
                return None
            values = np.zeros(len(some), entries.dtype)
            values[here] = entries.take(some[here])
        parts.append(values)
    if len({values.dtype for values in parts}) > 1 and any(
        values.dtype == np.int64 and len(values) and np.abs(values).max() > _EXACT_INTEGER_MAX for values in parts
    ):
        return None
    every = np.concatenate(parts)
    if key.order is SortOrder.DESCENDING:
        every = ~every if every.dtype == np.int64 else -every  # the least integer has no negative
    return [~np.concatenate(has_value), every]


def _by_text(
    orders: Sequence[SegmentOrder], groups: Sequence[NDArray[np.int64]], key: SortKey
) -> list[NDArray[Any]] | None:
    """The same for texts of many rows, read all at once; None where they are few, or numbers stand among them."""
    columns = [order.column for order in orders]
    is_text = all(column is None or (column.has_texts and not column.is_numeric) for column in columns)
    if not is_text or sum(map(len, groups)) < MANY_ROWS:
        return None
    places = text_ranks(columns, groups)
    has_value = np.concatenate([some < order.group_count for order, some in zip(orders, groups, strict=True)])
    return [~has_value, places if key.order is SortOrder.ASCENDING else -places]


def text_ranks(columns: Sequence[Column | None], codes: Sequence[NDArray[np.integer[Any]]]) -> NDArray[np.int64]:
    """The place of each text among the distinct ones of several columns; what is no text counts as the empty one."""
    import pyarrow as pa

    from smsearch.store.texts import sorted_texts

    parts = []
    for column, some in zip(columns, codes, strict=True):
        if column is None:
            parts.append(pa.array([""] * len(some), pa.large_string()))
            continue
        distinct, places = np.unique(some, return_inverse=True)
        readable = pa.array(distinct[distinct < column.readable])
        lacking = [""] * (len(distinct) - len(readable))
        texts = pa.concat_arrays([column.texts.arrow().take(readable), pa.array(lacking, pa.large_string())])
        parts.append(texts.take(pa.array(places)))
    coded = pa.concat_arrays(parts).dictionary_encode()
    _, place_of = sorted_texts(coded.dictionary)
    places_of_rows: NDArray[np.int64] = place_of.astype(np.int64)[coded.indices.to_numpy()]
    return places_of_rows


def _by_rank(orders: Sequence[SegmentOrder], groups: Sequence[NDArray[np.int64]], key: SortKey) -> NDArray[np.int64]:
    """The place of each row's value among the distinct ones, in the order of the key; those without one come last."""
    ascending = key if key.order is SortOrder.ASCENDING else SortKey(key.property, SortOrder.ASCENDING)
    parts = []
    for order, some in zip(orders, groups, strict=True):
        distinct, places = np.unique(some, return_inverse=True)
        parts.append(([_rank(order, group, ascending) for group in distinct.tolist()], places))
    ranks = sorted({one for part, _ in parts for one in part})
    if key.order is SortOrder.DESCENDING:  # numbers stay before texts, and both before rows without a value
        ranks = [one for group in (0, 1, LAST[0]) for one in reversed(ranks) if one[0] == group]
    place_of = {one: at for at, one in enumerate(ranks)}
    return np.concatenate([np.array([place_of[one] for one in part], np.int64)[places] for part, places in parts])


def _rank(order: SegmentOrder, group: int, key: SortKey) -> Rank:
    return LAST if order.column is None or group >= order.group_count else rank(order.column.sort_value(group), key)
