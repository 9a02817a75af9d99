"""The structures of a segment: the members and keys of the directory that each owns, and its check.

`check.py` walks these lists. A member or a key of a directory that no structure here owns is a fault, so whoever writes
a new structure has to list it with its check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from smsearch.store import identities, sources, tiebreak
from smsearch.store.address import ROOT, column_key, table_key
from smsearch.store.column_metadata import MEMBERS as COLUMN_MEMBERS
from smsearch.store.table_metadata import IDENTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smsearch.store.segment import Segment
    from smsearch.store.segment_reader import SegmentReader


class StoredStructure(NamedTuple):
    """A structure of a segment.

    Attributes:
        name: What it is called where something is wrong with it.
        members: The members of the entry of the records' table that it owns.
        check: What is wrong with it, a sentence each.
        is_of_held: Whether files of held snapshots have it too.
        keys: The keys of the directory that it owns.
    """

    name: str
    members: tuple[str, ...]
    check: Callable[[SegmentReader], Iterator[str]]
    is_of_held: bool = True
    keys: tuple[str, ...] = ()


def _check_identities(reader: SegmentReader) -> Iterator[str]:
    return identities.check(reader.segment, reader.entry.resource, reader.entry.rows, reader.metadata.identities)


def _check_counts(reader: SegmentReader) -> Iterator[str]:
    return reader.counts.check(are_records=reader.entry.file.startswith("segment"))


def _check_tiebreak(reader: SegmentReader) -> Iterator[str]:
    return tiebreak.check(reader.tables.records, reader.entry.resource)


def _check_extras(reader: SegmentReader) -> Iterator[str]:
    """Names and paths are read with the table of records, which has to have them."""
    if "extras" not in _members(reader.segment, table_key(ROOT)):
        yield "its entry does not list the fields that the service model does not know."


STRUCTURES: Final = (
    StoredStructure(
        "the documents", ("documents", "checksums", "dictionary"), lambda reader: reader.stored_documents.check()
    ),
    StoredStructure("what exports had in other types", ("exported",), lambda reader: reader.stored_exported.check()),
    StoredStructure("what tells snapshots apart", IDENTITIES, _check_identities),
    StoredStructure("where its records came from", (), lambda reader: reader.sources.check(), keys=(sources.KEY,)),
    StoredStructure("the counts of snapshots", (), _check_counts),
    StoredStructure("the order of ties", ("ties_order", "ties_rank"), _check_tiebreak, is_of_held=False),
    StoredStructure("the fields of no model", ("extras",), _check_extras, is_of_held=False),
)
"""The structures of records; those of tables and columns are checked with their table (`ChildTable`, `Column`)."""
_RECORDS: Final = frozenset(("rows", "resource", *(name for one in STRUCTURES for name in one.members)))
_KEYS: Final = frozenset(key for one in STRUCTURES for key in one.keys)
_LIST: Final = frozenset(("rows", "parents", "bounds"))
_COLUMN: Final = frozenset(COLUMN_MEMBERS)


def check_owners(segment: Segment) -> Iterator[str]:
    """Keys and members of a directory that no structure owns, a sentence each."""
    for key in segment.every_key():
        if key == table_key(ROOT):
            owned = _RECORDS
        elif key.startswith(table_key(ROOT)):
            owned = _LIST
        elif key.startswith(column_key(ROOT, "")[:1]):
            owned = _COLUMN
        elif key in _KEYS:
            continue
        else:
            yield f"{key!r} in its directory is neither a table nor a column, nor where records came from."
            continue
        for name in _members(segment, key):
            if name not in owned:
                yield f"{name!r} of {key!r} in its directory is of no structure."


def _members(segment: Segment, key: str) -> list[str]:
    entry = segment.metadata(key)
    return [] if entry is None else entry.names()
