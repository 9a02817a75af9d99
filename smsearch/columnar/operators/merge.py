"""Merges the rows of several segments into one order: by sort value, then by ARN, name and version (row S4).

The rows of each segment come in the segment's own order. Codes mean different values in different segments, so rows get
numbers that are comparable across segments: times and numbers themselves, and of texts the places among the distinct
ones that the rows have. Only rows of different segments with equal values are compared by identity: of three jobs with
the same time, ARNs a and c in one segment and b in another, a page of two holds a and b.
"""

from __future__ import annotations

import heapq
from functools import cached_property
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smsearch.columnar.operators.sort_values import MANY_ROWS, comparable, text_ranks
from smsearch.numpy_later import np
from smsearch.predicate.order import rank
from smsearch.schema import catalogue
from smsearch.schema.parsed import ParsedDocuments
from smsearch.schema.stored_document import text_at
from smsearch.store.address import PIECE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.compiled_query import SegmentQuery
    from smsearch.columnar.cursor import Positions
    from smsearch.columnar.operators.scan import PageRows
    from smsearch.predicate.order import SortKey
    from smsearch.store.segment_reader import SegmentReader


_MARGIN: Final = 8
"""Beyond the rows that are expected of a segment, this part of a page's is tried."""


class MergedRows(NamedTuple):
    """Rows of several segments in one order.

    Attributes:
        owners: For each, the number of its segment; empty if there is one.
        rows: For each, its row there.
    """

    owners: NDArray[np.intp]
    rows: NDArray[np.uint32]


class FoundPage:
    """The rows of a page and where their documents stand, to be given out again; expanded each time, if compressed.

    Where they stand are lists of numbers: a tuple for each made Python collect garbage every few pages.

    Attributes:
        next_positions: The positions at which the next page begins, if there is one.
    """

    __slots__ = ("_ends", "_expanders", "_readers", "_rows", "_starts", "next_positions")

    def __init__(self, readers: Sequence[SegmentReader], rows: MergedRows, next_positions: Positions | None) -> None:
        self._readers = readers
        self._rows = rows
        self._expanders = [reader.stored_documents.expand for reader in readers]
        self.next_positions = next_positions
        if len(readers) == 1:
            self._starts, self._ends = readers[0].stored_documents.spans(rows.rows)
            return
        self._starts, self._ends = [0] * len(rows.rows), [0] * len(rows.rows)
        for number, places in _by_owner(rows):
            own = readers[number].stored_documents.spans(rows.rows[places])
            for place, start, end in zip(places.tolist(), *own, strict=True):
                self._starts[place], self._ends[place] = start, end

    def documents(self) -> list[bytes | memoryview]:
        """Its documents, whose bytes were verified when the page was found; those that are not compressed as views."""
        if len(self._readers) == 1 and self._expanders[0] is None:
            whole = self._readers[0].segment.bytes
            return [whole[start:end] for start, end in zip(self._starts, self._ends, strict=True)]
        stored: list[bytes | memoryview] = [b""] * len(self._starts)
        for number, places in _by_owner(self._rows):
            expand, segment = self._expanders[number], self._readers[number].segment
            for place in places.tolist():
                start, end = self._starts[place], self._ends[place]
                stored[place] = segment.bytes[start:end] if expand is None else expand(segment.mapped[start:end])
        return stored

    def file_of(self, place: int) -> str:
        """The file of the segment that holds a document."""
        owner = int(self._rows.owners[place]) if len(self._rows.owners) else 0
        return self._readers[owner].entry.file

    @property
    def exported(self) -> Callable[[], Mapping[int, bytes]] | None:
        """A function that gives `SegmentReader.exported` by place, if some record of the segments has any."""
        for reader in self._readers:
            if reader.has_exported:
                return self._exported
        return None

    def _exported(self) -> dict[int, bytes]:
        exported: dict[int, bytes] = {}
        for number, places in _by_owner(self._rows):
            own = self._readers[number].exported(self._rows.rows[places])
            exported |= {int(places[at]): written for at, written in own.items()}
        return exported


def _by_owner(rows: MergedRows) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """The segments that some rows are of, each with the places of its rows."""
    if len(rows.owners) < len(rows.rows):
        yield 0, np.arange(len(rows.rows))
        return
    order = np.argsort(rows.owners, kind="stable")
    bounds = np.bincount(rows.owners).cumsum().tolist() if len(order) else []
    for number, (start, end) in enumerate(pairwise([0, *bounds])):
        if start < end:
            yield number, order[start:end]


