"""Brings the rows of several segments into one order: by sort value, then by ARN, name and version (row S4).

The rows of each segment come in its own order, so only the first of each are compared.
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

    from smsearch.columnar.compiled_query import View
    from smsearch.engine.engine import Places
    from smsearch.predicate.order import SortKey
    from smsearch.store.store import Part


def merged(views: Sequence[View], found: Sequence[NDArray[Any]], key: SortKey) -> Iterator[tuple[int, int]]:
    """Rows in the order of all, each as the number of its view and its row there; `found` are those of each view."""
    streams = [ranked(view, rows, at, key) for at, (view, rows) in enumerate(zip(views, found, strict=True))]
    return ((at, row) for *_, at, row in heapq.merge(*streams))


def page(
    views: Sequence[View], found: Sequence[NDArray[Any]], key: SortKey, size: int
) -> tuple[list[bytes], Callable[[], Mapping[int, bytes]] | None, Places | None]:
    """A page, given that of each view.

    Returns:
        The documents; what gives `Part.exported` of them by place, if some record of the views has any; and where the
        next page begins, if there is one.
    """
    first = list(islice(merged(views, found, key), size + 1))
    taken = Counter(at for at, _ in first[:size])
    documents = [iter(view.part.documents(found[at][: taken[at]])) for at, view in enumerate(views)]
    stored = [next(documents[at]) for at, _ in first[:size]]
    has_exported = any(view.part.has_exported for view in views)
    exported = partial(_exported, views, first[:size]) if has_exported else None
    if len(first) <= size:
        return stored, exported, None
    return stored, exported, tuple(view.place_after(found[at], taken[at]) for at, view in enumerate(views))


def _exported(views: Sequence[View], rows: Sequence[tuple[int, int]]) -> dict[int, bytes]:
    """`Part.exported` by place among rows of several views, each given as the number of its view and its row there."""
    apart: dict[int, bytes] = {}
    for number, view in enumerate(views):
        places = [place for place, (at, _) in enumerate(rows) if at == number]
        mine = view.part.exported(np.array([rows[place][1] for place in places], np.uint32))
        apart |= {places[at]: written for at, written in mine.items()}
    return apart


def ranked(view: View, rows: NDArray[Any], at: int, key: SortKey) -> Iterator[tuple[Any, ...]]:
    """Rows with what they sort by across segments: rank, identity, then the view's number and the row; all differ."""
    for value, row in zip(view.order.values_of(rows), rows.tolist(), strict=True):
        yield (*rank(value, key), _Identity(view.part, row), at, row)


class _Identity:
    """ARN, name and version of a row, read only where two rows have the same sort value."""

    def __init__(self, part: Part, row: int) -> None:
        self._part = part
        self._row = row

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        resource = catalogue.resource(self._part.entry.resource)
        return tuple(_text_at(self._part, path, self._row) for path in resource.identity)

    def __lt__(self, other: _Identity) -> bool:
        return self._texts < other._texts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self._texts == other._texts

    __hash__ = None  # type: ignore[assignment]


def _text_at(part: Part, path: tuple[str, ...], row: int) -> str:
    """A record's ARN, name or version as a text."""
    column = part.tables.records.column(PIECE.join(path))
    if column is None:
        return ""
    at = np.array([row], np.uint32)
    if not column.has_texts:  # the name of a version is a number
        return text_at(ParsedDocuments(part.entry.resource, part.documents(at))[0].document, path)
    code = int(column.codes_of(at)[0])
    return column.texts[code] if code < column.readable else ""
