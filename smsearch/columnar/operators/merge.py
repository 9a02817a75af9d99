"""Merges the rows of several segments into one order: by sort value, then by ARN, name and version (row S4).

The rows of each segment come in the segment's own order, so only the first rows left of each segment are compared.
Codes mean different values in different segments, so the values themselves are compared. Equal values are ordered by
identity: of three jobs with the same time, ARNs a and c in one segment and b in another, a page of two holds a and b.
"""

from __future__ import annotations

import heapq
from collections import Counter
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from smsearch.predicate.order import rank
from smsearch.schema import catalogue
from smsearch.schema.parsed import ParsedDocuments, text_at
from smsearch.store.address import PIECE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.compiled_query import SegmentQuery
    from smsearch.columnar.cursor import Positions
    from smsearch.predicate.order import SortKey
    from smsearch.store.segment_reader import SegmentReader


def merged(segments: Sequence[SegmentQuery], rows: Sequence[NDArray[Any]], key: SortKey) -> Iterator[tuple[int, int]]:
    """Rows in the order of all, each as its segment's number and its row there; `rows` are those of each segment."""
    streams = [
        ranked(segment, own, number, key) for number, (segment, own) in enumerate(zip(segments, rows, strict=True))
    ]
    return ((number, row) for *_, number, row in heapq.merge(*streams))


def page(
    segments: Sequence[SegmentQuery], rows: Sequence[NDArray[Any]], key: SortKey, size: int
) -> tuple[list[bytes], Callable[[], Mapping[int, bytes]] | None, Positions | None]:
    """A page, given the rows that each segment has for it.

    Returns:
        The documents; a function that gives `SegmentReader.exported` of them by place, if some record of the segments
        has any; and the positions at which the next page begins, if there is one.
    """
    first = list(islice(merged(segments, rows, key), size + 1))
    used = Counter(number for number, _ in first[:size])
    documents = [
        iter(segment.reader.documents(rows[number][: used[number]])) for number, segment in enumerate(segments)
    ]
    stored = [next(documents[number]) for number, _ in first[:size]]
    has_exported = any(segment.reader.has_exported for segment in segments)
    exported = partial(_exported, segments, first[:size]) if has_exported else None
    if len(first) <= size:
        return stored, exported, None
    positions = (segment.position_after(rows[number], used[number]) for number, segment in enumerate(segments))
    return stored, exported, tuple(positions)


def _exported(segments: Sequence[SegmentQuery], rows: Sequence[tuple[int, int]]) -> dict[int, bytes]:
    """`SegmentReader.exported` by place among rows of several segments, each given as its segment's number and row."""
    exported: dict[int, bytes] = {}
    for number, segment in enumerate(segments):
        places = [place for place, (owner, _) in enumerate(rows) if owner == number]
        own = segment.reader.exported(np.array([rows[place][1] for place in places], np.uint32))
        exported |= {places[at]: written for at, written in own.items()}
    return exported


def ranked(segment: SegmentQuery, rows: NDArray[Any], number: int, key: SortKey) -> Iterator[tuple[Any, ...]]:
    """Each row as a tuple that sorts across segments: rank, identity, the segment's number, the row; all differ."""
    keys = key.keys
    for values, row in zip(segment.order.values_of(rows), rows.tolist(), strict=True):
        yield (*map(rank, values, keys), _Identity(segment.reader, row), number, row)


class _Identity:
    """ARN, name and version of a row, read only where two rows have the same sort value."""

    def __init__(self, reader: SegmentReader, row: int) -> None:
        self._reader = reader
        self._row = row

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return identity_of(self._reader, self._row)

    def __lt__(self, other: _Identity) -> bool:
        return self._texts < other._texts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self._texts == other._texts

    __hash__ = None  # type: ignore[assignment]


def identity_of(reader: SegmentReader, row: int) -> tuple[str, ...]:
    """ARN, name and version of a row, of a kind that has one (row S4)."""
    resource = catalogue.resource(reader.entry.resource)
    return tuple(_text_at(reader, path, row) for path in resource.identity)


def _text_at(reader: SegmentReader, path: tuple[str, ...], row: int) -> str:
    """A record's ARN, name or version as a text."""
    column = reader.tables.records.column(PIECE.join(path))
    if column is None:
        return ""
    rows = np.array([row], np.uint32)
    if not column.has_texts:  # the name of a version is a number
        return text_at(ParsedDocuments(reader.entry.resource, reader.documents(rows))[0].document, path)
    code = int(column.codes_of(rows)[0])
    return column.texts[code] if code < column.readable else ""
