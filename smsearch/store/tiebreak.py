"""The order of rows that sort alike: by ARN, name and version (row S4); writer and check of that structure.

`tiebreak_order` lists all rows in that order; `tiebreak_rank` is its inverse, the place of each row. `table.py` has the
reader. Rows 0, 1, 2 with the ARNs c, a, b:

    tiebreak_order   1  2  0
    tiebreak_rank    2  0  1
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.numpy_later import np
from smsearch.schema import catalogue
from smsearch.store.address import PIECE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.store.encoded_column import EncodedColumn
    from smsearch.store.table import Table


def order_and_rank(
    identity: Sequence[EncodedColumn | None], count: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The order and the rank of all rows, given the texts of ARN, name and version; no text counts as the empty one."""
    keys = []
    for column in reversed(identity):
        key = np.zeros(count, np.int64)
        if column is not None:
            key[column.rows] = column.codes.astype(np.int64) + 1
        keys.append(key)
    order = np.lexsort(keys).astype(np.uint32)
    rank = np.empty(count, np.uint32)
    rank[order] = np.arange(count, dtype=np.uint32)
    return order, rank


def check(table: Table, resource: str) -> Iterator[str]:
    """What is wrong with order and rank of a table of records, a sentence each."""
    order, rank, rows = table.tiebreak_order, table.tiebreak_rank, table.row_count
    if order is None or rank is None or not np.array_equal(np.sort(order.whole()), np.arange(rows)):
        yield "the order of ties is not a permutation of its records."
    elif len(rank) != rows or not (rank.whole()[order.whole()] == np.arange(rows)).all():
        yield "the rank of ties does not invert their order."
    elif not np.array_equal(order.whole(), _order_again(table, resource, order.whole())):
        yield "the order of ties is not that of ARNs, names and versions."


def _order_again(table: Table, resource: str, order: NDArray[Any]) -> NDArray[Any]:
    """The order made anew; where names are numbers, whose spelling decides, the order that is there counts."""
    keys = []
    for path in reversed(catalogue.resource(resource).identity):
        column = table.column(PIECE.join(path))
        key = np.zeros(table.row_count, np.int64)
        if column is not None and column.has_texts:
            codes = column.all_codes().astype(np.int64)
            key = np.where(codes < column.absent, codes + 1, 0)
        elif column is not None:
            key[order] = np.arange(table.row_count)
        keys.append(key)
    return np.lexsort(keys)