def merged(
    segments: Sequence[SegmentQuery], rows: Sequence[NDArray[Any]], key: SortKey, limit: int | None
) -> MergedRows:
    """The first rows in the order of all, at most `limit`; `rows` are those of each segment, in its own order.

    Texts are read to be compared. So at first only as many rows of each segment are tried as its size lets expect,
    which is right if no segment gives all of them.
    """
    shares = [len(own) for own in rows]
    if limit is not None and key.property.kind.holds_text:
        sizes = [segment.reader.entry.rows for segment in segments]
        shares = [limit * size // sum(sizes) + limit // _MARGIN + 1 for size in sizes]
    while True:
        first = _merged(segments, [own[:share] for own, share in zip(rows, shares, strict=True)], key, limit)
        used = np.bincount(first.owners, minlength=len(segments)).tolist()
        if all(len(own) <= share or count < share for own, share, count in zip(rows, shares, used, strict=True)):
            return first
        shares = [share * 4 for share in shares]


def _merged(
    segments: Sequence[SegmentQuery], rows: Sequence[NDArray[Any]], key: SortKey, limit: int | None
) -> MergedRows:
    """All of some rows in one order, as far as a limit."""
    owners = np.repeat(np.arange(len(segments)), [len(own) for own in rows])
    every = np.concatenate([np.empty(0, np.uint32), *(own.astype(np.uint32) for own in rows)])
    if len(segments) <= 1 or not len(every):
        return MergedRows(owners[:limit], every[:limit])
    keys = comparable([segment.order.orders for segment in segments], rows, key)
    order = np.lexsort(keys[::-1])
    is_tie = np.ones(max(len(order) - 1, 0), bool)
    for values in keys:
        in_order = values[order]
        is_tie &= in_order[1:] == in_order[:-1]
    in_order = owners[order]
    if (is_tie & (in_order[1:] != in_order[:-1])).any():  # beyond the limit too: equal values may reach over it
        readers = [segment.reader for segment in segments]
        ranks = _identity_ranks(readers, rows) if limit is None or limit > MANY_ROWS else None
        if ranks is None:
            _settle_ties(order, is_tie, owners, every, readers, limit)
        else:
            order = np.lexsort([*ranks[::-1], *keys[::-1]])
    order = order[:limit]
    return MergedRows(owners[order], every[order])


def _identity_ranks(readers: Sequence[SegmentReader], rows: Sequence[NDArray[Any]]) -> list[NDArray[np.int64]] | None:
    """For ARN, name and version the place of each row's text among all; None where one of them is a number."""
    ranks = []
    for path in catalogue.resource(readers[0].entry.resource).identity:
        columns = [reader.tables.records.column(PIECE.join(path)) for reader in readers]
        if any(column is not None and not column.has_texts for column in columns):
            return None
        codes = [
            np.zeros(len(own), np.int64) if column is None else column.codes_of(own)
            for column, own in zip(columns, rows, strict=True)
        ]
        ranks.append(text_ranks(columns, codes))
    return ranks


def _settle_ties(
    order: NDArray[np.intp],
    is_tie: NDArray[np.bool_],
    owners: NDArray[np.intp],
    rows: NDArray[np.uint32],
    readers: Sequence[SegmentReader],
    limit: int | None,
) -> None:
    """Puts rows with equal values into the order of their identities, in place, as far as the limit goes.

    Equal values stand together, those of each segment in its own order, which is that of identities.
    """
    bounds = np.append(0, np.flatnonzero(~is_tie) + 1).tolist()
    for start, end in zip(bounds, [*bounds[1:], len(order)], strict=True):
        if limit is not None and start >= limit:
            return
        places = order[start:end]
        if end - start == 1 or (owners[places] == owners[places[0]]).all():
            continue
        streams = [
            _stream(readers[number], places[owners[places] == number], rows)
            for number in np.unique(owners[places]).tolist()
        ]
        wanted = end - start if limit is None else min(end, limit) - start
        order[start : start + wanted] = [place for _, place in islice(heapq.merge(*streams, key=_identity), wanted)]


def _stream(
    reader: SegmentReader, places: NDArray[np.intp], rows: NDArray[np.uint32]
) -> Iterator[tuple[_Identity, int]]:
    """The identity at each of some places, with the place."""
    return ((_Identity(reader, row), place) for row, place in zip(rows[places].tolist(), places.tolist(), strict=True))


def page(segments: Sequence[SegmentQuery], pages: Sequence[PageRows], key: SortKey, size: int) -> FoundPage:
    """A page, given the rows that each segment has for it."""
    readers = [segment.reader for segment in segments]
    if len(segments) == 1:
        first = MergedRows(np.empty(0, np.intp), pages[0].rows)
        used = [size]
    else:
        first = merged(segments, [page.rows for page in pages], key, size + 1)
        used = np.bincount(first.owners[:size], minlength=len(segments)).tolist()
    on_page = MergedRows(first.owners[:size], first.rows[:size])
    if len(first.rows) <= size:
        return FoundPage(readers, on_page, None)
    positions = [segment.position_after(own, count) for segment, own, count in zip(segments, pages, used, strict=True)]
    return FoundPage(readers, on_page, tuple(positions))


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


def _identity(pair: tuple[_Identity, int]) -> _Identity:
    return pair[0]


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
