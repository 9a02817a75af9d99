"""Checks one column of a segment: its codes, its order, what its codes stand for, and the index of its texts.

Each structure is compared with what it is made of. It knows no document.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from smsearch.schema.values import parse_number
from smsearch.store import trigrams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.store.column import Column
    from smsearch.store.segment import Texts
    from smsearch.store.table import Table


def check_column(column: Column, table: Table) -> Iterator[str]:
    """What is wrong with a column of a table, a sentence each."""
    problems = list(_check_codes(column, table))
    yield from problems
    if problems:
        return  # everything else is compared with them
    entries = list(_check_entries(column))
    yield from entries
    if not entries and not column.is_constant:
        yield from _check_order(column, table)


def _check_codes(column: Column, table: Table) -> Iterator[str]:
    """Which rows have the property, and which entry each of them has."""
    if not 0 < column.present <= table.row_count or column.readable < 0:
        yield f"its entry counts {column.present} rows and {column.readable} values."
        return
    if column.is_constant:
        if column.at is not None or column.codes is not None or column.starts is not None or column.groups is not None:
            yield "every row has the same value, and it has arrays all the same."
        return
    if column.at is not None and not (len(column.at) == column.present and ascends(column.at.whole(), table.row_count)):
        yield "its rows are not rows of the table in order."
        return
    listed = table.row_count if column.at is None else column.present
    if (column.codes is None and (column.at is None or column.absent != 1)) or (
        column.codes is not None and len(column.codes) != listed
    ):
        yield f"it has not one code for each of {listed} rows."
        return
    codes = column.all_codes()
    if (codes > column.absent).any():
        yield "a code is larger than that of an absent value."
    elif int((codes < column.absent).sum()) != column.present:
        yield f"{int((codes < column.absent).sum())} rows have it and its entry says {column.present}."
    elif not np.bincount(codes, minlength=column.absent)[: column.absent].all():
        yield "one of its values is that of no row."


def _check_order(column: Column, table: Table) -> Iterator[str]:
    """The rows by value, then by tie; where each value begins; values that sort alike."""
    codes = column.all_codes().astype(np.int64)
    here = np.flatnonzero(codes < column.absent)
    group_of = np.arange(column.absent)
    if column.groups is not None:
        groups = column.groups.whole().astype(np.int64)
        steps = np.diff(groups)
        if len(groups) != column.readable or groups[:1].any() or (steps < 0).any() or (steps > 1).any():
            yield "the groups of its values do not ascend one by one."
            return
        last = int(groups[-1]) + 1 if len(groups) else 0
        group_of = np.append(groups, last)[: column.absent]
        counts = np.bincount(codes[here], minlength=column.absent)
        if column.counts is None or not np.array_equal(column.counts.whole(), counts):
            yield "it does not count the rows of its values right."
    order = column.rows_at(0, column.present)
    if (column.order is not None and len(column.order) != column.present) or not np.array_equal(np.sort(order), here):
        yield "its sort order is not a permutation of the rows that have it."
        return
    in_order = group_of[codes[order]]
    rank = np.arange(table.row_count) if table.ties_rank is None else table.ties_rank.whole()
    if not np.array_equal(np.lexsort((rank[order], in_order)), np.arange(len(order))):
        yield "its sort order is not by value, then by tie."
        return
    group_count = int(group_of[-1]) + 1
    begins = np.searchsorted(in_order, np.arange(group_count + 1))
    starts = np.arange(len(order) + 1) if column.starts is None else column.starts.whole()
    if not np.array_equal(starts, begins):
        yield "the beginnings of its values are not where they begin."


def _check_entries(column: Column) -> Iterator[str]:
    """What the codes stand for: as many as there are codes, distinct and in the order of row S3."""
    if column.has_texts:
        yield from _check_texts(column)
    elif column.is_numeric:
        yield from _check_numbers(column)
    elif column.is_time:
        if len(column.micros) != column.readable or (np.diff(column.micros.whole()) <= 0).any():
            yield "its times do not ascend."
    elif column.is_boolean and column.booleans != sorted({bool(truth) for truth in column.booleans})[: column.readable]:
        yield "its truth values are not false before true."


def _check_numbers(column: Column) -> Iterator[str]:
    numbers = column.numbers.whole()
    if len(numbers) != column.readable or np.isnan(numbers).any():
        yield f"it has {len(numbers)} numbers for {column.readable} codes."
    elif column.exact is None:
        if (numbers[1:] <= numbers[:-1]).any():
            yield "its numbers do not ascend."
    elif len(column.exact) != column.readable:
        yield "its exact numbers are not as many as its numbers."
    else:
        exact = [Decimal(text) for text in _decoded(column.exact)]
        if any(after <= before for before, after in pairwise(exact)):
            yield "its numbers do not ascend."
        elif [float(number) for number in exact] != numbers.tolist():
            yield "its numbers are not those nearest to its exact ones."


def _check_texts(column: Column) -> Iterator[str]:
    """Texts, of which the leading ones may be numbers; of those, ones that spell the same number share a group."""
    if len(column.texts) != column.readable:
        yield f"its dictionary has {len(column.texts)} texts for {column.readable} codes."
        return
    texts = _decoded(column.texts)
    numeric = len(column.numbers) if column.is_numeric else 0
    if any(after <= before for before, after in pairwise([text.encode() for text in texts[numeric:]])):
        yield "its dictionary is not sorted."
    if column.is_numeric:
        yield from _check_spelled(column, texts, numeric)
    if column.trigrams is not None:
        yield from _check_trigrams(column, column.trigrams)


def _check_spelled(column: Column, texts: list[str], numeric: int) -> Iterator[str]:
    """Entries that spell numbers, by number."""
    is_json = np.zeros(len(texts), np.uint8) if column.json_numbers is None else column.json_numbers.whole()
    if len(is_json) != len(texts) or is_json[numeric:].any() or (is_json > 1).any():
        yield "what it marks as numbers of JSON are not its numbers."
        return
    if column.has_texts_apart and not is_json[:numeric].all():
        yield "a text stands among its numbers."
        return
    if not column.has_texts_apart and any(parse_number(text) is not None for text in texts[numeric:]):
        yield "a text that spells a number does not stand among its numbers."
    spelled = [
        Decimal(text) if of_json else parse_number(text)
        for text, of_json in zip(texts[:numeric], is_json.tolist(), strict=False)
    ]
    numbers = [number for number in spelled if number is not None]
    if len(numbers) < numeric:
        yield "a text among its numbers spells none."
    elif [float(number) for number in numbers] != column.numbers.whole().tolist():
        yield "its numbers are not those that its texts spell."
    elif any(after < before for before, after in pairwise(numbers)):
        yield "its numbers do not ascend."
    else:
        groups = [*range(len(texts))] if column.groups is None else column.groups.whole().tolist()
        shared = [after == before for before, after in pairwise(groups)]
        expected = [after == before for before, after in pairwise(numbers)]
        if shared != [*expected, *[False] * (len(shared) - len(expected))]:
            yield "its values do not share a group where they spell one number, and there alone."


def _check_trigrams(column: Column, meta: dict[str, Any]) -> Iterator[str]:
    """The index that a needle is looked up in: a text that it does not know of is never found."""
    offsets, encoded = column.texts.arrays()
    expected = trigrams.index(encoded, offsets.astype(np.int64))
    for name, array in expected.items():
        if not np.array_equal(column.array_of(meta[name]), array):
            yield f"the {name} of its trigram index are not those of its texts."
            return


def _decoded(texts: Texts) -> list[str]:
    """All texts, each of them UTF-8.

    Raises:
        ValueError: The offsets are none, or a text is no UTF-8.
    """
    offsets, encoded = texts.arrays()
    bounds = offsets.astype(np.int64)
    if bounds[0] or bounds[-1] != len(encoded) or (np.diff(bounds) < 0).any():
        raise ValueError("its texts do not stand one after another")
    whole = encoded.tobytes()
    return [whole[start:end].decode() for start, end in pairwise(bounds.tolist())]


def ascends(rows: NDArray[Any], count: int) -> bool:
    """Whether some rows ascend and are less than a count."""
    return not len(rows) or (bool((rows[1:] > rows[:-1]).all()) and int(rows[-1]) < count)
