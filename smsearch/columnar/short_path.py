"""Finds a page, or counts, without NumPy: loading it costs a process that answers one question more than the answer.

It answers conjunctions of conditions that are each a range of codes of one column of the records, sorted by one stored
column. `codes.py` turns conditions into codes and `operators/order.py` an order into positions, here as elsewhere, over
the plain face of the store's readers; so both paths give the same pages and cursors. A query that is not of this form,
or for which too many rows would be looked at one by one, raises `NotShortError`, and the engine answers it otherwise.
"""

from __future__ import annotations

import heapq
import sys
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from smsearch.columnar.operators.order import SegmentOrder
from smsearch.columnar.short_segment import NotShortError, ShortSegment
from smsearch.engine.cursor import pack, unpack
from smsearch.engine.page import Page
from smsearch.predicate.order import rank
from smsearch.predicate.predicate import ALWAYS, Always, And, Match, Not
from smsearch.schema import catalogue
from smsearch.schema.parsed import ParsedDocuments
from smsearch.schema.property import Computed, EachMember, Elements, Entries
from smsearch.store.footer import damaged
from smsearch.store.plain_array import CAN_READ

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.columnar.short_segment import PlacedRow
    from smsearch.engine.cursor import Cursor
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate, Test
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record
    from smsearch.store.segment_reader import SegmentReader

_SCATTERED: Final = (Computed, EachMember, Elements, Entries)
"""Steps to values that do not lie in one stored column of the records."""


def is_open() -> bool:
    """Whether the short path is shorter: once NumPy is loaded, arrays are quicker."""
    return CAN_READ and "numpy" not in sys.modules


def count(readers: Sequence[SegmentReader], predicate: Predicate) -> int:
    """How many records match.

    Raises:
        NotShortError: The query needs the full engine.
    """
    terms = _terms(predicate)
    return sum(ShortSegment(reader, terms).count() for reader in readers)


def find_page(
    readers: Sequence[SegmentReader], predicate: Predicate, key: SortKey, cursor: Cursor, size: int, total: int | None
) -> Page:
    """At most `size` matches from a cursor on that a page has given out; see `Engine.page`.

    Raises:
        NotShortError: The query needs the full engine.
    """
    segments = _segments(readers, predicate)
    if any(segment.reader.has_exported for segment in segments):
        raise NotShortError
    total = sum(segment.count() for segment in segments) if total is None else total
    rows, next_cursor = _rows(segments, key, cursor, size)
    stored = [segment.reader.stored_document(row) for segment, row in rows]
    files = [segment.reader.entry.file for segment, _ in rows]
    return Page(ParsedDocuments(readers[0].entry.resource, stored, None, files.__getitem__), next_cursor, total, stored)


def find_names(
    readers: Sequence[SegmentReader], predicate: Predicate, key: SortKey, cursor: Cursor, size: int
) -> tuple[list[str], Cursor | None]:
    """What the records of such a page are called (`Record.called`), and where the next one begins; reads no document.

    Raises:
        NotShortError: The query needs the full engine.
    """
    rows, next_cursor = _rows(_segments(readers, predicate), key, cursor, size)
    return [segment.called(row) for segment, row in rows], next_cursor


def find_called(readers: Sequence[SegmentReader], name: str) -> list[Record]:
    """The records of a resource with this name, or with this ARN if no record has the name.

    Raises:
        NotShortError: The records need the full engine.
    """
    segments = _segments(readers, ALWAYS)
    if any(reader.has_exported for reader in readers):
        raise NotShortError
    kind = catalogue.resource(readers[0].entry.resource)
    for path in (kind.name_path, kind.arn):
        rows = [(segment.reader, row) for segment in segments for row in segment.rows_with_text(path, name)]
        if rows:
            stored = [reader.stored_document(row) for reader, row in rows]
            files = [reader.entry.file for reader, _ in rows]
            return list(ParsedDocuments(kind.name, stored, None, files.__getitem__))
    return []


def _segments(readers: Sequence[SegmentReader], predicate: Predicate) -> list[ShortSegment]:
    terms = _terms(predicate)
    if not readers:
        raise NotShortError
    return [ShortSegment(reader, terms) for reader in readers]


def _rows(
    segments: Sequence[ShortSegment], key: SortKey, cursor: Cursor, size: int
) -> tuple[list[tuple[ShortSegment, int]], Cursor | None]:
    """The rows of a page, each with its segment, and where the next page begins."""
    if key.then is not None or isinstance(key.property.steps[-1], _SCATTERED):
        raise NotShortError
    orders = [SegmentOrder(segment.table, key) for segment in segments]
    positions = unpack(cursor) or (0,) * len(segments)
    matches = [
        list(islice(segment.matches(order, position, size), size + 1))
        for segment, order, position in zip(segments, orders, positions, strict=True)
    ]
    first = list(islice(_merged(segments, orders, matches, key), size + 1))
    rows = [(segments[number], row) for number, (_, row) in first[:size]]
    if len(first) <= size:
        return rows, None
    used = Counter(number for number, _ in first[:size])
    next_positions = []
    for number, (segment, order, position) in enumerate(zip(segments, orders, positions, strict=True)):
        own, count_used = matches[number], used[number]
        next_positions.append(own[count_used][0] if count_used < len(own) else order.end)
        if next_positions[-1] < position + bool(count_used):  # else pages would follow one another for ever
            raise damaged(segment.reader.entry.file, "a sort order in it leads back to where it came from")
    return rows, pack(tuple(next_positions))


def _merged(
    segments: Sequence[ShortSegment], orders: Sequence[SegmentOrder], matches: Sequence[list[PlacedRow]], key: SortKey
) -> Iterator[tuple[int, PlacedRow]]:
    """The matches of all segments in one order, by sort value, then by ARN, name and version; each with its segment."""
    if len(segments) == 1:
        return ((0, match) for match in matches[0])

    def ranked(number: int) -> Iterator[tuple[Any, ...]]:
        segment, order = segments[number], orders[number]
        for match in matches[number]:
            yield rank(order.value_of(match[1]), key), segment.identity(match[1]), number, match

    return ((number, match) for *_, number, match in heapq.merge(*map(ranked, range(len(segments)))))


def _terms(predicate: Predicate) -> list[tuple[Property, Test, bool]]:
    """The conditions of a conjunction: property, test, and whether it has to pass or not to."""
    terms = []
    for term in (
        predicate.terms if isinstance(predicate, And) else () if isinstance(predicate, Always) else (predicate,)
    ):
        inner = term.term if isinstance(term, Not) else term
        if not isinstance(inner, Match) or any(isinstance(step, _SCATTERED) for step in inner.property.steps):
            raise NotShortError
        terms.append((inner.property, inner.test, inner is term))
    return terms
